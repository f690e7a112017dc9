// What is wrong with the MX records of a domain, record by record.

export type MxHost = {
  /** Lower case, without the trailing dot. */
  exchange: string
  preference: number
  /** `is-address`: the record holds an IP address instead of a name. `unknown`: its addresses could not be asked for. */
  state: 'resolves' | 'nxdomain' | 'no-address' | 'is-address' | 'unknown'
  cnames: string[]
  addresses: { address: string; family: 4 | 6; private: boolean }[]
  message: string | null
}

/** `10 mx.example.com.`, as it stands in the zone. */
export const mxData = (host: MxHost): string => `${host.preference} ${host.exchange}.`

/** The records and where each leads, in words. */
export const mxLines = ({ nullMx, hosts }: { nullMx: boolean; hosts: readonly MxHost[] }): string[] => [
  ...(nullMx ? ['0 .'] : []),
  ...hosts.map(host => `${mxData(host)} → ${host.addresses.map(item => item.address).join(', ') || host.state}`),
]

export type MxFault = {
  kind: 'unresolvable' | 'is-cname' | 'is-address' | 'private' | 'duplicate'
  host: MxHost
  /** Mail goes to another server meanwhile: it is late, not lost. */
  delayed: boolean
}

/** True when a server can be reached from the internet. */
const isReachable = (host: MxHost): boolean => host.state === 'resolves' && host.addresses.some(item => !item.private)

export const hasReachable = (hosts: readonly MxHost[]): boolean => hosts.some(isReachable)

/** Faults of all records, in their order. Senders try the next server: one dead record beside a live one delays mail, it does not lose it. */
export const mxFaults = (hosts: readonly MxHost[]): MxFault[] => {
  const works = hasReachable(hosts)
  return hosts.flatMap((host, at): MxFault[] => {
    if (hosts.slice(0, at).some(other => other.exchange === host.exchange))
      return [{ kind: 'duplicate', host, delayed: false }]
    const lost = (kind: MxFault['kind']): MxFault => ({ kind, host, delayed: works })
    if (host.state === 'nxdomain' || host.state === 'no-address') return [lost('unresolvable')]
    if (host.state === 'is-address') return [lost('is-address')]
    if (host.state !== 'resolves') return []
    return [
      ...(host.addresses.every(item => item.private) ? [lost('private')] : []),
      ...(host.cnames.length > 0 ? [{ kind: 'is-cname' as const, host, delayed: false }] : []),
    ]
  })
}
