// Races connection attempts (RFC 8305 §5): one is started every 250 ms, or as soon as the one before fails; the first that stands wins.
import { connect, type Socket } from 'node:net'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { hostPort } from './connect-to.ts'
import type { DialContext } from './dial.ts'
import type { Endpoint } from './dial-endpoints.ts'
import { endpointCause } from './endpoint-cause.ts'
import { interrupted } from './life.ts'

export type Won = { socket: Socket; endpoint: Endpoint; tcpMs: number }

export type RaceRequest = {
  host: string
  port: number
  /** At least one, in the order to try. */
  endpoints: readonly Endpoint[]
  timeoutMs: number
  /** Whether nobody is to look again. */
  isLast: boolean
}

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

/** What to say when every address failed: that somebody refuses says more than that somebody is silent. */
const worst = (failures: readonly Missing[]): Missing =>
  failures.find(each => each.reason === 'refused') ??
  failures.find(each => each.reason === 'unproven') ??
  failures.find(each => each.reason === 'timeout') ??
  failures[0]!

type Attempt = { socket: Socket; stop(): void }

type AttemptEnd = { won(socket: Socket, tcpMs: number): void; failed(why: Missing): void }

/** One attempt; calls one of `end` once, unless it is stopped before. Null: the endpoint is known to be silent. */
const attempt = (
  { options, silence }: DialContext,
  request: RaceRequest,
  endpoint: Endpoint,
  raceBegan: number,
  end: AttemptEnd,
): Attempt | null => {
  const { clock } = options
  const { timeoutMs } = request
  const where = hostPort(endpoint.address, request.port)
  const key = `tcp ${hostPort(endpoint.host, endpoint.port)} ${where}`
  const dead = silence.verdict(key)
  if (dead) {
    end.failed(dead)
    return null
  }
  const begun = clock.attended()
  const socket = connect({ host: endpoint.host, port: endpoint.port })
  let over = false
  const fail = (why: Missing): void => {
    if (over) return
    stop()
    socket.destroy()
    end.failed(why)
  }
  const unwatch = silence.watch(key, fail)
  const noDeadline = clock.after(Math.max(1, timeoutMs - (begun - raceBegan)), () => {
    const text = `${where} does not answer`
    const why = missing('timeout', text, { cause: endpointCause(where, text) })
    // Only a whole deadline of silence counts; an attempt that began late has not waited one.
    const isWhole = begun - raceBegan < timeoutMs / 2 && timeoutMs >= options.timeoutMs * 0.9
    fail((isWhole && silence.silent(key, begun, why, request.isLast)) || why)
  })
  const stop = (): void => {
    over = true
    noDeadline()
    unwatch()
  }
  socket.on('error', (error: NodeJS.ErrnoException) => fail(failureOf(error, where)))
  socket.on('connect', () => {
    if (over) return
    stop()
    silence.heard(key)
    socket.setNoDelay(true)
    end.won(socket, clock.attended() - begun)
  })
  return { socket, stop }
}

/** The first endpoint that takes the connection. Missing: refused, timeout, unreachable, internal when interrupted. */
export const race = (context: DialContext, request: RaceRequest): Promise<Fact<Won>> =>
  new Promise(resolve => {
    const { clock } = context.options
    const { endpoints, timeoutMs } = request
    const began = clock.attended()
    const attempts: Attempt[] = []
    const failures: Missing[] = []
    let next = 0
    let settled = false
    let noStagger = (): void => {}
    const settle = (result: Fact<Won>): void => {
      if (settled) return
      settled = true
      for (const stop of [noStagger, noDeadline, offLife]) stop()
      for (const { socket, stop } of attempts) {
        stop()
        if (!result.ok || socket !== result.value.socket) socket.destroy()
      }
      resolve(result)
    }
    const start = (): void => {
      noStagger()
      const endpoint = endpoints[next++]!
      if (next < endpoints.length) noStagger = clock.after(limits.connectionAttemptDelayMs, start)
      const made = attempt(context, request, endpoint, began, {
        won: (socket, tcpMs) => settle(observed({ socket, endpoint, tcpMs }, '')),
        failed(why) {
          failures.push(why)
          if (settled) return
          if (next < endpoints.length) start()
          else if (failures.length === endpoints.length) settle(worst(failures))
        },
      })
      if (made) attempts.push(made)
    }
    const nobody = (): Missing => missing('timeout', `${hostPort(request.host, request.port)} does not answer`)
    const noDeadline = clock.after(timeoutMs + 50, () => settle(worst(failures.length ? failures : [nobody()])))
    const offLife = context.life.onEnd(() => queueMicrotask(() => settle(interrupted())))
    start()
  })
