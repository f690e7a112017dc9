// The header of a message as it stood, byte for byte: what signatures are made over. Text is latin1, one character a byte.

export const messageLimits = {
  /** Bytes of a message: Gmail takes 25 MB, Microsoft at most 150; no transactional mail comes near. */
  bytes: 50 * 1024 * 1024,
  /** Bytes of one header field, and of all; fields of one header. Servers stop between 100 kB and 1 MB. */
  fieldBytes: 256 * 1024,
  headerBytes: 4 * 1024 * 1024,
  fields: 20_000,
} as const

/** One field. `raw` is the whole field with its folds and without the line end; `value` is unfolded and trimmed. */
export type HeaderField = { name: string; raw: string; value: string }

export type MessageParts = {
  fields: HeaderField[]
  /** Header and body with CRLF line ends, as they were transmitted. */
  bytes: Buffer
  body: Buffer
  /** False where the header goes on beyond what is read of it. */
  whole: boolean
  /** What was left out or put right while reading: in words. */
  notes: string[]
}

const fieldStart = /^([!-9;-~]+)[ \t]*:/

/** True for bytes that may be a message: the first line is a header field (an mbox `From ` line may stand before). */
export const looksLikeMessage = (raw: Buffer): boolean => {
  const head = raw
    .subarray(0, 4096)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  const first = head.replace(/^(?:From [^\n]*\n|\r?\n)+/, '')
  return fieldStart.test(first.split('\n', 1)[0] ?? '') && !/^[^\n]*\0/.test(first)
}

/** Bytes with every line end as CRLF: files on disk often have bare line feeds, and signatures are made over CRLF. */
export const withCrlf = (bytes: Buffer): Buffer => {
  let missing = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) if (bytes[at - 1] !== 13) missing++
  if (missing === 0) return bytes
  const out = Buffer.allocUnsafe(bytes.length + missing)
  let to = 0
  let from = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at - 1] === 13) continue
    to += bytes.copy(out, to, from, at)
    out[to++] = 13
    from = at
  }
  bytes.copy(out, to, from)
  return out
}

/** The end of the header: offset of the body. The whole is header where no empty line stands. */
const bodyStart = (bytes: Buffer): { header: number; body: number } => {
  if (bytes[0] === 13 && bytes[1] === 10) return { header: 0, body: 2 }
  const at = bytes.indexOf('\r\n\r\n')
  return at === -1 ? { header: bytes.length, body: bytes.length } : { header: at, body: at + 4 }
}

/** The message without what programs put around it: a byte order mark, the first line of a mailbox file, empty lines. */
const unwrapped = (raw: Buffer, notes: string[]): Buffer => {
  let bytes = raw
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    bytes = bytes.subarray(3)
    notes.push('the file begins with a byte order mark; it was left out')
  }
  if (bytes.subarray(0, 5).toString('latin1') === 'From ') {
    const end = bytes.indexOf(10)
    bytes = end === -1 ? bytes.subarray(bytes.length) : bytes.subarray(end + 1)
    // Mailbox files write lines that begin with "From " as ">From " (mboxrd): signatures are made over the lines themselves.
    if (/\n>+From /.test(bytes.toString('latin1')))
      bytes = Buffer.from(bytes.toString('latin1').replace(/\n>(>*From )/g, '\n$1'), 'latin1')
    notes.push('the first line is of a mailbox file (From …); it was left out')
  }
  while (bytes[0] === 10 || (bytes[0] === 13 && bytes[1] === 10)) bytes = bytes.subarray(bytes[0] === 10 ? 1 : 2)
  return bytes
}

const fieldOf = (lines: readonly string[]): HeaderField => {
  const raw = lines.join('\r\n')
  const name = (fieldStart.exec(raw) as RegExpExecArray)[1] as string
  return { name: name.toLowerCase(), raw, value: unfold(raw.slice(raw.indexOf(':') + 1)) }
}

type ReadFields = { fields: HeaderField[]; whole: boolean; stray: number; long: number }

/** Fields of header lines. `stray` lines are none; of `long` fields only the beginning is kept; not `whole` where there are too many. */
const readFields = (lines: readonly string[]): ReadFields => {
  const read: ReadFields = { fields: [], whole: true, stray: 0, long: 0 }
  let current: string[] = []
  let size = 0
  const close = (): void => {
    if (current.length) read.fields.push(fieldOf(current))
    current = []
  }
  for (const line of lines) {
    if (current.length && /^[ \t]/.test(line)) {
      size += line.length
      if (size <= messageLimits.fieldBytes) current.push(line)
      else read.long++
      continue
    }
    close()
    if (read.fields.length >= messageLimits.fields) {
      read.whole = false
      break
    }
    if (!fieldStart.test(line)) {
      if (line !== '') read.stray++
      continue
    }
    size = line.length
    if (size > messageLimits.fieldBytes) read.long++
    current = [line.slice(0, messageLimits.fieldBytes)]
  }
  close()
  return read
}

/** Splits a message into its header fields and its body. Never throws. */
export const splitMessage = (raw: Buffer): MessageParts => {
  const notes: string[] = []
  const bytes = withCrlf(unwrapped(raw, notes))
  const { header, body } = bodyStart(bytes)
  const { headerBytes, fieldBytes } = messageLimits
  const cut = header > headerBytes
  if (cut) notes.push(`the header is larger than ${headerBytes / 1024 / 1024} MB; the rest of it was not read`)
  const lines = bytes
    .subarray(0, cut ? headerBytes : header)
    .toString('latin1')
    .split('\r\n')
  const { fields, whole, stray, long } = readFields(lines)
  if (!whole) notes.push(`the header has more than ${messageLimits.fields} fields; the rest was not read`)
  if (long) notes.push(`a header field is larger than ${fieldBytes / 1024} kB; the rest of it was not read`)
  if (stray)
    notes.push(`${stray === 1 ? 'a line' : `${stray} lines`} of the header ${stray === 1 ? 'is' : 'are'} no field`)
  return { fields, bytes, body: bytes.subarray(body), whole: whole && !cut, notes }
}

/** A value on one line, its folds taken out (RFC 5322 §2.2.3), trimmed. */
export const unfold = (text: string): string => text.replace(/\r\n(?=[ \t])/g, '').trim()

/** All values of a field, from the top. */
export const fieldsNamed = (parts: Pick<MessageParts, 'fields'>, name: string): HeaderField[] =>
  parts.fields.filter(field => field.name === name)

/** The value of the first field of that name; null when there is none. */
export const fieldValue = (parts: Pick<MessageParts, 'fields'>, name: string): string | null =>
  fieldsNamed(parts, name)[0]?.value ?? null

/** Header text as a person reads it: bytes as UTF-8 where they are. */
export const headerText = (latin1: string): string => {
  if (/^[\x00-\x7f]*$/.test(latin1)) return latin1
  const text = Buffer.from(latin1, 'latin1').toString('utf8')
  return text.includes('�') ? latin1 : text
}

/**
 * The message of a file that wraps it: Apple Mail's .emlx (a line with the length, the message, a property list), or the first one of a
 * mailbox file. Other bytes are handed back as they are.
 */
export const singleMessage = (raw: Buffer): Buffer => {
  const start = raw.subarray(0, 200).toString('latin1')
  const counted = /^(\d{2,9})[ \t]*\r?\n(?=[!-9;-~]+:)/.exec(start)
  if (counted) {
    const message = raw.subarray(counted[0].length, counted[0].length + Number(counted[1]))
    return message.length === Number(counted[1]) ? message : raw.subarray(counted[0].length)
  }
  if (!/^From \S+ .*\d{4}/.test(start)) return raw
  for (let at = raw.indexOf('\n\nFrom '); at !== -1; at = raw.indexOf('\n\nFrom ', at + 1))
    if (/^From \S+ .*\d{4}\r?\n[!-9;-~]+:/.test(raw.subarray(at + 2, at + 400).toString('latin1')))
      return raw.subarray(0, at + 1)
  return raw
}
