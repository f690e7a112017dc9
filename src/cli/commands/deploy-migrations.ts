// `launch-ready deploy migrations`: the checks of migrations alone, every hazard with its place.
import { resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { gitCommit } from '../../facts/repo/git.ts'
import type { Call } from '../call.ts'
import { ofAction, onlyChecks, runStage } from './stage.ts'

/** Judges the migrations of a repository. `--since` is a tag or commit here: what came after it is not released. */
export const run = async (call: Call): Promise<number> => {
  const { io, operands, repo, stage } = call
  const { since } = stage
  const root = resolve(io.cwd, operands[0] ?? repo ?? '.')
  if (since !== undefined && gitCommit(root, since, io.env) === null)
    throw new UsageError(`--since ${since}: names no tag or commit of the repository; \`git tag\` lists the tags.`)
  const env = since === undefined ? io.env : { ...io.env, LAUNCH_READY_MIGRATIONS_SINCE: since }
  const own = { ...call, io: { ...io, env }, stage: { ...stage, since: undefined } }
  const { code } = await runStage(onlyChecks(own, ofAction('deploy migrations')), {
    stage: 'deploy',
    operand: operands[0],
  })
  return code
}
