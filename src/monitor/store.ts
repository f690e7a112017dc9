// What the monitor keeps, and the port through which everybody reads and writes it: watcher, dashboard, status page, checks. Two
// implementations, SQLite and PostgreSQL, hold to one conformance suite. No secret is ever in it: channels and monitors stand by name.
import type { MonitorKind } from '../formats/monitor/kinds.ts'
import type { Buckets } from './latency.ts'

/** Instants are milliseconds since the epoch, durations milliseconds. */
export type Instant = number

/** `unknown`: we could not look. Never counted as up or down. */
export type MonitorState = 'up' | 'degraded' | 'down' | 'unknown'

/** A monitor as the last watcher had it in its config. */
export type MonitorRow = {
  name: string
  kind: MonitorKind
  /** What is looked at, without user, password and query: a URL, `host:port`, `name TYPE`, a file. */
  target: string
  intervalMs: number
  /** What an answer is held against, beside that there is one: `status`, `text`, `json`, `daysLeft` … */
  expects: string[]
  /** Since when we know it. */
  since: Instant
  /** When it was taken out of the config; null while it is watched. */
  retired: Instant | null
}

/** How a monitor is now. */
export type StateRow = {
  monitor: string
  state: MonitorState
  /** Since when. */
  since: Instant
  /** The last look; null before the first. */
  lookedAt: Instant | null
  latencyMs: number | null
  /** What was seen, on one line; masked, and parts may come from strangers: escape it. */
  detail: string
  /** Up to when time is credited to states; what comes after is still open. */
  accountedUntil: Instant
  /** A state that was seen and is not believed yet. */
  pending: { state: MonitorState; since: Instant; tries: number } | null
  /** When it went down of late: what flaps is told from it. */
  downs: Instant[]
  /** It goes up and down: its incident stays open until it has been steady. */
  flapping: boolean
  /** Address that answered last: what shares it shares its outages. */
  address: string | null
}

/** One look. `seen` is what this look alone saw, `state` what is believed after it. */
export type Result = {
  monitor: string
  at: Instant
  seen: MonitorState
  state: MonitorState
  latencyMs: number | null
  maintenance: boolean
}

/** Time of one monitor credited to states: from a confirmed look to the next, gaps as unknown. */
export type Span = { monitor: string; from: Instant; to: Instant; state: MonitorState; maintenance: boolean }

export type Resolution = 'hour' | 'day'

/**
 * An hour or a day (UTC) of a monitor. Milliseconds by state; under maintenance they are in `maintenanceMs` alone. What is in none of
 * them was not watched at all: it counts as unknown.
 */
export type Rollup = {
  monitor: string
  /** Its beginning. */
  at: Instant
  upMs: number
  degradedMs: number
  downMs: number
  unknownMs: number
  maintenanceMs: number
  looks: number
  /** Latency of the looks that were answered; null where it was not asked for. */
  latency: Buckets | null
}

/** Uptime of a time: (up + degraded) / (up + degraded + down); null where nothing was seen. */
export type Uptime = { upMs: number; downMs: number; unknownMs: number; maintenanceMs: number; percent: number | null }

export type IncidentPart = {
  monitor: string
  state: MonitorState
  since: Instant
  until: Instant | null
  detail: string
}

export type Incident = {
  id: string
  /** What its parts share: `host:192.0.2.1`, `dns:example.com`, `certificate:app.example.com`, `monitor:api`, `cannot-see`. */
  cause: string
  state: 'down' | 'degraded' | 'cannot-see'
  title: string
  since: Instant
  /** When it was believed. */
  openedAt: Instant
  resolvedAt: Instant | null
  acknowledgedAt: Instant | null
  acknowledgedBy: string | null
  remindedAt: Instant | null
  /** The last deploy before it. */
  deploy: string | null
  parts: IncidentPart[]
}

export type MessageEvent = 'down' | 'up' | 'degraded' | 'reminder' | 'deploy' | 'job' | 'note' | 'cannot-see' | 'test'

/** What is said, the same for every channel: the JSON of a webhook is made of it. `text` is plain; channels escape it. */
export type MessageBody = {
  event: MessageEvent
  monitor: string | null
  state: MonitorState | null
  since: Instant | null
  incident: string | null
  title: string
  text: string
  /** Test alerts alone. */
  nonce?: string
}

export type Attempt = {
  at: Instant
  ok: boolean
  /** The provider's answer in few words, masked: `200 ok`, `connection refused`. */
  answer: string
  ms: number
}

/** One message to one channel. */
export type Message = {
  /** Also the idempotency key. */
  id: string
  channel: string
  /** Its place among the messages of the channel. */
  order: number
  body: MessageBody
  createdAt: Instant
  /** Not before: escalation, or the pause after an attempt that failed. */
  dueAt: Instant
  /** `cancelled`: an escalation that was not needed any more. */
  status: 'waiting' | 'delivered' | 'cancelled'
  deliveredAt: Instant | null
  attempts: Attempt[]
} & Standing

/** What is known of a message beside its attempts. */
export type Standing = {
  /** Those whom it is still to reach where some have it already; null for all. */
  left: readonly string[] | null
  /** How often it was refused for good, by all or by some. */
  refusals: number
}

/** How much later a message is tried again that its provider refused for good, time after time. */
export const rarelyMs = 86_400_000

/** Refused for good, and tried no more than once a day since. */
export const isUndeliverable = ({ status, attempts, dueAt }: Pick<Message, 'status' | 'attempts' | 'dueAt'>): boolean =>
  status === 'waiting' && dueAt - (attempts.at(-1)?.at ?? dueAt) >= rarelyMs

/** A message before the store gave it its order. */
export type NewMessage = Pick<Message, 'id' | 'channel' | 'body' | 'createdAt' | 'dueAt'>

/** That a test alert went the production path of a channel. */
export type Proof = {
  channel: string
  nonce: string
  sentAt: Instant
  /** The provider took it. */
  acceptedAt: Instant | null
  answer: string | null
  /** Somebody, or the inbox, saw it. */
  seenAt: Instant | null
  /** `inbox`, `link`, `command line`. */
  seenBy: string | null
}

export type ProductEvent = {
  id: string
  at: Instant
  kind: 'deploy' | 'job' | 'note'
  status: 'success' | 'failure' | null
  commit: string | null
  text: string
  by: string | null
  link: string | null
}

/** A maintenance window that somebody began by hand; those of the config come round by themselves. */
export type Maintenance = {
  id: string
  from: Instant
  to: Instant
  /** Null: all. */
  monitors: string[] | null
  note: string
}

export type Beat = {
  name: string
  at: Instant
  ok: boolean /** Reports in all. */
  count: number
  lastOkAt: Instant | null
}

/** Who runs the loop over this store. */
export type Watcher = { id: string; pid: number; host: string; startedAt: Instant; beatAt: Instant }

/** All that one turn of the loop changes: written whole or not at all. */
export type Change = {
  results?: readonly Result[]
  spans?: readonly Span[]
  states?: readonly StateRow[]
  /** New ones, and those that changed. */
  incidents?: readonly Incident[]
  /** Each is stored once: an id that is there already is left as it is. */
  messages?: readonly NewMessage[]
  /** Escalations that nobody needs any more; what was attempted is left. */
  cancel?: readonly string[]
}

export type Page = { from?: Instant; to?: Instant; limit?: number }

export type Store = {
  /** Path or host of the store, without password. */
  readonly where: string

  // The loop.
  apply(change: Change): Promise<void>
  setMonitors(monitors: readonly Omit<MonitorRow, 'since' | 'retired'>[], now: Instant): Promise<void>
  /** Takes the watch, or says who has it. On a file nobody else gets it until `close`; on PostgreSQL it is a lease that `beat` prolongs. */
  takeWatch(watcher: Watcher): Promise<{ taken: true } | { taken: false; by: Watcher | null }>
  /** Prolongs the watch; false when another has it. */
  beat(watcher: Watcher): Promise<boolean>
  leaveWatch(watcher: Watcher): Promise<void>
  watcher(): Promise<Watcher | null>
  /** Drops raw results over 35 days and hours over 13 months. */
  tidy(now: Instant): Promise<void>

  // The outbox.
  /** What waits, in the order of each channel. */
  waiting(): Promise<Message[]>
  /** Writes an attempt down; `dueAt` is when the next one is due where it failed, `standing` what is to be known then. */
  attempted(id: string, attempt: Attempt, dueAt: Instant, standing?: Standing): Promise<void>

  // What people and pipelines say.
  addEvent(event: ProductEvent, messages: readonly NewMessage[]): Promise<void>
  addMaintenance(window: Maintenance): Promise<void>
  endMaintenance(id: string, at: Instant): Promise<void>
  addBeat(beat: { name: string; at: Instant; ok: boolean }): Promise<void>
  /** False when there is no such open incident, or somebody has acknowledged it before. */
  acknowledge(incident: string, by: string, at: Instant): Promise<boolean>
  saveProof(proof: Proof): Promise<void>
  /** False when no such nonce was sent. What was seen before keeps its first date. */
  seen(nonce: string, by: string, at: Instant): Promise<boolean>

  // What is read.
  monitors(): Promise<MonitorRow[]>
  states(): Promise<StateRow[]>
  results(monitor: string, page: Page): Promise<Result[]>
  /** Sorted by monitor, then time; `latency: false` leaves the buckets out. */
  rollups(
    resolution: Resolution,
    page: { from: Instant; to: Instant; monitor?: string; latency?: boolean },
  ): Promise<Rollup[]>
  /** The newest first; `open` those that are not over. */
  incidents(page: Page & { open?: boolean; monitor?: string }): Promise<Incident[]>
  /** The alert history with its attempts, the newest first. */
  messages(page: Page & { channel?: string }): Promise<Message[]>
  events(page: Page & { kind?: ProductEvent['kind'] }): Promise<ProductEvent[]>
  maintenance(page: Page): Promise<Maintenance[]>
  beats(): Promise<Beat[]>
  proofs(): Promise<Proof[]>
  close(): Promise<void>
}

const dayMs = 86_400_000

/** From the first instant of the month (UTC) in which `at` lies to that of the next. */
export const monthOf = (at: Instant): { from: Instant; to: Instant } => {
  const day = new Date(at)
  return {
    from: Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1),
    to: Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1),
  }
}

/** The last 90 days up to the one in which `at` lies. */
export const ninetyDays = (at: Instant): { from: Instant; to: Instant } => {
  const to = (Math.floor(at / dayMs) + 1) * dayMs
  return { from: to - 90 * dayMs, to }
}

/** Uptime of some hours or days of one monitor. */
export const uptimeOf = (rollups: readonly Omit<Rollup, 'latency'>[]): Uptime => {
  const sum = { upMs: 0, downMs: 0, unknownMs: 0, maintenanceMs: 0 }
  for (const rollup of rollups) {
    sum.upMs += rollup.upMs + rollup.degradedMs
    sum.downMs += rollup.downMs
    sum.unknownMs += rollup.unknownMs
    sum.maintenanceMs += rollup.maintenanceMs
  }
  const seen = sum.upMs + sum.downMs
  return { ...sum, percent: seen === 0 ? null : (sum.upMs / seen) * 100 }
}

/** Milliseconds that may still be lost in this month without missing the target; negative where it is missed. */
export const leftToLose = (uptime: Uptime, targetPercent: number, month: { from: Instant; to: Instant }): number =>
  (month.to - month.from - uptime.maintenanceMs) * (1 - targetPercent / 100) - uptime.downMs
