// Every authoritative server of the zone, asked at each address over UDP and TCP: what it says, and whether it answers at all.
import { type Fact, type Missing, missing, observed, type Reason } from '../../core/fact.ts'
import { isPrivateAddress } from '../../net/addresses.ts'
import type { DnsReply } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { ask, byServer, maxServers, recordsOf, resolveServer, type ServerAddress, targetsOf } from './authority.ts'
import type { Delegation } from './delegation.ts'

/**
 * How one address answered over one transport. `answers`: with authority. `lame`: it answered, but does not serve the
 * zone (`rcode` says how). `silent`: nothing came back, or the connection was refused. `untried`: this machine has no
 * way there (no IPv6, say).
 */
export type Answering = {
  state: 'answers' | 'lame' | 'silent' | 'untried'
  rcode: string | null
  reason: Reason | null
}

export type SoaFields = {
  mname: string
  rname: string
  serial: number
  refresh: number
  retry: number
  expire: number
  minimum: number
}

export type NameServer = ServerAddress & {
  /** Nobody on the internet reaches this address. */
  private: boolean
  /** Named by the parent's delegation, by the zone itself, or by both. */
  inParent: boolean
  inChild: boolean
  udp: Answering
  tcp: Answering
  soa: SoaFields | null
  /** TTL of the SOA record. */
  soaTtl: number | null
  /** NS set of the zone as this server has it; null when it did not say. */
  nameservers: string[] | null
  nsTtl: number | null
}

export type NameServers = {
  zone: string
  /** Ordered by name, family, address. */
  servers: NameServer[]
  /** NS names that lead to no address, and why. */
  unresolved: { name: string; status: 'NODATA' | 'NXDOMAIN' | 'unknown'; inParent: boolean; inChild: boolean }[]
  /** NS names that are aliases. */
  aliases: { name: string; to: string[] }[]
  /** NS names that the zone's own servers give, together. Sorted. */
  child: string[]
  /** NS names by the parent, null when it could not be asked. Sorted. */
  parent: string[] | null
  /** Whether anything authoritative on the internet answered us: then silence is the server's own. */
  portOpen: boolean
}

/** Reasons that say nothing of the server: it was not reached from here, or we may be why nothing came. */
const notAsked: readonly Reason[] = ['unreachable', 'unsupported', 'unproven', 'internal']

/** How a server answered a question for the SOA record of the zone. */
const answeringOf = (reply: Fact<DnsReply>, zone: string): Answering => {
  if (!reply.ok) {
    const state = notAsked.includes(reply.reason) ? 'untried' : 'silent'
    return { state, rcode: null, reason: reply.reason }
  }
  const { rcode, authoritative, answers, truncated } = reply.value
  const serves = authoritative && rcode === 'NOERROR' && (truncated || recordsOf(answers, zone, 'SOA').length > 0)
  return { state: serves ? 'answers' : 'lame', rcode, reason: null }
}

type Probed = Omit<NameServer, keyof ServerAddress | 'private' | 'inParent' | 'inChild'> & { server: ServerAddress }

const probe = async (context: CollectContext, server: ServerAddress, zone: string): Promise<Probed> => {
  const [udp, firstTcp, ns] = await Promise.all([
    ask(context, server, zone, 'SOA', { transport: 'udp' }),
    ask(context, server, zone, 'SOA', { transport: 'tcp' }),
    ask(context, server, zone, 'NS'),
  ])
  // A busy server turns a connection away now and then: one that ended at once is tried again.
  const turnedAway = !firstTcp.ok && udp.ok && ['refused', 'malformed', 'unreachable'].includes(firstTcp.reason)
  const tcp = turnedAway
    ? await ask(context, server, zone, 'SOA', { transport: 'tcp', timeoutMs: context.timeoutMs })
    : firstTcp
  const record = [udp, tcp].flatMap(reply =>
    reply.ok && reply.value.authoritative ? recordsOf(reply.value.answers, zone, 'SOA') : [],
  )[0]
  const nsRecords = ns.ok && ns.value.authoritative ? recordsOf(ns.value.answers, zone, 'NS') : []
  return {
    server,
    udp: answeringOf(udp, zone),
    tcp: answeringOf(tcp, zone),
    soa: (record?.fields as SoaFields | undefined) ?? null,
    soaTtl: record?.ttl ?? null,
    nameservers: nsRecords.length ? targetsOf(nsRecords) : null,
    nsTtl: nsRecords[0]?.ttl ?? null,
  }
}

type ResolvedServer = Awaited<ReturnType<typeof resolveServer>>

/** Every server of the delegation, and those that only the zone itself names, which are asked as soon as one server has answered. */
const probeAll = async (
  context: CollectContext,
  { zone, nameservers }: Delegation,
): Promise<{ probed: Probed[]; extras: ResolvedServer[] }> => {
  const firstRound = nameservers.flatMap(server => server.addresses).slice(0, maxServers)
  const probing = firstRound.map(server => probe(context, server, zone))
  const answered = await Promise.any(
    probing.map(async one => {
      const result = await one
      if (!result.nameservers) throw new Error('no NS set')
      return result
    }),
  ).catch(() => null)
  const extraNames = (answered?.nameservers ?? []).filter(name => !nameservers.some(server => server.name === name))
  const extras = await Promise.all(extraNames.slice(0, 8).map(name => resolveServer(context, name)))
  const secondRound = extras.flatMap(server => server.addresses).slice(0, maxServers)
  const probed = await Promise.all([...probing, ...secondRound.map(server => probe(context, server, zone))])
  return { probed, extras }
}

/** Why nothing is known of the servers: none answers, and the parent did not either, so this network may be the reason. */
const portClosed = (zone: string, first: Probed): Missing =>
  missing(first.udp.reason ?? 'timeout', `no authoritative name server of ${zone} answers from here`, {
    cause: { kind: 'network', lacks: 'port-53', text: 'name servers cannot be asked from this network (port 53)' },
  })

const fact: FactDefinition<NameServers> = {
  on: 'domain',
  deadlines: 8,
  async collect(subject, context) {
    const delegation = await context.need('delegation', subject)
    if (!delegation.ok) return delegation
    const { zone, parent, nameservers, walked } = delegation.value
    const parentNames = parent && walked !== 'resolver-only' ? nameservers.map(server => server.name) : null
    const { probed, extras } = await probeAll(context, delegation.value)
    const portOpen =
      probed.some(one => one.udp.rcode !== null || one.tcp.rcode !== null) ||
      (parent?.servers.some(answer => answer.rcode !== null) ?? false)
    if (!portOpen && probed[0]) return portClosed(zone, probed[0])
    const child = [...new Set(probed.flatMap(one => one.nameservers ?? []))].sort()
    const namedBy = (name: string) => ({
      inParent: parentNames?.includes(name) ?? false,
      inChild: child.includes(name),
    })
    const servers = probed.map(
      ({ server, ...answers }): NameServer => ({
        ...server,
        private: isPrivateAddress(server.address) && !context.net.isMapped(server.name, server.address, 53),
        ...namedBy(server.name),
        ...answers,
      }),
    )
    const all = [...nameservers, ...extras]
    const unresolved = all.flatMap(({ name, status, addresses }) =>
      addresses.length === 0 && status !== 'NOERROR' ? [{ name, status, ...namedBy(name) }] : [],
    )
    const aliases = all.filter(server => server.cnames.length).map(({ name, cnames }) => ({ name, to: cnames }))
    return observed(
      { zone, servers: servers.sort(byServer), unresolved, aliases, child, parent: parentNames, portOpen },
      context.now(),
    )
  },
}
export default fact

/** Addresses that answered with authority: the ones worth asking more. */
export const answeringServers = (value: NameServers): NameServer[] =>
  value.servers.filter(server => server.udp.state === 'answers' || server.tcp.state === 'answers')
