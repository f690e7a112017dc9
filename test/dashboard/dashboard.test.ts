import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { dashboardPage, statusPage } from '../../src/dashboard/pages.ts'
import { type DashboardWays, serveDashboard } from '../../src/dashboard/server.ts'
import type { Board, BoardMonitor } from '../../src/monitor/board.ts'

const at = Date.parse('2026-11-25T12:00:00Z')
const hostile = '<script>alert(1)</script>"\'&'

const monitor = (given: Partial<BoardMonitor> = {}): BoardMonitor => ({
  name: 'app',
  kind: 'http',
  target: 'https://app.example.com/',
  state: 'up',
  since: at - 3_600_000,
  lookedAt: at - 10_000,
  latencyMs: 120,
  detail: '200 OK',
  p50: 100,
  p95: 300,
  days: `${'-'.repeat(10)}${'u'.repeat(78)}dg`,
  percent90: 99.95,
  downMs90: 600_000,
  month: { percent: 99.98, leftMs: 1_200_000, unknownMs: 0 },
  ...given,
})

const board = (given: Partial<Board> = {}): Board => ({
  at,
  target: 99.9,
  month: { percent: 99.98, leftMs: 1_200_000, worst: 'app', unknownMs: 0, from: at - 1, to: at + 1 },
  watcherAt: at - 5000,
  monitors: [monitor()],
  incidents: [],
  alerts: [],
  events: [],
  maintenance: [],
  ...given,
})

const ways = { base: '/', live: true, signedIn: false, title: 'example.com', statusPage: true }

describe('the pages', () => {
  it('escape everything that comes from outside', () => {
    const page = dashboardPage(
      board({
        monitors: [monitor({ name: hostile, target: hostile, detail: hostile, state: 'down' })],
        incidents: [
          {
            id: 'i',
            title: hostile,
            state: 'down',
            since: at,
            resolvedAt: null,
            acknowledgedAt: null,
            acknowledgedBy: hostile,
            deploy: hostile,
            parts: [{ monitor: hostile, detail: hostile, since: at, until: null }],
          },
        ],
        alerts: [
          {
            channel: hostile,
            title: hostile,
            status: 'waiting',
            isUndeliverable: false,
            createdAt: at,
            deliveredAt: null,
            attempts: [{ at, ok: false, answer: hostile }],
          },
        ],
        events: [
          {
            id: 'e',
            at,
            kind: 'deploy',
            status: 'success',
            commit: hostile,
            text: hostile,
            by: hostile,
            link: `https://x/${hostile}`,
          },
        ],
        maintenance: [{ from: at - 1, to: at + 1, note: hostile, monitors: null }],
      }),
      ways,
    )
    expect(page).not.toContain('<script>alert')
    expect(page.match(/<script/g)).toHaveLength(2)
  })

  it('say the state, the month and the history without a script', () => {
    const page = dashboardPage(board(), ways).replace(/<[^>]+>/g, ' ')
    for (const words of ['It is up', '99.98 %', '20 min', '80 days: 99.95 % up, down on 1 day', 'target 99.9 %'])
      expect(page).toContain(words)
  })

  it('call nothing up that nobody has seen', () => {
    const seen = [monitor(), monitor({ name: 'api' }), monitor({ name: 'nightly', state: 'unknown' })]
    expect(dashboardPage(board({ monitors: seen }), ways)).toContain('2 of 3 are up, 1 not seen yet or lately')
  })

  it('say what is refused for good', () => {
    const attempts = [{ at: at - 9_000, ok: false, answer: '550 5.1.1 no such user' }]
    const refused = { channel: 'email', title: 'DOWN: app', createdAt: at - 9_999, deliveredAt: null, attempts }
    const page = dashboardPage(board({ alerts: [{ ...refused, status: 'waiting', isUndeliverable: true }] }), ways)
    expect(page).toContain('refused, tried once a day; 1 attempt<')
  })

  it('tell when nobody looks', () => {
    expect(dashboardPage(board({ watcherAt: at - 600_000 }), ways)).toContain('The watcher does not run')
  })

  it('show the public nothing of how and where', () => {
    const page = statusPage(
      board({
        incidents: [
          {
            id: 'i',
            title: 'db-7.internal is down',
            state: 'down',
            since: at - 60_000,
            resolvedAt: null,
            acknowledgedAt: null,
            acknowledgedBy: 'Ada',
            deploy: '3f9c',
            parts: [{ monitor: 'app', detail: 'connect 10.0.0.7 refused', since: at, until: null }],
          },
        ],
      }),
      ways,
    )
    expect(page).not.toMatch(/internal|10\.0\.0\.7|Ada|3f9c|https:\/\/app|200 OK/)
    expect(page).toContain('app')
  })
})

describe('the server', () => {
  let close = async (): Promise<void> => {}
  afterEach(() => close())

  const serve = async (given: Partial<DashboardWays> = {}): Promise<number> => {
    const server = await serveDashboard({
      host: '127.0.0.1',
      port: 0,
      hosts: ['board.example'],
      token: null,
      title: 'example.com',
      statusPage: true,
      board: async () => board(),
      curve: async () => ({ at: [], p50: [], p95: [] }),
      inner: null,
      now: () => at,
      ...given,
    })
    close = server.close
    return Number(new URL(server.address).port)
  }

  type Asked = { path?: string; method?: string; headers?: Record<string, string>; body?: string }
  const ask = (port: number, { path = '/', method = 'GET', headers = {}, body }: Asked = {}) =>
    new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }>(
      (resolve, reject) => {
        const sent = request(
          { host: '127.0.0.1', port, path, method, headers: { accept: 'text/html', ...headers } },
          answer => {
            let text = ''
            answer
              .setEncoding('utf8')
              .on('data', part => (text += part))
              .on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body: text }))
          },
        )
        sent.on('error', reject).end(body)
      },
    )

  it('answers for its own names alone', async () => {
    const port = await serve()
    expect((await ask(port)).status).toBe(200)
    expect((await ask(port, { headers: { host: 'board.example' } })).status).toBe(200)
    expect((await ask(port, { headers: { host: 'evil.example' } })).status).toBe(421)
  })

  it('lets in who knows the token, and only them', async () => {
    const port = await serve({ token: 'a-long-token' })
    const closed = await ask(port)
    expect([closed.status, closed.body.includes('Sign in'), closed.body.includes('app.example.com')]).toEqual([
      401,
      true,
      false,
    ])
    for (const path of ['/live', '/latency?monitor=app', '/board.json'])
      expect((await ask(port, { path })).status).toBe(401)
    expect((await ask(port, { path: '/status' })).status).toBe(200)
    expect((await ask(port, { headers: { authorization: 'Bearer a-long-token' } })).status).toBe(200)
    expect((await ask(port, { headers: { authorization: 'Bearer a-long-tokem' } })).status).toBe(401)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await ask(port, { path: '/sign-in', method: 'POST', headers: form, body: 'token=wrong' })).status).toBe(401)
    const signed = await ask(port, { path: '/sign-in', method: 'POST', headers: form, body: 'token=a-long-token' })
    const cookie = String(signed.headers['set-cookie'])
    expect([signed.status, cookie]).toEqual([
      303,
      expect.stringMatching(/^board=[\w-]+; Path=\/; HttpOnly; SameSite=Strict/),
    ])
    expect(cookie).not.toContain('a-long-token')
    expect((await ask(port, { headers: { cookie: cookie.split(';')[0]! } })).status).toBe(200)
    const elsewhere = await ask(port, {
      path: '/sign-in',
      method: 'POST',
      headers: { ...form, host: 'board.example' },
      body: 'token=a-long-token',
    })
    expect(String(elsewhere.headers['set-cookie'])).toMatch(/^__Host-board=.*; Secure$/)
    expect(
      (
        await ask(port, {
          path: '/sign-in',
          method: 'POST',
          headers: { ...form, 'sec-fetch-site': 'cross-site' },
          body: 'token=a-long-token',
        })
      ).status,
    ).toBe(403)
  })

  it('shuts the door after many wrong tokens', async () => {
    const port = await serve({ token: 'a-long-token' })
    for (let at = 0; at < 20; at++) await ask(port, { path: '/sign-in', method: 'POST', body: 'token=x' })
    expect((await ask(port, { path: '/sign-in', method: 'POST', body: 'token=a-long-token' })).status).toBe(429)
  })

  it('sends headers that keep a page to itself', async () => {
    const { headers, body } = await ask(await serve({ token: null }))
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect([headers['x-content-type-options'], headers['referrer-policy'], headers['cache-control']]).toEqual([
      'nosniff',
      'no-referrer',
      'no-store',
    ])
    expect(body).not.toMatch(/(?:src|href)="https?:/)
  })

  it('hides the status page where it is turned off', async () => {
    expect((await ask(await serve({ statusPage: false, token: 'a-long-token' }), { path: '/status' })).status).toBe(401)
  })

  it('is small with a thousand monitors', () => {
    const many = board({ monitors: Array.from({ length: 1000 }, (_, at) => monitor({ name: `service ${at}` })) })
    expect(dashboardPage(many, ways).length).toBeLessThan(2_000_000)
  })
})
