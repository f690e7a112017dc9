// From whom a mail of the product may come.
import type { Target } from '../../core/target.ts'
import { registrableDomain } from '../dns/registrable-domain.ts'
import { domainOfAddress } from './address.ts'

/** Addresses or domains that may send the mail of a flow: whom the flow names, else every configured sender and everything below the product's own domains. */
export const expectedSenders = (flow: string, target: Target): string[] => {
  const { flows = [] } = (target.sections['email'] ?? {}) as { flows?: { name: string; from?: string }[] }
  const named = flows.find(item => item.name === flow)?.from
  if (named) return [named]
  const canonical = target.canonical ? new URL(target.canonical).hostname : null
  const own = [target.domain, canonical, ...Object.values(target.hosts)].flatMap(name =>
    name ? [registrableDomain(name) ?? name] : [],
  )
  const senders = target.senders.flatMap(sender => domainOfAddress(sender.from) ?? [])
  return [...new Set([...(target.domain ? [target.domain] : []), ...own, ...senders])]
}
