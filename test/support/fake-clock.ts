// A clock that stands still until a test turns it.
import type { Clock } from '../../src/core/clock.ts'

export type FakeClock = Clock & {
  /** Moves time on, running what is due in its order; what that schedules within the span runs too. */
  turn(milliseconds: number): Promise<void>
  /** From now on says that the program had no turn for so long. */
  stall(milliseconds: number): void
  /** Somebody sets the clock on the wall, forwards or back; durations go on as they do. */
  jump(milliseconds: number): void
}

/** Starts at 2026-11-25T00:00:00Z unless told otherwise (milliseconds since the epoch). */
export const fakeClock = (start = Date.UTC(2026, 10, 25)): FakeClock => {
  let at = 0
  let order = 0
  let stalled = 0
  let moved = 0
  const due = new Map<number, { at: number; run: () => void }>()
  const after: Clock['after'] = (milliseconds, run) => {
    const id = order++
    due.set(id, { at: at + Math.max(0, milliseconds), run })
    return () => due.delete(id)
  }
  /** Lets promises that are already resolved go on. */
  const settle = () => new Promise<void>(resolve => setImmediate(resolve))
  return {
    now: () => start + at + moved,
    elapsed: () => at,
    attended: () => at,
    stalledSince: () => stalled,
    starved: () => stalled,
    jump(milliseconds) {
      moved += milliseconds
    },
    stall(milliseconds) {
      stalled += milliseconds
    },
    after,
    sleep: (milliseconds, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) return resolve()
        const done = (): void => {
          cancel()
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const cancel = after(milliseconds, done)
        signal?.addEventListener('abort', done, { once: true })
      }),
    async turn(milliseconds) {
      const end = at + milliseconds
      await settle()
      for (;;) {
        const next = [...due].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
        if (!next || next[1].at > end) break
        due.delete(next[0])
        at = next[1].at
        next[1].run()
        await settle()
      }
      at = end
      await settle()
    },
  }
}
