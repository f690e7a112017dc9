// The life of a network: what is under way is ended when the run is interrupted or the network closed.
import { type Missing, missing } from '../core/fact.ts'

export type Life = {
  readonly over: boolean
  /** Calls `end` once when the life ends, at once when it has ended; returns how to take it back. */
  onEnd(end: () => void): () => void
  end(): void
}

export const createLife = (signal: AbortSignal): Life => {
  const ends = new Set<() => void>()
  let over = false
  const finish = () => {
    if (over) return
    over = true
    signal.removeEventListener('abort', finish)
    for (const end of [...ends]) end()
    ends.clear()
  }
  if (signal.aborted) over = true
  else signal.addEventListener('abort', finish, { once: true })
  return {
    get over() {
      return over
    },
    onEnd(end) {
      if (over) {
        end()
        return () => {}
      }
      ends.add(end)
      return () => ends.delete(end)
    },
    end: finish,
  }
}

/** What everything under way becomes when the run is interrupted. */
export const interrupted = (): Missing => missing('internal', 'interrupted')
