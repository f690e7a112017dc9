// What follows from a look: what is believed, which incident it belongs to, and who is told.
import type { Channel } from './alerts/channel.ts'
import { type Condition, cannotSee, isDueReminder, judgeCondition, judgeSight, type Told } from './incidents.ts'
import type { Looked } from './look.ts'
import type { Held, Memory } from './loop-memory.ts'
import type { Monitor, MonitorSection } from './plan.ts'
import type { Incident, ProductEvent, StateRow } from './store.ts'
import { cancelledBy, tell } from './telling.ts'
import { ackPlace, type Known } from './texts.ts'
import { afterLook, firstState, inWindow } from './transition.ts'
import { windowsOf } from './windows.ts'

/** All that one watcher has while it runs; `held` is exchanged at each write. */
export type Session = {
  section: MonitorSection
  channels: readonly Channel[]
  clock: { now(): number; elapsed(): number }
  mask: (text: string) => string
  byName: ReadonlyMap<string, Monitor>
  memory: Memory
  held: Held
}

const knownIn =
  ({ byName }: Session) =>
  (name: string): Known | null => {
    const monitor = byName.get(name)
    if (!monitor) return null
    const { kind, target, config } = monitor
    return { kind, target, customers: config.customers ?? null, runbook: config.runbook ?? null }
  }

const deployBefore = ({ memory }: Session, at: number): ProductEvent | null =>
  memory.deploys.find(deploy => deploy.at <= at) ?? null

/** Takes in what changed of incidents, and makes the messages. */
export const takeIn = (session: Session, changed: readonly Incident[], told: readonly Told[]): void => {
  const { memory, held, channels, clock, section } = session
  for (const given of changed) {
    const incident = { ...given, deploy: given.deploy ?? deployBefore(session, given.since)?.id ?? null }
    memory.open = memory.open.filter(({ id }) => id !== incident.id)
    if (incident.resolvedAt === null) memory.open.push(incident)
    held.incidents.set(incident.id, incident)
  }
  for (const item of told) {
    const context = {
      now: clock.now(),
      known: knownIn(session),
      runbook: section.runbook ?? null,
      deploy: deployBefore(session, item.incident.since),
      acknowledge: ackPlace,
    }
    const { messages, cancel } = tell(item, channels, context)
    held.messages.push(...messages)
    held.cancel.push(...cancel)
  }
}

/** Sorts by time, and no two are the same. */
const idOf = (monitor: string, at: number): string => {
  const sum = [...monitor].reduce((total, letter) => (total * 31 + letter.codePointAt(0)!) >>> 0, at % 997)
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}-${sum.toString(36)}`
}

/** Which monitors we could not look at because of us; one incident of its own. */
const judgeBlindness = (session: Session, name: string, isOurs: boolean, row: StateRow): void => {
  const { memory, clock } = session
  if (row.state === 'unknown' && isOurs) memory.blind.add(name)
  else if (row.state !== 'unknown' && row.pending?.state !== 'unknown') memory.blind.delete(name)
  const at = clock.now()
  const judged = judgeSight(memory.open, { blind: [...memory.blind], at, id: idOf(cannotSee, at) })
  takeIn(session, judged.changed, judged.told)
}

/** What a look changes; `again`: what was seen is to be confirmed soon, `news`: it is to be written at once. */
export const takeLook = (session: Session, monitor: Monitor, looked: Looked): { again: boolean; news: boolean } => {
  const { memory, held, clock, section, byName } = session
  const at = clock.now()
  const before = memory.states.get(monitor.name) ?? firstState(monitor.name, at)
  const windows = windowsOf(
    monitor.name,
    { recurring: section.maintenance, manual: memory.manual },
    { from: Math.min(before.accountedUntil, at), to: at + 1 },
  )
  const { latencyMs, address, isCertain, state } = looked
  const detail = session.mask(looked.detail).slice(0, 300)
  const moved = afterLook(
    before,
    { at, state, latencyMs, detail, address, isCertain },
    { intervalMs: monitor.intervalMs, confirm: section.confirm, windows },
  )
  memory.states.set(monitor.name, moved.row)
  held.states.set(monitor.name, moved.row)
  held.results.push(moved.result)
  held.spans.push(...moved.spans)
  judgeBlindness(session, monitor.name, looked.isOurs, moved.row)
  const condition: Condition = {
    row: moved.row,
    host: monitor.host,
    cause: looked.cause,
    maintenance: inWindow(windows, at),
    heldOpen: moved.row.flapping,
  }
  const { changed, told } = judgeCondition(memory.open, condition, {
    alertOn: section.alertOn,
    hostOf: name => byName.get(name)?.host ?? null,
    // After a clock was set back, what is accounted for lies ahead, and would be the same for two outages.
    newId: ({ row }) => idOf(row.monitor, Math.min(row.since, at)),
  })
  takeIn(session, changed, told)
  return { again: moved.again, news: changed.length > 0 || told.length > 0 || moved.before !== null }
}

/** Reminds of what nobody has acknowledged. */
export const remind = (session: Session): void => {
  const now = session.clock.now()
  for (const incident of [...session.memory.open])
    if (isDueReminder(incident, now, session.section.remind)) {
      const reminded = { ...incident, remindedAt: now }
      takeIn(session, [reminded], [{ event: 'reminder', incident: reminded, monitor: null }])
    }
}

/** Somebody took care of it: who would have been called next is not. */
export const takeAcknowledged = ({ memory, held, channels }: Session, stored: readonly Incident[]): void => {
  for (const { id, acknowledgedAt, acknowledgedBy } of stored) {
    const own = memory.open.find(incident => incident.id === id)
    if (!own || own.acknowledgedAt !== null || acknowledgedAt === null) continue
    Object.assign(own, { acknowledgedAt, acknowledgedBy })
    held.cancel.push(...cancelledBy(own, channels))
  }
}

/** An incident of a monitor that the config has no more ends with it. */
export const dropRetired = (session: Session): void => {
  const { memory, byName, clock } = session
  const at = clock.now()
  for (const incident of memory.open.filter(({ cause }) => cause !== cannotSee)) {
    const parts = incident.parts.map(part =>
      part.until === null && !byName.has(part.monitor) ? { ...part, until: at } : part,
    )
    if (parts.every((part, index) => part === incident.parts[index])) continue
    const over = parts.every(({ until }) => until !== null)
    const changed = { ...incident, parts, resolvedAt: over ? at : null }
    takeIn(session, [changed], over ? [{ event: 'up', incident: changed, monitor: null }] : [])
  }
  for (const name of memory.blind) if (!byName.has(name)) memory.blind.delete(name)
}
