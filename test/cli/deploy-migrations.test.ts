import { afterEach, describe, expect, it } from 'vitest'
import { callOf } from '../../src/cli/call.ts'
import { run } from '../../src/cli/commands/deploy-migrations.ts'
import { systemClock } from '../../src/net/clock.ts'
import { makeRepo, type TestRepo } from '../support/repo.ts'
import { hearing } from '../support/run-program.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})

const outside = (cwd: string) =>
  hearing({
    cwd,
    env: { PATH: process.env.PATH },
    columns: 80,
    clock: { ...systemClock, now: () => Date.UTC(2026, 10, 25) },
  })

describe('deploy migrations', () => {
  it('judges migrations alone, from the tag or commit that --since names', async () => {
    const repo = makeRepo({ 'supabase/migrations/001_a.sql': 'CREATE TABLE a (id int);' })
    made.push(repo)
    repo.commit('first')
    repo.write({ 'supabase/migrations/002_b.sql': 'ALTER TABLE a RENAME TO b;' })
    repo.commit('second')
    const { io, said } = outside(repo.root)
    expect(await run(callOf([], { since: 'HEAD~1', json: true, progress: false }, io, '0'))).toBe(1)
    const report = JSON.parse(said.out) as {
      findings: { check: string; outcome: string }[]
      checks: { check: string }[]
    }
    expect(new Set(report.checks.map(({ check }) => check))).toEqual(
      new Set(['migration-hazard', 'migration-history', 'migration-step']),
    )
    expect(report.findings.map(({ outcome }) => outcome)).toContain('renames')
    const quiet = outside(repo.root)
    expect(await run(callOf([repo.root], { since: 'HEAD', json: true, progress: false }, quiet.io, '0'))).toBe(0)
  })

  it('refuses a word that names no commit', async () => {
    const repo = makeRepo({ x: '1' })
    made.push(repo)
    repo.commit('first')
    await expect(run(callOf([], { since: 'v99' }, outside(repo.root).io, '0'))).rejects.toThrow(
      /--since v99: names no tag or commit/,
    )
    await expect(run(callOf([], { since: '--help' }, outside(repo.root).io, '0'))).rejects.toThrow(
      /names no tag or commit/,
    )
  })
})
