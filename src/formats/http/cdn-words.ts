// What a delivery network says of an answer: whether it came from its cache. Each in its own words (read 2026-11-20).
// https://developers.cloudflare.com/cache/concepts/cache-responses/ https://vercel.com/docs/headers/response-headers#x-vercel-cache
// https://docs.netlify.com/build/caching/caching-overview/ https://www.rfc-editor.org/rfc/rfc9211
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/request-and-response-behavior.html
// https://www.fastly.com/documentation/reference/http/http-headers/X-Cache/ https://docs.bunny.net/docs/cdn-headers https://fly.io/docs/reference/configuration/
import { type Headers, headerValue, headerValues } from './headers.ts'

/** `hit`: from the cache; `miss`: from the origin, and it may be kept; `bypass`: the cache was told to keep out; null: it says nothing. */
export type CdnState = 'hit' | 'miss' | 'bypass' | null

export type CdnWord = {
  /** Name of the network; null where only a cache without a name speaks. */
  cdn: string | null
  state: CdnState
  /** The header and its value; '' where there is none. */
  word: string
}

const hits = /^(?:hit|stale|updating|revalidated|prerender|refreshhit|tcp_(?:mem_)?hit|tcp_refresh_hit|remote_hit)/i
const misses = /^(?:miss|expired|revalidate$|dynamic|none|unknown|tcp_(?:refresh_)?miss|error|config_nocache|lambda)/i
const bypasses = /^(?:bypass|pass|ignored|tcp_client_refresh)/i

const stateOf = (word: string): CdnState => {
  const text = word.trim()
  if (hits.test(text)) return 'hit'
  if (bypasses.test(text)) return 'bypass'
  return misses.test(text) ? 'miss' : null
}

/** Cache-Status (RFC 9211): a list of caches, the one nearest to the origin first; any hit is one. */
const cacheStatus = (values: readonly string[]): { state: CdnState; netlify: boolean } | null => {
  const text = values.join(', ').slice(0, 2000)
  if (text === '') return null
  const entries = text.split(',')
  const isHit = entries.some(entry => /;\s?hit(?:$|[;=\s])/i.test(entry))
  const isBypass = entries.some(entry => /;\s?fwd=bypass/i.test(entry))
  return { state: isHit ? 'hit' : isBypass ? 'bypass' : 'miss', netlify: /netlify/i.test(text) }
}

/** Which network answered, by the headers that it adds. */
const networkOf = (answer: { headers: Headers }): string | null => {
  const value = (name: string): string => headerValue(answer, name) ?? ''
  const has = (name: string): boolean => headerValue(answer, name) !== null
  const server = value('server')
  const via = headerValues(answer, 'via').join(', ')
  if (has('x-vercel-id') || has('x-vercel-cache') || /^vercel/i.test(server)) return 'Vercel'
  if (has('x-nf-request-id') || /^netlify/i.test(server)) return 'Netlify'
  if (has('x-amz-cf-id') || has('x-amz-cf-pop') || /cloudfront/i.test(`${via} ${value('x-cache')}`)) return 'CloudFront'
  if (has('cdn-cache') || has('cdn-requestid') || /^bunnycdn/i.test(server)) return 'Bunny'
  if (has('fly-cache-status')) return 'Fly'
  if (/(?:^|,\s?)cache-/i.test(value('x-served-by')) || has('x-fastly-request-id')) return 'Fastly'
  if (has('cf-ray') || has('cf-cache-status') || /^cloudflare/i.test(server)) return 'Cloudflare'
  if (has('x-azure-ref')) return 'Azure Front Door'
  if (/\bgoogle\b/i.test(via) && has('age')) return 'Google Cloud CDN'
  if (has('x-akamai-request-id') || /akamai/i.test(server)) return 'Akamai'
  return null
}

const ownHeaders = [
  'x-vercel-cache',
  'cf-cache-status',
  'cdn-cache',
  'fly-cache-status',
  'x-cache-status',
  'x-proxy-cache',
  'x-cache',
]

/** Of several words of one header (`MISS, HIT`: shield, then edge) a hit anywhere counts. */
const ofList = (value: string): CdnState => {
  const states = value.split(',').map(stateOf)
  return states.find(state => state === 'hit') ?? states.find(state => state !== null) ?? null
}

/** What stands between the origin and the visitor says of this answer. */
export const cdnWord = (answer: { headers: Headers }): CdnWord => {
  const network = networkOf(answer)
  const listed = cacheStatus(headerValues(answer, 'cache-status'))
  const cdn = network ?? (listed?.netlify ? 'Netlify' : null)
  if (listed)
    return { cdn, state: listed.state, word: `cache-status: ${headerValues(answer, 'cache-status').join(', ')}` }
  for (const name of ownHeaders) {
    const value = headerValue(answer, name)
    if (value === null) continue
    const state = ofList(value.slice(0, 500))
    if (state !== null) return { cdn, state, word: `${name}: ${value}` }
  }
  const age = headerValue(answer, 'age')
  if (age !== null && /^\d{1,10}$/.test(age.trim()) && Number(age) > 0)
    return { cdn, state: 'hit', word: `age: ${age}` }
  return { cdn, state: null, word: '' }
}

/** Cookies that the delivery network itself sets: they say nothing of the product. */
const networkCookies =
  /^(?:__cf_bm|__cflb|__cfruid|_cfuvid|cf_clearance|__cfwaitingroom|awsalb\w*|awsalbcors|awselb|incap_ses|visid_incap|nlbi|ak_bmsc|bm_sv|bm_sz|_abck|fly-|_vercel_|arraffinity\w*|gaesa|bigip\w*|ts01)/i

/** Names and values of the cookies that an answer sets, those of the network left out. */
export const ownCookies = (answer: { headers: Headers }): { name: string; value: string; written: string }[] =>
  headerValues(answer, 'set-cookie').flatMap(written => {
    const pair = written.split(';')[0]!
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(0, at)).trim()
    return name === '' || networkCookies.test(name) ? [] : [{ name, value: pair.slice(at + 1).trim(), written }]
  })
