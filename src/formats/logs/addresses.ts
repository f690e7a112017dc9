// What stands around an @, and what a URL carries: e-mail addresses, passwords in URLs, tokens in paths, addresses of machines.
import { hasKnownSuffix } from '../dns/registrable-domain.ts'
import { fieldBefore, isWordCode, note, type Window } from './window.ts'

const isLocalCode = (code: number): boolean =>
  isWordCode(code) || code === 46 || code === 43 || code === 45 || code === 37 || code === 39 || code > 127

const isDomainCode = (code: number): boolean => isWordCode(code) || code === 46 || code === 45 || code > 127

/** Ends of names that look like domains and are files, units or packages. */
const noDomain =
  /\.(?:png|jpe?g|gif|webp|svg|avif|ico|css|s[ac]ss|less|[cm]?[jt]sx?|json|ya?ml|lock|tgz|gz|zip|md|txt|html?|map|vue|service|socket|timer|mount|slice|scope|target|path|swap|device|py|rb|php|go|rs|java|class|jar|so|dll|exe|git|pdf|log|local)$/i

/** Names of fields that hold marks of messages, not people. */
const messageMark =
  /^(?:message-?id|in-?reply-?to|references|content-?id|cid|e?tag|package|module|version|image|dependency)$/i

/** A password between `//` and `@`; true where there was one. */
const lookForUserInfo = (window: Window, at: number): boolean => {
  const { text } = window
  const least = Math.max(0, at - 300)
  let from = at - 1
  for (; from >= least; from--) {
    const code = text.charCodeAt(from)
    if (code === 47 && text.charCodeAt(from - 1) === 47) break
    if (code === 47 || code <= 32 || code === 34 || code === 39 || code === 60 || code === 62) return false
  }
  if (from < least || text.charCodeAt(from - 2) !== 58) return false
  const user = text.slice(from + 1, at)
  const colon = user.indexOf(':')
  // A key alone in front of a host, as in https://<token>@github.com; Sentry's is made to be seen.
  if (colon === -1) {
    if (user.length < 20 || /^[\w.-]*\.?(?:ingest\.)?sentry\./.test(text.slice(at + 1, at + 60))) return true
    note(window, 'url-credential', from + 1, at)
  } else note(window, 'url-credential', from + 1 + colon + 1, at)
  return true
}

/** A name and its password before the host, without a scheme: `app:…@tcp(db:3306)` of Go, `app/…@//db:1521` of Oracle. */
const lookForLogin = (window: Window, at: number): boolean => {
  const { text } = window
  if (!/^@(?:(?:tcp|unix)\(|\/\/[\w.-]+[:/])/.test(text.slice(at, at + 70))) return false
  const login = /(?:^|[\s"'=])[\w.-]{1,64}[:/]([^\s"'@]{1,128})$/.exec(text.slice(Math.max(0, at - 196), at))
  if (!login) return false
  note(window, 'url-credential', at - login[1]!.length, at)
  return true
}

const endOfDomain = (text: string, at: number): number => {
  let to = at
  while (to - at < 254 && isDomainCode(text.charCodeAt(to))) to++
  while (to > at && (text.charCodeAt(to - 1) === 46 || text.charCodeAt(to - 1) === 45)) to--
  return to
}

/** Looks at an @; where to go on. */
export const lookAtSign = (window: Window, at: number, width = 1): number => {
  const { text } = window
  if (lookForUserInfo(window, at) || lookForLogin(window, at)) return at + width
  let from = at
  while (at - from < 64 && isLocalCode(text.charCodeAt(from - 1))) from--
  const marks = /^(?:(?:[\w.+'-]*%(?:3[A-F]|2[0-9A-F]|40))+|[.%'-]+)/i.exec(text.slice(from, at))?.[0]
  if (marks) from += marks.length
  // `\nada@…` and `\"ada@…` in JSON: the letter behind the backslash is none of the address.
  if (text.charCodeAt(from - 1) === 92 && /[nrt]/.test(text[from] ?? '')) from++
  const to = endOfDomain(text, at + width)
  const domain = text.slice(at + width, to)
  const isDomain = /^[^.-][^.]*(?:\.[^.]+)*\.(?:[A-Za-z]{2,24}|xn--[a-z0-9-]+)$/.test(domain) && !domain.includes('..')
  if (from >= at || !isDomain || noDomain.test(domain)) return at + width
  const local = text.slice(from, at)
  // git@github.com:owner/name is a place, not a person.
  if (/^(?:git|hg|svn|ssh)$/.test(local) && /[:/]/.test(text[to] ?? '')) return to
  if (messageMark.test(fieldBefore(text, text.charCodeAt(from - 1) === 60 ? from - 1 : from))) return to
  note(window, 'email', from, to)
  return to
}

/** An @ as mail in transit writes it: `ada=40example.com` (RFC 2045 §6.7). Only below a suffix that exists: `size=40k.avg` is none. Where it ends, or -1. */
export const lookAtPrintable = (window: Window, at: number): number => {
  const domain = window.text.slice(at + 3, endOfDomain(window.text, at + 3))
  if (
    !/^[a-z][\w-]*\.[\w.-]*[a-z]{2,}$/i.test(domain) ||
    !(/\.(?:example|test)$/.test(domain) || hasKnownSuffix(domain))
  )
    return -1
  return lookAtSign(window, at, 3)
}

/** Segments of a path behind which a one-time token stands, some of several words. */
export const tokenSegments: readonly string[] = [
  ...['reset', 'reset-password', 'password-reset', 'password', 'verify', 'verify-email', 'verification', 'confirm'],
  ...['confirmation', 'activate', 'activation', 'invite', 'invites', 'invitation', 'magic', 'magic-link', 'login-link'],
  ...['unsubscribe', 'recover', 'one-time', 'share', 'token', 'beat'],
]
const tokenSegment = new RegExp(`^(?:${tokenSegments.join('|')})$`, 'i')

const leastPathToken = 16
/** Whose token it is may stand before it: /reset/MTQ/<token>. */
const longestOwner = 12
const isTokenPart = (code: number): boolean => isWordCode(code) || code === 45 || code === 46 || code === 126

/** Where a token may begin in the path behind `to`; -1 where nothing is as long as one, as behind most segments. */
const pathTokenAt = (bytes: Uint8Array, to: number): number => {
  let from = to + 1
  for (let at = from; at < from + leastPathToken; at++) {
    if (isTokenPart(bytes[at]!)) continue
    if (bytes[at] !== 47 || from > to + 1 || at - from > longestOwner) return -1
    from = at + 1
  }
  return from
}

/** A one-time token in a path: /reset-password/<token>. `to` is where the segment's word ends. */
export const lookForPathToken = (window: Window, from: number, to: number): void => {
  const { text, bytes } = window
  const at = pathTokenAt(bytes, to)
  if (at === -1) return
  const segment = text.slice(Math.max(0, from - 20), to)
  const slash = segment.lastIndexOf('/')
  if (slash === -1 || text.charCodeAt(to) !== 47 || !tokenSegment.test(segment.slice(slash + 1))) return
  const token = /^[\w~.-]{1,512}/.exec(text.slice(at, at + 514))?.[0]
  if (!token || !/\d/.test(token) || !/[A-Za-z]/.test(token) || /^[a-z]+(?:-[a-z]+)+/.test(token)) return
  note(window, 'token', at, at + token.length)
}

/** Parameters that are a secret in a URL, and an ordinary word anywhere else: ?key=, ?code=, ?t=. */
export const isUrlSecret = (name: string, value: string): boolean => {
  if (!/^(?:key|code|auth|hash|otp|ticket|sign|policy)$/i.test(name) && !tokenSegment.test(name)) return false
  return value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value)
}

const ipv4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![.\w])/
const ipv6 = /^(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,6}(?![:\w])|^(?:[0-9a-f]{1,4}:){1,6}:(?![\w:])/i

/** An address of a machine at `at`; where it ends, or -1. */
export const lookForIp = (window: Window, at: number): number => {
  const { text } = window
  const before = text.charCodeAt(at - 1)
  if (before === 46 || before === 58 || isWordCode(before)) return -1
  const part = text.slice(at, at + 46)
  const v4 = ipv4.exec(part)?.[0]
  const v6 = v4 ? undefined : ipv6.exec(part)?.[0]
  const isSix = v6 !== undefined && (v6.includes('::') ? v6.length >= 5 : v6.split(':').length === 8)
  const found = v4 ?? (isSix ? v6 : undefined)
  if (!found) return -1
  note(window, 'ip', at, at + found.length)
  return at + found.length
}
