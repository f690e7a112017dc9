// A job that reports in regularly: whether its last word came in time. Looks at a time, not at the network.
import type { Clock } from '../core/clock.ts'
import { textEvidence } from '../core/evidence.ts'
import { failed, ok, type ProbeResult, unknown } from './probe.ts'

/** Instants in milliseconds since the epoch. */
export type HeartbeatRequest = {
  name: string
  /** When it last reported; null when it never has. */
  lastAt: number | null
  /** Since when it is expected to. */
  since: number
  everyMs: number
  /** How late it may be. */
  graceMs: number
}

const iso = (at: number): string => new Date(at).toISOString()

const lasting = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`
}

/** Unknown while a job that has never reported still has time to. */
export const probeHeartbeat = (request: HeartbeatRequest, clock: Pick<Clock, 'now'>): ProbeResult => {
  const { name, lastAt, since, everyMs, graceMs } = request
  const waited = clock.now() - (lastAt ?? since)
  const inTime = waited <= everyMs + graceMs
  const evidence = [
    textEvidence(name, lastAt === null ? `no report since ${iso(since)}` : `last report ${iso(lastAt)}`),
  ]
  if (lastAt === null)
    return inTime
      ? unknown('it has not reported yet', { evidence })
      : failed(`it has never reported in ${lasting(waited)}`, { evidence })
  return inTime
    ? ok(`reported ${lasting(waited)} ago`, { evidence })
    : failed(`last reported ${lasting(waited)} ago, expected every ${lasting(everyMs)}`, { evidence })
}
