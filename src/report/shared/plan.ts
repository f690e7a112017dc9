// The plan of a report as people read it: which step puts a finding right, and rows of what to do in the order to do it.
import type { Change } from '../../core/fix.ts'
import type { PlanStep } from '../../core/fix-plan/plan-fixes.ts'
import type { Finding, Report } from '../../core/report.ts'
import { type Severity, severities } from '../../core/severity.ts'
import { type Group, groups, type Numbered, numbered, numberedPossible } from './group.ts'

/** What to do for a finding, out of the plan. */
export type Todo = {
  changes: readonly Change[]
  /** Number of the finding where the same step is told in full; null where it is told here. */
  toldAt: number | null
  /** Numbers of the other findings that the same step puts right, where it is told here. */
  also: number[]
  later: PlanStep[]
}

/** Steps by the findings in them. */
const stepsById = (steps: readonly PlanStep[]): Map<string, PlanStep[]> => {
  const found = new Map<string, PlanStep[]>()
  for (const step of steps)
    for (const id of step.findings) {
      const known = found.get(id)
      if (known) known.push(step)
      else found.set(id, [step])
    }
  return found
}

/**
 * Reads the plan once, to say for each finding the changes of the step in which it stands: composed with those of others, so
 * that following one finding never undoes another. A step is told in full once, at its first finding.
 */
export const planReader = (report: Report): ((finding: Finding) => Todo) => {
  const steps = stepsById(report.plan.steps)
  const all = [...numbered(report), ...numberedPossible(report)]
  const numbers = new Map(all.map(({ number, finding }) => [finding.id, number]))
  const inStep = new Map<PlanStep, number[]>()
  const numbersIn = (step: PlanStep): number[] => {
    const known = inStep.get(step) ?? step.findings.flatMap(id => numbers.get(id) ?? []).sort((a, b) => a - b)
    inStep.set(step, known)
    return known
  }
  return ({ id, fix }) => {
    const own = steps.get(id) ?? []
    // A report of an older version carries no plan.
    const step = own.find(({ notBefore }) => notBefore === null)
    const later = own.filter(({ notBefore }) => notBefore !== null)
    if (!step || step.findings.length === 1)
      return { changes: step?.changes ?? fix.changes, toldAt: null, also: [], later }
    const [first = null, ...others] = numbersIn(step)
    const number = numbers.get(id)
    if (number === undefined || number === first) return { changes: step.changes, toldAt: null, also: others, later }
    return { changes: step.changes, toldAt: first, also: [], later }
  }
}

/** A row of the plan: steps that do the same at several places are one. */
export type PlanRow = {
  group: Group
  /** The severity under which it stands: its own, or that of a later row that rests on it. */
  severity: Severity
  /** What has to be there first, or what to wait for. */
  why: string | null
  notBefore: string | null
}

const worse = (a: Severity, b: Severity): Severity => (severities.indexOf(a) <= severities.indexOf(b) ? a : b)

/** Rows in the order to do them. Findings that are only possible are left to their own section. */
export const planRows = (report: Report): PlanRow[] => {
  const findings = numbered(report)
  const byId = new Map(findings.map(one => [one.finding.id, one]))
  const alike = new Map<string, Group>(
    severities
      .flatMap(severity => groups(findings, severity))
      .flatMap(group => [group.lead, ...group.more].map(one => [one.finding.id, group] as const)),
  )
  const rows: PlanRow[] = []
  const seen = new Map<Group, PlanRow>()
  for (const step of report.plan.steps) {
    const members = step.findings.flatMap(id => byId.get(id) ?? []).sort((a, b) => a.number - b.number)
    const [lead, ...more] = members
    if (!lead) continue
    const kind = alike.get(lead.finding.id)!
    const known = seen.get(kind)
    if (known && step.why === null && step.notBefore === null) {
      known.group.more.push(...members)
      continue
    }
    const row: PlanRow = {
      group: { lead, more },
      severity: lead.finding.severity,
      why: step.why,
      notBefore: step.notBefore,
    }
    if (step.why === null && step.notBefore === null) seen.set(kind, row)
    rows.push(row)
  }
  let worst: Severity = 'low'
  for (const row of rows.toReversed()) {
    if (row.notBefore === null) worst = worse(worst, row.severity)
    row.severity = row.notBefore === null ? worst : 'low'
  }
  return rows
}

/** The rows of one severity, today's and later ones apart. */
export const rowsOf = (rows: readonly PlanRow[], severity: Severity): PlanRow[] =>
  rows.filter(row => row.severity === severity && row.notBefore === null)

/** Numbers of all findings of a row. */
export const rowNumbers = ({ group: { lead, more } }: PlanRow): number[] =>
  [lead, ...more].map(({ number }: Numbered) => number).sort((a, b) => a - b)
