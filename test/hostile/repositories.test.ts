// Repositories of strangers: nothing of them runs, no file outside is read, no secret leaves, and each ends in time.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HostileRepository, hostileRepositories } from '../../fixtures/hostile/repositories.ts'
import { main } from '../../src/main.ts'
import { systemClock } from '../../src/net/clock.ts'
import { costOf } from '../support/cost.ts'

const outsideText = 'OUTSIDE_PASSWORD=not-to-be-read-4711'
const env = {
  PATH: process.env['PATH'],
  LAUNCH_READY_OFFLINE: '1',
  AWS_SECRET_ACCESS_KEY: 'canary-aws-0815-aaaaaaaaaaaa',
  SMOKE_TOKEN: 'canary-smoke-0815-bbbbbbbbbb',
  CLOUDFLARE_API_TOKEN: 'canary-cloudflare-0815-cccc',
}

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hostile-'))
  mkdirSync(join(root, 'outside'))
  writeFileSync(join(root, 'outside/private.env'), outsideText)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const git = (cwd: string, ...words: string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
    cwd,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null' },
  })
}

/** Writes the repository; its name is that of its folder, so that the proof is its own. */
const make = (given: HostileRepository, at: number): { folder: string; proof: string } => {
  const folder = join(root, `repository-${at}`)
  const proof = join(root, `proof-${at}`)
  const filled = (text: string): string =>
    text
      .replaceAll('$PROOF', proof)
      .replaceAll('$OUTSIDEFOLDER', join(root, 'outside'))
      .replaceAll('$OUTSIDE', join(root, 'outside/private.env'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), filled(text), { mode: 0o755 })
  }
  mkdirSync(folder)
  git(folder, 'init', '-q', '-b', 'main')
  for (const [path, text] of Object.entries(given.files)) write(path, text)
  for (const [path, to] of Object.entries(given.links ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(filled(to), join(folder, path))
  }
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'a')
  for (const [path, text] of Object.entries(given.git ?? {})) write(join('.git', path), text)
  if (given.gitConfig) appendFileSync(join(folder, '.git/config'), filled(given.gitConfig))
  return { folder, proof }
}

const audit = async (folder: string, words: readonly string[]): Promise<{ exit: number; said: string }> => {
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const exit = await main(words, {
    out: say,
    err: say,
    stdin: async () => '',
    env,
    cwd: folder,
    columns: null,
    errIsTerminal: false,
    interactive: false,
    signal: new AbortController().signal,
    clock: systemClock,
  })
  return { exit, said }
}

it('are at least sixty, each by a name of its own', () => {
  expect(hostileRepositories.length).toBeGreaterThanOrEqual(60)
  expect(new Set(hostileRepositories.map(({ name }) => name)).size).toBe(hostileRepositories.length)
})

describe('repositories of strangers', () => {
  it.each(hostileRepositories.map((given, at) => [given.name, given, at] as const))('%s', async (_, given, at) => {
    const { folder, proof } = make(given, at)
    const facts = join(root, `facts-${at}.json`)
    const words = ['deploy', '.', '--fail-on', 'never', '--save-facts', facts, '--report', 'json']
    const {
      value: { exit, said },
      cost,
    } = await costOf(() => audit(folder, words))
    expect(existsSync(proof), 'something ran').toBe(false)
    const left = said + (existsSync(facts) ? readFileSync(facts, 'utf8') : '')
    for (const secret of [
      outsideText.split('=')[1]!,
      ...Object.values(env).filter(value => value?.startsWith('canary')),
    ])
      expect(left).not.toContain(secret)
    expect(said).not.toMatch(/[\u001b\u0007\u202e]/)
    if (given.refused) expect(exit, said).toBe(2)
    else expect([0, 3], said.slice(-2000)).toContain(exit)
    expect(cost.workMs).toBeLessThan(20_000)
    expect(cost.megabytes).toBeLessThan(300)
  })
})

describe('settings of git', () => {
  const knobs = hostileRepositories.filter(({ name }) => name.startsWith('git: '))
  it('are at least twenty-five', () => expect(knobs.length).toBeGreaterThanOrEqual(25))

  it.each(knobs.map((given, at) => [given.name, given, 1_000 + at] as const))(
    '%s runs nothing while changes since a commit are read',
    async (_, given, at) => {
      const { folder, proof } = make(given, at)
      const { exit, said } = await audit(folder, ['deploy', 'migrations', '.', '--since', 'HEAD', '--fail-on', 'never'])
      expect(existsSync(proof), 'something ran').toBe(false)
      expect([0, 2, 3], said.slice(-2000)).toContain(exit)
      expect(said).not.toContain(outsideText.split('=')[1]!)
    },
  )
})

it('a folder of 100,000 files is told, and costs no more than others', async () => {
  const { folder } = make({ name: 'wide', files: { 'package.json': '{"name":"a"}' } }, 2_000)
  mkdirSync(join(folder, 'wide'))
  for (let at = 0; at < 100_000; at++) writeFileSync(join(folder, 'wide', `${at}.ts`), '')
  const { value, cost } = await costOf(() => audit(folder, ['deploy', '.', '--fail-on', 'never', '--report', 'json']))
  expect([0, 3], value.said.slice(-2000)).toContain(value.exit)
  expect(cost.workMs).toBeLessThan(20_000)
  expect(cost.megabytes).toBeLessThan(300)
})
