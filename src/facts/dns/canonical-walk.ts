// The spellings of the site, each walked hop by hop: http and https, apex and www, the front page and a deep path with a query.
import { type Fact, observed } from '../../core/fact.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'
import { type HttpExchange, type HttpHop, headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { walk } from '../http/fetch.ts'
import { hostSubject } from '../subjects.ts'
import type { Addresses } from './addresses.ts'

/** Path and query asked for to see whether redirects keep them. */
export const deepPath = '/launch-ready/deep/path?launch=ready&page=2'

/** One hop: where, what it answered, and whether its certificate holds (null over http). */
export type CanonicalHop = { url: string; status: number; location: string | null; secure: boolean | null }

export type Spelling = {
  start: string
  scheme: 'http' | 'https'
  which: 'apex' | 'www'
  deep: boolean
  /** `failed`: not even the first request was answered; `reason` and `message` say why. */
  ended: HttpExchange['ended'] | 'failed'
  hops: CanonicalHop[]
  /** Where the last page sends its reader by `<meta http-equiv=refresh>` within five seconds; null when it does not. */
  refresh: string | null
  /** The hop that would have come next, or was not answered. */
  next: { url: string; why: string; reason: string | null } | null
}

export type CanonicalWalk = {
  apex: string
  www: string
  /** Whether the name has an address; null when that is not known. */
  exists: { apex: boolean | null; www: boolean | null }
  /** Addresses of the apex, for a record that leads www to the same place. */
  apexAddresses: string[]
  /** Ordered: https before http, apex before www, front page before deep path. Names without an address are left out. */
  spellings: Spelling[]
  /** Canonical URLs that pages name for themselves: page → canonical. */
  tags: { page: string; canonical: string }[]
}

const existsBy = (addresses: Fact<Addresses>): boolean | null =>
  addresses.ok ? addresses.value.status === 'NOERROR' : null

/** The longest wait that still is a redirect and not a page with a note. */
const shortWait = 5

const refreshOf = (hop: HttpHop | undefined): string | null => {
  if (hop?.status !== 200 || !isHtml(headerOf(hop, 'content-type'))) return null
  const content = readHtml(hop.body, hop.url).metas.find(meta => meta.httpEquiv && meta.name === 'refresh')?.content
  const match = /^(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)["']?$/i.exec((content ?? '').trim())
  if (!match || Number(match[1]) > shortWait || !URL.canParse(match[2]!, hop.url)) return null
  return new URL(match[2]!, hop.url).href
}

const spellingOf = (start: string, which: 'apex' | 'www', deep: boolean, walked: Fact<HttpExchange>): Spelling => {
  const scheme = start.startsWith('https:') ? 'https' : 'http'
  if (!walked.ok)
    return {
      start,
      scheme,
      which,
      deep,
      ended: 'failed',
      hops: [],
      refresh: null,
      next: { url: start, why: walked.message, reason: walked.reason },
    }
  const { hops, ended, next } = walked.value
  return {
    start,
    scheme,
    which,
    deep,
    ended,
    hops: hops.map(hop => ({
      url: hop.url,
      status: hop.status,
      location: headerOf(hop, 'location'),
      secure: hop.tls === null ? null : hop.tls.authorized,
    })),
    refresh: refreshOf(hops.at(-1)),
    next: next ? { url: next.url, why: next.why, reason: next.missing?.reason ?? null } : null,
  }
}

const fact: FactDefinition<CanonicalWalk> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    const apex = subject.name
    const www = `www.${apex}`
    const [apexAddresses, wwwAddresses] = await Promise.all([
      context.need('addresses', hostSubject(apex, apex)),
      context.need('addresses', hostSubject(www, apex)),
    ])
    if (!apexAddresses.ok && !wwwAddresses.ok) return apexAddresses
    const exists = { apex: existsBy(apexAddresses), www: existsBy(wwwAddresses) }
    const names = (['apex', 'www'] as const).filter(which => exists[which] === true)
    const tags = new Map<string, string>()
    const spellings = await Promise.all(
      (['https', 'http'] as const).flatMap(scheme =>
        names.flatMap(which =>
          [false, true].map(async deep => {
            const start = `${scheme}://${which === 'apex' ? apex : www}${deep ? deepPath : '/'}`
            const walked = await walk(context, start)
            const last = walked.ok ? walked.value.hops.at(-1) : undefined
            if (last && !deep && last.status === 200 && isHtml(headerOf(last, 'content-type'))) {
              const link = /<([^<>]+)>\s*;[^,<]*rel="?canonical"?/i.exec(headerOf(last, 'link') ?? '')?.[1]
              const canonical =
                (link && URL.canParse(link, last.url) ? new URL(link, last.url).href : '') ||
                readHtml(last.body, last.url).canonical
              if (canonical) tags.set(last.url, canonical)
            }
            return spellingOf(start, which, deep, walked)
          }),
        ),
      ),
    )
    return observed(
      {
        apex,
        www,
        exists,
        apexAddresses: apexAddresses.ok ? apexAddresses.value.addresses.map(item => item.address) : [],
        spellings,
        tags: [...tags].map(([page, canonical]) => ({ page, canonical })).sort((a, b) => (a.page < b.page ? -1 : 1)),
      },
      context.now(),
    )
  },
}
export default fact
