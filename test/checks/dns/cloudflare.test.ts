// Cloudflare through its API, against a server that answers as the vendor documents: cloudflare-ssl, cloudflare-settings, cloudflare-proxy.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import cloudflareProxy from '../../../src/checks/dns/cloudflare-proxy.ts'
import cloudflareSettings from '../../../src/checks/dns/cloudflare-settings.ts'
import cloudflareSsl from '../../../src/checks/dns/cloudflare-ssl.ts'
import { configSchema } from '../../../src/config/schema.ts'
import type { Fact, Subject } from '../../../src/core/fact.ts'
import { missing, notApplicable } from '../../../src/core/fact.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { createCollection } from '../../../src/facts/collect.ts'
import type { Facts } from '../../../src/facts/index.generated.ts'
import { domainSubject } from '../../../src/facts/subjects.ts'
import { type ApiState, soundState, startCloudflareApi } from '../../../src/lab/cloudflare-api.ts'
import { systemClock } from '../../../src/net/clock.ts'
import { createNetwork } from '../../../src/net/create-network.ts'

const domain = 'coachdash.example'
let state: ApiState
let api: Awaited<ReturnType<typeof startCloudflareApi>>

beforeEach(async () => {
  state = soundState()
  api = await startCloudflareApi(state)
})
afterEach(() => api.close())

const collect = async (token = state.token): Promise<Fact<Facts['cloudflareZone']>> => {
  const net = createNetwork({
    clock: systemClock,
    resolvers: [{ protocol: 'udp', host: '127.0.0.1', port: 1 }],
    connectTo: [{ host: 'api.cloudflare.example', port: 80, toHost: '127.0.0.1', toPort: api.port }],
    ca: [],
    timeoutMs: 2000,
    concurrency: 16,
    userAgent: 'launch-ready-test',
    signal: new AbortController().signal,
  })
  const collection = createCollection({
    target: bareTarget({ domain }),
    config: configSchema.parse({ domain, cloudflare: { token, api: 'http://api.cloudflare.example/client/v4' } }),
    net,
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 2000,
    now: () => '2026-11-25T00:00:00Z',
  })
  try {
    return await collection.need('cloudflareZone', domainSubject(domain))
  } finally {
    await net.close()
  }
}

const run = (check: { id: string }, facts: Record<string, Fact<unknown>>, subject: Subject = domainSubject(domain)) =>
  judge({
    check: check as never,
    subject,
    facts,
    now: Date.parse('2026-11-25T00:00:00Z'),
    target: bareTarget({ domain }),
    options: {},
    severities: {},
  })

const outside: Fact<Facts['cloudflareOutside']> = {
  ok: true,
  at: '',
  value: { nameServers: true, behind: [`www.${domain}`], elsewhere: [], loops: [], exposed: [], mailBehind: [] },
}

describe('cloudflare-settings', () => {
  const faults: [string, (state: ApiState) => void][] = [
    [
      'development-mode-on',
      it => {
        it.settings['development_mode'] = 'on'
      },
    ],
    [
      'under-attack-on',
      it => {
        it.settings['security_level'] = 'under_attack'
      },
    ],
    [
      'always-https-off',
      it => {
        it.settings['always_use_https'] = 'off'
      },
    ],
    [
      'minimum-tls-low',
      it => {
        it.settings['min_tls_version'] = '1.0'
      },
    ],
    [
      'waf-off',
      it => {
        it.phases['http_request_firewall_managed'] = null
      },
    ],
    [
      'ddos-overridden',
      it => {
        it.phases['ddos_l7'] = [
          {
            action: 'execute',
            expression: 'true',
            enabled: true,
            action_parameters: { overrides: { sensitivity_level: 'eoff' } },
          },
        ]
      },
    ],
    [
      'bot-fight-blocks-webhooks',
      it => {
        it.fightMode = true
      },
    ],
    [
      'no-rate-limit',
      it => {
        it.phases['http_ratelimit'] = null
      },
    ],
    [
      'universal-certificate-off',
      it => {
        it.universal = false
      },
    ],
    [
      'dnssec-pending',
      it => {
        it.dnssec = 'pending'
      },
    ],
    [
      'page-rule-leftover',
      it =>
        void it.pageRules.push({
          targets: [{ constraint: { value: 'www.coachdash.example/blog/*' } }],
          actions: [{ id: 'browser_cache_ttl', value: 60 }],
          status: 'active',
        }),
    ],
    ['token-too-broad', it => void it.permissions.push('#dns_records:edit')],
  ]
  test.each(faults)('%s, and nothing else', async (outcome, break_) => {
    break_(state)
    const result = run(cloudflareSettings, { cloudflareZone: await collect() })
    expect(result.findings.map(finding => finding.outcome)).toEqual([outcome])
  })
  test('cache-everything-private by a page rule (which is a leftover too) and by a cache rule', async () => {
    state.pageRules.push({
      targets: [{ constraint: { value: 'app.coachdash.example/*' } }],
      actions: [{ id: 'cache_level', value: 'cache_everything' }],
      status: 'active',
    })
    const byPageRule = run(cloudflareSettings, { cloudflareZone: await collect() })
    expect(byPageRule.findings.map(finding => finding.outcome).sort()).toEqual([
      'cache-everything-private',
      'page-rule-leftover',
    ])
    state.pageRules.length = 0
    state.phases['http_request_cache_settings'] = [
      {
        action: 'set_cache_settings',
        expression: '(http.host eq "app.coachdash.example")',
        enabled: true,
        action_parameters: { cache: true },
      },
    ]
    const byRule = run(cloudflareSettings, { cloudflareZone: await collect() })
    expect(byRule.findings.map(finding => finding.outcome)).toEqual(['cache-everything-private'])
  })
  test('baseline; and the firewall is not held against a free plan', async () => {
    expect(run(cloudflareSettings, { cloudflareZone: await collect() }).results[0]?.outcome).toBe('baseline')
    state.plan = 'Free Website'
    state.phases['http_request_firewall_managed'] = null
    expect(run(cloudflareSettings, { cloudflareZone: await collect() }).results[0]?.outcome).toBe('baseline')
  })
  test('a scope that is missing is unknown and named, never a pass; the rest is still judged', async () => {
    state.forbidden.push(/\/settings\//, /bot_management$/)
    state.dnssec = 'pending'
    const result = run(cloudflareSettings, { cloudflareZone: await collect() })
    expect(result.findings.map(finding => finding.outcome)).toEqual(['dnssec-pending'])
    const reasons = result.results
      .filter(row => row.status === 'unknown')
      .map(row => row.reason)
      .join('\n')
    expect(reasons).toContain('Zone Settings: Read')
    expect(reasons).toContain('Bot Management: Read')
  })
  test('an outage of one endpoint is unknown for that part', async () => {
    state.outage.push(/universal\/settings$/)
    const result = run(cloudflareSettings, { cloudflareZone: await collect() })
    expect(result.findings).toEqual([])
    expect(result.results.map(row => row.status)).toEqual(['unknown'])
    expect(result.results[0]?.reason).toContain('503')
  })
})

describe('cloudflare-ssl', () => {
  test.each([
    ['off', 'off'],
    ['flexible', 'flexible'],
    ['full', 'full-not-strict'],
    ['strict', 'strict'],
  ])('mode %s is %s', async (mode, outcome) => {
    state.settings['ssl'] = mode
    expect(
      run(cloudflareSsl, { cloudflareZone: await collect(), cloudflareOutside: outside }).results[0]?.outcome,
    ).toBe(outcome)
  })
  test('without a token, a host that redirects to itself for ever is flexible', () => {
    const loops: Fact<Facts['cloudflareOutside']> = {
      ...outside,
      value: { ...(outside as { value: Facts['cloudflareOutside'] }).value, loops: [`www.${domain}`] },
    } as never
    expect(
      run(cloudflareSsl, { cloudflareZone: notApplicable('no token'), cloudflareOutside: loops }).results[0]?.outcome,
    ).toBe('flexible')
    expect(
      run(cloudflareSsl, { cloudflareZone: notApplicable('no token'), cloudflareOutside: outside }).results[0]?.status,
    ).toBe('skip')
  })
})

describe('cloudflare-proxy', () => {
  const record = (name: string): Subject => ({ kind: 'record', name, parent: domainSubject(domain) })
  const judgeRecord = async (name: string, seen = outside) =>
    run(
      cloudflareProxy,
      { cloudflareZone: await collect(), cloudflareOutside: seen, zoneRecords: missing('unsupported', 'not here') },
      record(name),
    ).results.map(row => row.outcome)
  test('web-not-proxied, mail-proxied, verification-proxied, right', async () => {
    state.records.push(
      { name: `www.${domain}`, type: 'A', content: '192.0.2.10', proxied: false },
      { name: `mail.${domain}`, type: 'A', content: '192.0.2.25', proxied: true },
      { name: domain, type: 'MX', content: `mail.${domain}`, proxied: false },
      { name: `s1._domainkey.${domain}`, type: 'CNAME', content: 's1.dkim.example.net', proxied: true },
    )
    expect(await judgeRecord(`www.${domain} A`)).toEqual(['web-not-proxied'])
    expect(await judgeRecord(`mail.${domain} A`)).toEqual(['mail-proxied'])
    expect(await judgeRecord(`s1._domainkey.${domain} CNAME`)).toEqual(['verification-proxied'])
    expect(await judgeRecord(`${domain} A`)).toEqual(['right'])
  })
  test('a host behind another content network is right as it is; a host named s1 is no key', async () => {
    state.records.push(
      { name: `app.${domain}`, type: 'CNAME', content: 'cname.vercel-dns.com', proxied: false },
      { name: `s1.${domain}`, type: 'A', content: '192.0.2.12', proxied: true },
      { name: `em12.${domain}`, type: 'CNAME', content: 'u1.wl.sendgrid.net', proxied: true },
    )
    const seen = {
      ...outside,
      value: { ...(outside as { value: Facts['cloudflareOutside'] }).value, elsewhere: [`app.${domain}`] },
    } as typeof outside
    expect(await judgeRecord(`app.${domain} CNAME`, seen)).toEqual(['right'])
    expect(await judgeRecord(`app.${domain} CNAME`)).toEqual(['web-not-proxied'])
    expect(await judgeRecord(`s1.${domain} A`)).toEqual(['right'])
    expect(await judgeRecord(`em12.${domain} CNAME`)).toEqual(['verification-proxied'])
  })
  test('origin-exposed', async () => {
    const exposed = {
      ok: true as const,
      at: '',
      value: {
        nameServers: true,
        behind: [domain],
        elsewhere: [],
        loops: [],
        exposed: [{ host: domain, address: '192.0.2.9', shownBy: 'ftp A', status: 200 }],
        mailBehind: [],
      },
    }
    expect(await judgeRecord(`${domain} A`, exposed)).toEqual(['origin-exposed'])
  })
})

describe('the fact cloudflareZone', () => {
  test('reads every page of the records', async () => {
    state.records = Array.from({ length: 250 }, (_, at) => ({
      name: `h${at}.${domain}`,
      type: 'A',
      content: '192.0.2.10',
      proxied: false,
    }))
    const fact = await collect()
    expect(fact.ok && fact.value.records.seen && fact.value.records.value.length).toBe(250)
    expect(api.paths.filter(path => path.includes('/dns_records')).length).toBe(3)
  })
  test('waits when it is asked to, once', async () => {
    state.slowDown = 1
    expect((await collect()).ok).toBe(true)
    state.slowDown = 100
    expect(await collect()).toMatchObject({ ok: false, reason: 'rate-limited' })
  })
  test('a refused token is a reason that names the permission, and is nowhere in the fact', async () => {
    const fact = await collect('another-token-that-is-refused-0123456789')
    expect(fact).toMatchObject({ ok: false, reason: 'forbidden' })
    expect(JSON.stringify(fact)).toContain('Zone: Read')
    expect(JSON.stringify(fact)).not.toContain('another-token')
    expect(JSON.stringify(await collect())).not.toContain(state.token)
  })
})

describe('the fixes, applied at the stand-in', () => {
  test('encryption: strict', async () => {
    state.settings['ssl'] = 'flexible'
    const [finding] = run(cloudflareSsl, { cloudflareZone: await collect(), cloudflareOutside: outside }).findings
    const change = finding!.fix.changes[0]!
    if (change.kind !== 'setting') throw new Error('no setting')
    state.settings[change.path] = String(change.value)
    expect(
      run(cloudflareSsl, { cloudflareZone: await collect(), cloudflareOutside: outside }).results[0]?.outcome,
    ).toBe('strict')
  })
  test('settings that have an endpoint of their own', async () => {
    Object.assign(state.settings, {
      development_mode: 'on',
      security_level: 'under_attack',
      always_use_https: 'off',
      min_tls_version: '1.0',
    })
    const { findings } = run(cloudflareSettings, { cloudflareZone: await collect() })
    expect(findings).toHaveLength(4)
    for (const { fix } of findings)
      for (const change of fix.changes)
        if (change.kind === 'setting') state.settings[change.path] = String(change.value)
    expect(run(cloudflareSettings, { cloudflareZone: await collect() }).results[0]?.outcome).toBe('baseline')
  })
})
