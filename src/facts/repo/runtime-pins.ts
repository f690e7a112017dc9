// Every place that says which version of Node, Python, Ruby, PHP or Go is wanted.
import { observed } from '../../core/fact.ts'
import { ciProviderOf } from '../../data/ci-systems.ts'
import { frameworks } from '../../data/frameworks.ts'
import type { Runtime } from '../../data/runtimes-eol.ts'
import { finalStage, imageUnder, parseDockerfile, startedInstructions } from '../../formats/repo/dockerfile.ts'
import { folderOf, within } from '../../formats/repo/paths.ts'
import type { Stack } from '../../formats/repo/stack-detect.ts'
import { mayPin, pinsOfBases, readPins, type Started, type VersionPin } from '../../formats/repo/version-pins.ts'
import { isAsideOrManual, isUnshipped } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import type { Containers } from './containers.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf } from './script-world.ts'

export type RuntimePins = {
  pins: VersionPin[]
  /** Runtimes that the repository's programs run on. */
  used: Runtime[]
  /** Those among them that only build what browsers get: what the pipelines name is what runs. */
  builds?: Runtime[]
}

const languages: Readonly<Record<string, Runtime>> = {
  javascript: 'node',
  typescript: 'node',
  python: 'python',
  ruby: 'ruby',
  php: 'php',
  go: 'go',
}

type Image = Containers['containers'][number]

const namesImages =
  /(?:^|\/)(?:\.github\/workflows\/|\.circleci\/|[^/]*compose[^/]*\.ya?ml$|Makefile$|[Jj]ustfile$|package\.json$|[\w.-]+\.(?:toml|sh|tf|hcl)$|render\.ya?ml$|\.gitlab-ci\.yml$)/

/** Images that something builds: beside a plain Dockerfile, one of another name counts where a pipeline, a compose file or a script names it. */
const builtImages = (all: readonly Image[], paths: readonly string[], reader: RepoReader): Image[] => {
  const nameOf = ({ file }: Image): string => file.slice(file.lastIndexOf('/') + 1)
  if (!all.some(one => nameOf(one) === 'Dockerfile') || all.every(one => nameOf(one) === 'Dockerfile')) return [...all]
  const texts = paths
    .filter(path => namesImages.test(path))
    .slice(0, 300)
    .map(path => reader.maybe(path, { maxBytes: 64 << 10 }) ?? '')
  return all.filter(one => nameOf(one) === 'Dockerfile' || texts.some(text => text.includes(nameOf(one))))
}

/** A package that others install names the versions it works with, not the one that production runs. */
const isPublished = (manifest: string): boolean =>
  /"(?:bin|exports|main)"\s*:/.test(manifest) && !/"private"\s*:\s*true/.test(manifest)

const nodeVersionFile = /(?:^|\/)\.(?:nvmrc|node-version|tool-versions)$/

/** Whether a file says what those run who work on a package that is published from its own folder. */
const isOfPublished = (path: string, reader: RepoReader): boolean =>
  nodeVersionFile.test(path) &&
  folderOf(path) !== '' &&
  isPublished(reader.maybe(within(folderOf(path), 'package.json')) ?? '')

const usesNode = /(?<!\/home\/)\bnode(?:js|source)?\b(?!-\w)|\b(?:npm|yarn|pnpm|corepack)\b/i

/** What is started of an image, and whether it gets Node.js, other than by what a stage is named for. */
const startedOf = (file: string, reader: RepoReader): Started => {
  const dockerfile = parseDockerfile(reader.maybe(file, { maxBytes: 256 << 10 }) ?? '')
  const stages = new Set(dockerfile.stages.map(({ name }) => name))
  const texts = startedInstructions(dockerfile).map(({ value, flags }) =>
    flags['from'] === undefined || stages.has(flags['from']) ? value : `${flags['from']} ${value}`,
  )
  return {
    under: imageUnder(dockerfile, finalStage(dockerfile)),
    hasNode: texts.some(text => usesNode.test(text)),
  }
}

const nodeImage = /(?:^|\/)node:/

/** Whether Node.js is in what an image starts. */
const hasNode = ({ pins, started }: { pins: readonly VersionPin[]; started: Started }): boolean =>
  started.hasNode || pins.some(({ runtime, role }) => runtime === 'node' && role === 'image')

/** Whether a package answers requests: pages that are built ahead do not. */
const isServer = ({ framework }: Stack['packages'][number]): boolean =>
  framework !== null && frameworks[framework]?.isStatic !== true

/**
 * Whether Node.js builds, and runs nothing: the product is served by a program in another language, no program of JavaScript answers
 * requests, and none of the images that are shipped starts with Node.js in it.
 */
const onlyBuildsWithNode = (
  images: readonly { pins: readonly VersionPin[]; started: Started; stages: readonly string[] }[],
  packages: Stack['packages'],
): boolean => {
  const servers = packages.filter(isServer)
  const others =
    servers.some(({ language }) => !/script$/.test(language)) ||
    images.some(({ pins }) => pins.some(({ runtime }) => runtime !== 'node'))
  const runsNode = images.some(hasNode)
  // Without an image nothing shows what is installed where it runs: what answers there decides. What no image builds in a stage of its own is
  // started by Node.js somewhere.
  const own = servers.filter(({ language }) => /script$/.test(language))
  return (
    others && !runsNode && (own.length === 0 || images.some(({ stages }) => stages.some(base => nodeImage.test(base))))
  )
}

/** Packages of programs that people install: they bring their own runtime. */
const onDevices = ['electron', 'react-native', 'expo', '@capacitor/core', '@tauri-apps/api']

/** Whether what is written in JavaScript is installed on machines and phones, and nothing of it answers requests. */
const runsOnDevices = (packages: Stack['packages']): boolean =>
  packages.some(one => onDevices.some(name => name in { ...one.dependencies, ...one.devDependencies })) &&
  !packages.some(one => isServer(one) && /script$/.test(one.language))

/** Pipelines named for what is written about the product, or for tidying up: what they run on says nothing of it. */
const besideProduct =
  /(?:^|\/)(?:[\w.-]*[-_.])?(?:docs?|documentation|storybook|pre-?commit|auto-?format|format(?:ter|ting)?|stale|labell?er?|changelog|triage|lighthouse|lhci)(?:[-_.][\w.-]*)?\.ya?ml$/i
const isBeside = (path: string): boolean => ciProviderOf(path) !== null && besideProduct.test(path)

/** Platforms that build what is pushed, with a version of their own where nobody names one. */
const buildsPushes = /^(?:vercel|netlify|cloudflare|amplify|render)$/

/** Node.js where all that is written in JavaScript is built into files, by the pipelines alone. */
const buildsOf = ({ packages, platforms }: Stack): Pick<RuntimePins, 'builds'> => {
  const own = packages.filter(({ language }) => /script$/.test(language))
  const isAll = own.length > 0 && !own.some(isServer) && !platforms.some(({ name }) => buildsPushes.test(name))
  return isAll ? { builds: ['node'] } : {}
}

const byPlace = (a: VersionPin, b: VersionPin): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)

/** A folder of tests by its last word: `shop-tests/`. */
const ofTests = /(?:^|\/)[\w.-]*[-_]tests?\//

const fact: FactDefinition<RuntimePins> = {
  on: 'repo',
  async collect(_subject, context) {
    const [tree, stack, containers] = await Promise.all([
      context.need('tree'),
      context.need('stack'),
      context.need('containers'),
    ])
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const paths = filesOf(tree.value).filter(
      path =>
        mayPin(path) &&
        !isAsideOrManual(path) &&
        !isUnshipped(path) &&
        !ofTests.test(path) &&
        !isBeside(path) &&
        !isOfPublished(path, reader),
    )
    const pins = paths.slice(0, 400).flatMap(path => readPins(path, reader.maybe(path, { maxBytes: 512 << 10 }) ?? ''))
    const built = containers.ok ? builtImages(containers.value.containers, filesOf(tree.value), reader) : []
    const images = built.map(({ file, bases, built: isBuilt }) => {
      const started = startedOf(file, reader)
      const own = pinsOfBases(file, bases, started)
      const stages = bases.map(({ base }) => base)
      return { pins: isBuilt ? own : own.map(one => ({ ...one, unbuilt: true as const })), started, stages }
    })
    pins.push(...images.flatMap(one => one.pins))
    const published = isPublished(reader.maybe('package.json') ?? '')
    const packages = stack.ok ? stack.value.packages : []
    if (onlyBuildsWithNode(images, packages) || runsOnDevices(packages))
      for (const one of pins) if (one.runtime === 'node') one.role = 'pipeline'
    // Where the image is Bun's or Deno's, no Node.js runs behind it.
    const allBases = containers.ok
      ? containers.value.containers.flatMap(({ bases }) => bases.map(({ base }) => base))
      : []
    const otherEngine =
      allBases.some(base => /(?:^|\/)(?:bun|deno):/.test(base)) && !allBases.some(base => /(?:^|\/)node:/.test(base))
    const shipped = containers.ok && containers.value.containers.length > 0
    const used = stack.ok
      ? [
          ...new Set(
            stack.value.packages.flatMap(({ language, framework, path }) => {
              if (isAsideOrManual(`${path}/`)) return []
              const runtime = languages[language]
              if (runtime === 'node' && otherEngine) return []
              // Front-end packages beside a Rails or Django program run nowhere.
              return runtime && (framework !== null || (path === '' && (shipped || runtime !== 'node' || !published)))
                ? [runtime]
                : []
            }),
          ),
        ].sort()
      : []
    // On Workers and Pages no Node.js runs behind the deploy: the one that matters is the pipeline's.
    const edge =
      !shipped &&
      stack.ok &&
      stack.value.platforms.length > 0 &&
      stack.value.platforms.every(({ name }) => name === 'cloudflare')
    for (const one of pins) if (edge && one.runtime === 'node' && one.role === 'pipeline') one.role = 'pin'
    return observed(
      { pins: pins.sort(byPlace), used, ...(stack.ok && !images.some(hasNode) ? buildsOf(stack.value) : {}) },
      context.now(),
    )
  },
}
export default fact
