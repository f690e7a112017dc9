// Whether a written handover still holds: what parted, which rehearsals are old, which links and contacts are dead.

import { type Parting, partings } from './partings.ts'
import type { Production } from './production.ts'
import { drillNames, proofOf, rehearsalDays, rehearsalWords } from './rehearsal.ts'
import { type DrillRecord, type Handover, rehearsals } from './schema.ts'
import type { Fingerprinted } from './statements.ts'

export type Verification = {
  parted: Parting[]
  untold: Parting[]
  rehearsals: { name: string; at: string; days: number; command: string }[]
  links: { what: string; url: string; detail: string }[]
  contacts: { what: string; email: string; detail: string }[]
}

export type VerifyInput = {
  statements: readonly Omit<Fingerprinted, 'seen'>[]
  production: Production
  handover: Handover
  drills: readonly DrillRecord[]
  links: readonly { what: string; url: string; state: string; detail: string }[]
  contacts: readonly { what: string; email: string; state: string; detail: string }[]
  now: number
}

export const verify = ({
  statements,
  production,
  handover,
  drills,
  links,
  contacts,
  now,
}: VerifyInput): Verification => {
  const all = partings(statements, production)
  return {
    parted: all.filter(({ kind }) => kind !== 'untold'),
    untold: all.filter(({ kind }) => kind === 'untold'),
    rehearsals: rehearsals.flatMap(name => {
      const at = proofOf(name, production, drills)?.at.slice(0, 10) ?? handover.rehearsed?.[name]
      const days = at === undefined ? 0 : Math.floor((now - Date.parse(at)) / 86_400_000)
      return at !== undefined && days > rehearsalDays
        ? [{ name: rehearsalWords[name], at, days, command: `launch-ready handover drill ${drillNames[name]}` }]
        : []
    }),
    links: links
      .filter(({ state }) => state === 'dead' || state === 'failing')
      .map(({ what, url, detail }) => ({ what, url, detail })),
    contacts: contacts
      .filter(({ state }) => state === 'no-mail' || state === 'refused')
      .map(({ what, email, detail }) => ({ what, email, detail })),
  }
}

/** True where nothing parted. */
export const holds = ({ parted, rehearsals: old, links, contacts }: Verification): boolean =>
  parted.length + old.length + links.length + contacts.length === 0
