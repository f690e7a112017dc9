// Records of hosts can be changed within the hour, and are still cached.
import { defineCheck, unknown } from '../../core/check.ts'
import { observed } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { absoluteName } from '../../formats/dns/name.ts'
import { ttlBounds, ttlFaults } from '../../formats/dns/ttl-faults.ts'

type Data = { name: string; type: string; ttl: number; wanted: number; records: { data: string }[] }

const fix = ({ name, type, wanted, records }: Data): Fix => ({
  summary: `Set the lifetime of ${name} ${type} to ${wanted} s`,
  steps: [`In the DNS settings, set the TTL of the ${type} record of ${name} to ${wanted} seconds.`],
  changes: records.map(record => ({
    kind: 'dns',
    action: 'replace',
    name: absoluteName(name),
    type,
    ttl: wanted,
    data: type === 'CNAME' ? absoluteName(record.data) : record.data,
    was: type === 'CNAME' ? absoluteName(record.data) : record.data,
  })),
  effortMinutes: 5,
})

/** One host with an A record of each lifetime, for the examples. */
const withTtls = (ttls: number[]): Facts['hostRecordSets'] => [
  {
    host: 'example.com',
    records: observed(
      {
        zone: 'example.com',
        views: [
          {
            server: { name: 'ns1.example.com', address: '192.0.2.53', family: 4 },
            status: 'NOERROR',
            records: ttls.map((ttl, at) => ({ name: 'example.com', type: 'A', ttl, data: `192.0.2.${at + 1}` })),
          },
        ],
        delegatedTo: null,
        changing: false,
      },
      '2026-11-25T00:00:00Z',
    ),
  },
]

export default defineCheck<Data>()({
  id: 'ttl',
  stage: 'dns',
  on: 'domain',
  title: 'Addresses can be changed within the hour',
  why: 'The lifetime of an address record is how long the world keeps using the old one after a change. It is read from the authoritative servers, never from a cache. While launching, an hour is the most one should have to wait; under a minute every visit pays an extra lookup; a set with mixed lifetimes is served in parts (RFC 2181 §5.2).',
  impact: {
    journey: 'operate',
    owner: 'When you must move the site in a hurry, customers keep going to the old place.',
  },
  needs: ['hostRecordSets'],
  outcomes: {
    'too-long': { status: 'fail', severity: 'medium', title: 'Changing {name} takes {ttl} s to reach everyone', fix },
    'too-short': { status: 'fail', severity: 'low', title: '{name} is kept for {ttl} s only: each visit waits', fix },
    'inconsistent-set': {
      status: 'fail',
      severity: 'medium',
      title: 'The {type} records of {name} have mixed lifetimes',
      fix,
    },
    sensible: { status: 'pass', title: 'Lifetimes of address records are sensible' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc2181#section-5.2',
    'https://www.rfc-editor.org/rfc/rfc1035#section-3.2.1',
  ],
  judge: ({ hostRecordSets }) => {
    const views = hostRecordSets.flatMap(set => (set.records.ok ? set.records.value.views : []))
    if (views.every(view => view.records.length === 0)) return unknown('no address record of a host could be read')
    const faults = ttlFaults(views).map(({ fault, name, type, records }) => {
      const ttl = Math.max(...records.map(record => record.ttl))
      const wanted =
        fault === 'inconsistent-set'
          ? Math.min(ttlBounds.longest, Math.max(300, ...records.map(record => record.ttl)))
          : 300
      return {
        outcome: fault,
        key: `${name} ${type}`,
        data: { name, type, ttl, wanted, records: records.map(({ data }) => ({ data })) },
        evidence: records.map(record => ({ label: `${name} ${type} ${record.data}`, value: `TTL ${record.ttl} s` })),
      }
    })
    return faults.length
      ? faults
      : { outcome: 'sensible', data: { name: '', type: '', ttl: 0, wanted: 0, records: [] }, evidence: [] }
  },
  examples: [
    { name: 'five minutes', facts: { hostRecordSets: withTtls([300]) }, expect: 'sensible' },
    { name: 'a day', facts: { hostRecordSets: withTtls([86_400]) }, expect: 'too-long' },
    { name: 'ten seconds', facts: { hostRecordSets: withTtls([10]) }, expect: 'too-short' },
    { name: 'two lifetimes in one set', facts: { hostRecordSets: withTtls([300, 600]) }, expect: 'inconsistent-set' },
  ],
})
