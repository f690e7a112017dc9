// The data of a record in a zone file, in the form in which the resolver gives it: names without the final dot, texts joined.
import { addressBytes } from './ip-network.ts'
import { secondsOf, type Token, unescaped, type ZoneFault } from './zone-file-tokens.ts'

/** How names and faults of one entry are made; both by the state of the file that is read. */
export type EntryReader = {
  /** Makes a name absolute. Throws ZoneFault. */
  absolute: (token: Token) => string
  /** The fault of a token that is missing or is not what was expected. */
  wanting: (token: Token | undefined, expected: string) => ZoneFault
}

type Read = (tokens: readonly Token[], entry: EntryReader) => string

const numberOf = (token: Token | undefined, most: number, what: string, { wanting }: EntryReader): number => {
  if (!token || !/^\d+$/.test(token.text) || Number(token.text) > most)
    throw wanting(token, `${what} from 0 to ${most}`)
  return Number(token.text)
}

const nameOf = (token: Token | undefined, what: string, { absolute, wanting }: EntryReader): string => {
  if (!token) throw wanting(token, what)
  return absolute(token) || '.'
}

const nameAlone: Read = ([name], entry) => nameOf(name, 'a name', entry)

const texts: Read = tokens => tokens.map(token => (token.quoted ? token.text : unescaped(token.text))).join('')

const startOfAuthority: Read = (tokens, entry) => {
  const times = tokens.slice(2, 7).map((token, at) => {
    if (at === 0) return numberOf(token, 4_294_967_295, 'a serial', entry)
    const seconds = secondsOf(token.text)
    if (seconds === null) throw entry.wanting(token, 'a time such as 3600 or 1h')
    return seconds
  })
  const wanted = ['a serial', 'refresh', 'retry', 'expire', 'the time for names that do not exist']
  if (times.length < wanted.length) throw entry.wanting(tokens[times.length + 2], wanted[times.length]!)
  const primary = nameOf(tokens[0], 'the primary name server', entry)
  return `${primary} ${nameOf(tokens[1], 'the mailbox of who is responsible', entry)} ${times.join(' ')}`
}

const service: Read = (tokens, entry) => {
  const numbers = ['a priority', 'a weight', 'a port'].map((what, at) => numberOf(tokens[at], 65_535, what, entry))
  return `${numbers.join(' ')} ${nameOf(tokens[3], 'the name of a server', entry)}`
}

const serviceBinding: Read = (tokens, entry) =>
  [
    numberOf(tokens[0], 65_535, 'a priority', entry),
    nameOf(tokens[1], 'a target name', entry),
    ...tokens.slice(2).map(token => token.text),
  ].join(' ')

const authorization: Read = ([flags, tag, value], entry) => {
  numberOf(flags, 255, 'flags', entry)
  if (!tag || !/^[a-z0-9]+$/i.test(tag.text)) throw entry.wanting(tag, 'a tag such as issue')
  if (!value) throw entry.wanting(value, 'a value such as "letsencrypt.org"')
  return `${flags!.text} ${tag.text.toLowerCase()} "${value.text}"`
}

/** So many words, then a digest or key that may be cut into several. */
const joinedAfter =
  (fixed: number): Read =>
  tokens => {
    const words = tokens.map(token => token.text)
    return [...words.slice(0, fixed), words.slice(fixed).join('')].join(' ')
  }

const asWritten: Read = tokens => tokens.map(token => (token.quoted ? `"${token.text}"` : token.text)).join(' ')

/** Type → how its data is read, and most words of it where it has no more. */
const readers: Readonly<Record<string, { most?: number; read: Read }>> = {
  A: {
    most: 1,
    read: ([token], { wanting }) => {
      if (!/^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/.test(token!.text))
        throw wanting(token, 'an IPv4 address such as 192.0.2.1')
      return token!.text
    },
  },
  AAAA: {
    most: 1,
    read: ([token], { wanting }) => {
      if (!token!.text.includes(':') || addressBytes(token!.text) === null)
        throw wanting(token, 'an IPv6 address such as 2001:db8::1')
      return token!.text.toLowerCase()
    },
  },
  NS: { most: 1, read: nameAlone },
  CNAME: { most: 1, read: nameAlone },
  PTR: { most: 1, read: nameAlone },
  DNAME: { most: 1, read: nameAlone },
  MX: {
    most: 2,
    read: ([preference, name], entry) =>
      `${numberOf(preference, 65_535, 'a preference', entry)} ${nameOf(name, 'the name of a mail server', entry)}`,
  },
  SRV: { most: 4, read: service },
  SOA: { most: 7, read: startOfAuthority },
  CAA: { most: 3, read: authorization },
  TXT: { read: texts },
  SPF: { read: texts },
  HTTPS: { read: serviceBinding },
  SVCB: { read: serviceBinding },
  DS: { read: joinedAfter(3) },
  CDS: { read: joinedAfter(3) },
  TLSA: { read: joinedAfter(3) },
  SMIMEA: { read: joinedAfter(3) },
  DNSKEY: { read: joinedAfter(3) },
  CDNSKEY: { read: joinedAfter(3) },
  SSHFP: { read: joinedAfter(2) },
}

/** Data of a record of `type` (in upper case) from its words, of which there is at least one. Throws ZoneFault. */
export const dataOf = (type: string, tokens: readonly Token[], entry: EntryReader): string => {
  const { most = Number.POSITIVE_INFINITY, read } = readers[type] ?? { read: asWritten }
  if (tokens.length > most) throw entry.wanting(tokens[most], 'the end of the line')
  return read(tokens, entry)
}
