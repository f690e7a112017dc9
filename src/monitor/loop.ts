// The loop: what is due is looked at, what was seen is believed or not, and all that follows is written in one go. It keeps on when the
// store does not: what could not be written is held, and its messages go out all the same.
import type { Clock } from '../core/clock.ts'
import type { Channel } from './alerts/channel.ts'
import { dropRetired, remind, type Session, takeAcknowledged, takeLook } from './follow.ts'
import { type LookWays, lookAt } from './look.ts'
import { asChange, emptyChange, isEmpty, joined, loadMemory, readWritten } from './loop-memory.ts'
import type { Outbox } from './outbox.ts'
import type { Monitor, MonitorSection } from './plan.ts'
import { createSlots, nextAt, type Slot, takeDue } from './schedule.ts'
import { StoreError } from './sql.ts'
import type { NewMessage, Store } from './store.ts'

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
  /** Prolongs the watch. False: another has it, and the loop ends. */
  prolong: () => Promise<boolean>
  onLook?: (lateMs: number) => void
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
const finishMs = 8_000
/** Without a write for so long nobody is told that all is well. */
const wellMs = 60_000

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Writes what is held, one write after the other. */
const createWriter = (ways: LoopWays, session: Session) => {
  const { clock, say, outbox } = ways
  let failing = false
  let writtenAt = clock.elapsed()
  let underWay: readonly NewMessage[] = []
  let writing: Promise<void> = Promise.resolve()

  /** A store that is damaged is begun anew, with what is open now. */
  const repair = async (error: unknown): Promise<void> => {
    if (!(error instanceof StoreError) || error.fault !== 'corrupt') return
    try {
      await ways.renew()
      for (const [name, state] of session.memory.states) session.held.states.set(name, state)
      for (const incident of session.memory.open) session.held.incidents.set(incident.id, incident)
    } catch (again) {
      say(said(again))
    }
  }

  const fails = async (error: unknown): Promise<void> => {
    if (!failing) say(`${said(error)} What is seen is held in memory until it can be written; alerts go out.`)
    failing = true
    await repair(error)
  }

  const write = async (): Promise<void> => {
    const now = session.held
    if (!isEmpty(now)) {
      session.held = emptyChange()
      underWay = now.messages
      try {
        await ways.store().apply(asChange(now))
        if (failing) say('The store can be written again; nothing that was seen is lost.')
        failing = false
      } catch (error) {
        session.held = joined(now, session.held)
        await fails(error)
        return
      } finally {
        underWay = []
      }
    }
    writtenAt = clock.elapsed()
  }
  return {
    /** Writes, then sends what is due. */
    turn: (): Promise<void> => {
      writing = writing.then(write).then(() => void outbox.round())
      return writing
    },
    /** Writing went well, and reading did not. */
    unread: (error: unknown): Promise<void> => {
      writing = writing.then(() => repair(error))
      return writing
    },
    unsaved: (): readonly NewMessage[] => [...session.held.messages, ...underWay],
    isWell: (): boolean => clock.elapsed() - writtenAt < wellMs,
  }
}

/** Starts the looks that are due, and takes in what they saw. */
const createLooking = (ways: LoopWays, session: Session, turn: () => Promise<void>) => {
  const { clock, signal, section, monitors, onLook } = ways
  const { memory } = session
  const lookWays: LookWays = { ...ways.look, beats: () => memory.beats }
  const slots = createSlots(monitors, clock.elapsed(), {
    wallNow: clock.now(),
    lookedAt: name => memory.states.get(name)?.lookedAt ?? null,
  })
  // What was seen and not believed yet is looked at again at once.
  for (const slot of slots) if (memory.states.get(slot.item.name)?.pending) slot.retryAt = clock.elapsed()
  const underWay = new Set<Promise<void>>()
  const lookOnce = async (slot: Slot<Monitor>): Promise<void> => {
    const monitor = slot.item
    const looked = await lookAt(monitor, lookWays, memory.states.get(monitor.name)?.address ?? null)
    slot.busy = false
    // Told to stop in the middle: what was cut short proves nothing.
    if (signal.aborted && looked.state !== 'up') return
    const { again, news } = takeLook(session, monitor, looked)
    if (again) slot.retryAt = clock.elapsed() + Math.min(section.confirm.after, monitor.intervalMs)
    if (news) void turn()
  }
  return {
    start(): void {
      for (const { slot, dueAt } of takeDue(slots, clock.elapsed())) {
        onLook?.(clock.elapsed() - dueAt)
        const looking: Promise<void> = lookOnce(slot).finally(() => underWay.delete(looking))
        underWay.add(looking)
      }
    },
    nextAt: (): number => nextAt(slots),
    finish: (): Promise<unknown> => Promise.race([Promise.all(underWay), clock.sleep(finishMs)]),
  }
}

/** What others wrote: acknowledgements, beats, deploys, maintenance. */
const readOthers = async ({ store, clock }: LoopWays, session: Session): Promise<void> => {
  Object.assign(session.memory, await readWritten(store(), clock.now()))
  if (session.memory.open.length > 0) takeAcknowledged(session, await store().incidents({ open: true }))
}

export const createLoop = async (ways: LoopWays): Promise<Loop> => {
  const { section, monitors, channels, clock, signal, mask } = ways
  const session: Session = {
    section,
    channels,
    clock,
    mask,
    byName: new Map(monitors.map(monitor => [monitor.name, monitor])),
    memory: await loadMemory(ways.store(), clock.now()),
    held: emptyChange(),
  }
  const { turn, unread, unsaved, isWell } = createWriter(ways, session)
  const looking = createLooking(ways, session, turn)
  const run: Loop['run'] = async () => {
    dropRetired(session)
    let turnAt = 0
    let prolongAt = 0
    let tidyAt = clock.elapsed() + tidyMs / 100
    let isOurs = true
    while (!signal.aborted && isOurs) {
      looking.start()
      const now = clock.elapsed()
      if (now >= turnAt) {
        turnAt = now + turnMs
        await readOthers(ways, session).catch(unread)
        remind(session)
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
      await clock.sleep(Math.max(1, Math.min(looking.nextAt(), turnAt) - clock.elapsed()), signal)
    }
    await looking.finish()
    await turn()
    return isOurs ? 'stopped' : 'lost'
  }
  return { run, unsaved, isWell }
}
