// The loop: what is due is looked at, what was seen is believed or not, and all that follows is written in one go. It keeps on when the
// store does not: what could not be written is held, and its messages go out all the same.
import type { Clock } from '../core/clock.ts'
import type { Channel } from './alerts/channel.ts'
import { type Condition, isDueReminder, judgeCondition, judgeSight, type Told } from './incidents.ts'
import { type Looked, type LookWays, lookAt } from './look.ts'
import type { Outbox } from './outbox.ts'
import type { Monitor, MonitorSection } from './plan.ts'
import { createSlots, nextAt, type Slot, takeDue } from './schedule.ts'
import { StoreError } from './sql.ts'
import type { Beat, Change, Incident, Maintenance, NewMessage, ProductEvent, StateRow, Store } from './store.ts'
import { cancelledBy, tell } from './telling.ts'
import { ackPlace, type Known } from './texts.ts'
import { afterLook, firstState, inWindow } from './transition.ts'
import { windowsOf } from './windows.ts'

export type LoopWays = {
  section: MonitorSection
  monitors: readonly Monitor[]
  channels: readonly Channel[]
  store: () => Store
  /** After a store that was damaged: opens another; throws where that does not work. */
  renew: () => Promise<void>
  look: Omit<LookWays, 'beats'>
  outbox: Outbox
  clock: Clock
  signal: AbortSignal
  mask: (text: string) => string
  say: (line: string) => void
  /** Each turn that was written: prolongs the watch. False: another has it, and the loop ends. */
  prolong: () => Promise<boolean>
  onLook?: (lateMs: number) => void
}

/** What the loop knows; the store holds the same, but for what could not be written yet. */
type Memory = {
  states: Map<string, StateRow>
  open: Incident[]
  deploys: ProductEvent[]
  manual: Maintenance[]
  beats: ReadonlyMap<string, Beat>
  blind: Set<string>
}

export type Loop = {
  /** Until the signal is aborted or the watch is lost; what is under way is finished. */
  run(): Promise<'stopped' | 'lost'>
  /** Messages that the store does not hold yet. */
  unsaved(): readonly NewMessage[]
  /** Whether it looks and writes: what the dead man is told. */
  isWell(): boolean
}

const turnMs = 1_000
const prolongMs = 5_000
const tidyMs = 6 * 3_600_000
/** Looks held while the store cannot be written: a day of twenty monitors. */
const mostHeld = 30_000
const finishMs = 8_000

const emptyChange = () => ({
  results: [] as NonNullable<Change['results']>[number][],
  spans: [] as NonNullable<Change['spans']>[number][],
  states: new Map<string, StateRow>(),
  incidents: new Map<string, Incident>(),
  messages: [] as NewMessage[],
  cancel: [] as string[],
})

type Held = ReturnType<typeof emptyChange>

const isEmpty = ({ results, states, incidents, messages, cancel }: Held): boolean =>
  results.length + states.size + incidents.size + messages.length + cancel.length === 0

const asChange = (held: Held): Change => ({
  ...held,
  states: [...held.states.values()],
  incidents: [...held.incidents.values()],
})

/** What came later over what came before. */
const joined = (before: Held, later: Held): Held => ({
  results: [...before.results, ...later.results].slice(-mostHeld),
  spans: [...before.spans, ...later.spans].slice(-2 * mostHeld),
  states: new Map([...before.states, ...later.states]),
  incidents: new Map([...before.incidents, ...later.incidents]),
  messages: [...before.messages, ...later.messages],
  cancel: [...before.cancel, ...later.cancel],
})

const load = async (store: Store, now: number): Promise<Memory> => ({
  states: new Map((await store.states()).map(state => [state.monitor, state])),
  open: await store.incidents({ open: true }),
  deploys: await store.events({ kind: 'deploy', limit: 20 }),
  manual: await store.maintenance({ from: now - 86_400_000 }),
  beats: new Map((await store.beats()).map(beat => [beat.name, beat])),
  blind: new Set(),
})

export const createLoop = async (ways: LoopWays): Promise<Loop> => {
  const { section, monitors, channels, clock, signal, say } = ways
  const memory = await load(ways.store(), clock.now())
  for (const incident of memory.open)
    if (incident.cause === 'cannot-see') for (const { monitor } of incident.parts) memory.blind.add(monitor)
  const byName = new Map(monitors.map(monitor => [monitor.name, monitor]))
  const lookWays: LookWays = { ...ways.look, beats: () => memory.beats }
  const slots = createSlots(monitors, clock.elapsed())
  const underWay = new Set<Promise<void>>()
  let held = emptyChange()
  let writing: Promise<void> = Promise.resolve()
  let failingSince: number | null = null
  let writtenAt = clock.elapsed()

  const known = (name: string): Known | null => {
    const monitor = byName.get(name)
    if (!monitor) return null
    const { kind, target, config } = monitor
    return { kind, target, customers: config.customers ?? null, runbook: config.runbook ?? null }
  }
  const deployBefore = (at: number): ProductEvent | null => memory.deploys.find(deploy => deploy.at <= at) ?? null

  const takeIn = (changed: readonly Incident[], told: readonly Told[]): void => {
    for (const given of changed) {
      const incident = { ...given, deploy: given.deploy ?? deployBefore(given.since)?.id ?? null }
      memory.open = memory.open.filter(({ id }) => id !== incident.id)
      if (incident.resolvedAt === null) memory.open.push(incident)
      held.incidents.set(incident.id, incident)
    }
    for (const item of told) {
      const context = {
        now: clock.now(),
        known,
        runbook: section.runbook ?? null,
        deploy: deployBefore(item.incident.since),
        acknowledge: ackPlace,
      }
      const { messages, cancel } = tell(item, channels, context)
      held.messages.push(...messages)
      held.cancel.push(...cancel)
    }
  }

  const windows = (monitor: Monitor, row: StateRow, at: number) =>
    windowsOf(
      monitor.name,
      { recurring: section.maintenance, manual: memory.manual },
      { from: Math.min(row.accountedUntil, at), to: at + 1 },
    )

  const incidentRules = {
    alertOn: section.alertOn,
    hostOf: (name: string) => byName.get(name)?.host ?? null,
    newId: ({ row }: Condition) => idOf(row.monitor, row.since),
  }

  /** Which monitors we could not look at because of us; one incident of its own. */
  const judgeBlindness = (name: string, looked: Looked, row: StateRow): void => {
    if (row.state === 'unknown' && looked.isOurs) memory.blind.add(name)
    else if (row.state !== 'unknown' && row.pending?.state !== 'unknown') memory.blind.delete(name)
    const at = clock.now()
    const { changed, told } = judgeSight(memory.open, { blind: [...memory.blind], at, id: idOf('cannot-see', at) })
    takeIn(changed, told)
  }

  const takeLook = (slot: Slot<Monitor>, looked: Looked): void => {
    const monitor = slot.item
    const at = clock.now()
    const before = memory.states.get(monitor.name) ?? firstState(monitor.name, at)
    const own = windows(monitor, before, at)
    const detail = ways.mask(looked.detail).slice(0, 300)
    const moved = afterLook(
      before,
      {
        at,
        state: looked.state,
        latencyMs: looked.latencyMs,
        detail,
        address: looked.address,
        isCertain: looked.isCertain,
      },
      { intervalMs: monitor.intervalMs, confirm: section.confirm, windows: own },
    )
    memory.states.set(monitor.name, moved.row)
    held.states.set(monitor.name, moved.row)
    held.results.push(moved.result)
    held.spans.push(...moved.spans)
    if (moved.again) slot.retryAt = clock.elapsed() + Math.min(section.confirm.after, monitor.intervalMs)
    judgeBlindness(monitor.name, looked, moved.row)
    const condition: Condition = {
      row: moved.row,
      host: monitor.host,
      cause: looked.cause,
      maintenance: inWindow(own, at),
      heldOpen: moved.row.flapping,
    }
    const { changed, told } = judgeCondition(memory.open, condition, incidentRules)
    takeIn(changed, told)
    if (changed.length > 0 || told.length > 0 || moved.before !== null) void turn()
  }

  const lookOnce = async (slot: Slot<Monitor>): Promise<void> => {
    const monitor = slot.item
    const looked = await lookAt(monitor, lookWays, memory.states.get(monitor.name)?.address ?? null)
    slot.busy = false
    // Told to stop in the middle: what was cut short proves nothing.
    if (!signal.aborted || looked.state === 'up') takeLook(slot, looked)
  }

  const storeFails = async (error: unknown): Promise<void> => {
    const fault = error instanceof StoreError ? error.fault : 'other'
    const message = error instanceof Error ? error.message : String(error)
    if (failingSince === null) say(`${message} What is seen is held in memory until it can be written; alerts go out.`)
    failingSince ??= clock.elapsed()
    if (fault !== 'corrupt') return
    try {
      await ways.renew()
      for (const [name, state] of memory.states) held.states.set(name, state)
      for (const incident of memory.open) held.incidents.set(incident.id, incident)
    } catch (again) {
      say(again instanceof Error ? again.message : String(again))
    }
  }

  const write = async (): Promise<void> => {
    if (isEmpty(held)) {
      writtenAt = clock.elapsed()
      return
    }
    const now = held
    held = emptyChange()
    pendingMessages = now.messages
    try {
      await ways.store().apply(asChange(now))
      pendingMessages = []
      writtenAt = clock.elapsed()
      if (failingSince !== null) say('The store can be written again; nothing that was seen is lost.')
      failingSince = null
    } catch (error) {
      held = joined(now, held)
      pendingMessages = []
      await storeFails(error)
    }
  }
  let pendingMessages: readonly NewMessage[] = []

  /** Writes, one after the other, then sends what is due. */
  const turn = (): Promise<void> => {
    writing = writing.then(write).then(() => {
      void ways.outbox.round()
    })
    return writing
  }

  /** What others wrote: acknowledgements, beats, deploys, maintenance. */
  const readOthers = async (): Promise<void> => {
    const store = ways.store()
    const now = clock.now()
    memory.beats = new Map((await store.beats()).map(beat => [beat.name, beat]))
    memory.deploys = await store.events({ kind: 'deploy', limit: 20 })
    memory.manual = await store.maintenance({ from: now - 86_400_000 })
    if (memory.open.length === 0) return
    for (const stored of await store.incidents({ open: true })) {
      const own = memory.open.find(({ id }) => id === stored.id)
      if (!own || own.acknowledgedAt !== null || stored.acknowledgedAt === null) continue
      Object.assign(own, { acknowledgedAt: stored.acknowledgedAt, acknowledgedBy: stored.acknowledgedBy })
      held.cancel.push(...cancelledBy(own, channels))
    }
  }

  const remind = (): void => {
    const now = clock.now()
    for (const incident of [...memory.open])
      if (isDueReminder(incident, now, section.remind)) {
        const reminded = { ...incident, remindedAt: now }
        takeIn([reminded], [{ event: 'reminder', incident: reminded, monitor: null }])
      }
  }

  const start = (): void => {
    for (const { slot, dueAt } of takeDue(slots, clock.elapsed())) {
      ways.onLook?.(clock.elapsed() - dueAt)
      const looking = lookOnce(slot).finally(() => underWay.delete(looking))
      underWay.add(looking)
    }
  }

  /** An incident of a monitor that the config has no more ends with it. */
  const dropRetired = (): void => {
    const at = clock.now()
    for (const incident of [...memory.open]) {
      if (incident.cause === 'cannot-see') continue
      const parts = incident.parts.map(part =>
        part.until === null && !byName.has(part.monitor) ? { ...part, until: at } : part,
      )
      if (parts.every((part, index) => part === incident.parts[index])) continue
      const over = parts.every(({ until }) => until !== null)
      const changed = { ...incident, parts, resolvedAt: over ? at : null }
      takeIn([changed], over ? [{ event: 'up', incident: changed, monitor: null }] : [])
    }
    for (const name of memory.blind) if (!byName.has(name)) memory.blind.delete(name)
  }

  const run: Loop['run'] = async () => {
    dropRetired()
    let turnAt = 0
    let prolongAt = 0
    let tidyAt = clock.elapsed() + 60_000
    let isOurs = true
    while (!signal.aborted && isOurs) {
      start()
      const now = clock.elapsed()
      if (now >= turnAt) {
        turnAt = now + turnMs
        await readOthers().catch(() => {})
        remind()
        await turn()
      }
      if (now >= prolongAt) {
        prolongAt = now + prolongMs
        isOurs = await ways.prolong().catch(() => true)
      }
      if (now >= tidyAt) {
        tidyAt = now + tidyMs
        await ways
          .store()
          .tidy(clock.now())
          .catch(() => {})
      }
      const wait = Math.min(nextAt(slots), turnAt) - clock.elapsed()
      await clock.sleep(Math.max(1, wait), signal)
    }
    await Promise.race([Promise.all(underWay), clock.sleep(finishMs)])
    await turn()
    return isOurs ? 'stopped' : 'lost'
  }
  return {
    run,
    unsaved: () => [...held.messages, ...pendingMessages],
    isWell: () => clock.elapsed() - writtenAt < 60_000,
  }
}

/** Sorts by time, and no two are the same. */
const idOf = (monitor: string, at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}-${[...monitor].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) >>> 0, at % 997).toString(36)}`
