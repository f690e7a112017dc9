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

export const createLimiter = (atOnce: number): Limiter => {
  const limit = pLimit(Math.max(1, atOnce))
  return task => limit(task)
}
