// Suppressions of the config and the baseline: findings that are known do not fail the run, and stay in the report.
import type { Finding } from './report.ts'
import type { Suppression } from './target.ts'

/** Whether a suppression holds at `now` (milliseconds): it has a reason, and its date (inclusive, UTC) is not past. */
export const suppressionHolds = (suppression: Suppression, now: number): boolean =>
  suppression.reason.trim() !== '' &&
  (!suppression.until || now < Date.parse(`${suppression.until}T00:00:00Z`) + 86_400_000)

/** Whether an entry is about this finding. */
export const matches = (suppression: Suppression, finding: Finding): boolean =>
  suppression.check === finding.check &&
  (suppression.outcome === undefined || suppression.outcome === finding.outcome) &&
  (suppression.subject === undefined || suppression.subject === finding.subject)

/** Marks what the config or the baseline suppresses. A finding about suppressions cannot be suppressed itself. */
export const applySuppressions = (
  findings: readonly Finding[],
  suppress: readonly Suppression[],
  baseline: ReadonlySet<string>,
  now: number,
): Finding[] =>
  findings.map(finding => {
    if (finding.check === 'suppression') return finding
    const held = suppress.find(item => matches(item, finding) && suppressionHolds(item, now))
    if (held)
      return { ...finding, suppressed: { reason: held.reason, until: held.until ?? null, by: 'config' as const } }
    if (baseline.has(finding.id))
      return { ...finding, suppressed: { reason: 'recorded in the baseline', until: null, by: 'baseline' as const } }
    return finding
  })
