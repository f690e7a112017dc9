// The baseline of a zone at Cloudflare: each row by one change of a zone that follows it.
import { describe, expect, it } from 'vitest'
import { example, withSetting } from '../../../src/facts/cloudflare/cloudflare-zone.example.ts'
import type { CloudflareZone } from '../../../src/facts/cloudflare/cloudflare-zone.ts'
import { baselineRows } from '../../../src/formats/http/cloudflare-baseline.ts'

const seen = <T>(value: T) => ({ seen: true as const, value })
const rule = (change: Partial<{ action: string; expression: string; enabled: boolean; parameters: object }>) => ({
  action: 'execute',
  expression: 'true',
  enabled: true,
  description: '',
  ...change,
  parameters: (change.parameters ?? {}) as Record<string, unknown>,
})
const withPhase = (name: string, ...rules: ReturnType<typeof rule>[]): CloudflareZone => ({
  ...example,
  phases: { ...example.phases, [name]: seen(rules) },
})
const caching = (expression: string, parameters: object = { cache: true }) =>
  withPhase('http_request_cache_settings', rule({ expression, parameters }))
const pageRule = (target: string, more: Partial<CloudflareZone> = {}): CloudflareZone => ({
  ...example,
  pageRules: seen([{ target, actions: ['cache_level=cache_everything'], status: 'active' }]),
  ...more,
})
const appRecord = { name: 'app.example.com', type: 'A', content: '', proxied: true, proxiable: true, ttl: 1 }

describe('baselineRows', () => {
  it.each<[string, CloudflareZone, string[]]>([
    ['as it should be', example, []],
    ['development mode', withSetting('development_mode', 'on'), ['development-mode-on']],
    ['under attack', withSetting('security_level', 'under_attack'), ['under-attack-on']],
    ['a level of another name', withSetting('security_level', 'high'), []],
    ['http is answered', withSetting('always_use_https', 'off'), ['always-https-off']],
    ['TLS 1.1', withSetting('min_tls_version', '1.1'), ['minimum-tls-low']],
    ['TLS 1.3', withSetting('min_tls_version', '1.3'), []],
    ['no firewall', withPhase('http_request_firewall_managed'), ['waf-off']],
    ['no firewall on the free plan', { ...withPhase('http_request_firewall_managed'), plan: 'free website' }, []],
    [
      'floods let through',
      withPhase('ddos_l7', rule({ parameters: { overrides: { sensitivity_level: 'eoff' } } })),
      ['ddos-overridden'],
    ],
    ['bots are fought', { ...example, botFightMode: seen(true) }, ['bot-fight-blocks-webhooks']],
    ['no limit', withPhase('http_ratelimit', rule({ enabled: false })), ['no-rate-limit']],
    ['no certificate', { ...example, universalCertificate: seen(false) }, ['universal-certificate-off']],
    ['half signed', { ...example, dnssec: seen('pending') }, ['dnssec-pending']],
    ['a token that may write', { ...example, permissions: ['#zone:edit'] }, ['token-too-broad']],
    ['the app is cached', pageRule('app.example.com/*'), ['page-rule-leftover', 'cache-everything-private']],
    ['all of a site with an app', pageRule('example.com/*'), ['page-rule-leftover', 'cache-everything-private']],
    [
      'all of a site whose app is apart',
      pageRule('example.com/*', { records: seen([appRecord]) }),
      ['page-rule-leftover'],
    ],
    ['the blog is cached', pageRule('example.com/blog/*'), ['page-rule-leftover']],
    ['a cache rule for the app', caching('(http.host eq "app.example.com")'), ['cache-everything-private']],
    ['a cache rule for all but the app', caching('(http.host ne "app.example.com")'), []],
    ['a cache rule for everything', caching('true'), ['cache-everything-private']],
    [
      'a cache rule that leaves it to the origin',
      caching('true', { cache: true, edge_ttl: { mode: 'bypass_by_default' } }),
      [],
    ],
  ])('%s', (_, zone, expected) => {
    const rows = baselineRows(zone)
    expect(rows.filter(row => row.state === 'differs').map(row => row.outcome)).toEqual(expected)
    expect(rows.filter(row => row.state === 'unread')).toEqual([])
  })

  it('an entry point that was never made holds no rules', () => {
    const absent = { seen: false as const, reason: 'absent' as const, permission: null, message: '' }
    const rows = baselineRows({ ...example, phases: { ...example.phases, http_ratelimit: absent } })
    expect(rows.find(row => row.outcome === 'no-rate-limit')?.state).toBe('differs')
  })

  it('what could not be read says which permission it needs; cached pages need both kinds of rules', () => {
    const refused = { seen: false as const, reason: 'forbidden' as const, permission: 'Cache Rules: Read', message: '' }
    const rows = baselineRows({ ...example, phases: { ...example.phases, http_request_cache_settings: refused } })
    expect(rows.filter(row => row.state === 'unread')).toMatchObject([
      { outcome: 'cache-everything-private', unread: 'the token needs Cache Rules: Read' },
    ])
    expect(baselineRows({ ...example, settings: {} }).filter(row => row.unread === 'not read')).toHaveLength(4)
  })
})
