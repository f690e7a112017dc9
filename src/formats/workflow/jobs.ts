// Rules over the jobs of pipelines: which of them deploy, what has to succeed before, and what looks at the product afterwards.
import { type CiSystem, ciSystems } from '../../data/ci-systems.ts'
import {
  isCalledDeploy,
  isForPages,
  isForStores,
  isInfrastructure,
  isOpaqueDeploy,
} from '../../data/deploy-commands.ts'
import { platformOfCommand } from '../../data/platforms.ts'
import { fileName } from '../repo/paths.ts'
import { isBlind } from './blind.ts'
import { languageOf } from './command-language.ts'
import { takesBranch } from './model.ts'
import type { PipelineCommand, PipelineJob, PipelineSeen, Pipelines, Place } from './seen.ts'

export type JobSeen = { pipeline: PipelineSeen; job: PipelineJob }

/** Every job of every pipeline file, with its pipeline. */
export const jobsOf = (pipelines: Pipelines): JobSeen[] =>
  pipelines.pipelines.flatMap(pipeline => pipeline.jobs.map(job => ({ pipeline, job })))

/** Jobs that put the code where customers are. A workflow that is only called is judged where it is called. */
export const deployJobs = (pipelines: Pipelines): JobSeen[] =>
  jobsOf(pipelines).filter(
    ({ pipeline, job }) => job.deploys && !(pipeline.triggers.called && pipeline.triggers.events.length === 1),
  )

const backWords = /roll-?_?back|revert/i

/** Whether a job takes a release back: that is no new one. */
export const takesBack = ({ pipeline, job }: JobSeen): boolean =>
  backWords.test(`${pipeline.file} ${pipeline.name} ${job.id}`)

/** Those among them that put it on servers: a store of apps asks and looks by itself. */
export const serverDeploys = (pipelines: Pipelines): JobSeen[] =>
  deployJobs(pipelines).filter(one => {
    if (takesBack(one)) return false
    const commands = one.job.commands.filter(({ kind }) => kind === 'deploy')
    return commands.length === 0 || !commands.every(({ text }) => isForStores(text))
  })

const someDeploy = ({ job }: JobSeen, is: (text: string) => boolean): boolean => {
  const commands = job.commands.filter(({ kind }) => kind === 'deploy')
  return commands.length === 0 || commands.some(({ text }) => is(text))
}

/** Whether the repository shows what a job's deploy does before new code answers. */
export const showsDeploy = (one: JobSeen): boolean =>
  someDeploy(one, text => !isOpaqueDeploy(text) && !isForPages(text))

/** Whether a job deploys by itself, and does not only call for it: then it knows when it is done. */
export const deploysItself = (one: JobSeen): boolean => someDeploy(one, text => !isCalledDeploy(text))

const uploads = /\b(?:gsutil|aws\s+s3|gcloud\s+storage|az\s+storage|rclone|s3cmd|b2)\b/
const fillBuckets = (jobs: readonly JobSeen[]): boolean =>
  jobs.every(one => !someDeploy(one, text => !uploads.test(text)))

/** Whether jobs only put files into a bucket while images are built beside: what runs the images is not here. */
export const onlyUploads = (jobs: readonly JobSeen[], pipelines: Pipelines): boolean =>
  fillBuckets(jobs) &&
  jobsOf(pipelines).some(({ job }) => job.commands.some(({ kind }) => kind === 'image') || job.imageTags.length > 0)

/** All jobs of the pipeline that must have succeeded before one, however far. */
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

/** Where each job deploys: the command that does, at its line. */
export const deployPlaces = (jobs: readonly JobSeen[]): Place[] =>
  jobs.map(({ pipeline, job }) => {
    const command = job.commands.find(({ kind }) => kind === 'deploy')
    return { file: pipeline.file, line: command?.line ?? job.line, text: command?.text ?? job.id }
  })

/** Platforms that the deploy jobs name, the first job's first. */
export const deployedTo = (pipelines: Pipelines): string[] => [
  ...new Set(deployPlaces(deployJobs(pipelines)).flatMap(({ text }) => platformOfCommand(text) ?? [])),
]

const isTest = ({ kind }: PipelineCommand): boolean => kind === 'test'
const isGate = (command: PipelineCommand): boolean => isTest(command) && !command.mayFail

/** A job that its makers call a test tests, by whatever commands: of a cluster, of a server. */
const isNamedTest = ({ id }: PipelineJob): boolean => /(?:^|[-_])tests?(?:[-_]|$)/i.test(id)

/** Whether `one` stands in a later step than `other`, or further down in the same one. */
const isBehind = (one: PipelineCommand, other: PipelineCommand): boolean =>
  one.step > other.step || (one.step === other.step && one.line > other.line)

/** Pipelines that run when this one has run (`workflow_run` names it by its name or file). */
const isAfter = (later: PipelineSeen, pipeline: PipelineSeen): boolean =>
  later.triggers.after.includes(pipeline.name) || later.triggers.after.includes(pipeline.file)

const testsBefore = ({ pipeline, job }: JobSeen): boolean => {
  const deploy = job.commands.find(({ kind }) => kind === 'deploy')
  return (
    job.commands.some(command => isGate(command) && deploy !== undefined && !isBehind(command, deploy)) ||
    (!job.runsAnyway &&
      jobsBefore(pipeline, job).some(
        before => (before.commands.some(isGate) || isNamedTest(before)) && !before.mayFail,
      ))
  )
}

/** An environment that is chosen by a tag: a push to a branch goes elsewhere. */
const byTag = /\brefs\/tags\b|\bref_type\b[^\n]{0,20}\btag\b/

/**
 * Whether a deploy waits for tests: in its own job, in one that it needs, in a workflow that it follows, on the branch
 * that it takes its releases from; a person's choice of a release counts too.
 */
export const isTested = (pipelines: Pipelines, one: JobSeen): boolean => {
  if (testsBefore(one)) return true
  const { pipeline, job } = one
  const follows = pipelines.pipelines.some(
    other => isAfter(pipeline, other) && other.jobs.some(({ commands }) => commands.some(isTest)),
  )
  // A branch of its own for releases takes what was tested on the main branch.
  const isAside =
    [pipeline.triggers.branches, job.branches ?? null].some(
      branches => !takesBranch(branches, pipelines.defaultBranch),
    ) || byTag.test(job.environment ?? '')
  const promoted =
    isAside &&
    pipelines.pipelines.some(other => other.jobs.some(({ onMain, commands }) => onMain && commands.some(isTest)))
  // What comes to a branch by a queue was tested by it.
  const queued = pipelines.pipelines.some(
    other => other.triggers.events.includes('merge_group') && other.jobs.some(({ commands }) => commands.some(isGate)),
  )
  const isChosen = startsFor(pipeline, namesVersion) || appliesMachines(one)
  return (
    follows ||
    promoted ||
    queued ||
    isChosen ||
    job.manual ||
    (!pipeline.triggers.push && pipeline.triggers.after.length === 0)
  )
}

/**
 * Whether tests run for the very push that a job deploys, and the deploy does not wait for them. Where tests run for pull requests alone, the
 * branch may take nothing that failed them: that is a setting of the service, and not in the repository.
 */
export const outrunsTests = (pipelines: Pipelines, one: JobSeen): boolean =>
  pipelines.pipelines.some(
    other =>
      (other === one.pipeline || other.triggers.push) &&
      other.jobs.some(
        ({ onMain, manual, commands }) =>
          onMain && !manual && commands.some(command => isTest(command) && isOf(one, command)),
      ),
  )

/** Whether a test may be of what a job deploys: not where the one is built in one language and the other is run in another. */
const isOf = ({ pipeline, job }: JobSeen, test: PipelineCommand): boolean => {
  const built = [job, ...jobsBefore(pipeline, job)]
    .flatMap(({ commands }) => commands)
    .flatMap(({ kind, text }) => (kind === 'install' || kind === 'build' ? (languageOf(text) ?? []) : []))
  const tested = languageOf(test.text)
  return built.length === 0 || tested === null || built.includes(tested)
}

/** How the system of a pipeline file writes what a deploy needs. */
export const systemOf = (provider: string): CiSystem => ciSystems[provider] ?? ciSystems['github']!

const rehearsal = /(?:^|[^a-z])(?:staging|stage|stg|preview|qa|uat|pre-?prod(?:uction)?)(?:[^a-z]|$)/i
const production = /(?:^|[^a-z-])(?:prod|production|live)(?:[^a-z]|$)/i

const saidOf = ({ job }: JobSeen): string =>
  [job.id, job.environment ?? '', ...job.commands.filter(({ kind }) => kind === 'deploy').map(({ text }) => text)]
    .join(' ')
    // Where a script lies says nothing of where it deploys to.
    .replace(/(?:[\w.-]{1,80}\/){1,8}(?=[\w.-]{1,80}\.sh\b)/g, '')

/** Whether a job deploys to where a release is tried before customers get it, as its environment and its commands name the place. */
export const isRehearsal = (one: JobSeen): boolean => {
  const { job } = one
  const deploys = job.commands.filter(({ kind }) => kind === 'deploy').map(({ text }) => text)
  const said = saidOf(one)
  const named = job.environment ? [job.environment] : deploys
  const isNamed = named.length > 0 && named.every(text => rehearsal.test(text))
  return !production.test(said) && (isNamed || (!job.environment && rehearsal.test(job.id)))
}

/** Files that only say which version runs where: who changes one chooses a release. */
const namesVersion = /^\.github\/|(?:^|\/)[\w.-]*(?:version|manifest|release|image-?tag)[\w.-]*(?:\/|$)/i
/** Folders of what describes machines and services. */
const ofMachines =
  /(?:^|\/)(?:terraform|terragrunt|pulumi|infra(?:structure)?|iac|config|aws|ansible)(?:\/|$)|\.(?:tf|tfvars|hcl)$/i

/** Whether a pipeline starts for changes of such files alone. */
const startsFor = ({ triggers: { paths } }: PipelineSeen, is: RegExp): boolean => {
  const changed = (paths ?? []).filter(path => !path.startsWith('!'))
  const own = changed.filter(path => !path.startsWith('.github/workflows/'))
  return own.length > 0 && own.every(path => is.test(path))
}

/** Whether a job only brings machines and services in line when their description changes: the product comes another way. */
export const appliesMachines = ({ pipeline, job }: JobSeen): boolean => {
  const deploys = job.commands.filter(({ kind }) => kind === 'deploy')
  return deploys.every(({ text }) => isInfrastructure(text)) && startsFor(pipeline, ofMachines)
}

const development = /(?:^|[^a-z])(?:dev|develop|development|sandbox)(?:[^a-z]|$)/i
const ofDevelopment = /^(?:dev|develop|development)$/i

/** Whether a job deploys what is being developed, as its file, its names or its branch say. */
const deploysDevelopment = (one: JobSeen): boolean => {
  const { pipeline, job } = one
  const branches = job.branches ?? pipeline.triggers.branches
  const names = [fileName(pipeline.file), pipeline.name, saidOf(one)].join(' ').replace(/([a-z])(?=[A-Z])/g, '$1 ')
  return (
    !production.test(names) &&
    (development.test(names) || branches?.every(branch => ofDevelopment.test(branch)) === true)
  )
}

/** Whether a job deploys to where developers look, and another to where customers are. */
const isForDevelopers = (one: JobSeen, jobs: readonly JobSeen[]): boolean =>
  deploysDevelopment(one) && jobs.some(other => !deploysDevelopment(other) && !isRehearsal(other))

/** Whether pull requests, which nobody has taken yet, deploy to what is named production. */
export const deploysPulls = (one: JobSeen): boolean => one.job.onPulls === true && production.test(saidOf(one))

const inBrowser = /e2e|end-?to-?end|cypress|playwright|selenium|acceptance/i

/** Whether what was deployed is then tested in a browser: where that can fail, customers come later. */
export const isTriedAfter = (pipelines: Pipelines, one: JobSeen): boolean =>
  askedBehind(pipelines, one).some(({ command }) => isTest(command) && inBrowser.test(command.text))

/** What is wrong with a job that deploys: it does not wait for tests, two can overlap, its secrets are every branch's. */
export type DeployFault = 'not-gated' | 'no-concurrency-guard' | 'unprotected-environment'

/** The deploy jobs of each fault; faults without one are left out. `hasTests` false: there is no program that could be tested. */
export const deployFaults = (pipelines: Pipelines, hasTests: boolean): { fault: DeployFault; jobs: JobSeen[] }[] => {
  const jobs = deployJobs(pipelines)
  const faults: { fault: DeployFault; jobs: JobSeen[] }[] = [
    {
      fault: 'not-gated',
      jobs: hasTests
        ? jobs.filter(one => !isTested(pipelines, one) && !isRehearsal(one) && !isForDevelopers(one, jobs))
        : [],
    },
    {
      fault: 'no-concurrency-guard',
      jobs: jobs.filter(
        ({ pipeline, job }) => systemOf(pipeline.provider).guard && !job.concurrency && !pipeline.concurrency,
      ),
    },
    {
      fault: 'unprotected-environment',
      jobs: jobs.filter(
        one => (systemOf(one.pipeline.provider).environment && one.job.environment === null) || deploysPulls(one),
      ),
    },
  ]
  return faults.filter(one => one.jobs.length > 0)
}

/** A check of the running product; `fails`: a bad answer stops the job. */
export type DeployCheck = Place & { fails: boolean; patch?: string }

type Asked = { file: string; command: PipelineCommand; mayFail: boolean }

const isSmoke = ({ kind }: PipelineCommand): boolean => kind === 'smoke'
const isLook = (command: PipelineCommand): boolean => isSmoke(command) || isTest(command)

const askedIn = (pipeline: PipelineSeen, job: PipelineJob, counts: (command: PipelineCommand) => boolean): Asked[] =>
  job.commands.filter(counts).map(command => ({ file: pipeline.file, command, mayFail: job.mayFail }))

const askedBehind = (pipelines: Pipelines, { pipeline, job }: JobSeen): Asked[] => {
  const deploy = job.commands.find(({ kind }) => kind === 'deploy')!
  return [
    ...askedIn(pipeline, job, command => isLook(command) && isBehind(command, deploy)),
    ...pipeline.jobs
      .filter(other => jobsBefore(pipeline, other).some(({ id }) => id === job.id))
      .flatMap(later => askedIn(pipeline, later, isLook)),
    ...pipelines.pipelines
      .filter(other => isAfter(other, pipeline))
      .flatMap(other => other.jobs.flatMap(inner => askedIn(other, inner, isSmoke))),
  ]
}

/**
 * What asks the running product after a deploy, each place once. `byPush`: a platform deploys what is pushed; then a job
 * that asks the product after a push comes after the deploy.
 */
export const checksAfterDeploy = (pipelines: Pipelines, byPush: boolean): DeployCheck[] => {
  const jobs = serverDeploys(pipelines)
  const asked = [
    ...jobs.flatMap(one => askedBehind(pipelines, one)),
    // A platform that deploys by itself says so with an event.
    ...jobsOf(pipelines)
      .filter(({ pipeline }) => pipeline.triggers.deployment)
      .flatMap(({ pipeline, job }) => askedIn(pipeline, job, isLook)),
    ...jobsOf(pipelines)
      .filter(({ pipeline: { triggers } }) => byPush && jobs.length === 0 && (triggers.push || triggers.after.length))
      .flatMap(({ pipeline, job }) => askedIn(pipeline, job, isSmoke)),
  ]
  const found = asked.map(({ file, command, mayFail }): [string, DeployCheck] => [
    `${file}:${command.line}`,
    {
      ...{ file, line: command.line, text: command.text },
      fails: !mayFail && !command.mayFail && !isBlind(command),
      ...(command.patch === undefined || mayFail ? {} : { patch: command.patch }),
    },
  ])
  return [...new Map(found).values()]
}

const isMovingTag = (tag: string): boolean =>
  !/:[^/]*$/.test(tag) || /:(?:latest|prod|production|main|master|stable)$/.test(tag)

/** A command that hands manifests to a cluster, and one that puts a tag into them first. */
const appliesManifests = /\bkubectl\b.{0,200}\b(?:apply|replace|rollout)\b|\bkustomize\s+build\b|\bk8s-deploy\b/
const setsImage = /\bset\s+image\b|\bsed\b|\byq\b|\benvsubst\b|\bkustomize\s+edit\b|\bhelm\b|images?:\s/

/** Images of the product's own that manifests start by a tag which moves, where a pipeline hands the manifests over as they are. */
const movingManifests = (pipelines: Pipelines, images: readonly Place[]): Place[] => {
  const texts = jobsOf(pipelines).flatMap(({ job }) => job.commands.map(({ text }) => text))
  if (!texts.some(text => appliesManifests.test(text)) || texts.some(text => setsImage.test(text))) return []
  return images.filter(({ text }) => text.includes('/') && !text.includes('@sha256:') && isMovingTag(text))
}

/**
 * Jobs that tag images: `moving` are those whose every tag is overwritten by the next release, `kept` whether any other is. What manifests
 * start decides, where they name an image.
 */
export const imageReleases = (
  pipelines: Pipelines,
  images: readonly Place[] = [],
): { kept: boolean; moving: Place[] } => {
  const started = movingManifests(pipelines, images)
  if (started.length > 0) return { kept: false, moving: started }
  const tagged = jobsOf(pipelines).filter(({ job }) => job.imageTags.length > 0)
  const moving = tagged.filter(({ job }) => job.imageTags.every(isMovingTag))
  return {
    kept: tagged.length > moving.length,
    moving: moving.map(({ pipeline, job }) => ({
      file: pipeline.file,
      line: job.commands.find(({ kind }) => kind === 'image')?.line ?? job.line,
      text: job.imageTags[0]!,
    })),
  }
}

/** Why the pipelines cannot tell whether tests run; null when they can. `tests`: some were found; else another system may run them. */
export const unreadableReason = ({ pipelines, others, problems }: Pipelines, tests: boolean): string | null => {
  if (!tests && others.length) return `${others[0]} belongs to a system that is not read here`
  const problem = problems[0]
  if (pipelines.length === 0 && problem) return `${problem.file}:${problem.line} cannot be read: ${problem.text}`
  const included = tests ? undefined : pipelines.find(({ includes }) => includes.length > 0)
  return included ? `${included.file} takes in ${included.includes[0]}, which is not in the repository` : null
}
