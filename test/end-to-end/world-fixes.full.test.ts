// Every fix that is data, applied in its world, makes its finding go away without making another.
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/core/fix.ts'
import { planFixes } from '../../src/core/fix-plan/plan-fixes.ts'
import type { Finding } from '../../src/core/report.ts'
import type { RunningWorld } from '../../src/lab/start.ts'
import { runIn } from '../support/handover-world.ts'
import { auditWorld } from '../support/lab-audit.ts'
import { inWorld, said, worldsBut } from '../support/worlds.ts'

// Without worlds about time alone: an audit measures none of it, and waits for what does not answer.
const worlds = worldsBut(/^(?:perf-(?:crowd|routes|page)|silence|latency)/)

/** Commands of the program itself that ask nobody and speak to no service. */
const ownCommand = /^launch-ready (handover write|handover verify --update)$/

/** Whether the fix can be done by the lab: data, all of it, and our own commands. */
const isData = (finding: Finding): boolean =>
  finding.fix.changes.length > 0 &&
  finding.fix.changes.every(
    change => change.kind !== 'manual' && (change.kind !== 'command' || ownCommand.test(change.run)),
  )

/** Outcomes of the first four stages, and of the later ones, whose fix was data in any world: so that fixes that stop being data are noticed. */
const fixes = { first: new Set<string>(), later: new Set<string>() }
const laterStages = new Set(['perf', 'monitor', 'handover'])

const runOwn = async (running: RunningWorld, words: string[]): Promise<void> => {
  const [first = '', second = '', ...flags] = words
  await runIn(running, [first, second, running.world.domain ?? '', ...flags].filter(Boolean))
}

/** Does all changes; the complaint when the world cannot. */
const applyAll = async (running: RunningWorld, changes: readonly Change[], whose: string): Promise<string | null> => {
  try {
    for (const change of changes) {
      const own = change.kind === 'command' ? ownCommand.exec(change.run)?.[1] : undefined
      if (own === undefined) await running.apply(change)
      else await runOwn(running, own.split(' '))
    }
    return null
  } catch (error) {
    return `${whose}: cannot be applied: ${(error as Error).message}`
  }
}

describe('every fix that is data heals', () => {
  test.each(worlds.filter(world => world.expect.length > 0))('$name', async world => {
    const first = await inWorld(world, running => auditWorld(running))
    // What a small world is about; of the broken one everything.
    const about = new Set(world.expect.map(said))
    const chosen = first.report.findings.filter(finding => world.name === 'broken-coach' || about.has(said(finding)))
    const data = chosen.filter(isData)
    for (const { stage, check, outcome } of data)
      fixes[laterStages.has(stage) ? 'later' : 'first'].add(`${check} ${outcome}`)
    const failures: string[] = []
    // One run per finding: each fix must heal by itself.
    for (const finding of data) {
      await inWorld(world, async running => {
        const complaint = await applyAll(running, finding.fix.changes, said(finding))
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
      // As one plan: what several of them write into one file stands in one change there.
      for (const { number, notBefore, changes } of planFixes(data, running.now?.getTime() ?? Date.now()).steps) {
        const complaint = notBefore === null ? await applyAll(running, changes, `step ${number} of all`) : null
        if (complaint) failures.push(complaint)
      }
      const after = await auditWorld(running)
      // Who takes a dead IPv6 address out has none until a sound one is published.
      const noted = (other: Finding): boolean => `${other.check} ${other.outcome}` === 'ipv6 missing'
      for (const other of after.report.findings)
        if (passed.has(`${other.check} ${other.subject}`) && !noted(other))
          failures.push(`the fixes together made ${said(other)}`)
    })
    expect(failures).toEqual([])
  })

  // What only people can do (an account, an answer, a choice of words) is honest steps. Repositories add theirs (deploy-fixes).
  test('as many outcomes as ever have a fix that is data', () => {
    expect(fixes.first.size).toBeGreaterThanOrEqual(165)
    expect(fixes.later.size).toBeGreaterThanOrEqual(56)
  })
})
