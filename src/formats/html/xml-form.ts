// Whether a page that is sent as XML can be read as XML (XML 1.0 §2.1, Namespaces in XML §3): browsers show the first error instead of the
// page, however well they would have read it as HTML.

/** The first thing that stops a browser's reader, and on which line. */
export type XmlFault = { line: number; words: string }

/** What a browser says in the place of the page, and whether words are such. */
export const xmlFaultWords = ({ line, words }: XmlFault): string => `error on line ${line}: ${words}`
export const isXmlFault = (words: string): boolean => /^error on line \d+: /.test(words)

/** What stands outside of text: comments, sections, instructions, the document's type, a tag with its attributes. */
const piece =
  /<!--([\s\S]*?)-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE\b(?:[^[\]<>"']|"[^"]*"|'[^']*')*(\[[^\]]*\]\s*)?>|<(\/?)([A-Za-z_:][^\s/>=<"']*)((?:\s(?:[^<>"']|"[^<"]*"|'[^<']*')*?)?)(\/?)>/y
const attribute = /\s+([A-Za-z_:][^\s/>=<"']*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
/** An ampersand that begins no reference. */
const bareAmpersand = /&(?!#\d{1,8};|#x[\da-f]{1,7};|[A-Za-z_:][\w:.-]{0,80};)/i
const namedReference = /&([A-Za-z_:][\w:.-]{0,80});/g
const ownNames = new Set(['amp', 'lt', 'gt', 'quot', 'apos'])

type Reading = { open: string[]; prefixes: Set<string>; isRooted: boolean; knowsNames: boolean }

const textFault = (text: string, { open, knowsNames }: Reading): string | null => {
  if (open.length === 0 && /[^\s\ufeff]/.test(text)) return 'text outside of the page’s one element'
  if (text.includes('<')) return 'a "<" that begins no tag'
  if (bareAmpersand.test(text)) return 'an "&" that is not written as "&amp;"'
  if (text.includes(']]>')) return '"]]>" in the text'
  const unknown = knowsNames ? undefined : [...text.matchAll(namedReference)].find(([, name]) => !ownNames.has(name!))
  return unknown ? `"${unknown[0].slice(0, 40)}" is not defined` : null
}

const attributesFault = (written: string, reading: Reading): string | null => {
  const names = new Set<string>()
  for (const [, name = '', double, single] of written.matchAll(attribute)) {
    if (names.has(name)) return `the attribute ${name} stands twice`
    names.add(name)
    if (name.startsWith('xmlns:')) reading.prefixes.add(name.slice(6))
    const value = double ?? single ?? ''
    const fault = value === '' ? null : textFault(value, { ...reading, open: ['in an attribute'] })
    if (fault) return fault
  }
  const rest = written.replace(attribute, '').trim()
  return rest === '' ? null : `${rest.slice(0, 40)}: an attribute without a value in quotes`
}

const prefixFault = (name: string, written: string, { prefixes }: Reading): string | null => {
  const used = [name, ...[...written.matchAll(attribute)].map(([, each]) => each!)]
  const prefix = used
    .filter(each => each.includes(':') && !each.startsWith('xmlns:'))
    .map(each => each.split(':')[0]!)
    .find(each => each !== 'xml' && !prefixes.has(each))
  return prefix === undefined ? null : `the prefix ${prefix}: is not defined`
}

const tagFault = (match: RegExpExecArray, reading: Reading): string | null => {
  const [, , , slash, name = '', written = '', closed] = match
  const { open } = reading
  if (slash) {
    const begun = open.pop()
    return begun === name
      ? null
      : `</${name.slice(0, 40)}> where ${begun ? `<${begun.slice(0, 40)}>` : 'nothing'} is open`
  }
  if (open.length === 0 && reading.isRooted) return 'a second element beside the page’s one'
  reading.isRooted = true
  const fault = attributesFault(written, reading) ?? prefixFault(name, written, reading)
  if (!closed) open.push(name)
  return fault
}

/** What stands at an opening bracket; null where nothing that XML knows begins there. */
const pieceAt = (text: string, at: number): RegExpExecArray | null => {
  piece.lastIndex = at
  return piece.exec(text)
}

const pieceFault = (match: RegExpExecArray, reading: Reading): string | null => {
  const [all, comment, subset, , name] = match
  if (comment?.includes('--')) return '"--" in a comment'
  // Browsers know the names of HTML by XHTML's public identifiers; a document may define its own.
  if (all.startsWith('<!DOCTYPE')) reading.knowsNames ||= subset !== undefined || /\bPUBLIC\s+["'][^"']*XHTML/.test(all)
  return name === undefined ? null : tagFault(match, reading)
}

/** The first fault of an XML document; null where it has none. `isWhole`: its end was read too. */
export const xmlFault = (text: string, isWhole = true): XmlFault | null => {
  const reading: Reading = { open: [], prefixes: new Set(), isRooted: false, knowsNames: false }
  const fault = (at: number, words: string): XmlFault => ({
    line: text.slice(0, at).split('\n').length,
    words: words.slice(0, 100),
  })
  let at = 0
  for (let next = text.indexOf('<'); next !== -1; next = text.indexOf('<', at)) {
    const between = textFault(text.slice(at, next), reading)
    if (between) return fault(next, between)
    const match = pieceAt(text, next)
    if (!match) return isWhole ? fault(next, 'a "<" that begins no tag') : null
    const wrong = pieceFault(match, reading)
    if (wrong) return fault(next, wrong)
    at = next + match[0].length
  }
  if (!isWhole) return null
  const rest = textFault(text.slice(at), reading)
  if (rest) return fault(at, rest)
  const last = reading.open.at(-1)
  if (last !== undefined) return fault(text.length, `<${last.slice(0, 40)}> is never closed`)
  return reading.isRooted ? null : fault(0, 'no element')
}

/** An XML document whose one element is HTML's: browsers draw it as a page, of whatever XML type it is. */
const htmlRoot =
  /^\ufeff?(?:\s|<\?[\s\S]{0,400}?\?>|<!--[\s\S]{0,2000}?-->|<!DOCTYPE[^>[]{0,400}>)*<html\b[^>]{0,2000}\bxmlns\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml["']/i
export const isXmlPage = (text: string): boolean => htmlRoot.test(text.slice(0, 8192))
