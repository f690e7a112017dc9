// `email reports`: what DMARC, failure and TLS reports say together. Reads a file, a directory or a mailbox; sends nothing.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import {
  type ReadingAbout,
  type ReportsRead,
  readReportMailbox,
  readReportPath,
  reportsInbox,
} from '../../facts/email/report-reading.ts'
import { passRate } from '../../formats/dmarc/summary.ts'
import { cleanBlock } from '../../report/shared/escape.ts'
import { pad } from '../../report/shared/width.ts'
import { plural } from '../../report/shared/words.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { reportsFrom } from '../mail-reports.ts'
import type { RunOptions } from '../options.ts'
import { writeText } from '../reports.ts'
import { createScrub } from '../scrub.ts'
import { createFaults, settleConfig, settleNetwork } from '../settings.ts'

const bar = (part: number, whole: number): string =>
  '█'.repeat(Math.max(part ? 1 : 0, Math.round((part / Math.max(1, whole)) * 30)))

const printed = ({ summary, tls, failures, problems, files }: ReportsRead): string => {
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

type Request = { format: 'terminal' | 'json' | 'html'; file: string | null }

/** `--report terminal|json|html[:file]`; one may go to standard output. */
const requestsOf = (
  options: { report?: string[]; json?: boolean },
  faults: ReturnType<typeof createFaults>,
): Request[] => {
  const requests = [...(options.report ?? []), ...(options.json ? ['json'] : [])].flatMap((text): Request[] => {
    const [format = '', ...rest] = text.split(':')
    if (!['terminal', 'json', 'html'].includes(format) || (rest.length && rest.join(':') === '')) {
      faults.add(
        `--report ${text}: expected terminal, json or html, with a file behind a colon where it is to be written.`,
      )
      return []
    }
    return [{ format: format as Request['format'], file: rest.length ? rest.join(':') : null }]
  })
  if (requests.filter(item => item.file === null).length > 1)
    faults.add('only one report can go to standard output; give the others a file: --report html:<file>.')
  return requests.some(item => item.file === null) ? requests : [{ format: 'terminal', file: null }, ...requests]
}

/**
 * Exit code 0 when everything that passes could be enforced, 1 when mail would be lost or there is too little to tell by,
 * 3 when nothing could be read.
 */
export const run = async (
  operands: string[],
  given: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const options = given as RunOptions
  const faults = createFaults()
  const { config, path: configPath, secrets } = await settleConfig(options, io)
  const from = operands[0] ?? reportsFrom(config, configPath, io.cwd)
  const network = settleNetwork(options, io, version, faults)
  const requests = requestsOf(options, faults)
  const isMailbox = from !== undefined && /^imaps?:/i.test(from)
  const valid = isMailbox && URL.canParse(from) && new URL(from).hostname !== ''
  // The address itself is not repeated where it may hold a password.
  if (from === undefined)
    faults.add('email reports: name a file, a directory or imaps://host/folder, or email.reports in the config.')
  else if (isMailbox && !valid) faults.add('email reports: that is no mailbox; expected imaps://host/folder.')
  else if (operands[0] !== undefined && valid && (new URL(from).password !== '' || new URL(from).username !== ''))
    faults.add(
      'email reports: user and password never stand on the command line; write them into email.inboxes of the config, as ${NAME}.',
    )
  else if (!isMailbox && !existsSync(resolve(io.cwd, from)))
    faults.add(`email reports: there is no file or directory "${from}".`)
  faults.throwIfAny()
  const senders = (config.email?.senders ?? []).map(({ name, dkim, ips }) => ({ name, dkim, ips }))
  const about: ReadingAbout = { domain: null, senders, signal: io.signal }
  let read: Awaited<ReturnType<typeof readReportPath>>
  if (valid) {
    const access = reportsInbox(from!, config.email)
    if (!access)
      throw new UsageError(
        `email reports: no inbox of the config has the host ${new URL(from!).hostname}; add one to email.inboxes with user and password, or name it in email.reportsInbox.`,
      )
    const { createNetwork } = await import('../../net/create-network.ts')
    const net = createNetwork({ ...network, ownHosts: [new URL(from!).hostname] })
    try {
      read = await readReportMailbox(from!, access, about, net, null)
    } finally {
      await net.close()
    }
  } else read = await readReportPath(resolve(io.cwd, from!), operands[0] ?? from!, about)
  if (io.signal.aborted) return exitCodes.interrupted
  const scrub = createScrub(secrets)
  const { reportsDocument } = await import('../../report/dmarc-reports-html.ts')
  if (!read.ok) {
    io.err(`email reports: ${scrub(cleanBlock(read.message, 2_000))}.\n`)
    return exitCodes.couldNotTell
  }
  const result = read.value
  const print = (format: Request['format']): string =>
    scrub(
      format === 'json'
        ? `${JSON.stringify({ schemaVersion: 1, ...result }, null, 2)}\n`
        : format === 'html'
          ? reportsDocument(result, new Date(io.now()).toISOString())
          : `${cleanBlock(printed(result), 1_000_000)}\n`,
    )
  for (const { format, file } of requests) {
    if (file === null) io.out(print(format))
    else writeText(io, file, print(format))
  }
  const { summary, tls, failures } = result
  if (!summary.reports && !tls.length && !failures.length) return exitCodes.couldNotTell
  return summary.reports && !summary.verdict.ready ? exitCodes.found : exitCodes.ok
}
