// What the words of a page say of its life: an error in place of the page, its source in place of its output, nothing at all.
import {
  blankValue,
  deadSentence,
  deadWhereBare,
  failureText,
  failureWords,
  unfilled,
  waiting,
  wantsScripts,
} from '../../data/dead-pages.ts'
import { isRecord } from '../is-record.ts'
import type { PageDocument } from './document.ts'

/** Characters of visible text up to which a page may consist of its error alone; an article about errors is longer. */
const shortText = 1_200
const shortestArticle = 2_500

const cut = (words: string): string => (words.length > 120 ? `${words.slice(0, 119)}…` : words)

/** Source that a server should have run: browsers show it, or swallow it. */
const unrunSource = /^\s*(?:<\?(?:php\b|=)|<%[@=\s])/

const firstSentence = (text: string): string => /^.{3,160}?(?:[.!?…](?=\s|$)|$)/u.exec(text)?.[0] ?? text.slice(0, 160)

/** Characters up to which a heading or a title is read: what says that a page is broken says it in fewer. */
const longestHeading = 400
const readable = (words: string | undefined): string | undefined =>
  words === undefined || words.length <= longestHeading ? words : ''

/** A heading or a title says the error, or a short page begins with it. A title may bear the product's name beside it. */
const saidByWords = ({ title, text, headings, links, drawn }: PageDocument): string | null => {
  if (text.length > shortText) return null
  const isBare = text.length <= 400 && links <= 3 && drawn <= 3
  const pattern = isBare ? deadWhereBare : deadSentence
  const [heading, second] = [readable(headings[0]), readable(headings[1])]
  // Where hardly anything else stands, the second heading may say what the first, a number or "Error", leaves open.
  if (heading !== undefined && pattern.test(heading))
    return isBare && second !== undefined && pattern.test(second) ? second : heading
  // Without a heading of its own, the page is what it says first; a product's page has more to show.
  if (links > 8 || drawn > 8) return null
  const lines = heading === undefined ? [text.slice(0, 400), firstSentence(text)] : []
  const parts = isBare
    ? readable(title)!
        .split(/\s+[|–—·-]\s+/)
        .map(part => part.trim())
    : []
  return [...lines, ...parts].find(part => pattern.test(part)) ?? null
}

/** What a failing program left in the text. In code blocks it counts where the page holds nothing else, as manuals do not. */
const saidByProgram = ({ text, code, headings, links, drawn }: PageDocument): string | null => {
  const inText =
    text.length < shortestArticle * 4 ? failureText.map(pattern => pattern.exec(text)?.[0]).find(Boolean) : undefined
  if (inText) return inText
  const all = `${text} ${code}`
  if (all.length < shortText && headings.length <= 2 && links <= 3 && drawn <= 3) {
    const words = failureWords.map(pattern => pattern.exec(all)?.[0]).find(Boolean)
    if (words) return words
  }
  if (text.length + code.length > shortestArticle * 2 || headings.length > 2 || text.length > 500) return null
  return failureText.map(pattern => pattern.exec(code)?.[0]).find(Boolean) ?? null
}

/** Whether a text is what is left of compressed or encrypted bytes: control characters, and such that are none. */
const isGarbled = (text: string): boolean => {
  const start = text.slice(0, 400)
  const odd = start.match(/[\u0000-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0
  return odd >= 4 && odd > start.length / 10
}

/** The words by which a page says that it does not work; null when it says no such thing. `source` is its HTML. */
export const errorWords = (page: PageDocument, source: string): string | null => {
  const unrun = unrunSource.exec(source)?.[0]
  if (unrun) return cut(`${source.trim().slice(0, 60)}`)
  if (/^Index of \//.test(page.title) && /^Index of \//.test(page.text)) return cut(page.title)
  if (blankValue.test(page.text) && page.drawn === 0) return page.text
  if (isGarbled(page.text)) return 'bytes that are no text'
  const isStill = page.assets.every(asset => asset.kind === 'style')
  const placeholder = isStill ? page.headings.find(words => unfilled.test(words)) : undefined
  if (placeholder !== undefined) return cut(placeholder)
  const said = saidByProgram(page) ?? saidByWords(page)
  return said === null ? null : cut(said.replace(/\s+/g, ' '))
}

/** What a status in JSON says of the answer itself. */
const isFailing = (value: unknown): boolean => typeof value === 'number' && value >= 400 && value < 600

/** The words by which data in the place of a page says that there is none: a storage's error in XML, an API's in JSON. */
export const dataErrorWords = (body: string): string | null => {
  const start = body.slice(0, 4000)
  const [, code, message = ''] =
    /^\ufeff?(?:<\?xml[^>]{0,200}\?>)?\s{0,20}<Error>\s{0,20}<Code>([\w.]{1,80})<\/Code>\s{0,20}(?:<Message>([^<]{0,300})<\/Message>)?/.exec(
      start,
    ) ?? []
  if (code) return cut(message || code)
  if (!/^\s{0,20}\{/.test(start) || body.length > start.length) return null
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  if (!isRecord(value) || !['status', 'statusCode', 'status_code', 'code'].some(key => isFailing(value[key])))
    return null
  const words = [value['message'], value['error'], value['title']].find(each => typeof each === 'string' && each !== '')
  return typeof words === 'string' ? cut(words) : 'an error in place of a page'
}

/** Whether people see nothing of a page as served: no words but those of waiting, nothing drawn, no frame. */
export const showsNothing = ({ text, code, drawn, frames }: PageDocument): boolean =>
  frames.length === 0 &&
  code === '' &&
  drawn === 0 &&
  (waiting.test(text) || (wantsScripts.test(text) && text.length < 300))

const consent = /\bcookies?\b|\bconsent\b|privacy|datenschutz|einwilligung|confidentialit/i
const agreement =
  /\b(?:accept|agree|allow|continue|reject|manage|akzeptieren|zustimmen|ablehnen|accepter|refuser|aceptar|accetta|akkoord)\b/i

/** Whether a page asks for consent and shows nothing else: what customers get stands behind it. */
export const isConsentWall = ({ text, headings, title, drawn, links }: PageDocument): boolean =>
  text.length > 40 &&
  text.length < 900 &&
  drawn > 0 &&
  links <= 6 &&
  headings.length <= 1 &&
  consent.test(text) &&
  agreement.test(text) &&
  (headings.length === 1
    ? /cookie|consent|privacy|before you|bevor sie|avant de/i.test(headings[0]!)
    : /consent|cookie|before you continue/i.test(title))
