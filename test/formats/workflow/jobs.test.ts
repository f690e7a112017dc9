// Rules over jobs: which deploy, what they wait for, what looks at the product afterwards.
import { describe, expect, it } from 'vitest'
import {
  deployingBy,
  deployThen,
  exampleCommand,
  exampleJob,
  examplePipelines,
  exampleWorkflow,
  noPipelines,
  withJobs,
} from '../../../src/facts/repo/pipelines.example.ts'
import {
  checksAfterDeploy,
  deployFaults,
  deployJobs,
  deployPlaces,
  imageReleases,
  isTested,
  jobsBefore,
  unreadableReason,
} from '../../../src/formats/workflow/jobs.ts'
import { noTriggers } from '../../../src/formats/workflow/model.ts'
import type { PipelineCommand, PipelineJob, PipelineSeen, Pipelines } from '../../../src/formats/workflow/seen.ts'

const deploy = exampleCommand('deploy', 24, 'flyctl deploy')
const test = exampleCommand('test', 10, 'npm test')
const smoke = (text: string, more: Partial<PipelineCommand> = {}) => exampleCommand('smoke', 30, text, more)
const job = (commands: PipelineCommand[], more: Partial<PipelineJob> = {}) => exampleJob('deploy', commands, more)
const of = (jobs: PipelineJob[], more: Partial<PipelineSeen> = {}, ...others: PipelineSeen[]): Pipelines =>
  examplePipelines({ pipelines: [exampleWorkflow(jobs, more), ...others] })
const other = (jobs: PipelineJob[], more: Partial<PipelineSeen>): PipelineSeen =>
  exampleWorkflow(jobs, { file: 'other.yml', name: 'Other', ...more })

describe('jobs', () => {
  it('are found before one, however far, circles and all', () => {
    const jobs = ['a', 'b', 'c'].map((id, at) =>
      exampleJob(id, [], { needs: at ? ['a', 'b', 'c'].slice(at - 1, at) : [] }),
    )
    const circle = exampleWorkflow([exampleJob('x', [], { needs: ['y'] }), exampleJob('y', [], { needs: ['x'] })])
    expect(jobsBefore(exampleWorkflow(jobs), jobs[2]!).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(jobsBefore(circle, circle.jobs[0]!).map(({ id }) => id)).toEqual(['x', 'y'])
  })

  it('deploy, unless the workflow is only called', () => {
    const called = { ...noTriggers, called: true, events: ['workflow_call'] }
    expect(deployPlaces(deployJobs(of([job([deploy])])))).toEqual([
      { file: '.github/workflows/ci.yml', line: 24, text: 'flyctl deploy' },
    ])
    expect(deployJobs(of([job([deploy])], { triggers: called }))).toEqual([])
    expect(deployJobs(noPipelines)).toEqual([])
  })

  const push = { ...noTriggers, push: true, branches: ['main'], events: ['push'] }
  it.each<[string, boolean, Pipelines]>([
    ['a test before it in the job', true, of([job([test, deploy])], { triggers: push })],
    ['a test behind it', false, of([job([deploy, { ...test, line: 40, step: 40 }])], { triggers: push })],
    ['a test that may fail', false, of([job([{ ...test, mayFail: true }, deploy])], { triggers: push })],
    [
      'a test job that it needs',
      true,
      of([exampleJob('test', [test]), job([deploy], { needs: ['test'] })], { triggers: push }),
    ],
    [
      'a test job that may fail',
      false,
      of([exampleJob('test', [test], { mayFail: true }), job([deploy], { needs: ['test'] })], { triggers: push }),
    ],
    [
      'a test job that it needs, whatever became of it',
      false,
      of([exampleJob('test', [test]), job([deploy], { needs: ['test'], runsAnyway: true })], { triggers: push }),
    ],
    ['a test job beside it', false, of([exampleJob('test', [test]), job([deploy])], { triggers: push })],
    [
      'a workflow that it follows',
      true,
      of([job([deploy])], { triggers: { ...noTriggers, after: ['Other'] } }, other([exampleJob('test', [test])], {})),
    ],
    [
      'a branch for releases',
      true,
      of([job([deploy])], { triggers: { ...push, branches: ['release'] } }, other([exampleJob('test', [test])], {})),
    ],
    ['a person who chooses', true, of([job([deploy], { manual: true })], { triggers: push })],
    ['a tag', true, of([job([deploy])], { triggers: { ...noTriggers, tags: true } })],
  ])('wait for tests: %s (%s)', (_name, expected, pipelines) => {
    expect(isTested(pipelines, deployJobs(pipelines)[0]!)).toBe(expected)
  })

  it.each<[string, string[], Pipelines, boolean]>([
    ['nothing', [], deployingBy({}), true],
    ['no tests', ['not-gated'], deployingBy({ needs: [] }), true],
    ['no tests, where there is nothing to test', [], deployingBy({ needs: [] }), false],
    [
      'no guard, no environment',
      ['no-concurrency-guard', 'unprotected-environment'],
      deployingBy({ concurrency: false, environment: null }),
      true,
    ],
    [
      'CircleCI has contexts',
      [],
      examplePipelines({
        pipelines: [exampleWorkflow([job([test, deploy], { concurrency: true })], { provider: 'circleci' })],
      }),
      true,
    ],
    [
      'Bitbucket waits by itself',
      [],
      examplePipelines({
        pipelines: [exampleWorkflow([job([test, deploy], { environment: 'production' })], { provider: 'bitbucket' })],
      }),
      true,
    ],
  ])('have faults: %s', (_name, expected, pipelines, hasTests) => {
    expect(deployFaults(pipelines, hasTests).map(({ fault }) => fault)).toEqual(expected)
  })
})

describe('checks after a deploy', () => {
  const thenAsked = (text: string, more: Partial<PipelineCommand> = {}) => deployThen(smoke(text, more))
  it.each<[string, boolean[], Pipelines, boolean]>([
    ['none', [], deployThen(), false],
    ['curl that fails', [true], thenAsked('curl -fsS https://x.example'), false],
    ['curl that does not', [false], thenAsked('curl -s https://x.example'), false],
    ['curl whose status is compared', [true], thenAsked('curl -so /dev/null -w %{http_code} https://x.example'), false],
    ['followed', [false], thenAsked('npm run look → curl https://x.example'), false],
    ['allowed to fail', [false], thenAsked('launch-ready deploy smoke', { mayFail: true }), false],
    ['before the deploy', [], deployThen(smoke('launch-ready deploy smoke', { line: 2, step: 2 })), false],
    [
      'in a later job',
      [true],
      withJobs(job([deploy]), exampleJob('look', [smoke('k6 run')], { needs: ['deploy'] })),
      false,
    ],
    [
      'in a later job that may fail',
      [false],
      withJobs(job([deploy]), exampleJob('look', [smoke('k6 run')], { needs: ['deploy'], mayFail: true })),
      false,
    ],
    [
      'in a workflow that follows',
      [true],
      of(
        [job([deploy])],
        {},
        other([exampleJob('look', [smoke('k6 run')])], { triggers: { ...noTriggers, after: ['CI'] } }),
      ),
      false,
    ],
    [
      'on the event of a platform',
      [true],
      of([exampleJob('look', [test])], { triggers: { ...noTriggers, deployment: true } }),
      true,
    ],
    ['after a push that a platform deploys', [true], withJobs(exampleJob('look', [smoke('k6 run')])), true],
    ['after a push that nobody deploys', [], withJobs(exampleJob('look', [smoke('k6 run')])), false],
  ])('%s', (_name, expected, pipelines, byPush) => {
    expect(checksAfterDeploy(pipelines, byPush).map(({ fails }) => fails)).toEqual(expected)
  })
})

describe('image tags and reasons', () => {
  const tagged = (...imageTags: string[]) => withJobs(exampleJob('image', [], { imageTags }))
  it.each<[string, boolean, number, Pipelines]>([
    ['none', false, 0, tagged()],
    ['latest alone', false, 1, tagged('acme/shop:latest')],
    ['no tag', false, 1, tagged('acme/shop')],
    ['a commit', true, 0, tagged('acme/shop:${{ github.sha }}')],
    ['latest and a commit', true, 0, tagged('acme/shop:latest', 'acme/shop:1.2.3')],
    ['a registry with a port', false, 1, tagged('registry.example:5000/shop:main')],
  ])('%s', (_name, kept, moving, pipelines) => {
    const releases = imageReleases(pipelines)
    expect([releases.kept, releases.moving.length]).toEqual([kept, moving])
  })

  it('say why nothing can be said', () => {
    const included = examplePipelines({ pipelines: [exampleWorkflow([], { includes: ['a/template'] })] })
    expect(unreadableReason(noPipelines, false)).toBeNull()
    expect(unreadableReason({ ...noPipelines, others: ['Jenkinsfile'] }, false)).toMatch(/^Jenkinsfile belongs/)
    expect(unreadableReason({ ...noPipelines, problems: [{ file: 'a.yml', line: 3, text: 'no' }] }, false)).toBe(
      'a.yml:3 cannot be read: no',
    )
    expect(unreadableReason(included, false)).toMatch(/takes in a\/template/)
    expect(unreadableReason(included, true)).toBeNull()
  })
})
