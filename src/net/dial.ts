// Opens TCP connections: --connect-to first, then our own resolver, then happy eyeballs (RFC 8305). Private addresses are only
// reached through a rule or when the user named them; endpoints that stay silent for a whole deadline are not tried again.

import type { Socket } from 'node:net'
import { type Fact, type Missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { hostPort, normalHost } from './connect-to.ts'
import { type Endpoint, endpointsOf } from './dial-endpoints.ts'
import { race, type Won } from './dial-race.ts'
import { interrupted, type Life } from './life.ts'
import type { Limiter } from './limits.ts'
import type { Dialled, DialRequest, DnsLookup, NetworkOptions } from './network.ts'
import type { SecondLook } from './second-look.ts'
import type { Silence } from './silence.ts'

export type DialContext = {
  options: Pick<NetworkOptions, 'connectTo' | 'timeoutMs' | 'clock'>
  life: Life
  slots: Limiter
  silence: Silence
  secondLook: SecondLook
  lookup(name: string, type: string): Promise<Fact<DnsLookup>>
  /** True for hosts and addresses that the user's own config names: they may be private. */
  isOwn(host: string): boolean
}

/** A connection with its phases in milliseconds; `dnsMs` is null when nothing was resolved. */
export type TimedDial = Omit<Dialled, 'socket'> & { socket: Socket; dnsMs: number | null; tcpMs: number }

export type Dialler = (request: DialRequest) => Promise<Fact<TimedDial>>

/** True for the refusal to connect to a private address, and for nothing else that a dial returns. */
export const isPrivateRefusal = (why: Missing): boolean => why.reason === 'unsupported' && why.because === undefined

const dialled = ({ socket, endpoint, tcpMs }: Won, port: number, dnsMs: number | null): TimedDial => ({
  socket,
  address: endpoint.address || endpoint.host,
  port,
  mapped: endpoint.mapped,
  elapsedMs: Math.round(((dnsMs ?? 0) + tcpMs) * 100) / 100,
  dnsMs,
  tcpMs,
})

export const createDialler = (context: DialContext): Dialler => {
  const { options, life } = context
  /** The address that took the last connection, by `host:port`: it is tried first. */
  const lastGood = new Map<string, string>()

  return async request => {
    if (life.over) return interrupted()
    const found = await endpointsOf(context, request)
    if (life.over) return interrupted()
    if (!found.ok) return found
    const { host, port, timeoutMs = options.timeoutMs } = request
    const goodKey = hostPort(normalHost(host), port)
    const good = lastGood.get(goodKey)
    const order = (each: Endpoint): number => (each.address === good ? 0 : 1)
    const endpoints = found.value.endpoints.slice(0, limits.addressesPerHost).sort((a, b) => order(a) - order(b))
    const tryAll = (within: number, isLast: boolean) =>
      context.slots(async () =>
        life.over ? interrupted() : race(context, { host, port, endpoints, timeoutMs: within, isLast }),
      )
    const won = await context.secondLook({ key: `dial ${goodKey}`, timeoutMs }, tryAll)
    if (!won.ok) return won
    const { socket, endpoint } = won.value
    lastGood.set(goodKey, endpoint.address)
    const offLife = life.onEnd(() => socket.destroy())
    socket.once('close', offLife)
    // Between the dial and its first user an error must not end the process.
    socket.on('error', () => {})
    return observed(dialled(won.value, port, found.value.dnsMs), new Date(options.clock.now()).toISOString())
  }
}
