// A tree without secrets, for the examples of checks, and secrets as a fact keeps them: masked and hashed.
import type { FoundSecret } from './secrets-group.ts'
import type { SecretsTree } from './secrets-tree.ts'

/** A live key of Stripe's in the code. */
export const foundSecret = (given: Partial<FoundSecret> = {}): FoundSecret => ({
  rule: 'stripe-secret-live',
  provider: 'Stripe',
  what: 'live secret key',
  class: 'live',
  kind: 'token',
  confidence: 'certain',
  masked: 'sk_l…9f (32 characters, sha256 1a2b3c4d)',
  hash: `1a2b3c4d${'0'.repeat(56)}`,
  rotate: 'https://dashboard.stripe.com/apikeys',
  places: [{ path: 'src/billing.ts', line: 4, variable: 'stripeSecretKey' }],
  count: 1,
  ...given,
})

/** Twelve files, a key that is made to be seen among them. */
export const example: SecretsTree = {
  secrets: [],
  publicKeys: [
    foundSecret({
      rule: 'stripe-publishable',
      what: 'publishable key',
      class: 'public',
      places: [{ path: 'src/checkout.tsx', line: 7, variable: 'publishableKey' }],
    }),
  ],
  placeholders: 3,
  documentation: 1,
  encrypted: 0,
  files: 12,
  bytes: 40_000,
  skipped: { binary: 2, large: [], unreadable: [] },
}
