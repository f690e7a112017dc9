// Shared by the checks of the repository: places in files as evidence, and small facts to build examples from.
import type { Evidence } from '../../core/check.ts'
import type { Container, Containers } from '../../facts/repo/containers.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { Migrations } from '../../facts/repo/migrations.ts'
import type { PipelineDeed, PipelineJob, PipelineSeen, Pipelines } from '../../facts/repo/pipelines.ts'
import { noTriggers } from '../../formats/workflow/model.ts'

/** Where something stands, and what stands there. */
export type Place = { file: string; line: number; text: string }

/** `file:line` with its text, at most eight; the rest is counted. */
export const evidenceOf = (places: readonly Place[]): Evidence[] => [
  ...places.slice(0, 8).map(({ file, line, text }) => ({ label: `${file}:${line}`, value: text })),
  ...(places.length > 8 ? [{ label: 'and', value: `${places.length - 8} more` }] : []),
]

/** Files named once, joined for a title: `ci.yml and 2 more`. */
export const filesIn = (places: readonly Place[]): string => {
  const names = [...new Set(places.map(({ file }) => file))]
  return names.length > 1 ? `${names[0]} and ${names.length - 1} more` : (names[0] ?? '')
}

/** Places as steps to take. */
export const stepsAt = (places: readonly Place[], what: (place: Place) => string): string[] =>
  places.slice(0, 8).map(place => `${place.file}:${place.line}: ${what(place)}`)

/** Every job of a pipeline file, with its pipeline. */
export const jobsOf = (pipelines: Pipelines): { pipeline: PipelineSeen; job: PipelineJob }[] =>
  pipelines.pipelines.flatMap(pipeline => pipeline.jobs.map(job => ({ pipeline, job })))

/** Jobs that put the code where customers are. A workflow that is only called is judged where it is called. */
export const deployJobs = (pipelines: Pipelines): { pipeline: PipelineSeen; job: PipelineJob }[] =>
  jobsOf(pipelines).filter(
    ({ pipeline, job }) => job.deploys && !(pipeline.triggers.called && pipeline.triggers.events.length === 1),
  )

/** All jobs that must have succeeded before one, however far. */
export const jobsBefore = (pipeline: PipelineSeen, job: PipelineJob): PipelineJob[] => {
  const seen = new Set<string>()
  const visit = (needs: readonly string[]): void => {
    for (const id of needs) {
      if (seen.has(id)) continue
      seen.add(id)
      visit(pipeline.jobs.find(other => other.id === id)?.needs ?? [])
    }
  }
  visit(job.needs)
  return pipeline.jobs.filter(({ id }) => seen.has(id))
}

/** The repository holds something that a deploy brings somewhere: a server, a site or a container. */
export const placeOfDeed = (file: string, deed: Pick<PipelineDeed, 'line' | 'text'>): Place => ({
  file,
  line: deed.line,
  text: deed.text,
})

// Small facts for examples and tests: what is not given is absent.

export const examplePipelines = (given: Partial<Pipelines> = {}): Pipelines => ({
  providers: given.pipelines ? ['github'] : [],
  pipelines: [],
  problems: [],
  others: [],
  safety: [],
  defaultBranch: 'main',
  ...given,
})

export const exampleDeed = (
  kind: PipelineDeed['kind'],
  line: number,
  text: string,
  more: Partial<PipelineDeed> = {},
): PipelineDeed => ({
  kind,
  line,
  step: line,
  text,
  mayFail: false,
  manager: null,
  frozen: null,
  instead: null,
  ...more,
})

export const exampleJob = (id: string, deeds: PipelineDeed[], more: Partial<PipelineJob> = {}): PipelineJob => ({
  id,
  line: 8,
  needs: [],
  environment: null,
  concurrency: false,
  image: null,
  mayFail: false,
  manual: false,
  uses: null,
  deeds,
  deploys: deeds.some(({ kind }) => kind === 'deploy'),
  onMain: true,
  imageTags: [],
  ...more,
})

export const exampleWorkflow = (jobs: PipelineJob[], more: Partial<PipelineSeen> = {}): PipelineSeen => ({
  provider: 'github',
  file: '.github/workflows/ci.yml',
  name: 'CI',
  triggers: { ...noTriggers, push: true, pullRequest: true, branches: ['main'], events: ['push', 'pull_request'] },
  concurrency: false,
  includes: [],
  jobs,
  ...more,
})

export const exampleDeployment = (given: Partial<Deployment> = {}): Deployment => ({
  platforms: [],
  commands: [],
  healthChecks: [],
  instances: null,
  documents: [],
  scripts: [],
  unreadable: [],
  ...given,
})

export const exampleContainer = (given: Partial<Container> = {}): Container => ({
  file: 'Dockerfile',
  folder: '',
  problem: null,
  dockerignore: '.dockerignore',
  copiedEnvironment: [],
  deeds: [],
  start: 'node server.js',
  startLine: 12,
  mutableBases: [],
  bases: [{ line: 1, base: 'node:24.3-alpine' }],
  user: 'node',
  userLine: 10,
  stepsDown: false,
  healthcheck: true,
  secrets: [],
  copiesAll: 6,
  ...given,
})

export const exampleContainers = (...containers: Partial<Container>[]): Containers => ({
  containers: containers.map(exampleContainer),
})

/** Why migrations are not judged: there are none, or those of a tool that is not read. */
export const withoutMigrations = ({ others = [] }: Pick<Migrations, 'others'>): string =>
  others.length ? `migrations of ${others.join(', ')} are not read here` : 'no migrations in this repository'
