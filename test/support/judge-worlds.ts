// Every world of fixtures/worlds through the real program: what must be found is found, once; what is forbidden is not said.
// That the fixes heal is tried in world-fixes.full.test.ts. Worlds wait for answers most of their time: shares of them run beside each other.
import { expect, test } from 'vitest'
import type { World } from '../../src/lab/world.ts'
import { saysBusy } from './busy-line.ts'
import { type AuditRun, auditWorld } from './lab-audit.ts'
import { inWorld, said, worldsBut } from './worlds.ts'

const worlds = worldsBut()

const auditOf = (world: World): Promise<AuditRun> => inWorld(world, running => auditWorld(running))

/** Worlds of which time is measured. */
const isOfTime = ({ name }: World): boolean => /^(?:perf-(?:crowd|routes)|latency)/.test(name)

const judgeRun = (world: World, { report, exit, err }: AuditRun): void => {
  expect(err).not.toMatch(/defect of|\n {4}at /)
  // What passes can be expected too: it stands among the checks.
  const passed = report.checks
    .filter(row => row.status === 'pass')
    .map(row => `${row.check} ${row.outcome} ${row.subject}`)
  const found = [...report.findings.map(said), ...passed]

  const missed = world.expect.map(said).filter(line => !found.includes(line))
  const repeated = world.expect.map(said).filter(line => found.filter(other => other === line).length > 1)
  const forbidden = report.findings
    .filter(finding =>
      world.forbid.some(
        rule =>
          rule.check === finding.check &&
          (rule.outcome ?? finding.outcome) === finding.outcome &&
          (rule.subject ?? finding.subject) === finding.subject,
      ),
    )
    .map(said)
  expect({ missed, repeated, forbidden }).toEqual({ missed: [], repeated: [], forbidden: [] })
  if (world.verdict === 'ready') {
    expect(report.findings.filter(finding => finding.severity !== 'low').map(said)).toEqual([])
  }
  if (world.verdict) expect(report.verdict).toBe(world.verdict)
  if (world.exit !== undefined) expect(exit).toBe(world.exit)
}

/** How many test files share the worlds: `end-to-end/worlds-<share>.test.ts`, a number from 1 on. */
export const worldShares = 4

export const judgeWorlds = (share: number): void => {
  const own = worlds.filter(world => !isOfTime(world)).filter((_, index) => index % worldShares === share - 1)
  test.each(own)('$name', async world => judgeRun(world, await auditOf(world)))
}

/** Where a run says itself that this machine was busy, what it could not measure is measured again. */
export const judgeWorldsOfTime = (mostRuns = 6): void => {
  test.each(worlds.filter(isOfTime))('$name', async world => {
    for (let run = 1; ; run++) {
      const audited = await auditOf(world)
      try {
        return judgeRun(world, audited)
      } catch (error) {
        if (run === mostRuns || !saysBusy(audited.report.notes)) throw error
      }
    }
  })
}
