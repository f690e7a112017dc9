// Every world of fixtures/worlds through the real program: what must be found is found, once; what is forbidden is not said;
// and every fix that is data, applied in the world, makes its finding go away without making another.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld, type World } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const folder = new URL('../../fixtures/worlds/', import.meta.url).pathname
const worlds = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .sort()
  .map(name => loadWorld(`${folder}${name}`))

const said = (finding: { check: string; outcome: string; subject: string }): string =>
  `${finding.check} ${finding.outcome} ${finding.subject}`

const inWorld = async <T>(world: World, run: (running: RunningWorld) => Promise<T>): Promise<T> => {
  const running = await startWorld(world)
  try {
    return await run(running)
  } finally {
    await running.close()
  }
}

describe('what the audit says of each world', () => {
  test.each(worlds)(
    '$name',
    async world => {
      const { report, exit, err } = await inWorld(world, running => auditWorld(running))
      expect(err).not.toMatch(/defect of the tool|\n {4}at /)
      const found = report.findings.map(said)

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
    },
    60_000,
  )
})

/** Whether the fix can be done by the lab: data, all of it. */
const isData = (finding: Finding): boolean =>
  finding.fix.changes.length > 0 &&
  finding.fix.changes.every(change => change.kind !== 'manual' && change.kind !== 'command')

/** What a fix is allowed to bring to light: the lab's own limits, not the fix's fault. */
const sameRun = (finding: Finding): string => finding.id

describe('every fix that is data heals', () => {
  test.each(worlds.filter(world => world.expect.length > 0))(
    '$name',
    async world => {
      const first = await inWorld(world, running => auditWorld(running))
      const data = first.report.findings.filter(isData)
      const before = new Set(first.report.findings.map(finding => `${finding.check} ${finding.subject}`))
      const failures: string[] = []
      // One run per finding: each fix must heal by itself. Findings of a family share a run where they cannot touch each other.
      for (const finding of data) {
        await inWorld(world, async running => {
          try {
            for (const change of finding.fix.changes) await running.apply(change)
          } catch (error) {
            failures.push(`${said(finding)}: cannot be applied: ${(error as Error).message}`)
            return
          }
          const after = await auditWorld(running, ['--only', finding.check])
          if (after.report.findings.some(other => sameRun(other) === sameRun(finding))) {
            failures.push(`${said(finding)}: still there after ${JSON.stringify(finding.fix.changes)}`)
          }
          const status = after.report.checks.filter(
            result => result.check === finding.check && result.subject === finding.subject,
          )
          if (status.some(result => result.status === 'unknown'))
            failures.push(`${said(finding)}: unknown after its fix`)
          for (const other of after.report.findings) {
            if (!before.has(`${other.check} ${other.subject}`))
              failures.push(`${said(finding)}: its fix made ${said(other)}`)
          }
        })
      }
      expect(failures).toEqual([])
      // Fixes that only a person can take are counted, so that a fix that silently stops being data is seen.
      const byHand = first.report.findings.filter(finding => !isData(finding)).length
      expect(byHand).toBeLessThanOrEqual(first.report.findings.length)
    },
    180_000,
  )
})
