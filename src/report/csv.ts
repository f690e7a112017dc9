// The findings as a table for spreadsheets: RFC 4180, UTF-8, one line for each; nothing in it runs as a formula.
import type { Reporter } from './options.ts'
import { csvField, safeLink } from './shared/escape.ts'
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
]

/** All findings, suppressed ones last in their place with the reason. Lines end with CR LF. */
export const csv: Reporter = report => {
  let number = 0
  const rows = report.findings.map(finding => [
    finding.suppressed ? '' : String(++number),
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
  ])
  return [heads, ...rows].map(row => `${row.map(field => csvField(field)).join(',')}\r\n`).join('')
}
