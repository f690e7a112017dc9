// Records of hosts can be changed within the hour, and are still cached.
import { defineCheck, low, medium, pass, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, replaceRecord } from '../../core/fixes.ts'
import { withTtls } from '../../facts/dns/host-record-sets.example.ts'
import { absoluteName } from '../../formats/dns/name.ts'
import { type TtlRecord, ttlFaults, wantedTtl } from '../../formats/dns/ttl-faults.ts'
import { spanInWords } from '../../formats/http/cache-control.ts'

type Data = { name: string; type: string; ttl: number; span: string; wanted: number; records: { data: string }[] }

const setTtl = ({ name, type, wanted, records }: Data): Fix =>
  fix(
    `Set the lifetime of ${name} ${type} to ${wanted} s`,
    records.map(record => {
      const data = type === 'CNAME' ? absoluteName(record.data) : record.data
      return replaceRecord(name, type, data, data, wanted)
    }),
    [`In the DNS settings, set the TTL of the ${type} record of ${name} to ${wanted} seconds.`],
    5,
  )

const ttlEvidence = ({ name, type, data, ttl }: TtlRecord) => textEvidence(`${name} ${type} ${data}`, `TTL ${ttl} s`)

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
    'too-long': medium('Changing {name} takes {span} to reach everyone', setTtl),
    'too-short': low('{name} is kept for {span} only: each visit waits', setTtl, {
      why: 'Each visit waits for one more lookup.',
    }),
    'inconsistent-set': medium('The {type} records of {name} have mixed lifetimes', setTtl, {
      why: 'Resolvers forget some of the records before the others, and then give an incomplete set.',
    }),
    sensible: pass('Lifetimes of address records are sensible'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc2181#section-5.2',
    'https://www.rfc-editor.org/rfc/rfc1035#section-3.2.1',
  ],
  judge: ({ hostRecordSets }) => {
    const views = hostRecordSets.flatMap(set => (set.records.ok ? set.records.value.views : []))
    const records = views.flatMap(view => view.records)
    if (records.length === 0) return unknown('no address record of a host could be read')
    const faults = ttlFaults(views).map(fault => {
      const { name, type } = fault
      const ttl = Math.max(...fault.records.map(record => record.ttl))
      return {
        outcome: fault.fault,
        key: `${name} ${type}`,
        data: {
          name,
          type,
          ttl,
          span: spanInWords(ttl),
          wanted: wantedTtl(fault),
          records: fault.records.map(({ data }) => ({ data })),
        },
        evidence: fault.records.map(ttlEvidence),
      }
    })
    if (faults.length) return faults
    const seen = [...new Map(records.map(record => [`${record.name} ${record.type} ${record.data}`, record])).values()]
    const data = { name: '', type: '', ttl: 0, span: '', wanted: 0, records: [] }
    return { outcome: 'sensible', data, evidence: seen.map(ttlEvidence) }
  },
  examples: [
    { name: 'five minutes', facts: {}, expect: 'sensible' },
    { name: 'a day', facts: { hostRecordSets: withTtls(86_400) }, expect: 'too-long' },
    { name: 'ten seconds', facts: { hostRecordSets: withTtls(10) }, expect: 'too-short' },
    { name: 'two lifetimes in one set', facts: { hostRecordSets: withTtls(300, 600) }, expect: 'inconsistent-set' },
  ],
})
