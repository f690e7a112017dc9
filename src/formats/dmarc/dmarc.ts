// DMARC policy records (RFC 9989 §4.7, §4.8, §4.10.1): parsed whole, with what receivers make of each fault.

import { extensionName, parseTagList, type TagFault, type TagList, tagValue } from '../dkim/tag-list.ts'
import { percentDecoded } from '../percent.ts'

export type DmarcPolicy = 'none' | 'quarantine' | 'reject'

export type DmarcUri = { uri: string; scheme: string; address: string | null; domain: string | null; valid: boolean }

export type DmarcRecord = {
  text: string
  /** The first tag is exactly `v=DMARC1`: otherwise receivers see no record at all. */
  isDmarc: boolean
  /** As published and valid; null when absent or not valid. */
  p: DmarcPolicy | null
  sp: DmarcPolicy | null
  np: DmarcPolicy | null
  psd: 'y' | 'n' | 'u'
  /** `t=y`: receivers apply one level less. */
  testing: boolean
  adkim: 'r' | 's'
  aspf: 'r' | 's'
  fo: string
  rua: DmarcUri[]
  ruf: DmarcUri[]
  /** What receivers act on (RFC 9989 §4.10.1): `p=none` where p, sp or np is not valid but a report address is; `ignored` where none is. */
  effective: 'published' | 'none' | 'ignored'
  /** Tags that receivers must ignore. */
  unknownTags: string[]
  /** pct, rf, ri: removed by RFC 9989; old receivers may still act on them. */
  historicTags: { name: string; value: string }[]
  faults: TagFault[]
}

const policies: readonly DmarcPolicy[] = ['none', 'quarantine', 'reject']
const known = ['v', 'p', 'sp', 'np', 'psd', 't', 'adkim', 'aspf', 'fo', 'rua', 'ruf']
const historic = ['pct', 'rf', 'ri']
const uriLimit = 50

/** True for text that a receiver takes as a DMARC record: the first tag is `v` (in either case, RFC 9989 §4.8) with exactly `DMARC1`. */
export const isDmarc = (text: string): boolean => /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text)

/** Text that was meant as DMARC: for records in the wrong place, or spoilt at their beginning. */
export const nearlyDmarc = (text: string): boolean =>
  /^[\s"']*v\s*=\s*dmarc/i.test(text) || /\bp\s*=/i.test(/\bdmarc1\b.*/i.exec(text)?.[0] ?? '')

/** One report address. A `!10m` size limit is dropped: RFC 9989 has reporters ignore it. */
const readUri = (text: string): DmarcUri => {
  const uri = text.trim().replace(/!\d+[kmgt]?$/i, '')
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase() ?? ''
  const address = scheme === 'mailto' ? percentDecoded(uri.slice(7).split('?')[0] as string) : null
  const domain =
    address === null
      ? null
      : (/^[^@\s/][^@\s]*@([a-z0-9_.-]+\.[a-z0-9-]+)\.?$/i.exec(address)?.[1]?.toLowerCase() ?? null)
  return {
    uri,
    scheme,
    address,
    domain,
    valid: scheme === 'mailto' ? domain !== null : /^https?:\/\/[^\s]+$/i.test(uri),
  }
}

/** An address that only lacks its "mailto:" (or has it misspelt) as a URI; null when it is something else. */
const meantUri = (uri: DmarcUri): string | null => {
  if (uri.valid) return uri.uri
  const bare = uri.uri.replace(/^(mail\s*to|mailto\s*)?[:;]?\s*(\/\/)?/i, '')
  return /^[^@\s,;:<>]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(bare) ? `mailto:${bare}` : null
}

/** The report addresses as they are to be published, mended where only the scheme is missing; null when none is left. */
const publishedUris = (uris: readonly DmarcUri[]): string | null =>
  [...new Set(uris.flatMap(uri => meantUri(uri) ?? []))].join(',') || null

/** Tags that are being read, and what is wrong with them. */
type Reading = { list: TagList; faults: TagFault[] }

const positionOf = ({ list }: Reading, name: string): number =>
  list.tags.find(tag => tag.name.toLowerCase() === name)?.at ?? 0

/** One of the values that a tag may have; null where it is absent or has another, which is a fault. */
const choiceOf = <T extends string>(reading: Reading, name: string, allowed: readonly T[], words: string): T | null => {
  const value = tagValue(reading.list, name)
  if (value === null) return null
  const lower = value.toLowerCase() as T
  if (allowed.includes(lower)) return lower
  reading.faults.push({
    at: positionOf(reading, name),
    text: `${name}=${value.slice(0, 60)}`,
    message: `${name}= must be ${words}`,
  })
  return null
}

const pick = <T extends string>(reading: Reading, name: string, allowed: readonly T[], fallback: T): T =>
  choiceOf(reading, name, allowed, `one of ${allowed.join(', ')}`) ?? fallback

const policyOf = (reading: Reading, name: string): DmarcPolicy | null =>
  choiceOf(reading, name, policies, 'none, quarantine or reject')

const urisOf = (reading: Reading, name: string): DmarcUri[] => {
  const value = tagValue(reading.list, name)
  if (value === null) return []
  const at = positionOf(reading, name)
  const read = value
    .split(',')
    .filter(part => part.trim() !== '')
    .slice(0, uriLimit)
    .map(readUri)
  for (const { uri, scheme, valid } of read) {
    if (valid) continue
    const message =
      scheme === '' && uri.includes('@')
        ? `${name}= lacks "mailto:" before ${uri.slice(0, 80)}`
        : `${name}= holds "${uri.slice(0, 80)}", which is no report address`
    reading.faults.push({ at, text: uri.slice(0, 80), message })
  }
  if (read.length === 0) reading.faults.push({ at, text: `${name}=`, message: `${name}= is empty` })
  return read
}

const failureOptions = /^[01ds](:[01ds])*$/i

/** What receivers act on (RFC 9989 §4.10.1). A missing p is p=none; a p, sp or np that is not valid spoils the record unless a report address stands in it. */
const effectOf = (
  record: Pick<DmarcRecord, 'isDmarc' | 'p' | 'sp' | 'np' | 'rua'>,
  list: TagList,
): DmarcRecord['effective'] => {
  if (!record.isDmarc) return 'ignored'
  const spoilt = (['p', 'sp', 'np'] as const).some(name => tagValue(list, name) !== null && record[name] === null)
  if (spoilt) return record.rua.some(uri => uri.valid) ? 'none' : 'ignored'
  return record.p === null ? 'none' : 'published'
}

/** Reads a record. Faults carry positions; nothing stops the reading. */
export const parseDmarc = (text: string): DmarcRecord => {
  const list = parseTagList(text, extensionName)
  const reading: Reading = { list, faults: [...list.faults] }
  const names = list.tags.map(tag => tag.name.toLowerCase())
  const record = {
    text,
    isDmarc: isDmarc(text),
    p: policyOf(reading, 'p'),
    sp: policyOf(reading, 'sp'),
    np: policyOf(reading, 'np'),
    psd: pick(reading, 'psd', ['y', 'n', 'u'] as const, 'u'),
    testing: pick(reading, 't', ['y', 'n'] as const, 'n') === 'y',
    adkim: pick(reading, 'adkim', ['r', 's'] as const, 'r'),
    aspf: pick(reading, 'aspf', ['r', 's'] as const, 'r'),
    fo: tagValue(list, 'fo') ?? '0',
    rua: urisOf(reading, 'rua'),
    ruf: urisOf(reading, 'ruf'),
    unknownTags: names.filter(name => !known.includes(name) && !historic.includes(name)),
    historicTags: list.tags
      .filter(tag => historic.includes(tag.name.toLowerCase()))
      .map(tag => ({ name: tag.name.toLowerCase(), value: tag.value })),
  }
  const { faults } = reading
  if (!failureOptions.test(record.fo)) {
    const message = 'fo= must be made of 0, 1, d and s'
    faults.push({ at: positionOf(reading, 'fo'), text: `fo=${record.fo.slice(0, 40)}`, message })
  }
  if (!record.isDmarc)
    faults.unshift({ at: 0, text: text.slice(0, 20), message: 'the record must begin with exactly "v=DMARC1;"' })
  return { ...record, effective: effectOf(record, list), faults: faults.sort((a, b) => a.at - b.at) }
}

/** The policies that receivers of RFC 9989 apply: to the domain itself, to subdomains, to names that do not exist; `t=y` counted. */
export const effectivePolicies = (
  record: DmarcRecord,
): { domain: DmarcPolicy; subdomains: DmarcPolicy; nonexistent: DmarcPolicy } => {
  const lowered = (policy: DmarcPolicy): DmarcPolicy =>
    !record.testing ? policy : policy === 'reject' ? 'quarantine' : 'none'
  if (record.effective !== 'published') return { domain: 'none', subdomains: 'none', nonexistent: 'none' }
  const p = record.p as DmarcPolicy
  const sp = record.sp ?? p
  return { domain: lowered(p), subdomains: lowered(sp), nonexistent: lowered(record.np ?? sp) }
}

/** What receivers do with mail that forges the domain: `applies` says whether the record is its own or stands above it. */
export const appliedPolicy = (walk: {
  record: DmarcRecord | null
  applies: 'domain' | 'subdomain' | null
}): DmarcPolicy => {
  if (!walk.record) return 'none'
  const { domain, subdomains } = effectivePolicies(walk.record)
  return walk.applies === 'domain' ? domain : subdomains
}

/** How strict a policy is: 0 none, 1 quarantine, 2 reject. */
export const strictness = (policy: DmarcPolicy): number => policies.indexOf(policy)

/** The tags of a record in their usual order, for publishing. Tags that are null are left out. */
export const printDmarc = (tags: Readonly<Record<string, string | null | undefined>>): string => {
  const order = ['p', 'sp', 'np', 'adkim', 'aspf', 'psd', 't', 'rua', 'ruf', 'fo']
  return ['v=DMARC1', ...order.flatMap(name => (tags[name] ? [`${name}=${tags[name]}`] : []))].join('; ')
}

/** The record's own valid tags, changed as given, its unknown and historic tags dropped. */
export const rewriteDmarc = (record: DmarcRecord, change: Readonly<Record<string, string | null>>): string =>
  printDmarc({
    p: record.p ?? 'none',
    sp: record.sp,
    np: record.np,
    adkim: record.adkim === 's' ? 's' : null,
    aspf: record.aspf === 's' ? 's' : null,
    psd: record.psd === 'u' ? null : record.psd,
    t: record.testing ? 'y' : null,
    rua: publishedUris(record.rua),
    ruf: publishedUris(record.ruf),
    fo: record.fo === '0' || !failureOptions.test(record.fo) ? null : record.fo,
    ...change,
  })

/** What a spoilt record was meant to say: tags parted by commas, spaces or nothing are parted by semicolons, its beginning is put right. */
export const meantDmarc = (text: string): DmarcRecord => {
  const bare = text.trim().replace(/^["'\u201c\u201d]+|(?<!["'\u201c\u201d])["'\u201c\u201d]+$/g, '')
  const parted = bare.replace(/(?<![\s,;\\])[\s,;\\]+(?=(?:p|sp|np|rua|ruf|adkim|aspf|fo|psd|t|pct|rf|ri)\s*=)/gi, '; ')
  const mended = parseDmarc(parted.replace(/^v\s*=\s*dmarc1?\s*;?/i, 'v=DMARC1;'))
  const plain = parseDmarc(text)
  return plain.isDmarc && plain.faults.length <= mended.faults.length ? plain : mended
}

/** The record to begin with: watch first, refuse later. `receives`: reports can be sent to the domain itself. */
export const starterDmarc = (domain: string, receives: boolean): string =>
  printDmarc({ p: 'none', rua: receives ? `mailto:dmarc@${domain}` : null })

/**
 * A record that no receiver acts on, mended: it begins by watching, whatever policy it was meant to have, for nobody has
 * seen yet which mail that policy would hit.
 */
export const watchingFirst = (record: DmarcRecord, change: Readonly<Record<string, string | null>> = {}): string =>
  rewriteDmarc(record, { p: 'none', sp: null, np: null, t: null, ...change })

/** How much of a policy and of reporting a record holds: of several, the one that somebody meant most. */
const weight = (text: string): number => {
  const record = parseDmarc(text)
  return strictness(record.p ?? 'none') + (record.rua.length ? 0.5 : 0)
}

/** Several records put together: the strictest policy that somebody meant is kept, and every report address. */
export const mergeDmarc = (texts: readonly string[]): { kept: string; merged: string } => {
  const [kept = ''] = [...texts].sort((a, b) => weight(b) - weight(a))
  const uris = new Set(texts.flatMap(text => parseDmarc(text).rua.flatMap(uri => (uri.valid ? uri.uri : []))))
  return { kept, merged: rewriteDmarc(parseDmarc(kept), uris.size ? { rua: [...uris].join(',') } : {}) }
}
