// A Content-Security-Policy that keeps foreign scripts off the page.
import { defineCheck, low, medium, pass } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual, setHeader } from '../../core/fixes.ts'
import { sending, sendingOnly } from '../../facts/http/web.example.ts'
import { enforcedPolicies, metaPolicies, policyFor, policyWeaknesses } from '../../formats/http/csp.ts'
import { headerValues } from '../../formats/http/headers.ts'
import { frontPage } from './served-page.ts'

type Data = { host: string; detail: string; set: string; isMeta: boolean }

const header = 'content-security-policy'

const send = ({ host, set, isMeta }: Data): Fix =>
  fix(
    `Send a Content-Security-Policy on ${host} that names where scripts come from`,
    isMeta
      ? [manual(`Replace the policy in the meta element of the pages of ${host} by the header ${header}: ${set}`)]
      : [setHeader(host, header, set)],
    [
      'Send it as Content-Security-Policy-Report-Only first and click through the site with the browser’s console open: each line there is something the policy would block.',
      'Add what is missing, then send it as Content-Security-Policy.',
      'Move inline scripts into files, or give each a nonce that changes with every answer.',
      ...(isMeta ? ['Take the policy out of the meta element: the header replaces it.'] : []),
    ],
    60,
  )

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
    missing: medium('{host} would run any script that gets into a page', send),
    'unsafe-inline': medium('The policy of {host} runs scripts that are slipped in', send),
    'unsafe-eval': low('The policy of {host} lets text become code', send),
    wildcard: medium('The policy of {host} lets in scripts from anywhere', send),
    ineffective: medium('The policy of {host} does not stop scripts', send),
    malformed: medium('Browsers ignore a part of the policy of {host}', send),
    set: pass('Foreign scripts are kept off {host}'),
  },
  references: ['https://www.w3.org/TR/CSP3/', 'https://csp.withgoogle.com/docs/index.html'],
  judge: ({ web }, { subject: { name: host } }) => {
    const front = frontPage(web, host, 'medium')
    if (!('page' in front)) return front
    const { page } = front
    const metas = metaPolicies(page.html)
    const policies = enforcedPolicies(headerValues(page, header), metas)
    const data = (detail = ''): Data => ({ host, detail, set: policyFor(page.html), isMeta: metas.length > 0 })
    if (policies.length === 0) {
      const watching = headerValues(page, `${header}-report-only`)[0]
      const value = watching ? `only reported, not enforced: ${watching}` : 'no Content-Security-Policy'
      return { outcome: 'missing', data: data(), evidence: [httpEvidence(page.url, value)] }
    }
    const shown = policies.map(({ from, text }) =>
      httpEvidence(page.url, text, from === 'meta' ? { label: `meta ${header}` } : { header }),
    )
    const weaknesses = policyWeaknesses(policies)
    if (weaknesses.length === 0) return { outcome: 'set', data: data(), evidence: shown }
    return weaknesses.map(({ kind, detail }) => ({
      outcome: kind,
      data: data(detail),
      evidence: [textEvidence('found', detail), ...shown],
    }))
  },
  examples: [
    { name: 'own scripts only', facts: {}, expect: 'set' },
    { name: 'none', facts: { web: sendingOnly() }, expect: 'missing' },
    {
      name: 'inline scripts run',
      facts: { web: sending(header, "default-src 'self' 'unsafe-inline'") },
      expect: 'unsafe-inline',
    },
    { name: 'quotes left away', facts: { web: sending(header, 'script-src self') }, expect: 'malformed' },
  ],
})
