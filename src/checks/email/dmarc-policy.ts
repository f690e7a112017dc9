// What receivers are told to do with forged mail, for the domain, its subdomains and names that do not exist.
import { defineCheck, low, medium, pass } from '../../core/check.ts'
import { recordsEvidence, textEvidence } from '../../core/evidence.ts'
import { dmarcWith } from '../../facts/email/dmarc.example.ts'
import { effectivePolicies } from '../../formats/dmarc/dmarc.ts'
import { policyGaps, receiverGaps } from '../../formats/dmarc/gaps.ts'
import { dmarcRollout } from '../../formats/dmarc/rollout.ts'
import { type PolicyData, replacePolicy } from './transport-fixes.ts'

const twoWeeks = 14 * 86_400_000

export default defineCheck<PolicyData>()({
  id: 'dmarc-policy',
  stage: 'email',
  on: 'domain',
  title: 'Receivers are told to refuse forged mail',
  why: 'p=none only watches. Subdomains and names that do not exist follow sp and np: where these are weaker, forgers use them. t=y lowers every policy by one step for new receivers, while receivers of the old standard (RFC 7489) enforce it whole; they also take the Public Suffix List where new ones walk the tree.',
  impact: { journey: 'trust', owner: 'Forged invoices and password mails in your name still reach your customers.' },
  needs: ['dmarc'],
  wants: ['mx'],
  outcomes: {
    none: medium('DMARC of {at} only watches{whom}: forged mail gets through', replacePolicy),
    'subdomains-weaker': medium('Subdomains of {at} are less protected than the domain', replacePolicy, {
      why: 'Forged mail from names below your domain still gets through.',
    }),
    'nonexistent-weaker': low('Invented names below {at} are less protected', replacePolicy, {
      why: 'Forged mail from names that you never used still gets through.',
    }),
    testing: low('DMARC of {at} is in test mode', replacePolicy, {
      why: 'Receivers of the new standard act one step milder than the record reads.',
    }),
    'old-receivers-differ': low('Old receivers read DMARC of {at} differently', replacePolicy, {
      why: 'The same mail is treated in one way by receivers of the new standard, and in another by those of the old.',
    }),
    enforced: pass('Receivers are told to {policy} forged mail'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.7',
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.10.2',
    'https://www.rfc-editor.org/rfc/rfc7489#section-3.2',
  ],
  judge: ({ dmarc, mx }, { subject, now }) => {
    const { record, at, applies } = dmarc.walk
    if (!record || at === null) return { skip: 'there is no DMARC record' }
    if (record.effective === 'ignored') return { skip: 'receivers ignore the DMARC record' }
    const isOwn = applies === 'domain'
    const { domain, subdomains, nonexistent } = effectivePolicies(record)
    const policy = isOwn ? domain : subdomains
    const applied = `${policy} to ${subject.name}, ${subdomains} to subdomains, ${nonexistent} to names that do not exist`
    const seen = [...recordsEvidence(`_dmarc.${at}`, 'TXT', [record.text]), textEvidence('applied', applied)]
    const data = { at, text: record.text, policy, whom: isOwn ? '' : ' subdomains', alias: dmarc.alias, gap: null }
    const receives = !mx.ok || mx.value.hosts.length > 0
    const plan = dmarcRollout(record, subject.name, now, receives, applies ?? 'domain')
    const gaps = [
      ...policyGaps(record, isOwn, plan, new Date(now + twoWeeks).toISOString().slice(0, 10)),
      ...receiverGaps(record, dmarc, subject.name),
    ]
    if (!gaps.length) return { outcome: 'enforced', data, evidence: seen }
    return gaps.map(gap => ({
      outcome: gap.kind,
      key: `${at} ${gap.difference}`.trim(),
      data: { ...data, gap },
      evidence: gap.difference ? [...seen, textEvidence('difference', gap.difference)] : seen,
    }))
  },
  examples: [
    { name: 'reject everywhere', facts: {}, expect: 'enforced' },
    {
      name: 'only watching',
      facts: { dmarc: dmarcWith('v=DMARC1; p=none; rua=mailto:dmarc@coachdash.example') },
      expect: 'none',
    },
    { name: 'no record', facts: { dmarc: dmarcWith() }, expect: 'skip' },
  ],
})
