// When each monitor is looked at next: on a grid of its own that never drifts, spread over the interval, one look at a time.
import { createHash } from 'node:crypto'

export type Slot<T> = {
  item: T
  intervalMs: number
  /** Next point of the grid, in monotonic milliseconds. */
  gridAt: number
  /** A look between two points, to confirm what was seen. */
  retryAt: number | null
  busy: boolean
}

/** Where in its interval a monitor has its point: the same at every start, so that a restart moves nothing. */
export const offsetOf = (name: string, intervalMs: number): number =>
  (createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32) * intervalMs

/** The first looks come within the first interval, at most half a minute after the start. */
const longestFirst = 30_000

export const createSlots = <T extends { name: string; intervalMs: number }>(
  items: readonly T[],
  now: number,
): Slot<T>[] =>
  items.map(item => ({
    item,
    intervalMs: item.intervalMs,
    gridAt: now + offsetOf(item.name, Math.min(item.intervalMs, longestFirst)),
    retryAt: null,
    busy: false,
  }))

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
