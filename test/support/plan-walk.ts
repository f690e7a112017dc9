// Walks the plan of a report in its world, step by step, as somebody would who does what it says and looks again after each step.
import { checks } from '../../src/checks/index.generated.ts'
import type { Change } from '../../src/core/fix.ts'
import type { PlanStep } from '../../src/core/fix-plan/plan-fixes.ts'
import type { Finding, Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import type { World } from '../../src/lab/world.ts'
import { auditWorld } from './lab-audit.ts'

const isData = ({ kind }: Change): boolean => kind !== 'manual' && kind !== 'command'

const named = (finding: { check: string; outcome: string; subject: string; severity: string }): string =>
  `${finding.severity} ${finding.check} ${finding.outcome} ${finding.subject}`

/** Findings that the steps claim and that need nobody's hands: every change of theirs is data. */
const claimed = (report: Report, steps: readonly PlanStep[]): Finding[] =>
  report.findings.filter(
    finding =>
      finding.fix.changes.length > 0 &&
      finding.fix.changes.every(isData) &&
      steps.some(
        step =>
          step.findings.includes(finding.id) &&
          step.changes.every(change => change.kind !== 'manual' || !/^Run the audit again/.test(change.step)),
      ),
  )

/** Checks that time answers: what they say between two audits tells of this machine too, and no change of a plan makes a page wait. */
const timing = new Set(checks.filter(({ needs }) => needs.includes('samples')).map(({ id }) => id))

/** What a prefix of the plan opened: above low, of something that had been judged and was fine or better before. */
const opened = (before: Report, after: Report): string[] => {
  const known = new Set(before.findings.map(({ id }) => id))
  const alike = new Set(before.findings.map(({ check, subject }) => `${check} ${subject}`))
  const unseen = new Set(
    before.checks
      .filter(({ status }) => status === 'unknown' || status === 'skip')
      .map(({ check, subject }) => `${check} ${subject}`),
  )
  const judged = new Set(before.checks.map(({ check, subject }) => `${check} ${subject}`))
  return after.findings
    .filter(({ id, severity, check }) => severity !== 'low' && !known.has(id) && !timing.has(check))
    .filter(({ check, subject }) => {
      const key = `${check} ${subject}`
      // The next step of the same check, and what could not be seen before, are announced as such.
      return !alike.has(key) && !unseen.has(key) && judged.has(key)
    })
    .map(named)
}

export type Walk = { steps: number; complaints: string[] }

/** Applies the plan; `everyPrefix` audits after each step, else at the end alone. */
export const walkPlan = async (world: World, everyPrefix: boolean): Promise<Walk> => {
  const running: RunningWorld = await startWorld(world)
  const complaints: string[] = []
  try {
    const first = await auditWorld(running)
    const steps = first.report.plan.steps.filter(step => step.notBefore === null && step.changes.some(isData))
    const claims = claimed(first.report, steps)
    let last = first.report
    for (const step of steps) {
      try {
        for (const change of step.changes) await running.apply(change)
      } catch (error) {
        complaints.push(
          `step ${step.number} throws: ${(error as Error).message} ${JSON.stringify(step.changes).slice(0, 400)}`,
        )
        continue
      }
      if (!everyPrefix) continue
      last = (await auditWorld(running)).report
      for (const name of opened(first.report, last))
        complaints.push(`step ${step.number} opens ${name}: ${JSON.stringify(step.changes).slice(0, 300)}`)
    }
    if (!everyPrefix && steps.length) last = (await auditWorld(running)).report
    for (const name of opened(first.report, last)) complaints.push(`the plan opens ${name}`)
    const left = new Set(last.findings.map(({ id }) => id))
    for (const finding of claims)
      if (left.has(finding.id))
        complaints.push(`still there: ${named(finding)}: ${JSON.stringify(finding.fix.changes).slice(0, 300)}`)
    return { steps: steps.length, complaints: [...new Set(complaints)] }
  } finally {
    await running.close()
  }
}
