// What an authoritative server of the lab answers: RFC 1034 §4.3.2, RFC 4592.
import { describe, expect, test } from 'vitest'
import { answerFrom, parseRecords, patchRecords, withSerial, withSoa } from '../../src/lab/zone.ts'

const records = parseRecords(
  `
# a comment
@ NS ns1
ns1 A 192.0.2.53
@ TXT v=spf1 -all; kept
www 300 CNAME app
app A 192.0.2.10
out CNAME elsewhere.example.
*.wild A 192.0.2.99
deep.empty TXT "one" "two"
sub NS ns.sub
ns.sub A 192.0.2.54
sub DS 1 13 2 00ff
`,
  'zone.example',
  3600,
)
const zone = withSoa({ name: 'zone.example', records }, 7, 60)
const ask = (name: string, type: string) => answerFrom(zone, name, type, false)

describe('compact records', () => {
  test('names are relative to the zone, TTLs are optional, TXT keeps its semicolons', () => {
    expect(records).toContainEqual({ name: 'www.zone.example', ttl: 300, type: 'CNAME', data: 'app.zone.example.' })
    expect(records).toContainEqual({ name: 'zone.example', ttl: 3600, type: 'TXT', data: 'v=spf1 -all; kept' })
  })
  test('a line that is no record is refused', () => {
    expect(() => parseRecords('www CNAM app', 'zone.example', 60)).toThrow('not a record')
  })
  test('a patch adds and removes', () => {
    const patched = patchRecords(records, '- app A\napp A 192.0.2.11', 'zone.example', 60)
    expect(patched.filter(record => record.name === 'app.zone.example').map(record => record.data)).toEqual([
      '192.0.2.11',
    ])
  })
  test('the serial is set or goes up by one', () => {
    const serial = (data: typeof zone) => data.records.find(record => record.type === 'SOA')?.data.split(' ')[2]
    expect([serial(zone), serial(withSerial(zone)), serial(withSerial(zone, 99))]).toEqual(['7', '8', '99'])
  })
})

describe('answers', () => {
  test('a name that does not exist is NXDOMAIN with the SOA', () => {
    const reply = ask('nope.zone.example', 'A')
    expect([reply.rcode, reply.authorities.map(record => record.type)]).toEqual(['NXDOMAIN', ['SOA']])
  })
  test('a name without that type, and an empty non-terminal, are NODATA', () => {
    for (const reply of [ask('app.zone.example', 'AAAA'), ask('empty.zone.example', 'A')]) {
      expect([reply.rcode, reply.answers, reply.authorities.length]).toEqual(['NOERROR', [], 1])
    }
  })
  test('a CNAME is followed within the zone and left at its border', () => {
    expect(ask('www.zone.example', 'A').answers.map(record => record.type)).toEqual(['CNAME', 'A'])
    expect(ask('out.zone.example', 'A').answers.map(record => record.data)).toEqual(['elsewhere.example.'])
  })
  test('a wildcard stands for any depth below it, not for itself being absent elsewhere', () => {
    expect(ask('a.b.wild.zone.example', 'A').answers).toEqual([
      { name: 'a.b.wild.zone.example', ttl: 3600, type: 'A', data: '192.0.2.99' },
    ])
    expect(ask('wild.zone.example', 'A').rcode).toBe('NOERROR')
  })
  test('below a cut is a referral with glue; the DS of the cut is the parent’s', () => {
    const referral = ask('x.sub.zone.example', 'A')
    expect([referral.authoritative, referral.authorities[0]?.data, referral.additionals[0]?.data]).toEqual([
      false,
      'ns.sub.zone.example.',
      '192.0.2.54',
    ])
    expect(ask('sub.zone.example', 'DS').answers).toHaveLength(1)
  })
})
