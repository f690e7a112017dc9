// Lifetimes of a zone's records: what is too long while things still change, too short to be cached, or at odds within a set.

/** One record; `ttl` in seconds. */
export type TtlRecord = { name: string; type: string; ttl: number; data: string }

export type TtlFault = {
  fault: 'too-long' | 'too-short' | 'inconsistent-set'
  name: string
  type: string
  records: TtlRecord[]
}

/** Seconds. Above `longest` a change waits too long; below `shortest` every visit pays a lookup. */
export const ttlBounds = { longest: 3600, shortest: 60 }

/** Faults of the record sets that the zone's servers gave. A set's lifetime is the longest that any server gives. */
export const ttlFaults = (views: readonly { records: readonly TtlRecord[] }[], bounds = ttlBounds): TtlFault[] => {
  const sets = new Map<string, TtlRecord[][]>()
  for (const view of views) {
    const own = Map.groupBy(view.records, record => `${record.name} ${record.type}`)
    for (const [key, records] of own) sets.set(key, [...(sets.get(key) ?? []), records])
  }
  const faults: TtlFault[] = []
  for (const versions of sets.values()) {
    const records = [...new Map(versions.flat().map(record => [record.data, record])).values()].sort((a, b) =>
      a.data < b.data ? -1 : 1,
    )
    const { name, type } = records[0]!
    const longest = Math.max(...versions.flat().map(record => record.ttl))
    if (versions.some(version => new Set(version.map(record => record.ttl)).size > 1))
      faults.push({ fault: 'inconsistent-set', name, type, records })
    if (longest > bounds.longest) faults.push({ fault: 'too-long', name, type, records })
    if (longest < bounds.shortest) faults.push({ fault: 'too-short', name, type, records })
  }
  return faults.sort((a, b) => (`${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1))
}

/** Seconds; long enough to be cached, short enough to take back a mistake before lunch. */
const launchTtl = 300

/** The lifetime that puts a fault right, in seconds: for a mixed set its longest, within the bounds. */
export const wantedTtl = ({ fault, records }: TtlFault): number =>
  fault === 'inconsistent-set'
    ? Math.min(ttlBounds.longest, Math.max(launchTtl, ...records.map(record => record.ttl)))
    : launchTtl
