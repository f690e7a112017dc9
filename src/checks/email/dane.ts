import { defineCheck } from '../../core/check.ts'
import { associationOf, chainMatches, isUsable, type Tlsa } from '../../formats/mail/tlsa.ts'
import { evidence, manual, recordFix, replaceRecord } from './mail-records.ts'
import { exampleAssociation, exampleCertificate, exampleProbe } from './transport-examples.ts'

type Data = { host: string; name: string; wanted: string }

const print = (record: Tlsa): string => `${record.usage} ${record.selector} ${record.matching} ${record.data}`

export default defineCheck<Data>()({
  id: 'dane',
  stage: 'email',
  on: 'mx-host',
  title: 'DANE records fit the mail server’s certificate',
  why: 'A TLSA record in a signed zone binds senders to one certificate or key (RFC 7672). When the certificate changes and the record does not, mail from every sender that follows DANE stops. In a zone that is not signed the record does nothing.',
  impact: { journey: 'email', owner: 'Mail to you stops arriving from every sender that checks.' },
  needs: ['tlsa'],
  wants: ['mxSmtp'],
  outcomes: {
    mismatch: {
      status: 'fail',
      severity: 'blocker',
      title: 'DANE of {host} names another certificate: mail stops',
      fix: held =>
        recordFix(
          'Publish what the server shows',
          [
            held.wanted
              ? replaceRecord(held.name, 'TLSA', held.wanted)
              : manual(`Publish a TLSA record of the certificate of ${held.host}`),
          ],
          15,
        ),
    },
    'unsigned-zone': {
      status: 'fail',
      severity: 'low',
      title: 'DANE of {host} stands in an unsigned zone and does nothing',
      fix: held =>
        recordFix(
          'Sign the zone',
          [manual(`Turn on DNSSEC for the zone of ${held.host}, or remove the TLSA records`)],
          30,
        ),
    },
    matches: { status: 'pass', title: 'DANE of {host} fits its certificate' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc7672', 'https://www.rfc-editor.org/rfc/rfc6698'],
  judge: ({ tlsa: { name, records, signed }, mxSmtp }, { subject }) => {
    if (records.length === 0) return { skip: 'there are no TLSA records' }
    const seen = records.map(record => evidence(`${name} TLSA`, print(record)))
    const chain = mxSmtp.ok ? (mxSmtp.value.probe?.tls?.chain ?? []) : []
    const leaf = chain[0] === undefined ? null : associationOf(Buffer.from(chain[0], 'base64'), 1, 1)
    const data = { host: subject.name, name, wanted: leaf ? `3 1 1 ${leaf}` : '' }
    if (signed === false) return { outcome: 'unsigned-zone', data, evidence: seen }
    if (signed === null) return { unknown: 'whether the zone is signed could not be asked for', couldBe: 'blocker' }
    if (chain.length === 0)
      return mxSmtp.ok && mxSmtp.value.probe
        ? { outcome: 'mismatch', data, evidence: [...seen, evidence('STARTTLS', 'no certificate is shown')] }
        : { unknown: `the certificate of ${subject.name} was not seen`, couldBe: 'blocker' }
    const usable = records.filter(isUsable)
    if (usable.some(record => chainMatches(record, chain))) return { outcome: 'matches', data, evidence: seen }
    return {
      outcome: 'mismatch',
      data,
      evidence: [
        ...seen,
        evidence('the server shows', data.wanted),
        ...(usable.length
          ? []
          : [evidence('usage', 'none of the records is of usage 2 or 3, which is what mail takes')]),
      ],
    }
  },
  examples: [
    {
      name: 'no records',
      subject: { kind: 'mx-host', name: 'mx.coachdash.example' },
      facts: { tlsa: { name: '_25._tcp.mx.coachdash.example', records: [], signed: null } },
      expect: 'skip',
    },
    {
      name: 'an unsigned zone',
      subject: { kind: 'mx-host', name: 'mx.coachdash.example' },
      facts: {
        tlsa: {
          name: '_25._tcp.mx.coachdash.example',
          records: [{ usage: 3, selector: 1, matching: 1, data: 'ab' }],
          signed: false,
        },
      },
      expect: 'unsigned-zone',
    },
    {
      name: 'the key that is shown',
      subject: { kind: 'mx-host', name: 'mx.coachdash.example' },
      facts: {
        tlsa: {
          name: '_25._tcp.mx.coachdash.example',
          records: [{ usage: 3, selector: 1, matching: 1, data: exampleAssociation }],
          signed: true,
        },
        mxSmtp: {
          ok: true,
          at: '2026-11-25T00:00:00Z',
          value: {
            probe: exampleProbe({
              tls: {
                version: 'TLSv1.3',
                cipher: 'TLS_AES_256_GCM_SHA384',
                chain: [exampleCertificate],
                authorized: true,
                error: null,
              },
            }),
            message: null,
            obsolete: false,
            legacy: null,
          },
        },
      },
      expect: 'matches',
    },
  ],
})
