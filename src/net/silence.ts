// Remembers who does not answer, so that a silent server costs one deadline in the whole run and not one per question.
import type { Clock } from '../core/clock.ts'
import type { Missing } from '../core/fact.ts'
import { limits } from '../data/limits.ts'

export type Silence = {
  /** Why `key` is not worth asking again, if it is not. */
  verdict(key: string): Missing | undefined
  /** Calls `onDead` when `key` is found silent while we wait for it too; returns how to stop watching. */
  watch(key: string, onDead: (why: Missing) => void): () => void
  /** Something valid arrived from `key`. */
  heard(key: string): void
  /** True when something ever arrived from `key`. */
  hasSpoken(key: string): boolean
  /**
   * A whole deadline passed without an answer; `since` is when the waiting began (`elapsed` of the clock). Returns true when
   * `key` now counts as dead: it never answered, or it answered once but `limits.strikes` deadlines in a row passed. An
   * answer to somebody else meanwhile proves that it lives.
   */
  silent(key: string, since: number, why: Missing): boolean
}

/** `heardAt`: monotonic milliseconds of the last sign of life; `strikes`: deadlines in a row that passed without one. */
type Entry = { heardAt: number | null; strikes: number; dead?: Missing; watchers: Set<(why: Missing) => void> }

export const createSilence = (clock: Pick<Clock, 'elapsed'>): Silence => {
  const entries = new Map<string, Entry>()
  const entryOf = (key: string): Entry => {
    let entry = entries.get(key)
    if (!entry) {
      entry = { heardAt: null, strikes: 0, watchers: new Set() }
      entries.set(key, entry)
    }
    return entry
  }
  return {
    verdict: key => entries.get(key)?.dead,
    hasSpoken: key => (entries.get(key)?.heardAt ?? null) !== null,
    watch(key, onDead) {
      const entry = entryOf(key)
      entry.watchers.add(onDead)
      return () => entry.watchers.delete(onDead)
    },
    heard(key) {
      const entry = entryOf(key)
      entry.heardAt = clock.elapsed()
      entry.strikes = 0
    },
    silent(key, since, why) {
      const entry = entryOf(key)
      if (entry.dead) return true
      if (entry.heardAt !== null && entry.heardAt >= since) return false
      entry.strikes += 1
      if (entry.heardAt !== null && entry.strikes < limits.strikes) return false
      entry.dead = why
      for (const watcher of [...entry.watchers]) watcher(why)
      entry.watchers.clear()
      return true
    },
  }
}
