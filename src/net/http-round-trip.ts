// One request and its answer: over an idle connection, one that comes free, or a new one; again where a kept one was stale.
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { endpointCause } from './endpoint-cause.ts'
import { createOpen } from './http-open.ts'
import type { Pool } from './http-pool.ts'
import { sendOn } from './http-send.ts'
import { createShared } from './http-shared.ts'
import {
  type Connection,
  type HttpContext,
  type Opened,
  type Place,
  placeOf,
  type RawAnswer,
  type RawRequest,
  type RoundTrip,
} from './http-types.ts'
import { interrupted } from './life.ts'
import { createKeyedLimiter } from './limits.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A connection to send on. `kept`: it has served before, so that it may be stale. `since`: when its deadline began. */
type Usable = { connection: Connection; since: number; kept: boolean }

type Open = (request: RawRequest, place: Place) => Promise<Fact<Opened>>

/**
 * A connection of one's own, or one that comes free while it is being opened, as browsers do; the other one is kept for
 * the next request.
 */
const openOrFreed = async (
  context: HttpContext,
  pool: Pool,
  open: Open,
  request: RawRequest,
  place: Place,
): Promise<Fact<Usable>> => {
  const opening = open(request, place)
  const own = (opened: Fact<Opened>): Fact<Usable> =>
    opened.ok ? observed({ connection: opened.value, since: opened.value.startedAt, kept: false }, '') : opened
  // Whoever needs a connection of its own, or a verified one, takes nobody else's.
  if (request.fresh || request.strict) return own(await opening)
  const waiting = pool.waitFor(place.key)
  const first = await Promise.race([opening, waiting.freed])
  if ('client' in first) {
    void opening.then(opened => opened.ok && pool.giveBack(place.key, opened.value))
    return observed({ connection: first, since: context.options.clock.attended(), kept: true }, '')
  }
  // Handed over in the same moment: it goes on to the next.
  if (!waiting.leave()) pool.giveBack(place.key, await waiting.freed)
  return own(first)
}

/** An idle connection that may serve this request. */
const idleFor = (pool: Pool, request: RawRequest, place: Place): Connection | undefined => {
  // What may not be sent twice goes over none that the server may be closing at this moment (RFC 9112 §9.3.1).
  const mostRestMs = safeMethods.has(request.method) ? undefined : limits.restBeforeUnsafeMs
  const connection = request.fresh ? undefined : pool.take(place.key, mostRestMs)
  if (!connection || !request.strict || !connection.tls || connection.tls.authorized) return connection
  pool.discard(connection)
  return undefined
}

/** TCP stood and the handshake hung for the whole deadline: the endpoint is silent. Other failures stay what they are. */
const silentHandshake = (
  context: HttpContext,
  request: RawRequest,
  place: Place,
  why: Missing,
  since: number,
): Missing => {
  if (why.reason !== 'timeout' || why.cause) return why
  const text = `${place.where} accepts connections and does not answer`
  const silent = missing('timeout', why.message, { cause: endpointCause(place.where, text) })
  const waited = request.timeoutMs >= context.options.timeoutMs * 0.9
  return (waited && context.silence.silent(place.silenceKey, since, silent, request.isLast)) || silent
}

export const createRoundTrip = (context: HttpContext, pool: Pool): RoundTrip => {
  const { life, silence, slots } = context
  const { clock } = context.options
  const perHost = createKeyedLimiter(limits.connectionsPerHost)
  const openAny = createOpen(context)
  const open: Open = async (request, place) => {
    const opened = await openAny(request, place)
    if (opened.ok) pool.own(opened.value.client)
    return opened
  }
  const send = (request: RawRequest, connection: Connection, place: Place, since: number) =>
    sendOn(context, pool.discard, request, connection, place, since)
  const shared = createShared(context, open, send)

  const alone = async (request: RawRequest, place: Place): Promise<Fact<RawAnswer>> => {
    if (life.over) return interrupted()
    for (;;) {
      const dead = request.timed ? null : silence.verdict(place.silenceKey)
      if (dead) return dead
      const since = clock.attended()
      const idle = idleFor(pool, request, place)
      const usable: Fact<Usable> = idle
        ? observed({ connection: idle, since, kept: true }, '')
        : await openOrFreed(context, pool, open, request, place)
      if (!usable.ok) return request.timed ? usable : silentHandshake(context, request, place, usable, since)
      const { connection, kept } = usable.value
      const { result, answered, reusable } = await slots(() => send(request, connection, place, usable.value.since))
      // A kept connection may have been closed by the server meanwhile: once more on a new one.
      const stale = !result.ok && kept && !answered && result.reason === 'unreachable'
      if (stale && safeMethods.has(request.method) && !life.over) continue
      if (reusable) pool.giveBack(place.key, connection)
      // What may have been done is not done twice: once it was sent, its silence is weighed and not looked at again.
      if (!result.ok && result.reason === 'timeout' && !safeMethods.has(request.method))
        return silence.weigh(place.silenceKey, usable.value.since, result)
      return result
    }
  }
  return async request => {
    const place = placeOf(request)
    const attempt = async (timeoutMs: number, isLast: boolean): Promise<Fact<RawAnswer>> => {
      const within = { ...request, timeoutMs, isLast }
      // A second look does not stand in the queue of those that wait for the same silence.
      if (isLast) return alone(within, place)
      return (await shared.answer(within, place)) ?? perHost(place.where, () => alone(within, place))
    }
    if (request.timed) return alone({ ...request, isLast: true }, place)
    return context.secondLook({ key: place.silenceKey, timeoutMs: request.timeoutMs }, attempt)
  }
}
