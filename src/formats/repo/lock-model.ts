// A lock file as read, and what the readers of all kinds share.
import type { LockKind } from '../../data/package-managers.ts'
import { isRecord } from '../workflow/model.ts'

/** One package as locked. `development` is null where the lock does not say. `line` counts from 1. */
export type LockedPackage = { name: string; version: string; development: boolean | null; line: number }

/**
 * A lock file as read. `requested` is what the manifests asked for when it was written, by the folder of the manifest relative
 * to the lock ('' is beside it); null where this kind does not record it. `problem` says why it could not be read.
 */
export type Lock = {
  kind: LockKind
  format: string
  packages: LockedPackage[]
  requested: Record<string, Record<string, string>> | null
  contentHash: string | null
  /** Packages whose versions an override sets, as the lock has it; of Composer those that another package replaces or provides. */
  overridden: string[]
  /** A hook (`.pnpmfile.cjs`) may have changed what the manifests ask for. */
  isRewritten: boolean
  problem: string | null
}

/** A lock of which nothing is known yet. */
export const emptyLock = (kind: LockKind): Lock => ({
  kind,
  format: '',
  packages: [],
  requested: null,
  contentHash: null,
  overridden: [],
  isRewritten: false,
  problem: null,
})

/** The value as a record, empty where it is none. */
export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})
export const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )

/** Packages at most kept of one lock: beyond this a lock is not a small product's. */
export const maxPackages = 20_000

/** Direct dependencies of a parsed package.json: name → range as written, over all groups that a lock records. */
export const manifestDependencies = (manifest: unknown): Record<string, string> => ({
  ...strings(record(manifest)['devDependencies']),
  ...strings(record(manifest)['optionalDependencies']),
  ...strings(record(manifest)['dependencies']),
})

/** Finds the line of a needle, searching on from the last one found: entries come in the order of the file. */
export const lineFinder = (text: string) => {
  let at = 0
  let line = 1
  return (needle: string): number => {
    const found = text.indexOf(needle, at)
    if (found < 0) return line
    for (let index = text.indexOf('\n', at); index >= 0 && index < found; index = text.indexOf('\n', index + 1))
      line += 1
    at = found
    return line
  }
}

/** `name@spec` → its two parts; a scope's leading @ does not part them. */
export const splitSpec = (text: string): [string, string] => {
  const at = text.indexOf('@', 1)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
