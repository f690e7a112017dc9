// Whether an authority has taken a certificate back: revocation lists (RFC 5280 §5) and OCSP (RFC 6960), signatures verified, so that
// nobody on the way can say it in the authority's stead.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { type Certificate, readCertificate, signatureAlgorithm } from './x509.ts'
import { type Der, derAt, derChildren, derOid, derTime } from './x509-der.ts'

/** `since` in milliseconds since the epoch. */
export type RevocationStatus =
  | { status: 'good' }
  | { status: 'revoked'; since: number }
  | { status: 'unknown'; why: string }

const unknown = (why: string): RevocationStatus => ({ status: 'unknown', why })

const isSignedBy = (body: Buffer, algorithm: Der, signature: Buffer, spki: string): boolean => {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), type: 'spki', format: 'der' })
    const { hash, name } = signatureAlgorithm(algorithm)
    if (name.startsWith('RSASSA-PSS')) return false
    return verify(hash, body, key, signature)
  } catch {
    return false
  }
}

/** What a revocation list says of a certificate. `issuer` issued the certificate and signs the list. */
export const statusInList = (
  bytes: Buffer,
  certificate: Certificate,
  issuer: Certificate,
  now: number,
): RevocationStatus => {
  try {
    const [body, algorithm, signature] = derChildren(derAt(bytes).content, 3)
    if (!body || !algorithm || !signature) return unknown('the revocation list cannot be read')
    const fields = derChildren(body.content, 8)
    const shift = fields[0]?.tag === 0x02 ? 1 : 0
    const [, name, , next, listed] = fields.slice(shift)
    if (name?.whole.toString('base64') !== issuer.subject.der)
      return unknown('the revocation list is from another authority')
    if (!isSignedBy(body.whole, algorithm, signature.content.subarray(1), issuer.publicKey.spki))
      return unknown('the revocation list is not signed by the authority')
    const hasNext = next !== undefined && (next.tag === 0x17 || next.tag === 0x18)
    if (hasNext && derTime(next) < now) return unknown('the revocation list is out of date')
    const entries = hasNext ? listed : next
    if (entries?.tag !== 0x30) return { status: 'good' }
    const wanted = Buffer.from(certificate.serial, 'hex')
    // Lists hold up to hundreds of thousands of entries: walked in place, nothing kept.
    for (let at = 0; at < entries.content.length; ) {
      const entry = derAt(entries.content, at)
      const serial = derAt(entry.content)
      if (serial.content.equals(wanted))
        return { status: 'revoked', since: derTime(derAt(entry.content, serial.whole.length)) }
      at += entry.whole.length
    }
    return { status: 'good' }
  } catch {
    return unknown('the revocation list cannot be read')
  }
}

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content])
  return Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 255]), content])
}
const sha1 = (bytes: Buffer): Buffer => createHash('sha1').update(bytes).digest()
const sha1Algorithm = Buffer.from('300906052b0e03021a0500', 'hex')

/** CertID of RFC 6960 §4.1.1; SHA-1 is what every responder answers (RFC 5019 §2.1.1), and no signature rests on it. */
const certificateId = (certificate: Certificate, issuer: Certificate): Buffer =>
  tlv(
    0x30,
    sha1Algorithm,
    tlv(0x04, sha1(Buffer.from(issuer.subject.der, 'base64'))),
    tlv(0x04, sha1(issuer.publicKey.bits)),
    tlv(0x02, Buffer.from(certificate.serial, 'hex')),
  )

/** The request that asks an OCSP responder about one certificate. */
export const ocspRequest = (certificate: Certificate, issuer: Certificate): Buffer =>
  tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, certificateId(certificate, issuer)))))

const ocspSigning = '1.3.6.1.5.5.7.3.9'
/** Clocks of responders may be this far ahead, in milliseconds. */
const skew = 300_000

/** Who may have signed a response: the issuer, and responders among `attached` that the issuer certified for it (RFC 6960 §4.2.2.2). */
const respondersOf = (issuer: Certificate, attached: readonly Der[]): Certificate[] => [
  issuer,
  ...attached
    .map(({ whole }) => readCertificate(whole))
    .filter(delegate => {
      const [tbs, how, own] = derChildren(derAt(delegate.der).content, 3)
      return (
        delegate.issuer.der === issuer.subject.der &&
        delegate.extendedKeyUsage?.includes(ocspSigning) &&
        isSignedBy(tbs!.whole, how!, own!.content.subarray(1), issuer.publicKey.spki)
      )
    }),
]

/** Whether a CertID names the certificate. Hashes other than SHA-1 are not compared: the serial number decides. */
const isAbout = (id: Der, certificate: Certificate, issuer: Certificate): boolean => {
  const [, nameHash, keyHash, serial] = derChildren(id.content, 4)
  if (!serial?.content.equals(Buffer.from(certificate.serial, 'hex'))) return false
  return nameHash?.content.length !== 20 || keyHash?.content.equals(sha1(issuer.publicKey.bits)) === true
}

/** What a SingleResponse says, where its time is right (RFC 6960 §4.2.1). */
const statusOf = ([, status, thisUpdate, next]: readonly Der[], now: number): RevocationStatus => {
  if (derTime(thisUpdate!) > now + skew) return unknown('the OCSP response is from the future')
  if (next?.tag === 0xa0 && derTime(derAt(next.content)) < now) return unknown('the OCSP response is out of date')
  if (status!.tag === 0x80) return { status: 'good' }
  if (status!.tag === 0xa1) return { status: 'revoked', since: derTime(derAt(status!.content)) }
  return unknown('the OCSP responder does not know the certificate')
}

/**
 * What an OCSP response says of a certificate; signed by the issuer, or by a responder that the issuer certified for it.
 * `now` in milliseconds since the epoch.
 */
export const statusInOcsp = (
  bytes: Buffer,
  certificate: Certificate,
  issuer: Certificate,
  now: number,
): RevocationStatus => {
  try {
    const [code, wrapped] = derChildren(derAt(bytes).content, 2)
    if (code?.content[0] !== 0 || !wrapped) return unknown('the OCSP responder gives no answer')
    const [type, octets] = derChildren(derAt(wrapped.content).content, 2)
    if (!type || derOid(type.content) !== '1.3.6.1.5.5.7.48.1.1' || !octets)
      return unknown('the OCSP response cannot be read')
    const [body, algorithm, signature, certificates] = derChildren(derAt(octets.content).content, 4)
    if (!body || !algorithm || !signature) return unknown('the OCSP response cannot be read')
    const attached = certificates ? derChildren(derAt(certificates.content).content, 8) : []
    const isSigned = respondersOf(issuer, attached).some(({ publicKey }) =>
      isSignedBy(body.whole, algorithm, signature.content.subarray(1), publicKey.spki),
    )
    if (!isSigned) return unknown('the OCSP response is not signed by the authority')
    const responses = derChildren(body.content, 8).findLast(({ tag }) => tag === 0x30)
    for (const single of derChildren(responses?.content ?? Buffer.alloc(0), 16)) {
      const parts = derChildren(single.content, 5)
      if (isAbout(parts[0]!, certificate, issuer)) return statusOf(parts, now)
    }
    return unknown('the OCSP response is about another certificate')
  } catch {
    return unknown('the OCSP response cannot be read')
  }
}
