// error-pages: what the answers to a missing and to a malformed path give away.
import { describe, expect, it } from 'vitest'
import check from '../../../src/checks/audit/error-pages.ts'
import { answering, answeringMalformed, example } from '../../../src/facts/http/nowhere.example.ts'
import { showing } from '../../../src/facts/http/web.example.ts'
import { itJudges, judgeExample } from '../../support/judge-example.ts'

const shell = '<!doctype html><title>CoachDash</title><div id="root"></div><script src="/app.js"></script>'
const notice = '<!doctype html><title>Not found</title><p>CoachDash does not exist in your country.'

describe('error-pages', () => {
  itJudges(check, [
    [
      'Django in debug mode',
      'debug-mode',
      {
        facts: {
          nowhere: answering({
            body: "<p>You're seeing this error because you have <code>DEBUG = True</code> in your Django settings file.",
          }),
        },
      },
    ],
    [
      'Express outside production, on the malformed path alone',
      'debug-mode',
      {
        facts: {
          nowhere: answeringMalformed({
            body: '<pre>URIError: Failed to decode param &#39;/%c0%ae&#39;<br> &nbsp; &nbsp;at decodeURIComponent (&lt;anonymous&gt;)<br> &nbsp; &nbsp;at decode_param (/app/node_modules/express/lib/router/layer.js:172:12)</pre>',
          }),
        },
      },
    ],
    [
      'a trace of Python',
      'stack-trace',
      {
        facts: {
          nowhere: answering({
            status: 500,
            body: '<pre>Traceback (most recent call last):\n  File "/srv/app/main.py", line 12, in view\nKeyError',
          }),
        },
      },
    ],
    ['a single-page app', 'plain', { facts: { nowhere: answering({ status: 200, body: shell }) } }],
    [
      'the front page again',
      'plain',
      { facts: { nowhere: answering({ status: 200, body: notice }), web: showing(notice) } },
    ],
    [
      'not found with status 200, and a version',
      ['version-leak', 'soft-404'],
      {
        facts: {
          nowhere: answering({
            status: 200,
            headers: [
              ['content-type', 'text/html'],
              ['x-powered-by', 'PHP/8.1.2'],
            ],
          }),
        },
      },
    ],
    [
      'a version at the foot',
      'version-leak',
      {
        facts: {
          nowhere: answering({ body: '<center><h1>404 Not Found</h1></center><hr><center>nginx/1.18.0</center>' }),
        },
      },
    ],
    [
      'a name without a version',
      'plain',
      {
        facts: {
          nowhere: answering({
            headers: [
              ['server', 'cloudflare'],
              ['x-powered-by', 'Next.js'],
            ],
            body: '<hr><center>nginx</center>',
          }),
        },
      },
    ],
    [
      'the malformed path got no answer',
      'unknown',
      {
        facts: {
          nowhere: {
            answers: example.answers.slice(0, 1),
            unanswered: [{ url: 'https://example.com/%c0%ae', message: 'no answer' }],
          },
        },
      },
    ],
  ])

  it.each([
    ['server', 'Apache/2.4.41 (Ubuntu)', { kind: 'http-header', action: 'set', name: 'server', value: 'Apache' }],
    ['x-powered-by', 'PHP/8.1.2', { kind: 'http-header', action: 'remove', name: 'x-powered-by' }],
  ])('the fix of a version in %s is data', (name, value, change) => {
    const { findings } = judgeExample(check, {
      facts: { nowhere: answering({ headers: [[name, value]] }) },
    })
    expect(findings[0]?.fix.changes).toMatchObject([{ host: 'example.com', ...change }])
  })
})
