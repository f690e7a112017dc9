// Every repository of fixtures/repos: its planted faults are found, each once, with the right file; nothing else is; the sound ones are silent.
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { AnyCheck } from '../../../src/core/check.ts'
import { reaches } from '../../../src/core/severity.ts'
import { judgeFolder } from '../../support/deploy.ts'
import { buildFixture, expectedOf, fixtureNames } from '../../support/fixture-repos.ts'

/** Checks whose whole result each expected.yaml lists. */
const listed = new Set([
  'production-build',
  'lockfile',
  'frozen-install',
  'runtime-version',
  'continuous-integration',
  'deploy-path',
  'container',
  'ci-safety',
  'rollback',
  'backup',
  'migration-hazard',
  'migration-history',
  'migration-step',
  'smoke-test',
  'health-endpoint',
  'dependency-advisories',
])
const folder = resolve(import.meta.dirname, '../../../src/checks/deploy')
const modules = await Promise.all(
  readdirSync(folder)
    .filter(name => name.endsWith('.ts'))
    .map(name => import(pathToFileURL(join(folder, name)).href) as Promise<{ default?: AnyCheck }>),
)
const judged = modules.flatMap(module =>
  module.default?.on === 'repo' && !module.default.active ? [module.default] : [],
)

describe('repositories', () => {
  it('are at least 14 with faults over the stacks and 6 sound ones', () => {
    const names = fixtureNames()
    expect(names.filter(name => expectedOf(name).sound).length).toBeGreaterThanOrEqual(6)
    expect(names.filter(name => !expectedOf(name).sound).length).toBeGreaterThanOrEqual(14)
  })

  for (const name of fixtureNames()) {
    const expected = expectedOf(name)
    it(`${name}: ${expected.about}`, async () => {
      const repo = buildFixture(name)
      try {
        const results = await judgeFolder(repo.root, judged)
        const findings = Object.values(results).flatMap(one => one.findings)
        if (expected.sound) {
          const loud = findings.filter(({ severity }) => reaches(severity, 'medium'))
          expect(
            loud.map(
              ({ check, outcome, evidence }) => `${check}:${outcome} ${evidence[0]?.label} ${evidence[0]?.value}`,
            ),
          ).toEqual([])
          for (const { check, outcome } of expected.passes ?? [])
            expect(
              results[check]?.results.map(row => row.outcome ?? `${row.status}: ${row.reason}`),
              check,
            ).toEqual([outcome])
          return
        }
        const whole = expected.judges ? new Set(expected.judges) : listed
        const found = findings
          .filter(({ check }) => whole.has(check))
          .map(({ check, outcome }) => `${check}:${outcome}`)
        expect(found.sort()).toEqual((expected.expect ?? []).map(({ check, outcome }) => `${check}:${outcome}`).sort())
        for (const { check, outcome, file } of expected.expect ?? []) {
          if (!file) continue
          const all = findings.filter(one => one.check === check && one.outcome === outcome)
          expect(
            JSON.stringify(all.map(({ evidence, title, fix }) => [evidence, title, fix])),
            `${check}:${outcome} names ${file}`,
          ).toContain(file)
        }
        for (const check of expected.asks ?? [])
          expect(
            results[check]?.results.some(row => row.question),
            `${check} asks`,
          ).toBe(true)
        for (const { check } of expected.forbid ?? []) expect(findings.filter(one => one.check === check)).toEqual([])
      } finally {
        repo.dispose()
      }
    })
  }
})
