// Incidents as a pure state machine: what joins what, when one is over, and who is to be told what.
import type { Incident, IncidentPart, MessageEvent, StateRow } from './store.ts'

/** A monitor after its look, with what incidents need to know of it. */
export type Condition = {
  row: StateRow
  host: string | null
  /** What others would share of its fault; null where nothing is wrong. */
  cause: string | null
  /** No alert and no incident begins now. */
  maintenance: boolean
  /** It flaps: it is not over before it has been well for a while. */
  heldOpen: boolean
}

export type Told = { event: MessageEvent; incident: Incident; monitor: string | null }

export type IncidentRules = {
  alertOn: readonly ('down' | 'degraded')[]
  /** Host of a monitor, for those that are parts already. */
  hostOf: (monitor: string) => string | null
  newId: (condition: Condition) => string
}

export const cannotSee = 'cannot-see'

/** Causes that take a whole host with them. */
const isWide = (cause: string): boolean => /^(?:dns|certificate|host|answer):/.test(cause)

/** Parts that are not over. */
export const openParts = ({ parts }: Incident): IncidentPart[] => parts.filter(({ until }) => until === null)

const partOf = (incident: Incident, monitor: string): IncidentPart | undefined =>
  openParts(incident).find(part => part.monitor === monitor)

/** The open incident that this fault belongs to: of the same cause, or of the same host where the cause takes the host. */
const joinable = (open: readonly Incident[], cause: string, host: string | null, rules: IncidentRules) =>
  open.find(incident => incident.cause === cause && incident.cause !== cannotSee) ??
  open.find(
    incident =>
      incident.cause !== cannotSee &&
      host !== null &&
      (isWide(incident.cause) || isWide(cause)) &&
      openParts(incident).some(part => rules.hostOf(part.monitor) === host),
  )

const newPart = ({ row }: Condition): IncidentPart => ({
  monitor: row.monitor,
  state: row.state,
  since: row.since,
  until: null,
  detail: row.detail,
})

const opened = (condition: Condition, cause: string, rules: IncidentRules): Incident => {
  const { row } = condition
  return {
    id: rules.newId(condition),
    cause,
    state: row.state === 'degraded' ? 'degraded' : 'down',
    title: `${row.monitor} is ${row.state === 'degraded' ? 'slow' : 'down'}`,
    since: row.since,
    openedAt: row.lookedAt ?? row.since,
    resolvedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    remindedAt: null,
    deploy: null,
    parts: [newPart(condition)],
  }
}

const withPart = (incident: Incident, monitor: string, change: Partial<IncidentPart>): Incident => ({
  ...incident,
  parts: incident.parts.map(part => (part.monitor === monitor && part.until === null ? { ...part, ...change } : part)),
})

const isBad = ({ row }: Condition, { alertOn }: IncidentRules): boolean =>
  (row.state === 'down' && alertOn.includes('down')) || (row.state === 'degraded' && alertOn.includes('degraded'))

/** What changes with a monitor that is down: a new incident, a new part, or what is known of it. */
const worse = (open: readonly Incident[], condition: Condition, rules: IncidentRules): Judged => {
  const { row, cause, host } = condition
  const own = open.find(incident => partOf(incident, row.monitor))
  if (own) {
    const part = partOf(own, row.monitor)!
    const changed = withPart(own, row.monitor, { state: row.state, detail: row.detail })
    if (own.state === 'degraded' && row.state === 'down') {
      const down: Incident = { ...changed, state: 'down', title: `${row.monitor} is down` }
      return { changed: [down], told: [{ event: 'down', incident: down, monitor: row.monitor }] }
    }
    return part.state === row.state && part.detail === row.detail ? none : { changed: [changed], told: [] }
  }
  if (condition.maintenance) return none
  const because = cause ?? `monitor:${row.monitor}`
  const shared = joinable(open, because, host, rules)
  if (shared) {
    const joined: Incident = { ...shared, parts: [...shared.parts, newPart(condition)] }
    if (shared.state === 'degraded' && row.state === 'down') {
      const down: Incident = { ...joined, state: 'down', title: `${row.monitor} is down` }
      return { changed: [down], told: [{ event: 'down', incident: down, monitor: row.monitor }] }
    }
    return { changed: [joined], told: [] }
  }
  const incident = opened(condition, because, rules)
  return {
    changed: [incident],
    told: [{ event: incident.state === 'down' ? 'down' : 'degraded', incident, monitor: row.monitor }],
  }
}

export type Judged = { changed: Incident[]; told: Told[] }
const none: Judged = { changed: [], told: [] }

/** What changes with a monitor that is well again. */
const better = (open: readonly Incident[], { row, heldOpen }: Condition): Judged => {
  const own = open.find(incident => partOf(incident, row.monitor))
  if (!own || heldOpen) return none
  const ended = withPart(own, row.monitor, { until: row.since })
  if (openParts(ended).length) return { changed: [ended], told: [] }
  const over: Incident = { ...ended, resolvedAt: row.lookedAt ?? row.since }
  return { changed: [over], told: [{ event: 'up', incident: over, monitor: row.monitor }] }
}

/** One monitor after its look, against the incidents that are open. An unknown monitor changes nothing: nobody knows. */
export const judgeCondition = (open: readonly Incident[], condition: Condition, rules: IncidentRules): Judged => {
  if (condition.row.state === 'unknown') return none
  return isBad(condition, rules) ? worse(open, condition, rules) : better(open, condition)
}

/** Whether we can see: `blind` are the monitors that we could not look at. One incident, whatever their number. */
export const judgeSight = (
  open: readonly Incident[],
  { blind, at, id }: { blind: readonly string[]; at: number; id: string },
): Judged => {
  const own = open.find(({ cause }) => cause === cannotSee)
  if (blind.length === 0) {
    if (!own) return none
    const parts = own.parts.map(part => ({ ...part, until: part.until ?? at }))
    const over: Incident = { ...own, parts, resolvedAt: at }
    return { changed: [over], told: [{ event: 'up', incident: over, monitor: null }] }
  }
  const known = new Set(own?.parts.map(({ monitor }) => monitor))
  const added = blind
    .filter(monitor => !known.has(monitor))
    .map(
      (monitor): IncidentPart => ({ monitor, state: 'unknown', since: at, until: null, detail: 'we could not look' }),
    )
  if (own) return added.length ? { changed: [{ ...own, parts: [...own.parts, ...added] }], told: [] } : none
  const incident: Incident = {
    id,
    cause: cannotSee,
    state: 'cannot-see',
    title: 'the monitor cannot see',
    since: at,
    openedAt: at,
    resolvedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    remindedAt: null,
    deploy: null,
    parts: added,
  }
  return { changed: [incident], told: [{ event: 'cannot-see', incident, monitor: null }] }
}

/** Whether somebody is to be reminded. */
export const isDueReminder = (incident: Incident, now: number, remindMs: number): boolean =>
  incident.resolvedAt === null &&
  incident.acknowledgedAt === null &&
  // A clock that was set back says nothing of how long it was.
  (now - (incident.remindedAt ?? incident.openedAt) >= remindMs ||
    now < (incident.remindedAt ?? incident.openedAt) - remindMs)
