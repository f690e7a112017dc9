// Every fix that is data, applied in its world, makes its finding go away without making another.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld, type World } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const folder = new URL('../../fixtures/worlds/', import.meta.url).pathname
const worlds = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  // Worlds about time alone: an audit measures none of it, and waits for what does not answer.
  .filter(name => !/^(?:perf-(?:crowd|routes|page)|silence|latency)/.test(name))
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

/** Whether the fix can be done by the lab: data, all of it. */
const isData = (finding: Finding): boolean =>
  finding.fix.changes.length > 0 &&
  finding.fix.changes.every(change => change.kind !== 'manual' && change.kind !== 'command')

/** Outcomes met in any world, and whether their fix was data: so that fixes that stop being data are noticed. */
const fixes = { data: new Set<string>(), byHand: new Set<string>() }

/** Does all changes of a fix; the complaint when the world cannot. */
const applyFix = async (running: RunningWorld, finding: Finding): Promise<string | null> => {
  try {
    for (const change of finding.fix.changes) await running.apply(change)
    return null
  } catch (error) {
    return `${said(finding)}: cannot be applied: ${(error as Error).message}`
  }
}

describe('every fix that is data heals', () => {
  test.each(worlds.filter(world => world.expect.length > 0))('$name', async world => {
    const first = await inWorld(world, running => auditWorld(running))
    // What a small world is about; of the broken one everything.
    const about = new Set(world.expect.map(said))
    const chosen = first.report.findings.filter(finding => world.name === 'broken-coach' || about.has(said(finding)))
    for (const finding of chosen) fixes[isData(finding) ? 'data' : 'byHand'].add(`${finding.check} ${finding.outcome}`)
    const data = chosen.filter(isData)
    const failures: string[] = []
    // One run per finding: each fix must heal by itself.
    for (const finding of data) {
      await inWorld(world, async running => {
        const complaint = await applyFix(running, finding)
        if (complaint) {
          failures.push(complaint)
          return
        }
        const after = await auditWorld(running, ['--only', finding.check])
        if (after.report.findings.some(other => other.id === finding.id))
          failures.push(`${said(finding)}: still there after ${JSON.stringify(finding.fix.changes)}`)
        const results = after.report.checks.filter(
          result => result.check === finding.check && result.subject === finding.subject,
        )
        if (results.some(result => result.status === 'unknown'))
          failures.push(`${said(finding)}: unknown after its fix`)
      })
    }
    // All of them together: nothing that was fine may break.
    const passed = new Set(
      first.report.checks.filter(result => result.status === 'pass').map(result => `${result.check} ${result.subject}`),
    )
    await inWorld(world, async running => {
      for (const finding of data) await applyFix(running, finding)
      const after = await auditWorld(running)
      // Who takes a dead IPv6 address out has none until a sound one is published.
      const noted = (other: Finding): boolean => `${other.check} ${other.outcome}` === 'ipv6 missing'
      for (const other of after.report.findings)
        if (passed.has(`${other.check} ${other.subject}`) && !noted(other))
          failures.push(`the fixes together made ${said(other)}`)
    })
    expect(failures).toEqual([])
  })

  test('at least 175 outcomes have a fix that is data', () => {
    // What only people can do (an account, an answer, a choice of words) is honest steps.
    expect(fixes.data.size).toBeGreaterThanOrEqual(175)
  })
})
