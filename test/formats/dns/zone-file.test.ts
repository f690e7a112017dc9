// Zone files: what is printed is read back the same; faults have line, column and what was expected.
import { describe, expect, test } from 'vitest'
import { compareSets } from '../../../src/formats/dns/record-compare.ts'
import { parseZone, printZone, quoteText } from '../../../src/formats/dns/zone-file.ts'

const records = [
  {
    name: 'example.com',
    type: 'SOA',
    ttl: 3600,
    data: 'ns1.example.com hostmaster.example.com 7 7200 3600 1209600 300',
  },
  { name: 'example.com', type: 'NS', ttl: 3600, data: 'ns1.example.com' },
  { name: 'ns1.example.com', type: 'A', ttl: 3600, data: '192.0.2.53' },
  { name: 'example.com', type: 'MX', ttl: 300, data: '10 mx.example.net' },
  { name: 'example.com', type: 'TXT', ttl: 300, data: `v=spf1 "quoted" back\\slash ${'x'.repeat(300)}` },
  { name: 'example.com', type: 'CAA', ttl: 300, data: '0 issue "letsencrypt.org"' },
  { name: '_sip._tcp.example.com', type: 'SRV', ttl: 300, data: '10 5 5060 sip.example.com' },
  { name: 'www.example.com', type: 'CNAME', ttl: 300, data: 'host.example.net' },
  { name: 'six.example.com', type: 'AAAA', ttl: 300, data: '2001:db8::1' },
]

describe('printZone and parseZone', () => {
  test('what is printed is read back the same', () => {
    const read = parseZone(printZone('example.com', records, ['a comment']))
    expect(read.ok).toBe(true)
    if (!read.ok) return
    expect(read.value.origin).toBe('example.com')
    const key = (record: { name: string; type: string }): string => `${record.name} ${record.type}`
    expect([...read.value.records].sort((a, b) => (key(a) < key(b) ? -1 : 1))).toEqual(
      [...records].sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    )
  })
  test('what a server would refuse is kept as a comment', () => {
    const text = printZone('example.com', [
      ...records,
      { name: 'www.example.com', type: 'TXT', ttl: 300, data: 'x' },
      { name: 'elsewhere.org', type: 'A', ttl: 1, data: '192.0.2.1' },
    ])
    expect(text).toContain('; an alias beside other data: www 300 IN CNAME host.example.net.')
    expect(text).toContain('; outside of the zone: elsewhere.org. 1 IN A 192.0.2.1')
  })
  test('texts are cut at 255 bytes and escaped', () => {
    expect(quoteText('a"b')).toBe('"a\\"b"')
    expect(quoteText('\u0000é')).toBe('"\\000\\233"')
    expect(quoteText('x'.repeat(256))).toBe(`"${'x'.repeat(255)}" "x"`)
  })
  test('parentheses, comments, inherited names and units are read', () => {
    const read = parseZone(
      '$ORIGIN example.com.\n$TTL 1h\n@ IN SOA ns1 hostmaster ( 7 2h 1h ; comment\n 2w 5m )\n  IN NS ns1\nwww 5m IN A 192.0.2.1\n',
    )
    expect(read).toEqual({
      ok: true,
      value: {
        origin: 'example.com',
        records: [
          {
            name: 'example.com',
            type: 'SOA',
            ttl: 3600,
            data: 'ns1.example.com hostmaster.example.com 7 7200 3600 1209600 300',
          },
          { name: 'example.com', type: 'NS', ttl: 3600, data: 'ns1.example.com' },
          { name: 'www.example.com', type: 'A', ttl: 300, data: '192.0.2.1' },
        ],
      },
    })
  })
  test.each([
    ['www 300 IN A 192.0.2.1', 1, 1, '$ORIGIN'],
    ['$ORIGIN example.com.\nwww 300 IN A 192.0.2.999', 2, 14, 'IPv4'],
    ['$ORIGIN example.com.\nwww 300 IN BOGUS x', 2, 12, 'record type'],
    ['$ORIGIN example.com.\nwww 300 IN MX ten mail', 2, 15, 'preference'],
    ['$ORIGIN example.com.\n@ 300 IN SOA ns1 host ( 1 2 3', 2, 23, 'closing parenthesis'],
    ['$ORIGIN example.com.\nwww 300 IN TXT "open', 2, 16, 'closing quotation mark'],
    ['$ORIGIN example.com.\nwww 300 IN A', 2, 13, 'data of the A record'],
    ['$INCLUDE other.zone', 1, 1, '$ORIGIN or $TTL'],
    ['$ORIGIN example.com.\n$TTL soon', 2, 6, 'lifetime'],
    ['$ORIGIN example.com.\na..b 300 IN A 192.0.2.1', 2, 1, 'empty labels'],
  ])('%j: line %i, column %i', (text, line, column, expected) => {
    const read = parseZone(text)
    expect(read.ok).toBe(false)
    if (read.ok) return
    expect([read.fault.line, read.fault.column]).toEqual([line, column])
    expect(read.fault.expected).toContain(expected)
  })
})

describe('zone files as other tools write them', () => {
  const origin = '$ORIGIN a.example.\n'
  const dataOf = (line: string): string | undefined => {
    const parsed = parseZone(`${origin}${line}\n`)
    return parsed.ok ? parsed.value.records[0]?.data : JSON.stringify(parsed.fault)
  }
  test('a word that is quoted in part stays one word', () => {
    expect(dataOf('@ 300 HTTPS 1 . alpn="h3,h2" ipv4hint=192.0.2.1')).toBe('1 . alpn=h3,h2 ipv4hint=192.0.2.1')
    expect(dataOf('@ 300 TXT "one""two" three')).toBe('onetwothree')
  })
  test('digests in several words are one', () =>
    expect(dataOf('x 300 DS 1 13 2 ( ABCD EF01 )')).toBe('1 13 2 ABCDEF01'))
  test('a byte order mark is no text', () => expect(parseZone(`\ufeff${origin}@ 300 NS ns1\n`).ok).toBe(true))
  test.each([
    ['x 300 AAAA 2001:db8:::1', 12, 'an IPv6 address such as 2001:db8::1'],
    ['x 300 CNAME y z', 15, 'the end of the line'],
    ['bücher 300 A 192.0.2.1', 1, 'a name that DNS can carry (it is not in ASCII: write xn--…)'],
  ])('%s', (line, column, expected) => {
    const parsed = parseZone(`${origin}${line}\n`)
    expect(parsed.ok ? null : { ...parsed.fault, found: '' }).toEqual({ line: 2, column, expected, found: '' })
  })
  test('two spellings of one IPv6 address are the same', () =>
    expect(compareSets('AAAA', ['2001:0DB8:0:0::1'], ['2001:db8::1'])).toEqual({ missing: [], extra: [] }))
})
