// What one page, script, stylesheet or source map gives away: scanned as it arrives, so that nothing but masked hits is kept.
import { maskSecret } from '../../core/redact.ts'
import { mappedSources, starterOf } from '../../formats/bundle/bundle.ts'
import {
  developmentAddress,
  developmentEndpoints,
  type EndpointKind,
} from '../../formats/bundle/development-endpoints.ts'
import { isLibraryFile, libraryOfUrl, libraryVersions } from '../../formats/bundle/library-versions.ts'
import { paymentKeys } from '../../formats/bundle/payment-keys.ts'
import { markupOf } from '../../formats/html/attributes.ts'
import type { HtmlPage } from '../../formats/html/html.ts'
import { keyPageOf } from '../../formats/html/key-pages.ts'
import type { SecretClass, SecretHit, SecretKind } from '../../formats/secrets/hit.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import type { HttpHop } from '../../net/network.ts'

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

/** Entries of one list that are kept. */
export const mostListed = 200

/** What a text gave away. */
export type Scan = {
  hits: BundleHit[]
  payments: BundlePayment[]
  endpoints: BundleEndpoint[]
  libraries: BundleLibrary[]
  /** The framework whose starter page the text draws; null when none is recognised. */
  starter: string | null
}

/** Whether a host belongs to the product's own site. */
export type IsOwnHost = (host: string) => boolean

/** A scan with nothing in it. */
export const emptyScan = (): Scan => ({ hits: [], payments: [], endpoints: [], libraries: [], starter: null })

/** A URL as it is kept. */
export const shown = (url: string): string => url.slice(0, 300)

const keep = (hits: readonly SecretHit[], url: string, source: string | null): BundleHit[] =>
  hits
    .filter(hit => hit.class === 'live' || hit.class === 'test' || hit.class === 'public')
    // Stripe hands a payment's own client secret to the browser that pays: it is made for that.
    .filter(hit => hit.rule !== 'generic' || !/^(?:pi|seti|cs|src)_\w+_secret_/.test(hit.secret))
    .slice(0, mostListed)
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

/** Scans a script or stylesheet; `source` is the file inside a source map. */
export const scan = (text: string, url: string, isOwn: IsOwnHost, source: string | null = null): Scan => {
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
    endpoints: developmentEndpoints(text, isOwn).map(({ endpoint, kind, by }) => ({
      endpoint,
      kind,
      by,
      url: shown(url),
    })),
    libraries: libraryVersions(text).map(item => ({ ...item, url: shown(url) })),
    starter: starterOf(text),
  }
}

/** Adds what one text gave to what others gave. */
export const merge = (into: Scan, from: Scan): void => {
  into.hits.push(...from.hits)
  into.payments.push(...from.payments)
  into.endpoints.push(...from.endpoints)
  into.libraries.push(...from.libraries)
  into.starter ??= from.starter
}

/** What a source map holds; null when the text is none, or holds no source of the product's own. */
export const scanMap = (
  text: string,
  url: string,
  of: string,
  isOwn: IsOwnHost,
): { map: BundleMap; scan: Scan } | null => {
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
    scan: { ...emptyScan(), hits: sources.flatMap(source => scan(source.text, url, isOwn, source.name).hits) },
  }
}

/** Values that a server makes anew for each visitor, and that guard nothing beyond the visit. */
const visitorValue =
  /csrf|xsrf|nonce|authenticity|verification_?token|viewstate|session|state$|captcha|turnstile|challenge/i

/**
 * The page's HTML as further texts to scan: JSON inside JSON (React flight data) and inside attributes (Inertia, data-props)
 * hides names behind escapes.
 */
const unfolded = (html: string): string[] => [
  ...(/\\"/.test(html) ? [html.replaceAll('\\"', '"')] : []),
  ...(/&quot;/.test(html) ? [html.replaceAll('&quot;', '"').replaceAll('&amp;', '&')] : []),
]

/** Where links lead whose words say log in, sign up or pay; others may tell readers what to open on their own machine. */
const keyTargets = ({ links }: HtmlPage): string[] =>
  links.filter(({ text }) => keyPageOf('https://example.com/', text) !== null).map(({ url }) => url)

/** Addresses of a developer's machine that the markup itself uses. */
const markupEndpoints = (page: HtmlPage, isOwn: IsOwnHost): BundleEndpoint[] =>
  [
    ...page.resources.map(item => item.url).slice(0, mostListed),
    ...page.forms.map(form => form.action),
    ...keyTargets(page),
  ].flatMap(url => {
    const found = developmentAddress(url)
    return found && !isOwn(new URL(url).hostname) ? [{ ...found, by: 'markup' as const, url: page.url }] : []
  })

/** What the headers of an answer give away; cookies and policies hold values made anew for each visitor. */
export const scanHeaders = ({ url, headers }: HttpHop, isOwn: IsOwnHost): Scan => {
  const lines = headers.filter(
    ([name]) =>
      !/^(?:set-cookie|etag|content-security-policy.*|.*csrf.*|.*nonce.*|cf-ray|x-request-id|nel|report-to)$/.test(
        name,
      ),
  )
  const { hits } = scan(lines.map(([name, value]) => `${name}: ${value}`).join('\n'), url, isOwn)
  return { ...emptyScan(), hits: hits.filter(hit => hit.confidence !== 'possible') }
}

/** What a page gives away by itself: its HTML, inline scripts and JSON, the addresses in its markup, libraries named by their URL. */
export const scanPage = (hop: HttpHop, page: HtmlPage, isOwn: IsOwnHost): Scan => {
  const whole = scan(hop.body, page.url, isOwn)
  // Manuals show keys in words: of those that only count where they are used, attributes and scripts are read.
  const markup = markupOf(hop.body)
  const all: Scan = {
    ...whole,
    hits: whole.hits.filter(hit => hit.confidence !== 'possible'),
    payments: scan(markup, page.url, isOwn).payments,
    endpoints: [],
  }
  const take = (text: string, isScript: boolean, isUnfolded = false): void => {
    const inner = scan(text, page.url, isOwn)
    for (const hit of inner.hits) {
      const isKnown = all.hits.some(other => other.hash === hit.hash)
      const isCertain = hit.confidence !== 'possible' || (isScript && !visitorValue.test(hit.variable ?? ''))
      if (!isKnown && isCertain) all.hits.push(hit)
    }
    if (isScript) all.payments.push(...inner.payments)
    if (isScript && !isUnfolded) all.endpoints.push(...inner.endpoints)
  }
  const scripts = page.inlineScripts.map(script => script.text)
  for (const text of unfolded(hop.body)) take(text, false)
  for (const text of scripts) take(text, true)
  for (const text of scripts.flatMap(unfolded)) take(text, true, true)
  all.endpoints.push(...markupEndpoints(page, isOwn))
  for (const item of page.resources) {
    const library = item.kind === 'script' ? libraryOfUrl(item.url) : null
    if (library) all.libraries.push({ ...library, url: shown(item.url) })
  }
  return all
}
