// The authority in use is named by the zone's CAA record.
import type { Caa, CaaSet } from './caa.ts'

const set: CaaSet = {
  host: 'example.com',
  found: 'example.com',
  records: [{ flags: 0, tag: 'issue', value: 'letsencrypt.org' }],
  issuer: "Let's Encrypt",
  wildcard: false,
}

export const example: Caa = { sets: [set], unknown: [] }

/** The set of the apex with this change. */
export const withSet = (change: Partial<CaaSet>): Caa => ({ ...example, sets: [{ ...set, ...change }] })

/** One `issue` record at the apex: its value, and who issued the certificate in use. */
export const issueOf = (value: string, issuer: string | null = "Let's Encrypt"): Caa =>
  withSet({ records: [{ flags: 0, tag: 'issue', value }], issuer })
