// The zone at Cloudflare is set as a small product needs it.
import { defineCheck, type FailOutcome, type OutcomeHolds, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Severity } from '../../core/severity.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { baselineRows } from '../../formats/http/cloudflare-baseline.ts'

type Data = {
  zone: string
  setting: string
  now: string
  wanted: string
  why: string
  change: { path: string; value: unknown } | null
}

const fix = (data: Data): Fix => ({
  summary: `Set ${data.setting} at Cloudflare to: ${data.wanted}`,
  steps: [
    `${data.why} In the dashboard of ${data.zone}, set ${data.setting} to: ${data.wanted}.`,
    'The whole plan, also as Terraform: launch-ready dns --out launch-ready, file cloudflare-baseline.json.',
  ],
  changes: [
    data.change
      ? { kind: 'setting', provider: 'cloudflare', ...data.change, was: data.now }
      : { kind: 'manual', step: `At Cloudflare, set ${data.setting} of ${data.zone} to: ${data.wanted}.` },
  ],
  effortMinutes: 10,
})

const fails = (severity: Severity, title: string): FailOutcome<Data> => ({ status: 'fail', severity, title, fix })

export default defineCheck<Data>()({
  id: 'cloudflare-settings',
  stage: 'dns',
  on: 'domain',
  title: 'Cloudflare is set as a small product needs it',
  why: 'With a read-only token, each setting is read from its own endpoint and held against a baseline. What the token may not read is unknown and names the permission. A token that may write is reported as well: this tool never needs one.',
  impact: {
    journey: 'operate',
    owner: 'Customers or payment notices are turned away, or one customer sees the pages of another.',
  },
  needs: ['cloudflareZone'],
  outcomes: {
    'development-mode-on': fails('high', 'Cloudflare’s cache is switched off (development mode)'),
    'under-attack-on': fails('high', 'Every visitor waits at Cloudflare’s “Under Attack” page'),
    'always-https-off': fails('medium', 'Cloudflare lets visitors stay on http'),
    'minimum-tls-low': fails('medium', 'Cloudflare accepts encryption that is broken'),
    'waf-off': fails('low', 'Cloudflare’s firewall rules are off'),
    'ddos-overridden': fails('high', 'Cloudflare’s protection against floods is turned down'),
    'bot-fight-blocks-webhooks': fails('medium', 'Cloudflare’s Bot Fight Mode stops payment notices'),
    'no-rate-limit': fails('low', 'Nothing limits how often a login is tried'),
    'universal-certificate-off': fails('blocker', 'Cloudflare issues no certificate for the site'),
    'dnssec-pending': fails('medium', 'DNSSEC was turned on at Cloudflare and never finished'),
    'page-rule-leftover': fails('medium', 'Old page rules still act on the site'),
    'cache-everything-private': fails('blocker', 'Customers can be shown each other’s pages from the cache'),
    'token-too-broad': fails('medium', 'The Cloudflare token given to this tool may write'),
    baseline: { status: 'pass', title: 'Cloudflare is set as the baseline says' },
  },
  references: [
    'https://developers.cloudflare.com/fundamentals/api/reference/permissions/',
    'https://developers.cloudflare.com/ruleset-engine/reference/phases-list/',
    'https://developers.cloudflare.com/bots/get-started/bot-fight-mode/',
  ],
  judge: ({ cloudflareZone }) => {
    const rows = baselineRows(cloudflareZone)
    const zone = cloudflareZone.name
    const severe = ['universal-certificate-off', 'cache-everything-private']
    const differing = rows
      .filter(row => row.state === 'differs')
      .map(
        row =>
          ({
            outcome: row.outcome as 'waf-off',
            data: {
              zone,
              setting: row.setting,
              now: row.now ?? '',
              wanted: row.wanted,
              why: row.why,
              change: row.change,
            },
            evidence: [{ label: `Cloudflare API, ${row.setting}`, value: row.now ?? '' }],
          }) satisfies OutcomeHolds<'waf-off', Data>,
      )
    const unread = rows
      .filter(row => row.state === 'unread')
      .map(row => unknown(`${row.setting}: ${row.unread}`, severe.includes(row.outcome) ? 'blocker' : 'medium'))
    if (differing.length || unread.length) return [...differing, ...unread]
    return {
      outcome: 'baseline',
      data: { zone, setting: '', now: '', wanted: '', why: '', change: null },
      evidence: rows.map(row => ({ label: row.setting, value: row.now ?? '' })),
    }
  },
  examples: [
    { name: 'as the baseline says', facts: { cloudflareZone: sound() }, expect: 'baseline' },
    {
      name: 'development mode',
      facts: {
        cloudflareZone: sound({ settings: { ...sound().settings, development_mode: { seen: true, value: 'on' } } }),
      },
      expect: 'development-mode-on',
    },
    {
      name: 'a page rule that caches the app',
      facts: {
        cloudflareZone: sound({
          pageRules: {
            seen: true,
            value: [{ target: 'app.example.com/*', actions: ['cache_level=cache_everything'], status: 'active' }],
          },
        }),
      },
      expect: 'cache-everything-private',
    },
    {
      name: 'the token may not read the settings',
      facts: {
        cloudflareZone: sound({
          dnssec: { seen: false, reason: 'forbidden', permission: 'DNS: Read', message: 'refused' },
        }),
      },
      expect: 'unknown',
    },
  ],
})

/** A zone that follows the baseline, changed as given, for the examples. */
function sound(change: Partial<Facts['cloudflareZone']> = {}): Facts['cloudflareZone'] {
  const seen = <T>(value: T) => ({ seen: true as const, value })
  const rule = { action: 'execute', expression: 'true', enabled: true, description: '', parameters: {} }
  return {
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
    records: seen([]),
    dnssec: seen('active'),
    phases: {
      http_request_firewall_managed: seen([rule]),
      ddos_l7: seen([]),
      http_ratelimit: seen([{ ...rule, action: 'block' }]),
      http_request_cache_settings: seen([]),
    },
    botFightMode: seen(false),
    universalCertificate: seen(true),
    pageRules: seen([]),
    ...change,
  }
}
