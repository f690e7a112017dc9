// The findings as a table for spreadsheets: RFC 4180, UTF-8, one line for each; nothing in it runs as a formula.
import type { Finding } from '../core/report.ts'
import type { Reporter } from './options.ts'
import { csvField, safeLink } from './shared/escape.ts'
import { sinceOf } from './shared/since.ts'
import { costs } from './shared/words.ts'

const heads = [
  'number',
  'severity',
  'costs',
  'stage',
  'check',
  'outcome',
  'subject',
  'title',
  'why',
  'evidence',
  'fix',
  'minutes',
  'reference',
  'first seen',
  'suppressed',
  'id',
  'since last time',
  'confidence',
]

const record = (finding: Finding, number: string, state: string): string[] => [
  number,
  finding.severity,
  costs[finding.impact],
  finding.stage,
  finding.check,
  finding.outcome,
  finding.subject,
  finding.title,
  finding.why,
  finding.evidence.map(({ label, value }) => `${label}: ${value}`.slice(0, 2_000)).join('; '),
  finding.fix.summary,
  String(finding.fix.effortMinutes),
  finding.references.map(safeLink).find(link => link !== null) ?? '',
  finding.firstSeen ?? '',
  finding.suppressed?.reason ?? '',
  finding.id,
  state,
  finding.confidence,
]

/**
 * All findings, suppressed ones in their place with the reason; with a former report, those that are gone below. Lines
 * end with CR LF. No byte order mark: RFC 4180 knows none, and readers of CI take it for part of the first name.
 */
export const csv: Reporter = (report, options = {}) => {
  const since = sinceOf(report, options)
  let number = 0
  const rows = report.findings.map(finding =>
    record(
      finding,
      finding.suppressed || finding.confidence === 'possible' ? '' : String(++number),
      since?.stateOf(finding) ?? '',
    ),
  )
  for (const finding of since?.diff.fixed ?? []) rows.push(record(finding, '', 'fixed'))
  for (const { finding, reason } of since?.diff.couldNotTell ?? [])
    rows.push(record(finding, '', `could not tell: ${reason}`))
  return [heads, ...rows].map(row => `${row.map(field => csvField(field)).join(',')}\r\n`).join('')
}
