// What is taken for an image that is shipped, and what goes into one: kinds that were judged wrongly.
import { afterEach, describe, expect, it } from 'vitest'
import container from '../../../src/checks/deploy/container.ts'
import committed from '../../../src/checks/deploy/env-file-committed.ts'
import history from '../../../src/checks/deploy/secret-in-history.ts'
import containers from '../../../src/facts/repo/containers.ts'
import deployment from '../../../src/facts/repo/deployment.ts'
import envFiles from '../../../src/facts/repo/env-files.ts'
import pipelines from '../../../src/facts/repo/pipelines.ts'
import secretLedger from '../../../src/facts/repo/secret-ledger.ts'
import secretsHistory from '../../../src/facts/repo/secrets-history.ts'
import secretsTree from '../../../src/facts/repo/secrets-tree.ts'
import stack from '../../../src/facts/repo/stack.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const repoOf = (files: Record<string, string>, subject = 'first'): TestRepo => {
  const repo = makeRepo(files)
  made.push(repo)
  repo.commit(subject)
  return repo
}
const loud = ({ findings }: Awaited<ReturnType<typeof judgeRepo>>): string[] =>
  findings
    .filter(({ severity, confidence }) => /blocker|high/.test(severity ?? '') && confidence !== 'possible')
    .map(({ outcome, severity, confidence }) => `${outcome} ${severity} ${confidence}`)

const secret = makeUp('{A40}', 3)
const start = 'CMD ["node", "server.js"]\n'

describe('images', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['code named for Dockerfiles', { 'lib/hubs/dockerfile.ex': `ENV API_SECRET=${secret}\n` }, []],
    [
      'a default that guards nothing',
      { Dockerfile: `FROM mysql:8\nARG MYSQL_ROOT_PASSWORD=root\nENV MYSQL_ROOT_PASSWORD=$MYSQL_ROOT_PASSWORD\n` },
      [],
    ],
    [
      'words in quotes',
      { Dockerfile: `FROM python:3.13\nENV SECRET_KEY 'only there to build the image'\n${start}` },
      [],
    ],
    ['values of a laptop', { Dockerfile: `FROM ruby:3.4\nENV DATABASE_PASSWORD="shop_development"\n${start}` }, []],
    [
      'an address without a password',
      { Dockerfile: `FROM ruby:3.4\nENV MONGO_DATABASE_URL="mongo:27017"\n${start}` },
      [],
    ],
    [
      'a secret in it',
      { Dockerfile: `FROM node:24\nENV API_SECRET=${secret}\n${start}` },
      ['secrets-in-image blocker certain'],
    ],
    [
      'a secret that is handed in: it may be of the build alone',
      {
        Dockerfile: `FROM node:24\nARG API_SECRET\nENV API_SECRET=$API_SECRET\n${start}`,
        'compose.prod.yaml': 'services:\n  web:\n    build:\n      args:\n        API_SECRET: ${API_SECRET}\n',
      },
      [],
    ],
    [
      'a secret that nothing hands in, or only a value that stands for none',
      {
        Dockerfile: `FROM node:24\nARG API_SECRET\nENV API_SECRET=$API_SECRET\nARG DATABASE_URL\nENV DATABASE_URL=$DATABASE_URL\n${start}`,
        'build.sh': 'docker build --build-arg DATABASE_URL="postgres://dummy:dummy@localhost/dummy" .\n',
      },
      [],
    ],
    [
      'one of each',
      {
        Dockerfile: `FROM node:24\nARG API_SECRET\nENV API_SECRET=$API_SECRET JWT_SECRET=${secret}\n${start}`,
        'release.sh': 'docker build --build-arg API_SECRET .\n',
      },
      ['secrets-in-image blocker certain'],
    ],
    [
      'a development server',
      {
        Dockerfile: `FROM node:24\nENV API_SECRET=${secret}\nCMD ["/bin/sh", "/app/entry.sh"]\n`,
        'entry.sh': 'npx prisma migrate dev\nnpm run dev\n',
        'Dockerfile.prod': `FROM node:24\n${start}`,
      },
      [],
    ],
    [
      'an environment file and a key that git has',
      {
        Dockerfile: `FROM node:24\nCOPY .env server-key.pem ./\n${start}`,
        '.env': `API_SECRET=${secret}\n`,
        'server-key.pem': `-----BEGIN ${'PRIVATE'} KEY-----\n${makeUp('{B1600}', 72)}\n-----END ${'PRIVATE'} KEY-----\n`,
      },
      [],
    ],
    [
      'the same beside the Dockerfile, in a folder',
      {
        'api/Dockerfile': `FROM node:24\nCOPY .env ./\n${start}`,
        'api/.env': `API_SECRET=${secret}\n`,
      },
      [],
    ],
    [
      'a pattern that takes what git has',
      {
        'jobs/Dockerfile': `FROM alpine:3.22\nCOPY .env* ./\n${start}`,
        'jobs/.env.script': `API_SECRET=${secret}\n`,
      },
      [],
    ],
    [
      'the image of laptops at the root, beside those that pipelines push',
      {
        Dockerfile: `FROM ruby:3.4\nENV API_SECRET=${secret}\n${start}`,
        'deployApi.Dockerfile': `FROM ruby:3.4\n${start}`,
        '.github/workflows/deploy.yml':
          'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: deployApi.Dockerfile\n          push: true\n',
      },
      [],
    ],
    [
      'the image at the root, which pipelines push with another',
      {
        Dockerfile: `FROM ruby:3.4\nENV API_SECRET=${secret}\n${start}`,
        'worker.Dockerfile': `FROM ruby:3.4\n${start}`,
        '.github/workflows/deploy.yml':
          'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { context: ., push: true }\n      - uses: docker/build-push-action@v6\n        with: { file: worker.Dockerfile, push: true }\n',
      },
      ['secrets-in-image blocker certain'],
    ],
  ])('%s', async (_what, files, expected) => {
    const repo = repoOf(files)
    expect(loud(await judgeRepo(container, repo.root, { tree, stack, pipelines, containers, deployment }))).toEqual(
      expected,
    )
  })
})

describe('environment files in git', () => {
  const judged = async (files: Record<string, string>) =>
    loud(await judgeRepo(committed, repoOf(files).root, { tree, envFiles }))
  it('of a self-hosted product that others fill in are no leak that is certain; of production they are', async () => {
    const text = `SECRET_KEY=${secret}\nDATABASE_URL=\nAWS_SECRET_ACCESS_KEY=\nSMTP_PASSWORD=\nWEB_URL=http://localhost\n`
    expect(await judged({ 'deploy/community/variables.env': text })).toEqual([])
    expect(await judged({ '.env.production': text })).toEqual(['secrets blocker certain'])
    expect(await judged({ 'variables.env': `SECRET_KEY=${secret}\nWEB_URL=https://shop.test\n` })).toEqual([
      'secrets blocker certain',
    ])
    const live = text.replace('SMTP_PASSWORD=', `STRIPE_SECRET_KEY=${makeUp('sk_~live_{A24}')}`)
    expect(await judged({ 'deploy/community/variables.env': live })).toEqual(['secrets blocker certain'])
  })
})

describe('the history', () => {
  const facts = { tree, envFiles, secretsHistory, secretsTree, secretLedger }
  const pem = `-----BEGIN ${'PRIVATE'} KEY-----\n${makeUp('{B1600}', 72)}\n-----END ${'PRIVATE'} KEY-----\n`
  const removed = async (path: string, text: string, subject: string, more: Record<string, string> = {}) => {
    const repo = repoOf({ [path]: text, 'a.ts': '1', ...more })
    repo.git('rm', '-q', path)
    repo.commit(subject)
    return loud(await judgeRepo(history, repo.root, facts))
  }
  it('believes a commit that says what a key was', async () => {
    expect(await removed('prod/wildcard.pem', pem, 'remove self-signed certs')).toEqual([])
    expect(await removed('prod/wildcard.pem', pem, 'remove key')).toEqual(['unknown high certain'])
  })
  it('takes a value that tests still use for none that is in use', async () => {
    const key = `APP_KEY=base64:${makeUp('{A43}', 5)}=\n`
    expect(await removed('.env.travis', key, 'ci', { 'tests/.env.ci': key })).toEqual([])
    expect(await removed('config.env', key, 'clean', { '.gitignore': '.env\n', '.env': key })).toContain(
      'never-rotated blocker certain',
    )
  })
})
