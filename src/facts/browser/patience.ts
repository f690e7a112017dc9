// How long a page is waited for: in the run's own clock, so that a busy machine's lost time is nobody's slowness. The browser is a
// program beside ours: where many share the processors it needs longer than we notice, and is waited for longer.
import { availableParallelism, loadavg } from 'node:os'
import { type Clock, wasStarved } from '../../core/clock.ts'

export type Patience = {
  /** Milliseconds in which this program had its turns. */
  now(): number
  pause(milliseconds: number): Promise<void>
  /** The wait, as long as the crowd on this machine makes it. */
  allowing(milliseconds: number): number
  /** A page whose script never rests answers no question: it is not waited for. */
  within<T>(milliseconds: number, question: Promise<T>, otherwise: T): Promise<T>
  /** Whether a wait since then proves nothing, because this machine gave us no turn in a good part of it. */
  isLost(since: number): boolean
}

const mostCrowded = 6

/** How many programs want each processor of this machine, over the last minute; 1 where there is room. */
export const crowding = (): number => Math.min(mostCrowded, Math.max(1, loadavg()[0]! / availableParallelism()))

export const createPatience = (
  clock: Pick<Clock, 'attended' | 'after' | 'stalledSince'>,
  crowd: () => number = crowding,
): Patience => ({
  now: clock.attended,
  allowing: milliseconds => milliseconds * crowd(),
  pause: milliseconds => new Promise(done => void clock.after(milliseconds, done)),
  within: (milliseconds, question, otherwise) =>
    new Promise(resolve => {
      const cancel = clock.after(milliseconds * crowd(), () => resolve(otherwise))
      const answer = (value: typeof otherwise): void => {
        cancel()
        resolve(value)
      }
      question.then(answer, () => answer(otherwise))
    }),
  isLost: since => wasStarved(clock, since),
})
