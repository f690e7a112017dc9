// DNSSEC by the examples of the RFCs: keys, digests and signatures that others made.
import { describe, expect, test } from 'vitest'
import { type SignedRecord, typeBitmap } from '../../../src/formats/dns/canonical-data.ts'
import { dsDigest, keyTagOf } from '../../../src/formats/dns/dnskey.ts'
import { verifySet } from '../../../src/formats/dns/dnssec.ts'
import { nsec3Hash, provesAbsence } from '../../../src/formats/dns/dnssec-denial.ts'
import { climb, compareNames, isWithin, labelsOf } from '../../../src/formats/dns/name.ts'

const seconds = (text: string): number => Date.parse(text) / 1000

const key = (algorithm: number, publicKey: string) => {
  const bare = { flags: 257, protocol: 3, algorithm, publicKey }
  return { ...bare, keyTag: keyTagOf(bare) }
}

const rrsig = (
  name: string,
  typeCovered: string,
  algorithm: number,
  labels: number,
  expiration: number,
  inception: number,
  keyTag: number,
  signer: string,
  signature: string,
): SignedRecord => ({
  name,
  type: 'RRSIG',
  ttl: 3600,
  data: '',
  fields: { typeCovered, algorithm, labels, originalTtl: 3600, expiration, inception, keyTag, signer, signature },
})

describe('RFC 8080 §6.1, Ed25519', () => {
  const own = key(15, 'l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=')
  const mx: SignedRecord = {
    name: 'example.com',
    type: 'MX',
    ttl: 3600,
    data: '10 mail.example.com',
    fields: { preference: 10, exchange: 'mail.example.com' },
  }
  const signature = rrsig(
    'example.com',
    'MX',
    15,
    2,
    1440021600,
    1438207200,
    3613,
    'example.com',
    'oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
  )
  test('key tag and DS', () => {
    expect(own.keyTag).toBe(3613)
    expect(dsDigest('example.com', own, 2)).toBe('3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b')
  })
  test('the signature holds in its time, and not before, after, or over other data', () => {
    const at = 1439000000
    expect(verifySet([mx], [signature], [own], 'example.com', at).ok).toBe(true)
    expect(verifySet([mx], [signature], [own], 'example.com', 1440021601)).toMatchObject({
      ok: false,
      fault: 'expired',
    })
    expect(verifySet([mx], [signature], [own], 'example.com', 1438207199)).toMatchObject({
      ok: false,
      fault: 'not-yet-valid',
    })
    const other = { ...mx, fields: { preference: 11, exchange: 'mail.example.com' } }
    expect(verifySet([other], [signature], [own], 'example.com', at)).toMatchObject({ ok: false, fault: 'wrong' })
    expect(verifySet([mx], [signature], [{ ...own, keyTag: 1 }], 'example.com', at)).toMatchObject({
      ok: false,
      fault: 'no-key',
    })
    expect(verifySet([mx], [signature], [own], 'com', at)).toMatchObject({ ok: false, fault: 'foreign-signer' })
    expect(verifySet([mx], [], [own], 'example.com', at)).toMatchObject({ ok: false, fault: 'unsigned' })
  })
})

describe('RFC 6605 §6.1, ECDSA P-256', () => {
  test('DS and signature', () => {
    const own = key(13, 'GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==')
    expect(own.keyTag).toBe(55648)
    expect(dsDigest('example.net', own, 2)).toBe('b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17')
    const a: SignedRecord = { name: 'www.example.net', type: 'A', ttl: 3600, data: '192.0.2.1' }
    const signature = rrsig(
      'www.example.net',
      'A',
      13,
      3,
      seconds('2010-09-09T10:04:39Z'),
      seconds('2010-08-12T10:04:39Z'),
      55648,
      'example.net',
      'qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==',
    )
    expect(verifySet([a], [signature], [own], 'example.net', seconds('2010-08-20T00:00:00Z'))).toMatchObject({
      ok: true,
      wildcard: false,
    })
  })
})

// RFC 4034 §4.1.2: window, length, bits. A type that is left out breaks the signature of the whole record.
test.each([
  [
    ['A', 'MX', 'RRSIG', 'NSEC', 'TYPE1234'],
    '0006400100000003 041b000000000000000000000000000000000000000000000000000020',
  ],
  [['SSHFP'], '0006000000000008'],
  [['SVCB', 'HTTPS', 'URI'], '00090000000000000000c0 010180'],
  [['no type'], ''],
])('the bitmap of %j', (types, hex) => expect(typeBitmap(types).toString('hex')).toBe(hex.replaceAll(' ', '')))

describe('denial', () => {
  test.each([
    ['example', '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom'],
    ['a.example', '35mthgpgcu1qg68fab165klnsnk3dpvl'],
    ['ai.example', 'gjeqe526plbf1g8mklp59enfd789njgi'],
    ['*.w.example', 'r53bq7cc2uvmubfu5ocmm6pers9tk9en'],
    ['xx.example', 't644ebqk9bibcna874givr6joj62mlhv'],
  ])('the hash of %s is that of RFC 5155 appendix A', (name, hash) => {
    expect(nsec3Hash(name, 'aabbccdd', 12)).toBe(hash)
  })
  const nsec = (name: string, next: string, types: string[]): SignedRecord => ({
    name,
    type: 'NSEC',
    ttl: 300,
    data: '',
    fields: { next, types },
  })
  test('NSEC: what is covered does not exist, unless a wildcard could answer', () => {
    const covers = nsec('a.example', 'd.example', ['A', 'RRSIG', 'NSEC'])
    const apex = nsec('example', 'a.example', ['SOA', 'NS', 'RRSIG', 'NSEC'])
    expect(provesAbsence('NXDOMAIN', 'b.example', 'A', [covers, apex], 'example')).toBe(true)
    expect(provesAbsence('NXDOMAIN', 'b.example', 'A', [covers], 'example')).toBe(false)
    expect(provesAbsence('NXDOMAIN', 'e.example', 'A', [covers, apex], 'example')).toBe(false)
    expect(provesAbsence('NODATA', 'a.example', 'MX', [covers], 'example')).toBe(true)
    expect(provesAbsence('NODATA', 'a.example', 'A', [covers], 'example')).toBe(false)
  })
  test('NSEC of the parent at a cut proves that there is no DS, and nothing else; that of the child never does', () => {
    const parent = nsec('sub.example', 'z.example', ['NS', 'RRSIG', 'NSEC'])
    expect(provesAbsence('NODATA', 'sub.example', 'DS', [parent], 'example')).toBe(true)
    expect(provesAbsence('NODATA', 'sub.example', 'A', [parent], 'example')).toBe(false)
    expect(
      provesAbsence(
        'NODATA',
        'sub.example',
        'DS',
        [nsec('sub.example', 'z.example', ['NS', 'SOA', 'RRSIG', 'NSEC'])],
        'example',
      ),
    ).toBe(false)
    expect(provesAbsence('NXDOMAIN', 'x.sub.example', 'A', [parent], 'example')).toBe(false)
  })
})

describe('names', () => {
  test('the canonical order of RFC 4034 §6.1', () => {
    const ordered = [
      'example',
      'a.example',
      'yljkjljk.a.example',
      'z.a.example',
      'zabc.a.example',
      'z.example',
      '\\001.z.example',
      '*.z.example',
      '\\200.z.example',
    ]
    expect([...ordered].reverse().sort(compareNames)).toEqual(ordered)
  })
  test('labels, parents and containment respect escapes', () => {
    expect(labelsOf('a\\.b.c')).toEqual(['a\\.b', 'c'])
    expect(climb('a.b.c')).toEqual(['a.b.c', 'b.c', 'c'])
    expect(isWithin('notexample.com', 'example.com')).toBe(false)
    expect(isWithin('x.example.com.', 'EXAMPLE.com')).toBe(true)
  })
})
