// Error pages tell a visitor what to do and a stranger nothing.
import { defineCheck } from '../../core/check.ts'
import type { Fact } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import { door } from '../../facts/http/web.example.ts'
import { debugPage, saysNotFound, stackTrace, versionLeak } from '../../formats/html/error-page.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { HttpExchange } from '../../net/network.ts'
import { valuesOf } from './served-page.ts'

type Answer = { url: string; status: number; headers: [string, string][]; body: string }
type Data = { host: string; what: string; where: string; header: string }

const byHand =
  (summary: (data: Data) => string, step: (data: Data) => string) =>
  (data: Data): Fix => ({
    summary: summary(data),
    steps: [step(data), `Ask for a page of ${data.host} that does not exist, and see what a customer sees.`],
    changes: [{ kind: 'manual', step: step(data) }],
    effortMinutes: 20,
  })

const versionFix = (data: Data): Fix =>
  data.header === ''
    ? byHand(
        () => 'Let the server keep its version to itself',
        () =>
          'In nginx: server_tokens off; in Apache: ServerTokens Prod and ServerSignature Off; in Tomcat: showServerInfo="false".',
      )(data)
    : {
        summary: `Let ${data.host} send ${data.header} without a version, or not at all`,
        steps: [
          'In nginx: server_tokens off; in Apache: ServerTokens Prod; in PHP: expose_php = Off; in Express: app.disable("x-powered-by").',
        ],
        changes: [
          data.header === 'server'
            ? {
                kind: 'http-header',
                action: 'set',
                host: data.host,
                name: 'server',
                value: data.what.split(/[/ ]/)[0]!,
              }
            : { kind: 'http-header', action: 'remove', host: data.host, name: data.header },
        ],
        effortMinutes: 10,
      }

/**
 * A page that says "not found" with a status that says "here it is". A page that is the front page again (a single-page app, a
 * notice for everybody), a shell that scripts fill and a login are none.
 */
const isSoft404 = (answer: Answer, front: Fact<HttpExchange>): boolean => {
  if (answer.status !== 200 || !isHtml(valuesOf(answer, 'content-type')[0] ?? null)) return false
  if (front.ok && front.value.hops.at(-1)?.body === answer.body) return false
  const html = readHtml(answer.body, answer.url)
  return saysNotFound(`${html.title} ${html.text.slice(0, 2000)}`)
}

type Found = {
  outcome: 'debug-mode' | 'stack-trace' | 'soft-404' | 'version-leak'
  data: Data
  evidence: { label: string; value: string }[]
}

/** What one answer gives away; the debug page says more than the trace in it. */
const faultsOf = (answer: Answer, host: string): Found[] => {
  const debug = debugPage(answer.body)
  const trace = debug ? null : stackTrace(answer.body)
  const leak = versionLeak(answer.headers, answer.body)
  const data = (what: string, where = '', header = ''): Data => ({ host, what, where, header })
  const evidence = (value: string) => [{ label: `GET ${answer.url} → ${answer.status}`, value }]
  return [
    ...(debug
      ? [
          {
            outcome: 'debug-mode' as const,
            data: data(debug.framework, debug.where),
            evidence: evidence(`debug page of ${debug.framework}`),
          },
        ]
      : []),
    ...(trace ? [{ outcome: 'stack-trace' as const, data: data(trace), evidence: evidence(trace) }] : []),
    ...(leak
      ? [
          {
            outcome: 'version-leak' as const,
            data: data(leak.value, '', leak.where === 'header' ? leak.name : ''),
            evidence: evidence(`${leak.name}: ${leak.value}`),
          },
        ]
      : []),
  ]
}

const answers = (body: string, given: Partial<Answer> = {}, second: Partial<Answer> = {}) => ({
  answers: [
    {
      url: 'https://example.com/launch-ready-0',
      status: 404,
      headers: [['content-type', 'text/html']] as [string, string][],
      body,
      ...given,
    },
    { url: 'https://example.com/%c0%ae', status: 400, headers: [], body: 'Bad request', ...second },
  ],
  unanswered: [],
})
const plain = '<!doctype html><title>Page not found</title><p>Back to the <a href="/">start</a>'

export default defineCheck<Data>()({
  id: 'error-pages',
  stage: 'audit',
  on: 'host',
  title: 'Error pages give nothing away',
  why: 'A framework in debug mode shows source, settings and often secrets to whoever mistypes an address, and some let them run code. A path that cannot exist and a malformed one are asked for; debug pages are told by their own words, traces by their form. A page that says "not found" with status 200 misleads search engines; a single-page app’s shell is not held to that.',
  impact: { journey: 'data', owner: 'Whoever mistypes an address sees the inside of your product.' },
  needs: ['nowhere', 'web'],
  outcomes: {
    'debug-mode': {
      status: 'fail',
      severity: 'blocker',
      title: '{what} shows its debug page to everybody',
      fix: byHand(
        data => `Switch the debug mode of ${data.what} off`,
        data =>
          `On the server of ${data.host}: ${data.where}. Then change every secret that the debug page could show.`,
      ),
    },
    'stack-trace': {
      status: 'fail',
      severity: 'high',
      title: 'Errors of {host} show lines of its code',
      fix: byHand(
        () => 'Answer errors with a plain page, and write the trace to the log',
        data =>
          `Add an error handler to the application on ${data.host} that logs the error and answers with a plain page.`,
      ),
    },
    'soft-404': {
      status: 'fail',
      severity: 'medium',
      title: 'Missing pages of {host} say that all is well',
      impact: 'visit',
      why: 'Search engines list pages that are not there, and broken links go unnoticed.',
      fix: byHand(
        () => 'Send status 404 with the page that says "not found"',
        data =>
          `Let ${data.host} answer addresses where nothing is with status 404 (in Next.js: notFound(); in Express: res.status(404)).`,
      ),
    },
    'version-leak': {
      status: 'fail',
      severity: 'low',
      title: '{host} tells which version of its software runs',
      impact: 'trust',
      why: 'Whoever looks for servers with a known hole finds yours in a list.',
      fix: versionFix,
    },
    plain: { status: 'pass', title: 'Error pages of {host} give nothing away' },
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html',
    'https://docs.djangoproject.com/en/stable/ref/settings/#debug',
    'https://developers.google.com/search/docs/crawling-indexing/troubleshoot-crawling-errors#soft-404-errors',
  ],
  judge: ({ nowhere, web }, { subject }) => {
    const host = subject.name
    const first = nowhere.answers[0]!
    const found = nowhere.answers.flatMap(answer => faultsOf(answer, host))
    if (isSoft404(first, frontDoor(web)))
      found.push({
        outcome: 'soft-404',
        data: { host, what: '', where: '', header: '' },
        evidence: [{ label: `GET ${first.url}`, value: 'status 200, and a page that says "not found"' }],
      })
    // Both answers may tell the same; once is enough.
    const faults = [...new Map(found.map(fault => [fault.outcome, fault])).values()]
    if (faults.length) return faults
    const failed = nowhere.unanswered[0]
    if (failed) return { unknown: `${failed.url}: ${failed.message}`, couldBe: 'blocker' }
    const data: Data = { host, what: '', where: '', header: '' }
    return {
      outcome: 'plain',
      data,
      evidence: nowhere.answers.map(({ url, status }) => ({ label: url, value: String(status) })),
    }
  },
  examples: [
    { name: 'a plain page', facts: { nowhere: answers(plain), web: door() }, expect: 'plain' },
    {
      name: 'Django in debug mode',
      facts: {
        nowhere: answers(
          "<p>You're seeing this error because you have <code>DEBUG = True</code> in your Django settings file.",
        ),
        web: door(),
      },
      expect: 'debug-mode',
    },
    {
      name: 'Express outside production, on the malformed path alone',
      facts: {
        nowhere: answers(
          plain,
          {},
          {
            body: '<pre>URIError: Failed to decode param &#39;/%c0%ae&#39;<br> &nbsp; &nbsp;at decodeURIComponent (&lt;anonymous&gt;)<br> &nbsp; &nbsp;at decode_param (/app/node_modules/express/lib/router/layer.js:172:12)</pre>',
          },
        ),
        web: door(),
      },
      expect: 'debug-mode',
    },
    {
      name: 'a trace of Python',
      facts: {
        nowhere: answers(
          '<pre>Traceback (most recent call last):\n  File "/srv/app/main.py", line 12, in view\nKeyError',
          { status: 500 },
        ),
        web: door(),
      },
      expect: 'stack-trace',
    },
    {
      name: 'not found, with status 200',
      facts: { nowhere: answers(plain, { status: 200 }), web: door() },
      expect: 'soft-404',
    },
    {
      name: 'a single-page app',
      facts: {
        nowhere: answers(
          '<!doctype html><title>CoachDash</title><div id="root"></div><script src="/app.js"></script>',
          { status: 200 },
        ),
        web: door(),
      },
      expect: 'plain',
    },
    {
      name: 'a version in a header',
      facts: { nowhere: answers(plain, { headers: [['server', 'Apache/2.4.41 (Ubuntu)']] }), web: door() },
      expect: 'version-leak',
    },
    {
      name: 'a version at the foot',
      facts: {
        nowhere: answers('<center><h1>404 Not Found</h1></center><hr><center>nginx/1.18.0</center>'),
        web: door(),
      },
      expect: 'version-leak',
    },
    {
      name: 'a name without a version',
      facts: {
        nowhere: answers('<hr><center>nginx</center>', {
          headers: [
            ['server', 'cloudflare'],
            ['x-powered-by', 'Next.js'],
          ],
        }),
        web: door(),
      },
      expect: 'plain',
    },
    {
      name: 'the malformed path got no answer',
      facts: {
        nowhere: { ...answers(plain), unanswered: [{ url: 'https://example.com/%c0%ae', message: 'no answer' }] },
        web: door(),
      },
      expect: 'unknown',
    },
  ],
})
