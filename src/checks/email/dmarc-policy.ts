import { defineCheck } from '../../core/check.ts'
import type { Change } from '../../core/fix.ts'
import { type DmarcRecord, effectivePolicies, rewriteDmarc, strictness } from '../../formats/dmarc.ts'
import { dmarcRollout } from '../../formats/dmarc-rollout.ts'
import { exampleDmarc } from './dmarc-examples.ts'
import { evidence, recordFix, replaceRecord, txtEvidence } from './mail-records.ts'

type Data = {
  at: string
  text: string
  wanted: string
  steps: string[]
  policy: string
  difference: string
  extra: Change[]
}

const replace = (held: Data) =>
  recordFix(
    `Replace the DMARC record of ${held.at}`,
    [
      ...(held.wanted === held.text ? [] : [replaceRecord(`_dmarc.${held.at}`, 'TXT', held.wanted, held.text)]),
      ...held.extra,
    ],
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
      title: 'DMARC of {at} only watches: forged mail gets through',
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
    const seen = [
      ...txtEvidence(`_dmarc.${at}`, [record.text]),
      evidence(
        'applied',
        `${own} to ${subject.name}, ${policies.subdomains} to subdomains, ${policies.nonexistent} to names that do not exist`,
      ),
    ]
    const say = (outcome: Outcome, wanted: string, difference = '', extra: Change[] = [], steps: string[] = []) => ({
      outcome,
      key: `${at} ${difference}`.trim(),
      data: { at, text: record.text, wanted, steps, policy: own, difference, extra },
      evidence: difference ? [...seen, evidence('difference', difference)] : seen,
    })
    const list = []
    // Only what is published counts here: test mode is its own finding.
    const published = {
      p: record.p ?? 'none',
      sp: record.sp ?? record.p ?? 'none',
      np: record.np ?? record.sp ?? record.p ?? 'none',
    } as const
    const strongest = applies === 'domain' ? published.p : published.sp
    if (record.effective === 'none' || strongest === 'none') {
      const plan = dmarcRollout(record, subject.name, now, !mx.ok || mx.value.hosts.length > 0)
      list.push(
        say(
          'none',
          plan[1]?.record ?? '',
          '',
          [],
          plan.map(step => `${step.date}: ${step.record} (${step.condition})`),
        ),
      )
    }
    if (applies === 'domain' && strictness(published.sp) < strictness(published.p))
      list.push(
        say(
          'subdomains-weaker',
          rewriteDmarc(record, {
            sp: published.p,
            np: record.np && strictness(record.np) < strictness(published.p) ? published.p : record.np,
          }),
        ),
      )
    else if (strictness(published.np) < strictness(published.sp))
      list.push(say('nonexistent-weaker', rewriteDmarc(record, { np: published.sp })))
    if (record.testing && published.p !== 'none') list.push(say('testing', rewriteDmarc(record, { t: null })))
    list.push(
      ...differences(record, dmarc, subject.name).map(({ what, wanted, extra }) =>
        say('old-receivers-differ', wanted, what, extra),
      ),
    )
    return list.length
      ? list
      : {
          outcome: 'enforced',
          data: { at, text: record.text, wanted: '', steps: [], policy: own, difference: '', extra: [] },
          evidence: seen,
        }
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
type Difference = { what: string; wanted: string; extra: Change[] }

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
    const what = `the organizational domain is ${organizational} by the tree walk and ${old} by the Public Suffix List${unseen ? `, so old receivers see no record for ${domain}` : ''}`
    const shared = `_dmarc.${old}`
    if (organizational.endsWith(`.${old}`)) {
      // A record at the registrable domain ends both ways of looking there.
      const watch = rewriteDmarc(record, { p: 'none', sp: null, np: null, psd: null, t: null })
      list.push({ what, wanted: rewriteDmarc(record, { psd: null }), extra: [replaceRecord(shared, 'TXT', watch)] })
    } else {
      // psd=n says "this is the organizational domain" to those who walk.
      const own = rewriteDmarc(
        record,
        at === old ? { psd: 'n' } : { p: record.sp ?? record.p ?? 'none', sp: null, np: null, psd: 'n' },
      )
      list.push(
        at === old
          ? { what, wanted: own, extra: [] }
          : { what, wanted: record.text, extra: [replaceRecord(shared, 'TXT', own)] },
      )
    }
  }
  const pct = record.historicTags.find(tag => tag.name === 'pct')
  if (pct && pct.value !== '100' && record.p !== 'none')
    list.push({
      what: `pct=${pct.value}: old receivers apply the policy to ${pct.value} % of the mail, new ones to all of it`,
      wanted: rewriteDmarc(record, {}),
      extra: [],
    })
  return list
}
