// Zone files (RFC 1035 §5): printing records so that BIND loads them, and reading them with line and column of what is wrong.

import { addressBytes } from './ip-network.ts'
import { isWithin, nameFault, nameSortKey, normaliseName, relativeName } from './name.ts'

export type ZoneFileRecord = { name: string; type: string; ttl: number; data: string }

/** What is wrong with a zone file. `line` and `column` count from 1. */
export type ZoneFileFault = { line: number; column: number; expected: string; found: string }

export type ZoneFile = { origin: string; records: ZoneFileRecord[] }

const dotted = (name: string): string => (name === '' || name === '.' ? '.' : name.endsWith('.') ? name : `${name}.`)

/** A TXT record's text as quoted strings of at most 255 bytes; bytes in latin1. */
export const quoteText = (text: string): string => {
  const parts = text === '' ? [''] : (text.match(/[\s\S]{1,255}/g) ?? [])
  return parts
    .map(
      part =>
        `"${part.replace(/["\\]/g, '\\$&').replace(/[^ -~]/g, character => `\\${String(character.charCodeAt(0) & 255).padStart(3, '0')}`)}"`,
    )
    .join(' ')
}

/** Data as a zone file needs it: names with their final dot, texts quoted. */
export const zoneData = (type: string, data: string): string => {
  const parts = data.split(' ')
  switch (type) {
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      return dotted(data)
    case 'MX':
      return `${parts[0]} ${dotted(parts[1] ?? '')}`
    case 'SRV':
      return `${parts.slice(0, 3).join(' ')} ${dotted(parts[3] ?? '')}`
    case 'SOA':
      return `${dotted(parts[0] ?? '')} ${dotted(parts[1] ?? '')} ${parts.slice(2).join(' ')}`
    case 'HTTPS':
    case 'SVCB':
      return `${parts[0]} ${dotted(parts[1] ?? '')}${parts.length > 2 ? ` ${parts.slice(2).join(' ')}` : ''}`
    case 'TXT':
    case 'SPF':
      return quoteText(data)
    default:
      return data
  }
}

/** Made by the signer, and only valid with its keys: left out of a file that is to be loaded elsewhere. */
const signerTypes = ['RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM']

/**
 * Prints a zone: SOA first, NS next, then by name. What BIND would refuse (data beside an alias, a second alias, names outside) is
 * kept as a comment with the reason. `head` are comment lines.
 */
export const printZone = (zone: string, records: readonly ZoneFileRecord[], head: readonly string[] = []): string => {
  const rank = (record: ZoneFileRecord): number =>
    record.type === 'SOA' ? 0 : record.type === 'NS' && record.name === zone ? 1 : 2
  const sorted = records
    .filter(record => !signerTypes.includes(record.type))
    .map(record => ({ ...record, name: normaliseName(record.name) }))
    .map(record => ({
      record,
      key: `${rank(record)} ${nameSortKey(record.name)}\u0000\u0000${record.type} ${record.data}`,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ record }) => record)
  const byName = Map.groupBy(sorted, record => record.name)
  const soa = sorted.find(record => record.type === 'SOA' && record.name === zone)
  const addressed = new Set(
    sorted.filter(record => record.type === 'A' || record.type === 'AAAA').map(record => record.name),
  )
  const lines = [
    ...head.map(line => `; ${line.replace(/[\r\n]+/g, ' ')}`),
    `$ORIGIN ${dotted(zone)}`,
    `$TTL ${soa?.ttl ?? 3600}`,
  ]
  if (!soa)
    lines.push(
      '; no SOA record was seen: this one is made up',
      `@ 3600 IN SOA ${dotted(`ns1.${zone}`)} ${dotted(`hostmaster.${zone}`)} 1 7200 3600 1209600 3600`,
    )
  for (const record of sorted) {
    const own = byName.get(record.name) ?? []
    const aliases = own.filter(other => other.type === 'CNAME')
    const line = `${relativeName(record.name, zone)} ${record.ttl} IN ${record.type} ${zoneData(record.type, record.data)}`
    const target = normaliseName(record.data.split(' ').at(-1) ?? '')
    const refused = !isWithin(record.name, zone)
      ? 'outside of the zone'
      : record.type === 'CNAME' && own.some(other => other.type !== 'CNAME')
        ? 'an alias beside other data'
        : record.type === 'CNAME' && aliases[0] !== record
          ? 'a second alias'
          : record.type === 'NS' && isWithin(target, zone) && !addressed.has(target)
            ? 'a name server without an address'
            : null
    lines.push(refused ? `; ${refused}: ${line}` : line)
  }
  return `${lines.join('\n')}\n`
}

type Token = { text: string; quoted: boolean; line: number; column: number; first: boolean }

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `3600`, `1h30m` → seconds; null when it is no lifetime. */
const seconds = (text: string): number | null => {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  if (!/^(\d+[smhdw])+$/i.test(text)) return null
  return [...text.matchAll(/(\d+)([smhdw])/gi)].reduce(
    (sum, match) => sum + Number(match[1]) * units[match[2]!.toLowerCase()]!,
    0,
  )
}

const isType = (text: string): boolean =>
  /^(A|AAAA|NS|CNAME|SOA|MX|TXT|SPF|CAA|SRV|PTR|DNAME|HTTPS|SVCB|TLSA|DS|DNSKEY|CDS|CDNSKEY|NAPTR|SSHFP|LOC|URI|HINFO|SMIMEA|OPENPGPKEY|RRSIG|NSEC|NSEC3|NSEC3PARAM|TYPE\d+)$/i.test(
    text,
  )

class Fault extends Error {
  readonly fault: ZoneFileFault
  constructor(fault: ZoneFileFault) {
    super(fault.expected)
    this.fault = fault
  }
}

/** Tokens of one entry, parentheses resolved. */
function* entries(text: string): Generator<Token[]> {
  let tokens: Token[] = []
  let depth = 0
  let open: Token | null = null
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  for (const [at, line] of lines.entries()) {
    let column = 0
    while (column < line.length) {
      const character = line[column]!
      if (character === ' ' || character === '\t') column++
      else if (character === ';') break
      else if (character === '(' || character === ')') {
        depth += character === '(' ? 1 : -1
        if (depth < 0)
          throw new Fault({
            line: at + 1,
            column: column + 1,
            expected: 'an opening parenthesis before this one',
            found: ')',
          })
        if (character === '(') open = { text: '(', quoted: false, line: at + 1, column: column + 1, first: false }
        column++
      } else if (character === '"') {
        const match = /^"((?:[^"\\]|\\.)*)"/.exec(line.slice(column))
        if (!match)
          throw new Fault({
            line: at + 1,
            column: column + 1,
            expected: 'a closing quotation mark on the same line',
            found: line.slice(column, column + 20),
          })
        const before = tokens.at(-1)
        // `alpn="h2,h3"`: one word, a part of it in quotes.
        if (before && !before.quoted && column > 0 && !/[\s()]/.test(line[column - 1]!))
          before.text += unescaped(match[1]!)
        else tokens.push({ text: unescaped(match[1]!), quoted: true, line: at + 1, column: column + 1, first: false })
        column += match[0].length
      } else {
        const match = /^(?:[^\s;()"\\]|\\.)+/.exec(line.slice(column))
        if (!match)
          throw new Fault({
            line: at + 1,
            column: column + 1,
            expected: 'a character after the backslash',
            found: line.slice(column, column + 20),
          })
        tokens.push({
          text: match[0],
          quoted: false,
          line: at + 1,
          column: column + 1,
          first: column === 0 && depth === 0,
        })
        column += match[0].length
      }
    }
    if (depth === 0 && tokens.length) {
      yield tokens
      tokens = []
    }
  }
  if (depth > 0 && open)
    throw new Fault({
      line: open.line,
      column: open.column,
      expected: 'a closing parenthesis',
      found: 'the end of the file',
    })
}

const unescaped = (text: string): string =>
  text.replace(/\\(\d{3}|[\s\S])/g, (_, part: string) =>
    /^\d{3}$/.test(part) ? String.fromCharCode(Number(part) & 255) : part,
  )

/** Reads a zone file. `origin` is used until the file says its own. Never throws: the first fault comes back with its place. */
export const parseZone = (
  text: string,
  origin = '',
): { ok: true; value: ZoneFile } | { ok: false; fault: ZoneFileFault } => {
  let at = normaliseName(origin)
  let first: string | null = origin ? at : null
  let ttl: number | null = null
  let owner: string | null = null
  const records: ZoneFileRecord[] = []
  const absolute = (token: Token, name = token.text): string => {
    if (name === '@') return at
    const full = fullName(token, name)
    const fault = /[^ -~]/.test(name) ? 'it is not in ASCII: write xn--…' : nameFault(full)
    if (fault)
      throw new Fault({
        line: token.line,
        column: token.column,
        expected: `a name that DNS can carry (${fault})`,
        found: name,
      })
    return full
  }
  const fullName = (token: Token, name: string): string => {
    if (/\.\.|^\../.test(name) && name !== '.')
      throw new Fault({ line: token.line, column: token.column, expected: 'a name without empty labels', found: name })
    if (name.endsWith('.') && !name.endsWith('\\.')) return normaliseName(name)
    if (first === null)
      throw new Fault({
        line: token.line,
        column: token.column,
        expected: '$ORIGIN before the first relative name',
        found: name,
      })
    return normaliseName(at === '' ? name : `${name}.${at}`)
  }
  try {
    for (const tokens of entries(text)) {
      const head = tokens[0]!
      const fail = (token: Token | undefined, expected: string): never => {
        const near = token ?? tokens.at(-1)!
        throw new Fault({
          line: near.line,
          column: token ? token.column : near.column + near.text.length,
          expected,
          found: token?.text ?? 'the end of the line',
        })
      }
      if (head.text.startsWith('$') && !head.quoted) {
        const value = tokens[1]
        if (/^\$ORIGIN$/i.test(head.text)) {
          if (!value) fail(value, 'a name after $ORIGIN')
          if (!value!.text.endsWith('.') && first === null) fail(value, 'a name with its final dot after $ORIGIN')
          at = absolute(value!)
          first ??= at
        } else if (/^\$TTL$/i.test(head.text))
          ttl = (value ? seconds(value.text) : null) ?? fail(value, 'a lifetime such as 3600 or 1h after $TTL')
        else fail(head, '$ORIGIN or $TTL ($INCLUDE and $GENERATE are not read)')
        continue
      }
      let next = 0
      if (head.first) {
        owner = absolute(head)
        next = 1
      } else if (owner === null) fail(head, 'a name at the beginning of the line')
      let own: number | null = null
      for (; next < tokens.length; next++) {
        const { text: word } = tokens[next]!
        if (/^(IN|CH|HS)$/i.test(word)) {
          if (!/^IN$/i.test(word)) fail(tokens[next], 'class IN')
        } else if (own === null && seconds(word) !== null && !isType(word)) own = seconds(word)
        else break
      }
      const type = tokens[next]
      if (!type || !isType(type.text)) fail(type, 'a record type such as A, MX or TXT')
      const rest = tokens.slice(next + 1)
      if (rest.length === 0) fail(undefined, `data of the ${type!.text.toUpperCase()} record`)
      const life = own ?? ttl ?? records.at(-1)?.ttl ?? fail(type, 'a lifetime here, or $TTL before the first record')
      records.push({
        name: owner!,
        type: type!.text.toUpperCase(),
        ttl: life!,
        data: dataOf(type!.text.toUpperCase(), rest, absolute, fail),
      })
    }
    const soa = records.find(record => record.type === 'SOA')
    return { ok: true, value: { origin: soa?.name ?? first ?? '', records } }
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault }
    throw error
  }
}

/** Data in the form in which the resolver gives it: names without final dot, texts joined, numbers checked. */
const dataOf = (
  type: string,
  tokens: Token[],
  absolute: (token: Token, name?: string) => string,
  fail: (token: Token | undefined, expected: string) => never,
): string => {
  const number = (token: Token | undefined, most: number, what: string): number => {
    if (!token || !/^\d+$/.test(token.text) || Number(token.text) > most) fail(token, `${what} from 0 to ${most}`)
    return Number(token!.text)
  }
  const name = (token: Token | undefined, what: string): string => {
    if (!token) fail(token, what)
    return absolute(token!) || '.'
  }
  const words = tokens.map(token => token.text)
  const most = fieldCounts[type]
  if (most !== undefined && tokens.length > most) fail(tokens[most], 'the end of the line')
  switch (type) {
    case 'A':
      if (!/^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/.test(words[0]!))
        fail(tokens[0], 'an IPv4 address such as 192.0.2.1')
      return words[0]!
    case 'AAAA':
      if (!words[0]!.includes(':') || addressBytes(words[0]!) === null)
        fail(tokens[0], 'an IPv6 address such as 2001:db8::1')
      return words[0]!.toLowerCase()
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      return name(tokens[0], 'a name')
    case 'MX':
      return `${number(tokens[0], 65_535, 'a preference')} ${name(tokens[1], 'the name of a mail server')}`
    case 'SRV':
      return `${[0, 1, 2].map(at => number(tokens[at], 65_535, ['a priority', 'a weight', 'a port'][at]!)).join(' ')} ${name(tokens[3], 'the name of a server')}`
    case 'SOA': {
      const times = tokens
        .slice(2, 7)
        .map((token, at) =>
          at === 0
            ? number(token, 4_294_967_295, 'a serial')
            : (seconds(token.text) ?? fail(token, 'a time such as 3600 or 1h')),
        )
      if (times.length < 5)
        fail(
          tokens[times.length + 2],
          ['a serial', 'refresh', 'retry', 'expire', 'the time for names that do not exist'][times.length]!,
        )
      return `${name(tokens[0], 'the primary name server')} ${name(tokens[1], 'the mailbox of who is responsible')} ${times.join(' ')}`
    }
    case 'TXT':
    case 'SPF':
      return tokens.map(token => (token.quoted ? token.text : unescaped(token.text))).join('')
    case 'CAA':
      number(tokens[0], 255, 'flags')
      if (!tokens[1] || !/^[a-z0-9]+$/i.test(tokens[1].text)) fail(tokens[1], 'a tag such as issue')
      if (!tokens[2]) fail(tokens[2], 'a value such as "letsencrypt.org"')
      return `${words[0]} ${words[1]!.toLowerCase()} "${words[2]}"`
    case 'HTTPS':
    case 'SVCB':
      return [
        number(tokens[0], 65_535, 'a priority'),
        name(tokens[1], 'a target name'),
        ...tokens.slice(2).map(token => token.text),
      ].join(' ')
    case 'DS':
    case 'CDS':
    case 'TLSA':
    case 'SMIMEA':
    case 'DNSKEY':
    case 'CDNSKEY':
    case 'SSHFP': {
      // Digests and keys may be cut into several words.
      const fixed = type === 'SSHFP' ? 2 : 3
      return [...words.slice(0, fixed), words.slice(fixed).join('')].join(' ')
    }
    default:
      return tokens.map(token => (token.quoted ? `"${token.text}"` : token.text)).join(' ')
  }
}

/** Types whose data is so many words and no more. */
const fieldCounts: Readonly<Record<string, number>> = {
  A: 1,
  AAAA: 1,
  NS: 1,
  CNAME: 1,
  PTR: 1,
  DNAME: 1,
  MX: 2,
  SRV: 4,
  SOA: 7,
  CAA: 3,
}
