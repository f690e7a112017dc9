// Addresses with credentials in them: connections of databases, web addresses, and the DSN of Sentry, which is made to be seen.

import { defaultPasswords, placeholderWords } from '../../../data/secret-shapes.ts'
import { percentDecoded } from '../../percent.ts'
import { beginsHere, matchAt, variableBefore } from '../assignment.ts'
import type { Found, SecretClass } from '../hit.ts'
import { servesProduction } from '../path-kind.ts'
import { hasSequence, isReference, looksLikePassword, looksRandom, words } from '../values.ts'
import { catchingHost, documentationHost, localHost, privateHost } from './hosts.ts'
import { classIn, type Detector, type Looked } from './looked.ts'

const credentialUrl =
  /[a-z][a-z0-9+]{2,12}:\/\/([^\s:@/"'`<>(){}\\]{0,200})(?::([^\s/"'`\\]{1,300}))?@([^\s/"'`<>?#:,\\)]{1,255})/iy

/** The parts of an address, its password decoded; `real` where the password is one that nobody would make up. */
type Credentials = { user: string; password: string; decoded: string; host: string; real: boolean }

/** As a reader of a page sees it: entities resolved, hyphens of typographers (here also as their bytes in UTF-8) as plain ones. */
const asShown = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;?/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#0?39;|&#x27;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/[\u2010-\u2015]|\u00e2\u0080[\u0090-\u0095]/g, '-')

/** Nothing stands where the password belongs, or what stands there is filled in later. */
const isEmpty = ({ user, password, decoded, host }: Credentials): boolean =>
  isReference(password) ||
  /\$[({]|\{\{|\{[\w.]*\}|^\$\w+$|<[^<>]*>|^\*+$|\*{3}|^%\w*%?|#\{|\[|^(?:user|pass|password|pw|secret|token|key)$/i.test(
    password,
  ) ||
  decoded.length < 4 ||
  /[${}<>[\]]/.test(user + host)

/** The host as far as its name says that it is made up. Where the password is real, a reserved name alone does not. */
const tellingHost = ({ repo, kind }: Looked, { host, real }: Credentials): string => {
  if (kind === 'environment' && real) return host.replace(/\.example$|example\.\w+$/i, '')
  // Nobody ships a manual's address with a password that no person would type.
  const shipped = !repo && real && /\.example$/i.test(host)
  return shipped ? host.replace(/\.example$/i, '') : host
}

const isMadeUpAddress = (at: Looked, credentials: Credentials): boolean => {
  const { user, decoded } = credentials
  return (
    defaultPasswords.has(decoded.toLowerCase()) ||
    decoded === user ||
    placeholderWords.test(decoded) ||
    hasSequence(decoded) ||
    placeholderWords.test(tellingHost(at, credentials)) ||
    (words.test(decoded) && /^user(?:name)?$/i.test(user)) ||
    // Words of a format, which capitals mark: `URLENCODED(ADMIN_PASSWORD)`.
    (decoded.length <= 80 && /^[A-Z]+(?:[_(][A-Z]+)+\)?$/.test(decoded)) ||
    (words.test(decoded) && /pass|secret|random/i.test(decoded))
  )
}

const classOf = (at: Looked, credentials: Credentials): SecretClass => {
  const { host, decoded, real } = credentials
  // A service of a compose network: of laptops, unless the file says production and the password is one that nobody makes up.
  const service = /^[\w-]+$/.test(host) && host !== 'localhost' && real && at.repo && servesProduction(at.path)
  const local = (localHost.test(host) && !service) || (privateHost.test(host) && !real)
  // A regular expression for such addresses: what stands beside it are its cases.
  if (at.kind === 'code' && /\}:\[[^\]\n]{1,40}\]\{\d+\}\)?@/.test(at.text)) return 'documentation'
  if (isEmpty(credentials) || local || isMadeUpAddress(at, credentials)) return 'placeholder'
  const meant = (at.kind === 'environment' || (!at.repo && /\.example$/i.test(host))) && real
  if ((documentationHost.test(host) && !meant) || (at.kind === 'documentation' && !looksRandom(decoded)))
    return 'documentation'
  return classIn(at, catchingHost.test(host) ? 'test' : 'live')
}

/** A password that nobody would make up, for a host that everybody can reach. */
const isSure = ({ repo, kind, development }: Looked, { host, real }: Credentials): boolean =>
  repo &&
  real &&
  !development &&
  kind !== 'documentation' &&
  kind !== 'example' &&
  !localHost.test(host) &&
  !privateHost.test(host)

const schemes: readonly [RegExp, string][] = [
  [/^mongodb.*/, 'MongoDB'],
  [/^postgres.*/, 'PostgreSQL'],
  [/^m(?:ysql|ariadb).*/, 'MySQL'],
  [/^rediss?$/, 'Redis'],
]
const databaseOf = (address: string): string => {
  const scheme = address.slice(0, address.indexOf(':')).toLowerCase()
  const known = schemes.find(([pattern]) => pattern.test(scheme))
  return known ? scheme.replace(known[0], known[1]) : scheme
}

type Base = Pick<Found, 'secret' | 'index' | 'variable' | 'rotate' | 'rank'>

/** An address with a name and no password; Sentry's is known by its shape. */
const sentry = (base: Base, web: boolean, user: string, host: string): Found | null =>
  web && /^[0-9a-f]{32}$/.test(user) && /sentry|ingest/.test(host)
    ? {
        ...base,
        rule: 'sentry-dsn',
        provider: 'Sentry',
        what: 'DSN',
        class: 'public',
        kind: 'token',
        confidence: 'certain',
      }
    : null

export const address: Detector = (at, index) => {
  const { text } = at
  const match = matchAt(credentialUrl, text, index)
  if (!match) return null
  const [whole, ...parts] = match
  const [user = '', password, host = ''] = parts.map(part => (part === undefined ? part : asShown(part)))
  const web = /^https?:/i.test(whole)
  const base: Base = { secret: whole, index, variable: variableBefore(text, index), rotate: null, rank: 3 }
  if (password === undefined) return sentry(base, web, user, host)
  // Somebody put one address into another: `https://mailto:me@shop.com`.
  if (/^(?:mailto|https?|tel|sms|ssh|git|ftp)$/i.test(user)) return null
  if (!beginsHere(text, index, true)) return null
  const decoded = percentDecoded(password)
  const real = looksRandom(decoded) || looksLikePassword(decoded)
  const credentials = { user, password, decoded, host, real }
  if (isEmpty(credentials) && !looksRandom(password)) return null
  const value = classOf(at, credentials)
  // Credentials in a web address are mostly tokens that another rule knows; plain ones count where they look real.
  if (web && value === 'live' && !real) return null
  return {
    ...base,
    rule: 'credentials-in-url',
    provider: web ? host : databaseOf(whole),
    what: web ? 'address with its password' : 'connection with its password',
    class: value,
    kind: 'token',
    // The second half of an old DSN may only send reports of errors, as its first half may.
    confidence:
      web && /sentry|ingest/.test(host) && /^[0-9a-f]{32}$/.test(user)
        ? 'possible'
        : isSure(at, credentials)
          ? 'certain'
          : 'likely',
  }
}
