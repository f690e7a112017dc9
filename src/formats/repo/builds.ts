// What builds and starts the programs of a repository: rules over its packages, pipelines, images and platform files.
import type { CommandKind } from '../../data/command-kinds.ts'
import { alsoBuilds } from '../../data/deploy-commands.ts'
import { frameworks } from '../../data/frameworks.ts'
import { platforms } from '../../data/platforms.ts'
import { commandsOf, emptyWorld } from '../workflow/commands.ts'
import { deployJobs, jobsOf } from '../workflow/jobs.ts'
import type { Pipelines, Place } from '../workflow/seen.ts'
import type { StackPackage } from './stack-detect.ts'

export type Package = Pick<StackPackage, 'path' | 'framework' | 'scripts' | 'manifest'>

/** A command of an image or a platform file; `instead` is what to run instead of a server for development. */
type Run = { kind: CommandKind; text: string; instead: string | null; open?: boolean }
type Image = {
  file: string
  commands: readonly (Run & { line: number; phase: string })[]
  start: string | null
  /** Something is seen to build it. */
  built?: true
  /** Something starts another command in the place of its own. */
  replaced?: true
}
type PlatformCommand = { file: string; line: number; phase: string; commands: readonly Run[] }

/** The part of the facts that says what builds and starts. */
export type BuildFacts = {
  packages: readonly Package[]
  pipelines: Pipelines
  images: readonly Image[]
  deployment: {
    commands: readonly PlatformCommand[]
    platforms: readonly { name: string; byPush: boolean; file?: string }[]
  }
}

/**
 * How sure it is that customers meet it: certain where a platform or a pipeline runs it, possible of an image that nothing here is seen to
 * ship (it may be that of laptops), and where a script of the shell chooses by a setting that nothing here tells.
 */
export type DevelopmentServer = Place & { command: string; confidence: 'certain' | 'likely' | 'possible' }

/**
 * `apps`: what is built or started for production; `without`: those that nothing builds or starts; `unbuilt`: one that is
 * built, but by no pipeline and no platform; `inPipeline`: where pipelines build; `by`: what builds where they do not.
 */
export type Builds = {
  apps: Package[]
  developmentServers: DevelopmentServer[]
  without: Package[]
  unbuilt: Package | null
  inPipeline: Place[]
  by: string
}

export const judgeBuilds = ({ packages, pipelines, images, deployment }: BuildFacts): Builds => {
  const apps = appsOf(packages)
  const { inPipeline, isBuilt } = buildsOf(pipelines, images, deployment.commands)
  const without = withoutCommand(apps, isStarted(pipelines, images, deployment), isBuilt)
  const built = apps.find(
    entry =>
      frameworks[entry.framework!]!.build && !without.includes(entry) && (hasBuild(entry) || !runsAsWritten(entry)),
  )
  // A platform that builds every push builds every pull request too.
  const platform = deployment.platforms.find(({ byPush, name }) => byPush || name === 'cloudflare')
  const isSkipped = pipelines.pipelines.length > 0 && inPipeline.length === 0 && !platform
  return {
    apps,
    developmentServers: developmentServers(images, deployment, shipsImages(pipelines, deployment.platforms)),
    without,
    unbuilt: isSkipped ? (built ?? null) : null,
    inPipeline,
    by: platform?.name ?? apps.map(({ framework }) => framework).join(', '),
  }
}

/** Scripts by which a package is started or built, whatever else they are called. */
const runScript = /^(?:dev|develop|start|serve|build|preview|generate|export|vercel-build|heroku-postbuild)(?::|$)/

/**
 * Whether a package with a framework among its own is shown to be a program: beside others, one that nothing starts, not even on a laptop,
 * is a part that the programs take in.
 */
const isProgram = ({ path, scripts, framework }: Package, packages: readonly Package[]): boolean =>
  path === '' ||
  frameworks[framework ?? '']?.build === undefined ||
  Object.keys(scripts).some(name => runScript.test(name)) ||
  !packages.some(one => one.path !== path && one.framework === framework)

/** Packages whose framework is known to be built or started; parts of programs, documentation and test programs left out. */
const appsOf = (packages: readonly Package[]): Package[] =>
  packages.filter(entry => {
    const known = entry.framework === null ? undefined : frameworks[entry.framework]
    return (
      (known?.build !== undefined || known?.start !== undefined) &&
      isProgram(entry, packages) &&
      !/(?:^|\/)(?:docs?|storybook|e2e)(?:\/|$)/.test(entry.path)
    )
  })

/** Platforms that build from the source themselves, whatever Dockerfile lies beside it. */
const withoutImages: ReadonlySet<string> = new Set(['vercel', 'netlify', 'firebase', 'cloudflare', 'amplify', 'heroku'])
const takesImages = ({ name, file = '' }: { name: string; file?: string }): boolean =>
  !withoutImages.has(name) || /(?:^|\/)heroku\.ya?ml$/.test(file)

/** Something builds or takes the images of the repository for others than those who write it; one that a pipeline only builds is tried there. */
const shipsImages = (
  pipelines: Pipelines,
  onPlatforms: readonly { name: string; byPush: boolean; file?: string }[],
): boolean =>
  onPlatforms.some(takesImages) ||
  jobsOf(pipelines).some(
    ({ job }) =>
      job.imageTags.length > 0 ||
      job.commands.some(
        ({ kind, text }) =>
          (kind === 'image' && (/\bpush\b/.test(text) || !triesImages.test(text))) ||
          (kind === 'deploy' && runsImages.test(text)),
      ),
  )

/** Images of a compose file are built there to be tried. */
const triesImages = /\bcompose\b.*\bbuild\b/

/** Deploys that take images; others copy files, or call a script on the server. */
const runsImages = /\b(?:docker|podman|compose|kubectl|helm(?:file)?|kamal|flyctl|fly|nomad|ecs|gcloud run|swarm)\b/
const surest = { certain: 0, likely: 1, possible: 2 }

/** Development servers that containers, Procfiles and platforms start, with what to start instead; the surest first. */
const developmentServers = (
  images: readonly Image[],
  { commands }: BuildFacts['deployment'],
  isShipped: boolean,
): DevelopmentServer[] => {
  const started = (
    file: string,
    { line, kind, text, instead, open }: Run & { line: number },
    sure: 'certain' | 'likely' | null,
  ) =>
    kind === 'dev-server'
      ? [
          {
            file,
            line,
            text: `\`${text}\` → ${instead ?? 'the built program'}`,
            command: text.slice(0, 30),
            confidence: sure && !open ? sure : ('possible' as const),
          },
        ]
      : []
  // Where one of several is seen to be built, another is as good as unbuilt.
  const isAnyBuilt = images.some(({ built }) => built)
  const inImages = images.flatMap(({ file, commands: own, built, replaced }) =>
    own
      .filter(({ phase }) => phase === 'start')
      .flatMap(command => {
        const isRun = isShipped && !replaced && (built === true || !isAnyBuilt)
        // What takes an image may start it by another command.
        return started(file, command, isRun ? 'likely' : null)
      }),
  )
  const byPlatforms = commands
    .filter(({ phase }) => phase === 'start')
    .flatMap(({ file, line, commands: own }) => own.flatMap(command => started(file, { ...command, line }, 'certain')))
  return [...inImages, ...byPlatforms].sort((a, b) => surest[a.confidence] - surest[b.confidence])
}

/** Something says how a server is started where customers are. */
const isStarted = (
  pipelines: Pipelines,
  images: readonly Image[],
  deployment: { commands: readonly PlatformCommand[]; platforms: readonly { name: string; byPush: boolean }[] },
): boolean =>
  deployJobs(pipelines).length > 0 ||
  images.some(({ start }) => start !== null) ||
  deployment.commands.some(({ phase }) => phase === 'start') ||
  deployment.platforms.some(({ byPush, name }) => byPush || platforms[name]?.startsByItself === true)

const isBuild = ({ kind }: { kind: CommandKind }): boolean => kind === 'build' || kind === 'image'

/** Builds of the pipelines, and whether anything at all builds: a pipeline, an image, a platform. */
const buildsOf = (
  pipelines: Pipelines,
  images: readonly Image[],
  platformCommands: readonly PlatformCommand[],
): { inPipeline: Place[]; isBuilt: boolean } => {
  const inPipeline = jobsOf(pipelines).flatMap(({ pipeline, job }) =>
    job.commands
      .filter(one => isBuild(one) || (one.kind === 'deploy' && alsoBuilds(one.text)))
      .map(({ line, text }) => ({ file: pipeline.file, line, text })),
  )
  const isBuilt = inPipeline.length > 0 || [...images, ...platformCommands].some(one => one.commands.some(isBuild))
  return { inPipeline, isBuilt }
}

const buildScript = /^(?:build|vercel-build|heroku-postbuild|generate|export)(?::|$)/
/** Scripts that build for those who write it: to try, to look for faults. */
const whileWriting =
  /(?:^|[:_-])(?:dev|develop|debug|watch|tests?|e2e|lint|check|type-?check|types|storybook)(?:$|[:_-])/
const makesNothing = /--no-?emit\b|--watch\b|\s-w\b/i

/** Whether a package has a script that builds it, whatever it is called: `prestart:prod` may be `tsc`. */
const hasBuild = ({ scripts }: Package): boolean =>
  Object.entries(scripts).some(
    ([name, script]) =>
      buildScript.test(name) ||
      (!whileWriting.test(name) &&
        commandsOf(script, emptyWorld).some(({ kind, text }) => kind === 'build' && !makesNothing.test(text))),
  )

/** A server that runs as it is written needs no build where a script starts it, and not by what restarts it on every change. */
const runsAsWritten = ({ framework, scripts }: Package): boolean =>
  frameworks[framework ?? '']?.runsAsWritten === true &&
  scripts['start'] !== undefined &&
  !commandsOf(scripts['start'], { ...emptyWorld, scripts: { '': scripts } }).some(({ kind }) => kind === 'dev-server')

/** Apps for which no script, pipeline, image or platform has a command. */
const withoutCommand = (apps: readonly Package[], started: boolean, built: boolean): Package[] =>
  apps.filter(entry =>
    frameworks[entry.framework ?? '']?.build
      ? !built && !hasBuild(entry) && !runsAsWritten(entry)
      : !built && !started && !entry.scripts['start'] && !entry.scripts['build'],
  )
