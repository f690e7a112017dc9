// Everything that the dashboard shows, read from the store: what changes seldom is kept for a minute, so that a page costs little.

import { mergeBuckets, quantile } from './latency.ts'
import { seenInWords } from './seen-words.ts'
import type {
  Incident,
  Instant,
  Message,
  MonitorRow,
  MonitorState,
  ProductEvent,
  Rollup,
  StateRow,
  Store,
} from './store.ts'
import { isUndeliverable, leftToLose, monthOf, ninetyDays, uptimeOf } from './store.ts'

/** A day of a monitor: nothing seen, up, degraded for a time, down for a time, not seen though watched. */
export type DayMark = '-' | 'u' | 'g' | 'd' | 'n'

export type BoardMonitor = {
  name: string
  kind: string
  target: string
  state: MonitorState | 'waiting' | 'stale'
  since: Instant | null
  lookedAt: Instant | null
  latencyMs: number | null
  detail: string
  /** The last 24 hours. */
  p50: number | null
  p95: number | null
  /** The last 90 days, the oldest first. */
  days: string
  /** Of those days. */
  percent90: number | null
  downMs90: number
  month: { percent: number | null; leftMs: number; unknownMs: number }
}

export type BoardIncident = Pick<
  Incident,
  'id' | 'title' | 'state' | 'since' | 'resolvedAt' | 'acknowledgedAt' | 'acknowledgedBy' | 'deploy'
> & {
  parts: { monitor: string; detail: string; since: Instant; until: Instant | null }[]
}

export type BoardAlert = Pick<Message, 'channel' | 'status' | 'createdAt' | 'deliveredAt'> & {
  title: string
  /** Refused for good; it is tried once a day. */
  isUndeliverable: boolean
  attempts: { at: Instant; ok: boolean; answer: string }[]
}

export type Board = {
  at: Instant
  target: number
  /** Of the whole product in this month: every monitor's minutes together, and what may still be lost of the worst. */
  month: { percent: number | null; leftMs: number; worst: string | null; unknownMs: number; from: Instant; to: Instant }
  watcherAt: Instant | null
  monitors: BoardMonitor[]
  incidents: BoardIncident[]
  alerts: BoardAlert[]
  events: ProductEvent[]
  maintenance: { from: Instant; to: Instant; note: string; monitors: string[] | null }[]
}

const dayMs = 86_400_000
const hourMs = 3_600_000
/** How long what changes seldom is kept. */
const keptMs = 60_000

const markOf = (day: Omit<Rollup, 'latency'> | undefined): DayMark => {
  if (!day) return '-'
  if (day.downMs > 0) return 'd'
  if (day.degradedMs > 0) return 'g'
  if (day.upMs > 0) return 'u'
  return day.maintenanceMs > 0 ? 'u' : 'n'
}

const groupBy = <T extends { monitor: string }>(rows: readonly T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(row.monitor)
    if (group) group.push(row)
    else groups.set(row.monitor, [row])
  }
  return groups
}

type Slow = {
  days: Map<string, Rollup[]>
  quantiles: Map<string, { p50: number | null; p95: number | null }>
  readAt: number
}

const readSlow = async (store: Store, now: Instant): Promise<Slow> => {
  const { from } = ninetyDays(now)
  const today = Math.floor(now / dayMs) * dayMs
  const [days, hours] = await Promise.all([
    store.rollups('day', { from, to: today, latency: false }),
    store.rollups('hour', { from: now - 24 * hourMs, to: now }),
  ])
  const quantiles = new Map<string, { p50: number | null; p95: number | null }>()
  for (const [name, rows] of groupBy(hours)) {
    const all = mergeBuckets(...rows.map(({ latency }) => latency ?? []))
    quantiles.set(name, { p50: quantile(all, 0.5), p95: quantile(all, 0.95) })
  }
  return { days: groupBy(days), quantiles, readAt: now }
}

const boardIncident = ({
  id,
  title,
  state,
  since,
  resolvedAt,
  acknowledgedAt,
  acknowledgedBy,
  deploy,
  parts,
}: Incident): BoardIncident => ({
  ...{ id, title, state, since, resolvedAt, acknowledgedAt, acknowledgedBy, deploy },
  parts: parts.slice(0, 50).map(({ monitor, detail, since: from, until }) => ({
    ...{ monitor, since: from, until },
    detail: seenInWords(detail),
  })),
})

const boardAlert = (message: Message): BoardAlert => ({
  ...{ channel: message.channel, status: message.status },
  ...{ createdAt: message.createdAt, deliveredAt: message.deliveredAt },
  title: message.body.title,
  isUndeliverable: isUndeliverable(message),
  attempts: message.attempts.slice(-10).map(({ at, ok, answer }) => ({ at, ok, answer })),
})

/** The month of the whole product: minutes of all, and what is left of the worst. */
const monthPart = (
  monitors: readonly BoardMonitor[],
  days: readonly Rollup[],
  target: number,
  month: { from: Instant; to: Instant },
): Board['month'] => {
  const all = uptimeOf(days)
  const whole = leftToLose({ ...all, downMs: 0, maintenanceMs: 0 }, target, month)
  const worst = monitors
    .filter(one => one.month.percent !== null)
    .reduce<BoardMonitor | null>((least, one) => (!least || one.month.leftMs < least.month.leftMs ? one : least), null)
  return {
    percent: all.percent,
    leftMs: worst?.month.leftMs ?? whole,
    worst: worst && worst.month.leftMs < whole ? worst.name : null,
    unknownMs: all.unknownMs,
    ...month,
  }
}

/** What a monitor's days and hours say of it. */
type Past = {
  days: readonly Rollup[]
  quantiles: { p50: number | null; p95: number | null } | undefined
  /** Where its 90 days and the month begin. */
  from: Instant
  month: { from: Instant; to: Instant }
}

const boardMonitor = (
  { name, kind, target: looksAt, intervalMs }: MonitorRow,
  state: StateRow | undefined,
  { days, quantiles, from, month }: Past,
  { target, now }: { target: number; now: Instant },
): BoardMonitor => {
  const byDay = new Map(days.map(day => [Math.round((day.at - from) / dayMs), day]))
  const ofMonth = uptimeOf(days.filter(({ at }) => at >= month.from))
  const of90 = uptimeOf(days)
  const isStale = state?.lookedAt ? now - state.lookedAt > Math.max(3 * intervalMs, 180_000) : false
  return {
    ...{ name, kind, target: looksAt },
    state: !state || state.lookedAt === null ? 'waiting' : isStale ? 'stale' : state.state,
    since: state?.since ?? null,
    lookedAt: state?.lookedAt ?? null,
    latencyMs: state?.latencyMs ?? null,
    detail: state?.detail ?? '',
    ...(quantiles ?? { p50: null, p95: null }),
    days: Array.from({ length: 90 }, (_, at) => markOf(byDay.get(at))).join(''),
    percent90: of90.percent,
    downMs90: of90.downMs,
    month: { percent: ofMonth.percent, leftMs: leftToLose(ofMonth, target, month), unknownMs: ofMonth.unknownMs },
  }
}

/** A reader of the board over one store. */
export const createBoardReader = (
  store: () => Store,
  { target }: { target: number },
): ((now: Instant) => Promise<Board>) => {
  let slow: Slow | null = null
  return async now => {
    if (!slow || now - slow.readAt > keptMs || now < slow.readAt) slow = await readSlow(store(), now)
    const kept = slow
    const today = Math.floor(now / dayMs) * dayMs
    const month = monthOf(now)
    const [rows, states, todays, incidents, messages, events, windows, watcher] = await Promise.all([
      store().monitors(),
      store().states(),
      store().rollups('day', { from: today, to: now + 1, latency: false }),
      store().incidents({ limit: 50 }),
      store().messages({ limit: 50 }),
      store().events({ limit: 50 }),
      store().maintenance({ from: now, limit: 20 }),
      store().watcher(),
    ])
    const stateOf = new Map(states.map(state => [state.monitor, state]))
    const todayOf = groupBy(todays)
    const { from } = ninetyDays(now)
    const monitors = rows
      .filter(({ retired }) => retired === null)
      .map(row => {
        const days = [...(kept.days.get(row.name) ?? []), ...(todayOf.get(row.name) ?? [])]
        const past = { days, quantiles: kept.quantiles.get(row.name), from, month }
        return boardMonitor(row, stateOf.get(row.name), past, { target, now })
      })
    const all = [...kept.days.values(), ...todayOf.values()].flat().filter(({ at }) => at >= month.from)
    return {
      at: now,
      target,
      month: monthPart(monitors, all, target, month),
      watcherAt: watcher?.beatAt ?? null,
      monitors,
      incidents: incidents.map(boardIncident),
      alerts: messages.map(boardAlert),
      events,
      maintenance: windows.map(({ from: begins, to, note, monitors: names }) => ({
        from: begins,
        to,
        note,
        monitors: names,
      })),
    }
  }
}

/** Hours of a monitor's latency, for its curve: time in seconds, median, p95. */
export type LatencyCurve = { at: number[]; p50: (number | null)[]; p95: (number | null)[] }

export const readCurve = async (store: Store, monitor: string, now: Instant): Promise<LatencyCurve> => {
  const rows = await store.rollups('hour', { from: now - 7 * dayMs, to: now, monitor })
  return {
    at: rows.map(({ at }) => at / 1000),
    p50: rows.map(({ latency }) => latency && quantile(latency, 0.5)),
    p95: rows.map(({ latency }) => latency && quantile(latency, 0.95)),
  }
}
