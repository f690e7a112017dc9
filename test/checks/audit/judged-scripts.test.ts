// Outcomes of the checks that look at a host's scripts, beside their examples.
import { describe, expect, test } from 'vitest'
import developmentEndpoint from '../../../src/checks/audit/development-endpoint.ts'
import paymentMode from '../../../src/checks/audit/payment-mode.ts'
import secretInBundle from '../../../src/checks/audit/secret-in-bundle.ts'
import sourceMaps from '../../../src/checks/audit/source-maps.ts'
import vulnerableLibrary from '../../../src/checks/audit/vulnerable-library.ts'
import { genericHit, localEndpoint, paymentKey, secretHit, unread } from '../../../src/facts/http/bundles.example.ts'
import type { Bundles } from '../../../src/facts/http/bundles.ts'
import { judgeExample, outcomesOf } from '../../support/judge-example.ts'

const staging = { kind: 'host', name: 'staging.example.com' } as const
const testKey = { class: 'test', provider: 'Stripe', what: 'test secret key', rule: 'stripe-secret-test' } as const

describe('scripts', () => {
  test.each<[string, unknown, Partial<Bundles>, string[]]>([
    [
      'a tunnel with a long name',
      developmentEndpoint,
      {
        endpoints: [
          localEndpoint({ endpoint: 'https://a1b2-203-0-113-7.eu.ngrok-free.app', kind: 'tunnel', by: 'call' }),
        ],
      },
      ['present'],
    ],
    ['an endpoint in a script that gave no answer', developmentEndpoint, unread, ['unknown']],
    [
      'a live key of another provider excuses nothing',
      paymentMode,
      { payments: [paymentKey(), paymentKey({ provider: 'Clerk', mode: 'test', what: 'development key' })] },
      ['test-key-in-production'],
    ],
    ['a payment key in a script that gave no answer', paymentMode, unread, ['unknown']],
    ['a library in a script that gave no answer', vulnerableLibrary, unread, ['unknown']],
    [
      'AngularJS, which nobody mends any more',
      vulnerableLibrary,
      { libraries: [{ library: 'angular', version: '1.8.3', url: 'https://example.com/app.js' }] },
      ['vulnerable'],
    ],
    ['a private key', secretInBundle, { hits: [secretHit({ kind: 'private-key' })] }, ['private-key']],
    [
      'a test key in two files is one finding',
      secretInBundle,
      { hits: [secretHit(testKey), secretHit({ ...testKey, url: 'https://example.com/assets/pay.js' })] },
      ['test-secret'],
    ],
    [
      'two keys are two findings',
      secretInBundle,
      { hits: [secretHit(), secretHit({ hash: '2' })] },
      ['live-secret', 'live-secret'],
    ],
    [
      'a key beside a script that gave no answer',
      secretInBundle,
      { hits: [secretHit()], ...unread },
      ['live-secret', 'unknown'],
    ],
    ['a key of some library for browsers', secretInBundle, { hits: [genericHit()] }, ['clean']],
    ['more than the budget', secretInBundle, { leftOut: ['120 files after 300 files and 12 MB'] }, ['unknown']],
    ['a map left out by the budget', sourceMaps, { leftOut: ['120 files after 300 files and 12 MB'] }, ['unknown']],
  ])('%s', (_, check, bundles, expected) => expect(outcomesOf(check, { facts: { bundles } })).toEqual(expected))

  test('a staging host may take test money', () => {
    expect(
      outcomesOf(paymentMode, { facts: { bundles: { payments: [paymentKey({ mode: 'test' })] } }, subject: staging }),
    ).toEqual(['skip'])
  })

  test('a clean host says what was read, and which keys were taken for public', () => {
    const hits = [secretHit({ class: 'public', provider: 'Sentry', what: 'DSN' }), genericHit({ variable: 'token' })]
    expect(judgeExample(secretInBundle, { facts: { bundles: { hits } } }).results[0]?.evidence).toEqual([
      { kind: 'text', label: 'read', value: '2 pages and 3 files, 410 kB' },
      { kind: 'text', label: 'public by design', value: 'Sentry DSN' },
      { kind: 'text', label: 'keys that no rule knows, taken for public', value: 'value of token' },
    ])
  })

  test('the key of a secret is stable, and its places stand under it', () => {
    const hits = [secretHit(), secretHit({ url: 'https://example.com/b.js', source: 'src/pay.ts', line: 3, column: 9 })]
    const [finding] = judgeExample(secretInBundle, { facts: { bundles: { hits } } }).findings
    expect(finding?.key).toBe('openai 1a2b3c4d5e6f7081')
    expect(finding?.evidence.map(({ label }) => label)).toEqual([
      'https://example.com/assets/app.js:1:40211',
      'https://example.com/b.js (src/pay.ts):3:9',
    ])
  })
})
