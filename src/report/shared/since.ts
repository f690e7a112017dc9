// What changed since a former report, for the formats that programs read: the state of each finding, and what is gone.
import { diffReports, type ReportDiff } from '../../core/diff.ts'
import type { Finding, Report } from '../../core/report.ts'
import type { ReportOptions } from '../options.ts'

export type Since = { diff: ReportDiff; stateOf: (finding: Finding) => 'new' | 'unchanged' | 'suppressed' }

/** Null without a former report. */
export const sinceOf = (report: Report, { former }: ReportOptions): Since | null => {
  if (!former) return null
  const diff = diffReports(former, report)
  const fresh = new Set(diff.new.map(({ id }) => id))
  const accepted = new Set(diff.suppressed.map(({ id }) => id))
  return { diff, stateOf: ({ id }) => (fresh.has(id) ? 'new' : accepted.has(id) ? 'suppressed' : 'unchanged') }
}
