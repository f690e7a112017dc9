// The file in which `monitor test-alert` says which channels were proven: committed, so that others than the watcher can read it.
import { isRecord } from '../is-record.ts'
import type { ReadProof } from './reading.ts'

/** A proof of the file; `kind` is what the channel was then. */
export type CommittedProof = ReadProof & { kind: string; file: string }

export const isDeliveryEvidence = (path: string): boolean => /(?:^|\/)evidence\/alert-delivery\.json$/.test(path)

const instant = (value: unknown): number | null => {
  const at = typeof value === 'string' && value.length < 40 ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : at
}
const words = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 200) : null)

/** Its proofs; none where it is something else. */
export const readDeliveryEvidence = (file: string, source: string): CommittedProof[] => {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    return []
  }
  if (!isRecord(value) || value['version'] !== 1 || !Array.isArray(value['channels'])) return []
  return value['channels'].slice(0, 100).flatMap((row: unknown) => {
    if (!isRecord(row)) return []
    const { channel, kind } = row
    const sentAt = instant(row['sentAt'])
    if (typeof channel !== 'string' || typeof kind !== 'string' || sentAt === null) return []
    const seenAt = instant(row['seenAt'])
    return [
      {
        ...{ channel: channel.slice(0, 60), kind: kind.slice(0, 20), file, sentAt },
        ...{ acceptedAt: instant(row['acceptedAt']), answer: words(row['answer']) },
        ...{ seenAt, seenBy: seenAt === null ? null : words(row['seenBy']) },
      },
    ]
  })
}

/** Those that say something of these channels: of the same kind, and not of a time to come. */
export const proofsFor = (
  committed: readonly CommittedProof[],
  channels: readonly { name: string; kind: string }[],
  now: number,
): ReadProof[] =>
  committed
    .filter(({ channel, kind, sentAt, seenAt }) => {
      const known = channels.some(one => one.name === channel && one.kind === kind)
      return known && sentAt <= now && (seenAt === null || (seenAt >= sentAt && seenAt <= now))
    })
    .map(({ kind: _kind, file: _file, ...proof }) => proof)
