// The zone is what it is expected to be.
import { defineCheck, skip } from '../../core/check.ts'
import type { Change, Fix } from '../../core/fix.ts'
import { compareSets } from '../../formats/record-compare.ts'

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
  why: 'Records named in the config, or in the snapshot that it names, are compared with what the authoritative servers say now. A record that changed without anybody meaning it is an accident, or an attack.',
  impact: { journey: 'operate', owner: 'Somebody changed where your customers or their mail go, and nobody noticed.' },
  needs: ['recordData'],
  outcomes: {
    missing: { status: 'fail', severity: 'high', title: '{record} is gone', fix },
    changed: { status: 'fail', severity: 'high', title: '{record} is not what it should be', fix },
    extra: { status: 'fail', severity: 'low', title: '{record} has appeared', fix },
    'as-expected': { status: 'pass', title: '{record} is as expected' },
  },
  references: ['https://www.cisa.gov/news-events/directives/ed-19-01-mitigate-dns-infrastructure-tampering'],
  judge: ({ recordData }, { subject, target }) => {
    const { name, type, data: actual } = recordData
    const given = Object.entries(target.expectedRecords).find(
      ([key]) => key.toLowerCase().replace(/\.(?=\s)/, '') === `${name} ${type}`.toLowerCase(),
    )
    if (Object.keys(target.expectedRecords).length === 0) return skip('no records are expected')
    const expected = given ? [given[1]].flat() : []
    if (!given && type === 'SOA') return skip('the SOA record changes by itself')
    const { missing, extra } = compareSets(type, expected, actual)
    const data: Data = { record: subject.name, name, type, missing, extra }
    const evidence = [
      { label: 'expected', value: expected.join(', ') || 'nothing' },
      { label: 'now', value: actual.join(', ') || 'nothing' },
    ]
    if (missing.length + extra.length === 0) return { outcome: 'as-expected', data, evidence }
    const outcome = !given ? ('extra' as const) : actual.length === 0 ? ('missing' as const) : ('changed' as const)
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
      name: 'appeared',
      facts: { recordData: { name: 'x.example.com', type: 'A', ttl: 300, data: ['192.0.2.1'] } },
      subject: { kind: 'record', name: 'x.example.com A' },
      target: { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } },
      expect: 'extra',
    },
  ],
})
