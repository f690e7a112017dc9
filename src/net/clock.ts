// The clock of the machine: the one place that reads it.
import type { Clock } from '../core/clock.ts'

/** Longer timers than this end at once (Node's setTimeout takes 31 bits). */
const longest = 2 ** 31 - 1

const after: Clock['after'] = (milliseconds, run) => {
  const timer = setTimeout(run, Math.min(Math.max(0, milliseconds), longest))
  return () => clearTimeout(timer)
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
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
      const cancel = after(milliseconds, done)
      signal?.addEventListener('abort', done, { once: true })
    }),
}
