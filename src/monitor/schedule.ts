// When each monitor is looked at next: on a grid of its own that never drifts, spread over the interval, one look at a time.
import { createHash } from 'node:crypto'

export type Slot<T> = {
  item: T
  intervalMs: number
  /** Next point of the grid, in monotonic milliseconds. */
  gridAt: number
  /** A look between two points: the first one, or one to confirm what was seen. */
  retryAt: number | null
  busy: boolean
}

/** Where in a span a monitor has its point: the same each time. */
export const offsetOf = (name: string, intervalMs: number): number =>
  (createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32) * intervalMs

/** What was never looked at, or is overdue after a stop, is looked at soon: this far apart on average, the last one within a bound. */
const apartMs = 50
const longestSoon = 10_000

/**
 * One slot for each item. What was looked at before the start keeps its rhythm; everything else gets a look soon beside its point of the
 * grid, so that a watcher that never lives for a whole interval sees all of them too. `lookedAt` in milliseconds since the epoch, as
 * `wallNow` is; `now` is monotonic.
 */
export const createSlots = <T extends { name: string; intervalMs: number }>(
  items: readonly T[],
  now: number,
  before: { wallNow: number; lookedAt: (name: string) => number | null } = { wallNow: 0, lookedAt: () => null },
): Slot<T>[] =>
  items.map(item => {
    const { name, intervalMs } = item
    const slot = { item, intervalMs, busy: false }
    const last = before.lookedAt(name)
    const left = last === null ? 0 : last + intervalMs - before.wallNow
    if (left > 0) return { ...slot, gridAt: now + Math.min(left, intervalMs), retryAt: null }
    const soon = Math.min(items.length * apartMs, longestSoon, intervalMs / 6)
    return { ...slot, gridAt: now + offsetOf(name, intervalMs), retryAt: now + offsetOf(name, soon) }
  })

/** What is due; each is then moved to its next point. What is still under way is left out of this point, not put behind it. */
export const takeDue = <T>(slots: readonly Slot<T>[], now: number): { slot: Slot<T>; dueAt: number }[] => {
  const due: { slot: Slot<T>; dueAt: number }[] = []
  for (const slot of slots) {
    const onGrid = slot.gridAt <= now
    const onRetry = slot.retryAt !== null && slot.retryAt <= now
    if (!onGrid && !onRetry) continue
    const dueAt = Math.min(onGrid ? slot.gridAt : now, onRetry ? slot.retryAt! : now)
    // Points that were missed (a machine asleep) are not made up for.
    if (onGrid) slot.gridAt += Math.ceil((now - slot.gridAt + 1) / slot.intervalMs) * slot.intervalMs
    if (slot.busy) continue
    slot.retryAt = null
    slot.busy = true
    due.push({ slot, dueAt })
  }
  return due
}

export const nextAt = <T>(slots: readonly Slot<T>[]): number =>
  slots.reduce(
    (first, { gridAt, retryAt }) => Math.min(first, gridAt, retryAt ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  )
