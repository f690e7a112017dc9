// Advisories as OSV gives them (https://ossf.github.io/osv-schema/): how bad, and which version is repaired.

import { recordsIn } from '../is-record.ts'
import { isRecord } from '../workflow/model.ts'
import { cvssScore } from './cvss.ts'
import { compareVersions, parseVersion } from './version-range.ts'

export type AdvisorySeverity = 'critical' | 'high' | 'moderate' | 'low' | 'unknown'

/** What an advisory says by itself, whatever package was asked for. */
export type OsvAdvisory = {
  id: string
  aliases: string[]
  severity: AdvisorySeverity
  summary: string
  /** Withdrawn by whoever published it: it was none. */
  isWithdrawn: boolean
}

const string = (value: unknown): string => (typeof value === 'string' ? value : '')

const named: Readonly<Record<string, AdvisorySeverity>> = {
  critical: 'critical',
  high: 'high',
  moderate: 'moderate',
  medium: 'moderate',
  low: 'low',
}

/** Classes of CVSS 3 and 4 (FIRST, CVSS v4.0 specification, section 6). */
const classOf = (score: number): AdvisorySeverity =>
  score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'moderate' : score > 0 ? 'low' : 'unknown'

const severityOf = (advisory: Record<string, unknown>): AdvisorySeverity => {
  const database = advisory['database_specific']
  const word = named[string(isRecord(database) ? database['severity'] : '').toLowerCase()]
  const scores = recordsIn(advisory['severity']).map(({ score }) => cvssScore(string(score)) ?? -1)
  return word ?? classOf(Math.max(-1, ...scores))
}

/** Reads the body of `/v1/vulns/<id>`; one that is no advisory is of unknown severity. */
export const readAdvisory = (id: string, body: unknown): OsvAdvisory => {
  const advisory = isRecord(body) ? body : {}
  const aliases = Array.isArray(advisory['aliases']) ? advisory['aliases'] : []
  return {
    id,
    aliases: aliases.filter(one => typeof one === 'string').slice(0, 5),
    severity: severityOf(advisory),
    summary: string(advisory['summary']).slice(0, 160),
    isWithdrawn: Boolean(advisory['withdrawn']),
  }
}

/** The lowest version of a package above `version` in which an advisory is repaired; null where there is none. */
export const fixedIn = (body: unknown, name: string, version: string): string | null => {
  const ours = parseVersion(version)
  const fixes = recordsIn(isRecord(body) ? body['affected'] : null)
    .filter(one => isRecord(one['package']) && string(one['package']['name']).toLowerCase() === name.toLowerCase())
    .flatMap(one => recordsIn(one['ranges']))
    .flatMap(range => recordsIn(range['events']))
    .map(event => string(event['fixed']))
    .filter(Boolean)
  const above = fixes
    .map(text => ({ text, read: parseVersion(text) }))
    .filter(({ read }) => read !== null && (ours === null || compareVersions(read, ours) > 0))
  return above.sort((a, b) => compareVersions(a.read!, b.read!))[0]?.text ?? null
}
