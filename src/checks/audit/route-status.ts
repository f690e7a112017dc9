// Every key route answers.
import { defineCheck } from '../../core/check.ts'
import { missing, notApplicable, observed } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop, redirect } from '../../facts/http/web.example.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'

type Data = { route: string; url: string; status: number; message: string }

const manual =
  (summary: string, steps: (data: Data) => string[]) =>
  (data: Data): Fix => ({
    summary,
    steps: steps(data),
    changes: steps(data).map(step => ({ kind: 'manual' as const, step })),
    effortMinutes: 30,
  })

const at = '2026-11-25T00:00:00Z'

const refusal = new Set([401, 403])

/** A dashboard and an API may refuse a stranger; a webhook is made for POST, so what a GET gets there says little. */
const mayAnswer = (kind: unknown, status: number): boolean =>
  kind === 'webhook' ? status < 500 : (kind === 'dashboard' || kind === 'api') && refusal.has(status)

/** Whether a page that gave no answer is down for everybody: it refuses, or it is silent while other hosts answer. */
const isDown = ({ reason }: { reason: string }, othersAnswer: boolean): boolean =>
  reason === 'refused' || ((reason === 'timeout' || reason === 'tls-handshake') && othersAnswer)

/** The same host at another port: its address was reached here by --connect-to, so it is no private network. */
const isSameHost = (a: string, b: string): boolean =>
  URL.canParse(a) && URL.canParse(b) && new URL(a).hostname === new URL(b).hostname

export default defineCheck<Data>()({
  id: 'route-status',
  stage: 'audit',
  on: 'route',
  title: 'Every key page answers',
  why: 'Front page, signup, login, pricing and what the config names are asked once, redirects followed. A dashboard or an API may refuse a stranger; a page for everybody may not.',
  impact: { journey: 'visit', owner: 'Whoever follows this link does not arrive.' },
  needs: [],
  wants: ['page', 'vantage'],
  signals: ['signup-unreliable'],
  outcomes: {
    'server-error': {
      status: 'fail',
      severity: 'blocker',
      title: 'The {route} page fails with status {status}',
      fix: manual('Find the error in the server’s log and fix it', data => [
        `Open the log of the server for ${data.url} at the time of this run and fix the error behind status ${data.status}.`,
      ]),
    },
    'not-found': {
      status: 'fail',
      severity: 'blocker',
      title: 'The {route} page does not exist (status {status})',
      fix: manual('Bring the page back, or correct the link that leads there', data => [
        `Serve a page at ${data.url}, redirect it to where the page is now, or correct the link or the config that names it.`,
      ]),
    },
    'redirect-loop': {
      status: 'fail',
      severity: 'blocker',
      title: 'The {route} page redirects in a circle',
      fix: manual('Let one rule decide where this address leads', data => [
        `Follow the redirects of ${data.url} as listed and take away the rule that leads back. Behind Cloudflare, set SSL/TLS to Full (strict).`,
      ]),
    },
    'unexpected-status': {
      status: 'fail',
      severity: 'high',
      title: 'The {route} page answers with status {status}',
      fix: manual('Let the page answer as it should', data => [
        `Find out why ${data.url} answers with status ${data.status}; where that is right, name it in the config: routes[].expectStatus.`,
      ]),
    },
    unreachable: {
      status: 'fail',
      severity: 'blocker',
      title: 'The {route} page cannot be reached',
      fix: manual('Bring the server up, and open the port', data => [
        `Check that the server of ${data.url} runs and that its firewall lets port 443 in.`,
      ]),
    },
    answers: { status: 'pass', title: 'The {route} page answers' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15'],
  judge: ({ page, vantage }, { subject, target }) => {
    const kind = subject.details?.['kind']
    const impact = journeyOf(kind)
    const data = (status = 0, message = ''): Data => ({
      route: String(subject.details?.['name'] ?? kind ?? 'key'),
      url: subject.name,
      status,
      message,
    })
    if (!page.ok) {
      if (page.because) return { skip: page.because }
      if (!isDown(page, vantage.ok && vantage.value.reached.length > 0)) return { unknown: page.message }
      const evidence = [{ label: subject.name, value: page.message }]
      return { outcome: 'unreachable', data: data(0, page.message), evidence, impact }
    }
    const evidence = page.value.hops.map(hop => ({ label: hop.url, value: String(hop.status) }))
    if (page.value.ended === 'loop' || page.value.ended === 'too-many-redirects')
      return { outcome: 'redirect-loop', data: data(), evidence, impact }
    const { url = '', why = '' } = page.value.next ?? {}
    // Whoever is not inside that network arrives nowhere.
    if (page.value.ended === 'private-address' && !isSameHost(url, page.value.hops.at(-1)?.url ?? ''))
      return { outcome: 'unreachable', data: data(0, why), evidence: [...evidence, { label: url, value: why }], impact }
    if (['private-address', 'next-hop-failed'].includes(page.value.ended)) return { unknown: `${url}: ${why}` }
    const last = page.value.hops.at(-1)!
    const { status } = last
    const away = turnedAway(last.url, last)
    if (away) return { unknown: away }
    const expected = target.routes.find(route => route.url === subject.name)?.expectStatus
    if (expected?.includes(status) || (!expected && (status < 300 || status === 304)))
      return { outcome: 'answers', data: data(status), evidence }
    if (!expected && mayAnswer(kind, status)) return { outcome: 'answers', data: data(status), evidence }
    if (status === 429) return { unknown: `${subject.name} answers 429: it limits requests from here` }
    if (status >= 500) return { outcome: 'server-error', data: data(status), evidence, impact }
    if (status === 404 || status === 410) return { outcome: 'not-found', data: data(status), evidence, impact }
    return { outcome: 'unexpected-status', data: data(status), evidence, impact }
  },
  examples: [
    {
      name: 'answers',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: observed(exchange(hop('https://example.com/')), at) },
      expect: 'answers',
    },
    {
      name: 'fails',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: observed(exchange(hop('https://example.com/', { status: 500 })), at) },
      expect: 'server-error',
    },
    {
      name: 'is gone',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: observed(exchange(hop('https://example.com/', { status: 410 })), at) },
      expect: 'not-found',
    },
    {
      name: 'goes in circles',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: {
        page: observed(
          {
            hops: [redirect('https://example.com/', 'https://example.com/')],
            ended: 'loop',
            next: { url: 'https://example.com/', why: 'it was visited before' },
          },
          at,
        ),
      },
      expect: 'redirect-loop',
    },
    {
      name: 'forbids everyone',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: observed(exchange(hop('https://example.com/', { status: 403 })), at) },
      expect: 'unexpected-status',
    },
    {
      name: 'a dashboard may refuse',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'dashboard', name: 'dashboard' } },
      facts: { page: observed(exchange(hop('https://example.com/', { status: 401 })), at) },
      expect: 'answers',
    },
    {
      name: 'leads into a private network',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: {
        page: observed(
          {
            hops: [redirect('https://example.com/', 'http://169.254.169.254/')],
            ended: 'private-address',
            next: { url: 'http://169.254.169.254/', why: '169.254.169.254 is a private address' },
          },
          at,
        ),
      },
      expect: 'unreachable',
    },
    {
      name: 'refuses connections',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: missing('refused', 'example.com:443 refuses connections') },
      expect: 'unreachable',
    },
    {
      name: 'silent while others answer',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: missing('timeout', 'no answer'), vantage: observed({ reached: ['www.example.com'] }, at) },
      expect: 'unreachable',
    },
    {
      name: 'silent like everything else',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: missing('timeout', 'no answer'), vantage: observed({ reached: [] }, at) },
      expect: 'unknown',
    },
    {
      name: 'does not exist',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: notApplicable('example.com does not exist') },
      expect: 'skip',
    },
    {
      name: 'limits requests',
      subject: { kind: 'route', name: 'https://example.com/', details: { kind: 'home', name: 'home' } },
      facts: { page: observed(exchange(hop('https://example.com/', { status: 429 })), at) },
      expect: 'unknown',
    },
  ],
})
