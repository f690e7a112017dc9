// Every authoritative server of the zone, asked at each address over UDP and TCP: what it says, and whether it answers at all.
import { missing, observed, type Reason } from '../../core/fact.ts'
import { normaliseName } from '../../formats/dns/name.ts'
import { isPrivateAddress } from '../../net/addresses.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { ask, byServer, maxServers, recordsOf, resolveServer, type ServerAddress, targetsOf } from './authority.ts'

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

const probe = async (context: CollectContext, server: ServerAddress, zone: string) => {
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
  const stateOf = (reply: typeof udp): Answering => {
    if (!reply.ok) {
      const state = reply.reason === 'unreachable' || reply.reason === 'unsupported' ? 'untried' : 'silent'
      return { state, rcode: null, reason: reply.reason }
    }
    const { rcode, authoritative, answers, truncated } = reply.value
    const serves = authoritative && rcode === 'NOERROR' && (truncated || recordsOf(answers, zone, 'SOA').length > 0)
    return { state: serves ? 'answers' : 'lame', rcode, reason: null }
  }
  const record = [udp, tcp].flatMap(reply =>
    reply.ok && reply.value.authoritative ? recordsOf(reply.value.answers, zone, 'SOA') : [],
  )[0]
  const nsRecords = ns.ok && ns.value.authoritative ? recordsOf(ns.value.answers, zone, 'NS') : []
  return {
    server,
    udp: stateOf(udp),
    tcp: stateOf(tcp),
    soa: (record?.fields as SoaFields | undefined) ?? null,
    soaTtl: record?.ttl ?? null,
    nameservers: nsRecords.length ? targetsOf(nsRecords) : null,
    nsTtl: nsRecords[0]?.ttl ?? null,
  }
}

const fact: FactDefinition<NameServers> = {
  on: 'domain',
  deadlines: 8,
  async collect(subject, context) {
    const delegation = await context.need('delegation', subject)
    if (!delegation.ok) return delegation
    const { zone, parent, nameservers } = delegation.value
    const parentNames =
      parent && delegation.value.walked !== 'resolver-only' ? nameservers.map(server => server.name) : null
    const firstRound = nameservers.flatMap(server => server.addresses).slice(0, maxServers)
    const probing = firstRound.map(server => probe(context, server, zone))
    // The zone may name servers that its parent does not know: they are asked too, as soon as one server has answered.
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

    const child = [...new Set(probed.flatMap(one => one.nameservers ?? []))].sort()
    const parentSaysOf = (name: string) => parentNames?.includes(name) ?? false
    const all = [...nameservers, ...extras]
    const portOpen =
      probed.some(one => one.udp.rcode !== null || one.tcp.rcode !== null) ||
      (parent?.servers.some(say => say.rcode !== null) ?? false)
    if (!portOpen && probed.length > 0) {
      const why = probed[0]!.udp.reason ?? 'timeout'
      return missing(why, `no authoritative name server of ${zone} answers from here`, {
        cause: {
          kind: 'network',
          lacks: 'port-53',
          text: 'name servers cannot be asked from this network (port 53)',
        },
      })
    }
    return observed(
      {
        zone,
        servers: probed
          .map(
            ({ server, ...said }): NameServer => ({
              ...server,
              private: isPrivateAddress(server.address) && !context.net.isMapped(server.name, server.address, 53),
              inParent: parentSaysOf(server.name),
              inChild: child.includes(server.name),
              ...said,
            }),
          )
          .sort(byServer),
        unresolved: all
          .filter(server => server.addresses.length === 0 && server.status !== 'NOERROR')
          .map(server => ({
            name: server.name,
            status: server.status as 'NODATA' | 'NXDOMAIN' | 'unknown',
            inParent: parentSaysOf(server.name),
            inChild: child.includes(server.name),
          })),
        aliases: all
          .filter(server => server.cnames.length > 0)
          .map(server => ({ name: server.name, to: server.cnames })),
        child,
        parent: parentNames,
        portOpen,
      },
      context.now(),
    )
  },
}
export default fact

/** Addresses that answered with authority: the ones worth asking more. */
export const answeringServers = (value: NameServers): NameServer[] =>
  value.servers.filter(server => server.udp.state === 'answers' || server.tcp.state === 'answers')

/** True when this name server answers nowhere, by what was tried. */
export const sameName = (a: string, b: string): boolean => normaliseName(a) === normaliseName(b)
