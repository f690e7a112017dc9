// The cookie that carries a login cannot be read or sent where it should not.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { route, sendingOnly } from '../../facts/http/page.example.ts'
import { plainLogin } from '../../facts/http/plain-routes.example.ts'
import {
  cookieFaults,
  cookieIdentity,
  describeCookie,
  ownCookieHops,
  sessionCookies,
} from '../../formats/http/cookie.ts'
import { type CookieData as Data, setCookie } from './transit-fixes.ts'

const cookie = (value: string) => sendingOnly(['set-cookie', value])

export default defineCheck<Data>()({
  id: 'session-cookie',
  stage: 'audit',
  on: 'route',
  title: 'The login cookie is out of reach for others',
  why: 'Whoever has the session cookie is logged in. Secure keeps it off unencrypted connections, HttpOnly from scripts, SameSite from requests that other sites cause, and without Domain it stays with its host. Judged on every cookie along the route that carries a login: by its name, or by a value that is a token or is signed; the prefixes __Host- and __Secure- bring rules of their own (RFC 6265bis).',
  impact: { journey: 'login', owner: 'Somebody else can take over the account of a customer who is logged in.' },
  needs: ['page'],
  wants: ['cookieRoutes', 'web', 'plainRoutes'],
  signals: {
    'data-exposed': ['no-secure', 'no-httponly'],
    'signup-unreliable': ['samesite-none-insecure', 'prefix-broken'],
  },
  outcomes: {
    'no-secure': high('The login cookie also travels without encryption', setCookie),
    'no-httponly': high('Any script on the page can read the login cookie', setCookie),
    'no-samesite': medium('The login cookie does not say which sites may send it', setCookie, {
      why: 'Each browser decides by itself whether the login is sent along with requests that other sites cause.',
    }),
    'samesite-none-insecure': high('Browsers refuse the login cookie: SameSite=None, no Secure', setCookie, {
      why: 'Browsers drop such a cookie, so customers are logged out at once.',
    }),
    'parent-domain': medium('Every subdomain of {domain} receives the login cookie', setCookie, {
      why: 'A subdomain that is forgotten, or run by others, is sent the login of your customers.',
    }),
    'prefix-broken': high('Browsers refuse the login cookie for its name', setCookie, {
      why: 'The name’s prefix promises what the attributes do not keep, so browsers drop the cookie and nobody stays logged in.',
    }),
    hardened: pass('The login cookie is out of reach for others'),
  },
  references: [
    'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis',
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  ],
  judge: ({ page, cookieRoutes, web, plainRoutes }, { now, target, subject }) => {
    // The redirect to HTTPS may begin the session already, in the clear; what HTTPS sets anew takes its place.
    const front = new URL(subject.name).pathname === '/' && web.ok ? web.value.http : null
    const asked = plainRoutes.ok ? plainRoutes.value : []
    const over80 = front ?? asked.find(({ url }) => url === subject.name.replace(/^https:/, 'http:'))?.walked
    const plain = ownCookieHops(over80?.ok ? over80.value.hops : [], target.domain, 'http:')
    const set = sessionCookies([...plain, ...ownCookieHops(page.hops, target.domain)], now)
    if (set.length === 0) return skip('no login cookie is set here')
    // A cookie that many pages set is told of one of them.
    const first = new Map(cookieRoutes.ok ? cookieRoutes.value.map(({ cookie, url }) => [cookie, url]) : [])
    const cookies = set.filter(item => (first.get(cookieIdentity(item)) ?? subject.name) === subject.name)
    if (cookies.length === 0) return skip(`its login cookie is judged at ${first.get(cookieIdentity(set[0]!))}`)
    const judged = cookies.map(item => ({ ...item, faults: cookieFaults(item, target.domain) }))
    const about = ({ cookie, host, url, faults }: (typeof judged)[number]) => ({
      data: { name: cookie.name, host, domain: cookie.domain ?? host, faults },
      evidence: [httpEvidence(url, describeCookie(cookie), { header: 'set-cookie', label: `set-cookie of ${host}` })],
    })
    // One cookie is one finding, of the worst that is wrong with it; its fix mends all.
    const faulty = judged.flatMap(item =>
      item.faults[0] ? [{ outcome: item.faults[0].kind, key: item.cookie.name, ...about(item) }] : [],
    )
    return faulty.length ? faulty : { outcome: 'hardened', ...about(judged[0]!) }
  },
  examples: [
    {
      name: 'with all attributes',
      facts: { page: cookie('__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Lax') },
      expect: 'hardened',
    },
    { name: 'over both', facts: { page: cookie('sid=x; HttpOnly; SameSite=Lax') }, expect: 'no-secure' },
    {
      name: 'begun by the redirect to HTTPS',
      subject: route('auth', 'login', 'https://example.com/login'),
      facts: { plainRoutes: plainLogin({ status: 301, headers: [['set-cookie', 'sid=x; HttpOnly; SameSite=Lax']] }) },
      expect: 'no-secure',
    },
    {
      name: 'told of another page',
      facts: {
        page: cookie('sid=x; Path=/; HttpOnly'),
        cookieRoutes: [
          {
            cookie: 'example.com / sid; no Secure; HttpOnly; no SameSite',
            url: 'https://app.example.com/login',
          },
        ],
      },
      expect: 'skip',
    },
    {
      name: 'a promise broken',
      facts: { page: cookie('__Host-session=x; Path=/app; Secure; HttpOnly; SameSite=Lax') },
      expect: 'prefix-broken',
    },
  ],
})
