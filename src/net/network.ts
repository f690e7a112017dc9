// The ways out, as collectors see them. Implementations: resolver.ts, dial.ts, http.ts, smtp.ts; made by create-network.ts.

import type { Duplex } from 'node:stream'
import type { Clock } from '../core/clock.ts'
import type { Fact } from '../core/fact.ts'
import type { DnsRecord } from '../formats/dns/wire.ts'
import type { Cookies } from './cookies.ts'
import type { Proxies } from './proxy.ts'
import type { SecondLook } from './second-look.ts'

/** `--connect-to host:port:address:port`, as in curl: empty fields match anything or keep what stood there; `host` may be a name or an address. */
export type ConnectRule = { host: string; port: number | null; toHost: string; toPort: number | null }

/** Where a resolver is: `udp` also stands for TCP on truncation. `url` is for DNS over HTTPS. */
export type ResolverEndpoint =
  | { protocol: 'udp'; host: string; port: number }
  | { protocol: 'tls'; host: string; port: number; servername: string }
  | { protocol: 'https'; url: string }

export type NetworkOptions = {
  /** Empty: the system's. */
  resolvers: ResolverEndpoint[]
  connectTo: ConnectRule[]
  /** Extra trusted roots, PEM. */
  ca: string[]
  /** Deadline of one operation (a query with its retries, a connection, an HTTP exchange). */
  timeoutMs: number
  /** Operations under way at once across the run. */
  concurrency: number
  userAgent: string
  signal: AbortSignal
  /** Every deadline, duration and instant is read from it. */
  clock: Clock
  /**
   * Host names and addresses that the user's own command line or config names literally (`127.0.0.1`, `localhost`): they may
   * be private. Everything else that is or resolves to a private address is only reached through --connect-to.
   */
  ownHosts?: readonly string[]
  /** Proxies of this network, through which HTTP goes; absent or null: everything is reached directly. */
  proxies?: Proxies | null
  /** What times out is not tried again here: whoever asks looks again by himself. */
  oneLook?: boolean
}

/** DNS response code by its mnemonic (RFC 1035, RFC 6895); `NODATA` is made of NOERROR with no record of the type at the end of the CNAME chain. */
export type LookupStatus = 'NOERROR' | 'NODATA' | 'NXDOMAIN'

export type { DnsRecord } from '../formats/dns/wire.ts'

/** One answer as it came. */
export type DnsReply = {
  /** The mnemonic: NOERROR, NXDOMAIN, SERVFAIL, REFUSED, FORMERR, NOTIMP … */
  rcode: string
  authoritative: boolean
  recursionAvailable: boolean
  authenticData: boolean
  truncated: boolean
  answers: DnsRecord[]
  authorities: DnsRecord[]
  additionals: DnsRecord[]
  /** `address:port` or URL that answered. */
  server: string
  transport: 'udp' | 'tcp' | 'tls' | 'https'
  elapsedMs: number
}

/** What a resolver says of one name and type, CNAMEs followed. `cnames` is the chain of targets, in order. */
export type DnsLookup = {
  status: LookupStatus
  /** Records of the type asked for, at the end of the chain. */
  records: DnsRecord[]
  cnames: string[]
  /** Records of the chain itself. */
  chain: DnsRecord[]
  authenticData: boolean
}

export type QueryOptions = {
  /** Ask this server instead of the resolver: an IP address, port 53 unless given; goes through --connect-to. Recursion is not desired then. */
  server?: { address: string; port?: number }
  transport?: 'udp' | 'tcp'
  /** Set DO and CD in the query, to receive DNSSEC records (RFC 4035). */
  dnssec?: boolean
  recursionDesired?: boolean
  timeoutMs?: number
}

export type Resolver = {
  /** One question, one answer as it came. Missing: timeout, refused (connection), malformed, servfail is *not* mapped here: see rcode. */
  query(name: string, type: string, options?: QueryOptions): Promise<Fact<DnsReply>>
  /** The resolver's view of a name, cached for the run. SERVFAIL and REFUSED are Missing; NXDOMAIN and NODATA are observed. */
  lookup(name: string, type: string): Promise<Fact<DnsLookup>>
  /** Zone transfer from a server (AXFR over TCP): the records, or why not. Bounded. */
  transfer(zone: string, server: { address: string; port?: number }): Promise<Fact<DnsRecord[]>>
}

/** Milliseconds of each phase of an exchange; null where the phase did not happen (connection reused, no TLS). */
export type Timing = {
  dns: number | null
  tcp: number | null
  tls: number | null
  firstByte: number | null
  download: number | null
  total: number
}

/**
 * An open connection. `address` and `port` are the world's: what the host resolved to and the port asked for, even where a
 * --connect-to rule led the bytes elsewhere (`mapped`); without a resolution, the address connected to.
 */
export type Dialled = { socket: Duplex; address: string; port: number; mapped: boolean; elapsedMs: number }

export type DialRequest = {
  host: string
  port: number
  /** Pin one address of the host; otherwise the host is resolved and tried by happy eyeballs (RFC 8305). */
  address?: string
  timeoutMs?: number
}

export type HttpRequest = {
  url: string
  method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | 'PUT' | 'DELETE' | 'PATCH'
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Redirects to follow, each kept as a hop; 0 unless given. */
  follow?: number
  /** Connect to this address instead of resolving the host. */
  address?: string
  /** Bytes of body kept after decompression; the rest is cut and `truncated` set. Default in limits.ts. */
  maxBytes?: number
  /** `any` carries on where the certificate does not verify (certificates are another check's business). Default `any`; the hop says whether it was authorised. */
  verify?: 'any' | 'strict'
  timeoutMs?: number
  /** Cookies to keep along the redirects: a jar that is the caller's, so that several requests may share it. */
  cookies?: Cookies
  /**
   * One of many small probes of a host: they share one connection, several under way on it (RFC 9112 §9.3.2), so that they
   * neither wait for each other nor hold up what a customer would load. GET and HEAD alone.
   */
  background?: boolean
  /** Do not reuse a connection (to time the phases). */
  fresh?: boolean
  /**
   * One attempt, at once: no second look, no queue of ours, and what it meets is not remembered of its host. For measuring, where what is
   * slow or fails is the result; the caller bounds how many are under way.
   */
  timed?: boolean
  /** Send `accept-encoding` and decode; default true. */
  decode?: boolean
  /** The body byte for byte (latin1), whatever charset its header names: for mails, whose signatures cover bytes. */
  bytes?: boolean
}

/** One request and its answer. Header names in lower case, in the order received, repeated where repeated. */
export type HttpHop = {
  url: string
  method: string
  status: number
  httpVersion: string
  headers: [string, string][]
  /** Text of the body (charset from the header, else UTF-8), empty for a redirect's. Binary bodies: latin1. */
  body: string
  /** Bytes received on the wire, and after decoding (up to the bound). */
  encodedBytes: number
  decodedBytes: number
  truncated: boolean
  address: string
  /** `covers`: the certificate names the host, whoever issued it. */
  tls: { version: string; authorized: boolean; error: string | null; alpn: string | null; covers?: boolean } | null
  timing: Timing
}

/** `hops` are in order; the last one is where it ended. */
export type HttpExchange = {
  hops: HttpHop[]
  ended:
    | 'answer'
    | 'loop'
    | 'too-many-redirects'
    | 'private-address'
    | 'bad-location'
    | 'next-hop-failed'
    // The redirect would take what was sent to another site, or out of TLS: not followed.
    | 'kept-back'
  /** For every end but `answer`: what the next hop would have been, and why it was not taken. */
  next?: { url: string; why: string; missing?: { reason: string; message: string } }
}

export type SmtpProbe = {
  banner: string
  /** EHLO keywords in upper case, with their parameters. */
  extensions: string[]
  starttls: 'not-offered' | 'refused' | 'failed' | 'ok'
  /** Present when STARTTLS went through: the certificate chain as sent (DER in base64, leaf first), version, and the error of a verifying client. */
  tls: { version: string; cipher: string; chain: string[]; authorized: boolean; error: string | null } | null
  address: string
}

export type Network = {
  options: NetworkOptions
  dns: Resolver
  dial(request: DialRequest): Promise<Fact<Dialled>>
  http(request: HttpRequest): Promise<Fact<HttpExchange>>
  /** For conversations over `dial`: what times out is tried again with more time. */
  secondLook: SecondLook
  /** Greets, asks EHLO, tries STARTTLS, quits; sends no mail. */
  smtp(request: { host: string; port?: number; address?: string; ehlo?: string }): Promise<Fact<SmtpProbe>>
  /** Whether --connect-to leads this endpoint elsewhere; documentation and private addresses then count as reachable. */
  isMapped(host: string, address: string | null, port: number): boolean
  close(): Promise<void>
}

/** First value of a header, null when absent. */
export const headerOf = (hop: { headers: [string, string][] }, name: string): string | null =>
  hop.headers.find(([key]) => key === name.toLowerCase())?.[1] ?? null

/** All values of a header, in order. */
export const headersOf = (hop: { headers: [string, string][] }, name: string): string[] =>
  hop.headers.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value)
