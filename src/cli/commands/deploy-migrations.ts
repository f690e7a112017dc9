// `launch-ready deploy migrations`: the checks of migrations alone, every hazard with its place.
import { resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { gitCommit } from '../../facts/repo/git.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { runStage } from './stage.ts'

export const migrationChecks = ['migration-hazard', 'migration-history', 'migration-step']

/** Judges the migrations of a repository. `--since` is a tag or commit here: what came after it is not released. */
export const run = async (
  operands: string[],
  options: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const { since, ...rest } = options as RunOptions & { since?: string }
  const root = resolve(io.cwd, operands[0] ?? rest.repo ?? '.')
  if (since !== undefined && gitCommit(root, since, io.env) === null)
    throw new UsageError(`--since ${since}: names no tag or commit of the repository; \`git tag\` lists the tags.`)
  const env = since === undefined ? io.env : { ...io.env, LAUNCH_READY_MIGRATIONS_SINCE: since }
  return runStage('deploy', operands[0], { ...rest, only: migrationChecks }, { ...io, env }, version)
}
