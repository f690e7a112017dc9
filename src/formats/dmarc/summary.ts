// What many DMARC reports say together: who sends in the domain's name, how much of it passes, day by day, and whether the
// policy can be tightened. Pure; sources are named from what authenticated, because anybody can write anything else.
import { type MailProvider, mailProviders } from '../../data/mail-providers.ts'
import { networkHolds } from '../dns/ip-network.ts'
import type { ReportMeta, ReportRecord } from './report.ts'

export type SourceKind = 'own-sender' | 'provider' | 'forwarder' | 'unknown'

export type Source = {
  name: string
  kind: SourceKind
  messages: number
  passing: number
  /** The addresses with the most messages, at most five, and how many there are. */
  addresses: string[]
  addressCount: number
}

export type Summary = {
  domains: string[]
  /** Names in the From of mail that passed: nobody else can have made them up. At most 200. */
  names: string[]
  reports: number
  duplicates: number
  messages: number
  passing: number
  days: { day: string; messages: number; passing: number }[]
  sources: Source[]
  /** The policy (`p`) that the newest report was made under; null where it does not say. */
  policy: string | null
  verdict: { ready: boolean; because: string[] }
}

type Tally = { messages: number; passing: number }
type Group = Tally & { kind: SourceKind; addresses: Map<string, number> }

/** A sender that the config or the records name: its selectors, its addresses. */
export type KnownSender = {
  name: string
  dkim: readonly string[]
  ips?: readonly string[]
  /** Networks that it shares with others (an included service): they tell only where nothing else does. */
  shared?: readonly string[]
}

/** What enforcement asks for: days seen, messages seen, the part of wanted mail that passes, the part that nobody can place. */
export const readiness = { days: 7, messages: 100, rate: 0.98, unknown: 0.05 } as const

/** Most addresses and days that are told apart; what comes after is counted under one name. */
const addressLimit = 20_000
const dayLimit = 4_000
const nameLimit = 200

const below = (name: string, end: string): boolean => name === end || name.endsWith(`.${end}`)

const providerOf = (domain: string): MailProvider | null =>
  mailProviders.find(item =>
    [...item.dkimTargets, ...item.returnPathTargets, ...item.spf].some(end => below(domain, end.replace(/^\./, ''))),
  ) ?? null

/** Remembers answers: reports name the same addresses and domains again and again. */
const remembered = <T>(find: (key: string) => T): ((key: string) => T) => {
  const known = new Map<string, { value: T }>()
  return key => {
    const before = known.get(key)
    if (before) return before.value
    const value = find(key)
    if (known.size < addressLimit) known.set(key, { value })
    return value
  }
}

type Known = {
  senders: readonly KnownSender[]
  senderAt(address: string): KnownSender | null
  sharedAt(address: string): KnownSender | null
  providerOf(domain: string): MailProvider | null
}

const holds = (networks: readonly string[] | undefined, address: string): boolean =>
  networks?.some(network => network === address || (network.includes('/') && networkHolds(network, address))) === true

const knownOf = (senders: readonly KnownSender[]): Known => ({
  senders,
  senderAt: remembered(address => senders.find(sender => holds(sender.ips, address)) ?? null),
  sharedAt: remembered(address => senders.find(sender => holds(sender.shared, address)) ?? null),
  providerOf: remembered(providerOf),
})

const nameOf = (record: ReportRecord, known: Known): { name: string; kind: SourceKind } => {
  const signed = record.dkimSigned.filter(item => item.pass)
  const own =
    // A selector alone could be anybody's: it counts where the signature aligned.
    known.senders.find(sender => record.dkim && signed.some(item => sender.dkim.includes(item.selector))) ??
    known.senderAt(record.source)
  if (own) return { name: own.name, kind: 'own-sender' }
  const authenticated = [...signed, ...record.spfChecked.filter(item => item.pass)].map(item => item.domain)
  for (const domain of authenticated) {
    const provider = known.providerOf(domain)
    if (provider) return { name: provider.name, kind: 'provider' }
  }
  if (record.overrides.some(item => /forward|mailing_list|trusted_forwarder/.test(item)))
    return { name: 'forwarders and mailing lists', kind: 'forwarder' }
  if (record.dkim || record.spf) return { name: `authenticated as ${record.headerFrom}`, kind: 'own-sender' }
  const other = authenticated[0]
  const shared = other === undefined ? known.sharedAt(record.source) : null
  if (shared) return { name: shared.name, kind: 'own-sender' }
  return { name: other ? `authenticated as ${other}` : 'unknown, authenticated as nobody', kind: 'unknown' }
}

/** One file's records, until it is known that the report was not read before. */
export const createTally = (senders: readonly KnownSender[]) => {
  const groups = new Map<string, Group>()
  const total: Tally = { messages: 0, passing: 0 }
  const known = knownOf(senders)
  const names = new Set<string>()
  let addresses = 0
  return {
    groups,
    total,
    names,
    add(record: ReportRecord): void {
      const passing = record.dkim || record.spf ? record.count : 0
      if (passing && record.headerFrom && names.size < nameLimit) names.add(record.headerFrom)
      let { name, kind } = nameOf(record, known)
      if (!groups.has(name) && groups.size >= 2_000) [name, kind] = ['further sources', 'unknown']
      const group: Group = groups.get(name) ?? { kind, messages: 0, passing: 0, addresses: new Map() }
      groups.set(name, group)
      for (const tally of [group, total]) {
        tally.messages += record.count
        tally.passing += passing
      }
      const counted = group.addresses.get(record.source)
      if (counted !== undefined || addresses < addressLimit) {
        if (counted === undefined) addresses++
        group.addresses.set(record.source, (counted ?? 0) + record.count)
      }
    },
  }
}

export type ReportTally = ReturnType<typeof createTally>

const rate = (tally: Tally): number => (tally.messages ? tally.passing / tally.messages : 0)
const percent = (part: number): string => `${(Math.floor(part * 1000) / 10).toFixed(1)} %`

const judge = (summary: Omit<Summary, 'verdict'>): Summary['verdict'] => {
  const because: string[] = []
  const wanted = summary.sources.filter(source => source.kind === 'own-sender' || source.kind === 'provider')
  const all = {
    messages: wanted.reduce((sum, source) => sum + source.messages, 0),
    passing: wanted.reduce((sum, source) => sum + source.passing, 0),
  }
  if (summary.days.length < readiness.days)
    because.push(`reports cover ${summary.days.length} of at least ${readiness.days} days`)
  if (summary.messages < readiness.messages)
    because.push(`${summary.messages} of at least ${readiness.messages} messages were seen`)
  for (const source of wanted)
    if (source.messages > 0 && rate(source) < readiness.rate)
      because.push(
        `${source.name}: ${source.messages - source.passing} of ${source.messages} messages fail and would be refused`,
      )
  const strange = summary.sources.filter(source => source.kind === 'unknown')
  const lost = strange.reduce((sum, source) => sum + source.messages - source.passing, 0)
  if (lost > summary.messages * readiness.unknown)
    because.push(
      `${lost} of ${summary.messages} messages come from sources that nobody named and fail: find out first whether they are yours`,
    )
  if (because.length) return { ready: false, because }
  if (all.messages === 0)
    return { ready: false, because: ['no source that you or a known provider sends from was seen'] }
  return {
    ready: true,
    because: [
      `${percent(rate(all))} of ${all.messages} messages from known sources pass, over ${summary.days.length} days`,
      `${summary.messages - summary.passing} of ${summary.messages} messages in all would be quarantined or refused`,
    ],
  }
}

/** What was added up so far. */
type Sums = {
  /** Reports that were added, by reporter, identifier and period. */
  seen: Set<string>
  domains: Set<string>
  names: Set<string>
  groups: Map<string, Group>
  days: Map<string, Tally>
  total: Tally
  reports: number
  duplicates: number
  newest: { end: number; policy: string }
}

const addTally = (into: Tally, { messages, passing }: Tally): void => {
  into.messages += messages
  into.passing += passing
}

const addGroup = (groups: Map<string, Group>, name: string, from: Group): void => {
  const into: Group = groups.get(name) ?? { kind: from.kind, messages: 0, passing: 0, addresses: new Map() }
  groups.set(name, into)
  addTally(into, from)
  for (const [address, count] of from.addresses)
    if (into.addresses.has(address) || into.addresses.size < addressLimit)
      into.addresses.set(address, (into.addresses.get(address) ?? 0) + count)
}

/** False when the report is a duplicate. */
const addReport = (sums: Sums, meta: ReportMeta, tally: ReportTally): boolean => {
  const key = [meta.organization, meta.id, meta.domain, meta.begin, meta.end].join('\0')
  if (meta.id !== '' && sums.seen.has(key)) {
    sums.duplicates++
    return false
  }
  sums.seen.add(key)
  sums.reports++
  if (meta.end >= sums.newest.end) sums.newest = { end: meta.end, policy: meta.policy }
  if (meta.domain && sums.domains.size < 1_000) sums.domains.add(meta.domain)
  for (const name of tally.names) if (sums.names.size < nameLimit) sums.names.add(name)
  const day = meta.begin ? new Date(meta.begin * 1000).toISOString().slice(0, 10) : 'undated'
  const ofDay = sums.days.get(day) ?? { messages: 0, passing: 0 }
  if (sums.days.has(day) || sums.days.size < dayLimit) sums.days.set(day, ofDay)
  addTally(sums.total, tally.total)
  addTally(ofDay, tally.total)
  for (const [name, group] of tally.groups) addGroup(sums.groups, name, group)
  return true
}

const sourceOf = ([name, { kind, messages, passing, addresses }]: [string, Group]): Source => ({
  name,
  kind,
  messages,
  passing,
  addresses: [...addresses]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 5)
    .map(([address]) => address),
  addressCount: addresses.size,
})

/** Days in order, sources by volume, then name. */
const summaryOf = (sums: Sums): Summary => {
  const summary = {
    domains: [...sums.domains].sort(),
    names: [...sums.names].sort(),
    reports: sums.reports,
    duplicates: sums.duplicates,
    ...sums.total,
    days: [...sums.days].map(([day, tally]) => ({ day, ...tally })).sort((a, b) => (a.day < b.day ? -1 : 1)),
    sources: [...sums.groups].map(sourceOf).sort((a, b) => b.messages - a.messages || (a.name < b.name ? -1 : 1)),
    policy: sums.newest.policy || null,
  }
  return { ...summary, verdict: judge(summary) }
}

/** Adds up reports; a report that was added already (same reporter, identifier and period) is counted as a duplicate. */
export const createSummary = () => {
  const sums: Sums = {
    seen: new Set(),
    domains: new Set(),
    names: new Set(),
    groups: new Map(),
    days: new Map(),
    total: { messages: 0, passing: 0 },
    reports: 0,
    duplicates: 0,
    newest: { end: -1, policy: '' },
  }
  return {
    /** False when the report is a duplicate. */
    add: (meta: ReportMeta, tally: ReportTally): boolean => addReport(sums, meta, tally),
    result: (): Summary => summaryOf(sums),
  }
}

/** Passed of all, in per cent with one decimal, never rounded up. */
export const passRate = (tally: Tally): string => percent(rate(tally))
