// Which terms of a domain's SPF record its senders explain, and which none does: for judging the record and for repairing it.
import type { Target } from '../../core/target.ts'
import { type MailProvider, providerNamed, providerOfMx, providersOfInclude } from '../../data/mail-providers.ts'
import { wholeClouds } from '../../data/shared-networks.ts'
import { neededTerms, prefixOf } from './needs.ts'
import type { FitRules } from './repair.ts'
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
  return !providersOfInclude(name).some(item => explained.includes(item) || wanted.includes(item))
}

/** Includes of the record itself that are no sender's of the config. */
export const strangers = (tree: SpfTree, domain: string, target: Target, mx: MailServers): SpfTreeTerm[] => {
  if (target.senders.length === 0) return []
  const own = tree.root.domain
  const needed = termsNeededAt(own, domain, target, mx)
  const explained = [
    ...(mx?.hosts ?? []).flatMap(host => providerOfMx(host.exchange) ?? []),
    ...target.senders.flatMap(sender => providerNamed(sender.name) ?? []),
  ]
  const configured = own === domain ? target.senders.map(sender => sender.spf ?? '') : []
  return tree.root.terms.filter(term => isStranger(term, own, needed, explained, configured))
}

/** Networks with a shorter prefix than this are more than any one sender needs: IPv4, IPv6; within an include, a whole service. */
const widest = { own: [18, 32], included: [12, 20] } as const

const isWide = (network: string, [four, six]: readonly [number, number]): boolean =>
  prefixOf(network) < (network.includes(':') ? six : four)

/** Networks of a term that are wider than any sender needs. */
const wideNetworks = ({ node, networks }: SpfTreeTerm): string[] => {
  if (!node) return networks.filter(network => isWide(network, widest.own))
  // An include that lets everybody pass is judged as that.
  if (treeTerms(node).some(({ term }) => term.name === 'all' && term.qualifier === '+')) return []
  return treeNetworks(node).filter(network => isWide(network, widest.included))
}

/**
 * How many addresses a term of the record itself opens, in words (`16,777,216`, `all Amazon EC2`), when that is more than
 * any sender needs: over 16,384 of IPv4, an IPv6 block over /32, a whole cloud. Null otherwise.
 */
export const excess = (term: SpfTreeTerm): string | null => {
  if (term.ignored || term.qualifier !== '+') return null
  const cloud = term.target === null ? undefined : wholeClouds[term.target]
  if (cloud) return `all ${cloud}`
  const [largest] = wideNetworks(term).sort((a, b) => prefixOf(a) - prefixOf(b))
  if (largest === undefined) return null
  return largest.includes(':') ? `a /${prefixOf(largest)} of` : (2 ** (32 - prefixOf(largest))).toLocaleString('en-US')
}

/** Which includes a repair may drop: those of nobody configured, and those of providers that bounce to a domain of their own. */
export const fitRules = (tree: SpfTree, domain: string, target: Target, mx: MailServers): Omit<FitRules, 'limit'> => {
  const needed = termsNeededAt(tree.root.domain, domain, target, mx).map(term =>
    term.replace(/^include:/, '').toLowerCase(),
  )
  const foreign = new Set(strangers(tree, domain, target, mx).map(term => term.at))
  return {
    keep: name => needed.includes(name),
    droppable: name => {
      const providers = providersOfInclude(name)
      if (providers.length > 0 && providers.every(item => item.envelope !== 'from'))
        return `${providers.map(item => item.name).join(' or ')} bounces to a domain of its own, so this include does nothing here`
      return target.senders.length > 0 ? 'no configured sender uses it' : null
    },
    unwanted: term =>
      foreign.has(term.at)
        ? 'no configured sender uses it'
        : excess(term) !== null && !needed.includes(term.target ?? '')
          ? 'it lets far more addresses send than any sender needs'
          : term.node && !needed.includes(term.target ?? '') && treeTerms(term.node).some(inner => opensAll(inner.term))
            ? 'it lets everybody send'
            : null,
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
