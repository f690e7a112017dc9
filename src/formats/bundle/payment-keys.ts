// Which payment accounts a page's code uses, and whether these take real money: told by the public keys and sandbox addresses in it.
import type { SecretHit } from '../secrets/hit.ts'

/** `key` is public by design, but it is masked by whoever keeps it. */
export type PaymentKey = { provider: string; mode: 'test' | 'live'; what: string; key: string; index: number }

type Shape = { provider: string; mode: 'test' | 'live'; what: string; pattern: RegExp; near?: RegExp }

// Shapes as in the providers' documentation of their client-side keys, 2026-11. Where a shape is weak, the provider's name must stand near.
const shapes: readonly Shape[] = [
  { provider: 'Paddle', mode: 'test', what: 'sandbox token', pattern: /(?<![\w-])test_[0-9a-f]{27}(?![\w-])/g },
  { provider: 'Paddle', mode: 'live', what: 'client token', pattern: /(?<![\w-])live_[0-9a-f]{27}(?![\w-])/g },
  {
    provider: 'Stripe',
    mode: 'test',
    what: 'test payment link',
    pattern: /https:\/\/(?:buy|donate)\.stripe\.com\/test_\w{6,}/g,
  },
  {
    provider: 'Paddle',
    mode: 'test',
    what: 'sandbox checkout',
    pattern: /https:\/\/sandbox-(?:buy|checkout)\.paddle\.com\//g,
  },
  {
    provider: 'Paddle',
    mode: 'test',
    what: 'sandbox environment',
    pattern: /\bPaddle\.Environment\.set\(\s*["'`]sandbox["'`]\s*\)/g,
  },
  {
    provider: 'PayPal',
    mode: 'test',
    what: 'sandbox checkout',
    pattern: /https:\/\/www\.paypal\.com\/sdk\/js\?(?:[\w=&,;-]{0,200}&(?:amp;)?)?client-id=(?:sb|test)(?![\w-])/g,
  },
  {
    provider: 'PayPal',
    mode: 'test',
    what: 'sandbox checkout',
    pattern: /(?:src|action|href)=["']https:\/\/www\.sandbox\.paypal\.com\/(?:sdk\/js|cgi-bin\/webscr|donate|ncp\/)/g,
  },
  {
    provider: 'PayPal',
    mode: 'live',
    what: 'checkout',
    pattern: /https:\/\/www\.paypal\.com\/sdk\/js\?(?:[\w=&,;-]{0,200}&(?:amp;)?)?client-id=[\w-]{40,}/g,
  },
  {
    provider: 'Lemon Squeezy',
    mode: 'test',
    what: 'test mode',
    pattern: /["']?\btest_?[mM]ode["']?\s*:\s*(?:true|!0)/g,
    near: /lemon[-_ ]?squeezy/i,
  },
  {
    provider: 'RevenueCat',
    mode: 'test',
    what: 'sandbox key',
    pattern: /(?<![\w-])rcb_sb_[A-Za-z0-9]{20,60}(?![\w-])/g,
  },
  { provider: 'RevenueCat', mode: 'live', what: 'key', pattern: /(?<![\w-])rcb_(?!sb_)[A-Za-z0-9]{20,60}(?![\w-])/g },
  {
    provider: 'Square',
    mode: 'test',
    what: 'sandbox application id',
    pattern: /(?<![\w-])sandbox-sq0idb-[\w-]{22}(?![\w-])/g,
  },
  { provider: 'Square', mode: 'live', what: 'application id', pattern: /(?<![\w-])sq0idp-[\w-]{22}(?![\w-])/g },
  {
    provider: 'Braintree',
    mode: 'test',
    what: 'sandbox key',
    pattern: /(?<![\w-])sandbox_[a-z0-9]{8}_[a-z0-9]{16}(?![\w-])/g,
  },
  {
    provider: 'Braintree',
    mode: 'live',
    what: 'key',
    pattern: /(?<![\w-])production_[a-z0-9]{8}_[a-z0-9]{16}(?![\w-])/g,
  },
  {
    provider: 'Adyen',
    mode: 'test',
    what: 'test client key',
    pattern: /(?<![\w-])test_[A-Z0-9]{32}(?![\w-])/g,
    near: /adyen|clientKey/i,
  },
  {
    provider: 'Adyen',
    mode: 'live',
    what: 'client key',
    pattern: /(?<![\w-])live_[A-Z0-9]{32}(?![\w-])/g,
    near: /adyen|clientKey/i,
  },
]

const publishable = new Map<string, 'test' | 'live'>([
  ['stripe-publishable-test', 'test'],
  ['stripe-publishable-live', 'live'],
])

/** Payment (and sign-in) accounts that code uses; `hits` are the secret scanner's over the same text. Placeholders are none. */
export const paymentKeys = (text: string, hits: readonly SecretHit[]): PaymentKey[] => {
  const found: PaymentKey[] = []
  for (const hit of hits) {
    if (hit.class !== 'public') continue
    const mode =
      publishable.get(hit.rule) ??
      (hit.rule === 'razorpay-key' ? (hit.secret.startsWith('rzp_test_') ? 'test' : 'live') : null)
    if (mode) found.push({ provider: hit.provider, mode, what: hit.what, key: hit.secret, index: hit.index })
  }
  for (const shape of shapes)
    for (const match of text.matchAll(shape.pattern)) {
      if (shape.near && !shape.near.test(text.slice(Math.max(0, match.index - 400), match.index + 400))) continue
      found.push({
        provider: shape.provider,
        mode: shape.mode,
        what: shape.what,
        key: match[0].slice(0, 300),
        index: match.index,
      })
      if (found.length >= 100) return found
    }
  return found
}
