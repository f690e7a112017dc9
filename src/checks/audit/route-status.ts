// Every key route answers, and its page lives.
import {
  blocker,
  couldNotSee,
  defineCheck,
  high,
  medium,
  type OutcomeHolds,
  pass,
  skip,
  unknown,
} from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { answering, circle, route } from '../../facts/http/page.example.ts'
import { withoutWidget } from '../../facts/http/page-life.example.ts'
import type { Tls } from '../../facts/tls/tls.ts'
import {
  brokenOf,
  isLiving,
  type LifeFault,
  lifeFaults,
  lifeGap,
  lifeProofs,
  type PageLife,
  sideFault,
  unseenGap,
} from '../../formats/html/page-life.ts'
import { saidKind } from '../../formats/html/said-kind.ts'
import { certainFailures } from '../../formats/http/plain-http.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'
import { isDown, isMute, leadsIntoPrivateNetwork, statusVerdict } from '../../formats/http/route-status.ts'
import { blankData, type RouteData as Data, doesWith, misled, routeFix } from './route-fixes.ts'
import { keptOut, routeName } from './served-page.ts'

type About = Pick<OutcomeHolds<string, Data>, 'data' | 'evidence' | 'impact'>

const faultOf = (fault: LifeFault, life: PageLife, about: About): OutcomeHolds<LifeFault['outcome'], Data> => {
  const { outcome, what, isCertain } = fault
  const broken = brokenOf(outcome, life)
  const said = fault.isTool ? 'tool' : saidKind(what)
  const items = broken.map(item => `${item.url}: ${item.words}`)
  const frame = broken.find(({ kind }) => kind === 'frame')?.url ?? ''
  return {
    ...about,
    outcome,
    data: { ...about.data, what, said, does: doesWith[said], items, frame },
    evidence: [...about.evidence, ...lifeProofs(fault, life).map(([label, value]) => textEvidence(label, value))],
    ...(isCertain ? {} : { severity: 'high' as const, confidence: 'likely' as const }),
  }
}

/** Whether handshakes are completed as browsers begin them. */
const takesConnections = ({ endpoints }: Tls): boolean =>
  endpoints.some(({ handshake, browsers }) => handshake.ok && browsers.chrome !== false)

/** What an answer alone does not tell of a page. What stands behind a login is drawn for those who have one. */
const withoutLooking = (life: PageLife, seen: Parameters<typeof unseenGap>[1], kind: unknown) => {
  const untold = lifeGap(life)
  if (untold) return unknown(untold, 'blocker')
  if (life.thin?.how === 'foreign') return skip('what stands there is no page of the product: see placeholder-page')
  const gap = kind === 'dashboard' ? null : unseenGap(life, seen)
  return gap && unknown(gap.why, kind === 'home' || gap.couldBe === 'medium' ? gap.couldBe : 'high')
}

/** What is left to say of a page that lives: that it cannot be told, or what is lost beside it. */
const ofLiving = (life: PageLife, seen: Parameters<typeof unseenGap>[1], kind: unknown, about: About) => {
  const beside = sideFault(life)
  return withoutLooking(life, seen, kind) ?? (beside && faultOf(beside, life, about))
}

export default defineCheck<Data>()({
  id: 'route-status',
  stage: 'audit',
  on: 'route',
  title: 'Every key page answers and works',
  why: 'Front page, signup, login, pricing and what the config names are asked once; redirects, refreshes and scripts that only lead on are followed. A status 200 proves little: the page must show something other than an error, be sent as a page, and load its own scripts and styles as browsers take them (status, type, integrity, nosniff, its own policy). A dashboard or an API may refuse a stranger.',
  impact: { journey: 'visit', owner: 'Whoever follows this link does not arrive.' },
  needs: [],
  wants: ['page', 'pageLife', 'rendered', 'vantage', 'tls'],
  signals: ['signup-unreliable'],
  outcomes: {
    'server-error': blocker('The {route} page fails with status {status}', routeFix['server-error']),
    'not-found': blocker('The {route} page does not exist (status {status})', routeFix['not-found']),
    'redirect-loop': blocker('The {route} page redirects in a circle', routeFix['redirect-loop']),
    'unexpected-status': high('The {route} page answers with status {status}', routeFix['unexpected-status']),
    unreachable: blocker('The {route} page {does}', routeFix.unreachable),
    empty: blocker('The {route} page is empty{what}', routeFix.empty),
    'error-text': blocker('The {route} page {does} "{what}"', routeFix['error-text']),
    'broken-assets': blocker('Browsers cannot use {what}, which the {route} page needs', routeFix['broken-assets'], {
      why: 'The page looks broken, or its buttons do nothing.',
    }),
    'side-script': medium('A script at the side of the {route} page fails: {what}', routeFix['side-script'], {
      why: 'What it should draw stays away; the page itself works.',
    }),
    downloads: blocker('Browsers {what} instead of showing the {route} page', routeFix.downloads, {
      why: 'Visitors do not see the page.',
    }),
    answers: pass('The {route} page answers'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-15',
    'https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?',
  ],
  judge: ({ page, pageLife, rendered, vantage, tls }, { subject, target }) => {
    const url = subject.name
    const kind = subject.details?.['kind']
    const impact = journeyOf(kind)
    const data = blankData(routeName(subject), url)
    if (!page.ok) {
      const others = vantage.ok && vantage.value.reached.length > 0
      const down = isDown(page.reason, others) || (tls.ok && takesConnections(tls.value) && isMute(page.reason))
      if (page.because || !down) return couldNotSee(page)
      return { outcome: 'unreachable', data, evidence: [httpEvidence(url, page.message)], impact }
    }
    const { hops, ended, next: { url: to = '', why = '', missing: lost } = {} } = page.value
    const way = hops.map(({ url, status }) => httpEvidence(url, String(status), { status }))
    if (ended === 'loop' || ended === 'too-many-redirects')
      return { outcome: 'redirect-loop', data, evidence: way, impact }
    // Nothing is there, or whoever is not inside that network arrives nowhere.
    const isNowhere = ended === 'next-hop-failed' && certainFailures.includes(lost?.reason ?? '')
    if (isNowhere || leadsIntoPrivateNetwork(page.value))
      return { outcome: 'unreachable', data: misled(data, to), evidence: [...way, httpEvidence(to, why)], impact }
    if (ended === 'private-address' || ended === 'next-hop-failed') return unknown(`${to}: ${why}`)
    const last = hops.at(-1)!
    const away = keptOut(last)
    if (away) return away
    const { status } = last
    const expected = target.routes.find(route => route.url === url)?.expectStatus
    const outcome = statusVerdict(status, kind, expected)
    if (outcome === 'limited') return unknown(`${url} answers 429: it limits requests from here`)
    const life = pageLife.ok && kind !== 'webhook' && expected === undefined ? pageLife.value : null
    // An app that a server sends with status 404 works in a browser all the same.
    const isDrawn = outcome === 'not-found' && life !== null && isLiving(life)
    const about = { data: { ...data, status }, evidence: way, impact }
    if (isDrawn)
      return { outcome, ...about, severity: 'high', evidence: [...way, textEvidence('the page', 'drawn all the same')] }
    if (outcome !== 'answers') return { outcome, ...about }
    const seen = rendered.ok ? rendered.value : null
    const faults = life ? lifeFaults(life, seen) : []
    if (life && faults.length) return faults.map(fault => faultOf(fault, life, about))
    return (life && ofLiving(life, seen, kind, about)) ?? { outcome, data: about.data, evidence: way }
  },
  examples: [
    { name: 'answers', subject: route('home'), facts: {}, expect: 'answers' },
    { name: 'fails', subject: route('home'), facts: { page: answering(500) }, expect: 'server-error' },
    { name: 'goes in circles', subject: route('home'), facts: { page: circle }, expect: 'redirect-loop' },
    { name: 'has lost a widget', subject: route('home'), facts: { pageLife: withoutWidget }, expect: 'side-script' },
    { name: 'shows nothing', subject: route('home'), facts: { pageLife: { empty: true } }, expect: 'empty' },
  ],
})
