// Mailbox files (RFC 4155): mails one behind the other, each behind a line "From …".

/** True for the start of such a file: a "From " line, then a header field. */
export const isMbox = (head: string): boolean => /^From [^\n]*\n[!-9;-~]{1,80}:/.test(head)

const newline = 0x0a
const header = /^[!-9;-~]{1,80}:/
/** `From <sender> <date>`: a month or an ISO date, then a time, which mail that tells of office hours has not. */
const dated =
  /^From \S.{0,200}?\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b|\d{4}-\d\d-\d\d).{0,30}?\d\d:\d\d/i
/** A sender alone, as some programs write it. */
const undated = /^From \S*\s*$/

/**
 * True where the line at `at` begins a mail: a header follows it, and a date stands in it; behind a blank line a sender alone will do.
 * A line of the text that was not quoted is neither.
 */
const begins = (bytes: Buffer, at: number): boolean => {
  const end = bytes.indexOf(newline, at)
  if (end < 0 || !header.test(bytes.toString('latin1', end + 1, end + 90))) return false
  const blank =
    bytes[at - 1] === newline && (bytes[at - 2] === newline || (bytes[at - 2] === 0x0d && bytes[at - 3] === newline))
  const line = bytes.toString('latin1', at, Math.min(end, at + 300))
  return dated.test(line) || (blank && undated.test(line))
}

/** Lines that were quoted (`>From `) as they were written. */
const unquoted = (mail: Buffer): Buffer =>
  mail.includes('\n>') ? Buffer.from(mail.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1') : mail

/** The mails of the file, in its order, without their "From " lines. */
export function* mailsOf(bytes: Buffer): Generator<Buffer> {
  let start = bytes.indexOf(newline) + 1
  let from = start
  for (;;) {
    const found = bytes.indexOf('\nFrom ', from)
    if (found < 0) break
    from = found + 1
    if (!begins(bytes, from)) continue
    yield unquoted(bytes.subarray(start, from))
    start = bytes.indexOf(newline, from) + 1
  }
  yield unquoted(bytes.subarray(start))
}
