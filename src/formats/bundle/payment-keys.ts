// Which payment accounts a page's code uses, and whether these take real money: known by the public keys and sandbox addresses in it.
import { type PaymentShape, paymentDomains, paymentShapes, trialHost } from '../../data/payment-providers.ts'
import type { SecretHit } from '../secrets/hit.ts'

/** `key` is public by design, but it is masked by whoever keeps it. */
export type PaymentKey = { provider: string; mode: 'test' | 'live'; what: string; key: string; index: number }

/** A host that a script names, up to where its path or the text ends. */
const hostLiteral = /https:\/\/([\w-][\w.-]{3,160})(?=[/"'`?])/g
/** The provider's domain that a host lies under, and the labels before it; null for a host of anybody else. */
const providerOf = (host: string): { labels: string; domain: string } | null => {
  for (let dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
    const domain = host.slice(dot + 1)
    if (Object.hasOwn(paymentDomains, domain)) return { labels: host.slice(0, dot), domain }
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
        provider: paymentDomains[found.domain]!,
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
function* matchesOf(text: string, { provider, mode, what, pattern, near }: PaymentShape): Generator<PaymentKey> {
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
  for (const keys of [...paymentShapes.map(shape => matchesOf(text, shape)), hostsOf(text)])
    for (const key of keys) {
      if (found.length >= mostKeys) return found
      found.push(key)
    }
  return found
}
