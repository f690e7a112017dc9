// Words of a log at which there is nothing to see, told by a few of their bytes: most are. It never says so of a word of which the scanner
// (scan.ts) makes something; each look of the scanner has its sign here.
import { endingAt, mayEndName, nameEnding, pathEnding, phraseEnding, schemeEnding } from './names.ts'
import { endOfShortRun } from './numbers.ts'
import { mayBePhrase } from './phrases.ts'
import { type PrefixIndex, threeAt } from './tokens.ts'
import { isDigit } from './window.ts'
import { createWordMemo } from './word-memo.ts'

export type WordSigns = {
  /** By the first three characters of a word (`endingAt`): one that may be known by them. */
  shapes: Uint8Array
  /** Those three characters as one number. */
  beginnings: ReadonlySet<number>
  /** By its last three letters (`nameEndings`). */
  endings: Uint8Array
  /** Whether a word, without the number at its end, may be one of those whose ending it has. */
  isTelling: (bytes: Uint8Array, from: number, to: number) => boolean
}

export const wordSigns = (prefixes: PrefixIndex, endings: Uint8Array): WordSigns => {
  const shapes = new Uint8Array(1 << 15)
  // Behind those of tokens a JWT, and an @ that is written as an escape.
  const beginnings = new Set([...prefixes.keys(), threeAt('eyJ', 0), threeAt('u00', 0)])
  for (const three of beginnings) shapes[endingAt(Uint8Array.of(three >> 16, three >> 8, three), 3)] = 1
  return { shapes, beginnings, endings, isTelling: createWordMemo(word => mayEndName(word) || mayBePhrase(word)) }
}

/** Without the number at the end of a name: `password1`. */
export const endOfLetters = (bytes: Uint8Array, from: number, to: number): number => {
  let end = to
  while (end > from && isDigit(bytes[end - 1]!)) end--
  // `X-Hub-Signature-256`, `api_key_2`: the number stands apart.
  const joint = bytes[end - 1]
  return (end === from && joint === 45) || (end > from && end < to && joint === 95) ? end - 1 : end
}

/** Letters of the longest name of a parameter that is an ordinary word elsewhere. */
export const longestParameter = 12

/** Whether a parameter of a URL begins behind this character. */
export const opensParameter = (code: number | undefined): boolean => code === 63 || code === 38 || code === 35

/** Characters behind a word that may say that it is something, or that something stands behind it. */
const signs = Uint8Array.from({ length: 256 }, (_, code) => Number(' %+/:=[};$'.includes(String.fromCharCode(code))))

const isTold = (bytes: Uint8Array, from: number, to: number, ending: number): boolean => {
  switch (bytes[to]) {
    case 47: // /
      return (ending & pathEnding) !== 0
    case 58: // :
      return bytes[to + 1] === 65
    case 61: // =
      return bytes[to + 1] === 52 || (to - from <= longestParameter && opensParameter(bytes[from - 1]))
    case 91: // [
      return bytes[to - 1] === 98
    case 125: // }
      return bytes[from - 1] === 123
    case 59: // ;
      return bytes[from - 1] === 35
    case 36: // $
      return true
    default:
      return (ending & schemeEnding) !== 0
  }
}

/** Whether a word has the length of an Italian, Spanish or Finnish identity. */
const isLongAsIdentity = (bytes: Uint8Array, to: number, length: number, isNumber: boolean): boolean =>
  isNumber ? length === 9 || length === 11 || (length === 6 && (bytes[to] === 43 || bytes[to] === 45)) : length === 16

/** Whether a word begins as an IBAN does, or a NIE: a capital, and two digits behind what follows it. */
const beginsAsIdentity = (bytes: Uint8Array, from: number, first: number): boolean =>
  first >= 65 && first <= 90 && isDigit(bytes[from + 2]!) && isDigit(bytes[from + 3]!)

/** Whether a word is known by its first three characters. */
const isBeginning = ({ shapes, beginnings }: WordSigns, bytes: Uint8Array, from: number): boolean =>
  shapes[endingAt(bytes, from + 3)] === 1 &&
  beginnings.has((bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!)

/** Where to go on behind the word `from`…`to` at which there is nothing to see; -1 where it has to be looked at. */
export const passOver = (known: WordSigns, bytes: Uint8Array, from: number, to: number): number => {
  const first = bytes[from]!
  const isNumber = isDigit(first)
  if (isLongAsIdentity(bytes, to, to - from, isNumber)) return -1
  if (isNumber) {
    const end = endOfShortRun(bytes, from)
    if (end === -1 || end > to) return end
  }
  if (beginsAsIdentity(bytes, from, first) || isBeginning(known, bytes, from)) return -1
  const last = isDigit(bytes[to - 1]!) ? endOfLetters(bytes, from, to) : to
  const ending = known.endings[endingAt(bytes, last)]!
  if ((ending & (nameEnding | phraseEnding)) !== 0 && (last <= from || known.isTelling(bytes, from, last))) return -1
  return signs[bytes[to]!] === 1 && isTold(bytes, from, to, ending) ? -1 : to
}
