import { describe, expect, it } from 'vitest'
import {
  canonicalName,
  decodeMessage,
  encodeName,
  encodeQuery,
  typeCode,
  typeName,
  WireError,
} from '../../../src/formats/dns/wire.ts'
import { readQuery, reply } from '../../net/support.ts'

const ask = (name: string, type: string) =>
  readQuery(encodeQuery({ id: 7, name, type: typeCode(type)!, recursionDesired: true, dnssec: false, edns: false }))
const read = (type: string, hex: string) =>
  decodeMessage(
    reply(ask('x.example', type), { answers: [{ type, data: Buffer.from(hex.replace(/\s/g, ''), 'hex') }] }),
  ).answers[0]!

describe('names', () => {
  it.each([
    ['Example.COM.', 'example.com'],
    ['', ''],
    ['.', ''],
    ['_dmarc.a_b.example', '_dmarc.a_b.example'],
    ['a:b/c.example', 'a:b/c.example'],
    ['a\\.b.example', 'a\\.b.example'],
    ['a\\000b.example', 'a\\000b.example'],
    ['\\255\\128.example', '\\255\\128.example'],
    ['back\\\\slash.example', 'back\\\\slash.example'],
    ['a\\032b.example', 'a\\032b.example'],
  ])('%j stays what it is', (given, expected) => {
    expect(canonicalName(given)).toBe(expected)
    const decoded = decodeMessage(reply(ask(given, 'A'), {})).questions[0]!
    expect(decoded.name).toBe(expected)
  })
  it('keeps every byte through a round trip', () => {
    for (let byte = 0; byte < 256; byte++) {
      const wire = Buffer.from([3, 0x61, byte, 0x62, 0])
      const query = { ...ask('x', 'A'), nameBytes: wire }
      const { name } = decodeMessage(reply(query, {})).questions[0]!
      const lower = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
      expect(encodeName(name)).toEqual(Buffer.from([3, 0x61, lower, 0x62, 0]))
    }
  })
  it.each(['a..b', '.a', `${'x'.repeat(64)}.example`, Array(130).fill('a').join('.'), 'a\\', 'a\\256'])(
    'refuses %j',
    name => {
      expect(() => encodeName(name)).toThrow(WireError)
    },
  )
})

describe('records', () => {
  it.each([
    ['A', 'c0000201', '192.0.2.1'],
    ['AAAA', '20010db8000000000000000000000001', '2001:db8::1'],
    ['AAAA', '00000000000000000000ffffc0000201', '::ffff:c000:201'],
    ['MX', '000a 026d78 00', '10 mx'],
    ['MX', '0000 00', '0 .'],
    ['NS', '026e73 c00c', 'ns.x.example'],
    ['TXT', '0361626302 6465', 'abcde'],
    ['SPF', '03616263', 'abc'],
    ['SRV', '0001 0002 0050 0161 00', '1 2 80 a'],
    ['CAA', '80 05 6973737565 6c656122', '128 issue "lea\\""'],
    ['SOA', '0161 00 0162 00 00000001 00000002 00000003 00000004 00000005', 'a b 1 2 3 4 5'],
    ['DS', '0001 08 02 abcd', '1 8 2 ABCD'],
    ['DNSKEY', '0101 03 08 010203', '257 3 8 AQID'],
    [
      'RRSIG',
      '0001 08 02 00000e10 65920080 659200ff 0007 0161 00 0102',
      'A 8 2 3600 20240101000000 20240101000207 7 a AQI=',
    ],
    ['NSEC', '0161 00 0006 400000000003', 'a A RRSIG NSEC'],
    ['NSEC3', '01 00 0000 02 aabb 05 0000000000 0001 40', '1 0 0 AABB 00000000 A'],
    ['NSEC3PARAM', '01 00 0005 00', '1 0 5 -'],
    ['TLSA', '03 01 01 abcd', '3 1 1 abcd'],
    ['HTTPS', '0001 00 0001 0003 026832 0004 0004 c0000201', '1 . alpn=h2 ipv4hint=192.0.2.1'],
    ['HTTPS', '0000 0161 00', '0 a'],
    ['TYPE65280', '010203', '\\# 3 010203'],
    ['HINFO', '', '\\# 0'],
  ])('%s %s is %s', (type, hex, data) => {
    const record = read(type, hex)
    expect(record.data).toBe(data)
    expect(record.type).toBe(type)
  })
  it('gives the parts of a record', () => {
    expect(read('MX', '000a 00').fields).toEqual({ preference: 10, exchange: '' })
    expect(read('TXT', '02c3a9 00').fields).toEqual({ strings: ['Ã©', ''] })
    expect(read('CAA', '00 05 4953535545 61').fields).toEqual({ flags: 0, tag: 'issue', value: 'a' })
  })
  it.each([
    ['A', 'c00002'],
    ['A', 'c0000201ff'],
    ['MX', '00'],
    ['TXT', '05 61'],
    ['NSEC', '00 0021'],
    ['HTTPS', '0001 00 0001 00ff 02'],
    ['HTTPS', '0001 00 0004 0003 c00002'],
    ['SOA', '00 00 0000'],
  ])('refuses a broken %s (%s)', (type, hex) => {
    expect(() => read(type, hex)).toThrow(WireError)
  })
  it('knows types by name and number', () => {
    expect(typeCode('TYPE257')).toBe(257)
    expect(typeName(257)).toBe('CAA')
    expect(typeName(4711)).toBe('TYPE4711')
    expect(typeCode('NONSENSE')).toBeNull()
  })
})

describe('hostile messages', () => {
  it('stops at compression loops, to itself, forwards and in a circle', () => {
    const base = reply(ask('x.example', 'A'), {})
    for (const pointer of [
      [0xc0, base.length],
      [0xc0, base.length + 20],
      [0xc0, 0xff],
    ]) {
      const message = Buffer.concat([base, Buffer.from([...pointer, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4])])
      message.writeUInt16BE(1, 6)
      expect(() => decodeMessage(message)).toThrow(/loop|past the end/)
    }
    const circle = Buffer.concat([
      base,
      Buffer.from([1, 0x61, 0xc0, base.length, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]),
    ])
    circle.writeUInt16BE(1, 6)
    expect(() => decodeMessage(circle)).toThrow(/loop/)
  })
  it('refuses more records than the bound, and says so', () => {
    const answers = Array.from({ length: 4000 }, () => ({ type: 'A', data: Buffer.from([192, 0, 2, 1]) }))
    try {
      decodeMessage(reply(ask('x.example', 'A'), { answers }))
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ tooLarge: true, message: expect.stringContaining('4000 records') })
    }
  })
  it('never does more than throw WireError on cut or mangled messages', () => {
    const whole = reply(ask('x.example', 'RRSIG'), {
      answers: [
        { type: 'RRSIG', data: Buffer.from('00010802000000e1065920080659200ff00070161000102'.padEnd(48, '0'), 'hex') },
      ],
    })
    let refused = 0
    const tryRead = (message: Buffer) => {
      try {
        decodeMessage(message)
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
        refused += 1
      }
    }
    for (let length = 0; length < whole.length; length++) tryRead(whole.subarray(0, length))
    for (let at = 0; at < whole.length; at++)
      for (const value of [0, 0x3f, 0x7f, 0xc0, 0xff]) {
        const mangled = Buffer.from(whole)
        mangled[at] = value
        tryRead(mangled)
      }
    expect(refused).toBeGreaterThan(whole.length)
  })
})
