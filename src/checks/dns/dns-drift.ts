// The zone is what it is expected to be.
import { defineCheck, skip } from '../../core/check.ts'
import type { Change, Fix } from '../../core/fix.ts'
import { compareSets, expectsWholeZone, recordKey } from '../../formats/dns/record-compare.ts'

type Data = { record: string; name: string; type: string; missing: string[]; extra: string[] }

const dotted = (type: string, data: string): string =>
  ['CNAME', 'NS', 'MX', 'SRV'].includes(type) && !data.endsWith('.') ? `${data}.` : data

const fix = (data: Data): Fix => ({
  summary: `Set ${data.record} back to what is expected`,
  steps: [
    'If the change was meant, write the expectation anew: launch-ready dns snapshot.',
    'If not, undo it and find out who can change the zone.',
  ],
  changes: [
    ...data.extra.map(
      (text): Change => ({
        kind: 'dns',
        action: 'remove',
        name: `${data.name}.`,
        type: data.type,
        data: dotted(data.type, text),
      }),
    ),
    ...data.missing.map(
      (text): Change => ({
        kind: 'dns',
        action: 'add',
        name: `${data.name}.`,
        type: data.type,
        ttl: 300,
        data: dotted(data.type, text),
      }),
    ),
  ],
  effortMinutes: 10,
})

export default defineCheck<Data>()({
  id: 'dns-drift',
  stage: 'dns',
  on: 'record',
  title: 'The zone is as expected',
  why: 'Records named in the config, or in the snapshot that it names, are compared with what the authoritative servers say now. Where the expectation is of a whole zone, what it does not name is told as well. A record that changed without anybody meaning it is an accident, or an attack.',
  impact: { journey: 'operate', owner: 'Somebody changed where your customers or their mail go, and nobody noticed.' },
  needs: ['recordData'],
  wants: ['zoneRecords'],
  outcomes: {
    missing: { status: 'fail', severity: 'high', title: '{record} is gone', fix },
    changed: { status: 'fail', severity: 'high', title: '{record} is not what it should be', fix },
    extra: { status: 'fail', severity: 'low', title: '{record} has appeared', fix },
    'as-expected': { status: 'pass', title: '{record} is as expected' },
  },
  references: ['https://www.cisa.gov/news-events/directives/ed-19-01-mitigate-dns-infrastructure-tampering'],
  judge: ({ recordData, zoneRecords }, { subject, target }) => {
    const { name, type, data: actual } = recordData
    const listed = Object.keys(target.expectedRecords)
    if (listed.length === 0) return skip('no records are expected')
    const given = Object.entries(target.expectedRecords).find(
      ([key]) => recordKey(key) === recordKey(`${name} ${type}`),
    )
    if (!given && type === 'SOA') return skip('the SOA record changes by itself')
    if (!given && !(zoneRecords.ok && expectsWholeZone(listed, zoneRecords.value.records)))
      return skip('only some records are expected, and this is none of them')
    const expected = given ? [given[1]].flat() : []
    const { missing, extra } = compareSets(type, expected, actual)
    const data: Data = { record: subject.name, name, type, missing, extra }
    const evidence = [
      { label: 'expected', value: expected.join(', ') || 'nothing' },
      { label: 'now', value: actual.join(', ') || 'nothing' },
    ]
    if (missing.length + extra.length === 0) return { outcome: 'as-expected', data, evidence }
    const outcome =
      missing.length === 0 ? ('extra' as const) : actual.length === 0 ? ('missing' as const) : ('changed' as const)
    // Where mail or the app is led elsewhere, customers are lost at once.
    const carries =
      type === 'MX' || (['A', 'AAAA', 'CNAME'].includes(type) && (name === target.hosts['app'] || /^app\./.test(name)))
    return [{ outcome, data, evidence, severity: carries ? ('blocker' as const) : undefined }]
  },
  examples: [
    {
      name: 'as it should be',
      facts: { recordData: { name: 'www.example.com', type: 'CNAME', ttl: 300, data: ['host.example.net'] } },
      subject: { kind: 'record', name: 'www.example.com CNAME' },
      target: { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } },
      expect: 'as-expected',
    },
    {
      name: 'led elsewhere',
      facts: { recordData: { name: 'www.example.com', type: 'CNAME', ttl: 300, data: ['evil.example.net'] } },
      subject: { kind: 'record', name: 'www.example.com CNAME' },
      target: { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } },
      expect: 'changed',
    },
    {
      name: 'gone',
      facts: { recordData: { name: 'www.example.com', type: 'CNAME', ttl: null, data: [] } },
      subject: { kind: 'record', name: 'www.example.com CNAME' },
      target: { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } },
      expect: 'missing',
    },
    {
      name: 'appeared beside a zone that is expected whole',
      facts: {
        recordData: { name: 'x.example.com', type: 'A', ttl: 300, data: ['192.0.2.1'] },
        zoneRecords: zoneWith(['www.example.com CNAME', 'x.example.com A']),
      },
      subject: { kind: 'record', name: 'x.example.com A' },
      target: { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } },
      expect: 'extra',
    },
    {
      name: 'one record is pinned, the others are not meant',
      facts: {
        recordData: { name: 'x.example.com', type: 'A', ttl: 300, data: ['192.0.2.1'] },
        zoneRecords: zoneWith(['www.example.com CNAME', 'x.example.com A', 'example.com A', 'example.com MX']),
      },
      subject: { kind: 'record', name: 'x.example.com A' },
      target: { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } },
      expect: 'skip',
    },
    {
      name: 'a second mail server beside the one that is expected',
      facts: { recordData: { name: 'example.com', type: 'MX', ttl: 300, data: ['10 mx', '20 other'] } },
      subject: { kind: 'record', name: 'example.com MX' },
      target: { expectedRecords: { 'example.com MX': '10 mx.' } },
      expect: 'extra',
    },
  ],
})

/** A zone that holds these sets, for the examples. */
function zoneWith(sets: string[]) {
  const records = sets.map(set => {
    const [name = '', type = ''] = set.split(' ')
    return { name, type, ttl: 300, data: 'x' }
  })
  return {
    ok: true as const,
    at: '2026-11-25T00:00:00Z',
    value: { zone: 'example.com', source: 'transfer' as const, records, unread: [] },
  }
}
