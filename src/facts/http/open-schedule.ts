// An open schedule: requests go out when they are due, not when the one before is answered, so that a server that stops for a while is
// seen as its customers see it. One for each host; its turns go round the routes that are measured there.
import type { Clock } from '../../core/clock.ts'
import { seeded, shuffled } from '../../formats/perf/seeded.ts'

/** One turn: when it was due (`attended` of the clock). Resolves when the answer is there. */
export type Member = { take(due: number): Promise<void> }

export type OpenSchedule = {
  /** Takes part in the rounds until `leave` is called. */
  join(member: Member): { leave(): void }
  /** No turn before this instant of `attended`: the host has asked for a pause. */
  pauseUntil(instant: number): void
  /** Resolves when nobody takes part any more. */
  quiet(): Promise<void>
  /** Turns that passed unused because as many requests as may be were under way. */
  missed(): number
  /** Milliseconds between two turns. */
  stepMs: number
}

/**
 * Turns are this much longer than the rate allows. A beat of exactly half a second would meet what happens each second, or each five
 * seconds, always at the same moment of it.
 */
const offBeat = 1.0309

export type ScheduleInput = {
  clock: Clock
  /** Turns a second. */
  rate: number
  /** Requests under way at once. */
  inFlight: number
  signal: AbortSignal
}

/** Resolves at an instant of `attended`, or when the run is interrupted. */
const until = (clock: Clock, signal: AbortSignal, instant: number): Promise<void> =>
  new Promise(resolve => {
    const left = instant - clock.attended()
    if (left <= 0 || signal.aborted) {
      resolve()
      return
    }
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(left, end)
    signal.addEventListener('abort', end, { once: true })
  })

/** Whose turn it is: each in each round, in another order, so that no route always meets the same moment of what happens by the clock. */
const createRounds = (members: ReadonlySet<Member>): (() => Member | null) => {
  const random = seeded(1)
  let round: Member[] = []
  return () => {
    for (;;) {
      if (round.length === 0) round = shuffled([...members], random)
      const member = round.shift()
      if (member === undefined || members.has(member)) return member ?? null
    }
  }
}

/** Runs at most so many at once; `free` resolves when another may begin. */
const createBound = (atOnce: number): { free(): Promise<void>; run(task: Promise<void>): void } => {
  let underWay = 0
  let onFree: (() => void) | null = null
  return {
    free: () =>
      underWay < atOnce
        ? Promise.resolve()
        : new Promise(resolve => {
            onFree = resolve
          }),
    run: task => {
      underWay += 1
      void task.finally(() => {
        underWay -= 1
        onFree?.()
        onFree = null
      })
    },
  }
}

/** An empty schedule: its turns begin when somebody joins, and end when nobody is left. */
export const createOpenSchedule = ({ clock, rate, inFlight, signal }: ScheduleInput): OpenSchedule => {
  const stepMs = (1000 / rate) * offBeat
  const members = new Set<Member>()
  const next = createRounds(members)
  const bound = createBound(inFlight)
  let missed = 0
  let runs = false
  let notBefore = 0
  let onQuiet: (() => void)[] = []

  const turns = async (): Promise<void> => {
    let base = clock.attended()
    for (let nth = 0; members.size > 0 && !signal.aborted; ) {
      if (notBefore > base + nth * stepMs) {
        base = notBefore
        nth = 0
      }
      const due = base + nth * stepMs
      await until(clock, signal, due)
      if (notBefore > due) continue
      const ready = clock.attended()
      await bound.free()
      const held = clock.attended() - ready
      const member = next()
      if (member) bound.run(member.take(due))
      // What passed while everything was under way is not made up for: a burst is no customer.
      const passed = Math.max(0, Math.floor((clock.attended() - due) / stepMs))
      // Where we were late ourselves the target is not to blame.
      if (held > stepMs) missed += Math.min(passed, Math.floor(held / stepMs))
      nth += 1 + passed
    }
    runs = false
    for (const resolve of onQuiet) resolve()
    onQuiet = []
  }
  return {
    stepMs,
    missed: () => missed,
    join(member) {
      members.add(member)
      if (!runs) {
        runs = true
        void turns()
      }
      return { leave: () => void members.delete(member) }
    },
    pauseUntil(instant) {
      notBefore = Math.max(notBefore, instant)
    },
    quiet: () => (runs ? new Promise(resolve => onQuiet.push(resolve)) : Promise.resolve()),
  }
}
