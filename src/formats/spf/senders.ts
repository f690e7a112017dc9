// Which terms of a domain's SPF record its senders explain, and which none does: for judging the record and for repairing it.
import type { Target } from '../../core/target.ts'
import {
  isIncludeOf,
  type MailProvider,
  providerNamed,
  providerOfMx,
  providersOfInclude,
} from '../../data/mail-providers.ts'
import { type RelayRestriction, sharedNetworks } from '../../data/shared-networks.ts'
import { isUnreachableNetwork } from '../dns/special-networks.ts'
import { neededTerms, prefixOf } from './needs.ts'
import type { FitRules } from './repair.ts'
import { termKey } from './spf.ts'
import { opensAll, type SpfTree, type SpfTreeTerm, treeNetworks, treeTerms } from './tree.ts'

/** The mail servers of the domain, as far as they tell who keeps its mailboxes; null where they are not known. */
export type MailServers = { hosts: readonly { exchange: string }[] } | null

/** Terms that everybody known needs at `name`. */
export const termsNeededAt = (name: string, domain: string, target: Target, mx: MailServers): string[] =>
  neededTerms(name, domain, target.senders, mx?.hosts.map(host => host.exchange) ?? [])

/** True for an include that no configured sender and no mailbox provider explains. Own names are nobody else's; without senders nothing is known. */
const isStranger = (
  term: SpfTreeTerm,
  own: string,
  needed: readonly string[],
  explained: readonly MailProvider[],
  configured: readonly string[],
): boolean => {
  if (term.name !== 'include' || term.ignored || term.qualifier !== '+' || term.target === null) return false
  // Nobody sends through a name that has no record; another check says so.
  if (term.node && ['none', 'nxdomain'].includes(term.node.status)) return false
  const name = term.target
  if (name === own || name.endsWith(`.${own}`)) return false
  if (configured.includes(name) || needed.includes(`include:${name}`)) return false
  const wanted = needed.flatMap(item => providersOfInclude(item.replace(/^include:/, '')))
  return ![...explained, ...wanted].some(item => isIncludeOf(item, name))
}

/** Includes of the record itself that are no sender's of the config. */
export const strangers = (
  tree: SpfTree,
  domain: string,
  target: Target,
  mx: MailServers,
  restricted: readonly string[] = [],
): SpfTreeTerm[] => {
  if (target.senders.length === 0) return []
  const own = tree.root.domain
  const needed = termsNeededAt(own, domain, target, mx)
  const explained = [
    ...(mx?.hosts ?? []).flatMap(host => providerOfMx(host.exchange) ?? []),
    ...target.senders.flatMap(sender => providerNamed(sender.name) ?? []),
  ]
  // A relay that the domain restricts to an account of its own is one that it uses.
  const configured = [...(own === domain ? target.senders.map(sender => sender.spf ?? '') : []), ...restricted]
  return tree.root.terms.filter(term => isStranger(term, own, needed, explained, configured))
}

/** Networks with a shorter prefix than this are more than any one sender needs: IPv4, IPv6; within an include, a whole service. */
const widest = { own: [18, 32], included: [12, 20] } as const

const isWide = (network: string, [four, six]: readonly [number, number]): boolean =>
  prefixOf(network) < (network.includes(':') ? six : four)

/** Networks of a term that are wider than any sender needs. Those that no server of others is reached from let nobody send. */
const wideNetworks = ({ node, networks }: SpfTreeTerm): string[] => {
  if (!node) return networks.filter(network => isWide(network, widest.own) && !isUnreachableNetwork(network))
  // An include that lets everybody pass is judged as that.
  if (treeTerms(node).some(({ term }) => term.name === 'all' && term.qualifier === '+')) return []
  return treeNetworks(node).filter(network => isWide(network, widest.included) && !isUnreachableNetwork(network))
}

/** Whom a term lets send, in words, and the restriction by which its relay lets fewer. */
export type Excess = { whom: string; restriction: RelayRestriction | null }

/**
 * Whom a term of the record itself lets send (`16,777,216 addresses`, `all of Google Cloud`), when that is more than any
 * sender needs: over 16,384 addresses of IPv4, an IPv6 block over /32, a whole cloud, a relay without its restriction
 * (`restricted`: relays that have it). Null otherwise.
 */
export const excess = (term: SpfTreeTerm, restricted: readonly string[] = []): Excess | null => {
  if (term.ignored || term.qualifier !== '+') return null
  const shared = term.target === null ? undefined : sharedNetworks[term.target]
  if (shared?.restriction)
    return restricted.includes(term.target as string)
      ? null
      : { whom: `every customer of ${shared.name}`, restriction: shared.restriction }
  if (shared) return { whom: `all of ${shared.name}`, restriction: null }
  const [largest] = wideNetworks(term).sort((a, b) => prefixOf(a) - prefixOf(b))
  if (largest === undefined) return null
  const size = largest.includes(':')
    ? `a /${prefixOf(largest)} of addresses`
    : `${(2 ** (32 - prefixOf(largest))).toLocaleString('en-US')} addresses`
  return { whom: size, restriction: null }
}

/** True for a term whose addresses reach nobody else's server: it authorises nothing. */
export const authorisesNobody = (term: SpfTreeTerm): boolean =>
  !term.ignored &&
  term.qualifier === '+' &&
  ['ip4', 'ip6', 'a'].includes(term.name) &&
  term.networks.length > 0 &&
  term.networks.every(isUnreachableNetwork)

/** True for a term that the config names: by its include, or by its addresses. It is never taken out. */
export const isConfigured = (term: SpfTreeTerm, target: Target, needed: readonly string[]): boolean => {
  const key = term.name === 'include' ? `include:${term.target}` : termKey(term)
  return (
    needed.some(item => item.toLowerCase() === key) ||
    (term.name === 'include' && target.senders.some(sender => sender.spf?.toLowerCase() === term.target))
  )
}

/** Which includes a repair may drop: those of nobody configured, and those of providers that bounce to a domain of their own. */
export const fitRules = (
  tree: SpfTree,
  domain: string,
  target: Target,
  mx: MailServers,
  restricted: readonly string[] = [],
): Omit<FitRules, 'limit'> => {
  const terms = termsNeededAt(tree.root.domain, domain, target, mx)
  const needed = terms.map(term => term.replace(/^include:/, '').toLowerCase())
  const foreign = new Set(strangers(tree, domain, target, mx, restricted).map(term => term.at))
  const why = (term: SpfTreeTerm): string | null => {
    if (foreign.has(term.at)) return 'no configured sender uses it'
    if (authorisesNobody(term)) return 'its addresses are private, so no mail reaches others from them'
    const much = excess(term, restricted)
    // What a relay may do is bounded by its own record, not by leaving it out.
    if (much && !much.restriction) return 'it lets far more addresses send than any sender needs'
    return term.node && treeTerms(term.node).some(inner => opensAll(inner.term)) ? 'it lets everybody send' : null
  }
  return {
    keep: name => needed.includes(name),
    droppable: name => {
      const providers = providersOfInclude(name)
      if (providers.length > 0 && providers.every(item => item.envelope !== 'from'))
        return `${providers.map(item => item.name).join(' or ')} bounces to a domain of its own, so this include does nothing here`
      return target.senders.length > 0 ? 'no configured sender uses it' : null
    },
    unwanted: term => (isConfigured(term, target, terms) ? null : why(term)),
  }
}

/** Who needs a term, by name: the configured sender, else the provider, else what it names. */
export const whoNeeds = (term: string, senders: Target['senders']): string => {
  const value = term.replace(/^(include|ip4|ip6):/, '')
  return (
    senders.find(sender => sender.spf === value || sender.ips?.includes(value))?.name ??
    providersOfInclude(value)[0]?.name ??
    value
  )
}
