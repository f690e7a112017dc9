// DNS messages as bytes, for the lab's servers: written here on purpose, so that the program's own codec
// (formats/dns/wire.ts) is not proved against itself, and so that a message can be wrong on purpose. RFC 1035 §4, RFC 6891 (EDNS), RFC 3597.

export const typeCodes: Record<string, number> = {
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
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
}
const typeNames = new Map(Object.entries(typeCodes).map(([name, code]) => [code, name]))
export const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const
export type Rcode = keyof typeof rcodes

/** Mnemonic of a type code; `TYPE1234` where there is none (RFC 3597). */
export const typeName = (code: number): string => typeNames.get(code) ?? `TYPE${code}`
export const typeCode = (name: string): number => {
  const code = typeCodes[name] ?? (name.startsWith('TYPE') ? Number(name.slice(4)) : Number.NaN)
  if (Number.isNaN(code)) throw new Error(`the lab does not know the DNS type ${name}`)
  return code
}

/** One record in presentation format; `name` in lower case without the trailing dot. */
export type ZoneRecord = { name: string; ttl: number; type: string; data: string }

/** Labels of a name, with RFC 1035 §5.1 escapes undone (latin1). */
export const labelsOf = (name: string): string[] => {
  const labels: string[] = []
  let label = ''
  for (let at = 0; at < name.length; at++) {
    const char = name[at]!
    if (char === '\\') {
      const code = /^\d{3}/.exec(name.slice(at + 1))?.[0]
      label += code ? String.fromCharCode(Number(code)) : (name[at + 1] ?? '')
      at += code ? 3 : 1
    } else if (char === '.') {
      labels.push(label)
      label = ''
    } else label += char
  }
  if (label) labels.push(label)
  return labels.filter(part => part !== '')
}

const escapeLabel = (label: string): string =>
  label.replace(/[^!-~]|[.\\]/g, char =>
    char === '.' || char === '\\' ? `\\${char}` : `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  )

export const encodeName = (name: string): Buffer => {
  const parts = labelsOf(name).map(label => {
    const bytes = Buffer.from(label, 'latin1')
    if (bytes.length > 63) throw new Error(`label longer than 63 bytes in ${name}`)
    return Buffer.concat([Buffer.from([bytes.length]), bytes])
  })
  return Buffer.concat([...parts, Buffer.from([0])])
}

const uint16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

const encodeIpv6 = (address: string): Buffer => {
  const [head = '', tail] = address.split('::')
  const groups = (text: string): number[] => (text ? text.split(':').map(group => Number.parseInt(group, 16)) : [])
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const all = tail === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill(0), ...back]
  return Buffer.concat(all.map(uint16))
}

/** Character strings: quoted ones as given, otherwise the whole text cut into pieces of 255 bytes. UTF-8 goes out as such. */
const encodeStrings = (data: string): Buffer => {
  const plainBytes = (text: string): Buffer =>
    Buffer.concat(
      (text.match(/\\\d{3}|\\.|[^\\]+/gs) ?? []).map(part =>
        part[0] !== '\\'
          ? Buffer.from(part)
          : /^\\\d{3}$/.test(part)
            ? Buffer.from([Number(part.slice(1))])
            : Buffer.from(part.slice(1)),
      ),
    )
  const quoted = /^\s*"/.test(data)
    ? [...data.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(match => plainBytes(match[1]!))
    : null
  const whole = quoted ? null : plainBytes(data)
  const strings =
    quoted ??
    Array.from({ length: Math.max(1, Math.ceil(whole!.length / 255)) }, (_, n) =>
      whole!.subarray(n * 255, n * 255 + 255),
    )
  return Buffer.concat(strings.flatMap(text => [Buffer.from([text.length]), text]))
}

const timestamp = (text: string): number => {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  return match
    ? Date.UTC(+match[1]!, +match[2]! - 1, +match[3]!, +match[4]!, +match[5]!, +match[6]!) / 1000
    : Number(text)
}

/** Type bit maps of NSEC and NSEC3 (RFC 4034 §4.1.2). */
const typeBitmap = (types: string[]): Buffer => {
  const windows = new Map<number, Buffer>()
  for (const code of types.map(typeCode)) {
    const bits = windows.get(code >> 8) ?? Buffer.alloc(32)
    bits[(code & 255) >> 3]! |= 0x80 >> (code & 7)
    windows.set(code >> 8, bits)
  }
  return Buffer.concat(
    [...windows]
      .sort(([a], [b]) => a - b)
      .map(([window, bits]) => {
        const length = bits.findLastIndex(byte => byte !== 0) + 1
        return Buffer.concat([Buffer.from([window, length]), bits.subarray(0, length)])
      }),
  )
}

const base32hex = (text: string): Buffer => {
  const digits = [...text.toLowerCase()].map(char => Number.parseInt(char, 32).toString(2).padStart(5, '0')).join('')
  return Buffer.from((digits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
}

/** The presentation format of RDATA, in words. */
type Data = {
  text: string
  words: string[]
  word(at: number): string
  number(at: number): number
  rest(at: number): string
}

const dataOf = (text: string): Data => {
  const words = text.trim().split(/\s+/)
  const word = (at: number): string => words[at] ?? ''
  return { text, words, word, number: at => Number(word(at)), rest: at => words.slice(at).join('') }
}

const nsec3 = ({ number, word }: Data): Buffer => {
  const salt = word(3) === '-' ? Buffer.alloc(0) : Buffer.from(word(3), 'hex')
  return Buffer.concat([Buffer.from([number(0), number(1)]), uint16(number(2)), Buffer.from([salt.length]), salt])
}

const caa = ({ text, number, word }: Data): Buffer => {
  const value = text
    .trim()
    .replace(/^\S+\s+\S+\s*/, '')
    .replace(/^"(.*)"$/s, '$1')
  return Buffer.concat([Buffer.from([number(0), word(1).length]), Buffer.from(word(1)), Buffer.from(value)])
}

const soa = ({ word, words }: Data): Buffer => {
  const numbers = words.slice(2, 7).map(text => uint32(Number(text)))
  return Buffer.concat([encodeName(word(0)), encodeName(word(1)), ...numbers])
}

const rrsig = ({ word, number, rest }: Data): Buffer =>
  Buffer.concat([
    uint16(typeCode(word(0))),
    Buffer.from([number(1), number(2)]),
    uint32(number(3)),
    uint32(timestamp(word(4))),
    uint32(timestamp(word(5))),
    uint16(number(6)),
    encodeName(word(7)),
    Buffer.from(rest(8), 'base64'),
  ])

/** Key tag or flags, two numbers, and the rest in hex or base64. */
const digest = ({ number, rest }: Data, coding: 'hex' | 'base64'): Buffer =>
  Buffer.concat([uint16(number(0)), Buffer.from([number(1), number(2)]), Buffer.from(rest(3), coding)])

const name = ({ word }: Data): Buffer => encodeName(word(0))
const strings = ({ text }: Data): Buffer => encodeStrings(text)

const encoders: Record<string, (data: Data) => Buffer> = {
  A: ({ word }) => Buffer.from(word(0).split('.').map(Number)),
  AAAA: ({ word }) => encodeIpv6(word(0)),
  NS: name,
  CNAME: name,
  PTR: name,
  DNAME: name,
  MX: ({ number, word }) => Buffer.concat([uint16(number(0)), encodeName(word(1))]),
  TXT: strings,
  SPF: strings,
  HINFO: strings,
  SOA: soa,
  SRV: ({ number, word }) =>
    Buffer.concat([uint16(number(0)), uint16(number(1)), uint16(number(2)), encodeName(word(3))]),
  CAA: caa,
  DS: data => digest(data, 'hex'),
  DNSKEY: data => digest(data, 'base64'),
  RRSIG: rrsig,
  NSEC: ({ word, words }) => Buffer.concat([encodeName(word(0)), typeBitmap(words.slice(1))]),
  NSEC3PARAM: nsec3,
  NSEC3: data => {
    const next = base32hex(data.word(4))
    return Buffer.concat([nsec3(data), Buffer.from([next.length]), next, typeBitmap(data.words.slice(5))])
  },
  TLSA: ({ number, rest }) =>
    Buffer.concat([Buffer.from([number(0), number(1), number(2)]), Buffer.from(rest(3), 'hex')]),
  SSHFP: ({ number, rest }) => Buffer.concat([Buffer.from([number(0), number(1)]), Buffer.from(rest(2), 'hex')]),
}

/** RDATA of a record from its presentation format. Throws for types that the lab cannot write. */
export const encodeData = (type: string, data: string): Buffer => {
  const generic = /^\\#\s+\d+\s*([0-9a-fA-F\s]*)$/.exec(data)
  if (generic) return Buffer.from(generic[1]!.replace(/\s/g, ''), 'hex')
  const encoder = encoders[type]
  if (!encoder) throw new Error(`the lab cannot write ${type} data; give it as \\# length hex (RFC 3597)`)
  return encoder(dataOf(data))
}

/** A query as it came. `udpSize` is what the client can take, 512 without EDNS. */
export type Query = {
  id: number
  name: string
  type: string
  question: Buffer
  recursionDesired: boolean
  edns: boolean
  udpSize: number
  dnssec: boolean
}

/** Reads a query; null where it is none. */
export const decodeQuery = (message: Buffer): Query | null => {
  if (message.length < 17 || message[2]! & 0x80 || message.readUInt16BE(4) !== 1) return null
  const labels: string[] = []
  let at = 12
  for (;;) {
    const length = message[at]
    if (length === undefined || length > 63) return null
    at++
    if (length === 0) break
    labels.push(escapeLabel(message.toString('latin1', at, at + length).toLowerCase()))
    at += length
  }
  if (at + 4 > message.length) return null
  const question = message.subarray(12, at + 4)
  const type = typeName(message.readUInt16BE(at))
  at += 4
  let edns = false
  let udpSize = 512
  let dnssec = false
  // Queries carry no record but OPT in practice; its owner is the root.
  if (
    message.readUInt16BE(10) > 0 &&
    message[at] === 0 &&
    at + 11 <= message.length &&
    message.readUInt16BE(at + 1) === 41
  ) {
    edns = true
    udpSize = Math.max(512, message.readUInt16BE(at + 3))
    dnssec = (message[at + 7]! & 0x80) !== 0
  }
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.'),
    type,
    question,
    recursionDesired: (message[2]! & 1) === 1,
    edns,
    udpSize,
    dnssec,
  }
}

export type Reply = {
  rcode: Rcode
  authoritative?: boolean
  recursionAvailable?: boolean
  truncated?: boolean
  answers: ZoneRecord[]
  authorities: ZoneRecord[]
  additionals: ZoneRecord[]
}

const encodeRecord = (record: ZoneRecord): Buffer => {
  const data = encodeData(record.type, record.data)
  return Buffer.concat([
    encodeName(record.name),
    uint16(typeCode(record.type)),
    uint16(1),
    uint32(record.ttl),
    uint16(data.length),
    data,
  ])
}

/** Writes the reply to a query, without compression. */
export const encodeReply = (query: Query, reply: Reply): Buffer => {
  const flags =
    0x8000 |
    (reply.authoritative ? 0x0400 : 0) |
    (reply.truncated ? 0x0200 : 0) |
    (query.recursionDesired ? 0x0100 : 0) |
    (reply.recursionAvailable ? 0x0080 : 0) |
    rcodes[reply.rcode]
  const options = query.edns
    ? [
        Buffer.concat([
          Buffer.from([0]),
          uint16(41),
          uint16(1232),
          Buffer.from([0, 0, query.dnssec ? 0x80 : 0, 0]),
          uint16(0),
        ]),
      ]
    : []
  return Buffer.concat([
    uint16(query.id),
    uint16(flags),
    uint16(1),
    uint16(reply.answers.length),
    uint16(reply.authorities.length),
    uint16(reply.additionals.length + options.length),
    query.question,
    ...[...reply.answers, ...reply.authorities, ...reply.additionals].map(encodeRecord),
    ...options,
  ])
}
