// Finds what does not belong into a log, in one pass over its characters. The text holds one byte in each character (latin1), so
// that whatever stands in it leaves as it came. Work grows with the length: each look is bounded.
import type { LogKind } from '../../data/log-names.ts'
import { isUrlSecret, lookAtPrintable, lookAtSign, lookForIp, lookForPathToken, tokenSegments } from './addresses.ts'
import { type Below, belowName, lineBefore, lookBelow } from './below.ts'
import { isEscapedName, nameWithEscapes } from './escapes.ts'
import { type KindOf, lookAtField, lookForRows } from './fields.ts'
import { endingAt, kindOfName, nameEnding, nameEndings, phraseEnding } from './names.ts'
import { lookAtCodedPlus, lookAtNumber, lookAtParenthesis, lookAtPlus } from './numbers.ts'
import { lookForPhrase, phraseWords } from './phrases.ts'
import { endOfLetters, longestParameter, opensParameter, passOver, type WordSigns, wordSigns } from './plain-words.ts'
import {
  credentialSchemes,
  lookAtDollar,
  lookForBot,
  lookForDerived,
  lookForHetu,
  lookForIban,
  lookForIdentity,
  lookForJwt,
  lookForScheme,
  lookForStored,
  lookForToken,
  type PrefixIndex,
  prefixIndex,
  privateKeyAt,
} from './tokens.ts'
import { endOfColour, type Hit, isDigit, note, type Window } from './window.ts'

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
const backslash = 9
const wide = 10
const lineEnd = 11

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
    ['\\', backslash],
  ] as const)
    kinds[character.charCodeAt(0)] = kind
  // Letters of other alphabets, of which each is several bytes.
  kinds.fill(wide, 128)
  return kinds
}

type Scanner = {
  kinds: Uint8Array
  signs: WordSigns
  prefixes: PrefixIndex
  kindOf: KindOf
  ip: boolean
  /** What is known of the lines to come; while it is something, ends of lines are looked at (`kinds`). */
  below: Below
  /** The next text begins with such a line. */
  isNext: boolean
  /** Where the line begins that was last asked whether it is a heading, and where the last heading does; -1 for none in this text. */
  asked: number
  heading: number
}

/** Names seen are remembered: the same few stand in every line. */
const mostNames = 5_000

const rememberedKinds = (): KindOf => {
  const names = new Map<string, LogKind | null>()
  return name => {
    const known = names.get(name)
    if (known !== undefined) return known
    const kind = kindOfName(name)
    if (names.size >= mostNames) names.clear()
    names.set(name, kind)
    return kind
  }
}

/** Parameters of a URL whose names are ordinary words elsewhere. */
const lookAtParameter = (window: Window, from: number, to: number): void => {
  const { text, bytes } = window
  if (to - from > longestParameter || !opensParameter(bytes[from - 1])) return
  const value = /^[\w.~%/+-]+/.exec(text.slice(to + 1, to + 600))?.[0] ?? ''
  if (isUrlSecret(text.slice(from, to), value)) note(window, 'key', to + 1, to + 1 + value.length)
}

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
    if (length === 11 || (length === 6 && (bytes[to] === dashCode || bytes[to] === 43))) {
      const identity = lookForHetu(window, from)
      if (identity !== -1) return identity
    }
    const end = lookAtNumber(window, from)
    if (end > to) return end
  }
  const end = length >= 4 ? lookForShape(scanner, window, from, to) : lookAtShort(scanner, window, from, to)
  if (end !== -1) return end
  const more = lookBeside(window, from, to)
  if (more !== -1) return more
  return length < 2 ? to : lookAtName(scanner, window, from, to)
}

/** A short word that begins a token: `sk-ant-…`, `SG.…`. Where that ends, or -1. */
const lookAtShort = (scanner: Scanner, window: Window, from: number, to: number): number => {
  const after = window.bytes[to]!
  return after === dashCode || after === 46 || after === 47 ? lookForPrefix(scanner, window, from, to) : -1
}

const colon = 58
const braceCode = 125

/** What the characters around a word give away: a bot's token, colours of a terminal, an @ written otherwise. Where that ends, or -1. */
const lookBeside = (window: Window, from: number, to: number): number => {
  const { bytes } = window
  const after = bytes[to]!
  if (after === colon) return bytes[to + 1] === 65 && bytes[to + 2] === 65 ? lookForBot(window, from, to) : -1
  if (after === 61) return bytes[to + 1] === 52 && bytes[to + 2] === 48 ? lookAtPrintable(window, to) : -1
  if (after === 91 && bytes[to - 1] === 98) return endOfColour(window.text, from, to)
  if (after === braceCode && bytes[from - 1] === 123) return lookForStored(window, from, to)
  if (after === 36) return lookForDerived(window, from, to)
  if (after === 59 && bytes[from - 1] === 35 && bytes[from] === 54 && bytes[from + 1] === 52)
    return lookAtSign(window, from - 2, 5)
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

const lookForPrefix = ({ prefixes }: Scanner, window: Window, from: number, to: number): number => {
  const { bytes } = window
  if (!prefixes.has((bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!)) return -1
  const end = lookForToken(window, prefixes, from)
  return end === -1 ? -1 : Math.max(end, to)
}

/** A name with letters of other alphabets, or with letters that are written as escapes. Where to go on. */
const lookAtWide = (scanner: Scanner, window: Window, at: number): number => {
  const { text, bytes } = window
  let from = at
  while (at - from < 48 && (scanner.kinds[bytes[from - 1]!] === word || bytes[from - 1] === dashCode)) from--
  const { name, to } = nameWithEscapes(text, from)
  // The colon and the equals sign of Chinese and Japanese are letters of several bytes too.
  const parted = name.search(/\xef\xbc[\x9a\x9d]/)
  const end = parted === -1 ? Math.max(to, at + 1) : Math.min(to, from + parted)
  if (parted !== -1 || isFollowed(text, end)) {
    const known = endOfHits(window)
    lookAtField(scanner.kindOf, window, from, end, parted === -1 ? name : name.slice(0, parted))
    const last = endOfHits(window)
    if (last > end && last > known) return last
  }
  return Math.max(end, at + 1)
}

/** Where the last find ends: cells of a row are found before the scanner comes to them. */
const endOfHits = ({ hits }: Window): number => hits.at(-1)?.to ?? 0

/** Whether something may follow that parts a name from its value. */
const isFollowed = (text: string, at: number): boolean => /^(?: ?[:=]|[\]"'\\&%])/.test(text.slice(at, at + 2))

/** What parts the columns of a heading, and what ends its line. */
const endsColumn = (code: number | undefined): boolean =>
  code === 44 || code === 59 || code === 124 || code === 9 || code === 10 || code === 13 || code === undefined

/** Whether a name of a heading may end at `to`: most names are followed by the sign of a field. */
const mayBeHeading = (bytes: Uint8Array, from: number, to: number): boolean => {
  let after = to
  // `Private-Lines: 14`
  if (bytes[after] === colon) return to - from === 5 && bytes[from - 1] === dashCode
  if (bytes[after] === 34) after++
  while (bytes[after] === space && after - to < 64) after++
  return endsColumn(bytes[after])
}

const setBelow = (scanner: Scanner, below: Below): void => {
  scanner.below = below
  scanner.kinds[10] = below ? lineEnd : 0
}

/** Whether the name stands in a line that says what those below it hold. The first such name of a line says it for all. */
const isHeading = (scanner: Scanner, window: Window, from: number, to: number): boolean => {
  if (!mayBeHeading(window.bytes, from, to)) return false
  const begin = lineBefore(window.text, from)
  if (begin === scanner.asked || begin === -1) return begin !== -1 && begin === scanner.heading
  scanner.asked = begin
  const below = belowName(scanner.kindOf, window, begin, from, to)
  if (below === null) return false
  setBelow(scanner, below)
  scanner.heading = begin
  return true
}

/** A line begins at `at`, of which something is known; where to go on. */
const beginLine = (scanner: Scanner, window: Window, at: number): number => {
  scanner.isNext = at >= window.bytes.length
  if (scanner.isNext || !scanner.below) return at
  setBelow(scanner, lookBelow(window, scanner.below, at))
  // A row is no heading of others.
  if (scanner.below?.is === 'table' && scanner.below.misses === 0) scanner.asked = at
  return at
}

/** Names may hold hyphens: the words between them are joined. */
const lookAtName = (scanner: Scanner, window: Window, from: number, to: number): number => {
  const { bytes } = window
  const after = bytes[to]!
  const ending = scanner.signs.endings[endingAt(bytes, isDigit(bytes[to - 1]!) ? endOfLetters(bytes, from, to) : to)]!
  if (ending & (nameEnding | phraseEnding)) {
    if (ending & phraseEnding) lookForPhrase(window, from, to)
    // Between a word and the secret of its phrase others may stand.
    const known = endOfHits(window)
    if (
      ending & phraseEnding &&
      (after === 32 || after === 40 || after === 10) &&
      /^values$/i.test(window.text.slice(from, to))
    )
      lookForRows(scanner.kindOf, window, from, to)
    if (isHeading(scanner, window, from, to)) return to
    let start = from
    while (from - start < 48 && bytes[start - 1] === 45 && scanner.kinds[bytes[start - 2]!] === word) {
      start -= 2
      while (from - start < 48 && scanner.kinds[bytes[start - 1]!] === word) start--
    }
    lookAtField(scanner.kindOf, window, start, to)
    // What was taken out is not looked at again.
    const end = endOfHits(window)
    if (end > to && end > known) return end
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

/** Looks at a dash: where to go on, or -1 where a private key begins that is not closed. */
const lookAtDash = (window: Window, at: number): number => {
  const { text, bytes } = window
  const body = bytes[at + 1] === dashCode ? privateKeyAt(text, at) : -1
  if (body === -1) return at + 1
  const end = endOfKey(text, body)
  note(window, 'private-key', body, end === -1 ? text.length : end)
  return end === -1 ? -1 : end + 9
}

const endOfWord = (bytes: Uint8Array, kinds: Uint8Array, from: number): number => {
  let to = from + 1
  while (to < bytes.length && kinds[bytes[to]!] === word) to++
  return to
}

/** The scanner. Its memory is small and bounded: names that it met. */
export const createLogScanner = ({ ip = false }: ScanLogOptions = {}): LogScanner => {
  const prefixes = prefixIndex()
  const signs = wordSigns(
    prefixes,
    nameEndings({ phrases: phraseWords, segments: tokenSegments, schemes: credentialSchemes }),
  )
  const scanner: Scanner = {
    kinds: kindsOfCodes(),
    signs,
    prefixes,
    kindOf: rememberedKinds(),
    ip,
    below: null,
    isNext: false,
    asked: -1,
    heading: -1,
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
    scanner.asked = scanner.heading = -1
    if (scanner.isNext) beginLine(scanner, window, at)
    while (at < stop) {
      const kind = kinds[bytes[at]!]!
      if (kind === 0) at++
      else if (kind === word) {
        if (bytes[at - 1] === 92) at += escapeBefore(bytes, kinds, at)
        const to = endOfWord(bytes, kinds, at)
        // Where addresses of machines are looked for, any word may begin one.
        const end = ip ? -1 : passOver(signs, bytes, at, to)
        at = end === -1 ? lookAtWord(scanner, window, at, to) : end
      } else if (kind === dash) {
        const end = lookAtDash(window, at)
        if (end === -1) return { hits: window.hits, at: text.length, key: true }
        at = end
      } else at = lookAtMark(scanner, window, kind, at)
    }
    return { hits: window.hits, at: Math.max(at, endOfHits(window)), key: false }
  }
  return { scan }
}

const dashCode = 45
const space = 32

/** Letters of an escape before a word: of `\\nghp_…` and `\\u0022password`. Escapes that say something themselves stay: an @, the start of a colour. */
const escapeBefore = (bytes: Uint8Array, kinds: Uint8Array, at: number): number => {
  const first = bytes[at]!
  const length = first === 110 || first === 114 || first === 116 ? 1 : first === 120 ? 3 : first === 117 ? 5 : 0
  if (!length || kinds[bytes[at + length]!] !== word) return 0
  const isSign = length === 5 && bytes[at + 3] === 52 && bytes[at + 4] === 48
  return isSign ? 0 : length
}

const lookAtMark = (scanner: Scanner, window: Window, kind: number, at: number): number => {
  if (kind === lineEnd) return beginLine(scanner, window, at + 1)
  if (kind === sign) return lookAtSign(window, at)
  if (kind === plus) return lookAtPlus(window, at)
  if (kind === dollar) return lookAtDollar(window, at)
  if (kind === parenthesis) return lookAtParenthesis(window, at)
  if (kind === wide) return lookAtWide(scanner, window, at)
  if (kind === backslash) return isEscapedName(window.text, at) ? lookAtWide(scanner, window, at) : at + 1
  if (kind === escapeByte) return Math.max(at + 1, endOfColour(window.text, at, at + 1))
  if (window.text.startsWith('%2540', at)) return lookAtSign(window, at, 5)
  if (window.text.startsWith('%2', at)) return lookAtCodedPlus(window, at)
  if (isEscapedName(window.text, at)) return lookAtWide(scanner, window, at)
  if (!window.text.startsWith('%40', at)) return at + 1
  return scanner.kinds[window.text.charCodeAt(at - 1)] === word ? lookAtSign(window, at, 3) : at + 1
}
