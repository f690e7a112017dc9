// Limiters: how many tasks run at once, in all and under a key. The numbers stand in data/limits.ts.
import pLimit, { type LimitFunction } from 'p-limit'

/** Runs at most `atOnce` tasks under each key; the others wait their turn. */
export type KeyedLimiter = <T>(key: string, task: () => Promise<T>) => Promise<T>

export const createKeyedLimiter = (atOnce: number): KeyedLimiter => {
  const byKey = new Map<string, LimitFunction>()
  return (key, task) => {
    let limit = byKey.get(key)
    if (!limit) {
      limit = pLimit(atOnce)
      byKey.set(key, limit)
    }
    return limit(task)
  }
}

/** Runs at most `atOnce` tasks. Only leaves take a slot (one query, one connect, one request), never what waits for another leaf. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>

/** The part of the tasks that a busy machine runs at once: what it cannot attend to would only wait longer. */
const busyPart = 1 / 4
const leastAtOnce = 4

/** Fewer at once while `isBusy` says so. */
export const createLimiter = (atOnce: number, isBusy: () => boolean): Limiter => {
  const usual = Math.max(1, atOnce)
  const fewer = Math.min(usual, Math.max(leastAtOnce, Math.ceil(usual * busyPart)))
  const limit = pLimit(usual)
  return task => {
    const wanted = isBusy() ? fewer : usual
    if (limit.concurrency !== wanted) limit.concurrency = wanted
    return limit(task)
  }
}
