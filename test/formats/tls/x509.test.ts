// Certificates read from their bytes: names against hosts, what hostile bytes give, and Node's own reader as a second opinion.
import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { describe, expect, test } from 'vitest'
import {
  certificateCovers,
  nameMatches,
  readCertificate,
  subjectOf,
  tryCertificate,
} from '../../../src/formats/tls/x509.ts'
import { make, makeAuthority } from '../../support/tls-certificates.ts'

const bytesOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')

describe('names', () => {
  test.each([
    ['example.com', 'example.com', true],
    ['EXAMPLE.com', 'example.COM', true],
    ['example.com', 'example.com.', true],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['a.*.example.com', 'a.b.example.com', false],
    ['w*.example.com', 'www.example.com', false],
    ['*', 'example', false],
    ['*.com', 'example.com', false],
    ['*.*.example.com', 'a.b.example.com', false],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', true],
    ['bücher.example', 'xn--bcher-kva.example', false],
    ['*.xn--bcher-kva.example', 'www.xn--bcher-kva.example', true],
    ['example.com\0.evil.example', 'example.com', false],
    ['example.com\0.evil.example', 'example.com\0.evil.example', false],
    ['.example.com', 'a.example.com', false],
    ['example.com.', 'example.com', false],
    ['', 'example.com', false],
  ])('%j for %j: %s', (name, host, expected) => {
    expect(nameMatches(name, host)).toBe(expected)
  })

  test('the common name does not count; addresses count as addresses', () => {
    expect(certificateCovers(readCertificate(bytesOf(make({ subject: 'CN=example.com' }).pem)), 'example.com')).toBe(
      false,
    )
    const made = make({ subject: 'CN=x', names: ['192.0.2.1'], addresses: ['192.0.2.2', '2001:db8::1'] })
    const read = readCertificate(bytesOf(made.pem))
    expect(['192.0.2.1', '192.0.2.2', '2001:db8:0::1'].map(host => certificateCovers(read, host))).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('reading', () => {
  test('every bundled root as Node reads it', () => {
    expect(rootCertificates.length).toBeGreaterThan(100)
    for (const pem of rootCertificates) {
      const node = new X509Certificate(pem)
      const own = readCertificate(bytesOf(pem))
      expect(own.notBefore).toBe(Date.parse(node.validFrom))
      expect(own.notAfter).toBe(Date.parse(node.validTo))
      expect(own.serial.replace(/^0+/, '')).toBe(node.serialNumber.toLowerCase().replace(/^0+/, ''))
      expect(own.isAuthority).toBe(node.ca)
      expect(own.key?.type).toBe(node.publicKey.asymmetricKeyType)
      expect(subjectOf(bytesOf(pem))).toBe(own.subject.der)
    }
  })

  test('the extensions of a website', () => {
    const { intermediate } = makeAuthority('Example', 'ec', {
      pathLength: 0,
      permitted: ['example.com'],
      excluded: ['x.example.com'],
    })
    const authority = readCertificate(bytesOf(intermediate.pem))
    expect(authority).toMatchObject({
      isAuthority: true,
      pathLength: 0,
      keyUsage: [5, 6],
      constraints: { permitted: ['example.com'], excluded: ['x.example.com'] },
      subject: { organization: 'Example', common: 'Example E1', text: 'O=Example, CN=Example E1' },
    })
    const made = make({
      subject: 'CN=a.example.com',
      issuer: intermediate,
      kind: 'rsa',
      names: ['a.example.com'],
      timestamps: 3,
      ocspUrl: 'http://ocsp.example/',
      issuerUrl: 'http://aia.example/e1.der',
      crlUrl: 'http://crl.example/1.crl',
    })
    expect(readCertificate(bytesOf(made.pem))).toMatchObject({
      isAuthority: false,
      key: { type: 'rsa', bits: 2048 },
      signature: { name: 'ecdsa-with-SHA256', hash: 'sha256' },
      scts: 3,
      ocspUrls: ['http://ocsp.example/'],
      issuerUrls: ['http://aia.example/e1.der'],
      crlUrls: ['http://crl.example/1.crl'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
      authorityKeyId: authority.subjectKeyId,
    })
  })

  test('no bytes make it throw anything but a refusal', () => {
    const good = bytesOf(make({ subject: 'CN=example.com', names: ['example.com'], timestamps: 1 }).pem)
    for (let length = 0; length < good.length; length++) expect(tryCertificate(good.subarray(0, length))).toBe(null)
    // Every byte changed in turn: read or refused, never hung, never another error.
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad[at]! ^= 0xff
      const read = tryCertificate(bad)
      if (read) expect(read.der.length).toBeLessThanOrEqual(bad.length)
    }
    expect(tryCertificate(Buffer.from('3080', 'hex'))).toBe(null)
    expect(tryCertificate('!!')).toBe(null)
  })
})
