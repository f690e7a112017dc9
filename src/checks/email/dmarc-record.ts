// The DMARC record that applies to the domain.
import { blocker, defineCheck, high, low, pass } from '../../core/check.ts'
import { recordsEvidence, textEvidence } from '../../core/evidence.ts'
import { dmarcWith } from '../../facts/email/dmarc.example.ts'
import type { Dmarc } from '../../facts/email/dmarc.ts'
import { isDmarc, meantDmarc, mergeDmarc, starterDmarc } from '../../formats/dmarc/dmarc.ts'
import { type Mend, mending } from '../../formats/dmarc/mending.ts'
import { dmarcFaults } from '../../formats/dmarc/record-faults.ts'
import { sendsNothing } from '../../formats/mail/direction.ts'
import { publishDmarc } from './dmarc-fixes.ts'
import { panelSteps } from './mail-fixes.ts'

type Data = {
  domain: string
  /** The name below which the record stands: the domain, or one above it. */
  at: string
  texts: readonly string[]
  wanted: string
  tags: string
  remove: string[]
  alias: string | null
  panel: string[]
  /** Steps that come later, with their dates; empty where the record is all. */
  later: string[]
}

const bare = { tags: '', remove: [], later: [] }

/** A record at the right name that does not begin as it must, or a sound one where nobody looks. */
const misplaced = ({ name, text, spoilt }: Dmarc['misplaced'][number], data: Data, mend: Mend) => {
  const mended = mend(meantDmarc(text))
  const seen = recordsEvidence(name, 'TXT', [text])
  const fault = textEvidence('at character 1', 'the record must begin with exactly "v=DMARC1;"')
  return spoilt
    ? { outcome: 'malformed' as const, data: { ...data, texts: [text], ...mended }, evidence: [...seen, fault] }
    : { outcome: 'wrong-place' as const, data: isDmarc(text) ? { ...data, ...mended } : data, evidence: seen }
}

export default defineCheck<Data>()({
  id: 'dmarc-record',
  stage: 'email',
  on: 'domain',
  title: 'A DMARC record applies to the domain',
  why: 'Receivers look at _dmarc of the From domain, then walk up (RFC 9989, at most eight queries). Exactly one record counts; a policy that is not valid and no report address make it void. Gmail, Yahoo and Microsoft ask for a record of everybody who sends in volume.',
  impact: { journey: 'email', owner: 'Others can send mail as you, and large mailbox providers trust yours less.' },
  needs: ['dmarc'],
  wants: ['spf', 'mx', 'dnsPanel'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    missing: high('No DMARC record: others can send as {domain}', publishDmarc),
    multiple: blocker('{at} has several DMARC records, so none counts', publishDmarc),
    malformed: high('The DMARC record of {at} has a fault', publishDmarc, {
      why: 'Receivers skip what they cannot read, or only watch: the record does less than it says.',
    }),
    'wrong-place': high('The DMARC record stands where no receiver looks', publishDmarc),
    ignored: high('Receivers ignore the DMARC record of {at}', publishDmarc),
    'unknown-tag': low('DMARC of {at} has tags that mean nothing: {tags}', publishDmarc, {
      why: 'Receivers skip tags that they do not know: whatever was meant by them does not happen.',
    }),
    'historic-tag': low('DMARC of {at} has abandoned tags: {tags}', publishDmarc, {
      why: 'New receivers skip these tags and old ones may act on them, so the same mail is treated in two ways.',
    }),
    present: pass('A DMARC record applies to the domain'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.7',
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.10',
    'https://support.google.com/a/answer/81126',
  ],
  judge: ({ dmarc, spf, mx, dnsPanel }, { subject: { name: domain }, target, now }) => {
    const { steps, record, at, organizational } = dmarc.walk
    // An address at a domain without a mail server would receive nothing.
    const receives = !mx.ok || mx.value.hosts.length > 0
    const silent = sendsNothing(target, spf)
    const wanted = silent ? 'v=DMARC1; p=reject; sp=reject' : starterDmarc(domain, receives)
    const mend = mending(domain, now, receives, !silent && record?.effective !== 'published')
    const panel = panelSteps(dnsPanel, `_dmarc.${domain}`, domain)
    const texts = steps[0]?.texts ?? []
    const common: Data = { ...bare, domain, at: domain, texts, wanted, alias: dmarc.alias, panel }
    const several = steps.find(step => step.texts.length > 1)
    if (several) {
      const { kept, merged } = mergeDmarc(several.texts)
      const remove = several.texts.filter(text => text !== kept)
      return {
        outcome: 'multiple',
        data: { ...common, at: several.domain, texts: [kept], ...mend(meantDmarc(merged)), remove },
        evidence: recordsEvidence(`_dmarc.${several.domain}`, 'TXT', several.texts),
      }
    }
    if (!record || at === null)
      return dmarc.misplaced[0]
        ? misplaced(dmarc.misplaced[0], common, mend)
        : { outcome: 'missing', data: common, evidence: recordsEvidence(`_dmarc.${domain}`, 'TXT', []) }
    const lacksReports = record.effective === 'ignored' && receives && record.rua.length === 0
    const mended = mend(meantDmarc(record.text), lacksReports ? { rua: `mailto:dmarc@${domain}` } : {})
    const data = { ...common, at, texts: [record.text], ...mended }
    const evidence = recordsEvidence(`_dmarc.${at}`, 'TXT', [record.text])
    const faults = dmarcFaults(record)
    const whole = [...evidence, textEvidence('organizational domain', organizational)]
    if (!faults.length) return { outcome: 'present', data, evidence: whole }
    return faults.map(({ kind, tags, seen }) => ({
      outcome: kind,
      data: { ...data, tags },
      evidence: [...evidence, ...seen.map(([label, value]) => textEvidence(label, value))],
    }))
  },
  examples: [
    { name: 'a record at the domain', facts: {}, expect: 'present' },
    { name: 'no record', facts: { dmarc: dmarcWith() }, expect: 'missing' },
    {
      name: 'a policy that is none of the three, and nobody to report to',
      facts: { dmarc: dmarcWith('v=DMARC1; p=block') },
      expect: 'ignored',
    },
  ],
})
