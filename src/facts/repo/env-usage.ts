// Which environment variables the code reads, which schema knows them, where else they are set or named.
import { setImmediate } from 'node:timers/promises'
import { observed } from '../../core/fact.ts'
import { isPlatformVariable, isSkeletonRead } from '../../data/platform-variables.ts'
import { publicPrefixOf } from '../../data/public-prefixes.ts'
import { debugSetting } from '../../formats/repo/debug-settings.ts'
import type { EnvironmentName } from '../../formats/repo/dotenv.ts'
import { type HandedOver, handedOver } from '../../formats/repo/env-exposure.ts'
import { openFallbacks } from '../../formats/repo/env-fallbacks.ts'
import {
  broughtHelpers,
  type EnvironmentHelper,
  helpersIn,
  type NamingCall,
  namingCallsIn,
} from '../../formats/repo/env-helpers.ts'
import type { EnvironmentSchema } from '../../formats/repo/env-reads.ts'
import { environmentSettings, type SettingKind, setsEnvironment } from '../../formats/repo/env-sources.ts'
import { environmentUsage, mayReadEnvironment, readsEnvironment } from '../../formats/repo/env-usage.ts'
import { type JavascriptParser, loadParser } from '../../formats/repo/javascript-nodes.ts'
import { soundsSecret } from '../../formats/repo/public-names.ts'
import { type Inliner, inlinersOf, saysTools, takesPublicKey } from '../../formats/repo/public-tools.ts'
import { serverAlone } from '../../formats/repo/server-modules.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { isUnshipped } from '../../formats/shipped.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { type EnvironmentEntry, environmentEntry } from './env-entry.ts'
import { moduleWorld } from './module-world.ts'
import { createReader, type RepoReader } from './read.ts'
import type { Tree } from './tree.ts'

export type VariableRead = {
  path: string
  line: number
  side: 'server' | 'browser'
  hasDefault: boolean
  strict: boolean
  test: boolean
  /** It is handed to a library of the browser whose key is made to be seen. */
  shown?: true
  /** It is a secret of the product's own, and a text of the code is taken where it is not set. */
  open?: true
  /** It bears a public prefix, and every way to its module begins on the server. */
  serverAlone?: true
}

/** A variable that code reads or a schema names. */
export type ReadVariable = {
  name: string
  /** Read places, sorted and bounded; `count` is how many there are. */
  reads: VariableRead[]
  count: number
  browser: boolean
  /** No read falls back, or a schema demands it. */
  required: boolean
  schema: { path: string; line: number; optional: boolean } | null
  /** Set by a platform or read by a tool of its own accord. */
  platform: boolean
}

/** A place that sets or names a variable beside the dotenv files. `entry` is null where the value is kept elsewhere. */
export type VariableSetting = {
  name: string
  file: string
  line: number
  kind: SettingKind
  environment: EnvironmentName
  entry: EnvironmentEntry | null
  /** The variable that switches it off, where one may. */
  unless?: string
}

export type EnvironmentUsageFact = {
  variables: ReadVariable[]
  settings: VariableSetting[]
  /** Environments of which a file of the platform names every variable. */
  complete: EnvironmentName[]
  schemas: (Omit<EnvironmentSchema, 'variables'> & { path: string; count: number })[]
  /** Variables that a setting hands to the browser, though their names bear no public prefix. */
  handed: (HandedOver & { path: string })[]
  /** Packages, and the tools in them that write variables with a public prefix into the bundle. */
  inliners: Inliner[]
  /** Names from dotenv and example files that stand somewhere else in the repository. */
  mentioned: string[]
  /** Names that the README or the documentation explains. */
  explained: string[]
  /** Reads whose name is only known when the program runs. */
  dynamic: number
  problems: { path: string; problem: string }[]
}

const maxBytes = 1 << 20
const readme =
  /(?:^|\/)(?:readme|env(?:ironment)?(?:[-_]?variables)?|configuration|deploy(?:ment|ing)?|setup|install(?:ation)?|contributing|self-?host(?:ing)?)[\w.-]*\.(?:md|mdx|rst|adoc|txt)$/i

type Kind = ReturnType<typeof pathKind>

/** A name anywhere in a text, for the names that dotenv files give. */
const patternOf = (names: readonly string[]): RegExp | null =>
  names.length
    ? new RegExp(
        `(?<![A-Za-z0-9_])(?:${names
          .slice(0, 3000)
          .map(name => name.replace(/[.]/g, '\\.'))
          .join('|')})(?![A-Za-z0-9_])`,
        'g',
      )
    : null

/** What was found so far. */
type Gathering = Omit<EnvironmentUsageFact, 'variables' | 'mentioned' | 'explained' | 'complete'> & {
  variables: Map<string, ReadVariable>
  mentioned: Set<string>
  explained: Set<string>
  complete: Set<EnvironmentName>
  /** Names that a bundler replaces, or that the program sets itself. */
  replaced: Set<string>
  /** Functions that read the variable which they are given, and calls that name one. */
  helpers: EnvironmentHelper[]
  naming: (NamingCall & { path: string; test: boolean })[]
  isPublished: (path: string) => boolean
}

const begin = (isPublished: Gathering['isPublished']): Gathering => ({
  replaced: new Set(),
  helpers: [...broughtHelpers],
  naming: [],
  isPublished,
  variables: new Map(),
  settings: [],
  complete: new Set(),
  schemas: [],
  handed: [],
  inliners: [],
  mentioned: new Set(),
  explained: new Set(),
  dynamic: 0,
  problems: [],
})

const variableOf = ({ variables }: Gathering, name: string): ReadVariable => {
  const known = variables.get(name)
  if (known) return known
  const made: ReadVariable = {
    name,
    reads: [],
    count: 0,
    browser: false,
    required: false,
    schema: null,
    platform: isPlatformVariable(name),
  }
  variables.set(name, made)
  return made
}

const addSettings = (gathering: Gathering, path: string, text: string): void => {
  const { settings, complete, problem } = environmentSettings(path, text)
  for (const { value, ...setting } of settings)
    gathering.settings.push({
      ...setting,
      entry: value === null ? null : environmentEntry({ name: setting.name, value, line: setting.line }),
    })
  for (const environment of complete) gathering.complete.add(environment)
  if (problem) gathering.problems.push({ path, problem })
}

/** Debug mode that the settings of a framework switch on, past every variable. */
const addDebug = (
  gathering: Gathering,
  path: string,
  text: string,
  beside: Parameters<typeof debugSetting>[2],
): void => {
  const found = debugSetting(path, text, beside)
  if (!found) return
  const entry = environmentEntry({ ...found, value: 'true' })
  gathering.settings.push({ ...found, file: path, kind: 'code', environment: 'production', entry })
}

/** Scripts, benchmarks, migrations, what makes a project from a template and configuration of tools read what the product does not. */
const besideProduct = (path: string): boolean =>
  /(?:^|\/)(?:scripts?|tools?|bench(?:mark)?s?|migrations?|migrate|remix\.init|\.storybook|lib\/tasks)\//.test(path) ||
  /^(?:(?:packages|apps|libs)\/)?(?:infra|infrastructure|terraform|cdk|pulumi|iac|deploy|deployment|ansible|helm)\/|^(?!(?:.*\/)?src\/).*\.config\.[cm]?[jt]s$|\.rake$|(?:^|\/)(?:build\.rs|Rakefile|Gemfile)$/.test(
    path,
  )

/** A schema of Prisma that stands where Prisma looks for none: an example, data of the product. */
const isAsideSchema = (path: string): boolean =>
  path.endsWith('.prisma') && !/(?:^|\/)(?:prisma\/(?:[^/]+\/)*[^/]+|schema)\.prisma$/.test(path)

/** What a bundler puts in the place of a read: `define: { 'process.env.NAME': … }`. Asked only where its sign stands. */
const replacedAtBuild = /['"`](?:process|import\.meta)\.env\.(\w+)['"`]\s*(?:\]\s*)?:/g

/** Whether a file belongs to a package of the workspace that is published for other programs: what it reads, they set. */
const publishedPackages = (
  paths: readonly string[],
  read: (path: string) => string | null,
): ((path: string) => boolean) => {
  const folders = paths
    .filter(path => /^(?:[\w.@-]+\/)*(?:packages|sdks?|libs|clients?|cli)\/(?:[\w.@-]+\/)*package\.json$/.test(path))
    .slice(0, 500)
    .filter(path => isPublished(read(path) ?? ''))
    .map(path => path.slice(0, -'package.json'.length))
  return path => folders.some(folder => path.startsWith(folder))
}

const isPublished = (manifest: string): boolean =>
  !/"private"\s*:\s*true/.test(manifest) &&
  /"version"\s*:/.test(manifest) &&
  /"(?:main|module|exports|bin|files|publishConfig)"\s*:/.test(manifest) &&
  !/"(?:next|nuxt|@remix-run\/serve|@sveltejs\/kit|@nestjs\/core|express|fastify|hono|koa)"\s*:\s*"/.test(
    manifest.replace(/"(?:dev|peer)Dependencies"\s*:\s*\{[^{}]*\}/g, ''),
  )

/** What the program sets itself before others read it: `process.env.NAME = …`, `env(NAME): …` of Symfony. */
const setInCode =
  /\b(?:process\.env\.([A-Z]\w+)|os\.environ\[["']([A-Z]\w+)["']\]|ENV\[["']([A-Z]\w+)["']\])\s{0,4}=(?![=~>])|^[ \t]+env\(([A-Z]\w+)\)[ \t]*:/gm

/** Without one of these nothing is set: to look for words takes a tenth of the time. */
const signsOfSetting = ['process.env.', 'os.environ[', 'ENV[', 'env(']

const addReads = (gathering: Gathering, parse: JavascriptParser, path: string, kind: Kind, text: string): void => {
  const usage = environmentUsage(parse, path, text)
  if (usage.problem) gathering.problems.push({ path, problem: usage.problem })
  if (text.includes('.env.')) for (const match of text.matchAll(replacedAtBuild)) gathering.replaced.add(match[1]!)
  const test = kind === 'test' || besideProduct(path) || isAsideSchema(path) || gathering.isPublished(path)
  const open = new Set(
    openFallbacks(
      path,
      text,
      usage.reads.filter(({ hasDefault }) => hasDefault),
    ).map(({ name, line }) => `${name} ${line}`),
  )
  for (const { name, ...read } of usage.reads) {
    const variable = variableOf(gathering, name)
    variable.count++
    const shown = publicPrefixOf(name) !== null && takesPublicKey(name, text)
    if (variable.reads.length < 50)
      variable.reads.push({
        path,
        ...read,
        test,
        ...(shown ? { shown } : {}),
        ...(open.has(`${name} ${read.line}`) ? { open: true as const } : {}),
      })
  }
  if (kind === 'test') return
  if (!test && signsOfSetting.some(sign => text.includes(sign)))
    for (const [, node, python, ruby, symfony] of text.matchAll(setInCode))
      gathering.replaced.add((node ?? python ?? ruby ?? symfony)!)
  gathering.dynamic += usage.dynamic
  for (const { variables, ...schema } of usage.schemas) {
    gathering.schemas.push({ ...schema, path, count: variables.length })
    for (const { name, line, optional } of variables) variableOf(gathering, name).schema ??= { path, line, optional }
  }
}

const mostNaming = 20_000

const addHelpers = (gathering: Gathering, path: string, kind: Kind, text: string): void => {
  const { helpers, naming, isPublished } = gathering
  if (kind === 'documentation') return
  if (kind !== 'test') helpers.push(...helpersIn(path, text))
  if (naming.length >= mostNaming) return
  const test = kind === 'test' || besideProduct(path) || isPublished(path)
  naming.push(...namingCallsIn(path, text).map(call => ({ ...call, path, test })))
}

/** Reads through helpers: asked for when every helper is known. */
const addNamed = (gathering: Gathering): void => {
  const { helpers, naming, variables } = gathering
  const strict = new Map(helpers.map(({ name, language, strict }) => [`${language} ${name}`, strict]))
  for (const { helper, language, variable: name, line, second, path, test } of naming) {
    const raises = strict.get(`${language} ${helper}`)
    // What is read by itself on the same line is no second read.
    if (raises === undefined || variables.get(name)?.reads.some(read => read.path === path && read.line === line))
      continue
    const variable = variableOf(gathering, name)
    variable.count++
    if (variable.reads.length < 50)
      variable.reads.push({ path, line, side: 'server', hasDefault: second || !raises, strict: raises, test })
  }
}

const addTools = ({ inliners }: Gathering, path: string, text: string): void => {
  if (saysTools(path) && !isUnshipped(path)) inliners.push(...inlinersOf(path, text))
}

const settle = (variable: ReadVariable, replaced: ReadonlySet<string>): ReadVariable => {
  const { reads, schema, name } = variable
  const counted = reads.filter(read => !read.test)
  return {
    ...variable,
    // Options that the framework's skeleton reads, and nothing of the product's own.
    platform:
      variable.platform ||
      replaced.has(name) ||
      (reads.length > 0 && reads.every(({ path }) => isSkeletonRead(path, name))),
    browser: counted.some(({ side }) => side === 'browser'),
    required: schema ? !schema.optional : counted.some(({ hasDefault }) => !hasDefault),
  }
}

const settled = ({
  replaced,
  isPublished: _,
  helpers: _helpers,
  naming: _naming,
  ...gathering
}: Gathering): EnvironmentUsageFact => ({
  ...gathering,
  variables: [...gathering.variables.values()]
    .map(one => settle(one, replaced))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
  settings: gathering.settings.sort((a, b) =>
    a.name === b.name ? (a.file < b.file ? -1 : 1) : a.name < b.name ? -1 : 1,
  ),
  complete: [...gathering.complete].sort(),
  mentioned: [...gathering.mentioned].sort(),
  explained: [...gathering.explained].sort(),
})

/** Names of variables in a README: one word alone only where it is set apart. */
const explainedName = /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|(?<=`)[A-Z][A-Z0-9]{2,40}(?=[`=])/g

const readsNothing = new Set<Kind>(['lock', 'generated', 'environment'])

const isScript = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/

/** Marks reads of names that sound secret and public where Next.js runs their module on the server alone. Asked only where there is one. */
const markServerReads = async (
  { variables }: Gathering,
  { files }: Tree,
  reader: RepoReader,
  context: CollectContext,
): Promise<void> => {
  const prefix = 'NEXT_PUBLIC_'
  const reads = [...variables.values()]
    .filter(({ name }) => name.startsWith(prefix) && soundsSecret(name.slice(prefix.length)))
    .flatMap(one => one.reads)
  if (reads.length === 0) return
  const stack = await context.need('stack')
  const code = files
    .filter(({ path, kind, size }) => kind === 'file' && size <= maxBytes && isScript.test(path) && !isUnshipped(path))
    .map(({ path }) => path)
  const world = moduleWorld(files, stack.ok ? stack.value.packages : [], reader)
  const isAlone = serverAlone(code, world, path => reader.maybe(path, { maxBytes }) ?? '')
  for (const read of reads) if (isAlone(read.path)) read.serverAlone = true
}

const fact: FactDefinition<EnvironmentUsageFact> = {
  on: 'repo',
  deadlines: 12,
  async collect(_subject, context) {
    const parse = await loadParser()
    const [tree, files] = await Promise.all([context.need('tree'), context.need('envFiles')])
    if (!tree.ok) return tree
    if (!files.ok) return files
    const reader = createReader(tree.value.root)
    const gathering = begin(
      publishedPackages(
        tree.value.files.map(({ path }) => path),
        path => reader.maybe(path),
      ),
    )
    const wanted = patternOf([...new Set(files.value.files.flatMap(file => file.entries.map(({ name }) => name)))])
    const beside = {
      paths: tree.value.files.map(({ path }) => path),
      read: (path: string) => reader.maybe(path, { maxBytes: 256 << 10 }),
    }
    let bytes = 0
    for (const { path, kind: type, size } of tree.value.files) {
      if (type !== 'file' || size === 0 || size > maxBytes) continue
      const kind = pathKind(path)
      if (readsNothing.has(kind) || (kind === 'example' && !readsEnvironment.test(path))) continue
      const text = reader.maybe(path, { maxBytes })
      if (text === null) continue
      bytes += text.length
      if (bytes > 4 << 20) {
        bytes = 0
        await setImmediate()
      }
      addTools(gathering, path, text)
      if (readme.test(path)) for (const match of text.matchAll(explainedName)) gathering.explained.add(match[0])
      else if (wanted && kind !== 'documentation')
        for (const match of text.matchAll(wanted)) gathering.mentioned.add(match[0])
      // What tests and fixtures set is set for no environment of the product.
      if (kind !== 'test' && setsEnvironment(path)) addSettings(gathering, path, text)
      if (kind !== 'documentation' && (readsEnvironment.test(path) || mayReadEnvironment.test(path)))
        addReads(gathering, parse, path, kind, text)
      addHelpers(gathering, path, kind, text)
      if (kind !== 'test') addDebug(gathering, path, text, beside)
      if (kind === 'code') for (const one of handedOver(path, text)) gathering.handed.push({ ...one, path })
    }
    addNamed(gathering)
    await markServerReads(gathering, tree.value, reader, context)
    return observed(settled(gathering), context.now())
  },
}
export default fact
