// Certificates with any content for tests. The DER is written here by hand, so that a certificate can hold what no library would
// write; OpenSSL and nginx serve them in the end-to-end tests, so a mistake in it does not pass unseen.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import ipaddr from 'ipaddr.js'

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const long = length < 256 ? [0x81] : length < 65_536 ? [0x82, length >> 8] : [0x83, length >> 16, (length >> 8) & 255]
  const header = length < 128 ? [length] : [...long, length & 255]
  return Buffer.concat([Buffer.from([tag, ...header]), content])
}
const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts)
const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = rest.flatMap(value => {
    const groups = [value & 127]
    for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 127) | 128)
    return groups
  })
  return tlv(0x06, Buffer.from([first * 40 + second, ...bytes]))
}
const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits))
}
const nameOf = (text: string): Buffer =>
  sequence(
    ...(text === '' ? [] : text.split(', ')).map(part => {
      const [type, value = ''] = part.split('=')
      return tlv(0x31, sequence(oid(type === 'O' ? '2.5.4.10' : '2.5.4.3'), tlv(0x0c, Buffer.from(value))))
    }),
  )

export type KeyKind =
  | 'ec'
  | 'ec-384'
  | 'ec-521'
  | 'ec-224'
  | 'rsa'
  | 'rsa-1024'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'rsa-8192'
  | 'rsa-512'
  | 'rsa-exponent-3'
  | 'rsa-pss'
  | 'ed448'
  | 'ec-k'
  | 'dsa'
  | 'ed25519'
type Pair = { publicKey: KeyObject; privateKey: KeyObject }

const generate = (kind: KeyKind): Pair => {
  if (kind === 'dsa') return generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
  if (kind === 'ed25519') return generateKeyPairSync('ed25519')
  if (kind === 'ed448') return generateKeyPairSync('ed448')
  if (kind === 'rsa-pss') return generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
  if (kind === 'rsa-exponent-3') return generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
  if (kind.startsWith('rsa')) return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) || 2048 })
  const curves = {
    ec: 'prime256v1',
    'ec-384': 'secp384r1',
    'ec-521': 'secp521r1',
    'ec-224': 'secp224r1',
    'ec-k': 'secp256k1',
  } as const
  const namedCurve = curves[kind as keyof typeof curves]
  return generateKeyPairSync('ec', { namedCurve })
}

const algorithms: Record<string, [id: string, nullParameters: boolean]> = {
  'ec sha256': ['1.2.840.10045.4.3.2', false],
  'ec sha384': ['1.2.840.10045.4.3.3', false],
  'ec sha512': ['1.2.840.10045.4.3.4', false],
  'ec sha1': ['1.2.840.10045.4.1', false],
  'rsa sha256': ['1.2.840.113549.1.1.11', true],
  'rsa sha384': ['1.2.840.113549.1.1.12', true],
  'rsa sha512': ['1.2.840.113549.1.1.13', true],
  'rsa sha1': ['1.2.840.113549.1.1.5', true],
  'rsa md5': ['1.2.840.113549.1.1.4', true],
  'dsa sha256': ['2.16.840.1.101.3.4.3.2', false],
  'ed25519 sha256': ['1.3.101.112', false],
  'ed448 sha256': ['1.3.101.113', false],
}

export type Made = {
  subject: string
  pair: Pair
  /** DER in base64, and PEM; the key in PEM. */
  der: string
  pem: string
  key: string
}

/** For further extensions. */
export const asn1 = { tlv, sequence, oid }

export type Wanted = {
  /** `O=…, CN=…`. */
  subject: string
  /** Absent: self-signed. */
  issuer?: Made
  kind?: KeyKind
  /** Of the signature on it. */
  hash?: 'sha256' | 'sha384' | 'sha512' | 'sha1' | 'md5'
  /** DNS names, bytes in latin1; neither names nor addresses: no extension. */
  names?: string[]
  addresses?: string[]
  notBefore?: string | number
  notAfter?: string | number
  authority?: boolean
  pathLength?: number
  /** An authority without keyCertSign. */
  mayNotSign?: boolean
  usages?: string[]
  issuerUrl?: string
  ocspUrl?: string
  crlUrl?: string
  permitted?: string[]
  excluded?: string[]
  /** Entries of an embedded timestamp list; the timestamps themselves are made up. */
  timestamps?: number
  /** Reuses another's keys: a renewal, or a cross-signature. */
  keysOf?: Made
  /** The bits of the key usage, as bytes of a BIT STRING behind its count of unused bits; null leaves the extension out. */
  keyUsage?: number[] | null
  /** Further extensions: OID, content as DER, critical. */
  extra?: [id: string, value: Buffer, critical: boolean][]
  /** Dates as GeneralizedTime, although before 2050. */
  generalizedTime?: boolean
  /** Bytes of the serial number. */
  serial?: number[]
  /** A certificate of version 1: no extensions. */
  version1?: boolean
  /** Instead of the issuer's key identifier. */
  issuerKeyId?: Buffer
  /** Damages the signature. */
  forged?: boolean
}

let serials = 0x10000

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' }) as Buffer
const keyId = (key: KeyObject): Buffer => createHash('sha1').update(spki(key)).digest()
const pem = (der: Buffer, what: string): string =>
  `-----BEGIN ${what}-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${what}-----\n`

/** Signs a body with the key's own algorithm: AlgorithmIdentifier and BIT STRING. */
const signed = (body: (algorithm: Buffer) => Buffer, signer: KeyObject, hash: string, forged = false): Buffer => {
  const type = signer.asymmetricKeyType!
  const [id, parameters] = algorithms[`${type} ${hash}`]!
  const algorithm = sequence(oid(id), ...(parameters ? [tlv(0x05)] : []))
  const bytes = body(algorithm)
  const signature = sign(type.startsWith('ed') ? null : hash, bytes, signer)
  if (forged) signature[signature.length - 1]! ^= 1
  return sequence(bytes, algorithm, tlv(0x03, Buffer.from([0]), signature))
}

/** One certificate. Without dates it is valid from 2026-10-01 to 2026-12-30. */
export const make = (wanted: Wanted): Made => {
  const pair = wanted.keysOf?.pair ?? generate(wanted.kind ?? 'ec')
  const signer = wanted.issuer?.pair ?? pair
  const extension = (id: string, value: Buffer, critical = false): Buffer =>
    sequence(oid(id), ...(critical ? [tlv(0x01, Buffer.from([255]))] : []), tlv(0x04, value))
  const uri = (url: string): Buffer => tlv(0x86, Buffer.from(url, 'latin1'))
  const ordinary = wanted.authority && !wanted.mayNotSign ? [1, 0x06] : [5, 0xa0]
  const usage = wanted.keyUsage === undefined ? ordinary : wanted.keyUsage
  const usages = wanted.usages ?? (wanted.authority ? [] : ['1.3.6.1.5.5.7.3.1'])
  const subtree = (tag: number, names: string[] = []): Buffer[] =>
    names.length ? [tlv(tag, ...names.map(name => sequence(tlv(0x82, Buffer.from(name, 'latin1')))))] : []
  const constraints = [...subtree(0xa0, wanted.permitted), ...subtree(0xa1, wanted.excluded)]
  const access = [
    ...(wanted.ocspUrl ? [sequence(oid('1.3.6.1.5.5.7.48.1'), uri(wanted.ocspUrl))] : []),
    ...(wanted.issuerUrl ? [sequence(oid('1.3.6.1.5.5.7.48.2'), uri(wanted.issuerUrl))] : []),
  ]
  const timestamp = Buffer.concat([Buffer.from([0, 48]), Buffer.alloc(48, 7)])
  const timestamps = Buffer.concat(Array.from({ length: wanted.timestamps ?? 0 }, () => timestamp))
  const extensions = [
    extension(
      '2.5.29.19',
      sequence(
        ...(wanted.authority ? [tlv(0x01, Buffer.from([255]))] : []),
        ...(wanted.pathLength === undefined ? [] : [tlv(0x02, Buffer.from([wanted.pathLength]))]),
      ),
      true,
    ),
    ...(usage ? [extension('2.5.29.15', tlv(0x03, Buffer.from(usage)), true)] : []),
    extension('2.5.29.14', tlv(0x04, keyId(pair.publicKey))),
    extension('2.5.29.35', sequence(tlv(0x80, wanted.issuerKeyId ?? keyId(signer.publicKey)))),
    ...(usages.length ? [extension('2.5.29.37', sequence(...usages.map(oid)))] : []),
    ...(wanted.names || wanted.addresses
      ? [
          extension(
            '2.5.29.17',
            sequence(
              ...(wanted.names ?? []).map(name => tlv(0x82, Buffer.from(name, 'latin1'))),
              ...(wanted.addresses ?? []).map(address => tlv(0x87, Buffer.from(ipaddr.parse(address).toByteArray()))),
            ),
          ),
        ]
      : []),
    ...(access.length ? [extension('1.3.6.1.5.5.7.1.1', sequence(...access))] : []),
    ...(wanted.crlUrl ? [extension('2.5.29.31', sequence(sequence(tlv(0xa0, tlv(0xa0, uri(wanted.crlUrl))))))] : []),
    ...(constraints.length ? [extension('2.5.29.30', sequence(...constraints), true)] : []),
    ...(timestamps.length
      ? [
          extension(
            '1.3.6.1.4.1.11129.2.4.2',
            tlv(0x04, Buffer.from([timestamps.length >> 8, timestamps.length & 255]), timestamps),
          ),
        ]
      : []),
    ...(wanted.extra ?? []).map(([id, value, critical]) => extension(id, value, critical)),
  ]
  const next = serials++
  const serial = wanted.serial ?? [next >> 16, (next >> 8) & 255, next & 255]
  const dated = (at: string | number): Buffer => {
    const plain = time(new Date(at))
    const century = Number(plain.subarray(2, 4).toString()) < 50 ? '20' : '19'
    return wanted.generalizedTime ? tlv(0x18, Buffer.from(century), plain.subarray(2)) : plain
  }
  const der = signed(
    algorithm =>
      sequence(
        ...(wanted.version1 ? [] : [tlv(0xa0, tlv(0x02, Buffer.from([2])))]),
        tlv(0x02, Buffer.from(serial)),
        algorithm,
        nameOf(wanted.issuer?.subject ?? wanted.subject),
        sequence(dated(wanted.notBefore ?? '2026-10-01T00:00:00Z'), dated(wanted.notAfter ?? '2026-12-30T00:00:00Z')),
        nameOf(wanted.subject),
        spki(pair.publicKey),
        ...(wanted.version1 ? [] : [tlv(0xa3, sequence(...extensions))]),
      ),
    signer.privateKey,
    wanted.hash ?? 'sha256',
    wanted.forged,
  )
  return {
    subject: wanted.subject,
    pair,
    der: der.toString('base64'),
    pem: pem(der, 'CERTIFICATE'),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** A revocation list of the authority, DER. Serial numbers as hex. */
export const makeRevocationList = (
  issuer: Made,
  revoked: string[],
  nextUpdate: string | number = '2027-06-01T00:00:00Z',
): Buffer =>
  signed(
    algorithm =>
      sequence(
        tlv(0x02, Buffer.from([1])),
        algorithm,
        nameOf(issuer.subject),
        time(new Date('2026-11-01T00:00:00Z')),
        time(new Date(nextUpdate)),
        ...(revoked.length
          ? [
              sequence(
                ...revoked.map(serial =>
                  sequence(tlv(0x02, Buffer.from(serial, 'hex')), time(new Date('2026-11-10T00:00:00Z'))),
                ),
              ),
            ]
          : []),
      ),
    issuer.pair.privateKey,
    'sha256',
  )

/** A root and an intermediate below it, valid from 2020 to 2049. */
export const makeAuthority = (organization = 'Example Authority', kind: KeyKind = 'ec', more: Partial<Wanted> = {}) => {
  const dates = { notBefore: '2020-01-01T00:00:00Z', notAfter: '2049-01-01T00:00:00Z', authority: true, kind }
  const root = make({ subject: `O=${organization}, CN=${organization} Root`, ...dates })
  const intermediate = make({ subject: `O=${organization}, CN=${organization} E1`, issuer: root, ...dates, ...more })
  return { root, intermediate }
}
