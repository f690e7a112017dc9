// DKIM selectors: those of the config, those that the providers in sight use, a few common ones; and which of them hold a key.
import { createHash } from 'node:crypto'
import { type Fact, notApplicable, observed } from '../../core/fact.ts'
import type { TargetSender } from '../../core/target.ts'
import { commonSelectors } from '../../data/dkim-selectors.ts'
import {
  type MailProvider,
  mailProviders,
  providerNamed,
  providerOfMx,
  providerOfTarget,
  providersOfInclude,
} from '../../data/mail-providers.ts'
import { isUsableKey, looksLikeDkim, parseDkimKey, selectorAt } from '../../formats/dkim/dkim.ts'
import { doubledName, keyElsewhere, type StrayKey, textForTarget } from '../../formats/dkim/stray.ts'
import type { SpfOfName } from '../../formats/spf/names.ts'
import { treeIncludes } from '../../formats/spf/tree.ts'
import type { DnsLookup } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { escapeName, recordTexts, senderDomains } from './mail-lookups.ts'

export type Selector = {
  selector: string
  domain: string
  /** Where the selector comes from, in words: "configured for Postmark", "Google Workspace by the MX records". */
  why: string
  configured: boolean
  /** `found`: a key record stands there. `dangling`: a CNAME that leads nowhere. `misplaced`: the key stands where nobody looks. */
  state: 'found' | 'dangling' | 'misplaced' | 'absent' | 'unknown'
  /** Receivers can verify with the key that stands there. */
  usable: boolean
  /** The key was taken back: nothing is signed with it. */
  revoked: boolean
  /** Key type where there is a key. */
  type: string | null
  /** Short digest of the key that stands in the zone; null without one, and behind an alias, where its service replaces it by itself. */
  print: string | null
  /** Where a misplaced key stands. */
  stray: StrayKey | null
}

export type Selectors = {
  /** Configured ones, found or not, and every other one that holds something. */
  selectors: Selector[]
  /** How many names were asked, and where the ideas came from. */
  tried: number
  sources: { why: string; selectors: string[] }[]
  /** Every name below _domainkey answers: what was found says nothing unless it differs. */
  wildcard: string | null
  /** Whether any name exists below _domainkey (RFC 8020): a server that says so for every name proves nothing. */
  below: 'exists' | 'absent' | 'unknown'
  /** Names that could not be asked. */
  unanswered: number
  /** Providers in sight, with what gave them away. */
  providers: { id: string; name: string; why: string }[]
  /** Names below the domain that bounces go to, by where they lead. */
  returnPaths: string[]
}

/** A label that nobody chose: what answers here answers everywhere. */
const nobodys = 'launch-ready-no-such-selector'

const treeIncludesOf = ({ tree, repaired }: SpfOfName): string[] => {
  const whole = repaired ?? tree
  return whole ? treeIncludes(whole.root) : []
}

/** Return-path labels that give a provider away by where they lead: those that set-up pages propose most. */
const returnPathLabels = ['bounce', 'em', 'envelope', 'mg', 'mta', 'pm-bounces', 'send']

/** Providers that a return path gives away; several where they share the host that it leads to and propose this label. */
const providersBehind = (label: string, target: string): MailProvider[] => {
  const provider = providerOfTarget(target)
  if (!provider) return []
  const shared = mailProviders.filter(
    item =>
      item.returnPathTargets.some(end => target === end || target.endsWith(`.${end}`)) &&
      item.returnPath.includes(label),
  )
  return shared.length ? shared : [provider]
}

/** A provider, what gave it away, and the subdomain where that is a return path. */
type Sighted = { provider: MailProvider; why: string; at: string | null }

const providersInSight = async (
  domain: string,
  context: CollectContext,
): Promise<{ providers: Sighted[]; returnPaths: string[] }> => {
  const returnPaths: string[] = []
  const found = new Map<string, Sighted>()
  const add = (provider: MailProvider | null, why: string, at: string | null = null): void => {
    if (provider && (!found.has(provider.id) || at)) found.set(provider.id, { provider, why, at })
  }
  const repo = context.target.repo ? await context.subjects('repo') : []
  const [mx, spf, services, ...paths] = await Promise.all([
    context.need('mx'),
    context.need('spf'),
    repo[0] ? context.need('mailServices', repo[0]) : null,
    ...returnPathLabels.flatMap(label => [context.net.dns.lookup(`${label}.${domain}`, 'MX')]),
  ])
  for (const sender of context.target.senders) add(providerNamed(sender.name), 'the config')
  for (const host of mx.ok ? mx.value.hosts : []) add(providerOfMx(host.exchange), 'the MX records')
  for (const item of spf.ok ? spf.value.names : [])
    for (const include of treeIncludesOf(item)) {
      const providers = providersOfInclude(include)
      // A name that several share (Amazon's) says nothing certain: all of them are tried.
      for (const provider of providers) add(provider, `SPF includes ${include}`)
    }
  for (const service of services?.ok ? services.value.services : [])
    add(mailProviders.find(item => item.id === service.provider) ?? null, service.why)
  for (const [at, answer] of paths.entries()) {
    const label = returnPathLabels[at] as string
    const targets = answer.ok ? [...answer.value.cnames, ...recordTexts(answer.value, 'MX')] : []
    for (const target of targets) {
      const meant = providersBehind(label, target)
      if (meant.length && !returnPaths.includes(`${label}.${domain}`)) returnPaths.push(`${label}.${domain}`)
      for (const item of meant) add(item, `${label}.${domain} leads to ${target}`, `${label}.${domain}`)
    }
  }
  return { providers: [...found.values()], returnPaths }
}

/** Selectors to ask for, by the name of their record, and where the ideas came from. */
type Candidates = {
  byName: Map<string, Selector>
  sources: Selectors['sources']
  /** Keys that may stand at the sending subdomain instead: name at the From domain → name there. */
  instead: Map<string, string>
}

const recordName = ({ selector, domain }: Pick<Selector, 'selector' | 'domain'>): string =>
  `${selector}._domainkey.${domain}`

const propose = (
  { byName, sources }: Candidates,
  selectors: readonly string[],
  domain: string,
  why: string,
  configured = false,
): void => {
  const fresh = selectors.filter(
    selector =>
      /^[a-z0-9_]([a-z0-9_.-]{0,120}[a-z0-9_])?$/.test(selector) && !byName.has(recordName({ selector, domain })),
  )
  for (const selector of fresh) {
    const unasked = { state: 'unknown' as const, usable: false, revoked: false, type: null, print: null, stray: null }
    byName.set(recordName({ selector, domain }), { selector, domain, why, configured, ...unasked })
  }
  if (fresh.length) sources.push({ why, selectors: fresh })
}

const proposeConfigured = (candidates: Candidates, domain: string, senders: readonly TargetSender[]): void => {
  const isOwn = (name: string): boolean => name === domain || name.endsWith(`.${domain}`)
  for (const sender of senders) {
    const { from, envelope } = senderDomains(sender, domain)
    // A sender from somebody else's domain has no key of ours; another check says so.
    if (!isOwn(from)) continue
    for (const given of sender.dkim) {
      const { selector, domain: at, whole } = selectorAt(given, from)
      propose(candidates, [selector], at, `configured for ${sender.name}`, true)
      if (whole || envelope === null || envelope === from || !isOwn(envelope)) continue
      propose(candidates, [selector], envelope, `configured for ${sender.name}`)
      candidates.instead.set(recordName({ selector, domain: from }), recordName({ selector, domain: envelope }))
    }
  }
}

type Answered = readonly [item: Selector, answer: Fact<DnsLookup>]

/** A service that signs as its own subdomain keeps the key there: then that one is the configured key. */
const moveConfigured = ({ byName, instead }: Candidates, answers: readonly Answered[]): void => {
  const there = new Set(
    answers.flatMap(([item, answer]) =>
      answer.ok && answer.value.records.length + answer.value.cnames.length > 0 ? recordName(item) : [],
    ),
  )
  for (const [name, other] of instead) {
    const [own, moved] = [byName.get(name), byName.get(other)]
    if (own && moved && !there.has(name) && there.has(other)) [own.configured, moved.configured] = [false, true]
  }
}

/** What answers at a name that nobody chose. */
type Everywhere = { text: string | null; leads: boolean }

const everywhereOf = (answer: Fact<DnsLookup>): Everywhere => ({
  text: answer.ok && answer.value.records.length > 0 ? recordTexts(answer.value, 'TXT').join(' ').slice(0, 600) : null,
  leads: answer.ok && answer.value.cnames.length > 0,
})

/** Whether names exist below _domainkey: an empty non-terminal exists, an invented name beside it does not. */
const belowOf = (at: Fact<DnsLookup>, invented: Fact<DnsLookup>): Selectors['below'] => {
  if (!at.ok) return 'unknown'
  if (at.value.status === 'NXDOMAIN') return 'absent'
  return invented.ok && invented.value.status === 'NXDOMAIN' && at.value.cnames.length === 0 ? 'exists' : 'unknown'
}

/** Keys at the doubled name (`sel._domainkey.example.com.example.com`), by the name where they belong. Asked for only where that exists. */
const doubledKeys = async (
  names: readonly string[],
  domain: string,
  dns: CollectContext['net']['dns'],
): Promise<Map<string, StrayKey>> => {
  const found = new Map<string, StrayKey>()
  const whole = await dns.lookup(`_domainkey.${doubledName(domain, domain)}`, 'TXT')
  if (!whole.ok || whole.value.status === 'NXDOMAIN') return found
  const invented = await dns.lookup(`${nobodys}._domainkey.${doubledName(domain, domain)}`, 'TXT')
  // Where every name answers, an answer says nothing.
  if (!invented.ok || invented.value.records.length + invented.value.cnames.length > 0) return found
  const inside = names.filter(name => name.endsWith(`._domainkey.${domain}`))
  await Promise.all(
    inside.map(async name => {
      const at = doubledName(name, domain)
      const answer = await dns.lookup(escapeName(at), 'TXT')
      if (!answer.ok) return
      const texts = recordTexts(answer.value, 'TXT')
      const stray = keyElsewhere(at, texts.filter(looksLikeDkim), answer.value.cnames, texts)
      if (stray) found.set(name, stray)
    }),
  )
  return found
}

const printOf = (record: string): string | null => {
  const key = /(?:^|;)\s*p\s*=([^;]*)/.exec(record)?.[1]?.replace(/\s/g, '')
  return key ? createHash('sha256').update(key).digest('hex').slice(0, 12) : null
}

/** The selector with what stands there; null where it says nothing: nobody configured it, and nothing does. */
const judged = ([item, answer]: Answered, everywhere: Everywhere, doubled: StrayKey | null): Selector | null => {
  const texts = answer.ok ? recordTexts(answer.value, 'TXT') : []
  const key = texts.find(looksLikeDkim)
  const dangling = answer.ok && texts.length === 0 && answer.value.cnames.length > 0 && !everywhere.leads
  const own = everywhere.text === null || texts.join(' ').slice(0, 600) !== everywhere.text
  const found = key !== undefined && own
  const pasted = answer.ok && own && key === undefined ? textForTarget(recordName(item), texts) : null
  const stray = pasted ?? (answer.ok && texts.length === 0 && answer.value.cnames.length === 0 ? doubled : null)
  if (!item.configured && !found && !dangling && !stray) return null
  const seen = found ? 'found' : dangling ? 'dangling' : stray ? 'misplaced' : 'absent'
  const read = key === undefined ? null : parseDkimKey(key)
  const usable = found && read !== null && isUsableKey(read)
  return {
    ...item,
    state: answer.ok ? seen : 'unknown',
    usable,
    revoked: read?.revoked === true,
    type: read?.type ?? null,
    print: key !== undefined && answer.ok && answer.value.cnames.length === 0 ? printOf(key) : null,
    stray,
  }
}

const fact: FactDefinition<Selectors> = {
  on: 'domain',
  async collect({ name: domain }, context) {
    const { dns } = context.net
    const candidates: Candidates = { byName: new Map(), sources: [], instead: new Map() }
    proposeConfigured(candidates, domain, context.target.senders)
    const [{ providers, returnPaths }, mx] = await Promise.all([providersInSight(domain, context), context.need('mx')])
    if (!mx.ok && mx.because) return notApplicable(mx.because)
    for (const { provider, why } of providers) propose(candidates, provider.dkim, domain, `${provider.name} by ${why}`)
    // A subdomain that bounces go to may be the one that signs.
    for (const { provider, why, at } of providers)
      if (at) propose(candidates, provider.dkim, at, `${provider.name} by ${why}`)
    propose(candidates, commonSelectors, domain, 'a common name')
    const [zone, doubled, nowhere, ...answers] = await Promise.all([
      dns.lookup(`_domainkey.${domain}`, 'TXT'),
      doubledKeys([...candidates.byName.keys()], domain, dns),
      dns.lookup(`${nobodys}._domainkey.${domain}`, 'TXT'),
      ...[...candidates.byName.values()].map(
        async (item): Promise<Answered> => [item, await dns.lookup(escapeName(recordName(item)), 'TXT')],
      ),
    ])
    moveConfigured(candidates, answers)
    const unanswered = answers.filter(([, answer]) => !answer.ok).length
    // Nothing at all answers: that is the resolver, and one cause for everything.
    if (unanswered === answers.length && !mx.ok) return mx
    const everywhere = everywhereOf(nowhere)
    return observed(
      {
        selectors: answers
          .flatMap(answered => judged(answered, everywhere, doubled.get(recordName(answered[0])) ?? null) ?? [])
          .sort((a, b) => (a.domain + a.selector < b.domain + b.selector ? -1 : 1)),
        tried: answers.length,
        sources: candidates.sources,
        wildcard: everywhere.text,
        below: belowOf(zone, nowhere),
        unanswered,
        providers: providers.map(({ provider, why }) => ({ id: provider.id, name: provider.name, why })),
        returnPaths,
      },
      context.now(),
    )
  },
}
export default fact
