// Nothing that a browser is sent holds a secret.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { BundleHit } from '../../facts/http/bundles.ts'
import { bundleHit, bundles, notRead, readEvidence } from './bundle-examples.ts'

type Data = { host: string; name: string; url: string; rotate: string }

const fix = (data: Data): Fix => ({
  summary: `Replace the ${data.name}, then keep the new one on the server`,
  steps: [
    `Make a new ${data.name}${data.rotate ? ` at ${data.rotate}` : ''}, put it on the server, and revoke the old one: whoever has loaded the page has it.`,
    'Move the call that needs it into a route of your server, and let the page call that route.',
    'Take the prefix that makes the variable public (NEXT_PUBLIC_, VITE_, REACT_APP_, PUBLIC_) off its name, and build again.',
    `Look for use by strangers in the provider’s log since ${data.url} was first served.`,
  ],
  changes: [
    {
      kind: 'manual',
      step: `Revoke the ${data.name} that ${data.url} holds${data.rotate ? ` (${data.rotate})` : ''}, and take it out of the build.`,
    },
  ],
  effortMinutes: 60,
})

const look = (data: Data): Fix => ({
  summary: `See whether ${data.name} is meant for browsers`,
  steps: [
    `Open ${data.url} at the place named and see what the value opens.`,
    'Where it is a secret: replace it, and keep the new one on the server. Where it is made to be public: suppress this finding with the reason.',
  ],
  changes: [{ kind: 'manual', step: `Decide whether ${data.name} in ${data.url} may be public; replace it if not.` }],
  effortMinutes: 20,
})

type Bad = 'live-secret' | 'private-key' | 'service-role-key' | 'test-secret' | 'suspicious'

/** An unknown value named apiKey or token is mostly a browser library's public key; these names are given to nothing public. */
const tellingName = /secret|private|passw|service_?(?:key|role)|master|admin|signing|encrypt|webhook|credential/i

/** Null for what is no fault: keys made for browsers. */
const outcomeOf = (hit: BundleHit): Bad | null => {
  if (hit.class === 'test') return 'test-secret'
  if (hit.class !== 'live') return null
  if (hit.kind === 'private-key') return 'private-key'
  if (hit.kind === 'service-role') return 'service-role-key'
  if (hit.confidence !== 'possible') return 'live-secret'
  return tellingName.test(hit.variable ?? '') ? 'suspicious' : null
}

const nameOf = (hit: BundleHit): string =>
  hit.rule === 'generic' ? `value of ${hit.variable ?? 'a secret'}` : `${hit.provider} ${hit.what}`

const place = (hit: BundleHit): string => `${hit.url}${hit.source ? ` (${hit.source})` : ''}:${hit.line}:${hit.column}`

export default defineCheck<Data>()({
  id: 'secret-in-bundle',
  stage: 'audit',
  on: 'host',
  title: 'Nothing that a browser is sent holds a secret',
  why: 'Pages, scripts with their lazy chunks, stylesheets, inline JSON and source maps are read by anybody. A key in them is a key in public: bots find it within hours. Keys made for browsers (publishable and anonymous keys, Firebase, Sentry, PostHog) are told apart and listed as seen.',
  impact: {
    journey: 'data',
    owner: 'Anyone who opens your page can take this key and act as you: read data, send mail, spend money.',
  },
  needs: ['bundles'],
  signals: ['data-exposed'],
  outcomes: {
    'live-secret': { status: 'fail', severity: 'blocker', title: 'Anyone can read your {name}', fix },
    'private-key': { status: 'fail', severity: 'blocker', title: 'Anyone can read a private key of yours', fix },
    'service-role-key': {
      status: 'fail',
      severity: 'blocker',
      title: 'Anyone can read and change every row of your database',
      why: 'The key in this page passes all access rules: every customer’s data can be read, changed and deleted with it.',
      fix,
    },
    'test-secret': {
      status: 'fail',
      severity: 'high',
      title: 'Anyone can read your {name}',
      why: 'A test key opens no money, but it shows that the build puts secrets into pages: the live one is next.',
      fix,
    },
    suspicious: { status: 'fail', severity: 'medium', title: 'This looks like a secret in a page: {name}', fix: look },
    clean: { status: 'pass', title: 'No secret in what browsers are sent' },
  },
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/01-Information_Gathering/05-Review_Webpage_Content_for_Information_Leakage',
    'https://supabase.com/docs/guides/api/api-keys',
  ],
  judge: ({ bundles: seen }, { subject }) => {
    // One secret in many files is one finding, with the places as evidence.
    const bySecret = new Map<string, BundleHit[]>()
    for (const hit of seen.hits) {
      if (outcomeOf(hit) === null) continue
      const key = `${hit.rule} ${hit.hash}`
      bySecret.set(key, [...(bySecret.get(key) ?? []), hit])
    }
    const faults = [...bySecret.values()].slice(0, 30).map(hits => {
      const hit = hits[0]!
      const name = nameOf(hit).slice(0, 36)
      return {
        outcome: outcomeOf(hit)!,
        data: { host: subject.name, name, url: hit.url, rotate: hit.rotate ?? '' },
        evidence: hits.slice(0, 5).map(item => ({ label: place(item), value: `${nameOf(item)} ${item.masked}` })),
        key: `${hit.rule} ${hit.hash}`,
      }
    })
    const unread = notRead(seen, 'blocker')
    if (faults.length) return unread ? [...faults, unread] : faults
    if (unread) return unread
    const named = (hits: BundleHit[]): string => [...new Set(hits.map(nameOf))].sort().slice(0, 20).join(', ')
    const open = named(seen.hits.filter(hit => hit.class === 'public'))
    const other = named(seen.hits.filter(hit => hit.class !== 'public'))
    return {
      outcome: 'clean',
      data: { host: subject.name, name: '', url: '', rotate: '' },
      evidence: [
        ...readEvidence(seen),
        ...(open ? [{ label: 'public by design', value: open }] : []),
        ...(other ? [{ label: 'keys that no rule knows, taken for public', value: other }] : []),
      ],
    }
  },
  examples: [
    {
      name: 'only keys that are made to be public',
      facts: {
        bundles: bundles({
          hits: [bundleHit({ class: 'public', provider: 'Sentry', what: 'DSN', rule: 'sentry-dsn' })],
        }),
      },
      expect: 'clean',
    },
    { name: 'a live key', facts: { bundles: bundles({ hits: [bundleHit()] }) }, expect: 'live-secret' },
    {
      name: 'a private key',
      facts: {
        bundles: bundles({
          hits: [
            bundleHit({ rule: 'private-key', provider: 'your servers', what: 'private key', kind: 'private-key' }),
          ],
        }),
      },
      expect: 'private-key',
    },
    {
      name: 'the key that passes all rules of the database',
      facts: {
        bundles: bundles({
          hits: [
            bundleHit({
              rule: 'supabase-service-role',
              provider: 'Supabase',
              what: 'service_role key',
              kind: 'service-role',
            }),
          ],
        }),
      },
      expect: 'service-role-key',
    },
    {
      name: 'a test key in two files',
      facts: {
        bundles: bundles({
          hits: [
            bundleHit({ class: 'test', provider: 'Stripe', what: 'test secret key', rule: 'stripe-secret-test' }),
            bundleHit({
              class: 'test',
              provider: 'Stripe',
              what: 'test secret key',
              rule: 'stripe-secret-test',
              url: 'https://example.com/assets/pay.js',
            }),
          ],
        }),
      },
      expect: 'test-secret',
    },
    {
      name: 'only its name says so',
      facts: {
        bundles: bundles({
          hits: [bundleHit({ rule: 'generic', confidence: 'possible', kind: 'generic', variable: 'sessionSecret' })],
        }),
      },
      expect: 'suspicious',
    },
    {
      name: 'a key of some library for browsers',
      facts: { bundles: bundles({ hits: [bundleHit({ rule: 'generic', confidence: 'possible', kind: 'generic' })] }) },
      expect: 'clean',
    },
    {
      name: 'a script that gave no answer',
      facts: {
        bundles: bundles({ unread: [{ url: 'https://example.com/assets/app.js', message: 'no answer within 5 s' }] }),
      },
      expect: 'unknown',
    },
    {
      name: 'more than the budget',
      facts: { bundles: bundles({ leftOut: ['120 files after 300 files and 12 MB'] }) },
      expect: 'unknown',
    },
  ],
})
