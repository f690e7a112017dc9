// The way to production: by itself, after the tests, one at a time, with secrets that belong to the environment.
import type { Evidence } from '../../core/check.ts'
import { defineCheck, skip } from '../../core/check.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import { takesBranch } from '../../formats/workflow/model.ts'
import {
  deployJobs,
  evidenceOf,
  exampleDeed,
  exampleDeployment,
  exampleJob,
  examplePipelines,
  exampleWorkflow,
  filesIn,
  jobsBefore,
  type Place,
  stepsAt,
} from './places.ts'

type Data = { places: Place[]; files: string; provider: string }

const data = (places: Place[], provider = 'github'): Data => ({ places, files: filesIn(places), provider })

/** How each provider keeps two deploys from overlapping, and what names an environment. */
const words: Readonly<Record<string, { guard: string | null; environment: string | null }>> = {
  github: {
    guard: 'concurrency: { group: production, cancel-in-progress: false }',
    environment: 'environment: production',
  },
  gitlab: { guard: 'resource_group: production', environment: 'environment: { name: production }' },
  circleci: { guard: 'serial-group: << pipeline.project.slug >>/production', environment: 'context: production' },
  azure: { guard: 'lockBehavior: sequential', environment: 'a `deployment` job with `environment: production`' },
  buildkite: { guard: 'concurrency: 1 and concurrency_group: production', environment: null },
  bitbucket: { guard: 'deployment: production', environment: 'deployment: production' },
}

const tested = (pipelines: Pipelines, { pipeline, job }: ReturnType<typeof deployJobs>[number]): boolean => {
  const deploy = job.deeds.find(({ kind }) => kind === 'deploy')
  const here = job.deeds.some(
    ({ kind, line, step, mayFail }) =>
      kind === 'test' && !mayFail && (step < (deploy?.step ?? 0) || (step === deploy?.step && line <= deploy.line)),
  )
  if (
    here ||
    jobsBefore(pipeline, job).some(
      before => before.deeds.some(({ kind, mayFail }) => kind === 'test' && !mayFail) && !before.mayFail,
    )
  )
    return true
  // It runs after a workflow that tests, or when a person chose a release.
  const follows = pipelines.pipelines.some(
    other =>
      (pipeline.triggers.after.includes(other.name) || pipeline.triggers.after.includes(other.file)) &&
      other.jobs.some(({ deeds }) => deeds.some(({ kind }) => kind === 'test')),
  )
  // A branch of its own for releases takes what was tested on the main branch.
  const promoted =
    !takesBranch(pipeline.triggers.branches, pipelines.defaultBranch) &&
    pipelines.pipelines.some(other =>
      other.jobs.some(({ onMain, deeds }) => onMain && deeds.some(({ kind }) => kind === 'test')),
    )
  return follows || promoted || job.manual || (!pipeline.triggers.push && pipeline.triggers.after.length === 0)
}

const workflow = (more: Parameters<typeof exampleJob>[2], before = true) =>
  examplePipelines({
    pipelines: [
      exampleWorkflow([
        exampleJob('test', [exampleDeed('test', 14, 'npm test')]),
        exampleJob('deploy', [exampleDeed('deploy', 24, 'flyctl deploy --remote-only')], {
          needs: before ? ['test'] : [],
          line: 18,
          environment: 'production',
          concurrency: true,
          ...more,
        }),
      ]),
    ],
  })

type DeployJob = ReturnType<typeof deployJobs>[number]

const placesOf = (jobs: readonly DeployJob[]): Place[] =>
  jobs.map(({ pipeline, job }) => ({
    file: pipeline.file,
    line: job.line,
    text: job.deeds.find(({ kind }) => kind === 'deploy')?.text ?? job.id,
  }))

/** What deploys without a job of ours: a platform that watches the repository, or the config's word for it. */
const byItself = (deployment: Deployment, rollback: string | undefined): Evidence | null => {
  const platform = deployment.platforms.find(({ byPush }) => byPush)
  if (platform) return { label: platform.file, value: `${platform.name} deploys what is pushed` }
  return rollback && !/[./]/.test(rollback) ? { label: 'config', value: `deploy.rollback: ${rollback}` } : null
}

const scriptsOf = (deployment: Deployment): Place[] =>
  deployment.scripts.filter(({ does }) => does === 'deploy').map(({ file, line, name }) => ({ file, line, text: name }))

const unguarded = ({ pipeline, job }: DeployJob): boolean =>
  Boolean(words[pipeline.provider]?.guard) &&
  !job.concurrency &&
  !pipeline.concurrency &&
  pipeline.provider !== 'bitbucket'
const outsideEnvironment = ({ pipeline, job }: DeployJob): boolean =>
  Boolean(words[pipeline.provider]?.environment) && job.environment === null && pipeline.provider !== 'circleci'

export default defineCheck<Data>()({
  id: 'deploy-path',
  stage: 'deploy',
  on: 'repo',
  title: 'Deploys run by themselves, after the tests, one at a time',
  why: 'A deploy by hand depends on one person’s machine and memory. A job that deploys without needing the tests ships broken code; two at once can leave the older version running; without an environment every branch’s jobs can use the production secrets.',
  impact: { journey: 'operate', owner: 'Shipping depends on one person, and a broken version can reach customers.' },
  needs: ['pipelines', 'deployment', 'stack'],
  wants: ['containers'],
  signals: ['deploys-by-hand', 'bad-deploy', 'patched-by-hand'],
  checklist: { section: 'tests', order: 2, line: 'Deploys run by themselves, after the tests, one at a time' },
  outcomes: {
    manual: {
      status: 'fail',
      severity: 'high',
      title: 'Nothing in the repository deploys it: that is done by hand',
      fix: ({ places }) => ({
        summary: 'Let the pipeline deploy the main branch after the tests.',
        steps: [
          'Connect the repository to its platform, or add a deploy job that needs the test job.',
          ...stepsAt(places, ({ text }) => `${text} can become that job.`),
          'If a platform already deploys what is pushed, say so in the config: `deploy: { rollback: <platform> }`.',
        ],
        changes: [
          { kind: 'manual', step: 'Add a deploy job that needs the tests, or connect the platform to the repository.' },
        ],
        effortMinutes: 120,
      }),
    },
    'not-gated': {
      status: 'fail',
      severity: 'high',
      title: 'Code is deployed without its tests: {files}',
      fix: ({ places, provider }) => ({
        summary: 'Deploy only after the tests have passed.',
        steps: stepsAt(
          places,
          ({ text }) =>
            `\`${text}\` has to wait: ${provider === 'github' ? 'put the tests into a job of this workflow and write `needs: [test]` on the deploy job' : provider === 'circleci' ? 'write `requires: [test]`' : 'put it into a stage behind the tests'}.`,
        ),
        changes: places.map(({ file, line }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: make the deploy need the test job`,
        })),
        effortMinutes: 20,
      }),
    },
    'no-concurrency-guard': {
      status: 'fail',
      severity: 'medium',
      title: 'Two deploys can run at once: {files}',
      fix: ({ places, provider }) => ({
        summary: 'Let one deploy run at a time.',
        steps: stepsAt(places, () => `add \`${words[provider]?.guard}\` to the job.`),
        changes: places.map(({ file, line }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: add ${words[provider]?.guard}`,
        })),
        effortMinutes: 5,
      }),
    },
    'unprotected-environment': {
      status: 'fail',
      severity: 'medium',
      title: 'Any branch’s job can use the production secrets: {files}',
      fix: ({ places, provider }) => ({
        summary: 'Deploy from a named environment that holds its own secrets.',
        steps: [
          ...stepsAt(places, () => `add \`${words[provider]?.environment}\` to the job.`),
          'Move the production secrets into that environment and limit it to the main branch.',
        ],
        changes: places.map(({ file, line }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: add ${words[provider]?.environment}`,
        })),
        effortMinutes: 15,
      }),
    },
    automatic: { status: 'pass', title: 'Deploys run by themselves, after the tests' },
  },
  references: [
    'https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/control-deployments',
    'https://docs.gitlab.com/ci/resource_groups/',
  ],
  judge({ pipelines, deployment, stack, containers }, { target }) {
    const jobs = deployJobs(pipelines)
    if (jobs.length === 0) {
      const seen = byItself(deployment, (target.sections['deploy'] as { rollback?: string } | undefined)?.rollback)
      if (seen) return { outcome: 'automatic', data: data([]), evidence: [seen] }
      const served =
        stack.packages.some(({ framework, language }) => framework !== null || language === 'static') ||
        (containers.ok && containers.value.containers.length > 0) ||
        deployment.platforms.length > 0
      if (!served) return skip('nothing here is a server or a site that would be deployed')
      if (pipelines.others.length)
        return { unknown: `${pipelines.others[0]} belongs to a system that is not read here`, couldBe: 'high' }
      const scripts = scriptsOf(deployment)
      const looked = {
        label: 'looked for',
        value: 'a deploy job in the pipelines, a platform that deploys what is pushed',
      }
      return { outcome: 'manual', data: data(scripts), evidence: scripts.length ? evidenceOf(scripts) : [looked] }
    }
    // Plain pages without a program have nothing that could be tested.
    const plain = stack.packages.length > 0 && stack.packages.every(({ language }) => language === 'static')
    const kinds = [
      ['not-gated', plain ? [] : jobs.filter(one => !tested(pipelines, one))],
      ['no-concurrency-guard', jobs.filter(unguarded)],
      ['unprotected-environment', jobs.filter(outsideEnvironment)],
    ] as const
    const holds = kinds.flatMap(([outcome, list]) =>
      list.length
        ? [{ outcome, data: data(placesOf(list), list[0]!.pipeline.provider), evidence: evidenceOf(placesOf(list)) }]
        : [],
    )
    return holds.length
      ? holds
      : { outcome: 'automatic', data: data(placesOf(jobs)), evidence: evidenceOf(placesOf(jobs)) }
  },
  examples: [
    {
      name: 'needs the tests',
      facts: {
        pipelines: workflow({}),
        deployment: exampleDeployment(),
        stack: {
          packages: [],
          platforms: [],
          ci: [],
          containers: [],
          orms: [],
          databases: [],
          languages: [],
          monorepo: false,
          unreadable: [],
        },
      },
      expect: 'automatic',
    },
    {
      name: 'by hand',
      facts: {
        pipelines: examplePipelines(),
        deployment: exampleDeployment({
          platforms: [{ name: 'fly', file: 'fly.toml', byPush: false }],
          scripts: [{ file: 'package.json', line: 8, name: 'deploy', does: 'deploy' }],
        }),
        stack: {
          packages: [],
          platforms: [],
          ci: [],
          containers: [],
          orms: [],
          databases: [],
          languages: [],
          monorepo: false,
          unreadable: [],
        },
      },
      expect: 'manual',
    },
    {
      name: 'beside the tests',
      facts: {
        pipelines: workflow({}, false),
        deployment: exampleDeployment(),
        stack: {
          packages: [],
          platforms: [],
          ci: [],
          containers: [],
          orms: [],
          databases: [],
          languages: [],
          monorepo: false,
          unreadable: [],
        },
      },
      expect: 'not-gated',
    },
    {
      name: 'two at once',
      facts: {
        pipelines: workflow({ concurrency: false }),
        deployment: exampleDeployment(),
        stack: {
          packages: [],
          platforms: [],
          ci: [],
          containers: [],
          orms: [],
          databases: [],
          languages: [],
          monorepo: false,
          unreadable: [],
        },
      },
      expect: 'no-concurrency-guard',
    },
    {
      name: 'no environment',
      facts: {
        pipelines: workflow({ environment: null }),
        deployment: exampleDeployment(),
        stack: {
          packages: [],
          platforms: [],
          ci: [],
          containers: [],
          orms: [],
          databases: [],
          languages: [],
          monorepo: false,
          unreadable: [],
        },
      },
      expect: 'unprotected-environment',
    },
  ],
})
