// Where a connection may go: --connect-to first, then our own resolver; private addresses only through a rule or by the user's word.
import { isIP } from 'node:net'
import { type Fact, missing, nameGone, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { isLinkLocal, isPrivateAddress } from './addresses.ts'
import { isLocalName, leadsElsewhere, matchRule, normalHost } from './connect-to.ts'
import type { DialContext } from './dial.ts'
import type { ConnectRule, DialRequest, DnsLookup } from './network.ts'

/** Where the bytes go (`host`, `port`) for one address of the world. */
export type Endpoint = { address: string; host: string; port: number; mapped: boolean }

const addressesOf = (answer: Fact<DnsLookup> | undefined): string[] =>
  answer?.ok ? answer.value.records.map(record => record.data) : []

/** IPv6 first, families in turn (RFC 8305 §4). */
const interleaved = (four: readonly string[], six: readonly string[]): string[] =>
  Array.from({ length: Math.max(four.length, six.length) }, (_, at) => [six[at], four[at]])
    .flat()
    .filter(address => address !== undefined)

/** A and AAAA in parallel; an A answer waits a moment for its AAAA, not for its deadline. */
const resolveHost = async (context: DialContext, host: string): Promise<Fact<string[]>> => {
  if (isIP(host)) return observed([host], '')
  // RFC 6761 §6.3: this machine, whatever a resolver says.
  if (isLocalName(host)) return observed(['127.0.0.1', '::1'], '')
  const v4 = context.lookup(host, 'A')
  const v6 = context.lookup(host, 'AAAA')
  const first = await v4
  let second: Fact<DnsLookup> | undefined
  if (addressesOf(first).length) {
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const cancel = context.options.clock.after(limits.resolutionDelayMs, () => resolve(undefined))
    second = await Promise.race([v6, late])
    cancel()
  } else second = await v6
  const all = interleaved(addressesOf(first), addressesOf(second))
  if (all.length) return observed(all, '')
  if (!first.ok) return first
  if (second && !second.ok) return second
  return nameGone(host, first.value.status === 'NXDOMAIN' ? `${host} does not exist` : `${host} has no address`)
}

type LookUp = (host: string) => Promise<Fact<string[]>>

/** The endpoints for one address of the world, or for none yet known (`''`), through the rule that holds for it. */
const through = async (
  lookUp: LookUp,
  rule: ConnectRule | undefined,
  address: string,
  port: number,
): Promise<Fact<Endpoint[]>> => {
  const mapped = rule !== undefined && leadsElsewhere(rule, address)
  const toPort = rule?.toPort ?? port
  if (!rule?.toHost) return observed([{ address, host: address, port: toPort, mapped }], '')
  const targets = await lookUp(rule.toHost)
  if (!targets.ok) return targets
  return observed(
    targets.value.map(target => ({ address: address || target, host: target, port: toPort, mapped })),
    '',
  )
}

/** All endpoints of a host, before what is private is taken out. */
const collect = async (
  rules: readonly ConnectRule[],
  lookUp: LookUp,
  { port, address }: DialRequest,
  host: string,
): Promise<Fact<Endpoint[]>> => {
  const forHost = matchRule(rules, [host], port)
  if (!address && forHost?.host && forHost.toHost) {
    // A rule for the name needs no resolution, unless a rule for an address stands before it.
    const early = !rules.slice(0, rules.indexOf(forHost)).some(rule => isIP(rule.host) !== 0)
    if (early) return through(lookUp, forHost, isIP(host) ? host : '', port)
  }
  const addresses = address ? observed([normalHost(address)], '') : await lookUp(host)
  if (!addresses.ok) return forHost?.toHost ? through(lookUp, forHost, '', port) : addresses
  const endpoints: Endpoint[] = []
  for (const each of addresses.value.slice(0, limits.addressesPerHost)) {
    const found = await through(lookUp, matchRule(rules, [host, each], port), each, port)
    if (!found.ok) return found
    endpoints.push(...found.value)
  }
  return observed(endpoints, '')
}

/**
 * All endpoints of a request that may be connected to, in the order of resolution. `dnsMs` is null where nothing was resolved.
 * Missing: what the lookup gives, unsupported for a private address, or that the name does not exist (`because`).
 */
export const endpointsOf = async (
  context: DialContext,
  request: DialRequest,
): Promise<Fact<{ endpoints: Endpoint[]; dnsMs: number | null }>> => {
  const { clock, connectTo } = context.options
  const host = normalHost(request.host)
  const started = clock.attended()
  let resolved = false
  const lookUp: LookUp = name => {
    resolved ||= !isIP(name)
    return resolveHost(context, name)
  }
  const found = await collect(connectTo, lookUp, request, host)
  if (!found.ok) return found
  const allowed = found.value.filter(
    each =>
      each.mapped ||
      !isPrivateAddress(each.address) ||
      context.isOwn(each.address) ||
      (context.isOwn(host) && !isLinkLocal(each.address)),
  )
  if (allowed.length === 0) {
    const address = found.value[0]?.address ?? host
    const what = isIP(host) ? `${host} is a private address` : `${host} has the private address ${address}`
    return missing('unsupported', `${what}; nothing is connected to it unless --connect-to or the config says so`)
  }
  return observed({ endpoints: allowed, dnsMs: resolved ? clock.attended() - started : null }, '')
}
