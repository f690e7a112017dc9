// launch-blockers.md: the ranked list, the fix plan and the failure signals, as a document for the owner.
import { markdown } from '../report/markdown.ts'
import type { ReportOptions } from '../report/options.ts'
import type { DeliverableInput, Document } from './deliverable.ts'

/** The audit's document; `options` adds names for the heading and what changed since a former report. */
export const launchBlockers = ({ report }: DeliverableInput, options: ReportOptions = {}): Document[] => [
  { path: 'launch-blockers.md', content: markdown(report, { ...options, quiet: false }) },
]
