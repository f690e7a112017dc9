// Folds one cause behind many results into one line, for people: the resolver is down, a host does not exist.
import type { Judged } from './judge.ts'
import type { Finding, FoldedCause } from './report.ts'

/** Whether a finding is why something could not be seen: the host does not exist, or nobody gets an encrypted connection to it. */
const explains = ({ check, outcome, subject }: Finding, cause: string): boolean =>
  check === 'domain-resolution'
    ? cause.startsWith(`${subject} `)
    : (outcome === 'obsolete-only' || (check === 'certificate' && outcome === 'unreachable')) &&
      (cause.startsWith(`${subject}:443 `) || cause.startsWith(`the TLS handshake with ${subject}:443 `))

/**
 * Causes that hide results, most hiding first. Unknowns fold by their cause; skips fold only where another check's
 * finding explains them (a host that does not exist).
 */
export const foldCauses = (judged: readonly Judged[], findings: readonly Finding[]): FoldedCause[] => {
  const byCause = new Map<string, { checks: Set<string>; hidden: number }>()
  for (const { check, cause } of judged.flatMap(item => [...item.unknowns, ...item.skips])) {
    if (!cause) continue
    const at = byCause.get(cause) ?? { checks: new Set<string>(), hidden: 0 }
    at.checks.add(check)
    at.hidden++
    byCause.set(cause, at)
  }
  const unknownCauses = new Set(judged.flatMap(item => item.unknowns.map(entry => entry.cause)))
  return [...byCause]
    .map(([cause, { checks, hidden }]) => ({
      cause,
      finding: findings.find(finding => explains(finding, cause))?.id ?? null,
      hidden,
      checks: [...checks].sort(),
    }))
    .filter(item => unknownCauses.has(item.cause) || item.finding !== null)
    .sort((a, b) => b.hidden - a.hidden || (a.cause < b.cause ? -1 : 1))
}
