// The JSON report: schema version 1, in the order of the contract whatever the order in which the report was made.
import type { Report } from '../core/report.ts'
import type { Reporter } from './options.ts'

const order: readonly (keyof Report)[] = [
  'schemaVersion',
  'tool',
  'target',
  'startedAt',
  'durationMs',
  'verdict',
  'summary',
  'failureSignals',
  'findings',
  'checks',
  'assumptions',
  'looked',
  'causes',
  'interrupted',
  'notes',
]

/** For `JSON.stringify`: what is no Unicode is replaced, so that every parser reads it. */
export const wellFormed = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value

/** The report as it is, two spaces deep. Nothing is shortened. */
export const json: Reporter = report => {
  const ordered = Object.fromEntries(order.filter(key => key in report).map(key => [key, report[key]]))
  return `${JSON.stringify(ordered, wellFormed, 2)}\n`
}
