// What timed out is tried once more with more time before anything is said of it, one by one where this machine is busy: a timeout of ours
// is nobody's outage.
import type { Clock } from '../core/clock.ts'
import type { Fact, Missing } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import type { Life } from './life.ts'
import type { Silence } from './silence.ts'

/**
 * Tries `attempt`, and again where it timed out. What times out again is `timeout` where that proves something, else
 * `unproven`. `key` is the endpoint's among what is known to be silent; `attempt` is told how much time it has.
 */
export type SecondLook = <T>(
  request: { key: string; timeoutMs: number },
  attempt: (timeoutMs: number, isSecond: boolean) => Promise<Fact<T>>,
) => Promise<Fact<T>>

export type SecondLookContext = {
  clock: Clock
  life: Life
  silence: Silence
  /** Asks somebody who has answered before: whether our way out still works. */
  control?: () => Promise<unknown>
}

/** A machine that kept us waiting for so much of the last seconds is busy. */
const recentMs = 2_000
const mostStalledMs = 200

/** Whether this program was short of turns in the last seconds. */
export const isBusy = (clock: Pick<Clock, 'attended' | 'stalledSince'>): boolean =>
  clock.stalledSince(clock.attended() - recentMs) > mostStalledMs

/** Runs what waits as soon as there is room for it: several at once, or alone on a busy machine. */
const createLane = (clock: Clock): (<T>(task: () => Promise<T>) => Promise<T>) => {
  let underWay = 0
  const waiting: (() => void)[] = []
  const next = (): void => {
    const room = isBusy(clock) ? 1 : limits.secondLooks
    while (underWay < room && waiting.length) {
      underWay += 1
      waiting.shift()!()
    }
  }
  return async task => {
    await new Promise<void>(resolve => {
      waiting.push(resolve)
      next()
    })
    try {
      return await task()
    } finally {
      underWay -= 1
      next()
    }
  }
}

/** For ways out that somebody else looks at twice. */
export const oneLook: SecondLook = ({ timeoutMs }, attempt) => attempt(timeoutMs, true)

/** Makes one lane: what runs in it may wait for other lanes, never for itself. */
export const createSecondLook = ({ clock, life, silence, control }: SecondLookContext): SecondLook => {
  const lane = createLane(clock)
  /** Second looks at endpoints that never said anything: one tells for all who wait. */
  const underWay = new Map<string, Promise<unknown>>()
  /** Second looks in a row that saw no more, by key. */
  const vain = new Map<string, number>()
  /** Endpoints for which somebody else was asked while the first look waited. */
  const asked = new Set<string>()
  return async ({ key, timeoutMs }, attempt) => {
    const isFinal = (why: Missing): boolean => why.reason !== 'timeout' || life.over || silence.isFinal(why)
    const begun = clock.attended()
    // Somebody is asked meanwhile who has answered before: where he does and this one does not, one deadline tells.
    const noControl = clock.after(timeoutMs / 2, () => {
      if (silence.hasSpoken(key) || asked.has(key)) return
      asked.add(key)
      void control?.()
    })
    const first = await attempt(timeoutMs, false)
    noControl()
    if (first.ok || isFinal(first)) return first
    if ((vain.get(key) ?? 0) >= limits.vainLooks) return silence.weigh(key, begun, first)
    const lookAgain = async () => {
      const dead = silence.verdict(key)
      if (dead) return dead
      const since = clock.attended()
      void control?.()
      const second = await attempt(timeoutMs * limits.secondLookFactor, true)
      vain.set(key, second.ok || second.reason !== 'timeout' ? 0 : (vain.get(key) ?? 0) + 1)
      if (second.ok || isFinal(second)) return second
      return silence.weigh(key, since, second)
    }
    while (!silence.hasSpoken(key) && underWay.has(key)) await underWay.get(key)
    const look = lane(lookAgain)
    underWay.set(key, look)
    try {
      return await look
    } finally {
      if (underWay.get(key) === look) underWay.delete(key)
    }
  }
}
