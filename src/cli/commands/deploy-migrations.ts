// `launch-ready deploy migrations`: the checks of migrations alone, every hazard with its place.
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { runStage } from './stage.ts'

export const migrationChecks = ['migration-hazard', 'migration-history', 'migration-step']

/** Whether a word names a commit of the repository. A leading dash would be read as an option of git. */
const namesCommit = (root: string, ref: string): boolean => {
  if (ref.startsWith('-')) return false
  try {
    execFileSync('git', ['rev-parse', '-q', '--verify', '--end-of-options', `${ref}^{commit}`], {
      cwd: root,
      stdio: 'ignore',
      timeout: 5000,
    })
    return true
  } catch {
    return false
  }
}

/** Judges the migrations of a repository. `--since` is a tag or commit here: what came after it is not released. */
export const run = async (
  operands: string[],
  options: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const { since, ...rest } = options as RunOptions & { since?: string }
  const root = resolve(io.cwd, operands[0] ?? rest.repo ?? '.')
  if (since !== undefined && !namesCommit(root, since))
    throw new UsageError(`--since ${since}: names no tag or commit of the repository; \`git tag\` lists the tags.`)
  const env = since === undefined ? io.env : { ...io.env, LAUNCH_READY_MIGRATIONS_SINCE: since }
  return runStage('deploy', operands[0], { ...rest, only: migrationChecks }, { ...io, env }, version)
}
