// All name servers of a world as data: which address serves which zone how, what parents delegate, and what a recursive
// resolver makes of it. No sockets here; dns-server.ts puts it on the wire; apply.ts changes it.
import type { Query, Reply, ZoneRecord } from './dns-wire.ts'
import { createSigning, dsOf, type Signing, signReply } from './sign.ts'
import type { ServerFault, World, ZoneServerSpec, ZoneSpec } from './world.ts'
import {
  ancestors,
  answerFrom,
  parseRecords,
  patchRecords,
  plainName,
  withSerial,
  withSoa,
  type ZoneData,
} from './zone.ts'

/** A zone as one server has it. */
export type ServedZone = { data: ZoneData; fault?: ServerFault; delay?: number; transfer: boolean }

/** `internal` servers have no address: the resolver alone reaches them. */
export type NameServer = { address: string; internal: boolean; zones: Map<string, ServedZone> }

export type DnsState = {
  servers: Map<string, NameServer>
  /** Zone → addresses that serve it, in order, and what its parent says (null: derived from the zone; '': nothing). */
  zones: Map<string, { servers: string[]; delegation: string | null; ttl: number; signing?: Signing }>
  outside: World['outside']
  resolver: World['resolver']
}

export type Outcome = { reply: Reply; fault?: ServerFault; delay: number }

const parentServer = '192.0.2.250'
const rootServer = '192.0.2.251'

const serverOf = (state: DnsState, address: string, internal = false): NameServer => {
  const known = state.servers.get(address)
  if (known) return known
  const server = { address, internal, zones: new Map<string, ServedZone>() }
  state.servers.set(address, server)
  return server
}

const addZone = (
  state: DnsState,
  name: string,
  spec: Pick<ZoneSpec, 'records' | 'ttl' | 'serial' | 'transfer'> & { delegation?: string },
  servers: ZoneServerSpec[],
  internal: boolean,
): void => {
  const base = parseRecords(spec.records, name, spec.ttl)
  for (const server of servers) {
    const own = server.records === undefined ? base : parseRecords(server.records, name, spec.ttl)
    const records = server.patch === undefined ? own : patchRecords(own, server.patch, name, spec.ttl)
    const data = withSoa({ name, records }, spec.serial, spec.ttl)
    serverOf(state, server.address, internal).zones.set(name, {
      data: server.serial === undefined ? data : withSerial(data, server.serial),
      fault: server.fault,
      delay: server.delay,
      transfer: server.transfer ?? spec.transfer,
    })
  }
  const delegation = spec.delegation === undefined ? null : spec.delegation.trim() === 'none' ? '' : spec.delegation
  state.zones.set(name, { servers: servers.map(server => server.address), delegation, ttl: spec.ttl })
}

/** The world's name servers at their start. Parents and the root are made where the world does not write them. */
export const createDnsState = (world: World, now: number): DnsState => {
  const state: DnsState = { servers: new Map(), zones: new Map(), outside: world.outside, resolver: world.resolver }
  for (const [written, spec] of Object.entries(world.zones)) {
    const name = plainName(written)
    const internal = spec.servers.length === 0
    addZone(state, name, spec, internal ? [{ address: `internal ${name}` }] : spec.servers, internal)
  }
  for (const address of world.servers) serverOf(state, address)
  const made = { ttl: 86_400, serial: 1, transfer: false }
  for (const name of [...state.zones.keys()]) {
    if (serversOf(state, name).every(server => server.internal)) continue
    const parent = ancestors(name)[1] ?? ''
    if (parent === '' || ancestors(parent).some(outer => outer !== '' && state.zones.has(outer))) continue
    const records = `@ NS ns.nic\nns.nic A ${parentServer}`
    addZone(state, parent, { ...made, records }, [{ address: parentServer }], false)
  }
  if (!state.zones.has('')) {
    addZone(
      state,
      '',
      { ...made, records: `. NS a.root-servers.invalid.\na.root-servers.invalid. A ${rootServer}` },
      [{ address: rootServer }],
      false,
    )
  }
  for (const [written, { dnssec }] of Object.entries(world.zones))
    if (dnssec)
      for (const name of ancestors(plainName(written)))
        signZone(state, name, world.zones[name]?.dnssec ?? { ds: 'good' }, now)
  return state
}

/** Gives a zone its key, and its servers the record of it. */
const signZone = (state: DnsState, name: string, spec: NonNullable<ZoneSpec['dnssec']>, now: number): void => {
  const zone = state.zones.get(name)
  if (!zone || zone.signing) return
  zone.signing = createSigning(name, spec, now)
  const key: ZoneRecord = { name, ttl: 3600, type: 'DNSKEY', data: zone.signing.dnskey }
  for (const server of serversOf(state, name)) {
    const served = server.zones.get(name)
    if (served) served.data = { ...served.data, records: [...served.data.records, key] }
  }
}

const serversOf = (state: DnsState, zone: string): NameServer[] =>
  (state.zones.get(zone)?.servers ?? []).flatMap(address => state.servers.get(address) ?? [])

/** The zone's data as its first sound server has it. */
export const primaryData = (state: DnsState, zone: string): ZoneData | null => {
  const copies = serversOf(state, zone).flatMap(server => server.zones.get(zone) ?? [])
  return (copies.find(copy => copy.fault === undefined) ?? copies[0])?.data ?? null
}

/** What the parent says of a child: NS, glue, DS. */
export const delegationOf = (state: DnsState, child: string): ZoneRecord[] => {
  const zone = state.zones.get(child)
  const data = primaryData(state, child)
  if (!zone || !data || serversOf(state, child).every(server => server.internal)) return []
  if (zone.delegation !== null) return parseRecords(zone.delegation, child, zone.ttl)
  const servers = data.records.filter(record => record.name === child && record.type === 'NS')
  const ds = zone.signing && dsOf(child, zone.signing)
  const names = servers.map(record => plainName(record.data))
  const glue = data.records.filter(
    record => names.includes(record.name) && (record.type === 'A' || record.type === 'AAAA'),
  )
  return [...servers, ...glue, ...(ds ? [{ name: child, ttl: 3600, type: 'DS', data: ds }] : [])]
}

/** A zone with the delegations to the world's other zones below it. */
const withDelegations = (state: DnsState, data: ZoneData): ZoneData => {
  const children = [...state.zones.keys()].filter(
    name =>
      name !== data.name &&
      ancestors(name)
        .slice(1)
        .find(outer => state.zones.has(outer)) === data.name,
  )
  const added = children.flatMap(child => {
    const written = data.records.some(record => record.name === child && record.type === 'NS')
    return delegationOf(state, child).filter(record => !written || record.type === 'DS')
  })
  return added.length === 0 ? data : { ...data, records: [...data.records, ...added] }
}

const bare = (rcode: Reply['rcode'], more: Partial<Reply> = {}): Reply => ({
  rcode,
  answers: [],
  authorities: [],
  additionals: [],
  ...more,
})

/** What the server at an address answers; the fault says how the answer is spoilt on the wire. */
export const answerAt = (
  state: DnsState,
  server: NameServer,
  query: Pick<Query, 'name' | 'type' | 'dnssec'>,
): Outcome => {
  const above = query.type === 'DS' ? ancestors(query.name).slice(1) : ancestors(query.name)
  const name = [...above, query.name].find(zone => server.zones.has(zone))
  const zone = name === undefined ? undefined : server.zones.get(name)
  if (!zone) return { reply: bare('REFUSED'), delay: 0 }
  const delay = zone.delay ?? 0
  if (zone.fault === 'refused') return { reply: bare('REFUSED'), delay }
  if (zone.fault === 'servfail') return { reply: bare('SERVFAIL'), delay }
  if (zone.fault === 'lame') return { reply: bare('NOERROR'), delay }
  const data = withDelegations(state, zone.data)
  const signing = state.zones.get(name!)?.signing
  const reply = answerFrom(data, query.name, query.type, query.dnssec)
  return {
    reply: signing && query.dnssec ? signReply(reply, data, signing, query.name) : reply,
    fault: zone.fault,
    delay,
  }
}

/** Faults that a resolver gets round: it asks over TCP, or does not need to. */
const harmless = new Set<ServerFault | undefined>([undefined, 'truncate', 'no-tcp'])

/** A zone that the parent does not delegate does not exist for a resolver. */
const isReachable = (state: DnsState, zone: string): boolean => state.zones.get(zone)?.delegation !== ''

/** What a recursive resolver answers; null when it stays silent. */
export const resolve = (state: DnsState, query: Pick<Query, 'name' | 'type' | 'dnssec'>): Reply | null => {
  const found: Reply = bare('NOERROR', { recursionAvailable: true })
  const asked = new Set<string>()
  let owner = query.name
  for (let hops = 0; hops < 16; hops++) {
    if (asked.has(owner)) return bare('SERVFAIL', { recursionAvailable: true })
    asked.add(owner)
    const line = query.type === 'DS' && owner !== '' ? ancestors(owner).slice(1) : ancestors(owner)
    const zone = line.find(name => state.zones.has(name) && isReachable(state, name)) ?? ''
    if (zone === '' && owner !== '' && !primaryData(state, '')?.records.some(record => record.name === owner)) {
      if (state.outside === 'silent') return null
      if (state.outside !== 'nxdomain')
        return bare(state.outside === 'refused' ? 'REFUSED' : 'SERVFAIL', { recursionAvailable: true })
    }
    const outcome = serversOf(state, zone)
      .map(server => answerAt(state, server, { ...query, name: owner }))
      .find(
        ({ reply, fault }) =>
          harmless.has(fault) &&
          reply.rcode !== 'REFUSED' &&
          reply.rcode !== 'SERVFAIL' &&
          (reply.authoritative || reply.answers.length > 0 || reply.authorities.length > 0),
      )
    if (!outcome) return bare('SERVFAIL', { recursionAvailable: true })
    const { reply } = outcome
    found.answers.push(...reply.answers)
    found.rcode = reply.rcode
    const last = reply.answers.findLast(record => record.type === 'CNAME')
    const isUnfinished =
      last &&
      query.type !== 'CNAME' &&
      query.type !== 'ANY' &&
      !reply.answers.some(record => record.type === query.type)
    if (isUnfinished && reply.rcode === 'NOERROR') {
      const target = plainName(last.data)
      if (found.answers.some(record => record.type === 'CNAME' && record.name === target))
        return bare('SERVFAIL', { recursionAvailable: true })
      const targetZone = ancestors(target).find(name => state.zones.has(name)) ?? ''
      if (targetZone !== zone || zone === '') {
        owner = target
        continue
      }
    }
    // A referral to servers that the world does not have: nobody answers.
    if (!reply.authoritative && reply.answers.length === 0) return bare('SERVFAIL', { recursionAvailable: true })
    found.authorities = reply.authorities
    return found
  }
  return bare('SERVFAIL', { recursionAvailable: true })
}
