// Reads DMARC, TLS and failure reports wherever they lie (a file, a directory, a mailbox) and adds them up. What cannot be read is named
// with its reason; the rest is used.
import { createReadStream, type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { type Fact, type Missing, missing, observed } from '../../core/fact.ts'
import { wayWithin } from '../../core/paths.ts'
import { limits } from '../../data/limits.ts'
import type { ComplaintReport, FailureReport } from '../../formats/dmarc/feedback.ts'
import { type FoundReport, readReports, type TlsReport } from '../../formats/dmarc/report-input.ts'
import { createSummary, type KnownSender, type Summary } from '../../formats/dmarc/summary.ts'
import { openImap } from '../../net/imap.ts'
import type { Network } from '../../net/network.ts'
import type { InboxConfig } from './mailbox.ts'
import { imapPlace, imapRequest, imapTarget } from './mailbox-imap.ts'

/** Files of one directory tree that are read, and how deep it is gone through; mails of one folder, the newest first. */
const fileLimit = 20_000
const depthLimit = 8
const mailLimit = 5_000
/** Problems, TLS and failure reports that are kept one by one. */
const listLimit = 2_000

export type ReportProblem = { file: string; reason: string; used: boolean }

export type ReportsRead = {
  summary: Summary
  tls: TlsReport[]
  failures: FailureReport[]
  /** Readers who called a mail spam, and the like: nothing that tells of authentication. */
  complaints: ComplaintReport[]
  problems: ReportProblem[]
  /** Files or mails that were looked into. */
  files: number
  /** The last instant that a report covers, ISO 8601; null without one. */
  newest: string | null
  /** Domains of reports that are about somebody else, and were not counted. */
  others: string[]
}

type Source = { name: string; chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> }

/** What may be wanted of reading: whose mail it is about, and who is known to send. */
export type ReadingAbout = { domain: string | null; senders: readonly KnownSender[]; signal: AbortSignal }

/** The files below a path in the order of their names; links are not followed. */
const filesBelow = (path: string, depth: number, problems: ReportProblem[], files: string[]): void => {
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

/** True where a report is about the domain, a name below it, or the organization above it. */
const isAbout = (reported: string, domain: string | null): boolean =>
  domain === null ||
  reported === '' ||
  reported === domain ||
  reported.endsWith(`.${domain}`) ||
  domain.endsWith(`.${reported}`)

const createReading = (about: ReadingAbout, problems: ReportProblem[]) => {
  const totals = createSummary()
  const tls: TlsReport[] = []
  const failures: FailureReport[] = []
  const complaints: ComplaintReport[] = []
  const seen = new Set<string>()
  const others = new Set<string>()
  let newest = 0
  let files = 0
  /** TLS reports once each, failures and complaints, up to the limit of a list. */
  const single = (item: Exclude<FoundReport, { kind: 'aggregate' | 'unreadable' }>): void => {
    if (item.kind === 'failure' && failures.length < listLimit) failures.push(item.report)
    if (item.kind === 'complaint' && complaints.length < listLimit) complaints.push(item.report)
    if (item.kind !== 'tls') return
    const key = `${item.report.organization}\0${item.report.id}`
    if (!seen.has(key) && tls.length < listLimit) tls.push(item.report)
    seen.add(key)
  }
  return {
    /** Takes one file or mail. True when it held a report. */
    async take({ name, chunks }: Source, silent = false): Promise<boolean> {
      files++
      let found = false
      for (const item of await readReports(name, chunks, about.senders)) {
        found ||= item.kind !== 'unreadable'
        if (item.kind === 'aggregate') {
          if (!isAbout(item.meta.domain, about.domain)) {
            if (others.size < 50) others.add(item.meta.domain)
            continue
          }
          totals.add(item.meta, item.tally)
          newest = Math.max(newest, item.meta.begin, item.meta.end)
          if (item.faults.length) problems.push({ file: item.part, reason: item.faults.join('; '), used: true })
        } else if (item.kind === 'unreadable') {
          const noReport = silent && item.reason.startsWith('a mail without a report')
          if (!noReport && problems.length < listLimit)
            problems.push({ file: item.part, reason: item.reason, used: false })
        } else single(item)
      }
      return found
    },
    result: (): ReportsRead => ({
      summary: totals.result(),
      tls,
      failures,
      complaints,
      problems,
      files,
      newest: newest ? new Date(newest * 1000).toISOString() : null,
      others: [...others].sort(),
    }),
  }
}

/** Reads a file or a directory. `shown` is how a single file is named. Missing: there is no such file. */
export const readReportPath = async (path: string, shown: string, about: ReadingAbout): Promise<Fact<ReportsRead>> => {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return missing('unsupported', `there is no file or directory ${shown}`)
  const problems: ReportProblem[] = []
  const files: string[] = []
  if (stat.isDirectory()) filesBelow(path, 0, problems, files)
  else files.push(path)
  const reading = createReading(about, problems)
  for (const file of files) {
    if (about.signal.aborted) return missing('internal', 'interrupted')
    const name = stat.isDirectory() ? (wayWithin(path, file) ?? file) : shown
    await reading.take({ name, chunks: createReadStream(file, { highWaterMark: 256 * 1024 }) })
  }
  return observed(reading.result(), '')
}

/** The inbox whose log-in reads a mailbox of reports: the one named, else that of the same host. */
export const reportsInbox = (
  url: string,
  email: { inboxes?: Record<string, InboxConfig> | undefined; reportsInbox?: string | undefined } | undefined,
): { name: string; inbox: InboxConfig } | null => {
  const inboxes = email?.inboxes ?? {}
  const { host, port, user } = imapTarget(url)
  const name =
    email?.reportsInbox ??
    Object.keys(inboxes).find(key => {
      const imap = inboxes[key]?.imap
      return imap !== undefined && imapTarget(imap).host === host && imapTarget(imap).port === port
    }) ??
    Object.keys(inboxes).find(key => {
      const imap = inboxes[key]?.imap
      return imap !== undefined && imapTarget(imap).host === host
    })
  const inbox = name === undefined ? undefined : inboxes[name]
  if (name !== undefined && inbox) return { name, inbox: { ...inbox, imap: url } }
  return user ? { name: 'reports', inbox: { imap: url } } : null
}

/** UIDs of a folder, newest first, no older than `since`. */
const uidsOf = async (client: ImapFlow, folder: string, since: Date | null): Promise<number[]> => {
  const opened = await client.mailboxOpen(folder, { readOnly: true })
  if (opened.exists === 0) return []
  const found = await client.search(since ? { since } : { all: true }, { uid: true })
  return (found || []).sort((a, b) => b - a)
}

/** Sizes of mails; asked for in parts, because servers bound the length of a command. */
const sizesOf = async (client: ImapFlow, uids: readonly number[]): Promise<Map<number, number>> => {
  const sizes = new Map<number, number>()
  for (let at = 0; at < uids.length; at += 500)
    for (const { uid, size } of await client.fetchAll(
      uids.slice(at, at + 500),
      { uid: true, size: true },
      { uid: true },
    ))
      sizes.set(uid, size ?? 0)
  return sizes
}

/** Mails that are fetched together: a few dozen, or a few megabytes; one that is too large stands alone. */
const batchesOf = (uids: readonly number[], sizes: ReadonlyMap<number, number>): number[][] => {
  const batches: number[][] = []
  let room = 0
  for (const uid of uids) {
    const size = sizes.get(uid)
    // It is gone meanwhile.
    if (size === undefined) continue
    const last = batches.at(-1)
    if (last && size <= room && last.length < 40) last.push(uid)
    else {
      batches.push([uid])
      room = 8 * 1024 * 1024
    }
    room -= size
  }
  return batches
}

/** Reads the reports of a mailbox, newest first, none older than `since`. Mails without a report are counted, not named. */
export const readReportMailbox = async (
  url: string,
  access: { name: string; inbox: InboxConfig },
  about: ReadingAbout,
  net: Network,
  since: Date | null,
): Promise<Fact<ReportsRead>> => {
  const request = imapRequest(access.name, access.inbox)
  if (!request.ok) return request
  const opened = await openImap(net, request.value)
  if (!opened.ok) return opened
  const session = opened.value
  const { folder } = request.value
  try {
    const uids = await session.run(client => uidsOf(client, folder, since), 4)
    if (!uids.ok)
      return uids.reason === 'unsupported'
        ? missing('unsupported', `the mailbox at ${session.where} has no folder "${folder}"`)
        : uids
    const problems: ReportProblem[] = []
    const reading = createReading(about, problems)
    const place = imapPlace(url)
    if (uids.value.length > mailLimit)
      problems.push({
        file: place,
        reason: `holds ${uids.value.length} mails; the newest ${mailLimit} were read`,
        used: true,
      })
    const newest = uids.value.slice(0, mailLimit)
    const sizes = await session.run(client => sizesOf(client, newest), 6)
    if (!sizes.ok) return sizes
    let without = 0
    for (const batch of batchesOf(newest, sizes.value)) {
      if (about.signal.aborted) return missing('internal', 'interrupted')
      const [first] = batch
      if (batch.length === 1 && (sizes.value.get(first!) ?? 0) > limits.mailBytes) {
        const reason = `the mail is larger than ${limits.mailBytes / 1024 / 1024} MB`
        problems.push({ file: `${place} mail ${first}`, reason, used: false })
        continue
      }
      const mails = await session.run(client => client.fetchAll(batch, { uid: true, source: true }, { uid: true }), 6)
      if (!mails.ok) return dropped(mails, reading.result())
      for (const { uid, source } of mails.value) {
        if (source && !(await reading.take({ name: `${place} mail ${uid}`, chunks: [source] }, true))) without++
      }
    }
    if (without)
      problems.push({ file: place, reason: `${without} mails hold no report that could be read`, used: true })
    return observed(reading.result(), '')
  } finally {
    await session.close()
  }
}

/** A line that dropped after much was read: what was read is used, and that it is not all is said. Nothing read: the reason. */
const dropped = (why: Missing, read: ReportsRead): Fact<ReportsRead> => {
  if (!read.summary.reports && !read.tls.length && !read.failures.length && !read.complaints.length) return why
  return observed(
    {
      ...read,
      problems: [
        ...read.problems,
        { file: 'the mailbox', reason: `${why.message}; the rest was not read`, used: true },
      ],
    },
    '',
  )
}
