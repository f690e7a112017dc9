// Records in the canonical form that DNSSEC signs (RFC 4034 §6.2): names in lower case and uncompressed.
import { fromBase32hex } from './base32hex.ts'
import { type DnskeyFields, type DsFields, dnskeyData } from './dnskey.ts'
import { nameToWire } from './name.ts'
import { typeCode } from './record-types.ts'

/** A record as the resolver gives it: `fields` as described at DnsRecord. */
export type SignedRecord = { name: string; type: string; ttl: number; data: string; fields?: Record<string, unknown> }

/** `salt` in hex, `next` in base32hex. */
export type Nsec3Fields = {
  algorithm: number
  flags: number
  iterations: number
  salt: string
  next: string
  types: string[]
}

export const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

/** The type bitmap of NSEC and NSEC3 (RFC 4034 §4.1.2). Words that are no types are left out. */
export const typeBitmap = (types: readonly string[]): Buffer => {
  const windows = new Map<number, number[]>()
  for (const type of types) {
    const number = typeCode(type)
    if (number === null) continue
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

/** Bytes behind their length, as texts and salts stand in data. */
const counted = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length]), bytes])

const strings = (values: readonly string[]): Buffer =>
  Buffer.concat(values.map(value => counted(Buffer.from(value, 'latin1'))))

const nameBytes = (text: string): Buffer => Buffer.from(nameToWire(text === '.' ? '' : text))

type Fields = Record<string, never>
type Write = (data: string, fields: Fields) => Buffer

const nameAlone: Write = data => nameBytes(data)

const delegationSigner: Write = (_, fields) => {
  const { keyTag, algorithm, digestType, digest } = fields as unknown as DsFields
  return Buffer.concat([u16(keyTag), Buffer.from([algorithm, digestType]), Buffer.from(digest, 'hex')])
}

const key: Write = (_, fields) => dnskeyData(fields as unknown as DnskeyFields)

const nsec3Params = ({ algorithm, flags, iterations, salt }: Nsec3Fields): Buffer =>
  Buffer.concat([Buffer.from([algorithm, flags]), u16(iterations), counted(Buffer.from(salt, 'hex'))])

/** Type → how its data is written. */
const writers: Readonly<Record<string, Write>> = {
  A: data => Buffer.from(data.split('.').map(Number)),
  AAAA: ipv6Bytes,
  NS: nameAlone,
  CNAME: nameAlone,
  PTR: nameAlone,
  DNAME: nameAlone,
  SOA: data => {
    const [mname = '', rname = '', ...numbers] = data.split(' ')
    return Buffer.concat([nameBytes(mname), nameBytes(rname), ...numbers.map(number => u32(Number(number)))])
  },
  MX: (_, fields) => Buffer.concat([u16(fields['preference']!), nameBytes(fields['exchange']!)]),
  TXT: (_, fields) => strings(fields['strings']!),
  SPF: (_, fields) => strings(fields['strings']!),
  SRV: (_, fields) =>
    Buffer.concat([
      u16(fields['priority']!),
      u16(fields['weight']!),
      u16(fields['port']!),
      nameBytes(fields['target']!),
    ]),
  CAA: (_, fields) =>
    Buffer.concat([
      Buffer.from([fields['flags']!]),
      strings([fields['tag']!]),
      Buffer.from(fields['value']!, 'latin1'),
    ]),
  DS: delegationSigner,
  CDS: delegationSigner,
  DNSKEY: key,
  CDNSKEY: key,
  NSEC: (_, fields) => Buffer.concat([nameBytes(fields['next']!), typeBitmap(fields['types']!)]),
  NSEC3: (_, fields) => {
    const params = fields as unknown as Nsec3Fields
    return Buffer.concat([nsec3Params(params), counted(fromBase32hex(params.next)), typeBitmap(params.types)])
  },
  NSEC3PARAM: (_, fields) => nsec3Params(fields as unknown as Nsec3Fields),
  TLSA: (_, fields) =>
    Buffer.concat([
      Buffer.from([fields['usage']!, fields['selector']!, fields['matchingType']!]),
      Buffer.from(fields['certificate']!, 'hex'),
    ]),
}

/** Data of a record in canonical wire form, or null for a type that we do not know to write. */
export const canonicalData = ({ type, data, fields = {} }: SignedRecord): Buffer | null => {
  const write = writers[type]
  if (write) return write(data, fields as Fields)
  return typeof fields['raw'] === 'string' ? Buffer.from(fields['raw'], 'hex') : null
}
