// What is behind the login stays behind it.
import { blocker, defineCheck, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { json, route } from '../../facts/http/page.example.ts'
import { isWithin } from '../../formats/dns/name.ts'
import { readHtml } from '../../formats/html/html.ts'
import { passwordForms } from '../../formats/html/login-form.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import { personalData } from '../../formats/html/personal-data.ts'
import { askForLogin } from './page-fixes.ts'
import { routeName } from './served-page.ts'

type Data = { route: string; url: string; records: string; fields: string }

export default defineCheck<Data>()({
  id: 'auth-enforced',
  stage: 'audit',
  on: 'route',
  title: 'What is behind the login stays behind it',
  why: 'Routes of kind dashboard and api are asked without credentials, as a stranger would. Records about people in the answer, be it JSON, CSV or a page (by the names of their fields, addresses, account numbers, password hashes and keys in them) prove that no login is enforced; an empty application shell, a refusal or a way to the login page do not.',
  impact: { journey: 'data', owner: 'Anyone with the link reads the data of your customers.' },
  needs: ['page'],
  signals: ['data-exposed'],
  outcomes: {
    'data-without-login': blocker('The {route} route gives away {records} without login', askForLogin),
    refused: pass('The {route} route turns strangers away'),
    'html-shell-only': pass('The {route} route shows strangers an empty shell'),
    'nothing-private': pass('The {route} route tells strangers nothing about people'),
  },
  references: [
    'https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Authorization_Cheat_Sheet.html',
  ],
  judge: ({ page }, { subject, target }) => {
    const kind = subject.details?.['kind']
    if (kind !== 'dashboard' && kind !== 'api') return skip('a page for everybody')
    if (page.ended !== 'answer') return skip('its redirects do not end')
    const last = page.hops.at(-1)!
    const { hostname, pathname } = new URL(last.url)
    if (last.status === 429 || last.status >= 500) return unknown(`it answers with status ${last.status}`)
    const evidence = page.hops.map(({ url, status }) =>
      httpEvidence(url, String(status), { status, label: `GET ${url}, no credentials` }),
    )
    const data = { route: routeName(subject), url: subject.name, records: '0 records', fields: '' }
    // Anything but a success hides what is there; another domain's page is the login service's.
    if (last.status < 200 || last.status >= 300 || !isWithin(hostname, target.domain ?? hostname))
      return { outcome: 'refused', data, evidence }
    // A list may be named by the path that was asked for, or by the one that it moved to.
    const people = personalData(last) ?? personalData(last, new URL(subject.name).pathname)
    if (people) {
      const fields = people.fields.join(', ')
      const records = people.records === 1 ? 'a record' : `${people.records} records`
      const shown = [...evidence, textEvidence('fields seen', fields)]
      return { outcome: 'data-without-login', data: { ...data, records, fields }, evidence: shown }
    }
    const html = isPage(last) ? readHtml(last.body, last.url) : null
    const isLogin = html !== null && passwordForms(html).length > 0
    if (isLogin || (html && pathname !== new URL(subject.name).pathname)) return { outcome: 'refused', data, evidence }
    return { outcome: html ? 'html-shell-only' : 'nothing-private', data, evidence }
  },
  examples: [
    {
      name: 'refuses',
      subject: route('api'),
      facts: { page: json({ error: 'unauthorized' }, 401) },
      expect: 'refused',
    },
    {
      name: 'clients for everyone',
      subject: route('api'),
      facts: { page: json({ data: [{ id: 1, name: 'Ada', email: 'ada@mail.example' }] }) },
      expect: 'data-without-login',
    },
  ],
})
