// Manifests and their lock files: which belong together, whether git keeps them, and whether they still agree.
import { observed } from '../../core/fact.ts'
import { lockFiles } from '../../data/package-managers.ts'
import { isRecord } from '../../formats/is-record.ts'
import type { Audience } from '../../formats/repo/audience.ts'
import type { LockGroup, LockState } from '../../formats/repo/lock-faults.ts'
import { nodeWorkspace, overriddenPackages, tomlWorkspace } from '../../formats/repo/lock-workspace.ts'
import { type Lock, parseLock } from '../../formats/repo/lockfile.ts'
import {
  compareManifest,
  parsePythonRequirement,
  readGoMod,
  readPyproject,
} from '../../formats/repo/lockfile-manifest.ts'
import { fileName, folderOf, within } from '../../formats/repo/paths.ts'
import { isNoPackage } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { audienceOf } from './hosted.ts'
import { markAside, markUninstalled } from './lock-aside.ts'
import { createReader, type RepoReader } from './read.ts'
import type { Tree, TreeFile } from './tree.ts'

export type { LockDifference, LockGroup, LockState } from '../../formats/repo/lock-faults.ts'

export type Lockfiles = { groups: LockGroup[]; unreadable: string[] }

const parseJson = (text: string | null): Record<string, unknown> | null => {
  try {
    const value: unknown = text === null ? null : JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

/** Folders that a composer.json takes packages from by their path, or whose code it loads itself: what they want is locked beside it. */
const composerPaths = (json: Record<string, unknown> | null): string[] | null => {
  const repositories = Object.values(
    isRecord(json?.['repositories']) || Array.isArray(json?.['repositories']) ? json['repositories'] : [],
  )
  const byPath = repositories.flatMap((one: unknown) =>
    isRecord(one) && one['type'] === 'path' && typeof one['url'] === 'string' ? [one['url']] : [],
  )
  const autoload = isRecord(json?.['autoload']) ? json['autoload'] : {}
  const loaded = ['psr-4', 'psr-0'].flatMap(kind =>
    isRecord(autoload[kind]) ? Object.values(autoload[kind]).flat() : [],
  )
  // Code lies in `packages/shop/src`, its manifest in `packages/shop`.
  const folders = loaded.flatMap(one => (typeof one === 'string' ? [one, one.replace(/\/?(?:src|lib)\/?$/, '')] : []))
  const all = [...byPath, ...folders].map(one => one.replace(/^\.\//, '').replace(/\/$/, '')).filter(Boolean)
  return all.length ? all : null
}

/** Whether npm alone locks a folder: the workspace of pnpm that stands beside is none of its. */
const isLockedByNpm = (folder: string, reader: RepoReader): boolean =>
  reader.maybe(within(folder, 'package-lock.json')) !== null && reader.maybe(within(folder, 'pnpm-lock.yaml')) === null

/** Globs of the workspace that a manifest is the root of; null when it is none. */
const workspaceGlobs = ({ file, json, text }: Manifest, reader: RepoReader): string[] | null =>
  fileName(file) === 'package.json'
    ? nodeWorkspace(
        json,
        isLockedByNpm(folderOf(file), reader) ? null : reader.maybe(within(folderOf(file), 'pnpm-workspace.yaml')),
      )
    : /^(?:Cargo|pyproject)\.toml$/.test(fileName(file))
      ? tomlWorkspace(file, text)
      : fileName(file) === 'composer.json'
        ? composerPaths(json)
        : null

const matchesGlob = (path: string, glob: string): boolean => {
  const pattern = glob
    .replace(/^\.\//, '')
    .replace(/\/$/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*/g, star => (star === '*' ? '[^/]+' : '(?:.+/)?'))
  return new RegExp(`^${pattern.replace(/\(\?:\.\+\/\)\?$/, '.+')}$`).test(path)
}

/** Line of the nearest .gitignore that names this lock file. */
const ignoreLine = (folder: string, names: readonly string[], reader: RepoReader): LockGroup['ignoredBy'] => {
  for (let at = folder; ; at = folderOf(at)) {
    const file = within(at, '.gitignore')
    for (const [index, line] of (reader.maybe(file) ?? '').split('\n').entries()) {
      const pattern = line.trim().replace(/^\/|^\*\*\//, '')
      if (
        names.some(
          name =>
            pattern === name || pattern === within(folder, name) || (pattern === '*.lock' && name.endsWith('.lock')),
        )
      ) {
        return { file, line: index + 1, text: line.trim() }
      }
    }
    if (at === '') return null
  }
}

/** `.npmrc` or `.yarnrc` that keeps a lock from being written. */
const switchedOff = (folder: string, reader: RepoReader): LockGroup['ignoredBy'] => {
  const file = within(folder, '.npmrc')
  for (const [index, line] of (reader.maybe(file) ?? '').split('\n').entries()) {
    if (/^\s*(?:package-lock|lockfile)\s*=\s*false\s*$/.test(line)) return { file, line: index + 1, text: line.trim() }
  }
  return null
}

type Manifest = {
  file: string
  manager: string
  locks: string[]
  dependencies: number
  text: string
  json: Record<string, unknown> | null
}

const count = (...maps: unknown[]): number =>
  maps.reduce<number>((sum, map) => sum + (isRecord(map) ? Object.keys(map).length : 0), 0)

/** What Composer puts into a program of others: those who install it choose the versions. `type` is `library` where none is named. */
const isPlugin = (json: Record<string, unknown>): boolean => {
  if (typeof json['type'] === 'string' && json['type'] !== 'library')
    return /-(?:bundle|plugin|module|package)$/.test(json['type'])
  const extra = isRecord(json['extra']) ? json['extra'] : {}
  const needed = { ...(isRecord(json['require']) ? json['require'] : {}) }
  const testbench = isRecord(json['require-dev']) && 'orchestra/testbench' in json['require-dev']
  const found = isRecord(extra['laravel']) && ('providers' in extra['laravel'] || 'aliases' in extra['laravel'])
  return !('laravel/framework' in needed && !testbench) && (testbench || found || json['type'] === 'library')
}

const readManifest = (file: string, reader: RepoReader): Manifest | null => {
  const text = reader.maybe(file)
  if (text === null) return null
  const locks = (manifest: string): string[] =>
    Object.keys(lockFiles).filter(name => lockFiles[name]!.manifest === manifest)
  const make = (manager: string, dependencies: number, json: Record<string, unknown> | null = null): Manifest => ({
    file,
    manager,
    locks: locks(fileName(file)),
    dependencies,
    text,
    json,
  })
  switch (fileName(file)) {
    case 'package.json': {
      const json = parseJson(text)
      if (!json) return null
      const manager = typeof json['packageManager'] === 'string' ? json['packageManager'].split('@')[0]! : 'npm'
      return make(manager, count(json['dependencies'], json['devDependencies'], json['optionalDependencies']), json)
    }
    case 'composer.json': {
      const json = parseJson(text)
      if (!json) return null
      const names = [
        ...Object.keys(isRecord(json['require']) ? json['require'] : {}),
        ...Object.keys(isRecord(json['require-dev']) ? json['require-dev'] : {}),
      ]
      const hasLock = reader.maybe(within(folderOf(file), 'composer.lock')) !== null
      return make('composer', !hasLock && isPlugin(json) ? 0 : names.filter(name => name.includes('/')).length, json)
    }
    case 'pyproject.toml': {
      try {
        const { dependencies } = readPyproject(text)
        const manager = /^\[tool\.poetry/m.test(text) ? 'poetry' : /^\[tool\.pdm/m.test(text) ? 'pdm' : 'uv'
        // A library that is published leaves the versions to those who install it.
        const isLibrary =
          /^\[build-system\]/m.test(text) &&
          /^\s*classifiers\s*=|^\[project\.urls\]|^\[tool\.poetry\.urls\]/m.test(text)
        const hasLock = locks('pyproject.toml').some(name => reader.maybe(within(folderOf(file), name)) !== null)
        return make(manager, isLibrary && !hasLock ? 0 : Object.keys(dependencies).length)
      } catch {
        return null
      }
    }
    case 'Pipfile':
      return make('pipenv', [...text.matchAll(/^[\w."-]+\s*=/gm)].length)
    case 'go.mod':
      return make('go', readGoMod(text).requires.length)
    case 'mix.exs':
      // A member of an umbrella is locked by the one at its root.
      if (/\blockfile:\s{0,8}"\.\.\//.test(text)) return null
      return make('mix', [...text.matchAll(/\{:\w+,\s*"/g)].length)
    case 'Cargo.toml':
      return make('cargo', /^\[dependencies\]/m.test(text) ? 1 : 0)
    default:
      // The Gemfile of a gem, which takes what its gemspec says: those who install it choose the versions.
      if (/^\s*gemspec\b/m.test(text) && reader.maybe(`${file}.lock`) === null) return make('bundler', 0)
      return make('bundler', [...text.matchAll(/^\s*gem[\s(]/gm)].length)
  }
}

const manifestNames = new Set([...Object.values(lockFiles).map(({ manifest }) => manifest)])

/** Requirement files that production installs. */
const requirementFile =
  /(?:^|\/)(?:requirements(?:[-_.](?:prod|production|base))?\.txt|requirements\/(?:prod|production|base|common)\.txt)$/

const requirementGroup = (file: string, reader: RepoReader): LockGroup | null => {
  const text = reader.maybe(file)
  if (text === null) return null
  const unpinned: LockGroup['unpinned'] = []
  let dependencies = 0
  const constrained = /^\s*(?:-c|--constraint)\b/m.test(text)
  for (const [index, line] of text
    .replace(/\\\r?\n/g, '')
    .split('\n')
    .entries()) {
    // What comes from an address is what lies there: an address alone is one, too.
    if (/^\s*(?:#|-|$|https?:|git\+|file:)/.test(line) || /@\s*(?:https?|git|file)/.test(line)) continue
    const requirement = parsePythonRequirement(line)
    if (!requirement) continue
    dependencies += 1
    if (!/^={2,3}[^*]+$/.test(requirement.specifier) && !constrained)
      unpinned.push({ name: requirement.name, line: index + 1 })
  }
  return {
    folder: folderOf(file),
    manifest: file,
    manager: 'pip',
    dependencies,
    locks: [],
    ignoredBy: null,
    unpinned,
    differences: [],
  }
}

/** The repository as its locks see it. */
type Run = { reader: RepoReader; files: ReadonlyMap<string, TreeFile>; keeps: boolean }

const stateOf = ({ files, keeps }: Run, file: string, lock: Lock | null): LockState => ({
  file,
  kind: lockFiles[fileName(file)]!.kind,
  tracked: !keeps || files.get(file)?.tracked === true,
  problem: lock === null ? 'it cannot be read' : lock.problem,
  packages: lock?.packages.length ?? 0,
})

const takes = (globs: readonly string[], path: string): boolean =>
  globs.some(glob => !glob.startsWith('!') && matchesGlob(path, glob)) &&
  !globs.some(glob => glob.startsWith('!') && matchesGlob(path, glob.slice(1)))

const isNode = ({ file }: Manifest): boolean => fileName(file) === 'package.json'

/** Members of each workspace, by the manifest of its root. */
const workspacesOf = (manifests: readonly Manifest[], reader: RepoReader): Map<string, Manifest[]> => {
  const members = new Map<string, Manifest[]>()
  for (const manifest of manifests) {
    const folder = folderOf(manifest.file)
    const globs = workspaceGlobs(manifest, reader)
    if (globs === null) continue
    const inside = manifests.filter(other => {
      const own = folderOf(other.file)
      if (
        fileName(other.file) !== fileName(manifest.file) ||
        own === folder ||
        (folder && !own.startsWith(`${folder}/`))
      )
        return false
      // Cargo takes in what members depend on by a path below the root, named or not.
      const isNamed = takes(globs, folder ? own.slice(folder.length + 1) : own)
      return isNamed || fileName(manifest.file) === 'Cargo.toml'
    })
    members.set(manifest.file, inside)
  }
  return members
}

const differencesOf = (
  lock: Lock,
  file: string,
  manifests: readonly Manifest[],
  folder: string,
  overridden: ReadonlySet<string>,
): LockGroup['differences'] => {
  // Members are linked, whatever range asks for them; Yarn 1 does not write them down.
  const members = new Set(manifests.map(({ json }) => json?.['name']))
  return manifests.flatMap(({ file: manifest, text }, index) => {
    const relative = index === 0 ? '' : folderOf(manifest).slice(folder ? folder.length + 1 : 0)
    const found = (compareManifest(lock, text, relative, overridden) ?? []).filter(({ name }) => !members.has(name))
    return found.slice(0, 50).map(difference => ({ lock: file, manifest, ...difference }))
  })
}

/** A manifest with the members of its workspace and the locks beside it. */
const groupOf = (run: Run, manifest: Manifest, inside: readonly Manifest[]): LockGroup => {
  const { reader } = run
  const folder = folderOf(manifest.file)
  const all = [manifest, ...inside]
  const overridden = overriddenPackages(manifest.json, reader.maybe(within(folder, 'pnpm-workspace.yaml')))
  const group: LockGroup = {
    folder,
    manifest: manifest.file,
    manager: manifest.manager,
    dependencies: all.reduce((sum, { dependencies }) => sum + dependencies, 0),
    locks: [],
    ignoredBy: null,
    unpinned: [],
    differences: [],
  }
  for (const name of manifest.locks) {
    const file = within(folder, name)
    const read = reader.text(file, { maxBytes: 24 << 20, whole: true, binary: true })
    if (!read.ok && (read.why === 'missing' || read.why === 'outside')) continue
    const lock = read.ok ? parseLock(name, read.text) : null
    const state = stateOf(run, file, lock)
    group.locks.push(state)
    if (lock === null || state.problem) continue
    group.manager = lock.kind
    group.differences.push(...differencesOf(lock, file, all, folder, overridden))
  }
  if (group.locks.every(({ tracked }) => !tracked))
    group.ignoredBy =
      ignoreLine(folder, manifest.locks, reader) ?? (isNode(manifest) ? switchedOff(folder, reader) : null)
  return group
}

const aboveRequirements = (folder: string): string => folder.replace(/(?:^|\/)requirements$/, '')

/** requirements.txt stands for a lock where no manifest beside it has one. */
const requirementGroups = (files: readonly string[], groups: readonly LockGroup[], reader: RepoReader): LockGroup[] =>
  files
    .filter(path => requirementFile.test(path))
    .slice(0, 50)
    .flatMap(file => {
      const group = requirementGroup(file, reader)
      const isLocked = groups.some(
        ({ folder, locks, manager }) =>
          folder === aboveRequirements(folderOf(file)) && locks.length > 0 && /poetry|uv|pdm|pipenv/.test(manager),
      )
      return group && group.dependencies > 0 && !isLocked ? [group] : []
    })

/** A pyproject.toml without a lock whose requirements.txt is pinned is locked by it. */
const withoutPinned = (groups: readonly LockGroup[]): LockGroup[] => {
  const pinned = new Set(
    groups
      .filter(({ manager, unpinned }) => manager === 'pip' && unpinned.length === 0)
      .map(({ folder }) => aboveRequirements(folder)),
  )
  return groups.filter(
    ({ manifest, folder, locks }) =>
      !(fileName(manifest) === 'pyproject.toml' && locks.length === 0 && pinned.has(folder)),
  )
}

/** A folder whose name a generator fills in: what stands there becomes a manifest elsewhere. */
const isPlaceholder = /\{\{|<%|__\w+__\//

const collectGroups = (tree: Tree, reader: RepoReader, audience: Audience | null): Lockfiles => {
  const files = new Map(tree.files.filter(({ kind }) => kind === 'file').map(file => [file.path, file]))
  const paths = [...files.keys()].filter(path => !isNoPackage(path))
  const unreadable: string[] = []
  const manifests: Manifest[] = []
  for (const path of paths
    .filter(path => !isPlaceholder.test(path) && manifestNames.has(fileName(path)))
    .slice(0, 400)) {
    const manifest = readManifest(path, reader)
    if (manifest) manifests.push(manifest)
    else unreadable.push(path)
  }
  const members = workspacesOf(manifests, reader)
  const owned = new Set([...members.values()].flat().map(({ file }) => file))
  const run: Run = { reader, files, keeps: tree.isGit && tree.head !== null }
  const startedFrom = audience?.who === 'starters'
  const groups = manifests
    .filter(({ file }) => !owned.has(file))
    // Composer’s lock speaks of the one manifest: the others are packages like any other in it.
    .map(one => groupOf(run, one, (fileName(one.file) === 'composer.json' ? undefined : members.get(one.file)) ?? []))
    .map(group => (group.ignoredBy && startedFrom ? { ...group, onPurpose: true } : group))
  const all = withoutPinned([...groups, ...requirementGroups(paths, groups, reader)])
  return { groups: markUninstalled(markAside(all, paths, reader), [...files.keys()], reader), unreadable }
}

const fact: FactDefinition<Lockfiles> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    return observed(
      collectGroups(tree.value, createReader(tree.value.root), audienceOf(tree.value, context)),
      context.now(),
    )
  },
}
export default fact
