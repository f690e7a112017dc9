// What a host's pages and scripts give away: each page known of the host, its scripts and stylesheets of the same site, lazy chunks and
// source maps, read up to a budget and scanned as they arrive.
import { type Fact, missing, notApplicable, observed } from '../../core/fact.ts'
import { isMeasuringScript, isPackageFile, isVendorScript } from '../../data/script-vendors.ts'
import { isTenantBuild } from '../../data/tenant-hosts.ts'
import { chunkUrls } from '../../formats/bundle/bundle.ts'
import { joinImportMaps, readImportMap, resolveModule } from '../../formats/bundle/imports.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { type HtmlPage, readHtml } from '../../formats/html/html.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import type { HttpExchange, HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { domainSubject, hostSubject, routeSubject } from '../subjects.ts'
import { type BundleFile, type FileRequest, readFile, requestKey } from './bundle-files.ts'
import {
  type BundleMap,
  emptyScan,
  type IsOwnHost,
  merge,
  mostListed,
  type Scan,
  scanHeaders,
  scanPage,
  shown,
} from './bundle-scan.ts'
import { getOnce } from './fetch.ts'
import { impossibleLabel } from './hosts.ts'
import { inlineImports } from './page-assets.ts'
import { openDoor, type Web } from './web.ts'

export type { BundleEndpoint, BundleHit, BundleLibrary, BundleMap, BundlePayment } from './bundle-scan.ts'

/** Lists are sorted by URL, then place. */
export type Bundles = Scan & {
  pages: string[]
  files: number
  /** After decoding. */
  bytes: number
  maps: BundleMap[]
  /** Files that gave no answer that could be read. */
  unread: { url: string; message: string }[]
  /** What the budget left out, in words. */
  leftOut: string[]
}

/** The budget for one host. A product of a small team has 1 to 5 MB of scripts in under a hundred files. */
const budget = {
  /** Unless the config says otherwise (audit.bundleBudget). */
  bytes: 40 * 1024 * 1024,
  files: 300,
  /** Files whose map is asked for by its usual name although they name none. */
  guessedMaps: 20,
  /** Files asked for at once: politeness, and a bound on what stands in memory. */
  atOnce: 6,
}

const unique = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => {
  const byKey = new Map<string, T>()
  for (const item of items) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item)
  return [...byKey.values()]
}

const endOf = (walked: Fact<HttpExchange>): HttpHop[] => {
  const last = walked.ok && walked.value.ended === 'answer' ? walked.value.hops.at(-1) : undefined
  return last ? [last] : []
}

/** The pages that this host serves: its front page and every known route that ends here. */
export const pagesOf = async (host: string, context: CollectContext): Promise<HttpHop[]> => {
  const domain = context.target.domain ?? host
  const web = await context.need('web', hostSubject(host, domain))
  const ends = web.ok ? [...endOf(web.value.https), ...endOf(web.value.http)] : []
  const routes = await context.need('routes', domainSubject(domain))
  for (const route of routes.ok ? routes.value.routes : [])
    ends.push(...endOf(await context.need('page', routeSubject(route.url, domain, {}))))
  return unique(
    ends.filter(hop => new URL(hop.url).hostname === host && isPage(hop)),
    hop => hop.url.replace(/^http:/, 'https:'),
  ).sort((a, b) => (a.url < b.url ? -1 : 1))
}

/** The page that says that nothing is here: it has scripts of its own, and is written by other people than the rest. */
const errorPage = async (host: string, web: Web, context: CollectContext): Promise<HttpHop[]> => {
  const url = `${web.https.ok ? 'https' : 'http'}://${host}/${impossibleLabel(context.target.domain ?? host)}`
  const answer = await getOnce(context, url)
  const hop = answer.ok ? answer.value.hops[0] : undefined
  return hop && [404, 410].includes(hop.status) && isPage(hop) ? [hop] : []
}

/** `20MB`, `500 kB` → bytes; the default where nothing that can be read is given. */
const bytesOf = (text: string | undefined): number => {
  const match = /^(\d+(?:\.\d+)?)\s*(k|m)?b?$/i.exec((text ?? '').trim())
  if (!match) return budget.bytes
  const unit = match[2]?.toLowerCase()
  return Number(match[1]) * (unit === 'm' ? 1024 * 1024 : unit === 'k' ? 1024 : 1)
}

/** The hosts of the product's own site: the same registrable domain. */
export const ownHosts = (host: string): IsOwnHost => {
  const registered = registrableDomain(host)
  return name => name === host || (registered !== null && registrableDomain(name) === registered)
}

/** What a page's own scripts load at once: modules by their path or by a name of its import map. */
const importedBy = (page: HtmlPage): string[] => {
  const written = page.inlineScripts.filter(script => script.type.trim().toLowerCase() === 'importmap')
  const map = joinImportMaps(written.map(({ text }) => readImportMap(text, page.base)))
  const named = page.inlineScripts.flatMap(({ text }) =>
    inlineImports(text).map(name => resolveModule(name, page.base, map)),
  )
  const later = page.inlineScripts.flatMap(({ text }) => chunkUrls(text, page.base))
  // A name that ends with a slash stands for a folder.
  const mapped = [...(map?.values() ?? [])].filter(url => !url.endsWith('/'))
  return [...named.filter(url => url !== null), ...mapped, ...later]
}

/** Scripts and stylesheets that a page loads. Scripts of services and packages are not the product's, wherever its pages stand. */
const filesOf = (page: HtmlPage, isOurs: (url: string) => boolean): string[] => {
  const named = page.resources.filter(
    ({ kind, url }) =>
      kind === 'script' ||
      (kind === 'preload' && /\.m?js$/.test(url)) ||
      // A stylesheet of others holds nothing of the product's.
      (kind === 'stylesheet' && /^https?:/.test(url) && isOurs(url)),
  )
  return [...named.map(({ url }) => url), ...importedBy(page)].filter(
    url => /^https?:/.test(url) && !isVendorScript(url) && !isPackageFile(url) && !isMeasuringScript(url, {}),
  )
}

/** A file to read; `direct`: a page names it, so that it must be there. */
type Wanted = FileRequest & { direct: boolean }

/** One host's reading: what was found, and what is left of its budget. */
type Reading = {
  all: Bundles
  mostBytes: number
  /** Maps that may still be asked for by their usual name. */
  guesses: number
  seen: Set<string>
  isOwn: IsOwnHost
  /** What a delivery network serves in this product's name is its own build too. */
  isOurs: (url: string) => boolean
}

/** The source map to ask for: the one that the file names, else the usual name, a few times. */
const mapUrl = (reading: Reading, wanted: Wanted, file: BundleFile): string | null => {
  if (wanted.mapOf !== null || file.map || file.mapReference?.startsWith('data:')) return null
  const written =
    file.mapReference ?? (!file.cut && reading.guesses-- > 0 ? `${new URL(wanted.url).pathname}.map` : null)
  if (!written || !URL.canParse(written, wanted.url)) return null
  const { href } = new URL(written, wanted.url)
  return reading.isOurs(href) ? href : null
}

/** Notes what a file gave; returns what it leads to. */
const takeFile = (reading: Reading, wanted: Wanted, file: BundleFile): Wanted[] => {
  const { all } = reading
  // A chunk's name may be misread, and storage answers 403 for what is not there.
  const isUnread = file.state === 'unread' && (wanted.direct || file.message !== 'status 403')
  if (isUnread || (file.state === 'gone' && wanted.direct))
    all.unread.push({ url: shown(wanted.url), message: file.message })
  if (file.state !== 'read') return []
  all.files++
  all.bytes += file.bytes
  // Of what stands on other sites only secrets count: its addresses and accounts may be another product's.
  merge(all, reading.isOurs(wanted.url) ? file : { ...emptyScan(), hits: file.hits })
  if (file.map) all.maps.push(file.map)
  if (file.cut) all.leftOut.push(`${shown(wanted.url)} behind its first ${Math.round(file.bytes / 1e6)} MB`)
  const chunks = file.chunks.filter(reading.isOurs).map(url => ({ url, mapOf: null, direct: false }))
  const map = mapUrl(reading, wanted, file)
  return map === null ? chunks : [...chunks, { url: map, mapOf: wanted.url, direct: false }]
}

/** Reads one wave of files, a few at a time, until the budget ends; returns what they lead to. */
const readWave = async (context: CollectContext, reading: Reading, wave: readonly Wanted[]): Promise<Wanted[]> => {
  const { all, seen } = reading
  const next: Wanted[] = []
  for (let at = 0; at < wave.length && !context.signal.aborted; at += budget.atOnce) {
    if (all.bytes >= reading.mostBytes || all.files >= budget.files) {
      all.leftOut.push(`${wave.length - at} files after ${all.files} files and ${Math.round(all.bytes / 1e6)} MB`)
      break
    }
    const batch = wave.slice(at, at + budget.atOnce).filter(wanted => !seen.has(requestKey(wanted)))
    for (const wanted of batch) seen.add(requestKey(wanted))
    const files = await Promise.all(batch.map(wanted => readFile(context, wanted, reading.isOwn)))
    for (const [index, file] of files.entries()) next.push(...takeFile(reading, batch[index]!, file))
  }
  return next
}

/** Scripts, then what they lead to; each wave in the order of its URLs, so that the budget cuts at the same place every time. */
const readFiles = async (context: CollectContext, reading: Reading, direct: readonly string[]): Promise<void> => {
  let wave: Wanted[] = [...new Set(direct)].sort().map(url => ({ url, mapOf: null, direct: true }))
  while (wave.length > 0)
    wave = unique(await readWave(context, reading, wave), requestKey)
      .filter(wanted => !reading.seen.has(requestKey(wanted)))
      .sort((a, b) => (a.url < b.url ? -1 : 1))
}

const byUrl = (a: { url: string }, b: { url: string }): number => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0)

/** Sorted, each thing once, bounded. */
const tidied = (all: Bundles): Bundles => {
  const list = <T extends { url: string }>(items: T[], keyOf: (item: T) => string): T[] =>
    unique(items.sort(byUrl), keyOf).slice(0, mostListed)
  all.hits.sort((a, b) => byUrl(a, b) || a.line - b.line || a.column - b.column)
  return {
    ...all,
    hits: list(all.hits, hit => `${hit.rule} ${hit.hash} ${hit.url}`),
    payments: list(all.payments, item => `${item.provider} ${item.mode} ${item.masked}`),
    endpoints: list(all.endpoints, item => `${item.endpoint} ${item.url}`),
    libraries: list(all.libraries, item => `${item.library} ${item.version}`),
    maps: list(all.maps, item => item.url),
    unread: all.unread.sort(byUrl).slice(0, mostListed),
    leftOut: all.leftOut.sort().slice(0, 20),
  }
}

const fact: FactDefinition<Bundles> = {
  on: 'host',
  deadlines: 16,
  async collect(subject, context) {
    const host = subject.name
    const opened = await openDoor(subject, context)
    if (!opened.ok) return opened
    const { web } = opened.value
    const served = await pagesOf(host, context)
    const pages = [...served.filter(hop => hop.status < 400), ...(await errorPage(host, web, context))]
    const refused = served.find(hop => hop.status === 403 || hop.status === 429)
    if (served.every(hop => hop.status >= 400))
      return refused
        ? missing('forbidden', `${host} answers this audit with status ${refused.status}`)
        : notApplicable(`${host} serves no page of its own`)
    const urls = pages.map(hop => hop.url)
    const all: Bundles = { pages: urls, files: 0, bytes: 0, ...emptyScan(), maps: [], unread: [], leftOut: [] }
    const isOwn = ownHosts(host)
    const isOurs = (url: string): boolean => isOwn(new URL(url).hostname) || isTenantBuild(url)
    const mostBytes = bytesOf(context.config.audit?.bundleBudget)
    const direct: string[] = []
    for (const hop of pages) {
      const page = readHtml(hop.body, hop.url)
      merge(all, scanPage(hop, page, isOwn))
      merge(all, scanHeaders(hop, isOwn))
      all.bytes += hop.decodedBytes
      direct.push(...filesOf(page, isOurs))
    }
    const reading = { all, mostBytes, guesses: budget.guessedMaps, seen: new Set<string>(), isOwn, isOurs }
    await readFiles(context, reading, direct)
    return observed(tidied(all), context.now())
  },
}
export default fact
