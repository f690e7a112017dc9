// The order of findings: severity, journey, effort of the fix, check id, subject, id. Total, so two runs print the same list.
import type { CheckResult, Finding } from './report.ts'
import { impacts, severities } from './severity.ts'

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Compares two findings: negative when `a` stands before `b`. */
export const compareFindings = (a: Finding, b: Finding): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  impacts.indexOf(a.impact) - impacts.indexOf(b.impact) ||
  a.fix.effortMinutes - b.fix.effortMinutes ||
  text(a.check, b.check) ||
  text(a.subject, b.subject) ||
  text(a.outcome, b.outcome) ||
  text(a.id, b.id)

/** Compares two results of checks: by check, subject, status. */
export const compareResults = (a: CheckResult, b: CheckResult): number =>
  text(a.check, b.check) || text(a.subject, b.subject) || text(a.status, b.status)
