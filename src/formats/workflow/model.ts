// One shape for the pipelines of GitHub, GitLab, Bitbucket, CircleCI, Azure and Buildkite, so that every check of the deploy stage reads them alike.
import { matchesGlob, takesName } from '../glob.ts'
import { isRecord } from '../is-record.ts'
import type { Spot } from '../patch.ts'

export { isRecord } from '../is-record.ts'

import type { CiProvider } from '../../data/ci-systems.ts'

export type { CiProvider } from '../../data/ci-systems.ts'

/** When a pipeline runs. `branches` null: every branch. */
export type Triggers = {
  push: boolean
  /** Paths that a push has to change (GitHub); null: any. */
  paths?: string[] | null
  branches: string[] | null
  tags: boolean
  pullRequest: boolean
  pullRequestTarget: boolean
  /** Names of workflows after which it runs (GitHub). */
  after: string[]
  schedule: boolean
  manual: boolean
  /** A deploy elsewhere finished: `deployment_status`, `repository_dispatch`. */
  deployment: boolean
  release: boolean
  /** Called by another workflow. */
  called: boolean
  /** `pull_request_target` for what only those do who may write: a label, a request for a review. */
  targetByInsiders?: true
  /** GitHub events by their own names, for ci-safety. */
  events: string[]
}

/** One step. `line` is where it begins, `runLine` where its script does. */
export type Step = {
  line: number
  runLine: number
  /** How later steps name it. */
  id?: string | null
  name: string | null
  uses: string | null
  run: string | null
  /** `run` is a program in another language than the shell's: `shell: python`. */
  isProgram?: boolean
  with: Record<string, string>
  env: Record<string, string>
  condition: string | null
  mayFail: boolean
  folder: string
}

/** `write-all`, `read-all`, or scope → access; null where nothing is said. */
export type Permissions = 'write-all' | 'read-all' | Record<string, string> | null

/** Behind the last key of a job, and behind its last step; whether it runs only under a condition. */
export type JobEdit = { keys: Spot; steps: Spot | null; isConditional: boolean }

export type Job = {
  id: string
  line: number
  name: string | null
  /** Jobs that must have succeeded before, direct ones. */
  needs: string[]
  steps: Step[]
  /** Environment it deploys to, by the provider's own notion. */
  environment: string | null
  /** Two runs of it cannot overlap. */
  concurrency: boolean
  permissions: Permissions
  env: Record<string, string>
  /** What it hands to the jobs that need it, where its system has such. */
  outputs?: Record<string, string>
  /** What it hands to what stands in its place: inputs of the workflow that it calls. */
  with?: Record<string, string>
  condition: string | null
  /** Reusable workflow, orb job or template that stands in its place. */
  uses: string | null
  image: string | null
  mayFail: boolean
  /** A person has to start it. */
  manual: boolean
  /** Branches it is limited to; null: those of the pipeline. */
  branches: string[] | null
  /** Runs for pull requests alone. */
  pullRequestOnly: boolean
  /** Runs whatever became of the jobs that it needs. */
  runsAnyway?: true
  /** Where it takes a key and a step more, for a diff; absent where it is written in one line, or its system is not edited here. */
  edit?: JobEdit
}

export type Pipeline = {
  provider: CiProvider
  file: string
  /** Its inputs that others of the repository hand a stranger's words. */
  handed?: ReadonlySet<string>
  name: string
  triggers: Triggers
  concurrency: boolean
  permissions: Permissions
  env: Record<string, string>
  jobs: Job[]
  /** What it takes in from elsewhere and could not be read here. */
  includes: string[]
}

export type WorkflowFile = { pipelines: Pipeline[]; problem: { text: string; line: number } | null }

export const noTriggers: Triggers = {
  push: false,
  branches: null,
  tags: false,
  pullRequest: false,
  pullRequestTarget: false,
  after: [],
  schedule: false,
  manual: false,
  deployment: false,
  release: false,
  called: false,
  events: [],
}

export const blankStep = (line: number): Step => ({
  line,
  runLine: line,
  name: null,
  uses: null,
  run: null,
  with: {},
  env: {},
  condition: null,
  mayFail: false,
  folder: '',
})

export const blankJob = (id: string, line: number): Job => ({
  id,
  line,
  name: null,
  needs: [],
  steps: [],
  environment: null,
  concurrency: false,
  permissions: null,
  env: {},
  condition: null,
  uses: null,
  image: null,
  mayFail: false,
  manual: false,
  branches: null,
  pullRequestOnly: false,
})

/** Bounds: jobs of a file, steps of a job. */
export const workflowBounds = { jobs: 200, steps: 200 }

export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})
export const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
export const text = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
export const texts = (value: unknown): string[] =>
  list(value).flatMap(item => (Array.isArray(item) ? texts(item) : (text(item) ?? [])))
export const textMap = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record(value)).flatMap(([key, inner]) => (text(inner) === null ? [] : [[key, text(inner)!]])),
  )

/** All jobs that come before one, however far. */
export const before = (pipeline: Pipeline, id: string): Job[] => {
  const seen = new Set<string>()
  const visit = (at: string): void => {
    for (const need of pipeline.jobs.find(job => job.id === at)?.needs ?? []) {
      if (seen.has(need)) continue
      seen.add(need)
      visit(need)
    }
  }
  visit(id)
  return pipeline.jobs.filter(job => seen.has(job.id))
}

/** Whether a branch pattern (GitHub's glob, GitLab's and CircleCI's /regex/) takes a branch. */
export const takesBranch = (patterns: readonly string[] | null, branch: string): boolean => {
  if (patterns === null) return true
  let taken = false
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!')
    const body = negated ? pattern.slice(1) : pattern
    const regex = /^\/(.*)\/\w*$/.exec(body)
    let matches = body === branch
    if (regex) matches ||= takesName(regex[1]!, branch)
    else matches ||= matchesGlob(body, branch)
    if (matches) taken = !negated
  }
  return taken
}
