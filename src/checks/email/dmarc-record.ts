import { defineCheck } from '../../core/check.ts'
import { isDmarc, parseDmarc, printDmarc, rewriteDmarc } from '../../formats/dmarc.ts'
import { exampleDmarc } from './dmarc-examples.ts'
import {
  evidence,
  inWords,
  panelSteps,
  recordFix,
  removeRecord,
  replaceRecord,
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
  panel: string[]
}

const publish = (held: Data) =>
  recordFix(
    `Publish one DMARC record at _dmarc.${held.at}`,
    [
      replaceRecord(`_dmarc.${held.at}`, 'TXT', held.wanted, held.texts[0]),
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
    const texts = walk.steps[0]?.texts ?? []
    const common: Data = {
      domain,
      at: domain,
      texts,
      wanted: '',
      tags: '',
      fault: '',
      wrong: '',
      remove: [],
      panel: panelSteps(dnsPanel, `_dmarc.${domain}`, domain),
    }
    const several = walk.steps.find(step => step.texts.length > 1)
    if (several) {
      // What stands in the first valid record is kept: the strictest policy that somebody meant, and every report address.
      const [kept = ''] = [...several.texts].sort((a, b) => strength(b) - strength(a))
      const rest = several.texts.filter(text => text !== kept)
      return {
        outcome: 'multiple',
        data: {
          ...common,
          at: several.domain,
          texts: [kept],
          wanted: rewriteDmarc(parseDmarc(kept), mergedReports(several.texts)),
          remove: rest,
        },
        evidence: txtEvidence(`_dmarc.${several.domain}`, several.texts),
      }
    }
    if (!walk.record || walk.at === null) {
      const [wrong] = misplaced
      const first = sendsNothing(target, spf) ? 'v=DMARC1; p=reject; sp=reject' : starter(domain, receives)
      if (!wrong)
        return { outcome: 'missing', data: { ...common, wanted: first }, evidence: txtEvidence(`_dmarc.${domain}`, []) }
      const mended = rewriteDmarc(
        parseDmarc(
          wrong.text
            .trim()
            .replace(/^["']+|["']+$/g, '')
            .replace(/^v\s*=\s*dmarc1?\s*;?/i, 'v=DMARC1;'),
        ),
        {},
      )
      if (wrong.spoilt)
        return {
          outcome: 'malformed',
          data: {
            ...common,
            texts: [wrong.text],
            wanted: mended,
            fault: 'the record must begin with exactly "v=DMARC1;"',
          },
          evidence: [
            ...txtEvidence(wrong.name, [wrong.text]),
            evidence('at character 1', 'the record must begin with exactly "v=DMARC1;"'),
          ],
        }
      return {
        outcome: 'wrong-place',
        data: { ...common, wanted: isDmarc(wrong.text) ? mended : first, wrong: wrong.name },
        evidence: txtEvidence(wrong.name, [wrong.text]),
      }
    }
    const { record } = walk
    const name = `_dmarc.${walk.at}`
    const wanted = rewriteDmarc(
      record,
      record.effective === 'ignored' && receives ? { rua: `mailto:dmarc@${domain}` } : {},
    )
    const held = { ...common, at: walk.at, texts: [record.text], wanted }
    const seen = txtEvidence(name, [record.text])
    const faults = record.faults.slice(0, 20).map(fault => evidence(`at character ${fault.at + 1}`, fault.message))
    const list = [
      ...(record.effective === 'ignored'
        ? [{ outcome: 'ignored' as const, data: held, evidence: [...seen, ...faults] }]
        : record.faults.length
          ? [
              {
                outcome: 'malformed' as const,
                data: { ...held, fault: record.faults[0]?.message ?? '' },
                evidence: [...seen, ...faults],
              },
            ]
          : []),
      ...(record.unknownTags.length
        ? [
            {
              outcome: 'unknown-tag' as const,
              data: { ...held, tags: inWords(record.unknownTags.slice(0, 4).map(tag => tag.slice(0, 12))) },
              evidence: seen,
            },
          ]
        : []),
      ...(record.historicTags.length
        ? [
            {
              outcome: 'historic-tag' as const,
              data: { ...held, tags: inWords(record.historicTags.map(tag => tag.name)) },
              evidence: seen,
            },
          ]
        : []),
    ]
    return list.length
      ? list
      : { outcome: 'present', data: held, evidence: [...seen, evidence('organizational domain', walk.organizational)] }
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
