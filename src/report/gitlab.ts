// The report as GitLab Code Quality: a JSON array of violations (https://docs.gitlab.com/ci/testing/code_quality/).
import { clean } from '../core/clean.ts'
import type { Confidence, Severity } from '../core/severity.ts'
import type { Reporter } from './options.ts'
import { anchor } from './shared/anchor.ts'
import { needsSubject } from './shared/changes.ts'
import { titleWithDoubt } from './shared/words.ts'

const severities: Record<Severity, 'blocker' | 'critical' | 'major' | 'minor'> = {
  blocker: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
}

/** What is only possible is information, however bad it would be. */
const severityOf = (severity: Severity, confidence: Confidence): string =>
  confidence === 'possible' ? 'info' : severities[severity]

/** GitLab keeps what differs between two branches by `fingerprint`: the id, which is stable across runs. */
export const gitlab: Reporter = (report, options = {}) => {
  const violations = report.findings
    .filter(({ suppressed }) => !suppressed)
    .map(finding => {
      const { path, line } = anchor(finding, options)
      const where = needsSubject(finding, report) ? ` (${clean(finding.subject, 200)})` : ''
      return {
        description: `${clean(titleWithDoubt(finding), 300)}${where}. Fix: ${clean(finding.fix.summary, 400)}`,
        check_name: `${finding.check}/${finding.outcome}`,
        fingerprint: finding.id,
        severity: severityOf(finding.severity, finding.confidence),
        location: { path, lines: { begin: line } },
      }
    })
  return `${JSON.stringify(violations, null, 2)}\n`
}
