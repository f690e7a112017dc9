// The page takes real money.
import { defineCheck } from '../../core/check.ts'
import type { BundlePayment } from '../../facts/http/bundles.ts'
import { bundles, isStagingHost } from './bundle-examples.ts'

type Data = { host: string; provider: string; what: string; url: string }

const payment = (given: Partial<BundlePayment> = {}): BundlePayment => ({
  provider: 'Stripe',
  mode: 'live',
  what: 'publishable key',
  masked: 'pk_l…9f (32 characters, sha256 1a2b3c4d)',
  url: 'https://example.com/assets/app.js',
  ...given,
})

export default defineCheck<Data>()({
  id: 'payment-mode',
  stage: 'audit',
  on: 'host',
  title: 'Checkout takes real money',
  why: 'Payment providers tell test from live by the key or address in the page (pk_test_, sandbox). With a test key real cards are declined, or an order goes through that nobody paid. Where a live key of the same provider is there too, the code picks one when it runs, and that is sound.',
  impact: { journey: 'payment', owner: 'Customers cannot pay: real cards are refused, or orders are never charged.' },
  needs: ['bundles'],
  signals: ['payment-fails'],
  outcomes: {
    'test-key-in-production': {
      status: 'fail',
      severity: 'blocker',
      title: '{provider} runs in test mode: no real customer gets through',
      fix: data => ({
        summary: `Build with the live ${data.provider} key`,
        steps: [
          `Take the live key from the ${data.provider} dashboard (switch "test mode" off there first).`,
          'Set it in the production environment of the platform that builds the site, and deploy anew: it is compiled into the page.',
          'Set the live secret key and the live webhook secret on the server too; test and live do not mix.',
          'Make one real purchase of the smallest amount and refund it.',
        ],
        changes: [
          {
            kind: 'manual',
            step: `Replace the ${data.provider} ${data.what} in ${data.url} by the live one and build again.`,
          },
        ],
        effortMinutes: 30,
      }),
    },
    live: { status: 'pass', title: 'Payment keys are live ones' },
  },
  references: ['https://docs.stripe.com/keys#test-live-modes', 'https://clerk.com/docs/deployments/overview'],
  judge: ({ bundles: seen }, { subject }) => {
    if (isStagingHost(subject.name)) return { skip: 'a host made for trying things out' }
    if (seen.payments.length === 0) {
      const first = seen.unread[0]
      return first
        ? { unknown: `${first.url} could not be read: ${first.message}`, couldBe: 'blocker' }
        : { skip: 'no payment provider is seen in the pages' }
    }
    const providers = [...new Set(seen.payments.map(item => item.provider))].sort()
    const faults = providers.flatMap(provider => {
      const used = seen.payments.filter(item => item.provider === provider)
      const test = used[0]!
      if (used.some(item => item.mode === 'live')) return []
      return [
        {
          outcome: 'test-key-in-production' as const,
          data: { host: subject.name, provider, what: test.what, url: test.url },
          evidence: used
            .slice(0, 5)
            .map(item => ({ label: item.url, value: `${item.provider} ${item.what} ${item.masked}` })),
          key: provider,
        },
      ]
    })
    if (faults.length) return faults
    return {
      outcome: 'live',
      data: { host: subject.name, provider: '', what: '', url: '' },
      evidence: seen.payments
        .slice(0, 10)
        .map(item => ({ label: item.url, value: `${item.provider} ${item.what} ${item.masked}` })),
    }
  },
  examples: [
    { name: 'a live key', facts: { bundles: bundles({ payments: [payment()] }) }, expect: 'live' },
    {
      name: 'a test key alone',
      facts: { bundles: bundles({ payments: [payment({ mode: 'test', what: 'test publishable key' })] }) },
      expect: 'test-key-in-production',
    },
    {
      name: 'both, chosen when the code runs',
      facts: {
        bundles: bundles({
          payments: [payment(), payment({ mode: 'test', what: 'test publishable key', masked: 'pk_t…' })],
        }),
      },
      expect: 'live',
    },
    {
      name: 'a live key of another provider excuses nothing',
      facts: {
        bundles: bundles({
          payments: [payment(), payment({ provider: 'Clerk', mode: 'test', what: 'development key' })],
        }),
      },
      expect: 'test-key-in-production',
    },
    { name: 'no payment', facts: { bundles: bundles() }, expect: 'skip' },
    {
      name: 'a staging host',
      subject: { kind: 'host', name: 'staging.example.com' },
      facts: { bundles: bundles({ payments: [payment({ mode: 'test' })] }) },
      expect: 'skip',
    },
    {
      name: 'a script that gave no answer',
      facts: { bundles: bundles({ unread: [{ url: 'https://example.com/app.js', message: 'no answer' }] }) },
      expect: 'unknown',
    },
  ],
})
