// Error pages tell a visitor what to do and a stranger nothing.
import { blocker, defineCheck, high, low, medium, type OutcomeHolds, pass, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual, removeHeader, setHeader } from '../../core/fixes.ts'
import { answering } from '../../facts/http/nowhere.example.ts'
import { type Disclosure, disclosures, isSoft404 } from '../../formats/html/error-page.ts'
import { frontDoor } from '../../formats/http/front-door.ts'

/** `what` is the framework or the version, `where` the place of its switch, `header` the header that holds the version. */
type Data = { host: string; what: string; where: string; header: string }

const byHand = (summary: string, step: string, { host }: Data): Fix => {
  const look = `Ask for a page of ${host} that does not exist, and see what a customer sees.`
  return fix(summary, [manual(step)], [step, look], 20)
}

const hideVersion = (data: Data): Fix => {
  const { host, header, what } = data
  if (header === '') {
    const step =
      'In nginx: server_tokens off; in Apache: ServerTokens Prod and ServerSignature Off; in Tomcat: showServerInfo="false".'
    return byHand('Let the server keep its version to itself', step, data)
  }
  const step =
    'In nginx: server_tokens off; in Apache: ServerTokens Prod; in PHP: expose_php = Off; in Express: app.disable("x-powered-by").'
  const change = header === 'server' ? setHeader(host, header, what.split(/[/ ]/)[0]!) : removeHeader(host, header)
  return fix(`Let ${host} send ${header} without a version, or not at all`, [change], [step], 10)
}

export default defineCheck<Data>()({
  id: 'error-pages',
  stage: 'audit',
  on: 'host',
  title: 'Error pages give nothing away',
  why: 'A framework in debug mode shows source, settings and often secrets to whoever mistypes an address, and some let them run code. A path that cannot exist and a malformed one are asked for; debug pages are told by their own words, traces by their form. A page that says "not found" with status 200 misleads search engines; a single-page app’s shell is not held to that.',
  impact: { journey: 'data', owner: 'Whoever mistypes an address sees the inside of your product.' },
  needs: ['nowhere', 'web'],
  signals: { 'data-exposed': ['debug-mode'] },
  outcomes: {
    'debug-mode': blocker('{what} shows its debug page to everybody', data =>
      byHand(
        `Switch the debug mode of ${data.what} off`,
        `On the server of ${data.host}: ${data.where}. Then change every secret that the debug page could show.`,
        data,
      ),
    ),
    'stack-trace': high('Errors of {host} show lines of its code', data =>
      byHand(
        'Answer errors with a plain page, and write the trace to the log',
        `Add an error handler to the application on ${data.host} that logs the error and answers with a plain page.`,
        data,
      ),
    ),
    'soft-404': medium(
      'Missing pages of {host} say that all is well',
      data =>
        byHand(
          'Send status 404 with the page that says "not found"',
          `Let ${data.host} answer addresses where nothing is with status 404 (in Next.js: notFound(); in Express: res.status(404)).`,
          data,
        ),
      { impact: 'visit', why: 'Search engines list pages that are not there, and broken links go unnoticed.' },
    ),
    'version-leak': low('{host} tells which version of its software runs', hideVersion, {
      impact: 'trust',
      why: 'Whoever looks for servers with a known hole finds yours in a list.',
    }),
    plain: pass('Error pages of {host} give nothing away'),
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html',
    'https://docs.djangoproject.com/en/stable/ref/settings/#debug',
    'https://developers.google.com/search/docs/crawling-indexing/troubleshoot-crawling-errors#soft-404-errors',
  ],
  judge: ({ nowhere: { answers, unanswered }, web }, { subject: { name: host } }) => {
    const front = frontDoor(web)
    const nothing: Data = { host, what: '', where: '', header: '' }
    const found = answers.flatMap(answer =>
      disclosures(answer).map(({ kind, shown, what, where, header }) => ({
        outcome: kind,
        data: { host, what, where, header },
        evidence: [httpEvidence(answer.url, shown, { label: `GET ${answer.url} → ${answer.status}` })],
      })),
    )
    // Both answers may tell the same; once is enough.
    const faults: OutcomeHolds<Disclosure['kind'] | 'soft-404', Data>[] = [
      ...new Map(found.map(fault => [fault.outcome, fault])).values(),
    ]
    const first = answers[0]!
    if (isSoft404(first, front.ok ? (front.value.hops.at(-1)?.body ?? null) : null)) {
      const shown = 'status 200, and a page that says "not found"'
      const evidence = [httpEvidence(first.url, shown, { label: `GET ${first.url}` })]
      faults.push({ outcome: 'soft-404', data: nothing, evidence })
    }
    if (faults.length) return faults
    if (unanswered[0]) return unknown(`${unanswered[0].url}: ${unanswered[0].message}`, 'blocker')
    const evidence = answers.map(({ url, status }) => httpEvidence(url, String(status), { status }))
    return { outcome: 'plain', data: nothing, evidence }
  },
  examples: [
    { name: 'a plain page', facts: {}, expect: 'plain' },
    {
      name: 'Werkzeug in debug mode',
      facts: { nowhere: answering({ body: '<title>KeyError // Werkzeug Debugger</title>' }) },
      expect: 'debug-mode',
    },
    { name: 'not found, with status 200', facts: { nowhere: answering({ status: 200 }) }, expect: 'soft-404' },
    {
      name: 'a version in a header',
      facts: { nowhere: answering({ headers: [['server', 'Apache/2.4.41 (Ubuntu)']] }) },
      expect: 'version-leak',
    },
  ],
})
