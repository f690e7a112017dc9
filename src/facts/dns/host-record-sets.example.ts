// The addresses of one host as two name servers have them.
import { observed } from '../../core/fact.ts'
import type { HostRecordSets } from './host-record-sets.ts'
import type { HostRecord, ServerView } from './host-records.ts'

const host = 'app.example.com'

const address = (data: string, ttl: number): HostRecord => ({ name: host, type: 'A', ttl, data })

const setsOf = (...answers: HostRecord[][]): HostRecordSets => {
  const views = answers.map(
    (records, at): ServerView => ({
      server: { name: `ns${at + 1}.example.com`, address: `192.0.2.${at + 1}`, family: 4 },
      status: 'NOERROR',
      records,
    }),
  )
  const records = observed({ zone: 'example.com', views, delegatedTo: null, changing: false }, '2026-11-25T00:00:00Z')
  return [{ host, records }]
}

/** One name server, with an A record of each lifetime (seconds). */
export const withTtls = (...ttls: number[]): HostRecordSets =>
  setsOf(ttls.map((ttl, at) => address(`203.0.113.${at + 1}`, ttl)))

/** Name servers that each give one of these addresses. */
export const ledTo = (...addresses: string[]): HostRecordSets => setsOf(...addresses.map(data => [address(data, 300)]))

export const example: HostRecordSets = ledTo('203.0.113.10', '203.0.113.10')
