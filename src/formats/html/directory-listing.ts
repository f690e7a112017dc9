// Recognises a web server's own list of the files in a directory.

import { isRecord } from '../is-record.ts'
import { percentDecoded } from '../percent.ts'
import { readHtml } from './html.ts'

/** Titles of listings, which other pages may bear, too. */
const titles: readonly RegExp[] = [
  // Apache, nginx, lighttpd, LiteSpeed, Jetty.
  /<title>\s*(?:Index of|Directory:?) \/[^<]{0,500}<\/title>/i,
  /<h1>\s*Index of \/[^<]{0,500}<\/h1>/i,
  // Python's http.server, and Node's serve and http-server.
  /<title>\s*Directory listing for \/[^<]{0,500}<\/title>/i,
  /<title>\s*(?:Files within|listing directory) [^<]{0,500}<\/title>/i,
  // Tomcat.
  /<title>\s*Directory Listing For \[?\/[^<]{0,500}<\/title>/i,
]

const forms: readonly RegExp[] = [
  // IIS.
  /\[To Parent Directory\]<\/A>/i,
  // Caddy's browser, known by its links that sort.
  /<a href="\?sort=(?:name|namedirfirst|size|time)&(?:amp;)?order=(?:asc|desc)/i,
  // Go's http.FileServer: nothing but links.
  /^\s*(?:<!doctype html>\s*<meta name="viewport"[^>]{0,100}>\s*)?<pre>\s*(?:<a href="[^"]{1,300}">[^<]{1,300}<\/a>\s*){1,2000}<\/pre>\s*$/i,
  // A storage bucket that lists its objects.
  /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<ListBucketResult[\s>][\s\S]{0,20000}?<Key>/i,
  /^\ufeff?\s*(?:<\?xml[^>]{0,200}\?>\s*)?<EnumerationResults[\s>][\s\S]{0,20000}?<Blob><Name>/i,
]

/** Entries of a listing in JSON: nginx says of each what type it is and when it changed, Caddy whether it is a directory and its mode. */
const jsonNames = (text: string): string[] | null => {
  if (!/^\s{0,20}\[\s{0,20}\{/.test(text)) return null
  let entries: unknown
  try {
    entries = JSON.parse(text)
  } catch {
    return null
  }
  if (!Array.isArray(entries)) return null
  const isEntry = (entry: unknown): entry is { name: string } =>
    isRecord(entry) &&
    typeof entry['name'] === 'string' &&
    ((/^(?:file|directory|other)$/.test(String(entry['type'])) && typeof entry['mtime'] === 'string') ||
      (typeof entry['is_dir'] === 'boolean' && typeof entry['mod_time'] === 'string'))
  return entries.every(isEntry) ? entries.map(({ name }) => name) : null
}

export type Listing = {
  /** Names of files shown, at most ten, sorted. */
  names: string[]
}

const decoded = (path: string): string => percentDecoded(path.replaceAll('&amp;', '&'))

/** A file beside the page, and no page. */
const fileBeside = /^(?:\.\/)?[^/?#:]{1,200}\.(?!(?:html?|php|aspx?|jsp)$)[a-z]\w{0,9}$/i

/** Whether a link is a row of a listing: it leads to a file beside it, bears the name of where it leads, in full or cut, or sorts the rows, or leads to the parent. */
const isRow = ({ to, said }: { to: string; said: string }): boolean => {
  if (
    /^(?:[?#]|\.{1,2}\/?$|\/$)/.test(to) ||
    /^(?:\[?(?:to )?parent directory\]?|\.\.\/?|(?:up|back)\b.{0,20})$/i.test(said)
  )
    return true
  if (fileBeside.test(to)) return true
  const name = decoded(to).replace(/\/$/, '').split('/').at(-1) ?? ''
  const shown = said.replace(/\/$/, '').trim()
  const [, begin] = /^(.{3,})(?:\.\.(?:&gt;|>)|…|\.\.\.)$/.exec(shown) ?? []
  return name === shown || (begin !== undefined && name.startsWith(begin))
}

/** Characters up to which a list without a row may have words: its title twice, the names of columns, the name of a server. */
const mostOfEmpty = 300

/** Whether a page with the title of a listing has its form: rows of links to files, or nothing. */
const hasRows = (text: string): boolean => {
  const links = Array.from(
    text.matchAll(/<a\s[^>]{0,300}?href\s?=\s?["']?([^"'\s>]{1,500})["']?[^>]{0,300}>([\s\S]{0,300}?)<\/a/gi),
    match => ({
      to: match[1]!,
      said: decoded(match[2]!.replace(/<[^<>]*>/g, ''))
        .replace(/&nbsp;|\s+/g, ' ')
        .trim(),
    }),
  ).filter(({ said }) => said !== '')
  const rows = links.filter(isRow)
  if (links.length > 0) return rows.length >= links.length * 0.7
  return readHtml(text, 'about:blank').text.length <= mostOfEmpty
}

/** Names of files and folders, where nearly all that a page links to is called as it is written: no page of words is. */
const namesLinked = (text: string): string[] | null => {
  const links = Array.from(
    text.matchAll(/<a\s[^>]{0,200}?href="([^"]{1,300})"[^>]{0,200}>([^<]{1,300})<\/a>/gi),
    match => ({
      to: match[1]!.replace(/^\.?\//, ''),
      said: match[2]!.trim(),
    }),
  ).filter(({ to }) => to !== '' && !/^(?:\?|\.\.|#)/.test(to))
  const isName = (said: string): boolean => /^[\w.@+~-]{1,100}(?:\/|\.[a-z]\w{0,9})$/i.test(said)
  const named = links.filter(({ to, said }) => to === said && isName(said))
  return named.length >= 2 && named.length >= links.length * 0.8 ? named.map(({ said }) => said) : null
}

/** The listing, or null when the body is none. */
export const directoryListing = (body: string): Listing | null => {
  const text = body.slice(0, 65_536)
  const listed = jsonNames(text)
  if (listed) return { names: [...new Set(listed)].sort().slice(0, 10) }
  if (!forms.some(form => form.test(text)) && !(titles.some(title => title.test(text)) && hasRows(text))) {
    const linked = namesLinked(text)
    return linked && { names: [...new Set(linked)].sort().slice(0, 10) }
  }
  const names = [
    ...[...text.matchAll(/<a\s[^>]{0,200}?href="([^"]{1,300})"/gi)].map(match => match[1]!),
    ...[...text.matchAll(/<(?:Key|Blob><Name)>([^<]{1,300})<\//g)].map(match => match[1]!),
  ]
    .map(name => name.replace(/^\.\/(?=.)/, ''))
    .filter(name => !/^(\?|\.\.?\/?$|#|https?:|mailto:|javascript:)/i.test(name) && name !== '/')
  return { names: [...new Set(names)].sort().slice(0, 10) }
}
