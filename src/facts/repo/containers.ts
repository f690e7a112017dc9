// Dockerfiles of what is shipped, and what stands in their images.
import { observed } from '../../core/fact.ts'
import { parseDockerfile, parseDockerignore } from '../../formats/repo/dockerfile.ts'
import { copiedSecrets, type ImageFacts, judgeImage } from '../../formats/repo/dockerfile-judge.ts'
import { classifyValue, parseDotenv } from '../../formats/repo/dotenv.ts'
import { type Command, commandsOf } from '../../formats/workflow/commands.ts'
import type { ScriptWorld } from '../../formats/workflow/script.ts'
import type { FactDefinition } from '../definition.ts'
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
}

export type Container = Omit<ImageFacts, 'runs'> & {
  file: string
  folder: string
  problem: string | null
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
const goesWithOne = /\.(?:dockerignore|md|txt|sh|py|[cm]?[jt]s|ya?ml|json|j2|erb)$/i
/** Containers for development, tests, examples and editors are not shipped. */
const notShipped =
  /(?:^|[/._-])(?:dev|devel|development|test|tests|testing|ci|local|debug|e2e|bench|docs?|fixtures?|examples?|templates?|testdata|node_modules|vendor)(?=[/._-]|$)|(?:^|\/)\.devcontainer\//i

/** Whether an environment file holds what opens something; one that cannot be read may. */
const holdsSecret = (text: string | null): boolean =>
  text === null ||
  /BEGIN [A-Z ]*PRIVATE KEY/.test(text) ||
  parseDotenv(text).entries.some(
    ({ name, value, commented }) => !commented && classifyValue(name, value).class === 'secret',
  )

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
const within = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name)

/** What the readers of a repository share while its images are read. */
type Reading = { reader: RepoReader; world: ScriptWorld; files: readonly string[]; ignored: readonly string[] }

/** The folder that the image is built from: the root, unless the file's own folder has an ignore file or a manifest. */
const contextOf = (file: string, { reader, files }: Reading): { dockerignore: string | null; folder: string } => {
  const folder = folderOf(file)
  const ignores = [`${file}.dockerignore`, within(folder, '.dockerignore'), '.dockerignore']
  const dockerignore = ignores.find(path => reader.text(path).ok) ?? null
  if (dockerignore) return { dockerignore, folder: folderOf(dockerignore) }
  return { dockerignore, folder: files.includes(within(folder, 'package.json')) ? folder : '' }
}

/** Environment files below a folder that git ignores or that hold a secret, as paths in that folder. */
const environmentBelow = (folder: string, { reader, files, ignored }: Reading): string[] => {
  const isSecretFile = (path: string): boolean =>
    isEnvironmentFile(path.slice(path.lastIndexOf('/') + 1)) && holdsSecret(reader.maybe(path))
  return [...ignored, ...files.filter(isSecretFile)].flatMap(path => {
    if (folder === '') return [path]
    return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []
  })
}

const containerOf = (file: string, text: string, reading: Reading): Container => {
  const { reader, world } = reading
  const dockerfile = parseDockerfile(text)
  const { runs, ...image } = judgeImage(dockerfile)
  const { dockerignore, folder } = contextOf(file, reading)
  const rules = dockerignore ? parseDockerignore(reader.maybe(dockerignore) ?? '') : null
  const commands = runs.flatMap(({ text: run, line, phase, env }) =>
    commandsOf(run, world, { folder, env }).map(
      ({ kind, text, manager, frozen, instead }): ContainerCommand => ({
        kind,
        text: maskCommand(text),
        line,
        phase,
        manager: manager ?? null,
        frozen: frozen ?? null,
        instead: instead ?? null,
      }),
    ),
  )
  const start = runs.filter(({ phase }) => phase === 'start')
  return {
    ...image,
    // A file that is here and holds no secret is none, whatever its name.
    secrets: image.secrets.filter(
      ({ path }) => path === undefined || holdsSecret(reader.maybe(path.replace(/^\.?\//, ''))),
    ),
    file,
    folder: folderOf(file),
    problem: dockerfile.problem,
    dockerignore,
    copiedEnvironment:
      image.copiesAll === null ? [] : copiedSecrets(rules, environmentBelow(folder, reading)).slice(0, mostCopied),
    commands,
    start: start.length ? maskCommand(start.map(({ text }) => text).join(' ')) : null,
    startLine: start.at(-1)?.line ?? 1,
  }
}

const mostFiles = 40
const mostCopied = 20

const fact: FactDefinition<Containers> = {
  on: 'repo',
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reading: Reading = {
      reader: readerOf(context, tree.value),
      world: worldOf(context, tree.value),
      files: filesOf(tree.value),
      ignored: tree.value.ignored,
    }
    const named = reading.files.filter(
      path => containerFile.test(path) && !goesWithOne.test(path) && !notShipped.test(path),
    )
    const containers = named.slice(0, mostFiles).flatMap(file => {
      const text = reading.reader.maybe(file, { maxBytes: 256 << 10 })
      return text === null ? [] : [containerOf(file, text, reading)]
    })
    return observed({ containers }, context.now())
  },
}
export default fact
