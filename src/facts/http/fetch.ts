// One GET per URL and run: pages are fetched once, whoever asks, and redirects are walked over what was fetched.
import { type Fact, missing, observed } from '../../core/fact.ts'
import { createCookies } from '../../net/cookies.ts'
import { type HttpExchange, type HttpHop, type HttpRequest, headerOf } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'

const stores = new WeakMap<object, Map<string, Promise<Fact<HttpExchange>>>>()

/** A plain GET without redirects, memoised for the run by its URL. */
export const getOnce = (context: CollectContext, url: string): Promise<Fact<HttpExchange>> => {
  let store = stores.get(context.net)
  if (!store) {
    store = new Map()
    stores.set(context.net, store)
  }
  const clean = new URL(url)
  clean.hash = ''
  const key = clean.href
  let answer = store.get(key)
  if (!answer) {
    answer = context.net.http({ url: key, method: 'GET', follow: 0 } satisfies HttpRequest)
    store.set(key, answer)
  }
  return answer
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

/**
 * Walks a URL and its redirects (at most `follow`, default 10) over memoised GETs. Missing only when the first request
 * gave no answer; a later one that failed ends the walk with `next-hop-failed`.
 */
export const walk = async (context: CollectContext, url: string, follow = 10): Promise<Fact<HttpExchange>> => {
  const hops: HttpHop[] = []
  const seen = new Set<string>()
  let at = url
  for (;;) {
    seen.add(at)
    const answer = await getOnce(context, at)
    if (!answer.ok) {
      if (hops.length === 0) return answer
      const ended =
        answer.reason === 'unsupported' && /private|documentation|loopback/i.test(answer.message)
          ? 'private-address'
          : 'next-hop-failed'
      return observed(
        {
          hops,
          ended,
          next: { url: at, why: answer.message, missing: { reason: answer.reason, message: answer.message } },
        },
        context.now(),
      )
    }
    const hop = answer.value.hops[0]
    if (!hop) return missing('internal', `no answer was kept for ${at}`)
    hops.push(hop)
    const next = redirectTarget(hop)
    if (next === null) return observed({ hops, ended: 'answer' }, context.now())
    if ('bad' in next)
      return observed(
        { hops, ended: 'bad-location', next: { url: headerOf(hop, 'location') ?? '', why: next.bad } },
        context.now(),
      )
    if (seen.has(next.url)) {
      const again = await withCookies(context, url, hops, follow)
      if (again) return again
      return observed({ hops, ended: 'loop', next: { url: next.url, why: 'it was visited before' } }, context.now())
    }
    if (hops.length > follow)
      return observed(
        { hops, ended: 'too-many-redirects', next: { url: next.url, why: `more than ${follow} redirects` } },
        context.now(),
      )
    at = next.url
  }
}
