// Writes a file whole or not at all: beside its place, flushed to the disk, then renamed over it. A full disk, a kill or a power cut
// leaves the old file as it was.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from './folder.ts'

/** What facts, evidence and stores are written with: for their owner alone. */
export const ownerOnly = 0o600

const leftAfterMs = 600_000

type Before = { mode: number; isFile: boolean }

/** What stands there now; null where nothing does. A link counts as what it leads to, unless that is a file: then it is replaced. */
const before = (path: string): Before | null => {
  try {
    lstatSync(path)
  } catch {
    return null
  }
  try {
    const { mode } = statSync(path)
    return { mode: mode & 0o777, isFile: statSync(path).isFile() }
  } catch {
    // A link to nothing.
    return { mode: 0o666, isFile: true }
  }
}

const flushFolder = (folder: string): void => {
  try {
    const handle = openSync(folder, 'r')
    fsyncSync(handle)
    closeSync(handle)
  } catch {
    // Some systems open no folder.
  }
}

/** Removes what killed runs left beside the file; `now` is the age of what was just written. */
const sweep = (folder: string, prefix: string, now: number): void => {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith('.tmp')) continue
    const left = join(folder, name)
    if (now - lstatSync(left).mtimeMs > leftAfterMs) rmSync(left, { force: true })
  }
}

const fill = (path: string, content: string | Uint8Array, mode: number | null): number => {
  const handle = openSync(path, 'wx', ownerOnly)
  try {
    writeFileSync(handle, content)
    if (mode !== null) fchmodSync(handle, mode)
    fsyncSync(handle)
    return fstatSync(handle).mtimeMs
  } finally {
    closeSync(handle)
  }
}

/** What a new file is allowed by the user's mask. */
const usualMode = (folder: string, prefix: string): number => {
  const probe = join(folder, `${prefix}${randomBytes(6).toString('hex')}.tmp`)
  const handle = openSync(probe, 'wx', 0o666)
  const { mode } = fstatSync(handle)
  closeSync(handle)
  rmSync(probe, { force: true })
  return mode & 0o777
}

/**
 * Writes the file, with its folders. `mode` is set whatever was there; without it the old file's stays. Devices and pipes are written
 * to as they are. Throws what the file system throws; the old file then still stands.
 */
export const writeWhole = (path: string, content: string | Uint8Array, mode?: number): void => {
  const folder = dirname(path)
  makeFolder(folder)
  const old = before(path)
  if (old && !old.isFile) {
    writeFileSync(path, content)
    return
  }
  const prefix = `.${basename(path).slice(0, 100)}.launch-ready-`
  const made = join(folder, `${prefix}${randomBytes(6).toString('hex')}.tmp`)
  try {
    const now = fill(made, content, mode ?? old?.mode ?? usualMode(folder, prefix))
    renameSync(made, path)
    flushFolder(folder)
    sweep(folder, prefix, now)
  } catch (error) {
    rmSync(made, { force: true })
    throw error
  }
}
