// The records of a small zone.
import type { ZoneRecord, ZoneRecords } from './zone-records.ts'

const record = (name: string, type: string, data: string): ZoneRecord => ({ name, type, ttl: 300, data })

export const example: ZoneRecords = {
  zone: 'example.com',
  source: 'names',
  records: [
    record('example.com', 'SOA', 'ns1.example.com hostmaster.example.com 1 7200 3600 1209600 300'),
    record('example.com', 'NS', 'ns1.example.com'),
    record('example.com', 'NS', 'ns2.example.com'),
    record('example.com', 'A', '203.0.113.10'),
    record('example.com', 'MX', '10 mail.example.com'),
    record('mail.example.com', 'A', '203.0.113.25'),
    record('www.example.com', 'CNAME', 'host.example.net'),
  ],
  unread: [],
}

/** A zone that holds exactly these record sets: `'www.example.com CNAME'`. */
export const zoneOf = (...sets: string[]): ZoneRecords => ({
  ...example,
  records: sets.map(set => {
    const [name = '', type = ''] = set.split(' ')
    return record(name, type, 'x')
  }),
})
