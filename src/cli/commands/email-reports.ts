// `email reports`: what DMARC, failure and TLS reports say together. Reads a file, a directory or a mailbox; sends nothing.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import type { LoadedConfig } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { cleanBlock } from '../../core/clean.ts'
import { isoNow } from '../../core/clock.ts'
import {
  type ReadingAbout,
  type ReportsRead,
  readReportMailbox,
  readReportPath,
  reportsInbox,
} from '../../facts/email/report-reading.ts'
import { passRate } from '../../formats/dmarc/summary.ts'
import { pad } from '../../report/shared/width.ts'
import { plural } from '../../report/shared/words.ts'
import { reportsFrom } from '../../run/mail-reports.ts'
import { createMask } from '../../run/mask.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { writeText } from '../reports.ts'
import { settleConfig } from '../settings.ts'

const bar = (part: number, whole: number): string =>
  '█'.repeat(Math.max(part ? 1 : 0, Math.round((part / Math.max(1, whole)) * 30)))

const headLine = ({ files, summary, tls, failures, complaints }: ReportsRead): string =>
  `${plural(files, 'file')}: ${plural(summary.reports, 'aggregate report')}${summary.duplicates ? ` (${summary.duplicates} more read twice)` : ''}, ${plural(tls.length, 'TLS report')}, ${plural(failures.length, 'failure report')}${complaints.length ? `, ${plural(complaints.length, 'complaint')}` : ''}`

/** Who sends, how much on which day, and whether the policy can be tightened. */
const aggregateLines = ({ summary }: ReportsRead): string[] => {
  if (!summary.reports) return []
  const { verdict, days } = summary
  const most = Math.max(0, ...days.map(day => day.messages))
  const named = summary.sources.slice(0, 50)
  const width = Math.max(10, ...named.map(source => source.name.length))
  return [
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
    ...days
      .slice(-60)
      .map(
        day =>
          `  ${day.day}  ${String(day.messages).padStart(9)}  ${passRate(day).padStart(8)} pass  ${bar(day.messages, most)}`,
      ),
    '',
    verdict.ready ? 'Ready to enforce: the policy can be tightened.' : 'Not ready to enforce.',
    ...verdict.because.map(reason => `  ${reason}`),
  ]
}

const tlsLines = ({ tls }: ReportsRead): string[] =>
  tls.flatMap(report => [
    '',
    `TLS report of ${report.organization} for ${report.domains.join(', ')}: ${report.succeeded} sessions succeeded, ${report.failed} failed`,
    ...report.failures.slice(0, 10).map(failure => `  ${failure.type}  ${failure.count}`),
  ])

/** A list under its head, where there is something in it. */
const titled = (title: string, lines: readonly string[]): string[] => (lines.length ? ['', title, ...lines] : [])

const printed = (read: ReportsRead): string =>
  [
    headLine(read),
    ...aggregateLines(read),
    ...tlsLines(read),
    ...titled(
      'Single failures',
      read.failures
        .slice(0, 50)
        .map(item => `  ${item.domain}  from ${item.sourceIp}  ${item.failure}  ${item.arrival}`),
    ),
    ...titled(
      'Complaints of readers and the like (they say nothing of authentication)',
      read.complaints
        .slice(0, 50)
        .map(item => `  ${item.domain}  from ${item.sourceIp}  ${item.type}  ${item.arrival}`),
    ),
    ...titled(
      'Could not be read, or only in part',
      read.problems
        .slice(0, 200)
        .map(item => `  ${item.file}: ${item.reason}${item.used ? ' (what could be read was counted)' : ''}`),
    ),
  ].join('\n')

type Request = { format: 'terminal' | 'json' | 'html'; file: string | null }

/** `--report terminal|json|html[:file]`; one may go to standard output. */
const requestsOf = ({ reports, json, faults }: Call): Request[] => {
  const requests = [...reports, ...(json ? ['json'] : [])].flatMap((text): Request[] => {
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

/** A mailbox by its URL, or a file or directory; `shown` is how it was named. */
type Place = { mailbox: URL } | { path: string; shown: string }

/** Where the reports are: the operand, or the config's. Faults are added where that is nowhere. */
const placeOf = ({ operands, io, faults }: Call, { config, path }: LoadedConfig): Place | null => {
  const from = operands[0] ?? reportsFrom(config, path, io.cwd)
  if (from === undefined) {
    faults.add('email reports: name a file, a directory or imaps://host/folder, or email.reports in the config.')
    return null
  }
  if (!/^imaps?:/i.test(from)) {
    if (!existsSync(resolve(io.cwd, from))) faults.add(`email reports: there is no file or directory "${from}".`)
    return { path: resolve(io.cwd, from), shown: from }
  }
  const mailbox = URL.canParse(from) ? new URL(from) : null
  // The address itself is not repeated where it may hold a password.
  if (!mailbox || mailbox.hostname === '') {
    faults.add('email reports: that is no mailbox; expected imaps://host/folder.')
    return null
  }
  if (operands[0] !== undefined && (mailbox.password !== '' || mailbox.username !== ''))
    faults.add(
      'email reports: user and password never stand on the command line; write them into email.inboxes of the config, as ${NAME}.',
    )
  return { mailbox }
}

const readFrom = async (place: Place, { io, network }: Call, config: Config): ReturnType<typeof readReportPath> => {
  const senders = (config.email?.senders ?? []).map(({ name, dkim, ips }) => ({ name, dkim, ips }))
  const about: ReadingAbout = { domain: null, senders, signal: io.signal }
  if ('path' in place) return readReportPath(place.path, place.shown, about)
  const { href, hostname } = place.mailbox
  const access = reportsInbox(href, config.email)
  if (!access)
    throw new UsageError(
      `email reports: no inbox of the config has the host ${hostname}; add one to email.inboxes with user and password, or name it in email.reportsInbox.`,
    )
  const { createNetwork } = await import('../../net/create-network.ts')
  const net = createNetwork({ ...network, clock: io.clock, signal: io.signal, ownHosts: [hostname] })
  return readReportMailbox(href, access, about, net, null).finally(() => net.close())
}

/**
 * Exit code 0 when everything that passes could be enforced, 1 when mail would be lost or there is too little to tell by,
 * 3 when nothing could be read.
 */
export const run = async (call: Call): Promise<number> => {
  const { io, faults } = call
  const loaded = await settleConfig(call.config, io)
  const requests = requestsOf(call)
  const place = placeOf(call, loaded)
  faults.throwIfAny()
  const read = await readFrom(place!, call, loaded.config)
  if (io.signal.aborted) return exitCodes.interrupted
  const mask = createMask(loaded.secrets)
  const { reportsDocument } = await import('../../report/dmarc-reports-html.ts')
  if (!read.ok) {
    io.err(`email reports: ${mask.text(cleanBlock(read.message, 2_000))}.\n`)
    return exitCodes.couldNotTell
  }
  const result = read.value
  const print = (format: Request['format']): string => {
    if (format === 'json') return mask.text(`${JSON.stringify({ schemaVersion: 1, ...result }, null, 2)}\n`)
    if (format === 'html') return mask.text(reportsDocument(result, isoNow(io.clock)))
    return mask.text(`${cleanBlock(printed(result), 1_000_000)}\n`)
  }
  for (const { format, file } of requests) {
    if (file === null) io.out(print(format))
    else writeText(io, file, print(format))
  }
  const { summary, tls, failures } = result
  if (!summary.reports && !tls.length && !failures.length) return exitCodes.couldNotTell
  return summary.reports && !summary.verdict.ready ? exitCodes.found : exitCodes.ok
}
