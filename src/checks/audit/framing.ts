// Other sites cannot put the page into a frame and let customers click on it unseen.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop } from '../../facts/http/web.example.ts'
import { enforcedPolicies, frameAncestors } from '../../formats/http/csp.ts'
import { routePage, valuesOf } from './served-page.ts'

type Data = { route: string; host: string; header: string; set: string }

const fix = (data: Data): Fix => ({
  summary: `Send ${data.header}: ${data.set} on every answer of ${data.host}`,
  steps: [
    "Where partners are meant to embed a page, name their addresses there instead: Content-Security-Policy: frame-ancestors 'self' https://partner.example.",
  ],
  changes: [{ kind: 'http-header', action: 'set', host: data.host, name: data.header, value: data.set }],
  effortMinutes: 10,
})

/** Whether X-Frame-Options keeps other sites out (HTML Standard §7.6): ALLOW-FROM and unknown words do nothing. */
const frameOptionsLimit = (values: readonly string[]): boolean => {
  const words = new Set(values.flatMap(value => value.split(',')).map(value => value.trim().toLowerCase()))
  return words.has('deny') || words.has('sameorigin')
}

/** The policy headers with their frame-ancestors closed. */
const closed = (values: readonly string[]): string =>
  values.join(', ').replace(/frame-ancestors[^;,]*/gi, "frame-ancestors 'self'")

const withHeaders = (...headers: [string, string][]) =>
  exchange(hop('https://example.com/login', { headers: [['content-type', 'text/html'], ...headers] }))

const route = (kind: string) => ({
  kind: 'route' as const,
  name: 'https://example.com/login',
  details: { kind, name: kind === 'auth' ? 'login' : kind },
})

export default defineCheck<Data>()({
  id: 'framing',
  stage: 'audit',
  on: 'route',
  title: 'Other sites cannot put this page into a frame',
  why: 'A page that any site may frame can be laid invisibly over a harmless one, so that a customer’s click lands on it. frame-ancestors in a Content-Security-Policy header decides (not in a meta element); without it X-Frame-Options does, of which browsers know DENY and SAMEORIGIN only.',
  impact: { journey: 'login', owner: 'Another site can make your customers click on your pages without knowing it.' },
  needs: ['page'],
  outcomes: {
    frameable: { status: 'fail', severity: 'medium', title: 'Any site can show the {route} page inside its own', fix },
    denied: { status: 'pass', title: 'Other sites cannot frame the {route} page' },
  },
  references: [
    'https://www.w3.org/TR/CSP3/#directive-frame-ancestors',
    'https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header',
  ],
  judge: ({ page: served }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { page } = ended
    const policyHeaders = valuesOf(page, 'content-security-policy')
    const options = valuesOf(page, 'x-frame-options')
    const byPolicy = frameAncestors(enforcedPolicies(policyHeaders, []))
    const isLimited = byPolicy === 'limited' || (byPolicy === null && frameOptionsLimit(options))
    const kind = subject.details?.['kind']
    const data: Data = {
      route: String(subject.details?.['name'] ?? kind ?? 'key'),
      host: page.host,
      header: byPolicy ? 'content-security-policy' : 'x-frame-options',
      set: byPolicy ? closed(policyHeaders) : 'SAMEORIGIN',
    }
    const evidence = [
      ...policyHeaders.map(value => ({ label: 'content-security-policy', value })),
      ...options.map(value => ({ label: 'x-frame-options', value })),
    ]
    if (isLimited) return { outcome: 'denied', data, evidence }
    const isEntered =
      kind === 'auth' ||
      kind === 'payment' ||
      page.html.forms.some(form => form.inputs.some(input => input.type === 'password'))
    return {
      outcome: 'frameable',
      data,
      severity: isEntered ? 'high' : 'medium',
      evidence: evidence.length ? evidence : [{ label: page.url, value: 'no frame-ancestors, no X-Frame-Options' }],
    }
  },
  examples: [
    {
      name: 'denied by the old header',
      subject: route('auth'),
      facts: { page: withHeaders(['x-frame-options', 'sameorigin']) },
      expect: 'denied',
    },
    {
      name: 'denied by the policy',
      subject: route('auth'),
      facts: { page: withHeaders(['content-security-policy', "default-src 'self'; frame-ancestors 'none'"]) },
      expect: 'denied',
    },
    {
      name: 'one of two policies denies',
      subject: route('auth'),
      facts: { page: withHeaders(['content-security-policy', "frame-ancestors *, frame-ancestors 'self'"]) },
      expect: 'denied',
    },
    { name: 'nothing is said', subject: route('auth'), facts: { page: withHeaders() }, expect: 'frameable' },
    {
      name: 'a word that browsers do not know',
      subject: route('home'),
      facts: { page: withHeaders(['x-frame-options', 'ALLOW-FROM https://partner.example']) },
      expect: 'frameable',
    },
    {
      name: 'the policy opens what the old header closes',
      subject: route('home'),
      facts: { page: withHeaders(['x-frame-options', 'DENY'], ['content-security-policy', 'frame-ancestors *']) },
      expect: 'frameable',
    },
    {
      name: 'said in the page, where it does not count',
      subject: route('auth'),
      facts: {
        page: exchange(
          hop('https://example.com/login', {
            body: '<meta http-equiv="content-security-policy" content="frame-ancestors \'none\'"><input type="password">',
          }),
        ),
      },
      expect: 'frameable',
    },
    {
      name: 'a JSON answer',
      facts: { page: exchange(hop('https://example.com/', { headers: [['content-type', 'application/json']] })) },
      expect: 'skip',
    },
    {
      name: 'the login is somebody else’s',
      facts: { page: exchange(hop('https://example.auth0.com/login')) },
      expect: 'skip',
    },
  ],
})
