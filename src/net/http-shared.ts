// Small probes of one origin share one connection, several under way on it (RFC 9112 §9.3.2).
import type { Fact } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import type { Sent } from './http-send.ts'
import type { Connection, HttpContext, Opened, Place, RawAnswer, RawRequest } from './http-types.ts'
import { interrupted } from './life.ts'
import { createKeyedLimiter } from './limits.ts'

export type SharedConnections = {
  /**
   * One request among others on the origin's shared connection. Null where that failed without an answer: the server may not
   * take several requests at once, so this and all later ones go one by one.
   */
  answer(request: RawRequest, place: Place): Promise<Fact<RawAnswer> | null>
}

export const createShared = (
  context: HttpContext,
  open: (request: RawRequest, place: Place) => Promise<Fact<Opened>>,
  send: (request: RawRequest, connection: Connection, place: Place, since: number) => Promise<Sent>,
): SharedConnections => {
  const perShared = createKeyedLimiter(limits.pipelinedRequests)
  /** By key of the place; null where a server does not take several requests at once. */
  const shared = new Map<string, Promise<Fact<Opened>> | null>()

  const onShared = async (request: RawRequest, place: Place): Promise<Fact<RawAnswer> | null> => {
    if (context.life.over) return interrupted()
    const dead = context.silence.verdict(place.silenceKey)
    if (dead) return dead
    let opening = shared.get(place.key)
    if (opening === null) return null
    if (!opening) {
      opening = open(request, place)
      shared.set(place.key, opening)
    }
    const opened = await opening
    if (!opened.ok || shared.get(place.key) !== opening) return null
    const { result, answered, reusable } = await context.slots(() =>
      send(request, opened.value, place, context.options.clock.attended()),
    )
    if (reusable) {
      opened.value.phases = null
      return result
    }
    // `send` has closed the connection: what was under way on it beside this goes on its own.
    if (shared.get(place.key) === opening) shared.set(place.key, null)
    return answered || result.ok || result.reason !== 'unreachable' ? result : null
  }
  return {
    answer: async (request, place) =>
      request.background && !request.fresh && shared.get(place.key) !== null
        ? perShared(place.where, () => onShared(request, place))
        : null,
  }
}
