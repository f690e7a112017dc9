// What a host's pages and scripts give away: each page known of the host, its scripts and stylesheets of the same site, lazy chunks and
// source maps, read up to a budget and scanned here, so that nothing but masked hits is kept.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { maskSecret } from '../../core/redact.ts'
import { isTenantBuild } from '../../data/tenant-hosts.ts'
import { chunkUrls, mappedSources, sourceMapReference, starterOf } from '../../formats/bundle/bundle.ts'
import {
  developmentAddress,
  developmentEndpoints,
  type EndpointKind,
} from '../../formats/bundle/development-endpoints.ts'
import { isLibraryFile, libraryOfUrl, libraryVersions } from '../../formats/bundle/library-versions.ts'
import { paymentKeys } from '../../formats/bundle/payment-keys.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { type HtmlPage, isHtml, readHtml } from '../../formats/html/html.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { SecretClass, SecretHit, SecretKind } from '../../formats/secrets/hit.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import { type HttpHop, headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { domainSubject, hostSubject, routeSubject } from '../subjects.ts'
import { walledOff } from './web.ts'

/** A secret as seen, masked. `hash`: first 16 digits of its SHA-256. Line and column from 1, in the file at `url` (or in `source`, of a source map). */
export type BundleHit = {
  rule: string
  provider: string
  what: string
  class: SecretClass
  kind: SecretKind
  confidence: SecretHit['confidence']
  masked: string
  hash: string
  url: string
  source: string | null
  line: number
  column: number
  variable: string | null
  rotate: string | null
}
export type BundlePayment = { provider: string; mode: 'test' | 'live'; what: string; masked: string; url: string }
export type BundleEndpoint = { endpoint: string; kind: EndpointKind; by: 'call' | 'setting' | 'markup'; url: string }
export type BundleLibrary = { library: string; version: string; url: string }
/** A source map that holds the product's own sources. `sources` are the first names, `own` how many there are. */
export type BundleMap = { url: string; of: string; own: number; sources: string[] }

/** Lists are sorted by URL, then place. */
export type Bundles = {
  pages: string[]
  files: number
  /** After decoding. */
  bytes: number
  hits: BundleHit[]
  payments: BundlePayment[]
  endpoints: BundleEndpoint[]
  libraries: BundleLibrary[]
  /** The framework whose starter page the scripts still draw; null when none is recognised. */
  starter: string | null
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
  /** Of one file: what is behind is not read. */
  fileBytes: 16 * 1024 * 1024,
  /** Files whose map is asked for by its usual name although they name none. */
  guessedMaps: 20,
  /** Files asked for at once: politeness, and a bound on what stands in memory. */
  atOnce: 6,
  listed: 200,
}

type Scan = Pick<Bundles, 'hits' | 'payments' | 'endpoints' | 'libraries' | 'starter'>
type File = Scan & {
  bytes: number
  cut: boolean
  /** `gone`: not there, or another kind of thing stands there. */
  state: 'read' | 'gone' | 'unread'
  message: string
  chunks: string[]
  map: BundleMap | null
  mapReference: string | null
}

const shown = (url: string): string => url.slice(0, 300)

const keep = (hits: readonly SecretHit[], url: string, source: string | null): BundleHit[] =>
  hits
    .filter(hit => hit.class === 'live' || hit.class === 'test' || hit.class === 'public')
    // Stripe hands a payment's own client secret to the browser that pays: it is made for that.
    .filter(hit => hit.rule !== 'generic' || !/^(?:pi|seti|cs|src)_\w+_secret_/.test(hit.secret))
    .slice(0, budget.listed)
    .map(hit => ({
      rule: hit.rule,
      provider: hit.provider,
      what: hit.what,
      class: hit.class,
      kind: hit.kind,
      confidence: hit.confidence,
      masked: maskSecret(hit.secret),
      hash: hit.hash.slice(0, 16),
      url: shown(url),
      source,
      line: hit.line,
      column: hit.column,
      variable: hit.variable?.slice(0, 80) ?? null,
      rotate: hit.rotate,
    }))

const scan = (text: string, url: string, site: (host: string) => boolean, source: string | null = null): Scan => {
  const hits = scanText(text, { path: source ?? new URL(url).pathname, where: 'bundle' })
  return {
    hits: keep(hits, url, source),
    payments: paymentKeys(text, hits).map(({ provider, mode, what, key }) => ({
      provider,
      mode,
      what,
      masked: /^https?:|\s|[({]/.test(key) ? key.slice(0, 120) : maskSecret(key),
      url: shown(url),
    })),
    endpoints: developmentEndpoints(text, site).map(({ endpoint, kind, by }) => ({
      endpoint,
      kind,
      by,
      url: shown(url),
    })),
    libraries: libraryVersions(text).map(item => ({ ...item, url: shown(url) })),
    starter: starterOf(text),
  }
}

const empty = (state: File['state'], message = ''): File => ({
  state,
  message,
  bytes: 0,
  cut: false,
  hits: [],
  payments: [],
  endpoints: [],
  libraries: [],
  starter: null,
  chunks: [],
  map: null,
  mapReference: null,
})

const merge = (into: Scan, from: Scan): void => {
  into.hits.push(...from.hits)
  into.payments.push(...from.payments)
  into.endpoints.push(...from.endpoints)
  into.libraries.push(...from.libraries)
  into.starter ??= from.starter
}

/** What a source map holds; null when the text is none, or holds no source of the product's own. */
const readMap = (
  text: string,
  url: string,
  of: string,
  site: (host: string) => boolean,
): { map: BundleMap; scans: Scan[] } | null => {
  const sources = (mappedSources(text) ?? []).filter(source => source.own)
  if (sources.length === 0 || isLibraryFile(of)) return null
  return {
    map: {
      url: shown(url),
      of: shown(of),
      own: sources.length,
      sources: sources.slice(0, 5).map(source => source.name),
    },
    // The bundle itself is scanned for endpoints and payment keys; of the sources only secrets matter, since comments stand there alone.
    scans: sources.map(source => ({
      ...scan(source.text, url, site, source.name),
      payments: [],
      endpoints: [],
      libraries: [],
      starter: null,
    })),
  }
}

const stores = new WeakMap<object, Map<string, Promise<File>>>()

/** Reads and scans a file once a run: two hosts that share it share the answer. */
const readFile = (
  context: CollectContext,
  url: string,
  site: (host: string) => boolean,
  of: string | null,
): Promise<File> => {
  const store = stores.get(context.net) ?? new Map<string, Promise<File>>()
  stores.set(context.net, store)
  const read = async (): Promise<File> => {
    const answer = await context.net.http({ url, follow: 3, maxBytes: budget.fileBytes })
    if (!answer.ok) return empty('unread', answer.message)
    const hop = answer.value.hops.at(-1)
    if (!hop || answer.value.ended !== 'answer')
      return empty('unread', answer.value.next?.why ?? 'its redirects lead nowhere')
    // Storage buckets answer 403 for what is not there; a map that is refused is as good as none.
    if (hop.status === 429 || hop.status >= 500 || (hop.status === 403 && of === null))
      return empty('unread', `status ${hop.status}`)
    // A single-page app answers every path with its page.
    if (
      hop.status !== 200 ||
      isHtml(headerOf(hop, 'content-type')) ||
      /^\s*<(?:!doctype|html)/i.test(hop.body.slice(0, 200))
    )
      return empty('gone', `status ${hop.status}`)
    const file = { ...empty('read'), bytes: hop.decodedBytes, cut: hop.truncated }
    if (of !== null) {
      const found = readMap(hop.body, url, of, site)
      if (!found)
        return { ...file, state: hop.truncated ? 'unread' : 'gone', message: 'it is larger than what is read' }
      file.map = found.map
      for (const part of found.scans) merge(file, part)
      return file
    }
    merge(file, scan(hop.body, url, site))
    file.chunks = /\.css$/.test(new URL(url).pathname) ? [] : chunkUrls(hop.body, hop.url)
    file.mapReference = hop.truncated ? null : sourceMapReference(hop.body)
    if (file.mapReference?.startsWith('data:')) {
      const [head = '', body = ''] = file.mapReference.split(',', 2)
      const found = readMap(
        head.endsWith(';base64') ? Buffer.from(body, 'base64').toString('utf8') : safeDecode(body),
        url,
        url,
        site,
      )
      if (found) {
        file.map = found.map
        for (const part of found.scans) merge(file, part)
      }
    }
    return file
  }
  const key = `${of === null ? '' : 'map '}${url}`
  const known = store.get(key) ?? read()
  store.set(key, known)
  return known
}

const safeDecode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** Values that a server makes anew for each visitor, and that guard nothing beyond the visit. */
const visitorValue =
  /csrf|xsrf|nonce|authenticity|verification_?token|viewstate|session|state$|captcha|turnstile|challenge/i

const scanPage = (hop: HttpHop, page: HtmlPage, site: (host: string) => boolean): Scan => {
  const whole = scan(hop.body, page.url, site)
  const all: Scan = {
    hits: whole.hits.filter(hit => hit.confidence !== 'possible'),
    payments: whole.payments,
    endpoints: [],
    libraries: whole.libraries,
    starter: whole.starter,
  }
  // JSON inside JSON (React flight data) and inside attributes (Inertia, data-props) hides names behind escapes.
  const unfolded = [
    /\\"/.test(hop.body) ? hop.body.replaceAll('\\"', '"') : '',
    /&quot;/.test(hop.body) ? hop.body.replaceAll('&quot;', '"').replaceAll('&amp;', '&') : '',
  ].filter(text => text !== '')
  const scripts = page.inlineScripts.map(script => script.text)
  for (const text of [...unfolded, ...scripts]) {
    const inner = scan(text, page.url, site)
    for (const hit of inner.hits)
      if (
        !all.hits.some(other => other.hash === hit.hash) &&
        (hit.confidence !== 'possible' || (scripts.includes(text) && !visitorValue.test(hit.variable ?? '')))
      )
        all.hits.push(hit)
    all.payments.push(...inner.payments)
    if (scripts.includes(text)) all.endpoints.push(...inner.endpoints)
  }
  for (const url of [
    ...page.resources.map(item => item.url).slice(0, budget.listed),
    ...page.forms.map(form => form.action),
  ]) {
    const found = developmentAddress(url)
    if (found && !site(new URL(url).hostname)) all.endpoints.push({ ...found, by: 'markup', url: page.url })
  }
  for (const item of page.resources) {
    const library = item.kind === 'script' ? libraryOfUrl(item.url) : null
    if (library) all.libraries.push({ ...library, url: shown(item.url) })
  }
  return all
}

const unique = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => {
  const byKey = new Map<string, T>()
  for (const item of items) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item)
  return [...byKey.values()]
}

/** The pages that this host serves: its front page and every known route that ends here. */
const pagesOf = async (host: string, context: CollectContext): Promise<HttpHop[]> => {
  const domain = context.target.domain ?? host
  const web = await context.need('web', hostSubject(host, domain))
  const ends: HttpHop[] = []
  if (web.ok)
    for (const side of [web.value.https, web.value.http]) {
      const last = side.ok ? side.value.hops.at(-1) : undefined
      if (last && side.ok && side.value.ended === 'answer') ends.push(last)
    }
  const routes = await context.need('routes', domainSubject(domain))
  if (routes.ok)
    for (const route of routes.value.routes) {
      const page = await context.need('page', routeSubject(route.url, domain, {}))
      const last = page.ok && page.value.ended === 'answer' ? page.value.hops.at(-1) : undefined
      if (last) ends.push(last)
    }
  return unique(
    ends.filter(hop => new URL(hop.url).hostname === host && isHtml(headerOf(hop, 'content-type'))),
    hop => hop.url.replace(/^http:/, 'https:'),
  ).sort((a, b) => (a.url < b.url ? -1 : 1))
}

/** `20MB`, `500 kB` → bytes; the default where nothing that can be read is given. */
const bytesOf = (text: string | undefined): number => {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(k|m)?b?\s*$/i.exec(text ?? '')
  if (!match) return budget.bytes
  const unit = match[2]?.toLowerCase()
  return Number(match[1]) * (unit === 'm' ? 1024 * 1024 : unit === 'k' ? 1024 : 1)
}

const fact: FactDefinition<Bundles> = {
  on: 'host',
  deadlines: 16,
  async collect(subject, context) {
    const host = subject.name
    const web = await context.need('web', subject)
    if (!web.ok) return web
    const door = frontDoor(web.value)
    if (!door.ok) return door
    const walled = walledOff(web.value)
    if (walled) return walled
    const served = await pagesOf(host, context)
    const pages = served.filter(hop => hop.status < 400)
    const refused = served.find(hop => hop.status === 403 || hop.status === 429)
    if (pages.length === 0)
      return refused
        ? missing('forbidden', `${host} answers this audit with status ${refused.status}`)
        : notApplicable(`${host} serves no page of its own`)
    const registered = registrableDomain(host)
    const site = (name: string): boolean =>
      name === host || (registered !== null && registrableDomain(name) === registered)
    // What a delivery network serves in this product's name is its own build.
    const ours = (url: string): boolean => site(new URL(url).hostname) || isTenantBuild(url)

    const all: Bundles = {
      pages: pages.map(hop => hop.url),
      files: 0,
      bytes: 0,
      hits: [],
      payments: [],
      endpoints: [],
      libraries: [],
      starter: null,
      maps: [],
      unread: [],
      leftOut: [],
    }
    const mostBytes = bytesOf(context.config.audit?.bundleBudget)
    const direct = new Set<string>()
    for (const hop of pages) {
      const page = readHtml(hop.body, hop.url)
      merge(all, scanPage(hop, page, site))
      all.bytes += hop.decodedBytes
      for (const item of page.resources)
        if (
          (item.kind === 'script' ||
            item.kind === 'stylesheet' ||
            (item.kind === 'preload' && /\.m?js$/.test(item.url))) &&
          /^https?:/.test(item.url) &&
          ours(item.url)
        )
          direct.add(item.url)
    }

    /** Queue of scripts, then of maps; each wave in the order of its URLs, so that the budget cuts at the same place every time. */
    const seen = new Set<string>()
    let guesses = budget.guessedMaps
    let wave: { url: string; of: string | null; direct: boolean }[] = [...direct]
      .sort()
      .map(url => ({ url, of: null, direct: true }))
    while (wave.length > 0) {
      const next: typeof wave = []
      for (let at = 0; at < wave.length; at += budget.atOnce) {
        if (context.signal.aborted) break
        if (all.bytes >= mostBytes || all.files >= budget.files) {
          all.leftOut.push(`${wave.length - at} files after ${all.files} files and ${Math.round(all.bytes / 1e6)} MB`)
          break
        }
        const batch = wave.slice(at, at + budget.atOnce).filter(item => !seen.has(`${item.of === null} ${item.url}`))
        for (const item of batch) seen.add(`${item.of === null} ${item.url}`)
        const files = await Promise.all(batch.map(item => readFile(context, item.url, site, item.of)))
        for (const [index, file] of files.entries()) {
          const item = batch[index]!
          // A chunk's name may be misread, and storage answers 403 for what is not there.
          if (file.state === 'unread' && (item.direct || file.message !== 'status 403'))
            all.unread.push({ url: shown(item.url), message: file.message })
          if (file.state !== 'read') continue
          all.files++
          all.bytes += file.bytes
          merge(all, file)
          if (file.map) all.maps.push(file.map)
          if (file.cut) all.leftOut.push(`${shown(item.url)} behind its first ${Math.round(file.bytes / 1e6)} MB`)
          for (const url of file.chunks) if (ours(url)) next.push({ url, of: null, direct: false })
          if (item.of !== null || file.map || file.mapReference?.startsWith('data:')) continue
          const map = file.mapReference ?? (!file.cut && guesses-- > 0 ? `${new URL(item.url).pathname}.map` : null)
          if (map && URL.canParse(map, item.url) && ours(new URL(map, item.url).href))
            next.push({ url: new URL(map, item.url).href, of: item.url, direct: false })
        }
      }
      wave = unique(next, item => `${item.of === null} ${item.url}`)
        .filter(item => !seen.has(`${item.of === null} ${item.url}`))
        .sort((a, b) => (a.url < b.url ? -1 : 1))
    }

    const byUrl = (a: { url: string }, b: { url: string }): number => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0)
    return observed(
      {
        ...all,
        hits: unique(
          all.hits.sort((a, b) => byUrl(a, b) || a.line - b.line || a.column - b.column),
          hit => `${hit.rule} ${hit.hash} ${hit.url}`,
        ).slice(0, budget.listed),
        payments: unique(all.payments.sort(byUrl), item => `${item.provider} ${item.mode} ${item.masked}`).slice(
          0,
          budget.listed,
        ),
        endpoints: unique(all.endpoints.sort(byUrl), item => `${item.endpoint} ${item.url}`).slice(0, budget.listed),
        libraries: unique(all.libraries.sort(byUrl), item => `${item.library} ${item.version}`).slice(0, budget.listed),
        maps: unique(all.maps.sort(byUrl), item => item.url).slice(0, budget.listed),
        unread: all.unread.sort(byUrl).slice(0, budget.listed),
        leftOut: all.leftOut.sort().slice(0, 20),
      },
      context.now(),
    )
  },
}
export default fact
