// Whether the authorities that issued the certificates in use could issue them again, by the CAA records that they would find.
import { authorityOf } from '../../data/caa-identities.ts'
import { type CaaRecord, caaAllows, caaFault, parseIssueValue } from './caa.ts'
import { isWithin } from './name.ts'

/** One host of the fact `caa`: the records that decide for it, and who issued its certificate. */
export type CaaSetLike = {
  host: string
  found: string | null
  records: readonly CaaRecord[]
  issuer: string | null
  wildcard: boolean
}

/** An authority that one record set keeps from issuing, with every host that the set decides for. */
export type Refusal = {
  /** Where the records stand. */
  name: string
  /** `Let's Encrypt`, or the issuer's own name where its CAA domain is not known. */
  authority: string
  /** Hosts whose certificate cannot be renewed, and who issued each. */
  certificates: { host: string; issuer: string }[]
  /** The records that decide, as text. */
  because: string
  /** Records to remove and to add, in presentation format. */
  remove: string[]
  wanted: string[]
}

/** A record in presentation format (RFC 8659 §4.1.1). */
export const caaText = ({ flags, tag, value }: CaaRecord): string => `${flags} ${tag} "${value}"`

/** False where the records stand with somebody else, whom an alias leads to. */
export const isOwnName = (name: string, domain: string): boolean => isWithin(name, domain) || isWithin(domain, name)

/** Whether a record set says who may issue: without `issue` everybody may (RFC 8659 §4.2). */
export const limitsIssuers = ({ found, records }: CaaSetLike): boolean =>
  found !== null && records.some(({ tag, flags }) => /^issue$/i.test(tag) || (flags & 128) !== 0)

const isCritical = (record: CaaRecord): boolean => (record.flags & 128) !== 0

type Reason = Omit<Refusal, 'name' | 'certificates'>

/** An authority whose CAA domain we do not know: only that nobody at all may issue can be known. */
const refusedToAll = (set: CaaSetLike, issuer: string): Reason | null => {
  const named = set.records.flatMap(record => parseIssueValue(record.value)?.issuer || [])
  const verdict = caaAllows(set.records, named, set.wildcard)
  if (verdict.allowed) return null
  const forbids = (record: CaaRecord): boolean =>
    /^issue(wild)?$/i.test(record.tag)
      ? !parseIssueValue(record.value)?.issuer
      : isCritical(record) && caaFault(record) !== null
  return {
    authority: issuer,
    because: `${verdict.because}: nobody may issue`,
    remove: set.records.filter(forbids).map(caaText),
    wanted: [],
  }
}

const refusedTo = (set: CaaSetLike, authority: { name: string; identities: readonly string[] }): Reason | null => {
  const verdict = caaAllows(set.records, authority.identities, set.wildcard)
  if (verdict.allowed) return null
  const tag = set.wildcard && set.records.some(record => record.tag === 'issuewild') ? 'issuewild' : 'issue'
  return {
    authority: authority.name,
    because: verdict.because,
    remove: set.records.filter(record => isCritical(record) && caaFault(record)).map(caaText),
    wanted: [`0 ${tag} "${authority.identities[0]}"`],
  }
}

/** What keeps certificates in use from being renewed: one entry for each record set, authority and tag, whatever number of hosts. */
export const refusals = (sets: readonly CaaSetLike[]): Refusal[] => {
  const groups = new Map<string, Refusal>()
  for (const set of sets) {
    if (set.found === null || set.issuer === null) continue
    const authority = authorityOf(set.issuer)
    const reason = authority ? refusedTo(set, authority) : refusedToAll(set, set.issuer)
    if (reason === null) continue
    const key = `${set.found} ${reason.authority} ${/issuewild/.test(reason.wanted[0] ?? '')}`
    const certificate = { host: set.host, issuer: set.issuer }
    const before = groups.get(key)
    if (before) before.certificates.push(certificate)
    else groups.set(key, { ...reason, name: set.found, certificates: [certificate] })
  }
  return [...groups.values()]
}

/** Records that do not mean what they look like, each once however many hosts share them. */
export const malformedRecords = (
  sets: readonly CaaSetLike[],
): { name: string; host: string; record: string; fault: string }[] =>
  [...new Map(sets.flatMap(set => (set.found === null ? [] : [[set.found, set] as const])))].flatMap(([name, set]) =>
    set.records.flatMap(record => {
      const fault = caaFault(record)
      return fault ? [{ name, host: set.host, record: caaText(record), fault }] : []
    }),
  )

/** The authorities that issued what is served, each once, as far as their CAA domains are known. */
export const authoritiesInUse = (sets: readonly CaaSetLike[]): { name: string; identities: readonly string[] }[] => [
  ...new Map(
    sets.flatMap(set => {
      const authority = set.issuer === null ? null : authorityOf(set.issuer)
      return authority ? [[authority.name, authority] as const] : []
    }),
  ).values(),
]
