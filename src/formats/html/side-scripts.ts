// Scripts at the side of a page: a widget, a chat, a counter. A page whose words and ways on stand in its HTML is read, bought from and left
// by its links without them; what its menus and forms live by is none of them.
import type { PageAsset, PageDocument } from './page-document.ts'
import type { BrokenAsset } from './page-life.ts'

/** Words of its own, and other pages that it leads to, from which on a page stands by its HTML. */
const least = { own: 200, pages: 2 }

/** What a script at the side is for, by a part of its path. */
const sideName =
  /(?:^|[/._-])(?:widgets?|live-?chat|chat-?(?:bot|box|bubble|button|widget|loader)?|reviews?|testimonials?|ratings?|trustbadges?|badges?|tracker|tracking|track|stats|statistics|counter|metrics|telemetry|beacon|pixel|ads?|adverts?|affiliates?|share|sharing|share-?buttons?|social|feedback|survey|nps|snow|confetti)(?:$|[/._-])/i

/** Where bundlers put the parts of an app, and the names that they give: with a hash in them. */
const built =
  /\/(?:_next|_nuxt|_astro|_app\/immutable|_build|static\/js)\/|[.-][A-Za-z0-9_-]{0,40}\d[A-Za-z0-9_-]{0,40}\.js$/

const isLate = ({ kind, attributes }: PageAsset): boolean =>
  kind === 'script' && (attributes['async'] !== undefined || attributes['defer'] !== undefined)

const isNamed = (url: string): boolean => {
  const { pathname } = new URL(url)
  return sideName.test(pathname.slice(0, 300)) && !built.test(pathname.slice(0, 300))
}

/** Those of its broken files that a page does not need, by URL. */
export const sideScripts = (page: PageDocument, broken: readonly BrokenAsset[]): ReadonlySet<string> => {
  if (page.own.length < least.own || page.pages < least.pages) return new Set()
  const lost = new Map(broken.map(asset => [asset.url, asset]))
  const scripts = page.assets.filter(({ kind }) => kind !== 'style')
  const own = new URL(page.url).hostname
  // One that works: of its own, and not a line that waits for another's.
  const works = scripts.some(({ url }) => url !== null && new URL(url).hostname === own && !lost.has(url.slice(0, 300)))
  const isSide = (asset: PageAsset): boolean => {
    const found = asset.url === null ? undefined : lost.get(asset.url.slice(0, 300))
    if (found?.kind !== 'script' || !isLate(asset)) return false
    if (isNamed(asset.url!)) return true
    // What comes whenever it likes is nothing that another could build upon.
    const { async: late, onload } = asset.attributes
    return works && !found.isEntry && late !== undefined && onload === undefined
  }
  return new Set(scripts.filter(isSide).map(({ url }) => url!.slice(0, 300)))
}
