// Whether TLSA records fit the certificate of a mail server.
import { blocker, defineCheck, low, pass } from '../../core/check.ts'
import { certificateEvidence, recordsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { changesFix, manual, replaceRecord } from '../../core/fixes.ts'
import { associationOf, chainMatches, isUsable, printTlsa } from '../../formats/mail/tlsa.ts'

/** `wanted` is the record of the certificate that is shown; empty where none was seen. */
type Data = { host: string; name: string; wanted: string }

const publish = ({ host, name, wanted }: Data): Fix =>
  changesFix(
    'Publish what the server shows',
    [wanted ? replaceRecord(name, 'TLSA', wanted) : manual(`Publish a TLSA record of the certificate of ${host}`)],
    15,
  )

const subject = { kind: 'mx-host' as const, name: 'mx.coachdash.example' }

export default defineCheck<Data>()({
  id: 'dane',
  stage: 'email',
  on: 'mx-host',
  title: 'DANE records fit the mail server’s certificate',
  why: 'A TLSA record in a signed zone binds senders to one certificate or key (RFC 7672). When the certificate changes and the record does not, mail from every sender that follows DANE stops. In a zone that is not signed the record does nothing.',
  impact: { journey: 'email', owner: 'Mail to you stops arriving from every sender that checks.' },
  needs: ['tlsa'],
  wants: ['mxSmtp'],
  signals: ['emails-fail'],
  outcomes: {
    mismatch: blocker('DANE of {host} names another certificate: mail stops', publish),
    'unsigned-zone': low(
      'DANE of {host} does nothing: the zone is unsigned',
      ({ host }) =>
        changesFix('Sign the zone', [manual(`Turn on DNSSEC for the zone of ${host}, or remove the TLSA records`)], 30),
      { why: 'The records have no effect: senders follow them in a signed zone only (DNSSEC).' },
    ),
    matches: pass('DANE of {host} fits its certificate'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc7672', 'https://www.rfc-editor.org/rfc/rfc6698'],
  judge: ({ tlsa: { name, records, signed }, mxSmtp }, { subject: { name: host } }) => {
    if (records.length === 0) return { skip: 'there are no TLSA records' }
    const seen = recordsEvidence(name, 'TLSA', records.map(printTlsa))
    const probe = mxSmtp.ok ? mxSmtp.value.probe : null
    const chain = probe?.tls?.chain ?? []
    const leaf = chain[0] === undefined ? null : associationOf(Buffer.from(chain[0], 'base64'), 1, 1)
    const data = { host, name, wanted: leaf ? `3 1 1 ${leaf}` : '' }
    if (signed === false) return { outcome: 'unsigned-zone', data, evidence: seen }
    if (signed === null) return { unknown: 'whether the zone is signed could not be asked for', couldBe: 'blocker' }
    if (chain.length === 0)
      return probe
        ? { outcome: 'mismatch', data, evidence: [...seen, textEvidence('STARTTLS', 'no certificate is shown')] }
        : { unknown: `the certificate of ${host} was not seen`, couldBe: 'blocker' }
    const shown = certificateEvidence(host, 'the server shows', data.wanted, 25)
    const usable = records.filter(isUsable)
    if (usable.some(record => chainMatches(record, chain)))
      return { outcome: 'matches', data, evidence: [...seen, shown] }
    const useless = textEvidence('usage', 'none of the records is of usage 2 or 3, which is what mail takes')
    return { outcome: 'mismatch', data, evidence: [...seen, shown, ...(usable.length ? [] : [useless])] }
  },
  examples: [
    { name: 'the key that is shown', subject, facts: {}, expect: 'matches' },
    { name: 'no records', subject, facts: { tlsa: { records: [], signed: null } }, expect: 'skip' },
    { name: 'an unsigned zone', subject, facts: { tlsa: { signed: false } }, expect: 'unsigned-zone' },
    {
      name: 'another key',
      subject,
      facts: { tlsa: { records: [{ usage: 3, selector: 1, matching: 1, data: 'ab' }] } },
      expect: 'mismatch',
    },
  ],
})
