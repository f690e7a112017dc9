// The chain of trust from an anchor down to a zone, judged link by link over answers that were collected before (RFC 4035 §5).

import {
  type DnskeyFields,
  type DsFields,
  dsMatches,
  type RrsigFields,
  rsaBits,
  type SetVerdict,
  type SignedRecord,
  supportedAlgorithms,
  verifySet,
  weakAlgorithms,
} from './dnssec.ts'
import { mostIterations, provesAbsence } from './dnssec-denial.ts'
import { isWithin, normaliseName, parentName } from './name.ts'

/** One answer with its DNSSEC records. `from` says who gave it. */
export type SignedAnswer = {
  from: string
  rcode: string
  authoritative: boolean
  answers: SignedRecord[]
  authorities: SignedRecord[]
}

/** One name on the way down: what stands for it above (DS), and its own keys. Answers are empty where none could be had. */
export type ChainLink = { name: string; ds: SignedAnswer[]; keys: SignedAnswer[] }

/** An answer of the zone itself that must verify. */
export type ZoneProbe = { name: string; type: string; answers: SignedAnswer[] }

export type Anchor = { name: string } & DsFields

export type ChainInput = { zone: string; anchors: Anchor[]; links: ChainLink[]; probes: ZoneProbe[] }

/**
 * - `secure`: verified from the anchor down.
 * - `insecure`: a delegation is established to be without DS; `proven` by signed denial, or only said by the parent's own server.
 * - `bogus`: resolvers that validate refuse the zone. `ds-without-key`: because no key of the zone fits what its parent says.
 * - `unknown`: not enough could be seen to tell; `proven` then says that the zone's own signatures hold below its DS record.
 */
export type ChainVerdict = {
  state: 'secure' | 'insecure' | 'bogus' | 'ds-without-key' | 'unknown'
  /** Where the chain ended or broke. */
  at: string
  reasons: string[]
  proven: boolean
  /** The zone publishes keys, whatever its parent says. */
  signed: boolean
  algorithms: number[]
  weak: string[]
  /** The signature of the zone that runs out first: seconds since the epoch. */
  earliest: { what: string; inception: number; expiration: number } | null
}

const setsOf = (records: readonly SignedRecord[]): SignedRecord[][] => [
  ...Map.groupBy(
    records.filter(record => record.type !== 'RRSIG'),
    record => `${normaliseName(record.name)} ${record.type}`,
  ).values(),
]

const keysOf = (answer: SignedAnswer, zone: string): SignedRecord[] =>
  answer.answers.filter(record => record.type === 'DNSKEY' && normaliseName(record.name) === zone)

const fieldsOf = <T>(records: readonly SignedRecord[]): T[] => records.map(record => record.fields as unknown as T)

type Keys =
  | { ok: true; keys: DnskeyFields[]; verdict: Extract<SetVerdict, { ok: true }> }
  | { ok: false; unfit: boolean; reason: string }

/** Keys of a zone that one of the DS records vouches for and that signed the key set. */
const trustedKeys = (zone: string, answer: SignedAnswer, ds: readonly DsFields[], now: number): Keys => {
  const records = keysOf(answer, zone)
  if (records.length === 0)
    return { ok: false, unfit: true, reason: `${answer.from} gives no key of ${zone || 'the root'}` }
  const keys = fieldsOf<DnskeyFields>(records)
  const vouched = keys.filter(key => ds.some(one => dsMatches(zone, one, key)))
  if (vouched.length === 0) {
    const wanted = ds.map(one => `${one.keyTag} (algorithm ${one.algorithm})`).join(', ')
    const has = keys
      .filter(key => key.flags & 1)
      .map(key => `${key.keyTag} (algorithm ${key.algorithm})`)
      .join(', ')
    return {
      ok: false,
      unfit: true,
      reason: `the parent vouches for key ${wanted}; ${answer.from} has ${has || 'none of that kind'}`,
    }
  }
  const verdict = verifySet(records, answer.answers, vouched, zone, now)
  return verdict.ok
    ? { ok: true, keys, verdict }
    : { ok: false, unfit: false, reason: `${answer.from}: ${verdict.detail}` }
}

/** Denial records of an answer that verify with the keys of `zone`. */
const verifiedDenial = (
  answer: SignedAnswer,
  keys: readonly DnskeyFields[],
  zone: string,
  now: number,
): SignedRecord[] =>
  setsOf(answer.authorities.filter(record => ['NSEC', 'NSEC3', 'RRSIG'].includes(record.type)))
    .filter(set => verifySet(set, answer.authorities, keys, zone, now).ok)
    .flat()

type DsVerdict =
  | { kind: 'ds'; ds: DsFields[] }
  | { kind: 'none'; proven: boolean }
  | { kind: 'no-cut' }
  | { kind: 'bogus'; reason: string }
  | { kind: 'unknown'; reason: string }

/** What the parent says of a name: DS, proof that there is none, or that it is no zone of its own. `keys` null: the parent is not verified. */
const judgeDs = (
  name: string,
  answers: readonly SignedAnswer[],
  keys: readonly DnskeyFields[] | null,
  parent: string,
  now: number,
): DsVerdict => {
  const usable = answers.filter(answer => ['NOERROR', 'NXDOMAIN'].includes(answer.rcode))
  if (usable.length === 0) return { kind: 'unknown', reason: `nobody could be asked whether ${name} is signed` }
  const results = usable.map((answer): DsVerdict => {
    const records = answer.answers.filter(record => record.type === 'DS' && normaliseName(record.name) === name)
    if (records.length) {
      if (keys === null) return { kind: 'ds', ds: fieldsOf<DsFields>(records) }
      const verdict = verifySet(records, answer.answers, keys, parent, now)
      return verdict.ok
        ? { kind: 'ds', ds: fieldsOf<DsFields>(records) }
        : { kind: 'bogus', reason: `${answer.from}: ${verdict.detail}` }
    }
    if (keys === null)
      return answer.authoritative
        ? { kind: 'none', proven: false }
        : { kind: 'unknown', reason: `only a resolver said that ${name} has no DS` }
    const denial = verifiedDenial(answer, keys, parent, now)
    const own = denial.find(record => normaliseName(record.name) === name || record.type === 'NSEC3')
    if (provesAbsence('NODATA', name, 'DS', denial, parent)) {
      const types = (own?.fields as { types?: string[] } | undefined)?.types ?? []
      const cut =
        types.includes('NS') ||
        own === undefined ||
        (own.type === 'NSEC3' && ((own.fields as { flags: number }).flags & 1) === 1)
      return cut ? { kind: 'none', proven: true } : { kind: 'no-cut' }
    }
    return { kind: 'bogus', reason: `${answer.from}: that ${name} has no DS is not proven` }
  })
  return (
    results.find(result => result.kind === 'ds') ??
    results.find(result => result.kind === 'none') ??
    results.find(result => result.kind === 'no-cut') ??
    results[0]!
  )
}

/** An answer of the zone itself: neither a failure nor a referral to the servers of a zone below. */
const isOfZone = (answer: SignedAnswer): boolean =>
  answer.rcode === 'NXDOMAIN' || (answer.rcode === 'NOERROR' && (answer.authoritative || answer.answers.length > 0))

const judgeProbe = (
  probe: ZoneProbe,
  answer: SignedAnswer,
  keys: readonly DnskeyFields[],
  zone: string,
  now: number,
): {
  faults: string[]
  verdicts: { what: string; verdict: Extract<SetVerdict, { ok: true }> }[]
  iterations: number
} => {
  const faults: string[] = []
  const verdicts: { what: string; verdict: Extract<SetVerdict, { ok: true }> }[] = []
  const denial = answer.authorities.filter(record => ['NSEC', 'NSEC3', 'RRSIG', 'SOA'].includes(record.type))
  // Where an alias leads into a zone below, the server may add that zone's records: they have another signer, or none.
  const deeper = (record: SignedRecord): boolean =>
    normaliseName(record.name) !== normaliseName(probe.name) &&
    !answer.answers.some(
      other =>
        other.type === 'RRSIG' &&
        normaliseName(other.name) === normaliseName(record.name) &&
        normaliseName((other.fields as unknown as RrsigFields).signer) === zone,
    )
  const own = answer.answers.filter(record => isWithin(record.name, zone) && !deeper(record))
  const exists = own.some(record => record.type !== 'RRSIG')
  let wildcard = false
  for (const set of setsOf(exists ? own : denial)) {
    const verdict = verifySet(set, exists ? own : denial, keys, zone, now)
    if (!verdict.ok) {
      if (verdict.fault !== 'unsupported') faults.push(`${answer.from}: ${verdict.detail}`)
      continue
    }
    verdicts.push({ what: `${set[0]!.name} ${set[0]!.type}`, verdict })
    wildcard ||= verdict.wildcard
  }
  const iterations = Math.max(
    0,
    ...answer.authorities
      .filter(record => record.type === 'NSEC3')
      .map(record => Number((record.fields as { iterations?: number }).iterations ?? 0)),
  )
  if (faults.length === 0 && (!exists || wildcard)) {
    const kind = wildcard
      ? ('WILDCARD' as const)
      : answer.rcode === 'NXDOMAIN'
        ? ('NXDOMAIN' as const)
        : ('NODATA' as const)
    if (!provesAbsence(kind, probe.name, probe.type, verifiedDenial(answer, keys, zone, now), zone))
      faults.push(
        `${answer.from}: ${kind === 'NODATA' ? `that ${probe.name} has no ${probe.type} record` : `that ${probe.name} does not exist`} is not proven`,
      )
  }
  return { faults, verdicts, iterations }
}

const reasonsOf = (list: readonly string[]): string[] => [...new Set(list)].sort().slice(0, 6)

/** Judges the whole chain at `now` (seconds since the epoch). */
export const judgeChain = (input: ChainInput, now: number): ChainVerdict => {
  const { zone, links } = input
  const target = links.find(link => link.name === zone)
  const ownKeys = (target?.keys ?? []).flatMap(answer => fieldsOf<DnskeyFields>(keysOf(answer, zone)))
  const weakKeys = ownKeys.flatMap(key => {
    const bits = rsaBits(key)
    if (weakAlgorithms.includes(key.algorithm)) return [`key ${key.keyTag} uses algorithm ${key.algorithm}`]
    return bits !== null && bits < 1024 ? [`key ${key.keyTag} has ${bits} bits`] : []
  })
  const base = {
    at: zone,
    proven: false,
    signed: ownKeys.length > 0,
    algorithms: [...new Set(ownKeys.map(key => key.algorithm))].sort((a, b) => a - b),
    weak: reasonsOf(weakKeys),
    earliest: null as ChainVerdict['earliest'],
  }
  const end = (state: ChainVerdict['state'], at: string, reasons: string[], proven = false): ChainVerdict => ({
    ...base,
    state,
    at,
    reasons: reasonsOf(reasons),
    proven,
  })

  // The anchor nearest to the zone; below it every link is judged, above it nothing.
  const anchorName = links
    .map(link => link.name)
    .filter(name => input.anchors.some(anchor => anchor.name === name))
    .at(-1)
  let keys: DnskeyFields[] | null = null
  let parent = ''
  let why = 'no trust anchor lies above the zone'
  if (anchorName !== undefined) {
    const anchors = input.anchors.filter(anchor => anchor.name === anchorName)
    const link = links.find(one => one.name === anchorName)!
    const tried = link.keys.map(answer => trustedKeys(anchorName, answer, anchors, now))
    const good = tried.find(result => result.ok)
    if (good?.ok) keys = good.keys
    else if (anchorName === zone && tried.length) {
      const reasons = tried.flatMap(result => (result.ok ? [] : [result.reason]))
      return end(tried.some(result => !result.ok && !result.unfit) ? 'bogus' : 'ds-without-key', zone, reasons)
    } else why = `the keys of ${anchorName || 'the root'} as seen from here do not fit the trust anchor`
    parent = anchorName
  }
  const from = anchorName === undefined ? 0 : links.findIndex(link => link.name === anchorName) + 1
  for (const link of links.slice(from)) {
    const said = judgeDs(link.name, link.ds, keys, parent, now)
    if (said.kind === 'no-cut') continue
    if (said.kind === 'bogus') return end('bogus', link.name, [said.reason])
    if (said.kind === 'none') {
      if (link.name === zone || keys !== null)
        return end(
          'insecure',
          link.name,
          [`${parentName(link.name) || 'the root'} has no DS record for ${link.name}`],
          said.proven,
        )
      parent = link.name
      continue
    }
    if (said.kind === 'unknown') {
      if (link.name === zone) return end('unknown', link.name, [said.reason])
      keys = null
      why = said.reason
      parent = link.name
      continue
    }
    const ds = said.ds.filter(one => supportedAlgorithms.includes(one.algorithm) && [1, 2, 4].includes(one.digestType))
    // RFC 4035 §5.2: a zone whose every DS is of an unknown algorithm counts as unsigned.
    if (ds.length === 0)
      return end('insecure', link.name, [`${link.name} is signed with algorithms that resolvers do not know`], true)
    const tried = link.keys
      .filter(answer => answer.rcode === 'NOERROR')
      .map(answer => trustedKeys(link.name, answer, ds, now))
    if (tried.length === 0) return end('unknown', link.name, [`the keys of ${link.name} could not be asked for`])
    const bad = tried.flatMap(result => (result.ok ? [] : [result]))
    if (link.name === zone && bad.length)
      return end(
        bad.some(result => !result.unfit) ? 'bogus' : 'ds-without-key',
        zone,
        bad.map(result => result.reason),
      )
    const good = tried.find(result => result.ok)
    if (!good?.ok) {
      // Above the zone, a broken link seen through unverified answers proves nothing.
      if (keys !== null)
        return end(
          'bogus',
          link.name,
          bad.map(result => result.reason),
        )
      parent = link.name
      continue
    }
    if (link.name === zone) {
      if (ds.every(one => one.digestType === 1)) base.weak.push('the parent vouches with SHA-1 alone')
      return judgeZone(input, good.keys, base, keys !== null, why, now, end)
    }
    if (keys !== null) keys = good.keys
    parent = link.name
  }
  if (keys !== null && parent === zone) return judgeZone(input, keys, base, true, why, now, end)
  return keys !== null
    ? judgeZone({ ...input, zone: parent }, keys, base, true, why, now, end)
    : end('unknown', zone, [why])
}

const judgeZone = (
  input: ChainInput,
  keys: DnskeyFields[],
  base: { weak: string[]; earliest: ChainVerdict['earliest'] },
  trusted: boolean,
  why: string,
  now: number,
  end: (state: ChainVerdict['state'], at: string, reasons: string[], proven?: boolean) => ChainVerdict,
): ChainVerdict => {
  const faults: string[] = []
  const keySets = input.links.find(link => link.name === input.zone)?.keys ?? []
  const verdicts = keySets.flatMap(answer => {
    const records = keysOf(answer, input.zone)
    const verdict = verifySet(records, answer.answers, keys, input.zone, now)
    return verdict.ok ? [{ what: `${input.zone} DNSKEY`, verdict }] : []
  })
  let iterations = 0
  for (const probe of input.probes)
    for (const answer of probe.answers.filter(isOfZone)) {
      const judged = judgeProbe(probe, answer, keys, input.zone, now)
      faults.push(...judged.faults)
      verdicts.push(...judged.verdicts)
      iterations = Math.max(iterations, judged.iterations)
    }
  if (faults.length) return end('bogus', input.zone, faults)
  const soonest = verdicts.sort((a, b) => a.verdict.expiration - b.verdict.expiration || (a.what < b.what ? -1 : 1))[0]
  base.earliest = soonest
    ? { what: soonest.what, inception: soonest.verdict.inception, expiration: soonest.verdict.expiration }
    : null
  if (iterations > mostIterations)
    base.weak.push(`names are hashed ${iterations} times; resolvers treat such a zone as unsigned`)
  if (!trusted) return end('unknown', input.zone, [`the zone's own signatures hold, but ${why}`], true)
  return end('secure', input.zone, [], true)
}
