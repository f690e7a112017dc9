// A host of the world as it is served, and what its servers share.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Relays } from './front.ts'
import type { LabLog } from './log.ts'
import type { Load } from './web-load.ts'
import type { HostSpec } from './world.ts'

type HeaderChange = { path: string; exact: boolean; name: string; value: string | null }
type AddedRedirect = { scheme: 'http' | 'https'; path: string; to: string; status: number; tree: boolean }

/** Headers of an answer. */
export type Fields = Map<string, string | string[]>

/** An answer as the cache before a host keeps it. */
export type Kept = { status: number; fields: Fields; etag: string | null; payload: Buffer }

/** A host as it is now; `spec` may be changed while it is served. */
export type HostState = {
  name: string
  spec: HostSpec
  addresses: string[]
  headerChanges: HeaderChange[]
  /** Attributes that are added to cookies on their way out. */
  cookieChanges: { cookie: string; attribute: string; value: string | null }[]
  redirects: AddedRedirect[]
  requests: Map<string, number>
  /** What the cache before it keeps, by path and query. */
  kept: Map<string, Kept>
  /** What answers wait for: pools of connections, and servers that sleep. */
  load: Load
  /** Loopback port of the TLS server behind the front; `renew` takes up a changed certificate or TLS settings. */
  tls?: { port: number; renew(): void; close(): Promise<void> }
}

export type WebContext = {
  hosts: HostState[]
  directory: string
  relays: Relays
  rtt: number
  log: LabLog
  now: Date
  authority: string
}

export type Request = IncomingMessage | Http2ServerRequest
export type Response = ServerResponse | Http2ServerResponse
