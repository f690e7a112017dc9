// route-status: how key routes answer, by what they are for.
import { describe, expect, it } from 'vitest'
import check from '../../../src/checks/audit/route-status.ts'
import { missing, notApplicable, observed } from '../../../src/core/fact.ts'
import type { RouteKind } from '../../../src/core/target.ts'
import { answering, leadingInside, route, sendingOnly } from '../../../src/facts/http/page.example.ts'
import { withoutEntry } from '../../../src/facts/http/page-life.example.ts'
import { exchange, hop, redirect } from '../../../src/facts/http/web.example.ts'
import { example as tls } from '../../../src/facts/tls/tls.example.ts'
import { itJudges, judgeExample } from '../../support/judge-example.ts'

const front = 'https://example.com/'
const status = (code: number, kind: RouteKind = 'home') => ({ subject: route(kind), facts: { page: answering(code) } })
const vantage = (...reached: string[]) => observed({ reached }, '2026-11-25T00:00:00Z')
const ended = missing('unreachable', 'closed the connection before it had answered')
const turnedAway = observed(
  { ...tls, endpoints: tls.endpoints.map(each => ({ ...each, browsers: { chrome: false, safari: false } })) },
  '2026-11-25T00:00:00Z',
)
const silent = missing('timeout', 'no answer')
const expecting = (...expectStatus: number[]) => ({
  routes: [{ url: front, name: 'home', kind: 'home' as const, expectStatus }],
})

describe('route-status', () =>
  itJudges(check, [
    ['not modified', 'answers', status(304)],
    ['is gone', 'not-found', status(410)],
    ['forbids everyone', 'unexpected-status', status(403)],
    ['a dashboard may refuse', 'answers', status(401, 'dashboard')],
    ['a webhook wants POST', 'answers', status(405, 'webhook')],
    ['a webhook that fails', 'server-error', status(500, 'webhook')],
    ['as the config expects', 'answers', { ...status(403), target: expecting(403) }],
    ['otherwise than the config expects', 'unexpected-status', { ...status(200), target: expecting(403) }],
    [
      'too many redirects',
      'redirect-loop',
      { subject: route('home'), facts: { page: { ...exchange(redirect(front, '/a')), ended: 'too-many-redirects' } } },
    ],
    ['leads into a private network', 'unreachable', { subject: route('home'), facts: { page: leadingInside } }],
    [
      'leads to another port of its own',
      'unknown',
      {
        subject: route('home'),
        facts: {
          page: {
            hops: [redirect(front, 'https://example.com:8443/')],
            ended: 'private-address',
            next: { url: 'https://example.com:8443/', why: '127.0.0.1 is a loopback address' },
          },
        },
      },
    ],
    [
      'the next host gives no answer',
      'unknown',
      {
        subject: route('home'),
        facts: {
          page: {
            hops: [redirect(front, 'https://www.example.com/')],
            ended: 'next-hop-failed',
            next: { url: 'https://www.example.com/', why: 'no answer' },
          },
        },
      },
    ],
    [
      'refuses connections',
      'unreachable',
      { subject: route('home'), facts: { page: missing('refused', 'example.com:443 refuses connections') } },
    ],
    [
      'silent while others answer',
      'unreachable',
      { subject: route('home'), facts: { page: silent, vantage: vantage('www.example.com') } },
    ],
    [
      'silent like everything else',
      'unknown',
      { subject: route('home'), facts: { page: silent, vantage: vantage(), tls: silent } },
    ],
    ['ends what it takes', 'unreachable', { subject: route('home'), facts: { page: ended, vantage: vantage() } }],
    [
      'ends what it takes from no browser',
      'unknown',
      { subject: route('home'), facts: { page: ended, vantage: vantage(), tls: turnedAway } },
    ],
    [
      'ends what it takes, as far as can be told',
      'unknown',
      { subject: route('home'), facts: { page: ended, vantage: vantage(), tls: silent } },
    ],
    ['does not exist', 'skip', { facts: { page: notApplicable('example.com does not exist') } }],
    ['limits requests', 'unknown', status(429)],
    [
      'keeps programs out',
      'unknown',
      {
        subject: route('home'),
        facts: { page: exchange(hop(front, { status: 403, headers: [['cf-mitigated', 'challenge']] })) },
      },
    ],
    [
      'is an error with status 200',
      'error-text',
      { subject: route('home'), facts: { pageLife: { words: 'Error establishing a database connection' } } },
    ],
    ['has lost its script', 'broken-assets', { subject: route('home'), facts: { pageLife: withoutEntry() } }],
    [
      'is saved as a file',
      'downloads',
      { subject: route('home'), facts: { pageLife: { kind: 'download', type: 'application/octet-stream' } } },
    ],
    ['answers plainly', 'answers', { subject: route('home'), facts: { page: sendingOnly() } }],
  ]))

/** Title, evidence and steps of what is found, in one text. */
const told = (facts: object): string => {
  const [finding] = judgeExample(check, { subject: route('home'), facts }).findings
  const { title, evidence, fix } = finding!
  return [title, ...evidence.map(each => `${each.label}: ${each.value}`), fix.summary, ...fix.steps].join('\n')
}

const asset = (url: string, kind: string, isEntry: boolean) => ({ url, kind, words: 'status 404', isEntry })

describe('what route-status tells of a page', () => {
  it.each([
    ['a page that leads to a private network', { page: leadingInside }, /leads to 169\.254\.169\.254/, /firewall/],
    [
      'no server',
      { page: missing('refused', 'it refuses') },
      /cannot be reached[\s\S]*firewall/,
      /Correct the address/,
    ],
    [
      'an empty frame',
      { pageLife: { broken: [asset('https://app.example.net/', 'frame', true)] } },
      /^Browsers cannot use app\.example\.net, which[\s\S]*masked forwarding/,
      /files of one build/,
    ],
    [
      'a lost script beside a lost stylesheet',
      {
        pageLife: {
          shell: true,
          broken: [
            asset('https://example.com/a.css', 'style', true),
            asset('https://example.com/b.js', 'script', true),
          ],
        },
      },
      /^Browsers cannot use b\.js/,
      /^Browsers cannot use a\.css/,
    ],
    [
      'a console',
      { pageLife: { thin: { how: 'tool', words: 'Grafana' } } },
      /is the console of a program, "Grafana"[\s\S]*reverse proxy/,
      /browser|log of the server/,
    ],
    ['bytes', { pageLife: { words: 'bytes that are no text' } }, /content-encoding/, /log of the server|says/],
    [
      'markup',
      { pageLife: { doubtful: 'Plans<meta name="a"' } },
      /shows its markup[\s\S]*not closed/,
      /log of the server/,
    ],
    ['source', { pageLife: { words: '<?php use A' } }, /shows its source[\s\S]*as it was written/, /log of the server/],
    ['a notice', { pageLife: { words: 'Account Suspended' } }, /Sign in there/, /log of the server/],
    ['upkeep', { pageLife: { doubtful: 'Wartungsarbeiten' } }, /Retry-After/, /log of the server/],
    ['an error', { pageLife: { words: 'SQLSTATE[HY000]' } }, /log of the server/, /Sign in there/],
    [
      'an error that a browser saw',
      {
        pageLife: { undrawn: true, shell: true },
        rendered: {
          shown: { text: 'x', drawn: 0, words: 'TypeError: a', doubtful: null, hollow: false },
          withheld: 0,
          untold: [],
        },
      },
      /drawn by a browser: TypeError: a/,
      /the page says: /,
    ],
  ] as const)('%s', (_name, facts, holds, lacks) => {
    expect(told(facts)).toMatch(holds)
    expect(told(facts)).not.toMatch(lacks)
  })
})
