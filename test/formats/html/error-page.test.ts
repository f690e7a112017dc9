import { expect, it } from 'vitest'
import { disclosures, isSoft404 } from '../../../src/formats/html/error-page.ts'

const html: [string, string][] = [['content-type', 'text/html']]
const answer = (status: number, body: string, headers = html) => ({
  url: 'https://example.com/nowhere',
  status,
  headers,
  body,
})

it.each<[string, [string, string][], object[]]>([
  ['<p>Page not found', html, []],
  [
    '<title>KeyError // Werkzeug Debugger</title>Traceback (most recent call last):\n File "/a.py", line 3',
    html,
    [{ kind: 'debug-mode', what: 'Flask (Werkzeug)', header: '', shown: 'debug page of Flask (Werkzeug)' }],
  ],
  ['goroutine 12 [running]:', html, [{ kind: 'stack-trace', what: 'goroutine 12 [running]:', where: '' }]],
  [
    'x',
    [['x-aspnet-version', '4.0.30319']],
    [{ kind: 'version-leak', what: '4.0.30319', header: 'x-aspnet-version', shown: 'x-aspnet-version: 4.0.30319' }],
  ],
  [
    '<hr><center>nginx/1.18.0</center>',
    html,
    [{ kind: 'version-leak', what: 'nginx/1.18.0', header: '', shown: 'the foot of its error page: nginx/1.18.0' }],
  ],
])('%s gives away', (body, headers, expected) =>
  expect(disclosures(answer(404, body, headers))).toMatchObject(expected),
)

it.each([
  '{"stack":"Error: x\\n    at Socket.afterConnect [as oncomplete] (node:net:1611:16)"}',
  '{"detail":"(sqlite3.OperationalError) no such table: slots"}',
  '{"message":"connect ECONNREFUSED 10.0.3.4:5432"}',
])('%s gives away where it failed', body =>
  expect(disclosures(answer(500, body))).toMatchObject([{ kind: 'stack-trace' }]),
)

it.each([
  ['Starlette or FastAPI', '<title>Starlette Debugger</title><div class="traceback-container">'],
  ['Vite', '<script type="module" src="/@vite/client"></script><div id=app></div>'],
  ['Nette (Tracy)', '<div id="tracy-bs" class="tracy-section">'],
  ['Yii', '<h1>yii\\web\\NotFoundHttpException</h1><div class="call-stack">'],
  ['Sinatra', '<h2>Sinatra doesn’t know this ditty.</h2><div>Try this:'],
  ['Quarkus', '<h1>404 - Resource Not Found</h1><a href="/q/dev-ui">Dev UI</a>'],
  ['CakePHP', '<h1>Missing Controller</h1><pre class="cake-error">x</pre>'],
  [
    'CodeIgniter',
    '<h1>CodeIgniter\\Exceptions\\PageNotFoundException</h1><div class="environment">Displayed at 10:00 — PHP: 8.3</div>',
  ],
  ['Play', '<h1>Compilation error</h1><h2>In /app/controllers/HomeController.scala:21</h2>'],
  ['Play', '<h1>Action Not Found</h1><h2>These routes have been tried'],
])('the debug page of %s', (what, body) =>
  expect(disclosures(answer(404, body))).toMatchObject([{ kind: 'debug-mode', what }]),
)
it.each([
  '<h1>Resource not found</h1><p>Read about <a href="/blog/quarkus">Quarkus</a>.</p>',
  '<h1>Missing cake</h1><p>This cake has left the shop.</p>',
  '<h1>Whoops!</h1><p>This page is not here, displayed at your request. We like CodeIgniter.</p>',
  '<p>We write about @vite/client</p>',
  '<p>Whatever you seek, this ditty is not here.',
])('%s is none', body => expect(disclosures(answer(404, body))).toEqual([]))

const notFound = '<title>Page not found</title>'
it.each<[string, ReturnType<typeof answer>, string | null, boolean]>([
  ['status 200', answer(200, notFound), null, true],
  ['status 404', answer(404, notFound), null, false],
  ['the front page again', answer(200, notFound), notFound, false],
  ['text', answer(200, notFound, [['content-type', 'text/plain']]), null, false],
  ['a shell', answer(200, '<title>CoachDash</title><div id=root></div>'), '<p>front', false],
])('a page that says "not found" with %s', (_name, given, front, expected) =>
  expect(isSoft404(given, front)).toBe(expected),
)
