// What everybody starts with is no leak: settings of tests, samples, and those of products that others run themselves.
import { afterEach, describe, expect, it } from 'vitest'
import container from '../../../src/checks/deploy/container.ts'
import committed from '../../../src/checks/deploy/env-file-committed.ts'
import inHistory from '../../../src/checks/deploy/secret-in-history.ts'
import inTree from '../../../src/checks/deploy/secret-in-tree.ts'
import containers from '../../../src/facts/repo/containers.ts'
import deployment from '../../../src/facts/repo/deployment.ts'
import envFiles from '../../../src/facts/repo/env-files.ts'
import pipelines from '../../../src/facts/repo/pipelines.ts'
import secretLedger from '../../../src/facts/repo/secret-ledger.ts'
import secretsHistory from '../../../src/facts/repo/secrets-history.ts'
import secretsTree from '../../../src/facts/repo/secrets-tree.ts'
import stack from '../../../src/facts/repo/stack.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { makeCertificate } from '../../../src/lab/certificates.ts'
import { leaf } from '../../support/certificates.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeUp, makeUpJwt } from '../../support/made-up-secrets.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const repoOf = (files: Record<string, string>): TestRepo => {
  const repo = makeRepo(files)
  made.push(repo)
  repo.commit('first')
  return repo
}
const collectors = {
  ...{ tree, stack, envFiles, secretsTree, secretsHistory, secretLedger, containers, deployment, pipelines },
}
const loud = ({ findings }: Awaited<ReturnType<typeof judgeRepo>>): string[] =>
  findings
    .filter(({ severity }) => /blocker|high/.test(severity ?? ''))
    .map(({ outcome, severity, confidence }) => `${outcome} ${severity} ${confidence}`)

const key = `APP_KEY=base64:${makeUp('{A43}', 5)}=\n`
const session = `SESSION_SECRET=${makeUp('{A48}', 6)}\n`
const stripe = `STRIPE_SECRET_KEY=${makeUp('sk_~live_{A24}')}\n`
const github = `GITHUB_CLIENT_SECRET=${makeUp('{h40}', 4)}\n`
const open = {
  LICENSE: 'MIT License\n\nPermission is hereby granted, free of charge, to any person\n',
  'README.md': '# Board\n\nRun it on your own server: docker run board/board\n',
}

describe('an environment file in git', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['of tests, by its name', { '.env.unit-tests': key, '.env.tests': session, '.env.dusk.ci': key }, []],
    [
      'of tests, by what it says',
      { 'config/runner.env': `APP_ENV=testing\n${key}${session}`, '.env': `NODE_ENV=test\n${session}` },
      [],
    ],
    ['of tests with a live key of a provider', { '.env.tests': stripe }, ['secrets blocker certain']],
    ['of a laptop, by what it says', { '.env': `APP_ENV=local\n${key}` }, []],
    ['whose use nobody knows', { 'docker/secrets.env': session }, ['secrets high likely']],
    ['of production, by what it says', { '.env': `APP_ENV=production\n${key}` }, ['secrets blocker certain']],
    ['that names its site', { '.env': `APP_URL=https://board.test\n${session}` }, ['secrets blocker certain']],
    ['of a product that others run', { ...open, 'docker/secrets.env': session }, []],
    ['of such a product, for production', { ...open, '.env.production': session }, ['secrets high likely']],
    ['of such a product, with a live key', { ...open, 'docker/secrets.env': stripe }, ['secrets blocker certain']],
    [
      'of a product without a licence',
      { 'README.md': open['README.md'], '.env.production': session },
      ['secrets blocker certain'],
    ],
  ])('%s', async (_what, files, expected) => {
    expect(loud(await judgeRepo(committed, repoOf(files).root, collectors))).toEqual(expected)
  })
})

describe('an image', () => {
  const image = {
    Dockerfile: 'FROM node:24\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n',
    '.dockerignore': 'node_modules\n',
  }
  it.each<[string, Record<string, string>, string[]]>([
    ['takes in settings of tests', { '.env.unit-tests': key, 'ci/app.env': `APP_ENV=testing\n${key}` }, []],
    ['takes in what everybody starts with', { ...open, 'docker/secrets.env': session }, []],
    [
      'sets a word that everybody is told to replace',
      { ...image, Dockerfile: `${image.Dockerfile}ENV PASSWORD=board_password\n` },
      [],
    ],
    [
      'sets words for a first login',
      { ...image, Dockerfile: `${image.Dockerfile}ENV ADMIN_PASSWORD=board_admin\n` },
      [],
    ],
    [
      'is said to be for development',
      {
        Dockerfile: `# This image is solely for local development\n${image.Dockerfile}ENV API_TOKEN=${makeUp('{A40}')}\n`,
      },
      [],
    ],
    ['takes in a secret', { 'docker/secrets.env': session }, ['no-dockerignore high certain']],
  ])('%s', async (_what, files, expected) => {
    expect(loud(await judgeRepo(container, repoOf({ ...image, ...files }).root, collectors))).toEqual(expected)
  })
})

describe('a sample', () => {
  it('whose value only its name calls a provider’s is a question; in code and in a file of production it is a leak', async () => {
    const found = async (path: string) => loud(await judgeRepo(inTree, repoOf({ [path]: github }).root, collectors))
    expect(await found('.env.dev.example')).toEqual([])
    expect(await found('docker-compose.build.yml')).toEqual([])
    expect(await found('deploy/production.properties')).toEqual(['live blocker certain'])
    expect(loud(await judgeRepo(inTree, repoOf({ '.env.example': stripe }).root, collectors))).toHaveLength(1)
  })
  it('of a scanner’s rule is what it has to find', async () => {
    const rule = (cases: string): Record<string, string> => ({
      'packages/look/rules/mail.ts': `export const rule = { look: [/[a-z]{2}_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}/],\n${cases}: ['${makeUp('re_~{A8}_{A24}')}', '${makeUp('{h14}')}'] }\n`,
    })
    expect(loud(await judgeRepo(inTree, repoOf(rule('truePositives')).root, collectors))).toEqual([])
    expect(loud(await judgeRepo(inTree, repoOf(rule('keys')).root, collectors))).toEqual(['live blocker certain'])
  })
  it('of a product that others run may lie in the history', async () => {
    const gone = async (files: Record<string, string>) => {
      const repo = repoOf({ a: '1', ...files })
      repo.git('rm', '-q', 'docker.env')
      repo.commit('tidied')
      return loud(await judgeRepo(inHistory, repo.root, collectors))
    }
    expect(await gone({ 'docker.env': `MAIL_PASSWORD=${makeUp('{A22}')}\n${session}` })).toEqual([])
    expect(await gone({ ...open, 'docker.env': stripe })).toEqual(['unknown high certain'])
    const shared = `services:\n  web:\n    environment:\n      SESSION_SECRET: ${session.slice(15)}`
    expect(await gone({ ...open, 'docker.env': session, 'docker-compose.prod.yml': shared })).toEqual([])
  })
  it('that the code falls back to is known to all who run a product', async () => {
    const value = makeUp('sk_~live_{A24}')
    const files = {
      'config/pay.php': `<?php\nreturn ['key' => env('STRIPE_SECRET', '${value}'), 'shipped' => '${value}'];\n`,
    }
    expect(loud(await judgeRepo(inTree, repoOf(files).root, collectors))).toEqual(['live blocker certain'])
    expect(loud(await judgeRepo(inTree, repoOf({ ...open, ...files }).root, collectors))).toEqual([])
    const code = { 'src/pay.ts': `export const key = process.env.STRIPE_SECRET ?? '${value}'\n` }
    expect(loud(await judgeRepo(inTree, repoOf({ ...open, ...code }).root, collectors))).toEqual([])
  })
  it('of a quick start opens nothing that counts', async () => {
    const found = async (path: string) =>
      loud(
        await judgeRepo(
          inTree,
          repoOf({ [path]: `export const token = '${makeUpJwt({ iss: 'board-server', sub: 'org_1' })}'\n` }).root,
          collectors,
        ),
      )
    expect(await found('app/token.ts')).toHaveLength(1)
    expect(await found('quickstart/token.ts')).toEqual([])
  })
  it('key whose certificate signed itself opens nothing public; one that an authority signed does', async () => {
    const found = async (key: string, cert?: string) =>
      loud(
        await judgeRepo(
          inTree,
          repoOf({ 'certs/server.key': key, ...(cert ? { 'certs/server.crt': cert } : {}) }).root,
          collectors,
        ),
      )
    const own = makeCertificate('board.example', { names: ['board.example'], fault: 'self-signed' }, new Date(), 'Test')
    const signed = leaf(['shop.example'])
    expect(await found(own.key)).toHaveLength(1)
    expect(await found(own.key, own.cert)).toEqual([])
    expect(await found(signed.key, signed.cert)).toHaveLength(1)
    expect(await found(signed.key, own.cert)).toHaveLength(1)
    expect(await found(`${own.cert}${own.key}`)).toEqual([])
    expect(await found(`${signed.cert}${signed.key}`)).toHaveLength(1)
    const gone = async (files: Record<string, string>) => {
      const repo = repoOf({ a: '1', ...files })
      repo.git('rm', '-q', ...Object.keys(files))
      repo.commit('tidied')
      return loud(await judgeRepo(inHistory, repo.root, collectors))
    }
    expect(await gone({ 'certs/server.key': own.key, 'certs/server.crt': own.cert })).toEqual([])
    expect(await gone({ 'host.pem': `${own.cert}${own.key}` })).toEqual([])
    // A key that is gone is worth a look, unless a file of production held it.
    expect(await gone({ 'host.pem': `${signed.cert}${signed.key}` })).toEqual([])
    expect(await gone({ 'prod/host.pem': `${signed.cert}${signed.key}` })).toHaveLength(1)
  })
})
