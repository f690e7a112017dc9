// Every fix of the deploy stage that is data is applied to the repository that it was written for, and the repository is judged again: the
// finding is gone, and nothing above low is opened. Then the whole plan of each repository. Patches go through `git apply`; commands that
// need no network are run, the others are told.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { AnyCheck } from '../../src/core/check.ts'
import type { Change } from '../../src/core/fix.ts'
import { planFixes } from '../../src/core/fix-plan/plan-fixes.ts'
import type { Finding } from '../../src/core/report.ts'
import { reaches } from '../../src/core/severity.ts'
import { judgeFolder } from '../support/deploy.ts'
import { buildFixture, fixtureNames } from '../support/fixture-repos.ts'
import { makeRepo, type TestRepo } from '../support/repo.ts'

const now = Date.parse('2026-11-25T00:00:00Z')
const folder = resolve(import.meta.dirname, '../../src/checks/deploy')
const modules = await Promise.all(
  readdirSync(folder)
    .filter(name => name.endsWith('.ts'))
    .map(name => import(pathToFileURL(join(folder, name)).href) as Promise<{ default?: AnyCheck }>),
)
const judged = modules.flatMap(module =>
  module.default?.on === 'repo' && !module.default.active ? [module.default] : [],
)

/** A copy of a repository with its history. */
const copyOf = (root: string): TestRepo => {
  const copy = makeRepo({}, { git: false })
  cpSync(root, copy.root, { recursive: true })
  return copy
}

type Seen = { findings: Finding[] /** Checks that could say nothing. */; unseen: Set<string> }

const judgeAll = async (root: string): Promise<Seen> => {
  const results = await judgeFolder(root, judged)
  const rows = Object.values(results)
  const silent = rows.filter(
    ({ findings, results: all }) =>
      findings.length === 0 && all.every(({ status }) => status === 'unknown' || status === 'skip'),
  )
  return {
    findings: rows.flatMap(one => one.findings),
    unseen: new Set(silent.flatMap(one => one.results.map(({ check }) => check))),
  }
}

/** Commands that edit what is here. What installs, builds or asks a database is not run: this is the reason for each. */
const runs = /^(?:sed -i|git (?:add|checkout|rm|mv|update-index)|chmod|rm|mv|mkdir|touch) /
const reasons: readonly [RegExp, string][] = [
  [
    /\b(?:npm|pnpm|yarn|bun|bundle|poetry|uv|pip|composer|mix|go|cargo|pipenv|pdm|npx|bunx|dlx)\b/,
    'a package manager asks its registry',
  ],
  [
    /\b(?:launch-ready|psql|pg_dump|mysql|sqlite3|rails|php|python|prisma|drizzle|alembic|flask)\b/,
    'runs the product, its database or this program',
  ],
  [
    /\b(?:docker|fly|flyctl|heroku|kubectl|aws|gcloud|vercel|kamal|ssh|curl|gh|git (?:filter-repo|push|tag))\b/,
    'speaks to a service',
  ],
]
const reasonNot = (run: string): string | undefined => reasons.find(([pattern]) => pattern.test(run))?.[1]

/** Whoever takes a file out of git because of its secrets has rotated them first: the old values are gone from the disk too. */
const emptied = (repo: TestRepo, path: string | undefined): void => {
  if (path === undefined) return
  const text = readFileSync(join(repo.root, path), 'utf8')
  repo.write({ [path]: text.replace(/^([\w.]+)=.*$/gm, '$1=') })
}

type Applied = { all: boolean; complaints: string[] }

const apply = (repo: TestRepo, changes: readonly Change[]): Applied => {
  const applied: Applied = { all: true, complaints: [] }
  let commandLeft = false
  for (const change of changes) {
    // What follows a command that is not run stands on it.
    if (change.kind === 'command' && commandLeft) continue
    if (change.kind === 'command' && !runs.test(change.run)) {
      applied.all = false
      commandLeft = true
      if (!reasonNot(change.run)) applied.complaints.push(`no reason why this command is not run: ${change.run}`)
    } else if (change.kind === 'command') {
      try {
        execFileSync('sh', ['-c', change.run], { cwd: repo.root, stdio: 'pipe' })
        emptied(repo, /^git rm --cached -- '(.*)'$/.exec(change.run)?.[1])
      } catch (error) {
        applied.complaints.push(`fails: ${change.run}: ${String((error as { stderr?: Buffer }).stderr).slice(0, 200)}`)
      }
    } else if (change.kind !== 'file') applied.all = false
    else if (change.action === 'delete') rmSync(join(repo.root, change.path), { force: true })
    else if (change.action === 'patch') {
      try {
        execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
          cwd: repo.root,
          input: change.patch ?? '',
          stdio: 'pipe',
        })
      } catch (error) {
        const said = String((error as { stderr?: Buffer }).stderr).slice(0, 200)
        applied.complaints.push(`no patch of ${change.path}: ${said} ${JSON.stringify(change.patch).slice(0, 300)}`)
      }
    } else repo.write({ [change.path]: change.content ?? '' })
  }
  return applied
}

const keyOf = ({ check, outcome, key, subject }: Finding): string => `${check}:${outcome} ${key ?? ''} ${subject}`
const isMachine = ({ kind }: Change): boolean => kind === 'file' || kind === 'command'
const loud = (findings: readonly Finding[]): Finding[] => findings.filter(({ severity }) => reaches(severity, 'medium'))

/** What was opened above low: neither a next step of the same check, nor what nothing could be said of before. */
const opened = (before: Seen, after: Seen): string[] => {
  const alike = new Set(before.findings.map(({ check }) => check))
  return loud(after.findings)
    .filter(({ check }) => !alike.has(check) && !before.unseen.has(check))
    .map(one => `opens ${one.severity} ${keyOf(one)}: ${one.title} ${JSON.stringify(one.evidence).slice(0, 200)}`)
}

/** Applies one finding's changes in a copy and looks again. */
const tryFix = async (root: string, finding: Finding, before: Seen): Promise<string[]> => {
  const repo = copyOf(root)
  try {
    const { all, complaints } = apply(repo, finding.fix.changes)
    repo.commit('fixed')
    const after = await judgeAll(repo.root)
    const left = after.findings.some(one => keyOf(one) === keyOf(finding))
    if (all && !left && complaints.length === 0) healed.add(`${finding.check} ${finding.outcome}`)
    return [
      ...complaints,
      ...(all && left ? [`still there: ${JSON.stringify(finding.fix.changes).slice(0, 400)}`] : []),
      ...opened(before, after),
    ].map(complaint => `${keyOf(finding)}: ${complaint}`)
  } finally {
    repo.dispose()
  }
}

/** Outcomes whose every change was made by a machine here, and that were gone afterwards. */
const healed = new Set<string>()

describe('fixes of repositories', () => {
  for (const name of fixtureNames()) {
    it(`${name}: each fix alone, then the plan`, async () => {
      const repo = buildFixture(name)
      try {
        const before = await judgeAll(repo.root)
        const complaints: string[] = []
        for (const finding of before.findings)
          if (finding.fix.changes.some(isMachine)) complaints.push(...(await tryFix(repo.root, finding, before)))
        const steps = planFixes(before.findings, now).steps.filter(step => step.notBefore === null)
        for (const step of steps) complaints.push(...apply(repo, step.changes).complaints.map(one => `plan: ${one}`))
        repo.commit('planned')
        complaints.push(...opened(before, await judgeAll(repo.root)).map(one => `plan ${one}`))
        expect(complaints).toEqual([])
      } finally {
        repo.dispose()
      }
    })
  }

  it('at least 26 outcomes are healed by a machine alone', () => {
    expect([...healed].sort().length, [...healed].sort().join(', ')).toBeGreaterThanOrEqual(26)
  })
})
