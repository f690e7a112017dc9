// `email reports`: what DMARC, failure and TLS reports say together. Reads files and directories; sends nothing.
import { createReadStream, type Dirent, readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { createSummary, passRate, type Summary } from '../../formats/dmarc-summary.ts'
import { type FailureReport, readReports, type TlsReport } from '../../formats/report-input.ts'
import { cleanBlock } from '../../report/shared/escape.ts'
import { pad } from '../../report/shared/width.ts'
import { plural } from '../../report/shared/words.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { createFaults, settleConfig } from '../settings.ts'

/** Files of one directory tree that are read, and how deep it is gone through. */
const fileLimit = 20_000
const depthLimit = 8
/** Problems, TLS and failure reports that are kept one by one. */
const listLimit = 2_000

type Problem = { file: string; reason: string; used: boolean }
type Result = { summary: Summary; tls: TlsReport[]; failures: FailureReport[]; problems: Problem[]; files: number }

/** The files below a path in the order of their names; links are not followed. */
const filesBelow = (path: string, depth: number, problems: Problem[], files: string[]): void => {
  let entries: Dirent[]
  try {
    entries = readdirSync(path, { withFileTypes: true })
  } catch (error) {
    problems.push({ file: path, reason: (error as Error).message, used: false })
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const below = join(path, entry.name)
    if (entry.isDirectory()) {
      if (depth < depthLimit) filesBelow(below, depth + 1, problems, files)
      else problems.push({ file: below, reason: `lies more than ${depthLimit} directories deep`, used: false })
    } else if (entry.isFile()) {
      if (files.length < fileLimit) files.push(below)
      else {
        problems.push({ file: path, reason: `holds more than ${fileLimit} files; the rest is not read`, used: false })
        return
      }
    }
  }
}

const bar = (part: number, whole: number): string =>
  '█'.repeat(Math.max(part ? 1 : 0, Math.round((part / Math.max(1, whole)) * 30)))

const printed = ({ summary, tls, failures, problems, files }: Result): string => {
  const { verdict } = summary
  const most = Math.max(0, ...summary.days.map(day => day.messages))
  const named = summary.sources.slice(0, 50)
  const width = Math.max(10, ...named.map(source => source.name.length))
  const lines = [
    `${plural(files, 'file')}: ${plural(summary.reports, 'aggregate report')}${summary.duplicates ? ` (${summary.duplicates} more read twice)` : ''}, ${plural(tls.length, 'TLS report')}, ${plural(failures.length, 'failure report')}`,
  ]
  if (summary.reports)
    lines.push(
      `${summary.domains.join(', ')}: ${plural(summary.messages, 'message')}, ${passRate(summary)} pass`,
      '',
      'Who sends',
      ...named.map(
        source =>
          `  ${pad(source.name, width)}  ${String(source.messages).padStart(9)}  ${passRate(source).padStart(8)} pass  ${source.addresses.slice(0, 3).join(', ')}${source.addressCount > 3 ? ` and ${source.addressCount - 3} more` : ''}`,
      ),
      ...(summary.sources.length > named.length ? [`  and ${summary.sources.length - named.length} more`] : []),
      '',
      'Per day',
      ...summary.days
        .slice(-60)
        .map(
          day =>
            `  ${day.day}  ${String(day.messages).padStart(9)}  ${passRate(day).padStart(8)} pass  ${bar(day.messages, most)}`,
        ),
      '',
      verdict.ready ? 'Ready to enforce: the policy can be tightened.' : 'Not ready to enforce.',
      ...verdict.because.map(reason => `  ${reason}`),
    )
  for (const report of tls)
    lines.push(
      '',
      `TLS report of ${report.organization} for ${report.domains.join(', ')}: ${report.succeeded} sessions succeeded, ${report.failed} failed`,
      ...report.failures.slice(0, 10).map(failure => `  ${failure.type}  ${failure.count}`),
    )
  if (failures.length)
    lines.push(
      '',
      'Single failures',
      ...failures.slice(0, 50).map(item => `  ${item.domain}  from ${item.sourceIp}  ${item.failure}  ${item.arrival}`),
    )
  if (problems.length)
    lines.push(
      '',
      'Could not be read, or only in part',
      ...problems
        .slice(0, 200)
        .map(item => `  ${item.file}: ${item.reason}${item.used ? ' (what could be read was counted)' : ''}`),
    )
  return lines.join('\n')
}

/**
 * Exit code 0 when everything that passes could be enforced, 1 when mail would be lost or there is too little to tell by,
 * 3 when nothing could be read.
 */
export const run = async (
  operands: string[],
  options: RunOptions & { config?: string; json?: boolean },
  io: Io,
): Promise<number> => {
  const faults = createFaults()
  const [given = ''] = operands
  // The address itself is not repeated: it may hold a password.
  if (/^imaps?:/i.test(given))
    faults.add(
      'email reports reads files and directories; reading a mailbox is not built yet. Save its mails as .eml files.',
    )
  const path = resolve(io.cwd, given)
  const about = statSync(path, { throwIfNoEntry: false })
  if (!about && !/^imaps?:/i.test(given)) faults.add(`email reports: there is no file or directory "${given}".`)
  faults.throwIfAny()
  const { config } = await settleConfig(options, io)
  const senders = (config.email?.senders ?? []).map(({ name, dkim, ips }) => ({ name, dkim, ips }))
  const problems: Problem[] = []
  const files: string[] = []
  if (about?.isDirectory()) filesBelow(path, 0, problems, files)
  else files.push(path)
  const totals = createSummary()
  const tls: TlsReport[] = []
  const failures: FailureReport[] = []
  const seen = new Set<string>()
  for (const file of files) {
    if (io.signal.aborted) return exitCodes.interrupted
    const name = about?.isDirectory() ? relative(path, file) : given
    for (const item of await readReports(name, createReadStream(file, { highWaterMark: 256 * 1024 }), senders)) {
      if (item.kind === 'aggregate') {
        totals.add(item.meta, item.tally)
        if (item.faults.length) problems.push({ file: item.part, reason: item.faults.join('; '), used: true })
      } else if (item.kind === 'unreadable') problems.push({ file: item.part, reason: item.reason, used: false })
      else if (item.kind === 'tls') {
        const key = `${item.report.organization}\0${item.report.id}`
        if (!seen.has(key) && tls.length < listLimit) tls.push(item.report)
        seen.add(key)
      } else if (failures.length < listLimit) failures.push(item.report)
    }
  }
  const result: Result = { summary: totals.result(), tls, failures, problems, files: files.length }
  if (options.json) io.out(`${JSON.stringify({ schemaVersion: 1, ...result }, null, 2)}\n`)
  else io.out(`${cleanBlock(printed(result), 1_000_000)}\n`)
  if (!result.summary.reports && !tls.length && !failures.length) return exitCodes.couldNotTell
  return result.summary.reports && !result.summary.verdict.ready ? exitCodes.found : exitCodes.ok
}
