// How payment providers show in the code of a page: their public keys, their scripts and servers, and which of these move no real money.

/** `near`: where the shape is weak, the provider's name that must stand by. */
export type PaymentShape = { provider: string; mode: 'test' | 'live'; what: string; pattern: RegExp; near?: RegExp }

/** Public keys and addresses, as in the providers' documentation of their client-side keys, 2026-11. */
export const paymentShapes: readonly PaymentShape[] = [
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
    pattern:
      /(?:src|action|href)=["']https:\/\/www\.sandbox\.paypal\.com\/(?:sdk\/js|cgi-bin\/webscr|donate|ncp\/)|https:\/\/www\.sandbox\.paypal\.com\/sdk\/js\?(?:[\w=&,;-]{0,200}&(?:amp;)?)?client-id=[\w-]{3,}/g,
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
    provider: 'Mollie',
    mode: 'test',
    what: 'test key',
    pattern: /(?<![\w-])test_[A-Za-z0-9]{30,40}(?![\w-])/g,
    near: /mollie/i,
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

/** Labels of a host on which no real money moves. */
export const trialHost =
  /(?:^|[.-])(?:sandbox|playground|test|jstest|apitest|uat|snd|staging|onboarding-sandbox)(?:[.-]|$)/i
/** Providers that keep their trial servers under names of their own (`js.playground.klarna.com`); `www` and documents are neither. */
export const paymentDomains: Readonly<Record<string, string>> = {
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
