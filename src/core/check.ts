// The shape of a check: plain data and one pure function. See DESIGN.md, "A check".
import type { FactName, Facts } from '../facts/index.generated.ts'
import type { Cause, CauseKind } from './cause.ts'
import type { ChecklistPlace } from './checklist.ts'
import type { GivenEvidence } from './evidence.ts'
import { causeOf, type Fact, type Missing, type Subject, type SubjectKind } from './fact.ts'
import type { Fix } from './fix.ts'
import type { Confidence, Impact, Severity } from './severity.ts'
import type { SignalId } from './signals.ts'
import type { ActionName, Stage } from './stage.ts'
import type { Target } from './target.ts'

/** Until every check tags its evidence. */
export type Evidence = GivenEvidence

/** A good outcome. The title is a sentence with `{slots}` filled from the data that `judge` gave. */
export type PassOutcome = { status: 'pass'; title: string }

/**
 * A bad outcome. `title` says what happens to a customer, ≤ 70 characters with its slots filled; `why` replaces the
 * check's `impact.owner` sentence where the outcome needs its own; `impact` likewise replaces the journey. `confidence` is
 * `certain` unless said otherwise. `explains` names the kinds of causes that this outcome stands for: facts of the same
 * host that are missing for such a cause fold into the finding. `toldBy` names the outcome of another check that has the same
 * cause: where a report tells of that one for the same subject, this one is not told again.
 */
export type FailOutcome<D> = {
  status: 'fail'
  severity: Severity
  title: string
  why?: string
  impact?: Impact
  confidence?: Confidence
  explains?: readonly CauseKind[]
  toldBy?: { check: string; outcome: string }
  fix: (data: D, subject: Subject) => Fix
}

export type OutcomeSpec<D> = PassOutcome | FailOutcome<D>

type MoreOfOutcome = Pick<FailOutcome<never>, 'why' | 'impact' | 'confidence' | 'explains' | 'toldBy'>
type FixOf<D> = FailOutcome<D>['fix']
type MakeOutcome = <D>(title: string, fix: FixOf<D>, more?: MoreOfOutcome) => FailOutcome<D>

const failing =
  (severity: Severity): MakeOutcome =>
  (title, fix, more = {}) => ({ status: 'fail', severity, title, fix, ...more })

/** A bad outcome of each severity: `high('{host} has no mail server', fixOf)`. */
export const blocker = failing('blocker')
export const high = failing('high')
export const medium = failing('medium')
export const low = failing('low')
/** The good outcome. */
export const pass = (title: string): PassOutcome => ({ status: 'pass', title })

/**
 * What `judge` returns for one outcome that holds. `data` fills the title's slots and is handed to `fix`. `key`
 * distinguishes two findings of the same outcome on the same subject (a record's data, a path): it goes into the
 * fingerprint, so it must be stable across runs. `severity` is for the few outcomes of the catalogue whose severity depends on
 * the subject (`H where nothing is entered`); otherwise the table decides. `impact` likewise (per route kind), and
 * `confidence` where the evidence decides how sure one can be.
 */
export type OutcomeHolds<K extends string, D> = {
  outcome: K
  data: D
  evidence: GivenEvidence[]
  key?: string
  severity?: Severity
  impact?: Impact
  confidence?: Confidence
  /** False, or those alone that hold, where the signals of this outcome would say more than what was measured ("over a second"). */
  signals?: false | readonly SignalId[]
}

/**
 * What only a person knows (backups of a managed database, who holds an account). `id` is stable, `text` ends with a
 * question mark, `answer` is the path in the config or handover file where the answer is kept (`deploy.rollback`).
 */
export type Question = { id: string; text: string; answer: string }

export type Skip = { skip: string; cause?: Cause }
export type Unknown = { unknown: string; couldBe?: Severity; cause?: Cause; question?: Question; key?: string }

/** Does not apply to this subject, with the reason in words a founder understands. */
export const skip = (reason: string): Skip => ({ skip: reason })

/** Could not be judged although the facts are there (too few samples, say), with the reason. */
export const unknown = (reason: string, couldBe?: Severity): Unknown => ({ unknown: reason, couldBe })

/** What a missing fact makes of a check: skipped where its absence is an observation, else unknown, with its cause. */
export const couldNotSee = (fact: Missing, couldBe?: Severity): Skip | Unknown =>
  fact.because ? { skip: fact.because, cause: causeOf(fact) } : { unknown: fact.message, couldBe, cause: causeOf(fact) }

/** Unknown until somebody answers; `couldBe` is the worst that the answer could bring. */
export const ask = (question: Question, reason: string, couldBe: Severity = 'high'): Unknown => ({
  unknown: reason,
  couldBe,
  question,
})

/** What a judge may return: everything bad that holds, or one pass, or a skip, or an unknown; a list may mix bad outcomes and unknowns. */
export type Judgement<K extends string, D> =
  | OutcomeHolds<K, D>
  | Skip
  | Unknown
  | ReadonlyArray<OutcomeHolds<K, D> | Unknown>

export type JudgeContext = {
  /** The instant of the run in milliseconds since the epoch. */
  now: number
  subject: Subject
  target: Target
  /** The check's own options from the config (`checks: { <id>: { options } }`), or an empty object. */
  options: Readonly<Record<string, unknown>>
}

/**
 * How a fact of an example differs from the sound one that the fact exports (`facts/<family>/<fact>.example.ts`): the
 * fields that are other (an object), the whole value (anything else), a function of the sound one, or a missing fact.
 */
export type Differs<T> =
  | Fact<T>
  | ((sound: T) => T)
  | (T extends readonly unknown[] ? T : T extends object ? Partial<T> : T)

/**
 * Facts for one outcome: run as a test and shown on the check's page. Facts that are not named are the sound ones of
 * `facts/examples.generated.ts`.
 */
export type Example<N extends FactName, W extends FactName, K extends string> = {
  name: string
  facts: { [F in N | W]?: Differs<Facts[F]> }
  subject?: Subject
  target?: Partial<Target>
  options?: Record<string, unknown>
  /** ISO 8601; the conformance test's fixed clock (2026-11-25) when absent. */
  now?: string
  expect: K | 'skip' | 'unknown'
}

export type Check<
  D = unknown,
  N extends FactName = FactName,
  W extends FactName = FactName,
  K extends string = string,
> = {
  /** The noun looked at; the file bears the same name. */
  id: string
  /** Judged for every host that exists, not only for those of the product: one of the few that any name must stand (`on: 'host'`). */
  everyHost?: true
  stage: Stage
  /** What it is judged for; a list where one rule holds for several kinds (`blocklist`: address and domain). */
  on: SubjectKind | readonly SubjectKind[]
  /** The good state, readable when it passes. */
  title: string
  /** Two or three sentences for an engineer: why it matters and how it is judged. */
  why: string
  /** The journey it breaks, and one sentence for the owner: money or trust, no acronym. */
  impact: { journey: Impact; owner: string }
  /** Facts without which the check is `unknown` (or skipped, where their absence is an observation). */
  needs: readonly N[]
  /** Facts that help but may be missing: `judge` is handed the whole `Fact`, so it can tell "not there" from "could not look". */
  wants?: readonly W[]
  outcomes: { readonly [O in K]: OutcomeSpec<D> }
  references: readonly string[]
  /** True for checks that are only run with --active. */
  active?: boolean
  /** Takes so long or asks so often that its stage's own command alone measures it: `audit` skips it and names the command. */
  measured?: true
  /** Commands of other stages that show this check too, because a person expects it there. */
  alsoIn?: readonly Stage[]
  /** Actions (`deploy secrets`) that run this check alone. */
  actions?: readonly ActionName[]
  /** Failure signals that the bad outcomes trip: all that are at least high, or those named (at least medium). */
  signals?: readonly SignalId[] | { readonly [S in SignalId]?: readonly NoInfer<K>[] }
  /** The line of a deliverable that a pass ticks. */
  checklist?: ChecklistPlace
  judge: (
    facts: { readonly [F in N]: Facts[F] } & { readonly [F in NoInfer<W>]: Fact<Facts[F]> },
    context: JudgeContext,
  ) => Judgement<NoInfer<K>, D>
  // NoInfer: the names come from `needs` and `wants` alone, else an example's facts would be read as wants.
  examples: readonly Example<NoInfer<N>, NoInfer<W>, NoInfer<K>>[]
}

/** The kinds of subject that a check is judged for. */
export const kindsOf = (check: AnyCheck): readonly SubjectKind[] =>
  typeof check.on === 'string' ? [check.on] : (check.on as readonly SubjectKind[])

/** A check whose type parameters do not matter: what the registry holds. */
export type AnyCheck = Omit<Check<never, FactName, FactName, string>, 'outcomes' | 'judge' | 'examples' | 'signals'> & {
  signals?: readonly SignalId[] | { readonly [S in SignalId]?: readonly string[] }
  // biome-ignore-start lint/suspicious/noExplicitAny: the registry holds checks of every data type; only defineCheck makes them.
  outcomes: { readonly [outcome: string]: OutcomeSpec<any> }
  judge: (facts: any, context: JudgeContext) => Judgement<string, any>
  examples: readonly Example<any, any, string>[]
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
}

/**
 * Defines a check. Curried so that the data type is given and the rest inferred:
 * `export default defineCheck<{ count: number }>()({ id: 'spf-lookups', ... })`.
 */
export const defineCheck =
  <D = Record<string, never>>() =>
  <const N extends FactName, const K extends string, const W extends FactName = never>(
    check: Check<D, N, W, K>,
  ): Check<D, N, W, K> =>
    check
