// Fixes that are data are applied to a repository, and the outcome that they are for is gone. Only commands that edit or add files are run.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import safety from '../../../src/checks/deploy/ci-safety.ts'
import container from '../../../src/checks/deploy/container.ts'
import ci from '../../../src/checks/deploy/continuous-integration.ts'
import health from '../../../src/checks/deploy/health-endpoint.ts'
import lockfile from '../../../src/checks/deploy/lockfile.ts'
import history from '../../../src/checks/deploy/migration-history.ts'
import build from '../../../src/checks/deploy/production-build.ts'
import rollback from '../../../src/checks/deploy/rollback.ts'
import runtime from '../../../src/checks/deploy/runtime-version.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import type { Change } from '../../../src/core/fix.ts'
import { judgeFolder } from '../../support/deploy.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const runnable = /^(?:sed -i|git (?:add|checkout)) /

const apply = (repo: TestRepo, changes: readonly Change[]): void => {
  for (const change of changes) {
    if (change.kind === 'file' && change.action === 'delete') rmSync(join(repo.root, change.path))
    else if (change.kind === 'file' && change.content !== undefined) repo.write({ [change.path]: change.content })
    else if (change.kind === 'command' && runnable.test(change.run))
      execFileSync('sh', ['-c', change.run], { cwd: repo.root, stdio: 'ignore' })
    else throw new Error(`a change that this test cannot apply: ${JSON.stringify(change)}`)
  }
  repo.commit('fixed')
}

const app = { 'package.json': '{"name":"a","scripts":{"test":"vitest run"},"dependencies":{"next":"16.0.0"}}' }
const lock = '{"lockfileVersion":3,"packages":{"":{"dependencies":{"next":"16.0.0"}}}}'
const workflow = (text: string) => ({ '.github/workflows/ci.yml': text })

const cases: [string, AnyCheck, string, Record<string, string>, ((repo: TestRepo) => void)?][] = [
  ['two locks', lockfile, 'several', { ...app, 'package-lock.json': lock, 'yarn.lock': '# yarn lockfile v1\n' }],
  [
    'a lock that git ignores',
    lockfile,
    'ignored',
    { ...app, '.gitignore': 'node_modules\npackage-lock.json\n', 'package-lock.json': lock },
  ],
  ['no pipeline', ci, 'none', app],
  ['no pipeline in Python', ci, 'none', { 'requirements.txt': 'flask==3.0.0\n', 'app.py': 'x' }],
  ['no health route in Next.js', health, 'none', app],
  ['no health route in SvelteKit', health, 'none', { 'package.json': '{"dependencies":{"@sveltejs/kit":"2"}}' }],
  [
    'no .dockerignore',
    container,
    'no-dockerignore',
    {
      Dockerfile: 'FROM node:24\nCOPY . .\nUSER node\nHEALTHCHECK CMD true\nCMD node .\n',
      '.env': 'A=1',
      '.gitignore': '.env\n',
    },
  ],
  [
    'a secret in the log',
    safety,
    'secret-echoed',
    workflow(
      'on: push\njobs:\n  a:\n    steps:\n      - run: |\n          npm test\n          echo "${{ secrets.KEY }}"\n',
    ),
  ],
  [
    'all rights',
    safety,
    'write-all',
    workflow('on: push\npermissions: write-all\njobs:\n  a:\n    steps:\n      - run: npm test\n'),
  ],
  ['no runtime named', runtime, 'unpinned', app],
  ['no start command', build, 'no-command', { 'requirements.txt': 'django==5.2.0\n', 'manage.py': 'x' }],
  ['no rollback written down', rollback, 'undocumented', { ...app, 'vercel.json': '{}' }],
  [
    'an edited migration',
    history,
    'edited-after-release',
    { 'supabase/migrations/001_a.sql': 'CREATE TABLE a (id int);' },
    repo => {
      repo.git('tag', 'v1')
      repo.write({ 'supabase/migrations/001_a.sql': 'CREATE TABLE a (id bigint);' })
      repo.commit('edited')
    },
  ],
]

describe('fixes of the deploy stage', () => {
  it.each(cases)('%s', async (_name, check, outcome, files, before) => {
    const repo = makeRepo(files)
    try {
      repo.commit('first')
      before?.(repo)
      const finding = (await judgeFolder(repo.root, [check]))[check.id]!.findings.find(one => one.outcome === outcome)!
      expect(finding).toBeDefined()
      apply(repo, finding.fix.changes)
      const after = (await judgeFolder(repo.root, [check]))[check.id]!
      expect(after.findings.map(one => one.outcome)).not.toContain(outcome)
      expect(after.results.map(({ status }) => status)).not.toContain('unknown')
    } finally {
      repo.dispose()
    }
  })
})
