// The value that belongs to a field: in JSON (also inside a string), key=value, headers, URLs, forms, XML, Ruby, Python and PHP.
import { noValues } from '../../data/log-names.ts'
import { endOfColour } from './window.ts'

/** Where the value stands, and how: `quoted` in quotation marks; `list` and `object` hold several. */
export type Value = { from: number; to: number; how: 'quoted' | 'bare' | 'list' | 'object'; natural: boolean }

/** How far a first look at a value goes, at a list, and at the line of a header: what is judged as it stands. */
const nearby = 1_024
const listLength = 4_096
const headerLength = 2_048

const nothing = new Set(noValues)
const space = 32
const backslash = 92

const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 96

const skipSpaces = (text: string, at: number): number => {
  let to = at
  while (to - at < 8 && (text.charCodeAt(to) === space || text.charCodeAt(to) === 9)) to++
  return to
}

/** Behind colours of a terminal: `\u001b[0m`, as the byte or written out. */
const skipColours = (text: string, from: number): number => {
  let at = from
  for (let count = 0; count < 3; count++) {
    const written = text.charCodeAt(at) === 27 ? 1 : (/^\\(?:u00|x)1b/i.exec(text.slice(at, at + 6))?.[0].length ?? 0)
    const end = written ? endOfColour(text, at, at + written) : -1
    if (end === -1) break
    at = end
  }
  return at
}

/** Backslashes and the quotation mark behind them at `at`; null where there is none. */
const quoteAt = (text: string, at: number): { slashes: number; code: number; to: number } | null => {
  let to = at
  while (to - at < 15 && text.charCodeAt(to) === backslash) to++
  const code = text.charCodeAt(to)
  return isQuote(code) ? { slashes: to - at, code, to: to + 1 } : null
}

/** Where a string ends that was opened by this mark: the next one behind as many backslashes or fewer, on the same line. */
const endOfString = (text: string, from: number, mark: { slashes: number; code: number }, most = nearby): number => {
  const end = Math.min(text.length, from + most)
  let slashes = 0
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 10) return at
    if (code === backslash) slashes++
    else {
      if (code === mark.code && slashes <= mark.slashes) return at - slashes
      // In an outer string a mark of its own ends all that is inside.
      slashes = 0
    }
  }
  return end
}

const bareEnds = new Set(Array.from(' \t\r\n\u001b&,;)]}"\'<>`|\\', character => character.charCodeAt(0)))

const endOfBare = (text: string, from: number, most = nearby): number => {
  const end = Math.min(text.length, from + most)
  let at = from
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    if (bareEnds.has(code)) break
    if (code === 37 && /^%(?:26|22|2C|3B|7D|0A|0D)/i.test(text.slice(at, at + 3))) break
  }
  return at
}

/** End of a list or an object: its own bracket, or the end of the line. */
const endOfBrackets = (text: string, from: number): number => {
  let depth = 0
  const end = Math.min(text.length, from + listLength)
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 10) return at
    if (code === 91 || code === 123) depth++
    else if (code === 93 || code === 125) {
      depth--
      if (depth <= 0) return at + 1
    }
  }
  return end
}

const isMarked = (code: number): boolean => code === 27 || code === backslash

/** A field of a multipart form: its name, a blank line, its value; of one in HTML: its name, more of it, its value. */
const partOfForm = /name=\\?"$/
const blankLine = /^(?:(?:(?:\\r)?\\n|\r?\n){2}| [^<>\n]{0,80}?\bvalue=)/

/** A variable of a container: `- name: DB_PASSWORD`, then `value: …`. */
const named = /\bname: ?["']?$/
const valueInWords = /^["']?(?:\s{1,24}|, ?)value: ?/

/** Whether the name is that of an XML element, also with a namespace before it. */
const isElement = (text: string, from: number, to: number): boolean => {
  const [before, after] = [text.charCodeAt(from - 1), text.charCodeAt(to)]
  if (after !== 62 && after !== space) return false
  return before === 60 || (before === 58 && /<[\w.-]{1,24}:$/.test(text.slice(Math.max(0, from - 26), from)))
}

const verbatim = '<![CDATA['

/** What stands around a string: `Some("…`, `string(11) "…`. */
const wrapped = /^[A-Za-z]{1,16}\((?:\d{1,6}\) ?)?(?=\\{0,3}["'])/

type Behind = { at: number; natural: boolean; raw?: boolean; xml?: boolean }

const pairInside = /^,\s{0,3}\\{0,3}["'](?:value|val|v)\\{0,3}["']\s{0,3}:\s{0,3}/

/** What separates the name, which ends at `at`, from its value. */
const behindName = (text: string, nameFrom: number, nameTo: number): Behind | null => {
  let at = isMarked(text.charCodeAt(nameTo)) ? skipColours(text, nameTo) : nameTo
  const quote = quoteAt(text, at)
  if (quote) at = quote.to + (text.startsWith(']=', quote.to) ? 1 : 0)
  else if (text.charCodeAt(at) === 93) at++
  else if (isElement(text, nameFrom, at)) {
    const opened = /^(?:\s[^<>\n]{0,200})?>/.exec(text.slice(at, at + 210))?.[0] ?? ''
    return opened === '' || opened.endsWith('/>') ? null : { at: at + opened.length, natural: false, xml: true }
  } else if (text.charCodeAt(at) === 37 && /^%(?:22|5D)/i.test(text.slice(at, at + 3))) at += 3
  if (text.charCodeAt(at) === 37) {
    const coded = /^%(?:25)?3[ad](?:%20)?(?:%22)?/i.exec(text.slice(at, at + 11))
    return coded ? { at: at + coded[0].length, natural: false } : null
  }
  const isOption = text.charCodeAt(nameFrom - 1) === 45 && text.charCodeAt(nameFrom - 2) === 45
  if (isOption && text.charCodeAt(at) === space) return { at: at + 1, natural: false }
  if (text.startsWith(',<<"', at)) return { at: at + 3, natural: false }
  const part =
    quote && partOfForm.test(text.slice(nameFrom - 7, nameFrom)) ? blankLine.exec(text.slice(at, at + 100)) : null
  if (part) return { at: at + part[0].length, natural: false }
  const pairInWords = named.test(text.slice(Math.max(0, nameFrom - 8), nameFrom))
    ? valueInWords.exec(text.slice(at, at + 40))
    : null
  if (pairInWords) return { at: at + pairInWords[0].length, natural: false }
  const coded = text.charCodeAt(at) === backslash ? /^\\u003[ad]/i.exec(text.slice(at, at + 6)) : null
  if (coded) return { at: at + coded[0].length, natural: false }
  const behind = skipSpaces(text, at)
  const code = text.charCodeAt(behind)
  if (code === 61) {
    const isArrow = text.charCodeAt(behind + 1) === 62
    if (text.charCodeAt(behind + 1) === 61) return null
    return { at: skipSpaces(text, behind + (isArrow ? 2 : 1)), natural: false }
  }
  if (code === 58) {
    const to = behind + (text.charCodeAt(behind + 1) === 61 ? 2 : 1)
    return { at: skipSpaces(text, to), natural: quote === null }
  }
  if (code === 45 && text.charCodeAt(behind + 1) === 62) return { at: skipSpaces(text, behind + 2), natural: true }
  if (quote && code === 44) {
    const pair = pairInside.exec(text.slice(behind, behind + 24))
    if (pair) return { at: behind + pair[0].length, natural: false }
    return { at: skipSpaces(text, behind + 1), natural: false, raw: true }
  }
  return null
}

/** The value of the field whose name stands at `nameFrom`…`nameTo`; null where none follows. */
export const valueBehind = (text: string, nameFrom: number, nameTo: number): (Value & { raw: boolean }) | null => {
  const behind = behindName(text, nameFrom, nameTo)
  if (!behind) return null
  const { natural, raw = false, xml = false } = behind
  const bare = isMarked(text.charCodeAt(behind.at)) ? skipColours(text, behind.at) : behind.at
  const at = bare + (wrapped.exec(text.slice(bare, bare + 26))?.[0].length ?? 0)
  if (xml) {
    const begin = text.startsWith(verbatim, at) ? at + verbatim.length : at
    const to = begin === at ? text.indexOf('<', at) : text.indexOf(']]>', begin)
    const isNear = to !== -1 && to - at < 4096 && (begin > at || text.charCodeAt(to + 1) === 47)
    return isNear ? { from: begin, to, how: 'quoted', natural: false, raw } : null
  }
  const quote = quoteAt(text, at)
  if (quote) return { from: quote.to, to: endOfString(text, quote.to, quote), how: 'quoted', natural, raw }
  if (raw) return null
  const code = text.charCodeAt(at)
  if (code === 91) {
    const isMark = /^\[[A-Za-z -]+(?::[\w-]+)?\]/.test(text.slice(at, at + 40))
    if (isMark) return null
    return { from: at, to: endOfBrackets(text, at), how: 'list', natural, raw }
  }
  if (code === 123) return { from: at, to: endOfBrackets(text, at), how: 'object', natural, raw }
  return { from: at, to: endOfBare(text, at), how: 'bare', natural, raw }
}

/** Where a value really ends that is longer than a first look. */
export const wholeEnd = (text: string, { from, to, how }: Value): number => {
  if (to - from < nearby) return to
  if (how !== 'quoted') return endOfBare(text, from, text.length)
  const mark = quoteAt(text, from - 1)
  let slashes = 0
  while (slashes < 15 && text.charCodeAt(from - 2 - slashes) === backslash) slashes++
  return mark ? endOfString(text, from, { ...mark, slashes }, text.length) : to
}

/** Strings and numbers inside a list or an object that stand as values. */
export const valuesWithin = (text: string, { from, to }: Value): { from: number; to: number }[] => {
  const found: { from: number; to: number }[] = []
  for (let at = from; at < to; at++) {
    const quote = quoteAt(text, at)
    if (!quote) continue
    const end = Math.min(endOfString(text, quote.to, quote), to)
    const behind = skipSpaces(text, end + quote.slashes + 1)
    if (text.charCodeAt(behind) !== 58) found.push({ from: quote.to, to: end })
    at = end + quote.slashes
  }
  return found
}

/** The rest of a header line: to the end of the line, or to the mark that closes what it stands in. */
export const endOfHeader = (text: string, from: number, nameFrom: number, most = headerLength): number => {
  const before = text.charCodeAt(nameFrom - 1)
  const end = Math.min(text.length, from + most)
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13 || (isQuote(before) && code === before)) return at
    if (code === backslash && /[nr"']/.test(text[at + 1] ?? '')) return at
  }
  return end
}

/** A word that tells of a value and is none. */
export const isNoValue = (value: string): boolean => nothing.has(value.toLowerCase().replace(/[.!?:]+$/, ''))
