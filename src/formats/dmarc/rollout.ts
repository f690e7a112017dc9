// The way from watching to refusing, with dates and without pct (which RFC 9989 abandoned).
import { type DmarcRecord, printDmarc, rewriteDmarc } from './dmarc.ts'

/** One step: the record to publish, from which day (ISO date), and what must hold before. */
export type RolloutStep = { date: string; record: string; condition: string; reached: boolean }

const day = 86_400_000

/** none → quarantine → reject: two weeks of reports, then four weeks each. `from` in milliseconds since the epoch; `receives`: reports can be sent to the domain itself; `applies`: the record stands at the domain, or above it and governs it as a subdomain. A step already reached is left out of the dates, never out of the list. */
export const dmarcRollout = (
  record: DmarcRecord | null,
  domain: string,
  from: number,
  receives = true,
  applies: 'domain' | 'subdomain' = 'domain',
): RolloutStep[] => {
  const date = (days: number): string => new Date(from + days * day).toISOString().slice(0, 10)
  const reports: Record<string, string> =
    record?.rua.some(uri => uri.valid) || !receives ? {} : { rua: `mailto:dmarc@${domain}` }
  const write = (p: 'none' | 'quarantine' | 'reject'): string =>
    !record
      ? printDmarc({ p, ...reports })
      : rewriteDmarc(record, {
          // Above the domain only what governs subdomains changes: the parent keeps its own policy.
          ...(applies === 'domain' ? { p, sp: null } : { sp: p }),
          np: null,
          t: null,
          ...reports,
        })
  const policy = applies === 'domain' ? record?.p : (record?.sp ?? record?.p)
  const reached = policy === 'reject' ? 3 : policy === 'quarantine' ? 2 : record ? 1 : 0
  const wait = [0, 14, 42]
  const shift = wait[Math.max(reached - 1, 0)] ?? 0
  const at = (step: number): string => date(Math.max((wait[step] ?? 0) - shift, 0))
  return [
    {
      date: at(0),
      record: write('none'),
      condition: 'watch: reports arrive, every sender of yours is in them',
      reached: reached >= 1,
    },
    {
      date: at(1),
      record: write('quarantine'),
      condition: 'reports of two weeks show every sender of yours passing',
      reached: reached >= 2,
    },
    {
      date: at(2),
      record: write('reject'),
      condition: 'four more weeks without a failing sender of yours',
      reached: reached >= 3,
    },
  ]
}
