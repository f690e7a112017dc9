// `launch-ready deploy migrations`: the checks of migrations alone, every hazard with its place.
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
  const { since, ...rest } = options
  const env = typeof since === 'string' ? { ...io.env, LAUNCH_READY_MIGRATIONS_SINCE: since } : io.env
  return runStage('deploy', operands[0], { ...(rest as RunOptions), only: migrationChecks }, { ...io, env }, version)
}
