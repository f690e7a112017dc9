// DNS messages as bytes (RFC 1035 §4): names with any legal label, compression without loops, and the record types we read.
// Our own codec, because labels may hold dots, NUL and bytes that are no UTF-8, which must come out as they went in.
import { limits } from '../../data/limits.ts'

/**
 * One record. `name` in lower case without the trailing dot (`''` is the root); non-printable bytes and dots within a
 * label are escaped as in RFC 1035 §5.1 (`\000`, `\.`). `data` is presentation format: names without the trailing dot,
 * TXT strings joined without quotes as bytes in latin1. `fields` holds the parsed parts: MX `{ preference, exchange }`, SOA
 * `{ mname, rname, serial, refresh, retry, expire, minimum }`, CAA `{ flags, tag, value }`, TXT `{ strings }` (latin1, one
 * character a byte), SRV, DS, DNSKEY, RRSIG, NSEC, NSEC3, TLSA, with byte strings in base64 (keys, signatures) or hex
 * (digests, salts).
 */
export type DnsRecord = { name: string; type: string; ttl: number; data: string; fields?: Record<string, unknown> }

const typeCodes: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  URI: 256,
  CAA: 257,
  AXFR: 252,
  ANY: 255,
}
const typeNames = new Map(Object.entries(typeCodes).map(([name, code]) => [code, name]))

/** Number of a type: its mnemonic or `TYPE123` (RFC 3597 §5). Null when it is neither. */
export const typeCode = (type: string): number | null => {
  const upper = type.toUpperCase()
  const known = typeCodes[upper]
  if (known !== undefined) return known
  const number = /^TYPE(\d{1,5})$/.exec(upper)?.[1]
  return number !== undefined && Number(number) <= 65_535 ? Number(number) : null
}

/** Mnemonic of a type, `TYPE123` when it has none here. */
export const typeName = (code: number): string => typeNames.get(code) ?? `TYPE${code}`

const rcodeNames: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  16: 'BADVERS',
  23: 'BADCOOKIE',
}

/** A message that breaks the format; `tooLarge` when it only breaks our bounds. */
export class WireError extends Error {
  readonly tooLarge: boolean
  constructor(message: string, tooLarge = false) {
    super(message)
    this.tooLarge = tooLarge
  }
}

/** One label in escape form: dots and backslashes escaped, everything that is not printable ASCII as `\DDD` (RFC 1035 §5.1). */
const escapeLabel = (label: Uint8Array): string => {
  let text = ''
  for (const byte of label) {
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
    if (lower === 0x2e || lower === 0x5c) text += `\\${String.fromCharCode(lower)}`
    else if (lower > 0x20 && lower < 0x7f) text += String.fromCharCode(lower)
    else text += `\\${String(lower).padStart(3, '0')}`
  }
  return text
}

/** Labels of a name in escape form, as bytes in lower case; a trailing dot is allowed. Throws WireError on what is no name. */
export const parseName = (name: string): Uint8Array[] => {
  if (name === '' || name === '.') return []
  const bytes = Buffer.from(name, 'utf8')
  const labels: Uint8Array[] = []
  let label: number[] = []
  const push = () => {
    if (label.length === 0) throw new WireError(`"${name}" has an empty label`)
    if (label.length > 63) throw new WireError(`"${name}" has a label of more than 63 bytes`)
    labels.push(Uint8Array.from(label))
    label = []
  }
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte === 0x5c) {
      const digits = /^\d{3}/.exec(bytes.toString('latin1', at + 1, at + 4))?.[0]
      if (digits) {
        if (Number(digits) > 255) throw new WireError(`"${name}" has an escape beyond \\255`)
        label.push(Number(digits))
        at += 4
      } else {
        const next = bytes[at + 1]
        if (next === undefined) throw new WireError(`"${name}" ends in a backslash`)
        label.push(next)
        at += 2
      }
    } else if (byte === 0x2e) {
      push()
      at += 1
    } else {
      label.push(byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)
      at += 1
    }
  }
  if (label.length) push()
  if (labels.reduce((sum, each) => sum + each.length + 1, 1) > 255)
    throw new WireError(`"${name}" is longer than 255 bytes`)
  return labels
}

/** A name in wire form, without compression. Throws WireError on what is no name. */
export const encodeName = (name: string): Buffer => {
  const parts: Uint8Array[] = []
  for (const label of parseName(name)) parts.push(Uint8Array.of(label.length), label)
  return Buffer.concat([...parts, Uint8Array.of(0)])
}

/** Lower case, no trailing dot, escapes in one form: two spellings of a name become one. Throws WireError on what is no name. */
export const canonicalName = (name: string): string => parseName(name).map(escapeLabel).join('.')

/** Reads a name at `at`; pointers may only lead backwards, so a loop cannot be followed. */
const decodeName = (message: Buffer, at: number): { name: string; next: number } => {
  const labels: string[] = []
  let length = 1
  let next: number | null = null
  let pointers = 0
  let lowest = at
  let position = at
  for (;;) {
    const head = message[position]
    if (head === undefined) throw new WireError('a name runs past the end of the message')
    if ((head & 0xc0) === 0xc0) {
      const low = message[position + 1]
      if (low === undefined) throw new WireError('a name runs past the end of the message')
      const target = ((head & 0x3f) << 8) | low
      pointers += 1
      if (target >= lowest || pointers > limits.compressionPointers)
        throw new WireError('a name is compressed in a loop')
      next ??= position + 2
      lowest = target
      position = target
    } else if (head & 0xc0) throw new WireError('a label of an unknown kind')
    else if (head === 0) return { name: labels.join('.'), next: next ?? position + 1 }
    else {
      if (position + 1 + head > message.length) throw new WireError('a label runs past the end of the message')
      length += head + 1
      if (length > 255) throw new WireError('a name is longer than 255 bytes')
      labels.push(escapeLabel(message.subarray(position + 1, position + 1 + head)))
      position += head + 1
    }
  }
}

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

const base32hex = '0123456789abcdefghijklmnopqrstuv'
const toBase32hex = (bytes: Buffer): string => {
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32hex[(value >> bits) & 31]
    }
  }
  return bits ? text + base32hex[(value << (5 - bits)) & 31] : text
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

type Parsed = { data: string; fields?: Record<string, unknown> }

/** Reads the data of one record. `end` is where it ends; names in it may point anywhere before. */
const decodeData = (message: Buffer, type: number, start: number, end: number): Parsed => {
  let at = start
  const need = (bytes: number) => {
    if (at + bytes > end) throw new WireError(`the data of a ${typeName(type)} record is too short`)
  }
  const u8 = (): number => {
    need(1)
    return message[at++]!
  }
  const u16 = (): number => {
    need(2)
    at += 2
    return message.readUInt16BE(at - 2)
  }
  const u32 = (): number => {
    need(4)
    at += 4
    return message.readUInt32BE(at - 4)
  }
  const bytes = (length: number): Buffer => {
    need(length)
    at += length
    return message.subarray(at - length, at)
  }
  const rest = (): Buffer => bytes(end - at)
  const name = (): string => {
    need(1)
    const read = decodeName(message, at)
    if (read.next > end) throw new WireError(`the data of a ${typeName(type)} record is too short`)
    at = read.next
    return read.name
  }
  const text = (): string => bytes(u8()).toString('latin1')
  const done = (parsed: Parsed): Parsed => {
    if (at !== end) throw new WireError(`the data of a ${typeName(type)} record is too long`)
    return parsed
  }

  switch (typeName(type)) {
    case 'A':
      return done({ data: bytes(4).join('.') })
    case 'AAAA':
      return done({ data: formatIpv6(bytes(16)) })
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      return done({ data: shown(name()) })
    case 'SOA': {
      const fields = {
        mname: name(),
        rname: name(),
        serial: u32(),
        refresh: u32(),
        retry: u32(),
        expire: u32(),
        minimum: u32(),
      }
      const { mname, rname, ...numbers } = fields
      return done({ data: `${shown(mname)} ${shown(rname)} ${Object.values(numbers).join(' ')}`, fields })
    }
    case 'MX': {
      const fields = { preference: u16(), exchange: name() }
      return done({ data: `${fields.preference} ${shown(fields.exchange)}`, fields })
    }
    case 'TXT':
    case 'SPF': {
      const strings: string[] = []
      while (at < end) strings.push(text())
      return done({ data: strings.join(''), fields: { strings } })
    }
    case 'SRV': {
      const fields = { priority: u16(), weight: u16(), port: u16(), target: name() }
      return done({ data: `${fields.priority} ${fields.weight} ${fields.port} ${shown(fields.target)}`, fields })
    }
    case 'CAA': {
      const fields = { flags: u8(), tag: text().toLowerCase(), value: rest().toString('latin1') }
      return done({ data: `${fields.flags} ${fields.tag} ${quoted(fields.value)}`, fields })
    }
    case 'DS':
    case 'CDS': {
      const fields = { keyTag: u16(), algorithm: u8(), digestType: u8(), digest: rest().toString('hex') }
      return done({
        data: `${fields.keyTag} ${fields.algorithm} ${fields.digestType} ${fields.digest.toUpperCase()}`,
        fields,
      })
    }
    case 'DNSKEY':
    case 'CDNSKEY': {
      const keyTag = computeKeyTag(message.subarray(start, end))
      const fields = { flags: u16(), protocol: u8(), algorithm: u8(), publicKey: rest().toString('base64'), keyTag }
      return done({ data: `${fields.flags} ${fields.protocol} ${fields.algorithm} ${fields.publicKey}`, fields })
    }
    case 'RRSIG': {
      const fields = {
        typeCovered: typeName(u16()),
        algorithm: u8(),
        labels: u8(),
        originalTtl: u32(),
        expiration: u32(),
        inception: u32(),
        keyTag: u16(),
        signer: name(),
        signature: rest().toString('base64'),
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
      return done({ data, fields })
    }
    case 'NSEC': {
      const fields = { next: name(), types: readTypeBitmap(rest()) }
      return done({ data: [shown(fields.next), ...fields.types].join(' '), fields })
    }
    case 'NSEC3': {
      const fields = {
        algorithm: u8(),
        flags: u8(),
        iterations: u16(),
        salt: bytes(u8()).toString('hex'),
        next: toBase32hex(bytes(u8())),
        types: readTypeBitmap(rest()),
      }
      const { algorithm, flags, iterations, salt, next, types } = fields
      return done({ data: [algorithm, flags, iterations, salt.toUpperCase() || '-', next, ...types].join(' '), fields })
    }
    case 'NSEC3PARAM': {
      const fields = { algorithm: u8(), flags: u8(), iterations: u16(), salt: bytes(u8()).toString('hex') }
      return done({
        data: `${fields.algorithm} ${fields.flags} ${fields.iterations} ${fields.salt.toUpperCase() || '-'}`,
        fields,
      })
    }
    case 'TLSA':
    case 'SMIMEA': {
      const fields = { usage: u8(), selector: u8(), matchingType: u8(), certificate: rest().toString('hex') }
      return done({ data: `${fields.usage} ${fields.selector} ${fields.matchingType} ${fields.certificate}`, fields })
    }
    case 'SVCB':
    case 'HTTPS': {
      const priority = u16()
      const target = name()
      const params: Record<string, string> = {}
      const parts = [String(priority), shown(target)]
      while (at < end) {
        const key = u16()
        const value = svcValue(key, bytes(u16()))
        const keyName = svcKeys[key] ?? `key${key}`
        params[keyName] = value
        parts.push(value === '' ? keyName : `${keyName}=${key > 6 ? quoted(value) : value}`)
      }
      return done({ data: parts.join(' '), fields: { priority, target, params } })
    }
    default: {
      // RFC 3597 §5.
      const raw = rest()
      return {
        data: raw.length ? `\\# ${raw.length} ${raw.toString('hex')}` : '\\# 0',
        fields: { raw: raw.toString('hex') },
      }
    }
  }
}

/** Key tag of a DNSKEY's data (RFC 4034 appendix B). */
const computeKeyTag = (data: Buffer): number => {
  let sum = 0
  data.forEach((byte, at) => {
    sum += at & 1 ? byte : byte << 8
  })
  return (sum + ((sum >> 16) & 0xffff)) & 0xffff
}

export type Message = {
  id: number
  response: boolean
  authoritative: boolean
  truncated: boolean
  recursionAvailable: boolean
  authenticData: boolean
  rcode: string
  questions: { name: string; type: number; class: number }[]
  answers: DnsRecord[]
  authorities: DnsRecord[]
  additionals: DnsRecord[]
}

/** Id, response and truncation bits, response code (4 bits) and question count, without reading further; null when there is no whole header. */
export const peekHeader = (
  message: Buffer,
): { id: number; response: boolean; truncated: boolean; rcode: number; questions: number } | null =>
  message.length < 12
    ? null
    : {
        id: message.readUInt16BE(0),
        response: (message[2]! & 0x80) !== 0,
        truncated: (message[2]! & 0x02) !== 0,
        rcode: message[3]! & 0x0f,
        questions: message.readUInt16BE(4),
      }

/** The only question of a message, null when there is not exactly one that can be read. */
export const peekQuestion = (message: Buffer): { name: string; type: number; class: number } | null => {
  if (peekHeader(message)?.questions !== 1) return null
  try {
    const { name, next } = decodeName(message, 12)
    if (next + 4 > message.length) return null
    return { name, type: message.readUInt16BE(next), class: message.readUInt16BE(next + 2) }
  } catch {
    return null
  }
}

/** Reads a whole message. Throws WireError on what breaks the format or the bounds. Records that are not of class IN are left out. */
export const decodeMessage = (message: Buffer, maxRecords: number = limits.dnsRecords): Message => {
  if (message.length < 12) throw new WireError('the message is shorter than a header')
  const counts = [4, 6, 8, 10].map(at => message.readUInt16BE(at)) as [number, number, number, number]
  if (counts[0] > 1) throw new WireError('the message has more than one question')
  const records = counts[1] + counts[2] + counts[3]
  if (records > maxRecords)
    throw new WireError(`the answer has ${records} records; we read at most ${maxRecords}`, true)
  let at = 12
  const questions: Message['questions'] = []
  if (counts[0] === 1) {
    const { name, next } = decodeName(message, at)
    if (next + 4 > message.length) throw new WireError('the question runs past the end of the message')
    questions.push({ name, type: message.readUInt16BE(next), class: message.readUInt16BE(next + 2) })
    at = next + 4
  }
  let extendedRcode = 0
  const readSection = (count: number): DnsRecord[] => {
    const section: DnsRecord[] = []
    for (let index = 0; index < count; index++) {
      const { name, next } = decodeName(message, at)
      if (next + 10 > message.length) throw new WireError('a record runs past the end of the message')
      const type = message.readUInt16BE(next)
      const recordClass = message.readUInt16BE(next + 2)
      const ttl = message.readUInt32BE(next + 4)
      const start = next + 10
      const end = start + message.readUInt16BE(next + 8)
      if (end > message.length) throw new WireError('a record runs past the end of the message')
      at = end
      if (type === typeCodes['OPT']) extendedRcode = ttl >>> 24
      else if (recordClass === 1) {
        // RFC 2181 §8: a TTL with the top bit set counts as 0.
        section.push({
          name,
          type: typeName(type),
          ttl: ttl > 0x7fffffff ? 0 : ttl,
          ...decodeData(message, type, start, end),
        })
      }
    }
    return section
  }
  const answers = readSection(counts[1])
  const authorities = readSection(counts[2])
  const additionals = readSection(counts[3])
  const rcode = (extendedRcode << 4) | (message[3]! & 0x0f)
  return {
    id: message.readUInt16BE(0),
    response: (message[2]! & 0x80) !== 0,
    authoritative: (message[2]! & 0x04) !== 0,
    truncated: (message[2]! & 0x02) !== 0,
    recursionAvailable: (message[3]! & 0x80) !== 0,
    authenticData: (message[3]! & 0x20) !== 0,
    rcode: rcodeNames[rcode] ?? `RCODE${rcode}`,
    questions,
    answers,
    authorities,
    additionals,
  }
}

export type Question = {
  id: number
  name: string
  type: number
  recursionDesired: boolean
  /** DO and CD (RFC 4035 §3.2). */
  dnssec: boolean
  edns: boolean
}

/** A query as bytes. Throws WireError when the name is none. */
export const encodeQuery = (question: Question): Buffer => {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(question.id, 0)
  if (question.recursionDesired) header[2]! |= 0x01
  // RFC 6840 §5.7: AD in a query says that we understand AD in the answer.
  if (question.recursionDesired && question.edns) header[3]! |= 0x20
  if (question.dnssec) header[3]! |= 0x10
  header.writeUInt16BE(1, 4)
  const tail = Buffer.alloc(4)
  tail.writeUInt16BE(question.type, 0)
  tail.writeUInt16BE(1, 2)
  const parts = [header, encodeName(question.name), tail]
  if (question.edns) {
    header.writeUInt16BE(1, 10)
    const opt = Buffer.alloc(11)
    opt.writeUInt16BE(typeCodes['OPT']!, 1)
    opt.writeUInt16BE(limits.dnsUdpBytes, 3)
    if (question.dnssec) opt[7] = 0x80
    parts.push(opt)
  }
  return Buffer.concat(parts)
}
