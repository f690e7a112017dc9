// session-cookie: cookies that carry a login, along the hops of a route.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/session-cookie.ts'
import { route } from '../../../src/facts/http/page.example.ts'
import { exchange, hop, plainHttp } from '../../../src/facts/http/web.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const login = 'https://app.example.com/login'
const answer = (url: string, ...cookies: string[]) =>
  hop(url, { headers: cookies.map((value): [string, string] => ['set-cookie', value]) })
const setting = (...cookies: string[]) => ({ facts: { page: exchange(answer(login, ...cookies)) } })

const onTheRedirect = (...cookies: string[]) => {
  const home = 'https://example.com/'
  const plain = hop('http://example.com/', {
    status: 301,
    headers: [['set-cookie', 'sid=x; Path=/; HttpOnly; SameSite=Lax']],
  })
  return {
    subject: route('home'),
    facts: { web: plainHttp(plain, hop(home)), page: exchange(answer(home, ...cookies)) },
  }
}

describe('session-cookie', () =>
  itJudges(check, [
    ['over both', 'no-secure', setting('connect.sid=x; Path=/; HttpOnly; SameSite=Lax')],
    ['readable by scripts', 'no-httponly', setting('session=x; Secure; SameSite=Strict')],
    ['no word on other sites', 'no-samesite', setting('PHPSESSID=x; Secure; HttpOnly; SameSite=maybe')],
    ['refused by browsers', 'samesite-none-insecure', setting('session=x; HttpOnly; SameSite=None')],
    ['for all subdomains', 'parent-domain', setting('session=x; Domain=.example.com; Secure; HttpOnly; SameSite=Lax')],
    ['for its own host', 'hardened', setting('session=x; Domain=app.example.com; Secure; HttpOnly; SameSite=Lax')],
    ['bare: one cookie is one finding', 'no-secure', setting('session=x')],
    ['two cookies', ['no-secure', 'no-samesite'], setting('session=x', 'sid=x; Secure; HttpOnly')],
    [
      'what a visitor agreed to',
      'skip',
      setting(`agreed_token=${Buffer.from('{"user_id":"1","purposes":{"enabled":["a"]}}').toString('base64')}; Path=/`),
    ],
    [
      'set on the way',
      'no-secure',
      {
        facts: {
          page: exchange(answer('https://app.example.com/', 'sid=x; Path=/; HttpOnly; SameSite=Lax'), hop(login)),
        },
      },
    ],
    [
      'set anew on the way',
      'hardened',
      {
        facts: {
          page: exchange(
            answer('https://app.example.com/', 'sid=x; Path=/'),
            answer(login, 'sid=y; Path=/; Secure; HttpOnly; SameSite=Lax'),
          ),
        },
      },
    ],
    ['another site’s', 'skip', { facts: { page: exchange(answer('https://example.auth0.com/', 'session=x')) } }],
    ['over plain HTTP', 'skip', { facts: { page: exchange(answer('http://app.example.com/', 'session=x')) } }],
    ['set by the redirect to HTTPS', 'no-secure', onTheRedirect()],
    [
      'set by the redirect, and anew by HTTPS',
      'hardened',
      onTheRedirect('sid=y; Path=/; Secure; HttpOnly; SameSite=Lax'),
    ],
    ['no login at all', 'skip', setting('_ga=GA1.1.1; Path=/', 'csrftoken=x; Path=/', '__cf_bm=x; Path=/')],
    ['taken away', 'skip', setting('session=; Max-Age=0; Path=/', 'sid=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT')],
  ]))
