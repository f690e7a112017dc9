// What the parts of the resolver hand to each other.
import type { SecureContext } from 'node:tls'
import type { Fact } from '../core/fact.ts'
import type { Life } from './life.ts'
import type { Limiter } from './limits.ts'
import type { DnsReply, NetworkOptions, ResolverEndpoint } from './network.ts'
import type { SecondLook } from './second-look.ts'
import type { Silence } from './silence.ts'

export type ResolverContext = {
  options: Pick<NetworkOptions, 'resolvers' | 'connectTo' | 'timeoutMs' | 'clock'>
  life: Life
  slots: Limiter
  silence: Silence
  secondLook: SecondLook
  /** Trusted roots for DNS over TLS. */
  secureContext(): SecureContext | undefined
  /** Posts a DNS message (RFC 8484) and returns the answer's body. */
  postDns(url: string, query: Buffer, timeoutMs: number): Promise<Fact<Uint8Array>>
  /** Addresses of a DNS-over-TLS resolver that is given by its name. */
  bootstrap(name: string, timeoutMs: number): Promise<Fact<string[]>>
  /** True when the user's own config names this address. */
  isOwn(address: string): boolean
}

export type Server = {
  endpoint: ResolverEndpoint
  /** How messages name it: `resolver 127.0.0.1:53`, `name server 192.0.2.53:53`. */
  label: string
  /** A resolver answers for any name; an authoritative server for its zones. */
  recursive: boolean
}

export type Transport = DnsReply['transport']

export type Question = { name: string; type: number; typeText: string; dnssec: boolean; recursionDesired: boolean }
