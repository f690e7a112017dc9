// What is in a log, line by line, for a report: kinds, places, and masked samples. Never the values themselves.
import { createHash } from 'node:crypto'
import { classOfKind, type LogClass, type LogKind } from '../../data/log-names.ts'
import type { ScanLogOptions } from './scan.ts'
import { createLogStream, type LogStream } from './stream.ts'

/** One kind in one file: how often, on which lines first, and what the first looked like, masked. */
export type LogFind = { kind: LogKind; class: LogClass; count: number; lines: number[]; sample: string }

export type LogReading = { bytes: number; lines: number; finds: LogFind[] }

const keptLines = 5

/** First characters, length and a short hash; of what is short or personal nothing but the length. */
export const maskedSample = (kind: LogKind, value: string): string => {
  const isPersonal = classOfKind[kind] === 'personal-data' || classOfKind[kind] === 'payment-card'
  const head = isPersonal || value.length < 12 || kind === 'password' ? '…' : `${value.slice(0, 4)}…`
  const hash = createHash('sha256').update(value, 'latin1').digest('hex').slice(0, 8)
  return `${head} (${value.length} characters, sha256 ${isPersonal ? 'withheld' : hash})`
}

/** A reader of a log; `reading` is complete after `end`. */
export const createLogReader = (options: ScanLogOptions = {}): LogStream & { reading: LogReading } => {
  const reading: LogReading = { bytes: 0, lines: 0, finds: [] }
  const byKind = new Map<LogKind, LogFind>()
  let endsInLine = false
  const stream = createLogStream(options, ({ text, from, to, hits }) => {
    let at = from
    const countTo = (until: number): void => {
      for (let line = text.indexOf('\n', at); line !== -1 && line < until; line = text.indexOf('\n', line + 1))
        reading.lines++
      at = Math.max(at, until)
    }
    for (const hit of hits) {
      countTo(hit.from)
      if (hit.rest) continue
      const line = reading.lines + 1
      const known = byKind.get(hit.kind)
      if (known) {
        known.count++
        if (known.lines.length < keptLines && known.lines.at(-1) !== line) known.lines.push(line)
      } else {
        const sample = maskedSample(hit.kind, text.slice(hit.from, hit.to))
        byKind.set(hit.kind, { kind: hit.kind, class: classOfKind[hit.kind], count: 1, lines: [line], sample })
      }
    }
    countTo(to)
    if (to > from) endsInLine = text.charCodeAt(to - 1) !== 10
  })
  return {
    reading,
    push(chunk) {
      reading.bytes += chunk.byteLength
      stream.push(chunk)
    },
    end() {
      stream.end()
      if (endsInLine) reading.lines++
      reading.finds.push(...byKind.values())
    },
  }
}

/** Reads one text. */
export const findInLog = (text: string, options: ScanLogOptions = {}): LogReading => {
  const reader = createLogReader(options)
  reader.push(Buffer.from(text, 'utf8'))
  reader.end()
  return reader.reading
}
