// The rules of redirects: where one leads, and what may go along (RFC 9110 §15.4).
import { parse } from 'tldts'
import { limits } from '../data/limits.ts'
import type { RawRequest } from './http-types.ts'
import { type HttpHop, headersOf } from './network.ts'

/** What is asked for next: header names in lower case. */
export type Step = { url: URL; method: string; headers: Record<string, string>; body: RawRequest['body'] }

/** Headers that may go to another origin; the caller's others may hold a secret of the first. */
const portableHeaders = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent', 'cache-control', 'dnt'])

/** Where a redirect leads, or why nowhere; `shown` is the Location as far as it may be shown. */
export const redirectTarget = (
  hop: Pick<HttpHop, 'headers' | 'url'>,
): { url: URL } | { shown: string; why: string } => {
  const locations = [...new Set(headersOf(hop, 'location'))]
  const location = locations[0]!
  const shown = location.slice(0, 200)
  if (locations.length > 1) return { shown, why: `${locations.length} different Location headers` }
  if (location.length > limits.locationLength) return { shown, why: `a Location of ${location.length} characters` }
  if (/[\u0000-\u001f\u007f]/.test(location)) return { shown, why: 'control characters in Location' }
  if (!URL.canParse(location, hop.url)) return { shown, why: 'Location is not a URL' }
  const url = new URL(location, hop.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { shown, why: `Location leads to ${url.protocol}` }
  url.username = ''
  url.password = ''
  return { url }
}

const keptHeaders = (headers: Record<string, string>, keeps: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => keeps(name)))

/**
 * The step after a redirect with this status. POST becomes GET, as in every browser (RFC 9110 §15.4.2, §15.4.4). To another
 * origin (another scheme or port is one too) only harmless headers go along.
 */
export const stepAfter = (step: Step, status: number, url: URL): Step => {
  const becomesGet =
    (status === 303 && step.method !== 'HEAD') || ((status === 301 || status === 302) && step.method === 'POST')
  const headers = becomesGet ? keptHeaders(step.headers, name => !name.startsWith('content-')) : step.headers
  return {
    url,
    method: becomesGet ? 'GET' : step.method,
    body: becomesGet ? null : step.body,
    headers: url.origin === step.url.origin ? headers : keptHeaders(headers, name => portableHeaders.has(name)),
  }
}

const siteOf = ({ hostname }: URL): string => parse(hostname, { allowPrivateDomains: true }).domain ?? hostname

/**
 * Why a redirect of what was posted is not followed: it would be sent again to another site (307 and 308), or the session goes on over
 * http. Null where nothing that is meant for one place alone would leave it.
 */
export const keptBack = (first: Step, step: Step, status: number, next: Step): string | null => {
  if (first.body !== null && step.url.protocol === 'https:' && next.url.protocol === 'http:')
    return `it answers ${status} and leads from https to http at ${next.url.host}, where everybody on the way reads along; not followed`
  if (next.body !== null && siteOf(next.url) !== siteOf(first.url))
    return `it answers ${status}, which sends what was posted again, to ${next.url.host}; not followed`
  return null
}
