// DNS messages as bytes (RFC 1035 §4): names with any legal label, compression without loops, and the record types we read.
// Our own codec, because labels may hold dots, NUL and bytes that are no UTF-8, which must come out as they went in.
import { limits } from '../../data/limits.ts'
import { typeName } from './record-types.ts'
import { decodeData } from './wire-data.ts'
import { decodeName, encodeName, WireError } from './wire-name.ts'

export { typeCode, typeName } from './record-types.ts'
export { canonicalName, encodeName, parseName, WireError } from './wire-name.ts'

/**
 * One record. `name` in lower case without the trailing dot (`''` is the root); non-printable bytes and dots within a
 * label are escaped as in RFC 1035 §5.1 (`\000`, `\.`). `data` is presentation format: names without the trailing dot,
 * TXT strings joined without quotes as bytes in latin1. `fields` holds the parsed parts: MX `{ preference, exchange }`, SOA
 * `{ mname, rname, serial, refresh, retry, expire, minimum }`, CAA `{ flags, tag, value }`, TXT `{ strings }` (latin1, one
 * character a byte), SRV, DS, DNSKEY, RRSIG, NSEC, NSEC3, TLSA, with byte strings in base64 (keys, signatures) or hex
 * (digests, salts).
 */
export type DnsRecord = { name: string; type: string; ttl: number; data: string; fields?: Record<string, unknown> }

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

/** Pseudo-type of EDNS (RFC 6891 §6.1). */
const optType = 41

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
      if (type === optType) extendedRcode = ttl >>> 24
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
    opt.writeUInt16BE(optType, 1)
    opt.writeUInt16BE(limits.dnsUdpBytes, 3)
    if (question.dnssec) opt[7] = 0x80
    parts.push(opt)
  }
  return Buffer.concat(parts)
}
