// Which field names hold what does not belong into a log.
import { exactNames, harmlessNames, type LogKind, nameEnds, spacedNames } from '../../data/log-names.ts'

/** Letters without their marks: one writes `contraseña` and `contrasena`. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

const entries = <T>(table: Partial<Record<LogKind, T>>): [LogKind, T][] => Object.entries(table) as [LogKind, T][]

const exact = new Map<string, LogKind>([
  ...entries(exactNames).flatMap(([kind, names]) =>
    names.map((name): [string, LogKind] => [folded(name.replace('.', '')), kind]),
  ),
  ...entries(nameEnds).flatMap(([kind, names]) => names.map((name): [string, LogKind] => [name, kind])),
])
const ends: readonly [string, LogKind][] = entries(nameEnds).flatMap(([kind, names]) =>
  names.map((name): [string, LogKind] => [name, kind]),
)
const harmless = new Set(harmlessNames)

/** A name without its separators, its marks and the number at its end, in lower case. One byte in each character, as logs are read. */
export const plainName = (name: string): string => {
  const isWide = /[\x80-\xff]/.test(name)
  const text = isWide ? folded(Buffer.from(name, 'latin1').toString('utf8')) : name
  return text.replace(/[-_.\s]/g, '').toLowerCase()
}

/** What the field holds by its name; null where that is nothing to hide. */
export const kindOfName = (name: string): LogKind | null => {
  if (name.length < 2 || name.length > 80) return null
  const plain = plainName(name)
  if (harmless.has(plain)) return null
  // `X-Signature`: what begins so is a header of somebody's own.
  const known = exact.get(plain) ?? (/^x[-_]/i.test(name) ? exact.get(plain.slice(1)) : undefined)
  if (known) return known
  for (const [end, kind] of ends) if (plain.endsWith(end)) return kind
  // `password1`, `api_key_2`: the number is none of the name.
  const unnumbered = plain.replace(/\d{1,3}$/, '')
  return unnumbered === plain ? null : kindOfName(unnumbered)
}

/** One byte in each character, as logs are read. */
const inBytes = (text: string): string => Buffer.from(text.toLowerCase()).toString('latin1')
const lowerBytes = (text: string): string =>
  /[\x80-\xff]/.test(text) ? inBytes(Buffer.from(text, 'latin1').toString('utf8')) : text.toLowerCase()

/** By the last word of a name of several: the words before it, and what the whole holds. */
const spaced = Map.groupBy(
  spacedNames.map(name => {
    const cut = name.lastIndexOf(' ')
    return {
      last: inBytes(name.slice(cut + 1)),
      before: inBytes(name.slice(0, cut + 1)),
      kind: kindOfName(inBytes(name)),
    }
  }),
  ({ last }) => last,
)

/** What a field holds whose name is of several words, the last of which stands at `from`: `api key`, `date of birth`. */
export const kindOfWords = (text: string, from: number, last: string): LogKind | null =>
  spaced
    .get(lowerBytes(last))
    ?.find(({ before }) => lowerBytes(text.slice(Math.max(0, from - before.length), from)) === before)?.kind ?? null

/** Names without the number at their end, as the last word of one may end them. */
const wholeNames = [...exact.keys()].map(name => name.replace(/\d+$/, ''))

/** Whether a name may end with this word, whatever stands before it: `key` of `api-key`, `id` of `session id`. */
export const mayEndName = (word: string): boolean => {
  const plain = plainName(word).replace(/\d+$/, '')
  return (
    spaced.has(lowerBytes(word)) ||
    wholeNames.some(name => name.endsWith(plain)) ||
    ends.some(([end]) => plain.endsWith(end))
  )
}

/** A name that ends so: three letters as one number of 15 bits, whatever their case. */
export const endingAt = (bytes: Uint8Array, to: number): number =>
  ((bytes[to - 3]! & 31) << 10) | ((bytes[to - 2]! & 31) << 5) | (bytes[to - 1]! & 31)

/** Marks of `nameEndings`: of a name, of a word beside which a secret may stand, of a segment of a path and a scheme before one. */
export const nameEnding = 1
export const phraseEnding = 2
export const pathEnding = 4
export const schemeEnding = 8

/** Words by which something is known to stand beside or behind them. */
export type TellingWords = Readonly<Record<'phrases' | 'segments' | 'schemes', readonly string[]>>

/** The last three letters of all such names and words, as a table: most words of a log end otherwise and are looked at no further. */
export const nameEndings = ({ phrases, segments, schemes }: TellingWords): Uint8Array => {
  const table = new Uint8Array(1 << 15)
  const add = (words: readonly string[], mark: number): void => {
    for (const word of words) {
      const letters = Buffer.from(word.replace(/\d+$/, ''))
      table[endingAt(letters, letters.length)]! |= mark
    }
  }
  for (const name of exact.keys()) {
    const bytes = Buffer.from(name)
    // Names of other alphabets are looked up whole.
    if (bytes.length > name.length) continue
    // A number at its end is passed over.
    add([name], nameEnding)
    if (bytes.length > 2) table[endingAt(bytes, bytes.length)]! |= nameEnding
    // What stands before a name of two letters may be anything.
    else
      for (let before = 0; before < 32; before++)
        table[(before << 10) | (endingAt(bytes, bytes.length) & 1023)]! |= nameEnding
  }
  // `session_id`, `session id`, `card-no`: a short last word may stand apart.
  for (const last of [' id', '_id', '-id', '_no', '-no']) table[endingAt(Buffer.from(last), 3)]! |= nameEnding
  add(phrases, phraseEnding)
  add(segments, pathEnding)
  add(schemes, schemeEnding)
  return table
}
