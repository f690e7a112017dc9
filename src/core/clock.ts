// One clock, handed down, so that tests can turn it. Nothing but its system implementation reads the time.

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Monotonic milliseconds, for durations. */
  elapsed(): number
  /** Calls `run` once after this many milliseconds; returns how to take it back. */
  after(milliseconds: number, run: () => void): () => void
  /** Resolves after this many milliseconds, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The instant as ISO 8601 in UTC. */
export const isoNow = (clock: Pick<Clock, 'now'>): string => new Date(clock.now()).toISOString()
