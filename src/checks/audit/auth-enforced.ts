// What is behind the login stays behind it.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop, redirect } from '../../facts/http/web.example.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'
import { personalPage, personalRecords } from '../../formats/html/personal-data.ts'
import { isWithin, valuesOf } from './served-page.ts'

type Data = { route: string; url: string; records: string; fields: string }

const fix = (data: Data): Fix => {
  const steps = [
    `Let the server check the session or the token before it answers ${data.url}, and answer 401 without one. A check in the browser’s code is none.`,
    'Check that each customer gets only their own records: filter by the user of the session, in Supabase or Firebase by row-level rules.',
    'Look into the log of the server for who has asked for this address; if it was others, the law may want them told.',
  ]
  return {
    summary: `Ask for a login before ${data.url} answers`,
    steps,
    changes: steps.map(step => ({ kind: 'manual' as const, step })),
    effortMinutes: 60,
  }
}

const route = (kind: string, name: string) => ({
  kind: 'route' as const,
  name: 'https://app.example.com/api/clients',
  details: { kind, name },
})
const json = (value: unknown, status = 200) =>
  exchange(
    hop('https://app.example.com/api/clients', {
      status,
      headers: [['content-type', 'application/json']],
      body: JSON.stringify(value),
    }),
  )

export default defineCheck<Data>()({
  id: 'auth-enforced',
  stage: 'audit',
  on: 'route',
  title: 'What is behind the login stays behind it',
  why: 'Routes of kind dashboard and api are asked without credentials, as a stranger would. Records about people in the answer (by the names of their fields and addresses in them) prove that no login is enforced; an empty application shell, a refusal or a way to the login page do not.',
  impact: { journey: 'data', owner: 'Anyone with the link reads the data of your customers.' },
  needs: ['page'],
  signals: ['data-exposed'],
  outcomes: {
    'data-without-login': {
      status: 'fail',
      severity: 'blocker',
      title: 'The {route} route gives away {records} without login',
      fix,
    },
    refused: { status: 'pass', title: 'The {route} route turns strangers away' },
    'html-shell-only': { status: 'pass', title: 'The {route} route shows strangers an empty shell' },
    'nothing-private': { status: 'pass', title: 'The {route} route tells strangers nothing about people' },
  },
  references: [
    'https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Authorization_Cheat_Sheet.html',
  ],
  judge: ({ page }, { subject, target }) => {
    const kind = subject.details?.['kind']
    if (kind !== 'dashboard' && kind !== 'api') return { skip: 'a page for everybody' }
    const last = page.hops.at(-1)!
    const host = new URL(last.url).hostname
    const data = (records = 0, fields: string[] = []): Data => ({
      route: String(subject.details?.['name'] ?? kind),
      url: subject.name,
      records: records === 1 ? 'a record' : `${records} records`,
      fields: fields.join(', '),
    })
    const evidence = page.hops.map(hop => ({ label: `GET ${hop.url}, no credentials`, value: String(hop.status) }))
    if (page.ended !== 'answer') return { skip: 'its redirects do not end' }
    if (last.status === 429 || last.status >= 500) return { unknown: `it answers with status ${last.status}` }
    // Anything but a success hides what is there; another domain's page is the login service's.
    if (last.status < 200 || last.status >= 300 || !isWithin(host, target.domain ?? host))
      return { outcome: 'refused', data: data(), evidence }
    const type = valuesOf(last, 'content-type')[0] ?? ''
    const html = isHtml(type) ? readHtml(last.body, last.url) : null
    const people = html ? personalPage(html) : personalRecords(last.body, new URL(last.url).pathname)
    if (people)
      return {
        outcome: 'data-without-login',
        data: data(people.records, people.fields),
        evidence: [...evidence, { label: 'fields seen', value: people.fields.join(', ') }],
      }
    const hasLogin = html?.forms.some(form => form.inputs.some(input => input.type === 'password'))
    const isMoved = new URL(last.url).pathname !== new URL(subject.name).pathname
    if (hasLogin || isMoved) return { outcome: 'refused', data: data(), evidence }
    return { outcome: html ? 'html-shell-only' : 'nothing-private', data: data(), evidence }
  },
  examples: [
    {
      name: 'refuses',
      subject: route('api', 'clients'),
      facts: { page: json({ error: 'authentication required' }, 401) },
      expect: 'refused',
    },
    {
      name: 'leads to the login',
      subject: route('dashboard', 'dashboard'),
      facts: {
        page: exchange(
          redirect('https://app.example.com/api/clients', 'https://app.example.com/login', 302),
          hop('https://app.example.com/login'),
        ),
      },
      expect: 'refused',
    },
    {
      name: 'leads to another company’s login',
      subject: route('dashboard', 'dashboard'),
      facts: {
        page: exchange(
          redirect('https://app.example.com/api/clients', 'https://example.eu.auth0.com/u/login', 302),
          hop('https://example.eu.auth0.com/u/login'),
        ),
      },
      expect: 'refused',
    },
    {
      name: 'clients for everyone',
      subject: route('api', 'clients'),
      facts: {
        page: json({
          data: [
            { id: 1, name: 'Ada', email: 'ada@mail.example' },
            { id: 2, name: 'Ben', email: 'ben@mail.example' },
          ],
        }),
      },
      expect: 'data-without-login',
    },
    {
      name: 'clients in the page',
      subject: route('dashboard', 'dashboard'),
      facts: {
        page: exchange(
          hop('https://app.example.com/api/clients', {
            body: '<table><tr><td>ada@mail.example<tr><td>ben@mail.example<tr><td>cleo@mail.example</table>',
          }),
        ),
      },
      expect: 'data-without-login',
    },
    {
      name: 'a single-page app',
      subject: route('dashboard', 'dashboard'),
      facts: {
        page: exchange(
          hop('https://app.example.com/api/clients', { body: '<div id="root"></div><script src="/app.js"></script>' }),
        ),
      },
      expect: 'html-shell-only',
    },
    {
      name: 'public figures',
      subject: route('api', 'plans'),
      facts: { page: json([{ name: 'Pro', price: 29, contact: 'hello@example.com' }]) },
      expect: 'nothing-private',
    },
    {
      name: 'the contact of the company',
      subject: route('api', 'company'),
      facts: { page: json({ fullName: 'CoachDash GmbH', email: 'hello@example.com', phone: '+49 30 1' }) },
      expect: 'nothing-private',
    },
    { name: 'limits requests', subject: route('api', 'clients'), facts: { page: json({}, 429) }, expect: 'unknown' },
    {
      name: 'the front page',
      subject: route('home', 'home'),
      facts: { page: exchange(hop('https://app.example.com/')) },
      expect: 'skip',
    },
  ],
})
