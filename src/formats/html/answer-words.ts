// What an answer in the place of a page says of its failure: an API's error in JSON, a storage's in XML, a server's in plain text.
import { deadWhereBare, failing } from '../../data/dead-pages.ts'
import type { Headers } from '../http/headers.ts'
import { isRecord } from '../is-record.ts'
import { type PageDocument, readDocument } from './document.ts'
import { holdsMarkup, pageKind } from './page-kind.ts'
import { cutWords, errorWords, failingWords } from './page-words.ts'

/** What a status in JSON says of the answer itself. */
const isFailing = (value: unknown): boolean => typeof value === 'number' && value >= 400 && value < 600

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** What an answer that fails consists of, as frameworks and gateways write it (RFC 9457, GraphQL §7.1.2; HAL keeps its own behind a line). */
const errorKey =
  /^(?:errors?|error_?(?:code|description|message|type)|message|msg|detail|details|title|type|instance|reason|status(?:_?code)?|code|timestamp|path|trace(?:_?id)?|request_?id|data|success|ok|name|documentation_url|_\w{1,40})$/i

/** The error of an answer that says by a number, or by holding nothing beside it, that it failed; null for any other. */
const answerWords = (value: Record<string, unknown>): string | null => {
  const given = value['error'] ?? value['errors']
  const [first] = Array.isArray(given) ? given : [given]
  const inner = isRecord(first) ? first : {}
  const words = [
    value['message'],
    value['errorMessage'],
    inner['message'],
    first,
    value['error'],
    value['detail'],
    value['title'],
  ].find(isText)
  const fails = [value, inner].some(each =>
    ['status', 'statusCode', 'status_code', 'code'].some(key => isFailing(each[key])),
  )
  if (fails) return words ?? 'an error in place of a page'
  const isAlone = Object.entries(value).every(([key, held]) => errorKey.test(key) && (key !== 'data' || held === null))
  if (!isAlone || words === undefined) return null
  return (first !== undefined && first !== null && first !== false) ||
    deadWhereBare.test(words) ||
    failing.test(words) ||
    /^missing\b/i.test(words)
    ? words
    : null
}

/** The words by which data in the place of a page says that there is none: a storage's error in XML, an API's in JSON. */
const dataErrorWords = (body: string): string | null => {
  const start = body.slice(0, 4000)
  const [, code, message = ''] =
    /^\ufeff?(?:<\?xml[^>]{0,200}\?>)?\s{0,20}<Error>\s{0,20}<Code>([\w.]{1,80})<\/Code>\s{0,20}(?:<Message>([^<]{0,300})<\/Message>)?/.exec(
      start,
    ) ?? []
  if (code) return cutWords(message || code)
  if (!/^\s{0,20}\{/.test(start) || body.length > start.length) return null
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  const words = isRecord(value) ? answerWords(value) : null
  return words === null ? null : cutWords(words)
}

/** Plain text as a page without elements: its first line is what it says first. Null where it is no plain text. */
const plainPage = (answer: { headers: Headers; body: string }): PageDocument | null => {
  if (pageKind(answer) !== 'text' || holdsMarkup(answer)) return null
  const page = readDocument(answer.body.slice(0, 8000), 'about:blank')
  const [first = '', ...more] = answer.body.slice(0, 8000).trim().split(/\r?\n/)
  return more.length ? { ...page, headings: [first.trim().slice(0, 300)] } : page
}

/** Of plain text only what a server should have run: text of other kinds may be meant to be read. */
const sourceOf = (body: string): string => (/^\s*(?:<\?php\b|#!\s?\/)/.test(body) ? body.slice(0, 200) : '')

/** The words by which an answer that is no page says that it failed; null when it says no such thing. */
export const insteadWords = (answer: { headers: Headers; body: string }): string | null => {
  const page = plainPage(answer)
  return (
    dataErrorWords(answer.body) ??
    (page && (errorWords(page, sourceOf(answer.body)) ?? errorWords({ ...page, headings: [] }, '')))
  )
}

/** The words by which plain text in the place of a page probably says so; null when it says no such thing. */
export const doubtfulAnswer = (answer: { headers: Headers; body: string }): string | null => {
  const page = plainPage(answer)
  return page && failingWords(page)
}
