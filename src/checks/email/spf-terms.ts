// Which SPF terms a domain needs, by its configured senders and its mailbox provider: for fixes and for judging what stands there.
import type { Target, TargetSender } from '../../core/target.ts'
import { providerNamed, providerOfMx, providersOfInclude } from '../../data/mail-providers.ts'
import type { Mx } from '../../facts/email/mx.ts'
import { networkHolds } from '../../formats/ip-network.ts'
import { domainOfAddress } from '../../formats/mail-address.ts'
import { parseSpf } from '../../formats/spf.ts'
import type { FitRules } from '../../formats/spf-repair.ts'
import { type SpfTree, treeIncludes, treeNetworks } from '../../formats/spf-tree.ts'

/** The domain whose SPF counts for a sender, null when it is a domain of the provider. */
export const envelopeDomain = (sender: TargetSender, domain: string): string =>
  domainOfAddress(sender.returnPath) ?? domainOfAddress(sender.from) ?? domain

/** Terms that let a sender pass SPF: its include, its own addresses. */
export const senderTerms = (sender: TargetSender): string[] => {
  const provider = providerNamed(sender.name)
  const include =
    sender.spf ?? (sender.ips?.length ? undefined : provider?.envelope === 'from' ? provider.spf[0] : undefined)
  return [
    ...(include ? [`include:${include}`] : []),
    ...(sender.ips ?? []).map(ip => `${ip.includes(':') ? 'ip6' : 'ip4'}:${ip}`),
  ]
}

/** Terms that everybody known needs at `name`: senders that bounce there, and the mailbox provider at the domain itself. */
export const neededTerms = (name: string, domain: string, target: Target, mx: Mx | null): string[] => {
  const mailbox =
    name === domain
      ? (mx?.hosts ?? []).flatMap(host => providerOfMx(host.exchange) ?? []).filter(item => item.envelope === 'from')
      : []
  const terms = [
    ...mailbox.flatMap(item => (item.spf[0] ? [`include:${item.spf[0]}`] : [])),
    ...target.senders.filter(sender => envelopeDomain(sender, domain) === name).flatMap(senderTerms),
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

/** Which includes a repair may drop: those of nobody configured, and those of providers that bounce to a domain of their own. */
export const fitRules = (domain: string, target: Target, mx: Mx | null, limit = 10): FitRules => {
  const needed = neededTerms(domain, domain, target, mx).map(term => term.replace(/^include:/, '').toLowerCase())
  return {
    limit,
    keep: name => needed.includes(name),
    droppable: name => {
      const providers = providersOfInclude(name)
      if (providers.length > 0 && providers.every(item => item.envelope !== 'from'))
        return `${providers.map(item => item.name).join(' or ')} bounces to a domain of its own, so this include does nothing here`
      return target.senders.length > 0 ? 'no configured sender uses it' : null
    },
  }
}
