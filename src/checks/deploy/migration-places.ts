// Where a repository runs its migrations or pushes its schema: pipelines, platforms, images and code. Shared by the checks of migrations.

import type { Confidence } from '../../core/severity.ts'
import type { CodeSigns } from '../../facts/repo/code-signs.ts'
import type { Containers } from '../../facts/repo/containers.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { Migrations } from '../../facts/repo/migrations.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import type { Orm } from '../../formats/migrations/model.ts'
import { toolIn } from '../../formats/migrations/runners.ts'
import { onlyAdds } from '../../formats/migrations/tool-commands.ts'
import { productionOf } from '../../formats/repo/production.ts'
import type { PipelineSeen } from '../../formats/workflow/seen.ts'
import { deployJobs, jobsBefore, type Place } from './places.ts'

type Kind = 'migrate' | 'push-schema'
type Command = { kind: string; line: number; text: string }

/** Migrations before and after the moment at which new code begins to answer. */
export type Order = { early: Place[]; late: Place[] }

/** What lays a whole schema into a database that is empty. Beside migrations it is for the first start alone: they do the rest. */
const laysSchema = /\bdb:(?:schema|structure):load\b/

/** `beside`: what else the same file runs, each command told by itself. */
const of = (
  kind: Kind,
  file: string,
  commands: readonly Command[],
  beside: readonly { kind: string }[] = [],
): Place[] => {
  const isMigrated = kind === 'push-schema' && [...commands, ...beside].some(command => command.kind === 'migrate')
  return commands
    .filter(command => command.kind === kind && !(isMigrated && laysSchema.test(command.text)))
    .map(({ line, text }) => ({ file, line, text }))
}

const inImages = (kind: Kind, { containers }: Containers): Place[] =>
  containers.flatMap(({ file, commands: own }) =>
    of(
      kind,
      file,
      own.filter(({ phase }) => phase === 'start'),
    ),
  )

/** What platforms run in these phases; all phases where none is given. The line is that of the setting. */
const onPlatforms = (kind: Kind, { commands }: Deployment, phases?: readonly string[]): Place[] =>
  commands
    .filter(({ phase }) => phases === undefined || phases.includes(phase))
    .flatMap(({ file, line, commands: own }) =>
      of(
        kind,
        file,
        own.map(one => ({ ...one, line })),
        commands.filter(one => one.file === file).flatMap(one => one.commands),
      ),
    )

/** Places where the schema is pushed into a database that customers use. */
export const pushesOf = (pipelines: Pipelines, containers: Containers, deployment: Deployment): Place[] => [
  ...deployJobs(pipelines).flatMap(({ pipeline, job }) => of('push-schema', pipeline.file, job.commands)),
  ...inImages('push-schema', containers),
  ...onPlatforms('push-schema', deployment),
]

/**
 * Whether every push stands in the file of one platform while another platform's file migrates: of two platforms one may have been left
 * behind, and which of them serves customers is not shown.
 */
const isOfOtherPlatform = (pushed: readonly Place[], { commands }: Deployment): boolean => {
  const files = new Set(pushed.map(({ file }) => file))
  const migrating = commands.filter(({ commands: own }) => own.some(({ kind }) => kind === 'migrate'))
  return (
    pushed.length > 0 &&
    [...files].every(file => commands.some(one => one.file === file) && !migrating.some(one => one.file === file)) &&
    migrating.length > 0
  )
}

/** Index of the command by which new code starts to answer: a restart on the server, else what deploys. Files that are only copied answer nothing. */
const goesLiveAt = (commands: readonly { kind: string; text: string }[]): number => {
  const live = commands.findIndex(
    ({ kind, text }) => kind === 'restart' || (kind === 'deploy' && !/^(?:rsync|scp)\b|scp-action/.test(text)),
  )
  return live < 0 ? commands.findIndex(({ kind }) => kind === 'deploy') : live
}

/** A job that tests migrates a database of its own. */
const tests = ({ commands }: { commands: readonly Command[] }): boolean => commands.some(({ kind }) => kind === 'test')

/** Migrations of pipelines, before and after the deploy that they belong to. */
const orderInPipelines = (pipelines: Pipelines): Order => {
  const order: Order = { early: [], late: [] }
  const jobs = deployJobs(pipelines)
  for (const { pipeline: at, job } of jobs) {
    const live = goesLiveAt(job.commands)
    order.early.push(...of('migrate', at.file, job.commands.slice(0, live)))
    order.late.push(...of('migrate', at.file, job.commands.slice(live)))
    for (const other of at.jobs.filter(one => one.id !== job.id && !one.deploys)) {
      if (!tests(other) && jobsBefore(at, job).some(({ id }) => id === other.id))
        order.early.push(...of('migrate', at.file, other.commands))
      else if (jobsBefore(at, other).some(({ id }) => id === job.id))
        order.late.push(...of('migrate', at.file, other.commands))
    }
  }
  // A pipeline of pushes that migrates and deploys nothing does so beside what deploys: a platform by itself, or another pipeline. One of
  // pull requests, too, migrates a database of its own where others deploy.
  const isBeside = ({ triggers, jobs: own }: PipelineSeen): boolean =>
    (triggers.push || triggers.deployment) &&
    (jobs.length === 0 || (!triggers.pullRequest && !own.some(({ deploys }) => deploys)))
  for (const at of pipelines.pipelines.filter(isBeside))
    for (const job of at.jobs.filter(one => !tests(one)))
      (at.triggers.deployment ? order.late : order.early).push(...of('migrate', at.file, job.commands))
  return order
}

/** Migrations around a release: those of pipelines, and those that platforms run to build, to release and afterwards. */
const orderOf = (pipelines: Pipelines, deployment: Deployment): Order => {
  const { early, late } = orderInPipelines(pipelines)
  return {
    early: [...early, ...onPlatforms('migrate', deployment, ['release', 'build'])],
    late: [...late, ...onPlatforms('migrate', deployment, ['after'])],
  }
}

/** What the checks of migrations look at to see where they run. */
export type Looked = {
  migrations: Migrations
  pipelines: Pipelines
  deployment: Deployment
  containers: Containers
  codeSigns: Pick<CodeSigns, 'migratesAtStart' | 'migratesInCode'>
}

/** Where the migrations of one tool run: before traffic, after it, when an instance starts, and by programs of which nothing says when. */
export type Runs = Order & { started: Place[]; elsewhere: Place[] }

/** Whether a line may be that of the tool; a line that names none belongs to all. */
const ofTool =
  (orm: Orm) =>
  ({ text }: Place): boolean => {
    const tool = toolIn(text)
    return orm === 'sql' || tool === undefined || tool === null || tool === orm
  }

/** Files whose commands somebody types. Where a pipeline deploys, and does not call them, that is how migrations run. */
const byHand =
  /(?:^|\/)(?:package\.json|composer\.json|Makefile|[Jj]ustfile|Taskfile\.ya?ml|pyproject\.toml|bin\/setup)$|compose[\w.-]*\.ya?ml$/

const place = ({ file, line, text }: Place): Place => ({ file, line, text })

export const runsOf = (orm: Orm, { migrations, pipelines, deployment, containers, codeSigns }: Looked): Runs => {
  const { early, late } = orderOf(pipelines, deployment)
  const { built, started, elsewhere } = migrations.runs
  const own = (places: readonly Place[]): Place[] => places.filter(ofTool(orm)).map(place)
  const known = own([
    ...inImages('migrate', containers),
    ...onPlatforms('migrate', deployment, ['start']),
    ...codeSigns.migratesAtStart,
  ])
  return {
    // A platform builds by the package's own script unless it is told otherwise.
    early: own([...early, ...built]),
    late: own(late),
    started: known.length ? known : own(started),
    elsewhere: own([...elsewhere, ...(codeSigns.migratesInCode ?? [])]).filter(
      ({ file }) => deployJobs(pipelines).length === 0 || !byHand.test(file),
    ),
  }
}

/** A line that runs the migrations of several tools is told once. */
export const onceEach = <F extends object>(found: readonly F[]): F[] =>
  [...new Map(found.map(one => [placesKey(one) ?? one, one] as const).reverse()).values()].reverse()

const placesKey = (one: object): string | null => {
  if (!('outcome' in one) || !('data' in one)) return null
  const { places } = one.data as { places: readonly Place[] }
  return places.length ? `${String(one.outcome)} ${places.map(({ file, line }) => `${file}:${line}`).join(' ')}` : null
}

/** Whether anything here runs migrations: until then they may have been left for a push of the schema. */
export const isApplied = (facts: Looked): boolean =>
  facts.migrations.sets.some(({ orm }) => Object.values(runsOf(orm, facts)).some(places => places.length > 0))

/** What pushes a schema: where customers are, by hand where there are no migrations at all, and what only adds to it. */
export type SchemaPushes = { pushed: Place[]; sureness: Confidence; byHand: Place[]; adding: Place[] }

export const schemaPushes = (
  { migrations, codeSigns, pipelines, containers, deployment }: Omit<Looked, 'codeSigns'> & { codeSigns: CodeSigns },
  by: string | undefined,
): SchemaPushes => {
  const inDeploy = pushesOf(pipelines, containers, deployment)
  const changing = codeSigns.synchronises.filter(({ text }) => !onlyAdds(text))
  const pushed = [...inDeploy, ...changing.filter(({ called }) => !called)]
  // What the code does when it starts, it does where its makers are seen to start it.
  const inCode = productionOf({ pipelines, deployment }, by) === 'shown' ? 'likely' : 'possible'
  const isNone = pushed.length === 0 && migrations.sets.length === 0
  return {
    pushed,
    sureness: isOfOtherPlatform(pushed, deployment) ? 'possible' : inDeploy.length ? 'certain' : inCode,
    // Where there are no migrations at all, a script that pushes may be the way to production too.
    byHand: isNone ? [...changing.filter(({ called }) => called), ...migrations.runs.pushes] : [],
    adding: isNone ? codeSigns.synchronises.filter(({ text }) => onlyAdds(text)) : [],
  }
}
