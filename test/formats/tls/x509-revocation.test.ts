// What revocation lists and OCSP responses say of a certificate, and which of them are not believed.
import { sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src/formats/tls/x509.ts'
import { derAt, derChildren } from '../../../src/formats/tls/x509-der.ts'
import { ocspRequest, statusInList, statusInOcsp } from '../../../src/formats/tls/x509-revocation.ts'
import { type Made, make, makeAuthority, makeRevocationList } from '../../support/tls-certificates.ts'

const now = Date.parse('2026-11-25T00:00:00Z')
const { intermediate } = makeAuthority()
const stranger = makeAuthority('Nobody Knows').intermediate
const made = make({ subject: 'CN=example.com', issuer: intermediate, names: ['example.com'] })
const read = ({ der }: Made) => readCertificate(Buffer.from(der, 'base64'))
const leaf = read(made)
const issuer = read(intermediate)

describe('a revocation list', () => {
  it.each<[string, Buffer, object]>([
    [
      'names it',
      makeRevocationList(intermediate, ['7f', leaf.serial]),
      { status: 'revoked', since: Date.parse('2026-11-10') },
    ],
    ['names another', makeRevocationList(intermediate, ['7f']), { status: 'good' }],
    ['is empty', makeRevocationList(intermediate, []), { status: 'good' }],
    [
      'is old',
      makeRevocationList(intermediate, [leaf.serial], '2026-11-20'),
      { status: 'unknown', why: 'the revocation list is out of date' },
    ],
    [
      'is of another authority',
      makeRevocationList(stranger, [leaf.serial]),
      { status: 'unknown', why: 'the revocation list is from another authority' },
    ],
    [
      'bears the name alone',
      makeRevocationList({ ...stranger, subject: intermediate.subject }, [leaf.serial]),
      { status: 'unknown', why: 'the revocation list is not signed by the authority' },
    ],
    ['is a page', Buffer.from('<!doctype html>'), { status: 'unknown', why: 'the revocation list cannot be read' }],
    [
      'is cut',
      makeRevocationList(intermediate, [leaf.serial]).subarray(0, 80),
      { status: 'unknown', why: 'the revocation list cannot be read' },
    ],
    ['is nothing', Buffer.alloc(0), { status: 'unknown', why: 'the revocation list cannot be read' }],
  ])('%s', (_, bytes, expected) => expect(statusInList(bytes, leaf, issuer, now)).toEqual(expected))
})

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]), content])
}
const time = (iso: string): Buffer => tlv(0x18, Buffer.from(iso.replace(/[-:T]|\.\d+/g, '')))
/** CertID of the request, found where RFC 6960 §4.1.1 puts it. */
const certificateId = (certificate = leaf): Buffer => {
  let inner = derAt(ocspRequest(certificate, issuer))
  for (let depth = 0; depth < 4; depth++) inner = derChildren(inner.content)[0]!
  return inner.whole
}

type Response = { status?: Buffer; id?: Buffer; thisUpdate?: string; nextUpdate?: string; signer?: Made; code?: number }
const response = ({ status, id, thisUpdate, nextUpdate, signer, code }: Response): Buffer => {
  const single = tlv(
    0x30,
    id ?? certificateId(),
    status ?? tlv(0x80),
    time(thisUpdate ?? '2026-11-24T00:00:00Z'),
    tlv(0xa0, time(nextUpdate ?? '2026-12-01T00:00:00Z')),
  )
  const body = tlv(0x30, tlv(0xa2, tlv(0x04, Buffer.alloc(20))), time('2026-11-24T00:00:00Z'), tlv(0x30, single))
  const algorithm = tlv(0x30, tlv(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
  const signature = sign('sha256', body, (signer ?? intermediate).pair.privateKey)
  const basic = tlv(0x30, body, algorithm, tlv(0x03, Buffer.from([0]), signature))
  const type = tlv(0x06, Buffer.from('2b0601050507300101', 'hex'))
  return tlv(0x30, tlv(0x0a, Buffer.from([code ?? 0])), tlv(0xa0, tlv(0x30, type, tlv(0x04, basic))))
}

describe('an OCSP response', () => {
  it.each<[string, Buffer, object]>([
    ['good', response({}), { status: 'good' }],
    [
      'revoked',
      response({ status: tlv(0xa1, time('2026-11-10T00:00:00Z')) }),
      { status: 'revoked', since: Date.parse('2026-11-10') },
    ],
    [
      'not known',
      response({ status: tlv(0x82) }),
      { status: 'unknown', why: 'the OCSP responder does not know the certificate' },
    ],
    [
      'old',
      response({ nextUpdate: '2026-11-24T12:00:00Z' }),
      { status: 'unknown', why: 'the OCSP response is out of date' },
    ],
    ['a clock five minutes ahead', response({ thisUpdate: '2026-11-25T00:05:00Z' }), { status: 'good' }],
    [
      'from the future',
      response({ thisUpdate: '2026-11-26T00:00:00Z' }),
      { status: 'unknown', why: 'the OCSP response is from the future' },
    ],
    [
      'signed by a stranger',
      response({ signer: stranger }),
      { status: 'unknown', why: 'the OCSP response is not signed by the authority' },
    ],
    [
      'about another certificate',
      response({ id: certificateId(issuer) }),
      { status: 'unknown', why: 'the OCSP response is about another certificate' },
    ],
    ['try later', response({ code: 3 }), { status: 'unknown', why: 'the OCSP responder gives no answer' }],
    ['a page', Buffer.from('<!doctype html>'), { status: 'unknown', why: 'the OCSP response cannot be read' }],
  ])('%s', (_, bytes, expected) => expect(statusInOcsp(bytes, leaf, issuer, now)).toEqual(expected))
})
