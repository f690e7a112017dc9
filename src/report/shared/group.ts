// What belongs together: findings with their numbers, findings that are the same on several subjects, reasons with counts.
import type { Cause } from '../../core/cause.ts'
import type { CheckResult, Finding, FoldedCause, Report } from '../../core/report.ts'
import type { Severity } from '../../core/severity.ts'
import { type Stage, stages } from '../../core/stage.ts'
import { counted, worthALook } from './words.ts'

/** A finding with the number by which the report calls it, from 1 in the order of the list. */
export type Numbered = { number: number; finding: Finding }

/** Findings that say the same of several subjects and are fixed in the same way: one entry, told once. */
export type Group = { lead: Numbered; more: Numbered[] }

/** Findings that count, numbered in their order. */
export const numbered = (report: Report): Numbered[] =>
  counted(report).map((finding, at) => ({ number: at + 1, finding }))

/** Findings that are only possible; their numbers go on where the others end. */
export const numberedPossible = (report: Report): Numbered[] => {
  const before = counted(report).length
  return worthALook(report).map((finding, at) => ({ number: before + at + 1, finding }))
}

/** A text without what names the subject: the subject itself, the host of a URL. What is left tells two fixes apart. */
export const withoutSubject = (text: string, subject: string): string => {
  const host = URL.canParse(subject) ? new URL(subject).hostname : ''
  const bare = subject ? text.replaceAll(subject, '\0') : text
  return host ? bare.replaceAll(`${new URL(subject).protocol}//${host}`, '\0').replaceAll(host, '\0') : bare
}

const sameness = ({ finding }: Numbered): string =>
  JSON.stringify([
    finding.check,
    finding.outcome,
    finding.severity,
    withoutSubject(finding.fix.summary, finding.subject),
  ])

/** Groups findings of one severity; a finding on a single subject is a group of its own. */
export const groups = (findings: readonly Numbered[], severity: Severity): Group[] => {
  const found = new Map<string, Group>()
  for (const one of findings) {
    if (one.finding.severity !== severity) continue
    const group = found.get(sameness(one))
    if (group) group.more.push(one)
    else found.set(sameness(one), { lead: one, more: [] })
  }
  return [...found.values()]
}

/** Sum of the guesses, in minutes, for everything in the groups: the same fix again takes a third of the time. */
export const effort = (list: readonly Group[]): number =>
  list.reduce(
    (sum, { lead, more }) =>
      sum +
      lead.finding.fix.effortMinutes +
      more.reduce((part, { finding }) => part + finding.fix.effortMinutes / 3, 0),
    0,
  )

/** One reason, what caused it, and how many results it explains, most frequent first. */
export type Reasons = { reason: string; cause: Cause | null; count: number; checks: string[] }[]

const byReason = (results: readonly CheckResult[]): Reasons =>
  [...Map.groupBy(results, ({ reason }) => reason ?? '')]
    .map(([reason, some]) => ({
      reason,
      cause: some.find(({ cause }) => cause !== null)?.cause ?? null,
      count: some.length,
      checks: [...new Set(some.map(({ check }) => check))].sort(),
    }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))

/** Why checks were skipped. */
export const skipped = (report: Report): Reasons => byReason(report.checks.filter(({ status }) => status === 'skip'))

/** How many results are not known because of a finding. */
export const hiddenBy = (finding: Finding, { causes }: Report): number =>
  causes.reduce((sum, cause) => (cause.finding === finding.id ? sum + cause.hidden : sum), 0)

/** Results that wait for somebody's answer: they are asked, not explained. */
const isAsked = ({ status, question }: CheckResult): boolean => status === 'unknown' && question !== null

/** How many results are unknown for another cause than a question that nobody answered. */
export const unknownCount = ({ summary, checks }: Report): number =>
  Math.max(0, summary.unknown - checks.filter(isAsked).length)

/** What could not be judged: the causes behind many results first, then the reasons that no cause explains. */
export const unknownReasons = (report: Report): Reasons => {
  const { checks } = report
  const asked = new Set(checks.filter(isAsked).map(({ cause }) => cause?.text))
  const causes = report.causes.filter(
    item => item.finding === null && !(item.kind === 'judged' && asked.has(item.cause)),
  )
  const explained = new Set(report.causes.flatMap(item => item.checks))
  const rest = checks.filter(item => item.status === 'unknown' && !isAsked(item) && !explained.has(item.check))
  const causeOf = ({ cause: text, kind }: FoldedCause): Cause | null =>
    checks.find(({ cause }) => cause?.kind === kind && cause.text === text)?.cause ?? null
  return [
    ...causes.map(item => ({ reason: item.cause, cause: causeOf(item), count: item.hidden, checks: item.checks })),
    ...byReason(rest),
  ]
}

/** Checks that passed everywhere they were judged, by stage where the stage is known from `stageOf`. */
export const passed = (report: Report): string[] => {
  const bad = new Set(
    report.checks.filter(({ status }) => status !== 'pass' && status !== 'skip').map(({ check }) => check),
  )
  const good = report.checks
    .filter(({ status, check }) => status === 'pass' && !bad.has(check))
    .map(({ check }) => check)
  return [...new Set(good)].sort()
}

/** Findings that count, by stage, in the order of the roadmap; stages without one are absent. */
export const byStage = (findings: readonly Numbered[]): { stage: Stage; findings: Numbered[] }[] =>
  stages
    .map(stage => ({ stage, findings: findings.filter(({ finding }) => finding.stage === stage) }))
    .filter(({ findings: some }) => some.length)

/** Numbers of the findings with these ids, ascending. */
export const numbersOf = (findings: readonly Numbered[], ids: readonly string[]): number[] =>
  findings.filter(({ finding }) => ids.includes(finding.id)).map(({ number }) => number)

/** Runs of neighbours, each as its first and last number. */
export const spans = (numbers: readonly number[]): [number, number][] => {
  const parts: [number, number][] = []
  for (const number of numbers) {
    const last = parts.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else parts.push([number, number])
  }
  return parts
}

/** `1–3, 7`. */
export const ranges = (numbers: readonly number[]): string =>
  spans(numbers)
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`))
    .join(', ')
