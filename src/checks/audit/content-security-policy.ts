// A Content-Security-Policy that keeps foreign scripts off the page.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { door, hop, walked } from '../../facts/http/web.example.ts'
import {
  allowsEval,
  allowsInline,
  type CspPolicy,
  enforcedPolicies,
  openHost,
  policyFaults,
  policyFor,
  scriptSources,
  wildcardSource,
} from '../../formats/http/csp.ts'
import { frontPage, valuesOf } from './served-page.ts'

type Data = { host: string; detail: string; set: string; isMeta: boolean }
type Fault = 'missing' | 'unsafe-inline' | 'unsafe-eval' | 'wildcard' | 'ineffective' | 'malformed'

const fix = (data: Data): Fix => ({
  summary: `Send a Content-Security-Policy on ${data.host} that names where scripts come from`,
  steps: [
    'Send it as Content-Security-Policy-Report-Only first and click through the site with the browser’s console open: each line there is something the policy would block.',
    'Add what is missing, then send it as Content-Security-Policy.',
    'Move inline scripts into files, or give each a nonce that changes with every answer.',
    ...(data.isMeta ? ['Take the policy out of the meta element: the header replaces it.'] : []),
  ],
  changes: data.isMeta
    ? [
        {
          kind: 'manual',
          step: `Replace the policy in the meta element of the pages of ${data.host} by the header content-security-policy: ${data.set}`,
        },
      ]
    : [{ kind: 'http-header', action: 'set', host: data.host, name: 'content-security-policy', value: data.set }],
  effortMinutes: 60,
})

/** What the policies together leave open; a weakness counts only where every policy about scripts has it. */
const weaknesses = (policies: readonly CspPolicy[]): { outcome: Fault; detail: string }[] => {
  const guarding = policies.filter(policy => scriptSources(policy) !== null)
  const malformed = [...new Set(policies.flatMap(policyFaults))]
  const wrong = malformed.map(detail => ({ outcome: 'malformed' as const, detail })).slice(0, 1)
  if (guarding.length === 0)
    return [...wrong, { outcome: 'ineffective', detail: 'it has neither script-src nor default-src' }]
  const lists = guarding.map(policy => scriptSources(policy)!)
  const wild = lists.every(list => wildcardSource(list) !== null) ? wildcardSource(lists[0]!) : null
  const open = lists.every(list => openHost(list) !== null) ? openHost(lists[0]!) : null
  return [
    ...wrong,
    ...(lists.every(allowsInline)
      ? [{ outcome: 'unsafe-inline' as const, detail: "'unsafe-inline' for scripts" }]
      : []),
    ...(policies.every(allowsEval) ? [{ outcome: 'unsafe-eval' as const, detail: "'unsafe-eval'" }] : []),
    ...(wild ? [{ outcome: 'wildcard' as const, detail: wild }] : []),
    ...(open ? [{ outcome: 'ineffective' as const, detail: `anyone may publish scripts on ${open}` }] : []),
  ]
}

const sending = (...policies: string[]) =>
  door({
    https: walked(
      hop('https://example.com/', {
        headers: [
          ['content-type', 'text/html'],
          ...policies.map((value): [string, string] => ['content-security-policy', value]),
        ],
      }),
    ),
  })

export default defineCheck<Data>()({
  id: 'content-security-policy',
  stage: 'audit',
  on: 'host',
  title: 'Foreign scripts are kept off the pages',
  why: 'A Content-Security-Policy is the second wall: when somebody gets text into a page that should not be there, it does not run. Policies of headers and meta elements are combined as browsers do (all must agree), unsafe-inline is void beside nonces, hashes and strict-dynamic, and report-only policies protect nothing (CSP Level 3).',
  impact: {
    journey: 'trust',
    owner: 'If anyone slips code into a page, it can act as your customers and read what they see.',
  },
  needs: ['web'],
  outcomes: {
    missing: { status: 'fail', severity: 'medium', title: '{host} would run any script that gets into a page', fix },
    'unsafe-inline': {
      status: 'fail',
      severity: 'medium',
      title: 'The policy of {host} runs scripts that are slipped in',
      fix,
    },
    'unsafe-eval': { status: 'fail', severity: 'low', title: 'The policy of {host} lets text become code', fix },
    wildcard: {
      status: 'fail',
      severity: 'medium',
      title: 'The policy of {host} lets in scripts from anywhere',
      fix,
    },
    ineffective: { status: 'fail', severity: 'medium', title: 'The policy of {host} does not stop scripts', fix },
    malformed: {
      status: 'fail',
      severity: 'medium',
      title: 'Browsers ignore a part of the policy of {host}',
      fix,
    },
    set: { status: 'pass', title: 'Foreign scripts are kept off {host}' },
  },
  references: ['https://www.w3.org/TR/CSP3/', 'https://csp.withgoogle.com/docs/index.html'],
  judge: ({ web }, { subject }) => {
    const front = frontPage(web, subject.name, 'medium')
    if (!('page' in front)) return front
    const { page } = front
    const headers = valuesOf(page, 'content-security-policy')
    const metas = page.html.metas
      .filter(meta => meta.httpEquiv && meta.name === 'content-security-policy')
      .map(meta => meta.content)
    const policies = enforcedPolicies(headers, metas)
    const data = (detail = ''): Data => ({
      host: subject.name,
      detail,
      set: policyFor(page.html),
      isMeta: metas.length > 0,
    })
    if (policies.length === 0) {
      const watching = valuesOf(page, 'content-security-policy-report-only')[0]
      return {
        outcome: 'missing',
        data: data(),
        evidence: [
          {
            label: page.url,
            value: watching ? `only reported, not enforced: ${watching}` : 'no Content-Security-Policy',
          },
        ],
      }
    }
    const shown = policies.map(policy => ({
      label: policy.from === 'meta' ? 'meta content-security-policy' : 'content-security-policy',
      value: policy.text,
    }))
    const found = new Map(weaknesses(policies).map(item => [item.outcome, item.detail]))
    const faults = [...found].map(([outcome, detail]) => ({
      outcome,
      data: data(detail),
      evidence: [{ label: 'found', value: detail }, ...shown],
    }))
    return faults.length ? faults : { outcome: 'set', data: data(), evidence: shown }
  },
  examples: [
    { name: 'own scripts only', facts: { web: sending("default-src 'self'; object-src 'none'") }, expect: 'set' },
    {
      name: 'a nonce beside the old word',
      facts: { web: sending("script-src 'nonce-r4nd0m' 'strict-dynamic' 'unsafe-inline' https:") },
      expect: 'set',
    },
    {
      name: 'the second policy is strict',
      facts: { web: sending("script-src 'self' 'unsafe-inline'", "script-src 'self'") },
      expect: 'set',
    },
    { name: 'none', facts: { web: door() }, expect: 'missing' },
    {
      name: 'only watching',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', {
              headers: [
                ['content-type', 'text/html'],
                ['content-security-policy-report-only', "default-src 'self'"],
              ],
            }),
          ),
        }),
      },
      expect: 'missing',
    },
    {
      name: 'in the page',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', {
              body: `<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'">`,
            }),
          ),
        }),
      },
      expect: 'unsafe-inline',
    },
    {
      name: 'inline scripts run',
      facts: { web: sending("default-src 'self' 'unsafe-inline'") },
      expect: 'unsafe-inline',
    },
    { name: 'text becomes code', facts: { web: sending("script-src 'self' 'unsafe-eval'") }, expect: 'unsafe-eval' },
    { name: 'scripts from anywhere', facts: { web: sending("script-src 'self' https:") }, expect: 'wildcard' },
    {
      name: 'nothing about scripts',
      facts: { web: sending("frame-ancestors 'none'; upgrade-insecure-requests") },
      expect: 'ineffective',
    },
    {
      name: 'a host where anyone publishes',
      facts: { web: sending("script-src 'self' https://cdn.jsdelivr.net") },
      expect: 'ineffective',
    },
    { name: 'quotes left away', facts: { web: sending('script-src self') }, expect: 'malformed' },
    {
      name: 'a semicolon left away',
      facts: { web: sending("default-src 'self' script-src 'self'") },
      expect: 'malformed',
    },
    {
      name: 'a name that does not exist',
      facts: { web: sending("default-src 'self'; scripts-src 'none'") },
      expect: 'malformed',
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
