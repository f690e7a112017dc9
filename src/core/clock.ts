// One clock, handed down, so that tests can turn it. Nothing but its system implementation reads the time.

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Monotonic milliseconds, for durations. */
  elapsed(): number
  /**
   * Monotonic milliseconds in which this program had its turns: what it was kept from running (a busy machine, its own work,
   * memory being tidied up, a machine put to sleep) is left out. Waiting for others is measured in it.
   */
  attended(): number
  /** Milliseconds without a turn since this instant of `attended`. */
  stalledSince(attended: number): number
  /** Milliseconds in all in which something else had the processor although this program had work. */
  starved(): number
  /**
   * Calls `run` once after this many milliseconds of `attended`; returns how to take it back. What has arrived by then is
   * delivered first.
   */
  after(milliseconds: number, run: () => void): () => void
  /** Resolves after this many milliseconds, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The instant as ISO 8601 in UTC. */
export const isoNow = (clock: Pick<Clock, 'now'>): string => new Date(clock.now()).toISOString()

/** The part of a wait without turns from which on it proves nothing of whom we waited for. */
const mostStalled = 1 / 3

/**
 * Whether a wait since this instant of `attended` says nothing: this machine gave us no turn in a good part of it. `most`: the part from which
 * on, smaller for what is measured finely.
 */
export const wasStarved = (
  clock: Pick<Clock, 'attended' | 'stalledSince'>,
  since: number,
  most = mostStalled,
): boolean => {
  const stalled = clock.stalledSince(since)
  return stalled > (clock.attended() - since + stalled) * most
}
