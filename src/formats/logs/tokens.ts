// Secrets that are known by their shape: providers' tokens, JWTs, private keys, password hashes, signed URLs, connection strings.
import { aiSecretRules } from '../../data/secret-rules-ai.ts'
import { cloudSecretRules } from '../../data/secret-rules-cloud.ts'
import { serviceSecretRules } from '../../data/secret-rules-services.ts'
import { entropyOf } from '../secrets/values.ts'
import { ibanLength, isCodiceFiscale, isDni, isHetu, isIban } from './checksums.ts'
import { endsAlone, note, type Window } from './window.ts'

type Prefix = { literals: readonly string[]; pattern: RegExp; entropy: number }

/** Rules by the first three characters of their literals. Public keys are made to be seen: they stay. */
export type PrefixIndex = ReadonlyMap<number, readonly Prefix[]>

/** Three characters as one number. */
export const threeAt = (text: string, at: number): number =>
  (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2)

/** What ASP.NET Core puts into its cookies. */
const protectedData: Prefix = { literals: ['CfDJ8'], pattern: /CfDJ8[\w-]{24,}/y, entropy: 0 }

export const prefixIndex = (): PrefixIndex => {
  const index = new Map<number, Prefix[]>([[threeAt('CfDJ8', 0), [protectedData]]])
  for (const rule of [...serviceSecretRules, ...cloudSecretRules, ...aiSecretRules]) {
    if (rule.by !== 'prefix' || rule.class === 'public' || rule.name !== undefined) continue
    const prefix = { literals: rule.keywords, pattern: new RegExp(rule.pattern, 'y'), entropy: rule.entropy ?? 0 }
    for (const key of new Set(rule.keywords.filter(word => word.length >= 3).map(word => threeAt(word, 0))))
      index.set(key, [...(index.get(key) ?? []), prefix])
  }
  return index
}

/** Looks for a provider's token at the beginning of a word; where it ends, or -1. */
export const lookForToken = (window: Window, index: PrefixIndex, at: number): number => {
  const { text } = window
  for (const { literals, pattern, entropy } of index.get(threeAt(text, at)) ?? []) {
    if (!literals.some(literal => text.startsWith(literal, at))) continue
    pattern.lastIndex = at
    const found = pattern.exec(text.length > at + 4096 ? text : text)?.[0]
    if (found === undefined || entropyOf(found.slice(-64)) < Math.min(entropy, 2.5)) continue
    note(window, 'token', at, at + found.length)
    return at + found.length
  }
  return -1
}

/** A bot's token of Telegram: its number, a colon and 35 characters. Where it ends, or -1. */
export const lookForBot = (window: Window, from: number, to: number): number => {
  const token = /^(?:bot)?\d{8,10}:AA[\w-]{33}(?![\w-])/.exec(window.text.slice(from, to + 40))?.[0]
  if (token === undefined) return -1
  note(window, 'token', to + 1, from + token.length)
  return from + token.length
}

const isTokenCode = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95

/** A JSON Web Token (RFC 7519): three parts in base64url, the first of which is JSON. Also one with five parts (RFC 7516). */
export const lookForJwt = (window: Window, at: number): number => {
  const { text } = window
  if (!text.startsWith('eyJ', at)) return -1
  let to = at
  let dots = 0
  for (; to < text.length; to++) {
    const code = text.charCodeAt(to)
    if (code === 46 && isTokenCode(text.charCodeAt(to + 1))) dots++
    else if (code === 46 && text.charCodeAt(to + 1) === 46) dots++
    else if (!isTokenCode(code)) break
  }
  if (to - at < 30 || dots < 1) return -1
  note(window, 'jwt', at, to)
  return to
}

/** Words before a credential. */
export const credentialSchemes = ['bearer', 'basic'] as const

/** Words that begin a credential (RFC 9110 §11): `Bearer abc`, `Basic dXNlcjpw`. `to` is where the word ends. */
export const lookForScheme = (window: Window, from: number, to: number): number => {
  const { text } = window
  const scheme = text.slice(from, to).toLowerCase()
  if (!credentialSchemes.some(known => known === scheme)) return -1
  let start = to
  while (text.charCodeAt(start) === 32 && start - to < 4) start++
  if (text.startsWith('%20', to)) start = to + 3
  else if (text.charCodeAt(to) === 43) start = to + 1
  if (start === to) return -1
  const token = /^[A-Za-z0-9._~+/=:-]+/.exec(text.slice(start, start + 8192))?.[0] ?? ''
  if (scheme === 'basic') {
    const isPair = token.length >= 6 && /^[A-Za-z0-9+/=_-]+$/.test(token) && atob64(token).includes(':')
    if (!isPair) return -1
  } else if (
    /^\w+=[^=]/.test(token) ||
    token.length < 8 ||
    (!/\d/.test(token) && token.length < 20 && !/[a-z][A-Z]|[._~+/=-]./.test(token))
  )
    return -1
  note(window, 'authorization', start, start + token.length)
  return start + token.length
}

const atob64 = (text: string): string => Buffer.from(text, 'base64').toString('latin1')

/** An IBAN, as one word or in groups of four; where it ends, or -1. */
export const lookForIban = (window: Window, at: number): number => {
  const { text } = window
  const length = ibanLength(text.slice(at, at + 2))
  if (!length) return -1
  const rows = /^[A-Z0-9]+(?:[ -][A-Z0-9]{1,4})*/.exec(text.slice(at, at + length + 10))?.[0] ?? ''
  let taken = 0
  let to = at
  for (; to - at < rows.length && taken < length; to++) if (text[to] !== ' ' && text[to] !== '-') taken++
  if (taken < length || !endsAlone(text, to) || !isIban(text.slice(at, to).replace(/[ -]/g, ''))) return -1
  note(window, 'iban', at, to)
  return to
}

/** Identities that hold letters: DNI and NIE, codice fiscale. */
export const lookForIdentity = (window: Window, from: number, to: number): void => {
  const word = window.text.slice(from, to)
  if (to - from === 9 ? isDni(word) : isCodiceFiscale(word)) note(window, 'national-id', from, to)
}

/** A henkilötunnus, of which the sign in its middle names the century. Where it ends, or -1. */
export const lookForHetu = (window: Window, from: number): number => {
  const word = /^\d{6}[-+A-FU-Y]\d{3}[\dA-Y](?![\w-])/.exec(window.text.slice(from, from + 12))?.[0]
  if (!word || !isHetu(word)) return -1
  note(window, 'national-id', from, from + word.length)
  return from + word.length
}

/** A password as it is stored: bcrypt, Argon2, scrypt, PBKDF2, crypt, htpasswd. */
const storedPassword =
  /^\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|(?:argon2(?:id|i|d)|scrypt|pbkdf2-sha\d+|[1567y]|gy|apr1|sha1|sm3)\$[^\s"'\\]{20,300})/

export const lookAtDollar = (window: Window, at: number): number => {
  const match = storedPassword.exec(window.text.slice(at, at + 330))
  if (!match) return at + 1
  note(window, 'password', at, at + match[0].length)
  return at + match[0].length
}

/** A password as a directory keeps it: `{SSHA}…`. Where it ends, or -1. */
export const lookForStored = (window: Window, from: number, to: number): number => {
  const { text } = window
  if (!/^(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|ARGON2|PBKDF2(?:-SHA\d+)?|x-is[\w-]+)$/i.test(text.slice(from, to)))
    return -1
  const value = /^[\w+/=.$,-]{12,300}/.exec(text.slice(to + 1, to + 301))?.[0] ?? ''
  if (value === '') return -1
  note(window, 'password', to + 1, to + 1 + value.length)
  return to + 1 + value.length
}

/** A password as Django and others keep it: the name of how it was made, its rounds, its salt and the rest. Where it ends, or -1. */
export const lookForDerived = (window: Window, from: number, to: number): number => {
  const { text } = window
  if (!/^(?:pbkdf2_sha\d+|bcrypt_sha256|bcrypt|argon2|scrypt|md5|sha1)$/.test(text.slice(from, to))) return -1
  const value = /^\$[\w$+/=.,]{24,400}/.exec(text.slice(to, to + 402))?.[0]
  if (value === undefined) return -1
  note(window, 'password', to, to + value.length)
  return to + value.length
}

const keyBegins = /^-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/

/** Where the body of a private key begins, behind its first line; -1 where none begins here. */
export const privateKeyAt = (text: string, at: number): number => {
  if (!text.startsWith('-----BEGIN ', at)) return -1
  const match = keyBegins.exec(text.slice(at, at + 80))
  return match ? at + match[0].length : -1
}
