// The chain of trust from an anchor down to a zone, judged link by link over answers that were collected before (RFC 4035 §5).

import type { SignedRecord } from './canonical-data.ts'
import { type DnskeyFields, type DsFields, dsMatches, rsaBits, supportedAlgorithms, weakAlgorithms } from './dnskey.ts'
import { type RrsigFields, type SetVerdict, verifySet } from './dnssec.ts'
import { mostIterations, provesAbsence } from './dnssec-denial.ts'
import { isWithin, normaliseName, parentName } from './name.ts'

/** One answer with its DNSSEC records. `from` names who gave it. */
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
 * - `insecure`: a delegation is established to be without DS; `proven` by signed denial, or only stated by the parent's own server.
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
      reason: `the parent zone names key ${wanted}; ${answer.from} has ${has || 'none of that kind'}`,
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

/** At most six reasons, each once, sorted: the order in which servers answered must not show. */
const reasonsOf = (list: readonly string[]): string[] => [...new Set(list)].sort().slice(0, 6)

/** How a chain ended; `ChainVerdict` without what the zone's own keys say. */
type End = Pick<ChainVerdict, 'state' | 'at' | 'reasons'> & { proven?: boolean }

/**
 * How far trust reaches on the way down: `keys` of `parent`, the last zone that was seen; null where they could not be verified,
 * with `why`.
 */
type Trust = { keys: DnskeyFields[] | null; parent: string; why: string }

/** One link further: it ended there, goes on below, or reached the zone, whose keys are these. */
type Step =
  | { kind: 'end'; end: End }
  | { kind: 'below'; trust: Trust }
  | { kind: 'zone'; keys: DnskeyFields[]; weak: string[] }

const ended = (state: End['state'], at: string, reasons: string[], proven = false): Step => ({
  kind: 'end',
  end: { state, at, reasons, proven },
})

const below = (trust: Trust): Step => ({ kind: 'below', trust })

/** A zone whose key set does not verify: no key fits what stands for it above, or its signature does not hold. */
const broken = (zone: string, failures: readonly Extract<Keys, { ok: false }>[]): Step => {
  const state = failures.some(failure => !failure.unfit) ? 'bogus' : 'ds-without-key'
  return ended(
    state,
    zone,
    failures.map(failure => failure.reason),
  )
}

const failuresOf = (tried: readonly Keys[]): Extract<Keys, { ok: false }>[] =>
  tried.flatMap(result => (result.ok ? [] : [result]))

/** The trust that the anchor nearest to the zone gives; below it every link is judged, above it nothing. */
const trustAtAnchor = ({ zone, anchors, links }: ChainInput, name: string, now: number): Step => {
  const own = anchors.filter(anchor => anchor.name === name)
  const link = links.find(one => one.name === name)!
  const tried = link.keys.map(answer => trustedKeys(name, answer, own, now))
  const good = tried.find(result => result.ok)
  if (good?.ok) return below({ keys: good.keys, parent: name, why: '' })
  if (name === zone && tried.length) return broken(zone, failuresOf(tried))
  const why = `the keys of ${name || 'the root'} as seen from here do not fit the trust anchor`
  return below({ keys: null, parent: name, why })
}

/** A link whose parent has DS records for it. */
const followDs = (link: ChainLink, zone: string, given: readonly DsFields[], trust: Trust, now: number): Step => {
  const { name } = link
  const ds = given.filter(one => supportedAlgorithms.includes(one.algorithm) && [1, 2, 4].includes(one.digestType))
  // RFC 4035 §5.2: a zone whose every DS is of an unknown algorithm counts as unsigned.
  if (ds.length === 0)
    return ended('insecure', name, [`${name} is signed with algorithms that resolvers do not know`], true)
  const tried = link.keys.filter(answer => answer.rcode === 'NOERROR').map(answer => trustedKeys(name, answer, ds, now))
  if (tried.length === 0) return ended('unknown', name, [`the keys of ${name} could not be asked for`])
  const failures = failuresOf(tried)
  if (name === zone && failures.length) return broken(zone, failures)
  const good = tried.find(result => result.ok)
  if (!good?.ok) {
    // Above the zone, a broken link seen through unverified answers proves nothing.
    if (trust.keys === null) return below({ ...trust, parent: name })
    return ended(
      'bogus',
      name,
      failures.map(failure => failure.reason),
    )
  }
  if (name === zone) {
    const weak = ds.every(one => one.digestType === 1) ? ['the parent zone signs with SHA-1 alone'] : []
    return { kind: 'zone', keys: good.keys, weak }
  }
  return below({ ...trust, keys: trust.keys === null ? null : good.keys, parent: name })
}

/** One link: what its parent says of it, and whether its keys fit that. */
const followLink = (link: ChainLink, zone: string, trust: Trust, now: number): Step => {
  const { name } = link
  const delegation = judgeDs(name, link.ds, trust.keys, trust.parent, now)
  switch (delegation.kind) {
    case 'no-cut':
      return below(trust)
    case 'bogus':
      return ended('bogus', name, [delegation.reason])
    case 'none': {
      if (name !== zone && trust.keys === null) return below({ ...trust, parent: name })
      const reason = `${parentName(name) || 'the root'} has no DS record for ${name}`
      return ended('insecure', name, [reason], delegation.proven)
    }
    case 'unknown':
      return name === zone
        ? ended('unknown', name, [delegation.reason])
        : below({ keys: null, parent: name, why: delegation.reason })
    case 'ds':
      return followDs(link, zone, delegation.ds, trust, now)
  }
}

type ZoneVerdict = { end: End; weak: string[]; earliest: ChainVerdict['earliest'] }

/** The zone's own answers, verified with its `keys`; `trust.keys` null: nothing above them could be verified. */
const judgeZone = (input: ChainInput, keys: DnskeyFields[], trust: Trust, now: number): ZoneVerdict => {
  const { zone } = input
  const keySets = input.links.find(link => link.name === zone)?.keys ?? []
  const ofKeys = keySets.flatMap(answer => {
    const verdict = verifySet(keysOf(answer, zone), answer.answers, keys, zone, now)
    return verdict.ok ? [{ what: `${zone} DNSKEY`, verdict }] : []
  })
  const judged = input.probes.flatMap(probe =>
    probe.answers.filter(isOfZone).map(answer => judgeProbe(probe, answer, keys, zone, now)),
  )
  const faults = judged.flatMap(each => each.faults)
  if (faults.length) return { end: { state: 'bogus', at: zone, reasons: faults }, weak: [], earliest: null }
  const soonest = [...ofKeys, ...judged.flatMap(each => each.verdicts)].sort(
    (a, b) => a.verdict.expiration - b.verdict.expiration || (a.what < b.what ? -1 : 1),
  )[0]
  const earliest = soonest
    ? { what: soonest.what, inception: soonest.verdict.inception, expiration: soonest.verdict.expiration }
    : null
  const iterations = Math.max(0, ...judged.map(each => each.iterations))
  const weak =
    iterations > mostIterations ? [`names are hashed ${iterations} times; resolvers treat such a zone as unsigned`] : []
  const end: End =
    trust.keys === null
      ? { state: 'unknown', at: zone, reasons: [`the zone's own signatures hold, but ${trust.why}`], proven: true }
      : { state: 'secure', at: zone, reasons: [], proven: true }
  return { end, weak, earliest }
}

/** Weaknesses of the keys that the zone publishes, whatever its parent says. */
const weakKeys = (keys: readonly DnskeyFields[]): string[] =>
  keys.flatMap(key => {
    if (weakAlgorithms.includes(key.algorithm)) return [`key ${key.keyTag} uses algorithm ${key.algorithm}`]
    const bits = rsaBits(key)
    return bits !== null && bits < 1024 ? [`key ${key.keyTag} has ${bits} bits`] : []
  })

/** From the anchor down to the zone. */
const walkDown = (input: ChainInput, now: number): ZoneVerdict => {
  const { zone, links, anchors } = input
  const anchored = links.map(link => anchors.some(anchor => anchor.name === link.name)).lastIndexOf(true)
  const start =
    anchored < 0
      ? below({ keys: null, parent: '', why: 'no trust anchor lies above the zone' })
      : trustAtAnchor(input, links[anchored]!.name, now)
  let step = start
  for (const link of links.slice(anchored + 1)) {
    if (step.kind !== 'below') break
    const { trust } = step
    step = followLink(link, zone, trust, now)
    if (step.kind === 'zone') {
      const verdict = judgeZone(input, step.keys, trust, now)
      return { ...verdict, weak: [...step.weak, ...verdict.weak] }
    }
  }
  if (step.kind === 'end') return { end: step.end, weak: [], earliest: null }
  const trust = step.kind === 'below' ? step.trust : null
  if (trust?.keys) return judgeZone({ ...input, zone: trust.parent }, trust.keys, trust, now)
  return { end: { state: 'unknown', at: zone, reasons: [trust?.why ?? ''] }, weak: [], earliest: null }
}

/** Judges the whole chain at `now` (seconds since the epoch). */
export const judgeChain = (input: ChainInput, now: number): ChainVerdict => {
  const { zone, links } = input
  const answers = links.find(link => link.name === zone)?.keys ?? []
  const keys = answers.flatMap(answer => fieldsOf<DnskeyFields>(keysOf(answer, zone)))
  const { end, weak, earliest } = walkDown(input, now)
  return {
    ...end,
    reasons: reasonsOf(end.reasons),
    proven: end.proven ?? false,
    signed: keys.length > 0,
    algorithms: [...new Set(keys.map(key => key.algorithm))].sort((a, b) => a - b),
    weak: [...reasonsOf(weakKeys(keys)), ...weak],
    earliest,
  }
}
