// Bodies of HTTP answers: decoded within bounds, and turned into text.
import { isUtf8 } from 'node:buffer'
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { limits } from '../data/limits.ts'

/** Content codings that we ask for: what this Node decodes (zstd since 22.15). */
export const acceptEncoding =
  typeof zlib.createZstdDecompress === 'function' ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br'

/** How a coding is undone: piece by piece, and at once. */
type Coding = { create: () => Transform; atOnce: (input: Buffer, maxOutputLength: number) => Buffer }

type Options = zlib.ZlibOptions & zlib.BrotliOptions
const coding = <O extends Options>(
  create: (options: O) => Transform,
  atOnce: (input: Buffer, options: O & { maxOutputLength: number }) => Buffer,
  options: O,
): Coding => ({
  create: () => create(options),
  atOnce: (input, maxOutputLength) => atOnce(input, { ...options, maxOutputLength }),
})

const flushed = { finishFlush: zlib.constants.Z_SYNC_FLUSH }
const gzip = coding(zlib.createGunzip, zlib.gunzipSync, flushed)
const inflate = coding(zlib.createInflate, zlib.inflateSync, flushed)
const inflateRaw = coding(zlib.createInflateRaw, zlib.inflateRawSync, flushed)
const brotli = coding(zlib.createBrotliDecompress, zlib.brotliDecompressSync, {
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
})

const codingOf = (name: string, input: Buffer): Coding | null => {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return gzip
    case 'deflate':
      // RFC 9110 §8.4.1.2 means zlib; some servers send raw deflate, as browsers know.
      return ((input[0] ?? 0) & 0x0f) === 8 && ((input[0]! << 8) | (input[1] ?? 0)) % 31 === 0 ? inflate : inflateRaw
    case 'br':
      return brotli
    case 'zstd':
      return typeof zlib.createZstdDecompress === 'function'
        ? coding(zlib.createZstdDecompress, zlib.zstdDecompressSync, {})
        : null
    default:
      return null
  }
}

/** Decoded bytes up to a bound. `whole` is false when the bound was reached. */
export type Decoded = { bytes: Buffer; whole: boolean }

/** Bodies up to this size are undone at once: a stream costs several times as much as they do. */
const smallBody = 64 << 10

/** Undoes one coding of a small body; null where it holds more than `maxBytes`. */
const decodeSmall = ({ atOnce }: Coding, input: Buffer, maxBytes: number): Decoded | null => {
  try {
    return { bytes: atOnce(input, maxBytes), whole: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null
    throw error
  }
}

/** Undoes one coding and stops at `maxBytes` of output: a bomb never unfolds. Rejects on bytes that are not of this coding. */
const decodeOnce = async (coding: Coding, input: Buffer, maxBytes: number): Promise<Decoded> =>
  (input.length <= smallBody ? decodeSmall(coding, input, maxBytes) : null) ??
  decodePieces(coding.create(), input, maxBytes)

const decodePieces = (decoder: Transform, input: Buffer, maxBytes: number): Promise<Decoded> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    decoder.on('data', (chunk: Buffer) => {
      const room = maxBytes - length
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
      length += Math.min(chunk.length, room)
      if (chunk.length > room) {
        decoder.destroy()
        resolve({ bytes: Buffer.concat(chunks), whole: false })
      }
    })
    decoder.on('end', () => resolve({ bytes: Buffer.concat(chunks), whole: true }))
    decoder.on('error', reject)
    decoder.end(input)
  })

/**
 * Undoes a Content-Encoding header. Codings that we do not know are left as they are. Rejects when the bytes are not what
 * the header says; a body that was cut gives what could be decoded.
 */
export const decodeBody = async (
  encoded: Buffer,
  contentEncoding: string,
  maxBytes: number,
  cut: boolean,
): Promise<Decoded> => {
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map(each => each.trim())
    .filter(each => each && each !== 'identity')
  if (names.length > limits.contentEncodings) throw new Error(`more than ${limits.contentEncodings} content codings`)
  let decoded: Decoded = { bytes: encoded, whole: true }
  for (const name of names.reverse()) {
    if (decoded.bytes.length === 0) break
    const known = codingOf(name, decoded.bytes)
    if (!known) return decoded
    const before = decoded
    decoded = await decodeOnce(known, before.bytes, maxBytes).catch(error => {
      if (cut || !before.whole) return { bytes: Buffer.alloc(0), whole: false }
      throw error
    })
    decoded.whole &&= before.whole
  }
  return decoded
}

const textual =
  /^(?:text\/|application\/(?:.*\+)?(?:json|xml|javascript|ecmascript|yaml|x-www-form-urlencoded|manifest|x-javascript|ld\+json|graphql)|image\/svg\+xml)/i

/** What a byte order mark says, which outweighs every other word (Encoding Standard §6). */
const markedCharset = (bytes: Buffer): string | null => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null
}

/** What a page says of itself in its first kilobyte (HTML Standard §13.2.3.2); a page that can be read so is not in UTF-16. */
const writtenCharset = (bytes: Buffer): string | null => {
  const start = bytes.subarray(0, 1024).toString('latin1')
  const written = /<meta[^>]{0,200}?\bcharset\s{0,9}=\s{0,9}(?:["']\s{0,9})?([\w.:-]{2,40})/i.exec(start)?.[1] ?? null
  return written && /^utf-?16/i.test(written) ? 'utf-8' : written
}

/** Whether bytes are UTF-8; the last character may be cut. */
const isUtf8Start = (bytes: Buffer): boolean =>
  [0, 1, 2, 3].some(cut => cut <= bytes.length && isUtf8(bytes.subarray(0, bytes.length - cut)))

/**
 * A body as text, as browsers read it: by its byte order mark, the charset of the header, what a page says of itself, else UTF-8 where
 * it is, and Windows-1252. Binary types, and bytes without a type that are no text, as latin1.
 */
export const bodyText = (bytes: Buffer, contentType: string | null): string => {
  const type = contentType?.trim() ?? ''
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1]
  const isMarkup =
    /^text\/html|^application\/xhtml\+xml/i.test(type) ||
    (type === '' && /^\s*</.test(bytes.toString('latin1', 0, 200)))
  if (!charset && !textual.test(type) && !isMarkup)
    return type === '' && isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1')
  const legacy = /^text\//i.test(type) || isMarkup ? 'windows-1252' : 'utf-8'
  const guessed = isUtf8Start(bytes) ? 'utf-8' : legacy
  const told = markedCharset(bytes) ?? charset ?? (isMarkup ? writtenCharset(bytes) : null)
  try {
    return new TextDecoder(told ?? guessed).decode(bytes)
  } catch {
    return new TextDecoder(guessed).decode(bytes)
  }
}
