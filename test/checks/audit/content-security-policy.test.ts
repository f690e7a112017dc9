// content-security-policy: what the policies of a front page leave open, in headers and in the page.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/content-security-policy.ts'
import { jsonService, leadsToWww, sending, sendingOnly, showing } from '../../../src/facts/http/web.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const policy = (...values: string[]) => ({
  facts: { web: sendingOnly(...values.map((value): [string, string] => ['content-security-policy', value])) },
})

describe('content-security-policy', () =>
  itJudges(check, [
    [
      'a nonce beside the old word',
      'set',
      policy("script-src 'nonce-r4nd0m' 'strict-dynamic' 'unsafe-inline' https:; base-uri 'none'"),
    ],
    ['the second policy is strict', 'set', policy("script-src 'self' 'unsafe-inline'", "script-src 'self'")],
    [
      'only watching',
      'missing',
      { facts: { web: sendingOnly(['content-security-policy-report-only', "default-src 'self'"]) } },
    ],
    [
      'in the page',
      'unsafe-inline',
      {
        facts: {
          web: showing(`<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'">`),
        },
      },
    ],
    ['text becomes code', 'unsafe-eval', policy("script-src 'self' 'unsafe-eval'")],
    ['scripts from anywhere', 'wildcard', policy("script-src 'self' https:")],
    ['nothing about scripts', 'ineffective', policy("frame-ancestors 'none'; upgrade-insecure-requests")],
    ['a host where anyone publishes', 'ineffective', policy("script-src 'self' https://cdn.jsdelivr.net")],
    ['quotes left away', 'malformed', policy('script-src self')],
    ['a semicolon left away', 'malformed', policy("default-src 'self' script-src 'self'")],
    ['a name that does not exist', 'malformed', policy("default-src 'self'; scripts-src 'none'")],
    [
      'inline scripts, eval and anywhere at once',
      ['unsafe-inline', 'unsafe-eval', 'wildcard'],
      { facts: { web: sending('content-security-policy', "script-src * 'unsafe-inline' 'unsafe-eval'") } },
    ],
    ['a JSON service', 'skip', { facts: { web: jsonService } }],
    ['leads elsewhere', 'skip', { facts: { web: leadsToWww } }],
  ]))
