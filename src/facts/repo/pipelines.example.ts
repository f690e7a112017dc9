// A sound pipeline, and small pieces to build others from: what is not given is absent.
import { noTriggers } from '../../formats/workflow/model.ts'
import type { SafetyFault } from '../../formats/workflow/safety.ts'
import type { PipelineCommand, PipelineJob, PipelineSeen, Pipelines } from '../../formats/workflow/seen.ts'

/** A command of a step; its line is its place in the job. */
export const exampleCommand = (
  kind: PipelineCommand['kind'],
  line: number,
  text: string,
  more: Partial<PipelineCommand> = {},
): PipelineCommand => ({
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

export const exampleJob = (id: string, commands: PipelineCommand[], more: Partial<PipelineJob> = {}): PipelineJob => ({
  id,
  line: 8,
  needs: [],
  environment: null,
  concurrency: false,
  image: null,
  mayFail: false,
  manual: false,
  uses: null,
  commands,
  deploys: commands.some(({ kind }) => kind === 'deploy'),
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

export const examplePipelines = (given: Partial<Pipelines> = {}): Pipelines => ({
  providers: given.pipelines ? ['github'] : [],
  pipelines: [],
  problems: [],
  others: [],
  safety: [],
  defaultBranch: 'main',
  ...given,
})

/** No pipeline at all. */
export const noPipelines: Pipelines = examplePipelines()

/** One workflow of these jobs. */
export const withJobs = (...jobs: PipelineJob[]): Pipelines => examplePipelines({ pipelines: [exampleWorkflow(jobs)] })

const testJob = exampleJob('test', [
  exampleCommand('install', 12, 'npm ci', { manager: 'npm', frozen: true }),
  exampleCommand('test', 14, 'npm test'),
  exampleCommand('build', 15, 'npm run build → next build'),
])

const deployJob = (more: Partial<PipelineJob>): PipelineJob =>
  exampleJob(
    'deploy',
    [
      exampleCommand('deploy', 24, 'flyctl deploy --remote-only'),
      exampleCommand('smoke', 26, 'npx launch-ready deploy smoke'),
    ],
    { needs: ['test'], line: 18, environment: 'production', concurrency: true, ...more },
  )

/** The sound pipeline, its deploy job otherwise in this. */
export const deployingBy = (more: Partial<PipelineJob>): Pipelines => withJobs(testJob, deployJob(more))

/** The sound pipeline with these commands behind the deploy instead of its smoke test. */
export const deployThen = (...commands: PipelineCommand[]): Pipelines =>
  deployingBy({ commands: [exampleCommand('deploy', 24, 'flyctl deploy --remote-only'), ...commands] })

const faults: Readonly<Record<SafetyFault['fault'], { line: number; what: string }>> = {
  'script-injection': { line: 14, what: '${{ github.event.issue.title }}' },
  'pull-request-target': { line: 12, what: 'checkout of ${{ github.event.pull_request.head.sha }}' },
  'secret-echoed': { line: 22, what: 'echo of secrets.NPM_TOKEN' },
  'write-all': { line: 1, what: 'permissions: write-all' },
  'unpinned-action': { line: 20, what: 'superfly/flyctl-actions/setup-flyctl@master' },
}

/** The sound pipeline with one fault of safety in it; `deploys`: in the job that deploys. */
export const unsafe = (fault: SafetyFault['fault'], deploys = true): Pick<Pipelines, 'safety'> => ({
  safety: [{ fault, file: '.github/workflows/ci.yml', job: 'deploy', deploys, ...faults[fault] }],
})

/** Installs, tests and builds on every change; deploys behind that, one at a time, and asks the product afterwards. */
export const example: Pipelines = deployingBy({})
