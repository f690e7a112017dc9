// What a published DMARC policy leaves open: for subdomains, for invented names, and for receivers of the old standard.
import { type DmarcRecord, effectivePolicies, rewriteDmarc, strictness } from './dmarc.ts'
import type { RolloutStep } from './rollout.ts'

export type DmarcGap = {
  kind: 'none' | 'subdomains-weaker' | 'nonexistent-weaker' | 'testing' | 'old-receivers-differ'
  /** The record that closes it, at the name where the record stands now. */
  wanted: string
  /** The way there, in words; empty where the record is all. */
  steps: string[]
  /** The day from which it may be published (ISO date): it has mail refused, so reports come first. Null: today. */
  from: string | null
  /** How old and new receivers differ, in words; empty for other gaps. */
  difference: string
  /** A record to publish at another name, as its name and text; null where there is none. */
  beside: { name: string; text: string } | null
}

const gap = (kind: DmarcGap['kind'], wanted: string, more: Partial<DmarcGap> = {}): DmarcGap => ({
  kind,
  wanted,
  from: null,
  steps: [],
  difference: '',
  beside: null,
  ...more,
})

/** Gaps in the policies themselves. `isOwn`: the record stands at the domain; `wait`: the day after two weeks of reports. Test mode is a finding of its own, so it does not count here. */
export const policyGaps = (
  record: DmarcRecord,
  isOwn: boolean,
  plan: readonly RolloutStep[],
  wait: string | null = null,
): DmarcGap[] => {
  const p = record.p ?? 'none'
  const sp = record.sp ?? p
  const raised = record.np && strictness(record.np) < strictness(p) ? p : record.np
  const watches = record.effective === 'none' || (isOwn ? p : sp) === 'none'
  const weaker = isOwn && strictness(sp) < strictness(p)
  // Receivers that know np know t=y too: where that lowers both to the same, nobody protects invented names less.
  const applied = effectivePolicies(record)
  const invented = strictness(applied.nonexistent) < strictness(applied.subdomains)
  const steps = plan.map(step => `${step.date}: ${step.record} (${step.condition})`)
  const from = wait
  return [
    ...(watches ? [gap('none', plan[1]?.record ?? '', { steps, from: plan[1]?.date ?? from })] : []),
    ...(weaker ? [gap('subdomains-weaker', rewriteDmarc(record, { sp: p, np: raised }), { from })] : []),
    ...(!weaker && invented ? [gap('nonexistent-weaker', rewriteDmarc(record, { np: sp }))] : []),
    ...(record.testing && p !== 'none' ? [gap('testing', rewriteDmarc(record, { t: null }), { from })] : []),
  ]
}

/** The walk as far as the organizational domain goes; `registrable` is that of receivers of RFC 7489, by the Public Suffix List. */
type Places = {
  registrable: string | null
  walk: { organizational: string; at: string | null }
}

/** Two ways of finding the organizational domain that end at different names. */
const organizationalGap = (record: DmarcRecord, { registrable: old, walk }: Places, domain: string): DmarcGap[] => {
  const { organizational, at } = walk
  if (old === null || old === organizational) return []
  // Old receivers look at the domain and at the registrable domain only; a record at the domain itself serves both.
  const unseen = at !== domain && at !== old
  const difference = `the organizational domain is ${organizational} by the tree walk and ${old} by the Public Suffix List${unseen ? `, so old receivers see no record for ${domain}` : ''}`
  const name = `_dmarc.${old}`
  if (organizational.endsWith(`.${old}`)) {
    // A record at the registrable domain ends both ways of looking there.
    const text = rewriteDmarc(record, { p: 'none', sp: null, np: null, psd: null, t: null })
    return [gap('old-receivers-differ', rewriteDmarc(record, { psd: null }), { difference, beside: { name, text } })]
  }
  // psd=n says "this is the organizational domain" to those who walk.
  if (at === old) return [gap('old-receivers-differ', rewriteDmarc(record, { psd: 'n' }), { difference })]
  const text = rewriteDmarc(record, { p: record.sp ?? record.p ?? 'none', sp: null, np: null, psd: 'n' })
  return [gap('old-receivers-differ', record.text, { difference, beside: { name, text } })]
}

/** Where receivers of RFC 7489 act otherwise than those of RFC 9989: another organizational domain, psd, pct. */
export const receiverGaps = (record: DmarcRecord, places: Places, domain: string): DmarcGap[] => {
  const { at } = places.walk
  const pct = record.historicTags.find(tag => tag.name === 'pct')
  const parted = record.psd === 'y' && at === places.registrable && at === domain
  return [
    ...organizationalGap(record, places, domain),
    ...(parted
      ? [
          gap('old-receivers-differ', rewriteDmarc(record, { psd: null }), {
            difference: `psd=y says that names below ${domain} belong to others: mail from them is not aligned with ${domain}, except for old receivers`,
          }),
        ]
      : []),
    ...(pct && pct.value !== '100' && record.p !== 'none'
      ? [
          gap('old-receivers-differ', rewriteDmarc(record, {}), {
            difference: `pct=${pct.value}: old receivers apply the policy to ${pct.value} % of the mail, new ones to all of it`,
          }),
        ]
      : []),
  ]
}
