// The plan for Cloudflare: what differs, what could not be read, never a secret; and Terraform in its own layout.
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { missing, observed } from '../../src/core/fact.ts'
import { cloudflareBaseline } from '../../src/deliverables/cloudflare-baseline.ts'

const seen = <T>(value: T) => ({ seen: true as const, value })
const zone = {
  id: 'a',
  name: 'example.com',
  plan: 'free website',
  status: 'active',
  permissions: ['#zone:read'],
  settings: {
    ssl: seen('full'),
    development_mode: seen('on'),
    security_level: seen('medium'),
    always_use_https: seen('on'),
    min_tls_version: seen('1.2'),
  },
  records: seen([]),
  dnssec: seen('active'),
  phases: {
    http_request_firewall_managed: seen([]),
    ddos_l7: seen([]),
    http_ratelimit: seen([]),
    http_request_cache_settings: seen([]),
  },
  botFightMode: {
    seen: false as const,
    reason: 'forbidden' as const,
    permission: 'Bot Management: Read',
    message: 'refused',
  },
  universalCertificate: seen(true),
  pageRules: seen([]),
}
const on = { kind: 'domain' as const, name: 'example.com' }
const outside = (nameServers: boolean) =>
  observed({ nameServers, behind: [], loops: [], exposed: [], mailBehind: [] }, '')
type Row = { setting: string; now: string | null; wanted: string; state: string; unread?: string }

describe('cloudflare-baseline', () => {
  test('says what differs, what is as wanted, and which permission is missing', () => {
    const [plan, terraform] = cloudflareBaseline({
      domain: 'example.com',
      facts: [{ fact: 'cloudflareZone', on, is: observed(zone, '') }],
    })
    const rows = (JSON.parse(plan!.content) as { settings: Row[] }).settings
    const of = (setting: string) => rows.find(row => row.setting === setting)
    expect(of('ssl')).toMatchObject({ now: 'full', wanted: 'strict', state: 'differs' })
    expect(of('development_mode')).toMatchObject({ now: 'on', wanted: 'off', state: 'differs' })
    expect(of('always_use_https')?.state).toBe('as-wanted')
    expect(of('http_request_firewall_managed')?.state).toBe('not-on-plan')
    expect(of('bot_management.fight_mode')?.unread).toContain('Bot Management: Read')
    expect(terraform!.content).toContain('resource "cloudflare_zone_setting" "ssl"')
  })
  test('without a token it is a plan without comparison; away from Cloudflare there is none', () => {
    const noToken = missing('unsupported', 'no Cloudflare token was given', { because: 'no token' })
    const [plan] = cloudflareBaseline({
      domain: 'example.com',
      facts: [
        { fact: 'cloudflareZone', on, is: noToken },
        { fact: 'cloudflareOutside', on, is: outside(true) },
      ],
    })
    expect((JSON.parse(plan!.content) as { settings: Row[] }).settings.every(row => row.state === 'unread')).toBe(true)
    expect(
      cloudflareBaseline({ domain: 'example.com', facts: [{ fact: 'cloudflareOutside', on, is: outside(false) }] }),
    ).toEqual([])
  })
  test('Terraform, where it is installed, finds nothing to format', context => {
    const text = cloudflareBaseline({
      domain: 'example.com',
      facts: [{ fact: 'cloudflareZone', on, is: observed(zone, '') }],
    })[1]!.content
    let formatted: string
    try {
      formatted = execFileSync('terraform', ['fmt', '-'], {
        input: text,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return context.skip()
      throw error
    }
    expect(formatted).toBe(text)
  })
})
