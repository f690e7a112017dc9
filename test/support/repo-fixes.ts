// Carries out the fixes that repositories are given in repositories made of fixtures/repos, and judges those again. Patches go through `git apply`;
// commands that need no network are run, the others are told.
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checks } from '../../src/checks/index.generated.ts'
import type { AnyCheck } from '../../src/core/check.ts'
import type { Change } from '../../src/core/fix.ts'
import { planFixes } from '../../src/core/fix-plan/plan-fixes.ts'
import type { Finding } from '../../src/core/report.ts'
import { reaches } from '../../src/core/severity.ts'
import { judgeFolder } from './deploy.ts'
import { buildFixture } from './fixture-repos.ts'
import { makeRepo, type TestRepo } from './repo.ts'

const now = Date.parse('2026-11-25T00:00:00Z')
/** What a repository alone is judged by, in every stage. */
const judged: AnyCheck[] = checks.filter(({ on, active }) => on === 'repo' && !active)

/** A copy of a repository with its history. */
export const copyOf = (root: string): TestRepo => {
  const copy = makeRepo({}, { git: false })
  cpSync(root, copy.root, { recursive: true })
  return copy
}

export type Seen = { findings: Finding[] /** Checks that could say nothing. */; unseen: Set<string> }

export const judgeAll = async (root: string): Promise<Seen> => {
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

export type Applied = { all: boolean; complaints: string[] }

export const apply = (repo: TestRepo, changes: readonly Change[]): Applied => {
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

export const keyOf = ({ check, outcome, key, subject }: Finding): string =>
  `${check}:${outcome} ${key ?? ''} ${subject}`
export const isMachine = ({ kind }: Change): boolean => kind === 'file' || kind === 'command'
const loud = (findings: readonly Finding[]): Finding[] => findings.filter(({ severity }) => reaches(severity, 'medium'))

/** What was opened above low: neither a next step of the same check, nor what nothing could be said of before. */
export const opened = (before: Seen, after: Seen): string[] => {
  const alike = new Set(before.findings.map(({ check }) => check))
  return loud(after.findings)
    .filter(({ check }) => !alike.has(check) && !before.unseen.has(check))
    .map(one => `opens ${one.severity} ${keyOf(one)}: ${one.title} ${JSON.stringify(one.evidence).slice(0, 200)}`)
}

/** Findings of which every change is one that is made here, by steps of the plan that do more than ask to look again. */
const claimed = (findings: readonly Finding[], done: ReadonlySet<string>): Finding[] =>
  findings.filter(({ id, fix: { changes } }) => changes.length > 0 && changes.every(isMachine) && done.has(id))

/** Carries out the plan of a repository and commits each step; `everyPrefix` judges it after each, else at the end alone. */
export const walkRepoPlan = async (
  name: string,
  everyPrefix: boolean,
): Promise<{ steps: number; complaints: string[] }> => {
  const repo = buildFixture(name)
  try {
    const before = await judgeAll(repo.root)
    const steps = planFixes(before.findings, now).steps.filter(
      ({ notBefore, changes }) => notBefore === null && changes.some(isMachine),
    )
    const complaints: string[] = []
    const done = new Set<string>()
    let after = before
    for (const { number, changes, findings } of steps) {
      const applied = apply(repo, changes)
      complaints.push(...applied.complaints.map(one => `step ${number}: ${one}`))
      if (applied.all) for (const id of findings) done.add(id)
      repo.commit(`step ${number}`)
      if (!everyPrefix) continue
      after = await judgeAll(repo.root)
      complaints.push(...opened(before, after).map(one => `step ${number} ${one}`))
    }
    if (!everyPrefix) after = await judgeAll(repo.root)
    complaints.push(...opened(before, after).map(one => `the plan ${one}`))
    const left = new Set(after.findings.map(keyOf))
    for (const finding of claimed(before.findings, done))
      if (left.has(keyOf(finding))) complaints.push(`still there: ${keyOf(finding)}`)
    return { steps: steps.length, complaints: [...new Set(complaints)] }
  } finally {
    repo.dispose()
  }
}
