// Other sites cannot put the page into a frame and let customers click on it unseen.
import { defineCheck, medium, pass } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, setHeader } from '../../core/fixes.ts'
import { route, sendingOnly } from '../../facts/http/page.example.ts'
import { passwordForms } from '../../formats/html/login-form.ts'
import { framingOf } from '../../formats/http/framing.ts'
import { headerValues } from '../../formats/http/headers.ts'
import { routeName, routePage } from './served-page.ts'

type Data = { route: string; host: string; header: string; set: string; was: string | undefined }

const send = ({ host, header, set, was }: Data): Fix =>
  fix(
    `Send ${header}: ${set} on every answer of ${host}`,
    [setHeader(host, header, set, undefined, was)],
    [
      "Where partners are meant to embed a page, name their addresses there instead: Content-Security-Policy: frame-ancestors 'self' https://partner.example.",
    ],
    10,
  )

const headers = ['content-security-policy', 'x-frame-options'] as const

export default defineCheck<Data>()({
  id: 'framing',
  stage: 'audit',
  on: 'route',
  title: 'Other sites cannot put this page into a frame',
  why: 'A page that any site may frame can be laid invisibly over a harmless one, so that a customer’s click lands on it. frame-ancestors in a Content-Security-Policy header decides (not in a meta element); without it X-Frame-Options does, of which browsers know DENY and SAMEORIGIN only.',
  impact: { journey: 'login', owner: 'Another site can make your customers click on your pages without knowing it.' },
  needs: ['page'],
  outcomes: {
    frameable: medium('Any other site can show the {route} page in a frame', send),
    denied: pass('Other sites cannot frame the {route} page'),
  },
  references: [
    'https://www.w3.org/TR/CSP3/#directive-frame-ancestors',
    'https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header',
  ],
  judge: ({ page: served }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { page } = ended
    const [policies, options] = headers.map(name => headerValues(page, name)) as [string[], string[]]
    const { limited, header, closing } = framingOf(policies, options)
    const was = headerValues(page, header)[0]
    const data: Data = { route: routeName(subject), host: page.host, header, set: closing, was }
    const sent = headers.flatMap(name =>
      headerValues(page, name).map(value => httpEvidence(page.url, value, { header: name })),
    )
    if (limited) return { outcome: 'denied', data, evidence: sent }
    const kind = subject.details?.['kind']
    const isEntered = kind === 'auth' || kind === 'payment' || passwordForms(page.html).length > 0
    const evidence = sent.length ? sent : [httpEvidence(page.url, 'no frame-ancestors, no X-Frame-Options')]
    return { outcome: 'frameable', data, severity: isEntered ? 'high' : 'medium', evidence }
  },
  examples: [
    { name: 'denied by the policy', subject: route('auth'), facts: {}, expect: 'denied' },
    {
      name: 'denied by the old header',
      subject: route('auth'),
      facts: { page: sendingOnly(['x-frame-options', 'sameorigin']) },
      expect: 'denied',
    },
    { name: 'neither header', subject: route('auth'), facts: { page: sendingOnly() }, expect: 'frameable' },
    {
      name: 'a word that browsers do not know',
      subject: route('home'),
      facts: { page: sendingOnly(['x-frame-options', 'ALLOW-FROM https://partner.example']) },
      expect: 'frameable',
    },
  ],
})
