// Difference between a zone as it was written down and as it is: record set by record set, with what each difference means.
import { nameSortKey, normaliseName } from './name.ts'
import { compareSets } from './record-compare.ts'

type ZoneRecord = { name: string; type: string; ttl: number; data: string }

export type Drift = {
  name: string
  type: string
  kind: 'missing' | 'changed' | 'extra' | 'lifetime'
  was: string[]
  is: string[]
  means: string
}

const ignored = ['SOA', 'RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDS', 'CDNSKEY', 'TYPE65534']

const setsOf = (records: readonly ZoneRecord[]): Map<string, ZoneRecord[]> => {
  const sets = new Map<string, ZoneRecord[]>()
  for (const record of records) {
    if (ignored.includes(record.type)) continue
    const key = `${normaliseName(record.name)} ${record.type}`
    const own = sets.get(key)
    if (own) own.push(record)
    else sets.set(key, [record])
  }
  return sets
}

const meaning = (type: string, name: string, kind: Drift['kind']): string => {
  if (kind === 'lifetime') return 'changes reach everyone sooner or later than before'
  if (type === 'MX') return kind === 'missing' ? 'mail to this name is refused' : 'mail goes to another server'
  if (type === 'NS') return 'other servers answer for this name'
  if (type === 'CAA') return 'other authorities may issue certificates, or the one in use no longer may'
  if (['A', 'AAAA', 'CNAME'].includes(type))
    return kind === 'missing'
      ? 'people do not arrive any more'
      : kind === 'extra'
        ? 'a new place answers under your name'
        : 'people arrive at another place'
  if (type === 'TXT' && /^_dmarc\.|_domainkey\./.test(name)) return 'mail in your name is judged differently'
  return kind === 'extra' ? 'somebody added it' : 'what relied on it may stop working'
}

/**
 * Compares. `complete` false means that `now` was read name by name: a set that was not asked for cannot be called new or gone,
 * so the caller asks for every expected set.
 */
export const zoneDrift = (expected: readonly ZoneRecord[], now: readonly ZoneRecord[]): Drift[] => {
  const [was, is] = [setsOf(expected), setsOf(now)]
  const drifts: Drift[] = []
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [before, after] = [was.get(key) ?? [], is.get(key) ?? []]
    const { name, type } = { name: key.slice(0, key.lastIndexOf(' ')), type: key.slice(key.lastIndexOf(' ') + 1) }
    const difference = compareSets(
      type,
      before.map(record => record.data),
      after.map(record => record.data),
    )
    const kind =
      before.length === 0
        ? 'extra'
        : after.length === 0
          ? 'missing'
          : difference.missing.length + difference.extra.length
            ? 'changed'
            : before[0]!.ttl !== after[0]!.ttl
              ? 'lifetime'
              : null
    if (!kind) continue
    const show = (records: readonly ZoneRecord[]): string[] =>
      kind === 'lifetime' ? [`${records[0]!.ttl} s`] : records.map(record => record.data).sort()
    drifts.push({ name, type, kind, was: show(before), is: show(after), means: meaning(type, name, kind) })
  }
  const keyOf = (drift: Drift): string => `${nameSortKey(drift.name)}\u0000\u0000${drift.type}`
  return drifts.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
