// Where a page's links lead: each is asked once a run, HEAD first; a link is broken only where a GET says so too, or its host does not exist.
import { observed } from '../../core/fact.ts'
import { developmentAddress } from '../../formats/bundle/development-endpoints.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { readHtml } from '../../formats/html/html.ts'
import { isCloudflareOwn, linkPurpose, sideEffect } from '../../formats/html/link-purpose.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

/** `untold` (not known): it answered in a way that says nothing (401, 403, 429, 5xx), or not at all. */
export type LinkState = { state: 'works' | 'broken' | 'untold'; status: number; message: string }
export type PageLink = LinkState & {
  url: string
  text: string
  /** On the same registrable domain as the page. */
  internal: boolean
  purpose: 'signup' | 'payment' | null
}

/** `links`: those that are broken or whose state is not known, sorted by URL. `asked`: how many were asked; `leftOut`: how many were not, for their number. */
export type Links = { asked: number; leftOut: number; links: PageLink[] }

/** Links asked for from one page, and at once: a person would open fewer, and a crawler more. */
const most = { internal: 60, external: 15, atOnce: 8, follow: 5, bytes: 64 * 1024 }

const gone = new Set([404, 410])

const ask = async (context: CollectContext, url: string): Promise<LinkState> => {
  const request = { url, follow: most.follow, maxBytes: most.bytes }
  let answer = await context.net.http({ ...request, method: 'HEAD' })
  let last = answer.ok ? answer.value.hops.at(-1) : undefined
  // Some servers answer HEAD with an error although the page is there.
  if (last && last.status >= 400) {
    answer = await context.net.http({ ...request, method: 'GET' })
    last = answer.ok ? answer.value.hops.at(-1) : undefined
  }
  if (!answer.ok) {
    const found = await context.net.dns.lookup(new URL(url).hostname, 'A')
    return found.ok && found.value.status === 'NXDOMAIN'
      ? { state: 'broken', status: 0, message: `${new URL(url).hostname} does not exist` }
      : { state: 'untold', status: 0, message: answer.message }
  }
  if (!last || answer.value.ended !== 'answer')
    return {
      state: 'untold',
      status: last?.status ?? 0,
      message: answer.value.next?.why ?? 'its redirects lead nowhere',
    }
  const { status } = last
  if (gone.has(status)) return { state: 'broken', status, message: `status ${status}` }
  return { state: status < 400 ? 'works' : 'untold', status, message: `status ${status}` }
}

/** What becomes of a link is asked once a run, however many pages have it. */
const askOnce = (context: CollectContext, url: string): Promise<LinkState> =>
  context.once(`links: ${url}`, () => ask(context, url))

type Candidate = Pick<PageLink, 'url' | 'text' | 'internal' | 'purpose'>

/** The page's links that may be asked for: each URL once, without those that do something or lead to the reader's own machine. */
const candidates = (page: HttpHop): Candidate[] => {
  const home = registrableDomain(new URL(page.url).hostname)
  const found = new Map<string, Candidate>()
  for (const link of readHtml(page.body, page.url).links) {
    const url = new URL(link.url)
    url.hash = ''
    if (isCloudflareOwn(url.href)) continue
    if (!/^https?:$/.test(url.protocol) || url.href === page.url || found.has(url.href)) continue
    // Documentation tells readers to open what runs on their own machine.
    const kind = developmentAddress(url.href)?.kind
    if (sideEffect(url.href, link.text) || kind === 'local' || kind === 'private' || !url.hostname.includes('.'))
      continue
    const text = link.text.slice(0, 80)
    const internal = home !== null && registrableDomain(url.hostname) === home
    found.set(url.href, { url: url.href, text, internal, purpose: linkPurpose(url.href, text) })
  }
  return [...found.values()]
}

/** Those asked for: links to sign up or pay first, then in the order of their URLs. */
const choose = (found: readonly Candidate[]): Candidate[] => {
  const ranked = found.toSorted(
    (a, b) => Number(a.purpose === null) - Number(b.purpose === null) || (a.url < b.url ? -1 : 1),
  )
  return [
    ...ranked.filter(link => link.internal).slice(0, most.internal),
    ...ranked.filter(link => !link.internal).slice(0, most.external),
  ]
}

const fact: FactDefinition<Links> = {
  on: 'route',
  deadlines: 12,
  async collect(subject, context) {
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const last = page.value.hops.at(-1)!
    if (last.status >= 400 || !isPage(last)) return observed({ asked: 0, leftOut: 0, links: [] }, context.now())
    const found = candidates(last)
    const chosen = choose(found)
    const links: PageLink[] = []
    for (let at = 0; at < chosen.length; at += most.atOnce)
      await Promise.all(
        chosen.slice(at, at + most.atOnce).map(async ({ purpose, ...item }) => {
          const state = await askOnce(context, item.url)
          if (state.state !== 'works') links.push({ ...item, ...state, purpose })
        }),
      )
    return observed(
      {
        asked: chosen.length,
        leftOut: found.length - chosen.length,
        links: links.sort((a, b) => (a.url < b.url ? -1 : 1)),
      },
      context.now(),
    )
  },
}
export default fact
