// Folds one cause behind many results into one line, for people: the resolver is down, a host does not exist.
import { type Cause, causeKey, hostOfCause } from './cause.ts'
import type { Judged } from './judge.ts'
import type { FoldedCause } from './report.ts'

/** The port of the website: what a certificate or TLS finding about a host stands for. */
const webPort = 443

/** Whether a finding about this host is why something could not be seen. */
const isExplained = (cause: Cause, { host, kinds }: Judged['explains'][number]): boolean =>
  kinds.includes(cause.kind) && hostOfCause(cause) === host && (cause.kind !== 'endpoint' || cause.port === webPort)

/**
 * Causes that hide results, most hiding first. Unknowns fold by their cause; skips fold only where another check's
 * finding explains them (a host that does not exist).
 */
export const foldCauses = (judged: readonly Judged[]): FoldedCause[] => {
  const explains = judged.flatMap(item => item.explains)
  const byKey = new Map<string, { cause: Cause; checks: Set<string>; hidden: number; unknown: boolean }>()
  const count = (check: string, cause: Cause, isUnknown: boolean): void => {
    const key = causeKey(cause)
    const at = byKey.get(key) ?? { cause, checks: new Set<string>(), hidden: 0, unknown: false }
    at.checks.add(check)
    at.hidden++
    at.unknown ||= isUnknown
    // The same cause may be worded twice; the order of collection must not decide which wording is shown.
    if (cause.text < at.cause.text) at.cause = cause
    byKey.set(key, at)
  }
  for (const item of judged) {
    for (const { check, cause } of item.unknowns) count(check, cause, true)
    for (const { check, cause } of item.skips) if (cause) count(check, cause, false)
  }
  return [...byKey.values()]
    .map(({ cause, checks, hidden, unknown }) => ({
      cause: cause.text,
      kind: cause.kind,
      finding: explains.find(entry => isExplained(cause, entry))?.finding ?? null,
      hidden,
      checks: [...checks].sort(),
      unknown,
    }))
    .filter(item => item.unknown || item.finding !== null)
    .map(({ unknown: _, ...item }) => item)
    .sort((a, b) => b.hidden - a.hidden || (a.cause < b.cause ? -1 : 1))
}
