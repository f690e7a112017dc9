// Foreign sites cannot read private answers in the name of a customer.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop } from '../../facts/http/web.example.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'
import { personalPage, personalRecords } from '../../formats/html/personal-data.ts'
import { valuesOf } from './served-page.ts'

type Data = { route: string; url: string; host: string; path: string; origin: string; own: string }

const fix = (data: Data): Fix => ({
  summary: `Let only your own site read answers of ${data.url}`,
  steps: [
    'Keep a list of the addresses of your own pages and compare the Origin header with it as a whole; never echo it, never allow null.',
    'Send Vary: Origin where the answer depends on it.',
  ],
  changes: [
    {
      kind: 'http-header',
      action: 'set',
      host: data.host,
      path: data.path,
      name: 'access-control-allow-origin',
      value: data.own,
    },
  ],
  effortMinutes: 20,
})

const at = 'https://api.example.com/clients'
const answer = (origin: string, allowOrigin: string | null, allowCredentials = false) => ({
  origin,
  status: 200,
  allowOrigin,
  allowCredentials,
})
const probe = (...answers: ReturnType<typeof answer>[]) => ({ url: at, answers, unanswered: [] })
const foreign = 'https://launch-ready.invalid'
const page = (body: string) => exchange(hop(at, { headers: [['content-type', 'application/json']], body }))
const nothing = page('{"error":"authentication required"}')
const subject = { kind: 'route' as const, name: at, details: { kind: 'api', name: 'clients' } }

export default defineCheck<Data>()({
  id: 'cors',
  stage: 'audit',
  on: 'route',
  title: 'Foreign sites cannot read private answers',
  why: 'Access-Control-Allow-Origin with the origin of any site, beside Access-Control-Allow-Credentials: true, lets each site that a customer visits read this route with the customer’s cookies. The route is asked with three foreign origins: another site, one that begins with this host’s name, and null, which sandboxed frames send. A bare * is fine for answers that need a token, not for data about people.',
  impact: { journey: 'data', owner: 'Any website that a customer opens can read that customer’s data from yours.' },
  needs: ['corsProbe', 'page'],
  signals: ['data-exposed'],
  outcomes: {
    'reflects-origin-with-credentials': {
      status: 'fail',
      severity: 'blocker',
      title: 'Any site can read the {route} route as your customer',
      fix,
    },
    'null-with-credentials': {
      status: 'fail',
      severity: 'blocker',
      title: 'Hidden frames can read the {route} route as your customer',
      fix,
    },
    'wildcard-private': {
      status: 'fail',
      severity: 'high',
      title: 'The {route} route shows data about people to any site',
      fix,
    },
    closed: { status: 'pass', title: 'Foreign sites cannot read the {route} route' },
  },
  references: ['https://fetch.spec.whatwg.org/#http-cors-protocol', 'https://portswigger.net/web-security/cors'],
  judge: ({ corsProbe, page }, { subject }) => {
    const { hostname, pathname } = new URL(subject.name)
    const data = (origin = ''): Data => ({
      route: String(subject.details?.['name'] ?? subject.details?.['kind'] ?? 'key'),
      url: subject.name,
      host: hostname,
      path: pathname,
      origin,
      own: `https://${hostname}`,
    })
    const open = corsProbe.answers.filter(item => item.allowCredentials && item.allowOrigin === item.origin)
    const evidence = (origin: string) => [
      {
        label: `Origin: ${origin}`,
        value: `access-control-allow-origin: ${origin}, access-control-allow-credentials: true`,
      },
    ]
    const echo = open.find(item => item.origin !== 'null')
    if (echo)
      return { outcome: 'reflects-origin-with-credentials', data: data(echo.origin), evidence: evidence(echo.origin) }
    if (open.length) return { outcome: 'null-with-credentials', data: data('null'), evidence: evidence('null') }
    const last = page.hops.at(-1)!
    const isOpen = corsProbe.answers.some(
      item => item.status < 300 && (item.allowOrigin === '*' || item.allowOrigin === item.origin),
    )
    const people = isHtml(valuesOf(last, 'content-type')[0] ?? null)
      ? personalPage(readHtml(last.body, last.url))
      : personalRecords(last.body, pathname)
    if (isOpen && people)
      return {
        outcome: 'wildcard-private',
        data: data('*'),
        evidence: [{ label: 'fields that any site may read', value: people.fields.join(', ') }],
      }
    const failed = corsProbe.unanswered[0]
    if (failed) return { unknown: `no answer to Origin ${failed.origin}: ${failed.message}`, couldBe: 'blocker' }
    return { outcome: 'closed', data: data(), evidence: [] }
  },
  examples: [
    {
      name: 'says nothing',
      subject,
      facts: { corsProbe: probe(answer(foreign, null), answer('null', null)), page: nothing },
      expect: 'closed',
    },
    {
      name: 'names its own site',
      subject,
      facts: { corsProbe: probe(answer(foreign, 'https://app.example.com', true)), page: nothing },
      expect: 'closed',
    },
    {
      name: 'a star for answers that need a token',
      subject,
      facts: { corsProbe: probe(answer(foreign, '*')), page: nothing },
      expect: 'closed',
    },
    {
      name: 'echoes whoever asks',
      subject,
      facts: { corsProbe: probe(answer(foreign, foreign, true)), page: nothing },
      expect: 'reflects-origin-with-credentials',
    },
    {
      name: 'lets null in',
      subject,
      facts: { corsProbe: probe(answer(foreign, null), answer('null', 'null', true)), page: nothing },
      expect: 'null-with-credentials',
    },
    {
      name: 'a star for people',
      subject,
      facts: { corsProbe: probe(answer(foreign, '*')), page: page('[{"email":"ada@mail.example"}]') },
      expect: 'wildcard-private',
    },
    {
      name: 'one question without answer',
      subject,
      facts: {
        corsProbe: { ...probe(answer(foreign, null)), unanswered: [{ origin: 'null', message: 'no answer' }] },
        page: nothing,
      },
      expect: 'unknown',
    },
  ],
})
