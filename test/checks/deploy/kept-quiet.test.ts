// Kinds that were told of real products and are not so, each beside its twin that is.
import { describe, expect, it } from 'vitest'
import aiGuard from '../../../src/checks/deploy/ai-guard.ts'
import ciSafety from '../../../src/checks/deploy/ci-safety.ts'
import deployPath from '../../../src/checks/deploy/deploy-path.ts'
import envFile from '../../../src/checks/deploy/env-file-committed.ts'
import publicPrefix from '../../../src/checks/deploy/env-public-prefix.ts'
import lockfile from '../../../src/checks/deploy/lockfile.ts'
import hazard from '../../../src/checks/deploy/migration-hazard.ts'
import history from '../../../src/checks/deploy/migration-history.ts'
import runtime from '../../../src/checks/deploy/runtime-version.ts'
import secretInTree from '../../../src/checks/deploy/secret-in-tree.ts'
import smoke from '../../../src/checks/deploy/smoke-test.ts'
import { judgeFiles } from '../../support/deploy.ts'
import { makeUp } from '../../support/made-up-secrets.ts'

const told = async (check: Parameters<typeof judgeFiles>[0], files: Record<string, string>) =>
  (await judgeFiles(check, files)).findings.map(
    ({ outcome, severity, confidence }) => `${outcome} ${severity} ${confidence}`,
  )
const workflow = (name: string, text: string) => ({ [`.github/workflows/${name}.yml`]: text })
const steps = (...runs: string[]) => runs.map(run => `      - run: ${run}\n`).join('')
const job = (on: string, ...runs: string[]) =>
  `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps(...runs)}`

describe('secrets', () => {
  it('that come with a local chain open nothing', async () => {
    const wallet = (key: string) => ({ 'src/sign.ts': `export const privateKey = '0x${key}'\n` })
    const hardhat = ['59c6995e998f97a5a0044966f0945389dc9e86da', 'e88c7a8412f4603b6b78690d'].join('')
    const ganache = ['4f3edf983ac636a65a842ce7c78d9aa706d3b113', 'bce9c46f30d7d21715b23b1d'].join('')
    const own = ['7d1c95e0b99f37a5a1144966f0946389dc9e86da', 'f77c7a8412f4603b6b78691f'].join('')
    expect(await told(secretInTree, wallet(hardhat))).toEqual([])
    expect(await told(secretInTree, wallet(ganache))).toEqual([])
    expect(await told(secretInTree, wallet(own))).toHaveLength(1)
  })
  it('of a project that has a later key were replaced', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const key = (ref: string, iat: number, sign: string) =>
      [
        part({ alg: 'HS256', typ: 'JWT' }),
        part({ iss: 'supabase', ref, role: 'service_role', iat, exp: iat + 315_576_000 }),
        sign,
      ].join('.')
    const [old, anew] = ['kq7Zt2VxW9bNc4Rf8LmPs1Yd6HgJu3TeXoAi5QwEzB0', 'Xn5Gd8KsQ2vTj7LwBf4RmYp9HcZe1UaNi6OoJt3WqV0']
    const ref = 'abqrtwkzmnopliyuehgf'
    const at = (first: string, second: string) => ({
      'scripts/a.py': `key = "${first}"\n`,
      'scripts/b.py': `key = "${second}"\n`,
    })
    const all = await told(secretInTree, at(key(ref, 1_735_099_254, old), key(ref, 1_750_866_428, anew)))
    expect(all.filter(one => one.endsWith('certain'))).toHaveLength(1)
    expect(all.filter(one => one.endsWith('possible'))).toHaveLength(1)
    const two = await told(
      secretInTree,
      at(key(ref, 1_735_099_254, old), key('zbqrtwkzmnopliyuehga', 1_750_866_428, anew)),
    )
    expect(two.filter(one => one.endsWith('certain'))).toHaveLength(2)
  })
  const stripe = makeUp('sk_~live_{A24}', 71)
  it('that an environment file in git holds are told once', async () => {
    const at = (file: string) =>
      told(secretInTree, { [file]: `STRIPE_SECRET_KEY=${stripe}\n`, 'scripts/a.js': `const key = '${stripe}'\n` })
    expect(await at('.env.production')).toEqual(['live low certain'])
    expect(await at('.env.example')).toHaveLength(1)
    expect((await at('.env.example'))[0]).toMatch(/^live blocker/)
  })
  it('of a webhook behind an exit of production are for the rest', async () => {
    const hook = makeUp('wh~sec_{A32}', 72)
    const route = (exit: string) => ({
      'app/api/hook/route.ts': `export const POST = () => {\n  let secret = process.env.STRIPE_WEBHOOK_SECRET\n  if (!secret) {\n    if (process.env.NODE_ENV === 'production') {\n      ${exit}\n    }\n    secret = '${hook}'\n  }\n}\n`,
    })
    expect(await told(secretInTree, route("return new Response('', { status: 500 })"))).toEqual([
      'live medium possible',
    ])
    expect(await told(secretInTree, route("console.warn('no secret')"))).toEqual(['live blocker certain'])
  })
  it('of a page’s reports of errors are made to be seen', async () => {
    const key = makeUp('h~bp_{A36}', 73)
    expect(await told(secretInTree, { 'config/honeybadger.yml': `api_key: '${key}'\n` })).toEqual([])
  })
  it('of one project given at once are not all real', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const key = (sign: string) =>
      [
        part({ alg: 'HS256', typ: 'JWT' }),
        part({ iss: 'supabase', ref: 'abqrtwkzmnopliyuehgf', role: 'service_role', iat: 1_750_866_428 }),
        sign,
      ].join('.')
    const [real, other] = [
      key('Xn5Gd8KsQ2vTj7LwBf4RmYp9HcZe1UaNi6OoJt3WqV0'),
      key('kq7Zt2VxW9bNc4Rf8LmPs1Yd6HgJu3TeXoAi5QwEzB0'),
    ]
    const line = (value: string) => `key = "${value}"\n`
    const all = await told(secretInTree, { 'a.py': line(real), 'b.py': line(real), 'c.py': line(other) })
    expect(all.sort()).toEqual(['live blocker certain', 'live medium possible'])
  })
  it('that the tests of a pipeline are given open nothing else', async () => {
    const fernet = `${makeUp('{A43}', 74)}=`
    const pipeline = (environment: string) => ({
      '.github/workflows/deploy-production.yml': `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      APP_ENV: ${environment}\n      PLATFORM_SECRETS_KEY: ${fernet}\n    steps:\n      - run: pytest\n`,
    })
    expect(await told(secretInTree, pipeline('test'))).toEqual(['password medium possible'])
    expect(await told(secretInTree, pipeline('production'))).toEqual(['password high likely'])
  })
  it('that only take messages are not live in files of tests', async () => {
    const hook = ['https://hooks.zapier.com/hooks', 'catch/22707964/uf2fcxy/'].join('/')
    const at = (path: string) => told(envFile, { [path]: `ZAPIER_WEBHOOK_URL=${hook}\n` })
    expect(await at('.env.test')).toEqual(['secrets medium possible'])
    expect(await at('.env.production')).toEqual(['secrets blocker certain'])
  })
})

describe('variables', () => {
  const next = (code: Record<string, string>) => ({
    'package.json': '{ "name": "shop", "dependencies": { "next": "16.0.0" } }\n',
    'next.config.ts': 'export default { env: { RESEND_API_KEY: process.env.RESEND_API_KEY } }\n',
    ...code,
  })
  it('of next.config that only a server reads stay there', async () => {
    const server = { 'app/api/mail/route.ts': 'export const POST = () => send(process.env.RESEND_API_KEY)\n' }
    const page = { 'app/page.tsx': "'use client'\nexport default () => <p>{process.env.RESEND_API_KEY}</p>\n" }
    expect(await told(publicPrefix, next(server))).toEqual(['secret-exposed medium possible'])
    expect(await told(publicPrefix, next(page))).toEqual(['secret-exposed blocker certain'])
  })
})

describe('language models', () => {
  const page = (name: string, code: string) => ({ [`src/${name}.ts`]: code })
  const vite = { 'package.json': '{ "name": "shop", "dependencies": { "vite": "7.0.0", "openai": "6.0.0" } }\n' }
  const call = (key: string) => `const client = new OpenAI({ apiKey: ${key} })\nclient.chat.completions.create({})\n`
  it('whose key goes to the browser are one finding', async () => {
    const key = call('import.meta.env.VITE_OPENAI_API_KEY')
    expect(await told(aiGuard, { ...vite, ...page('a', key), ...page('b', key) })).toEqual([
      'key-in-browser blocker certain',
    ])
  })
  it('whose key a route of the server reads give none away', async () => {
    const key = call('process.env.NEXT_PUBLIC_OPENAI_API_KEY')
    const found = async (path: string) =>
      (await told(aiGuard, { ...vite, [path]: `${key}export const POST = () => client\n` })).filter(one =>
        one.startsWith('key'),
      )
    expect(await found('app/api/ask/route.ts')).toEqual([])
    expect(await found('src/ask.ts')).toEqual(['key-in-browser blocker certain'])
  })
  it('whose settings bear a word of the browser give no key away', async () => {
    const found = async (name: string) =>
      (await told(aiGuard, { ...vite, ...page('a', call(name)) })).filter(one => one.startsWith('key-in-browser'))
    expect(await found('process.env.PUBLIC_FEEDBACK_OPENAI_KEY')).toEqual([])
    expect(await found('import.meta.env.VITE_OPENAI_MODEL')).toEqual([])
    expect(await found('import.meta.env.VITE_OPENAI_KEY')).toEqual(['key-in-browser blocker certain'])
  })
})

describe('locks', () => {
  const behind = {
    'pyproject.toml': '[project]\nname = "shop"\nversion = "1.0.0"\ndependencies = ["django>=5", "gunicorn>=22"]\n',
    'uv.lock':
      'version = 1\n\n[[package]]\nname = "shop"\nversion = "1.0.0"\nsource = { editable = "." }\ndependencies = [{ name = "django" }]\n\n[package.metadata]\nrequires-dist = [{ name = "django", specifier = ">=5" }]\n\n[[package]]\nname = "django"\nversion = "5.2.8"\n',
  }
  it('that no install reads say nothing of what is shipped', async () => {
    const by = (run: string) => told(lockfile, { ...behind, ...workflow('test', job('push', run)) })
    expect(await by('pip install -e .')).toEqual(['out-of-date medium possible'])
    expect(await by('uv sync --frozen')).toEqual(['out-of-date high certain'])
  })
  it('of a folder that is only built there are nobody’s', async () => {
    const files = (run: string) => ({
      'package.json': '{ "name": "shop", "dependencies": { "next": "16.0.0" } }\n',
      'package-lock.json':
        '{ "name": "shop", "lockfileVersion": 3, "packages": { "": { "dependencies": { "next": "16.0.0" } }, "node_modules/next": { "version": "16.0.0" } } }\n',
      'mcp/package.json': '{ "name": "mcp", "private": true, "dependencies": { "hono": "4.0.0" } }\n',
      'mcp.dockerfile': `FROM node:24-slim\nCOPY . .\nRUN npm ci\nRUN ${run}\nFROM node:24-slim\nRUN apk add curl\nCOPY --from=0 /mcp/dist dist\n`,
      ...workflow('image', job('push', 'npm ci', 'docker build -f mcp.dockerfile .')),
    })
    expect(await told(lockfile, files('cd mcp && npx --no-install tsup'))).not.toContain('missing high certain')
    expect(await told(lockfile, files('cd mcp && npm install'))).toContain('missing high certain')
  })
  it('that several manifests lack are one habit', async () => {
    const loose = { 'requirements.txt': 'django>=5\n', 'worker/requirements.txt': 'celery>=5\n' }
    const image = { 'worker/Dockerfile': 'FROM python:3.13-slim\nRUN pip install -r requirements.txt\n' }
    const install = job('push', 'pip install -r requirements.txt', 'docker build worker')
    expect(await told(lockfile, { ...loose, ...image, ...workflow('test', install) })).toEqual(['missing high certain'])
  })
})

describe('runtimes', () => {
  it('past their end that only laptops have are another version than the one that ships', async () => {
    const files = {
      'package.json': '{ "name": "shop", "dependencies": { "express": "5.0.0" } }\n',
      '.nvmrc': '20\n',
      ...workflow('image', job('push', 'docker build .')),
    }
    const image = (version: string) => ({ Dockerfile: `FROM node:${version}-slim\nCMD ["node", "a.js"]\n` })
    expect(await told(runtime, { ...files, ...image('24') })).toEqual(['disagree high certain'])
    expect(await told(runtime, { ...files, ...image('20') })).toEqual(['end-of-life high certain'])
  })
  it('that mise names are for laptops, as those of .tool-versions', async () => {
    const files = (mise: string) => ({
      'package.json': '{ "name": "shop", "dependencies": { "express": "5.0.0" } }\n',
      [mise]: '[tools]\nnode = "26"\n',
      ...workflow(
        'test',
        'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/setup-node@v6\n        with: { node-version: 24 }\n      - run: npm ci\n',
      ),
    })
    for (const mise of ['mise.toml', '.mise.toml'])
      expect(await told(runtime, files(mise))).toEqual(['disagree medium possible'])
    const image = {
      ...files('mise.toml'),
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "a.js"]\n',
      ...workflow('image', job('push', 'docker build .')),
    }
    expect(await told(runtime, image)).toEqual(['disagree high certain'])
  })
})

describe('expressions', () => {
  const notify = (condition: string, step = '') =>
    workflow(
      'notify',
      `on:\n  workflow_run:\n    workflows: [CI]\n    types: [completed]\n  pull_request:\njobs:\n  a:\n    if: ${condition}\n    runs-on: ubuntu-latest\n    steps:\n      - ${step ? `if: ${step}\n        ` : ''}run: echo "\${{ github.event.workflow_run.head_branch }}"\n`,
    )
  const at = async (condition: string, step?: string) =>
    (await told(ciSafety, notify(condition, step))).filter(one => one.startsWith('script-injection'))
  it('that a condition leaves one value bring no words of others', async () => {
    expect(await at("github.event.workflow_run.head_branch == 'main'")).toEqual([])
    expect(await at('always()', "github.event.workflow_run.head_branch == 'main'")).toEqual([])
    expect(
      await at(
        "(github.event_name == 'workflow_run' && github.event.workflow_run.head_branch == 'main') || (github.event_name == 'pull_request' && github.event.action == 'opened')",
      ),
    ).toEqual([])
  })
  it('are of strangers where one way is open', async () => {
    expect(await at("github.event.workflow_run.conclusion == 'failure'")).toHaveLength(1)
    expect(await at("github.event.workflow_run.head_branch != 'main'")).toHaveLength(1)
    expect(
      await at("github.event.workflow_run.head_branch == 'main' || github.event.workflow_run.conclusion == 'failure'"),
    ).toHaveLength(1)
  })
})

describe('values', () => {
  const azure = (run: string) => ({
    'azure-pipelines.yml': `trigger: [main]\nsteps:\n  - script: ${JSON.stringify(run)}\n    env:\n      API_TOKEN: $(apiToken)\n`,
  })
  const echoed = async (run: string) =>
    (await told(ciSafety, azure(run))).filter(one => one.startsWith('secret-echoed')).length
  it('that Azure is told to mask are not in its log', async () => {
    expect(await echoed('echo "##vso[task.setvariable variable=key;issecret=true]$API_TOKEN"')).toBe(0)
    expect(await echoed('echo "##vso[task.setvariable variable=key]$API_TOKEN"')).toBe(1)
    expect(await echoed('echo "$API_TOKEN"')).toBe(1)
  })
})

describe('looks after a deploy', () => {
  const vercel = {
    'vercel.json': '{ "crons": [] }\n',
    'package.json': '{ "name": "shop", "dependencies": { "next": "16.0.0" } }\n',
  }
  const at = (run: string) => told(smoke, { ...vercel, ...workflow('check', job('push', run)) })
  it('are not what fetches a file', async () => {
    expect(await at('curl -sL "$CONFIG_URL" -o "$zip" || true')).toEqual([])
    expect(await at('curl -sLO "$CONFIG_URL" || true')).toEqual([])
  })
  it('are what asks, though it keeps the answer', async () => {
    expect(await at('curl -s https://app.acme.io/health -o /dev/null')).toEqual(['cannot-fail high certain'])
    expect(await at('curl -s https://app.acme.io/health -o response.json')).toEqual(['cannot-fail high certain'])
  })
})

describe('migrations', () => {
  const prisma = (client: string) => ({
    'prisma/schema.prisma':
      'datasource db {\n  provider = "postgresql"\n}\nmodel a {\n  id Int @id\n}\nmodel b {\n  id Int @id\n}\n',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE "a" ("id" INTEGER NOT NULL);\n',
    'package.json':
      '{ "name": "shop", "scripts": { "start": "prisma migrate deploy && node ." }, "dependencies": { "@prisma/client": "7.0.0", "pg": "8.0.0" } }\n',
    ...Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`src/part${at}.ts`, `import pg from 'pg'\nexport const part = ${at}\n`]),
    ),
    'src/db.ts': `import { PrismaClient } from '${client}'\nexport const db = new PrismaClient()\n`,
  })
  it('of a schema that no code asks by are missed by nobody', async () => {
    const { 'src/db.ts': _, ...unused } = prisma('@prisma/client')
    expect(await told(history, prisma('@prisma/client'))).toEqual(['diverged-from-schema high certain'])
    expect(await told(history, prisma('./generated/client.ts'))).toEqual(['diverged-from-schema high certain'])
    expect(await told(history, unused)).toEqual([])
  })
  it('of another state of the repository are not the product’s', async () => {
    const { 'prisma/schema.prisma': schema, ...rest } = prisma('@prisma/client')
    const copy = Object.fromEntries(
      Object.entries({ 'prisma/schema.prisma': schema, ...rest }).map(([path, text]) => [
        `.claude/worktrees/calm/${path}`,
        text,
      ]),
    )
    const own = { ...rest, 'prisma/schema.prisma': schema.replace(/model b[^}]*}\n/, '') }
    expect(await told(history, { ...own, ...copy })).toEqual([])
  })
  it('that nothing runs may have been left for a push', async () => {
    const files = prisma('@prisma/client')
    const manifest = '{ "name": "shop", "dependencies": { "@prisma/client": "7.0.0" } }\n'
    expect(await told(history, { ...files, 'package.json': manifest })).toEqual([
      'diverged-from-schema medium possible',
    ])
  })
  it('may drop tables of the session', async () => {
    const sql = (drop: string) => ({
      'migrations/0001_a.sql': 'CREATE TABLE a (id INTEGER NOT NULL);\nCREATE TABLE b (id INTEGER NOT NULL);\n',
      'migrations/0002_b.sql': `CREATE TEMP TABLE m (id INTEGER);\nDROP TABLE ${drop};\n`,
      'package.json': '{ "name": "shop", "dependencies": { "better-sqlite3": "12.0.0" } }\n',
    })
    const drops = async (table: string) =>
      (await told(hazard, sql(table))).filter(one => one.startsWith('drops-data')).length
    expect(await drops('temp.`guard`')).toBe(0)
    expect(await drops('customers')).toBe(1)
  })
  it('that were written anew are missed by nobody', async () => {
    const drizzle = (orphan: string) => ({
      'package.json':
        '{ "name": "shop", "scripts": { "start": "drizzle-kit migrate && node ." }, "dependencies": { "drizzle-orm": "0.44.0" } }\n',
      'drizzle/meta/_journal.json': '{"dialect":"postgresql","entries":[{"tag":"0000_a"},{"tag":"0001_b"}]}',
      'drizzle/0000_a.sql': 'CREATE TABLE "giving" (\n\t"id" integer,\n\t"amount" numeric\n);\n',
      'drizzle/0001_b.sql':
        'ALTER TABLE "giving" ADD COLUMN "mission_amount" numeric;\nALTER TABLE "giving" ADD COLUMN "debt" numeric;\n',
      'drizzle/0001_old.sql': orphan,
    })
    const renames = 'DELETE FROM "giving";\nALTER TABLE "giving" RENAME COLUMN "district" TO "mission_amount";\n'
    expect(await told(history, drizzle(renames))).toEqual([])
    expect(await told(history, drizzle(`${renames}ALTER TABLE "giving" ADD COLUMN "lost" text;\n`))).toEqual([
      'diverged-from-schema high certain',
    ])
  })
  it('that one platform runs make the push of another one doubtful', async () => {
    const files = {
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\nmodel a {\n  id Int @id\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE "a" ("id" INTEGER NOT NULL);\n',
      'package.json': '{ "name": "shop", "dependencies": { "next": "16.0.0", "@prisma/client": "7.0.0" } }\n',
      'railway.toml': '[deploy]\nstartCommand = "npx prisma db push && npm start"\n',
    }
    const vercel = { 'vercel.json': '{ "buildCommand": "npx prisma migrate deploy && next build" }\n' }
    expect(await told(history, files)).toEqual(['push-in-production high certain'])
    expect(await told(history, { ...files, ...vercel })).toEqual(['push-in-production medium possible'])
  })
})

describe('deploys', () => {
  const dotnet =
    'on:\n  push: { branches: [main] }\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: dotnet publish Site/Site.csproj -o out\n      - uses: azure/webapps-deploy@v3\n        with: { app-name: shop }\n'
  const site = {
    'package.json': '{ "name": "shop", "scripts": { "test": "vitest run" }, "dependencies": { "next": "16.0.0" } }\n',
    'Site/Site.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web" />\n',
    ...workflow('site', dotnet),
  }
  const notGated = async (test: string) =>
    (await told(deployPath, { ...site, ...workflow('test', job('push', test)) })).filter(one =>
      one.startsWith('not-gated'),
    )
  it('wait for a job that is named a test', async () => {
    const pipeline = (needs: string) =>
      workflow(
        'redis',
        `on:\n  push: { branches: [main] }\njobs:\n  test-redis:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker compose up -d && redis-cli ping\n  other:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker compose up -d && redis-cli ping\n  ship:\n    needs: ${needs}\n    runs-on: ubuntu-latest\n    steps:\n      - run: flyctl deploy\n`,
      )
    const at = async (needs: string) =>
      (
        await told(deployPath, {
          ...site,
          ...workflow('site', ''),
          ...pipeline(needs),
          ...workflow('test', job('push', 'npm test')),
        })
      ).filter(one => one.startsWith('not-gated'))
    expect(await at('test-redis')).toEqual([])
    expect(await at('other')).toEqual(['not-gated high certain'])
  })
  it('are no looks at a server', async () => {
    const at = async (command: string) =>
      (
        await told(deployPath, {
          ...site,
          ...workflow('site', job('push', `ssh deploy@app.acme.io "${command}"`)),
          ...workflow('test', job('push', 'npm test')),
        })
      ).filter(one => one.startsWith('not-gated'))
    expect(await at('echo connected')).toEqual([])
    expect(await at('cd app && git pull && pm2 restart all')).toHaveLength(1)
  })
  it('are not of a language that the tests are not of', async () => {
    expect(await notGated('npm test')).toEqual(['not-gated medium possible'])
    expect(await notGated('dotnet test')).toEqual(['not-gated high certain'])
    expect(await notGated('make test')).toEqual(['not-gated high certain'])
  })
})
