// The words of a zone file (RFC 1035 §5.1), entry by entry: comments left out, quotes and parentheses resolved.

/** What is wrong with a zone file. `line` and `column` count from 1. */
export type ZoneFileFault = { line: number; column: number; expected: string; found: string }

/** Thrown on the way through a file and caught by parseZone. */
export class ZoneFault extends Error {
  readonly fault: ZoneFileFault
  constructor(fault: ZoneFileFault) {
    super(fault.expected)
    this.fault = fault
  }
}

/** One word. `first`: it stands at the beginning of its line, so it is the owner. */
export type Token = { text: string; quoted: boolean; line: number; column: number; first: boolean }

/** The fault of a word that is not what was expected. */
export const faultAt = ({ line, column, text }: Token, expected: string): ZoneFault =>
  new ZoneFault({ line, column, expected, found: text })

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `3600`, `1h30m` → seconds; null when it is no lifetime. */
export const secondsOf = (text: string): number | null => {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  if (!/^(\d+[smhdw])+$/i.test(text)) return null
  return [...text.matchAll(/(\d+)([smhdw])/gi)].reduce(
    (sum, match) => sum + Number(match[1]) * units[match[2]!.toLowerCase()]!,
    0,
  )
}

export const isRecordType = (text: string): boolean =>
  /^(A|AAAA|NS|CNAME|SOA|MX|TXT|SPF|CAA|SRV|PTR|DNAME|HTTPS|SVCB|TLSA|DS|DNSKEY|CDS|CDNSKEY|NAPTR|SSHFP|LOC|URI|HINFO|SMIMEA|OPENPGPKEY|RRSIG|NSEC|NSEC3|NSEC3PARAM|TYPE\d+)$/i.test(
    text,
  )

/** `\"` and `\065` as the bytes that they stand for, in latin1. */
export const unescaped = (text: string): string =>
  text.replace(/\\(\d{3}|[\s\S])/g, (_, part: string) =>
    /^\d{3}$/.test(part) ? String.fromCharCode(Number(part) & 255) : part,
  )

/** The word that begins at `column` (from 0) of a line, quoted or not, and where it ends. Throws ZoneFault where it does not end. */
const wordAt = (line: string, column: number): { text: string; quoted: boolean; end: number } | string => {
  const quoted = line[column] === '"'
  const match = (quoted ? /^"((?:[^"\\]|\\.)*)"/ : /^(?:[^\s;()"\\]|\\.)+/).exec(line.slice(column))
  if (!match) return quoted ? 'a closing quotation mark on the same line' : 'a character after the backslash'
  return { text: quoted ? unescaped(match[1]!) : match[0], quoted, end: column + match[0].length }
}

/** Tokens of one line, added to those of its entry. Returns the depth of parentheses at its end, and where the last one opened. */
const readLine = (
  text: string,
  line: number,
  tokens: Token[],
  before: { depth: number; open: Token | null },
): { depth: number; open: Token | null } => {
  let { depth, open } = before
  let column = 0
  while (column < text.length && text[column] !== ';') {
    const character = text[column]!
    const place = { line, column: column + 1 }
    if (/[ \t]/.test(character)) column++
    else if (character === '(' || character === ')') {
      depth += character === '(' ? 1 : -1
      if (depth < 0) throw new ZoneFault({ ...place, expected: 'an opening parenthesis before this one', found: ')' })
      if (character === '(') open = { ...place, text: '(', quoted: false, first: false }
      column++
    } else {
      const word = wordAt(text, column)
      if (typeof word === 'string')
        throw new ZoneFault({ ...place, expected: word, found: text.slice(column, column + 20) })
      const previous = tokens.at(-1)
      // `alpn="h2,h3"`: one word, a part of it in quotes.
      if (word.quoted && previous && !previous.quoted && column > 0 && !/[\s()]/.test(text[column - 1]!))
        previous.text += word.text
      else
        tokens.push({
          ...place,
          text: word.text,
          quoted: word.quoted,
          first: !word.quoted && column === 0 && depth === 0,
        })
      column = word.end
    }
  }
  return { depth, open }
}

/** Tokens of each entry: a line, or several within parentheses. Throws ZoneFault. */
export function* entries(text: string): Generator<Token[]> {
  let tokens: Token[] = []
  let state: { depth: number; open: Token | null } = { depth: 0, open: null }
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  for (const [at, line] of lines.entries()) {
    state = readLine(line, at + 1, tokens, state)
    if (state.depth === 0 && tokens.length) {
      yield tokens
      tokens = []
    }
  }
  if (state.depth > 0 && state.open) {
    const { line, column } = state.open
    throw new ZoneFault({ line, column, expected: 'a closing parenthesis', found: 'the end of the file' })
  }
}
