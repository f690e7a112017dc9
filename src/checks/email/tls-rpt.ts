import { defineCheck } from '../../core/check.ts'
import { addRecord, evidence, recordFix, removeRecord, replaceRecord, txtEvidence } from './mail-records.ts'
import { exampleMx } from './transport-examples.ts'

type Data = { domain: string; texts: string[]; wanted: string }

const publish = (held: Data) =>
  recordFix(
    'Publish one record for reports',
    [
      ...held.texts
        .slice(1)
        .filter(text => text !== held.texts[0])
        .map(text => removeRecord(`_smtp._tls.${held.domain}`, 'TXT', text)),
      held.texts[0] === undefined
        ? addRecord(`_smtp._tls.${held.domain}`, 'TXT', held.wanted)
        : replaceRecord(`_smtp._tls.${held.domain}`, 'TXT', held.wanted, held.texts[0]),
    ],
    5,
  )

export default defineCheck<Data>()({
  id: 'tls-rpt',
  stage: 'email',
  on: 'domain',
  title: 'You are told when encrypted delivery fails',
  why: 'Large senders report once a day which deliveries to you failed for want of encryption (RFC 8460). With MTA-STS or DANE in force these reports are the only sign that mail is kept out.',
  impact: { journey: 'email', owner: 'Mail to you may be held back, and nobody tells you.' },
  needs: ['tlsRpt', 'mx'],
  outcomes: {
    malformed: {
      status: 'fail',
      severity: 'low',
      title: 'The TLS report record of {domain} has a fault',
      fix: publish,
    },
    missing: {
      status: 'fail',
      severity: 'low',
      title: 'Nobody is told when encrypted mail to {domain} fails',
      fix: publish,
    },
    present: { status: 'pass', title: 'Reports of failed encryption have an address' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc8460#section-3'],
  judge: ({ tlsRpt: { texts, record }, mx }, { subject }) => {
    const domain = subject.name
    if (mx.hosts.length === 0) return { skip: 'the domain names no mail server' }
    const meant = record?.rua.map(uri => (/^[^@\s:]+@[^@\s]+$/.test(uri) ? `mailto:${uri}` : uri)) ?? []
    const sound = meant.filter(uri => /^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/i.test(uri))
    const data = {
      domain,
      texts,
      wanted: `v=TLSRPTv1; rua=${sound.length ? sound.join(',') : `mailto:tls-reports@${domain}`}`,
    }
    const seen = txtEvidence(`_smtp._tls.${domain}`, texts)
    if (!record) return { outcome: 'missing', data, evidence: seen }
    const faults = [...record.faults, ...(texts.length > 1 ? ['there are several records, so senders use none'] : [])]
    return faults.length
      ? { outcome: 'malformed', data, evidence: [...seen, ...faults.map(fault => evidence('fault', fault))] }
      : { outcome: 'present', data, evidence: seen }
  },
  examples: [
    {
      name: 'a mailbox for reports',
      facts: {
        mx: exampleMx,
        tlsRpt: {
          texts: ['v=TLSRPTv1; rua=mailto:tls@coachdash.example'],
          record: { rua: ['mailto:tls@coachdash.example'], faults: [] },
        },
      },
      expect: 'present',
    },
    { name: 'none', facts: { mx: exampleMx, tlsRpt: { texts: [], record: null } }, expect: 'missing' },
  ],
})
