// A zone at Cloudflare that follows the baseline, its site behind the proxy.
import type { CloudflareRecord, CloudflareRule, CloudflareZone } from './cloudflare-zone.ts'

const seen = <T>(value: T) => ({ seen: true as const, value })

const rule = (action: string): CloudflareRule => ({
  action,
  expression: 'true',
  enabled: true,
  description: '',
  parameters: {},
})

const record = (name: string, type: string, content: string, proxied: boolean): CloudflareRecord => ({
  name,
  type,
  content,
  proxied,
  proxiable: true,
  ttl: 1,
})

/** The records part with the mail server's, and this record behind the proxy or not. */
export const recordsWith = (name: string, type: string, proxied: boolean): CloudflareZone['records'] =>
  seen([record('example.com', 'MX', 'mail.example.com', false), record(name, type, '203.0.113.10', proxied)])

export const example: CloudflareZone = {
  id: 'a',
  name: 'example.com',
  plan: 'pro website',
  status: 'active',
  permissions: ['#dns_records:read', '#zone:read'],
  settings: {
    ssl: seen('strict'),
    development_mode: seen('off'),
    security_level: seen('medium'),
    always_use_https: seen('on'),
    min_tls_version: seen('1.2'),
  },
  records: recordsWith('www.example.com', 'A', true),
  dnssec: seen('active'),
  phases: {
    http_request_firewall_managed: seen([rule('execute')]),
    ddos_l7: seen([]),
    http_ratelimit: seen([rule('block')]),
    http_request_cache_settings: seen([]),
  },
  botFightMode: seen(false),
  universalCertificate: seen(true),
  pageRules: seen([]),
}

/** The sound zone with this setting. */
export const withSetting = (name: string, value: string): CloudflareZone => ({
  ...example,
  settings: { ...example.settings, [name]: seen(value) },
})
