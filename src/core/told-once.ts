// One cause is one finding: where another finding of the same subject tells of it, an outcome that says so (`toldBy`) is not told again.
import type { AnyCheck, OutcomeSpec } from './check.ts'
import type { CheckResult, Finding } from './report.ts'

type Checks = ReadonlyMap<string, AnyCheck>

/** The finding that tells of the cause of this one; a suppressed one tells nothing. */
const tellerOf = (finding: Finding, findings: readonly Finding[], checks: Checks): Finding | undefined => {
  const spec = checks.get(finding.check)?.outcomes[finding.outcome] as OutcomeSpec<unknown> | undefined
  const by = spec?.status === 'fail' ? spec.toldBy : undefined
  return (
    by &&
    findings.find(
      other =>
        other.check === by.check &&
        other.outcome === by.outcome &&
        other.subject === finding.subject &&
        other.suppressed === null,
    )
  )
}

/** The findings without those that another one tells of, which takes over what was seen; and the rows, which say who tells. */
export const tellOnce = (
  findings: readonly Finding[],
  results: readonly CheckResult[],
  checks: Checks,
): { findings: Finding[]; results: CheckResult[] } => {
  const told = new Map(
    findings.flatMap(finding => {
      const teller = finding.suppressed === null ? tellerOf(finding, findings, checks) : undefined
      return teller ? [[finding, teller] as const] : []
    }),
  )
  if (told.size === 0) return { findings: [...findings], results: [...results] }
  const isTold = ({ check, subject, outcome }: CheckResult): Finding | undefined =>
    [...told].find(
      ([finding]) => finding.check === check && finding.subject === subject && finding.outcome === outcome,
    )?.[1]
  return {
    findings: findings
      .filter(finding => !told.has(finding))
      .map(finding => {
        const seen = [...told].flatMap(([other, teller]) => (teller === finding ? other.evidence : []))
        return seen.length ? { ...finding, evidence: [...finding.evidence, ...seen] } : finding
      }),
    results: results.map(row => {
      const teller = row.status === 'fail' ? isTold(row) : undefined
      return teller
        ? { ...row, status: 'skip', outcome: null, reason: `${teller.check} ${teller.outcome} tells of it` }
        : row
    }),
  }
}
