// Which failure signals the findings of a report trip. The signals stand in signals.ts, what trips them on each check.
import type { AnyCheck } from './check.ts'
import type { Finding, Report } from './report.ts'
import { type SignalId, signalIds, signals } from './signals.ts'

/**
 * Whether a finding trips a signal of its check: every bad outcome that is at least high, or the outcomes that the check
 * names for the signal, from medium on.
 */
const trips = (finding: Finding, declared: AnyCheck['signals'], signal: SignalId): boolean => {
  if (finding.suppressed || finding.confidence === 'possible' || finding.severity === 'low' || !declared) return false
  if (Array.isArray(declared)) return finding.severity !== 'medium' && declared.includes(signal)
  const outcomes = (declared as Partial<Record<SignalId, readonly string[]>>)[signal]
  return outcomes?.includes(finding.outcome) ?? false
}

/** Signals tripped by findings that are not suppressed, in the order of the roadmap. */
export const failureSignals = (
  findings: readonly Finding[],
  checks: ReadonlyMap<string, Pick<AnyCheck, 'signals'>>,
  /** Finding → the signals that what was measured allows; all where it is not named. */
  only: ReadonlyMap<string, readonly SignalId[]> = new Map(),
): Report['failureSignals'] =>
  signalIds.flatMap(id => {
    const hit = findings.filter(
      finding => trips(finding, checks.get(finding.check)?.signals, id) && (only.get(finding.id)?.includes(id) ?? true),
    )
    const { stage, sentence } = signals[id]
    return hit.length ? [{ stage, signal: sentence, findings: hit.map(finding => finding.id) }] : []
  })
