// One monitor after one look, as a pure function: what is believed now, and to which state the time since the last look belongs.
import type { MonitorState, Result, Span, StateRow } from './store.ts'

/** What one look saw. */
export type Seen = {
  at: number
  state: MonitorState
  latencyMs: number | null
  detail: string
  address: string | null
  /** Nothing is gained by looking again before it is believed: a job said that it failed. */
  isCertain?: boolean
}

export type Rules = {
  intervalMs: number
  confirm: { down: number; up: number }
  /** Maintenance of this monitor, sorted, not overlapping. */
  windows: readonly { from: number; to: number }[]
}

export type Moved = {
  row: StateRow
  spans: Span[]
  result: Result
  /** The state before, where it is another now. */
  before: MonitorState | null
  /** Something else was seen than what is believed: look again soon. */
  again: boolean
}

/** A monitor that was never looked at. */
export const firstState = (monitor: string, at: number): StateRow => ({
  monitor,
  state: 'unknown',
  since: at,
  lookedAt: null,
  latencyMs: null,
  detail: 'not looked at yet',
  accountedUntil: at,
  pending: null,
  downs: [],
  flapping: false,
  address: null,
})

/** Intervals after which a look says nothing of the time since: what nobody watched counts as unknown. */
const mostIntervals = 3
const flapWindowMs = 1_800_000
const flapDowns = 3
const mostDowns = 20

/** How long a monitor that flaps has to be well before it is believed that it is over. */
export const steadyMs = (intervalMs: number): number => Math.max(300_000, intervalMs * 5)

const isBad = (state: MonitorState): boolean => state === 'down' || state === 'degraded'

const neededTries = (row: StateRow, seen: Seen, { confirm }: Rules): number => {
  if (seen.isCertain) return 1
  if (row.lookedAt === null && seen.state === 'up') return 1
  return seen.state === 'up' ? confirm.up : confirm.down
}

/** A time in one state, cut where maintenance begins and ends. */
const cut = (span: Omit<Span, 'maintenance'>, windows: Rules['windows']): Span[] => {
  const spans: Span[] = []
  let { from } = span
  const add = (to: number, maintenance: boolean): void => {
    if (to > from) spans.push({ ...span, from, to, maintenance })
    from = Math.max(from, to)
  }
  for (const window of windows) {
    if (window.to <= from || window.from >= span.to) continue
    add(window.from, false)
    add(Math.min(window.to, span.to), true)
  }
  add(span.to, false)
  return spans
}

/** The time since the last account, in `state` as far as a look vouches for it. */
const credit = (row: StateRow, to: number, state: MonitorState, { intervalMs, windows }: Rules): Span[] => {
  const { monitor, accountedUntil: from } = row
  if (to <= from) return []
  if (to - from <= intervalMs * mostIntervals) return cut({ monitor, from, to, state }, windows)
  return [
    ...cut({ monitor, from, to: from + intervalMs, state }, windows),
    ...cut({ monitor, from: from + intervalMs, to, state: 'unknown' }, windows),
  ]
}

export const inWindow = (windows: Rules['windows'], at: number): boolean =>
  windows.some(({ from, to }) => from <= at && at < to)

const flapsAfter = (row: StateRow, at: number, down: boolean): number[] =>
  [...row.downs.filter(then => then > at - flapWindowMs), ...(down ? [at] : [])].slice(-mostDowns)

/** Believes a state. */
const believe = (row: StateRow, state: MonitorState, since: number, at: number): StateRow => {
  const goesDown = state === 'down' && row.state !== 'down'
  const downs = flapsAfter(row, at, goesDown)
  return { ...row, state, since, pending: null, downs, flapping: row.flapping || downs.length >= flapDowns }
}

/** Ends the flapping of a monitor that has been well for long enough. */
const calmed = (row: StateRow, at: number, intervalMs: number): StateRow =>
  row.flapping && row.state === 'up' && at - row.since >= steadyMs(intervalMs)
    ? { ...row, flapping: false, downs: [] }
    : row

/** Never goes back in time: a clock that was turned back credits nothing twice. */
export const afterLook = (before: StateRow, seen: Seen, rules: Rules): Moved => {
  const { at } = seen
  const until = Math.max(before.accountedUntil, at)
  const maintenance = inWindow(rules.windows, at)
  const looked = { ...before, lookedAt: at, latencyMs: seen.latencyMs, address: seen.address ?? before.address }
  const finish = (row: StateRow, spans: Span[], again: boolean): Moved => ({
    row,
    spans,
    result: {
      monitor: row.monitor,
      at,
      seen: seen.state,
      state: row.state,
      latencyMs: seen.latencyMs,
      maintenance,
    },
    before: row.state === before.state ? null : before.state,
    again,
  })
  if (seen.state === before.state) {
    const row = { ...looked, pending: null, detail: seen.detail, accountedUntil: until }
    return finish(calmed(row, at, rules.intervalMs), credit(before, until, before.state, rules), false)
  }
  const { pending } = before
  const goesOn = pending !== null && (pending.state === seen.state || (isBad(pending.state) && isBad(seen.state)))
  const tries = goesOn ? pending.tries + 1 : 1
  const since = goesOn ? pending.since : until
  // Up to the first look that saw something else, time belongs to what was believed.
  const sofar = goesOn ? [] : credit(before, until, before.state, rules)
  const opened = goesOn ? looked : { ...looked, accountedUntil: until }
  if (tries < neededTries(before, seen, rules))
    return finish({ ...opened, pending: { state: seen.state, since, tries } }, sofar, true)
  const open = { ...opened, accountedUntil: goesOn ? before.accountedUntil : until }
  const spans = [...sofar, ...credit(open, until, seen.state, rules)]
  const row = believe({ ...open, detail: seen.detail, accountedUntil: until }, seen.state, since, at)
  return finish(row, spans, false)
}
