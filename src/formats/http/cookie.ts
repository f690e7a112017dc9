// Set-Cookie as browsers take it (RFC 6265bis): attributes, prefixes, and whether it looks like the key to an account.
import { parseSetCookie } from 'set-cookie-parser'
import { isWithin } from '../dns/name.ts'
import { type Headers, headerValues } from './headers.ts'

/** One cookie without its value: a session's value is a secret. */
export type Cookie = {
  name: string
  secure: boolean
  httpOnly: boolean
  /** `strict`, `lax`, `none`; null when absent or a word that browsers do not know. */
  sameSite: 'strict' | 'lax' | 'none' | null
  /** Domain attribute in lower case without a leading dot; null when the cookie is for the host alone. */
  domain: string | null
  path: string | null
  /** True when the server takes the cookie away: no value, Max-Age of zero or an Expires before `now`. */
  removed: boolean
  /** The value is a token that names somebody, or one that the server signed or sealed. */
  sealed: boolean
  /** The value says what the visitor agreed to. */
  consent: boolean
}

const decodedPart = (part: string): string => Buffer.from(part, 'base64url').toString('utf8')

/** Claims that name a person or a session (RFC 7519 §4.1, OpenID Connect Core §5.1). */
const personClaim =
  /"(?:sub|sid|uid|user|user_?id|username|email|role|roles|scope|session|session_?id|account|account_?id|auth_time|permissions)"\s*:/i

/**
 * What itsdangerous signs with the time: any text, the seconds in Base64, a signature. The times are those of cookies that are alive.
 */
const isTimeSigned = (value: string): boolean => {
  const [, time = ''] = /^[^\s;,]{1,4096}\.([\w-]{6})\.(?:[\w-]{27}|[\w-]{43}|[\w-]{86})$/.exec(value) ?? []
  const seconds = time === '' ? 0 : Buffer.from(time, 'base64url').readUInt32BE()
  return seconds > 1_500_000_000 && seconds < 2_500_000_000
}

/** What a visitor agreed to, as consent managers keep it: purposes and vendors in JSON, or the string of the IAB's framework. */
const isConsentValue = (value: string): boolean => {
  const plain = value.slice(0, 8192).replace(/%(?:22|7[BbDd]|3[AaDd]|2[CcFfBb])/g, code => decodeURIComponent(code))
  const text = /^[\w+/=-]{40,}$/.test(plain) ? decodedPart(plain) : plain
  return (
    /"(?:purposes|vendors|consents?|consent_?id|accepted_?categories|categories|statistics|marketing|preferences)"\s*:/i.test(
      text,
    ) || /^C[\w-]{30,}(?:\.[\w-]+){0,3}$/.test(plain)
  )
}

/**
 * Values that only a server makes: JWT with a person in it, JWE, PASETO, Iron, what Express, Flask, Django, Rails and Laravel sign or
 * encrypt. Whatever the cookie is named, that is how a login is kept.
 */
export const isSealedValue = (given: string): boolean => {
  const value = given
    .slice(0, 8192)
    .replace(/%3[Aa]/g, ':')
    .replace(/%3[Dd]/g, '=')
    .replace(/%2[Bb]/g, '+')
    .replace(/%2[Ff]/g, '/')
    .replace(/%3[Bb]/g, ';')
  const parts = value.split('.')
  if (/^eyJ[\w-]{5,}$/.test(parts[0]!) && parts.length === 3 && /^[\w-]{8,}$/.test(parts[2]!))
    // A JWT names its algorithm first; what Flask signs begins with the session itself.
    return /"alg"\s*:/.test(decodedPart(parts[0]!))
      ? personClaim.test(decodedPart(parts[1]!))
      : /^[\w-]{6}$/.test(parts[1]!)
  return (
    (parts.length === 5 && /^eyJ/.test(value) && /"enc"\s*:/.test(decodedPart(parts[0]!))) ||
    /^(?:v[1-4]\.(?:local|public)\.[\w-]{40,}|Fe26\.2\*|s:[\w-]{16,}\.[\w+/-]{27,}=*$)/.test(value) ||
    /^[\w-]{8,}:[\w-]{6}:[\w-]{27,43}$/.test(value) ||
    isTimeSigned(value) ||
    // Fastify: what it seals with its nonce, and random identifiers that are signed.
    /^[\w+/-]{24,}=*;[\w+/-]{32}$|^[\w-]{20,64}\.[\w+/]{43}=?$/.test(value) ||
    // Phoenix names its algorithm in Base64, ASP.NET's data protection begins with its own mark, Gorilla with the time of its making.
    /^(?:SFMyNTY|QTEyOEdDTQ)\.[\w-]{16,}\.[\w.-]{22,}$|^CfDJ8[\w-]{40,}$/.test(value) ||
    (/^MT[\w-]{60,}=*$/.test(value) && /^\d{10}\|/.test(decodedPart(value))) ||
    /^[\w+/-]{24,}=*--[\w+/-]{16,}=*(?:--[\w+/-]{22,}=*)?$/.test(value) ||
    (/^eyJpdiI6/.test(value) && /"mac"\s*:/.test(decodedPart(value)))
  )
}

const mostCookies = 200

/** Reads Set-Cookie header values; `now` in milliseconds. Never throws. */
export const readCookies = (values: readonly string[], now: number): Cookie[] =>
  values.slice(0, mostCookies).flatMap(value => {
    const [cookie] = parseSetCookie([value.slice(0, 8192)], { decodeValues: false })
    if (!cookie?.name) return []
    const sameSite = cookie.sameSite?.toLowerCase()
    const expires = cookie.expires?.getTime()
    return [
      {
        name: cookie.name,
        secure: cookie.secure === true,
        httpOnly: cookie.httpOnly === true,
        sameSite: sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? sameSite : null,
        domain: cookie.domain ? cookie.domain.toLowerCase().replace(/^\./, '') : null,
        path: cookie.path ?? null,
        sealed: isSealedValue(cookie.value),
        consent: isConsentValue(cookie.value),
        // Max-Age overrides Expires (RFC 6265 §5.3).
        removed:
          cookie.value === '' ||
          (cookie.maxAge !== undefined ? cookie.maxAge <= 0 : expires !== undefined && expires < now),
      },
    ]
  })

/** Cookies of analytics, load balancers, consent and anti-forgery that bear "session" or "token" in their names. */
const notSessions =
  /^(_ga|_gid|_gcl|_fb|_hj|__hs|_pk_|_dd_s|_clck|_clsk|_uet|__cf|_cf|cf_|aws(alb|elb)|arraffinity|__stripe|intercom-|mp_|ph_|amplitude|amp_|ajs_|optimizely|_lr|li_|datadome|incap_ses|visid_incap|nlbi_|ak_bmsc|bm_s|__utm|_vwo|_shopify_(s|y)|_y$|_s$|_orig_referrer|crisp-client|__tawk|drift|_mkto|hubspot|sc_anonymous)|csrf|xsrf|antiforgery|consent|cookieyes|analytics|locale|[-_.]lang(?:uage)?$|theme|flash|affinity|sticky|state$|nonce|pkce|code[-_]verifier|referr?er|utm_/i

const sessions =
  /^(__host-|__secure-)?((.*[._-])?(sess|session|sessionid|sessid|sid|auth|authtoken|auth[-_]token|access[-_]?token|refresh[-_]?token|id[-_]?token|jwt|token|login|logged[-_]?in|remember([-_]?me)?|remember_(web|user)(_.*)?|user[-_]?token|api[-_]?token|credentials?)([._-].*)?|phpsessid|jsessionid|asp\.net_sessionid|\.aspnetcore\.(cookies|identity.*)|aspsessionid.*|connect\.sid|cfid|cftoken|wordpress_(sec|logged_in)_.*|__session|__clerk.*|sb-.*-auth-token.*|appsession(\.\d+)?|iron-session|koa[.:]sess.*|express[.:]sess.*|rack\.session|sails\.sid|s?sess[0-9a-f]{32}|keycloak_(identity|session)(_legacy)?|auth_session_id(_legacy)?|moodlesession\w*|xf_(session|user)|phpbb3?_\w+_sid|saccesstoken|srefreshtoken|\.?aspxauth|fedauth\d*|\.aspnet\.applicationcookie|simplesaml(sessionid|authtoken)?|ory_kratos_session|ory_session_\w+|_oauth2_proxy(_\d+)?|cakephp|frontend|metabase\.session|beaker\.session\.id|awselbauthsessioncookie.*)$/i

/** Whether a cookie carries a login, by its name or, where that says nothing, by its value. */
export const isSessionCookie = (name: string, sealed = false): boolean =>
  /^awselbauth/i.test(name) || (!notSessions.test(name) && (sealed || sessions.test(name)))

/** Why browsers refuse the cookie for its name's prefix (RFC 6265bis §4.1.3); null when they do not. */
export const prefixFault = (cookie: Cookie): string | null => {
  const name = cookie.name.toLowerCase()
  if (name.startsWith('__secure-') && !cookie.secure) return '__Secure- demands the attribute Secure'
  if (!name.startsWith('__host-')) return null
  if (!cookie.secure) return '__Host- demands the attribute Secure'
  if (cookie.domain !== null) return '__Host- forbids the attribute Domain'
  return cookie.path === '/' ? null : '__Host- demands Path=/'
}

/** A cookie with the host that set it, and the URL whose answer did. */
export type SetCookie = { cookie: Cookie; host: string; url: string }

/**
 * Cookies that carry a login, as a browser has them after these answers: a later answer may set one anew, or take it away.
 * `now` in milliseconds.
 */
export const sessionCookies = (hops: readonly { url: string; headers: Headers }[], now: number): SetCookie[] => {
  const jar = new Map<string, SetCookie>()
  for (const hop of hops) {
    const host = new URL(hop.url).hostname
    for (const cookie of readCookies(headerValues(hop, 'set-cookie'), now))
      jar.set(`${cookie.name} ${cookie.domain ?? host} ${cookie.path ?? ''}`, { cookie, host, url: hop.url })
  }
  return [...jar.values()].filter(
    ({ cookie: { name, sealed, consent, removed } }) => isSessionCookie(name, sealed) && !consent && !removed,
  )
}

/** Answers over HTTPS, or the scheme named, of the domain's own hosts; those of every host where no domain is known. */
export const ownCookieHops = <H extends { url: string }>(
  hops: readonly H[],
  domain: string | null,
  scheme: 'https:' | 'http:' = 'https:',
): H[] =>
  hops.filter(({ url }) => {
    const { protocol, hostname } = new URL(url)
    return protocol === scheme && isWithin(hostname, domain ?? hostname)
  })

/** What tells a cookie, set in this way, from every other. */
export const cookieIdentity = ({ cookie, host }: SetCookie): string =>
  `${cookie.domain ?? host} ${cookie.path ?? ''} ${describeCookie(cookie)}`

export type CookieFault = {
  kind: 'prefix-broken' | 'samesite-none-insecure' | 'no-secure' | 'no-httponly' | 'no-samesite' | 'parent-domain'
  /** The attribute that is missing or wrong, as it would be written. */
  fault: string
}

const secureFault = ({ sameSite, secure }: Cookie, prefix: string | null): CookieFault[] => {
  if (sameSite === 'none' && !secure) return [{ kind: 'samesite-none-insecure', fault: 'SameSite=None without Secure' }]
  return secure || prefix ? [] : [{ kind: 'no-secure', fault: 'no Secure' }]
}

/** Whether hosts beside `host` receive the cookie. A host that names itself keeps it to itself and what is below it. */
const isShared = ({ domain }: Cookie, host: string, apex: string | null): boolean =>
  Boolean(domain) && isWithin(host, domain!) && (host !== domain || host === apex)

/** Every fault of a login cookie, worst first, that `host` sets over HTTPS; `apex` is the domain under audit. */
export const cookieFaults = (
  { cookie, host }: Pick<SetCookie, 'cookie' | 'host'>,
  apex: string | null,
): CookieFault[] => {
  const prefix = prefixFault(cookie)
  return [
    ...(prefix ? [{ kind: 'prefix-broken' as const, fault: prefix }] : []),
    ...secureFault(cookie, prefix),
    ...(cookie.httpOnly ? [] : [{ kind: 'no-httponly' as const, fault: 'no HttpOnly' }]),
    ...(cookie.sameSite ? [] : [{ kind: 'no-samesite' as const, fault: 'no SameSite' }]),
    ...(isShared(cookie, host, apex) ? [{ kind: 'parent-domain' as const, fault: `Domain=${cookie.domain}` }] : []),
  ]
}

/** The attributes in words, without the value. */
export const describeCookie = (cookie: Cookie): string =>
  [
    cookie.name,
    cookie.secure ? 'Secure' : 'no Secure',
    cookie.httpOnly ? 'HttpOnly' : 'no HttpOnly',
    cookie.sameSite ? `SameSite=${cookie.sameSite}` : 'no SameSite',
    ...(cookie.domain ? [`Domain=${cookie.domain}`] : []),
  ].join('; ')

const places: [pattern: RegExp, where: string][] = [
  [/^connect\.sid$/i, 'in Express: session({ cookie: { secure: true, httpOnly: true, sameSite: "lax" } })'],
  [/^phpsessid$/i, 'in php.ini: session.cookie_secure=1, session.cookie_httponly=1, session.cookie_samesite=Lax'],
  [/^laravel[-_]session$|^remember_web/i, 'in Laravel: SESSION_SECURE_COOKIE=true, SESSION_SAME_SITE=lax'],
  [/^sessionid$/i, 'in Django: SESSION_COOKIE_SECURE, SESSION_COOKIE_HTTPONLY = True, SESSION_COOKIE_SAMESITE = "Lax"'],
  [/^_.+_session$/i, 'in Rails: config.session_store :cookie_store, secure: true, httponly: true, same_site: :lax'],
  [/next-auth|authjs/i, 'in Auth.js: useSecureCookies: true, and leave the cookies’ own options as they are'],
  [/^jsessionid$/i, 'in Spring: server.servlet.session.cookie.secure, .http-only = true, .same-site = lax'],
  [/^session$/i, 'in Flask: SESSION_COOKIE_SECURE, SESSION_COOKIE_HTTPONLY = True, SESSION_COOKIE_SAMESITE = "Lax"'],
]

/** Where a framework that names its cookie so keeps the attributes; a general hint when the name tells nothing. */
export const cookieSettings = (name: string): string =>
  places.find(([pattern]) => pattern.test(name))?.[1] ?? 'where your code or framework sets it'
