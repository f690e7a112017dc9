// How the repository reaches production: platform files, their build, release and start commands, health checks, and what its documents say
// about deploying, rolling back, backing up and restoring.
import { observed } from '../../core/fact.ts'
import { platformOfDependency, platformOfFile, platforms } from '../../data/platforms.ts'
import type { Audience } from '../../formats/repo/audience.ts'
import { type DeployDocument, documentTopics, isDeployDocument } from '../../formats/repo/deploy-documents.ts'
import { fileName, folderOf, within } from '../../formats/repo/paths.ts'
import { lineOf, type Phase } from '../../formats/repo/platform-file.ts'
import { hostReaders } from '../../formats/repo/platform-hosts.ts'
import { serverReaders } from '../../formats/repo/platform-servers.ts'
import type { StackPackage } from '../../formats/repo/stack-detect.ts'
import { isAside } from '../../formats/shipped.ts'
import { type Command, commandsOf, type ScriptWorld } from '../../formats/workflow/commands.ts'
import type { FactDefinition } from '../definition.ts'
import { audienceOf } from './hosted.ts'
import { maskCommand } from './pipelines.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf, worldOf } from './script-world.ts'

export type { DeployDocument } from '../../formats/repo/deploy-documents.ts'
export type { Phase } from '../../formats/repo/platform-file.ts'

/** One command line that a platform runs, with the commands in it whose kind is known. */
export type DeployCommand = {
  platform: string
  phase: Phase
  process: string
  file: string
  line: number
  text: string
  commands: (Pick<Command, 'kind' | 'text'> & {
    manager: string | null
    frozen: boolean | null
    instead: string | null
    open?: boolean
  })[]
}

export type Deployment = {
  /** Platforms by evidence; `byPush`: it deploys what is pushed without a pipeline of ours. */
  platforms: { name: string; file: string; byPush: boolean }[]
  commands: DeployCommand[]
  healthChecks: { file: string; line: number; text: string }[]
  /** More than one instance may run: null where nothing says so. */
  instances: number | null
  documents: DeployDocument[]
  /** Scripts made to deploy or roll back by hand. */
  scripts: {
    file: string
    line: number
    name: string
    does: 'deploy' | 'rollback' | 'backup' | 'restore'
    /** A deploy by a service that keeps releases, or of images with names of their own: what was there before is not lost. */
    keeps?: boolean
  }[]
  unreadable: { file: string; why: string }[]
  /** Others than its makers run it, or begin with it. */
  audience?: Audience
  /** Images that manifests start, as they are named. */
  images?: { file: string; line: number; text: string }[]
}

/** What the collectors of the parts share: the repository, and the result so far. */
type Run = { reader: RepoReader; world: ScriptWorld; files: readonly string[]; result: Deployment }

const scriptWords: readonly [Deployment['scripts'][number]['does'], RegExp][] = [
  ['rollback', /roll-?_?back|revert[-_]?deploy/i],
  ['restore', /(?:^|[-_/:])restore/i],
  ['backup', /(?:^|[-_/:])backups?(?:$|[-_.:])|pg_?dump/i],
  ['deploy', /(?:^|[-_/:])(?:deploy|release|ship)(?:$|[-_.:])/i],
]

const seen = ({ kind, text, manager, frozen, instead, open }: Command): DeployCommand['commands'][number] => ({
  ...(open ? { open } : {}),
  kind,
  text: maskCommand(text),
  manager: manager ?? null,
  frozen: frozen ?? null,
  instead: instead ?? null,
})

const isMigration = ({ kind }: Command): boolean => kind === 'migrate' || kind === 'push-schema'

const notePlatform = (result: Deployment, name: string, file: string): void => {
  if (!result.platforms.some(known => known.name === name))
    result.platforms.push({ name, file, byPush: platforms[name]?.deploysPushes ?? false })
}

/** One platform file: its commands, health checks and instances; why it cannot be read where it cannot. */
const readPlatformFile = (platform: string, file: string, { reader, world, result }: Run): void => {
  const read = hostReaders[platform] ?? serverReaders[platform]
  const source = read ? reader.maybe(file, { maxBytes: 256 << 10 }) : null
  if (!read || source === null) return
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
  try {
    const { commands, health, instances, images = [] } = read(source, file)
    if (images.length)
      result.images = [...(result.images ?? []), ...images.map(one => ({ file, ...one }))].slice(0, 200)
    for (const { phase, process, line, text } of commands)
      result.commands.push({
        platform,
        phase,
        process,
        file,
        line,
        text: maskCommand(text),
        commands: commandsOf(text, world, { folder }).map(seen),
      })
    result.healthChecks.push(...health.map(({ line, text }) => ({ file, line, text })))
    if (instances !== undefined) result.instances = Math.max(result.instances ?? 0, instances)
  } catch (error) {
    const why = String((error as Error).message)
    result.unreadable.push({ file, why: why.split('\n')[0]!.slice(0, 160) })
  }
}

/** What only a developer's machine runs beside the program: services of its own, tunnels, watchers. A Procfile with one is for Foreman, not for a platform. */
const localProcess =
  /^\w+:.*(?:\b(?:redis-server|postgres|mysqld|mongod|minio|ngrok|cloudflared tunnel|mailhog|mailpit|mailcatcher|maildev|stripe listen|localtunnel|docker(?:-| )compose)\b|--watch\b|-b\s*['"]?(?:127\.0\.0\.1|localhost))/m

const isLocal = (file: string, reader: RepoReader): boolean =>
  /(?:^|\/)Procfile$/.test(file) && localProcess.test(reader.maybe(file, { maxBytes: 64 << 10 }) ?? '')

/** A file of Kamal that Rails wrote, and nobody filled in. */
const untouched = /^image:\s*["']?your-user\/|^\s*-\s*192\.168\.0\.1\s*$/m

const isUntouched = (platform: string, file: string, reader: RepoReader): boolean =>
  platform === 'kamal' && untouched.test(reader.maybe(file, { maxBytes: 64 << 10 }) ?? '')

const platformFiles = (run: Run): void => {
  for (const file of run.files) {
    const platform = platformOfFile(file)
    if (platform === null || isLocal(file, run.reader) || isUntouched(platform, file, run.reader)) continue
    notePlatform(run.result, platform, file)
    readPlatformFile(platform, file, run)
  }
}

/** Dokku reads app.json, which may stand there for Heroku alone: that is no sign of a platform, but what it says is done. */
const dokku = (run: Run): void => {
  if (run.files.includes('app.json')) readPlatformFile('dokku', 'app.json', run)
}

const platformDependencies = (packages: readonly StackPackage[], { result }: Run): void => {
  for (const { dependencies, devDependencies, manifest } of packages)
    for (const name of Object.keys({ ...devDependencies, ...dependencies })) {
      const platform = platformOfDependency(name)
      if (platform) notePlatform(result, platform, manifest ?? 'package.json')
    }
}

const platformScripts = ['vercel-build', 'build', 'heroku-postbuild', 'postinstall', 'prestart', 'start']

/**
 * The folder whose script `start` a platform runs: that of its file, not those of every package of a workspace; null where it starts an image
 * instead, as all do but Heroku where a Dockerfile stands beside.
 */
const startedFolder = ({ name, file }: Deployment['platforms'][number], files: readonly string[]): string | null => {
  const folder = folderOf(file)
  return name !== 'heroku' && files.includes(within(folder, 'Dockerfile')) ? null : folder
}

/** Platforms run scripts of package.json by their names: to build, and to start where nothing else says how. */
const packageScripts = (packages: readonly StackPackage[], { reader, world, files, result }: Run): void => {
  const builder = result.platforms.find(({ byPush, name }) => byPush || name === 'heroku')
  const starter = result.platforms.find(({ name }) => platforms[name]?.runsStartScript)
  const isStarted = result.commands.some(({ phase }) => phase === 'start')
  const started = starter && startedFolder(starter, files)
  for (const { manifest, scripts, path } of packages) {
    if (!manifest?.endsWith('package.json')) continue
    const source = reader.maybe(manifest) ?? ''
    for (const name of platformScripts) {
      const script = scripts[name]
      const starts = /start$/.test(name)
      if (script === undefined || (starts && (path !== started || isStarted))) continue
      // Whatever deploys it runs \`build\`; the other names are those of platforms.
      if (!builder && name !== 'build') continue
      const commands = commandsOf(script, world, { folder: path })
        .filter(command => isMigration(command) || (starts && command.kind === 'dev-server'))
        .map(command => ({ ...seen(command), manager: null, frozen: null }))
      if (commands.length === 0) continue
      result.commands.push({
        platform: starts ? starter!.name : (builder?.name ?? 'script'),
        phase: starts ? 'start' : 'build',
        process: name,
        file: manifest,
        line: lineOf(source, `"${name}"`),
        text: maskCommand(script),
        commands,
      })
    }
  }
}

/** Hooks of Kamal run around a deploy. */
const kamalHooks = ({ world, result }: Run): void => {
  for (const [path, source] of Object.entries(world.files)) {
    const hook = /(?:^|\/)\.kamal\/hooks\/(pre-deploy|pre-build|post-deploy)$/.exec(path)?.[1]
    if (!hook) continue
    result.commands.push({
      platform: 'kamal',
      phase: hook === 'post-deploy' ? 'after' : 'release',
      process: hook,
      file: path,
      line: 1,
      text: hook,
      commands: commandsOf(source, world).map(seen),
    })
  }
}

/** Recipes of deploy tools that run the migrations by themselves, by the file that takes them in. */
const recipes: readonly { file: RegExp; takes: RegExp; command: string }[] = [
  {
    file: /(?:^|\/)Capfile$/,
    takes: /^\s*require ["']capistrano\/rails(?:\/migrations)?["']/m,
    command: 'bin/rails db:migrate',
  },
  {
    file: /(?:^|\/)deploy\.php$/,
    takes: /^\s*require ["']recipe\/laravel\.php["']/m,
    command: 'php artisan migrate --force',
  },
]

const recipeCommands = ({ files, reader, world, result }: Run): void => {
  for (const { file, takes, command } of recipes)
    for (const path of files.filter(one => file.test(one))) {
      const text = reader.maybe(path, { maxBytes: 64 << 10 }) ?? ''
      const match = takes.exec(text)
      if (!match) continue
      const commands = commandsOf(command, world).map(seen)
      const line = lineOf(text, match[0].trim())
      const process = fileName(path)
      result.commands.push({
        platform: 'script',
        phase: 'release',
        process,
        file: path,
        line,
        text: match[0].trim(),
        commands,
      })
    }
}

/** A script that deploys does so on a server: what it does before the restart comes before traffic. */
const deployScripts = ({ world, result }: Run): void => {
  for (const [path, source] of Object.entries(world.files)) {
    const isNamed = scriptWords.find(([, words]) => words.test(path))?.[0] === 'deploy'
    if ((!isNamed && !/^(?:deploy|deployment)\//.test(path)) || /\.kamal\//.test(path)) continue
    // What throws a whole database away lays one for tests.
    if (/\bDROP DATABASE\b|^\s*dropdb\b/im.test(source)) continue
    const commands = commandsOf(source, world, { remote: true })
    const live = commands.findIndex(({ kind }) => kind === 'restart')
    for (const [index, command] of commands.entries()) {
      if (!isMigration(command) && command.kind !== 'install') continue
      result.commands.push({
        platform: 'script',
        phase: command.kind === 'install' ? 'install' : live >= 0 && index > live ? 'after' : 'release',
        process: path,
        file: path,
        line: command.offset + 1,
        text: maskCommand(command.text),
        commands: [seen(command)],
      })
    }
  }
}

const documents = ({ files, reader, result }: Run): void => {
  for (const file of files.filter(isDeployDocument).slice(0, 200))
    result.documents.push(...documentTopics(file, reader.maybe(file, { maxBytes: 256 << 10 }) ?? ''))
}

const deploys = ({ kind }: Command): boolean => kind === 'deploy' || kind === 'restart'

/** Commands that put files in the place of those before. */
const copiesFiles = /\b(?:rsync|scp|sftp|lftp|ftp|docker[ -]compose)\b/
/** What the server takes out of git, git still has. */
const takesFromGit = /\bgit\s+(?:-C\s+\S+\s+)?(?:pull|fetch|checkout|reset)\b/

const isScript = (path: string): boolean =>
  /^(?:[\w-]+\/)?(?:bin|scripts?|ops|deploy|tools|infra)\/[^/]+$|^[\w-]+\.(?:sh|py|rb)$/.test(path) &&
  !/^src\/|\.(?:md|ya?ml|json|ts|tsx|jsx|css|html)$/.test(path)

/** Scripts, Makefile targets and programs that are named for a deploy, a rollback, a backup, a restore. */
const namedScripts = ({ files, reader, world, result }: Run): void => {
  const note = (file: string, line: number, name: string, text: string, folder = ''): void => {
    const does = scriptWords.find(([, pattern]) => pattern.test(name))?.[0]
    // A script that is named for a release may tag one, or migrate: what deploys is told by its commands.
    const run = does === 'deploy' ? commandsOf(text, world, { folder, remote: true }).filter(deploys) : []
    const isOther =
      does === 'deploy' &&
      (/test|smoke|check|verify|notes|changelog|version|date|prepare|docs|storybook/i.test(name) || run.length === 0)
    const isCopied = run.some(one => copiesFiles.test(one.text))
    const keeps = run.length > 0 && !isCopied && (takesFromGit.test(text) || !run.some(one => one.kind === 'restart'))
    if (does && !isOther) result.scripts.push({ file, line, name, does, ...(keeps ? { keeps } : {}) })
  }
  for (const [folder, scripts] of Object.entries(world.scripts)) {
    const file = folder ? `${folder}/package.json` : 'package.json'
    const source = reader.maybe(file) ?? ''
    for (const [name, text] of Object.entries(scripts)) note(file, lineOf(source, `"${name}"`), name, text, folder)
  }
  for (const [name, text] of Object.entries(world.targets)) note('Makefile', 1, name, text)
  for (const path of files.filter(isScript)) note(path, 1, path, world.files[path] ?? '')
}

const fact: FactDefinition<Deployment> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const packages = stack.ok ? stack.value.packages : []
    const run: Run = {
      reader: readerOf(context, tree.value),
      world: worldOf(context, tree.value),
      files: filesOf(tree.value).filter(path => !isAside(path)),
      result: {
        platforms: [],
        commands: [],
        healthChecks: [],
        instances: null,
        documents: [],
        scripts: [],
        unreadable: [],
      },
    }
    platformFiles(run)
    dokku(run)
    platformDependencies(packages, run)
    packageScripts(packages, run)
    kamalHooks(run)
    recipeCommands(run)
    deployScripts(run)
    documents(run)
    namedScripts(run)
    const audience = audienceOf(tree.value, context)
    if (audience) run.result.audience = audience
    return observed(run.result, context.now())
  },
}
export default fact
