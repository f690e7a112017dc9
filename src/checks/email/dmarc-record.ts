import { defineCheck, type OutcomeHolds } from '../../core/check.ts'
import {
  type DmarcRecord,
  isDmarc,
  meantDmarc,
  parseDmarc,
  printDmarc,
  rewriteDmarc,
} from '../../formats/dmarc/dmarc.ts'
import { exampleDmarc } from './dmarc-examples.ts'
import {
  dmarcChange,
  evidence,
  inWords,
  panelSteps,
  recordFix,
  removeRecord,
  sendsNothing,
  txtEvidence,
} from './mail-records.ts'

type Data = {
  domain: string
  at: string
  texts: string[]
  wanted: string
  tags: string
  fault: string
  wrong: string
  remove: string[]
  alias: string | null
  panel: string[]
}

const publish = (held: Data) =>
  recordFix(
    `Publish one DMARC record at _dmarc.${held.at}`,
    [
      dmarcChange(held.at, held.wanted, held.texts[0], held.alias),
      ...held.remove.map(text => removeRecord(`_dmarc.${held.at}`, 'TXT', text)),
    ],
    10,
    held.panel,
  )

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
    missing: { status: 'fail', severity: 'high', title: 'No DMARC record: others can send as {domain}', fix: publish },
    multiple: {
      status: 'fail',
      severity: 'blocker',
      title: '{at} has several DMARC records, so none counts',
      fix: publish,
    },
    malformed: { status: 'fail', severity: 'high', title: 'The DMARC record of {at} has a fault', fix: publish },
    'wrong-place': {
      status: 'fail',
      severity: 'high',
      title: 'The DMARC record stands where no receiver looks',
      fix: publish,
    },
    ignored: { status: 'fail', severity: 'high', title: 'Receivers ignore the DMARC record of {at}', fix: publish },
    'unknown-tag': {
      status: 'fail',
      severity: 'low',
      title: 'DMARC of {at} has tags that mean nothing: {tags}',
      fix: publish,
    },
    'historic-tag': {
      status: 'fail',
      severity: 'low',
      title: 'DMARC of {at} has abandoned tags: {tags}',
      fix: publish,
    },
    present: { status: 'pass', title: 'A DMARC record applies to the domain' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.7',
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.10',
    'https://support.google.com/a/answer/81126',
  ],
  judge: ({ dmarc, spf, mx, dnsPanel }, { subject, target }) => {
    const { walk, misplaced } = dmarc
    const domain = subject.name
    // An address at a domain without a mail server would receive nothing.
    const receives = !mx.ok || mx.value.hosts.length > 0
    const common: Data = {
      domain,
      at: domain,
      texts: walk.steps[0]?.texts ?? [],
      wanted: sendsNothing(target, spf) ? 'v=DMARC1; p=reject; sp=reject' : starter(domain, receives),
      tags: '',
      fault: '',
      wrong: '',
      remove: [],
      alias: dmarc.alias,
      panel: panelSteps(dnsPanel, `_dmarc.${domain}`, domain),
    }
    const several = walk.steps.find(step => step.texts.length > 1)
    if (several) return severalRecords(several.domain, several.texts, common)
    const { record, at } = walk
    if (!record || at === null)
      return misplaced[0]
        ? misplacedRecord(misplaced[0], common)
        : { outcome: 'missing', data: common, evidence: txtEvidence(`_dmarc.${domain}`, []) }
    const change: Record<string, string> =
      record.effective === 'ignored' && receives && record.rua.length === 0 ? { rua: `mailto:dmarc@${domain}` } : {}
    const held = { ...common, at, texts: [record.text], wanted: rewriteDmarc(meantDmarc(record.text), change) }
    const list = faultsOf(record, held)
    if (list.length) return list
    const seen = [...txtEvidence(`_dmarc.${at}`, [record.text]), evidence('organizational domain', walk.organizational)]
    return { outcome: 'present', data: held, evidence: seen }
  },
  examples: [
    {
      name: 'a record at the domain',
      facts: { dmarc: exampleDmarc('v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example') },
      expect: 'present',
    },
    { name: 'no record', facts: { dmarc: exampleDmarc() }, expect: 'missing' },
    {
      name: 'a policy that is none of the three, and nobody to report to',
      facts: { dmarc: exampleDmarc('v=DMARC1; p=block') },
      expect: 'ignored',
    },
  ],
})

/** The record to begin with: watch first, refuse later. */
export const starter = (domain: string, receives: boolean): string =>
  printDmarc({ p: 'none', rua: receives ? `mailto:dmarc@${domain}` : null })

const strength = (text: string): number => {
  const record = parseDmarc(text)
  return ['none', 'quarantine', 'reject'].indexOf(record.p ?? 'none') + (record.rua.length ? 0.5 : 0)
}

const mergedReports = (texts: readonly string[]): Record<string, string | null> => {
  const uris = [
    ...new Set(
      texts.flatMap(text =>
        parseDmarc(text)
          .rua.filter(uri => uri.valid)
          .map(uri => uri.uri),
      ),
    ),
  ]
  return uris.length ? { rua: uris.join(',') } : {}
}

type Held = OutcomeHolds<'multiple' | 'malformed' | 'wrong-place' | 'ignored' | 'unknown-tag' | 'historic-tag', Data>

/** The strictest policy that somebody meant is kept, and every report address. */
const severalRecords = (at: string, texts: readonly string[], common: Data): Held => {
  const [kept = ''] = [...texts].sort((a, b) => strength(b) - strength(a))
  const wanted = rewriteDmarc(parseDmarc(kept), mergedReports(texts))
  return {
    outcome: 'multiple',
    data: { ...common, at, texts: [kept], wanted, remove: texts.filter(text => text !== kept) },
    evidence: txtEvidence(`_dmarc.${at}`, texts),
  }
}

/** A record at the right name that does not begin as it must, or a sound one where nobody looks. */
const misplacedRecord = (wrong: { name: string; text: string; spoilt: boolean }, common: Data): Held => {
  const mended = rewriteDmarc(meantDmarc(wrong.text), {})
  const seen = txtEvidence(wrong.name, [wrong.text])
  const fault = 'the record must begin with exactly "v=DMARC1;"'
  return wrong.spoilt
    ? {
        outcome: 'malformed',
        data: { ...common, texts: [wrong.text], wanted: mended, fault },
        evidence: [...seen, evidence('at character 1', fault)],
      }
    : {
        outcome: 'wrong-place',
        data: { ...common, wanted: isDmarc(wrong.text) ? mended : common.wanted, wrong: wrong.name },
        evidence: seen,
      }
}

/** Everything that is wrong with the one record that counts. */
const faultsOf = (record: DmarcRecord, held: Data): Held[] => {
  const seen = txtEvidence(`_dmarc.${held.at}`, [record.text])
  const faults = record.faults.slice(0, 20).map(fault => evidence(`at character ${fault.at + 1}`, fault.message))
  const list: Held[] = []
  if (record.effective === 'ignored') list.push({ outcome: 'ignored', data: held, evidence: [...seen, ...faults] })
  else if (record.faults[0])
    list.push({
      outcome: 'malformed',
      data: { ...held, fault: record.faults[0].message },
      evidence: [...seen, ...faults],
    })
  const unknown = record.unknownTags.slice(0, 4).map(tag => tag.slice(0, 12))
  if (unknown.length) list.push({ outcome: 'unknown-tag', data: { ...held, tags: inWords(unknown) }, evidence: seen })
  const historic = record.historicTags.map(tag => tag.name)
  if (historic.length)
    list.push({ outcome: 'historic-tag', data: { ...held, tags: inWords(historic) }, evidence: seen })
  return list
}
