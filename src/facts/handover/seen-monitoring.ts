// What is watched, who is told, which test alerts were seen and what was deployed: of our own watcher and of other tools.
import type { SeenMonitoring } from '../../formats/handover/production.ts'
import { isRecord, recordsIn } from '../../formats/is-record.ts'
import type { MonitorReading } from '../../formats/monitor/reading.ts'
import { channelOf, withoutSecrets } from '../../formats/monitor/section.ts'
import { ownSource, type SeenMonitor } from '../../formats/monitor/seen.ts'
import type { CollectContext } from '../definition.ts'
import type { Watching } from '../monitor/watching.ts'
import { createReader } from '../repo/read.ts'

const documentFile = 'launch-ready/evidence/alert-delivery.json'
const watcherQuietMs = 5 * 60_000

const day = (at: number): string => new Date(at).toISOString()

/** The channels of the config: by whom they are read, never what lets somebody post to them. */
const ofSection = (section: unknown): SeenMonitoring['alerts'] =>
  recordsIn(isRecord(section) ? section['alerts'] : []).map(alert => {
    const { name, kind, people } = channelOf(alert)
    const boxes = kind === 'email' ? [alert['email']].flat().filter(item => typeof item === 'string') : []
    return { name, kind, people: [...new Set([...people, ...boxes])].filter(Boolean) }
  })

type Seen = SeenMonitoring['proofs']

/** Test alerts that somebody saw, as `monitor test-alert` wrote them into the repository. */
const writtenProofs = (repo: string | null): Seen => {
  const source = repo === null ? null : createReader(repo).maybe(documentFile, { maxBytes: 1 << 20, whole: true })
  if (source === null) return []
  try {
    const value: unknown = JSON.parse(source)
    return recordsIn(isRecord(value) ? value['channels'] : []).flatMap(
      ({ channel, seenAt, seenBy }): Seen =>
        typeof seenAt === 'string' && !Number.isNaN(Date.parse(seenAt))
          ? [{ channel: String(channel), at: day(Date.parse(seenAt)), by: String(seenBy ?? 'somebody') }]
          : [],
    )
  } catch {
    return []
  }
}

const storedProofs = (reading: MonitorReading | null): Seen =>
  (reading?.proofs ?? []).flatMap(
    ({ channel, seenAt, seenBy }): Seen =>
      seenAt === null ? [] : [{ channel, at: day(seenAt), by: seenBy ?? 'somebody' }],
  )

const deploysOf = (reading: MonitorReading | null): SeenMonitoring['deploys'] =>
  (reading?.deploys ?? [])
    .filter(({ status, commit }) => status !== 'failure' && commit !== null)
    .map(({ at, commit }) => ({
      name: `the deploy of ${day(at).slice(0, 16).replace('T', ' ')}`,
      commit: commit!.slice(0, 12),
      at: day(at),
    }))
    .reverse()

const monitorsOf = (monitors: readonly SeenMonitor[]): SeenMonitoring['monitors'] =>
  monitors
    .map(({ name, kind, target, source, paused }) => ({
      ...{ name, kind, what: withoutSecrets(target), by: source },
      paused: paused && source !== ownSource,
    }))
    .slice(0, 200)

const isAt = (reading: MonitorReading | null, now: number): boolean | null =>
  reading?.watcher ? now - reading.watcher.beatAt < watcherQuietMs : null

const channelsOf = (watching: Watching | null, section: unknown): SeenMonitoring['alerts'] => [
  ...ofSection(section),
  ...(watching?.tools ?? []).flatMap(({ tool, channels }) =>
    channels.map(kind => ({ name: tool, kind, people: [] as string[] })),
  ),
]

/** What watches the product; null where nothing does. */
export const seenMonitoring = async (context: CollectContext): Promise<SeenMonitoring | null> => {
  const section: unknown = context.config.monitor
  const fact = await context.need('watching')
  const watching = fact.ok ? fact.value : null
  const reading = watching?.reading ?? null
  const monitors = monitorsOf(watching?.monitors ?? [])
  const alerts = channelsOf(watching, section)
  const proofs = [...storedProofs(reading), ...writtenProofs(context.target.repo)].sort((a, b) =>
    a.at < b.at ? 1 : -1,
  )
  if (!isRecord(section) && monitors.length + alerts.length + proofs.length === 0) return null
  return { monitors, alerts, proofs, deploys: deploysOf(reading), watching: isAt(reading, Date.parse(context.now())) }
}
