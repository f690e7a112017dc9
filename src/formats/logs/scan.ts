// Finds what does not belong into a log, in one pass over its characters. The text holds one byte in each character (latin1), so
// that whatever stands in it leaves as it came. Work grows with the length: each look is bounded.
import type { LogKind } from '../../data/log-names.ts'
import { isUrlSecret, lookAtPrintable, lookAtSign, lookForIp, lookForPathToken } from './addresses.ts'
import { endingAt, kindOfName, nameEndings } from './names.ts'
import { lookAtCodedPlus, lookAtNumber, lookAtParenthesis, lookAtPlus } from './numbers.ts'
import { lookForAttached, lookForLogin } from './options.ts'
import { lookForArgument, lookForSpokenCode, lookForSpokenPassword } from './spoken.ts'
import {
  lookAtDollar,
  lookForBot,
  lookForIban,
  lookForIdentity,
  lookForJwt,
  lookForScheme,
  lookForToken,
  type PrefixIndex,
  prefixIndex,
  privateKeyAt,
} from './tokens.ts'
import { endOfHeader, isNoValue, type Value, valueBehind, valuesWithin, wholeEnd } from './values.ts'
import { endOfColour, type Hit, note, type Window } from './window.ts'

export type { Hit } from './window.ts'

export type ScanLogOptions = { ip?: boolean }

/** `scan` finds hits between `from` and about `stop`; `at` is where it ended, `key` true where a private key was not closed yet. */
export type LogScanner = {
  scan(text: string, bytes: Uint8Array, from: number, stop: number): { hits: Hit[]; at: number; key: boolean }
}

const word = 1
const sign = 2
const plus = 3
const dollar = 4
const dash = 5
const parenthesis = 6
const percent = 7
const escapeByte = 8

const kindsOfCodes = (): Uint8Array => {
  const kinds = new Uint8Array(256)
  for (const range of ['az', 'AZ', '09', '__'])
    for (let code = range.charCodeAt(0); code <= range.charCodeAt(1); code++) kinds[code] = word
  for (const [character, kind] of [
    ['@', sign],
    ['+', plus],
    ['$', dollar],
    ['-', dash],
    ['(', parenthesis],
    ['%', percent],
    ['\u001b', escapeByte],
  ] as const)
    kinds[character.charCodeAt(0)] = kind
  return kinds
}

type Scanner = {
  kinds: Uint8Array
  endings: Uint8Array
  prefixes: PrefixIndex
  /** The first two characters of those prefixes. */
  starts: Uint8Array
  names: Map<string, LogKind | null>
  ip: boolean
}

/** Names seen are remembered: the same few stand in every line. */
const mostNames = 5_000

const kindOf = ({ names }: Scanner, name: string): LogKind | null => {
  const known = names.get(name)
  if (known !== undefined) return known
  const kind = kindOfName(name)
  if (names.size >= mostNames) names.clear()
  names.set(name, kind)
  return kind
}

const headerKinds: readonly LogKind[] = ['authorization', 'cookie']
const wholeKinds: readonly LogKind[] = ['authorization', 'cookie', 'password', 'session', 'key', 'token']
const schemes =
  /^(?:bearer|basic|digest|token|apikey|negotiate|ntlm|oauth|hawk|aws4-hmac-sha256|signature|key)(?:\s+|%20|\+)/i

/** Whether what stands there is a value to hide, and not a word about one. */
const isHidden = (kind: LogKind, value: string, { how, natural }: Value): boolean => {
  if (value === '' || isNoValue(value) || /^\$\{?\w|^process\.env|^SIG[A-Z]{2,6}$|^%[sdv]$|^\{\{/.test(value))
    return false
  if (kind === 'one-time-code')
    return how === 'quoted' ? value.length >= 4 && value.length <= 16 : /^\d{4,10}$/.test(value)
  if (kind === 'card-code') return /^\d{3,4}$/.test(value)
  if (kind === 'name' || kind === 'address') return /[A-Za-z\x80-\xff]/.test(value)
  if (kind === 'phone') return value.replace(/\D/g, '').length >= 6
  if (kind === 'birth-date') return /\d/.test(value) && value.length >= 6
  if (kind === 'ip') return false
  if (kind === 'email') return value.includes('@') || /%40/i.test(value)
  if (kind === 'iban' || kind === 'card' || kind === 'national-id')
    return value.replace(/\W/g, '').length >= 7 && /\d/.test(value)
  if (natural && how === 'bare') {
    if (/^[a-z]+$/.test(value) && kind !== 'password') return false
    return value.length >= (kind === 'password' ? 3 : 6)
  }
  if (kind === 'password') return !(how === 'bare' && /^\/[\w/.-]*$/.test(value)) && !/^(?:0|1)$/.test(value)
  if (kind === 'session') return value.length >= 8 && !/^\d{1,9}$/.test(value)
  return how === 'quoted' ? value.length >= 3 : !/^\d{1,5}$/.test(value) && value.length >= 4
}

const lookForHeader = (window: Window, kind: LogKind, value: Value, nameFrom: number): void => {
  const { text } = window
  const scheme = schemes.exec(text.slice(value.from, value.from + 32))?.[0] ?? ''
  const isLine = value.how === 'bare' && (value.natural || kind === 'cookie')
  const to = isLine ? endOfHeader(text, value.from, nameFrom) : wholeEnd(text, value)
  // `Authorization: Bearer abc` in a line of text: one word behind the scheme, unless the scheme has many parts.
  const from = value.from + scheme.length
  const isOneWord = isLine && kind === 'authorization' && /^(?:bearer|basic|token|apikey|key)/i.test(scheme)
  const end = isOneWord ? Math.min(to, from + (/^\S+/.exec(text.slice(from, from + 16_384))?.[0].length ?? 0)) : to
  const content = text.slice(from, end)
  if (content.trim().length < 4 || isNoValue(content.trim())) return
  if (kind === 'authorization' && !scheme && value.how === 'bare' && !/\d/.test(content)) return
  if (kind === 'cookie' && value.how === 'bare' && !content.includes('=') && !/\d/.test(content)) return
  const isCut = isLine && !isOneWord && end - value.from >= 2_048
  note(window, kind, from, isCut ? endOfHeader(text, value.from, nameFrom, text.length) : end)
}

/** Numbers that people write in groups. */
const groupedKinds: readonly LogKind[] = ['national-id', 'card', 'iban']
const grouped = /^[A-Z]{0,2}\d[\dA-Z]{1,5}(?:[ .-][\dA-Z]{1,6}){2,7}(?![\w])/

const hideWithin = (window: Window, kind: LogKind, value: Value): void => {
  const { text } = window
  for (const part of valuesWithin(text, value)) {
    const content = text.slice(part.from, part.to)
    if (content.length >= 3 && !isNoValue(content)) note(window, kind, part.from, part.to)
  }
}

/** Hides the value of a field whose name says what it holds. */
const lookAtField = (scanner: Scanner, window: Window, from: number, to: number): void => {
  const { text } = window
  const name = text.slice(from, to)
  const kind = kindOf(scanner, name)
  if (kind === null && name.toLowerCase() === 'code') lookForSpokenCode(window, from, to)
  if (kind === null || kind === 'ip') return
  const value = valueBehind(text, from, to)
  if (!value) {
    if (kind === 'password') lookForSpokenPassword(window, to)
    else if (wholeKinds.includes(kind)) lookForArgument(window, kind, from, to)
    return
  }
  if (value.raw && !headerKinds.includes(kind) && kind !== 'key' && kind !== 'token') return
  if (value.how === 'list' || value.how === 'object') {
    if (value.how === 'list' || wholeKinds.includes(kind)) hideWithin(window, kind, value)
    return
  }
  // "pass=42 fail=3" counts.
  if (value.how === 'bare' && name.toLowerCase() === 'pass' && /^\d{1,6}$/.test(text.slice(value.from, value.to)))
    return
  const group =
    groupedKinds.includes(kind) && value.how === 'bare' ? grouped.exec(text.slice(value.from, value.from + 40)) : null
  if (group) note(window, kind, value.from, value.from + group[0].length)
  else if (headerKinds.includes(kind)) lookForHeader(window, kind, value, from)
  else if (isHidden(kind, text.slice(value.from, Math.min(value.to, value.from + 256)), value))
    note(window, kind, value.from, wholeEnd(text, value))
}

/** Parameters of a URL whose names are ordinary words elsewhere. */
const lookAtParameter = (window: Window, from: number, to: number): void => {
  const { text } = window
  if (text.charCodeAt(to) !== 61 || to - from > 6) return
  const value = /^[\w.~%/+-]+/.exec(text.slice(to + 1, to + 600))?.[0] ?? ''
  if (isUrlSecret(text, from, text.slice(from, to), value)) note(window, 'key', to + 1, to + 1 + value.length)
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isUpper = (code: number): boolean => code >= 65 && code <= 90

/** Looks at the word `from`…`to`; where to go on. */
const lookAtWord = (scanner: Scanner, window: Window, from: number, to: number): number => {
  const { bytes } = window
  const length = to - from
  const first = bytes[from]!
  if (scanner.ip && length <= 4) {
    const end = lookForIp(window, from)
    if (end !== -1) return end
  }
  if (isDigit(first)) {
    if (length === 9 && isUpper(bytes[to - 1]!)) lookForIdentity(window, from, to)
    const end = lookAtNumber(window, from)
    if (end > to) return end
  }
  const end = length >= 4 ? lookForShape(scanner, window, from, to) : lookAtShort(scanner, window, from, to)
  if (end !== -1) return end
  const more = lookBeside(window, from, to)
  if (more !== -1) return more
  return length < 2 ? to : lookAtName(scanner, window, from, to)
}

/** A short word that begins a token: `sk-ant-…`, `SG.…`; or an option with a login behind it. Where that ends, or -1. */
const lookAtShort = (scanner: Scanner, window: Window, from: number, to: number): number => {
  const { bytes } = window
  const after = bytes[to]!
  if (after === dashCode || after === 46) return lookForPrefix(scanner, window, from, to)
  return bytes[from] === 117 && to - from === 1 && bytes[from - 1] === dashCode ? lookForLogin(window, from) : -1
}

const colon = 58

/** What the characters around a word give away: a bot's token, colours of a terminal, an @ written otherwise. Where that ends, or -1. */
const lookBeside = (window: Window, from: number, to: number): number => {
  const { bytes } = window
  const after = bytes[to]!
  if (after === colon) return bytes[to + 1] === 65 && bytes[to + 2] === 65 ? lookForBot(window, from, to) : -1
  if (after === 61) return bytes[to + 1] === 52 && bytes[to + 2] === 48 ? lookAtPrintable(window, to) : -1
  if (after === 91 && bytes[to - 1] === 98) return endOfColour(window.text, from, to)
  if (bytes[from] === 112 && bytes[from - 1] === dashCode && bytes[from - 2] === 32)
    return lookForAttached(window, from)
  return bytes[from] === 117 && bytes[from + 1] === 48 && window.text.startsWith('\\u0040', from - 1)
    ? lookAtSign(window, from - 1, 6)
    : -1
}

/** Looks for what is known by its shape; where it ends, or -1. */
const lookForShape = (scanner: Scanner, window: Window, from: number, to: number): number => {
  const { bytes } = window
  const length = to - from
  const first = bytes[from]!
  const second = bytes[from + 1]!
  if (isUpper(first) && isUpper(second) && isDigit(bytes[from + 2]!) && isDigit(bytes[from + 3]!)) {
    const end = lookForIban(window, from)
    if (end !== -1) return end
  }
  if (length === 9 && first >= 88 && first <= 90) lookForIdentity(window, from, to)
  else if (length === 16 && !isDigit(first)) lookForIdentity(window, from, to)
  const end = lookForPrefix(scanner, window, from, to)
  if (end !== -1) return end
  return first === 101 && second === 121 ? lookForJwt(window, from) : -1
}

const lookForPrefix = ({ starts, prefixes }: Scanner, window: Window, from: number, to: number): number => {
  const { bytes } = window
  const start = (bytes[from]! << 8) | bytes[from + 1]!
  if (!starts[start] || !prefixes.has((start << 8) | bytes[from + 2]!)) return -1
  const end = lookForToken(window, prefixes, from)
  return end === -1 ? -1 : Math.max(end, to)
}

/** Names may hold hyphens: the words between them are joined. */
const lookAtName = (scanner: Scanner, window: Window, from: number, to: number): number => {
  const { bytes } = window
  const after = bytes[to]!
  if (scanner.endings[endingAt(bytes, to)]) {
    let start = from
    while (from - start < 48 && bytes[start - 1] === 45 && scanner.kinds[bytes[start - 2]!] === word) {
      start -= 2
      while (from - start < 48 && scanner.kinds[bytes[start - 1]!] === word) start--
    }
    lookAtField(scanner, window, start, to)
    // What was taken out is not looked at again.
    const last = window.hits.at(-1)
    if (last && last.to > to) return last.to
  }
  if (after === 61) lookAtParameter(window, from, to)
  else if (after === 47) lookForPathToken(window, from, to)
  else if (after === 32 || after === 37 || after === 43) {
    const last = bytes[to - 1]! | 32
    const end = (last === 114 || last === 99) && to - from <= 6 ? lookForScheme(window, from, to) : -1
    if (end !== -1) return end
  }
  return to
}

/** Where a private key ends, behind its last line; -1 where that is not in sight. */
const endOfKey = (text: string, from: number): number => {
  const at = text.indexOf('-----END ', from)
  const close = at === -1 ? -1 : text.indexOf('-----', at + 9)
  return close === -1 ? -1 : at
}

/** The scanner. Its memory is small and bounded: names that it met. */
export const createLogScanner = ({ ip = false }: ScanLogOptions = {}): LogScanner => {
  const prefixes = prefixIndex()
  const starts = new Uint8Array(1 << 16)
  for (const key of prefixes.keys()) starts[key >> 8] = 1
  const scanner: Scanner = {
    kinds: kindsOfCodes(),
    endings: nameEndings(),
    prefixes,
    starts,
    names: new Map(),
    ip,
  }
  const { kinds } = scanner
  const scan = (
    text: string,
    bytes: Uint8Array,
    start: number,
    stop: number,
  ): { hits: Hit[]; at: number; key: boolean } => {
    const window: Window = { text, bytes, hits: [] }
    let at = start
    while (at < stop) {
      const kind = kinds[bytes[at]!]!
      if (kind === 0) at++
      else if (kind === word) {
        let to = at + 1
        while (to < bytes.length && kinds[bytes[to]!] === word) to++
        at = lookAtWord(scanner, window, at, to)
      } else if (kind === dash) {
        const body = bytes[at + 1] === dashCode ? privateKeyAt(text, at) : -1
        if (body === -1) at++
        else {
          const end = endOfKey(text, body)
          note(window, 'private-key', body, end === -1 ? text.length : end)
          if (end === -1) return { hits: window.hits, at: text.length, key: true }
          at = end + 9
        }
      } else at = lookAtMark(scanner, window, kind, at)
    }
    const last = window.hits.at(-1)
    return { hits: window.hits, at: Math.max(at, last?.to ?? 0), key: false }
  }
  return { scan }
}

const dashCode = 45

const lookAtMark = (scanner: Scanner, window: Window, kind: number, at: number): number => {
  if (kind === sign) return lookAtSign(window, at)
  if (kind === plus) return lookAtPlus(window, at)
  if (kind === dollar) return lookAtDollar(window, at)
  if (kind === parenthesis) return lookAtParenthesis(window, at)
  if (kind === escapeByte) return Math.max(at + 1, endOfColour(window.text, at, at + 1))
  if (window.text.startsWith('%2540', at)) return lookAtSign(window, at, 5)
  if (window.text.startsWith('%2', at)) return lookAtCodedPlus(window, at)
  if (!window.text.startsWith('%40', at)) return at + 1
  return scanner.kinds[window.text.charCodeAt(at - 1)] === word ? lookAtSign(window, at, 3) : at + 1
}
