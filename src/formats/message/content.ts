// What a message says: its subject, its text, its HTML, and what a template left in them.
import { decodeWords } from 'postal-mime'
import { fieldValue, headerText, type MessageParts as SplitMessage } from './headers.ts'
import { type MailHtml, readMailHtml } from './html.ts'
import { readParts } from './parts.ts'
import { type Placeholder, placeholdersIn, placeholdersInLink } from './placeholders.ts'

export type MessageContent = {
  /** Text of the text/plain parts; null without one. */
  text: string | null
  html: MailHtml | null
  /** Bytes of the HTML after decoding. */
  htmlBytes: number
  calendar: boolean
  parts: number
  placeholders: Placeholder[]
  /** Why not everything was read; null when it was. */
  problem: string | null
}

/** Reads the content of a message. */
export const readContent = (message: SplitMessage): MessageContent => {
  const { text, html, htmlBytes, calendar, parts, problem } = readParts(message.bytes)
  const read = html === null ? null : readMailHtml(html)
  const subject = decodeWords(headerText((fieldValue(message, 'subject') ?? '').slice(0, 2_000)))
  const placeholders = [
    ...placeholdersIn(subject, 'subject'),
    ...placeholdersIn(read?.text ?? '', 'html'),
    ...placeholdersIn(text ?? '', 'text', read?.code ?? ''),
    ...(read?.anchors ?? []).flatMap(anchor => placeholdersInLink(anchor.href)),
  ]
  const first = (item: Placeholder, at: number): boolean =>
    placeholders.findIndex(other => other.found.toLowerCase() === item.found.toLowerCase()) === at
  return {
    text,
    html: read,
    htmlBytes,
    calendar,
    parts,
    placeholders: placeholders.filter(first).slice(0, 20),
    problem,
  }
}
