// The small headers: no guessing of types, no leaking of addresses, nothing said twice.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { door, hop, redirect, walked } from '../../facts/http/web.example.ts'
import { leaksAddress, metaReferrerPolicy, referrerPolicy } from '../../formats/http/referrer-policy.ts'
import { frontPage, valuesOf } from './served-page.ts'

type Fault = 'contradictory' | 'no-nosniff' | 'no-referrer-policy' | 'unsafe-referrer'
type Data = { host: string; header: string; value: string; set: string }

const fix = (data: Data): Fix => ({
  summary: `Send ${data.header}: ${data.set} on every answer of ${data.host}, once`,
  steps: [
    'Set it in one place: the web server, the platform’s headers file or the framework, and take other places away.',
  ],
  changes: [{ kind: 'http-header', action: 'set', host: data.host, name: data.header, value: data.set }],
  effortMinutes: 10,
})

const metaFix = (data: Data): Fix =>
  data.header === 'meta referrer'
    ? {
        summary: 'Take the referrer meta element out of the pages, or set it to strict-origin-when-cross-origin',
        steps: [`In the HTML of ${data.host}, find <meta name="referrer" content="${data.value}"> and remove it.`],
        changes: [
          {
            kind: 'manual',
            step: `Remove <meta name="referrer" content="${data.value}"> from the HTML of ${data.host}.`,
          },
        ],
        effortMinutes: 10,
      }
    : fix(data)

const sound: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-frame-options': 'DENY',
  'strict-transport-security': 'max-age=31536000',
  'cross-origin-opener-policy': 'same-origin',
}

/** Headers of which browsers take one: several different ones undo each other. */
const contradicting = (headers: [string, string][]): { name: string; values: string[] }[] =>
  Object.keys(sound).flatMap(name => {
    const values = headers
      .filter(([key]) => key === name)
      .flatMap(([, value]) => value.split(','))
      .map(value => value.trim().toLowerCase())
    // A list in one Referrer-Policy is the standard's way to give older browsers something; several lines are not.
    const lines = headers.filter(([key]) => key === name).length
    const several = name === 'referrer-policy' ? lines > 1 : values.length > 1
    return several && new Set(values).size > 1 ? [{ name, values }] : []
  })

const withHeaders = (...headers: [string, string][]) =>
  door({ https: walked(hop('https://example.com/', { headers: [['content-type', 'text/html'], ...headers] })) })

export default defineCheck<Data>()({
  id: 'security-headers',
  stage: 'audit',
  on: 'host',
  title: 'The small protective headers are sent, once each',
  why: 'X-Content-Type-Options: nosniff keeps browsers from running an upload as a script (Fetch Standard §3.6). Referrer-Policy decides what other sites learn of the address of a page: reset tokens and names of clients stand there. Headers that are sent twice with different values are ignored or weakened.',
  impact: {
    journey: 'trust',
    owner: 'Other websites may learn addresses of private pages, and uploads may run as code.',
  },
  needs: ['web'],
  outcomes: {
    'no-nosniff': { status: 'fail', severity: 'low', title: '{host} lets browsers guess the type of files', fix },
    'no-referrer-policy': {
      status: 'fail',
      severity: 'low',
      title: '{host} leaves open what other sites learn',
      fix,
    },
    'unsafe-referrer': {
      status: 'fail',
      severity: 'medium',
      title: 'Other sites learn the full address of each page',
      fix: metaFix,
    },
    contradictory: { status: 'fail', severity: 'medium', title: '{header} is sent twice, with different values', fix },
    set: { status: 'pass', title: 'The small protective headers are set' },
  },
  references: [
    'https://fetch.spec.whatwg.org/#x-content-type-options-header',
    'https://www.w3.org/TR/referrer-policy/',
    'https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html',
  ],
  judge: ({ web }, { subject }) => {
    const front = frontPage(web, subject.name, 'medium')
    if (!('page' in front)) return front
    const { page } = front
    const data = (header: string, value = ''): Data => ({
      host: subject.name,
      header,
      value,
      set: sound[header] ?? '',
    })
    const found = (outcome: Fault, header: string, label: string, value: string, key?: string) => ({
      outcome,
      data: data(header, value),
      evidence: [{ label, value }],
      key,
    })
    const twice = contradicting(page.headers).map(({ name, values }) =>
      found('contradictory', name, name, values.join(' and '), name),
    )
    const options = valuesOf(page, 'x-content-type-options').join(',').split(',')[0]!.trim().toLowerCase()
    const written = page.html.metas.find(meta => meta.name === 'referrer' && !meta.httpEquiv)
    const inPage = written ? metaReferrerPolicy(written.content) : null
    const policy = inPage ?? referrerPolicy(valuesOf(page, 'referrer-policy'))
    const from = inPage ? 'meta referrer' : 'referrer-policy'
    const faults = [
      ...twice,
      ...(options === 'nosniff'
        ? []
        : [found('no-nosniff', 'x-content-type-options', 'X-Content-Type-Options', options || 'not sent')]),
      ...(policy === null ? [found('no-referrer-policy', 'referrer-policy', page.url, 'no Referrer-Policy')] : []),
      ...(policy !== null && leaksAddress(policy)
        ? [found('unsafe-referrer', from, from, written?.content ?? policy)]
        : []),
    ]
    return faults.length ? faults : { outcome: 'set', data: data(''), evidence: [] }
  },
  examples: [
    {
      name: 'both headers',
      facts: {
        web: withHeaders(
          ['x-content-type-options', 'nosniff'],
          ['referrer-policy', 'no-referrer, strict-origin-when-cross-origin'],
        ),
      },
      expect: 'set',
    },
    {
      name: 'the policy in the page',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', {
              headers: [
                ['content-type', 'text/html'],
                ['x-content-type-options', 'NoSniff'],
              ],
              body: '<meta name="referrer" content="origin">',
            }),
          ),
        }),
      },
      expect: 'set',
    },
    {
      name: 'types are guessed',
      facts: { web: withHeaders(['referrer-policy', 'same-origin']) },
      expect: 'no-nosniff',
    },
    {
      name: 'no policy',
      facts: { web: withHeaders(['x-content-type-options', 'nosniff']) },
      expect: 'no-referrer-policy',
    },
    {
      name: 'a policy that no browser knows',
      facts: { web: withHeaders(['x-content-type-options', 'nosniff'], ['referrer-policy', 'strict']) },
      expect: 'no-referrer-policy',
    },
    {
      name: 'the whole address',
      facts: { web: withHeaders(['x-content-type-options', 'nosniff'], ['referrer-policy', 'unsafe-url']) },
      expect: 'unsafe-referrer',
    },
    {
      name: 'the page says otherwise than the header',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', {
              headers: [
                ['content-type', 'text/html'],
                ['referrer-policy', 'same-origin'],
              ],
              body: '<meta name="referrer" content="always">',
            }),
          ),
        }),
      },
      expect: 'unsafe-referrer',
    },
    {
      name: 'frames allowed and forbidden',
      facts: { web: withHeaders(['x-frame-options', 'DENY'], ['x-frame-options', 'SAMEORIGIN']) },
      expect: 'contradictory',
    },
    {
      name: 'the same twice',
      facts: {
        web: withHeaders(
          ['x-content-type-options', 'nosniff'],
          ['x-content-type-options', 'nosniff'],
          ['referrer-policy', 'no-referrer'],
          ['referrer-policy', 'no-referrer'],
        ),
      },
      expect: 'set',
    },
    {
      name: 'leads elsewhere',
      facts: {
        web: door({
          https: walked(redirect('https://example.com/', 'https://www.example.com/'), hop('https://www.example.com/')),
        }),
      },
      expect: 'skip',
    },
    {
      name: 'a JSON service',
      facts: {
        web: door({
          https: walked(hop('https://example.com/', { headers: [['content-type', 'application/json']], body: '{}' })),
        }),
      },
      expect: 'skip',
    },
  ],
})
