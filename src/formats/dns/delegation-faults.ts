// What is wrong with how a zone's name servers answer and how they are named, ready to be put into findings.
import { type ServerLike, serverHealth } from './name-server-faults.ts'

/** The parts of the facts `nameServers` and `delegation` that are judged here. */
export type ZoneServers = {
  zone: string
  servers: readonly ServerLike[]
  unresolved: readonly { name: string; status: string }[]
  aliases: readonly { name: string; to: readonly string[] }[]
  child: readonly string[]
  parent: readonly string[] | null
}
export type DelegatedLike = {
  name: string
  addresses: readonly { address: string }[]
  glue: readonly { address: string }[]
  needsGlue: boolean
}

/** One fault of one server; `seen` are label and value of what shows it. */
export type ServerFault = {
  fault: 'lame' | 'unreachable' | 'no-tcp' | 'is-cname' | 'glue-wrong'
  server: string
  addresses: string[]
  seen: { label: string; value: string }[]
  /** No server of the zone answers at all. */
  total?: boolean
  /** First target of a name that is an alias. */
  aliasOf?: string[]
}

/** Servers that do not know the zone, do not answer, do not answer over TCP, or whose name has no address. */
export const answeringFaults = ({ zone, servers, unresolved }: ZoneServers): ServerFault[] => {
  const health = serverHealth(servers)
  const total = !health.some(server => server.state === 'answers')
  const faults = health.flatMap(({ name: server, addresses, state, rcode, noTcp, onlyTcp }): ServerFault[] => {
    const seen = (value: string) => addresses.map(address => ({ label: `${server} (${address})`, value }))
    if (state === 'lame')
      return [{ fault: 'lame', server, addresses, total, seen: seen(`answers ${rcode} without authority for ${zone}`) }]
    if (state === 'silent') {
      const value = onlyTcp ? 'answers over TCP, not over UDP' : 'no answer over UDP or TCP'
      return [{ fault: 'unreachable', server, addresses, seen: seen(value) }]
    }
    return noTcp ? [{ fault: 'no-tcp', server, addresses, seen: seen('answers over UDP, not over TCP') }] : []
  })
  const nowhere = unresolved
    .filter(({ status }) => status !== 'unknown')
    .map(({ name: server, status }): ServerFault => {
      const seen = [{ label: server, value: `${status}: the name has no address` }]
      return { fault: 'unreachable', server, addresses: [], seen }
    })
  return [...faults, ...nowhere]
}

/** Servers whose names are aliases (RFC 2181 §10.3). */
export const aliasFaults = ({ servers, aliases }: ZoneServers): ServerFault[] =>
  aliases.map(({ name: server, to }) => ({
    fault: 'is-cname',
    server,
    addresses: servers.filter(item => item.name === server).map(item => item.address),
    seen: [{ label: `${server} CNAME`, value: to.join(' → ') }],
    aliasOf: to.slice(0, 1),
  }))

/** Servers whose glue at the parent is missing where it is needed, or is not what the zone says. */
export const glueFaults = (delegated: readonly DelegatedLike[]): ServerFault[] =>
  delegated.flatMap(({ name: server, addresses, glue, needsGlue }): ServerFault[] => {
    const own = addresses.map(item => item.address)
    const isSound = glue.every(item => own.includes(item.address)) && (glue.length || !needsGlue || own.length === 0)
    if (isSound) return []
    const seen = [
      { label: `glue of ${server}`, value: glue.map(item => item.address).join(', ') || 'none' },
      { label: `${server} in its zone`, value: own.join(', ') },
    ]
    return [{ fault: 'glue-wrong', server, addresses: own, seen }]
  })

/** Whether parent and zone name different servers; both lists are sorted. An unknown parent disagrees with nobody. */
export const parentDisagrees = ({ parent, child }: ZoneServers): boolean =>
  parent !== null && child.length > 0 && parent.join() !== child.join()
