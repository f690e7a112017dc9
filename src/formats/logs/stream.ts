// A log as it flows: cut at the ends of lines, so that a field and its value stay together; a line longer than a window is cut where
// nothing is torn, so that memory stays bounded whatever arrives.
import { createLogScanner, type Hit, type ScanLogOptions } from './scan.ts'

/** Characters of one line that are looked at together, and how many of them are left for the next look. */
export const logWindow = { most: 1 << 20, margin: 64 << 10 }

/** Text `from`…`to` with what was found in it, in order; `bytes` hold the same as `text`. Their memory is used again. */
export type LogPiece = { text: string; bytes: Buffer; from: number; to: number; hits: readonly Hit[] }

export type LogStream = { push(chunk: Uint8Array): void; end(): void }

/** What of a secret is still to come: a private key up to its last line, a value up to its mark. */
type Open = { key: true } | { key: false; ends: RegExp }

const openEnd = (text: string, hit: Hit): Open => {
  const before = text[hit.from - 1] ?? ''
  const marks = before === '"' ? '"' : before === "'" ? "'" : '\\s"\'&,;<>`'
  return { key: false, ends: new RegExp(`[\\n${marks}]`) }
}

/** A line whose value stands below it: `password: |`, a name of a variable or of a part of a form, an element of PHP, a question of a mail server. */
const isOpenLine =
  /(?:[|>][+-]?\d?|UGFzc3dvcmQ6|\bname: ?["']?[\w.-]{1,60}["']?|\bname=["'][\w.:[\]-]{1,60}["']|["']?\]=>)\s{0,8}$/

/** Where the lines end that may be looked at without the next. */
const endOfLines = (bytes: Buffer): number => {
  const end = bytes.lastIndexOf(10) + 1
  const near = Math.max(0, end - 100)
  const open = end < 2 ? null : isOpenLine.exec(bytes.toString('latin1', near, end))
  return open ? bytes.lastIndexOf(10, near + open.index) + 1 : end
}

/** Hands over pieces of the log in order. */
export const createLogStream = (options: ScanLogOptions, take: (piece: LogPiece) => void): LogStream => {
  const scanner = createLogScanner(options)
  /** Bytes that wait for the rest of their line. */
  let waiting: Uint8Array[] = []
  let size = 0
  let open: Open | null = null

  /** Takes away what belongs to a secret that began before. Returns where the text goes on. */
  const closeOpen = (text: string, bytes: Buffer): number => {
    if (!open) return 0
    const end = open.key ? text.indexOf('-----END ') : text.search(open.ends)
    // The words of its end may be cut in two.
    const to = end === -1 ? Math.max(0, text.length - (open.key ? 16 : 0)) : end
    take({
      text,
      bytes,
      from: 0,
      to,
      hits: to > 0 ? [{ kind: open.key ? 'private-key' : 'token', from: 0, to, rest: true }] : [],
    })
    if (end !== -1) open = null
    return to
  }

  /** Looks at the bytes up to `stop`, and a little further where something is not to be torn. Returns how many are done. */
  const work = (bytes: Buffer, stop: number, isLine: boolean): number => {
    const text = bytes.toString('latin1')
    const from = closeOpen(text, bytes)
    if (open || (from >= stop && !isLine)) return from
    const { hits, at, key } = scanner.scan(text, bytes, Math.min(from, stop), stop)
    const to = Math.min(text.length, Math.max(at, stop))
    take({ text, bytes, from, to, hits })
    const last = hits.at(-1)
    if (key) open = { key: true }
    else if (!isLine && last && last.to >= text.length) open = openEnd(text, last)
    return to
  }

  const keep = (bytes: Uint8Array): void => {
    waiting = bytes.length ? [bytes] : []
    size = bytes.length
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const line = bytes.lastIndexOf(10) + 1
      // A copy where it has to wait: whoever hands over chunks may use their memory again.
      waiting.push(line > 0 ? bytes.subarray(0, line) : Buffer.from(bytes))
      size += line > 0 ? line : bytes.length
      if (line > 0) {
        const lines = waiting.length === 1 ? (waiting[0] as Buffer) : Buffer.concat(waiting)
        const end = endOfLines(lines)
        const left = lines.subarray(end === 0 ? 0 : work(lines.subarray(0, end), end, true))
        keep(Buffer.concat([left, bytes.subarray(line)]))
      }
      if (size > logWindow.most) {
        const all = Buffer.concat(waiting)
        keep(Buffer.from(all.subarray(work(all, all.length - logWindow.margin, false))))
      }
    },
    end() {
      const all = Buffer.concat(waiting)
      const bytes = all.length ? all.subarray(work(all, all.length, true)) : all
      const [text, to] = [bytes.toString('latin1'), bytes.length]
      if (to > 0)
        take({ text, bytes, from: 0, to, hits: open ? [{ kind: 'private-key', from: 0, to, rest: true }] : [] })
      keep(new Uint8Array())
    },
  }
}
