// The JSON report: schema version 1, in the order of the contract whatever the order in which the report was made.
import type { Finding, Report } from '../core/report.ts'
import type { Reporter, ReportOptions } from './options.ts'
import { sinceOf } from './shared/since.ts'

const order: readonly (keyof Report)[] = [
  'schemaVersion',
  'tool',
  'target',
  'startedAt',
  'durationMs',
  'verdict',
  'summary',
  'failureSignals',
  'findings',
  'plan',
  'checks',
  'assumptions',
  'looked',
  'causes',
  'questions',
  'firstCustomer',
  'contradictions',
  'interrupted',
  'notes',
]

/** For `JSON.stringify`: what is no Unicode is replaced, so that every parser reads it. */
export const wellFormed = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value

const named = ({ id, check, outcome, subject, severity, title }: Finding) => ({
  id,
  check,
  outcome,
  subject,
  severity,
  title,
})

const sinceIn = (report: Report, options: ReportOptions): { since?: unknown } => {
  const since = sinceOf(report, options)
  if (!since) return {}
  const { diff } = since
  return {
    since: {
      startedAt: diff.from,
      new: diff.new.map(({ id }) => id),
      fixed: diff.fixed.map(named),
      unchanged: diff.unchanged.map(({ id }) => id),
      suppressed: diff.suppressed.map(({ id }) => id),
      couldNotTell: diff.couldNotTell.map(({ finding, reason }) => ({ ...named(finding), reason })),
    },
  }
}

/** What hides or turns text where the file is looked at: JSON means the same when it is written by its number. */
const unseen = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

const byNumber = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** The report as it is, two spaces deep. Nothing is shortened. With a former report, `since` says what changed. */
export const json: Reporter = (report, options = {}) => {
  const ordered = Object.fromEntries(order.filter(key => key in report).map(key => [key, report[key]]))
  const text = JSON.stringify({ ...ordered, ...sinceIn(report, options) }, wellFormed, 2)
  return `${text.replace(unseen, byNumber)}\n`
}
