// Pipelines as the checks of the deploy stage see them: jobs with the commands whose kind is known, every script followed.
import type { CommandKind } from '../../data/command-kinds.ts'
import type { CiProvider, Job, Pipeline } from './model.ts'
import type { SafetyFault } from './safety.ts'

/** A place in a file of the repository, and what stands there. `line` counts from 1. */
export type Place = { file: string; line: number; text: string }

/** One command of a step. `step` is the step's place in the job, from 0; `text` is masked. */
export type PipelineCommand = {
  kind: CommandKind
  line: number
  step: number
  text: string
  /** Its failure does not stop the job. */
  mayFail: boolean
  /** For installs: the package manager, and whether it gets exactly what is locked. */
  manager: string | null
  frozen: boolean | null
  /** What to write instead, for an install that is not frozen or a server for development. */
  instead: string | null
  /** The diff that mends it where it is written. */
  patch?: string
}

export type PipelineJob = Pick<
  Job,
  | 'id'
  | 'line'
  | 'needs'
  | 'environment'
  | 'concurrency'
  | 'image'
  | 'mayFail'
  | 'manual'
  | 'uses'
  | 'edit'
  | 'runsAnyway'
> & {
  commands: PipelineCommand[]
  /** Branches that it is limited to, within those of its pipeline. */
  branches?: Job['branches']
  /** Takes the code to where customers are. */
  deploys: boolean
  /** Runs on pushes to the default branch, or on pull requests. */
  onMain: boolean
  /** What it deploys, it deploys for pull requests too: no condition of its own, of its step or of what it needs keeps them out. */
  onPulls?: true
  /** Tags that it gives to images it builds. */
  imageTags: string[]
}

export type PipelineSeen = Pick<Pipeline, 'provider' | 'file' | 'name' | 'triggers' | 'concurrency' | 'includes'> & {
  jobs: PipelineJob[]
}

export type Pipelines = {
  providers: CiProvider[]
  pipelines: PipelineSeen[]
  /** Pipeline files that could not be read. */
  problems: Place[]
  /** Files of CI systems that are not read. */
  others: string[]
  safety: (SafetyFault & { deploys: boolean })[]
  defaultBranch: string
}
