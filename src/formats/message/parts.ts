// The MIME parts of a message (RFC 2045, RFC 2046): its text and its HTML decoded, the rest only counted. Attachments are never
// decoded, so that a mail costs what its words cost. Work and depth are bounded.

export type MessageParts = {
  /** Text of the inline text/plain and text/html parts; null without one. */
  text: string | null
  html: string | null
  /** Bytes of the HTML after decoding, also of what lies beyond the bound. */
  htmlBytes: number
  calendar: boolean
  /** Parts that hold something, attachments among them. */
  parts: number
  /** Why not everything was read; null when it was. */
  problem: string | null
}

const bounds = { depth: 60, parts: 2_000, headerBytes: 64 * 1024, decoded: 4 * 1024 * 1024 }

type Type = { type: string; parameters: Record<string, string> }

/** A structured value such as Content-Type: its first word in lower case, and its parameters. */
const structured = (value: string): Type => {
  const [, type = '', rest = ''] = /^\s*([^;\s]*)([\s\S]*)$/.exec(value) ?? []
  const parameters: Record<string, string> = {}
  for (const match of rest.matchAll(/;\s*([\w!#$&.+^-]+)\*?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g))
    parameters[(match[1] as string).toLowerCase()] ??= (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1')
  return { type: type.toLowerCase(), parameters }
}

const headerOf = (text: string): Map<string, string> => {
  const fields = new Map<string, string>()
  for (const line of text
    .replace(/\r\n(?=[ \t])/g, ' ')
    .split('\r\n')
    .slice(0, 200)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return fields
}

/** A body in its transfer encoding → bytes. What is no base64 is skipped, as mail programs do. */
const decodedBytes = (body: Buffer, encoding: string): Buffer => {
  if (/base64/i.test(encoding)) return Buffer.from(body.toString('latin1').replace(/[^A-Za-z0-9+/]+/g, ''), 'base64')
  if (!/quoted-printable/i.test(encoding)) return body
  const text = body.toString('latin1').replace(/=[ \t]*\r?\n/g, '')
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )
}

/** Bytes in a charset → text. A charset that nobody knows is read as UTF-8, or as Western text where it is none. */
export const decodedText = (bytes: Buffer, charset: string | undefined): string => {
  const label = charset?.trim().toLowerCase() || 'utf-8'
  // Mail that calls itself ASCII and is not is nearly always UTF-8.
  for (const [name, fatal] of [
    [/^(?:us-)?ascii$/.test(label) ? 'utf-8' : label, /^(?:utf-?8|(?:us-)?ascii)$/.test(label)],
    ['utf-8', true],
    ['windows-1252', false],
  ] as const)
    try {
      return new TextDecoder(name, { fatal }).decode(bytes)
    } catch {}
  return bytes.toString('latin1')
}

/** The bodies between the delimiters of a boundary, without the line end before each. */
const between = (body: Buffer, boundary: string, most: number): Buffer[] => {
  const found: Buffer[] = []
  const mark = Buffer.from(`--${boundary}`, 'latin1')
  let from = -1
  for (let at = body.indexOf(mark); at !== -1 && found.length < most; at = body.indexOf(mark, at + mark.length)) {
    if (at !== 0 && body[at - 1] !== 10) continue
    const after = at + mark.length
    const last = body[after] === 45 && body[after + 1] === 45
    let end = after + (last ? 2 : 0)
    while (body[end] === 32 || body[end] === 9) end++
    // Another boundary that begins with this one is another boundary.
    if (end < body.length && body[end] !== 13 && body[end] !== 10) continue
    if (from !== -1) found.push(body.subarray(from, Math.max(from, at - 2)))
    if (last) return found
    from = Math.min(body.length, end + 2)
  }
  if (from !== -1 && found.length < most) found.push(body.subarray(from))
  return found
}

/** Reads the parts of a message with CRLF line ends. A message inside the message (a bounce, a forward) is not looked into. */
export const readParts = (raw: Buffer): MessageParts => {
  const read: MessageParts = { text: null, html: null, htmlBytes: 0, calendar: false, parts: 0, problem: null }
  let left = bounds.parts
  let decoded = 0
  const take = (kind: 'text' | 'html', body: Buffer, encoding: string, charset: string | undefined): void => {
    const room = bounds.decoded - decoded
    if (body.length > room * 3) read.problem ??= `it has more than ${bounds.decoded / 1024 / 1024} MB of text`
    const bytes = decodedBytes(body.subarray(0, Math.max(0, room * 3)), encoding)
    decoded += bytes.length
    if (kind === 'html') read.htmlBytes += Math.max(bytes.length, body.length > room * 3 ? body.length : 0)
    const words = decodedText(bytes.subarray(0, Math.max(0, room)), charset).replace(/\r\n/g, '\n')
    if (kind === 'text' && words.trim() === '') return
    read[kind] = read[kind] === null ? words : `${read[kind]}\n${words}`
  }
  const visit = (part: Buffer, depth: number, digest: boolean): void => {
    if (depth > bounds.depth) {
      read.problem ??= `its parts lie more than ${bounds.depth} deep in each other`
      return
    }
    if (left-- <= 0) {
      read.problem ??= `it has more than ${bounds.parts} parts`
      return
    }
    const bare = part[0] === 13 && part[1] === 10
    const split = bare ? 0 : part.indexOf('\r\n\r\n')
    const header = headerOf(
      part.toString('latin1', 0, Math.min(split === -1 ? part.length : split, bounds.headerBytes)),
    )
    const body = bare ? part.subarray(2) : split === -1 ? part.subarray(part.length) : part.subarray(split + 4)
    const { type, parameters } = structured(header.get('content-type') ?? (digest ? 'message/rfc822' : 'text/plain'))
    const disposition = structured(header.get('content-disposition') ?? '')
    const encoding = header.get('content-transfer-encoding') ?? ''
    if (type.startsWith('multipart/') && parameters['boundary']) {
      for (const inner of between(body, parameters['boundary'], left + 1))
        visit(inner, depth + 1, type === 'multipart/digest')
      return
    }
    read.parts++
    if (type === 'text/calendar') read.calendar = true
    const attached =
      disposition.type === 'attachment' || (disposition.type === '' && parameters['name'] !== undefined && depth > 0)
    if (attached) return
    if (type === 'text/plain' || type === 'text' || type === '') take('text', body, encoding, parameters['charset'])
    else if (type === 'text/html') take('html', body, encoding, parameters['charset'])
  }
  visit(raw, 0, false)
  return read
}
