// What every report that people read is written from: the findings with their numbers, and what to do for each of them.
import type { Finding, Report } from '../../core/report.ts'
import type { ReportOptions } from '../options.ts'
import { type Numbered, numbered } from './group.ts'
import { planReader, type Todo } from './plan.ts'

export type Sheet = {
  report: Report
  options: ReportOptions
  findings: Numbered[]
  /** What to do for a finding, out of the plan. */
  todoOf: (finding: Finding) => Todo
}

/** Numbers the findings and reads the plan, once for a whole report. */
export const sheetOf = (report: Report, options: ReportOptions = {}): Sheet => ({
  report,
  options,
  findings: numbered(report),
  todoOf: planReader(report),
})
