// The JSON report: schema version 1, as the contract promises.
import type { Reporter } from './options.ts'

/** The report as it is, two spaces deep. */
export const json: Reporter = report => `${JSON.stringify(report, null, 2)}\n`
