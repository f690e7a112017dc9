// The report: schema version 1 of the JSON that the contract promises. Reporters turn it into text; nothing else does.
import type { Cause, CauseKind } from './cause.ts'
import type { Question } from './check.ts'
import type { Evidence } from './evidence.ts'
import type { Fix } from './fix.ts'
import type { FixPlan } from './fix-plan/plan-fixes.ts'
import type { Confidence, Impact, Severity } from './severity.ts'
import type { Stage } from './stage.ts'

export type Status = 'pass' | 'fail' | 'skip' | 'unknown'
export type Verdict = 'ready' | 'not-ready' | 'incomplete'

/** One fault of one subject. `id` is the fingerprint: stable across runs and machines. */
export type Finding = {
  id: string
  check: string
  outcome: string
  stage: Stage
  severity: Severity
  impact: Impact
  confidence: Confidence
  subject: string
  /** What distinguishes findings of one outcome on one subject (a record's data, a path, a provider); null where one alone can hold. */
  key: string | null
  title: string
  why: string
  evidence: Evidence[]
  fix: Fix
  references: string[]
  /** ISO 8601 instant, from a former report given with --since; null when unknown. */
  firstSeen: string | null
  /** The suppression or baseline that keeps this finding from failing the run; null when nothing does. */
  suppressed: { reason: string; until: string | null; by: 'config' | 'baseline' } | null
}

/**
 * How one check ended for one subject. `durationMs` is the time of judging, 0 when judged from saved facts. A pass keeps
 * what it rests on in `evidence`; `cause` says why it was skipped or unknown; `question` is what only a person can answer.
 */
export type CheckResult = {
  check: string
  subject: string
  status: Status
  outcome: string | null
  reason: string | null
  durationMs: number
  evidence: Evidence[]
  cause: Cause | null
  question: Question | null
}

/** One cause that hides several results: `hidden` counts them. `finding` is the finding that stands for it, if one does. */
export type FoldedCause = { cause: string; kind: CauseKind; finding: string | null; hidden: number; checks: string[] }

/** A question, once, with the checks that wait for its answer. */
export type OpenQuestion = Question & { checks: string[] }

export type Report = {
  schemaVersion: 1
  tool: { name: string; version: string }
  target: { domain: string | null; hosts: string[]; repo: string | null }
  startedAt: string
  durationMs: number
  verdict: Verdict
  summary: Record<Severity | 'pass' | 'skip' | 'unknown', number>
  failureSignals: { stage: Stage; signal: string; findings: string[] }[]
  findings: Finding[]
  /** All changes of the findings as one plan, in the order to do them. */
  plan: FixPlan
  checks: CheckResult[]
  /** What was looked at and assumed, for the reader: "app is app.example.com (found by its DNS record)". */
  assumptions: string[]
  /** How much was looked at: counts of hosts, pages and records. */
  looked: { hosts: number; pages: number; records: number }
  /** Host → the server or provider that answers for it, where it is known: fixes are told in its words. */
  servers?: Record<string, string>
  /** Causes behind many results, folded for people; `checks` and `findings` keep all. */
  causes: FoldedCause[]
  /** What only people know: "Only you know: 5 questions". */
  questions: OpenQuestion[]
  /** True when the run was interrupted before everything was collected. */
  interrupted: boolean
  /** How far a first customer gets, in one sentence; `at` is the step that breaks first. */
  firstCustomer?: { at: string | null; sentence: string }
  /** Where what people say of the handover and what was seen part. */
  contradictions?: { id: string; said: string; seen: string; place: string }[]
  /** Notes that are no findings (shown with --verbose). */
  notes: string[]
}
