// Proof that something does not exist: NSEC (RFC 4035 §5.4), NSEC3 with opt-out (RFC 5155 §8), compact denial (RFC 9824).
import { createHash } from 'node:crypto'
import { fromBase32hex, toBase32hex } from './base32hex.ts'
import type { Nsec3Fields, SignedRecord } from './canonical-data.ts'
import { compareNames, isWithin, labelsOf, nameToWire, normaliseName, parentName } from './name.ts'

type NsecFields = { next: string; types: string[] }

/** More rounds than this are answered as insecure by resolvers (RFC 9276 §3.2). */
export const mostIterations = 100

/** Hash of a name in base32hex (RFC 5155 §5). */
export const nsec3Hash = (name: string, salt: string, iterations: number): string => {
  const saltBytes = Buffer.from(salt, 'hex')
  let digest = createHash('sha1').update(nameToWire(name)).update(saltBytes).digest()
  for (let round = 0; round < Math.min(iterations, 2500); round++)
    digest = createHash('sha1').update(digest).update(saltBytes).digest()
  return toBase32hex(digest)
}

const between = (
  compare: (a: string, b: string) => number,
  owner: string,
  name: string,
  next: string,
  apexLast: boolean,
): boolean => {
  const afterOwner = compare(name, owner) > 0
  const beforeNext = compare(name, next) < 0
  // The last record of the chain points back to the first.
  return apexLast ? afterOwner || beforeNext : afterOwner && beforeNext
}

const nsecCovers = (record: SignedRecord, name: string): boolean => {
  const { next } = record.fields as unknown as NsecFields
  // A record of a delegation, or of a DNAME, says nothing about the names below it (RFC 6840 §4.1).
  const { types } = record.fields as unknown as NsecFields
  if (
    isWithin(name, record.name) &&
    name !== record.name &&
    ((types.includes('NS') && !types.includes('SOA')) || types.includes('DNAME'))
  )
    return false
  return between(compareNames, record.name, name, next, compareNames(next, record.name) <= 0)
}

const closestBy = (record: SignedRecord, name: string): string => {
  const { next } = record.fields as unknown as NsecFields
  const common = (other: string): string => {
    let at: string | null = name
    while (at !== null && !isWithin(other, at)) at = parentName(at)
    return at ?? ''
  }
  const [a, b] = [common(record.name), common(next)]
  return labelsOf(a).length >= labelsOf(b).length ? a : b
}

const byNsec = (kind: 'NXDOMAIN' | 'NODATA', name: string, type: string, records: readonly SignedRecord[]): boolean => {
  const fieldsOf = (record: SignedRecord) => record.fields as unknown as NsecFields
  const lacks = (record: SignedRecord): boolean => {
    const { types } = fieldsOf(record)
    if (types.includes(type) || types.includes('CNAME')) return false
    // At a cut, the parent's record proves only that there is no DS; the child's (with SOA) never proves that.
    if (type === 'DS') return !types.includes('SOA')
    return !types.includes('NS') || types.includes('SOA')
  }
  const match = records.find(record => normaliseName(record.name) === name)
  const cover = records.find(record => nsecCovers(record, name))
  if (kind === 'NODATA') {
    if (match) return lacks(match)
    // An empty non-terminal: the next name lies below it.
    if (cover && isWithin(fieldsOf(cover).next, name)) return true
    if (!cover) return false
    const wildcard = records.find(record => normaliseName(record.name) === `*.${closestBy(cover, name)}`)
    return wildcard !== undefined && lacks(wildcard)
  }
  if (match || !cover) return false
  const closest = closestBy(cover, name)
  const wildcard = closest === '' ? '*' : `*.${closest}`
  return records.some(record => nsecCovers(record, wildcard))
}

const byNsec3 = (
  kind: 'NXDOMAIN' | 'NODATA' | 'WILDCARD',
  name: string,
  type: string,
  records: readonly SignedRecord[],
  zone: string,
): boolean => {
  const first = records[0]!.fields as unknown as Nsec3Fields
  const hashOf = (text: string): string => nsec3Hash(text, first.salt, first.iterations)
  const hashOwner = (record: SignedRecord): string => labelsOf(record.name)[0] ?? ''
  const compare = (a: string, b: string): number => Buffer.compare(fromBase32hex(a), fromBase32hex(b))
  const matching = (text: string) => records.find(record => hashOwner(record) === hashOf(text))
  const covering = (text: string) => {
    const hash = hashOf(text)
    return records.find(record => {
      const { next } = record.fields as unknown as Nsec3Fields
      return between(compare, hashOwner(record), hash, next, compare(next, hashOwner(record)) <= 0)
    })
  }
  const lacks = (record: SignedRecord): boolean => {
    const { types } = record.fields as unknown as Nsec3Fields
    if (types.includes(type) || types.includes('CNAME')) return false
    if (type === 'DS') return !types.includes('SOA')
    return !types.includes('NS') || types.includes('SOA')
  }
  const match = matching(name)
  if (kind === 'NODATA' && match) return lacks(match)
  // Closest encloser: the longest ancestor that has a record; the name just below it must be covered (RFC 5155 §8.3).
  let below = name
  let closest = parentName(name)
  while (closest !== null && isWithin(closest, zone) && !matching(closest)) {
    below = closest
    closest = parentName(closest)
  }
  if (kind === 'WILDCARD') return covering(name) !== undefined || covering(below) !== undefined
  if (closest === null || !isWithin(closest, zone)) return false
  const cover = covering(below)
  if (!cover) return false
  if (kind === 'NODATA') {
    const optOut = ((cover.fields as unknown as Nsec3Fields).flags & 1) === 1
    if (type === 'DS' && optOut) return true
    const wildcard = matching(`*.${closest}`)
    return wildcard !== undefined && lacks(wildcard)
  }
  return covering(closest === '' ? '*' : `*.${closest}`) !== undefined
}

/**
 * Whether verified NSEC or NSEC3 records prove that `name` does not exist (NXDOMAIN), has no record of `type` (NODATA), or
 * that a wildcard's answer is due because the name itself does not exist (WILDCARD).
 */
export const provesAbsence = (
  kind: 'NXDOMAIN' | 'NODATA' | 'WILDCARD',
  name: string,
  type: string,
  records: readonly SignedRecord[],
  zone: string,
): boolean => {
  const asked = normaliseName(name)
  const nsec = records.filter(record => record.type === 'NSEC')
  const nsec3 = records.filter(
    record => record.type === 'NSEC3' && (record.fields as unknown as Nsec3Fields).algorithm === 1,
  )
  if (kind === 'WILDCARD')
    return (
      nsec.some(record => nsecCovers(record, asked)) || (nsec3.length > 0 && byNsec3(kind, asked, type, nsec3, zone))
    )
  if (nsec.length && byNsec(kind, asked, type, nsec)) return true
  return nsec3.length > 0 && byNsec3(kind, asked, type, nsec3, zone)
}
