// Whether somebody is told when encrypted delivery fails.
import { defineCheck, low, pass } from '../../core/check.ts'
import { recordsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { addRecord, changesFix, removeRecord, replaceRecord } from '../../core/fixes.ts'
import { meantTlsRpt } from '../../formats/mail/tls-rpt.ts'

type Data = { domain: string; texts: string[]; wanted: string }

const publish = ({ domain, texts: [first, ...others], wanted }: Data): Fix => {
  const name = `_smtp._tls.${domain}`
  return changesFix(
    'Publish one record for reports',
    [
      ...others.filter(text => text !== first).map(text => removeRecord(name, 'TXT', text)),
      first === undefined ? addRecord(name, 'TXT', wanted) : replaceRecord(name, 'TXT', wanted, first),
    ],
    5,
  )
}

export default defineCheck<Data>()({
  id: 'tls-rpt',
  stage: 'email',
  on: 'domain',
  title: 'You are told when encrypted delivery fails',
  why: 'Large senders report once a day which deliveries to you failed for want of encryption (RFC 8460). With MTA-STS or DANE in force these reports are the only sign that mail is kept out.',
  impact: { journey: 'email', owner: 'When encrypted delivery to you fails, nobody tells you.' },
  needs: ['tlsRpt', 'mx'],
  outcomes: {
    malformed: low('The TLS report record of {domain} has a fault', publish),
    missing: low('Nobody is told when encrypted mail to {domain} fails', publish),
    present: pass('Reports of failed encryption have an address'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc8460#section-3'],
  judge: ({ tlsRpt: { texts, record }, mx }, { subject: { name: domain } }) => {
    if (mx.hosts.length === 0) return { skip: 'the domain names no mail server' }
    const data = { domain, texts, wanted: meantTlsRpt(record, domain) }
    const seen = recordsEvidence(`_smtp._tls.${domain}`, 'TXT', texts)
    if (!record) return { outcome: 'missing', data, evidence: seen }
    const faults = [...record.faults, ...(texts.length > 1 ? ['there are several records, so senders use none'] : [])]
    return faults.length
      ? { outcome: 'malformed', data, evidence: [...seen, ...faults.map(fault => textEvidence('fault', fault))] }
      : { outcome: 'present', data, evidence: seen }
  },
  examples: [
    { name: 'a mailbox for reports', facts: {}, expect: 'present' },
    { name: 'none', facts: { tlsRpt: { texts: [], record: null } }, expect: 'missing' },
    {
      name: 'no address',
      facts: { tlsRpt: { texts: ['v=TLSRPTv1'], record: { rua: [], faults: ['rua= is missing'] } } },
      expect: 'malformed',
    },
  ],
})
