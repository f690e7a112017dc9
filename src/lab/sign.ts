// DNSSEC for the lab's zones (RFC 4034, 4035): answers are signed as they are given, with a key that follows from the zone's name,
// so that a world file can name the root's DS record as its trust anchor. NSEC denial; the faults are those of `dnssec.fault`.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { encodeData, encodeName, labelsOf, type Reply, typeCode, type ZoneRecord } from './dns-wire.ts'
import type { ZoneSpec } from './world.ts'
import { ancestors, type ZoneData } from './zone.ts'

export type Signing = NonNullable<ZoneSpec['dnssec']> & {
  key: KeyObject
  tag: number
  /** Presentation format. */
  dnskey: string
  /** The signatures' times, seconds since the epoch. */
  inception: number
  expiration: number
}

const algorithm = 15
const day = 86_400

const uint16 = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

/** Ed25519 key whose seed is the hash of the zone's name. */
const keyOf = (zone: string, which: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      createHash('sha256').update(`launch-ready lab ${which} ${zone}`).digest(),
    ]),
    format: 'der',
    type: 'pkcs8',
  })

const dnskeyOf = (key: KeyObject): string => {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return `257 3 ${algorithm} ${Buffer.from(x!, 'base64url').toString('base64')}`
}

/** RFC 4034 appendix B. */
const tagOf = (dnskey: string): number => {
  let sum = 0
  encodeData('DNSKEY', dnskey).forEach((byte, at) => {
    sum += at & 1 ? byte : byte << 8
  })
  return (sum + ((sum >> 16) & 0xffff)) & 0xffff
}

export const createSigning = (zone: string, spec: NonNullable<ZoneSpec['dnssec']>, now: number): Signing => {
  const key = keyOf(zone, 'key')
  const dnskey = dnskeyOf(key)
  const seconds = Math.floor(now / 1000)
  const [from, until] =
    spec.fault === 'expired'
      ? [-40, -2]
      : spec.fault === 'not-yet-valid'
        ? [2, 30]
        : spec.fault === 'expiring'
          ? [-29, 1]
          : [-5, 25]
  return {
    ...spec,
    key,
    dnskey,
    tag: tagOf(dnskey),
    inception: seconds + from * day,
    expiration: seconds + until * day,
  }
}

/** What the parent says of the zone's key; null where it says nothing. */
export const dsOf = (zone: string, signing: Signing): string | null => {
  if (signing.ds === 'absent') return null
  const dnskey = signing.ds === 'other-key' ? dnskeyOf(keyOf(zone, 'former key')) : signing.dnskey
  const [type, hash] = signing.ds === 'sha1' ? [1, 'sha1'] : [2, 'sha256']
  const digest = createHash(String(hash)).update(encodeName(zone)).update(encodeData('DNSKEY', dnskey)).digest('hex')
  return `${tagOf(dnskey)} ${algorithm} ${type} ${digest}`
}

/** Canonical order of names (RFC 4034 §6.1), as a key to sort by. */
const orderOf = (name: string): string =>
  labelsOf(name)
    .reverse()
    .map(label => Buffer.from(label, 'latin1').toString('hex'))
    .join('!')

const isBelow = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`)

/** Names that have an NSEC record: those of the zone, without what lies below its delegations. */
const ownNames = (zone: ZoneData): string[] => {
  const cuts = zone.records.filter(record => record.type === 'NS' && record.name !== zone.name).map(({ name }) => name)
  return [...new Set(zone.records.map(record => record.name))]
    .filter(name => !cuts.some(cut => name !== cut && isBelow(name, cut)))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

/** The NSEC record at a name, or the one that covers it. */
const nsecAt = (zone: ZoneData, name: string): ZoneRecord => {
  const names = ownNames(zone)
  const at = Math.max(
    0,
    names.findLastIndex(own => orderOf(own) <= orderOf(name)),
  )
  const owner = names[at]!
  const isCut = owner !== zone.name && zone.records.some(record => record.name === owner && record.type === 'NS')
  const types = [
    ...new Set(
      zone.records
        .filter(record => record.name === owner && (!isCut || ['NS', 'DS'].includes(record.type)))
        .map(record => record.type),
    ),
    'RRSIG',
    'NSEC',
  ].sort((a, b) => typeCode(a) - typeCode(b))
  return { name: owner, ttl: 3600, type: 'NSEC', data: `${names[(at + 1) % names.length]}. ${types.join(' ')}` }
}

const rrsig = (records: ZoneRecord[], zone: ZoneData, signing: Signing): ZoneRecord => {
  const { name, type, ttl } = records[0]!
  const source = zone.records.some(record => record.name === name) ? name : wildcardOf(zone, name)
  const labels = labelsOf(source).filter(label => label !== '*').length
  const { inception, expiration, tag } = signing
  const head = Buffer.concat([
    uint16(typeCode(type)),
    Buffer.from([algorithm, labels]),
    uint32(ttl),
    uint32(expiration),
    uint32(inception),
    uint16(tag),
    encodeName(zone.name),
  ])
  const owner = Buffer.concat([encodeName(source), uint16(typeCode(type)), uint16(1), uint32(ttl)])
  const data = records.map(record => encodeData(type, record.data)).sort(Buffer.compare)
  const signed = Buffer.concat([head, ...data.flatMap(bytes => [owner, uint16(bytes.length), bytes])])
  const signature = sign(null, signed, signing.key)
  if (signing.fault === 'wrong-signature' && type === 'A') signature[10]! ^= 0x55
  return {
    name,
    ttl,
    type: 'RRSIG',
    data: `${type} ${algorithm} ${labels} ${ttl} ${expiration} ${inception} ${tag} ${zone.name}. ${signature.toString('base64')}`,
  }
}

/** The wildcard that a name was made from. */
const wildcardOf = (zone: ZoneData, name: string): string =>
  ancestors(name)
    .slice(1)
    .map(parent => `*.${parent}`)
    .find(wildcard => zone.records.some(record => record.name === wildcard)) ?? name

/** Adds signatures and denials to what the zone's server says to a client that set DO. */
export const signReply = (reply: Reply, zone: ZoneData, signing: Signing, name: string): Reply => {
  const { fault } = signing
  const signed = (records: ZoneRecord[]): ZoneRecord[] => {
    const sets = Map.groupBy(
      records.filter(record => isBelow(record.name, zone.name) && record.type !== 'RRSIG'),
      record => `${record.name} ${record.type}`,
    )
    const isCut = (record: ZoneRecord): boolean => record.type === 'NS' && record.name !== zone.name
    const wanted = [...sets.values()].filter(
      set => !isCut(set[0]!) && !(fault === 'unsigned-records' && set[0]!.type === 'A'),
    )
    return [...records, ...wanted.map(set => rrsig(set, zone, signing))]
  }
  const denials = new Map<string, ZoneRecord>()
  const deny = (denied: string): void => {
    const record = nsecAt(zone, denied)
    denials.set(record.name, record)
  }
  const last = reply.answers.at(-1)?.name ?? name
  const cut = reply.authorities.find(record => record.type === 'NS' && record.name !== zone.name)
  if (cut && !reply.authorities.some(record => record.type === 'DS')) deny(cut.name)
  else if (!cut && reply.authorities.some(record => record.type === 'SOA')) {
    const target = reply.answers.findLast(record => record.type === 'CNAME')?.data.replace(/\.$/, '') ?? name
    deny(target)
    if (reply.rcode === 'NXDOMAIN') {
      const closest = ancestors(target).find(
        parent => zone.records.some(record => isBelow(record.name, parent)) && parent !== target,
      )
      deny(closest ? `*.${closest}` : '*')
    } else deny(wildcardOf(zone, target))
  }
  // An answer made from a wildcard: the name itself must be proven absent.
  if (
    last !== '' &&
    reply.answers.length &&
    wildcardOf(zone, last) !== last &&
    !zone.records.some(each => each.name === last)
  )
    deny(last)
  const authorities = fault === 'no-denial' ? reply.authorities : [...reply.authorities, ...denials.values()]
  return { ...reply, answers: signed(reply.answers), authorities: signed(authorities) }
}
