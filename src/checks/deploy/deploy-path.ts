// The way to production: by itself, after the tests, one at a time, with secrets that belong to the environment.
import { ask, defineCheck, high, medium, pass, skip, unknown } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import { rollbackWays } from '../../data/platforms.ts'
import { byHand, noDeployment } from '../../facts/repo/deployment.example.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import { deployingBy, noPipelines } from '../../facts/repo/pipelines.example.ts'
import { productionOf } from '../../formats/repo/production.ts'
import type { Stack } from '../../formats/repo/stack-detect.ts'
import { faultEdit } from '../../formats/workflow/edit.ts'
import {
  deployFaults,
  deployJobs,
  deployPlaces,
  deploysPulls,
  isTriedAfter,
  jobsOf,
  onlyUploads,
  outrunsTests,
  systemOf,
} from '../../formats/workflow/jobs.ts'
import type { Pipelines, Place } from '../../formats/workflow/seen.ts'
import { assuming, evidenceOf, filesIn, unshown } from './places.ts'
import { type Deployed, deployByPipeline, nameEnvironment, oneAtATime, waitForTests } from './release-fixes.ts'

/** What people said in the config. */
type Answers = { by?: string; rollback?: string }

const data = (places: Deployed['places'], provider = 'github', ofPulls = false): Deployed => ({
  places,
  what: ofPulls ? 'Pull requests deploy with' : 'Any branch’s job can use',
  files: filesIn(places),
  system: systemOf(provider),
})

/** What deploys without a job of ours: a platform that watches the repository, or the config's word for it. */
const byItself = (deployment: Deployment, { by, rollback }: Answers): Evidence | null => {
  if (by) return textEvidence('config', `deploy.by: ${by}`)
  const platform = deployment.platforms.find(({ byPush }) => byPush)
  if (platform) return fileEvidence(platform.file, undefined, `${platform.name} deploys what is pushed`)
  return rollback && rollbackWays[rollback] ? textEvidence('config', `deploy.rollback: ${rollback}`) : null
}

const deployScripts = (scripts: Deployment['scripts']): Place[] =>
  scripts.filter(({ does }) => does === 'deploy').map(({ file, line, name }) => ({ file, line, text: name }))
const byScripts = (scripts: Place[]) =>
  assuming(
    { outcome: 'manual' as const, data: data(scripts), evidence: evidenceOf(scripts) },
    'that a person starts these scripts, and that they are how it reaches customers',
  )

const unseenGate = 'whether the branch that is deployed takes only what passed its tests'

const isServed = (packages: Stack['packages']): boolean =>
  packages.some(({ framework, language }) => framework !== null || language === 'static')

/** One fault of the jobs that deploy; in what others begin with, the deploy is an example of theirs. */
const faultOf = ({ fault, jobs }: ReturnType<typeof deployFaults>[number], pipelines: Pipelines, isOthers: boolean) => {
  const places = deployPlaces(jobs).map((place, at) => ({ ...place, ...faultEdit(fault, jobs[at]!) }))
  const deployed = data(places, jobs[0]!.pipeline.provider, jobs.some(deploysPulls))
  const found = { outcome: fault, data: deployed, evidence: evidenceOf(places) }
  if (fault !== 'not-gated') return isOthers ? { ...found, severity: 'low' as const } : found
  // Files in a bucket beside an image, and what is tried in a browser afterwards, may not reach customers yet.
  const isTried = jobs.every(job => isTriedAfter(pipelines, job)) || onlyUploads(jobs, pipelines)
  if (isOthers) return assuming(found, unshown.others)
  if (!jobs.some(job => outrunsTests(pipelines, job))) return assuming(found, unseenGate)
  return isTried ? { ...found, confidence: 'possible' as const } : found
}

const question = {
  id: 'deploy-by',
  text: 'What takes a change to production: a platform, a pipeline, a person?',
  answer: 'deploy.by',
}

export default defineCheck<Deployed>()({
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
    manual: high('Deploys are started by hand', deployByPipeline),
    'not-gated': high('Code is deployed without its tests: {files}', waitForTests, {
      why: 'A version whose tests fail reaches customers all the same.',
    }),
    'no-concurrency-guard': medium('Two deploys can run at once: {files}', oneAtATime, {
      why: 'The older of two versions may be the one that stays, or the two disturb each other.',
    }),
    'unprotected-environment': medium('{what} the production secrets: {files}', nameEnvironment, {
      why: 'Whoever may push a branch can read or use what opens production.',
    }),
    automatic: pass('Deploys run by themselves, after the tests'),
  },
  references: [
    'https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/control-deployments',
    'https://docs.gitlab.com/ci/resource_groups/',
  ],
  judge({ pipelines, deployment, stack, containers }, { target }) {
    const jobs = deployJobs(pipelines)
    const answers = (target.sections['deploy'] ?? {}) as Answers
    if (answers.by === 'users') return skip('each user runs it on a host of their own')
    const scripts = deployScripts(deployment.scripts)
    if (answers.by === 'hand')
      return { outcome: 'manual', data: data(scripts), evidence: [textEvidence('config', 'deploy.by: hand')] }
    if (jobs.length === 0) {
      const seen = byItself(deployment, answers)
      if (seen) return { outcome: 'automatic', data: data([]), evidence: [seen] }
      const served = isServed(stack.packages) || (containers.ok && containers.value.containers.length > 0)
      if (!served && deployment.platforms.length === 0)
        return skip('nothing here is a server or a site that would be deployed')
      if (pipelines.others.length)
        return unknown(`${pipelines.others[0]} belongs to a system that is not read here`, 'high')
      if (scripts.length === 0)
        return ask(question, 'Nothing in the repository deploys it, and platforms need no file there')
      // Whoever takes the images that a pipeline makes may do so by itself; the scripts may be of a part.
      if (jobsOf(pipelines).some(({ job }) => job.imageTags.length > 0))
        return ask(question, 'A pipeline builds images, and nothing here shows what takes them')
      return byScripts(scripts)
    }
    const isOthers = productionOf({ pipelines, deployment }, answers.by) === 'others'
    // Plain pages without a program have nothing that could be tested.
    const hasTests = stack.packages.length === 0 || stack.packages.some(({ language }) => language !== 'static')
    const found = deployFaults(pipelines, hasTests).map(one => faultOf(one, pipelines, isOthers))
    const places = deployPlaces(jobs)
    return found.length ? found : { outcome: 'automatic', data: data(places), evidence: evidenceOf(places) }
  },
  examples: [
    { name: 'needs the tests', facts: {}, expect: 'automatic' },
    { name: 'nothing says how', facts: { pipelines: noPipelines, deployment: noDeployment }, expect: 'unknown' },
    { name: 'by hand', facts: { pipelines: noPipelines, deployment: byHand }, expect: 'manual' },
    { name: 'beside the tests', facts: { pipelines: deployingBy({ needs: [] }) }, expect: 'not-gated' },
    { name: 'two at once', facts: { pipelines: deployingBy({ concurrency: false }) }, expect: 'no-concurrency-guard' },
    {
      name: 'pull requests deploy, too',
      facts: { pipelines: deployingBy({ environment: 'production', onPulls: true }) },
      expect: 'unprotected-environment',
    },
    {
      name: 'no environment',
      facts: { pipelines: deployingBy({ environment: null }) },
      expect: 'unprotected-environment',
    },
  ],
})
