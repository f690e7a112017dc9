// auth-enforced: what a stranger gets from routes behind the login.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/auth-enforced.ts'
import { answering, circle, json, leadingTo, route, showing } from '../../../src/facts/http/page.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const [api, dashboard] = [route('api'), route('dashboard')]

describe('auth-enforced', () =>
  itJudges(check, [
    ['leads to the login', 'refused', { subject: dashboard, facts: { page: leadingTo('https://example.com/login') } }],
    [
      'leads to another company’s login',
      'refused',
      { subject: dashboard, facts: { page: leadingTo('https://example.eu.auth0.com/u/login') } },
    ],
    [
      'asks for the password in place',
      'refused',
      { subject: dashboard, facts: { page: showing('<input type=password>') } },
    ],
    [
      'clients for everyone',
      'data-without-login',
      {
        subject: api,
        facts: {
          page: json({
            data: [
              { id: 1, name: 'Ada', email: 'ada@mail.example' },
              { id: 2, name: 'Ben', email: 'ben@mail.example' },
            ],
          }),
        },
      },
    ],
    [
      'clients in the page',
      'data-without-login',
      {
        subject: dashboard,
        facts: {
          page: showing('<table><tr><td>ada@mail.example<tr><td>ben@mail.example<tr><td>cleo@mail.example</table>'),
        },
      },
    ],
    [
      'a single-page app',
      'html-shell-only',
      { subject: dashboard, facts: { page: showing('<div id="root"></div><script src="/app.js"></script>') } },
    ],
    [
      'public figures',
      'nothing-private',
      { subject: api, facts: { page: json([{ name: 'Pro', price: 29, contact: 'hello@example.com' }]) } },
    ],
    [
      'the contact of the company',
      'nothing-private',
      {
        subject: api,
        facts: { page: json({ fullName: 'CoachDash GmbH', email: 'hello@example.com', phone: '+49 30 1' }) },
      },
    ],
    ['limits requests', 'unknown', { subject: api, facts: { page: json({}, 429) } }],
    ['fails', 'unknown', { subject: api, facts: { page: answering(500) } }],
    ['goes in circles', 'skip', { subject: api, facts: { page: circle } }],
    ['the front page', 'skip', { subject: route('home') }],
  ]))
