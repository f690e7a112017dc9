// Secrets by how they begin: shapes that belong to one provider.
import type { SecretRule } from '../../../data/secret-shapes.ts'
import { beginsHere, endsHere, joinedMatch, matchAt, variableBefore } from '../assignment.ts'
import type { PrefixRule } from '../candidates.ts'
import type { Found } from '../hit.ts'
import { crc32Base62, entropyOf, isMadeUp, kindsOfCharacters } from '../values.ts'
import { classIn, isShownAsExample, type Looked, looksForThem } from './looked.ts'

/** Providers that took over Stripe's prefixes, by the variable's name or the key's body. */
const sharedPrefix: readonly [RegExp, string, string][] = [
  [/clerk/i, 'Clerk', 'https://dashboard.clerk.com/last-active?path=api-keys'],
  [/workos/i, 'WorkOS', 'https://dashboard.workos.com/api-keys'],
  [/paystack/i, 'Paystack', 'https://dashboard.paystack.com/#/settings/developers'],
  [/upload_?thing/i, 'Uploadthing', 'https://uploadthing.com/dashboard'],
  [/knock/i, 'Knock', 'https://dashboard.knock.app'],
]

/** Whose key it is, where several providers share a prefix or one provider several uses. */
type Owner = Pick<SecretRule, 'id' | 'what' | 'provider' | 'rotate' | 'class'>

type Token = { secret: string; body: string; index: number; end: number; variable: string | null }

const isClerks = (secret: string, body: string): boolean =>
  secret.startsWith('pk_') && /^[a-z0-9.-]+\$$/.test(Buffer.from(body, 'base64').toString('latin1'))

/** A key of Google's that pays for a model has the same shape, but is not made to be seen. */
const isGeminis = (text: string, { index, end, variable }: Token): boolean =>
  (variable !== null && /gemini|generative|palm|vertex|google_?ai/i.test(variable)) ||
  text.slice(Math.max(0, index - 300), end + 300).includes('generativelanguage.googleapis')

const isBesideTestKey = (text: string): boolean => /\b[rsp]k_test_/.test(text) && !/\b[rsp]k_live_/.test(text)

const ownerOf = (rule: SecretRule, { text, path }: Looked, token: Token): Owner => {
  const { secret, body, variable } = token
  if (rule.id.startsWith('stripe-') && /^[sp]k_/.test(secret)) {
    const shared = sharedPrefix.find(([pattern]) => variable !== null && pattern.test(variable))
    if (shared) return { ...rule, provider: shared[1], rotate: shared[2] }
    if (isClerks(secret, body)) return { ...rule, provider: 'Clerk' }
  }
  // What `stripe listen` prints signs the tries of a laptop, and what stands beside a test key alone signs those of its account.
  if (rule.id === 'stripe-webhook' && (/^[0-9a-f]{64}$/.test(token.body) || isBesideTestKey(text)))
    return { ...rule, class: 'test' }
  // Svix, Clerk, Resend and whoever keeps to Standard Webhooks begin theirs in the same way.
  if (rule.id === 'stripe-webhook' && !/stripe/i.test(`${path} ${text}`))
    return { ...rule, provider: 'your webhooks', rotate: '' }
  if (rule.id === 'google-api-key' && isGeminis(text, token))
    return {
      ...rule,
      class: 'live',
      rotate: 'https://aistudio.google.com/apikey',
      id: 'gemini',
      what: 'Gemini API key',
    }
  return rule
}

/** `delete-an-api-key-342ef…`, `box.ico-342ef….png`: a plain word with a dash inside of a name is no prefix. */
const isSlug = (text: string, index: number, literal: string): boolean =>
  /^[a-z]+-$/.test(literal) && /[A-Za-z0-9][-.]$/.test(text.slice(Math.max(0, index - 2), index))

/** The token that stands at an index, or null where it is part of something else. */
const tokenAt = (
  { pattern, separated, rule }: PrefixRule,
  text: string,
  index: number,
  literal: string,
): Token | null => {
  if (!beginsHere(text, index, separated) || isSlug(text, index, literal)) return null
  const match = matchAt(pattern, text, index) ?? joinedMatch(pattern, text, index)
  if (!match) return null
  const secret = match[0].replace(/[.=-]+$/, tail =>
    tail.includes('=') && /=$/.test(rule.pattern) ? tail : tail.replace(/[.-]/g, ''),
  )
  const end = index + secret.length
  if (match.input === text && !endsHere(text, end, separated)) return null
  return { secret, body: secret.slice(literal.length), index, end, variable: variableBefore(text, index) }
}

/** Too even for a token of this provider: made up, or something else. */
const isDull = ({ class: value, entropy }: SecretRule, body: string): boolean =>
  value !== 'public' &&
  ((kindsOfCharacters(body) < 2 && !/^[A-Z0-9]{16}$/.test(body)) ||
    entropyOf(body) < Math.min(entropy ?? 0, 0.6 * Math.log2(body.length)))

/** A signed URL names the key that signed it; that is no secret. */
const signsUrl = ({ id }: SecretRule, text: string, index: number): boolean =>
  id === 'aws-access-key' && /(?:X-Amz-Credential|AWSAccessKeyId)=$/i.test(text.slice(Math.max(0, index - 20), index))

const isInterface = (path: string): boolean => /(?:openapi|swagger|asyncapi)[\w.-]*\.(?:ya?ml|json)$/i.test(path)

/** Judges what stands at `index` by one rule. */
export const byPrefix = (at: Looked, entry: PrefixRule, index: number, literal: string): Found | null => {
  const { text } = at
  const { rule } = entry
  const token = tokenAt(entry, text, index, literal)
  if (!token) return null
  const { secret, body, end, variable } = token
  if (entry.name && !(variable && entry.name.test(variable))) return null
  if (signsUrl(rule, text, index)) return null
  const found = { secret, index, variable, kind: rule.kind }
  if (isDull(rule, body)) {
    if (!isMadeUp(body) && kindsOfCharacters(body) >= 2) return null
    const { id, provider, what } = rule
    return { ...found, rule: id, provider, what, class: 'placeholder', confidence: 'possible', rotate: null, rank: 1 }
  }
  const { id, what, provider, rotate, class: owned } = ownerOf(rule, at, token)
  // The first parts of Slack's tokens number a team and an app; the last one is the secret.
  const last = rule.id === 'slack-token' ? (/-([0-9a-f]{16,})$/.exec(body)?.[1] ?? body) : body
  let value =
    isMadeUp(last) || /\b(\d{4})-\1\b/.test(body) || /^(?:\.\.\.|…|\*{3})/.test(text.slice(end, end + 3))
      ? 'placeholder'
      : owned
  const proven = rule.checksum !== undefined && value === 'live' && crc32Base62(body.slice(0, -6)) === body.slice(-6)
  // GitHub's sum is certain (no token of theirs fails it); npm's is said to be alike, and a leak weighs more than a doubt.
  if (rule.checksum && value === 'live' && !proven && rule.id === 'github-token') value = 'placeholder'
  // An interface's description shows what a key looks like, and so does a scanner's.
  const shown =
    at.repo &&
    (looksForThem(at, literal) || (!proven && (isShownAsExample(text, index, variable) || isInterface(at.path))))
  if (shown && value !== 'public') value = value === 'placeholder' ? value : 'documentation'
  return {
    ...found,
    rule: id,
    provider,
    what,
    class: classIn(at, value, proven),
    confidence: 'certain',
    rotate: rotate || null,
    rank: 3,
  }
}
