// Signs of a log that are written otherwise: `\u0077`, `\x22`, `%77`, `&quot;`.

const hex = (text: string, from: number, length: number): number => {
  const digits = text.slice(from, from + length)
  return /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1
}

/** What an escape at `at` stands for, and how long it is; null where none stands there. */
export const escapeAt = (text: string, at: number): { code: number; length: number } | null => {
  const first = text.charCodeAt(at)
  if (first === 37) {
    const code = hex(text, at + 1, 2)
    return code === -1 ? null : { code, length: 3 }
  }
  if (first !== 92) return null
  const second = text.charCodeAt(at + 1) | 32
  const length = second === 117 ? 4 : second === 120 ? 2 : 0
  const code = length ? hex(text, at + 2, length) : -1
  return code === -1 ? null : { code, length: 2 + length }
}

const isNamePart = (code: number): boolean =>
  code === 95 || code === 45 || code > 127 || (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122)

/** Whether an escape at `at` stands for a part of a name. */
export const isEscapedName = (text: string, at: number): boolean => {
  const written = escapeAt(text, at)
  return written !== null && isNamePart(written.code)
}

const longestName = 160

/** The name that begins at `from`, with its escapes read, one byte in each character; `to` is where it ends. */
export const nameWithEscapes = (text: string, from: number): { name: string; to: number } => {
  let name = ''
  let to = from
  while (to - from < longestName) {
    const written = escapeAt(text, to)
    const code = written?.code ?? text.charCodeAt(to)
    if (!isNamePart(code)) break
    // A percent sign codes bytes, the others characters.
    const isCharacter = written !== null && code > 127 && text.charCodeAt(to) === 92
    name += isCharacter ? Buffer.from(String.fromCharCode(code)).toString('latin1') : String.fromCharCode(code)
    to += written?.length ?? 1
  }
  return { name, to }
}

const writtenQuote = /^(?:\\(?:u00|x)(2[27])|&(?:quot|apos|#3[49]|#x2[27]);)/i

/** A quotation mark that is written as an escape or an entity. */
export const writtenQuoteAt = (text: string, at: number): string | null => {
  const first = text.charCodeAt(at)
  if (first !== 92 && first !== 38) return null
  return writtenQuote.exec(text.slice(at, at + 6))?.[0] ?? null
}
