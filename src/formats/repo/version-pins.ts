// Where repositories say which runtime they want, and what they say: version files, manifests, images, pipelines, platform files.
import { ciProviderOf } from '../../data/ci-systems.ts'
import type { Runtime } from '../../data/runtimes-eol.ts'
import { isRecord } from '../is-record.ts'
import { parseYaml } from '../yaml-bounds.ts'
import { readGoMod, readPyproject } from './lockfile-manifest.ts'
import { fileName } from './paths.ts'

/** One declaration. `role`: `minimum` only says what is too old; `image` is what runs in production. `values` are alternatives (a matrix). */
export type VersionPin = {
  runtime: Runtime
  file: string
  line: number
  values: string[]
  role: 'pin' | 'range' | 'minimum' | 'image' | 'pipeline'
  /** Of an image that nothing here is seen to build: it may be that of laptops, or left behind. */
  unbuilt?: true
  /** Folder whose changes alone start the pipeline: it is for the program there. */
  program?: string
}

const lineOf = (text: string, pattern: RegExp): number => {
  const at = text.search(pattern)
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}

const toolNames: Readonly<Record<string, Runtime>> = {
  nodejs: 'node',
  node: 'node',
  python: 'python',
  ruby: 'ruby',
  php: 'php',
  golang: 'go',
  go: 'go',
}
const images: Readonly<Record<string, Runtime>> = {
  node: 'node',
  python: 'python',
  ruby: 'ruby',
  php: 'php',
  golang: 'go',
}

const single = (file: string, text: string, runtime: Runtime): VersionPin[] => {
  const rows = text
    .split('\n')
    .map((row, index) => ({ row: row.replace(/#.*$/, '').trim(), line: index + 1 }))
    .filter(({ row }) => row !== '')
  const first = rows[0]
  const value = first?.row.replace(/^(?:ruby|python|node|go|v)-?(?=\d)/, '')
  return first && value ? [{ runtime, file, line: first.line, values: [value], role: 'pin' }] : []
}

const jsonOf = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
const string = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null
const inner = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined)

const fromImage = (file: string, line: number, image: string, role: VersionPin['role']): VersionPin[] => {
  const distroless = /(?:^|\/)distroless\/nodejs(\d+)(?:-|:|@|$)/.exec(image)
  if (distroless) return [{ runtime: 'node', file, line, values: [distroless[1]!], role }]
  const match = /(?:^|\/)(?:cimg\/|circleci\/)?(node|python|ruby|php|golang|go):(\d+(?:\.\d+)*)/.exec(image)
  const runtime = match ? (images[match[1]!] ?? toolNames[match[1]!]) : undefined
  return match && runtime ? [{ runtime, file, line, values: [match[2]!], role }] : []
}

/** Bases in which no Node.js runs unless somebody puts it there: named for other languages, for servers of files, for systems alone. */
const others =
  /(?:^|[/._-])(?:python|ruby|rails|php|golang|elixir|nginx|caddy|httpd|alpine|debian|ubuntu|busybox|scratch|static)(?=[/:@._-]|$)/
const withNode = /(?:^|[/._-])(?:node|nodejs\d*|bun|deno)(?=[/:@._-]|$)/
const withoutNode = (image: string): boolean => others.test(image) && !withNode.test(image)

/** `under`: the image that what is started stands on; `hasNode`: the file puts Node.js there. */
export type Started = { under: string; hasNode: boolean }

/** Images of FROM lines. A stage of Node.js that what is started takes none from only builds what browsers get. */
export const pinsOfBases = (
  file: string,
  bases: readonly { line: number; base: string }[],
  { under, hasNode }: Started,
): VersionPin[] => {
  const pins = bases.flatMap(({ line, base }) => fromImage(file, line, base, 'image'))
  const isBuilt = !hasNode && withoutNode(under)
  // Beside an image of the same runtime that is started, another version is that of a stage which builds.
  const [run] = fromImage(file, 0, under, 'image')
  const onlyBuilds = ({ runtime, values }: VersionPin): boolean =>
    (isBuilt && runtime === 'node') || (runtime === run?.runtime && values[0] !== run.values[0])
  return pins.map(pin => (onlyBuilds(pin) ? { ...pin, role: 'pipeline' as const } : pin))
}

const pipelineKeys: Readonly<Record<string, Runtime>> = {
  'node-version': 'node',
  'python-version': 'python',
  'ruby-version': 'ruby',
  'php-version': 'php',
  'php-versions': 'php',
  'go-version': 'go',
  node_version: 'node',
  python_version: 'python',
  versionSpec: 'node',
}

/** The value behind `${{ env.NODE_VERSION }}` or `${{ matrix.node }}`, where the same file gives one. */
const resolved = (value: string, text: string): string => {
  const name = /^\$\{\{\s*(?:env|matrix)\.([\w-]+)\s*\}\}/.exec(value.trim())?.[1]
  const given = name
    ? new RegExp(`^\\s*(?:-\\s*)?${name}:\\s*(\\[[^\\]]*\\]|[^#\\n{]+)`, 'm').exec(text)?.[1]
    : undefined
  return given ?? value
}

/** The values that a matrix gives a name: `php: [8.2, 8.3]`, or a list below it. */
const matrixValues = (name: string, text: string): string[] => {
  const listed = new RegExp(
    `^\\s*["']?${name}["']?:[ \\t]*(\\[[^\\]]{0,400}\\]|(?:\\n[ \\t]*-[^\\n]{0,80}){1,30})`,
    'm',
  ).exec(text)?.[1]
  return [...(listed ?? '').matchAll(/[\w.]{1,20}/g)].map(([value]) => value)
}

/** The one folder whose changes start a workflow; null where others do too. */
const programOf = (file: string, text: string): string | null => {
  const on = /^[ \t]*paths:/m.test(text) ? inner(parseYaml(text), 'on') : null
  const events = ['push', 'pull_request', 'pull_request_target'].map(event => inner(on, event)).filter(isRecord)
  const folders = events.flatMap(({ paths }) => {
    const given = Array.isArray(paths) ? paths.filter(path => typeof path === 'string' && path !== file) : ['']
    return given.map(path => /^([\w.-]+)\//.exec(path)?.[1] ?? '')
  })
  const [first = ''] = folders
  return first !== '' && folders.every(folder => folder === first) ? first : null
}

/** `node-version: 22`, matrices of it, and images, in the text of a pipeline. */
const fromPipeline = (file: string, text: string): VersionPin[] => {
  const program = programOf(file, text)
  return pipelinePins(file, text).map(pin => (program === null ? pin : { ...pin, program }))
}

const pipelinePins = (file: string, text: string): VersionPin[] =>
  text.split('\n').flatMap((row, index): VersionPin[] => {
    const line = index + 1
    const key =
      /^(?:\s*(?:-\s*)?|[^#\n]*?[{,]\s*)["']?(node-version|python-version|ruby-version|php-versions?|go-version)["']?:\s*(\[[^\]]*\]|\$\{\{.*?\}\}|[^,}#]+)/.exec(
        row,
      )
    if (key) {
      const written = resolved(key[2]!, text)
      const values = [...written.replace(/^\[|\]$/g, '').matchAll(/["']?([\w./*-]+)["']?/g)]
        .map(match => match[1]!)
        .filter(value => /\d|lts|latest|current|stable/.test(value))
      return written.includes('${{') || values.length === 0
        ? []
        : [{ runtime: pipelineKeys[key[1]!]!, file, line, values, role: 'pipeline' }]
    }
    const image =
      /^\s*(?:-\s*)?(?:image|container|docker):\s*["']?([\w./:@-]+)/.exec(row) ??
      /^\s*-\s*image:\s*["']?([\w./:@-]+)/.exec(row)
    if (!image) return []
    const [, name, variable] =
      /^([\w./-]+):\$\{\{\s*matrix\.([\w-]+)\s*\}\}/.exec(row.slice(row.indexOf(image[1]!))) ?? []
    if (!name || !variable) return fromImage(file, line, image[1]!, 'pipeline')
    const pins = matrixValues(variable, text).flatMap(value => fromImage(file, line, `${name}:${value}`, 'pipeline'))
    return pins[0] ? [{ ...pins[0], values: pins.flatMap(({ values }) => values) }] : []
  })

/** The text with its comments blanked, so that lines stay where they are. */
const uncommented = (text: string): string => text.replace(/(^|\s)#[^\n]*/g, '$1')

const environment = (file: string, written: string): VersionPin[] => {
  const text = uncommented(written)
  return [
    ...text.matchAll(
      /\b(NODE_VERSION|PYTHON_VERSION|RUBY_VERSION|PHP_VERSION|GO_VERSION|NIXPACKS_NODE_VERSION)["']?\s*(?:[:=]|\n\s*value:)\s*["']?(\d+(?:\.\d+)*)/g,
    ),
  ].map(match => ({
    runtime:
      toolNames[
        match[1]!
          .replace(/^NIXPACKS_/, '')
          .replace(/_VERSION$/, '')
          .toLowerCase()
      ] ?? 'node',
    file,
    line: text.slice(0, match.index).split('\n').length,
    values: [match[2]!],
    role: 'pin' as const,
  }))
}

type PinReader = (file: string, text: string) => VersionPin[]

/** One declaration where there is a value, none where there is none. */
const pinOf = (
  runtime: Runtime,
  file: string,
  line: number,
  value: string | null | undefined,
  role: VersionPin['role'] = 'pin',
): VersionPin[] => (value ? [{ runtime, file, line, values: [value], role }] : [])

/** A file that holds nothing but a version. */
const versionFile =
  (runtime: Runtime): PinReader =>
  (file, text) =>
    single(file, text, runtime)

/** A file of `tool version` lines, as asdf and mise write them. */
const toolLines =
  (pattern: RegExp): PinReader =>
  (file, text) =>
    text.split('\n').flatMap((row, index) => {
      const match = pattern.exec(row.trim())
      const runtime = match ? toolNames[match[1]!] : undefined
      return runtime ? pinOf(runtime, file, index + 1, match![2]) : []
    })

const readPackage: PinReader = (file, text) => {
  const json = jsonOf(text)
  return [
    ...pinOf('node', file, lineOf(text, /"engines"/), string(inner(json['engines'], 'node')), 'range'),
    ...pinOf('node', file, lineOf(text, /"volta"/), string(inner(json['volta'], 'node'))),
  ]
}

const readComposer: PinReader = (file, text) => {
  const json = jsonOf(text)
  const platform = string(inner(inner(json['config'], 'platform'), 'php'))
  return [
    ...pinOf('php', file, lineOf(text, /"php"/), string(inner(json['require'], 'php')), 'range'),
    // The lowest version that its packages are resolved for, whatever runs.
    ...pinOf('php', file, lineOf(text, /"platform"/), platform, 'minimum'),
  ]
}

const readGo: PinReader = (file, text) => {
  const { go, toolchain } = readGoMod(text)
  return [
    ...pinOf('go', file, lineOf(text, /^go\s/m), go, 'minimum'),
    ...pinOf('go', file, lineOf(text, /^toolchain\s/m), toolchain?.replace(/^go/, '')),
  ]
}

/** `runtime: nodejs18.x`, `Runtime: python3.8`, `runtime = "ruby32"`: how hosts of functions and programs name what runs them. */
const hostRuntime = /\bruntime["']?\s{0,8}[:=]\s{0,8}["']?(nodejs|python|ruby|php|go)(\d+(?:\.\d+)?)(?:\.x)?\b/gi

/** Digits without a point are those of two parts, but for Node.js: `python38` is 3.8. */
const asVersion = (runtime: string, digits: string): string =>
  runtime === 'nodejs' || digits.includes('.') || digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`

const readHostRuntimes: PinReader = (file, written) => {
  const text = uncommented(written)
  return [...text.matchAll(hostRuntime)].flatMap(match => {
    const runtime = match[1]!.toLowerCase()
    const line = text.slice(0, match.index).split('\n').length
    return pinOf(toolNames[runtime]!, file, line, asVersion(runtime, match[2]!))
  })
}

const pythonKey = /^python(?:_full)?_version\s*=\s*"([^"]+)"/m
const miseTools = toolLines(/^(node|nodejs|python|ruby|php|go|golang)\s*=\s*"([^"]+)"/)

/** By file name; every other file that may name a version is a pipeline's. */
const readers: Readonly<Record<string, PinReader>> = {
  '.nvmrc': versionFile('node'),
  '.node-version': versionFile('node'),
  '.python-version': versionFile('python'),
  '.ruby-version': versionFile('ruby'),
  '.php-version': versionFile('php'),
  '.go-version': versionFile('go'),
  'runtime.txt': (file, text) => (/python-/.test(text) ? single(file, text, 'python') : []),
  '.tool-versions': toolLines(/^(\w+)\s+(\S+)/),
  'mise.toml': miseTools,
  '.mise.toml': miseTools,
  'package.json': readPackage,
  'composer.json': readComposer,
  'pyproject.toml': (file, text) =>
    pinOf('python', file, lineOf(text, /requires-python|^python\s*=/m), readPyproject(text).requiresPython, 'range'),
  Pipfile: (file, text) => pinOf('python', file, lineOf(text, /^python(?:_full)?_version/m), pythonKey.exec(text)?.[1]),
  Gemfile: (file, text) =>
    pinOf('ruby', file, lineOf(text, /^\s*ruby\s/m), /^\s*ruby\s+["']([^"']+)["']/m.exec(text)?.[1]),
  'go.mod': readGo,
  'netlify.toml': (file, text) => environment(file, text),
  'render.yaml': (file, text) => environment(file, text),
  'nixpacks.toml': (file, text) => environment(file, text),
  'app.yaml': readHostRuntimes,
  'serverless.yml': readHostRuntimes,
  'serverless.yaml': readHostRuntimes,
  'template.yaml': readHostRuntimes,
  'template.yml': readHostRuntimes,
  'firebase.json': readHostRuntimes,
}

const terraform = /(?:^|\/)[\w.-]+\.tf$/

/** The reader of a file that its name tells; null where none does. */
const readerOf = (file: string): PinReader | null => {
  const name = fileName(file)
  if (Object.hasOwn(readers, name)) return readers[name]!
  return terraform.test(file) ? readHostRuntimes : null
}

/** Whether a file may say which runtime is wanted. */
export const mayPin = (path: string): boolean => readerOf(path) !== null || ciProviderOf(path) !== null

/** What one file says. Never throws: what cannot be read says nothing. */
export const readPins = (file: string, text: string): VersionPin[] => {
  try {
    return (readerOf(file) ?? fromPipeline)(file, text)
  } catch {
    return []
  }
}
