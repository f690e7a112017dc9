// Reads files of a repository and nothing else: never through a link that leads out, never more than a bound, never a device or a pipe.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { wayWithin } from '../../core/paths.ts'
import { mayRead } from './held.ts'

/** Bytes of one file that are read unless the caller says otherwise. */
export const defaultMaxBytes = 2 << 20

/** Why a file was not read. `too-large`, where the caller wants whole files alone. */
export type NotRead = 'missing' | 'outside' | 'not-a-file' | 'binary' | 'too-large' | 'unreadable'

export type ReadText = { ok: true; text: string; bytes: number; truncated: boolean } | { ok: false; why: NotRead }

export type ReadOptions = {
  maxBytes?: number
  /** Refuse files above `maxBytes` instead of cutting them. */
  whole?: boolean
  /** Give binary content too, as latin1. */
  binary?: boolean
}

export type RepoReader = {
  /** Text of a file by its path relative to the root, with `/`. UTF-8 (a byte order mark is dropped), UTF-16 by its mark, else latin1. */
  text(path: string, options?: ReadOptions): ReadText
  /** Text, or null whatever the reason. */
  maybe(path: string, options?: ReadOptions): string | null
  /** Bytes as they are; null when not readable within the rules. */
  bytes(path: string, maxBytes?: number): Buffer | null
}

/** A NUL in the first 8,000 bytes, as git itself decides. */
export const looksBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8000).includes(0)

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Text of bytes; `cut` says that they may end within a character. Null for binary content. */
export const decodeText = (bytes: Buffer, cut = false): string | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (looksBinary(bytes)) return null
  if (cut)
    return bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .replace(/(?<!\ufffd)\ufffd+$/, '')
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

type Opened = { file: number; size: number }

/** Which folders lie inside the root, each asked once: a file costs one open, not a walk. */
const folderReader = (root: string): ((path: string) => string | null) => {
  const folders = new Map<string, string | null>()
  return path => {
    const known = folders.get(path)
    if (known !== undefined) return known
    let real: string | null = null
    try {
      const found = realpathSync.native(path)
      if (wayWithin(root, found) !== null) real = found
    } catch {}
    folders.set(path, real)
    return real
  }
}

/** Opens an ordinary file inside the root; a link may lead to another place inside. */
const openInside = (root: string, path: string, realFolder: (path: string) => string | null): Opened | NotRead => {
  if (path === '' || path.includes('\0') || isAbsolute(path)) return 'outside'
  const full = join(root, path)
  if (wayWithin(root, full) === null) return 'outside'
  const folder = realFolder(dirname(full))
  try {
    const state = lstatSync(full)
    if (folder === null) return 'outside'
    let target = full
    if (state.isSymbolicLink()) {
      target = realpathSync.native(full)
      if (wayWithin(root, target) === null) return 'outside'
    }
    // Non-blocking, so that a pipe or a device put where a file was cannot hold us; no link at the last step.
    const file = openSync(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
    const opened = fstatSync(file)
    if (opened.isFile()) return { file, size: opened.size }
    closeSync(file)
    return 'not-a-file'
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable'
  }
}

/** The first bytes of an opened file, which is closed. */
const takeBytes = ({ file, size }: Opened, maxBytes: number): { bytes: Buffer; size: number } | NotRead => {
  try {
    const wanted = Math.min(size, maxBytes)
    const bytes = Buffer.allocUnsafe(wanted)
    let at = 0
    while (at < wanted) {
      const got = readSync(file, bytes, at, wanted - at, at)
      if (got === 0) break
      at += got
    }
    return { bytes: bytes.subarray(0, at), size }
  } catch {
    return 'unreadable'
  } finally {
    closeSync(file)
  }
}

const realRootOf = (root: string): string | null => {
  try {
    return realpathSync.native(root)
  } catch {
    return null
  }
}

/** A reader of one repository. */
export const createReader = (root: string): RepoReader => {
  const realRoot = realRootOf(root)
  const realFolder = folderReader(realRoot ?? root)
  const take = (path: string, maxBytes: number): { bytes: Buffer; size: number } | NotRead => {
    if (!mayRead(path)) return 'unreadable'
    const opened = realRoot ? openInside(realRoot, path, realFolder) : 'missing'
    return typeof opened === 'string' ? opened : takeBytes(opened, maxBytes)
  }
  const text = (path: string, options: ReadOptions = {}): ReadText => {
    const maxBytes = options.maxBytes ?? defaultMaxBytes
    const taken = take(path, maxBytes)
    if (typeof taken === 'string') return { ok: false, why: taken }
    const truncated = taken.size > maxBytes
    if (truncated && options.whole) return { ok: false, why: 'too-large' }
    const decoded = decodeText(taken.bytes, truncated) ?? (options.binary ? taken.bytes.toString('latin1') : null)
    return decoded === null ? { ok: false, why: 'binary' } : { ok: true, text: decoded, bytes: taken.size, truncated }
  }
  return {
    text,
    maybe: (path, options) => {
      const read = text(path, options)
      return read.ok ? read.text : null
    },
    bytes: (path, maxBytes = defaultMaxBytes) => {
      const taken = take(path, maxBytes)
      return typeof taken === 'string' ? null : taken.bytes
    },
  }
}
