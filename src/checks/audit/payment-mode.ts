// The page takes real money.
import { blocker, defineCheck, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { paymentKey } from '../../facts/http/bundles.example.ts'
import type { BundlePayment } from '../../facts/http/bundles.ts'
import { isTrialHost } from '../../formats/http/staging-host.ts'
import { goLive } from './page-fixes.ts'

type Data = { host: string; provider: string; what: string; url: string }

const evidenceOf = ({ url, provider, what, masked }: BundlePayment) =>
  httpEvidence(url, `${provider} ${what} ${masked}`)

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
    'test-key-in-production': blocker('{provider} runs in test mode: no real customer gets through', goLive),
    live: pass('Payment keys are live ones'),
  },
  references: ['https://docs.stripe.com/keys#test-live-modes', 'https://clerk.com/docs/deployments/overview'],
  judge: ({ bundles: { payments, unread } }, { subject: { name: host } }) => {
    if (isTrialHost(host)) return skip('a host made for trying things out')
    if (payments.length === 0) {
      const [first] = unread
      return first
        ? unknown(`${first.url} could not be read: ${first.message}`, 'blocker')
        : skip('no payment provider is seen in the pages')
    }
    const byProvider = Map.groupBy(payments, item => item.provider)
    const faults = [...byProvider.keys()].sort().flatMap(provider => {
      const used = byProvider.get(provider)!
      if (used.some(item => item.mode === 'live')) return []
      const { what, url } = used[0]!
      const evidence = used.slice(0, 5).map(evidenceOf)
      return [
        { outcome: 'test-key-in-production' as const, data: { host, provider, what, url }, evidence, key: provider },
      ]
    })
    if (faults.length) return faults
    return {
      outcome: 'live',
      data: { host, provider: '', what: '', url: '' },
      evidence: payments.slice(0, 10).map(evidenceOf),
    }
  },
  examples: [
    { name: 'a live key', facts: { bundles: { payments: [paymentKey()] } }, expect: 'live' },
    {
      name: 'a test key alone',
      facts: { bundles: { payments: [paymentKey({ mode: 'test' })] } },
      expect: 'test-key-in-production',
    },
    {
      name: 'both, chosen when the code runs',
      facts: { bundles: { payments: [paymentKey(), paymentKey({ mode: 'test' })] } },
      expect: 'live',
    },
    { name: 'no payment', facts: {}, expect: 'skip' },
  ],
})
