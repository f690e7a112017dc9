// Takes secrets out of everything that leaves a run: values that came from the environment, however they are encoded, and
// what is secret by its place in the facts (session cookies, authorization headers).
import type { SavedFact } from '../core/fact.ts'
import { maskSecret } from '../core/redact.ts'

/** Shorter ones would be found in half of all words. */
const leastSecret = 6

export type Mask = {
  /** The text with each secret replaced by its mask. */
  text: (text: string) => string
  /** The same in every text of a value, keys included. What is printed from it may be escaped, wrapped or broken. */
  all: <Value>(value: Value) => Value
}

/** The secret inside base64, at each of the three places where its bytes may begin (`Basic` credentials, data URIs). */
const inBase64 = (secret: string): string[] =>
  [0, 1, 2].flatMap(before => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    // Characters that also depend on what stands before or behind are left out.
    const from = [0, 2, 3][before]
    const until = Math.floor((bytes.length * 8) / 6)
    return [bytes.toString('base64').slice(from, until), bytes.toString('base64url').slice(from, until)]
  })

/** Every way in which a secret may be written: as it is, in JSON, in a URL, in a form, in base64. */
const formsOf = (secret: string): string[] => {
  const inUrl = encodeURIComponent(secret.toWellFormed())
  const all = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    inUrl,
    inUrl.replace(/%[0-9A-F]{2}/g, byte => byte.toLowerCase()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    ...inBase64(secret),
  ]
  return [...new Set(all)]
}

/** What masks these secrets (6 characters or longer). */
export const createMask = (secrets: readonly string[]): Mask => {
  const forms = [...new Set(secrets)]
    .filter(secret => secret.length >= leastSecret)
    .sort((a, b) => b.length - a.length)
    .flatMap(secret => formsOf(secret).map(form => ({ form, mask: maskSecret(secret) })))
  const text = (given: string): string =>
    forms.reduce((masked, { form, mask }) => (masked.includes(form) ? masked.split(form).join(mask) : masked), given)
  const visit = (part: unknown): unknown => {
    if (typeof part === 'string') return text(part)
    if (Array.isArray(part)) return part.map(visit)
    if (part === null || typeof part !== 'object') return part
    return Object.fromEntries(Object.entries(part).map(([key, inside]) => [text(key), visit(inside)]))
  }
  return { text, all: value => (forms.length ? (visit(value) as typeof value) : value) }
}

const maskCookie = (value: string): string =>
  value.replace(/^([^=;]*)=([^;]{8,})/, (_, name: string, secret: string) => `${name}=${maskSecret(secret)}`)

const isHeaderPair = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string'

const maskHeaders = (value: unknown): unknown => {
  if (isHeaderPair(value)) {
    const name = value[0].toLowerCase()
    if (name === 'set-cookie') return [value[0], maskCookie(value[1])]
    if (name === 'authorization' || name === 'cookie') return [value[0], maskSecret(value[1])]
    return value
  }
  if (Array.isArray(value)) return value.map(maskHeaders)
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskHeaders(item)]))
  return value
}

/** Facts without values of session cookies and of authorization headers: what may stand in a file. */
export const maskFacts = (facts: readonly SavedFact[]): SavedFact[] => facts.map(item => maskHeaders(item) as SavedFact)
