// Judges one check for one subject: hands the facts over, turns missing facts into skip or unknown, fills titles and fixes.
import type { Cause, CauseKind } from './cause.ts'
import type { AnyCheck, FailOutcome, OutcomeHolds, OutcomeSpec, Unknown } from './check.ts'
import { tagged } from './evidence.ts'
import { causeOf, type Fact, type Missing, type Subject } from './fact.ts'
import { fingerprint } from './fingerprint.ts'
import type { CheckResult, Finding } from './report.ts'
import { type Severity, severities, tempered } from './severity.ts'
import type { SignalId } from './signals.ts'
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
  unknowns: { check: string; subject: string; couldBe: Severity; cause: Cause }[]
  skips: { check: string; subject: string; cause: Cause | null }[]
  /** Findings that stand for facts of the same host which are missing for a cause of these kinds. */
  explains: { finding: string; host: string; kinds: readonly CauseKind[] }[]
  /** Findings that trip no signal. */
  quiet: string[]
  /** Findings that trip these signals alone. */
  only?: { finding: string; signals: readonly SignalId[] }[]
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

/** A title is one line of this many characters; a name that must stay whole may make it two. */
const titleLimit = 70
const namedTitleLimit = 120
/** What is shortened keeps at least this many characters. */
const leastSlot = 12

const endCut = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, Math.max(room, leastSlot) - 1).trimEnd()}…`

/** A path by its last folders: those tell it from its neighbours. */
const shortPath = (path: string, room: number): string => {
  if (path.length <= room) return path
  const parts = path.split('/')
  for (let from = 1; from < parts.length; from++) {
    const rest = `…/${parts.slice(from).join('/')}`
    if (rest.length <= room) return rest
  }
  return endCut(parts.at(-1)!, room)
}

/** Shorter where nothing is lost that another place does not say: a URL as its path, words to the last whole one. A host stays whole. */
const shortValue = (value: string, room: number): string => {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) {
    const { pathname, hostname } = new URL(value)
    return pathname === '/' ? hostname : shortPath(pathname, Math.max(room, leastSlot))
  }
  // A phrase ends at a word; the beginning is what it says.
  if (/\s/.test(value)) return room >= leastSlot ? `${value.slice(0, room - 1).replace(/[,;:]?\s+\S*$/, '')}…` : value
  return value.includes('/') ? shortPath(value, Math.max(room, leastSlot)) : value
}

/** `{count} variables` where the count is one: `{count} variable`. */
const countedOnce = (template: string, data: unknown): string =>
  template.replace(
    /\{(\w+)\} ((?:more )?)(?!does|goes)([a-z]{2,}[^s\W])s\b/g,
    (whole, name: string, more: string, noun: string) =>
      (data as Record<string, unknown> | null)?.[name] === 1
        ? `{${name}} ${more}${noun.endsWith('ie') ? `${noun.slice(0, -2)}y` : noun}`
        : whole,
  )

/** The longest value of a title's slots, and how often it stands there. */
const longestSlot = (template: string, data: unknown): { name: string; value: string; times: number } | null => {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(match => match[1]!)
  const values = names.map(name => ({ name, value: fillSlots(`{${name}}`, data) }))
  const [longest] = values.sort((a, b) => b.value.length - a.value.length)
  return longest ? { ...longest, times: names.filter(name => name === longest.name).length } : null
}

/**
 * Fills a title. Where that makes it longer than 70 characters, a URL is told by its path and a path by its last folders; the name
 * of a host stays whole, for a part of it is another name, and the title takes a second line. What is longer still is cut at its end.
 */
export const fillTitle = (given: string, data: unknown): string => {
  const template = countedOnce(given, data)
  const filled = fillSlots(template, data)
  // `{what}` is a thing in words, which begins a sentence; names keep their case.
  const begins = template.startsWith('{what}') || (/^\{\w+\}/.test(template) && /^(?:the|an?) /.test(filled))
  const whole = begins ? `${filled.slice(0, 1).toUpperCase()}${filled.slice(1)}` : filled
  if (whole.length <= titleLimit) return whole
  const longest = longestSlot(template, data)
  if (!longest) return endCut(whole, titleLimit)
  const { name, value, times } = longest
  const roomIn = (limit: number): number => value.length - Math.ceil((whole.length - limit) / times)
  const fillWith = (short: string): string => fillSlots(template, { ...(data as object), [name]: short })
  const shortened = fillWith(shortValue(value, roomIn(titleLimit)))
  if (shortened.length <= titleLimit) return shortened
  // Words can end sooner; a name cannot.
  if (/\s/.test(value) || whole.length - value.length * times > titleLimit) return endCut(whole, titleLimit)
  return shortened.length <= namedTitleLimit
    ? shortened
    : endCut(fillWith(endCut(value, roomIn(namedTitleLimit))), namedTitleLimit)
}

/** The worst severity that a check can find, after the config's overrides. */
export const worstSeverity = (check: AnyCheck, overrides: SeverityOverrides): Severity => {
  const found = Object.entries(check.outcomes as Record<string, OutcomeSpec<unknown>>)
    .filter((entry): entry is [string, FailOutcome<unknown>] => entry[1].status === 'fail')
    .map(([key, spec]) => severities.indexOf(overrides[key] ?? spec.severity))
  return severities[found.length ? Math.min(...found) : severities.length - 1]!
}

/** Nothing of a subject that customers are not led to is worse than its `details.most`. */
const bounded = (severity: Severity, { details }: Subject): Severity => {
  const most = severities.indexOf(details?.['most'] as Severity)
  return severities[Math.max(severities.indexOf(severity), most)]!
}

const findingOf = (input: JudgeInput, holds: OutcomeHolds<string, unknown>, spec: FailOutcome<unknown>): Finding => {
  const { check, subject } = input
  const slots = { subject: subject.name, ...(holds.data as Record<string, unknown> | null) }
  const confidence = holds.confidence ?? spec.confidence ?? 'certain'
  return {
    // A repository's name is its folder's, which differs from machine to machine; a run judges one.
    id: fingerprint(check.id, holds.outcome, subject.kind === 'repo' ? 'repository' : subject.name, holds.key),
    check: check.id,
    outcome: holds.outcome,
    stage: check.stage,
    // What the config says of its own product is taken at its word.
    severity:
      input.severities[holds.outcome] ?? bounded(tempered(holds.severity ?? spec.severity, confidence), subject),
    impact: holds.impact ?? spec.impact ?? check.impact.journey,
    confidence,
    subject: subject.name,
    key: holds.key ?? null,
    title: fillTitle(spec.title, slots),
    why: fillSlots(spec.why ?? check.impact.owner, slots),
    evidence: holds.evidence.map(tagged),
    fix: spec.fix(holds.data, subject),
    references: [...check.references],
    firstSeen: null,
    suppressed: null,
  }
}

const isUnknown = (item: OutcomeHolds<string, unknown> | Unknown): item is Unknown => 'unknown' in item

const defectOf = (checkId: string): Cause => ({ kind: 'defect', of: checkId, text: 'a defect of launch-ready' })

/** Rows, findings and unknowns of one check and subject, as they are put together. */
type Ledger = Judged & { row(part: Partial<CheckResult> & Pick<CheckResult, 'status'>): CheckResult }

const openLedger = ({ check, subject }: JudgeInput, elapsed: () => number): Ledger => {
  const begun = elapsed()
  return {
    results: [],
    findings: [],
    unknowns: [],
    skips: [],
    explains: [],
    quiet: [],
    defect: null,
    row: part => ({
      check: check.id,
      subject: subject.name,
      outcome: null,
      reason: null,
      evidence: [],
      cause: null,
      question: null,
      ...part,
      durationMs: Math.round(elapsed() - begun),
    }),
  }
}

const writeSkip = (ledger: Ledger, { check, subject }: JudgeInput, reason: string, cause: Cause | null): void => {
  ledger.results.push(ledger.row({ status: 'skip', reason, cause }))
  ledger.skips.push({ check: check.id, subject: subject.name, cause })
}

/** One row for all that could not be told, and an entry for each reason. */
const writeUnknowns = (ledger: Ledger, input: JudgeInput, unknowns: readonly Unknown[]): void => {
  const causes = unknowns.map((item): Cause => item.cause ?? { kind: 'judged', text: item.unknown })
  ledger.results.push(
    ledger.row({
      status: 'unknown',
      reason: unknowns.map(item => item.unknown).join('; '),
      cause: causes[0]!,
      question: unknowns.find(item => item.question)?.question ?? null,
    }),
  )
  for (const [at, item] of unknowns.entries())
    ledger.unknowns.push({
      check: input.check.id,
      subject: input.subject.name,
      couldBe: item.couldBe ?? worstSeverity(input.check, input.severities),
      cause: causes[at]!,
    })
}

const writeOutcomes = (ledger: Ledger, input: JudgeInput, outcomes: readonly OutcomeHolds<string, unknown>[]): void => {
  const { check, subject } = input
  const passes: CheckResult[] = []
  for (const holds of outcomes) {
    const spec = check.outcomes[holds.outcome] as OutcomeSpec<unknown> | undefined
    if (!spec) throw new Error(`judge returned an undeclared outcome "${holds.outcome}"`)
    if (spec.status === 'pass') {
      passes.push(ledger.row({ status: 'pass', outcome: holds.outcome, evidence: holds.evidence.map(tagged) }))
      continue
    }
    const finding = findingOf(input, holds, spec)
    ledger.findings.push(finding)
    if (holds.signals === false) ledger.quiet.push(finding.id)
    else if (holds.signals) ledger.only = [...(ledger.only ?? []), { finding: finding.id, signals: holds.signals }]
    if (spec.explains) ledger.explains.push({ finding: finding.id, host: subject.name, kinds: spec.explains })
  }
  if (ledger.findings.length) {
    const worst = ledger.findings.reduce((a, b) =>
      severities.indexOf(b.severity) < severities.indexOf(a.severity) ? b : a,
    )
    ledger.results.push(ledger.row({ status: 'fail', outcome: worst.outcome }))
  } else ledger.results.push(...passes.slice(0, 1))
}

/** What the check's judge says of the facts that are there. */
const writeJudgement = (ledger: Ledger, input: JudgeInput): void => {
  const { check } = input
  const given: Record<string, unknown> = {}
  for (const name of check.needs as readonly string[]) given[name] = (input.facts[name] as { value: unknown }).value
  for (const name of (check.wants ?? []) as readonly string[]) given[name] = input.facts[name]
  const context = { now: input.now, subject: input.subject, target: input.target, options: input.options }
  const judgement = check.judge(given as never, context)
  if ('skip' in judgement) {
    writeSkip(ledger, input, judgement.skip, judgement.cause ?? null)
    return
  }
  const items = (Array.isArray(judgement) ? judgement : [judgement]) as (OutcomeHolds<string, unknown> | Unknown)[]
  if (items.length === 0) throw new Error('judge returned no outcome')
  writeOutcomes(
    ledger,
    input,
    items.filter((item): item is OutcomeHolds<string, unknown> => !isUnknown(item)),
  )
  const unknowns = items.filter(isUnknown)
  if (unknowns.length === 0) return
  // A pass beside an unknown is no pass: the unknown speaks.
  ledger.results = ledger.results.filter(result => result.status !== 'pass')
  writeUnknowns(ledger, input, unknowns)
}

/** Judges one check for one subject. Pure but for the clock that `elapsed` reads. */
export const judge = (input: JudgeInput, elapsed: () => number = () => 0): Judged => {
  const { check, subject } = input
  const ledger = openLedger(input, elapsed)
  const closed = ({ row: _, ...judged }: Ledger): Judged => judged
  const absent = check.needs
    .map((name: string) => input.facts[name])
    .filter((fact): fact is Missing => fact !== undefined && !fact.ok)
  const because = absent.find(fact => fact.because)
  if (because) writeSkip(ledger, input, because.because!, causeOf(because))
  else if (absent[0]) writeUnknowns(ledger, input, [{ unknown: absent[0].message, cause: causeOf(absent[0]) }])
  else
    try {
      writeJudgement(ledger, input)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const failed = openLedger(input, elapsed)
      writeUnknowns(failed, input, [{ unknown: `the check itself failed: ${message}`, cause: defectOf(check.id) }])
      return closed({ ...failed, defect: `${check.id} on ${subject.name}: ${message}` })
    }
  return closed(ledger)
}
