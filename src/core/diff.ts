// Two reports of one target compared: what is new, what is fixed, what stayed, and what cannot be told this time.
import type { CheckResult, Finding, Report } from './report.ts'

/** A finding of the former report that the current one neither shows nor disproves, with the reason. */
export type Untold = { finding: Finding; reason: string }

export type ReportDiff = {
  /** Start of the former and of the current run, ISO 8601. */
  from: string
  to: string
  verdict: { from: Report['verdict']; to: Report['verdict'] }
  /** False when the two reports are not about the same domain or repository. */
  sameTarget: boolean
  /** In the current report alone. */
  new: Finding[]
  /** In the former report alone, and its check was judged again and says otherwise. As they stood in the former report. */
  fixed: Finding[]
  /** In both, as they stand in the current report; open or accepted as before. */
  unchanged: Finding[]
  /** In both and open before; now accepted by a suppression or the baseline. A suppression is no repair. */
  suppressed: Finding[]
  /** In the former report alone, but the check was not judged, could not be judged or no longer applies. */
  couldNotTell: Untold[]
}

const key = ({ check, subject }: { check: string; subject: string }): string => `${check}\0${subject}`

/** Why a former finding that is no longer listed does not count as fixed; null when it does. */
const doubt = (results: readonly CheckResult[], current: Report): string | null => {
  if (!results.length) return current.interrupted ? 'the run was interrupted' : 'not looked at this time'
  const unknown = results.find(({ status }) => status === 'unknown')
  if (unknown) return unknown.reason ?? 'could not be judged'
  if (results.some(({ status }) => status === 'pass' || status === 'fail')) return null
  return results[0]?.reason ?? 'skipped this time'
}

/**
 * Compares two reports by the fingerprints of their findings. A finding that is gone counts as fixed only when its check
 * was judged for its subject again; unknown, skipped or absent results are "could not tell". What was open and is suppressed now
 * is told apart from what stayed: it was accepted, not repaired.
 */
export const diffReports = (former: Report, current: Report): ReportDiff => {
  const before = new Map(former.findings.map(finding => [finding.id, finding]))
  const isAccepted = (finding: Finding): boolean =>
    finding.suppressed !== null && before.get(finding.id)?.suppressed === null
  const now = new Set(current.findings.map(({ id }) => id))
  const results = Map.groupBy(current.checks, key)
  const fixed: Finding[] = []
  const couldNotTell: Untold[] = []
  for (const finding of before.values()) {
    if (now.has(finding.id)) continue
    const reason = doubt(results.get(key(finding)) ?? [], current)
    if (reason === null) fixed.push(finding)
    else couldNotTell.push({ finding, reason })
  }
  return {
    from: former.startedAt,
    to: current.startedAt,
    verdict: { from: former.verdict, to: current.verdict },
    sameTarget:
      former.target.domain === current.target.domain &&
      (former.target.domain !== null || former.target.repo === current.target.repo),
    new: current.findings.filter(({ id }) => !before.has(id)),
    fixed,
    unchanged: current.findings.filter(finding => before.has(finding.id) && !isAccepted(finding)),
    suppressed: current.findings.filter(isAccepted),
    couldNotTell,
  }
}

/** The current report with `firstSeen` carried over: from the former report's finding, or the instant of that run. */
export const withFirstSeen = (current: Report, former: Report): Report => {
  const before = new Map(former.findings.map(finding => [finding.id, finding.firstSeen ?? former.startedAt]))
  return {
    ...current,
    findings: current.findings.map(finding => ({ ...finding, firstSeen: before.get(finding.id) ?? current.startedAt })),
  }
}
