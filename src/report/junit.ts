// The report as JUnit XML, in the shape that Jenkins, GitLab and others read: a suite for each check, a case for each
// subject. A finding is a failure, an unknown an error (never a pass), a skip is skipped.

import { decides, type Gate } from '../core/assemble.ts'
import { clean } from '../core/clean.ts'
import type { CheckResult, Finding, Report } from '../core/report.ts'
import type { Reporter } from './options.ts'
import { instruction } from './shared/changes.ts'
import { escapeXml } from './shared/escape.ts'
import { type Since, sinceOf } from './shared/since.ts'
import { longDate, targetName, titleWithDoubt } from './shared/words.ts'

/** Seconds with three digits; the schema of Jenkins refuses exponents. */
const seconds = (milliseconds: number): string => (Math.max(0, milliseconds) / 1000).toFixed(3)

const details = (finding: Finding, report: Report, since: Since | null): string =>
  [
    clean(finding.why),
    ...(finding.confidence === 'certain' ? [] : [`confidence: ${finding.confidence}`]),
    ...finding.evidence.slice(0, 20).map(({ label, value }) => `seen: ${clean(label, 200)}: ${clean(value, 500)}`),
    `fix: ${clean(finding.fix.summary)}`,
    ...finding.fix.changes
      .slice(0, 20)
      .map(change => instruction(change, report.target.domain, report.servers))
      .map(({ intro, paste }) => `  ${clean(intro, 400)}${paste === null ? '' : `: ${clean(paste, 1_000)}`}`),
    ...(since ? [`since ${longDate(since.diff.from)}: ${since.stateOf(finding)}`] : []),
    `id: ${finding.id}`,
  ].join('\n')

/** Findings that do not decide the exit code are told, and fail nothing. */
const everything: Gate = { failOn: 'low', soft: new Set() }

const outcome = (
  result: CheckResult,
  findings: readonly Finding[],
  report: Report,
  { since, gate }: { since: Since | null; gate: Gate },
): string => {
  if (result.status === 'skip') return `<skipped message="${escapeXml(clean(result.reason ?? 'does not apply'))}"/>`
  if (result.status === 'unknown')
    return `<error type="unknown" message="${escapeXml(clean(result.reason ?? 'could not be judged'))}"/>`
  const active = findings.filter(finding => decides(finding, gate))
  if (active.length)
    return active
      .map(
        finding =>
          `<failure type="${finding.severity}" message="${escapeXml(clean(titleWithDoubt(finding), 300))}">${escapeXml(details(finding, report, since), 20_000)}</failure>`,
      )
      .join('')
  const mild = findings.find(({ suppressed, confidence }) => !suppressed && confidence !== 'possible')
  if (mild)
    return `<skipped message="${escapeXml(clean(`${mild.severity}, does not fail this run: ${mild.title}; ${mild.fix.summary}`, 600))}"/>`
  const possible = findings.find(({ suppressed }) => !suppressed)
  if (possible)
    return `<skipped message="${escapeXml(clean(`worth a look, only possible: ${possible.title}; ${possible.fix.summary}`, 600))}"/>`
  const [known] = findings
  return known?.suppressed
    ? `<skipped message="${escapeXml(clean(`suppressed: ${known.suppressed.reason}: ${known.title}`))}"/>`
    : ''
}

/** All results; a finding whose result is not listed gets a case of its own, so that none is lost. */
const results = (report: Report): CheckResult[] => {
  const listed = new Set(report.checks.map(({ check, subject }) => `${check}\0${subject}`))
  const lost = report.findings
    .filter(({ check, subject }) => !listed.has(`${check}\0${subject}`))
    .map(
      ({ check, subject, outcome }): CheckResult => ({
        check,
        subject,
        status: 'fail',
        outcome,
        reason: null,
        durationMs: 0,
        evidence: [],
        cause: null,
        question: null,
      }),
    )
  return [...report.checks, ...lost]
}

/** JUnit XML. One case per check, subject and outcome; counts are those of the cases. */
export const junit: Reporter = (report, options = {}) => {
  const since = sinceOf(report, options)
  const all = results(report)
  const suites = [...Map.groupBy(all, ({ check }) => check)].sort(([a], [b]) => (a < b ? -1 : 1))
  const totals = { tests: 0, failures: 0, errors: 0 }
  const bodies = suites.map(([check, some]) => {
    const cases = some.map(result => {
      const findings =
        result.status === 'fail'
          ? report.findings.filter(
              finding =>
                finding.check === check &&
                finding.subject === result.subject &&
                (result.outcome ?? finding.outcome) === finding.outcome,
            )
          : []
      return { result, text: outcome(result, findings, report, { since, gate: options.gate ?? everything }) }
    })
    const count = (start: string): number => cases.filter(({ text }) => text.startsWith(start)).length
    const counts = {
      tests: cases.length,
      failures: count('<failure'),
      errors: count('<error'),
      skipped: count('<skipped'),
    }
    totals.tests += counts.tests
    totals.failures += counts.failures
    totals.errors += counts.errors
    const time = seconds(some.reduce((sum, { durationMs }) => sum + durationMs, 0))
    const inside = cases.map(({ result, text }) => {
      const name = `${clean(result.subject, 300)}${result.outcome ? `: ${result.outcome}` : ''}`
      return `    <testcase classname="${escapeXml(`launch-ready.${check}`)}" name="${escapeXml(name)}" time="${seconds(result.durationMs)}">${text}</testcase>`
    })
    return [
      `  <testsuite name="${escapeXml(check)}" tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}" skipped="${counts.skipped}" time="${time}" timestamp="${escapeXml(report.startedAt.slice(0, 19))}">`,
      ...inside,
      '  </testsuite>',
    ].join('\n')
  })
  const name = escapeXml(`launch-ready: ${clean(targetName(report), 253)}`)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" tests="${totals.tests}" failures="${totals.failures}" errors="${totals.errors}" time="${seconds(report.durationMs)}">`,
    ...bodies,
    '</testsuites>',
    '',
  ].join('\n')
}
