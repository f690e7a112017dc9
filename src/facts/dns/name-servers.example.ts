// Two name servers in two networks that answer with authority over UDP and TCP.
import type { NameServer, NameServers, SoaFields } from './name-servers.ts'

const answers = { state: 'answers' as const, rcode: 'NOERROR', reason: null }

const soa: SoaFields = {
  mname: 'ns1.example.com',
  rname: 'hostmaster.example.com',
  serial: 1,
  refresh: 7200,
  retry: 3600,
  expire: 1_209_600,
  minimum: 3600,
}

/** One sound name server. */
export const server = (name: string, address: string, change: Partial<NameServer> = {}): NameServer => ({
  name,
  address,
  family: 4,
  private: false,
  inParent: true,
  inChild: true,
  udp: answers,
  tcp: answers,
  soa,
  soaTtl: 3600,
  nameservers: null,
  nsTtl: null,
  ...change,
})

/** The zone served by these, which parent and zone both name. */
export const servedBy = (...servers: NameServer[]): NameServers => ({
  zone: 'example.com',
  servers,
  unresolved: [],
  aliases: [],
  child: servers.map(each => each.name),
  parent: servers.map(each => each.name),
  portOpen: true,
})

export const example: NameServers = servedBy(
  server('ns1.example.com', '192.0.2.53'),
  server('ns2.example.com', '198.51.100.53'),
)

/** The sound servers, with these fields of the SOA record changed. */
export const withSoa = (change: Partial<SoaFields>): NameServers =>
  servedBy(...example.servers.map(each => ({ ...each, soa: { ...soa, ...change } })))
