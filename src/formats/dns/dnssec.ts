// DNSSEC signatures (RFC 4034, 4035): what an RRSIG signs, and whether a record set verifies. The cryptography is OpenSSL's
// through node:crypto; the rules about what may sign what are ours.
import { canonicalData, type SignedRecord, u16, u32 } from './canonical-data.ts'
import { type DnskeyFields, isSignedWith, isZoneKey, supportedAlgorithms } from './dnskey.ts'
import { isWithin, labelsOf, nameToWire, normaliseName } from './name.ts'
import { typeCode } from './record-types.ts'

export type RrsigFields = {
  typeCovered: string
  algorithm: number
  labels: number
  originalTtl: number
  /** Seconds since the epoch, modulo 2^32. */
  expiration: number
  inception: number
  keyTag: number
  signer: string
  /** In base64. */
  signature: string
}

/** The RRSIG's own data without the signature, as it is signed. */
const rrsigHead = (rrsig: RrsigFields, type: number): Buffer =>
  Buffer.concat([
    u16(type),
    Buffer.from([rrsig.algorithm, rrsig.labels]),
    u32(rrsig.originalTtl),
    u32(rrsig.expiration),
    u32(rrsig.inception),
    u16(rrsig.keyTag),
    Buffer.from(nameToWire(rrsig.signer)),
  ])

/** What is signed (RFC 4034 §3.1.8.1); null when the data cannot be put into canonical form. */
const signedBytes = (records: readonly SignedRecord[], rrsig: RrsigFields): Buffer | null => {
  const owner = records[0]!.name
  const labels = labelsOf(owner)
  const source = labels.length > rrsig.labels ? ['*', ...labels.slice(labels.length - rrsig.labels)].join('.') : owner
  const type = typeCode(rrsig.typeCovered)
  const data = records.map(canonicalData).filter(bytes => bytes !== null)
  if (type === null || data.length < records.length) return null
  const unique = [...new Map(data.map(bytes => [bytes.toString('hex'), bytes])).values()].sort(Buffer.compare)
  const head = Buffer.concat([Buffer.from(nameToWire(source)), u16(type), u16(1), u32(rrsig.originalTtl)])
  return Buffer.concat([rrsigHead(rrsig, type), ...unique.flatMap(bytes => [head, u16(bytes.length), bytes])])
}

/** Why a set does not verify, from what proves most to what proves least. */
const faultRank = ['wrong', 'expired', 'not-yet-valid', 'no-key', 'foreign-signer', 'unsupported', 'unsigned'] as const

export type SignatureFault = (typeof faultRank)[number]

/** Times in seconds since the epoch. `wildcard`: the answer was made from a wildcard record. `detail` is shown to people. */
export type SetVerdict =
  | { ok: true; algorithm: number; expiration: number; inception: number; wildcard: boolean }
  | { ok: false; fault: SignatureFault; detail: string }

type Good = Extract<SetVerdict, { ok: true }>

const refuse = (fault: SignatureFault, detail: string): SetVerdict => ({ ok: false, fault, detail })

/** RFC 4034 §3.1.5: serial arithmetic, so that times after 2106 are read right. */
const secondsNear = (stamp: number, now: number): number => ((stamp - (now >>> 0)) | 0) + now

const dateOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

/** What a signature says of itself that keeps it from counting (RFC 4035 §5.3.1); null when it may count. */
const refusedByRules = (
  owner: string,
  what: string,
  rrsig: RrsigFields,
  zone: string,
  now: number,
): SetVerdict | null => {
  const [from, until] = [secondsNear(rrsig.inception, now), secondsNear(rrsig.expiration, now)]
  if (normaliseName(rrsig.signer) !== normaliseName(zone) || !isWithin(owner, zone))
    return refuse('foreign-signer', `${what} is signed by ${rrsig.signer || '.'}, not by ${zone || '.'}`)
  if (rrsig.labels > labelsOf(owner).filter(label => label !== '*').length)
    return refuse('wrong', `the signature of ${what} claims ${rrsig.labels} labels`)
  if (until < now) return refuse('expired', `the signature of ${what} expired ${dateOf(until)}`)
  if (from > now) return refuse('not-yet-valid', `the signature of ${what} is valid from ${dateOf(from)} only`)
  if (!supportedAlgorithms.includes(rrsig.algorithm))
    return refuse('unsupported', `${what} is signed with algorithm ${rrsig.algorithm}`)
  return null
}

/** Most signatures of a set, and keys of one tag, that are tried: a hostile zone can send many (CVE-2023-50387). */
const most = { signatures: 8, keys: 4 }

/** One signature against the keys that it may be of (RFC 4035 §5.3.3). */
const verifyOne = (
  records: readonly SignedRecord[],
  what: string,
  rrsig: RrsigFields,
  keys: readonly DnskeyFields[],
  now: number,
): SetVerdict => {
  const candidates = keys.filter(
    key => key.keyTag === rrsig.keyTag && key.algorithm === rrsig.algorithm && key.protocol === 3 && isZoneKey(key),
  )
  if (candidates.length === 0)
    return refuse(
      'no-key',
      `${what} is signed with key ${rrsig.keyTag} (algorithm ${rrsig.algorithm}), which the zone does not publish`,
    )
  const bytes = signedBytes(records, rrsig)
  if (bytes === null) return refuse('unsupported', `${what} is of a type that is not checked here`)
  const signature = Buffer.from(rrsig.signature, 'base64')
  if (!candidates.slice(0, most.keys).some(key => isSignedWith(key, bytes, signature)))
    return refuse('wrong', `the signature of ${what} does not fit its content (key ${rrsig.keyTag})`)
  const owner = records[0]!.name
  return {
    ok: true,
    algorithm: rrsig.algorithm,
    expiration: secondsNear(rrsig.expiration, now),
    inception: secondsNear(rrsig.inception, now),
    wildcard: labelsOf(owner).length > rrsig.labels && !owner.startsWith('*.'),
  }
}

/**
 * Verifies one record set with the keys of `zone` at `now` (seconds since the epoch). One good signature is enough (RFC
 * 4035 §5.3.3), and the one that lasts longest is returned; when none is, the most telling fault.
 */
export const verifySet = (
  records: readonly SignedRecord[],
  signatures: readonly SignedRecord[],
  keys: readonly DnskeyFields[],
  zone: string,
  now: number,
): SetVerdict => {
  const first = records[0]
  if (!first) return refuse('unsigned', 'no records')
  const what = `${first.name || '.'} ${first.type}`
  const verdicts = signatures
    .filter(record => record.type === 'RRSIG' && normaliseName(record.name) === normaliseName(first.name))
    .map(record => record.fields as unknown as RrsigFields)
    .filter(rrsig => rrsig.typeCovered === first.type)
    .slice(0, most.signatures)
    .map(rrsig => refusedByRules(first.name, what, rrsig, zone, now) ?? verifyOne(records, what, rrsig, keys, now))
  const good = verdicts.filter((verdict): verdict is Good => verdict.ok)
  if (good.length) return good.reduce((best, each) => (each.expiration > best.expiration ? each : best))
  const faults = verdicts.flatMap(verdict => (verdict.ok ? [] : [verdict]))
  return (
    faults.sort((a, b) => faultRank.indexOf(a.fault) - faultRank.indexOf(b.fault))[0] ??
    refuse('unsigned', `${what} has no signature`)
  )
}
