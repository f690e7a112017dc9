// Remembers who does not answer, so that a silent server costs its deadlines once in the whole run and not once per question.
import { type Clock, wasStarved } from '../core/clock.ts'
import { type Missing, missing } from '../core/fact.ts'
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
   * A whole deadline passed without an answer; `since` is when the waiting began (`attended` of the clock). Returns the
   * verdict once `key` counts as dead: it never answered, and nobody is to look again (`isLast`) or we were idle and others
   * answered meanwhile; or it answered once but `limits.strikes` deadlines in a row passed. An answer to somebody else
   * meanwhile proves that it lives.
   */
  silent(key: string, since: number, why: Missing, isLast: boolean): Missing | undefined
  /**
   * The last word on a wait since this instant of `attended`: `why`, or that the silence proves nothing of `key`, because it
   * may be ours or our network's.
   */
  weigh(key: string, since: number, why: Missing): Missing
  /** Whether this reason is a last word. */
  isFinal(why: Missing): boolean
}

/** `heardAt`: the last sign of life; `strikes`: deadlines in a row that passed without one, the last at `struckAt`. Instants of `attended`. */
type Entry = {
  heardAt: number | null
  strikes: number
  struckAt: number
  dead?: Missing
  watchers: Set<(why: Missing) => void>
}

/** The part of a wait without turns up to which this program was idle: what others answered then would have been heard of this one. */
const mostIdle = 1 / 20

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** Whether somebody else than `key` was heard since then: we can be answered, and could have been. */
const othersIn = (
  entries: ReadonlyMap<string, Entry>,
  key: string,
  since: number,
): 'heard' | 'not any more' | 'none' => {
  const others = [...entries].flatMap(([other, { heardAt }]) => (other === key || heardAt === null ? [] : [heardAt]))
  if (others.length === 0) return 'none'
  return others.some(heardAt => heardAt >= since) ? 'heard' : 'not any more'
}

export const createSilence = (clock: Pick<Clock, 'attended' | 'stalledSince'>): Silence => {
  const entries = new Map<string, Entry>()
  const entryOf = (key: string): Entry => {
    let entry = entries.get(key)
    if (!entry) {
      entry = { heardAt: null, strikes: 0, struckAt: Number.NEGATIVE_INFINITY, watchers: new Set() }
      entries.set(key, entry)
    }
    return entry
  }
  const othersSince = (key: string, since: number) => othersIn(entries, key, since)
  /** Whether a first deadline tells: somebody else answered in its second half, and we were there to hear. */
  const isProven = (key: string, since: number): boolean => {
    const waited = clock.attended() - since
    return othersSince(key, since + waited / 2) === 'heard' && clock.stalledSince(since) <= waited * mostIdle
  }
  const weighed = (key: string, since: number, why: Missing): Missing => {
    const others = othersSince(key, since)
    if (others === 'heard') return why
    const stalled = clock.stalledSince(since)
    if (wasStarved(clock, since))
      return missing(
        'unproven',
        `${why.message}, but this program had no turn for ${inSeconds(stalled)} of that time`,
        {
          cause: { kind: 'busy', text: 'this machine was too busy to wait for answers' },
        },
      )
    if (others === 'none') return why
    return {
      ...missing('unproven', `${why.message}, and nothing else answered at that time`),
      ...(why.cause ? { cause: why.cause } : {}),
    }
  }
  const final = new WeakSet<Missing>()
  const weigh: Silence['weigh'] = (key, since, why) => {
    const told = final.has(why) ? why : weighed(key, since, why)
    final.add(told)
    return told
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
      entry.heardAt = clock.attended()
      entry.strikes = 0
    },
    silent(key, since, why, isLast) {
      const entry = entryOf(key)
      if (entry.dead) return entry.dead
      if (entry.heardAt !== null && entry.heardAt >= since) return undefined
      // Those that waited at the same time are one.
      if (since >= entry.struckAt) {
        entry.strikes += 1
        entry.struckAt = clock.attended()
      }
      if (entry.heardAt === null ? !(isLast || isProven(key, since)) : entry.strikes < limits.strikes) return undefined
      const dead = weigh(key, since, why)
      entry.dead = dead
      for (const watcher of [...entry.watchers]) watcher(dead)
      entry.watchers.clear()
      return dead
    },
    weigh,
    isFinal: why => final.has(why),
  }
}
