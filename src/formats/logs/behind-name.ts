// What separates a name from its value: in JSON, headers, URLs, forms, XML, property lists, Ruby, Python, PHP and Erlang.
import { ampersand, backslash, isMarked, type Quote, quoteAt, skipColours, skipSpaces, space } from './quotes.ts'

/** Where the value begins. `natural`: as people write it; `raw`: two elements of a list; `xml`: between two marks. */
export type Behind = { at: number; natural: boolean; raw?: boolean; xml?: boolean }

/** A field of a multipart form: its name, a blank line, its value; of one in HTML: its name, more of it, its value. */
const partOfForm = /(?:name|key)=\\?["'][\w.:[-]{0,60}$/
const blankLine = /^(?:(?:(?:\\r)?\\n|\r?\n){2}| [^<>\n]{0,80}?\bvalue=)/

/** A variable of a container: `- name: DB_PASSWORD`, then `value: …`. */
const named = /\bname: ?["']?$/
const valueInWords = /^["']?(?:\s{1,24}|, ?)value: ?/

/** A field of CEF whose name is the value of another: `cs1Label=apiKey cs1=…`. */
const labelled = /\b((?:c[fns]|flexString|deviceCustomDate)\d)Label=$/

/** Whether the name is that of an XML element, also with a namespace before it. */
const isElement = (text: string, from: number, to: number): boolean => {
  const [before, after] = [text.charCodeAt(from - 1), text.charCodeAt(to)]
  if (after === ampersand) return text.startsWith('&gt;', to) && text.startsWith('&lt;', from - 4)
  if (after !== 62 && after !== space) return false
  return before === 60 || (before === 58 && /<[\w.-]{1,24}:$/.test(text.slice(Math.max(0, from - 26), from)))
}

/** A string as PHP keeps it: `s:8:"password";s:7:"hunter2";`. */
const serialised = /^;s:\d{1,6}:(?=\\{0,3}")/
/** What leads the eye from a name to its value, and what PostgreSQL puts between them. */
const leaders = /^(?:\.{3,80} ?|\)=\()/
const pairInside = /^,\s{0,3}\\{0,3}["'](?:value|val|v)\\{0,3}["']\s{0,3}:\s{0,3}/

/** Behind the mark that opens an element; null where it closes itself. */
const inElement = (text: string, at: number): Behind | null => {
  const opened = /^(?:(?:\s[^<>\n]{0,200})?>|&gt;)/.exec(text.slice(at, at + 210))?.[0] ?? ''
  return opened === '' || opened.endsWith('/>') ? null : { at: at + opened.length, natural: false, xml: true }
}

/** A name in an attribute: its value is another attribute, the content, or a part of a form. */
const inAttribute = (text: string, nameFrom: number, at: number): Behind | null => {
  if (!partOfForm.test(text.slice(Math.max(0, nameFrom - 66), nameFrom))) return null
  if (text.charCodeAt(at) === 62) return { at: at + 1, natural: false, xml: true }
  const part = blankLine.exec(text.slice(at, at + 100))
  return part && { at: at + part[0].length, natural: false }
}

/** A value in brackets of its own, `api_key[9f4e1c7a]`: no element of a list, nor a process. */
const bracketed = /^\[(?=[^\s[\]"',=:]{0,64}\d)(?=[^\s[\]"',=:]{0,64}[A-Za-z])[^\s[\]"',=:]{8,512}\](?![=.[\w])/

/** What the surroundings of a name say of its value: an option of a command, a tuple of Erlang, a key of a property list, a variable of a container. */
const byPlace = (text: string, nameFrom: number, at: number): Behind | null => {
  const [before, last, after] = [text.charCodeAt(nameFrom - 2), text.charCodeAt(nameFrom - 1), text.charCodeAt(at)]
  if (after === 91) return bracketed.test(text.slice(at, at + 520)) ? { at, natural: false } : null
  if (last === 45 && before === 45 && after === space) return { at: at + 1, natural: false }
  if (after === 44 && text.startsWith(',<<"', at)) return { at: at + 3, natural: false }
  if (last === 123 && after === 44 && /^, ?["']/.test(text.slice(at, at + 3)))
    return { at: skipSpaces(text, at + 1), natural: false }
  if (after === 60) {
    const next = /^<\/key>\s{0,24}<(?:string|data)>/.exec(text.slice(at, at + 50))
    return next && { at: at + next[0].length, natural: false, xml: true }
  }
  const label = labelled.exec(text.slice(Math.max(0, nameFrom - 20), nameFrom))?.[1]
  if (label !== undefined) {
    const sign = text.slice(at, at + 300).indexOf(` ${label}=`)
    return sign === -1 ? null : { at: at + sign + label.length + 2, natural: false }
  }
  if (!named.test(text.slice(Math.max(0, nameFrom - 8), nameFrom))) return null
  const pair = valueInWords.exec(text.slice(at, at + 40))
  return pair && { at: at + pair[0].length, natural: false }
}

/** An element as PHP prints it, its value on the next line: `["password"]=>`. */
const dumped = /^\]?=>\r?\n[ \t]{1,60}/

/** Signs that some programs put there, written as escapes or in other alphabets. */
const byOddSign = (text: string, nameFrom: number, at: number, quote: Quote | null): Behind | null => {
  const after = text.charCodeAt(at)
  const coded = after === backslash ? /^\\(?:u003[ad]|=)/i.exec(text.slice(at, at + 6)) : null
  if (coded) return { at: at + coded[0].length, natural: false }
  const element = quote && after === 61 ? dumped.exec(text.slice(at, at + 64)) : null
  if (element) return { at: at + element[0].length, natural: false }
  const led = (quote ? serialised : leaders).exec(text.slice(at, at + 82))
  if (led) return { at: at + led[0].length, natural: after === 46 }
  // The colon and the equals sign of Chinese and Japanese.
  if (after === 0xef && /^\xef\xbc[\x9a\x9d]/.test(text.slice(at, at + 3)))
    return { at: skipSpaces(text, at + 3), natural: true }
  // `Password> …`: a program asked for it.
  const isPrompt = after === 62 && !quote && text.charCodeAt(at + 1) === space && !/[</]/.test(text[nameFrom - 1] ?? '')
  return isPrompt ? { at: at + 2, natural: true } : null
}

/** Behind `=`, `=>`, `:`, `:=`, `->` or, between two elements of a list, a comma. */
const bySign = (text: string, at: number, quote: Quote | null): Behind | null => {
  const behind = skipSpaces(text, at)
  const [code, next] = [text.charCodeAt(behind), text.charCodeAt(behind + 1)]
  if (code === 61) return next === 61 ? null : { at: skipSpaces(text, behind + (next === 62 ? 2 : 1)), natural: false }
  if (code === 58) {
    // `:=` assigns, `:: ` of LDIF says that the value is in base64.
    const isDouble = next === 61 || text.startsWith(':: ', behind)
    return { at: skipSpaces(text, behind + (isDouble ? 2 : 1)), natural: quote === null }
  }
  if (code === 45 && next === 62) return { at: skipSpaces(text, behind + 2), natural: true }
  if (!quote || code !== 44) return null
  const pair = pairInside.exec(text.slice(behind, behind + 24))
  if (pair) return { at: behind + pair[0].length, natural: false }
  return { at: skipSpaces(text, behind + 1), natural: false, raw: true }
}

/** Where the value of a name begins that stands at `nameFrom`…`nameTo`; null where none follows. */
export const behindName = (text: string, nameFrom: number, nameTo: number): Behind | null => {
  let at = isMarked(text.charCodeAt(nameTo)) ? skipColours(text, nameTo) : nameTo
  const quote = quoteAt(text, at)
  const closing = text.charCodeAt(at) === 93 ? quoteAt(text, at + 1) : null
  if (quote) at = quote.to + (text.startsWith(']=', quote.to) ? 1 : 0)
  else if (text.charCodeAt(at) === 93) at = closing?.to ?? at + 1
  else if (isElement(text, nameFrom, at)) return inElement(text, at)
  else if (text.charCodeAt(at) === 37 && /^%(?:22|5D)/i.test(text.slice(at, at + 3))) at += 3
  if (text.charCodeAt(at) === 37) {
    const coded = /^%(?:25)?3[ad](?:%20)?(?:%22)?/i.exec(text.slice(at, at + 11))
    return coded && { at: at + coded[0].length, natural: false }
  }
  return (
    (quote || closing ? inAttribute(text, nameFrom, at) : null) ??
    byPlace(text, nameFrom, at) ??
    byOddSign(text, nameFrom, at, quote) ??
    bySign(text, at, quote)
  )
}
