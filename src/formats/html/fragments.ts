// Links to a part of a page (`#pricing`), and the parts that a page has: what a fragment leads to is an element's id or an anchor's name
// (HTML Standard §7.4.6.4).

import { Parser } from 'htmlparser2'
import { percentDecoded } from '../percent.ts'

export type FragmentLink = { url: string; fragment: string; text: string }

/** `targets`: ids and names of the page; `links`: links with a fragment that nothing but the browser follows. */
export type Fragments = { targets: Set<string>; links: FragmentLink[] }

const bounds = { elements: 100_000, targets: 20_000, links: 200, text: 80 }

/** A way inside an app, a state in words, text to look for (URL Fragment Text Directives): no element's id. */
const isRoute = (fragment: string): boolean =>
  fragment === '' || /^top$/i.test(fragment) || /^[!/?]|[/=&]|:~:/.test(fragment)

/** Attributes by which a script takes a link for a button: it opens or closes something where it stands. */
const handled = /^(?:on|data-|aria-(?:controls|expanded|haspopup)$|role$|@|x-|v-|hx-|wire:|jsaction$|:)/

const isFollowed = (attributes: Readonly<Record<string, string>>): boolean =>
  !Object.keys(attributes).some(name => handled.test(name)) &&
  !/(?:^|[\s_-])(?:js|toggle|open|close|modal|trigger|tab)(?:[\s_-]|$)/i.test(attributes['class'] ?? '')

/** Whether a page has the part that a fragment names, as written or decoded. */
export const leadsSomewhere = (fragment: string, targets: ReadonlySet<string>): boolean =>
  targets.has(fragment) || targets.has(percentDecoded(fragment))

/** What a page served at `url` has and links to. */
export const readFragments = (html: string, url: string): Fragments => {
  const targets = new Set<string>()
  const links: FragmentLink[] = []
  let base = url
  let open: FragmentLink | null = null
  let elements = 0
  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++elements > bounds.elements) return parser.pause()
        const { id, name: named, href } = attributes
        if (targets.size < bounds.targets)
          for (const each of [id, name === 'a' ? named : undefined]) if (each) targets.add(each)
        if (name === 'base' && href && base === url && URL.canParse(href, url)) base = new URL(href, url).href
        if (name !== 'a' || !href?.includes('#') || !URL.canParse(href, base) || !isFollowed(attributes)) return
        const to = new URL(href, base)
        const fragment = to.hash.slice(1)
        to.hash = ''
        if (isRoute(fragment) || links.length >= bounds.links) return
        open = { url: to.href, fragment, text: '' }
        links.push(open)
      },
      ontext(data) {
        if (open) open.text = (open.text + data).replace(/\s+/g, ' ').slice(0, bounds.text)
      },
      onclosetag(name) {
        if (name === 'a') open = null
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  return { targets, links }
}
