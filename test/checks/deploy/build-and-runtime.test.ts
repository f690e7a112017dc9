// production-build, runtime-version, health-endpoint, frozen-install and container on small repositories, beyond those of fixtures/repos.
import { describe, expect, it } from 'vitest'
import backup from '../../../src/checks/deploy/backup.ts'
import container from '../../../src/checks/deploy/container.ts'
import health from '../../../src/checks/deploy/health-endpoint.ts'
import build from '../../../src/checks/deploy/production-build.ts'
import runtime from '../../../src/checks/deploy/runtime-version.ts'
import { judgeFiles, outcomesIn } from '../../support/deploy.ts'

const json = (value: unknown): string => JSON.stringify(value)
const app = (framework: string, scripts = {}, more = {}) => ({
  'package.json': json({ name: 'a', scripts, dependencies: { [framework]: '1.0.0' }, ...more }),
})
const ci = (run: string) => ({ '.github/workflows/ci.yml': `on: push\njobs:\n  a:\n    steps:\n      - run: ${run}\n` })

describe('production-build', () => {
  const outcomes = async (files: Record<string, string>) => outcomesIn(await judgeFiles(build, files))
  it("finds 'no-command' where a framework needs one and none is there", async () => {
    const found = await judgeFiles(build, app('next', { dev: 'next dev' }))
    expect(outcomesIn(found)).toEqual(['no-command'])
    expect(found.findings[0]!.fix.changes).toEqual([{ kind: 'command', run: 'npm pkg set scripts.build="next build"' }])
    expect(await outcomes({ 'pyproject.toml': '[project]\nname="a"\ndependencies=["django"]\n' })).toEqual([
      'no-command',
    ])
    expect(
      await outcomes({
        'pyproject.toml': '[project]\nname="a"\ndependencies=["django"]\n',
        Procfile: 'web: gunicorn a.wsgi\n',
      }),
    ).toEqual(['repeatable'])
    expect(await outcomes(app('express', { start: 'node server.js' }))).toEqual(['repeatable'])
  })
  it('asks no command of a library that is published for other programs', async () => {
    const library =
      '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "lib"\nclassifiers = ["Framework :: Django"]\ndependencies = ["django"]\n'
    expect((await outcomes({ 'pyproject.toml': library }))[0]).toMatch(/^skip/)
  })
  it("finds 'not-in-ci' unless the platform builds every push", async () => {
    expect(await outcomes({ ...app('vite', { build: 'vite build', test: 'vitest' }), ...ci('npm test') })).toEqual([
      'not-in-ci',
    ])
    expect(await outcomes({ ...app('vite', { build: 'vite build' }), ...ci('npm run build') })).toEqual(['repeatable'])
    expect(
      await outcomes({
        ...app('vite', { build: 'vite build', test: 'vitest' }),
        ...ci('npm test'),
        'vercel.json': '{}',
      }),
    ).toEqual(['repeatable'])
  })
  it("finds 'dev-server-in-production' through scripts, and leaves containers for development alone", async () => {
    expect(await outcomes({ ...app('express', { start: 'nodemon server.js' }), Procfile: 'web: npm start\n' })).toEqual(
      ['dev-server-in-production'],
    )
    expect(
      await outcomes({
        ...app('next', { dev: 'next dev', build: 'next build' }),
        'Dockerfile.dev': 'FROM node:24\nCMD npm run dev\n',
        'docker-compose.yml': 'services:\n  a:\n    command: npm run dev\n',
      }),
    ).toEqual(['repeatable'])
  })
  const shipped = {
    '.github/workflows/ship.yml':
      'on: push\njobs:\n  a:\n    steps:\n      - run: pip install -r a.txt\n      - run: docker build -t shop .\n',
  }
  it('an image that nothing is seen to ship may be for those who write it', async () => {
    const image = {
      ...app('next', { dev: 'next dev', build: 'next build' }),
      Dockerfile: 'FROM node:24\nCMD npm run dev\n',
    }
    const sure = async (files: Record<string, string>) =>
      (await judgeFiles(build, { ...image, ...files })).findings
        .filter(({ outcome }) => outcome === 'dev-server-in-production')
        .map(({ severity, confidence }) => `${severity} ${confidence}`)
    expect(await sure({})).toEqual(['medium possible'])
    const called = 'on: push\njobs:\n  a:\n    steps:\n      - run: ssh shop ./deploy.sh\n'
    expect(await sure({ '.github/workflows/ship.yml': called })).toEqual(['medium possible'])
    // What takes an image may start it by another command; a platform's own file says what it starts.
    expect(await sure({ 'fly.toml': 'app = "shop"\n' })).toEqual(['high likely'])
    expect(await sure(shipped)).toEqual(['high likely'])
    expect(await sure({ 'fly.toml': 'app = "shop"\n\n[processes]\n  app = "npm run dev"\n' })).toEqual([
      'blocker certain',
    ])
  })
  it('leaves out what laptops build where pipelines ship another image, and scripts that no platform runs', async () => {
    const flask = { 'requirements.txt': 'flask==3.1.0\n' }
    const image = (start: string) => `FROM python:3.13\nCMD ${start}\n`
    const laptop = { 'docker/Dockerfile': image('flask run'), 'docker/Dockerfile-prod': image('gunicorn a:app') }
    const push = (file: string) =>
      `on: push\njobs:\n  a:\n    steps:\n      # as in docker/Dockerfile\n      - uses: docker/build-push-action@v6\n        with: { push: true, file: ${file} }\n`
    const found = async (files: Record<string, string>) => (await outcomes(files)).includes('dev-server-in-production')
    const ship = (file: string) => ({ ...flask, ...laptop, '.github/workflows/ship.yml': push(file) })
    expect(await found(ship('docker/Dockerfile-prod'))).toBe(false)
    expect(await found(ship('docker/Dockerfile'))).toBe(true)
    expect(await found({ ...flask, ...laptop })).toBe(true)
    const member = { 'package.json': json({ private: true, scripts: { start: 'node server.js' } }) }
    const render = { 'render.yaml': 'services:\n  - type: web\n    runtime: node\n' }
    const vite = json({ scripts: { start: 'vite' }, devDependencies: { vite: '7.0.0' } })
    expect(await found({ ...member, ...render, 'packages/web/package.json': vite })).toBe(false)
    expect(await found({ ...render, 'package.json': vite })).toBe(true)
    expect(await found({ ...render, 'package.json': vite, Dockerfile: 'FROM nginx:1.29\n' })).toBe(false)
  })
  it('reads an entry script with the words of CMD', async () => {
    const entry =
      '#!/bin/sh\ncase "$1" in\n  web) exec gunicorn a.wsgi ;;\n  watch) exec python manage.py runserver ;;\nesac\n'
    const of = (start: string) => ({
      'pyproject.toml': '[project]\nname="a"\ndependencies=["django"]\n',
      'bin/entry': entry,
      Dockerfile: `FROM python:3.14\nCOPY . /app\nENTRYPOINT ["/app/bin/entry"]\n${start}`,
      ...shipped,
    })
    expect(await outcomes(of('CMD ["web"]\n'))).toEqual(['repeatable'])
    const found = await judgeFiles(build, of('CMD ["watch"]\n'))
    expect(found.findings.map(one => `${one.outcome} ${one.confidence}`)).toEqual(['dev-server-in-production likely'])
    const open = await judgeFiles(build, of('CMD ["$ROLE"]\n'))
    expect(open.findings.map(one => `${one.outcome} ${one.confidence}`)).toEqual(['dev-server-in-production possible'])
  })
  it('skips what is no program', async () => {
    expect((await outcomes({ 'README.md': 'x' }))[0]).toMatch(/^skip/)
  })
})

describe('runtime-version', () => {
  const outcomes = async (files: Record<string, string>, now?: string) =>
    outcomesIn(await judgeFiles(runtime, files, now ? { now } : {}))
  it("is 'agree' across patches, matrices and minimums", async () => {
    expect(
      await outcomes({
        ...app('express', {}, { engines: { node: '>=22 <25' } }),
        '.nvmrc': '24.3.0',
        Dockerfile: 'FROM node:24-alpine\n',
        '.github/workflows/ci.yml':
          'on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        node-version: [22, 24]\n    steps: []\n',
      }),
    ).toEqual(['agree'])
    expect(
      await outcomes({
        'go.mod': 'module a\n\ngo 1.26\n',
        Dockerfile: 'FROM golang:1.26\n',
        'main.go': 'package main',
      }),
    ).toEqual(['agree'])
    expect(
      await outcomes({ Gemfile: "source 'x'\ngem 'rails'\nruby '3.4.2'\n", '.ruby-version': 'ruby-3.4.2\n' }),
    ).toEqual(['agree'])
  })
  it('one cause is one finding: a version past its support that disagrees with the others', async () => {
    const now = { now: '2026-11-25T00:00:00.000Z' }
    const image = { Dockerfile: 'FROM node:24-slim\nCMD ["node", "."]\n' }
    const old = await judgeFiles(runtime, { ...app('express'), ...image, '.nvmrc': '18' }, now)
    expect(old.findings.map(one => one.outcome)).toEqual(['disagree'])
    expect(old.findings[0]!.evidence.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['.nvmrc:1', 'Dockerfile:1']),
    )
    const workflow =
      'on: push\njobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v4\n        with: { node-version: 20 }\n      - run: npm test\n'
    const tested = await judgeFiles(
      runtime,
      { ...app('express', { test: 'vitest' }), ...image, '.github/workflows/ci.yml': workflow },
      now,
    )
    expect(tested.findings.map(one => one.outcome)).toEqual(['disagree'])
  })
  it('names two versions that differ, and of several past their support the one that runs', async () => {
    const pinned = { ...app('express'), '.node-version': '22', '.nvmrc': '22', Dockerfile: 'FROM node:24\n' }
    expect((await judgeFiles(runtime, pinned, { now: '2026-06-01T00:00:00Z' })).findings[0]!.title).toMatch(/22 .*24/)
    const old =
      'on: push\njobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v4\n        with: { node-version: 18 }\n      - run: npm test\n'
    const past = {
      ...app('express', { test: 'vitest' }),
      Dockerfile: 'FROM node:20\n',
      '.github/workflows/ci.yml': old,
    }
    expect((await judgeFiles(runtime, past, { now: '2026-11-30T00:00:00Z' })).findings[0]!.title).toContain(
      'Node.js 20',
    )
  })
  it("finds 'disagree', 'unpinned' and 'end-of-life' by the day of the run", async () => {
    expect(await outcomes({ ...app('express'), '.nvmrc': '22', Dockerfile: 'FROM node:24\n' })).toEqual(['disagree'])
    expect(await outcomes(app('express'))).toEqual(['unpinned'])
    expect(await outcomes({ ...app('express'), '.nvmrc': 'lts/*' })).toEqual(['unpinned'])
    expect(await outcomes({ ...app('express'), '.nvmrc': '22' }, '2027-06-01T00:00:00Z')).toEqual(['end-of-life'])
    expect(await outcomes({ ...app('express'), '.nvmrc': '22' }, '2026-06-01T00:00:00Z')).toEqual(['agree'])
    expect(
      await outcomes({
        'composer.json': json({ require: { php: '^8.0', 'laravel/framework': '^9' } }),
        Dockerfile: 'FROM php:8.0-fpm\n',
      }),
    ).toEqual(['end-of-life'])
    expect(await outcomes({ 'requirements.txt': 'flask==3\n', '.python-version': '3.8' })).toEqual(['end-of-life'])
  })
})

describe('health-endpoint', () => {
  it.each<[string, Record<string, string>]>([
    ['Next.js by its file', { ...app('next'), 'app/api/healthz/route.ts': 'export const GET = () => new Response()' }],
    ['Express', { ...app('express'), 'src/server.ts': "app.get('/api/health', handler)" }],
    ['Nest', { ...app('@nestjs/core'), 'src/h.ts': "@Controller('health')\nclass H {}" }],
    ['Django', { 'requirements.txt': 'django==5\n', 'a/urls.py': 'urlpatterns = [path("healthz/", view)]' }],
    ['FastAPI', { 'requirements.txt': 'fastapi==1\n', 'main.py': '@app.get("/healthcheck")\nasync def h(): ...' }],
    [
      'a blueprint of Flask with a token behind it',
      {
        'requirements.txt': 'flask==3\n',
        'api/views.py': 'app.register_blueprint(look, url_prefix="/health/3f9")\n',
      },
    ],
    [
      'Laravel',
      {
        'composer.json': json({ require: { 'laravel/framework': '12' } }),
        'bootstrap/app.php': "->withRouting(health: '/up')",
      },
    ],
    ['Rails', { Gemfile: "gem 'rails'\n", 'config/routes.rb': 'get "up" => "rails/health#show"' }],
    ['Go', { 'go.mod': 'module a\nrequire github.com/gin-gonic/gin v1.0.0\n', 'main.go': 'r.GET("/readyz", h)' }],
    [
      'Phoenix',
      { 'mix.exs': 'defp deps do\n[{:phoenix, "~> 1.8"}]\nend', 'lib/router.ex': 'scope "/health", AWeb do' },
    ],
    ['SvelteKit', { ...app('@sveltejs/kit'), 'src/routes/health/+server.ts': 'export const GET = 1' }],
  ])('is present: %s', async (_name, files) => {
    expect(outcomesIn(await judgeFiles(health, files))).toEqual(['present'])
  })
  it('is looked for where Go serves with its standard library', async () => {
    const main = (routes: string) => ({
      'go.mod': 'module a\n\ngo 1.26\n',
      'main.go': `package main\n\nfunc main() {\n\tmux := http.NewServeMux()\n${routes}\tlog.Fatal(http.ListenAndServe(":8080", mux))\n}\n`,
    })
    expect(outcomesIn(await judgeFiles(health, main('')))).toEqual(['none'])
    expect(outcomesIn(await judgeFiles(health, main('\tmux.HandleFunc("GET /healthz", ok)\n')))).toEqual(['present'])
  })
  it("is 'none' where a word alone, a test or a comment says health", async () => {
    expect(
      outcomesIn(
        await judgeFiles(health, {
          ...app('express'),
          'server.js': "// app.get('/health')\nconst health = 1\napp.get('/healthy-food', x)",
          'test/a.test.js': "get('/health')",
        }),
      ),
    ).toEqual(['none'])
  })
})

describe('container', () => {
  it('takes an .env on the disk that git ignores for one that goes into the image', async () => {
    const files = {
      'package.json': '{}',
      '.gitignore': '.env\n',
      '.env': 'A=1',
      Dockerfile: 'FROM node:24\nCOPY . .\nUSER node\nHEALTHCHECK CMD true\nCMD node .\n',
    }
    const found = await judgeFiles(container, files)
    expect(found.findings).toMatchObject([{ outcome: 'no-dockerignore', severity: 'high' }])
    expect(outcomesIn(await judgeFiles(container, { ...files, '.dockerignore': '.env*\n.git\n' }))).toEqual(['sound'])
    expect(
      (await judgeFiles(container, { ...files, '.dockerignore': 'node_modules\n' })).findings[0]!.evidence[0]!.value,
    ).toMatch(/\.dockerignore does not keep it out: \.env goes in/)
  })
})

describe('what is copied into an image', () => {
  const copying = (path: string) => ({
    Dockerfile: `FROM nginx:1.29\nCOPY ${path} /etc/app/\nUSER app\nHEALTHCHECK CMD true\nCMD nginx\n`,
    '.dockerignore': '*',
  })
  const outcomes = async (files: Record<string, string>) => outcomesIn(await judgeFiles(container, files))
  it('is what lies there, also above the folder, and what a pipeline makes of an example', async () => {
    expect(await outcomes(copying('.env.production'))).toEqual(['secrets-in-image'])
    const made = (from: string) => ({ ...copying('.env.production'), ...ci(`cp apps/shop/${from} .env.production`) })
    expect(await outcomes(made('.env.production.example'))).toEqual(['sound'])
    expect(await outcomes(made('.env.live'))).toEqual(['secrets-in-image'])
    expect(await outcomes({ ...copying('../tls/server.pem'), 'tls/server.pem': 'a certificate\n' })).toEqual(['sound'])
  })
})

describe('runtimes of what runs', () => {
  const outcomes = async (files: Record<string, string>) => outcomesIn(await judgeFiles(runtime, files))
  it('are no lowest version of a range, and none of an image that nothing builds', async () => {
    const composer = {
      'composer.json': json({
        require: { php: '^8.1', 'laravel/framework': '^12' },
        config: { platform: { php: '8.1.0' } },
      }),
    }
    expect(await outcomes(composer)).not.toContain('end-of-life')
    const images = {
      ...app('express'),
      Dockerfile: 'FROM node:24\nCMD ["node", "a.js"]\n',
      'Dockerfile.old': 'FROM node:22\nCMD ["node", "a.js"]\n',
    }
    expect(await outcomes(images)).not.toContain('disagree')
    expect(await outcomes({ ...images, Makefile: 'old:\n\tdocker build -f Dockerfile.old .\n' })).toContain('disagree')
  })
  const at = async (files: Record<string, string>) =>
    (await judgeFiles(runtime, files, { now: '2026-11-25T00:00:00.000Z' })).findings.map(
      ({ outcome, severity }) => `${outcome} ${severity}`,
    )
  const django = {
    'pyproject.toml': '[project]\nname="a"\nrequires-python = ">=3.13,<3.14"\ndependencies=["django"]\n',
    Dockerfile: 'FROM python:3.13-slim\nCMD ["gunicorn", "a.wsgi"]\n',
    'theme/package.json': json({ private: true, dependencies: { vite: '^7' }, scripts: { build: 'vite build' } }),
  }
  it('a manual that is built by another language is not the product', async () => {
    const manual = { 'docs/Gemfile': "source 'x'\ngem 'jekyll'\n" }
    expect(await at({ ...django, ...manual })).toEqual(await at(django))
  })
  it('a version file that every pipeline has left behind runs nothing that is shown', async () => {
    const old = { ...app('express'), '.nvmrc': '18' }
    const runs = (version: string) => ({
      '.github/workflows/a.yml': `on: push\njobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v4\n        with: { node-version: ${version} }\n`,
    })
    expect(await at({ ...old, ...runs('18') })).toContain('end-of-life high')
    expect(await at({ ...old, ...runs('24') })).not.toContain('end-of-life high')
    expect(await at({ ...old, ...runs('24') })).toContain('end-of-life medium')
  })
  it('a stage that only builds what browsers get, and a version in a comment, run nothing', async () => {
    const theme = (last: string) => ({
      ...django,
      Dockerfile: `FROM node:20 AS theme\nRUN npm ci\nFROM python:3.13-slim\n${last}\nCMD ["gunicorn", "a.wsgi"]\n`,
    })
    expect(await at(theme('COPY --from=theme /dist /dist'))).not.toContain('end-of-life high')
    expect(await at(theme('RUN apt-get install -y nodejs'))).toContain('end-of-life high')
    const netlify = (line: string) => ({ ...app('astro'), 'netlify.toml': `[build.environment]\n  ${line}\n` })
    expect(await at(netlify('# NODE_VERSION = "16.16.0"'))).not.toContain('end-of-life high')
    expect(await at(netlify('NODE_VERSION = "16.16.0"'))).toContain('end-of-life high')
  })
  it('a tool that builds beside a product in another language runs nothing', async () => {
    expect(await at({ ...django, '.node-version': '20.19\n' })).toEqual(['end-of-life medium'])
    const withNode = { Dockerfile: `FROM node:20 AS theme\nRUN npm ci\n${django.Dockerfile}` }
    expect(await at({ ...django, ...withNode, '.node-version': '20.19\n' })).toEqual(['end-of-life medium'])
    const last = 'FROM python:3.13\nRUN apt-get install -y nodejs\nCMD ["gunicorn", "a.wsgi"]\n'
    expect(await at({ ...django, Dockerfile: last, '.node-version': '20.19\n' })).toEqual(['end-of-life high'])
  })
  it('an old version in a pipeline is low where something else says what runs, and one of tests is none', async () => {
    const pipeline = {
      '.github/workflows/look.yml':
        'on: push\njobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v6\n        with: { node-version: 20 }\n      - run: npm run lint\n  b:\n    steps:\n      - uses: actions/setup-node@v6\n        with: { node-version: 24 }\n',
    }
    expect(await at({ ...app('express'), ...pipeline })).toContain('end-of-life medium')
    expect(await at({ ...app('express'), ...pipeline, '.nvmrc': '24\n' })).toEqual(['end-of-life low'])
    const tests = { 'e2e/functions/package.json': json({ private: true, engines: { node: '16' } }) }
    expect(await at({ ...app('express'), '.nvmrc': '24\n', ...tests })).toEqual([])
  })
  it('a package that is published says nothing of what production runs', async () => {
    const published = json({ name: '@acme/widget', version: '1.0.0', main: 'dist/a.js' })
    const files = { ...app('express'), '.nvmrc': '24\n', 'packages/widget/.nvmrc': '16\n' }
    expect(await at({ ...files, 'packages/widget/package.json': published })).toEqual([])
    expect(await at({ ...files, 'packages/widget/package.json': json({ private: true }) })).toEqual([
      'end-of-life high',
    ])
  })
  it('a pipeline that one folder starts, and the image of a stand-in, are of other programs', async () => {
    const ci = (paths: string) =>
      `on:\n  push:\n    branches: [main]\n${paths}jobs:\n  a:\n    steps:\n      - uses: ruby/setup-ruby@v1\n        with: { ruby-version: '3.3' }\n      - run: bundle exec rspec\n`
    const rails = { Gemfile: "source 'x'\ngem 'rails'\nruby '3.4.2'\n" }
    const file = '.github/workflows/agent.yml'
    const own = `    paths: ['agent/**', '${file}']\n`
    expect(await at({ ...rails, [file]: ci(own) })).toEqual([])
    expect(await at({ ...rails, [file]: ci('') })).toEqual(['disagree high'])
    const images = (folder: string) => ({
      ...app('express'),
      '.nvmrc': '24\n',
      [`${folder}/Dockerfile`]: 'FROM node:20\nCMD ["node", "a.js"]\n',
    })
    expect(await at(images('docker/mock-oauth-server'))).toEqual([])
    expect(await at(images('docker/oauth-server'))).toEqual(['end-of-life medium'])
    const built = {
      '.github/workflows/image.yml':
        'on: push\njobs:\n  a:\n    steps:\n      - run: docker build docker/oauth-server\n',
    }
    expect(await at({ ...images('docker/oauth-server'), ...built })).toEqual(['end-of-life high'])
  })
})

describe('backup', () => {
  const files = {
    'package.json': json({ name: 'a', dependencies: { pg: '8.0.0' } }),
    'migrations/001_init.sql': 'CREATE TABLE users (id integer PRIMARY KEY);\n',
  }
  const outcomes = async (deploy: object) => outcomesIn(await judgeFiles(backup, files, { config: { deploy } }))
  it("is 'none-found' where people say that there are none, and asks where nobody said", async () => {
    expect(await outcomes({ backup: 'none' })).toEqual(['none-found'])
    expect((await outcomes({}))[0]).toMatch(/^unknown/)
  })
})
