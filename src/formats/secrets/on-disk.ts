// Values of environment files on this machine, by their hashes.

/** A file with its variables; `hash` is the start of a value's hash, null where there is no value. */
type FileOnDisk = { path: string; entries: readonly { hash: string | null; line: number }[] }

/** Start of the hash → place; of several places the last. */
export const placesOnDisk = (files: readonly FileOnDisk[]): Map<string, string> =>
  new Map(
    files.flatMap(({ path, entries }) =>
      entries.flatMap(({ hash, line }) => (hash ? [[hash, `${path}:${line}`]] : [])),
    ),
  )
