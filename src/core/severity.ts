// How bad a finding is, and which journey of a customer it breaks. Both lists are ordered: worst, most costly first.

export const severities = ['blocker', 'high', 'medium', 'low'] as const

/** `blocker`: a paying customer is lost, or their data is. */
export type Severity = (typeof severities)[number]

export const impacts = ['payment', 'signup', 'login', 'data', 'email', 'visit', 'trust', 'operate'] as const

/** The journey that a finding breaks. The order of the list is the order in which equal severities are shown. */
export type Impact = (typeof impacts)[number]

/** True when `severity` is as bad as `threshold` or worse. `never` is reached by nothing. */
export const reaches = (severity: Severity, threshold: Severity | 'never'): boolean =>
  threshold !== 'never' && severities.indexOf(severity) <= severities.indexOf(threshold)

export const confidences = ['certain', 'likely', 'possible'] as const

/**
 * How sure a finding is. `certain`: seen, and there is no other reading. What is only `possible` is at most medium, stands
 * apart ("Worth a look") and never decides the exit code (CONTRACT.md, "The verdict and the findings").
 */
export type Confidence = (typeof confidences)[number]

/** A blocker is certain, a high at least likely: what is less sure is said less loudly. */
export const tempered = (severity: Severity, confidence: Confidence): Severity => {
  const loudest: Severity = confidence === 'certain' ? 'blocker' : confidence === 'likely' ? 'high' : 'medium'
  return severities[Math.max(severities.indexOf(severity), severities.indexOf(loudest))]!
}
