// The logo that mail programs show beside mail of the domain.
import { defineCheck, low, pass } from '../../core/check.ts'
import { recordsEvidence, textEvidence } from '../../core/evidence.ts'
import { changesFix, manual, removeRecord } from '../../core/fixes.ts'
import { example as sound } from '../../facts/email/bimi.example.ts'
import { dmarcWith } from '../../facts/email/dmarc.example.ts'
import { type DmarcRecord, effectivePolicies } from '../../formats/dmarc/dmarc.ts'

type Data = { domain: string; texts: string[]; fault: string }

/** True while forged mail of the domain or its subdomains is let through. */
const isWatching = (record: DmarcRecord | null): boolean => {
  const policies = record && effectivePolicies(record)
  return !policies || policies.domain === 'none' || policies.subdomains === 'none'
}

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
    malformed: low('The BIMI record of {domain} has a fault', ({ domain, texts }) =>
      changesFix(
        'Remove the record, or mend it',
        texts.map(text => removeRecord(`default._bimi.${domain}`, 'TXT', text)),
      ),
    ),
    'logo-invalid': low('The logo for mail of {domain} cannot be shown', ({ fault }) =>
      changesFix('Export the logo as SVG Tiny PS', [manual(`Mend the logo: ${fault}`)], 30),
    ),
    'policy-insufficient': low('The logo is not shown while DMARC only watches', () =>
      changesFix('Enforce DMARC', [
        manual('Raise DMARC to quarantine or reject, for subdomains too: `launch-ready explain dmarc-policy`'),
      ]),
    ),
    sound: pass('The logo beside your mail can be shown'),
  },
  references: [
    'https://datatracker.ietf.org/doc/draft-brand-indicators-for-message-identification/',
    'https://bimigroup.org/creating-bimi-svg-logo-files/',
  ],
  judge: ({ bimi: { texts, record, logo, problem }, dmarc }, { subject: { name: domain } }) => {
    if (!record) return { skip: 'no logo is published (BIMI)' }
    if (record.declined) return { skip: 'the domain declines to show a logo (BIMI)' }
    const seen = recordsEvidence(`default._bimi.${domain}`, 'TXT', texts)
    const finding = <O extends string>(outcome: O, fault: string, more: ReturnType<typeof textEvidence>[]) => ({
      outcome,
      data: { domain, texts, fault },
      evidence: [...seen, ...more],
    })
    const faults = [...record.faults, ...(texts.length > 1 ? ['there are several records'] : [])]
    const logoFaults = logo?.faults ?? []
    const applied = dmarc.ok ? dmarc.value.walk.record : null
    const list = [
      ...(faults[0]
        ? [
            finding(
              'malformed',
              faults[0],
              faults.map(fault => textEvidence('fault', fault)),
            ),
          ]
        : []),
      ...(logo && logoFaults.length
        ? [
            finding(
              'logo-invalid',
              logoFaults.join('; '),
              logoFaults.map(fault => textEvidence(logo.url, fault)),
            ),
          ]
        : []),
      ...(dmarc.ok && isWatching(applied)
        ? [finding('policy-insufficient', '', [textEvidence('DMARC', applied?.text ?? 'no record')])]
        : []),
    ]
    if (list.length) return list
    if (problem !== null) return { unknown: `the logo could not be fetched from here: ${problem}`, couldBe: 'low' }
    if (!dmarc.ok) return { unknown: 'DMARC could not be asked for', couldBe: 'low' }
    return finding('sound', '', [])
  },
  examples: [
    { name: 'a logo and an enforced policy', facts: {}, expect: 'sound' },
    {
      name: 'a logo while DMARC only watches',
      facts: { bimi: { logo: null }, dmarc: dmarcWith('v=DMARC1; p=none') },
      expect: 'policy-insufficient',
    },
    {
      name: 'a picture that is no logo',
      facts: { bimi: { logo: { ...sound.logo!, faults: ['it is not square'] } } },
      expect: 'logo-invalid',
    },
    { name: 'no record', facts: { bimi: { texts: [], record: null, logo: null } }, expect: 'skip' },
  ],
})
