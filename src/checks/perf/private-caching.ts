// What one customer sees is kept by no cache that serves the next.
import { blocker, defineCheck, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { ownSaying, visitors } from '../../facts/http/privacy.example.ts'
import type { PrivateLook } from '../../facts/http/privacy.ts'
import { cachingOf } from '../../formats/http/cache-control.ts'
import { cdnWord } from '../../formats/http/cdn-words.ts'
import { routeName } from '../audit/served-page.ts'
import { type KeptPage, nobodyElses } from './delivery-fixes.ts'

const said = (look: PrivateLook) =>
  httpEvidence(look.url, cachingOf(look).written || 'no Cache-Control', { header: 'cache-control' })

/** A cookie that the second visitor got with the first one's value, out of a cache. */
const sharedCookie = ([first, second]: readonly PrivateLook[]): string | undefined =>
  first && second && cdnWord(second).state === 'hit'
    ? second.cookies.find(({ name, digest, session }) =>
        first.cookies.some(other => session && other.name === name && other.digest === digest),
      )?.name
    : undefined

/** Answers that belong to one customer say so: private or no-store (RFC 9111 §5.2.2). */
const isKeptApart = (look: PrivateLook): boolean => {
  const { noStore, private: isPrivate } = cachingOf(look)
  return noStore || isPrivate
}

export default defineCheck<KeptPage>()({
  id: 'private-caching',
  stage: 'perf',
  on: 'route',
  title: 'No cache hands one customer’s page to the next',
  why: 'A cache before the server keeps what it may: without `private` or `no-store` the dashboard of the customer who came first. Where the config gives a session, the route is asked with it, then without, and once past any cache: only an answer that the server itself refuses, and the cache gives, proves it.',
  impact: { journey: 'data', owner: 'A customer sees another customer’s clients, or is logged in as somebody else.' },
  needs: ['privacy'],
  outcomes: {
    'shared-cache-stores-private': blocker('A cache shows anybody what one customer saw on {page}', nobodyElses),
    'cookie-on-cached-response': blocker('Visitors of {page} get somebody else’s session', nobodyElses, {
      why: 'Visitors are logged in as somebody else.',
    }),
    'missing-directives': medium('A cache may keep {page} and show it to others', nobodyElses, {
      why: 'A cache that keeps it can show one customer’s page to another.',
    }),
    private: pass('No cache keeps {page} for others'),
  },
  signals: ['data-exposed'],
  references: [
    'https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.7',
    'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/04-Authentication_Testing/06-Testing_for_Browser_Cache_Weaknesses',
  ],
  judge: ({ privacy: { own, anonymous, shared, past } }, { subject }) => {
    const page = `the ${routeName(subject)} page`
    const dataOf = (look: PrivateLook) => ({ page, url: look.url, span: '' })
    const first = anonymous[0]
    if (own && past && first && shared > 0.9 && past.shared < 0.5) {
      const words = [
        httpEvidence(own.url, 'with a session, then without: the same answer', { status: 200, label: 'asked twice' }),
        httpEvidence(own.url, `without a session, past the cache: status ${past.status}`, {
          label: 'the server itself',
        }),
        httpEvidence(own.url, cdnWord(first).word || 'no word of a cache', { label: 'the cache' }),
      ]
      return { outcome: 'shared-cache-stores-private', data: dataOf(own), evidence: [...words, said(own)] }
    }
    const cookie = sharedCookie(anonymous)
    if (cookie) {
      const evidence = [
        httpEvidence(first!.url, `the cookie ${cookie} has the same value for two visitors`, { header: 'set-cookie' }),
        httpEvidence(first!.url, cdnWord(anonymous[1]!).word, { label: 'the cache' }),
      ]
      return { outcome: 'cookie-on-cached-response', data: dataOf(first!), evidence }
    }
    const look = own ?? first
    if (!look) return skip('it gave no answer')
    if (own && own.status !== 200) return skip(`with its session it answers with status ${own.status}`)
    const makesSession = look.cookies.some(({ session }) => session)
    if (!own && !makesSession)
      return skip('nothing of a customer was seen: no session is given for it (headers or after in the config)')
    const mayKeep = own ? !isKeptApart(own) : (cachingOf(look).sharedSeconds ?? 0) > 0
    return { outcome: mayKeep ? 'missing-directives' : 'private', data: dataOf(look), evidence: [said(look)] }
  },
  examples: [
    { name: 'private, no-store', facts: {}, expect: 'private' },
    { name: 'nothing said', facts: { privacy: ownSaying('') }, expect: 'missing-directives' },
    {
      name: 'the cache has it, the server refuses',
      facts: { privacy: ownSaying('public, max-age=60', { shared: 1, past: { status: 302, shared: 0 } }) },
      expect: 'shared-cache-stores-private',
    },
    {
      name: 'open to everybody: another check’s business',
      facts: { privacy: ownSaying('private', { shared: 1, past: { status: 200, shared: 1 } }) },
      expect: 'private',
    },
    {
      name: 'the same session twice out of a cache',
      facts: {
        privacy: visitors('a', 'a', [
          ['x-cache', 'HIT'],
          ['cache-control', 'public, max-age=60'],
        ]),
      },
      expect: 'cookie-on-cached-response',
    },
    {
      name: 'a session on a page that may be kept',
      facts: { privacy: visitors('a', 'b', [['cache-control', 'public, max-age=60']]) },
      expect: 'missing-directives',
    },
    { name: 'a public page', facts: { privacy: { own: null, anonymous: [], shared: 0, past: null } }, expect: 'skip' },
  ],
})
