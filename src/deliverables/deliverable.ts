// The shape of a deliverable: a pure function from facts and report to documents.
import type { Fact, SavedFact } from '../core/fact.ts'
import type { Report } from '../core/report.ts'
import type { Target } from '../core/target.ts'
import type { FactName, Facts } from '../facts/index.generated.ts'
import type { ReportOptions } from '../report/options.ts'

/** `path` is relative to --out. `content` is text, or with `encoding` the bytes of a picture in base64. */
export type Document = { path: string; content: string; encoding?: 'base64' }

export type DeliverableInput = {
  report: Report
  facts: readonly SavedFact[]
  target: Target
  /** The instant of the run in milliseconds since the epoch. */
  now: number
  /** Check id → what it says about itself. */
  describe?: ReportOptions['describe']
  /** Whom the documents are for and from. */
  cover?: Pick<ReportOptions, 'client' | 'consultant' | 'logo'>
  /** The handover that stands there, whose words of people stay. */
  former?: string | null
}

/** Documents of a stage. Everything from outside is escaped by the deliverable itself. */
export type Deliverable = (input: DeliverableInput) => Document[]

/** The fact of a subject (the first one of that fact when no subject is named); undefined when it was not collected. */
export const factOf = <N extends FactName>(
  facts: readonly SavedFact[],
  name: N,
  subject?: string,
): Fact<Facts[N]> | undefined =>
  facts.find(item => item.fact === name && (subject === undefined || item.on.name === subject))?.is as
    | Fact<Facts[N]>
    | undefined

/** All facts of a name, with their subjects, in the order of the subjects' names. */
export const factsOf = <N extends FactName>(
  facts: readonly SavedFact[],
  name: N,
): { subject: string; fact: Fact<Facts[N]> }[] =>
  facts.filter(item => item.fact === name).map(item => ({ subject: item.on.name, fact: item.is as Fact<Facts[N]> }))
