// What our own watcher keeps, as checks and documents read it: plain, bounded, without secrets.

export type ReadMonitor = {
  name: string
  kind: string
  target: string
  intervalMs: number
  expects: string[]
  state: string | null
  lookedAt: number | null
  /** Of this month; shares of the month that has passed. */
  month: { upMs: number; downMs: number; unknownMs: number; maintenanceMs: number; passedMs: number }
}

export type ReadChannel = {
  name: string
  /** Attempts of the newest messages that failed in a row, and what the provider said last. */
  failures: number
  lastAnswer: string | null
  delivered: number
}

export type ReadProof = {
  channel: string
  sentAt: number
  acceptedAt: number | null
  answer: string | null
  seenAt: number | null
  seenBy: string | null
}

export type MonitorReading = {
  where: string
  watcher: { host: string; beatAt: number } | null
  monitors: ReadMonitor[]
  channels: ReadChannel[]
  proofs: ReadProof[]
  incidents: { title: string; since: number; resolvedAt: number | null }[]
  /** Deploys that were told of (`monitor event deploy`), newest first; absent in readings of before. */
  deploys?: { at: number; commit: string | null; status: 'success' | 'failure' | null }[]
}
