// Says what a repository is made of: per package its language, framework, package manager, platform, database and CI, from the text of
// its manifests. Pure: given the paths that exist and the text of those that `isManifest` asks for.

import { ciOf } from '../../data/ci-systems.ts'
import { frameworkDependencies } from '../../data/frameworks.ts'
import { databaseDependencies, ormDependencies } from '../../data/orms.ts'
import { lockFiles, type PackageManager } from '../../data/package-managers.ts'
import { platformOfFile, platforms } from '../../data/platforms.ts'
import { isUnshipped } from '../shipped.ts'
import { isRecord } from '../workflow/model.ts'
import { parseYaml } from '../yaml-bounds.ts'
import { type Manifest, manifestReader } from './manifests.ts'
import { fileName, folderOf, within } from './paths.ts'
import type { Found, Language, Stack, StackPackage } from './stack.ts'

export type { Found, Language, Stack, StackPackage } from './stack.ts'

const manifestNames = new Set([
  'package.json',
  'pnpm-workspace.yaml',
  'lerna.json',
  'deno.json',
  'deno.jsonc',
  'pyproject.toml',
  'Pipfile',
  'setup.py',
  'setup.cfg',
  'Gemfile',
  'composer.json',
  'go.mod',
  'mix.exs',
  'Cargo.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'vercel.json',
  'netlify.toml',
  'fly.toml',
  'render.yaml',
  'railway.json',
  'railway.toml',
  'Procfile',
  'app.json',
  'wrangler.toml',
  'wrangler.json',
  'wrangler.jsonc',
  'app.yaml',
  'serverless.yml',
  'serverless.yaml',
  'firebase.json',
  'database.yml',
  'schema.prisma',
  'nixpacks.toml',
  'apprunner.yaml',
  'heroku.yml',
])

/** Whether the text of a file is needed to detect the stack. */
export const isManifest = (path: string): boolean => {
  const name = fileName(path)
  if (/(?:^|\/)(?:node_modules|vendor|\.venv|venv|site-packages)\//.test(path)) return false
  return (
    manifestNames.has(name) ||
    /^requirements[\w.-]*\.(?:txt|in)$/.test(name) ||
    /(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/.test(path) ||
    /^fly\.[\w-]+\.toml$/.test(name) ||
    /(?:^|\/)config\/deploy(?:\.\w+)?\.ya?ml$/.test(path)
  )
}

/** Lock files and whose they are: those that are read, and Deno's. */
const lockfileManagers: Readonly<Record<string, PackageManager>> = {
  ...Object.fromEntries(Object.entries(lockFiles).map(([name, { kind }]) => [name, kind])),
  'deno.lock': 'deno',
}

const containerFile =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?|[\w.-]+\.[Dd]ockerfile|(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml)$/

/** Whether a file builds or composes containers. */
export const isContainerFile = (path: string): boolean => containerFile.test(path) && !/\.dockerignore$/.test(path)

/** Order in which manifests of one folder decide its language; the rest still give dependencies. */
const manifestOrder = [
  'composer.json',
  'Gemfile',
  'mix.exs',
  'pyproject.toml',
  'Pipfile',
  'requirements.txt',
  'setup.py',
  'go.mod',
  'Cargo.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'package.json',
  'deno.json',
  'deno.jsonc',
]

const pick = (table: readonly (readonly [string, string])[], names: ReadonlySet<string>): string[] => [
  ...new Set(
    table
      .filter(
        ([name]) =>
          names.has(name) ||
          [...names].some(have => name.includes('/') && name.includes('.') && have.startsWith(`${name}/v`)),
      )
      .map(([, value]) => value),
  ),
]

const frameworkOf = (language: Language, names: ReadonlySet<string>): string | null =>
  pick(frameworkDependencies[language] ?? frameworkDependencies['javascript']!, names)[0] ?? null

const byPath = (a: Found, b: Found): number =>
  a.name === b.name ? (a.file < b.file ? -1 : 1) : a.name < b.name ? -1 : 1

/** Lower-case databases that a package's own files name. */
const databasesOfFiles = (texts: Readonly<Record<string, string>>, folder: string): string[] => {
  const found: string[] = []
  for (const [path, text] of Object.entries(texts)) {
    if (folder && !path.startsWith(`${folder}/`)) continue
    if (fileName(path) === 'schema.prisma') {
      const provider = /datasource\s+\w+\s*\{[^}]*provider\s*=\s*"(\w+)"/.exec(text)?.[1]
      if (provider) found.push(provider === 'cockroachdb' ? 'postgresql' : provider)
    }
    if (fileName(path) === 'database.yml')
      for (const match of text.matchAll(/adapter:\s*["']?(postgresql|mysql2|trilogy|sqlite3)/g))
        found.push(match[1] === 'sqlite3' ? 'sqlite' : match[1] === 'postgresql' ? 'postgresql' : 'mysql')
  }
  return found
}

const workspaceFolders = (texts: Readonly<Record<string, string>>): boolean => {
  const pnpm = texts['pnpm-workspace.yaml']
  if (pnpm) {
    try {
      return isRecord(parseYaml(pnpm))
    } catch {}
  }
  return texts['lerna.json'] !== undefined
}

/** A repository without what tests, examples and templates hold. */
type Shipped = {
  paths: ReadonlySet<string>
  texts: Readonly<Record<string, string>>
  platforms: readonly Found[]
  isWorkspace: boolean
}

type ReadManifest = { file: string; manifest: Manifest }

/** Manifests by folder, `requirements/` counting as the folder above it. */
const manifestsOf = (
  texts: Readonly<Record<string, string>>,
): { byFolder: [string, ReadManifest[]][]; unreadable: Stack['unreadable'] } => {
  const unreadable: Stack['unreadable'] = []
  const byFolder = new Map<string, ReadManifest[]>()
  for (const path of Object.keys(texts).sort()) {
    const read = manifestReader(path)
    if (!read) continue
    const folder = folderOf(path).replace(/(^|\/)requirements$/, '')
    try {
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), { file: path, manifest: read(texts[path]!) }])
    } catch (error) {
      const why = String((error as Error).message)
      unreadable.push({ file: path, why: why.split('\n')[0]!.slice(0, 160) })
    }
  }
  return { byFolder: [...byFolder.entries()].sort(([a], [b]) => (a < b ? -1 : 1)), unreadable }
}

const rankOf = ({ file }: ReadManifest): number => {
  const at = manifestOrder.indexOf(/requirements/.test(file) ? 'requirements.txt' : fileName(file))
  return at < 0 ? 99 : at
}

/** Fields of all manifests of a folder together; those of the first win. */
const merged = (
  sorted: readonly ReadManifest[],
  field: 'dependencies' | 'devDependencies' | 'scripts',
): Record<string, string> =>
  Object.assign({}, ...[...sorted].reverse().map(({ manifest }) => manifest[field])) as Record<string, string>

const namesOf = ({ manifest }: ReadManifest): Set<string> =>
  new Set(Object.keys({ ...manifest.devDependencies, ...manifest.dependencies }))

const nodeManagers: readonly PackageManager[] = ['npm', 'pnpm', 'yarn', 'bun']

/** The package manager by what the manifest says, by the locks beside it, by those at the root; else the language's usual one. */
const managerOf = (
  { manifest, file }: ReadManifest,
  lockfiles: readonly string[],
  { paths }: Shipped,
): PackageManager | null => {
  const isNode = fileName(file) === 'package.json'
  const own = lockfiles
    .map(path => lockfileManagers[fileName(path)]!)
    .find(manager => isNode === nodeManagers.includes(manager))
  const inherited = Object.entries(lockfileManagers)
    .filter(([name]) => paths.has(name))
    .map(([, manager]) => manager)
    .find(manager => (isNode ? nodeManagers.includes(manager) : manager === 'uv'))
  const usual = isNode ? 'npm' : manifest.language === 'python' ? 'pip' : null
  return manifest.packageManager ?? own ?? inherited ?? usual
}

const packageOf = (folder: string, manifests: readonly ReadManifest[], shipped: Shipped): StackPackage => {
  const sorted = [...manifests].sort((a, b) => rankOf(a) - rankOf(b))
  const dependencies = merged(sorted, 'dependencies')
  const devDependencies = merged(sorted, 'devDependencies')
  const names = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)])
  // A package.json beside a Gemfile or composer.json is the front-end build of that application; where it alone names a server, it decides.
  const decided = sorted.find(entry => frameworkOf(entry.manifest.language, namesOf(entry))) ?? sorted[0]!
  const { manifest, file } = decided
  const runtimeFramework = frameworkOf(manifest.language, new Set(Object.keys(manifest.dependencies)))
  const lockfiles = Object.keys(lockfileManagers)
    .map(name => within(folder, name))
    .filter(path => shipped.paths.has(path))
  const isTypescript =
    fileName(file) === 'package.json' && (shipped.paths.has(within(folder, 'tsconfig.json')) || names.has('typescript'))
  const here = shipped.platforms.filter(
    found => folderOf(found.file) === folder || folderOf(found.file).startsWith(folder ? `${folder}/` : '\0'),
  )
  return {
    path: folder,
    name: manifest.name,
    language: isTypescript ? 'typescript' : manifest.language,
    framework: manifest.isLibrary ? null : (runtimeFramework ?? frameworkOf(manifest.language, names)),
    packageManager: managerOf(decided, lockfiles, shipped),
    manifest: file,
    lockfiles,
    scripts: merged(sorted, 'scripts'),
    dependencies,
    devDependencies,
    platforms: [...here].sort(byPath),
    orms: pick(ormDependencies, names),
    databases: [...new Set([...databasesOfFiles(shipped.texts, folder), ...pick(databaseDependencies, names)])],
    workspaceRoot: manifest.workspaceRoot || (folder === '' && shipped.isWorkspace),
  }
}

/** Plain pages: files without a manifest. */
const staticPackage = (platforms: readonly Found[]): StackPackage => ({
  path: '',
  name: null,
  language: 'static',
  framework: null,
  packageManager: null,
  manifest: null,
  lockfiles: [],
  scripts: {},
  dependencies: {},
  devDependencies: {},
  platforms: [...platforms].sort(byPath),
  orms: [],
  databases: [],
  workspaceRoot: false,
})

/** ORMs by files of their own. */
const ormFiles: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)supabase\/migrations\/[^/]+\.sql$/, 'supabase'],
  [/(?:^|\/)schema\.prisma$/, 'prisma'],
  [/(?:^|\/)alembic\.ini$/, 'alembic'],
]

/** Hosting platforms by their files; what runs programs wherever that is, is none. */
const platformsOf = (paths: readonly string[]): Found[] =>
  paths.flatMap(file => {
    const name = platformOfFile(file)
    return name === null || platforms[name]?.runner ? [] : [{ name, file }]
  })

/** Detects the stack. `paths` are all files of the repository; `texts` the text of those that `isManifest` names. */
export const detectStack = (allPaths: readonly string[], allTexts: Readonly<Record<string, string>>): Stack => {
  const paths = allPaths.filter(path => !isUnshipped(path))
  const texts = Object.fromEntries(Object.entries(allTexts).filter(([path]) => !isUnshipped(path)))
  const { byFolder, unreadable } = manifestsOf(texts)
  const found = platformsOf(paths).sort(byPath)
  const shipped = { paths: new Set(paths), texts, platforms: found, isWorkspace: workspaceFolders(texts) }
  const packages = byFolder.map(([folder, manifests]) => packageOf(folder, manifests, shipped))
  if (packages.length === 0 && paths.some(path => /(?:^|\/)index\.html?$/.test(path)))
    packages.push(staticPackage(found))
  const byFile = ormFiles.filter(([pattern]) => paths.some(path => pattern.test(path))).map(([, name]) => name)
  const ci = paths.flatMap(file => {
    const name = ciOf(file)
    return name ? [{ name, file }] : []
  })
  const containers = paths
    .filter(isContainerFile)
    .map(file => ({ name: /compose/i.test(fileName(file)) ? 'compose' : 'dockerfile', file }))
  return {
    packages,
    platforms: found,
    ci: ci.sort(byPath),
    containers: containers.sort(byPath),
    orms: [...new Set([...packages.flatMap(entry => entry.orms), ...byFile])].sort(),
    databases: [...new Set([...packages.flatMap(entry => entry.databases), ...databasesOfFiles(texts, '')])].sort(),
    languages: [...new Set(packages.map(entry => entry.language))].sort(),
    monorepo: packages.length > 1,
    unreadable,
  }
}
