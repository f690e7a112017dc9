// What the thread that holds the run (cli/hold.ts) and the readers of repositories tell each other: which file is read now, so that one on which
// a reader never ends is known, and which files did so before.
import { workerData } from 'node:worker_threads'

/** Bytes of a path that are noted, after two for its length. */
export const noteBytes = 1_024

export type Readings = { note: SharedArrayBuffer; passedOver: readonly string[] }

const given = (workerData as { readings?: Readings } | null)?.readings ?? null

/** Notes that a file is read from now on; false where it is passed over. */
export const mayRead = (path: string): boolean => {
  if (given === null) return true
  if (given.passedOver.includes(path)) return false
  const { written } = new TextEncoder().encodeInto(path, new Uint8Array(given.note, 2))
  new DataView(given.note).setUint16(0, written)
  return true
}

/** The file that was read last; null before the first. */
export const noted = (note: SharedArrayBuffer): string | null => {
  const length = new DataView(note).getUint16(0)
  return length === 0 ? null : new TextDecoder().decode(new Uint8Array(note).slice(2, 2 + length))
}
