// The links of a message: what their addresses alone tell (http, localhost, a host other than the one shown), and how they are shown
// in a report: one-time tokens never.
import ipaddr from 'ipaddr.js'
import { rewrittenLink, type TrackingHost, trackingServiceOf } from '../../data/mail-tracking.ts'
import { developmentAddress } from '../bundle/development-endpoints.ts'
import { hasKnownSuffix, registrable, registrableDomain } from '../dns/registrable-domain.ts'
import type { MailHtml } from './html.ts'

export type LinkFault =
  | 'insecure'
  | 'local'
  | 'private'
  | 'preview'
  | 'host-mismatch'
  | 'tracking-foreign'
  | 'malformed'

export type FoundLink = {
  /** Where it leads, as a URL; as written where it is none. */
  href: string
  host: string
  text: string
  where: 'link' | 'image' | 'text' | 'unsubscribe'
  faults: LinkFault[]
  shown: string | null
  service: TrackingHost | null
  /** The receiver had put its own link in its place. */
  rewritten: boolean
}

export type LinkSetting = {
  /** Domain of From. */
  from: string | null
  /** Hosts of the product. */
  canonicalHosts: readonly string[]
}

/** Names that only a private network knows (RFC 6762, RFC 8375, RFC 6761, ICANN's .internal). */
const privateName = /(?:^|\.)(?:local|localdomain|internal|intranet|lan|home|corp|home\.arpa|test|invalid)$/i
/** Last labels of file names and products that are top-level domains, too. */
const fileNames = /\.(?:md|sh|zip|mov|py|rs|pl|ps|cc|js|ts|do|rb|tf)$/i

const addressFault = (url: URL, own: ReadonlySet<string>, site: ReadonlySet<string>): LinkFault | null => {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host)) {
    const range = ipaddr.process(host).range()
    if (['loopback', 'unspecified'].includes(range)) return 'local'
    if (['private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(range)) return 'private'
    return null
  }
  if (own.has(host)) return null
  if (!host.includes('.')) return host === 'localhost' ? 'local' : 'private'
  const kind = developmentAddress(url.href)?.kind
  if (kind === 'local') return 'local'
  if (kind === 'preview' || kind === 'tunnel') return 'preview'
  // A product under such a name itself is a test of its own kind.
  return privateName.test(host) && !site.has(registrableDomain(host) ?? '') ? 'private' : null
}

/** The host that a link's text shows, where the text is an address; null where it is words. */
export const shownHost = (text: string): string | null => {
  const whole = text.trim().replace(/^[<([]+|[>)\].,;:!?…]+$/g, '')
  if (/\s/.test(whole) || whole.includes('@')) return null
  const scheme = /^https?:\/\//i.test(whole)
  const match =
    /^(?:https?:\/\/)?((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62})(?::\d+)?(?:[/?#].*)?$/i.exec(whole)
  if (!match) return null
  const host = (match[1] as string).toLowerCase()
  // Without a scheme: "Booking.com" is a name, "README.md" a file, "e.g" nothing.
  if (!scheme && !/^www\./i.test(whole)) {
    if (/[A-Z]/.test(match[1] as string)) return null
    if (fileNames.test(host) && !/[/?#]/.test(whole)) return null
    const { suffix } = registrable(host)
    if (
      suffix === null ||
      // "report.pdf" ends in three letters and in no domain.
      !(hasKnownSuffix(host) || suffix === 'example') ||
      !/^(?:[a-z]{2,3}|info|name|shop|store|online|site|tech|cloud|email|page|dev|example|studio|agency|world|[a-z]{2,3}\.[a-z]{2})$/.test(
        suffix,
      )
    )
      return null
  }
  return registrableDomain(host) === null ? null : host
}

/** Short names that belong to the same site. */
const aliases = [
  ['x.com', 'twitter.com', 't.co'],
  ['youtube.com', 'youtu.be'],
  ['facebook.com', 'fb.com', 'fb.me'],
  ['instagram.com', 'instagr.am'],
  ['linkedin.com', 'lnkd.in'],
  ['whatsapp.com', 'wa.me'],
  ['telegram.org', 'telegram.me', 't.me'],
  ['google.com', 'g.co', 'g.page', 'goo.gl'],
  ['microsoft.com', 'aka.ms'],
  ['apple.com', 'apple.co'],
  ['amazon.com', 'amzn.to', 'a.co'],
  ['discord.com', 'discord.gg'],
  ['github.com', 'git.io'],
]

const sameSite = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && (a === b || aliases.some(group => group.includes(a) && group.includes(b)))

const usual = /^(?:mailto|tel|sms|cid|data|webcal|geo|facetime|whatsapp|tg|about):/i

/** Reads one address as a link; null for what is none (mailto:, an anchor on the same page). */
const readLink = (written: string, text: string, where: FoundLink['where'], setting: LinkSetting): FoundLink | null => {
  const href = written.replace(/[\t\r\n]/g, '').trim()
  const link: FoundLink = { href, host: '', text, where, faults: [], shown: null, service: null, rewritten: false }
  // A button of a template whose address was never filled in. Without words it is an icon or a mark; "#" leads to the top.
  if ((href === '' || href === '#') && where === 'link' && text.trim() !== '' && !/\btop\b|^\W+$/i.test(text))
    return { ...link, faults: ['malformed'] }
  if (href === '' || href.startsWith('#') || usual.test(href)) return null
  if (!/^https?:\/\//i.test(href)) {
    // An app's own scheme (myapp://…) is opened by the app; a path has nothing that it belongs to in a mail.
    if (/^[a-z][a-z0-9+.-]{1,30}:/i.test(href) && !/^(?:javascript|vbscript|file):/i.test(href)) return null
    return { ...link, faults: ['malformed'] }
  }
  if (!URL.canParse(href)) return { ...link, faults: ['malformed'] }
  let url = new URL(href)
  const original = rewrittenLink(url)
  if (original !== undefined) {
    link.rewritten = true
    if (original === null || !URL.canParse(original)) return { ...link, host: url.hostname }
    url = new URL(original)
  }
  link.href = url.href
  link.host = url.hostname.replace(/\.$/, '')
  const own = new Set(setting.canonicalHosts)
  const site = new Set([setting.from, ...setting.canonicalHosts].flatMap(name => registrableDomain(name) ?? []))
  const fault = addressFault(url, own, site)
  if (fault) link.faults.push(fault)
  else if (url.protocol === 'http:' && where !== 'image') link.faults.push('insecure')
  const shown = where === 'link' ? shownHost(text) : null
  const domain = registrableDomain(link.host)
  if (shown !== null && !sameSite(registrableDomain(shown), domain) && shown !== link.host) {
    link.faults.push('host-mismatch')
    link.shown = shown
  }
  link.service = trackingServiceOf(link.host)
  if (link.service && site.size > 0 && !site.has(domain ?? '')) link.faults.push('tracking-foreign')
  return link
}

/** URLs in plain text, the punctuation of the sentence left out. */
export const urlsInText = (text: string): string[] =>
  [...text.matchAll(/\bhttps?:\/\/[^\s<>"'`{}|\\^]+/gi)].slice(0, 2_000).map(match => {
    let url = match[0].replace(/[.,;:!?…]+$/, '')
    while (url.endsWith(')') && (url.match(/\(/g)?.length ?? 0) < (url.match(/\)/g)?.length ?? 0))
      url = url.slice(0, -1)
    return url.replace(/[.,;:!?\]*_]+$/, '')
  })

/** Every link of the message, each address once, in the order of the mail. */
export const messageLinks = (
  html: MailHtml | null,
  text: string,
  unsubscribe: readonly string[],
  setting: LinkSetting,
): FoundLink[] => {
  const found = new Map<string, FoundLink>()
  const add = (link: FoundLink | null): void => {
    if (!link) return
    const known = found.get(link.href)
    if (!known) found.set(link.href, link)
    else {
      for (const fault of link.faults) if (!known.faults.includes(fault)) known.faults.push(fault)
      known.shown ??= link.shown
      if (known.where === 'image') known.where = link.where
      if (known.text === '') known.text = link.text
    }
  }
  for (const anchor of html?.anchors ?? []) add(readLink(anchor.href, anchor.text, 'link', setting))
  for (const url of urlsInText(text)) add(readLink(url, '', 'text', setting))
  for (const url of unsubscribe) add(readLink(url, '', 'unsubscribe', setting))
  for (const image of html?.images ?? []) add(readLink(image, '', 'image', setting))
  return [...found.values()]
}

/** A word that may be a one-time token: long, and no words of a language. */
const isToken = (segment: string): boolean => {
  const plain = segment.replace(/%[0-9a-f]{2}/gi, 'x')
  if (plain.length >= 40 && !/^[a-z]+(?:-[a-z]+)+$/.test(plain)) return true
  if (plain.length >= 8 && /\d/.test(plain) && /[a-z]/.test(plain) && /[A-Z]/.test(plain)) return true
  if (plain.length < 10) return false
  if (/^[0-9a-f-]{12,}$/i.test(plain) && /\d/.test(plain)) return true
  return plain.length >= 16 && /\d/.test(plain) && /[a-z]/i.test(plain) && !/^[a-z]+(?:[-_][a-z0-9]+)+$/.test(plain)
}

/** Whether a link may do something only once, or for one person: it has a query, or a token in its path. */
export const holdsToken = (href: string): boolean => {
  if (!URL.canParse(href)) return false
  const url = new URL(href)
  return url.search.length > 1 || url.username !== '' || url.pathname.split('/').some(isToken)
}

/** A name that services lead clicks through, under a domain of one's own: to follow such a link counts as a click. */
export const countsClicks = (href: string): boolean =>
  URL.canParse(href) &&
  /^(?:clicks?|track(?:ing)?|trk|links?|lnk|url\d*|email|mail|em\d*|e|r|go|t|ct|mkt)\d*\.[^.]+\./.test(
    new URL(href).hostname,
  ) &&
  new URL(href).pathname.length > 1

/** The link as a report may show it: values of the query, tokens, logins and fragments as `…`. */
export const maskedLink = (href: string): string => {
  if (!URL.canParse(href)) return href.replace(/\?.*$/s, '?…').slice(0, 200)
  const url = new URL(href)
  const path = url.pathname
    .split('/')
    .map(segment => (isToken(segment) ? '…' : segment))
    .join('/')
  const query = [...url.searchParams.keys()].slice(0, 20).map(key => `${isToken(key) ? '…' : key}=…`)
  const host = url.host || url.hostname
  return `${url.protocol}//${host}${path}${query.length ? `?${query.join('&')}` : ''}${url.hash.length > 1 ? '#…' : ''}`.slice(
    0,
    300,
  )
}
