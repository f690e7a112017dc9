// DMARC reports of a sound domain.
import type { Source, Summary } from '../../formats/dmarc/summary.ts'
import type { DmarcReports } from './dmarc-reports.ts'

/** A sender of the config, all of whose mail passes, with what is given changed. */
export const sourceWith = (given: Partial<Source> = {}): Source => ({
  name: 'Postmark',
  kind: 'own-sender',
  messages: 900,
  passing: 900,
  addresses: ['192.0.2.25'],
  addressCount: 1,
  ...given,
})

/** A mailbox with the reports of two weeks about these sources. */
export const reportsOf = (sources: readonly Source[], given: Partial<Summary> = {}): DmarcReports => ({
  place: 'imap.example.net/Reports',
  kind: 'mailbox',
  summary: {
    domains: ['coachdash.example'],
    names: [],
    reports: 14,
    duplicates: 0,
    messages: sources.reduce((sum, item) => sum + item.messages, 0),
    passing: sources.reduce((sum, item) => sum + item.passing, 0),
    days: [],
    sources: [...sources],
    policy: null,
    verdict: { ready: false, because: [] },
    ...given,
  },
  tls: [],
  failures: 0,
  problems: [],
  files: 14,
  newest: '2026-11-24T00:00:00.000Z',
  others: [],
})

/** One sender, whose mail passes; the newest report is a day old. */
export const example: DmarcReports = reportsOf([sourceWith()])
