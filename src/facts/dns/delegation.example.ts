// Who serves the zone, for the examples of checks: two servers outside of it, as the parent and the resolver say alike.
import type { DelegatedServer, Delegation } from './delegation.ts'

const serverOf = (name: string, address: string): DelegatedServer => ({
  name,
  status: 'NOERROR',
  addresses: [{ name, address, family: 4 }],
  glue: [],
  needsGlue: false,
  cnames: [],
})

const parentServer = { name: 'a.gtld-servers.net', address: '192.5.6.30', family: 4 as const }
const names = ['ns1.example.net', 'ns2.example.net']

/** Two servers with an address each; the parent refers to both. */
export const example: Delegation = {
  zone: 'example.com',
  walked: 'resolver',
  parent: {
    zone: 'com',
    servers: [{ server: parentServer, kind: 'referral', rcode: 'NOERROR', nameservers: names, glue: [], ttl: 172_800 }],
  },
  nameservers: [serverOf(names[0]!, '198.51.100.1'), serverOf(names[1]!, '198.51.100.2')],
  above: [{ zone: 'com', servers: [parentServer] }],
}
