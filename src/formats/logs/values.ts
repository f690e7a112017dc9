// The value that belongs to a field: in JSON (also inside a string), key=value, headers, URLs, forms, XML, Ruby, Python and PHP.
import { noValues } from '../../data/log-names.ts'
import { behindName } from './behind-name.ts'
import { backslash, isMarked, isQuote, type Quote, quoteAt, skipColours, skipSpaces } from './quotes.ts'

/** Where the value stands, and how: `quoted` in quotation marks; `list` and `object` hold several. */
export type Value = {
  from: number
  to: number
  how: 'quoted' | 'bare' | 'list' | 'object'
  natural: boolean
  /** The mark that a quoted value ends with. */
  mark?: Quote
}
/** How far a first look at a value goes, at a list, and at the line of a header: what is judged as it stands. */
const nearby = 1_024
const listLength = 4_096
const headerLength = 2_048

const nothing = new Set(noValues)
/** Where a string ends that was opened by this mark: the next one behind as many backslashes or fewer, on the same line. */
const endOfString = (text: string, from: number, mark: Quote, most = nearby): number => {
  const end = Math.min(text.length, from + most)
  if (mark.written !== undefined) {
    const part = text.slice(from, end)
    const last = part.search(new RegExp(`\\n|${mark.written.replace('\\', '\\\\')}`, 'i'))
    return last === -1 ? end : from + last
  }
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

/** End of a list in parentheses, on its line. */
const endOfParentheses = (text: string, from: number): number => {
  const end = text.slice(from, from + nearby).search(/[)\n]/)
  return end === -1 ? Math.min(text.length, from + nearby) : from + end + 1
}

/** End of the lines that stand as far to the right as the first. */
const endOfBlock = (text: string, from: number, margin: string): number => {
  const end = Math.min(text.length, from + listLength)
  let at = text.indexOf('\n', from)
  while (at !== -1 && at < end && text.startsWith(margin, at + 1)) at = text.indexOf('\n', at + 1)
  return at === -1 || at > end ? end : at
}

const verbatim = '<![CDATA['

/** What stands around a string or before an object: `Some("…`, `string(11) "…`, `Session { …`. */
const wrapped = /^(?:(?:[A-Za-z]{1,16}\((?:\d{1,6}\) ?)?|[bBuUrRfN@]{1,2})(?=\\{0,3}["'])|[A-Z]\w{0,19} (?=\{))/
/** Behind a name, lines below it that are its value: `password: |`. */
const block = /^[|>][+-]?\d?[ \t]{0,4}\r?\n([ \t]{1,40})(?=\S)/

/** The value of the field whose name stands at `nameFrom`…`nameTo`; null where none follows. */
export const valueBehind = (text: string, nameFrom: number, nameTo: number): (Value & { raw: boolean }) | null => {
  const behind = behindName(text, nameFrom, nameTo)
  if (!behind) return null
  const { natural, raw = false, xml = false } = behind
  const bare = isMarked(text.charCodeAt(behind.at)) ? skipColours(text, behind.at) : behind.at
  const at = bare + (wrapped.exec(text.slice(bare, bare + 26))?.[0].length ?? 0)
  if (xml) {
    const isCoded = text.startsWith('&gt;', at - 4)
    const begin = text.startsWith(verbatim, at) ? at + verbatim.length : at
    const to = begin === at ? text.indexOf(isCoded ? '&lt;' : '<', at) : text.indexOf(']]>', begin)
    const isNear = to !== -1 && to - at < 4096 && (begin > at || isCoded || text.charCodeAt(to + 1) === 47)
    return isNear ? { from: begin, to, how: 'quoted', natural: false, raw } : null
  }
  const quote = quoteAt(text, at)
  if (quote) return { from: quote.to, to: endOfString(text, quote.to, quote), how: 'quoted', natural, raw, mark: quote }
  if (raw) return null
  const code = text.charCodeAt(at)
  if (code === 91) {
    const isMark = /^\[[A-Za-z -]+(?::[\w-]+)?\]/.test(text.slice(at, at + 40))
    if (isMark) return null
    return { from: at, to: endOfBrackets(text, at), how: 'list', natural, raw }
  }
  if (code === 40) return { from: at, to: endOfParentheses(text, at), how: 'list', natural, raw }
  const lines = code === 124 || code === 62 ? block.exec(text.slice(at, at + 60)) : null
  if (lines)
    return {
      from: at + lines[0].length,
      to: endOfBlock(text, at + lines[0].length, lines[1]!),
      how: 'quoted',
      natural,
      raw,
    }
  if (code === 123) return { from: at, to: endOfBrackets(text, at), how: 'object', natural, raw }
  return { from: at, to: endOfBare(text, at), how: 'bare', natural, raw }
}

/** Where a value really ends that is longer than a first look. */
export const wholeEnd = (text: string, { from, to, how, mark }: Value): number => {
  if (to - from < nearby) return to
  if (how !== 'quoted') return endOfBare(text, from, text.length)
  return mark ? endOfString(text, from, mark, text.length) : to
}

/** Strings and numbers inside a list or an object that stand as values. */
export const valuesWithin = (text: string, { from, to }: Value): { from: number; to: number }[] => {
  const found: { from: number; to: number }[] = []
  for (let at = from; at < to; at++) {
    const quote = quoteAt(text, at)
    if (!quote) continue
    const end = Math.min(endOfString(text, quote.to, quote), to)
    const closed = end + (quote.written?.length ?? quote.slashes + 1)
    if (text.charCodeAt(skipSpaces(text, closed)) !== 58) found.push({ from: quote.to, to: end })
    at = Math.max(at, closed - 1)
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
