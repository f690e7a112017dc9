// cname: aliases of many steps, to addresses, and beside other records.
import cname from '../../../src/checks/dns/cname.ts'
import { zoneOf } from '../../../src/facts/dns/zone-records.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const subject = { kind: 'record' as const, name: 'www.example.com CNAME' }
const ledTo = (...targets: string[]) => ({ subject, facts: { cnameChain: { targets } } })

itJudges(cname, [
  ['four steps', 'chain', ledTo('b.example.com', 'c.example.com', 'd.example.com', 'e.example.net')],
  ['to an address', 'to-address', ledTo('192.0.2.1')],
  [
    'beside a TXT record',
    'beside-other-data',
    { subject, facts: { zoneRecords: zoneOf('www.example.com CNAME', 'www.example.com TXT') } },
  ],
])
