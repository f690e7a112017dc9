// What looks like a fault of a deploy and is none: kinds that were told of real products, each beside one that is told.
import { describe, expect, it } from 'vitest'
import container from '../../../src/checks/deploy/container.ts'
import ci from '../../../src/checks/deploy/continuous-integration.ts'
import deployPath from '../../../src/checks/deploy/deploy-path.ts'
import lockfile from '../../../src/checks/deploy/lockfile.ts'
import history from '../../../src/checks/deploy/migration-history.ts'
import step from '../../../src/checks/deploy/migration-step.ts'
import build from '../../../src/checks/deploy/production-build.ts'
import runtime from '../../../src/checks/deploy/runtime-version.ts'
import smoke from '../../../src/checks/deploy/smoke-test.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { judgeFiles } from '../../support/deploy.ts'

const app = {
  'package.json':
    '{"name":"a","scripts":{"test":"vitest run","dev":"next dev","build":"next build"},"dependencies":{"next":"16"}}',
}
const workflow = (name: string, text: string) => ({ [`.github/workflows/${name}.yml`]: text })
const told = async (check: AnyCheck, files: Record<string, string>): Promise<string[]> =>
  (await judgeFiles(check, { ...app, ...files })).findings.map(
    ({ outcome, severity, confidence }) => `${outcome} ${severity} ${confidence}`,
  )
const loud = async (check: AnyCheck, files: Record<string, string>): Promise<string[]> =>
  (await told(check, files)).filter(one => /^\S+ (?:blocker|high) /.test(one))

describe('no pipeline', () => {
  it('is high where something deploys the product, and worth a look where nothing does', async () => {
    expect(await told(ci, {})).toEqual(['none medium possible'])
    expect(await told(ci, { 'fly.toml': 'app = "a"\n' })).toEqual(['none high certain'])
  })
})

describe('an image that starts a development server', () => {
  const dev = { Dockerfile: 'FROM node:24\nCOPY . .\nCMD ["yarn", "dev"]\n' }
  const composed = (volume: string, more = '') => ({
    'docker-compose.yml': `services:\n  web:\n    build: .\n    volumes:\n      - ${volume}\n${more}`,
  })
  const pushed = workflow(
    'd',
    'on: push\njobs:\n  d:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { push: true, tags: "acme.azurecr.io/a:1" }\n',
  )
  it('is for laptops where a compose file lays the source over it, and nothing ships it', async () => {
    expect(await told(build, { ...dev, ...composed('./:/app') })).toEqual([])
    expect(await loud(build, { ...dev, ...composed('.:/app'), ...pushed })).toEqual([
      'dev-server-in-production high likely',
    ])
    expect(await told(build, { ...dev, ...composed('data:/app') })).toEqual([
      'dev-server-in-production medium possible',
    ])
  })

  it('is not known to start so where a compose file for servers starts it otherwise', async () => {
    const started = (name: string, command: string) => ({
      [name]: `services:\n  web:\n    image: acme/web\n    command: ${command}\n`,
    })
    const shipped = { ...dev, 'fly.toml': 'app = "a"\n' }
    const blocking = ['dev-server-in-production high likely']
    expect(await loud(build, { ...shipped, ...started('docker-compose.yml', '["gunicorn", "a:b"]') })).toEqual([])
    expect(await loud(build, { ...shipped, ...started('docker-compose.yml', 'celery worker') })).toEqual(blocking)
    expect(await loud(build, { ...shipped, ...started('docker-compose.dev.yml', 'gunicorn a:b') })).toEqual(blocking)
  })

  it('is not known to be shipped by a platform that builds from the source, nor by a pipeline that tries it', async () => {
    expect(await loud(build, { ...dev, 'vercel.json': '{}' })).toEqual([])
    expect(await loud(build, { ...dev, Procfile: 'web: npm start\n' })).toEqual([])
    const tried = workflow('t', 'on: push\njobs:\n  t:\n    steps:\n      - run: docker-compose build --no-cache\n')
    expect(await loud(build, { ...dev, ...tried })).toEqual([])
    expect(await loud(build, { ...dev, 'fly.toml': 'app = "a"\n' })).toEqual(['dev-server-in-production high likely'])
  })
})

describe('what laptops start', () => {
  const pm2 = (environment: string) => ({
    'ecosystem.config.js': `module.exports = { apps: [{ name: 'a', script: 'uvicorn', args: 'main:app --reload', env: { ENVIRONMENT: '${environment}' } }] }\n`,
  })
  it('is no server of production: an environment that PM2 names, an image that watches', async () => {
    const python = { 'requirements.txt': 'fastapi==0.120.0\n', 'main.py': 'import fastapi\n' }
    expect(await loud(build, { ...python, ...pm2('development') })).toEqual([])
    expect(await loud(build, { ...python, ...pm2('production') })).toEqual(['dev-server-in-production blocker certain'])
    const image = (name: string) => ({ [name]: 'FROM node:24\nCMD ["x"]\n' })
    expect(await told(container, image('service.node.watch.dockerfile'))).toEqual([])
    expect(await told(container, image('service.node.dockerfile'))).not.toEqual([])
  })
})

describe('what goes into an image', () => {
  const files = (name: string, beside: Record<string, string>) => ({
    'data/Dockerfile': 'FROM python:3.13\nCOPY . /srv\nCMD ["make"]\n',
    [name]: 'SECRET_KEY=a8f5f167f44f4964e6c998dee827110c\n',
    ...beside,
  })
  const goesIn = async (name: string, beside: Record<string, string> = {}): Promise<boolean> =>
    (await judgeFiles(container, files(name, beside))).findings.some(
      ({ outcome, severity }) => outcome === 'no-dockerignore' && severity === 'high',
    )
  it('is none of what lies beside the folder that it is built from, nor what only a key opens', async () => {
    expect(await goesIn('configs/.env')).toBe(true)
    expect(await goesIn('configs/.env.gpg')).toBe(false)
    const compose = { 'data/docker-compose.yml': 'services:\n  etl:\n    build: .\n' }
    expect(await goesIn('configs/.env', compose)).toBe(false)
    expect(await goesIn('data/.env', compose)).toBe(true)
  })
})

describe('a deploy without tests', () => {
  const ship = (name: string, job: string) => workflow(name, `on:\n  push:\n    branches: [main]\njobs:\n${job}`)
  const tests = '  t:\n    steps:\n      - run: npm test\n'
  it.each<[string, Record<string, string>, boolean]>([
    ['is told', ship('d', '  d:\n    steps:\n      - run: fly deploy\n'), true],
    [
      'not of a job that is switched off',
      ship('d', `  d:\n    if: \${{ false }}\n    steps:\n      - run: fly deploy\n`),
      false,
    ],
    [
      'not behind skipped tests that did not fail',
      ship(
        'd',
        `${tests}  d:\n    needs: [t]\n    if: (always() && !cancelled() && !failure())\n    steps:\n      - run: fly deploy\n`,
      ),
      false,
    ],
    [
      'but behind tests that failed',
      ship('d', `${tests}  d:\n    needs: [t]\n    if: always()\n    steps:\n      - run: fly deploy\n`),
      true,
    ],
    [
      'not of what developers look at, beside one for customers',
      {
        ...workflow(
          'developToFly',
          'on:\n  push:\n    branches: [develop]\njobs:\n  d:\n    steps:\n      - run: fly deploy\n',
        ),
        ...ship('d', `${tests}  d:\n    needs: [t]\n    steps:\n      - run: fly deploy\n`),
      },
      false,
    ],
    [
      'not of a branch of its own in one job of several',
      {
        '.circleci/config.yml':
          'version: 2.1\njobs:\n  build:\n    steps:\n      - run: task docker:test:phpunit\n  ship:\n    steps:\n      - run: fly deploy\nworkflows:\n  all:\n    jobs:\n      - build:\n          filters: { branches: { ignore: production } }\n      - ship:\n          filters: { branches: { only: production } }\n',
      },
      false,
    ],
    [
      'not where the tests run within another tool',
      {
        ...ship('ci', '  t:\n    steps:\n      - run: pnpm exec percy exec -- bundle exec rspec\n'),
        ...workflow(
          'd',
          'on:\n  workflow_run:\n    workflows: [ci.yml]\njobs:\n  d:\n    steps:\n      - run: fly deploy\n',
        ),
        'package.json': app['package.json'],
        '.github/workflows/ci.yml':
          'name: ci.yml\non:\n  push:\n    branches: [main]\njobs:\n  t:\n    steps:\n      - run: pnpm exec percy exec -- bundle exec rspec\n',
      },
      false,
    ],
    [
      'not of a release that a tag chooses, where the branch goes elsewhere',
      {
        ...ship('ci', tests),
        ...workflow(
          'd',
          `on:\n  push:\n    branches: [main]\n    tags: ["v*"]\njobs:\n  d:\n    strategy:\n      matrix:\n        env:\n          - \${{ startsWith(github.ref, 'refs/tags/v') && 'shop-org' || 'shop-net' }}\n    environment: \${{ matrix.env }}\n    steps:\n      - run: fly deploy\n`,
        ),
      },
      false,
    ],
    [
      'not of machines whose description changed',
      workflow(
        'd',
        'on:\n  push:\n    branches: [main]\n    paths: ["config/terraform/**", ".github/workflows/d.yml"]\njobs:\n  d:\n    steps:\n      - run: terraform apply -auto-approve\n',
      ),
      false,
    ],
    [
      'but of the product that a description of machines brings',
      ship('d', '  d:\n    steps:\n      - run: docker build -t acme.azurecr.io/a:1 .\n      - run: terraform apply\n'),
      true,
    ],
    [
      'not of a version that somebody wrote down',
      workflow(
        'd',
        'on:\n  push:\n    branches: [main]\n    paths: [.github/manifests/api_version]\njobs:\n  d:\n    steps:\n      - run: aws lambda update-function-code --function-name a --image-uri b\n',
      ),
      false,
    ],
    [
      'not of a job that is named for the rehearsal',
      ship('d', '  deploy-heroku-stg:\n    steps:\n      - uses: akhileshns/heroku-deploy@v3\n'),
      false,
    ],
    [
      'not of the manual of a workspace',
      ship('d', '  d:\n    steps:\n      - run: pnpm -F docs exec wrangler deploy\n'),
      false,
    ],
  ])('%s', async (_name, files, expected) =>
    expect((await told(deployPath, files)).some(one => one.startsWith('not-gated'))).toBe(expected),
  )
})

describe('tests', () => {
  it('run by a name of a Makefile that another gives its value', async () => {
    const make = (value: string) => ({
      Makefile: `COMPOSE = docker compose --env-file=.env\nRUN=\${COMPOSE} run --rm api\n\nchecks: quality tests\n\ntests:\n\t\${${value}} pytest .\n`,
      ...workflow('ci', 'on: push\njobs:\n  t:\n    steps:\n      - run: make checks\n'),
    })
    expect(await told(ci, make('RUN'))).toEqual([])
    expect(await told(ci, make('OTHER'))).toEqual(['no-tests medium certain'])
  })

  it('run by what a matrix adds to each of its jobs', async () => {
    const matrix = (command: string) =>
      workflow(
        'ci',
        `on: push\njobs:\n  t:\n    strategy:\n      matrix:\n        kind: [unit]\n        include:\n          - kind: unit\n            command: ${command}\n    steps:\n      - run: bundle exec rails \${{ matrix.command }}\n`,
      )
    expect(await told(ci, matrix('test'))).toEqual([])
    expect(await told(ci, matrix('zeitwerk:check'))).toEqual(['no-tests medium certain'])
  })
})

describe('a look after the deploy', () => {
  const behind = (step: string) =>
    workflow('d', `on: push\njobs:\n  d:\n    steps:\n      - run: fly deploy\n      - ${step}\n`)
  const missed = ['none medium possible']
  it('is one by its name, in whatever language and wherever it runs', async () => {
    expect(await told(smoke, behind('{ name: Check application health, shell: pwsh, run: "$r = 1" }'))).toEqual([])
    expect(
      await told(
        smoke,
        behind('{ name: Check services are up, uses: appleboy/ssh-action@v1, with: { script: make livecheck } }'),
      ),
    ).toEqual([])
    expect(await told(smoke, behind('{ name: Tell the team, shell: pwsh, run: "$r = 1" }'))).toEqual(missed)
  })

  it('may lie in what the pipeline calls', async () => {
    const job = (step: string) => workflow('d', `on: push\njobs:\n  d:\n    steps:\n      - ${step}\n`)
    const ssh = (script: string) => job(`{ uses: appleboy/ssh-action@v1, with: { script: "${script}" } }`)
    expect(await told(smoke, ssh('${{ secrets.SCRIPT }}'))).toEqual([])
    expect(await told(smoke, ssh('cd /srv && git pull'))).toEqual(missed)
    expect(await told(smoke, job('run: git push --set-upstream deploy production'))).toEqual([])
    expect(await told(smoke, job('run: git push production main'))).toEqual(missed)
  })

  it('is none where somebody is told of the deploy', async () => {
    expect(await told(smoke, behind(`run: curl -X POST -d '{"revision":"1"}' https://errors.example/deploys`))).toEqual(
      missed,
    )
    expect(await told(smoke, behind(`run: curl -f -d '{"query":"{ok}"}' https://a.example/graphql`))).toEqual([])
  })
})

describe('a build', () => {
  it('is part of a deploy that builds what it takes along', async () => {
    const tested = (deploy: string) =>
      workflow('ci', `on: push\njobs:\n  t:\n    steps:\n      - run: npm test\n      - run: ${deploy}\n`)
    expect(await told(build, tested('pnpm sst deploy --stage prod'))).toEqual([])
    expect(await told(build, tested('vercel deploy --prebuilt'))).toEqual(['not-in-ci medium possible'])
  })
})

describe('versions', () => {
  const image = { Dockerfile: 'FROM python:3.13\nCOPY . .\nCMD ["gunicorn", "app:app"]\n' }
  const flask = { 'requirements.txt': 'flask==3.1.0\n', 'app.py': 'import flask\n' }
  const python = (version: string) =>
    `on: push\njobs:\n  t:\n    steps:\n      - uses: actions/setup-python@v6\n        with: { python-version: "${version}" }\n      - run: pytest\n`
  it('of a pipeline for the manual say nothing of the product', async () => {
    expect(await told(runtime, { ...flask, ...image, ...workflow('generate-docs', python('3.14')) })).toEqual([])
    expect(await told(runtime, { ...flask, ...image, ...workflow('test', python('3.14')) })).toEqual([
      'disagree medium possible',
    ])
  })

  it('past their support are worth less where they only build pages', async () => {
    const built = `on: push\njobs:\n  t:\n    steps:\n      - uses: actions/setup-node@v6\n        with: { node-version-file: .nvmrc }\n      - run: npm test\n`
    const old = { '.nvmrc': '18\n', ...workflow('ci', built), 'fly.toml': 'app = "a"\n' }
    expect(await told(runtime, old)).toEqual(['end-of-life high certain'])
    expect(await told(runtime, { ...old, 'package.json': '{"dependencies":{"@angular/core":"20"}}' })).toEqual([
      'end-of-life medium certain',
    ])
  })

  it('of what only builds pages are those of the pipeline', async () => {
    const node = `on: push\njobs:\n  t:\n    steps:\n      - uses: actions/setup-node@v6\n        with: { node-version: 24 }\n      - run: npm test\n`
    const pages = { 'package.json': '{"dependencies":{"@angular/core":"20"}}' }
    expect(await told(runtime, { ...pages, ...workflow('ci', node) })).toEqual([])
    expect(await told(runtime, { ...pages, ...workflow('ci', node), 'netlify.toml': '' })).toEqual([
      'unpinned medium certain',
    ])
    expect(await told(runtime, workflow('ci', node))).toEqual(['unpinned medium certain'])
  })

  it('agree where one run of a matrix has that of production', async () => {
    const php = {
      'composer.json': '{"require":{"laravel/framework":"^12"}}',
      Dockerfile: 'FROM php:8.3-fpm\nCOPY . .\n',
    }
    const lint = '  l:\n    container: { image: x }\n    steps:\n      - run: echo\n'
    const tests = (image: string, matrix = '') =>
      workflow(
        'ci',
        `on: push\njobs:\n${lint}  s:\n    container:\n      image: php:8.4-alpine\n    steps:\n      - run: vendor/bin/phpstan\n  t:\n    container:\n      image: ${image}\n${matrix}    steps:\n      - run: vendor/bin/phpunit\n`,
      )
    const matrix = "    strategy:\n      matrix:\n        php:\n          - '8.2'\n          - '8.3'\n"
    const disagrees = async (files: Record<string, string>) =>
      (await told(runtime, { ...php, ...files })).filter(one => one.startsWith('disagree')).length
    expect(await disagrees(tests('php:8.4-alpine'))).toBe(1)
    expect(await disagrees(tests('php:${{ matrix.php }}-alpine', matrix))).toBe(0)
  })

  it('of a version file that every pipeline passes over are worth a look', async () => {
    const node = `on: push\njobs:\n  t:\n    steps:\n      - uses: actions/setup-node@v6\n        with: { node-version: 24 }\n      - run: npm test\n`
    expect(await told(runtime, { '.nvmrc': '22\n', ...workflow('ci', node) })).toEqual(['disagree medium possible'])
  })
})

describe('migrations', () => {
  it('of Django are in one line where code makes the list of what they follow', async () => {
    const migration = (name: string, dependencies: string) => ({
      [`shop/migrations/${name}.py`]: `from django.db import migrations\n${dependencies}\nclass Migration(migrations.Migration):\n    operations = []\n`,
    })
    const files = (second: string) => ({
      'manage.py': '',
      'requirements.txt': 'django==5.2\n',
      ...migration('0001_initial', ''),
      ...migration('0002_more', second),
    })
    const outcome = async (second: string) =>
      (await judgeFiles(history, files(second))).findings.map(one => one.outcome)
    expect(await outcome("base = [\n    ('shop', '0001_initial'),\n]")).toEqual([])
    expect(await outcome('base = []')).toEqual(['out-of-order'])
  })

  it('make the columns of a table that is written with its schema and without', async () => {
    const made = (text: string) => ({
      'prisma/schema.prisma': 'model User {\n  id Int @id\n  fails Int\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE "User" ("id" INTEGER NOT NULL);\n',
      'prisma/migrations/20260102000000_b/migration.sql': text,
    })
    const at = async (text: string) => (await judgeFiles(history, made(text))).findings.map(one => one.outcome)
    expect(await at('ALTER TABLE "default$default"."User" ADD COLUMN "fails" INTEGER;\n')).toEqual([])
    expect(await at('SELECT 1;\n')).toEqual(['diverged-from-schema'])
  })

  it('are not replaced by a script that lays a database for tests', async () => {
    const files = (before: string) => ({
      'prisma/schema.prisma': 'model User {\n  id Int @id\n}\n',
      'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE "User" ("id" INTEGER NOT NULL);\n',
      'scripts/deploy-db.sh': `${before}npx prisma db push\n`,
    })
    const at = async (before: string) => (await judgeFiles(history, files(before))).findings.map(one => one.outcome)
    expect(await at('psql -c "DROP DATABASE IF EXISTS $database;"\n')).toEqual([])
    expect(await at('')).toEqual(['push-in-production'])
  })

  it('are run once by the hook that Scalingo has for it', async () => {
    const rails = {
      'package.json': '{}',
      Gemfile: 'gem "rails"\n',
      'db/migrate/20260101000000_a.rb':
        'class A < ActiveRecord::Migration[8.0]\n  def change\n    create_table :a\n  end\nend\n',
    }
    const procfile = (name: string) => ({ Procfile: `web: bin/rails server\n${name}: bundle exec rake db:migrate\n` })
    const at = async (name: string) =>
      (await judgeFiles(step, { ...rails, ...procfile(name) })).findings.map(one => one.outcome)
    expect(await at('postdeploy')).toEqual([])
    expect(await at('web2')).toEqual(['in-every-instance'])
  })
})

describe('a lock', () => {
  it('holds what comes from a repository', async () => {
    const files = (locked: string) => ({
      'package.json': '',
      Pipfile: '[packages]\nshop = {git = "https://git.example/shop.git", ref = "main"}\n',
      'Pipfile.lock': `{"default":{${locked}}}`,
    })
    const entry = '"shop":{"git":"https://git.example/shop.git","ref":"0464340f"}'
    const at = async (locked: string) => {
      const { 'package.json': _left, ...rest } = files(locked)
      return (await judgeFiles(lockfile, rest)).findings.map(({ outcome }) => outcome)
    }
    expect(await at(entry)).toEqual([])
    expect(await at('')).toEqual(['out-of-date'])
  })

  it('of pnpm records the runtime that a manifest names elsewhere', async () => {
    const lock = (name: string, specifier: string) => ({
      'package.json': '{"devEngines":{"runtime":{"name":"node","version":"^26.3.0"}},"dependencies":{"next":"16"}}',
      'pnpm-lock.yaml': `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      next:\n        specifier: '16'\n        version: 16.0.0\n    devDependencies:\n      ${name}:\n        specifier: ${specifier}\n        version: 1.0.0\n`,
      ...workflow('ci', 'on: push\njobs:\n  t:\n    steps:\n      - run: pnpm install --frozen-lockfile\n'),
    })
    expect(await told(lockfile, lock('node', 'runtime:^26.3.0'))).toEqual([])
    expect(await told(lockfile, lock('left', '^1.0.0'))).toEqual(['out-of-date high certain'])
  })

  it('is not asked for what comes from an address', async () => {
    const requirements = (line: string) => ({
      'package.json': '{}',
      'requirements.txt': `flask==3.1.0\n${line}\n`,
      ...workflow('ci', 'on: push\njobs:\n  t:\n    steps:\n      - run: pip install -r requirements.txt\n'),
    })
    expect(await told(lockfile, requirements('https://git.example/a/archive/refs/tags/0.3.25.tar.gz'))).toEqual([])
    expect((await told(lockfile, requirements('bleach'))).length).toBe(1)
    // One line among many that have their versions is worth less than a list without any.
    const pinned = ['a==1', 'b==1', 'c==1', 'd==1']
    const severities = async (...lines: string[]) =>
      (await told(lockfile, requirements(lines.join('\n')))).map(one => one.split(' ')[1])
    expect(await severities(...pinned, 'bleach')).toEqual(['medium'])
    expect(await severities('bleach', 'celery', 'a==1')).toEqual(['high'])
  })

  it('of an umbrella holds what its members want', async () => {
    const member = (lock: string) => ({
      'mix.lock': '%{}\n',
      'mix.exs': 'defmodule All do\n  defp deps, do: []\nend\n',
      'apps/web/mix.exs': `defmodule Web do\n  [${lock}app: :web]\n  defp deps, do: [{:phoenix, "~> 1.8"}]\nend\n`,
    })
    const at = async (lock: string) => (await judgeFiles(lockfile, member(lock))).findings.map(({ outcome }) => outcome)
    expect(await at('lockfile: "../../mix.lock", ')).toEqual([])
    expect(await at('')).toEqual(['missing'])
  })

  it('that holds more than is wanted stops no install of npm', async () => {
    const lock = (more: string) => ({
      ...workflow('ci', 'on: push\njobs:\n  t:\n    steps:\n      - run: npm ci\n'),
      'package-lock.json': `{"lockfileVersion":3,"packages":{"":{"dependencies":{"next":"16"${more}}},"node_modules/next":{"version":"16.0.0"}}}`,
    })
    expect(await told(lockfile, lock(',"jsdom":"^26.0.0"'))).toEqual(['out-of-date low certain'])
    const less = { ...lock(''), 'package-lock.json': lock('')['package-lock.json'].replace('"next":"16"', '') }
    expect(await told(lockfile, less)).toEqual(['out-of-date high certain'])
  })
})
