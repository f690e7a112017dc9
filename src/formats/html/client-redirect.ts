// Where a page sends its visitor on by itself: a refresh in its head or headers, or a script on a page that shows nothing.
import { type Headers, headerValue } from '../http/headers.ts'
import { type PageDocument, readDocument } from './document.ts'
import { isPage } from './page-kind.ts'
import { showsNothing } from './page-words.ts'

/** Seconds after which a refresh is an update of the page, not a way on. */
const mostSeconds = 10

/** `0;url=/shop` (HTML Standard §4.2.5.3): the address, as written; null where it is the page itself after a while, or malformed. */
export const refreshTarget = (content: string): string | null => {
  const match = /^\s*(\d{0,6})(?:\.\d*)?\s*(?:[;,\s]\s*(?:url\s*=\s*)?(["']?)([\s\S]*))?$/i.exec(content.slice(0, 2000))
  if (!match || (match[1] === '' && match[3] === undefined) || Number(match[1]) > mostSeconds) return null
  const written = (match[2] ? match[3]!.split(match[2])[0]! : (match[3] ?? '')).trim()
  // A page that loads itself anew at once never comes to rest; after a while it is one that updates itself.
  return written === '' && Number(match[1]) > 0 ? null : written
}

const assigned =
  /(?:\b(?:window|document|self|top|parent)\.)?\blocation(?:\.href)?\s*=\s*(["'`])([^"'`\s]{1,1000})\1|\blocation\.(?:replace|assign)\(\s*(["'`])([^"'`\s]{1,1000})\3\s*\)/

/** The address to which a script that is all there is of a page leads; only a literal outside of any function or condition counts. */
const scriptTarget = (page: PageDocument): { to: string; isAll: boolean } | null => {
  if (!showsNothing(page) || page.assets.some(asset => asset.url !== null && asset.kind !== 'style')) return null
  const scripts = page.assets.filter(asset => asset.kind !== 'style')
  if (scripts.length !== 1 || scripts[0]!.text.length > 2000) return null
  const match = assigned.exec(scripts[0]!.text)
  if (!match) return null
  const rest = scripts[0]!.text.replace(match[0], '')
  if (/\bif\s*\(|\?[^?]*:|addEventListener|\$\{/.test(rest)) return null
  const to = match[2] ?? match[4]!
  // Another fragment is another place of the same page, which is not loaded anew for it.
  return { to, isAll: !to.includes('#') && /^(?:[\s;]|\b(?:window|document|self|top|parent)\.)*$/.test(rest) }
}

/** `isAll`: whether nothing else is done on the page, so that it leads there whenever it is loaded. */
export type ClientRedirect = { url: string; by: 'refresh' | 'script'; isAll: boolean }

/** Where an answer with a page sends its visitor on; null when it stays. */
export const clientRedirect = (answer: {
  url: string
  status: number
  headers: Headers
  body: string
}): ClientRedirect | null => {
  if (answer.status >= 300 && answer.status < 400) return null
  const header = headerValue(answer, 'refresh')
  // Most pages need no second reading.
  const page = /refresh|location/i.test(answer.body) && isPage(answer) ? readDocument(answer.body, answer.url) : null
  const written = [header ?? '', ...(page?.refreshes ?? [])].map(refreshTarget).find(target => target !== null)
  const script = written === undefined && page ? scriptTarget(page) : null
  const target = written ?? script?.to
  if (target === undefined || !URL.canParse(target, page?.base ?? answer.url)) return null
  const url = new URL(target || answer.url, page?.base ?? answer.url)
  url.hash = ''
  return /^https?:$/.test(url.protocol)
    ? { url: url.href, by: script ? 'script' : 'refresh', isAll: script?.isAll ?? true }
    : null
}
