import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { callOf } from '../../src/cli/call.ts'
import { run as smokeCommand } from '../../src/cli/commands/deploy-smoke.ts'
import { deployedCommit, type SmokeConfig, smokeSteps } from '../../src/cli/smoke-steps.ts'
import { systemClock } from '../../src/net/clock.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import { repeatUntilOk } from '../../src/probes/repeat.ts'
import { sameCommit } from '../../src/probes/version.ts'
import { hmacSignature, stripeSignature } from '../../src/probes/webhook.ts'
import { printJunit, printText, type SmokeResult } from '../../src/report/smoke.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { hearing } from '../support/run-program.ts'

const commit = '4c43fcf0a1b2c3d4e5f60718293a4b5c6d7e8f90'
const secret = 'whsec_test_of_the_suite'
const open: Server[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(server => new Promise(done => server.close(done))))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** A small product: pages, an API that wants a token, a webhook that checks signatures, a form with a token against forgery. */
const product = async (
  faults: {
    down?: number
    acceptsForged?: boolean
    commit?: string
    scheme?: 'stripe' | 'hmac'
    session?: boolean
  } = {},
): Promise<string> => {
  let asked = 0
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/'
    const end = (status: number, body: string, headers: Record<string, string> = {}): void =>
      void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body)
    if (path === '/') {
      asked += 1
      return asked <= (faults.down ?? 0)
        ? end(503, 'starting')
        : end(200, '<h1>Coach Dash</h1> the homepage of a product')
    }
    if (path === '/login' && request.method === 'GET')
      return end(
        200,
        '<form method="post"><input type="hidden" name="csrf" value="a&amp;b"><input name="email"><input type="password" name="password"></form>',
        { 'set-cookie': 'pre=1; Path=/' },
      )
    if (path === '/login') {
      const fields = new URLSearchParams(await bodyOf(request))
      const good =
        fields.get('csrf') === 'a&b' && fields.get('password') === 'right' && /pre=1/.test(request.headers.cookie ?? '')
      return good ? end(302, '', { location: '/app', 'set-cookie': 'session=2; Path=/' }) : end(401, 'no')
    }
    if (path === '/app')
      return /session=2/.test(request.headers.cookie ?? '') && faults.session !== false
        ? end(200, 'Your clients')
        : end(302, '', { location: '/login' })
    if (path === '/api/health')
      return request.headers.authorization === 'Bearer t'
        ? end(200, `{"ok":true,"build":{"commit":"${faults.commit ?? commit.slice(0, 10)}"}}`)
        : end(401, '{}')
    if (path === '/version')
      return end(200, `{"build":{"commit":"${faults.commit ?? commit.slice(0, 10)}"}}`, {
        'x-commit': faults.commit ?? commit,
      })
    if (path === '/hook') {
      const payload = await bodyOf(request)
      const header = String(request.headers['stripe-signature'] ?? request.headers['x-signature'] ?? '')
      const seconds = /t=(\d+)/.exec(header)?.[1]
      const wanted =
        faults.scheme === 'hmac'
          ? createHmac('sha256', secret).update(payload).digest('hex')
          : `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex')}`
      return header === wanted || faults.acceptsForged ? end(200, '{"received":true}') : end(400, 'bad signature')
    }
    end(404, 'not found')
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  open.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const whole = (base: string): SmokeConfig => ({
  homepage: `${base}/`,
  login: `${base}/login`,
  health: { url: `${base}/api/health`, headers: { authorization: 'Bearer t' }, expectBody: '"ok":true' },
  webhook: { url: `${base}/hook`, scheme: 'stripe', secret },
  auth: {
    url: `${base}/login`,
    form: { email: 'test@example.com', password: 'right' },
    page: `${base}/app`,
    expectBody: 'Your clients',
  },
  version: { url: `${base}/version`, json: 'build.commit' },
})

const run = async (config: SmokeConfig, deadline = 0): Promise<SmokeResult[]> => {
  const clock = fakeClock()
  const steps = smokeSteps(config, commit)
  const tried = await repeatUntilOk(
    steps.map(({ look }) => look),
    {
      connect: () =>
        createNetwork({
          clock: { ...systemClock, now: () => Date.UTC(2026, 10, 25) },
          resolvers: [],
          connectTo: [],
          ca: [],
          timeoutMs: 2000,
          concurrency: 8,
          userAgent: 'test',
          signal: new AbortController().signal,
          ownHosts: ['127.0.0.1'],
        }),
      deadline,
      interval: 1000,
      clock: { elapsed: clock.elapsed, sleep: clock.turn },
      signal: new AbortController().signal,
    },
  )
  return tried.map(({ result, tries, ms }, at) => {
    const { name, url } = steps[at]!
    return { name, url, passed: result?.state === 'ok', seen: result?.detail ?? '', tries, ms }
  })
}
const failed = (results: readonly SmokeResult[]): string[] =>
  results.filter(({ passed }) => !passed).map(({ name, seen }) => `${name}: ${seen}`)

describe('smoke test', () => {
  it('walks version, homepage, login, API health, webhook and sign-in of a product that works', async () => {
    const results = await run(whole(await product()))
    expect(failed(results)).toEqual([])
    expect(results.map(({ name }) => name)).toEqual([
      'version is the commit deployed',
      'homepage',
      'login route',
      'dashboard API health',
      'signed test webhook',
      'sign-in of the test user',
    ])
    expect(results[4]!.seen).toMatch(/forged signature is refused \(400\)/)
  })

  it('tries again with growing pauses until the deadline', async () => {
    const late = await run({ homepage: `${await product({ down: 3 })}/` }, 60_000)
    expect(late[0]).toMatchObject({ passed: true, tries: 4 })
    const never = await run({ homepage: `${await product({ down: 99 })}/` }, 10_000)
    expect(never[0]).toMatchObject({ passed: false, tries: 5 })
    expect(never[0]!.seen).toMatch(/^503/)
  })

  it('says what is wrong: older version, forged signature accepted, wrong secret, wrong password, lost session, missing page, nothing there', async () => {
    const base = await product({ commit: 'deadbeef00', acceptsForged: true, session: false })
    const results = await run({ ...whole(base), login: `${base}/sign-in` })
    expect(failed(results).map(text => text.replace(/ in \d+ ms/, '').replace(base, ''))).toEqual([
      'version is the commit deployed: runs deadbeef00, deployed was 4c43fcf0a1b2',
      'login route: 404 at /sign-in',
      'signed test webhook: it accepts a forged signature (200)',
      'sign-in of the test user: the page led back to the sign-in',
    ])
    const sound = await product()
    const wrong = await run({
      webhook: { url: `${sound}/hook`, scheme: 'stripe', secret: 'other' },
      auth: { url: `${sound}/login`, form: { password: 'wrong' }, page: `${sound}/app` },
    })
    expect(failed(wrong)[0]).toMatch(/400 .*the signing secret may be another one/)
    expect(failed(wrong)[1]).toMatch(/sign-in answered 401/)
    expect(failed(await run({ homepage: 'http://127.0.0.1:1/' }))).toHaveLength(1)
  })

  it('does not try a forged signature that was accepted again', async () => {
    const results = await run(
      { webhook: { url: `${await product({ acceptsForged: true })}/hook`, scheme: 'stripe', secret } },
      60_000,
    )
    expect(results[0]).toMatchObject({ passed: false, tries: 1 })
  })

  it('signs as Stripe and as GitHub do, reads versions from header and pattern', async () => {
    expect(stripeSignature('{}', 'whsec', 1700000000)).toBe(
      `t=1700000000,v1=${createHmac('sha256', 'whsec').update('1700000000.{}').digest('hex')}`,
    )
    expect(hmacSignature('Hello, World!', "It's a Secret to Everybody", 'x-hub-signature-256')).toBe(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    )
    const base = await product({ scheme: 'hmac' })
    expect(
      failed(
        await run({
          webhook: { url: `${base}/hook`, scheme: 'hmac-sha256', secret },
          version: { url: `${base}/version`, header: 'X-Commit' },
        }),
      ),
    ).toEqual([])
    expect(failed(await run({ version: { url: `${base}/version`, pattern: '"commit":"(\\w+)"' } }))).toEqual([])
    expect(failed(await run({ version: { url: `${base}/`, json: 'a' } }))[0]).toMatch(/no version at a/)
  })

  it('knows the commit from config, CI or HEAD, and short forms of it', () => {
    expect(deployedCommit({}, { GITHUB_SHA: commit }, 'head')).toBe(commit)
    expect(
      deployedCommit({ version: { url: 'https://a.example', commit: 'v9' } }, { GITHUB_SHA: commit }, 'head'),
    ).toBe('v9')
    expect(deployedCommit({}, { CI_COMMIT_SHA: 'not a commit' }, commit)).toBe(commit)
    expect(sameCommit(commit, commit.slice(0, 7).toUpperCase())).toBe(true)
    expect(sameCommit(commit, commit.slice(0, 6))).toBe(false)
  })

  it('prints JUnit and text that hostile answers cannot break', () => {
    const results: SmokeResult[] = [
      {
        name: 'homepage',
        url: 'https://a.example/?a=1&b=2',
        passed: false,
        seen: '</failure><x>\u001b[31m"',
        tries: 1,
        ms: 12,
      },
    ]
    expect(printJunit(results)).toContain('message="&lt;/failure&gt;&lt;x&gt;&quot;"')
    expect(printJunit(results)).toContain('failures="1"')
    expect(printText(results, commit)).not.toContain('\u001b')
    expect(printJunit(results)).not.toContain('\u001b')
    expect(printText(results, commit)).toMatch(/1 of 1 step failed for 4c43fcf0a1b2: take the release back/)
  })
})

describe('deploy smoke', () => {
  const outside = (cwd: string, env: Record<string, string> = {}) => hearing({ cwd, env, columns: 80 })
  const folderWith = (config: unknown): string => {
    const folder = mkdtempSync(join(tmpdir(), 'launch-ready-smoke-'))
    folders.push(folder)
    writeFileSync(join(folder, 'launch-ready.config.json'), JSON.stringify(config))
    return folder
  }

  it('exits 0 and writes JUnit, exits 1 when a step fails, and prints no secret', async () => {
    const base = await product()
    const folder = folderWith({
      deploy: {
        smoke: {
          ...whole(base),
          webhook: { url: `${base}/hook`, secret: '${HOOK_SECRET}' },
          deadline: '1s',
          interval: '10ms',
        },
      },
    })
    const { io, said } = outside(folder, { HOOK_SECRET: secret, GITHUB_SHA: commit })
    expect(await smokeCommand(callOf([], { report: ['junit:out/smoke.xml'] }, io, '0'))).toBe(0)
    expect(said.out).toMatch(/All 6 steps passed for 4c43fcf0a1b2/)
    expect(readFileSync(join(folder, 'out/smoke.xml'), 'utf8')).toContain('tests="6" failures="0"')
    const bad = outside(
      folderWith({
        deploy: {
          smoke: {
            homepage: `${base}/missing`,
            webhook: { url: `${base}/hook`, secret: '${HOOK_SECRET}' },
            deadline: '20ms',
            interval: '10ms',
          },
        },
      }),
      { HOOK_SECRET: 'whsec_never_to_be_seen' },
    )
    expect(await smokeCommand(callOf([], { json: true }, bad.io, '0'))).toBe(1)
    expect(bad.said.out).not.toContain('never_to_be_seen')
    expect(JSON.parse(bad.said.out)).toMatchObject({ passed: false, schemaVersion: 1 })
  })

  it('says what is missing in the config', async () => {
    await expect(smokeCommand(callOf([], {}, outside(folderWith({})).io, '0'))).rejects.toThrow(
      /deploy.smoke is not configured/,
    )
    await expect(smokeCommand(callOf([], {}, outside(folderWith({ deploy: { smoke: {} } })).io, '0'))).rejects.toThrow(
      /names no step/,
    )
    await expect(
      smokeCommand(
        callOf(
          [],
          { deadline: '5' },
          outside(folderWith({ deploy: { smoke: { homepage: 'http://127.0.0.1:1' } } })).io,
          '0',
        ),
      ),
    ).rejects.toThrow(/unit/)
    const { io } = outside(folderWith({ deploy: { smoke: { homepage: 'http://127.0.0.1:1' } } }))
    await expect(smokeCommand(callOf([], { commit: '' }, io, '0'))).rejects.toThrow(/--commit is empty/)
  })

  it('ends with the deadline where the product takes connections and says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const { io, said } = outside(folderWith({ deploy: { smoke: { homepage: `http://127.0.0.1:${port}/` } } }))
    expect(await smokeCommand(callOf([], { deadline: '1s' }, { ...io, clock: systemClock }, '0'))).toBe(1)
    expect(said.out).toContain('FAIL')
    silent.closeAllConnections()
    silent.close()
  })
})
