// Changes of a job of a pipeline file as diffs: a key more, a step more, a step that runs whatever happened before it.
import { aroundLine, indentedPatch, insertionPatch, replacementPatch, type Spot, wordingPatch } from '../patch.ts'
import { plainPatch } from '../secrets/around.ts'
import { isBlind } from './blind.ts'
import { type DeployFault, deploysPulls, type JobSeen, jobsOf, systemOf } from './jobs.ts'
import type { PipelineCommand, Pipelines } from './seen.ts'

const patchAt = ({ pipeline }: JobSeen, spot: Spot | null | undefined, lines: readonly string[]): string | null =>
  spot ? indentedPatch(pipeline.file, spot, lines) : null

/** The first job on the way to the main branch that installs what a later step needs. */
export const installingJob = (pipelines: Pipelines): JobSeen | undefined =>
  jobsOf(pipelines).find(
    ({ job: { onMain, commands, edit } }) =>
      onMain && edit?.isConditional === false && commands.some(({ kind }) => kind === 'install'),
  )

/** A diff that puts a step behind the last one of a job. */
export const stepPatch = (one: JobSeen, lines: readonly string[]): string | null =>
  patchAt(one, one.job.edit?.steps, lines)

/** A diff that gives the step on this line a condition; null where it begins with a block of text. */
export const conditionPatch = (file: string, text: string, line: number, condition: string): string | null => {
  const [, indent] = /^( *)- [\w-]+: +[^\s|>]/.exec(text.split('\n')[line - 1] ?? '') ?? []
  return indent === undefined
    ? null
    : plainPatch(file, insertionPatch(file, aroundLine(text, line), [`${indent}  if: ${condition}`]))
}

/** The keys that a deploy job lacks; none where people have to choose, as which tests it waits for. */
const lackingKeys = (fault: DeployFault, one: JobSeen): string[] => {
  const { pipeline, job } = one
  const { guard, environment } = systemOf(pipeline.provider)
  if (fault === 'no-concurrency-guard') return guard ? [guard] : []
  if (fault === 'unprotected-environment')
    return [
      // Where it is production that is named now, pull requests are kept out in the same change.
      ...(deploysPulls(one) || (job.onPulls && job.environment === null)
        ? ["if: github.event_name != 'pull_request'"]
        : []),
      ...(environment && job.environment === null ? [environment] : []),
    ]
  // A deploy that waits for a job that is left out is left out too.
  const tests = pipeline.jobs.filter(
    ({ id, mayFail, commands, edit }) =>
      id !== job.id &&
      !mayFail &&
      edit?.isConditional === false &&
      commands.some(command => command.kind === 'test' && !command.mayFail),
  )
  return job.needs.length === 0 && tests.length > 0 ? [`needs: [${tests.map(({ id }) => id).join(', ')}]`] : []
}

/** The keys that take a fault out of a deploy job, and the diff that adds them, where one could be made. */
export const faultEdit = (fault: DeployFault, one: JobSeen): { lacks: string[]; patch: string | null } => {
  const lacks = lackingKeys(fault, one)
  return { lacks, patch: lacks.length ? patchAt(one, one.job.edit?.keys, lacks) : null }
}

const ignored = /\s{0,20}\|\|\s{0,20}(?:true|:|exit 0)\s{0,20}$/

/** A curl that fails where the answer is bad. */
const failingCurl = (file: string, text: string, line: number): string | null => {
  const row = text.split('\n')[line - 1] ?? ''
  const asks = /(?<![\w-])curl (?=.*https?:)/
  return asks.test(row) && !/[|;]/.test(row.replace(ignored, ''))
    ? replacementPatch(
        file,
        text,
        line,
        row.replace(asks, 'curl --fail --show-error --retry 5 --retry-all-errors ').replace(ignored, ''),
      )
    : null
}

type Written = Pick<PipelineCommand, 'kind' | 'line' | 'text' | 'frozen' | 'instead'>

/** The diff that mends a command where it is written: an install that may rewrite the lock, a look that cannot fail. */
export const commandPatch = (file: string, text: string, command: Written): { patch?: string } => {
  const { kind, line, frozen, instead } = command
  const patch =
    kind === 'install' && frozen === false && instead
      ? wordingPatch(file, text, line, command.text, instead)
      : kind === 'smoke' && isBlind(command)
        ? failingCurl(file, text, line)
        : null
  const plain = plainPatch(file, patch)
  return plain === null ? {} : { patch: plain }
}
