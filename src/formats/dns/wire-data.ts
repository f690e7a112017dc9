// The data of DNS records as bytes, read into presentation format and fields: one reader for each type (RFC 1035 §3.3 and later).
import { toBase32hex } from './base32hex.ts'
import { keyTagOfData } from './dnskey.ts'
import { typeName } from './record-types.ts'
import { decodeName, WireError } from './wire-name.ts'

/** A name as it stands in presentation format: the root is a dot. */
const shown = (name: string): string => name || '.'

const formatIpv6 = (bytes: Buffer): string => {
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) groups.push(bytes.readUInt16BE(at).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** Types in an NSEC bitmap (RFC 4034 §4.1.2). */
const readTypeBitmap = (bytes: Buffer): string[] => {
  const types: string[] = []
  let at = 0
  while (at < bytes.length) {
    const window = bytes[at]!
    const length = bytes[at + 1] ?? 0
    if (length < 1 || length > 32 || at + 2 + length > bytes.length) throw new WireError('a type bitmap is broken')
    for (let byte = 0; byte < length; byte++)
      for (let bit = 0; bit < 8; bit++)
        if (bytes[at + 2 + byte]! & (0x80 >> bit)) types.push(typeName(window * 256 + byte * 8 + bit))
    at += 2 + length
  }
  return types
}

/** Instant of an RRSIG as YYYYMMDDHHmmSS (RFC 4034 §3.2). */
const signatureTime = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14)

/** A string between quotes, with what is not printable escaped (RFC 1035 §5.1). Bytes in latin1. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replace(/[^ -~]/g, char => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)}"`

const svcKeys = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp']

/** One SvcParam's value as text (RFC 9460 §7). */
const svcValue = (key: number, value: Buffer): string => {
  const each = (size: number, show: (bytes: Buffer) => string): string => {
    if (value.length === 0 || value.length % size) throw new WireError('a service parameter has a wrong length')
    return Array.from({ length: value.length / size }, (_, at) =>
      show(value.subarray(at * size, at * size + size)),
    ).join(',')
  }
  if (key === 0) return each(2, bytes => svcKeys[bytes.readUInt16BE(0)] ?? `key${bytes.readUInt16BE(0)}`)
  if (key === 1) {
    const names: string[] = []
    for (let at = 0; at < value.length; at += 1 + value[at]!) {
      if (at + 1 + value[at]! > value.length) throw new WireError('a service parameter runs past its end')
      names.push(value.toString('latin1', at + 1, at + 1 + value[at]!))
    }
    return names.join(',')
  }
  if (key === 3) {
    if (value.length !== 2) throw new WireError('a service port has a wrong length')
    return String(value.readUInt16BE(0))
  }
  if (key === 4) return each(4, bytes => bytes.join('.'))
  if (key === 5) return value.toString('base64')
  if (key === 6) return each(16, formatIpv6)
  return value.toString('latin1')
}

/** Data in presentation format, and its parts as described at DnsRecord. */
export type ParsedData = { data: string; fields?: Record<string, unknown> }

/** Reads the data of one record from its beginning; throws WireError at its end. */
type Reader = {
  u8(): number
  u16(): number
  u32(): number
  bytes(length: number): Buffer
  /** All that is left. */
  rest(): Buffer
  /** A name; compression may point anywhere before. */
  name(): string
  /** A character string (RFC 1035 §3.3), in latin1. */
  text(): string
  /** Bytes that are left. */
  left(): number
  /** The whole data, wherever the reader stands. */
  whole(): Buffer
}

const readerOf = (message: Buffer, type: number, start: number, end: number): Reader => {
  let at = start
  const tooShort = () => new WireError(`the data of a ${typeName(type)} record is too short`)
  /** Where the next bytes begin. */
  const take = (bytes: number): number => {
    if (at + bytes > end) throw tooShort()
    at += bytes
    return at - bytes
  }
  const bytes = (length: number): Buffer => {
    const from = take(length)
    return message.subarray(from, from + length)
  }
  const u8 = (): number => message[take(1)]!
  return {
    u8,
    u16: () => message.readUInt16BE(take(2)),
    u32: () => message.readUInt32BE(take(4)),
    bytes,
    rest: () => bytes(end - at),
    name: () => {
      if (at + 1 > end) throw tooShort()
      const read = decodeName(message, at)
      if (read.next > end) throw tooShort()
      at = read.next
      return read.name
    },
    text: () => bytes(u8()).toString('latin1'),
    left: () => end - at,
    whole: () => message.subarray(start, end),
  }
}

type Decode = (read: Reader) => ParsedData

const nameAlone: Decode = read => ({ data: shown(read.name()) })

const texts: Decode = read => {
  const strings: string[] = []
  while (read.left() > 0) strings.push(read.text())
  return { data: strings.join(''), fields: { strings } }
}

const delegationSigner: Decode = read => {
  const fields = {
    keyTag: read.u16(),
    algorithm: read.u8(),
    digestType: read.u8(),
    digest: read.rest().toString('hex'),
  }
  const { keyTag, algorithm, digestType, digest } = fields
  return { data: `${keyTag} ${algorithm} ${digestType} ${digest.toUpperCase()}`, fields }
}

const publicKey: Decode = read => {
  const keyTag = keyTagOfData(read.whole())
  const [flags, protocol, algorithm] = [read.u16(), read.u8(), read.u8()]
  const fields = { flags, protocol, algorithm, publicKey: read.rest().toString('base64'), keyTag }
  return { data: `${flags} ${protocol} ${algorithm} ${fields.publicKey}`, fields }
}

const startOfAuthority: Decode = read => {
  const names = { mname: read.name(), rname: read.name() }
  const numbers = {
    serial: read.u32(),
    refresh: read.u32(),
    retry: read.u32(),
    expire: read.u32(),
    minimum: read.u32(),
  }
  const data = `${shown(names.mname)} ${shown(names.rname)} ${Object.values(numbers).join(' ')}`
  return { data, fields: { ...names, ...numbers } }
}

const recordSignature: Decode = read => {
  const fields = {
    typeCovered: typeName(read.u16()),
    algorithm: read.u8(),
    labels: read.u8(),
    originalTtl: read.u32(),
    expiration: read.u32(),
    inception: read.u32(),
    keyTag: read.u16(),
    signer: read.name(),
    signature: read.rest().toString('base64'),
  }
  const data = [
    fields.typeCovered,
    fields.algorithm,
    fields.labels,
    fields.originalTtl,
    signatureTime(fields.expiration),
    signatureTime(fields.inception),
    fields.keyTag,
    shown(fields.signer),
    fields.signature,
  ].join(' ')
  return { data, fields }
}

/** The part that NSEC3 and NSEC3PARAM share (RFC 5155 §3.2, §4.2). */
const nsec3Params = (read: Reader) => {
  const fields = {
    algorithm: read.u8(),
    flags: read.u8(),
    iterations: read.u16(),
    salt: read.bytes(read.u8()).toString('hex'),
  }
  const { algorithm, flags, iterations, salt } = fields
  return { data: `${algorithm} ${flags} ${iterations} ${salt.toUpperCase() || '-'}`, fields }
}

const certificateAssociation: Decode = read => {
  const fields = {
    usage: read.u8(),
    selector: read.u8(),
    matchingType: read.u8(),
    certificate: read.rest().toString('hex'),
  }
  return { data: Object.values(fields).join(' '), fields }
}

const serviceBinding: Decode = read => {
  const [priority, target] = [read.u16(), read.name()]
  const params: Record<string, string> = {}
  const parts = [String(priority), shown(target)]
  while (read.left() > 0) {
    const key = read.u16()
    const value = svcValue(key, read.bytes(read.u16()))
    const keyName = svcKeys[key] ?? `key${key}`
    params[keyName] = value
    parts.push(value === '' ? keyName : `${keyName}=${key > 6 ? quoted(value) : value}`)
  }
  return { data: parts.join(' '), fields: { priority, target, params } }
}

/** A type that is not known here (RFC 3597 §5). */
const unknownType: Decode = read => {
  const raw = read.rest()
  const hex = raw.toString('hex')
  return { data: raw.length ? `\\# ${raw.length} ${hex}` : '\\# 0', fields: { raw: hex } }
}

/** Type → how its data is read. */
const decoders: Readonly<Record<string, Decode>> = {
  A: read => ({ data: read.bytes(4).join('.') }),
  AAAA: read => ({ data: formatIpv6(read.bytes(16)) }),
  NS: nameAlone,
  CNAME: nameAlone,
  PTR: nameAlone,
  DNAME: nameAlone,
  SOA: startOfAuthority,
  MX: read => {
    const fields = { preference: read.u16(), exchange: read.name() }
    return { data: `${fields.preference} ${shown(fields.exchange)}`, fields }
  },
  TXT: texts,
  SPF: texts,
  SRV: read => {
    const fields = { priority: read.u16(), weight: read.u16(), port: read.u16(), target: read.name() }
    return { data: `${fields.priority} ${fields.weight} ${fields.port} ${shown(fields.target)}`, fields }
  },
  CAA: read => {
    const fields = { flags: read.u8(), tag: read.text().toLowerCase(), value: read.rest().toString('latin1') }
    return { data: `${fields.flags} ${fields.tag} ${quoted(fields.value)}`, fields }
  },
  DS: delegationSigner,
  CDS: delegationSigner,
  DNSKEY: publicKey,
  CDNSKEY: publicKey,
  RRSIG: recordSignature,
  NSEC: read => {
    const fields = { next: read.name(), types: readTypeBitmap(read.rest()) }
    return { data: [shown(fields.next), ...fields.types].join(' '), fields }
  },
  NSEC3: read => {
    const params = nsec3Params(read)
    const fields = { next: toBase32hex(read.bytes(read.u8())), types: readTypeBitmap(read.rest()) }
    return { data: [params.data, fields.next, ...fields.types].join(' '), fields: { ...params.fields, ...fields } }
  },
  NSEC3PARAM: nsec3Params,
  TLSA: certificateAssociation,
  SMIMEA: certificateAssociation,
  SVCB: serviceBinding,
  HTTPS: serviceBinding,
}

/**
 * Reads the data of one record, which stands from `start` to `end`; names in it may point anywhere before. Throws WireError where
 * the data is shorter or longer than its type allows.
 */
export const decodeData = (message: Buffer, type: number, start: number, end: number): ParsedData => {
  const read = readerOf(message, type, start, end)
  const parsed = (decoders[typeName(type)] ?? unknownType)(read)
  if (read.left() > 0) throw new WireError(`the data of a ${typeName(type)} record is too long`)
  return parsed
}
