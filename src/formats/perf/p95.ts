// Judges the 95th percentile of a row of waiting times against a target: over, within, or not to be told yet, with an interval.
import type { Boundaries } from './boundaries.ts'

/** One request: when it was due, in milliseconds since the first, and how long the customer waited from then on. */
export type Waited = { at: number; ms: number }

/** The row of timed requests. One that fails never brings what was asked for: whoever sent it waits as long as one waits at most. */
export const rowOf = (
  samples: readonly { at: number; ms: number; failed: string | null }[],
  failedMs: number,
): Waited[] => samples.map(({ at, ms, failed }) => ({ at, ms: failed === null ? ms : Math.max(ms, failedMs) }))

/** Requests in a row that are over the target within so long may be one event (a collection of garbage, a lock): they count once. */
const oneEventMs = 1_500
/** Where all of so many are over from the very first on, the target is missed however the events hang together. */
const allFromFirst = 5

/** How many events the requests over the target are: those in a row, at most `oneEventMs` each. */
const eventsOver = (waited: readonly Waited[], target: number): number => {
  let events = 0
  let began: number | null = null
  for (const { at, ms } of waited) {
    if (ms <= target) began = null
    else if (began === null || at - began > oneEventMs) {
      began = at
      events += 1
    }
  }
  return events
}

export type P95Verdict = 'over' | 'within' | 'open'

/**
 * The verdict of the first `n` requests. At most 5 % of the rows of a route that is within say "over", and of one that is over "within",
 * although it is asked after every request: the boundaries allow for that. It may be asked of every beginning of a row.
 */
export const verdictOf = (
  waited: readonly Waited[],
  target: number,
  { over, within, least }: Boundaries,
): P95Verdict => {
  const n = waited.length
  const late = waited.filter(({ ms }) => ms > target).length
  if (n >= Math.max(allFromFirst, least) && late === n) return 'over'
  if (late >= (over[n] ?? Number.POSITIVE_INFINITY) && eventsOver(waited, target) >= over[n]!) return 'over'
  return late <= (within[n] ?? -1) ? 'within' : 'open'
}

/** The first verdict of a row, and after how many requests it could be given. */
export const firstVerdict = (
  waited: readonly Waited[],
  target: number,
  boundaries: Boundaries,
): { verdict: P95Verdict; after: number } => {
  for (let n = 1; n <= waited.length; n++) {
    const verdict = verdictOf(waited.slice(0, n), target, boundaries)
    if (verdict !== 'open') return { verdict, after: n }
  }
  return { verdict: 'open', after: waited.length }
}

/** Value below or at which this part of the sorted numbers lies. */
export const quantileOf = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
}

/** Where a 95th percentile lies at 95 %: `low` is 0 and `high` null where nothing can be said. */
export type Interval = { low: number; high: number | null }

/** The interval in which the boundaries see the 95th percentile: values that they would call neither over nor within. */
export const intervalOf = (
  values: readonly number[],
  { over, within }: Pick<Boundaries, 'over' | 'within'>,
): Interval => {
  const falling = [...values].sort((a, b) => b - a)
  const n = falling.length
  const low = Number.isFinite(over[n] ?? Number.POSITIVE_INFINITY) ? falling[over[n]! - 1]! : 0
  const kept = within[n] ?? -1
  return { low, high: kept < 0 ? null : falling[kept]! }
}
