// Which payment accounts a page's code uses, and whether these take real money: known by the public keys and sandbox addresses in it.
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
  {
    provider: 'Mollie',
    mode: 'test',
    what: 'test mode',
    pattern: /\btestmode["']?\s*:\s*(?:true|!0)/g,
    near: /\bpfl_\w{6}|mollie/i,
  },
  {
    provider: 'GoCardless',
    mode: 'test',
    what: 'sandbox environment',
    pattern: /\benvironment["']?\s*:\s*["'`]sandbox["'`]/g,
    near: /GoCardless/,
  },
  {
    provider: 'Klarna',
    mode: 'test',
    what: 'playground environment',
    pattern: /\b(?:data-)?environment["']?\s*[:=]\s*["'`]?playground["'`]?/g,
    near: /klarna/i,
  },
  {
    provider: 'Checkout.com',
    mode: 'test',
    what: 'sandbox key',
    pattern: /(?<![\w-])pk_sbox_[a-z0-9]{20,40}[*#=$]?/g,
  },
]

/** A host that a script names, up to where its path or the text ends. */
const hostLiteral = /https:\/\/([\w-][\w.-]{3,160})(?=[/"'`?])/g
const trialHost = /(?:^|[.-])(?:sandbox|playground|test|jstest|apitest|uat|snd|staging|onboarding-sandbox)(?:[.-]|$)/i
/** Providers that keep their trial servers under names of their own (`js.playground.klarna.com`); `www` and documents are neither. */
const providerNames: Readonly<Record<string, string>> = {
  'klarna.com': 'Klarna',
  'klarnacdn.net': 'Klarna',
  'gocardless.com': 'GoCardless',
  'mollie.com': 'Mollie',
  'midtrans.com': 'Midtrans',
  'fastspring.com': 'FastSpring',
  'chargebee.com': 'Chargebee',
  'polar.sh': 'Polar',
  'dodopayments.com': 'Dodo Payments',
  'iyzipay.com': 'iyzico',
  'payfast.co.za': 'Payfast',
  'payu.com': 'PayU',
  'authorize.net': 'Authorize.net',
  'checkout.com': 'Checkout.com',
  'adyen.com': 'Adyen',
  'xendit.co': 'Xendit',
  'mangopay.com': 'Mangopay',
}

/** The provider's domain that a host lies under, and the labels before it; null for a host of anybody else. */
const providerOf = (host: string): { labels: string; domain: string } | null => {
  for (let dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
    const domain = host.slice(dot + 1)
    if (Object.hasOwn(providerNames, domain)) return { labels: host.slice(0, dot), domain }
  }
  return null
}

function* hostsOf(text: string): Generator<PaymentKey> {
  for (const { 0: key, 1: host = '', index } of text.matchAll(hostLiteral)) {
    const found = providerOf(host)
    if (!found) continue
    const isTrial = trialHost.test(found.labels)
    if (isTrial || !/^(?:www|docs?|developers?|help|support|status|blog)$/i.test(found.labels))
      yield {
        provider: providerNames[found.domain]!,
        mode: isTrial ? 'test' : 'live',
        what: isTrial ? 'trial server' : 'server',
        key,
        index,
      }
  }
}

const publishable = new Map<string, 'test' | 'live'>([
  ['stripe-publishable-test', 'test'],
  ['stripe-publishable-live', 'live'],
])

/** Test or live, for a public key that the secret scanner knows; null for all others. */
const modeOf = (hit: SecretHit): PaymentKey['mode'] | null => {
  if (hit.class !== 'public') return null
  if (hit.rule === 'razorpay-key') return hit.secret.startsWith('rzp_test_') ? 'test' : 'live'
  return publishable.get(hit.rule) ?? null
}

/** Keys and addresses of one shape; where it is weak, the provider's name must stand within 400 characters. */
function* matchesOf(text: string, { provider, mode, what, pattern, near }: Shape): Generator<PaymentKey> {
  for (const match of text.matchAll(pattern)) {
    const { index } = match
    if (near && !near.test(text.slice(Math.max(0, index - 400), index + 400))) continue
    yield { provider, mode, what, key: match[0].slice(0, 300), index }
  }
}

/** Keys kept of one text. */
const mostKeys = 100

/** Payment (and sign-in) accounts that code uses; `hits` are the secret scanner's over the same text. Placeholders are none. */
export const paymentKeys = (text: string, hits: readonly SecretHit[]): PaymentKey[] => {
  const found = hits.flatMap((hit): PaymentKey[] => {
    const mode = modeOf(hit)
    return mode ? [{ provider: hit.provider, mode, what: hit.what, key: hit.secret, index: hit.index }] : []
  })
  for (const keys of [...shapes.map(shape => matchesOf(text, shape)), hostsOf(text)])
    for (const key of keys) {
      if (found.length >= mostKeys) return found
      found.push(key)
    }
  return found
}
