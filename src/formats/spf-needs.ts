// Which SPF terms a domain needs, by its senders and its mailbox provider: for judging what stands there, and for repairs.
import { providerNamed, providerOfMx, providersOfInclude } from '../data/mail-providers.ts'
import { networkHolds } from './ip-network.ts'
import { domainOfAddress } from './mail-address.ts'
import { parseSpf } from './spf.ts'
import { type SpfTree, treeIncludes, treeNetworks } from './spf-tree.ts'

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
      ? mailServers.flatMap(host => providerOfMx(host) ?? []).filter(item => item.envelope === 'from')
      : []
  const terms = [
    ...mailbox.flatMap(item => (item.spf[0] ? [`include:${item.spf[0]}`] : [])),
    ...senders.filter(sender => envelopeDomain(sender, domain) === name).flatMap(senderTerms),
  ]
  return [...new Set(terms)]
}

/** True when a term's include or network is authorised somewhere in the tree. */
export const isAuthorised = (tree: SpfTree, term: string): boolean => {
  const read = parseSpf(`v=spf1 ${term}`).terms[0]
  if (!read) return false
  if (read.name === 'include')
    return treeIncludes(tree.root).includes((read.domain ?? '').toLowerCase()) || sharedInclude(tree, read.domain ?? '')
  const address = read.address ?? ''
  return treeNetworks(tree.root).some(network => networkHolds(network, address))
}

/** Another name of the same provider (`spf.sendinblue.com` for `spf.brevo.com`) will do. */
const sharedInclude = (tree: SpfTree, include: string): boolean => {
  const wanted = providersOfInclude(include)
  return (
    wanted.length > 0 &&
    treeIncludes(tree.root).some(name => providersOfInclude(name).some(item => wanted.includes(item)))
  )
}
