// The zone at Cloudflare is set as a small product needs it.
import { blocker, defineCheck, high, low, medium, type OutcomeHolds, pass, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual, setting } from '../../core/fixes.ts'
import { withSetting } from '../../facts/cloudflare/cloudflare-zone.example.ts'
import { type BaselineOutcome, baselineRows } from '../../formats/http/cloudflare-baseline.ts'

type Data = {
  zone: string
  setting: string
  now: string
  wanted: string
  why: string
  change: { path: string; value: unknown } | null
}

const set = ({ zone, setting: name, now, wanted, why, change }: Data): Fix =>
  fix(
    `Set ${name} at Cloudflare to: ${wanted}`,
    [
      change
        ? setting('cloudflare', change.path, change.value, now)
        : manual(`At Cloudflare, set ${name} of ${zone} to: ${wanted}.`),
    ],
    [
      `${why} In the dashboard of ${zone}, set ${name} to: ${wanted}.`,
      'The whole plan, also as Terraform: `launch-ready dns --out launch-ready`, file cloudflare-baseline.json.',
    ],
    10,
  )

/** Settings whose fault would stop a launch: not being able to read them weighs as much. */
const severe: readonly BaselineOutcome[] = ['universal-certificate-off', 'cache-everything-private']

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
  signals: {
    'data-exposed': ['cache-everything-private'],
    'certificate-warnings': ['universal-certificate-off'],
    'signup-unreliable': ['under-attack-on'],
  },
  outcomes: {
    'development-mode-on': high('Cloudflare’s cache is switched off (development mode)', set, {
      why: 'Every request reaches your server: pages are slower, and a rush can take it down.',
    }),
    'under-attack-on': high('Every visitor waits at Cloudflare’s “Under Attack” page', set, {
      why: 'Visitors wait some seconds before each visit, and programs such as payment notices are turned away.',
    }),
    'always-https-off': medium('Cloudflare lets visitors stay on http', set, {
      why: 'Visitors who come by http:// stay unencrypted unless your server leads them on.',
    }),
    'minimum-tls-low': medium('Cloudflare accepts encryption that is broken', set, {
      why: 'Card schemes and security reviews demand that TLS 1.0 and 1.1 are off.',
    }),
    'waf-off': low('Cloudflare’s firewall rules are off', set, { why: 'Known attacks reach your server unfiltered.' }),
    'ddos-overridden': high('Cloudflare’s protection against floods is turned down', set, {
      why: 'A flood that Cloudflare would stop may reach your server.',
    }),
    'bot-fight-blocks-webhooks': medium('Cloudflare’s Bot Fight Mode stops payment notices', set, {
      why: 'Notices of payment providers come from programs: those that are turned away leave orders unpaid in your system.',
    }),
    'no-rate-limit': low('Nothing limits how often a login is tried', set, {
      why: 'Programs can try passwords as often as they like, unless your product itself stops them.',
    }),
    'universal-certificate-off': blocker('Cloudflare issues no certificate for the site', set, {
      why: 'Without another certificate at Cloudflare no browser opens the site.',
    }),
    'dnssec-pending': medium('DNSSEC was turned on at Cloudflare and never finished', set, {
      why: 'The zone is not protected until the registrar has its DS record.',
    }),
    'page-rule-leftover': medium('Old page rules still act on the site', set, {
      why: 'A rule that nobody remembers may cache or redirect what it should not.',
    }),
    'cache-everything-private': blocker('Customers can be shown each other’s pages from the cache', set, {
      why: 'A page with the data of one customer is kept, and shown to the next.',
    }),
    'token-too-broad': medium('The Cloudflare token given to this tool may write', set, {
      why: 'Whoever gets hold of it can change your zone; reading is all that is needed here.',
    }),
    baseline: pass('Cloudflare is set as the baseline says'),
  },
  references: [
    'https://developers.cloudflare.com/fundamentals/api/reference/permissions/',
    'https://developers.cloudflare.com/ruleset-engine/reference/phases-list/',
    'https://developers.cloudflare.com/bots/get-started/bot-fight-mode/',
  ],
  judge: ({ cloudflareZone }) => {
    const rows = baselineRows(cloudflareZone)
    const zone = cloudflareZone.name
    const differing = rows
      .filter(row => row.state === 'differs')
      .map(({ outcome, setting, now, wanted, why, change }): OutcomeHolds<BaselineOutcome, Data> => {
        const data = { zone, setting, now: now ?? '', wanted, why, change }
        return { outcome, data, evidence: [textEvidence(`Cloudflare API, ${setting}`, data.now)] }
      })
    const unread = rows
      .filter(row => row.state === 'unread')
      .map(row => unknown(`${row.setting}: ${row.unread}`, severe.includes(row.outcome) ? 'blocker' : 'medium'))
    if (differing.length || unread.length) return [...differing, ...unread]
    return {
      outcome: 'baseline',
      data: { zone, setting: '', now: '', wanted: '', why: '', change: null },
      evidence: rows.map(row => textEvidence(row.setting, row.now ?? '')),
    }
  },
  examples: [
    { name: 'as the baseline says', facts: {}, expect: 'baseline' },
    {
      name: 'development mode',
      facts: { cloudflareZone: withSetting('development_mode', 'on') },
      expect: 'development-mode-on',
    },
    {
      name: 'a page rule that caches the app',
      facts: {
        cloudflareZone: {
          pageRules: {
            seen: true,
            value: [{ target: 'app.example.com/*', actions: ['cache_level=cache_everything'], status: 'active' }],
          },
        },
      },
      expect: 'cache-everything-private',
    },
    {
      name: 'the token may not read the settings',
      facts: {
        cloudflareZone: { dnssec: { seen: false, reason: 'forbidden', permission: 'DNS: Read', message: 'refused' } },
      },
      expect: 'unknown',
    },
  ],
})
