// Paths of this machine, as they are told apart and shown: a repository names its files with `/` on every system.
import * as own from 'node:path'

/** The rules of a system's paths: this machine's, or those that a test hands in. */
export type PathRules = Pick<typeof own, 'isAbsolute' | 'relative' | 'sep'>

/** The way from a folder to a path in it, with `/`; empty for the folder itself, null for what lies outside. */
export const wayWithin = (folder: string, path: string, rules: PathRules = own): string | null => {
  const way = rules.relative(folder, path).split(rules.sep)
  // A path on another drive has no way from here: it stays absolute.
  return way[0] === '..' || rules.isAbsolute(way.join(rules.sep)) ? null : way.join('/')
}

/** A path as people read it: from where they stand, or as a whole where that is shorter (it lies elsewhere). */
export const shownFrom = (cwd: string, path: string, rules: PathRules = own): string => {
  const way = rules.relative(cwd, path)
  return way !== '' && way.length < path.length ? way : path
}

/**
 * A path that somebody wrote, with `/` and without detours: `config\prod.env` of a Windows machine is read on every other too. URLs, and
 * paths of a drive or a share (`C:\…`, `\\server\…`), keep their form.
 */
export const writtenPath = (path: string): string =>
  /^(?:[a-z][a-z0-9+.-]*:|\\\\)/i.test(path) || path === '' ? path : own.posix.normalize(path.replaceAll('\\', '/'))
