// Dockerfiles of what is shipped, and what stands in their images.

import { observed } from '../../core/fact.ts'
import { ciProviderOf } from '../../data/ci-systems.ts'
import { platformOfFile } from '../../data/platforms.ts'
import type { Around } from '../../formats/patch.ts'
import { copiesFromExample, givesAll, handsIn, mayHandIn } from '../../formats/repo/build-arguments.ts'
import { handsInContext, seenBuilt, unbuiltImages } from '../../formats/repo/built-images.ts'
import { parseDockerfile, parseDockerignore } from '../../formats/repo/dockerfile.ts'
import { copiedSecrets, type ImageFacts, judgeImage } from '../../formats/repo/dockerfile-judge.ts'
import { environmentOf } from '../../formats/repo/dotenv.ts'
import { sureOfSecrets } from '../../formats/repo/env-sureness.ts'
import { saysDevelopment } from '../../formats/repo/image-purpose.ts'
import {
  type Compose,
  contextInCompose,
  laptopImages,
  mayComposeLaptop,
  mayComposeServer,
  readCompose,
  startedInstead,
} from '../../formats/repo/laptop-images.ts'
import { folderOf, within } from '../../formats/repo/paths.ts'
import { plainAround } from '../../formats/secrets/around.ts'
import { type Command, callsScript, commandsOf } from '../../formats/workflow/commands.ts'
import { commandPatch } from '../../formats/workflow/edit.ts'
import type { ScriptWorld } from '../../formats/workflow/script.ts'
import type { FactDefinition } from '../definition.ts'
import { readEnvironment } from './env-entry.ts'
import { type Hosted, hostedByOthers } from './hosted.ts'
import { maskCommand } from './pipelines.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf, worldOf } from './script-world.ts'
import { isEnvironmentFile } from './tree.ts'

export type ContainerCommand = Pick<Command, 'kind' | 'text'> & {
  line: number
  phase: 'build' | 'start'
  manager: string | null
  frozen: boolean | null
  instead: string | null
  patch?: string
  /** Its script has several branches, and nothing says which of them runs. */
  open?: boolean
}

export type Container = Omit<ImageFacts, 'runs' | 'beforeStart'> & {
  file: string
  /** Where a line before the start belongs; null where a secret stands beside. */
  startAround: Around | null
  folder: string
  problem: string | null
  /** A pipeline is seen to build it, or a platform whose file stands beside. */
  built?: true
  /** A compose file starts a server for production in the place of what it would start. */
  replaced?: true
  /** .dockerignore that counts for it; null when there is none. */
  dockerignore: string | null
  /** Environment files on the disk that would go into the image. */
  copiedEnvironment: string[]
  commands: ContainerCommand[]
  /** How it starts; null when nothing says so. */
  start: string | null
  startLine: number
}

export type Containers = { containers: Container[] }

/** Whatever stands around the word: Dockerfile.worker.prod, Dockerfile-prod, api.dockerfile; not what only goes with one. */
const containerFile = /(?:^|\/)(?:(?:Docker|Container)file(?:[._-][\w.-]+)?|[\w.-]+[._-](?:docker|container)file)$/i
const goesWithOne =
  /\.(?:dockerignore|md|mdx|rst|txt|sh|ps1|py|pyi|[cm]?[jt]sx?|vue|svelte|ya?ml|json5?|toml|lock|xml|html?|css|svg|png|exs?|erl|rb|go|rs|php|java|kts?|cs|swift|lua|pl|hs|ml|scala|clj|j2|jinja2?|erb|eex|tpl|tmpl|hbs|mustache|ejs|liquid|snap|orig|bak|patch|diff)$/i
/** Containers for development, tests, stand-ins, examples and editors are not shipped. */
const notShipped =
  /(?:^|[/._-])(?:dev|devel|development|test|tests|testing|ci|local|debug|watch|e2e|bench|docs?|fixtures?|examples?|templates?|testdata|mocks?|stubs?|fakes?|node_modules|vendor|gitpod|codespaces?)(?=[/._-]|$)|(?:^|\/)\.devcontainer\/|^\.(?:github|gitlab|forgejo|gitea)\//i

/** Whether an environment file holds what opens something; one that cannot be read may. What everybody starts with opens nothing. */
const holdsSecret = (path: string, { reader, hosted }: Pick<Reading, 'reader' | 'hosted'>): boolean => {
  // What only a key opens is none by itself.
  if (/\.(?:gpg|pgp|asc|age|enc|sops|vault)$/i.test(path)) return false
  const text = reader.maybe(path)
  if (text === null || /BEGIN [A-Z ]{0,40}PRIVATE KEY/.test(text)) return true
  const sure = sureOfSecrets({ path, ...readEnvironment(text, environmentOf(path)) }, hosted !== null)
  return sure === 'certain' || sure === 'likely'
}

/** What the readers of a repository share while its images are read. */
type Reading = {
  reader: RepoReader
  world: ScriptWorld
  files: readonly string[]
  links: ReadonlySet<string>
  ignored: readonly string[]
  tracked: ReadonlySet<string>
  hosted: Hosted | null
  /** A compose file by its path, read once. */
  compose: (path: string) => Compose
}

const composeReader = (reader: RepoReader): Reading['compose'] => {
  const known = new Map<string, Compose>()
  return path => {
    const read = known.get(path) ?? readCompose(path, reader.maybe(path, { maxBytes: 128 << 10 }) ?? '')
    known.set(path, read)
    return read
  }
}

/** The folder that the image is built from: the root, unless the file's own folder has an ignore file or a manifest. */
const contextOf = (
  file: string,
  { reader, files, compose }: Reading,
): { dockerignore: string | null; folder: string } => {
  const folder = folderOf(file)
  const ignores = [`${file}.dockerignore`, within(folder, '.dockerignore'), '.dockerignore']
  const dockerignore = ignores.find(path => reader.text(path).ok) ?? null
  if (dockerignore) return { dockerignore, folder: folderOf(dockerignore) }
  // A compose file beside it says where it is built from.
  const beside = files.find(path => folderOf(path) === folder && mayComposeLaptop(path))
  const composed = beside === undefined ? null : contextInCompose(file, compose(beside))
  const own = files.includes(within(folder, 'package.json')) ? folder : ''
  return { dockerignore, folder: composed ?? own }
}

/** Environment files below a folder that git ignores or that hold a secret, as paths in that folder. */
const environmentBelow = (folder: string, reading: Reading): string[] => {
  const { files, links, ignored } = reading
  // Of a link only the link goes in.
  const isSecretFile = (path: string): boolean =>
    !links.has(path) && isEnvironmentFile(path.slice(path.lastIndexOf('/') + 1)) && holdsSecret(path, reading)
  return [...ignored, ...files.filter(isSecretFile)].flatMap(path => {
    if (folder === '') return [path]
    return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []
  })
}

/** What only a developer's machine starts. */
const developmentServer =
  /\b(?:npm|pnpm|yarn|bun)(?: run)? (?:\S{1,80}:)?dev\b|\b(?:next|nuxt|nuxi|astro|remix|wrangler|turbo|react-router) dev\b|\bprisma migrate dev\b|\bnodemon\b|\bfastapi dev\b|\buvicorn\b[^\n]{0,500} --reload\b|\bflask\b[^\n]{0,500} --debug\b/

/** Whether an image starts a development server, itself or by a script that it copies. */
const startsDevelopment = (start: readonly { text: string }[], { reader, files }: Reading): boolean =>
  start.some(({ text }) => {
    if (developmentServer.test(text)) return true
    const script = /(?<!\S)(\S+\.sh)\b/.exec(text)?.[1]?.replace(/^["'./]+/, '')
    const name = script?.slice(script.lastIndexOf('/') + 1)
    const path = files.find(one => script?.endsWith(one)) ?? files.find(one => one.endsWith(`/${name}`) || one === name)
    return path !== undefined && developmentServer.test(reader.maybe(path, { maxBytes: 64 << 10 }) ?? '')
  })

type ImageSecret = ImageFacts['secrets'][number]

const mostGiving = 400

/** Whether a text of a pipeline or a script is such. */
const someGiving = ({ reader, files }: Reading, is: (text: string) => boolean): boolean =>
  files
    .filter(path => mayHandIn(path) || /(?:^|\/)(?:docker-)?bake[\w.-]*\.(?:hcl|json)$/.test(path))
    .slice(0, mostGiving)
    .some(path => is(reader.maybe(path, { maxBytes: 128 << 10 }) ?? ''))

/** Whether a pipeline, a script or a platform hands in a value for an argument of the build. */
const isGiven = (name: string, reading: Reading): boolean =>
  reading.files.some(givesAll) || someGiving(reading, text => handsIn(name, text))

/** Whether a pattern (`COPY .env* ./`) takes files that git has, and no other. */
const isTrackedPattern = (pattern: string, folder: string, { tracked, files, ignored }: Reading): boolean => {
  if (!pattern.endsWith('*')) return false
  const begins = [pattern, within(folder, pattern)].map(one => one.slice(0, -1))
  const taken = [...files, ...ignored].filter(path => begins.some(begin => path.startsWith(begin)))
  return taken.length > 0 && taken.every(path => tracked.has(path))
}

/** A file that is here and holds no secret is none, whatever its name; what is in one that is not here, only whoever builds it knows. */
const copiedSecret = (secret: ImageSecret, file: string, folder: string, reading: Reading): ImageSecret[] => {
  if (secret.path === undefined)
    return [secret.handed && isGiven(secret.name, reading) ? { ...secret, given: true } : secret]
  // Whatever leads out of the context is taken for its root; a build may be started in the root, or beside the Dockerfile.
  const named = secret.path.replace(/^(?:\.{0,2}\/)+/, '')
  const path =
    [named, within(folder, named), within(folderOf(file), named)].find(one => reading.reader.maybe(one) !== null) ??
    named
  // What git has is told as such: the image gives away no more.
  if (reading.tracked.has(path) || isTrackedPattern(path, folderOf(file), reading) || !holdsSecret(path, reading))
    return []
  if (reading.reader.maybe(path) === null && someGiving(reading, text => copiesFromExample(path, text))) return []
  return [reading.reader.maybe(path) === null ? { ...secret, handed: true, given: true } : secret]
}

const containerOf = (file: string, text: string, reading: Reading): { container: Container; forLaptops: boolean } => {
  const { reader, world } = reading
  const dockerfile = parseDockerfile(text)
  const { runs, beforeStart, ...image } = judgeImage(dockerfile)
  const { dockerignore, folder } = contextOf(file, reading)
  const rules = dockerignore ? parseDockerignore(reader.maybe(dockerignore) ?? '') : null
  // An entry script that is here runs the words of CMD itself, or as its arguments say.
  const isRead = runs.some(({ text: run, args }) => args !== undefined && callsScript(run, folder, world))
  const commands = runs.flatMap(({ text: run, line, phase, env, args, given }) =>
    (given && isRead ? [] : commandsOf(args && isRead ? `${run} ${args}` : run, world, { folder, env })).map(
      ({ kind, text: command, manager, frozen, instead, open }): ContainerCommand => ({
        ...(open ? { open } : {}),
        kind,
        text: maskCommand(command),
        line,
        phase,
        manager: manager ?? null,
        frozen: frozen ?? null,
        instead: instead ?? null,
        ...commandPatch(file, text, { kind, line, text: command, frozen: frozen ?? null, instead: instead ?? null }),
      }),
    ),
  )
  const start = runs.filter(({ phase }) => phase === 'start')
  const container: Container = {
    ...image,
    secrets: image.secrets.flatMap(secret => copiedSecret(secret, file, folder, reading)),
    // A bare name that a build hands in is an image of its own; no image has capitals: such a word stands for one.
    mutableBases: image.mutableBases.filter(
      ({ base }) =>
        !/^[\w-]+$/.test(base) || (!/^[A-Z]/.test(base) && !someGiving(reading, text => handsInContext(base, text))),
    ),
    file,
    startAround: plainAround(text, beforeStart, file),
    folder: folderOf(file),
    problem: dockerfile.problem,
    dockerignore,
    copiedEnvironment:
      image.copiesAll === null ? [] : copiedSecrets(rules, environmentBelow(folder, reading)).slice(0, mostCopied),
    commands,
    start: start.length ? maskCommand(start.map(({ text }) => text).join(' ')) : null,
    startLine: start.at(-1)?.line ?? 1,
  }
  return { container, forLaptops: startsDevelopment(start, reading) }
}

/** What pipelines and platforms say of the images that they build. */
const buildTexts = ({ files, reader }: Reading): string[] =>
  files
    .filter(path => ciProviderOf(path) !== null || platformOfFile(path) !== null || /^\.github\/actions\//.test(path))
    .slice(0, mostGiving)
    .map(path => reader.maybe(path, { maxBytes: 128 << 10 }) ?? '')

/** Platforms that start the image of the Dockerfile beside their file. */
const startsImages: ReadonlySet<string> = new Set(['fly', 'kamal', 'railway', 'render', 'koyeb', 'caprover'])
const isImageHost = (path: string): boolean => startsImages.has(platformOfFile(path) ?? '')
/** Kamal’s file lies in `config`, and means the Dockerfile at the root. */
const hostPath = (path: string): string => path.replace(/(?:^|(?<=\/))config\//, '')

const mostComposed = 40

/** Dockerfiles that compose files build for laptops. */
const mountedImages = ({ files, compose }: Reading): Set<string> =>
  laptopImages(files.filter(mayComposeLaptop).slice(0, mostComposed).map(compose))

/** Dockerfiles in the place of whose start compose files start a server for production; null where only the image's name is told. */
const servedInstead = ({ files, compose, world }: Reading): (string | null)[] =>
  files
    .filter(mayComposeServer)
    .slice(0, mostComposed)
    .flatMap(path => startedInstead(compose(path)))
    .filter(({ command }) => commandsOf(command, world).some(({ kind }) => kind === 'serve'))
    .map(({ file }) => file)

/** Whether an image starts a development server, and no pipeline or platform is seen to build it. */
const isDeveloping = ({ built, commands }: Container, forLaptops: boolean): boolean =>
  !built && (forLaptops || commands.some(({ phase, kind }) => phase === 'start' && kind === 'dev-server'))

const mostFiles = 40
const mostCopied = 20

const fact: FactDefinition<Containers> = {
  on: 'repo',
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const reading: Reading = {
      reader,
      compose: composeReader(reader),
      world: worldOf(context, tree.value),
      files: filesOf(tree.value),
      links: new Set(tree.value.files.filter(({ kind }) => kind === 'symlink').map(({ path }) => path)),
      ignored: tree.value.ignored,
      tracked: new Set(tree.value.files.filter(({ tracked }) => tracked).map(({ path }) => path)),
      hosted: hostedByOthers(tree.value, context),
    }
    const named = reading.files.filter(
      path => containerFile.test(path) && !goesWithOne.test(path) && !notShipped.test(path),
    )
    const texts = buildTexts(reading)
    // Dockerfiles that nothing builds for production, though pipelines build others.
    const left = unbuiltImages(named, texts)
    const built = seenBuilt(named, texts, reading.files.filter(isImageHost).map(hostPath))
    const shipped = named.filter(path => !left.has(path))
    const read = shipped.slice(0, mostFiles).flatMap(file => {
      const text = reading.reader.maybe(file, { maxBytes: 256 << 10 })
      if (text === null || saysDevelopment(text)) return []
      const read = containerOf(file, text, reading)
      return [built.has(file) ? { ...read, container: { ...read.container, built: true as const } } : read]
    })
    // Where one image starts what was built, those that start a development server are for laptops; where none does, they are
    // shipped. Those over which a compose file lays the source are for laptops, whatever stands beside.
    const hasOther = read.some(({ forLaptops, container: { start } }) => !forLaptops && start !== null)
    const mounted = mountedImages(reading)
    const instead = servedInstead(reading)
    const containers = read.flatMap(({ container, forLaptops }) => {
      const isMounted = mounted.has(container.file) && isDeveloping(container, forLaptops)
      if ((hasOther && forLaptops) || isMounted) return []
      const isReplaced = instead.some(file => file === null || file === container.file)
      return [isReplaced ? { ...container, replaced: true as const } : container]
    })
    return observed({ containers }, context.now())
  },
}
export default fact
