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

export const createOpenSchedule = ({ clock, rate, inFlight, signal }: ScheduleInput): OpenSchedule => {
  const stepMs = (1000 / rate) * offBeat
  const random = seeded(1)
  const members = new Set<Member>()
  let round: Member[] = []
  let underWay = 0
  let missed = 0
  let start: number | null = null
  let nth = 0
  let notBefore = 0
  let onFree: (() => void) | null = null
  let onQuiet: (() => void)[] = []

  const next = (): Member | null => {
    for (;;) {
      // Another order in each round, so that no route always meets the same moment of what the server does by the clock.
      if (round.length === 0) round = shuffled([...members], random)
      const member = round.shift()
      if (member === undefined) return null
      if (members.has(member)) return member
    }
  }
  const until = (instant: number): Promise<void> =>
    new Promise(resolve => {
      const left = instant - clock.attended()
      if (left <= 0 || signal.aborted) {
        resolve()
        return
      }
      const cancel = clock.after(left, () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
      const stop = (): void => {
        cancel()
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
    })
  const free = async (): Promise<void> => {
    if (underWay < inFlight) return
    await new Promise<void>(resolve => {
      onFree = resolve
    })
  }
  const send = (member: Member, due: number): void => {
    underWay += 1
    void member.take(due).finally(() => {
      underWay -= 1
      onFree?.()
      onFree = null
    })
  }
  const turns = async (): Promise<void> => {
    const began = clock.attended()
    start = began
    nth = 0
    let base = began
    while (members.size > 0 && !signal.aborted) {
      if (notBefore > base + nth * stepMs) {
        base = notBefore
        nth = 0
      }
      const due = base + nth * stepMs
      await until(due)
      if (notBefore > due) continue
      await free()
      const member = next()
      if (member) send(member, due)
      // What passed while everything was under way is not made up for: a burst is no customer.
      const passed = Math.max(0, Math.floor((clock.attended() - due) / stepMs))
      missed += passed
      nth += 1 + passed
    }
    start = null
    for (const resolve of onQuiet) resolve()
    onQuiet = []
  }
  return {
    stepMs,
    missed: () => missed,
    join(member) {
      members.add(member)
      if (start === null) {
        start = clock.attended()
        void turns()
      }
      return { leave: () => void members.delete(member) }
    },
    pauseUntil(instant) {
      notBefore = Math.max(notBefore, instant)
    },
    quiet: () => (start === null ? Promise.resolve() : new Promise(resolve => onQuiet.push(resolve))),
  }
}
