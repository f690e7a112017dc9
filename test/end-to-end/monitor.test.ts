// The monitor stage where a world file cannot say it: what is not known, logs, services with an API, and the evidence that is committed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { runIn } from '../support/handover-world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const start = async (world: ReturnType<typeof loadWorld>): Promise<RunningWorld> => {
  const running = await startWorld(world)
  onTestFinished(() => running.close())
  return running
}
const file = (name: string) => loadWorld(join(import.meta.dirname, '../../fixtures/worlds', `${name}.yaml`))
const said = ({ check, outcome, subject }: { check: string; outcome: string | null; subject: string }): string =>
  `${check} ${outcome} ${subject}`
const rowOf = (report: Report, check: string) => report.checks.filter(row => row.check === check)

describe('the stage itself', () => {
  it('is silent for healthy-coach', async () => {
    const running = await start({ ...file('healthy-coach'), stage: 'monitor' })
    const { report, exit } = await auditWorld(running)
    expect([exit, report.findings.map(said), report.questions]).toEqual([0, [], []])
    expect(rowOf(report, 'uptime-monitor').filter(({ status }) => status === 'pass').length).toBeGreaterThanOrEqual(2)
  })

  it('says nothing of a month of which it saw an hour: uptime-target too-little-history', async () => {
    const running = await start(file('monitor-stopped'))
    const { report } = await auditWorld(running)
    expect(rowOf(report, 'uptime-target').map(({ status }) => status)).toContain('unknown')
    expect(JSON.stringify(rowOf(report, 'uptime-target'))).toContain('too little to say')
  })

  it('reads the proof that is committed, of the channel as it is today', async () => {
    const world = file('monitor-faults')
    const evidence = (kind: string, seenAt: string | null) => ({
      version: 1,
      channels: [
        {
          channel: 'new',
          kind,
          sentAt: '2026-11-20T12:00:00Z',
          acceptedAt: '2026-11-20T12:00:01Z',
          answer: '200 ok',
          seenAt,
          seenBy: 'link',
        },
      ],
    })
    const outcomes: (string | null)[] = []
    for (const value of [
      evidence('webhook', '2026-11-20T12:03:00Z'),
      evidence('webhook', null),
      evidence('slack', '2026-11-20T12:03:00Z'),
      evidence('webhook', '2027-01-01T00:00:00Z'),
      [],
    ]) {
      const files = { 'launch-ready/evidence/alert-delivery.json': JSON.stringify(value) }
      const { report } = await auditWorld(await start({ ...world, files }))
      outcomes.push(rowOf(report, 'alert-delivery').find(({ subject }) => subject === 'new')?.outcome ?? null)
    }
    expect(outcomes).toEqual(['seen', 'accepted-not-seen', 'never-verified', 'never-verified', 'never-verified'])
  })
})

describe('log-content', () => {
  it('finds secret, session, personal-data and payment-card, and passes what is clean', async () => {
    const running = await start(loadWorld('name: logs\ndomain: null\nfiles: { README.md: logs }\n'))
    mkdirSync(join(running.cwd, 'log'))
    writeFileSync(
      join(running.cwd, 'log/app.log'),
      'login password=correct-horse-battery\nCookie: sid=4f1c9a7be2d04f63\nmail to ada@example.org\npaid with 4111 1111 1111 1111\n',
    )
    writeFileSync(join(running.cwd, 'log/clean.log'), 'GET /pricing 200 12 ms\n'.repeat(500))
    const ran = await runIn(running, ['monitor', 'scan-logs', 'log/app.log', 'log/clean.log', '--json'])
    const report = JSON.parse(ran.out) as Report
    expect(ran.exit).toBe(1)
    expect(report.findings.map(said).sort()).toEqual([
      'log-content payment-card log/app.log',
      'log-content personal-data log/app.log',
      'log-content secret log/app.log',
      'log-content session log/app.log',
    ])
    expect(rowOf(report, 'log-content').find(({ outcome }) => outcome === 'clean')?.subject).toBe('log/clean.log')
    expect(ran.out).not.toMatch(/correct-horse-battery|4f1c9a7be2d04f63|ada@example\.org|4111 1111 1111 1111/)
    const clean = await runIn(running, ['monitor', 'scan-logs', 'log/clean.log'])
    expect(clean.exit).toBe(0)
  })

  it.each([
    ['secret', 'login password=correct-horse-battery'],
    ['session', 'Cookie: sid=4f1c9a7be2d04f63'],
    ['personal-data', 'mail to ada@example.org'],
    ['payment-card', 'paid with 4111 1111 1111 1111'],
  ])('%s is gone when its command was run', async (outcome, row) => {
    const running = await start(loadWorld('name: logs\ndomain: null\nfiles: { README.md: logs }\n'))
    const name = 'a log of production that has a long name.log'
    const path = join(running.cwd, name)
    writeFileSync(path, `GET / 200\n${row}\n`)
    const scanned = async (): Promise<Report['findings']> =>
      (JSON.parse((await runIn(running, ['monitor', 'scan-logs', name, '--json'])).out) as Report).findings
    const [finding] = await scanned()
    expect(finding?.outcome).toBe(outcome)
    // What its command says: the log through `monitor redact`, and that in its place.
    expect(finding?.fix.changes).toEqual([
      {
        kind: 'command',
        run: `launch-ready monitor redact '${name}' > '${name}.clean' && mv '${name}.clean' '${name}'`,
      },
    ])
    writeFileSync(path, (await runIn(running, ['monitor', 'redact', name])).out)
    expect(await scanned()).toEqual([])
  })
})

const bases: Record<string, { host: string; env: Record<string, string>; routes: string }> = {
  UptimeRobot: {
    host: 'api.uptimerobot.com',
    env: { UPTIMEROBOT_API_KEY: 'token-of-the-test' },
    routes: `
      /v3/monitors:
        - when: { query: { cursor: "803767164" }, headers: { authorization: Bearer token-of-the-test } }
          json: { nextLink: null, data: [{ id: 3, friendlyName: sign in, type: KEYWORD, keywordValue: Log in, url: "https://app.coachdash.example/login", interval: 60, status: UP, sslExpirationReminder: true, domainExpirationReminder: true }] }
        - when: { headers: { authorization: Bearer token-of-the-test } }
          json: { nextLink: "https://api.uptimerobot.com/v3/monitors?limit=200&cursor=803767164", data: [{ id: 1, friendlyName: front, type: HTTP, url: "https://coachdash.example/", interval: 300, status: UP }, { id: 2, friendlyName: old, type: PORT, url: old.example, interval: 300, status: PAUSED }] }
        - { status: 401, json: { error: true } }`,
  },
  'Better Stack': {
    host: 'uptime.betterstack.com',
    env: { BETTERSTACK_API_TOKEN: 'token-of-the-test' },
    routes: `
      /api/v2/monitors:
        - when: { query: { page: "2" } }
          json: { data: [{ id: "2", type: monitor, attributes: { url: "https://app.coachdash.example/login", pronounceable_name: sign in, monitor_type: keyword, required_keyword: Log in, check_frequency: 30, status: up, paused_at: null, ssl_expiration: 14, domain_expiration: 30 } }], pagination: { next: null } }
        - when: { headers: { authorization: Bearer token-of-the-test } }
          json: { data: [{ id: "1", type: monitor, attributes: { url: "https://coachdash.example/", pronounceable_name: front, monitor_type: status, check_frequency: 180, status: up, paused_at: null } }], pagination: { next: "https://uptime.betterstack.com/api/v2/monitors?per_page=250&page=2" } }`,
  },
  Checkly: {
    host: 'api.checklyhq.com',
    env: { CHECKLY_API_KEY: 'token-of-the-test', CHECKLY_ACCOUNT_ID: 'account-1' },
    routes: `
      /v1/checks:
        - when: { query: { page: "2" }, headers: { x-checkly-account: account-1 } }
          json: [{ id: a, name: sign in, checkType: API, activated: true, muted: false, frequency: 1, request: { url: "https://app.coachdash.example/login", assertions: [{ source: TEXT_BODY, comparison: CONTAINS, target: Log in }] }, alertSettings: { sslCertificates: { enabled: true } } }]
        - when: { headers: { x-checkly-account: account-1, authorization: Bearer token-of-the-test } }
          json: [{ id: b, name: front, checkType: API, activated: true, muted: false, frequency: 10, request: { url: "https://coachdash.example/", assertions: [] } }, ${Array.from({ length: 99 }, (_, at) => `{ id: x${at}, name: other ${at}, checkType: TCP, activated: true, frequency: 10 }`).join(', ')}]`,
  },
  Pingdom: {
    host: 'api.pingdom.com',
    env: { PINGDOM_API_TOKEN: 'token-of-the-test' },
    routes: `
      /api/3.1/checks/85975: { json: { check: { id: 85975, name: front, resolution: 5, type: { http: { url: /, encryption: true, port: 443 } }, hostname: coachdash.example, status: up } } }
      /api/3.1/checks/161748: { json: { check: { id: 161748, name: sign in, resolution: 1, verify_certificate: true, type: { http: { url: /login, encryption: true, port: 443, shouldcontain: Log in } }, hostname: app.coachdash.example, status: up } } }
      /api/3.1/checks:
        - when: { headers: { authorization: Bearer token-of-the-test } }
          json: { checks: [{ id: 85975, name: front, hostname: coachdash.example, resolution: 5, type: http, status: up }, { id: 161748, name: sign in, hostname: app.coachdash.example, resolution: 1, type: http, status: up, verify_certificate: true }, { id: 7, name: stranger, hostname: other.example, resolution: 1, type: http, status: up }], counts: { total: 3, limited: 3, filtered: 3 } }`,
  },
  StatusCake: {
    host: 'api.statuscake.com',
    env: { STATUSCAKE_API_TOKEN: 'token-of-the-test' },
    routes: `
      /v1/uptime/2: { json: { data: { id: "2", name: sign in, test_type: HTTP, website_url: "https://app.coachdash.example/login", check_rate: 60, find_string: Log in, enable_ssl_alert: true, paused: false } } }
      /v1/uptime/1: { json: { data: { id: "1", name: front, test_type: HTTP, website_url: "https://coachdash.example/", check_rate: 300, find_string: "", enable_ssl_alert: false, paused: false } } }
      /v1/uptime:
        - when: { query: { page: "2" } }
          json: { data: [{ id: "2", name: sign in, test_type: HTTP, website_url: "https://app.coachdash.example/login", check_rate: 60, paused: false, status: up }], metadata: { page: 2, per_page: 100, page_count: 2, total_count: 101 } }
        - when: { headers: { authorization: Bearer token-of-the-test } }
          json: { data: [{ id: "1", name: front, test_type: HTTP, website_url: "https://coachdash.example/", check_rate: 300, paused: false, status: up }], metadata: { page: 1, per_page: 100, page_count: 2, total_count: 101 } }`,
  },
}

const provided = (host: string, routes: string) =>
  loadWorld(`name: provided
domain: coachdash.example
stage: monitor
zones:
  coachdash.example: { servers: [192.0.2.53, 198.51.100.53], records: "@ NS ns1\\nns1 A 192.0.2.53\\n@ A 192.0.2.10\\napp A 192.0.2.10\\n" }
  ${host.split('.').slice(-2).join('.')}: { records: "${host.split('.').slice(0, -2).join('.')} A 203.0.113.80\\n" }
hosts:
  coachdash.example: { routes: { /: { body: "<!doctype html><title>Coach</title><h1>Coach Dash for coaches</h1>" } } }
  app.coachdash.example: { routes: { /login: { body: "<!doctype html><title>Log in</title><h1>Log in</h1>" } } }
  ${host}:
    routes:${routes}
config: |
  domain: coachdash.example
  routes:
    - { name: home, url: "https://coachdash.example/", kind: home }
    - { name: login, url: "https://app.coachdash.example/login", kind: auth }
`)

describe('services with an API', () => {
  it.each(Object.entries(bases))(
    '%s: every page is read, and what only a monitor itself tells',
    async (name, { host, env, routes }) => {
      const running = await start(provided(host, routes))
      const { report } = await auditWorld(running, ['--only', 'uptime-monitor,certificate-watch'], env)
      expect(
        rowOf(report, 'uptime-monitor')
          .filter(({ outcome }) => outcome)
          .map(said)
          .sort(),
      ).toEqual([
        'uptime-monitor too-slow https://coachdash.example/',
        'uptime-monitor watched https://app.coachdash.example/login',
      ])
      expect(rowOf(report, 'certificate-watch').map(({ outcome }) => outcome)).toEqual(['watched'])
      expect(JSON.stringify(report)).toContain(name)
      expect(JSON.stringify(report)).not.toContain('token-of-the-test')
    },
  )

  it('does not follow a page to another host, nor believe what is no list', async () => {
    const running = await start(
      provided(
        'api.uptimerobot.com',
        `
      /v3/monitors: { json: { nextLink: "https://coachdash.example/v3/monitors?cursor=1", data: [] } }`,
      ),
    )
    const env = { UPTIMEROBOT_API_KEY: 'token-of-the-test' }
    await auditWorld(running, ['--only', 'uptime-monitor'], env)
    const asked = running.log.exchanges.map(exchange => JSON.stringify(exchange))
    expect(asked.some(text => text.includes('cursor=1'))).toBe(false)
    const other = await start(provided('api.uptimerobot.com', '\n      /v3/monitors: { json: { stat: ok } }'))
    const { report } = await auditWorld(other, ['--only', 'uptime-monitor'], env)
    expect(rowOf(report, 'uptime-monitor').map(({ status }) => status)).toContain('unknown')
    expect(report.findings.filter(({ check }) => check === 'uptime-monitor')).toEqual([])
  })
})
