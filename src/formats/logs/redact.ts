// Takes out of a log what does not belong there: each find becomes its kind in brackets, or with a pseudonym that stays the same.
import { createHmac } from 'node:crypto'
import type { Hit, ScanLogOptions } from './scan.ts'
import { createLogStream, type LogPiece, type LogStream } from './stream.ts'

export type RedactOptions = ScanLogOptions & {
  /** Key of the pseudonyms: equal values get equal ones, and nobody without the key can try values. */
  hashKey?: string
}

/** Text as people compare it: an address in capitals is the same address, a card with spaces the same card. */
const comparable = ({ kind }: Hit, text: string): string => {
  if (kind === 'email')
    return text
      .toLowerCase()
      .replace(/^mailto:/, '')
      .replace('%40', '@')
  if (kind === 'phone') return text.replace(/[^\d+]/g, '')
  return kind === 'card' || kind === 'iban' || kind === 'national-id' ? text.replace(/[^\dA-Za-z]/g, '') : text
}

const maskOf = (hit: Hit, text: string, hashKey: string | undefined): string => {
  if (hit.rest) return ''
  if (hashKey === undefined) return `[${hit.kind}]`
  return `[${hit.kind}:${createHmac('sha256', hashKey).update(comparable(hit, text), 'latin1').digest('hex').slice(0, 10)}]`
}

/** A bare number in JSON becomes a string, in the quotation marks that its surroundings use. */
const quoteFor = (text: string, { from, to }: Hit): string => {
  if (!/^[\d.+-]+$/.test(text.slice(from, Math.min(to, from + 40))) || !/^\s*(?:[,}\]]|$)/.test(text.slice(to, to + 4)))
    return ''
  return /(\\*")\s?:\s?$/.exec(text.slice(Math.max(0, from - 12), from))?.[1] ?? ''
}

/** Line ends inside what was taken out stay, so that the lines keep their numbers. */
const lineEnds = (text: string): string => (text.includes('\n') ? text.replace(/[^\n]/g, '') : '')

/** What stands in the place of a find. */
const insteadOf = (text: string, hit: Hit, hashKey: string | undefined): string => {
  const found = text.slice(hit.from, hit.to)
  const quote = quoteFor(text, hit)
  return `${quote}${maskOf(hit, found, hashKey)}${quote}${lineEnds(found)}`
}

/** The piece without what was found in it, in memory of its own. What was not changed is copied as the bytes that it is. */
const redactPiece = ({ text, bytes, from, to, hits }: LogPiece, hashKey?: string): Buffer => {
  const masks = hits.map(hit => insteadOf(text, hit, hashKey))
  let size = 0
  let at = from
  for (const [nth, hit] of hits.entries()) {
    size += Math.max(0, hit.from - at) + masks[nth]!.length
    at = Math.max(at, hit.to)
  }
  const out = Buffer.allocUnsafeSlow(size + Math.max(0, to - at))
  let end = 0
  at = from
  for (const [nth, hit] of hits.entries()) {
    if (hit.from > at) end += bytes.copy(out, end, at, hit.from)
    end += out.write(masks[nth]!, end, 'latin1')
    at = Math.max(at, hit.to)
  }
  if (to > at) bytes.copy(out, end, at, to)
  return out
}

/** A stream that hands redacted bytes to `write`, in order. */
export const createRedactor = (options: RedactOptions, write: (bytes: Buffer) => void): LogStream =>
  createLogStream(options, piece => write(redactPiece(piece, options.hashKey)))

/** Redacts one text. */
export const redactText = (text: string, options: RedactOptions = {}): string => {
  const parts: Buffer[] = []
  const stream = createRedactor(options, bytes => parts.push(bytes))
  stream.push(Buffer.from(text, 'utf8'))
  stream.end()
  return Buffer.concat(parts).toString('utf8')
}
