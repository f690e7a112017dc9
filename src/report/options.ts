// What a reporter is given beside the report: how wide, how loud, for whom, and what came before. All of it is optional.
import type { Gate } from '../core/assemble.ts'
import type { ChecklistPlace } from '../core/checklist.ts'
import type { Report } from '../core/report.ts'
import type { ActionName, Stage } from '../core/stage.ts'
import type { Summary } from '../formats/dmarc/summary.ts'

/** What a check says about itself, handed in by the caller because reporters do not know the registry. */
export type CheckDescription = {
  title: string
  why: string
  owner?: string
  references?: readonly string[]
  stage?: Stage
  /** Actions that run this check alone. */
  actions?: readonly ActionName[]
  /** The line of the deployment checklist that it ticks. */
  checklist?: ChecklistPlace
}

export type ReportOptions = {
  /** Columns of the terminal; kept between 40 and 120. 80 when absent. */
  width?: number
  /** ANSI colours, decided by the caller from NO_COLOR, FORCE_COLOR and the stream. Off when absent. */
  color?: boolean
  /** Every finding in full, with all evidence. */
  full?: boolean
  /** As `full`, with notes and all reasons. */
  verbose?: boolean
  /** What decides the exit code: what does not is no failure in JUnit. Everything from low up when absent. */
  gate?: Gate
  /** Checks that could not tell what might have decided it. */
  untold?: readonly string[]
  /** The verdict and the blockers, nothing else. */
  quiet?: boolean
  /** An earlier report of the same target: adds what changed "since last time". */
  former?: Report | null
  /** Commands to suggest at the end, instead of those that follow from the verdict. */
  next?: readonly string[]
  /** Verdict and next steps come after what the caller adds (`terminalEnd`). */
  endsLater?: boolean
  /** Check id → what it says about itself; names what passed in words, and fills the rules of SARIF. */
  describe?: Readonly<Record<string, CheckDescription>>
  /** Names of messages that were handed over: each is judged again from its file. */
  handedMessages?: readonly string[]
  /** Cover of the HTML document: for whom, by whom. */
  client?: string
  consultant?: string
  /** Logo for the cover as a `data:image/…;base64,` URI; anything else is refused. */
  logo?: string
  /** Colours of whoever hands the report over, as #rrggbb; what is none, or cannot be read, is not used. */
  colors?: { accent?: string | undefined; cover?: string | undefined } | undefined
  /** Closing words; an empty line begins a paragraph. */
  closing?: string | undefined
  /** Paper of the PDF; A4 when absent. */
  paper?: 'A4' | 'Letter' | undefined
  /** What the DMARC reports say, where the config leads to some: adds who sends, and a chart of the days, to the HTML document. */
  mailReports?: Summary
  /** How pages load, as pictures that the program itself drew: added to the HTML document. */
  waterfalls?: readonly { url: string; svg: string }[]
  /** Config file, relative to the repository's root: where SARIF and GitHub anchor findings that have no file. */
  configFile?: string
  /** Line of the config file, from 1, for all such findings; without it the line that names the subject is looked for. */
  configLine?: number
  /** What stands in the config file. Nothing of it is shown. */
  configText?: string
  /** Folder of what was judged, relative to the repository's root, where it is not the root itself. */
  repoFolder?: string
}

/** Pure: the same report and options give the same text. Ends with a newline unless empty. */
export type Reporter = (report: Report, options?: ReportOptions) => string
