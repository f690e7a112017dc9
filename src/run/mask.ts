// Takes secrets out of everything that leaves a run: values that came from the environment, what the secret rules find in the facts,
// each however it is encoded, and what is secret by its place (session cookies, authorization headers).
import type { SavedFact } from '../core/fact.ts'
import { maskSecret } from '../core/redact.ts'

/** Shorter ones would be found in half of all words: they are masked where they stand as a word of their own. */
const leastAnywhere = 6
const leastAsWord = 3
/** What would break the text of a report where its keys and numbers stand: lower-case words and figures. */
const maybeKey = /^(?:[a-z]+|[\d.]+)$/

export type Mask = {
  /** The text with each secret replaced by its mask. */
  text: (text: string) => string
  /** The same in every text of a value, keys included. What is printed from it may be escaped, wrapped or broken. */
  all: <Value>(value: Value) => Value
  /** Facts as they may stand in a file, before `text` goes over it. */
  facts: (facts: readonly SavedFact[]) => SavedFact[]
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

const entities: Readonly<Record<string, readonly string[]>> = {
  '&': ['&amp;', '&#38;', '&#x26;'],
  '<': ['&lt;', '&#60;', '&#x3c;'],
  '>': ['&gt;', '&#62;', '&#x3e;'],
  '"': ['&quot;', '&#34;', '&#x22;'],
  "'": ['&#39;', '&#x27;', '&apos;'],
}

/** The secret in HTML, by name, by number and by hexadecimal number. */
const inHtml = (secret: string): string[] => [
  ...[0, 1, 2].map(at => secret.replace(/[&<>"']/g, character => entities[character]![at]!)),
  ...[10, 16].map(base =>
    [...secret].map(character => `&#${base === 16 ? 'x' : ''}${character.codePointAt(0)!.toString(base)};`).join(''),
  ),
]

/** Every way in which a secret may be written: as it is, in JSON, in a URL, in a form, in HTML, in CSV, in hex, in base64. */
const formsOf = (secret: string): string[] => {
  const inUrl = encodeURIComponent(secret.toWellFormed())
  const all = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    secret.replaceAll('/', '\\/'),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
    secret.replaceAll('"', '""'),
    ...inHtml(secret),
    Buffer.from(secret).toString('hex'),
    encodeURIComponent(inUrl),
    inUrl,
    inUrl.replace(/%[0-9A-F]{2}/g, byte => byte.toLowerCase()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    ...inBase64(secret),
  ]
  return [...new Set(all)]
}

type Form = { form: string; mask: string }

const formsOfAll = (secrets: readonly string[]): Form[] =>
  secrets
    .filter(secret => secret.length >= leastAnywhere)
    .sort((a, b) => b.length - a.length)
    .flatMap(secret => formsOf(secret).map(form => ({ form, mask: maskSecret(secret) })))

const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character)

/** Replaces a short secret where nothing that a word may hold stands beside it. */
const replaceWord = (text: string, { form, mask }: Form): string => {
  let out = ''
  let from = 0
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
    if (isWordCharacter(text[at - 1]) || isWordCharacter(text[at + form.length])) continue
    out += text.slice(from, at) + mask
    from = at + form.length
  }
  return out + text.slice(from)
}

const visitTexts = (part: unknown, ofText: (text: string) => string, ofKey: (text: string) => string): unknown => {
  if (typeof part === 'string') return ofText(part)
  if (Array.isArray(part)) return part.map(item => visitTexts(item, ofText, ofKey))
  if (part === null || typeof part !== 'object') return part
  return Object.fromEntries(
    Object.entries(part).map(([key, inside]) => [ofKey(key), visitTexts(inside, ofText, ofKey)]),
  )
}

/** What masks these secrets: of six characters or more anywhere, shorter ones (from three on) as words. */
export const createMask = (secrets: readonly string[]): Mask => {
  const unique = [...new Set(secrets)]
  const forms = formsOfAll(unique)
  const words = unique
    .filter(secret => secret.length >= leastAsWord && secret.length < leastAnywhere)
    .map(secret => ({ form: secret, mask: maskSecret(secret) }))
  const safeWords = words.filter(({ form }) => !maybeKey.test(form))
  const long = (given: string): string =>
    forms.reduce((masked, { form, mask }) => (masked.includes(form) ? masked.split(form).join(mask) : masked), given)
  const short = (given: string, all: readonly Form[]): string => all.reduce(replaceWord, given)
  const whole = (given: string): string => long(short(given, words))
  return {
    text: given => long(short(given, safeWords)),
    all: value => (forms.length || words.length ? (visitTexts(value, whole, long) as typeof value) : value),
    facts: given => {
      const shown = maskFacts(given)
      return words.length
        ? (visitTexts(
            shown,
            text => short(text, words),
            key => key,
          ) as SavedFact[])
        : shown
    },
  }
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
