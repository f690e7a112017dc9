// Settles what the user gave: config, repository, domain. Everything wrong is stated at once, in one clear sentence each.
import { existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkDomain, meantDomain } from '../config/domain.ts'
import { nearest, UsageError } from '../config/errors.ts'
import { findConfig } from '../config/find.ts'
import { type LoadedConfig, loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { readUserJson } from '../config/user-file.ts'
import { clean } from '../core/clean.ts'
import { shownFrom } from '../core/paths.ts'
import type { Report } from '../core/report.ts'
import { type Severity, severities } from '../core/severity.ts'
import { gitRoot as rootOfGit } from '../facts/repo/git.ts'
import { checkReport } from '../report/report-schema.ts'
import type { Faults } from './faults.ts'
import type { Io } from './io.ts'

/** A JSON report that the user named. Throws UsageError when it is none. */
export const readReport = (path: string, io: Io): Report => {
  const value = readUserJson(path, io.cwd, 'former report')
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version !== 1)
    throw new UsageError(
      `${path}: a report of schema version ${version}; this launch-ready reads version 1. Compare it with the launch-ready that wrote it.`,
    )
  const checked = checkReport(value)
  if (!checked.ok)
    throw new UsageError(
      `${path}: not a JSON report of launch-ready: ${clean(checked.message, 300)}. Write one with --report json:<file>.`,
    )
  return checked.report
}

/** Where the config is: a file that was named, or the nearest one upward; `none` looks for no file. `settled` is what one call read. */
export type ConfigChoice = { path?: string; none?: boolean; settled?: Promise<LoadedConfig> }

const readChosen = async ({ path, none }: ConfigChoice, io: Pick<Io, 'cwd' | 'env' | 'err'>): Promise<LoadedConfig> => {
  const shown = (at: string): string => shownFrom(io.cwd, at)
  if (path !== undefined) {
    const loaded = await loadConfig(resolve(io.cwd, path), io.env)
    return { ...loaded, path: shown(resolve(io.cwd, path)) }
  }
  if (none) return loadConfig(null, io.env)
  const found = findConfig(io.cwd)
  for (const code of found.code)
    io.err(`${clean(`not run: ${shown(code)} is code; --config ${shown(code)} runs it, if you trust it`)}\n`)
  if (found.path !== null) io.err(`${clean(`config: ${shown(found.path)}`)}\n`)
  const loaded = await loadConfig(found.path, io.env, { root: found.root })
  return { ...loaded, path: found.path === null ? null : shown(found.path) }
}

/**
 * The config: the file named, or the nearest one up to the git root, or defaults. Its path is shown relative to here. What was found
 * and not named is announced, and so is code that is left alone; a call reads and announces it once.
 */
export const settleConfig = (choice: ConfigChoice, io: Pick<Io, 'cwd' | 'env' | 'err'>): Promise<LoadedConfig> => {
  choice.settled ??= readChosen(choice, io)
  return choice.settled
}

/** The git root around a directory, null where there is none. Runs no hook and reads no system config. */
export const gitRoot = (from: string): string | null => rootOfGit(from, process.env)

/** The repository to judge: `--repo`, the operand of `deploy`, or the git root around the working directory. */
export const settleRepo = (given: string | undefined, io: Io, faults: Faults): string | null => {
  if (given === undefined) return gitRoot(io.cwd)
  const path = resolve(io.cwd, given)
  if (!existsSync(path)) faults.add(`${given}: the repository cannot be read: there is no such directory.`)
  else if (!statSync(path).isDirectory())
    faults.add(`${given}: the repository cannot be read: it is a file; name the directory.`)
  else return realpathSync(path)
  return null
}

export const settleSeverity = (given: string | undefined, faults: Faults): Severity | 'never' => {
  const value = given ?? 'blocker'
  const valid = [...severities, 'never'] as const
  if ((valid as readonly string[]).includes(value)) return value as Severity | 'never'
  const near = nearest(value, valid)
  faults.add(`--fail-on ${value}: expected one of ${valid.join(', ')}${near ? `; did you mean ${near}?` : '.'}`)
  return 'blocker'
}

/** The domain: the operand, or the config's; null only where a stage needs none. */
export const settleDomain = (
  given: string | undefined,
  config: Config,
  faults: Faults,
  io: Pick<Io, 'err'>,
): string | null => {
  if (given === undefined) {
    const { domain } = config
    return domain === undefined ? null : faults.try(() => checkDomain(domain), null)
  }
  return faults.try(() => readDomain(given, io), null)
}

/** The domain that somebody typed, in whatever form; what it was taken for is said where it is another text, which may hold a password. Throws UsageError. */
export const readDomain = (given: string, io: Pick<Io, 'err'>): string => {
  const domain = checkDomain(meantDomain(given))
  if (domain !== given.trim().toLowerCase()) io.err(`looking at the domain ${domain}\n`)
  return domain
}
