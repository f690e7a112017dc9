// Dockerfiles of what is shipped, and what stands in their images.
import { observed } from '../../core/fact.ts'
import { parseDockerfile, parseDockerignore } from '../../formats/repo/dockerfile.ts'
import { copiedSecrets, type ImageFacts, judgeImage } from '../../formats/repo/dockerfile-judge.ts'
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

const containerFile = /(?:^|\/)(?:(?:Docker|Container)file(?:\.[\w-]+)?|[\w-]+\.(?:[Dd]ockerfile))$/
/** Containers for development, tests, examples and editors are not shipped. */
const notShipped =
  /(?:^|[/._-])(?:dev|devel|development|test|tests|testing|ci|local|debug|e2e|bench|docs?|fixtures?|examples?|templates?|testdata|node_modules|vendor)(?=[/._-]|$)|(?:^|\/)\.devcontainer\//i

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
    for (const file of files.filter(path => containerFile.test(path) && !notShipped.test(path)).slice(0, 40)) {
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
        ...files.filter(path => isEnvironmentFile(path.slice(path.lastIndexOf('/') + 1))),
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
