// Dockerfiles of what is shipped, and what stands in their images.
import { observed } from '../../core/fact.ts'
import { parseDockerfile, parseDockerignore } from '../../formats/repo/dockerfile.ts'
import { copiedSecrets, type ImageFacts, judgeImage } from '../../formats/repo/dockerfile-judge.ts'
import { classifyValue, parseDotenv } from '../../formats/repo/dotenv.ts'
import { type Command, commandsOf } from '../../formats/workflow/commands.ts'
import type { FactDefinition } from '../definition.ts'
import { maskCommand } from './pipelines.ts'
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

const fact: FactDefinition<Containers> = {
  on: 'repo',
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const world = worldOf(context, tree.value)
    const files = filesOf(tree.value)
    const containers: Container[] = []
    for (const file of files
      .filter(path => containerFile.test(path) && !goesWithOne.test(path) && !notShipped.test(path))
      .slice(0, 40)) {
      const text = reader.maybe(file, { maxBytes: 256 << 10 })
      if (text === null) continue
      const dockerfile = parseDockerfile(text)
      const folder = folderOf(file)
      const { runs, ...image } = judgeImage(dockerfile)
      // The context is the root unless the folder has a manifest of its own; both places are looked at.
      const ignores = [`${file}.dockerignore`, within(folder, '.dockerignore'), '.dockerignore']
      const dockerignore = ignores.find(path => reader.text(path).ok) ?? null
      const rules = dockerignore ? parseDockerignore(reader.maybe(dockerignore) ?? '') : null
      const contextFolder = dockerignore
        ? folderOf(dockerignore)
        : files.includes(within(folder, 'package.json'))
          ? folder
          : ''
      const below = (path: string): string | null =>
        contextFolder === '' ? path : path.startsWith(`${contextFolder}/`) ? path.slice(contextFolder.length + 1) : null
      const environment = [
        ...tree.value.ignored,
        ...files.filter(
          path => isEnvironmentFile(path.slice(path.lastIndexOf('/') + 1)) && holdsSecret(reader.maybe(path)),
        ),
      ]
        .map(below)
        .filter(path => path !== null)
      const commands = runs.flatMap(({ text: run, line, phase, env }) =>
        commandsOf(run, world, { folder: contextFolder, env }).map(
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
      containers.push({
        ...image,
        // A file that is here and holds no secret is none, whatever its name.
        secrets: image.secrets.filter(
          ({ path }) => path === undefined || holdsSecret(reader.maybe(path.replace(/^\.?\//, ''))),
        ),
        file,
        folder,
        problem: dockerfile.problem,
        dockerignore,
        copiedEnvironment: image.copiesAll === null ? [] : copiedSecrets(rules, environment).slice(0, 20),
        commands,
        start: start.length ? maskCommand(start.map(({ text }) => text).join(' ')) : null,
        startLine: start.at(-1)?.line ?? 1,
      })
    }
    return observed({ containers }, context.now())
  },
}
export default fact
