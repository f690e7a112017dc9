// The fingerprint of a finding: stable across runs and machines. Baselines, diffs, SARIF and trends rest on it.
import { createHash } from 'node:crypto'

/** 16 hex digits over check, outcome, subject and what distinguishes this finding among those (`key`, may be empty). */
export const fingerprint = (check: string, outcome: string, subject: string, key = ''): string =>
  createHash('sha256').update([check, outcome, subject, key].join('\u0000')).digest('hex').slice(0, 16)
