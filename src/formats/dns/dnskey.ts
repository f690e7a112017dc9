// DNSKEY records: their data, key tag and DS digest (RFC 4034), and the public key in them for OpenSSL (RFC 3110, 6605, 8080).
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { nameToWire } from './name.ts'

/** `publicKey` in base64. */
export type DnskeyFields = { flags: number; protocol: number; algorithm: number; publicKey: string; keyTag: number }
/** `digest` in hex. */
export type DsFields = { keyTag: number; algorithm: number; digestType: number; digest: string }

/** The record's data in wire form (RFC 4034 §2.1). */
export const dnskeyData = (key: Omit<DnskeyFields, 'keyTag'>): Buffer =>
  Buffer.concat([
    Buffer.from([(key.flags >> 8) & 255, key.flags & 255, key.protocol, key.algorithm]),
    Buffer.from(key.publicKey, 'base64'),
  ])

/** Key tag of a DNSKEY's data (RFC 4034 appendix B). */
export const keyTagOfData = (data: Uint8Array): number => {
  let sum = 0
  data.forEach((byte, at) => {
    sum += at & 1 ? byte : byte << 8
  })
  return (sum + ((sum >> 16) & 0xffff)) & 0xffff
}

export const keyTagOf = (key: Omit<DnskeyFields, 'keyTag'>): number => keyTagOfData(dnskeyData(key))

/** A key that may sign records of a zone: the Zone Key flag (RFC 4034 §2.1.1). */
export const isZoneKey = (key: DnskeyFields): boolean => (key.flags & 0x100) !== 0

const digests: Readonly<Record<number, string>> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' }

/** Digest of a key for a DS record in hex, null for a digest type that we do not compute (RFC 4034 §5.1.4). */
export const dsDigest = (owner: string, key: DnskeyFields, digestType: number): string | null => {
  const hash = digests[digestType]
  return hash ? createHash(hash).update(nameToWire(owner)).update(dnskeyData(key)).digest('hex') : null
}

/** True when the DS record stands for this key of `owner`. */
export const dsMatches = (owner: string, ds: DsFields, key: DnskeyFields): boolean =>
  ds.keyTag === key.keyTag &&
  ds.algorithm === key.algorithm &&
  isZoneKey(key) &&
  dsDigest(owner, key, ds.digestType) === ds.digest.toLowerCase()

/** Algorithms that must no longer be used for signing (RFC 8624 §3.1, RFC 9905): SHA-1, MD5, DSA, GOST. */
export const weakAlgorithms: readonly number[] = [1, 3, 5, 6, 7, 12]

const rsaParts = (bytes: Buffer): { exponent: Buffer; modulus: Buffer } => {
  // RFC 3110 §2: one byte of length, or zero and two bytes.
  const long = bytes[0] === 0
  const length = long ? bytes.readUInt16BE(1) : (bytes[0] ?? 0)
  const start = long ? 3 : 1
  return { exponent: bytes.subarray(start, start + length), modulus: bytes.subarray(start + length) }
}

/** Bits of an RSA key, null for other algorithms. */
export const rsaBits = (key: DnskeyFields): number | null => {
  if (![5, 7, 8, 10].includes(key.algorithm)) return null
  return rsaParts(Buffer.from(key.publicKey, 'base64')).modulus.length * 8
}

const url = (part: Buffer): string => part.toString('base64url')

const rsaKey = (bytes: Buffer): JsonWebKey => {
  const { exponent, modulus } = rsaParts(bytes)
  return { kty: 'RSA', e: url(exponent), n: url(modulus) }
}

/** A point of two coordinates of `size` bytes each (RFC 6605 §4). */
const curveKey =
  (crv: string, size: number) =>
  (bytes: Buffer): JsonWebKey | null =>
    bytes.length === 2 * size ? { kty: 'EC', crv, x: url(bytes.subarray(0, size)), y: url(bytes.subarray(size)) } : null

const edwardsKey =
  (crv: string) =>
  (bytes: Buffer): JsonWebKey => ({ kty: 'OKP', crv, x: url(bytes) })

type Algorithm = { hash: string | null; ecdsa?: true; key: (bytes: Buffer) => JsonWebKey | null }

/** Signature algorithms that are verified here, by number; Ed448 (16) where OpenSSL has it. */
const algorithms: Readonly<Record<number, Algorithm>> = {
  5: { hash: 'sha1', key: rsaKey },
  7: { hash: 'sha1', key: rsaKey },
  8: { hash: 'sha256', key: rsaKey },
  10: { hash: 'sha512', key: rsaKey },
  13: { hash: 'sha256', ecdsa: true, key: curveKey('P-256', 32) },
  14: { hash: 'sha384', ecdsa: true, key: curveKey('P-384', 48) },
  15: { hash: null, key: edwardsKey('Ed25519') },
  16: { hash: null, key: edwardsKey('Ed448') },
}

export const supportedAlgorithms: readonly number[] = Object.keys(algorithms).map(Number)

/** The public key for node:crypto; null when it cannot be one. */
const publicKeyOf = (key: DnskeyFields): KeyObject | null => {
  try {
    const jwk = algorithms[key.algorithm]?.key(Buffer.from(key.publicKey, 'base64'))
    return jwk ? createPublicKey({ format: 'jwk', key: jwk }) : null
  } catch {
    return null
  }
}

/** Whether `signature` is this key's over `bytes`; false as well for a key that cannot be one. */
export const isSignedWith = (key: DnskeyFields, bytes: Buffer, signature: Buffer): boolean => {
  const publicKey = publicKeyOf(key)
  const algorithm = algorithms[key.algorithm]
  if (!publicKey || !algorithm) return false
  try {
    const given = algorithm.ecdsa ? { key: publicKey, dsaEncoding: 'ieee-p1363' as const } : publicKey
    return verify(algorithm.hash, bytes, given, signature)
  } catch {
    return false
  }
}
