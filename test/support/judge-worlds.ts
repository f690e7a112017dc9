// Every world of fixtures/worlds through the real program: what must be found is found, once; what is forbidden is not said.
// That the fixes heal is tried in world-fixes.full.test.ts. Worlds wait for answers most of their time: shares of them run beside each other.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld, type World } from '../../src/lab/world.ts'
import { auditWorld } from './lab-audit.ts'

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

/** How many test files share the worlds: `end-to-end/worlds-<share>.test.ts`, a number from 1 on. */
export const worldShares = 4

export const judgeWorlds = (share: number): void => {
  const own = worlds.filter((_, index) => index % worldShares === share - 1)
  test.each(own)('$name', async world => {
    const { report, exit, err } = await inWorld(world, running => auditWorld(running))
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
  })
}
