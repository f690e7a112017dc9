// The zone is what it is expected to be.
import { defineCheck, high, low, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Subject } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import { addRecord, fix, removeRecord } from '../../core/fixes.ts'
import { zoneOf } from '../../facts/dns/zone-records.example.ts'
import { compareSets, expectsWholeZone, recordKey } from '../../formats/dns/record-compare.ts'

type Data = { record: string; name: string; type: string; missing: string[]; extra: string[] }

const dotted = (type: string, data: string): string =>
  ['CNAME', 'NS', 'MX', 'SRV'].includes(type) && !data.endsWith('.') ? `${data}.` : data

const setBack = ({ record, name, type, missing, extra }: Data): Fix =>
  fix(
    `Set ${record} back to what is expected`,
    [
      ...extra.map(data => removeRecord(name, type, dotted(type, data))),
      ...missing.map(data => addRecord(name, type, dotted(type, data), 300)),
    ],
    [
      'If the change was meant, write the expectation anew: `launch-ready dns snapshot`.',
      'If not, undo it and find out who can change the zone.',
    ],
    10,
  )

const record = (name: string): Subject => ({ kind: 'record', name })
const www = { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } }

export default defineCheck<Data>()({
  id: 'dns-drift',
  stage: 'dns',
  on: 'record',
  title: 'The zone is as expected',
  why: 'Records named in the config, or in the snapshot that it names, are compared with what the authoritative servers say now. Where the expectation is of a whole zone, what it does not name is told as well. A record that changed without anybody meaning it is an accident, or an attack.',
  impact: { journey: 'operate', owner: 'Somebody changed where your customers or their mail go, and nobody noticed.' },
  needs: ['recordData'],
  wants: ['zoneRecords'],
  signals: { 'links-break': ['missing'] },
  outcomes: {
    missing: high('{record} is gone', setBack),
    changed: high('{record} is not what it should be', setBack),
    extra: low('{record} has appeared', setBack, {
      why: 'Nobody has written down what it is for: it may be forgotten, or not be yours.',
    }),
    'as-expected': pass('{record} is as expected'),
  },
  references: ['https://www.cisa.gov/news-events/directives/ed-19-01-mitigate-dns-infrastructure-tampering'],
  judge: ({ recordData, zoneRecords }, { subject, target }) => {
    const { name, type, data: actual } = recordData
    const listed = Object.keys(target.expectedRecords)
    if (listed.length === 0) return skip('no records are expected')
    const key = listed.find(each => recordKey(each) === recordKey(`${name} ${type}`))
    if (key === undefined && type === 'SOA') return skip('the SOA record changes by itself')
    if (key === undefined && !(zoneRecords.ok && expectsWholeZone(listed, zoneRecords.value.records)))
      return skip('only some records are expected, and this is none of them')
    const expected = key === undefined ? [] : [target.expectedRecords[key]!].flat()
    const { missing, extra } = compareSets(type, expected, actual)
    const data: Data = { record: subject.name, name, type, missing, extra }
    const evidence = [
      textEvidence('expected', expected.join(', ') || 'nothing'),
      textEvidence('now', actual.join(', ') || 'nothing'),
    ]
    if (missing.length + extra.length === 0) return { outcome: 'as-expected', data, evidence }
    const outcome = missing.length === 0 ? 'extra' : actual.length === 0 ? 'missing' : 'changed'
    // Where mail or the app is led elsewhere, customers are lost at once.
    const isApp = ['A', 'AAAA', 'CNAME'].includes(type) && (name === target.hosts['app'] || /^app\./.test(name))
    return { outcome, data, evidence, severity: type === 'MX' || isApp ? 'blocker' : undefined }
  },
  examples: [
    {
      name: 'as it should be',
      facts: {},
      subject: record('www.example.com CNAME'),
      target: www,
      expect: 'as-expected',
    },
    {
      name: 'led elsewhere',
      facts: { recordData: { data: ['evil.example.net'] } },
      subject: record('www.example.com CNAME'),
      target: www,
      expect: 'changed',
    },
    {
      name: 'gone',
      facts: { recordData: { ttl: null, data: [] } },
      subject: record('www.example.com CNAME'),
      target: www,
      expect: 'missing',
    },
    {
      name: 'appeared beside a zone that is expected whole',
      facts: {
        recordData: { name: 'x.example.com', type: 'A', data: ['192.0.2.1'] },
        zoneRecords: zoneOf('www.example.com CNAME', 'x.example.com A'),
      },
      subject: record('x.example.com A'),
      target: www,
      expect: 'extra',
    },
  ],
})
