// Writes what a stage leaves behind: facts file, baseline, documents, reports. Secrets are masked in all of it.
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { UsageError } from '../config/errors.ts'
import { readUserFile } from '../config/user-file.ts'
import { untoldAt } from '../core/assemble.ts'
import { shellWord } from '../core/clean.ts'
import type { SavedFact } from '../core/fact.ts'
import { wayWithin } from '../core/paths.ts'
import { type DeliverableInput, type Document, factOf } from '../deliverables/deliverable.ts'
import { paperFiles } from '../deliverables/handover/files.ts'
import { forPaper } from '../deliverables/handover/html.ts'
import { peoplesWords } from '../deliverables/handover/markdown.ts'
import { waterfalls } from '../deliverables/performance-notes.ts'
import type { ReportOptions } from '../report/options.ts'
import { ownerOnly } from '../report/shared/write-whole.ts'
import { printBaseline } from '../run/baseline.ts'
import { describeChecks } from '../run/describe.ts'
import { printFactsFile } from '../run/facts-file.ts'
import type { Mask } from '../run/mask.ts'
import type { RunResult } from '../run/request.ts'
import type { Call } from './call.ts'
import type { Handed, StageTask } from './commands/stage.ts'
import { issues } from './defect.ts'
import { writeReports, writeText } from './reports.ts'
import { gitRoot } from './settings.ts'
import type { SettledStage } from './stage-settings.ts'

export type StageWriting = { call: Call; task: StageTask; settled: SettledStage; result: RunResult; mask: Mask }

/** A document's path below --out; what would leave it is refused. */
const inside = (out: string, path: string): string => {
  const at = join(out, path)
  if (wayWithin(out, at) === null) throw new Error(`a document wanted to leave ${out}: ${path}`)
  return at
}

/** The cover of a handover, and the one that stands there. A document that is none of ours is not written over. */
const handoverInput = ({
  call: { io, out, action },
  settled,
}: StageWriting): Pick<DeliverableInput, 'cover' | 'former'> => {
  const { client, consultant } = settled.request.config.config.report ?? {}
  const path = join(out!, paperFiles.markdown)
  const at = resolve(io.cwd, path)
  const former = existsSync(at) ? readFileSync(at, 'utf8') : null
  if (former !== null && /^<{7}(?: |$)/m.test(former))
    throw new UsageError(`${path}: git left conflict marks in it; settle them first, nothing was written`)
  if (former !== null && peoplesWords(former) === null && !action.force)
    throw new UsageError(
      `${path}: was not written by launch-ready and is left as it is; --force writes over it, --out <dir> writes elsewhere`,
    )
  return { cover: { client, consultant, logo: settled.logo }, former }
}

/** The same as a PDF, where the machine has a browser. */
const printHandover = async (
  documents: Document[],
  out: string,
  { io, mask, size }: { io: Call['io']; mask: Mask; size: string },
): Promise<void> => {
  const page = documents.find(({ path }) => path === paperFiles.html)
  if (!page) return
  const { printPage } = await import('../report/pdf.ts')
  const made = await printPage(forPaper(mask.text(page.content), size), join(out, paperFiles.pdf), io)
  if (made === null) documents.push({ path: paperFiles.pdf, content: '' })
  else io.err(`${paperFiles.pdf} was not made: ${made}\n`)
}

/** Writes the documents of the stage, or of the task, below --out. */
const writeDocuments = async (writing: StageWriting): Promise<Document[]> => {
  const { call, task, result, mask } = writing
  const { out, io } = call
  if (out === undefined) return []
  const { whole, facts, target, startedAt } = result
  // The document of a handover tells of every stage.
  const report = whole ?? result.report
  const input = {
    report: mask.all(report),
    facts: mask.all(facts),
    target,
    now: startedAt,
    describe: describeChecks(),
    ...(task.stage === 'handover' ? handoverInput(writing) : {}),
  }
  const { documentsFor } = await import('./documents.ts')
  const documents = task.deliverable ? task.deliverable(input) : await documentsFor(task.stage, input)
  for (const { path, content, encoding } of documents)
    writeText(
      io,
      inside(out, path),
      encoding ? Buffer.from(content, encoding) : mask.text(content),
      encoding ? ownerOnly : undefined,
    )
  const size = writing.settled.request.config.config.report?.paper ?? 'A4'
  if (task.stage === 'handover') await printHandover(documents, out, { io, mask, size })
  return documents
}

/** What the DMARC reports say, where some were read. */
const mailReportsIn = (facts: readonly SavedFact[]): ReportOptions['mailReports'] => {
  const read = factOf(facts, 'dmarcReports')
  return read?.ok ? read.value.summary : undefined
}

/** What to do after messages were judged: send them again, and look at the domain they come from. */
const nextOf = ({ messages, domain }: Handed): string[] => [
  `launch-ready email message ${[...messages.keys()].map(name => (name === 'standard input' ? '-' : shellWord(name))).join(' ')}`,
  ...(domain ? [`launch-ready audit ${domain}`] : []),
]

/** What code scanning and annotations need: where config and judged folder lie in the repository, and the config's lines. */
const placesInRepository = ({
  call: { io },
  settled: { reports, request },
  result: { target },
}: StageWriting): Pick<ReportOptions, 'configFile' | 'configText' | 'repoFolder'> => {
  if (!reports.some(({ format }) => ['sarif', 'github', 'gitlab'].includes(format))) return {}
  const from = target.repo !== null && isAbsolute(target.repo) ? target.repo : io.cwd
  const root = gitRoot(from) ?? from
  const at = request.config.path === null ? null : resolve(io.cwd, request.config.path)
  return {
    ...(at === null ? {} : { configFile: wayWithin(root, at) ?? at, configText: readUserFile(at, io.cwd, 'config') }),
    repoFolder: wayWithin(root, from) ?? '',
  }
}

const reportOptionsOf = (writing: StageWriting): ReportOptions => {
  const { call, task, settled, result } = writing
  const { client, consultant, colors, closing, paper } = settled.request.config.config.report ?? {}
  return {
    width: call.io.columns ?? 80,
    full: call.stage.full,
    gate: settled.gate,
    untold: untoldAt(result.judged, settled.gate),
    verbose: call.look.verbose,
    quiet: call.look.quiet,
    former: settled.request.since,
    ...(task.next ? { next: task.next } : {}),
    ...(task.endsLater ? { endsLater: true } : {}),
    ...(task.handed ? { next: nextOf(task.handed) } : {}),
    describe: describeChecks(),
    handedMessages: result.target.messages,
    client,
    consultant,
    logo: settled.logo,
    colors,
    closing,
    paper,
    mailReports: mailReportsIn(result.facts),
    ...(settled.reports.some(({ format }) => format === 'html' || format === 'pdf')
      ? { waterfalls: waterfalls(result.facts) }
      : {}),
    ...placesInRepository(writing),
  }
}

/** The files beside the reports: for their owner alone, and after the reports, so that none of them is lost with one of these. */
const writeFiles = ({ call, result, mask }: StageWriting): (() => void)[] => {
  const { io, stage, version } = call
  const { report, facts, target } = result
  const { saveFacts, baseline, updateBaseline } = stage
  return [
    ...(updateBaseline ? [() => writeText(io, baseline!, mask.text(printBaseline(report)))] : []),
    ...(saveFacts === undefined
      ? []
      : [
          () => {
            const file = { startedAt: report.startedAt, target, facts: mask.facts(facts) }
            writeText(io, saveFacts, mask.text(printFactsFile(file, version)), ownerOnly)
          },
        ]),
  ]
}

/**
 * Writes everything that was asked for, reports first, and says on standard error what was written and what is a defect of ours. True
 * when all of it was written; what could not be is said there too.
 */
export const writeStage = async (writing: StageWriting): Promise<boolean> => {
  const { call, settled, result, mask } = writing
  const { io, look } = call
  const { reports } = settled
  const failed: string[] = []
  const attempt = async (write: () => void | Promise<void>): Promise<void> => {
    try {
      await write()
    } catch (error) {
      if ((error as Error).name !== 'UsageError') throw error
      failed.push((error as Error).message)
    }
  }
  const outside = { io, look, mask, write: (path: string, text: string) => writeText(io, path, text) }
  await attempt(() => writeReports(reports, result.report, reportOptionsOf(writing), outside))
  let documents: Document[] = []
  await attempt(async () => {
    documents = await writeDocuments(writing)
  })
  for (const write of writeFiles(writing)) await attempt(write)
  if (documents.length && !reports.some(item => item.file === null && item.format !== 'terminal'))
    io.err(`wrote ${documents.map(document => join(call.out!, document.path)).join(', ')}\n`)
  for (const defect of result.defects)
    io.err(`defect of launch-ready: ${mask.text(defect)}; please report it: ${issues}\n`)
  for (const fault of failed) io.err(`not written: ${mask.text(fault)}\n`)
  return failed.length === 0
}
