// Plain HTTP leads to HTTPS on the same host, at once and for good.
import { blocker, couldNotSee, defineCheck, high, low, pass, skip, unknown } from '../../core/check.ts'
import { type Evidence, httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manualFix, redirect, setting } from '../../core/fixes.ts'
import { plainLogin } from '../../facts/http/plain-routes.example.ts'
import { httpLeadsTo, leadsNowhere, refused } from '../../facts/http/web.example.ts'
import { headerValue } from '../../formats/http/headers.ts'
import {
  firstTarget,
  isClosedDoor,
  isDeadEnd,
  laterFault,
  type PlainHttpWalk,
  plainHttpFindings,
  refusesVisitors,
  type Walked,
} from '../../formats/http/plain-http.ts'

/** `to`: where the first answer leads; `later`: the address behind it that leads on wrongly, and where to; null where the first does. */
type Data = { host: string; to: string; status: number; later: { from: string; to: string } | null }

const toHttps = ({ host }: Data): Fix =>
  fix(
    `Redirect http://${host} to https://${host}, permanently and with the path kept`,
    [redirect(`http://${host}/`, `https://${host}/`, 308, true)],
    [
      `Where ${host} is hosted, turn on "force HTTPS" or "always use HTTPS".`,
      `On a server of your own: answer every request on port 80 with 308 and Location https://${host} followed by the path.`,
    ],
    10,
  )

/** The first hop is right and a later one is wrong: that one is corrected. */
const mendWay = (data: Data): Fix =>
  data.later
    ? manualFix(
        `Correct where ${data.later.from} leads`,
        [
          `Let ${data.later.from} lead to an https:// address that answers, or answer itself; it leads to ${data.later.to}.`,
        ],
        10,
      )
    : toHttps(data)

const openPort80 = (data: Data): Fix => {
  const sent = toHttps(data)
  return { ...sent, changes: [setting('web-server', `${data.host}/`, { listen: 80 }), ...sent.changes] }
}

/** The steps of a walk, and the one that was not answered. */
const wayOf = ({ hops, ended, next }: PlainHttpWalk): Evidence[] => [
  ...hops.map(hop => {
    const location = headerValue(hop, 'location')
    return httpEvidence(hop.url, `${hop.status}${location ? ` → ${location}` : ''}`, { status: hop.status })
  }),
  ...(next && ended !== 'answer' ? [httpEvidence(next.url, next.why)] : []),
]

const closed = (host: string, status: number, evidence: Evidence[]) => ({
  outcome: 'port-80-closed' as const,
  data: { host, to: '', status, later: null },
  evidence,
})

export default defineCheck<Data>()({
  id: 'https-redirect',
  stage: 'audit',
  on: 'host',
  everyHost: true,
  alsoIn: ['dns'],
  title: 'Plain HTTP leads to HTTPS at once',
  why: 'People and old links still use http://. The answer there must be a permanent redirect to https:// on the same host: the same host first, so that its HSTS policy is learned (RFC 6797 §7.2), and no hop without encryption on the way. Every key page is asked for by itself: a front page that redirects says nothing of a login that does not.',
  impact: {
    journey: 'trust',
    owner: 'Browsers mark the page "Not secure", and what customers type can be read on the way.',
  },
  needs: ['web'],
  wants: ['plainRoutes'],
  signals: { 'certificate-warnings': ['insecure-hop'], 'signup-unreliable': ['dead-end'] },
  outcomes: {
    'serves-plain-http': blocker('{host} answers without encryption', toHttps),
    'dead-end': blocker('http://{host} leads to an address where nothing answers', mendWay, {
      why: 'Whoever types your name without https://, or follows an old link, gets an error page.',
      impact: 'visit',
    }),
    'insecure-hop': high('The way to {host} leads over an unencrypted page', mendWay, {
      why: 'Whoever shares the network can change that hop and lead visitors elsewhere.',
    }),
    'to-other-host-first': low('http://{host} jumps to another host before HTTPS', toHttps, {
      why: 'Browsers do not learn to stay on HTTPS for this host: the next visit begins without encryption again.',
    }),
    temporary: low('http://{host} redirects only temporarily ({status})', toHttps, {
      why: 'Browsers and search engines do not remember it: each visit by an old link begins without encryption.',
    }),
    'port-80-closed': low('http://{host} leads nobody to HTTPS', openPort80, {
      why: 'Whoever follows an old link, or whose browser tries http:// first, gets an error, or waits in vain.',
    }),
    redirects: pass('http://{host} leads to HTTPS'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc6797#section-7.2',
    'https://developer.mozilla.org/docs/Web/Security/Practical_implementation_guides/TLS#http_redirection',
  ],
  judge: ({ web: { http, https }, plainRoutes }, { subject: { name: host } }) => {
    if (!http.ok) {
      if (http.reason !== 'refused') return couldNotSee(http, 'low')
      return closed(host, 0, [httpEvidence(`http://${host}/`, http.message)])
    }
    const routes = plainRoutes.ok ? plainRoutes.value : []
    const walks: Walked[] = [{ walk: http.value, kind: 'home' }]
    for (const { walked, kind } of routes) if (walked.ok) walks.push({ walk: walked.value, kind })
    const found = plainHttpFindings(walks, host)
    if (found.length)
      return found.map(({ outcome, at, isMild }) => {
        const data = {
          host,
          to: firstTarget(at[0]!) ?? at[0]!.next?.url ?? '',
          status: at[0]!.hops[0]!.status,
          later: laterFault(at[0]!, host),
        }
        return { outcome, data, evidence: at.flatMap(wayOf), ...(isMild ? { severity: 'high' as const } : {}) }
      })
    const lost = walks.find(({ walk }) => isDeadEnd(walk, host) === null)
    if (lost) return unknown(`whether ${lost.walk.next?.url} answers could not be told`, 'blocker')
    const open = walks.filter(({ walk, kind }) => !isClosedDoor(walk.hops[0]!, kind))
    const [first] = http.value.hops
    if (!open.length && https.ok && refusesVisitors(http.value, https.value.hops.at(-1)!))
      return closed(host, first!.status, wayOf(http.value))
    if (!open.length) return skip(`${host} serves nothing over plain HTTP (${first!.status})`)
    const { hops } = open[0]!.walk
    const data = { host, to: firstTarget(open[0]!.walk) ?? '', status: hops[0]!.status, later: null }
    return { outcome: 'redirects', data, evidence: open.flatMap(({ walk }) => wayOf(walk)) }
  },
  examples: [
    { name: 'plain HTTP leads to HTTPS for good', facts: {}, expect: 'redirects' },
    { name: 'for now only', facts: { web: httpLeadsTo('https://example.com/', 302) }, expect: 'temporary' },
    {
      name: 'the login page does not',
      facts: { plainRoutes: plainLogin({ body: '<form method="post"></form>' }) },
      expect: 'serves-plain-http',
    },
    { name: 'to a port that does not speak HTTPS', facts: { web: leadsNowhere }, expect: 'dead-end' },
    { name: 'port 80 refuses', facts: { web: { http: refused } }, expect: 'port-80-closed' },
  ],
})
