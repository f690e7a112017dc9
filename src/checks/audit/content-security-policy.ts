// A Content-Security-Policy that keeps foreign scripts off the page.
import { defineCheck, low, medium, pass } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { sending, sendingOnly } from '../../facts/http/web.example.ts'
import { enforcedPolicies, metaPolicies, policyFor, policyWeaknesses } from '../../formats/http/csp.ts'
import { headerValues } from '../../formats/http/headers.ts'
import { sendPolicy } from './page-fixes.ts'
import { frontPage } from './served-page.ts'

type Data = { host: string; detail: string; set: string; isMeta: boolean; was: string | undefined }

const header = 'content-security-policy'

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
    missing: medium('{host} would run any script that gets into a page', sendPolicy),
    'unsafe-inline': medium('The policy of {host} runs scripts that are slipped in', sendPolicy),
    'unsafe-eval': low('The policy of {host} lets text become code', sendPolicy),
    wildcard: medium('The policy of {host} lets in scripts from anywhere', sendPolicy),
    ineffective: medium('The policy of {host} does not stop scripts', sendPolicy),
    malformed: medium('Browsers ignore a part of the policy of {host}', sendPolicy),
    set: pass('Foreign scripts are kept off {host}'),
  },
  references: ['https://www.w3.org/TR/CSP3/', 'https://csp.withgoogle.com/docs/index.html'],
  judge: ({ web }, { subject: { name: host } }) => {
    const front = frontPage(web, host, 'medium')
    if (!('page' in front)) return front
    const { page } = front
    const metas = metaPolicies(page.html)
    const policies = enforcedPolicies(headerValues(page, header), metas)
    const [was] = headerValues(page, header)
    const data = (detail = ''): Data => ({ host, detail, set: policyFor(page.html), isMeta: metas.length > 0, was })
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
