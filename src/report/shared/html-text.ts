// The small parts of the HTML report: text from outside, escaped; sections; lists; links to findings and to sources.
import { clean, cleanBlock } from '../../core/clean.ts'
import { escapeHtml } from './escape.ts'
import { spans } from './group.ts'

/** Text on one line, escaped, for attributes. */
export const attribute = (from: string, limit = 400): string => escapeHtml(clean(from, limit), limit + 60)

/** Where a long name may be broken: behind a dot, a slash and their like, once ten characters have gone before. */
const places = /(?<=[^\s]{10,})(?<=\w[./?&=:@])(?=\w)/g

/** Text on one line, escaped; long names may break where a reader would break them. */
export const text = (from: string, limit = 400): string =>
  clean(from, limit)
    .split(places)
    .map(part => escapeHtml(part, limit + 60))
    .join('<wbr>')

/** The same for the words of a fix, where what stands between backticks is code. */
export const rich = (from: string, limit = 400): string =>
  clean(from, limit)
    .split(/`([^`]{1,200})`/)
    .map((part, at) => {
      const lead = /^\s/.test(part) ? ' ' : ''
      const tail = /\S\s$/.test(part) ? ' ' : ''
      return at % 2 ? `<code>${text(part)}</code>` : lead + text(part, limit) + tail
    })
    .join('')

/** Text with its line breaks, for `pre`, escaped. */
export const block = (from: string, limit: number): string =>
  escapeHtml(cleanBlock(from, limit).replace(/\n+$/, ''), limit + 60)

export const period = (from: string): string => (!from || /[.!?:…]$/.test(from) ? from : `${from}.`)

export const section = (id: string, title: string, sub: string, body: string): string =>
  body
    ? `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${sub ? `<p class="sub">${sub}</p>` : ''}\n${body}</section>`
    : ''

/** A list of escaped rows, nothing where there is none. */
export const items = (rows: readonly string[], kind = ''): string =>
  rows.length ? `<ul${kind ? ` class="${kind}"` : ''}>${rows.map(row => `<li>${row}</li>`).join('')}</ul>` : ''

/** `1–3, 7`, each leading to its finding. */
export const findingLinks = (numbers: readonly number[]): string =>
  spans(numbers)
    .map(([from, to]) => {
      const link = `<a href="#f${from}">${from}</a>`
      return from === to ? link : `${link}${to === from + 1 ? ', ' : '–'}<a href="#f${to}">${to}</a>`
    })
    .join(', ')

/** What a source is called: `RFC 9110, section 15.4`, or the host that it stands on. */
const sourceName = (url: URL): string => {
  const rfc = /^\/rfc\/rfc(\d+)(?:\.html)?$/.exec(url.pathname)
  if (url.hostname !== 'www.rfc-editor.org' || !rfc) return url.hostname.replace(/^www\./, '')
  const part = /^#(section|appendix)-([\w.]+)$/.exec(url.hash)
  return `RFC ${rfc[1]}${part ? `, ${part[1]} ${part[2]}` : ''}`
}

/** Links that `safeLink` let through. */
export const sources = (links: readonly string[]): string =>
  links
    .map(link => `<a href="${escapeHtml(link)}" rel="noreferrer">${escapeHtml(sourceName(new URL(link)))}</a>`)
    .join(', ')
