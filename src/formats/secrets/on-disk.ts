// Values of environment files on this machine, by their hashes.
import { pathKind, servesDevelopment } from './path-kind.ts'

/** A file with its variables; `hash` is the start of a value's hash, null where there is no value. */
type FileOnDisk = { path: string; entries: readonly { hash: string | null; line: number }[] }

/** A file of tests or pipelines opens nothing that anybody else uses. */
const isForTests = (path: string): boolean =>
  pathKind(path) === 'test' ||
  pathKind(path) === 'example' ||
  (servesDevelopment(path) && /(?:^|[/._-])(?:ci|tests?|testing|e2e)(?=[/._-]|$)/i.test(path))

/** Start of the hash → place; of several places the last. */
export const placesOnDisk = (files: readonly FileOnDisk[]): Map<string, string> =>
  new Map(
    files
      .filter(({ path }) => !isForTests(path))
      .flatMap(({ path, entries }) => entries.flatMap(({ hash, line }) => (hash ? [[hash, `${path}:${line}`]] : []))),
  )
