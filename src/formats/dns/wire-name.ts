// Domain names in DNS messages (RFC 1035 §3.1, §4.1.4): any legal label, compression without loops.
// Labels may hold dots, NUL and bytes that are no UTF-8, which must come out as they went in.
import { limits } from '../../data/limits.ts'

/** A message that breaks the format; `tooLarge` when it only breaks our bounds. */
export class WireError extends Error {
  readonly tooLarge: boolean
  constructor(message: string, tooLarge = false) {
    super(message)
    this.tooLarge = tooLarge
  }
}

/** One label in escape form: dots and backslashes escaped, everything that is not printable ASCII as `\DDD` (RFC 1035 §5.1). */
const escapeLabel = (label: Uint8Array): string => {
  let text = ''
  for (const byte of label) {
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
    if (lower === 0x2e || lower === 0x5c) text += `\\${String.fromCharCode(lower)}`
    else if (lower > 0x20 && lower < 0x7f) text += String.fromCharCode(lower)
    else text += `\\${String(lower).padStart(3, '0')}`
  }
  return text
}

/** Labels of a name in escape form, as bytes in lower case; a trailing dot is allowed. Throws WireError on what is no name. */
export const parseName = (name: string): Uint8Array[] => {
  if (name === '' || name === '.') return []
  const bytes = Buffer.from(name, 'utf8')
  const labels: Uint8Array[] = []
  let label: number[] = []
  const push = () => {
    if (label.length === 0) throw new WireError(`"${name}" has an empty label`)
    if (label.length > 63) throw new WireError(`"${name}" has a label of more than 63 bytes`)
    labels.push(Uint8Array.from(label))
    label = []
  }
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte === 0x5c) {
      const digits = /^\d{3}/.exec(bytes.toString('latin1', at + 1, at + 4))?.[0]
      if (digits) {
        if (Number(digits) > 255) throw new WireError(`"${name}" has an escape beyond \\255`)
        label.push(Number(digits))
        at += 4
      } else {
        const next = bytes[at + 1]
        if (next === undefined) throw new WireError(`"${name}" ends in a backslash`)
        label.push(next)
        at += 2
      }
    } else if (byte === 0x2e) {
      push()
      at += 1
    } else {
      label.push(byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)
      at += 1
    }
  }
  if (label.length) push()
  if (labels.reduce((sum, each) => sum + each.length + 1, 1) > 255)
    throw new WireError(`"${name}" is longer than 255 bytes`)
  return labels
}

/** A name in wire form, without compression. Throws WireError on what is no name. */
export const encodeName = (name: string): Buffer => {
  const parts: Uint8Array[] = []
  for (const label of parseName(name)) parts.push(Uint8Array.of(label.length), label)
  return Buffer.concat([...parts, Uint8Array.of(0)])
}

/** Lower case, no trailing dot, escapes in one form: two spellings of a name become one. Throws WireError on what is no name. */
export const canonicalName = (name: string): string => parseName(name).map(escapeLabel).join('.')

/** Reads a name at `at`; `next` is where it ends there. Pointers may only lead backwards, so a loop cannot be followed. Throws WireError. */
export const decodeName = (message: Buffer, at: number): { name: string; next: number } => {
  const labels: string[] = []
  let length = 1
  let next: number | null = null
  let pointers = 0
  let lowest = at
  let position = at
  for (;;) {
    const head = message[position]
    if (head === undefined) throw new WireError('a name runs past the end of the message')
    if ((head & 0xc0) === 0xc0) {
      const low = message[position + 1]
      if (low === undefined) throw new WireError('a name runs past the end of the message')
      const target = ((head & 0x3f) << 8) | low
      pointers += 1
      if (target >= lowest || pointers > limits.compressionPointers)
        throw new WireError('a name is compressed in a loop')
      next ??= position + 2
      lowest = target
      position = target
    } else if (head & 0xc0) throw new WireError('a label of an unknown kind')
    else if (head === 0) return { name: labels.join('.'), next: next ?? position + 1 }
    else {
      if (position + 1 + head > message.length) throw new WireError('a label runs past the end of the message')
      length += head + 1
      if (length > 255) throw new WireError('a name is longer than 255 bytes')
      labels.push(escapeLabel(message.subarray(position + 1, position + 1 + head)))
      position += head + 1
    }
  }
}
