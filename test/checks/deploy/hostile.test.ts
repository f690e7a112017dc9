// Repositories made to hurt: the checks of the deploy stage judge them or say why not, and never fall over.
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { AnyCheck } from '../../../src/core/check.ts'
import { judgeFolder } from '../../support/deploy.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const folder = resolve(import.meta.dirname, '../../../src/checks/deploy')
const names = [
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
]
const checks = await Promise.all(
  names
    .filter(name => readdirSync(folder).includes(`${name}.ts`))
    .map(
      async name => ((await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as { default: AnyCheck }).default,
    ),
)

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const judged = async (repo: TestRepo) => {
  made.push(repo)
  return judgeFolder(repo.root, checks)
}
const repoOf = (files: Record<string, string | Uint8Array>, git = true): TestRepo => {
  const repo = makeRepo(files, { git })
  if (git) repo.commit('first')
  return repo
}

describe('a hostile repository', () => {
  it('empty, without git, or before its first commit', async () => {
    expect(checks).toHaveLength(16)
    for (const repo of [
      makeRepo({}),
      makeRepo({}, { git: false }),
      makeRepo({ 'package.json': '{"dependencies":{"next":"1"}}' }),
    ])
      for (const one of Object.values(await judged(repo))) expect(one.results).not.toEqual([])
  })

  it('bare, shallow, or a linked worktree', async () => {
    const origin = makeRepo({
      'package.json': '{"dependencies":{"next":"1"}}',
      'supabase/migrations/001_a.sql': 'CREATE TABLE a (id int);',
    })
    made.push(origin)
    origin.commit('first')
    origin.write({ 'supabase/migrations/002_b.sql': 'DROP TABLE users;' })
    origin.commit('second')
    origin.git('worktree', 'add', '-q', '-b', 'feature', 'linked')
    origin.git('clone', '-q', '--bare', '.', 'bare.git')
    origin.git('clone', '-q', '--depth', '1', `file://${origin.root}`, 'shallow')
    const linked = await judgeFolder(join(origin.root, 'linked'), checks)
    expect(linked['lockfile']!.findings.map(({ outcome }) => outcome)).toEqual(['missing'])
    const shallow = await judgeFolder(join(origin.root, 'shallow'), checks)
    expect(shallow['migration-hazard']!.findings.map(({ outcome }) => outcome)).toContain('drops-data')
    // What a shallow clone cannot show is not fine: nothing hurts in what is there, and the release may lie before it.
    origin.write({ 'supabase/migrations/002_b.sql': 'SELECT 1;' })
    origin.commit('third')
    origin.git('clone', '-q', '--depth', '1', `file://${origin.root}`, 'quiet')
    const quiet = await judgeFolder(join(origin.root, 'quiet'), checks)
    for (const check of ['migration-hazard', 'migration-history'])
      expect(quiet[check]!.results.map(({ status, reason }) => [status, reason])).toEqual([
        ['unknown', expect.stringContaining('--unshallow')],
      ])
    for (const one of Object.values(await judgeFolder(join(origin.root, 'bare.git'), checks)))
      expect(one.results[0]!.status).toMatch(/skip|unknown|fail/)
  })

  it('broken files of every kind', async () => {
    const broken = [
      'package.json',
      'package-lock.json',
      'pnpm-lock.yaml',
      'yarn.lock',
      'bun.lock',
      'composer.json',
      'composer.lock',
      'pyproject.toml',
      'poetry.lock',
      'uv.lock',
      'Pipfile.lock',
      'go.mod',
      'go.sum',
      'Gemfile',
      'Gemfile.lock',
      '.github/workflows/a.yml',
      '.gitlab-ci.yml',
      'bitbucket-pipelines.yml',
      '.circleci/config.yml',
      'azure-pipelines.yml',
      '.buildkite/pipeline.yml',
      'Dockerfile',
      '.dockerignore',
      'Procfile',
      'fly.toml',
      'render.yaml',
      'netlify.toml',
      'vercel.json',
      'railway.json',
      'wrangler.toml',
      'config/deploy.yml',
      'prisma/schema.prisma',
      'prisma/migrations/20260101_a/migration.sql',
      'migrations/001.sql',
      'migrations/20260101-a.js',
      'db/migrate/20260101000000_a.rb',
      'a/migrations/0001_a.py',
      'database/migrations/2026_01_01_000000_a.php',
      'drizzle/meta/_journal.json',
      'drizzle/0000_a.sql',
      '.nvmrc',
      'Makefile',
    ]
    for (const text of [
      '{"a":',
      '\u0000\u0001binary',
      '- [\n&a *a',
      '<<<<<<< HEAD\n=======\n>>>>>>> x\n',
      `${'('.repeat(3000)}${"'".repeat(3001)}`,
      'a: &a [*a]\n',
      '[]',
      'null',
      '"x"',
      '{"dependencies":[1],"scripts":{"test":5},"packages":{"":7},"jobs":3,"importers":"x"}',
    ]) {
      const repo = repoOf(Object.fromEntries(broken.map(path => [path, text])))
      for (const [id, one] of Object.entries(await judged(repo)))
        expect(one.defect, `${id} on ${text.slice(0, 20)}`).toBeNull()
    }
  })

  it('pipelines whose anchors multiply are named, and what they hid is unknown', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}\njobs: *i\n`
    const results = await judged(
      repoOf({ 'package.json': '{"name":"a","dependencies":{"express":"1"}}', '.github/workflows/ci.yml': bomb }),
    )
    expect(results['continuous-integration']!.results).toMatchObject([
      { status: 'unknown', reason: expect.stringMatching(/ci\.yml:1 cannot be read: its anchors multiply/) },
    ])
  })

  it('links that lead out, paths with a line break, and a file of 30 MB: nothing outside is read', async () => {
    const repo = makeRepo({
      'package.json': '{"dependencies":{"a":"1"}}',
      'with\nnewline/package.json': '{}',
      'package-lock.json': new Uint8Array(30 << 20).fill(0x20),
    })
    repo.link('Dockerfile', '/etc/passwd')
    repo.link('.github/workflows/ci.yml', '/etc/hostname')
    repo.link('loop/loop', '../loop')
    repo.commit('first')
    const results = await judged(repo)
    expect(JSON.stringify(results)).not.toContain('root:')
    expect(results['container']!.results[0]!.status).toBe('skip')
    expect(results['lockfile']!.findings).toMatchObject([{ outcome: 'out-of-date' }])
  })

  it('SQL that does not parse is named, the rest is judged', async () => {
    const results = await judged(
      repoOf({
        'supabase/migrations/001_a.sql': 'CREATE TABLE a (id int);',
        'supabase/migrations/002_b.sql': 'ALTR TABLE a;\nDROP TABLE users;',
      }),
    )
    expect(results['migration-hazard']!.findings.map(({ outcome }) => outcome)).toEqual([
      'drops-data',
      'no-lock-timeout',
    ])
    expect(results['migration-hazard']!.unknowns).toMatchObject([{ couldBe: 'high' }])
    expect(JSON.stringify(results['migration-hazard']!.results)).toContain('002_b.sql:1')
  })

  it('a key that somebody pasted into a command is shown masked', async () => {
    const key = `sk${'_live_'}${'a1B2c3D4e5F6g7H8'.repeat(2)}`
    const results = await judged(
      repoOf({
        'package.json': '{"dependencies":{"express":"1"}}',
        '.github/workflows/ci.yml': `on: push\njobs:\n  a:\n    steps:\n      - run: vercel deploy --prod --token ${key}\n`,
      }),
    )
    expect(JSON.stringify(results)).not.toContain(key)
    expect(results['deploy-path']!.findings.length).toBeGreaterThan(0)
  })
})
