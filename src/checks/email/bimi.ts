import { defineCheck } from '../../core/check.ts'
import { effectivePolicies } from '../../formats/dmarc/dmarc.ts'
import { exampleDmarc } from './dmarc-examples.ts'
import { evidence, manual, recordFix, removeRecord, txtEvidence } from './mail-records.ts'

type Data = { domain: string; texts: string[]; fault: string }

export default defineCheck<Data>()({
  id: 'bimi',
  stage: 'email',
  on: 'domain',
  title: 'The logo beside your mail can be shown',
  why: 'A BIMI record shows a logo beside mail at Gmail, Yahoo and Apple. It needs DMARC at quarantine or reject for the domain and its subdomains, and a square SVG of the profile Tiny PS. A record without these shows nothing.',
  impact: { journey: 'trust', owner: 'Your logo does not appear beside your mail.' },
  needs: ['bimi'],
  wants: ['dmarc'],
  outcomes: {
    malformed: {
      status: 'fail',
      severity: 'low',
      title: 'The BIMI record of {domain} has a fault',
      fix: held =>
        recordFix(
          'Remove the record, or mend it',
          held.texts.map(text => removeRecord(`default._bimi.${held.domain}`, 'TXT', text)),
          10,
        ),
    },
    'logo-invalid': {
      status: 'fail',
      severity: 'low',
      title: 'The logo for mail of {domain} cannot be shown',
      fix: held => recordFix('Export the logo as SVG Tiny PS', [manual(`Mend the logo: ${held.fault}`)], 30),
    },
    'policy-insufficient': {
      status: 'fail',
      severity: 'low',
      title: 'The logo is not shown while DMARC only watches',
      fix: () =>
        recordFix(
          'Enforce DMARC',
          [manual('Raise DMARC to quarantine or reject, for subdomains too: launch-ready explain dmarc-policy')],
          10,
        ),
    },
    sound: { status: 'pass', title: 'The logo beside your mail can be shown' },
  },
  references: [
    'https://datatracker.ietf.org/doc/draft-brand-indicators-for-message-identification/',
    'https://bimigroup.org/creating-bimi-svg-logo-files/',
  ],
  judge: ({ bimi: { texts, record, logo, problem }, dmarc }, { subject }) => {
    const domain = subject.name
    if (!record) return { skip: 'no logo is published (BIMI)' }
    if (record.declined) return { skip: 'the domain declines to show a logo (BIMI)' }
    const seen = txtEvidence(`default._bimi.${domain}`, texts)
    const list = []
    const faults = [...record.faults, ...(texts.length > 1 ? ['there are several records'] : [])]
    if (faults.length)
      list.push({
        outcome: 'malformed' as const,
        data: { domain, texts, fault: faults[0] ?? '' },
        evidence: [...seen, ...faults.map(fault => evidence('fault', fault))],
      })
    if (logo?.faults.length)
      list.push({
        outcome: 'logo-invalid' as const,
        data: { domain, texts, fault: logo.faults.join('; ') },
        evidence: [...seen, ...logo.faults.map(fault => evidence(logo.url, fault))],
      })
    const policy = dmarc.ok && dmarc.value.walk.record ? effectivePolicies(dmarc.value.walk.record) : null
    if (dmarc.ok && (!policy || policy.domain === 'none' || policy.subdomains === 'none'))
      list.push({
        outcome: 'policy-insufficient' as const,
        data: { domain, texts, fault: '' },
        evidence: [...seen, evidence('DMARC', dmarc.value.walk.record?.text ?? 'no record')],
      })
    if (list.length) return list
    if (problem !== null) return { unknown: `the logo could not be fetched from here: ${problem}`, couldBe: 'low' }
    if (!dmarc.ok) return { unknown: 'DMARC could not be asked for', couldBe: 'low' }
    return { outcome: 'sound', data: { domain, texts, fault: '' }, evidence: seen }
  },
  examples: [
    {
      name: 'a logo and an enforced policy',
      facts: {
        bimi: {
          texts: ['v=BIMI1; l=https://coachdash.example/logo.svg'],
          record: { logo: 'https://coachdash.example/logo.svg', certificate: null, declined: false, faults: [] },
          logo: { url: 'https://coachdash.example/logo.svg', status: 200, faults: [] },
          problem: null,
        },
        dmarc: { ok: true, at: '2026-11-25T00:00:00Z', value: exampleDmarc('v=DMARC1; p=reject') },
      },
      expect: 'sound',
    },
    {
      name: 'a logo while DMARC only watches',
      facts: {
        bimi: {
          texts: ['v=BIMI1; l=https://coachdash.example/logo.svg'],
          record: { logo: 'https://coachdash.example/logo.svg', certificate: null, declined: false, faults: [] },
          logo: null,
          problem: null,
        },
        dmarc: { ok: true, at: '2026-11-25T00:00:00Z', value: exampleDmarc('v=DMARC1; p=none') },
      },
      expect: 'policy-insufficient',
    },
    { name: 'no record', facts: { bimi: { texts: [], record: null, logo: null, problem: null } }, expect: 'skip' },
  ],
})
