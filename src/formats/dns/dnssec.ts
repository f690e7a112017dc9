// DNSSEC signatures (RFC 4034, 4035, 5702, 6605, 8080): canonical form, key tags, DS digests, and whether a record set verifies.
// The cryptography is OpenSSL's through node:crypto; the rules about what may sign what are ours.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { isWithin, labelsOf, nameToWire, normaliseName } from './name.ts'

/** A record as the resolver gives it: `fields` as described at DnsRecord. */
export type SignedRecord = { name: string; type: string; ttl: number; data: string; fields?: Record<string, unknown> }

export type DnskeyFields = { flags: number; protocol: number; algorithm: number; publicKey: string; keyTag: number }
export type DsFields = { keyTag: number; algorithm: number; digestType: number; digest: string }
export type RrsigFields = {
  typeCovered: string
  algorithm: number
  labels: number
  originalTtl: number
  /** Seconds since the epoch, modulo 2^32. */
  expiration: number
  inception: number
  keyTag: number
  signer: string
  signature: string
}

/** Numbers of the types whose data we can put into canonical form. */
const typeNumbers: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  DS: 43,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  CDS: 59,
  CDNSKEY: 60,
  HTTPS: 65,
  CAA: 257,
  SPF: 99,
}

const numberOf = (type: string): number => typeNumbers[type] ?? Number(/^TYPE(\d+)$/.exec(type)?.[1] ?? Number.NaN)

const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}
const base32hexDigits = '0123456789abcdefghijklmnopqrstuv'

/** Bytes of base32hex without padding (RFC 4648 §7), as NSEC3 names carry it. */
export const fromBase32hex = (text: string): Buffer => {
  let bits = 0
  let value = 0
  const bytes: number[] = []
  for (const digit of text.toLowerCase()) {
    const at = base32hexDigits.indexOf(digit)
    if (at < 0) return Buffer.alloc(0)
    value = ((value << 5) | at) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >> bits) & 255)
    }
  }
  return Buffer.from(bytes)
}

export const toBase32hex = (bytes: Uint8Array): string => {
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32hexDigits[(value >> bits) & 31]
    }
  }
  return bits ? text + base32hexDigits[(value << (5 - bits)) & 31] : text
}

/** The type bitmap of NSEC and NSEC3 (RFC 4034 §4.1.2). */
export const typeBitmap = (types: readonly string[]): Buffer => {
  const windows = new Map<number, number[]>()
  for (const type of types) {
    const number = numberOf(type)
    if (!Number.isFinite(number)) continue
    windows.set(number >> 8, [...(windows.get(number >> 8) ?? []), number & 255])
  }
  return Buffer.concat(
    [...windows]
      .sort(([a], [b]) => a - b)
      .map(([window, numbers]) => {
        const bytes = Buffer.alloc((Math.max(...numbers) >> 3) + 1)
        for (const number of numbers) bytes[number >> 3]! |= 0x80 >> (number & 7)
        return Buffer.concat([Buffer.from([window, bytes.length]), bytes])
      }),
  )
}

const ipv6Bytes = (text: string): Buffer => {
  const [head = '', tail = ''] = text.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const groups = text.includes('::')
    ? [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
    : left
  return Buffer.concat(groups.map(group => u16(Number.parseInt(group, 16))))
}

const strings = (values: readonly string[]): Buffer =>
  Buffer.concat(values.map(value => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')])))

/** Data of a record in canonical wire form (RFC 4034 §6.2), or null for a type that we do not know to write. */
export const canonicalData = (record: SignedRecord): Buffer | null => {
  const { type, data } = record
  const fields = (record.fields ?? {}) as Record<string, never>
  const name = (text: string): Buffer => Buffer.from(nameToWire(text === '.' ? '' : text))
  switch (type) {
    case 'A':
      return Buffer.from(data.split('.').map(Number))
    case 'AAAA':
      return ipv6Bytes(data)
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      return name(data)
    case 'SOA': {
      const [mname = '', rname = '', ...numbers] = data.split(' ')
      return Buffer.concat([name(mname), name(rname), ...numbers.map(number => u32(Number(number)))])
    }
    case 'MX':
      return Buffer.concat([u16(fields['preference']!), name(fields['exchange']!)])
    case 'TXT':
    case 'SPF':
      return strings(fields['strings']!)
    case 'SRV':
      return Buffer.concat([
        u16(fields['priority']!),
        u16(fields['weight']!),
        u16(fields['port']!),
        name(fields['target']!),
      ])
    case 'CAA':
      return Buffer.concat([
        Buffer.from([fields['flags']!]),
        strings([fields['tag']!]),
        Buffer.from(fields['value']!, 'latin1'),
      ])
    case 'DS':
    case 'CDS': {
      const { keyTag, algorithm, digestType, digest } = fields as unknown as DsFields
      return Buffer.concat([u16(keyTag), Buffer.from([algorithm, digestType]), Buffer.from(digest, 'hex')])
    }
    case 'DNSKEY':
    case 'CDNSKEY':
      return dnskeyData(fields as unknown as DnskeyFields)
    case 'NSEC':
      return Buffer.concat([name(fields['next']!), typeBitmap(fields['types']!)])
    case 'NSEC3': {
      const { algorithm, flags, iterations, salt, next, types } = fields as unknown as Nsec3Fields
      const [saltBytes, nextBytes] = [Buffer.from(salt, 'hex'), fromBase32hex(next)]
      return Buffer.concat([
        Buffer.from([algorithm, flags]),
        u16(iterations),
        Buffer.from([saltBytes.length]),
        saltBytes,
        Buffer.from([nextBytes.length]),
        nextBytes,
        typeBitmap(types),
      ])
    }
    case 'NSEC3PARAM': {
      const { algorithm, flags, iterations, salt } = fields as unknown as Nsec3Fields
      const saltBytes = Buffer.from(salt, 'hex')
      return Buffer.concat([
        Buffer.from([algorithm, flags]),
        u16(iterations),
        Buffer.from([saltBytes.length]),
        saltBytes,
      ])
    }
    case 'TLSA':
      return Buffer.concat([
        Buffer.from([fields['usage']!, fields['selector']!, fields['matchingType']!]),
        Buffer.from(fields['certificate']!, 'hex'),
      ])
    default:
      return typeof fields['raw'] === 'string' ? Buffer.from(fields['raw'], 'hex') : null
  }
}

export type Nsec3Fields = {
  algorithm: number
  flags: number
  iterations: number
  salt: string
  next: string
  types: string[]
}

const dnskeyData = (key: DnskeyFields): Buffer =>
  Buffer.concat([u16(key.flags), Buffer.from([key.protocol, key.algorithm]), Buffer.from(key.publicKey, 'base64')])

/** Key tag of a DNSKEY (RFC 4034 appendix B). */
export const keyTagOf = (key: Omit<DnskeyFields, 'keyTag'>): number => {
  let sum = 0
  dnskeyData({ ...key, keyTag: 0 }).forEach((byte, at) => {
    sum += at & 1 ? byte : byte << 8
  })
  return (sum + ((sum >> 16) & 0xffff)) & 0xffff
}

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
  (key.flags & 0x100) !== 0 &&
  dsDigest(owner, key, ds.digestType) === ds.digest.toLowerCase()

/** Algorithms that are verified here; 16 (Ed448) where OpenSSL has it. */
export const supportedAlgorithms: readonly number[] = [5, 7, 8, 10, 13, 14, 15, 16]

/** Algorithms that must no longer be used for signing (RFC 8624 §3.1, RFC 9905): SHA-1, MD5, DSA, GOST. */
export const weakAlgorithms: readonly number[] = [1, 3, 5, 6, 7, 12]

/** Bits of an RSA key, null for other algorithms. */
export const rsaBits = (key: DnskeyFields): number | null => {
  if (![5, 7, 8, 10].includes(key.algorithm)) return null
  return rsaParts(Buffer.from(key.publicKey, 'base64')).modulus.length * 8
}

const rsaParts = (bytes: Buffer): { exponent: Buffer; modulus: Buffer } => {
  // RFC 3110 §2: one byte of length, or zero and two bytes.
  const long = bytes[0] === 0
  const length = long ? bytes.readUInt16BE(1) : (bytes[0] ?? 0)
  const start = long ? 3 : 1
  return { exponent: bytes.subarray(start, start + length), modulus: bytes.subarray(start + length) }
}

/** The public key for node:crypto; null when it cannot be one. */
const publicKeyOf = (key: DnskeyFields): KeyObject | null => {
  const bytes = Buffer.from(key.publicKey, 'base64')
  const url = (part: Buffer): string => part.toString('base64url')
  try {
    switch (key.algorithm) {
      case 5:
      case 7:
      case 8:
      case 10: {
        const { exponent, modulus } = rsaParts(bytes)
        return createPublicKey({ format: 'jwk', key: { kty: 'RSA', e: url(exponent), n: url(modulus) } })
      }
      case 13:
        return bytes.length === 64
          ? createPublicKey({
              format: 'jwk',
              key: { kty: 'EC', crv: 'P-256', x: url(bytes.subarray(0, 32)), y: url(bytes.subarray(32)) },
            })
          : null
      case 14:
        return bytes.length === 96
          ? createPublicKey({
              format: 'jwk',
              key: { kty: 'EC', crv: 'P-384', x: url(bytes.subarray(0, 48)), y: url(bytes.subarray(48)) },
            })
          : null
      case 15:
        return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: url(bytes) } })
      case 16:
        return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed448', x: url(bytes) } })
      default:
        return null
    }
  } catch {
    return null
  }
}

const hashes: Readonly<Record<number, string | null>> = {
  5: 'sha1',
  7: 'sha1',
  8: 'sha256',
  10: 'sha512',
  13: 'sha256',
  14: 'sha384',
  15: null,
  16: null,
}

/** The RRSIG's own data without the signature, as it is signed. */
export const rrsigHead = (rrsig: Omit<RrsigFields, 'signature'>): Buffer =>
  Buffer.concat([
    u16(numberOf(rrsig.typeCovered)),
    Buffer.from([rrsig.algorithm, rrsig.labels]),
    u32(rrsig.originalTtl),
    u32(rrsig.expiration),
    u32(rrsig.inception),
    u16(rrsig.keyTag),
    Buffer.from(nameToWire(rrsig.signer)),
  ])

/** What is signed (RFC 4034 §3.1.8.1); null when the data cannot be put into canonical form. */
export const signedBytes = (records: readonly SignedRecord[], rrsig: Omit<RrsigFields, 'signature'>): Buffer | null => {
  const owner = records[0]!.name
  const labels = labelsOf(owner)
  const source = labels.length > rrsig.labels ? ['*', ...labels.slice(labels.length - rrsig.labels)].join('.') : owner
  const data = records.map(canonicalData)
  if (data.some(bytes => bytes === null)) return null
  const unique = [...new Map((data as Buffer[]).map(bytes => [bytes.toString('hex'), bytes])).values()].sort(
    Buffer.compare,
  )
  const head = Buffer.concat([
    Buffer.from(nameToWire(source)),
    u16(numberOf(rrsig.typeCovered)),
    u16(1),
    u32(rrsig.originalTtl),
  ])
  return Buffer.concat([rrsigHead(rrsig), ...unique.flatMap(bytes => [head, u16(bytes.length), bytes])])
}

/** Why a set does not verify. The words are shown to people. */
export type SignatureFault =
  | 'unsigned'
  | 'expired'
  | 'not-yet-valid'
  | 'no-key'
  | 'wrong'
  | 'foreign-signer'
  | 'unsupported'

export type SetVerdict =
  | { ok: true; algorithm: number; expiration: number; inception: number; wildcard: boolean }
  | { ok: false; fault: SignatureFault; detail: string }

/** RFC 4034 §3.1.5: serial arithmetic, so that times after 2106 are read right. */
const secondsNear = (stamp: number, now: number): number => {
  const wrapped = ((stamp - (now >>> 0)) | 0) + now
  return wrapped
}

const dateOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

const faultRank: SignatureFault[] = [
  'wrong',
  'expired',
  'not-yet-valid',
  'no-key',
  'foreign-signer',
  'unsupported',
  'unsigned',
]

/**
 * Verifies one record set with the keys of `zone` at `now` (seconds since the epoch). One good signature is enough (RFC
 * 4035 §5.3.3); when none is, the most telling fault is returned.
 */
export const verifySet = (
  records: readonly SignedRecord[],
  signatures: readonly SignedRecord[],
  keys: readonly DnskeyFields[],
  zone: string,
  now: number,
): SetVerdict => {
  const first = records[0]
  if (!first) return { ok: false, fault: 'unsigned', detail: 'no records' }
  const what = `${first.name || '.'} ${first.type}`
  const own = signatures
    .filter(record => record.type === 'RRSIG' && normaliseName(record.name) === normaliseName(first.name))
    .map(record => record.fields as unknown as RrsigFields)
    .filter(fields => fields.typeCovered === first.type)
  const faults: { fault: SignatureFault; detail: string }[] = []
  let good: Extract<SetVerdict, { ok: true }> | null = null
  // A hostile zone can send many keys of one tag and many signatures: try a bounded number (CVE-2023-50387).
  for (const rrsig of own.slice(0, 8)) {
    const [from, until] = [secondsNear(rrsig.inception, now), secondsNear(rrsig.expiration, now)]
    if (normaliseName(rrsig.signer) !== normaliseName(zone) || !isWithin(first.name, zone)) {
      faults.push({
        fault: 'foreign-signer',
        detail: `${what} is signed by ${rrsig.signer || '.'}, not by ${zone || '.'}`,
      })
      continue
    }
    if (rrsig.labels > labelsOf(first.name).filter(label => label !== '*').length) {
      faults.push({ fault: 'wrong', detail: `the signature of ${what} claims ${rrsig.labels} labels` })
      continue
    }
    if (until < now) {
      faults.push({ fault: 'expired', detail: `the signature of ${what} expired ${dateOf(until)}` })
      continue
    }
    if (from > now) {
      faults.push({ fault: 'not-yet-valid', detail: `the signature of ${what} is valid from ${dateOf(from)} only` })
      continue
    }
    if (!supportedAlgorithms.includes(rrsig.algorithm)) {
      faults.push({ fault: 'unsupported', detail: `${what} is signed with algorithm ${rrsig.algorithm}` })
      continue
    }
    const candidates = keys.filter(
      key =>
        key.keyTag === rrsig.keyTag &&
        key.algorithm === rrsig.algorithm &&
        key.protocol === 3 &&
        (key.flags & 0x100) !== 0,
    )
    if (candidates.length === 0) {
      faults.push({
        fault: 'no-key',
        detail: `${what} is signed with key ${rrsig.keyTag} (algorithm ${rrsig.algorithm}), which the zone does not publish`,
      })
      continue
    }
    const bytes = signedBytes(records, rrsig)
    if (bytes === null) {
      faults.push({ fault: 'unsupported', detail: `${what} is of a type that is not checked here` })
      continue
    }
    const signature = Buffer.from(rrsig.signature, 'base64')
    const holds = candidates.slice(0, 4).some(key => {
      const publicKey = publicKeyOf(key)
      if (!publicKey) return false
      const options = [13, 14].includes(key.algorithm)
        ? { key: publicKey, dsaEncoding: 'ieee-p1363' as const }
        : publicKey
      try {
        return verify(hashes[key.algorithm] ?? null, bytes, options, signature)
      } catch {
        return false
      }
    })
    if (!holds)
      faults.push({ fault: 'wrong', detail: `the signature of ${what} does not fit its content (key ${rrsig.keyTag})` })
    else if (!good || until > good.expiration)
      good = {
        ok: true,
        algorithm: rrsig.algorithm,
        expiration: until,
        inception: from,
        wildcard: labelsOf(first.name).length > rrsig.labels && !first.name.startsWith('*.'),
      }
  }
  if (good) return good
  const worst = faults.sort((a, b) => faultRank.indexOf(a.fault) - faultRank.indexOf(b.fault))[0]
  return worst ? { ok: false, ...worst } : { ok: false, fault: 'unsigned', detail: `${what} has no signature` }
}
