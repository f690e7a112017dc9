// Where migrations run, on repositories made for the test: before, after, in every instance, beside the deploy, nowhere.
import { describe, expect, it } from 'vitest'
import history from '../../../src/checks/deploy/migration-history.ts'
import step from '../../../src/checks/deploy/migration-step.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { judgeFiles, outcomesIn } from '../../support/deploy.ts'

const schema = {
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE a (id int);',
}
const workflow = (jobs: string, on = 'push') => ({ '.github/workflows/ci.yml': `on: ${on}\njobs:\n${jobs}` })
const job = (id: string, runs: string[], needs = ''): string =>
  `  ${id}:\n    runs-on: ubuntu-latest\n${needs ? `    needs: ${needs}\n` : ''}    steps:\n${runs.map(run => `      - run: ${run}\n`).join('')}`
const migrate = 'npx prisma migrate deploy'
const deploy = 'vercel deploy --prod'

const outcomes = async (check: AnyCheck, files: Record<string, string>): Promise<string[]> =>
  outcomesIn(await judgeFiles(check, { ...schema, ...files }))

describe('migration-step', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a step before the deploy', workflow(job('deploy', [migrate, deploy])), 'ordered'],
    [
      'a script of the package that deploys and migrates',
      {
        'package.json': '{"scripts":{"ship":"wrangler deploy && wrangler d1 migrations apply DB --remote"}}',
        ...workflow(job('deploy', ['npm run ship'])),
      },
      'after-traffic',
    ],
    ['a job before the deploy', workflow(job('migrate', [migrate]) + job('deploy', [deploy], 'migrate')), 'ordered'],
    ['a step after the deploy', workflow(job('deploy', [deploy, migrate])), 'after-traffic'],
    [
      'a job after the deploy',
      workflow(job('deploy', [deploy]) + job('migrate', [migrate], 'deploy')),
      'after-traffic',
    ],
    [
      'a job of tests, whose database is its own',
      workflow(job('test', [migrate, 'npm test']) + job('deploy', [deploy], 'test')),
      'not-in-deploy',
    ],
    [
      'files copied, migrated, restarted',
      workflow(
        job('deploy', ['rsync -a . host:/srv', `ssh host "${migrate}"`, 'ssh host "sudo systemctl restart app"']),
      ),
      'ordered',
    ],
    ['a pipeline beside a platform that deploys by itself', workflow(job('migrate', [migrate])), 'ordered'],
    ['a pipeline behind a deployment', workflow(job('migrate', [migrate]), 'deployment_status'), 'after-traffic'],
    ['the start of the image', { Dockerfile: `FROM node:24\nCMD ${migrate} && node server.js\n` }, 'in-every-instance'],
    ['a release command', { 'fly.toml': `app = "a"\n[deploy]\n  release_command = "${migrate}"\n` }, 'ordered'],
    ['nowhere', workflow(job('deploy', [deploy])), 'not-in-deploy'],
  ])('%s', async (_name, files, expected) => {
    expect(await outcomes(step, files)).toEqual([expected])
  })
})

describe('migration-history', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a push in the deploy', workflow(job('deploy', ['npx prisma db push', deploy])), 'push-in-production'],
    [
      'a push at the start of the image',
      { Dockerfile: 'FROM node:24\nCMD npx prisma db push && node .\n' },
      'push-in-production',
    ],
    ['a push in a job of tests', workflow(job('test', ['npx prisma db push', 'npm test'])), 'linear'],
  ])('%s', async (_name, files, expected) => {
    expect(await outcomes(history, files)).toEqual([expected])
  })
})
