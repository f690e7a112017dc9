// The file of --baseline, and what a former report says of the first sight of its findings.
import { UsageError } from '../config/errors.ts'
import type { Report } from '../core/report.ts'

/** Fingerprints in a baseline. Throws UsageError for what is none; `path` is how the file was named. */
export const readBaseline = (value: unknown, path: string): Set<string> => {
  const { schemaVersion, findings } = (value ?? {}) as { schemaVersion?: unknown; findings?: unknown }
  if (schemaVersion !== 1 || !Array.isArray(findings))
    throw new UsageError(
      `${path}: not a baseline of launch-ready; write one with --baseline ${path} --update-baseline.`,
    )
  return new Set((findings as { id?: unknown }[]).map(item => String(item.id)))
}

/** The text of a baseline: every finding that the config does not suppress. */
export const printBaseline = (report: Report): string => {
  const findings = report.findings
    .filter(item => item.suppressed?.by !== 'config')
    .map(({ id, check, outcome, subject, severity }) => ({ id, check, outcome, subject, severity }))
  return `${JSON.stringify({ schemaVersion: 1, findings }, null, 2)}\n`
}

/** Fingerprint → the instant (ISO 8601) at which the finding was first seen. */
export const firstSeenIn = (former: Report | null): Map<string, string> =>
  new Map((former?.findings ?? []).map(finding => [finding.id, finding.firstSeen ?? former!.startedAt]))
