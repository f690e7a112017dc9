// CVSS base score from its vector: advisories give the vector, people read the class. Versions 2.0, 3.0, 3.1 and 4.0 (FIRST).
import calculator from 'ae-cvss-calculator'

/** Characters of a vector with every metric of CVSS 4.0 set, and some more. */
const longest = 300

/** Base score from 0 to 10; null when the vector is of no known version, or lacks a base metric. Never throws. */
export const cvssScore = (vector: string): number | null => {
  if (vector.length > longest || !/^(?:CVSS:(?:3\.[01]|4\.0)\/|AV:)/.test(vector)) return null
  try {
    const cvss = calculator.fromVector(vector)
    if (!cvss?.isBaseFullyDefined()) return null
    const scores = cvss.calculateScores()
    // In CVSS 4.0 `base` counts the threat metrics too where the vector has them.
    const base = 'baseMetricsOnly' in scores ? scores.baseMetricsOnly : scores.base
    return typeof base === 'number' && Number.isFinite(base) ? base : null
  } catch {
    return null
  }
}
