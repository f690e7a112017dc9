// Which servers the zone is delegated to: the parent's delegation (NS, glue), and where the zone begins. Walked from the root when
// the config gives root servers, else from the nearest parent that the resolver knows.
import { type Fact, type Missing, missing, nameGone, observed } from '../../core/fact.ts'
import { climb, isWithin, normaliseName } from '../../formats/dns/name.ts'
import type { DnsLookup, DnsReply } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import {
  ask,
  byServer,
  firstAnswer,
  glueOf,
  recordsOf,
  resolveServer,
  type ServerAddress,
  targetsOf,
} from './authority.ts'

/** What one of the parent's servers answers about the delegation. */
export type ParentAnswer = {
  server: ServerAddress
  /** `referral`: NS in the authority section. `answer`: the server serves the child as well, so this is the child's own word. */
  kind: 'referral' | 'answer' | 'nxdomain' | 'nodata' | 'failed'
  rcode: string | null
  nameservers: string[]
  glue: ServerAddress[]
  ttl: number | null
}

/** One name server of the delegation, with its addresses by the resolver, and by glue where the resolver has none. */
export type DelegatedServer = {
  name: string
  status: 'NOERROR' | 'NODATA' | 'NXDOMAIN' | 'unknown'
  addresses: ServerAddress[]
  /** Addresses that the parent's glue gives, whatever the resolver says. */
  glue: ServerAddress[]
  /** The server's name lies in the zone that it serves, and the parent answered: without glue nobody finds it. */
  needsGlue: boolean
  cnames: string[]
}

export type Delegation = {
  /** Apex of the zone that the domain lies in. */
  zone: string
  /** How it was found. `resolver-only`: the parent could not be asked. */
  walked: 'roots' | 'resolver' | 'resolver-only'
  parent: { zone: string; servers: ParentAnswer[] } | null
  /** NS names by the parent, or by the resolver when the parent could not be asked. Sorted. */
  nameservers: DelegatedServer[]
  /** Zones from the top down to the parent of the zone, each with servers that were found for it. */
  above: { zone: string; servers: ServerAddress[] }[]
}

/** Servers of one zone that are asked on the way down: two of each family are enough to get past a dead one. */
const few = (servers: readonly ServerAddress[]): ServerAddress[] => {
  const sorted = [...servers].sort(byServer)
  return [
    ...sorted.filter(server => server.family === 4).slice(0, 3),
    ...sorted.filter(server => server.family === 6).slice(0, 1),
  ]
}

const parentAnswerOf = (server: ServerAddress, reply: Fact<DnsReply>, zone: string): ParentAnswer => {
  const failed: ParentAnswer = { server, kind: 'failed', rcode: null, nameservers: [], glue: [], ttl: null }
  if (!reply.ok) return failed
  const { rcode, answers, authorities, authoritative } = reply.value
  const inAnswer = recordsOf(answers, zone, 'NS')
  const inAuthority = recordsOf(authorities, zone, 'NS')
  const records = inAnswer.length ? inAnswer : inAuthority
  if (rcode === 'NXDOMAIN') return { ...failed, kind: 'nxdomain', rcode }
  if (rcode !== 'NOERROR') return { ...failed, rcode }
  if (records.length === 0) return { ...failed, kind: authoritative ? 'nodata' : 'failed', rcode }
  const nameservers = targetsOf(records)
  return {
    server,
    kind: inAnswer.length && authoritative ? 'answer' : 'referral',
    rcode,
    nameservers,
    glue: glueOf(reply.value, nameservers),
    ttl: records[0]!.ttl,
  }
}

/** `ns` is the resolver's view of the NS set, empty where the parent was walked to. */
type Found = { zone: string; ns: string[]; parent: Delegation['parent']; above: Delegation['above'] }
type Descent = Found | { absent: string } | null

/** From the root servers down. Null when no server of a zone on the way answers. */
const descend = async (domain: string, roots: readonly string[], context: CollectContext): Promise<Descent> => {
  let zone = ''
  let servers: ServerAddress[] = roots.map(address => ({ name: '', address, family: address.includes(':') ? 6 : 4 }))
  const above: Delegation['above'] = []
  for (let depth = 0; depth < 16; depth++) {
    const asked = few(servers)
    const first = await firstAnswer(context, asked, domain, 'NS', reply =>
      ['NOERROR', 'NXDOMAIN'].includes(reply.rcode),
    )
    if (!first) return null
    const { reply } = first
    const cut = reply.authorities.find(
      record =>
        record.type === 'NS' &&
        isWithin(domain, record.name) &&
        record.name.length > zone.length &&
        isWithin(record.name, zone),
    )
    if (cut && normaliseName(cut.name) !== domain && reply.answers.length === 0) {
      above.push({ zone, servers: asked })
      zone = normaliseName(cut.name)
      const names = targetsOf(recordsOf(reply.authorities, zone, 'NS'))
      const glue = glueOf(reply, names)
      servers = glue.length
        ? glue
        : (await Promise.all(names.slice(0, 4).map(name => resolveServer(context, name)))).flatMap(
            server => server.addresses,
          )
      continue
    }
    if (reply.rcode === 'NXDOMAIN') return { absent: domain }
    const isZone = cut !== undefined || recordsOf(reply.answers, domain, 'NS').length > 0
    above.push({ zone, servers: asked })
    if (isZone) {
      const parentAnswers = await Promise.all(
        asked.map(async server => parentAnswerOf(server, await ask(context, server, domain, 'NS'), domain)),
      )
      return { zone: domain, ns: [], parent: { zone, servers: parentAnswers }, above }
    }
    // The domain is a name inside `zone`: the zone above it delegates that one.
    const parentServers = above.at(-2)
    if (!parentServers)
      return { zone, ns: targetsOf(recordsOf(reply.authorities, zone, 'NS')), parent: null, above: [] }
    const parentAnswers = await Promise.all(
      parentServers.servers.map(async server => parentAnswerOf(server, await ask(context, server, zone, 'NS'), zone)),
    )
    return { zone, ns: [], parent: { zone: parentServers.zone, servers: parentAnswers }, above: above.slice(0, -1) }
  }
  return null
}

const nsOf = (lookup: Fact<DnsLookup>, name: string): string[] =>
  lookup.ok ? targetsOf(recordsOf(lookup.value.records, name, 'NS')) : []

/** By the resolver: the zone is the nearest name upwards that has NS records, its parent the next one, asked directly. */
const byResolver = async (domain: string, context: CollectContext): Promise<Exclude<Descent, null> | Missing> => {
  const names = climb(domain)
  const lookups = await Promise.all(names.map(name => context.net.dns.lookup(name, 'NS')))
  const own = lookups[0]!
  if (own.ok && own.value.status === 'NXDOMAIN') return { absent: domain }
  if (lookups.every(lookup => !lookup.ok)) return own as Missing
  // A domain that is delegated to servers that do not answer is SERVFAIL at the resolver: its parent still names them.
  const zones = names.filter((name, at) => nsOf(lookups[at]!, name).length > 0 || (at === 0 && !own.ok))
  const zone = zones[0]
  if (zone === undefined) return missing('servfail', `no zone was found that holds ${domain}`)
  const ns = nsOf(lookups[names.indexOf(zone)]!, zone)
  const parentZone = zones[1]
  if (parentZone === undefined) {
    if (ns.length) return { zone, ns, parent: null, above: [] }
    return own as Missing
  }
  const parentServers = await Promise.all(
    nsOf(lookups[names.indexOf(parentZone)]!, parentZone)
      .slice(0, 4)
      .map(name => resolveServer(context, name)),
  )
  const asked = few(parentServers.flatMap(server => server.addresses))
  const parentAnswers = await Promise.all(
    asked.map(async server => parentAnswerOf(server, await ask(context, server, zone, 'NS'), zone)),
  )
  // Not a cut after all (the resolver failed for another reason): the name belongs to the parent's zone.
  if (ns.length === 0 && parentAnswers.some(answer => answer.kind === 'nodata')) {
    return { zone: parentZone, ns: nsOf(lookups[names.indexOf(parentZone)]!, parentZone), parent: null, above: [] }
  }
  if (parentAnswers.some(answer => answer.kind === 'nxdomain') && ns.length === 0) return { absent: domain }
  return {
    zone,
    ns,
    parent: { zone: parentZone, servers: parentAnswers },
    above: [{ zone: parentZone, servers: asked }],
  }
}

const fact: FactDefinition<Delegation> = {
  on: 'domain',
  deadlines: 8,
  async collect(subject, context) {
    const domain = normaliseName(subject.name)
    const roots = context.config.dns?.rootServers ?? []
    const descended = roots.length ? await descend(domain, roots, context) : null
    const found = descended ?? (await byResolver(domain, context))
    if (found === null) return missing('unreachable', `no server on the way to ${domain} answered`)
    if ('ok' in found) return found
    if ('absent' in found) return nameGone(domain, `${domain} does not exist`)
    const parentAnswers =
      found.parent?.servers.filter(answer => answer.kind === 'referral' || answer.kind === 'answer') ?? []
    const names = [...new Set(parentAnswers.length ? parentAnswers.flatMap(answer => answer.nameservers) : found.ns)]
      .sort()
      .slice(0, 16)
    if (names.length === 0) return missing('servfail', `who serves ${found.zone} could not be found`)
    const referred = parentAnswers.filter(answer => answer.kind === 'referral')
    const glue = referred.flatMap(answer => answer.glue)
    const nameservers = await Promise.all(
      names.map(async (name): Promise<DelegatedServer> => {
        const own = [
          ...new Map(glue.filter(item => item.name === name).map(item => [item.address, item])).values(),
        ].sort(byServer)
        const resolved = await resolveServer(context, name)
        return {
          name,
          status: resolved.status,
          addresses: resolved.addresses.length ? resolved.addresses : own,
          glue: own,
          needsGlue: referred.some(answer => answer.nameservers.includes(name)) && isWithin(name, found.zone),
          cnames: resolved.cnames,
        }
      }),
    )
    return observed(
      {
        zone: found.zone,
        walked: descended ? 'roots' : parentAnswers.length ? 'resolver' : 'resolver-only',
        parent: found.parent,
        nameservers,
        above: found.above,
      },
      context.now(),
    )
  },
}
export default fact
