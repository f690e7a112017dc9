// What arrives in a mailbox for DMARC and TLS reports, told by its first bytes and never by its name: XML, gzip, zip, a mail
// around either, a mailbox of mails, JSON. Decompressed size is bounded while it runs, so that a bomb is refused before it goes off.
import { TextDecoder } from 'node:util'
import { Gunzip, Unzip, UnzipInflate } from 'fflate'
import PostalMime from 'postal-mime'
import { type ComplaintReport, type FailureReport, readFeedback } from './feedback.ts'
import { isMbox, mailsOf } from './mbox.ts'
import { aggregateReader, type ReportMeta } from './report.ts'
import { createTally, type KnownSender, type ReportTally } from './summary.ts'

export const reportLimits = {
  /** Bytes after decompression, of all that one file holds. */
  decompressed: 256 * 1024 * 1024,
  /** Bytes of a mail, of a file of mails with their number, and of a JSON report. */
  mail: 48 * 1024 * 1024,
  mbox: 256 * 1024 * 1024,
  mails: 20_000,
  json: 16 * 1024 * 1024,
  /** Parts of a zip or a mail that are looked into, and how deep they may lie inside each other. */
  parts: 200,
  depth: 4,
} as const

export type TlsReport = {
  organization: string
  id: string
  begin: string
  end: string
  domains: string[]
  succeeded: number
  failed: number
  /** Kinds of failure with their number, the most frequent first. */
  failures: { type: string; count: number }[]
}

/** One thing that was found in a file. `part` is its place inside: an attachment's or a zip entry's name. */
export type FoundReport =
  | { kind: 'aggregate'; part: string; meta: ReportMeta; records: number; tally: ReportTally; faults: string[] }
  | { kind: 'tls'; part: string; report: TlsReport }
  | { kind: 'failure'; part: string; report: FailureReport }
  | { kind: 'complaint'; part: string; report: ComplaintReport }
  | { kind: 'unreadable'; part: string; reason: string }

type Sink = { write(chunk: Uint8Array): void; close(): void | Promise<void> }
type Budget = { left: number; parts: number; senders: readonly KnownSender[]; found: FoundReport[] }

class Refused extends Error {}

const place = (part: string): string => part.replace(/[\x00-\x1f\x7f]/g, ' ').slice(-200)

const spend = (budget: Budget, bytes: number): void => {
  budget.left -= bytes
  if (budget.left < 0)
    throw new Refused(`it holds more than ${reportLimits.decompressed / 1024 / 1024} MB when decompressed`)
}

const collected = (limit: number, what: string, done: (all: Buffer) => void | Promise<void>): Sink => {
  const chunks: Uint8Array[] = []
  let size = 0
  return {
    write: chunk => {
      size += chunk.length
      if (size > limit) throw new Refused(`the ${what} is larger than ${limit / 1024 / 1024} MB`)
      chunks.push(chunk.slice())
    },
    close: () => done(Buffer.concat(chunks)),
  }
}

const decoderOf = (start: Uint8Array): TextDecoder => {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true })
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true })
  const label = /^[^>]{0,100}\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(
    Buffer.from(start.subarray(0, 200)).toString('latin1'),
  )
  try {
    return new TextDecoder(label?.[1] ?? 'utf-8', { fatal: true })
  } catch {
    return new TextDecoder('utf-8', { fatal: true })
  }
}

const xml = (part: string, budget: Budget): Sink => {
  const tally = createTally(budget.senders)
  const reader = aggregateReader(record => tally.add(record))
  let decoder: TextDecoder | null = null
  let spoilt = ''
  const decode = (chunk: Uint8Array, stream: boolean): string => {
    decoder ??= decoderOf(chunk)
    try {
      return decoder.decode(chunk, { stream })
    } catch {
      spoilt = `the text is not ${decoder.encoding}; what cannot be read of it is replaced`
      decoder = new TextDecoder(decoder.encoding)
      return decoder.decode(chunk, { stream })
    }
  }
  return {
    write: chunk => reader.write(decode(chunk, true)),
    close: () => {
      reader.write(decode(new Uint8Array(0), false))
      const { meta, records, faults, root } = reader.close()
      const all = [...(spoilt ? [spoilt] : []), ...faults]
      const isReport = root === 'feedback'
      if (isReport && records) budget.found.push({ kind: 'aggregate', part, meta, records, tally, faults: all })
      else
        budget.found.push({
          kind: 'unreadable',
          part,
          reason: [
            isReport ? 'a report without a single record' : `XML, but no report: its root is <${root ?? '?'}>`,
            ...all,
          ].join('; '),
        })
    },
  }
}

const gzip = (part: string, budget: Budget, depth: number): Sink => {
  const inner = sniffing(part, budget, depth + 1)
  const gunzip = new Gunzip(chunk => {
    spend(budget, chunk.length)
    inner.write(chunk)
  })
  let broken = ''
  const push = (chunk: Uint8Array, last: boolean): void => {
    if (broken) return
    try {
      gunzip.push(chunk, last)
    } catch (error) {
      if (error instanceof Refused) throw error
      broken = `the gzip data is broken: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return {
    // In small steps: one step may grow a thousandfold before it can be counted.
    write: chunk => {
      for (let at = 0; at < chunk.length; at += 4096) push(chunk.subarray(at, at + 4096), false)
    },
    close: async () => {
      push(new Uint8Array(0), true)
      await inner.close()
      if (broken) budget.found.push({ kind: 'unreadable', part, reason: broken })
    },
  }
}

const zip = (part: string, budget: Budget, depth: number): Sink => {
  const inner: Sink[] = []
  let fault = ''
  const unzip = new Unzip(file => {
    if (file.name.endsWith('/')) return
    if (--budget.parts < 0) throw new Refused(`it holds more than ${reportLimits.parts} parts`)
    const sink = sniffing(place(`${part}/${file.name}`), budget, depth + 1)
    inner.push(sink)
    file.ondata = (error, chunk) => {
      if (error) {
        fault = `the zip is broken: ${error.message}`
        return
      }
      spend(budget, chunk.length)
      sink.write(chunk)
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  const push = (chunk: Uint8Array, last: boolean): void => {
    if (fault) return
    try {
      unzip.push(chunk, last)
    } catch (error) {
      if (error instanceof Refused) throw error
      fault = `the zip is broken: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return {
    write: chunk => {
      for (let at = 0; at < chunk.length; at += 4096) push(chunk.subarray(at, at + 4096), false)
    },
    close: async () => {
      push(new Uint8Array(0), true)
      for (const sink of inner) await sink.close()
      if (fault || !inner.length)
        budget.found.push({ kind: 'unreadable', part, reason: fault || 'the zip holds no file' })
    },
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 10_000) : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 500) : '')
const numberOf = (value: unknown): number => (Number.isSafeInteger(Number(value)) ? Math.max(0, Number(value)) : 0)

/** A TLS report (RFC 8460 §4.4); null when the JSON is something else. */
const tlsReport = (json: unknown): TlsReport | null => {
  const report = record(json)
  if (!Array.isArray(report.policies)) return null
  const policies = listOf(report.policies).map(record)
  const failures = new Map<string, number>()
  for (const detail of policies.flatMap(item => listOf(item['failure-details']).map(record))) {
    const type = textOf(detail['result-type']) || 'not named'
    failures.set(type, (failures.get(type) ?? 0) + numberOf(detail['failed-session-count']))
  }
  const sum = (name: string): number => policies.reduce((all, item) => all + numberOf(record(item.summary)[name]), 0)
  const range = record(report['date-range'])
  return {
    organization: textOf(report['organization-name']),
    id: textOf(report['report-id']),
    begin: textOf(range['start-datetime']),
    end: textOf(range['end-datetime']),
    domains: [...new Set(policies.map(item => textOf(record(item.policy)['policy-domain'])))].filter(Boolean).sort(),
    succeeded: sum('total-successful-session-count'),
    failed: sum('total-failure-session-count'),
    failures: [...failures]
      .map(([type, count]) => ({ type, count }))
      .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1)),
  }
}

const json = (part: string, budget: Budget): Sink =>
  collected(reportLimits.json, 'JSON', all => {
    try {
      const report = tlsReport(JSON.parse(all.toString('utf8').replace(/^\ufeff/, '')))
      budget.found.push(
        report
          ? { kind: 'tls', part, report }
          : { kind: 'unreadable', part, reason: 'JSON, but no TLS report: it has no policies' },
      )
    } catch (error) {
      budget.found.push({
        kind: 'unreadable',
        part,
        reason: `the JSON is broken: ${(error as Error).message.slice(0, 200)}`,
      })
    }
  })

const looksLikeReport = (start: Uint8Array): boolean => !['mail', 'mbox', null].includes(kindOf(start))

const mail = (part: string, budget: Budget, depth: number): Sink =>
  collected(reportLimits.mail, 'mail', all => readMail(all, part, budget, depth))

/** Every mail of a mailbox file, each with its own number of parts; one that cannot be read hides no other. */
const mbox = (part: string, budget: Budget, depth: number): Sink =>
  collected(reportLimits.mbox, 'mailbox', async all => {
    let number = 0
    for (const bytes of mailsOf(all)) {
      const name = place(`${part} mail ${++number}`)
      const refuse = (reason: string): void => void budget.found.push({ kind: 'unreadable', part: name, reason })
      if (number > reportLimits.mails) return refuse(`only the first ${reportLimits.mails} mails are read`)
      budget.parts = reportLimits.parts
      if (bytes.length > reportLimits.mail) refuse(`the mail is larger than ${reportLimits.mail / 1024 / 1024} MB`)
      else
        await readMail(bytes, name, budget, depth).catch((error: unknown) => {
          if (error instanceof Refused && budget.left < 0) throw error
          refuse(error instanceof Error ? error.message.slice(0, 300) : String(error))
        })
    }
  })

const readMail = async (all: Buffer, part: string, budget: Budget, depth: number): Promise<void> => {
  const before = budget.found.length
  const message = await PostalMime.parse(all, { maxNestingDepth: 50, attachmentEncoding: 'arraybuffer' })
  for (const item of message.attachments) {
    const bytes = typeof item.content === 'string' ? Buffer.from(item.content) : new Uint8Array(item.content)
    const name = place(`${part}/${item.filename ?? item.mimeType}`)
    const text = item.mimeType === 'message/feedback-report' ? Buffer.from(bytes).toString('utf8') : null
    if (text !== null) budget.found.push({ part: name, ...readFeedback(text) })
    else if (looksLikeReport(bytes)) {
      if (--budget.parts < 0) throw new Refused(`it holds more than ${reportLimits.parts} parts`)
      const sink = sniffing(name, budget, depth + 1)
      sink.write(bytes)
      await sink.close()
    }
  }
  if (budget.found.length === before)
    budget.found.push({
      kind: 'unreadable',
      part,
      reason: 'a mail without a report: no attachment is XML, gzip, zip or JSON',
    })
}

type Kind = 'gzip' | 'zip' | 'xml' | 'json' | 'mail' | 'mbox'

const kindOf = (start: Uint8Array): Kind | null => {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start[0] === 0x50 && start[1] === 0x4b) return 'zip'
  const head = Buffer.from(start.subarray(0, 1000))
    .toString('latin1')
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replace(/\0/g, '')
    .trimStart()
  if (head.startsWith('<')) return 'xml'
  if (head.startsWith('{')) return 'json'
  if (isMbox(head)) return 'mbox'
  return /^[!-9;-~]{1,80}:[ \t]?[^\n]*\n/.test(head) ? 'mail' : null
}

const sinkOf = (kind: Kind, part: string, budget: Budget, depth: number): Sink =>
  kind === 'gzip'
    ? gzip(part, budget, depth)
    : kind === 'zip'
      ? zip(part, budget, depth)
      : kind === 'xml'
        ? xml(part, budget)
        : kind === 'json'
          ? json(part, budget)
          : kind === 'mbox'
            ? mbox(part, budget, depth)
            : mail(part, budget, depth)

/** Waits for enough bytes to tell what it is, then hands on. */
const sniffing = (part: string, budget: Budget, depth: number): Sink => {
  let start = new Uint8Array(0)
  let sink: Sink | null = null
  let refused = ''
  const settle = (): void => {
    if (depth > reportLimits.depth) throw new Refused(`archives lie more than ${reportLimits.depth} deep in each other`)
    const kind = kindOf(start)
    if (kind === null) refused = start.length ? 'neither XML, gzip, zip, JSON nor a mail' : 'it is empty'
    else {
      sink = sinkOf(kind, part, budget, depth)
      sink.write(start)
    }
  }
  return {
    write: chunk => {
      if (refused) return
      if (sink) return sink.write(chunk)
      start = Buffer.concat([start, chunk])
      if (start.length >= 1000) settle()
    },
    close: async () => {
      if (!sink && !refused) settle()
      if (refused) budget.found.push({ kind: 'unreadable', part, reason: refused })
      await sink?.close()
    },
  }
}

/** Everything that a file holds. What cannot be read is in the list with its reason; nothing is thrown for the content. */
export const readReports = async (
  name: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  senders: readonly KnownSender[] = [],
): Promise<FoundReport[]> => {
  const budget: Budget = { left: reportLimits.decompressed, parts: reportLimits.parts, senders, found: [] }
  const sink = sniffing(place(name), budget, 0)
  try {
    for await (const chunk of chunks) sink.write(chunk)
    await sink.close()
  } catch (error) {
    budget.found.push({
      kind: 'unreadable',
      part: place(name),
      reason: error instanceof Error ? error.message.slice(0, 300) : String(error),
    })
  }
  return budget.found
}
