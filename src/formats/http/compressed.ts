// Which answers are worth compressing, and in which coding they came.
import { type Headers, headerValue } from './headers.ts'

type Sent = { url: string; headers: Headers; encodedBytes: number; decodedBytes: number }

/** Below this a packet carries it either way: servers leave such answers alone. */
const leastBytes = 1400

const textual =
  /^\s*(?:text\/|image\/svg|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|ecmascript|wasm|manifest|x-javascript)|font\/(?:ttf|otf)|application\/vnd\.ms-fontobject)/i

/** Text of a size that compression helps. */
export const isCompressible = ({ headers, decodedBytes }: Sent): boolean =>
  decodedBytes >= leastBytes && textual.test(headerValue({ headers }, 'content-type') ?? '')

export type Coding = 'none' | 'old' | 'new'

/** `old`: gzip or deflate; `new`: Brotli, Zstandard. */
export const codingOf = ({ headers }: { headers: Headers }): Coding => {
  const coding = headerValue({ headers }, 'content-encoding') ?? ''
  if (/\b(?:br|zstd|dcb|dcz)\b/i.test(coding)) return 'new'
  return /\b(?:gzip|deflate|x-gzip)\b/i.test(coding) ? 'old' : 'none'
}

/** 1234567 → `1.2 MB`, 20000 → `20 kB`. */
export const bytesInWords = (bytes: number): string =>
  bytes >= 1_000_000
    ? `${(bytes / 1_000_000).toFixed(1)} MB`
    : bytes >= 1000
      ? `${Math.round(bytes / 1000)} kB`
      : `${bytes} bytes`
