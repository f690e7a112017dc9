// How long an answer may be kept, and by whom (RFC 9111, RFC 5861, RFC 8246, RFC 9213).
import { type Headers, headerValue, headerValues } from './headers.ts'

/** Directives by their names in lower case; the first of each counts (RFC 9111 §4.2.1). Without an argument: ''. */
export type Directives = ReadonlyMap<string, string>

const mostCharacters = 4096

/** Reads one or more values of the header, quoted arguments included. Never throws. */
export const readDirectives = (values: readonly string[]): Directives => {
  const text = values.join(',').slice(0, mostCharacters)
  const found = new Map<string, string>()
  for (const [, name, quoted, bare] of text.matchAll(/([\w-]+)(?:="([^"]*)"|=([^\s,;"]*))?/g))
    if (!found.has(name!.toLowerCase())) found.set(name!.toLowerCase(), quoted ?? bare ?? '')
  return found
}

/** Seconds of an argument; null where it is missing or no number: such an answer is stale (RFC 9111 §4.2.1). */
const secondsOf = (directives: Directives, name: string): number | null => {
  const value = directives.get(name)
  if (value === undefined) return null
  return /^\d{1,12}$/.test(value) ? Number(value) : 0
}

export type Caching = {
  /** The values as sent; empty where the header is missing. */
  written: string
  directives: Directives
  noStore: boolean
  noCache: boolean
  private: boolean
  public: boolean
  immutable: boolean
  mustRevalidate: boolean
  /** Seconds for which browsers do not ask again: max-age, else Expires; null where nothing is said. `no-cache` is 0. */
  browserSeconds: number | null
  /** Seconds for which caches in between do not ask again: CDN-Cache-Control, s-maxage, else as browsers; null where nothing is said. */
  sharedSeconds: number | null
  staleWhileRevalidate: number | null
}

const expiresIn = (answer: { headers: Headers }): number | null => {
  const expires = headerValue(answer, 'expires')
  if (expires === null) return null
  const at = Date.parse(expires)
  const from = Date.parse(headerValue(answer, 'date') ?? '')
  // A date that cannot be read lies in the past (RFC 9111 §5.3).
  if (Number.isNaN(at) || Number.isNaN(from)) return 0
  return Math.max(0, Math.round((at - from) / 1000))
}

/** Headers meant for caches in between alone, the nearest first (RFC 9213; the vendors' own names). */
const targeted = [
  'cloudflare-cdn-cache-control',
  'vercel-cdn-cache-control',
  'netlify-cdn-cache-control',
  'surrogate-control',
  'cdn-cache-control',
]

/** Seconds that a header for caches in between gives; null where none is sent. */
const targetedSeconds = (answer: { headers: Headers }): number | null => {
  for (const name of targeted) {
    const values = headerValues(answer, name)
    if (values.length === 0) continue
    const directives = readDirectives(values)
    if (directives.has('no-store') || directives.has('private') || directives.has('no-cache')) return 0
    return secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age') ?? 0
  }
  return null
}

/** What an answer says of its keeping. */
export const cachingOf = (answer: { headers: Headers }): Caching => {
  const values = headerValues(answer, 'cache-control')
  const directives = readDirectives(values)
  const noStore = directives.has('no-store')
  // no-cache="field" speaks of that field alone.
  const noCache = directives.get('no-cache') === ''
  const own = secondsOf(directives, 'max-age') ?? expiresIn(answer)
  const browserSeconds = noStore || noCache ? 0 : own
  const isPrivate = directives.get('private') === ''
  const shared = noStore || noCache || isPrivate ? 0 : (secondsOf(directives, 's-maxage') ?? own)
  return {
    written: values.join(', '),
    directives,
    noStore,
    noCache,
    private: isPrivate,
    public: directives.has('public'),
    immutable: directives.has('immutable'),
    mustRevalidate: directives.has('must-revalidate'),
    browserSeconds,
    sharedSeconds: targetedSeconds(answer) ?? shared,
    staleWhileRevalidate: secondsOf(directives, 'stale-while-revalidate'),
  }
}

/** The validators of an answer, as a browser sends them back. */
export const validatorsOf = (answer: { headers: Headers }): { etag: string | null; lastModified: string | null } => ({
  etag: headerValue(answer, 'etag'),
  lastModified: headerValue(answer, 'last-modified'),
})

export const hasValidator = (answer: { headers: Headers }): boolean => {
  const { etag, lastModified } = validatorsOf(answer)
  return (etag !== null && etag.trim() !== '') || (lastModified !== null && !Number.isNaN(Date.parse(lastModified)))
}

/** Names that the Vary header lists, in lower case. */
export const varyOf = (answer: { headers: Headers }): string[] =>
  headerValues(answer, 'vary')
    .join(',')
    .slice(0, mostCharacters)
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '')

/** 90 → `90 s`, 7200 → `2 h`, 2592000 → `30 days`. */
export const spanInWords = (seconds: number): string => {
  const units: [number, string, string][] = [
    [86_400, 'day', 'days'],
    [3600, 'h', 'h'],
    [60, 'min', 'min'],
  ]
  for (const [size, one, many] of units)
    if (seconds >= size) {
      const count = Math.round(seconds / size)
      return `${count} ${count === 1 ? one : many}`
    }
  return `${seconds} s`
}
