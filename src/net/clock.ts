// The clock of the machine: the one place that reads it. Deadlines run in time in which this program had its turns.
import type { Clock } from '../core/clock.ts'
import { beatMs, createAttendance } from './attendance.ts'

/** Longer timers than this end at once (Node's setTimeout takes 31 bits). */
const longest = 2 ** 31 - 1

/** Work of our own during one wait, in multiples of it, that ends the wait: who keeps us busy does not get more time for it. */
const mostWork = 4
const leastWorkMs = 10_000

/** What the clock is made of: in tests something that can be turned. Each timer returns how to take it back. */
export type Machine = {
  now(): number
  elapsed(): number
  /** Milliseconds of processor time that this process has used. */
  work(): number
  timer(milliseconds: number, run: () => void): () => void
  every(milliseconds: number, run: () => void): () => void
  /** Calls `run` after what has arrived by now was delivered. */
  afterArrivals(run: () => void): () => void
}

/** Makes a clock; it beats as long as somebody waits for it. */
export const createClock = (machine: Machine): Clock => {
  const attendance = createAttendance(machine)
  let waiting = 0
  let stopBeating = (): void => {}
  const enter = (): void => {
    if (waiting++ > 0) return
    attendance.resume()
    stopBeating = machine.every(beatMs, attendance.beat)
  }
  const leave = (): void => {
    if (--waiting > 0) return
    attendance.pause()
    stopBeating()
  }

  const after: Clock['after'] = (milliseconds, run) => {
    enter()
    const due = attendance.attended() + Math.max(0, milliseconds)
    const worked = attendance.worked()
    let over = false
    let cancel = (): void => {}
    const end = (): void => {
      if (over) return
      over = true
      leave()
    }
    const arm = (wait: number): void => {
      cancel = machine.timer(Math.min(wait, longest), () => {
        attendance.beat()
        const left = due - attendance.attended()
        const isOverworked = attendance.worked() - worked > Math.max(leastWorkMs, mostWork * milliseconds)
        // Timers count whole milliseconds.
        if (left >= 1 && !isOverworked) return arm(left)
        cancel = machine.afterArrivals(() => {
          end()
          run()
        })
      })
    }
    arm(Math.max(0, milliseconds))
    return () => {
      if (over) return
      cancel()
      end()
    }
  }
  return {
    now: machine.now,
    elapsed: machine.elapsed,
    attended: attendance.attended,
    stalledSince: attendance.stalledSince,
    starved: attendance.starved,
    after,
    sleep: (milliseconds, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) {
          resolve()
          return
        }
        const done = (): void => {
          cancel()
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const cancel = machine.timer(Math.min(Math.max(0, milliseconds), longest), done)
        signal?.addEventListener('abort', done, { once: true })
      }),
  }
}

export const systemClock: Clock = createClock({
  now: () => Date.now(),
  elapsed: () => performance.now(),
  work: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  timer(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
  every(milliseconds, run) {
    const timer = setInterval(run, milliseconds)
    timer.unref()
    return () => clearInterval(timer)
  },
  afterArrivals(run) {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  },
})
