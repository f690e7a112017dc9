// Where migrations run, on repositories made for the test: before, after, in every instance, beside the deploy, nowhere.
import { describe, expect, it } from 'vitest'
import deployPath from '../../../src/checks/deploy/deploy-path.ts'
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
  it('is worth a look where no deploy is seen to run them: a hook on the server may', async () => {
    const { findings } = await judgeFiles(step, { ...schema, ...workflow(job('ship', [deploy])) })
    expect(findings.map(({ outcome, confidence }) => `${outcome} ${confidence}`)).toEqual(['not-in-deploy possible'])
    expect(findings[0]!.evidence.at(-1)).toMatchObject({ label: 'not shown here' })
  })

  it('is run by what Dokku does before a deploy, as app.json says', async () => {
    const task = (name: string) => ({
      'app.json': JSON.stringify({ scripts: { dokku: { [name]: "sh -c 'cd /app && npx prisma migrate deploy'" } } }),
    })
    const found = async (name: string) =>
      outcomesIn(await judgeFiles(step, { ...schema, ...workflow(job('ship', [deploy])), ...task(name) }))
    expect(await found('predeploy')).toEqual(['ordered'])
    expect(await found('postdeploy')).toEqual(['after-traffic'])
    expect(await found('other')).toEqual(['not-in-deploy'])
  })

  it('knows recipes that migrate, installers that wait to be asked, and servers that are only told', async () => {
    const rails = { 'db/migrate/20260101000000_a.rb': 'class A < ActiveRecord::Migration[8.0]\nend\n' }
    const found = async (files: Record<string, string>) => outcomesIn(await judgeFiles(step, { ...rails, ...files }))
    const ship = workflow(job('deploy', ['rsync -a . deploy@web1:/srv/app']))
    expect(await found(ship)).toEqual(['not-in-deploy'])
    expect(await found({ ...ship, Capfile: "require 'capistrano/rails/migrations'\n" })).toEqual(['ordered'])
    expect(
      (await found(workflow(job('deploy', ['echo "deploy $GITHUB_SHA" | ssh -p 4840 app@web1.example.org']))))[0],
    ).toMatch(/^unknown/)
    const installer = (folder: string) => ({
      'database/migrations/2026_01_01_000000_a.php': '<?php class A extends Migration {}',
      [`app/${folder}/Install.php`]: "<?php\nArtisan::call('migrate', ['--force' => true]);\n",
    })
    expect(outcomesIn(await judgeFiles(step, installer('Http/Controllers')))).not.toContain('in-every-instance')
    expect(outcomesIn(await judgeFiles(step, installer('Providers')))).toContain('in-every-instance')
  })

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
    [
      'the program itself, when it starts',
      {
        ...workflow(job('deploy', [deploy])),
        'src/start.ts':
          "import { knex } from './db'\nexport const start = async () => {\n  await knex.migrate.up()\n}\n",
      },
      'in-every-instance',
    ],
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
    [
      'a schema that is loaded whenever the product starts',
      { Dockerfile: 'FROM ruby:3.4\nCMD bundle exec rake db:schema:load && rails server\n' },
      'push-in-production',
    ],
    [
      'a schema that is loaded before the first migrations',
      {
        Dockerfile: 'FROM ruby:3.4\nCOPY start.sh .\nCMD ["./start.sh"]\n',
        'start.sh':
          '#!/bin/sh\nif [ "$version" = 0 ]; then\n  bundle exec rake db:schema:load\nfi\nbundle exec rake db:migrate\nrails server\n',
      },
      'linear',
    ],
    ['a push in a job of tests', workflow(job('test', ['npx prisma db push', 'npm test'])), 'linear'],
  ])('%s', async (_name, files, expected) => {
    expect(await outcomes(history, files)).toEqual([expected])
  })
})

describe('a deploy that goes no farther than the job', () => {
  const path = (steps: string, env = '') => ({
    'package.json':
      '{ "name": "a", "scripts": { "migrate:deploy": "./x.sh", "app:deploy": "./x.sh", "test": "vitest" }, "dependencies": { "express": "1.0.0" } }',
    '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n${env}    steps:\n${steps}`,
  })
  const local = '    env:\n      DATABASE_URL: postgres://a:b@localhost:5432/a\n'
  const remote = '    env:\n      DATABASE_URL: ${{ secrets.DATABASE_URL }}\n'
  it.each<[string, Record<string, string>, boolean]>([
    ['migrations are no code', path('      - run: pnpm migrate:deploy\n      - run: pnpm test\n'), false],
    ['a database of the job', path('      - run: pnpm app:deploy\n      - run: pnpm test\n', local), false],
    ['a database elsewhere', path('      - run: pnpm app:deploy\n', remote), true],
    [
      'a cluster of the job',
      path('      - uses: helm/kind-action@v1\n      - run: kubectl apply -f k8s\n      - run: pnpm test\n'),
      false,
    ],
    ['a cluster that is there', path('      - run: kubectl apply -f k8s\n'), true],
  ])('%s', async (_name, files, isDeploy) => {
    const found = outcomesIn(await judgeFiles(deployPath, files))
    expect(found.includes('not-gated')).toBe(isDeploy)
  })
})

describe('migrations that the repository cannot show', () => {
  const called = (run: string) => workflow(job('deploy', [run]))
  it.each<[string, Record<string, string>]>([
    ['a hook', called('curl -fsS "${{ secrets.DEPLOY_HOOK }}"')],
    ['another workflow', called('gh workflow run deploy.yml --repo acme/infra')],
    ['a script on the server', called('ssh app@shop "cd /srv/shop && ./deploy.sh"')],
    ['a branch that something else takes', called('git push origin main:production')],
    [
      'an app that migrates on the phone',
      { ...called(deploy), 'drizzle.config.ts': "export default { driver: 'expo' }\n" },
    ],
    ['an image that a cluster takes', called('kubectl set image deployment/shop shop=acme/shop:1')],
    ['a service that takes an image', called('railway redeploy --yes')],
    [
      'a step that calls a hook',
      { '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    steps:\n      - uses: acme/ploi-deploy-action@v2\n' },
    ],
    [
      'a platform that only a package names',
      { 'package.json': '{ "dependencies": { "@vercel/analytics": "1.0.0" } }' },
    ],
    ['the program itself', { ...called(deploy), 'src/boot.ts': "execSync('npx prisma migrate deploy')\n" }],
  ])('are asked for: %s', async (_name, files) => {
    expect((await outcomes(step, files))[0]).toMatch(/^unknown/)
  })
  it.each<[string, Record<string, string>, string]>([
    [
      'Drizzle',
      {
        'drizzle/meta/_journal.json': '{"entries":[{"tag":"0000_a","when":1}]}',
        'drizzle/0000_a.sql': 'CREATE TABLE a (id int);',
      },
      "import { migrate } from 'drizzle-orm/node-postgres/migrator'\nexport const bringUp = () => migrate(db(), { migrationsFolder: 'x' })\n",
    ],
    [
      'MikroORM',
      {
        'src/migrations/Migration20260101000000.ts':
          "import { Migration } from '@mikro-orm/migrations'\nexport class Migration20260101000000 extends Migration { async up() { this.addSql('create table a (id int)') } }\n",
      },
      'export const bringUp = (orm) => orm.getMigrator().up()\n',
    ],
  ])('are asked for where the program brings itself up: %s', async (_name, files, program) => {
    const all = { ...called(deploy), ...files, 'packages/db/migrate.ts': program }
    expect(outcomesIn(await judgeFiles(step, all))[0]).toMatch(/^unknown/)
  })
  it('are missed where the deploy itself is seen', async () => {
    expect(
      await outcomes(step, workflow(job('deploy', ['ssh app@shop "git pull && npm ci && pm2 restart shop"']))),
    ).toEqual(['not-in-deploy'])
  })
  it('are no matter of a host of pages where the server is of another language', async () => {
    const files = {
      'netlify.toml': '[build]\n  publish = "dist"\n',
      'manage.py': '',
      'shop/migrations/__init__.py': '',
      'shop/migrations/0001_initial.py':
        'from django.db import migrations\nclass Migration(migrations.Migration):\n    operations = []\n',
    }
    expect(outcomesIn(await judgeFiles(step, files))[0]).toMatch(/^unknown/)
  })
})

describe('a script that deploys', () => {
  const script = {
    'package.json':
      '{ "name": "a", "scripts": { "deploy": "wrangler deploy" }, "dependencies": { "express": "1.0.0" } }',
  }
  it('is the way where nothing else is seen, and no answer where a pipeline makes images', async () => {
    expect(outcomesIn(await judgeFiles(deployPath, script))).toEqual(['manual'])
    const image = {
      '.github/workflows/image.yml':
        'on: push\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: acme/shop:1\n',
    }
    expect(outcomesIn(await judgeFiles(deployPath, { ...script, ...image }))[0]).toMatch(/^unknown/)
  })
})
