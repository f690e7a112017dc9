// Whether two texts are the same record data: names in any case and with or without the final dot, TXT quoted or not.

import { addressBytes } from './ip-network.ts'

/** One spelling for data of a type. */
export const plainData = (type: string, data: string): string => {
  const text = data.trim()
  if (type === 'TXT' || type === 'SPF')
    return /^"/.test(text) ? [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(match => match[1]).join('') : text
  const lower = text.toLowerCase().replace(/\s+/g, ' ')
  // One address has many spellings.
  if (type === 'AAAA') return addressBytes(lower)?.join('.') ?? lower
  if (type === 'CAA') return text.replace(/"/g, '').replace(/\s+/g, ' ').toLowerCase()
  if (['CNAME', 'NS', 'MX', 'SRV', 'PTR', 'DNAME', 'SOA'].includes(type)) return lower.replace(/\.(?=\s|$)/g, '')
  return lower
}

export type SetDifference = { missing: string[]; extra: string[] }

/** What is expected and absent, and what is there and not expected. */
export const compareSets = (type: string, expected: readonly string[], actual: readonly string[]): SetDifference => {
  const [wanted, has] = [
    new Map(expected.map(data => [plainData(type, data), data])),
    new Map(actual.map(data => [plainData(type, data), data])),
  ]
  return {
    missing: [...wanted]
      .filter(([key]) => !has.has(key))
      .map(([, data]) => data)
      .sort(),
    extra: [...has]
      .filter(([key]) => !wanted.has(key))
      .map(([, data]) => data)
      .sort(),
  }
}

/** Records as the config writes them down: `"www.example.com CNAME"` → data. The SOA record, which changes by itself, is left out. */
export const expectedFromZone = (
  records: readonly { name: string; type: string; data: string }[],
): Record<string, string[]> => {
  const expected: Record<string, string[]> = {}
  for (const { name, type, data } of records) {
    if (type === 'SOA') continue
    const key = `${name} ${type}`
    expected[key] = [...(expected[key] ?? []), data]
  }
  return expected
}

/** `www.example.com. CNAME` and `www.example.com cname` → one key. */
export const recordKey = (text: string): string => {
  const [name = '', type = ''] = text.trim().toLowerCase().split(/\s+/)
  return `${name.replace(/\.$/, '')} ${type.toUpperCase()}`
}

/** The zone's own, and its signer's: nobody writes these down by hand. */
const madeByServers = ['SOA', 'NS', 'RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDS', 'CDNSKEY', 'TYPE65534']

/**
 * Whether what is expected is meant as the whole zone: a snapshot, or a list that names at least half of its record sets. A
 * few records that are pinned say nothing of the others.
 */
export const expectsWholeZone = (
  expected: readonly string[],
  records: readonly { name: string; type: string }[],
): boolean => {
  const sets = new Set<string>()
  for (const { name, type } of records) {
    if (!madeByServers.includes(type)) sets.add(recordKey(`${name} ${type}`))
    // Asked for every record of a zone that may be large: a short list can no longer name half of it.
    if (sets.size > expected.length * 2) return false
  }
  const listed = new Set(expected.map(recordKey))
  return [...sets].filter(key => listed.has(key)).length * 2 >= sets.size
}
