// What a browser does with an answer that it is led to: draws it as a page, shows its text, or saves it (MIME Sniffing §7, HTML §7.4.6).
import { type Headers, headerValue } from '../http/headers.ts'
import { isXmlPage } from './xml-form.ts'

type Answer = { headers: Headers; body: string }

export type PageKind = 'page' | 'text' | 'data' | 'picture' | 'download'

/** What begins a page where no type says so (MIME Sniffing §7.1), after blanks and comments. */
const markup =
  /^(?:\ufeff|\u00ef\u00bb\u00bf)?(?:\s|<!--[\s\S]{0,4000}?-->)*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|main|section|header|nav|form)[\s>/]/i

/** Types that servers send when they know none: browsers look at the content. */
const unknownType = /^(?:|unknown\/unknown|application\/unknown|\*\/\*)$/
const shownText = /^text\/(?:plain|css|csv|markdown|xml|javascript)$|^application\/(?:javascript|xml|pdf)$/

/** Control characters that no text has (MIME Sniffing §3). */
const binary = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/

const sniffed = ({ headers, body }: Answer): PageKind => {
  if (body.trim() === '') return 'page'
  // Chromium takes what has no type and must not be sniffed as plain text.
  if (/^\s*nosniff/i.test(headerValue({ headers }, 'x-content-type-options') ?? '')) return 'text'
  if (markup.test(body)) return 'page'
  return binary.test(body.slice(0, 1445)) ? 'download' : 'text'
}

const typeOf = (answer: Pick<Answer, 'headers'>): string => {
  const written = (headerValue(answer, 'content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  return /^[^\s/]+\/[^\s/]+$/.test(written) ? written : ''
}

/** Whether browsers read an answer as XML, and show its first error where it has one (HTML Standard §7.4.6, XML MIME types). */
export const isSentAsXml = (answer: Pick<Answer, 'headers'>): boolean =>
  /^(?:application|text)\/(?:[\w.-]+\+)?xml$/.test(typeOf(answer))

export const pageKind = (answer: Answer): PageKind => {
  if (/^\s*attachment/i.test(headerValue(answer, 'content-disposition') ?? '')) return 'download'
  const type = typeOf(answer)
  if (unknownType.test(type)) return sniffed(answer)
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'page'
  if (isSentAsXml(answer) && isXmlPage(answer.body)) return 'page'
  if (/^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(type)) return 'data'
  if (/^(?:image|video|audio)\//.test(type)) return 'picture'
  return shownText.test(type) || /^(?:text\/|application\/[\w.-]+\+xml$)/.test(type) ? 'text' : 'download'
}

/** Whether browsers draw an answer as a page. */
export const isPage = (answer: Answer): boolean => pageKind(answer) === 'page'

/** Whether an answer is HTML by its content, however it is sent. */
export const holdsMarkup = ({ body }: { body: string }): boolean => markup.test(body.slice(0, 8192))
