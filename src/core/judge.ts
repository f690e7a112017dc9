// Judges one check for one subject: hands the facts over, turns missing facts into skip or unknown, fills titles and fixes.
import type { AnyCheck, FailOutcome, OutcomeHolds, OutcomeSpec, Unknown } from './check.ts'
import type { Fact, Missing, Subject } from './fact.ts'
import { fingerprint } from './fingerprint.ts'
import type { CheckResult, Finding } from './report.ts'
import { type Severity, severities } from './severity.ts'
import type { Target } from './target.ts'

/** Outcome → severity, from the config (`checks.<id>.severity`). */
export type SeverityOverrides = Readonly<Record<string, Severity>>

export type JudgeInput = {
  check: AnyCheck
  subject: Subject
  /** Every fact that the check names in `needs` and `wants`. */
  facts: Readonly<Record<string, Fact<unknown>>>
  now: number
  target: Target
  options: Readonly<Record<string, unknown>>
  severities: SeverityOverrides
}

/** What judging gave: rows of the report, findings, and for an unknown the worst it could hide and what caused it. */
export type Judged = {
  results: CheckResult[]
  findings: Finding[]
  unknowns: { check: string; subject: string; couldBe: Severity; cause: string }[]
  skips: { check: string; subject: string; cause: string }[]
  /** Set when the judge itself threw: a defect of the tool. */
  defect: string | null
}

/** Replaces `{slot}` by the value of that name in `data`; an array is joined by commas. */
export const fillSlots = (template: string, data: unknown): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = (data as Record<string, unknown> | null)?.[name]
    if (value === undefined || value === null) return whole
    return Array.isArray(value) ? value.join(', ') : String(value)
  })

const titleLimit = 70
/** A name that is shortened keeps at least this many characters. */
const leastSlot = 12

const middleCut = (text: string, length: number): string => {
  const tail = Math.floor((length - 1) / 2)
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`
}

/** `{count} variables` where the count is one: `{count} variable`. */
const countedOnce = (template: string, data: unknown): string =>
  template.replace(
    /\{(\w+)\} ((?:more )?)(?!does|goes)([a-z]{2,}[^s\W])s\b/g,
    (whole, name: string, more: string, noun: string) =>
      (data as Record<string, unknown> | null)?.[name] === 1 ? `{${name}} ${more}${noun}` : whole,
  )

/**
 * Fills a title. Where a long name makes it longer than 70 characters, the name loses its middle and the sentence stays
 * whole; only when that is not enough the end is cut. The whole stands in the evidence.
 */
export const fillTitle = (given: string, data: unknown): string => {
  const template = countedOnce(given, data)
  const filled = fillSlots(template, data)
  // `{what}` is a thing in words, which begins a sentence; names keep their case.
  const whole = template.startsWith('{what}') ? `${filled.slice(0, 1).toUpperCase()}${filled.slice(1)}` : filled
  if (whole.length <= titleLimit) return whole
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(match => match[1]!)
  const longest = names.reduce<{ name: string; value: string } | null>((best, name) => {
    const value = fillSlots(`{${name}}`, data)
    return best && best.value.length >= value.length ? best : { name, value }
  }, null)
  if (longest) {
    const times = names.filter(name => name === longest.name).length
    const room = longest.value.length - Math.ceil((whole.length - titleLimit) / times)
    if (room >= leastSlot)
      return fillSlots(template, { ...(data as object), [longest.name]: middleCut(longest.value, room) })
  }
  return `${whole.slice(0, titleLimit - 1).trimEnd()}…`
}

/** The worst severity that a check can find, after the config's overrides. */
export const worstSeverity = (check: AnyCheck, overrides: SeverityOverrides): Severity => {
  const found = Object.entries(check.outcomes as Record<string, OutcomeSpec<unknown>>)
    .filter((entry): entry is [string, FailOutcome<unknown>] => entry[1].status === 'fail')
    .map(([key, spec]) => severities.indexOf(overrides[key] ?? spec.severity))
  return severities[found.length ? Math.min(...found) : severities.length - 1]!
}

const findingOf = (input: JudgeInput, holds: OutcomeHolds<string, unknown>, spec: FailOutcome<unknown>): Finding => {
  const { check, subject } = input
  const slots = { subject: subject.name, ...(holds.data as Record<string, unknown> | null) }
  return {
    // A repository's name is its folder's, which differs from machine to machine; a run judges one.
    id: fingerprint(check.id, holds.outcome, subject.kind === 'repo' ? 'repository' : subject.name, holds.key),
    check: check.id,
    outcome: holds.outcome,
    stage: check.stage,
    severity: input.severities[holds.outcome] ?? holds.severity ?? spec.severity,
    impact: holds.impact ?? spec.impact ?? check.impact.journey,
    subject: subject.name,
    title: fillTitle(spec.title, slots),
    why: fillSlots(spec.why ?? check.impact.owner, slots),
    evidence: holds.evidence,
    fix: spec.fix(holds.data, subject),
    references: [...check.references],
    firstSeen: null,
    suppressed: null,
  }
}

const isUnknown = (item: OutcomeHolds<string, unknown> | Unknown): item is Unknown => 'unknown' in item

/** Judges one check for one subject. Pure but for the clock that `elapsed` reads. */
export const judge = (input: JudgeInput, elapsed: () => number = () => 0): Judged => {
  const { check, subject } = input
  const begun = elapsed()
  const row = (part: Partial<CheckResult> & Pick<CheckResult, 'status'>): CheckResult => ({
    check: check.id,
    subject: subject.name,
    status: part.status,
    outcome: part.outcome ?? null,
    reason: part.reason ?? null,
    durationMs: Math.round(elapsed() - begun),
  })
  const judged: Judged = { results: [], findings: [], unknowns: [], skips: [], defect: null }
  const skipped = (reason: string, cause: string): Judged => ({
    ...judged,
    results: [row({ status: 'skip', reason })],
    skips: [{ check: check.id, subject: subject.name, cause }],
  })
  const couldNotTell = (reason: string, cause: string, couldBe = worstSeverity(check, input.severities)): Judged => ({
    ...judged,
    results: [row({ status: 'unknown', reason })],
    unknowns: [{ check: check.id, subject: subject.name, couldBe, cause }],
  })

  const absent = check.needs
    .map((name: string) => input.facts[name])
    .filter((fact): fact is Missing => fact !== undefined && !fact.ok)
  const because = absent.find(fact => fact.because)
  if (because) return skipped(because.because!, because.because!)
  if (absent[0]) return couldNotTell(absent[0].message, absent[0].cause ?? absent[0].message)

  const given: Record<string, unknown> = {}
  for (const name of check.needs as readonly string[]) given[name] = (input.facts[name] as { value: unknown }).value
  for (const name of (check.wants ?? []) as readonly string[]) given[name] = input.facts[name]

  try {
    const context = { now: input.now, subject, target: input.target, options: input.options }
    const judgement = check.judge(given as never, context)
    if ('skip' in judgement) return skipped(judgement.skip, '')
    const items = (Array.isArray(judgement) ? judgement : [judgement]) as (OutcomeHolds<string, unknown> | Unknown)[]
    if (items.length === 0) throw new Error('judge returned no outcome')
    for (const item of items) {
      if (isUnknown(item)) continue
      const spec = check.outcomes[item.outcome] as OutcomeSpec<unknown> | undefined
      if (!spec) throw new Error(`judge returned an undeclared outcome "${item.outcome}"`)
      if (spec.status === 'fail') judged.findings.push(findingOf(input, item, spec))
      else if (items.every(other => isUnknown(other) || check.outcomes[other.outcome]?.status === 'pass'))
        judged.results.push(row({ status: 'pass', outcome: item.outcome }))
    }
    if (judged.findings.length) {
      const worst = judged.findings.reduce((a, b) =>
        severities.indexOf(b.severity) < severities.indexOf(a.severity) ? b : a,
      )
      judged.results.push(row({ status: 'fail', outcome: worst.outcome }))
    }
    const unknowns = items.filter(isUnknown)
    if (unknowns[0]) {
      // A pass beside an unknown is no pass: the unknown speaks.
      judged.results = judged.results.filter(result => result.status !== 'pass')
      judged.results.push(row({ status: 'unknown', reason: unknowns.map(item => item.unknown).join('; ') }))
      for (const item of unknowns)
        judged.unknowns.push({
          check: check.id,
          subject: subject.name,
          couldBe: item.couldBe ?? worstSeverity(check, input.severities),
          cause: item.unknown,
        })
    } else judged.results = judged.results.slice(0, 1)
    return judged
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {
      ...couldNotTell(`the check itself failed: ${message}`, 'a defect of launch-ready'),
      defect: `${check.id} on ${subject.name}: ${message}`,
    }
  }
}
