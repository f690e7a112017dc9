// What a host's pages and scripts give away, for the examples of checks.
import type { BundleEndpoint, BundleHit, BundleMap, BundlePayment, Bundles } from './bundles.ts'

const script = 'https://example.com/assets/app.js'

/** Two pages and three scripts with nothing in them. */
export const example: Bundles = {
  pages: ['https://example.com/', 'https://example.com/login'],
  files: 3,
  bytes: 410_000,
  hits: [],
  payments: [],
  endpoints: [],
  libraries: [],
  starter: null,
  maps: [],
  unread: [],
  leftOut: [],
}

/** A live key, as the collector keeps it. */
export const secretHit = (given: Partial<BundleHit> = {}): BundleHit => ({
  rule: 'openai',
  provider: 'OpenAI',
  what: 'API key',
  class: 'live',
  kind: 'token',
  confidence: 'certain',
  masked: 'sk-p…9f (56 characters, sha256 1a2b3c4d)',
  hash: '1a2b3c4d5e6f7081',
  url: script,
  source: null,
  line: 1,
  column: 40_211,
  variable: 'apiKey',
  rotate: 'https://platform.openai.com/api-keys',
  ...given,
})

/** A value of which only the variable's name says that it may be secret. */
export const genericHit = (given: Partial<BundleHit> = {}): BundleHit =>
  secretHit({ rule: 'generic', confidence: 'possible', kind: 'generic', ...given })

/** A payment provider's live key. */
export const paymentKey = (given: Partial<BundlePayment> = {}): BundlePayment => ({
  provider: 'Stripe',
  mode: 'live',
  what: 'publishable key',
  masked: 'pk_l…9f (32 characters, sha256 1a2b3c4d)',
  url: script,
  ...given,
})

/** An address of the developer's machine as the value of a setting. */
export const localEndpoint = (given: Partial<BundleEndpoint> = {}): BundleEndpoint => ({
  endpoint: 'http://localhost:3000',
  kind: 'local',
  by: 'setting',
  url: script,
  ...given,
})

/** A public source map with the product's sources. */
export const sourceMap = (given: Partial<BundleMap> = {}): BundleMap => ({
  url: `${script}.map`,
  of: script,
  own: 42,
  sources: ['src/main.ts', 'src/billing.ts'],
  ...given,
})

/** A script that gave no answer. */
export const unread: Partial<Bundles> = { unread: [{ url: script, message: 'no answer within 5 s' }] }
