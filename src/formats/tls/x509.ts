// What stands in an X.509 certificate, as far as a website's visitor depends on it (RFC 5280). Signatures are checked elsewhere
// (certificate-path.ts).
import { createPublicKey } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { type Der, derAt, derBits, derChildren, derOid, derText, derTime } from './x509-der.ts'

/** A name form of GeneralName that hosts use; `other` counts the rest. */
export type AlternativeNames = { dns: string[]; addresses: string[]; other: number }

export type Certificate = {
  /** The certificate itself. */
  der: Buffer
  /** Lower-case hex. */
  serial: string
  /** Subject and issuer: their DER in base64 (to compare), and readable. */
  subject: { der: string; text: string; common: string | null; organization: string | null }
  issuer: { der: string; text: string; common: string | null; organization: string | null }
  /** Milliseconds since the epoch; NaN when unreadable. */
  notBefore: number
  notAfter: number
  /** Null without the extension: then the certificate is for no name at all (RFC 9525 §4.1). Names as they stand, bytes in latin1. */
  names: AlternativeNames | null
  /** `bits` of the modulus or the curve; null where the key cannot be read. */
  key: { type: string; bits: number; curve: string | null } | null
  /** SubjectPublicKeyInfo's bit string, for OCSP key hashes, and the whole in base64. */
  publicKey: { bits: Buffer; spki: string }
  signature: { name: string; hash: string | null }
  isAuthority: boolean
  pathLength: number | null
  /** Object identifiers of the extensions that are marked critical. */
  critical: string[]
  /** Bit numbers of RFC 5280 §4.2.1.3 (5 is keyCertSign); null without the extension. */
  keyUsage: number[] | null
  /** OIDs; null without the extension. */
  extendedKeyUsage: string[] | null
  subjectKeyId: string | null
  authorityKeyId: string | null
  scts: number
  ocspUrls: string[]
  issuerUrls: string[]
  crlUrls: string[]
  constraints: { permitted: string[]; excluded: string[] } | null
}

const signatures: Readonly<Record<string, readonly [string, string | null]>> = {
  '1.2.840.113549.1.1.2': ['md2WithRSAEncryption', 'md2'],
  '1.2.840.113549.1.1.4': ['md5WithRSAEncryption', 'md5'],
  '1.2.840.113549.1.1.5': ['sha1WithRSAEncryption', 'sha1'],
  '1.3.14.3.2.29': ['sha1WithRSAEncryption', 'sha1'],
  '1.2.840.113549.1.1.11': ['sha256WithRSAEncryption', 'sha256'],
  '1.2.840.113549.1.1.12': ['sha384WithRSAEncryption', 'sha384'],
  '1.2.840.113549.1.1.13': ['sha512WithRSAEncryption', 'sha512'],
  '1.2.840.113549.1.1.14': ['sha224WithRSAEncryption', 'sha224'],
  '1.2.840.10040.4.3': ['dsa-with-SHA1', 'sha1'],
  '2.16.840.1.101.3.4.3.2': ['dsa-with-SHA256', 'sha256'],
  '1.2.840.10045.4.1': ['ecdsa-with-SHA1', 'sha1'],
  '1.2.840.10045.4.3.1': ['ecdsa-with-SHA224', 'sha224'],
  '1.2.840.10045.4.3.2': ['ecdsa-with-SHA256', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa-with-SHA384', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa-with-SHA512', 'sha512'],
  '1.3.101.112': ['Ed25519', null],
  '1.3.101.113': ['Ed448', null],
}

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '1.2.840.113549.2.5': 'md5',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** The name and hash of an AlgorithmIdentifier of a signature; RSASSA-PSS names its hash in its parameters (RFC 4055 §3.1: SHA-1 by default). */
export const signatureAlgorithm = (algorithm: Der): Certificate['signature'] => {
  const [oid, parameters] = derChildren(algorithm.content)
  const dotted = oid ? derOid(oid.content) : ''
  if (dotted === '1.2.840.113549.1.1.10') {
    const given = parameters ? derChildren(parameters.content).find(({ tag }) => tag === 0xa0) : undefined
    const hash = given ? hashes[derOid(derAt(derAt(given.content).content).content)] : 'sha1'
    return { name: `RSASSA-PSS with ${hash ?? 'an unknown hash'}`, hash: hash ?? null }
  }
  const known = signatures[dotted]
  return known ? { name: known[0], hash: known[1] } : { name: dotted, hash: null }
}

const attributes: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
}

/** A distinguished name: bytes to compare, text to show. Names are compared byte for byte, as browsers and OpenSSL's callers in practice meet them. */
export const readName = (name: Der): Certificate['subject'] => {
  const parts = derChildren(name.content, 64).flatMap(set =>
    derChildren(set.content, 16).flatMap(pair => {
      const [type, value] = derChildren(pair.content)
      return type && value
        ? [{ type: attributes[derOid(type.content)] ?? derOid(type.content), text: derText(value) }]
        : []
    }),
  )
  return {
    der: name.whole.toString('base64'),
    text: parts.map(({ type, text }) => `${type}=${text}`).join(', '),
    common: parts.findLast(({ type }) => type === 'CN')?.text ?? null,
    organization: parts.findLast(({ type }) => type === 'O')?.text ?? null,
  }
}

const mostNames = 1_000

const addressOf = (bytes: Buffer): string | null =>
  bytes.length === 4 || bytes.length === 16 ? ipaddr.fromByteArray([...bytes]).toString() : null

const readNames = (value: Buffer): AlternativeNames => {
  const names: AlternativeNames = { dns: [], addresses: [], other: 0 }
  for (const { tag, content } of derChildren(derAt(value).content, mostNames)) {
    if (tag === 0x82) names.dns.push(content.toString('latin1'))
    else if (tag === 0x87) names.addresses.push(addressOf(content) ?? content.toString('hex'))
    else names.other++
  }
  return names
}

const urisIn = (names: Der[]): string[] =>
  names.filter(({ tag }) => tag === 0x86).map(({ content }) => content.toString('latin1'))

/** AuthorityInfoAccess: URLs of one access method (RFC 5280 §4.2.2.1). */
const accessUrls = (value: Buffer, method: string): string[] =>
  derChildren(derAt(value).content, 20).flatMap(description => {
    const [oid, location] = derChildren(description.content)
    return oid && location && derOid(oid.content) === method ? urisIn([location]) : []
  })

/** CRLDistributionPoints: the full names that are URLs (RFC 5280 §4.2.1.13). */
const crlUrlsOf = (value: Buffer): string[] =>
  derChildren(derAt(value).content, 20).flatMap(point => {
    const named = derChildren(point.content).find(({ tag }) => tag === 0xa0)
    const full = named && derChildren(named.content).find(({ tag }) => tag === 0xa0)
    return full ? urisIn(derChildren(full.content, 20)) : []
  })

const constraintsOf = (value: Buffer): NonNullable<Certificate['constraints']> => {
  const trees = derChildren(derAt(value).content)
  const names = (tag: number): string[] =>
    trees
      .filter(tree => tree.tag === tag)
      .flatMap(tree => derChildren(tree.content, mostNames))
      .flatMap(subtree => derChildren(subtree.content, 1))
      .filter(base => base.tag === 0x82)
      .map(base => base.content.toString('latin1').toLowerCase())
  return { permitted: names(0xa0), excluded: names(0xa1) }
}

/** Entries of an embedded SignedCertificateTimestampList (RFC 6962 §3.3). */
const sctsIn = (value: Buffer): number => {
  const list = derAt(value).content
  let count = 0
  for (let at = 2; at + 2 <= list.length && count < 64; count++) at += 2 + list.readUInt16BE(at)
  return count
}

const curveBits: Readonly<Record<string, readonly [string, number]>> = {
  prime192v1: ['P-192', 192],
  secp224r1: ['P-224', 224],
  prime256v1: ['P-256', 256],
  secp256k1: ['secp256k1', 256],
  secp384r1: ['P-384', 384],
  secp521r1: ['P-521', 521],
}

const keyOf = (spki: Buffer): Certificate['key'] => {
  try {
    const key = createPublicKey({ key: spki, type: 'spki', format: 'der' })
    const details = key.asymmetricKeyDetails ?? {}
    const type = key.asymmetricKeyType ?? 'unknown'
    if (type === 'ec') {
      const [curve, bits] = curveBits[details.namedCurve ?? ''] ?? [details.namedCurve ?? null, 0]
      return { type, bits: bits || Number(/\d{3}/.exec(curve ?? '')?.[0] ?? 0), curve }
    }
    if (type === 'ed25519') return { type, bits: 256, curve: null }
    if (type === 'ed448') return { type, bits: 448, curve: null }
    return { type, bits: details.modulusLength ?? 0, curve: null }
  } catch {
    return null
  }
}

/** The extensions of a TBSCertificate's fields: object identifier → the value inside its OCTET STRING; those marked critical. */
const extensionsOf = (fields: readonly Der[]): { extensions: ReadonlyMap<string, Buffer>; critical: string[] } => {
  const extensions = new Map<string, Buffer>()
  const critical: string[] = []
  const listed = fields.find(({ tag }) => tag === 0xa3)
  for (const extension of listed ? derChildren(derAt(listed.content).content, 100) : []) {
    const parts = derChildren(extension.content, 3)
    const value = parts.at(-1)
    if (!parts[0] || value?.tag !== 0x04) continue
    extensions.set(derOid(parts[0].content), value.content)
    if (parts[1]?.tag === 0x01 && parts[1].content[0] !== 0) critical.push(derOid(parts[0].content))
  }
  return { extensions, critical }
}

/** The fields that every certificate has (RFC 5280 §4.1). */
const mandatoryFields = (fields: readonly Der[]) => {
  // The version is explicit context 0 and absent in version 1.
  const shift = fields[0]?.tag === 0xa0 ? 1 : 0
  const [serial, , issuer, validity, subject, spki] = fields.slice(shift)
  if (!serial || !issuer || !validity || !subject || !spki) throw new RangeError('a certificate without its fields')
  const [notBefore, notAfter] = derChildren(validity.content)
  const keyBits = derChildren(spki.content)[1]
  if (!notBefore || !notAfter || !keyBits) throw new RangeError('a certificate without its fields')
  return { serial, issuer, subject, spki, notBefore, notAfter, keyBits }
}

/** Reads a certificate. Throws RangeError where the bytes are none. */
export const readCertificate = (bytes: Uint8Array): Certificate => {
  const outer = derAt(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const [body, algorithm] = derChildren(outer.content, 3)
  if (outer.tag !== 0x30 || body?.tag !== 0x30 || algorithm?.tag !== 0x30) throw new RangeError('no certificate')
  const fields = derChildren(body.content, 20)
  const { serial, issuer, subject, spki, notBefore, notAfter, keyBits } = mandatoryFields(fields)
  const { extensions, critical } = extensionsOf(fields)
  const extension = <T>(id: string, read: (value: Buffer) => T): T | null => {
    const value = extensions.get(id)
    return value ? read(value) : null
  }
  const constraints = extension('2.5.29.19', value => derChildren(derAt(value).content)) ?? []
  const pathLength = constraints.find(({ tag }) => tag === 0x02)
  const keyId = extension(
    '2.5.29.35',
    value => derChildren(derAt(value).content).find(({ tag }) => tag === 0x80)?.content,
  )
  return {
    der: outer.whole,
    serial: serial.content.toString('hex'),
    subject: readName(subject),
    issuer: readName(issuer),
    notBefore: derTime(notBefore),
    notAfter: derTime(notAfter),
    names: extension('2.5.29.17', readNames),
    key: keyOf(spki.whole),
    publicKey: { bits: keyBits.content.subarray(1), spki: spki.whole.toString('base64') },
    signature: signatureAlgorithm(algorithm),
    isAuthority: constraints[0]?.tag === 0x01 && constraints[0].content[0] !== 0,
    pathLength: pathLength?.content.length === 1 ? pathLength.content[0]! : null,
    critical,
    keyUsage: extension('2.5.29.15', value => derBits(derAt(value).content)),
    extendedKeyUsage: extension('2.5.29.37', value =>
      derChildren(derAt(value).content, 50).map(({ content }) => derOid(content)),
    ),
    subjectKeyId: extension('2.5.29.14', value => derAt(value).content.toString('hex')),
    authorityKeyId: keyId?.toString('hex') ?? null,
    scts: extension('1.3.6.1.4.1.11129.2.4.2', sctsIn) ?? 0,
    ocspUrls: extension('1.3.6.1.5.5.7.1.1', value => accessUrls(value, '1.3.6.1.5.5.7.48.1')) ?? [],
    issuerUrls: extension('1.3.6.1.5.5.7.1.1', value => accessUrls(value, '1.3.6.1.5.5.7.48.2')) ?? [],
    crlUrls: extension('2.5.29.31', crlUrlsOf) ?? [],
    constraints: extension('2.5.29.30', constraintsOf),
  }
}

/** The certificate, or null where the bytes (DER, or DER in base64) are none. */
export const tryCertificate = (bytes: Uint8Array | string): Certificate | null => {
  try {
    return readCertificate(typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes)
  } catch {
    return null
  }
}

const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

/**
 * Whether a certificate's DNS name stands for a host (RFC 9525 §6.3): letter case aside, equal; or `*` alone as the whole
 * left-most label, for exactly one label, above at least two others. Names with other bytes (NUL, U-labels) match nothing.
 */
export const nameMatches = (name: string, host: string): boolean => {
  const pattern = name.toLowerCase().split('.')
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  if (pattern.length !== labels.length) return false
  const wildcard = pattern[0] === '*'
  if (wildcard && pattern.length < 3) return false
  if (!pattern.slice(wildcard ? 1 : 0).every(part => label.test(part))) return false
  return labels.every((part, at) => (at === 0 && wildcard ? label.test(part) : part === pattern[at]))
}

/** Whether the certificate is for the host, a name or an address. The common name does not count (RFC 9525 §2). */
export const certificateCovers = (certificate: Certificate, host: string): boolean => {
  if (ipaddr.isValid(host)) {
    const wanted = ipaddr.parse(host).toString()
    return certificate.names?.addresses.includes(wanted) ?? false
  }
  return certificate.names?.dns.some(name => nameMatches(name, host)) ?? false
}

/** The subject alone, as in `subject.der`, without reading the rest; null where the bytes are no certificate. */
export const subjectOf = (der: Buffer): string | null => {
  try {
    const fields = derChildren(derChildren(derAt(der).content, 1)[0]!.content, 7)
    return fields[fields[0]?.tag === 0xa0 ? 5 : 4]?.whole.toString('base64') ?? null
  } catch {
    return null
  }
}
