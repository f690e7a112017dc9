// Addresses of a host as the resolver sees them: A and AAAA, CNAMEs followed.
import { type Missing, nameGone, observed } from '../../core/fact.ts'
import { isPrivateAddress } from '../../net/addresses.ts'
import type { DnsLookup } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'

export type HostAddress = {
  address: string
  family: 4 | 6
  ttl: number
  /** Private, loopback, link-local, documentation …: nobody on the internet reaches it, unless --connect-to leads there. */
  private: boolean
}

export type Addresses = {
  /** NXDOMAIN and NODATA are observations. NOERROR: there is an address of either family. */
  status: DnsLookup['status']
  /** Targets of the CNAME chain, in order. */
  cnames: string[]
  /** In the order of family, then address. */
  addresses: HostAddress[]
}

const fact: FactDefinition<Addresses> = {
  on: 'host',
  async collect(subject, context) {
    const [v4, v6] = await Promise.all([
      context.net.dns.lookup(subject.name, 'A'),
      context.net.dns.lookup(subject.name, 'AAAA'),
    ])
    if (!v4.ok && !v6.ok) return v4
    const seen = [v4, v6].filter(answer => answer.ok).map(answer => answer.value)
    const addresses = seen
      .flatMap(answer => answer.records)
      .map(record => ({
        address: record.data,
        family: record.type === 'AAAA' ? (6 as const) : (4 as const),
        ttl: record.ttl,
        private:
          isPrivateAddress(record.data) &&
          !context.net.isMapped(subject.name, record.data, 443) &&
          !context.net.isMapped(subject.name, record.data, 80),
      }))
      .sort((a, b) => a.family - b.family || (a.address < b.address ? -1 : 1))
    if (addresses.length === 0) {
      // One family says "nothing", the other could not be asked: that is not yet "no address".
      if (!v4.ok) return v4
      if (!v6.ok) return v6
    }
    const status = addresses.length
      ? 'NOERROR'
      : seen.some(answer => answer.status === 'NXDOMAIN')
        ? 'NXDOMAIN'
        : 'NODATA'
    return observed({ status, cnames: seen[0]?.cnames ?? [], addresses }, context.now())
  },
}
export default fact

/**
 * Why nothing connects to a host: it has no address, or none that the internet reaches. Null when there is one to try.
 * Both are judged by domain-resolution, so what would connect is skipped.
 */
export const nothingToReach = (name: string, found: Addresses): Missing | null => {
  if (found.status !== 'NOERROR') return noAddress(name, found.status)
  return found.addresses.every(address => address.private) ? nameGone(name, `${name} leads to a private address`) : null
}

/** Why a host without an address is skipped by checks that would connect to it. */
export const noAddress = (name: string, status: Addresses['status']) =>
  nameGone(name, status === 'NXDOMAIN' ? `${name} does not exist` : `${name} has no address`)
