// The way to production: by itself, after the tests, one at a time, with secrets that belong to the environment.
import type { Evidence } from '../../core/check.ts'
import { defineCheck, high, medium, pass, skip, unknown } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { fix, manual } from '../../core/fixes.ts'
import { ciSystems } from '../../data/ci-systems.ts'
import { noContainers } from '../../facts/repo/containers.example.ts'
import { exampleDeployment } from '../../facts/repo/deployment.example.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import { deployingBy, noPipelines } from '../../facts/repo/pipelines.example.ts'
import { deployJobs, deployPlaces, isTested, type JobSeen } from '../../formats/workflow/jobs.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { changesAt, evidenceOf, filesIn, stepsAt } from './places.ts'

type Data = { places: Place[]; files: string; provider: string }

const data = (places: Place[], provider = 'github'): Data => ({ places, files: filesIn(places), provider })

const systemOf = (provider: string) => ciSystems[provider] ?? ciSystems['github']!

/** What deploys without a job of ours: a platform that watches the repository, or the config's word for it. */
const byItself = (deployment: Deployment, rollback: string | undefined): Evidence | null => {
  const platform = deployment.platforms.find(({ byPush }) => byPush)
  if (platform) return fileEvidence(platform.file, undefined, `${platform.name} deploys what is pushed`)
  return rollback && !/[./]/.test(rollback) ? textEvidence('config', `deploy.rollback: ${rollback}`) : null
}

const scriptsOf = (deployment: Deployment): Place[] =>
  deployment.scripts.filter(({ does }) => does === 'deploy').map(({ file, line, name }) => ({ file, line, text: name }))

const isUnguarded = ({ pipeline, job }: JobSeen): boolean =>
  systemOf(pipeline.provider).guard !== null && !job.concurrency && !pipeline.concurrency
const isOutsideEnvironment = ({ pipeline, job }: JobSeen): boolean =>
  systemOf(pipeline.provider).environment !== null && job.environment === null

const looked = textEvidence('looked for', 'a deploy job in the pipelines, a platform that deploys what is pushed')

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
    manual: high('Nothing in the repository deploys it: that is done by hand', ({ places }) =>
      fix(
        'Let the pipeline deploy the main branch after the tests.',
        [manual('Add a deploy job that needs the tests, or connect the platform to the repository.')],
        [
          'Connect the repository to its platform, or add a deploy job that needs the test job.',
          ...stepsAt(places, ({ text }) => `${text} can become that job.`),
          'If a platform already deploys what is pushed, say so in the config: `deploy: { rollback: <platform> }`.',
        ],
        120,
      ),
    ),
    'not-gated': high('Code is deployed without its tests: {files}', ({ places, provider }) =>
      fix(
        'Deploy only after the tests have passed.',
        changesAt(places, () => 'make the deploy need the test job'),
        stepsAt(places, ({ text }) => `\`${text}\` has to wait: ${systemOf(provider).waits}.`),
        20,
      ),
    ),
    'no-concurrency-guard': medium('Two deploys can run at once: {files}', ({ places, provider }) =>
      fix(
        'Let one deploy run at a time.',
        changesAt(places, () => `add ${systemOf(provider).guard}`),
        stepsAt(places, () => `add \`${systemOf(provider).guard}\` to the job.`),
        5,
      ),
    ),
    'unprotected-environment': medium(
      'Any branch’s job can use the production secrets: {files}',
      ({ places, provider }) =>
        fix(
          'Deploy from a named environment that holds its own secrets.',
          changesAt(places, () => `add ${systemOf(provider).environment}`),
          [
            ...stepsAt(places, () => `add \`${systemOf(provider).environment}\` to the job.`),
            'Move the production secrets into that environment and limit it to the main branch.',
          ],
        ),
    ),
    automatic: pass('Deploys run by themselves, after the tests'),
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
        return unknown(`${pipelines.others[0]} belongs to a system that is not read here`, 'high')
      const scripts = scriptsOf(deployment)
      return { outcome: 'manual', data: data(scripts), evidence: scripts.length ? evidenceOf(scripts) : [looked] }
    }
    // Plain pages without a program have nothing that could be tested.
    const plain = stack.packages.length > 0 && stack.packages.every(({ language }) => language === 'static')
    const faults = [
      ['not-gated', plain ? [] : jobs.filter(one => !isTested(pipelines, one))],
      ['no-concurrency-guard', jobs.filter(isUnguarded)],
      ['unprotected-environment', jobs.filter(isOutsideEnvironment)],
    ] as const
    const found = faults.flatMap(([outcome, list]) => {
      const places = deployPlaces(list)
      return list.length
        ? [{ outcome, data: data(places, list[0]!.pipeline.provider), evidence: evidenceOf(places) }]
        : []
    })
    const places = deployPlaces(jobs)
    return found.length ? found : { outcome: 'automatic', data: data(places), evidence: evidenceOf(places) }
  },
  examples: [
    { name: 'needs the tests', facts: {}, expect: 'automatic' },
    {
      name: 'by hand',
      facts: {
        pipelines: noPipelines,
        containers: noContainers,
        deployment: exampleDeployment({
          platforms: [{ name: 'fly', file: 'fly.toml', byPush: false }],
          scripts: [{ file: 'package.json', line: 8, name: 'deploy', does: 'deploy' }],
        }),
      },
      expect: 'manual',
    },
    { name: 'beside the tests', facts: { pipelines: deployingBy({ needs: [] }) }, expect: 'not-gated' },
    {
      name: 'two at once',
      facts: { pipelines: deployingBy({ concurrency: false }) },
      expect: 'no-concurrency-guard',
    },
    {
      name: 'no environment',
      facts: { pipelines: deployingBy({ environment: null }) },
      expect: 'unprotected-environment',
    },
  ],
})
