// Zone files (RFC 1035 §5): printing records so that BIND loads them, and reading them with line and column of what is wrong.

import { isWithin, nameFault, nameSortKey, normaliseName, relativeName } from './name.ts'
import { dataOf } from './zone-file-data.ts'
import {
  entries,
  faultAt,
  isRecordType,
  secondsOf,
  type Token,
  ZoneFault,
  type ZoneFileFault,
} from './zone-file-tokens.ts'

export type ZoneFileRecord = { name: string; type: string; ttl: number; data: string }

export type { ZoneFileFault } from './zone-file-tokens.ts'

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

/** Why BIND would not load a record that stands beside `own`, those of the same name; `addressed` are the names that have addresses. */
const refusedBecause = (
  record: ZoneFileRecord,
  zone: string,
  own: readonly ZoneFileRecord[],
  addressed: ReadonlySet<string>,
): string | null => {
  if (!isWithin(record.name, zone)) return 'outside of the zone'
  if (record.type === 'CNAME') {
    if (own.some(other => other.type !== 'CNAME')) return 'an alias beside other data'
    return own.find(other => other.type === 'CNAME') === record ? null : 'a second alias'
  }
  const target = normaliseName(record.data.split(' ').at(-1) ?? '')
  const isLost = record.type === 'NS' && isWithin(target, zone) && !addressed.has(target)
  return isLost ? 'a name server without an address' : null
}

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
    const line = `${relativeName(record.name, zone)} ${record.ttl} IN ${record.type} ${zoneData(record.type, record.data)}`
    const refused = refusedBecause(record, zone, byName.get(record.name) ?? [], addressed)
    lines.push(refused ? `; ${refused}: ${line}` : line)
  }
  return `${lines.join('\n')}\n`
}

/** What is known on the way through a file. Names without the trailing dot. */
type Reading = {
  /** The current origin. */
  origin: string
  /** The first origin, given or read; null until there is one: then relative names mean nothing yet. */
  first: string | null
  /** Seconds, by $TTL. */
  ttl: number | null
  /** Owner of the record before, for lines that begin with a blank. */
  owner: string | null
  records: ZoneFileRecord[]
}

/** A name as the file writes it, made absolute. Throws ZoneFault on what DNS cannot carry. */
const absoluteOf = (reading: Reading, token: Token): string => {
  const { text: name } = token
  if (name === '@') return reading.origin
  if (/\.\.|^\../.test(name) && name !== '.') throw faultAt(token, 'a name without empty labels')
  const isAbsolute = name.endsWith('.') && !name.endsWith('\\.')
  if (!isAbsolute && reading.first === null) throw faultAt(token, '$ORIGIN before the first relative name')
  const full = normaliseName(isAbsolute || reading.origin === '' ? name : `${name}.${reading.origin}`)
  const fault = /[^ -~]/.test(name) ? 'it is not in ASCII: write xn--…' : nameFault(full)
  if (fault) throw faultAt(token, `a name that DNS can carry (${fault})`)
  return full
}

/** The fault of a token that is missing or wrong: a missing one is expected behind the last of its entry. */
const wanting = (tokens: readonly Token[], token: Token | undefined, expected: string): ZoneFault => {
  if (token) return faultAt(token, expected)
  const last = tokens.at(-1)!
  return new ZoneFault({
    line: last.line,
    column: last.column + last.text.length,
    expected,
    found: 'the end of the line',
  })
}

const readDirective = (reading: Reading, tokens: readonly Token[]): void => {
  const [head, value] = tokens
  if (/^\$ORIGIN$/i.test(head!.text)) {
    if (!value) throw wanting(tokens, value, 'a name after $ORIGIN')
    if (!value.text.endsWith('.') && reading.first === null)
      throw faultAt(value, 'a name with its final dot after $ORIGIN')
    reading.origin = absoluteOf(reading, value)
    reading.first ??= reading.origin
  } else if (/^\$TTL$/i.test(head!.text)) {
    const ttl = value ? secondsOf(value.text) : null
    if (ttl === null) throw wanting(tokens, value, 'a lifetime such as 3600 or 1h after $TTL')
    reading.ttl = ttl
  } else throw faultAt(head!, '$ORIGIN or $TTL ($INCLUDE and $GENERATE are not read)')
}

/** TTL and class, which may stand before the type in either order; `next` is where the type should stand. */
const readTtlAndClass = (tokens: readonly Token[], from: number): { ttl: number | null; next: number } => {
  let ttl: number | null = null
  for (let next = from; next < tokens.length; next++) {
    const token = tokens[next]!
    if (/^(IN|CH|HS)$/i.test(token.text)) {
      if (!/^IN$/i.test(token.text)) throw faultAt(token, 'class IN')
    } else if (ttl === null && secondsOf(token.text) !== null && !isRecordType(token.text)) ttl = secondsOf(token.text)
    else return { ttl, next }
  }
  return { ttl, next: tokens.length }
}

const readRecord = (reading: Reading, tokens: readonly Token[]): void => {
  const head = tokens[0]!
  if (head.first) reading.owner = absoluteOf(reading, head)
  else if (reading.owner === null) throw faultAt(head, 'a name at the beginning of the line')
  const { ttl: own, next } = readTtlAndClass(tokens, head.first ? 1 : 0)
  const word = tokens[next]
  if (!word || !isRecordType(word.text)) throw wanting(tokens, word, 'a record type such as A, MX or TXT')
  const type = word.text.toUpperCase()
  const rest = tokens.slice(next + 1)
  if (rest.length === 0) throw wanting(tokens, undefined, `data of the ${type} record`)
  const ttl = own ?? reading.ttl ?? reading.records.at(-1)?.ttl
  if (ttl === undefined) throw faultAt(word, 'a lifetime here, or $TTL before the first record')
  const data = dataOf(type, rest, {
    absolute: token => absoluteOf(reading, token),
    wanting: (token, expected) => wanting(tokens, token, expected),
  })
  reading.records.push({ name: reading.owner!, type, ttl, data })
}

/** Reads a zone file. `origin` is used until the file says its own. Never throws: the first fault comes back with its place. */
export const parseZone = (
  text: string,
  origin = '',
): { ok: true; value: ZoneFile } | { ok: false; fault: ZoneFileFault } => {
  const given = normaliseName(origin)
  const reading: Reading = { origin: given, first: origin ? given : null, ttl: null, owner: null, records: [] }
  try {
    for (const tokens of entries(text)) {
      const isDirective = tokens[0]!.text.startsWith('$') && !tokens[0]!.quoted
      if (isDirective) readDirective(reading, tokens)
      else readRecord(reading, tokens)
    }
  } catch (error) {
    if (error instanceof ZoneFault) return { ok: false, fault: error.fault }
    throw error
  }
  const { records, first } = reading
  const soa = records.find(record => record.type === 'SOA')
  return { ok: true, value: { origin: soa?.name ?? first ?? '', records } }
}
