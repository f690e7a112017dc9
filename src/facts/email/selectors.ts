// DKIM selectors: those of the config, those that the providers in sight use, a few common ones; and which of them hold a key.
import { notApplicable, observed } from '../../core/fact.ts'
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
import type { SpfOfName } from '../../formats/spf/names.ts'
import { treeIncludes } from '../../formats/spf/tree.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { escapeName, recordTexts, senderDomains } from './mail-lookups.ts'

export type Selector = {
  selector: string
  domain: string
  /** Where the selector comes from, in words: "configured for Postmark", "Google Workspace by the MX records". */
  why: string
  configured: boolean
  /** `found`: a key record stands there. `dangling`: a CNAME that leads nowhere. */
  state: 'found' | 'dangling' | 'absent' | 'unknown'
  /** Receivers can verify with the key that stands there. */
  usable: boolean
  /** The key was taken back: nothing is signed with it. */
  revoked: boolean
  /** Key type where there is a key. */
  type: string | null
}

export type Selectors = {
  /** Configured ones, found or not, and every other one that holds something. */
  selectors: Selector[]
  /** How many names were asked, and where the ideas came from. */
  tried: number
  sources: { why: string; selectors: string[] }[]
  /** Every name below _domainkey answers: what was found says nothing unless it differs. */
  wildcard: string | null
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

const providersInSight = async (
  domain: string,
  context: CollectContext,
): Promise<{ providers: { provider: MailProvider; why: string }[]; returnPaths: string[] }> => {
  const returnPaths: string[] = []
  const found = new Map<string, { provider: MailProvider; why: string }>()
  const add = (provider: MailProvider | null, why: string): void => {
    if (provider && !found.has(provider.id)) found.set(provider.id, { provider, why })
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
    if (!answer.ok) continue
    const targets = [...answer.value.cnames, ...recordTexts(answer.value, 'MX')]
    for (const target of targets) {
      const provider = providerOfTarget(target)
      const shared = provider
        ? mailProviders.filter(
            item =>
              item.returnPathTargets.some(end => target === end || target.endsWith(`.${end}`)) &&
              item.returnPath.includes(returnPathLabels[at] as string),
          )
        : []
      const meant = shared.length ? shared : provider ? [provider] : []
      const name = `${returnPathLabels[at]}.${domain}`
      if (meant.length && !returnPaths.includes(name)) returnPaths.push(name)
      for (const item of meant) add(item, `${returnPathLabels[at]}.${domain} leads to ${target}`)
    }
  }
  return { providers: [...found.values()], returnPaths }
}

const fact: FactDefinition<Selectors> = {
  on: 'domain',
  async collect(subject, context) {
    const domain = subject.name
    const candidates = new Map<string, Selector>()
    const sources: Selectors['sources'] = []
    const propose = (selectors: readonly string[], of: string, why: string, configured = false): void => {
      const fresh = selectors.filter(
        name => /^[a-z0-9_]([a-z0-9_.-]{0,120}[a-z0-9_])?$/.test(name) && !candidates.has(`${name}._domainkey.${of}`),
      )
      for (const selector of fresh)
        candidates.set(`${selector}._domainkey.${of}`, {
          selector,
          domain: of,
          why,
          configured,
          state: 'unknown',
          usable: false,
          revoked: false,
          type: null,
        })
      if (fresh.length) sources.push({ why, selectors: fresh })
    }
    const isOwn = (name: string): boolean => name === domain || name.endsWith(`.${domain}`)
    /** Keys that may stand at the sending subdomain instead: name at the From domain → name there. */
    const instead = new Map<string, string>()
    for (const sender of context.target.senders) {
      const { from, envelope } = senderDomains(sender, domain)
      // A sender from somebody else's domain has no key of ours; another check says so.
      if (!isOwn(from)) continue
      for (const given of sender.dkim) {
        const { selector, domain: at, whole } = selectorAt(given, from)
        propose([selector], at, `configured for ${sender.name}`, true)
        if (whole || envelope === null || envelope === from || !isOwn(envelope)) continue
        propose([selector], envelope, `configured for ${sender.name}`)
        instead.set(`${selector}._domainkey.${from}`, `${selector}._domainkey.${envelope}`)
      }
    }
    const ask = (item: Selector) =>
      context.net.dns.lookup(escapeName(`${item.selector}._domainkey.${item.domain}`), 'TXT')
    const [{ providers, returnPaths }, mx] = await Promise.all([providersInSight(domain, context), context.need('mx')])
    if (!mx.ok && mx.because) return notApplicable(mx.because)
    for (const { provider, why } of providers) propose(provider.dkim, domain, `${provider.name} by ${why}`)
    propose(commonSelectors, domain, 'a common name')
    const none = context.net.dns.lookup(`${nobodys}._domainkey.${domain}`, 'TXT')
    const answers = await Promise.all([...candidates.values()].map(async item => [item, await ask(item)] as const))
    const everywhere = await none
    const wildcard =
      everywhere.ok && everywhere.value.records.length > 0
        ? recordTexts(everywhere.value, 'TXT').join(' ').slice(0, 600)
        : null
    // A service that signs as its own subdomain keeps the key there.
    const isThere = (name: string): boolean =>
      answers.some(
        ([item, answer]) =>
          `${item.selector}._domainkey.${item.domain}` === name &&
          answer.ok &&
          answer.value.records.length + answer.value.cnames.length > 0,
      )
    for (const [name, other] of instead) {
      const [own, moved] = [candidates.get(name), candidates.get(other)]
      if (own && moved && !isThere(name) && isThere(other)) [own.configured, moved.configured] = [false, true]
    }
    const selectors: Selector[] = []
    let unanswered = 0
    for (const [item, answer] of answers) {
      if (!answer.ok) unanswered++
      const texts = answer.ok ? recordTexts(answer.value, 'TXT') : []
      const key = texts.find(looksLikeDkim)
      const dangling =
        answer.ok &&
        texts.length === 0 &&
        answer.value.cnames.length > 0 &&
        !(everywhere.ok && everywhere.value.cnames.length)
      const own = wildcard === null || texts.join(' ').slice(0, 600) !== wildcard
      const found = key !== undefined && own
      const state = !answer.ok ? 'unknown' : found ? 'found' : dangling ? 'dangling' : 'absent'
      if (item.configured || found || dangling) {
        const read = key === undefined ? null : parseDkimKey(key)
        const usable = found && read !== null && isUsableKey(read)
        selectors.push({ ...item, state, usable, revoked: read?.revoked === true, type: read?.type ?? null })
      }
    }
    // Nothing at all is told: that is the resolver, and one cause for everything.
    if (unanswered === candidates.size && !mx.ok) return mx
    return observed(
      {
        selectors: selectors.sort((a, b) => (a.domain + a.selector < b.domain + b.selector ? -1 : 1)),
        tried: candidates.size,
        sources,
        wildcard,
        unanswered,
        providers: providers.map(({ provider, why }) => ({ id: provider.id, name: provider.name, why })),
        returnPaths,
      },
      context.now(),
    )
  },
}
export default fact
