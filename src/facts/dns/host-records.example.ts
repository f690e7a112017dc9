// A host's records at each of its zone's servers, for the examples of checks.
import type { HostRecords, ServerView } from './host-records.ts'

const view = (name: string, address: string, data: string): ServerView => ({
  server: { name, address, family: 4 },
  status: 'NOERROR',
  records: [{ name: 'example.com', type: 'A', ttl: 300, data }],
})

/** Three servers that say the same; the records of the second may be given. */
export const answering = (second = '93.184.215.14'): HostRecords => ({
  zone: 'example.com',
  views: [
    view('ns1.example.net', '198.51.100.1', '93.184.215.14'),
    view('ns2.example.net', '198.51.100.2', second),
    view('ns3.example.net', '198.51.100.3', '93.184.215.14'),
  ],
  delegatedTo: null,
  changing: false,
})

/** Three servers that say the same. */
export const example: HostRecords = answering()
