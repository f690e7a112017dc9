// How long a page is waited for: in the run's own clock, so that a busy machine's lost time is nobody's slowness.
import { type Clock, wasStarved } from '../../core/clock.ts'

export type Patience = {
  /** Milliseconds in which this program had its turns. */
  now(): number
  pause(milliseconds: number): Promise<void>
  /** A page whose script never rests answers no question: it is not waited for. */
  within<T>(milliseconds: number, question: Promise<T>, otherwise: T): Promise<T>
  /** Whether a wait since then proves nothing, because this machine gave us no turn in a good part of it. */
  isLost(since: number): boolean
}

export const createPatience = (clock: Pick<Clock, 'attended' | 'after' | 'stalledSince'>): Patience => ({
  now: clock.attended,
  pause: milliseconds => new Promise(done => void clock.after(milliseconds, done)),
  within: (milliseconds, question, otherwise) =>
    new Promise(resolve => {
      const cancel = clock.after(milliseconds, () => resolve(otherwise))
      const answer = (value: typeof otherwise): void => {
        cancel()
        resolve(value)
      }
      question.then(answer, () => answer(otherwise))
    }),
  isLost: since => wasStarved(clock, since),
})
