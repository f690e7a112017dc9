// A zone's records and what an authoritative server answers from them: RFC 1034 §4.3.2, wildcards by RFC 4592.
import type { Reply, ZoneRecord } from './dns-wire.ts'
import { typeCodes } from './dns-wire.ts'

/** Lower case, without the trailing dot. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** The name and what contains it, outwards to the root (`''`). */
export const ancestors = (name: string): string[] => {
  const labels = name === '' ? [] : name.split(/(?<!\\)\./)
  return [...labels.map((_, at) => labels.slice(at).join('.')), '']
}

const isWithin = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`)

/** Types whose data ends in (or is) a host name that may be relative: index of the word. */
const nameWords: Record<string, number[]> = {
  NS: [0],
  CNAME: [0],
  PTR: [0],
  DNAME: [0],
  MX: [1],
  SRV: [3],
  SOA: [0, 1],
}

const absolute = (name: string, origin: string): string =>
  name === '@' ? origin : name.endsWith('.') ? plainName(name) : plainName(origin === '' ? name : `${name}.${origin}`)

/** Data with its names made absolute (lower case, trailing dot), so that two spellings compare equal. */
export const canonicalData = (type: string, data: string, origin: string): string => {
  const at = nameWords[type]
  if (!at || data.startsWith('\\#')) return data.trim()
  return data
    .trim()
    .split(/\s+/)
    .map((word, index) => (at.includes(index) && word !== '.' ? `${absolute(word, origin)}.` : word))
    .join(' ')
}

/** One line of the compact syntax, `name [ttl] [IN] TYPE data`; `last` is the name that a line without one repeats. */
const parseLine = (line: string, origin: string, ttl: number, last: string): ZoneRecord => {
  const words = line.trim().split(/\s+/)
  const owner = /^\s/.test(line) ? last : absolute(words.shift() ?? '@', origin)
  let ownTtl = ttl
  if (/^\d+$/.test(words[0] ?? '')) ownTtl = Number(words.shift())
  if (words[0] === 'IN') words.shift()
  const type = words.shift() ?? ''
  if (!(type in typeCodes) && !/^TYPE\d+$/.test(type)) throw new Error(`not a record: "${line.trim()}" (in ${origin})`)
  // The data keeps its own white space: TXT records may hold two blanks.
  const data = line
    .slice(line.search(new RegExp(`\\b${type}\\b`)) + type.length)
    .replace(/^\s/, '')
    .trimEnd()
  return {
    name: owner,
    ttl: ownTtl,
    type,
    data: canonicalData(type, type === 'TXT' || type === 'SPF' ? data : data.trim(), origin),
  }
}

const contentLines = (text: string): string[] =>
  text.split('\n').filter(line => line.trim() !== '' && !/^\s*[#;]/.test(line))

/** Records of a text in compact syntax. Throws where a line is not a record. */
export const parseRecords = (text: string, origin: string, ttl: number): ZoneRecord[] => {
  const records: ZoneRecord[] = []
  for (const line of contentLines(text)) records.push(parseLine(line, origin, ttl, records.at(-1)?.name ?? origin))
  return records
}

/** Applies `patch` lines: a record is added; `- name TYPE [data]` removes those that match. */
export const patchRecords = (records: ZoneRecord[], patch: string, origin: string, ttl: number): ZoneRecord[] => {
  let result = [...records]
  for (const line of contentLines(patch)) {
    const removal = /^-\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line.trim())
    if (!removal) {
      result.push(parseLine(line.trimStart(), origin, ttl, origin))
      continue
    }
    const [, name = '', type = '', data = ''] = removal
    result = result.filter(
      record =>
        record.name !== absolute(name, origin) ||
        record.type !== type ||
        (data !== '' && record.data !== canonicalData(type, data, origin)),
    )
  }
  return result
}

export type ZoneData = {
  name: string
  records: ZoneRecord[]
}

/** Adds the SOA that a compact zone leaves out. */
export const withSoa = (zone: ZoneData, serial: number, ttl: number): ZoneData => {
  if (zone.records.some(record => record.type === 'SOA' && record.name === zone.name)) return zone
  const primary =
    zone.records.find(record => record.type === 'NS' && record.name === zone.name)?.data ?? `ns.${zone.name}.`
  const data = `${primary} hostmaster.${zone.name === '' ? 'invalid' : zone.name}. ${serial} 7200 3600 1209600 3600`
  return { ...zone, records: [{ name: zone.name, ttl, type: 'SOA', data }, ...zone.records] }
}

/** Sets the serial, or adds one to it. */
export const withSerial = (zone: ZoneData, serial?: number): ZoneData => ({
  ...zone,
  records: zone.records.map(record => {
    if (record.type !== 'SOA') return record
    const words = record.data.split(' ')
    return { ...record, data: words.with(2, String(serial ?? Number(words[2]) + 1)).join(' ') }
  }),
})

const empty = (): Pick<Reply, 'answers' | 'authorities' | 'additionals'> => ({
  answers: [],
  authorities: [],
  additionals: [],
})

/** What the zone's server says. `dnssec`: the client set DO, so signatures and denials that the zone holds go along. */
export const answerFrom = (zone: ZoneData, name: string, type: string, dnssec: boolean): Reply => {
  const at = (owner: string, wanted?: string): ZoneRecord[] =>
    zone.records.filter(record => record.name === owner && (wanted === undefined || record.type === wanted))
  const signatures = (owner: string, covered: string, shownAs = owner): ZoneRecord[] =>
    dnssec
      ? at(owner, 'RRSIG')
          .filter(record => record.data.startsWith(`${covered} `))
          .map(record => ({ ...record, name: shownAs }))
      : []
  const reply: Reply = { rcode: 'NOERROR', authoritative: true, ...empty() }
  const negative = (rcode: 'NOERROR' | 'NXDOMAIN', owner: string): Reply => {
    reply.rcode = rcode
    reply.authorities.push(...at(zone.name, 'SOA'), ...signatures(zone.name, 'SOA'))
    if (dnssec) for (const record of at(owner, 'NSEC')) reply.authorities.push(record, ...signatures(owner, 'NSEC'))
    return reply
  }

  let owner = name
  for (let hops = 0; hops < 12; hops++) {
    if (!isWithin(owner, zone.name)) return reply
    const inside = ancestors(owner).filter(parent => parent !== zone.name && isWithin(parent, zone.name))
    const cut = inside.findLast(parent => at(parent, 'NS').length > 0)
    if (cut !== undefined && !(cut === owner && type === 'DS')) {
      const servers = at(cut, 'NS')
      if (reply.answers.length === 0) reply.authoritative = false
      reply.authorities.push(...servers)
      if (dnssec) reply.authorities.push(...at(cut, 'DS'), ...signatures(cut, 'DS'))
      reply.additionals.push(
        ...servers.flatMap(server =>
          at(plainName(server.data)).filter(record => record.type === 'A' || record.type === 'AAAA'),
        ),
      )
      return reply
    }
    let source = owner
    if (at(owner).length === 0) {
      if (zone.records.some(record => record.name.endsWith(`.${owner}`))) return negative('NOERROR', owner)
      const encloser = ancestors(owner)
        .slice(1)
        .find(parent =>
          zone.records.some(record => record.name === parent || record.name.endsWith(`.${parent}`) || parent === ''),
        )
      source = encloser === undefined || encloser === '' ? '*' : `*.${encloser}`
      if (at(source).length === 0) return negative('NXDOMAIN', owner)
    }
    const shown = (records: ZoneRecord[]): ZoneRecord[] => records.map(record => ({ ...record, name: owner }))
    const found = type === 'ANY' ? at(source) : at(source, type)
    if (found.length > 0) {
      reply.answers.push(...shown(found), ...(type === 'ANY' ? [] : signatures(source, type, owner)))
      return reply
    }
    const alias = at(source, 'CNAME')
    if (alias.length === 0) return negative('NOERROR', owner)
    reply.answers.push(...shown(alias), ...signatures(source, 'CNAME', owner))
    owner = plainName(alias[0]!.data)
    if (reply.answers.some(record => record.type === 'CNAME' && record.name === owner)) return reply
  }
  return reply
}
