// Links of a page to a part of itself, or of another page of the site, that is not there. Where a script may put it there, nothing is said.
import { observed } from '../../core/fact.ts'
import { isVendorScript } from '../../data/script-vendors.ts'
import { chunkUrls } from '../../formats/bundle/bundle.ts'
import { readDocument } from '../../formats/html/document.ts'
import { type FragmentLink, leadsSomewhere, readFragments } from '../../formats/html/fragments.ts'
import { isCloudflareOwn, sideEffect } from '../../formats/html/link-purpose.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { getOnce } from './fetch.ts'
import { requestFile, textOf } from './page-assets.ts'

/** Links whose part is missing, each once, in the order of the page. */
export type DeadFragments = FragmentLink[]

/** Other pages looked at from one page, and scripts read of a page that lacks a part. */
const most = { pages: 5, scripts: 6 }

/** The page's own scripts as text; null where there are too many, one gives no answer, or one loads more. */
const scriptsOf = async (context: CollectContext, page: HttpHop): Promise<string | null> => {
  const scripts = readDocument(page.body, page.url).assets.filter(({ kind }) => kind !== 'style')
  const written = scripts.filter(({ url }) => url === null).map(({ text }) => text)
  const named = scripts.flatMap(({ url }) => (url !== null && !isVendorScript(url) ? [url] : []))
  if (named.length > most.scripts) return null
  for (const url of named) {
    const answer = await context.once(`dead-fragments: ${url}`, () => requestFile(context, url, {}))
    const last = answer.ok && answer.value.ended === 'answer' ? answer.value.hops.at(-1) : undefined
    if (last?.status !== 200) return null
    const text = textOf(last)
    if (chunkUrls(text, url).length > 0) return null
    written.push(text)
  }
  return written.join('\n')
}

/** Those of the links to one page that lead nowhere there; `targets` are what the page has. */
const missingOn = async (
  context: CollectContext,
  page: HttpHop,
  targets: ReadonlySet<string>,
  links: readonly FragmentLink[],
): Promise<FragmentLink[]> => {
  const missing = links.filter(({ fragment }) => !leadsSomewhere(fragment, targets))
  if (missing.length === 0 || page.truncated) return []
  const scripts = await scriptsOf(context, page)
  return scripts === null ? [] : missing.filter(({ fragment }) => !scripts.includes(fragment))
}

const fact: FactDefinition<DeadFragments> = {
  on: 'route',
  deadlines: 8,
  async collect(subject, context) {
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const last = page.value.hops.at(-1)!
    if (last.status >= 400 || !isPage(last)) return observed([], context.now())
    const { targets, links } = readFragments(last.body, last.url)
    const byPage = Map.groupBy(links, ({ url }) => url)
    const own = byPage.get(new URL(last.url).href) ?? []
    byPage.delete(new URL(last.url).href)
    const found = await missingOn(context, last, targets, own)
    const origin = new URL(last.url).origin
    const others = [...byPage]
      .filter(
        ([url, [first]]) => new URL(url).origin === origin && !isCloudflareOwn(url) && !sideEffect(url, first!.text),
      )
      .slice(0, most.pages)
    for (const [url, toOther] of others) {
      const answer = await getOnce(context, url)
      const other = answer.ok ? answer.value.hops.at(-1) : undefined
      // Where it redirects, the fragment goes along: to a page that was not looked at.
      if (other?.status !== 200 || !isPage(other)) continue
      found.push(...(await missingOn(context, other, readFragments(other.body, other.url).targets, toOther)))
    }
    const unique = new Map(found.map(link => [`${link.url}#${link.fragment}`, link]))
    return observed([...unique.values()], context.now())
  },
}
export default fact
