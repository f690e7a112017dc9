// Something other than a person runs the tests whenever the code changes.
import { defineCheck, high, medium, pass, skip, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { deployedBy } from '../../core/target.ts'
import { exampleCommand, exampleJob, noPipelines, withJobs } from '../../facts/repo/pipelines.example.ts'
import { productionOf } from '../../formats/repo/production.ts'
import type { Language, Stack } from '../../formats/repo/stack-detect.ts'
import { installingJob, stepPatch } from '../../formats/workflow/edit.ts'
import { jobsOf, unreadableReason } from '../../formats/workflow/jobs.ts'
import type { Pipelines, Place } from '../../formats/workflow/seen.ts'
import { testCommand, testedLanguage } from '../../formats/workflow/starter.ts'
import { assuming, evidenceOf, filesRead, unshown } from './places.ts'
import { addWorkflow, runTests, type Tested, testOnMain } from './release-fixes.ts'

const looked = textEvidence(
  'looked for',
  '.github/workflows, .gitlab-ci.yml, bitbucket-pipelines.yml, .circleci, azure-pipelines.yml, .buildkite',
)

/** The diff that puts the tests behind the install of a job, where a script runs them. */
const testStep = (
  pipelines: Pipelines,
  { packages }: Stack,
  language: Language,
): Pick<Tested, 'patch'> & { file?: string } => {
  const job = installingJob(pipelines)
  const runs = language !== 'javascript' || packages.some(({ path, scripts }) => path === '' && scripts['test'])
  return job && runs ? { file: job.pipeline.file, patch: stepPatch(job, [`- run: ${testCommand(language)}`]) } : {}
}

/** Commands that run tests; `fails`: a failure of theirs stops the job and is seen. */
const testsOf = (pipelines: Pipelines) =>
  jobsOf(pipelines).flatMap(({ pipeline, job }) =>
    job.commands
      .filter(({ kind }) => kind === 'test')
      .map(({ line, text, mayFail }) => ({
        ...{ file: pipeline.file, line, text, onMain: job.onMain },
        fails: !mayFail && !job.mayFail,
      })),
  )

export default defineCheck<Tested>()({
  id: 'continuous-integration',
  stage: 'deploy',
  on: 'repo',
  title: 'Tests run by themselves on every change',
  why: 'Tests that somebody has to remember are not run on the day that matters. Judged on the pipelines of GitHub, GitLab, Bitbucket, CircleCI, Azure and Buildkite: one of their jobs has to run tests on pushes to the main branch or on pull requests. Scripts that a step calls are followed. Tests whose failure is ignored (`|| true`, continue-on-error, allow_failure) stop nothing.',
  impact: { journey: 'operate', owner: 'A change can break signup or billing and nobody notices before customers do.' },
  needs: ['pipelines', 'stack', 'deployment'],
  signals: ['deploys-by-hand', 'patched-by-hand'],
  checklist: { section: 'tests', order: 1, line: 'Tests run on every change' },
  outcomes: {
    none: high('Nothing tests a change before it is shipped', addWorkflow),
    'no-tests': medium('The pipeline runs, but no test can stop a change: {file}', runTests),
    'not-on-main': medium('Tests do not run for {branch} or for pull requests', testOnMain),
    runs: pass('Tests run on every change'),
  },
  references: [
    'https://docs.github.com/actions/get-started/continuous-integration',
    'https://docs.gitlab.com/ci/yaml/',
  ],
  judge({ pipelines, stack, deployment }, { target }) {
    const language = testedLanguage(stack.languages)
    const data = (places: Place[], file = ''): Tested => ({ places, file, branch: pipelines.defaultBranch, language })
    const run = testsOf(pipelines)
    const why = unreadableReason(pipelines, run.length > 0)
    if (why) return unknown(why, 'high')
    const tests = run.filter(one => one.fails)
    if (run[0] && tests.length === 0)
      return {
        outcome: 'no-tests',
        data: { ...data(run, run[0].file), ignored: true as const },
        evidence: evidenceOf(run),
      }
    if (tests.length === 0) {
      const first = pipelines.pipelines[0]
      if (!first && stack.packages.length === 0) return skip('no program in this repository')
      if (language === null) return skip('a static site without a build has nothing to test')
      const without = { outcome: 'none' as const, data: data([]), evidence: [looked] }
      // Without a pipeline and without anything that deploys it, nothing tells a product from an exercise.
      const production = productionOf({ pipelines, deployment }, deployedBy(target))
      return first
        ? {
            outcome: 'no-tests',
            data: { ...data([], first.file), ...testStep(pipelines, stack, language) },
            evidence: [filesRead(pipelines.pipelines)],
          }
        : production === 'shown'
          ? without
          : assuming(without, unshown[production])
    }
    const onMain = tests.filter(one => one.onMain)
    return onMain.length
      ? { outcome: 'runs', data: data(tests), evidence: evidenceOf(onMain) }
      : { outcome: 'not-on-main', data: data(tests, tests[0]!.file), evidence: evidenceOf(tests) }
  },
  examples: [
    { name: 'tests on main and pull requests', facts: {}, expect: 'runs' },
    { name: 'no pipeline', facts: { pipelines: noPipelines }, expect: 'none' },
    { name: 'only lint', facts: { pipelines: withJobs(exampleJob('lint', [])) }, expect: 'no-tests' },
    {
      name: 'its failure is ignored',
      facts: {
        pipelines: withJobs(exampleJob('test', [{ ...exampleCommand('test', 9, 'npm test || true'), mayFail: true }])),
      },
      expect: 'no-tests',
    },
    {
      name: 'only by hand',
      facts: {
        pipelines: withJobs(exampleJob('test', [exampleCommand('test', 9, 'pytest')], { onMain: false })),
      },
      expect: 'not-on-main',
    },
  ],
})
