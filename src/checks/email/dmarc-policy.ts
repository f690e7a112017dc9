import { defineCheck } from '../../core/check.ts'
import type { Change } from '../../core/fix.ts'
import { type DmarcRecord, effectivePolicies, rewriteDmarc, strictness } from '../../formats/dmarc/dmarc.ts'
import { dmarcRollout, type RolloutStep } from '../../formats/dmarc/rollout.ts'
import { exampleDmarc } from './dmarc-examples.ts'
import { dmarcChange, evidence, recordFix, replaceRecord, txtEvidence } from './mail-records.ts'

type Data = {
  at: string
  text: string
  wanted: string
  steps: string[]
  policy: string
  alias: string | null
  /** Whom the policy is for, where that is not the domain itself. */
  whom: string
  difference: string
  extra: Change[]
}

const replace = (held: Data) =>
  recordFix(
    `Replace the DMARC record of ${held.at}`,
    [...(held.wanted === held.text ? [] : [dmarcChange(held.at, held.wanted, held.text, held.alias)]), ...held.extra],
    10,
    held.steps,
  )

export default defineCheck<Data>()({
  id: 'dmarc-policy',
  stage: 'email',
  on: 'domain',
  title: 'Receivers are told to refuse forged mail',
  why: 'p=none only watches. Subdomains and names that do not exist follow sp and np: where these are weaker, forgers use them. t=y lowers every policy by one step for new receivers, while receivers of the old standard (RFC 7489) enforce it whole; they also take the Public Suffix List where new ones walk the tree.',
  impact: { journey: 'trust', owner: 'Forged invoices and password mails in your name still reach your customers.' },
  needs: ['dmarc'],
  wants: ['mx'],
  outcomes: {
    none: {
      status: 'fail',
      severity: 'medium',
      title: 'DMARC of {at} only watches{whom}: forged mail gets through',
      fix: replace,
    },
    'subdomains-weaker': {
      status: 'fail',
      severity: 'medium',
      title: 'Subdomains of {at} are less protected than the domain',
      fix: replace,
    },
    'nonexistent-weaker': {
      status: 'fail',
      severity: 'low',
      title: 'Invented names below {at} are less protected',
      fix: replace,
    },
    testing: { status: 'fail', severity: 'low', title: 'DMARC of {at} is in test mode', fix: replace },
    'old-receivers-differ': {
      status: 'fail',
      severity: 'low',
      title: 'Old receivers read DMARC of {at} differently',
      fix: replace,
    },
    enforced: { status: 'pass', title: 'Receivers are told to {policy} forged mail' },
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
    const policies = effectivePolicies(record)
    const own = applies === 'domain' ? policies.domain : policies.subdomains
    const applied = `${own} to ${subject.name}, ${policies.subdomains} to subdomains, ${policies.nonexistent} to names that do not exist`
    const seen = [...txtEvidence(`_dmarc.${at}`, [record.text]), evidence('applied', applied)]
    const whom = applies === 'domain' ? '' : ' subdomains'
    const data = {
      at,
      text: record.text,
      wanted: '',
      steps: [],
      policy: own,
      whom,
      alias: dmarc.alias,
      difference: '',
      extra: [],
    }
    const receives = !mx.ok || mx.value.hosts.length > 0
    const plan = dmarcRollout(record, subject.name, now, receives, applies ?? 'domain')
    const list = [
      ...weaknesses(record, applies === 'domain', plan),
      ...differences(record, dmarc, subject.name).map(more => ({ outcome: 'old-receivers-differ' as const, ...more })),
    ].map(({ outcome, ...more }) => ({
      outcome,
      key: `${at} ${more.difference ?? ''}`.trim(),
      data: { ...data, ...more },
      evidence: more.difference ? [...seen, evidence('difference', more.difference)] : seen,
    }))
    return list.length ? list : { outcome: 'enforced', data, evidence: seen }
  },
  examples: [
    {
      name: 'reject everywhere',
      facts: { dmarc: exampleDmarc('v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example') },
      expect: 'enforced',
    },
    {
      name: 'only watching',
      facts: { dmarc: exampleDmarc('v=DMARC1; p=none; rua=mailto:dmarc@coachdash.example') },
      expect: 'none',
    },
    { name: 'no record', facts: { dmarc: exampleDmarc() }, expect: 'skip' },
  ],
})

type Outcome = 'none' | 'subdomains-weaker' | 'nonexistent-weaker' | 'testing' | 'old-receivers-differ'
type Difference = { difference: string; wanted: string; extra: Change[] }

/** Where receivers of RFC 7489 act otherwise: another organizational domain, pct. (Test mode is told as `testing`.) */
const differences = (
  record: DmarcRecord,
  dmarc: { registrable: string | null; walk: { organizational: string; at: string | null; start: string } },
  domain: string,
): Difference[] => {
  const list: Difference[] = []
  const { organizational, at } = dmarc.walk
  const old = dmarc.registrable
  if (old !== null && old !== organizational) {
    // Old receivers look at the domain and at the registrable domain only; a record at the domain itself serves both.
    const unseen = at !== domain && at !== old
    const difference = `the organizational domain is ${organizational} by the tree walk and ${old} by the Public Suffix List${unseen ? `, so old receivers see no record for ${domain}` : ''}`
    const shared = `_dmarc.${old}`
    if (organizational.endsWith(`.${old}`)) {
      // A record at the registrable domain ends both ways of looking there.
      const watch = rewriteDmarc(record, { p: 'none', sp: null, np: null, psd: null, t: null })
      list.push({
        difference,
        wanted: rewriteDmarc(record, { psd: null }),
        extra: [replaceRecord(shared, 'TXT', watch)],
      })
    } else {
      // psd=n says "this is the organizational domain" to those who walk.
      const own = rewriteDmarc(
        record,
        at === old ? { psd: 'n' } : { p: record.sp ?? record.p ?? 'none', sp: null, np: null, psd: 'n' },
      )
      list.push(
        at === old
          ? { difference, wanted: own, extra: [] }
          : { difference, wanted: record.text, extra: [replaceRecord(shared, 'TXT', own)] },
      )
    }
  }
  if (record.psd === 'y' && at === old && at === domain)
    list.push({
      difference: `psd=y says that names below ${domain} belong to others: mail from them is not aligned with ${domain}, except for old receivers`,
      wanted: rewriteDmarc(record, { psd: null }),
      extra: [],
    })
  const pct = record.historicTags.find(tag => tag.name === 'pct')
  if (pct && pct.value !== '100' && record.p !== 'none')
    list.push({
      difference: `pct=${pct.value}: old receivers apply the policy to ${pct.value} % of the mail, new ones to all of it`,
      wanted: rewriteDmarc(record, {}),
      extra: [],
    })
  return list
}

type Weakness = { outcome: Outcome; wanted: string; difference?: string; steps?: string[]; extra?: Change[] }

/** What the published policies leave open. Test mode is a finding of its own, so it does not count here. */
const weaknesses = (record: DmarcRecord, isOwn: boolean, plan: readonly RolloutStep[]): Weakness[] => {
  const p = record.p ?? 'none'
  const sp = record.sp ?? p
  const np = record.np ?? sp
  const list: Weakness[] = []
  if (record.effective === 'none' || (isOwn ? p : sp) === 'none')
    list.push({
      outcome: 'none',
      wanted: plan[1]?.record ?? '',
      steps: plan.map(step => `${step.date}: ${step.record} (${step.condition})`),
    })
  const raised = record.np && strictness(record.np) < strictness(p) ? p : record.np
  if (isOwn && strictness(sp) < strictness(p))
    list.push({ outcome: 'subdomains-weaker', wanted: rewriteDmarc(record, { sp: p, np: raised }) })
  else if (strictness(np) < strictness(sp))
    list.push({ outcome: 'nonexistent-weaker', wanted: rewriteDmarc(record, { np: sp }) })
  if (record.testing && p !== 'none') list.push({ outcome: 'testing', wanted: rewriteDmarc(record, { t: null }) })
  return list
}
