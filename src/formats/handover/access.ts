// Who holds an account, judged: nobody that anybody can name, one person alone, a private mailbox, no second factor.
import { personalMailboxDomains } from '../../data/personal-mailboxes.ts'
import { mailboxOf } from './names.ts'
import type { Production } from './production.ts'
import { runsAt } from './runs-at.ts'
import type { Access, AccountName, Handover } from './schema.ts'

export type AccessFault = 'unknown' | 'single-person' | 'personal-account' | 'no-second-factor'

export type AccessSeen = { account: AccountName; fault: AccessFault; what: string }

const isPersonal = (who: string): boolean =>
  personalMailboxDomains.has(who.slice(who.lastIndexOf('@') + 1).toLowerCase()) && who.includes('@')

export const accountWords: Readonly<Record<AccountName, string>> = {
  registrar: 'the registrar',
  dns: 'the DNS service',
  edge: 'the CDN',
  hosting: 'the hosting',
  payment: 'the payment provider',
  email: 'the mail service',
  repository: 'the repository',
}

/** What is wrong with an answered account; empty where two people can sign in with a second factor. */
export const accessFaults = (account: AccountName, access: Access): AccessSeen[] => {
  const people = access.people ?? []
  const at = access.provider ? ` at ${access.provider}` : ''
  if (people.length === 0) return [{ account, fault: 'unknown', what: `nobody is named who can sign in${at}` }]
  const boxes = new Set(people.map(mailboxOf))
  const personal = people.filter(isPersonal)
  return [
    ...(boxes.size === 1
      ? [{ account, fault: 'single-person' as const, what: `${people[0]} alone can sign in${at}` }]
      : []),
    ...(personal.length
      ? [{ account, fault: 'personal-account' as const, what: `${personal.join(', ')}${at}: a private mailbox` }]
      : []),
    ...(access.secondFactor === false
      ? [{ account, fault: 'no-second-factor' as const, what: `a password is enough to sign in${at}` }]
      : []),
  ]
}

/** Whether a product has such an account at all; null where nothing tells. */
export const hasAccount = (account: AccountName, production: Production, handover: Handover): boolean | null => {
  if (handover.access?.[account]) return true
  // A platform that is its own delivery network is one account, that of the hosting.
  if (account === 'edge')
    return production.hosts.length
      ? production.hosts.some(({ edge, platform }) => edge !== null && edge !== platform)
      : null
  if (account === 'payment') {
    const paid =
      production.repository?.payment != null ||
      production.routes.some(({ kind }) => kind === 'payment' || kind === 'pricing')
    return paid ? true : production.repository === null ? null : false
  }
  return true
}

/** Where an account is, as far as it shows. */
export const seenAt = (account: AccountName, production: Production): string | null => {
  switch (account) {
    case 'registrar':
      return production.registration?.registrar ?? null
    case 'dns':
      return production.dns?.provider ?? null
    case 'edge':
      return production.hosts.find(({ edge, platform }) => edge !== null && edge !== platform)?.edge ?? null
    case 'hosting':
      // A file alone shows what the product is made for, not where it runs.
      return runsAt(production, {}).find(({ by }) => by !== 'file')?.label ?? null
    case 'payment':
      return production.repository?.payment ?? null
    case 'email':
      return production.mail?.repoServices[0] ?? production.mail?.spfServices[0] ?? null
    case 'repository':
      return production.repository?.remote?.split('/')[0] ?? null
  }
}
