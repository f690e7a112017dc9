// Which SPF terms a domain needs, by its senders and its mailbox provider: for judging what stands there, and for repairs.
import { isIncludeOf, providerNamed, providerOfMx, providersOfInclude } from '../../data/mail-providers.ts'
import { networkHolds } from '../dns/ip-network.ts'
import { domainOfAddress } from '../mail/address.ts'
import { parseSpf } from './spf.ts'
import { type SpfTree, treeIncludes, treeNetworks } from './tree.ts'

/** A sender as far as SPF is concerned. */
export type SpfSender = {
  name: string
  spf?: string | undefined
  ips?: readonly string[] | undefined
  from?: string | undefined
  returnPath?: string | undefined
}

/** The domain whose SPF counts for a sender. */
export const envelopeDomain = (sender: SpfSender, domain: string): string =>
  domainOfAddress(sender.returnPath) ?? domainOfAddress(sender.from) ?? domain

/** Terms that let a sender pass SPF: its include, its own addresses. */
export const senderTerms = (sender: SpfSender): string[] => {
  const provider = providerNamed(sender.name)
  const include =
    sender.spf ?? (sender.ips?.length ? undefined : provider?.envelope === 'from' ? provider.spf[0] : undefined)
  return [
    ...(include ? [`include:${include}`] : []),
    ...(sender.ips ?? []).map(ip => `${ip.includes(':') ? 'ip6' : 'ip4'}:${ip}`),
  ]
}

/** Terms that everybody known needs at `name`: senders that bounce there, and at the domain itself its mailbox provider, known by its mail servers. */
export const neededTerms = (
  name: string,
  domain: string,
  senders: readonly SpfSender[],
  mailServers: readonly string[],
): string[] => {
  const mailbox =
    name === domain
      ? mailServers
          .flatMap(host => providerOfMx(host) ?? [])
          // A service that only forwards sends nothing in the domain's name.
          .filter(item => item.kind === 'mailbox' && item.envelope === 'from')
      : []
  const terms = [
    ...mailbox.flatMap(item => (item.spf[0] ? [`include:${item.spf[0]}`] : [])),
    ...senders.filter(sender => envelopeDomain(sender, domain) === name).flatMap(senderTerms),
  ]
  return [...new Set(terms)]
}

/** Networks that some sender may well need whole: what is wider may have to go. */
export const narrowNetworks = (tree: SpfTree): string[] =>
  treeNetworks(tree.root).filter(network => prefixOf(network) >= (network.includes(':') ? 32 : 18))

/** True for a network of one address. */
export const isSingle = (network: string): boolean => prefixOf(network) === (network.includes(':') ? 128 : 32)

/** Bits of a network's prefix; of a single address, all. */
export const prefixOf = (network: string): number => Number(network.split('/')[1] ?? (network.includes(':') ? 128 : 32))

/** True when a term's include is somewhere in the tree, or its network in one of `networks`. */
export const isAuthorised = (tree: SpfTree, term: string, networks = treeNetworks(tree.root)): boolean => {
  const read = parseSpf(`v=spf1 ${term}`).terms[0]
  if (!read) return false
  if (read.name === 'include')
    return treeIncludes(tree.root).includes((read.domain ?? '').toLowerCase()) || sharedInclude(tree, read.domain ?? '')
  const wanted = `${read.address}/${read.prefix4 ?? read.prefix6 ?? (read.name === 'ip6' ? 128 : 32)}`
  return networks.some(network => holdsNetwork(network, wanted))
}

/** True when the whole of `inner` lies in `outer`. */
export const holdsNetwork = (outer: string, inner: string): boolean =>
  prefixOf(outer) <= prefixOf(inner) && networkHolds(outer, inner.split('/')[0] as string)

/** Another name of the same provider (`spf.sendinblue.com` for `spf.brevo.com`) will do. */
const sharedInclude = (tree: SpfTree, include: string): boolean => {
  const wanted = providersOfInclude(include)
  return treeIncludes(tree.root).some(name => wanted.some(item => isIncludeOf(item, name)))
}
