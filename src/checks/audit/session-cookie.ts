// The cookie that carries a login cannot be read or sent where it should not.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop, redirect } from '../../facts/http/web.example.ts'
import {
  type Cookie,
  cookieSettings,
  describeCookie,
  isSessionCookie,
  prefixFault,
  readCookies,
} from '../../formats/http/cookie.ts'
import { isWithin, valuesOf } from './served-page.ts'

type Data = { name: string; host: string; domain: string; fault: string }

const fix =
  (what: (data: Data) => string) =>
  (data: Data): Fix => {
    const steps = [
      `Set the cookie ${data.name} ${what(data)}: ${cookieSettings(data.name)}.`,
      'Deploy, log out and in again, and look at the cookie in the browser’s developer tools.',
    ]
    return {
      summary: `Set the cookie ${data.name} ${what(data)}`,
      steps,
      changes: steps.map(step => ({ kind: 'manual' as const, step })),
      effortMinutes: 15,
    }
  }

/** Every fault of one cookie that a page over HTTPS sets. */
const faultsOf = (cookie: Cookie) => {
  const prefix = prefixFault(cookie)
  return [
    ...(prefix ? [{ outcome: 'prefix-broken' as const, fault: prefix }] : []),
    ...(cookie.sameSite === 'none' && !cookie.secure
      ? [{ outcome: 'samesite-none-insecure' as const, fault: 'SameSite=None without Secure' }]
      : cookie.secure || prefix
        ? []
        : [{ outcome: 'no-secure' as const, fault: 'no Secure' }]),
    ...(cookie.httpOnly ? [] : [{ outcome: 'no-httponly' as const, fault: 'no HttpOnly' }]),
    ...(cookie.sameSite ? [] : [{ outcome: 'no-samesite' as const, fault: 'no SameSite' }]),
  ]
}

const page = (...cookies: string[]) =>
  exchange(
    hop('https://app.example.com/login', {
      headers: [['content-type', 'text/html'], ...cookies.map((value): [string, string] => ['set-cookie', value])],
    }),
  )

export default defineCheck<Data>()({
  id: 'session-cookie',
  stage: 'audit',
  on: 'route',
  title: 'The login cookie is out of reach for others',
  why: 'Whoever has the session cookie is logged in. Secure keeps it off unencrypted connections, HttpOnly from scripts, SameSite from requests that other sites cause, and without Domain it stays with its host. Judged on every cookie along the route whose name says that it carries a login; the prefixes __Host- and __Secure- bring rules of their own (RFC 6265bis).',
  impact: { journey: 'login', owner: 'Somebody else can take over the account of a customer who is logged in.' },
  needs: ['page'],
  signals: ['data-exposed'],
  outcomes: {
    'no-secure': {
      status: 'fail',
      severity: 'high',
      title: 'The login cookie also travels without encryption',
      fix: fix(() => 'with the attribute Secure'),
    },
    'no-httponly': {
      status: 'fail',
      severity: 'high',
      title: 'Any script on the page can read the login cookie',
      fix: fix(() => 'with the attribute HttpOnly'),
    },
    'no-samesite': {
      status: 'fail',
      severity: 'medium',
      title: 'The login cookie does not say which sites may send it',
      fix: fix(() => 'with the attribute SameSite=Lax'),
    },
    'samesite-none-insecure': {
      status: 'fail',
      severity: 'high',
      title: 'Browsers refuse the login cookie: SameSite=None, no Secure',
      why: 'Browsers drop such a cookie, so customers are logged out at once.',
      fix: fix(() => 'with Secure beside SameSite=None, or with SameSite=Lax where other sites need not send it'),
    },
    'parent-domain': {
      status: 'fail',
      severity: 'medium',
      title: 'Every subdomain of {domain} receives the login cookie',
      fix: fix(() => 'without the attribute Domain, so that it stays with its host'),
    },
    'prefix-broken': {
      status: 'fail',
      severity: 'high',
      title: 'Browsers refuse the login cookie for its name',
      why: 'The name’s prefix promises what the attributes do not keep, so browsers drop the cookie and nobody stays logged in.',
      fix: fix(data => `so that it keeps what its name promises (${data.fault})`),
    },
    hardened: { status: 'pass', title: 'The login cookie is out of reach for others' },
  },
  references: [
    'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis',
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  ],
  judge: ({ page }, { now, target }) => {
    const own = page.hops.filter(
      hop =>
        hop.url.startsWith('https:') && isWithin(new URL(hop.url).hostname, target.domain ?? new URL(hop.url).hostname),
    )
    // A later hop may set a cookie anew: what is set last is what the browser has.
    const set = new Map<string, { cookie: Cookie; host: string }>()
    for (const hop of own)
      for (const cookie of readCookies(valuesOf(hop, 'set-cookie'), now)) {
        const host = new URL(hop.url).hostname
        set.set(`${cookie.name} ${cookie.domain ?? host} ${cookie.path ?? ''}`, { cookie, host })
      }
    const sessions = [...set.values()].filter(({ cookie }) => isSessionCookie(cookie.name) && !cookie.removed)
    if (sessions.length === 0) return { skip: 'no login cookie is set here' }
    const shared = (cookie: Cookie, host: string) =>
      cookie.domain !== null && isWithin(host, cookie.domain) && (host !== cookie.domain || host === target.domain)
        ? [{ outcome: 'parent-domain' as const, fault: `Domain=${cookie.domain}` }]
        : []
    const faults = sessions.flatMap(({ cookie, host }) =>
      [...faultsOf(cookie), ...shared(cookie, host)].map(({ outcome, fault }) => ({
        outcome,
        key: cookie.name,
        data: { name: cookie.name, host, domain: cookie.domain ?? host, fault },
        evidence: [{ label: `set-cookie of ${host}`, value: describeCookie(cookie) }],
      })),
    )
    const { cookie, host } = sessions[0]!
    return faults.length
      ? faults
      : {
          outcome: 'hardened',
          data: { name: cookie.name, host, domain: host, fault: '' },
          evidence: [{ label: `set-cookie of ${host}`, value: describeCookie(cookie) }],
        }
  },
  examples: [
    {
      name: 'with all attributes',
      facts: { page: page('__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Lax') },
      expect: 'hardened',
    },
    { name: 'over both', facts: { page: page('connect.sid=x; Path=/; HttpOnly; SameSite=Lax') }, expect: 'no-secure' },
    { name: 'readable by scripts', facts: { page: page('session=x; Secure; SameSite=Strict') }, expect: 'no-httponly' },
    {
      name: 'no word on other sites',
      facts: { page: page('PHPSESSID=x; Secure; HttpOnly; SameSite=maybe') },
      expect: 'no-samesite',
    },
    {
      name: 'refused by browsers',
      facts: { page: page('session=x; HttpOnly; SameSite=None') },
      expect: 'samesite-none-insecure',
    },
    {
      name: 'for all subdomains',
      facts: { page: page('session=x; Domain=.example.com; Secure; HttpOnly; SameSite=Lax') },
      expect: 'parent-domain',
    },
    {
      name: 'a promise broken',
      facts: { page: page('__Host-session=x; Path=/app; Secure; HttpOnly; SameSite=Lax') },
      expect: 'prefix-broken',
    },
    {
      name: 'set on the way',
      facts: {
        page: exchange(
          {
            ...redirect('https://app.example.com/', 'https://app.example.com/login'),
            headers: [
              ['location', '/login'],
              ['set-cookie', 'sid=x; Path=/; HttpOnly; SameSite=Lax'],
            ],
          },
          hop('https://app.example.com/login'),
        ),
      },
      expect: 'no-secure',
    },
    {
      name: 'no login at all',
      facts: { page: page('_ga=GA1.1.1; Path=/', 'csrftoken=x; Path=/', '__cf_bm=x; Path=/') },
      expect: 'skip',
    },
    {
      name: 'taken away',
      facts: { page: page('session=; Max-Age=0; Path=/', 'sid=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT') },
      expect: 'skip',
    },
  ],
})
