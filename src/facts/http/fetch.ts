// One GET per URL and run: pages are fetched once, whoever asks, and redirects are walked over what was fetched.
import { type Fact, type Missing, missing, observed } from '../../core/fact.ts'
import { clientRedirect } from '../../formats/html/client-redirect.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { headerValues } from '../../formats/http/headers.ts'
import { createCookies } from '../../net/cookies.ts'
import { isPrivateRefusal } from '../../net/dial.ts'
import { type HttpExchange, type HttpHop, type HttpRequest, headerOf } from '../../net/network.ts'
import { isAsked } from '../asked.ts'
import type { CollectContext } from '../definition.ts'

/** The headers that the config gives this route: sent to its origin alone, and for the config's own domain alone. */
export const routeHeaders = (context: CollectContext, url: string): Readonly<Record<string, string>> | undefined => {
  const { domain, routes } = context.config
  if (!isAsked(domain, context.target.domain)) return undefined
  return routes.find(route => new URL(route.url).href === url)?.headers
}

/** A plain GET without redirects, made once in the run for each URL (its fragment aside), with the headers of its route. */
export const getOnce = (
  context: CollectContext,
  url: string,
  headers = routeHeaders(context, new URL(url).href),
): Promise<Fact<HttpExchange>> => {
  const clean = new URL(url)
  clean.hash = ''
  return context.once(`http/fetch ${headers ? 'with headers ' : ''}${clean.href}`, () =>
    context.net.http({
      url: clean.href,
      method: 'GET',
      follow: 0,
      ...(headers ? { headers } : {}),
    } satisfies HttpRequest),
  )
}

/** Where an answer redirects to, as an absolute URL; null when it does not, `bad` when its Location cannot be used. */
export const redirectTarget = (hop: HttpHop): { url: string } | { bad: string } | null => {
  if (![301, 302, 303, 307, 308].includes(hop.status)) return null
  const location = headerOf(hop, 'location')
  if (location === null) return null
  if (location.length > 8192 || /[\u0000-\u001f]/.test(location))
    return { bad: 'the Location header is longer than 8 kB or holds control characters' }
  try {
    const url = new URL(location, hop.url)
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      return { bad: `the Location header leads to ${url.protocol}` }
    return { url: url.href }
  } catch {
    return { bad: 'the Location header is no URL' }
  }
}

/**
 * The same way with the cookies that a browser would bring along: a page that sets one and sends the visitor to itself looks like a
 * circle without it. Null where no cookie was set, or where it goes in a circle all the same.
 */
const withCookies = async (
  context: CollectContext,
  url: string,
  hops: readonly HttpHop[],
  follow: number,
): Promise<Fact<HttpExchange> | null> => {
  if (!hops.some(hop => headerOf(hop, 'set-cookie') !== null)) return null
  const answer = await context.net.http({ url, method: 'GET', follow, cookies: createCookies() })
  return answer.ok && answer.value.ended === 'answer' ? answer : null
}

/** A walk that got an answer first and none later. */
const endedWithout = (hops: HttpHop[], at: string, answer: Missing): HttpExchange => ({
  hops,
  ended: isPrivateRefusal(answer) ? 'private-address' : 'next-hop-failed',
  next: { url: at, why: answer.message, missing: { reason: answer.reason, message: answer.message } },
})

/**
 * Walks a URL and its redirects (at most `follow`, default 10) over memoised GETs. Missing only when the first request
 * gave no answer; a later one that failed ends the walk with `next-hop-failed` or, refused by ourselves, `private-address`.
 */
export const walk = async (context: CollectContext, url: string, follow = 10): Promise<Fact<HttpExchange>> => {
  const ended = (exchange: HttpExchange): Fact<HttpExchange> => observed(exchange, context.now())
  const hops: HttpHop[] = []
  const seen = new Set<string>()
  const headers = routeHeaders(context, new URL(url).href)
  const own = new URL(url).origin
  let at = url
  for (;;) {
    seen.add(at)
    const answer = await getOnce(context, at, new URL(at).origin === own ? headers : undefined)
    if (!answer.ok) return hops.length === 0 ? answer : ended(endedWithout(hops, at, answer))
    const hop = answer.value.hops[0]
    if (!hop) return missing('internal', `no answer was kept for ${at}`)
    hops.push(hop)
    const next = redirectTarget(hop)
    if (next === null) return ended({ hops, ended: 'answer' })
    if ('bad' in next)
      return ended({ hops, ended: 'bad-location', next: { url: headerOf(hop, 'location') ?? '', why: next.bad } })
    if (seen.has(next.url)) {
      const again = await withCookies(context, url, hops, follow)
      return again ?? ended({ hops, ended: 'loop', next: { url: next.url, why: 'it was visited before' } })
    }
    if (hops.length > follow) {
      const why = `more than ${follow} redirects`
      return ended({ hops, ended: 'too-many-redirects', next: { url: next.url, why } })
    }
    at = next.url
  }
}

/** Ways on that pages take by themselves, one after another. */
const mostWaysOn = 5

/** The same page with the cookies that it has just set: one that asks for itself anew until it sees them comes to rest then. */
const withOwnCookies = async (context: CollectContext, hop: HttpHop): Promise<HttpHop | null> => {
  const cookies = headerValues(hop, 'set-cookie').map(value => value.split(';')[0]!)
  if (cookies.length === 0) return null
  const answer = await context.net.http({ url: hop.url, follow: 0, headers: { cookie: cookies.join('; ') } })
  const again = answer.ok ? answer.value.hops[0] : undefined
  return again && clientRedirect(again)?.url !== hop.url ? again : null
}

/** Walks on as a browser does: past redirects, and where a page sends its visitor on by a refresh, or by a script that is all it has. */
export const walkAsBrowser = async (context: CollectContext, url: string): Promise<Fact<HttpExchange>> => {
  const first = await walk(context, url)
  if (!first.ok) return first
  let walked = first.value
  for (let ways = 0; walked.ended === 'answer'; ways++) {
    const last = walked.hops.at(-1)!
    const way = clientRedirect(last)
    // A test of visitors leads on as well: what keeps programs out is known by the page that leads there.
    if (way === null || turnedAway(last.url, last) !== null) break
    const next = {
      url: way.url,
      why: ways < mostWaysOn ? 'it was visited before' : `more than ${mostWaysOn} pages that lead on`,
    }
    if (walked.hops.some(hop => hop.url === way.url) || ways >= mostWaysOn) {
      // A script may have its reasons, which only a browser finds out: but where it is all there is of a page, and leads to it again.
      if (way.by === 'script' && !(way.isAll && way.url === last.url)) break
      const again = way.url === last.url ? await withOwnCookies(context, last) : null
      walked = again ? { ...walked, hops: [...walked.hops, again] } : { ...walked, ended: 'loop', next }
      break
    }
    const on = await walk(context, way.url)
    walked = on.ok
      ? {
          hops: [...walked.hops, ...on.value.hops],
          ended: on.value.ended,
          ...(on.value.next ? { next: on.value.next } : {}),
        }
      : endedWithout(walked.hops, way.url, on)
  }
  return observed(walked, context.now())
}
