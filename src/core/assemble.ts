// Puts what was judged together into the report. Pure: the same facts give the same report.
import type { AnyCheck } from './check.ts'
import { failureSignals } from './failure-signals.ts'
import { planFixes } from './fix-plan/plan-fixes.ts'
import { foldCauses } from './fold.ts'
import type { Judged } from './judge.ts'
import { compareFindings, compareResults } from './rank.ts'
import type { CheckResult, Finding, OpenQuestion, Report, Verdict } from './report.ts'
import { reaches, type Severity } from './severity.ts'
import { applySuppressions, matches } from './suppress.ts'
import type { Suppression } from './target.ts'
import { tellOnce } from './told-once.ts'

export type AssembleInput = {
  version: string
  target: Report['target']
  startedAt: string
  durationMs: number
  judged: readonly Judged[]
  /** The checks that were run, by id. */
  checks: ReadonlyMap<string, AnyCheck>
  suppress: readonly Suppression[]
  baseline: ReadonlySet<string>
  /** Fingerprint → instant it was first seen, from a former report. */
  firstSeen: ReadonlyMap<string, string>
  now: number
  assumptions: readonly string[]
  looked: Report['looked']
  servers?: Report['servers']
  interrupted: boolean
  notes: readonly string[]
}

/** Suppressions that hold back nothing although their check was judged: what they were for is gone. */
const idleSuppressions = (
  { suppress }: AssembleInput,
  findings: readonly Finding[],
  results: readonly CheckResult[],
): string[] =>
  suppress
    .filter(item => {
      const about = results.filter(
        result => result.check === item.check && (item.subject ?? result.subject) === result.subject,
      )
      return (
        !findings.some(finding => matches(item, finding)) &&
        about.some(({ status }) => status === 'pass' || status === 'fail') &&
        !about.some(({ status }) => status === 'unknown')
      )
    })
    .map(({ check, outcome, subject }) => {
      const entry = [check, outcome, subject].filter(part => part !== undefined).join(' ')
      return `the suppression of ${entry} matches nothing any more; take it out of the config`
    })

/** Each question once, in the order of its id. */
const questionsIn = (results: readonly CheckResult[]): OpenQuestion[] => {
  const byId = new Map<string, OpenQuestion>()
  for (const { check, question } of results) {
    if (!question) continue
    const known = byId.get(question.id)
    if (!known) byId.set(question.id, { ...question, checks: [check] })
    else if (!known.checks.includes(check)) known.checks.push(check)
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Nothing passed and nothing failed: there is nothing to call ready. */
const nothingJudged = (results: readonly CheckResult[]): boolean =>
  !results.some(({ check, status }) => check !== 'suppression' && (status === 'pass' || status === 'fail'))

/** The report over everything judged, findings ranked, results ordered by check and subject. */
export const assembleReport = (input: AssembleInput): Report => {
  const unique = new Map(input.judged.flatMap(item => item.findings).map(finding => [finding.id, finding]))
  const all = applySuppressions([...unique.values()], input.suppress, input.baseline, input.now)
    .map(finding => ({ ...finding, firstSeen: input.firstSeen.get(finding.id) ?? null }))
    .sort(compareFindings)
  const { findings, results } = tellOnce(
    all,
    input.judged.flatMap(item => item.results).sort(compareResults),
    input.checks,
  )
  const count = (severity: Severity): number =>
    findings.filter(item => item.severity === severity && !item.suppressed).length
  const status = (name: CheckResult['status']): number => results.filter(item => item.status === name).length
  const unknownBlocker = input.judged.some(item => item.unknowns.some(entry => entry.couldBe === 'blocker'))
  const verdict: Verdict = count('blocker')
    ? 'not-ready'
    : unknownBlocker || input.interrupted || nothingJudged(results)
      ? 'incomplete'
      : 'ready'
  return {
    schemaVersion: 1,
    tool: { name: 'launch-ready', version: input.version },
    target: input.target,
    startedAt: input.startedAt,
    durationMs: input.durationMs,
    verdict,
    summary: {
      blocker: count('blocker'),
      high: count('high'),
      medium: count('medium'),
      low: count('low'),
      pass: status('pass'),
      skip: status('skip'),
      unknown: status('unknown'),
    },
    failureSignals: failureSignals(
      findings.filter(({ id }) => !input.judged.some(({ quiet }) => quiet.includes(id))),
      input.checks,
      new Map(input.judged.flatMap(({ only = [] }) => only.map(({ finding, signals }) => [finding, signals] as const))),
    ),
    findings,
    plan: planFixes(findings, input.now),
    checks: results,
    assumptions: [...input.assumptions],
    looked: input.looked,
    ...(input.servers && Object.keys(input.servers).length ? { servers: input.servers } : {}),
    causes: foldCauses(input.judged),
    questions: questionsIn(results),
    interrupted: input.interrupted,
    notes: [...input.notes, ...idleSuppressions(input, findings, results)],
  }
}

/** What decides the exit code: findings at or above `failOn` but for those of the checks in `soft`. */
export type Gate = { failOn: Severity | 'never'; soft: ReadonlySet<string> }

/** Whether a finding decides the exit code. What is suppressed or only possible never does. */
export const decides = ({ check, suppressed, confidence, severity }: Finding, { failOn, soft }: Gate): boolean =>
  !suppressed && confidence !== 'possible' && !soft.has(check) && reaches(severity, failOn)

/** Checks that could not tell what might have decided the exit code. */
export const untoldAt = (judged: readonly Judged[], { failOn, soft }: Gate): string[] => [
  ...new Set(
    judged.flatMap(({ unknowns }) =>
      unknowns.filter(({ check, couldBe }) => !soft.has(check) && reaches(couldBe, failOn)).map(({ check }) => check),
    ),
  ),
]

/** The exit code of a judged run (CONTRACT.md, "Exit codes"): 1, 3 or 0. */
export const exitCodeOf = (report: Report, judged: readonly Judged[], gate: Gate): 0 | 1 | 3 => {
  if (report.findings.some(finding => decides(finding, gate))) return 1
  if (untoldAt(judged, gate).length) return 3
  return nothingJudged(report.checks) ? 3 : 0
}
