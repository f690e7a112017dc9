// Files that hold private keys in binary: key stores of Java, PKCS #12, and keys in DER. Known by how they begin, never by their names.
import { createHash } from 'node:crypto'
import type { SecretHit } from './hit.ts'
import { pathKind, servesDevelopment } from './path-kind.ts'

/** Whether a key store of Java (https://github.com/openjdk/jdk, JavaKeyStore.java) holds a private key: its first entry says so. */
const holdsJavaKey = (bytes: Buffer): boolean => bytes.length > 16 && bytes.readUInt32BE(12) === 1

/** Bytes that a DER sequence with a long length says it has, its head included; null where none begins here. */
export const derLength = (bytes: Buffer): number | null => {
  const octets = bytes[1] === undefined ? 0 : bytes[1] - 0x80
  if (bytes[0] !== 0x30 || octets < 1 || octets > 3 || bytes.length < 2 + octets) return null
  return 2 + octets + bytes.readUIntBE(2, octets)
}

/** What begins a DER sequence with a long length: `30 82 xx xx`, or `30 83 xx xx xx`. */
const bodyOf = (bytes: Buffer): Buffer | null => {
  if (bytes[0] !== 0x30) return null
  if (bytes[1] === 0x82) return bytes.subarray(4)
  if (bytes[1] === 0x83) return bytes.subarray(5)
  return bytes[1] === 0x80 || bytes[1]! < 0x80 ? bytes.subarray(2) : null
}

const begins = (bytes: Buffer, hex: string): boolean => bytes.subarray(0, hex.length / 2).toString('hex') === hex

/** Version 3 and the content type "data" (RFC 7292, 4). */
const isPkcs12 = (body: Buffer): boolean =>
  begins(body, '020103') && body.subarray(0, 24).includes(Buffer.from('06092a864886f70d010701', 'hex'))
/** Version 0 and the algorithm RSA or elliptic curves (RFC 5208, 5). */
const isPlainKey = (body: Buffer): boolean =>
  begins(body, '020100') && /^020100.{0,8}06(?:092a864886f70d010101|072a8648ce3d0201)/.test(body.toString('hex', 0, 24))

const kindOf = (bytes: Buffer): { what: string; open: boolean } | null => {
  if (begins(bytes, 'feedfeed') || begins(bytes, 'cececece'))
    return holdsJavaKey(bytes) ? { what: 'key store', open: false } : null
  const body = bodyOf(bytes)
  if (!body) return null
  if (isPkcs12(body)) return { what: 'key store', open: false }
  return isPlainKey(body) ? { what: 'private key', open: true } : null
}

/** Stores of authorities, and the key that every Android project has for its own laptop. */
const guardsNothing =
  /(?:^|\/)(?:debug\.(?:keystore|jks)|cacerts|[\w.-]*(?:trust[-_]?store|debug|dummy|self[-_]?signed|snakeoil)[\w.-]*)$/i

/** The private keys of a binary file; a password may guard those of a store. */
export const keyStoreHits = (bytes: Buffer, path: string): SecretHit[] => {
  const found = kindOf(bytes)
  if (!found || guardsNothing.test(path)) return []
  const kind = pathKind(path)
  const aside = kind === 'test' || kind === 'documentation' || kind === 'example' || kind === 'lock'
  const secret = createHash('sha256').update(bytes).digest('hex')
  return [
    {
      rule: 'key-store',
      provider: 'your servers',
      what: found.what,
      class: aside ? 'documentation' : 'live',
      kind: 'private-key',
      confidence: servesDevelopment(path) ? 'possible' : found.open ? 'certain' : 'likely',
      secret,
      hash: createHash('sha256').update(secret).digest('hex'),
      line: 1,
      column: 1,
      index: 0,
      variable: null,
      rotate: null,
    },
  ]
}
