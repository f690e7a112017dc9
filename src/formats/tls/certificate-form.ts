// What browsers refuse in a certificate whoever vouches for it: extensions that they must understand and do not, names that are none,
// signatures and keys that they do not know, a key that may not do what the handshake needs (RFC 5280 §4.2, RFC 8446 §4.4.2.2).
import type { Certificate } from './x509.ts'

/** Critical extensions that browsers understand: key usage, names, constraints, policies, purposes. */
const understood = new Set([
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.19',
  '2.5.29.30',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.37',
  '2.5.29.54',
  '1.3.6.1.5.5.7.1.3',
])

/** Marks a precertificate, which goes to transparency logs and to nobody else (RFC 6962 §3.1). */
const poison = '1.3.6.1.4.1.11129.2.4.3'

const signatures = /^(?:md5|sha1|sha256|sha384|sha512)WithRSAEncryption$|^ecdsa-with-SHA(?:1|256|384|512)$|^RSASSA-PSS/
const signingCurves = /^(?:P-256|P-384|P-521)$/

const isAscii = (text: string): boolean => [...text].every(character => character < '\u0080')

const extensionFault = ({ critical }: Certificate): string | null => {
  if (critical.includes(poison)) return 'is a precertificate, made for transparency logs'
  const unknown = critical.find(id => !understood.has(id))
  return unknown === undefined ? null : `has a critical extension (${unknown}) that browsers do not know`
}

/** Why browsers refuse this certificate wherever it stands on a path; null when they do not. */
export const formFault = (certificate: Certificate): string | null => {
  const extension = extensionFault(certificate)
  if (extension) return extension
  const odd = certificate.names?.dns.find(name => !isAscii(name))
  if (odd !== undefined) return 'has a name with letters beyond ASCII, which must be written as xn--'
  if (certificate.subject.text === '' && certificate.names && !certificate.critical.includes('2.5.29.17'))
    return 'has no subject, and names that are not marked critical'
  const isOwn = certificate.issuer.der === certificate.subject.der
  return isOwn || signatures.test(certificate.signature.name)
    ? null
    : `has a signature (${certificate.signature.name}) that browsers do not know`
}

/** Why browsers verify nothing with the key of an issuer; null when they do. */
export const signingKeyFault = ({ key }: Certificate): string | null => {
  if (!key || key.type === 'rsa') return key && key.bits > 0 && key.bits < 1024 ? `RSA of ${key.bits} bits` : null
  if (key.type !== 'ec') return key.type.replace(/^ed/, 'Ed')
  return key.curve === null || signingCurves.test(key.curve) ? null : key.curve
}

/** Bits of the key usage (RFC 5280 §4.2.1.3). */
const digitalSignature = 0
const keyEncipherment = 2

/** Why browsers end a handshake with this suite: the key may not do what it needs. `cipher` by OpenSSL's name. */
export const keyUsageFault = ({ keyUsage, key }: Certificate, cipher: string | null): string | null => {
  if (!keyUsage || cipher === null) return null
  const signs = /^(?:TLS_|ECDHE-|DHE-)/.test(cipher)
  if (signs)
    return keyUsage.includes(digitalSignature) ? null : `its key may not sign (no digitalSignature), as ${cipher} needs`
  return key?.type !== 'rsa' || keyUsage.includes(keyEncipherment)
    ? null
    : `its key may not encrypt (no keyEncipherment), as ${cipher} needs`
}
