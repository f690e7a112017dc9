// Opens TCP connections: --connect-to first, then our own resolver, then happy eyeballs (RFC 8305). Private addresses are only
// reached through a rule or when the user named them; endpoints that stay silent for a whole deadline are not tried again.

import { connect, isIP, type Socket } from 'node:net'
import { type Fact, type Missing, missing, nameGone, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { isPrivateAddress } from './addresses.ts'
import { hostPort, isLocalName, leadsElsewhere, matchRule, normalHost } from './connect-to.ts'
import { endpointCause } from './endpoint-cause.ts'
import { interrupted, type Life } from './life.ts'
import type { Limiter } from './limits.ts'
import type { ConnectRule, Dialled, DialRequest, DnsLookup, NetworkOptions } from './network.ts'
import type { Silence } from './silence.ts'

export type DialContext = {
  options: Pick<NetworkOptions, 'connectTo' | 'timeoutMs'>
  life: Life
  slots: Limiter
  silence: Silence
  lookup(name: string, type: string): Promise<Fact<DnsLookup>>
  /** True for hosts and addresses that the user's own config names: they may be private. */
  isOwn(host: string): boolean
}

/** A connection with its phases in milliseconds; `dnsMs` is null when nothing was resolved. */
export type TimedDial = Omit<Dialled, 'socket'> & { socket: Socket; dnsMs: number | null; tcpMs: number }

export type Dialler = (request: DialRequest) => Promise<Fact<TimedDial>>

/** Where the bytes go (`host`, `port`) for one address of the world. */
type Endpoint = { address: string; host: string; port: number; mapped: boolean }

const ruleHasAddress = (rule: ConnectRule): boolean => isIP(rule.host) !== 0

/** True for the refusal to connect to a private address, and for nothing else that a dial returns. */
export const isPrivateRefusal = (why: Missing): boolean => why.reason === 'unsupported' && why.because === undefined

/** What an endpoint that stays silent for a whole deadline makes of a fact. */
const silentAt = (where: string, text: string): Missing =>
  missing('timeout', text, { cause: endpointCause(where, text) })

const failureOf = (error: NodeJS.ErrnoException, where: string): Missing => {
  switch (error.code) {
    case 'ECONNREFUSED':
      return missing('refused', `${where} refuses the connection`)
    case 'ETIMEDOUT':
      return missing('timeout', `${where} does not answer`)
    default:
      return missing('unreachable', `${where} cannot be reached from here (${error.code ?? error.message})`)
  }
}

export const createDialler = (context: DialContext): Dialler => {
  const { options, life, silence } = context
  const lastGood = new Map<string, string>()

  /** A and AAAA in parallel; an A answer waits a moment for its AAAA, not for its deadline. IPv6 first, families in turn. */
  const resolve = async (host: string): Promise<Fact<string[]>> => {
    if (isIP(host)) return observed([host], '')
    // RFC 6761 §6.3: this machine, whatever a resolver says.
    if (isLocalName(host)) return observed(['127.0.0.1', '::1'], '')
    const v4 = context.lookup(host, 'A')
    const v6 = context.lookup(host, 'AAAA')
    const addressesOf = (answer: Fact<DnsLookup> | undefined): string[] =>
      answer?.ok ? answer.value.records.map(record => record.data) : []
    const first = await v4
    let timer: NodeJS.Timeout | undefined
    const second = addressesOf(first).length
      ? await Promise.race([
          v6,
          new Promise<undefined>(late => {
            timer = setTimeout(() => late(undefined), limits.resolutionDelayMs)
          }),
        ])
      : await v6
    clearTimeout(timer)
    const four = addressesOf(first)
    const six = addressesOf(second)
    const all: string[] = []
    for (let at = 0; at < Math.max(four.length, six.length); at++) {
      if (six[at]) all.push(six[at]!)
      if (four[at]) all.push(four[at]!)
    }
    if (all.length) return observed(all, '')
    if (!first.ok) return first
    if (second && !second.ok) return second
    return nameGone(host, first.value.status === 'NXDOMAIN' ? `${host} does not exist` : `${host} has no address`)
  }

  /** All endpoints of a request, in the order to try. */
  const endpointsOf = async (request: DialRequest): Promise<Fact<{ endpoints: Endpoint[]; dnsMs: number | null }>> => {
    const host = normalHost(request.host)
    const { port } = request
    const rules = options.connectTo
    const started = performance.now()
    let resolved = false
    const lookUp = (name: string) => {
      resolved ||= !isIP(name)
      return resolve(name)
    }
    const through = async (rule: ConnectRule | undefined, address: string): Promise<Fact<Endpoint[]>> => {
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
    const collect = async (): Promise<Fact<Endpoint[]>> => {
      if (!request.address) {
        // A rule for the name needs no resolution, unless a rule for an address stands before it.
        const rule = matchRule(rules, [host], port)
        const early = rule?.host && !rules.slice(0, rules.indexOf(rule)).some(ruleHasAddress)
        if (early && rule.toHost) return through(rule, isIP(host) ? host : '')
      }
      const addresses = request.address ? observed([normalHost(request.address)], '') : await lookUp(host)
      if (!addresses.ok) {
        const rule = matchRule(rules, [host], port)
        return rule?.toHost ? through(rule, '') : addresses
      }
      const endpoints: Endpoint[] = []
      for (const address of addresses.value.slice(0, limits.addressesPerHost)) {
        const found = await through(matchRule(rules, [host, address], port), address)
        if (!found.ok) return found
        endpoints.push(...found.value)
      }
      return observed(endpoints, '')
    }
    const found = await collect()
    if (!found.ok) return found
    const allowed = found.value.filter(
      each => each.mapped || !isPrivateAddress(each.address) || context.isOwn(host) || context.isOwn(each.address),
    )
    if (allowed.length === 0) {
      const address = found.value[0]?.address ?? host
      const what = isIP(host) ? `${host} is a private address` : `${host} has the private address ${address}`
      return missing('unsupported', `${what}; nothing is connected to it unless --connect-to or the config says so`)
    }
    const dnsMs = resolved ? performance.now() - started : null
    const good = lastGood.get(hostPort(host, port))
    const order = (each: Endpoint): number => (each.address === good ? 0 : 1)
    return observed(
      { endpoints: allowed.slice(0, limits.addressesPerHost).sort((a, b) => order(a) - order(b)), dnsMs },
      '',
    )
  }

  /** Races connection attempts, one started every 250 ms or as soon as the one before fails. */
  const race = (
    request: DialRequest,
    endpoints: Endpoint[],
    timeoutMs: number,
  ): Promise<Fact<{ socket: Socket; endpoint: Endpoint; tcpMs: number }>> =>
    new Promise(resolveRace => {
      const started = performance.now()
      const attempts = new Map<Socket, () => void>()
      const failures: Missing[] = []
      let next = 0
      let settled = false
      let stagger: NodeJS.Timeout | undefined
      const settle = (result: Fact<{ socket: Socket; endpoint: Endpoint; tcpMs: number }>, winner?: Socket) => {
        if (settled) return
        settled = true
        clearTimeout(stagger)
        clearTimeout(deadline)
        offLife()
        for (const [socket, stop] of attempts) {
          stop()
          if (socket !== winner) socket.destroy()
        }
        resolveRace(result)
      }
      const fail = (why: Missing) => {
        failures.push(why)
        if (settled) return
        if (next < endpoints.length) start()
        else if (failures.length === endpoints.length) settle(worst(failures))
      }
      const start = () => {
        clearTimeout(stagger)
        const endpoint = endpoints[next++]!
        if (next < endpoints.length) stagger = setTimeout(start, limits.connectionAttemptDelayMs)
        const where = hostPort(endpoint.address, request.port)
        const key = `tcp ${hostPort(endpoint.host, endpoint.port)} ${where}`
        const dead = silence.verdict(key)
        if (dead) return fail(dead)
        const begun = performance.now()
        const socket = connect({ host: endpoint.host, port: endpoint.port })
        let over = false
        const end = (why: Missing) => {
          if (over) return
          over = true
          stop()
          attempts.delete(socket)
          socket.destroy()
          fail(why)
        }
        const unwatch = silence.watch(key, end)
        const timer = setTimeout(
          () => {
            const why = silentAt(where, `${where} does not answer`)
            // Only a whole deadline of silence counts; an attempt that began late has not waited one.
            if (begun - started < timeoutMs / 2 && timeoutMs >= options.timeoutMs * 0.9) silence.silent(key, begun, why)
            end(why)
          },
          Math.max(1, timeoutMs - (begun - started)),
        )
        const stop = () => {
          clearTimeout(timer)
          unwatch()
        }
        attempts.set(socket, stop)
        socket.on('error', (error: NodeJS.ErrnoException) => end(failureOf(error, where)))
        socket.on('connect', () => {
          if (over || settled) return
          over = true
          silence.heard(key)
          socket.setNoDelay(true)
          lastGood.set(hostPort(normalHost(request.host), request.port), endpoint.address)
          settle(observed({ socket, endpoint, tcpMs: performance.now() - begun }, ''), socket)
        })
      }
      const deadline = setTimeout(
        () =>
          settle(
            worst(
              failures.length
                ? failures
                : [missing('timeout', `${hostPort(request.host, request.port)} does not answer`)],
            ),
          ),
        timeoutMs + 50,
      )
      const offLife = life.onEnd(() => queueMicrotask(() => settle(interrupted())))
      start()
    })

  /** What to say when every address failed: that somebody refuses says more than that somebody is silent. */
  const worst = (failures: Missing[]): Missing =>
    failures.find(each => each.reason === 'refused') ?? failures.find(each => each.reason === 'timeout') ?? failures[0]!

  return async request => {
    if (life.over) return interrupted()
    const found = await endpointsOf(request)
    if (life.over) return interrupted()
    if (!found.ok) return found
    const { endpoints, dnsMs } = found.value
    return context.slots(async () => {
      if (life.over) return interrupted()
      const won = await race(request, endpoints, request.timeoutMs ?? options.timeoutMs)
      if (!won.ok) return won
      const { socket, endpoint, tcpMs } = won.value
      const offLife = life.onEnd(() => socket.destroy())
      socket.once('close', offLife)
      // Between the dial and its first user an error must not end the process.
      socket.on('error', () => {})
      return observed<TimedDial>(
        {
          socket,
          address: endpoint.address || endpoint.host,
          port: request.port,
          mapped: endpoint.mapped,
          elapsedMs: Math.round(((dnsMs ?? 0) + tcpMs) * 100) / 100,
          dnsMs,
          tcpMs,
        },
        new Date().toISOString(),
      )
    })
  }
}
