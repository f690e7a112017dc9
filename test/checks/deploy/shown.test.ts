// What the repository has to show before a finding is loud: kinds of sets R and S (fixtures/truth) that were assumed.
import { describe, expect, it } from 'vitest'
import backup from '../../../src/checks/deploy/backup.ts'
import container from '../../../src/checks/deploy/container.ts'
import deployPath from '../../../src/checks/deploy/deploy-path.ts'
import lockfile from '../../../src/checks/deploy/lockfile.ts'
import hazard from '../../../src/checks/deploy/migration-hazard.ts'
import history from '../../../src/checks/deploy/migration-history.ts'
import step from '../../../src/checks/deploy/migration-step.ts'
import build from '../../../src/checks/deploy/production-build.ts'
import rollback from '../../../src/checks/deploy/rollback.ts'
import runtime from '../../../src/checks/deploy/runtime-version.ts'
import smoke from '../../../src/checks/deploy/smoke-test.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { judgeFiles } from '../../support/deploy.ts'

type Files = Record<string, string>

/** Each outcome with how loud it is: `not-gated high certain`. */
const told = async (check: AnyCheck, files: Files): Promise<string[]> =>
  (await judgeFiles(check, files)).findings.map(
    ({ outcome, severity, confidence }) => `${outcome} ${severity} ${confidence}`,
  )
const json = (value: unknown): string => JSON.stringify(value)
const workflow = (name: string, text: string): Files => ({ [`.github/workflows/${name}.yml`]: text })
const licence = { LICENSE: 'MIT License\n\nPermission is hereby granted, free of charge\n' }
const invited = { ...licence, 'README.md': '# Acme\n\n## Self-hosting\n\ndocker compose up -d\n' }
const deploying = workflow(
  'ship',
  'on: push\njobs:\n  ship:\n    concurrency: p\n    environment: production\n    steps:\n      - run: npm test\n      - run: flyctl deploy\n',
)

describe('a package with a framework', () => {
  const next = (scripts: Record<string, string>) => json({ private: true, scripts, dependencies: { next: '16.0.0' } })
  const both = (scripts: Record<string, string>): Files => ({
    'apps/web/package.json': next({ dev: 'next dev', build: 'next build' }),
    'packages/seo/package.json': next(scripts),
    'apps/web/vercel.json': '{}',
  })
  it('is a part of the programs where nothing starts it', async () => {
    expect(await told(build, both({ typecheck: 'tsc --noEmit' }))).toEqual([])
    expect(await told(build, both({ dev: 'next dev' }))).toEqual(['no-command blocker certain'])
  })
})

describe('an image', () => {
  const dev = { 'web/Dockerfile': 'FROM node:24\nCMD ["npx", "vite", "dev"]\n' }
  const app = { 'web/package.json': json({ devDependencies: { vite: '7.0.0' }, scripts: { build: 'vite build' } }) }
  const push = (file: string) =>
    workflow(
      'image',
      `on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    with: { dockerfile: ${file}, context: web }\n`,
    )
  const made = workflow(
    'b',
    'on: workflow_call\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { push: true, file: "${{ inputs.dockerfile }}" }\n',
  )
  it('beside another of its folder, which pipelines name, is that of laptops', async () => {
    const other = { 'web/deploy.dockerfile': 'FROM nginx:1.29\nCMD ["nginx"]\n' }
    expect(await told(build, { ...dev, ...app, ...other, ...made, ...push('web/deploy.dockerfile') })).toEqual([])
    expect(await told(build, { ...dev, ...app, ...other, ...made, ...push('web/Dockerfile') })).toEqual([
      'dev-server-in-production high likely',
    ])
  })
  it('of an action of the pipeline is shipped nowhere, and a base that a build hands in does not move', async () => {
    const moving = 'FROM base\nUSER app\nHEALTHCHECK CMD true\nCMD ["x"]\n'
    const found = async (files: Files) => (await told(container, files)).filter(one => one.startsWith('mutable-base'))
    expect(await found({ Dockerfile: moving })).toHaveLength(1)
    expect(await found({ '.github/actions/tidy/Dockerfile': moving })).toEqual([])
    const bake = { 'docker-bake.hcl': 'target "web" {\n  contexts = {\n    base = "target:base"\n  }\n}\n' }
    expect(await found({ Dockerfile: moving, ...bake })).toEqual([])
  })
})

describe('migrations', () => {
  const django = {
    'manage.py': 'import django\n',
    'requirements.txt': 'django==5.2\n',
    'shop/migrations/0001_initial.py':
      'from django.db import migrations, models\nclass Migration(migrations.Migration):\n    dependencies = []\n    operations = [migrations.CreateModel(name="A", fields=[("id", models.AutoField(primary_key=True))])]\n',
  }
  const loud = async (files: Files) =>
    (await told(step, { ...django, ...files })).filter(one => /^not-in-deploy/.test(one)).length
  it('run by a target that a compose file of production starts, a comment behind its name', async () => {
    const ssh = workflow(
      'ship',
      'on: push\njobs:\n  a:\n    steps:\n      - run: scp compose.production.yml shop:\n      - run: ssh shop "docker compose up -d"\n',
    )
    const compose = (command: string) => ({
      'compose.production.yml': `services:\n  web:\n    image: acme/shop\n    command: ${command}\n`,
      Makefile: 'run: ## Production\n\tpython manage.py migrate\n\tgunicorn shop.wsgi\n',
    })
    expect(await told(step, { ...django, ...ssh, ...compose('make run') })).toEqual([
      'in-every-instance medium certain',
    ])
  })
  it('run by a pipeline of pushes beside the one that deploys a part, not by one of pull requests', async () => {
    const beside = (on: string) =>
      workflow('migrate', `on: ${on}\njobs:\n  a:\n    steps:\n      - run: python manage.py migrate\n`)
    const fly = workflow('ship', 'on: push\njobs:\n  a:\n    steps:\n      - run: flyctl deploy\n')
    expect(await loud(fly)).toBe(1)
    expect(await loud({ ...fly, ...beside('push') })).toBe(0)
    expect(await loud({ ...fly, ...beside('[push, pull_request]') })).toBe(1)
  })
  it('of Supabase may be run by its own integration', async () => {
    const supabase = {
      'supabase/migrations/20260101000000_a.sql': 'create table a (id int);\n',
      'supabase/config.toml': 'project_id = "a"\n',
    }
    const fly = workflow('ship', 'on: push\njobs:\n  a:\n    steps:\n      - run: flyctl deploy\n')
    expect(await told(step, { ...supabase, ...fly })).toEqual(['not-in-deploy medium possible'])
  })
  it('need not make the tables of an extension', async () => {
    const schema = (name: string) =>
      `datasource db {\n  provider = "postgresql"\n}\nmodel a {\n  id Int @id\n  @@schema("public")\n}\nmodel job_run_details {\n  id Int @id\n  @@schema("${name}")\n}\n`
    const found = async (name: string) =>
      (
        await told(history, {
          'prisma/schema.prisma': schema(name),
          'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
          'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE "a" ("id" INTEGER NOT NULL);\n',
        })
      ).filter(one => one.startsWith('diverged')).length
    expect(await found('cron')).toBe(0)
    expect(await found('billing')).toBe(1)
  })
})

describe('a deploy', () => {
  it('of CircleCI waits for a job by its own name, which stands for all of its matrix', async () => {
    const circle = (requires: string) => ({
      'package.json': json({ scripts: { test: 'vitest run' }, dependencies: { express: '5.0.0' } }),
      '.circleci/config.yml': `version: 2.1\njobs:\n  unit:\n    docker: [{ image: cimg/node:24.1 }]\n    steps: [{ run: npm test }]\n  ship:\n    docker: [{ image: cimg/base:stable }]\n    steps: [{ run: flyctl deploy }]\nworkflows:\n  main:\n    jobs:\n      - unit:\n          name: unit-<< matrix.node >>\n          matrix: { parameters: { node: [1, 2] } }\n      - hold: { type: approval, requires: [${requires}] }\n      - ship: { requires: [hold], context: production }\n`,
    })
    const gated = async (requires: string) =>
      (await told(deployPath, circle(requires))).filter(one => one.startsWith('not-gated')).length
    expect(await gated('unit')).toBe(0)
    expect(await gated('lint')).toBe(1)
  })
  it('is looked at by what is named for sanity', async () => {
    const ship = (run: string, then = '') =>
      workflow('ship', `on: push\njobs:\n  ship:\n    steps:\n      - run: ${run}\n${then}`)
    const behind = (id: string, run: string) => `  ${id}:\n    needs: ship\n    steps:\n      - run: ${run}\n`
    expect(await told(smoke, ship('flyctl deploy'))).toEqual(['none medium possible'])
    expect(await told(smoke, ship('flyctl deploy', behind('a', 'pnpm run prod-sanity-test')))).toEqual([])
    expect(await told(smoke, ship('flyctl deploy', behind('tell', './say')))).toEqual(['none medium possible'])
  })
})

describe('a version', () => {
  const node = (files: Files) => ({
    'package.json': json({ private: true, dependencies: { express: '5.0.0' }, scripts: { start: 'node a.js' } }),
    ...files,
  })
  it('that only those who write what others run are told is theirs', async () => {
    expect(await told(runtime, node({ '.nvmrc': '16\n' }))).toEqual(['end-of-life high certain'])
    expect(await told(runtime, node({ '.nvmrc': '16\n', ...invited }))).toEqual(['end-of-life medium possible'])
    expect(await told(runtime, node({ '.nvmrc': '16\n', ...invited, ...deploying }))).toEqual([
      'end-of-life high certain',
    ])
  })
  it('of a stage that builds for an image of another version is not what runs', async () => {
    const image = (last: string) => ({
      ...node({}),
      Dockerfile: `FROM node:16 AS b\nFROM ${last}\nCMD ["node", "a.js"]\n`,
    })
    const built = workflow('i', 'on: push\njobs:\n  a:\n    steps:\n      - run: docker build .\n')
    expect(await told(runtime, { ...image('node:24'), ...built })).toEqual(['disagree high certain'])
    expect(await told(runtime, { ...image('b'), ...built })).toEqual(['end-of-life high certain'])
  })
  it('of a stage that laptops start is not what runs', async () => {
    const image = (stage: string) =>
      `FROM node:16 AS web\nRUN npm ci && npm run build\nFROM web AS ${stage}\nCMD ["npm", "start"]\nFROM nginx:1.29 AS files\nCOPY --from=web /a /b\n`
    const files = (stage: string) => ({
      'requirements.txt': 'django==5.2\n',
      'manage.py': 'import django\n',
      '.python-version': '3.14\n',
      'web/package.json': json({ devDependencies: { vite: '7.0.0' }, scripts: { build: 'vite build' } }),
      'web/Dockerfile': image(stage),
      ...workflow('i', 'on: push\njobs:\n  a:\n    steps:\n      - run: docker build web\n'),
    })
    const loud = async (stage: string) => (await told(runtime, files(stage))).filter(one => / high /.test(one)).length
    expect(await loud('web-dev')).toBe(0)
    expect(await loud('server')).toBe(1)
  })
})

describe('what others run', () => {
  it('is taken back and restored by them', async () => {
    const release = { 'fly.toml': 'app = "a"\n', 'package.json': json({ dependencies: { express: '5', pg: '8' } }) }
    const docs = { 'docs/backup.md': '# Backup\n\n```\npg_dump shop > shop.sql\n```\n' }
    expect(await told(rollback, release)).toEqual(['undocumented medium certain'])
    expect(await told(rollback, { ...release, ...invited })).toEqual(['undocumented low certain'])
    expect(await told(backup, { ...release, ...docs })).toEqual(['restore-never-tested medium certain'])
    expect(await told(backup, { ...release, ...docs, ...invited })).toEqual(['restore-never-tested low certain'])
  })
  it('is published as an image for everybody, under a licence for everybody', async () => {
    const publish = (image: string) => ({
      'fly.toml': 'app = "a"\n',
      ...workflow(
        'image',
        `on: { push: { tags: ["v*"] } }\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: ${image}\n`,
      ),
    })
    const account = '1.dkr.ecr.eu-central-1.amazonaws.com/shop:1'
    expect(await told(rollback, { ...licence, ...publish('acme/shop:1') })).toEqual(['undocumented low certain'])
    expect(await told(rollback, publish('acme/shop:1'))).toEqual(['undocumented medium certain'])
    expect(await told(rollback, { ...licence, ...publish(account) })).toEqual(['undocumented medium certain'])
  })
  it('is nothing that its writers alone start, as the heading says', async () => {
    const readme = (heading: string) => ({ ...licence, 'README.md': `# Acme\n\n## ${heading}\n\ndocker compose up\n` })
    const files = { 'fly.toml': 'app = "a"\n', 'package.json': json({ dependencies: { express: '5' } }) }
    expect(await told(rollback, { ...files, ...readme('Local development') })).toEqual(['undocumented medium certain'])
    expect(await told(rollback, { ...files, ...readme('Run it') })).toEqual(['undocumented low certain'])
  })
  it('speaks of backups and of migrations that are rolled back in passing', async () => {
    const files = {
      'fly.toml': 'app = "a"\n',
      'package.json': json({ dependencies: { express: '5', pg: '8' } }),
      'README.md': '# Acme\n\nSettings are restored by `bin/a b`.\n\nTo roll back one migration, run `a b`.\n',
      'docs/releases/0.1.md': '# 0.1\n\n## Rolling back\n\nMake a backup with `pg_dump shop`.\n',
    }
    expect(await told(backup, files)).toEqual([])
    expect(await told(rollback, files)).toEqual(['undocumented medium certain'])
  })
})

describe('a lock', () => {
  const outcomes = async (files: Files) => (await told(lockfile, files)).map(one => one.split(' ')[0])
  it('is not kept by a package of Composer that others install', async () => {
    const composer = (more: object) => ({
      'composer.json': json({ name: 'acme/shop', require: { 'illuminate/contracts': '^12.0' }, ...more }),
    })
    expect(await outcomes(composer({ 'require-dev': { 'orchestra/testbench': '^10' } }))).toEqual([])
    expect(await outcomes(composer({ type: 'symfony-bundle' }))).toEqual([])
    expect(await outcomes(composer({ type: 'project' }))).toEqual(['missing'])
    expect(await outcomes(composer({}))).toEqual(['missing'])
  })
  it('of a folder that a script only builds is nobody’s', async () => {
    const part = { 'part/package.json': json({ private: true, dependencies: { vue: '3.5.0', next: '16.0.0' } }) }
    const root = (script: string) => ({
      'package.json': json({ private: true, scripts: { part: script, build: 'npm run build' } }),
      ...workflow('ci', 'on: push\njobs:\n  a:\n    steps:\n      - run: npm ci\n'),
    })
    const confidence = async (script: string) => (await told(lockfile, { ...part, ...root(script) }))[0]
    expect(await confidence('cd part && npm run prod')).toBe('missing medium possible')
    expect(await confidence('cd part && npm install')).toBe('missing high certain')
  })
})

describe('set S', () => {
  const express = {
    'package.json': json({ name: 'acme', scripts: { test: 'vitest run' }, dependencies: { express: '5' } }),
  }
  const ship = workflow('ship', 'on: push\njobs:\n  ship:\n    steps:\n      - run: flyctl deploy\n')
  it('the pipeline of what others begin with is an example of a deploy', async () => {
    const starter = { 'README.md': '# Acme starter kit\n' }
    const tests = workflow('test', 'on: push\njobs:\n  t:\n    steps:\n      - run: npm test\n')
    expect(await told(deployPath, { ...express, ...ship, ...tests })).toEqual([
      'not-gated high certain',
      'no-concurrency-guard medium certain',
      'unprotected-environment medium certain',
    ])
    expect(await told(deployPath, { ...express, ...ship, ...tests, ...starter })).toEqual([
      'not-gated medium possible',
      'no-concurrency-guard low certain',
      'unprotected-environment low certain',
    ])
  })
  it('a whole schema is laid only into what is empty, where the same script migrates', async () => {
    const rails = {
      Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 8.0'\n",
      'db/migrate/20260101000000_a.rb':
        'class A < ActiveRecord::Migration[8.0]\n  def change = create_table(:a)\nend\n',
      Procfile: 'release: ./bin/release.sh\nweb: bundle exec puma\n',
    }
    const script = (then: string) => ({
      'bin/release.sh': `#!/bin/sh\nif [ "$(version)" = 0 ]; then\n  bundle exec rails db:schema:load\nelse\n  ${then}\nfi\n`,
    })
    const pushed = async (then: string) =>
      (await told(history, { ...rails, ...script(then) })).filter(one => one.startsWith('push')).length
    expect(await pushed('bundle exec rails db:migrate')).toBe(0)
    expect(await pushed('true')).toBe(1)
  })
  it('the last stage of an image is not started where it is for laptops', async () => {
    const image = (last: string) =>
      `FROM node:24 AS web\nUSER node\nHEALTHCHECK CMD true\nCMD ["node", "a.js"]\nFROM node:24 AS ${last}\nUSER root\nCMD ["npx", "next", "dev"]\n`
    const roots = async (last: string) =>
      (await told(container, { Dockerfile: image(last), '.dockerignore': '.env\n' })).filter(one => /^root /.test(one))
        .length
    expect(await roots('web-dev')).toBe(0)
    expect(await roots('server')).toBe(1)
  })
  it('what a generator wrote, and a database that a first page starts, show nothing; a recipe with servers does', async () => {
    const kamal = (image: string) => ({
      ...express,
      'config/deploy.yml': `service: shop\nimage: ${image}\nservers:\n  web:\n    - 203.0.113.7\n`,
    })
    expect(await told(rollback, kamal('acme/shop'))).toEqual(['undocumented medium certain'])
    expect(await told(rollback, kamal('your-user/shop'))).toEqual([])
    const fly = { ...express, 'fly.toml': 'app = "a"\n', ...licence }
    const page = (line: string) => ({ 'README.md': `# Acme\n\n${line}\n` })
    expect(await told(rollback, { ...fly, ...page('docker run -p 1:1 -d mysql:8') })).toEqual([
      'undocumented medium certain',
    ])
    expect(await told(rollback, { ...fly, ...page('docker run -p 1:1 -d acme/shop') })).toEqual([
      'undocumented low certain',
    ])
    const cap = {
      ...express,
      'config/deploy.rb': 'set :application, "shop"\n',
      Capfile: 'require "capistrano/setup"\n',
      ...invited,
    }
    expect(await told(rollback, cap)).toEqual(['undocumented medium certain'])
  })
  it('what may hurt those who run it themselves is one finding, and so are locks that nothing installs', async () => {
    const sql = {
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20260101000000_a/migration.sql':
        'ALTER TABLE "a" RENAME COLUMN "b" TO "c";\nALTER TABLE "d" ALTER COLUMN "e" TYPE bigint;\nCREATE INDEX "i" ON "f" ("g");\n',
    }
    const above = async (files: Files) => (await told(hazard, files)).filter(one => !/ low /.test(one))
    expect((await above(sql)).length).toBe(3)
    expect(await above({ ...sql, ...invited })).toEqual(['renames medium possible'])
    const part = (name: string) => ({ [`${name}/package.json`]: json({ dependencies: { next: '16.0.0' } }) })
    expect(await told(lockfile, { ...part('a'), ...part('b'), ...part('c') })).toEqual(['missing medium possible'])
  })
})
