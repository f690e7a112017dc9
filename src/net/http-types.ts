// What the parts of the HTTP client hand to each other.
import type { SecureContext } from 'node:tls'
import type { Client } from 'undici'
import type { Fact } from '../core/fact.ts'
import { hostPort, normalHost } from './connect-to.ts'
import type { Dialler } from './dial.ts'
import type { Life } from './life.ts'
import type { Limiter } from './limits.ts'
import type { HttpHop, NetworkOptions } from './network.ts'
import type { SecondLook } from './second-look.ts'
import type { Silence } from './silence.ts'

export type HttpContext = {
  options: Pick<NetworkOptions, 'timeoutMs' | 'userAgent' | 'clock'> &
    Partial<Pick<NetworkOptions, 'connectTo' | 'proxies'>>
  life: Life
  slots: Limiter
  silence: Silence
  secondLook: SecondLook
  dial: Dialler
  secureContext(): SecureContext | undefined
}

/** One request as it goes out: no redirects, bytes for a body. */
export type RawRequest = {
  url: URL
  method: string
  headers: Record<string, string>
  body: string | Uint8Array | null
  address: string | undefined
  maxBytes: number
  /** The bound for an answer that is a redirect which we follow. */
  redirectBytes: number
  strict: boolean
  fresh: boolean
  background: boolean
  /** One attempt, and nothing is remembered of the host. */
  timed?: boolean
  /** Milliseconds for connecting, and then for TLS, request and answer. */
  timeoutMs: number
  /** Whether nobody is to look again. */
  isLast: boolean
}

export type RawAnswer = Omit<HttpHop, 'body' | 'decodedBytes'> & { bytes: Buffer }

/** One request and its answer, over a kept connection where there is one. */
export type RoundTrip = (request: RawRequest) => Promise<Fact<RawAnswer>>

export type Connection = {
  client: Client
  address: string
  tls: HttpHop['tls']
  /** Phases of the first request on this connection; null afterwards. */
  phases: { dns: number | null; tcp: number; tls: number | null } | null
  /** Takes back that the connection is closed after a while without work. */
  keepFromClosing?: () => void
  /** When it came to rest, by the clock of elapsed time. */
  restsSince?: number
}

/** A connection just made; `startedAt` is when TCP stood (monotonic milliseconds): the deadline of TLS and answer runs from there. */
export type Opened = Connection & { startedAt: number }

/** Under which names a request is limited, remembered and reported. */
export type Place = {
  /** `host:port`, as messages say it. */
  where: string
  /** Requests with the same key may use the same connections. */
  key: string
  silenceKey: string
}

/** The port of a URL, the scheme's where none is written. */
export const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)

export const placeOf = ({ url, address }: Pick<RawRequest, 'url' | 'address'>): Place => {
  const key = `${url.origin} ${address ?? ''}`
  return { where: hostPort(normalHost(url.hostname), portOf(url)), key, silenceKey: `http ${key}` }
}
