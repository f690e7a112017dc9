// The parts of a message: its text, its HTML, and what comes with them. Decoding is postal-mime's; what it refuses is said.
import PostalMime from 'postal-mime'
import { type MailHtml, readMailHtml } from './message-html.ts'
import { type Placeholder, placeholdersIn, placeholdersInLink } from './message-placeholders.ts'

export type MessageContent = {
  subject: string
  /** Text of the text/plain parts; null without one. */
  text: string | null
  html: MailHtml | null
  /** Bytes of the HTML after decoding. */
  htmlBytes: number
  calendar: boolean
  parts: number
  placeholders: Placeholder[]
  /** Why the parts could not be read; null when they could. */
  problem: string | null
}

const limits = { maxNestingDepth: 120, maxHeadersSize: 4 * 1024 * 1024 }

/** Reads the parts. A message inside the message (a bounce, a forward) is not looked into. */
export const readContent = async (raw: Buffer): Promise<MessageContent> => {
  try {
    const mail = await PostalMime.parse(raw, { ...limits, forceRfc822Attachments: true })
    const html = mail.html === undefined ? null : readMailHtml(mail.html)
    const text = mail.text !== undefined && mail.text.trim() !== '' ? mail.text : null
    const code = html?.code ?? ''
    return {
      subject: mail.subject ?? '',
      text,
      html,
      htmlBytes: mail.html === undefined ? 0 : Buffer.byteLength(mail.html),
      calendar: mail.attachments.some(item => item.mimeType === 'text/calendar'),
      parts: mail.attachments.length + (text === null ? 0 : 1) + (html ? 1 : 0),
      placeholders: [
        ...placeholdersIn(mail.subject ?? '', 'subject'),
        ...placeholdersIn(html?.text ?? '', 'html'),
        ...placeholdersIn(text ?? '', 'text', code),
        ...(html?.anchors ?? []).flatMap(anchor => placeholdersInLink(anchor.href)),
      ]
        .filter(
          (item, at, all) => all.findIndex(other => other.found.toLowerCase() === item.found.toLowerCase()) === at,
        )
        .slice(0, 20),
      problem: null,
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message.slice(0, 200) : 'they cannot be read'
    return { subject: '', text: null, html: null, htmlBytes: 0, calendar: false, parts: 0, placeholders: [], problem }
  }
}
