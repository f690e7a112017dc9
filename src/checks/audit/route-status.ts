// Every key route answers.
import { blocker, couldNotSee, defineCheck, high, pass, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import { answering, circle, route } from '../../facts/http/page.example.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'
import { isDown, leadsIntoPrivateNetwork, statusVerdict } from '../../formats/http/route-status.ts'
import { keptOut, routeName } from './served-page.ts'

type Data = { route: string; url: string; status: number; message: string }

const change =
  (summary: string, step: (data: Data) => string) =>
  (data: Data): Fix =>
    manualFix(summary, [step(data)], 30)

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
    'server-error': blocker(
      'The {route} page fails with status {status}',
      change(
        'Find the error in the server’s log and fix it',
        ({ url, status }) =>
          `Open the log of the server for ${url} at the time of this run and fix the error behind status ${status}.`,
      ),
    ),
    'not-found': blocker(
      'The {route} page does not exist (status {status})',
      change(
        'Bring the page back, or correct the link that leads there',
        ({ url }) =>
          `Serve a page at ${url}, redirect it to where the page is now, or correct the link or the config that names it.`,
      ),
    ),
    'redirect-loop': blocker(
      'The {route} page redirects in a circle',
      change(
        'Let one rule decide where this address leads',
        ({ url }) =>
          `Follow the redirects of ${url} as listed and take away the rule that leads back. Behind Cloudflare, set SSL/TLS to Full (strict).`,
      ),
    ),
    'unexpected-status': high(
      'The {route} page answers with status {status}',
      change(
        'Let the page answer as it should',
        ({ url, status }) =>
          `Find out why ${url} answers with status ${status}; where that is right, name it in the config: routes[].expectStatus.`,
      ),
    ),
    unreachable: blocker(
      'The {route} page cannot be reached',
      change(
        'Bring the server up, and open the port',
        ({ url }) => `Check that the server of ${url} runs and that its firewall lets port 443 in.`,
      ),
    ),
    answers: pass('The {route} page answers'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15'],
  judge: ({ page, vantage }, { subject, target }) => {
    const url = subject.name
    const kind = subject.details?.['kind']
    const impact = journeyOf(kind)
    const data = { route: routeName(subject), url, status: 0, message: '' }
    if (!page.ok) {
      if (page.because || !isDown(page.reason, vantage.ok && vantage.value.reached.length > 0)) return couldNotSee(page)
      const evidence = [httpEvidence(url, page.message)]
      return { outcome: 'unreachable', data: { ...data, message: page.message }, evidence, impact }
    }
    const { hops, ended, next } = page.value
    const evidence = hops.map(({ url, status }) => httpEvidence(url, String(status), { status }))
    if (ended === 'loop' || ended === 'too-many-redirects') return { outcome: 'redirect-loop', data, evidence, impact }
    const { url: to = '', why = '' } = next ?? {}
    // Whoever is not inside that network arrives nowhere.
    if (leadsIntoPrivateNetwork(page.value)) {
      const shown = [...evidence, httpEvidence(to, why)]
      return { outcome: 'unreachable', data: { ...data, message: why }, evidence: shown, impact }
    }
    if (ended === 'private-address' || ended === 'next-hop-failed') return unknown(`${to}: ${why}`)
    const last = hops.at(-1)!
    const away = keptOut(last)
    if (away) return away
    const { status } = last
    const outcome = statusVerdict(status, kind, target.routes.find(route => route.url === url)?.expectStatus)
    if (outcome === 'limited') return unknown(`${url} answers 429: it limits requests from here`)
    return { outcome, data: { ...data, status }, evidence, ...(outcome === 'answers' ? {} : { impact }) }
  },
  examples: [
    { name: 'answers', subject: route('home'), facts: {}, expect: 'answers' },
    { name: 'fails', subject: route('home'), facts: { page: answering(500) }, expect: 'server-error' },
    { name: 'goes in circles', subject: route('home'), facts: { page: circle }, expect: 'redirect-loop' },
  ],
})
