// Finds the config of a folder: data alone (YAML, JSON), upward to the git root and no further. What is found was perhaps written by
// a stranger, so code that is found is not run, and no file outside of the root is read for it.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { wayWithin } from '../core/paths.ts'
import { UsageError } from './errors.ts'

const dataExtensions = ['yaml', 'yml', 'json']
const codeExtensions = ['ts', 'mts', 'cts', 'mjs', 'cjs', 'js']

export type FoundConfig = {
  /** Path of the config, null when there is none. */
  path: string | null
  /** The folder that the search did not leave: the git root, or where it began. */
  root: string
  /** Configs that are code: found and left alone. */
  code: string[]
}

const named = (folder: string, extensions: readonly string[]): string[] =>
  extensions.map(extension => join(folder, `launch-ready.config.${extension}`)).filter(path => existsSync(path))

/** The git root around a folder; the folder itself where there is none. Asks no git: its presence is what counts. */
const rootAround = (from: string): string => {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (dirname(folder) === folder) return from
  }
}

/** Whether a path, its links followed, lies in the folder. What is not there yet counts by its name. */
export const isInside = (root: string, path: string): boolean => {
  const real = (at: string): string => (existsSync(at) ? realpathSync(at) : at)
  return wayWithin(real(root), real(resolve(root, path))) !== null
}

/** The nearest `launch-ready.config.{yaml,yml,json}` from `from` up to the git root. Throws UsageError for two in one folder. */
export const findConfig = (from: string): FoundConfig => {
  const start = resolve(from)
  const root = rootAround(start)
  const code: string[] = []
  for (let folder = start; ; folder = dirname(folder)) {
    const [path, second] = named(folder, dataExtensions)
    code.push(...named(folder, codeExtensions))
    if (path !== undefined && second !== undefined)
      throw new UsageError(`${path} and ${second}: two configs in one folder; keep one, or name one with --config.`)
    if (path !== undefined) {
      if (!isInside(root, path))
        throw new UsageError(
          `${path}: the config is a link that leads out of ${root}; name it with --config, or use --no-config.`,
        )
      return { path, root, code }
    }
    if (folder === root) return { path: null, root, code }
  }
}
