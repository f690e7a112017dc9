// Manifests and their lock files: which belong together, whether git keeps them, and whether they still agree.
import { observed } from '../../core/fact.ts'
import { type Lock, lockFiles, parseLock } from '../../formats/repo/lockfile.ts'
import {
  compareManifest,
  parsePythonRequirement,
  readGoMod,
  readPyproject,
} from '../../formats/repo/lockfile-manifest.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader, type RepoReader } from './read.ts'
import type { Tree } from './tree.ts'

export type LockState = {
  file: string
  kind: Lock['kind']
  /** In git; true for every file of a folder without git, or before the first commit. */
  tracked: boolean
  problem: string | null
  packages: number
}

export type LockDifference = {
  lock: string
  manifest: string
  line: number
  name: string
  wanted: string | null
  locked: string | null
}

/** One manifest, with the members of its workspace, and the locks beside it. */
export type LockGroup = {
  folder: string
  manifest: string
  manager: string
  /** Direct dependencies that it names. */
  dependencies: number
  locks: LockState[]
  /** `.gitignore` line that keeps a lock of this folder out, or the setting that stops it from being written. */
  ignoredBy: { file: string; line: number; text: string } | null
  /** Requirements without an exact version, where requirements.txt takes the place of a lock. */
  unpinned: { name: string; line: number }[]
  differences: LockDifference[]
}

export type Lockfiles = { groups: LockGroup[]; unreadable: string[] }

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
const within = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name)
const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Folders whose packages are not what is shipped. */
const aside =
  /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|__fixtures__|__mocks__|examples?|samples?|templates?|testdata|docs?|demos?|e2e|node_modules|vendor|third_party|\.[\w-]+)\//

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parseJson = (text: string | null): Record<string, unknown> | null => {
  try {
    const value: unknown = text === null ? null : JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

/** Globs of the workspace that a folder is the root of; null when it is none. */
const workspaceGlobs = (
  folder: string,
  manifest: Record<string, unknown> | null,
  reader: RepoReader,
): string[] | null => {
  const workspaces = manifest?.['workspaces']
  const list = Array.isArray(workspaces)
    ? workspaces
    : isRecord(workspaces) && Array.isArray(workspaces['packages'])
      ? workspaces['packages']
      : null
  if (list) return list.filter(glob => typeof glob === 'string')
  const pnpm = reader.maybe(within(folder, 'pnpm-workspace.yaml'))
  if (pnpm === null) return null
  const packages = /^packages:\s*\n((?:\s*-[^\n]*\n?|\s*#[^\n]*\n|\s*\n)*)/m.exec(`${pnpm}\n`)
  return [...(packages?.[1] ?? '').matchAll(/^\s*-\s*["']?([^"'\n#]+?)["']?\s*(?:#.*)?$/gm)].map(match => match[1]!)
}

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

const readManifest = (file: string, reader: RepoReader): Manifest | null => {
  const text = reader.maybe(file)
  if (text === null) return null
  const locks = (manifest: string): string[] =>
    Object.keys(lockFiles).filter(name => lockFiles[name]!.manifest === manifest)
  const make = (manager: string, dependencies: number, json: Record<string, unknown> | null = null): Manifest => ({
    file,
    manager,
    locks: locks(base(file)),
    dependencies,
    text,
    json,
  })
  switch (base(file)) {
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
      return make('composer', names.filter(name => name.includes('/')).length, json)
    }
    case 'pyproject.toml': {
      try {
        const { dependencies } = readPyproject(text)
        const manager = /^\[tool\.poetry/m.test(text) ? 'poetry' : /^\[tool\.pdm/m.test(text) ? 'pdm' : 'uv'
        return make(manager, Object.keys(dependencies).length)
      } catch {
        return null
      }
    }
    case 'Pipfile':
      return make('pipenv', [...text.matchAll(/^[\w."-]+\s*=/gm)].length)
    case 'go.mod':
      return make('go', readGoMod(text).requires.length)
    case 'mix.exs':
      return make('mix', [...text.matchAll(/\{:\w+,\s*"/g)].length)
    case 'Cargo.toml':
      return make('cargo', /^\[dependencies\]/m.test(text) ? 1 : 0)
    default:
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
    if (/^\s*(?:#|-|$)/.test(line) || /@\s*(?:https?|git|file)/.test(line)) continue
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

const collectGroups = (tree: Tree, reader: RepoReader): Lockfiles => {
  const listed = new Map(tree.files.filter(({ kind }) => kind === 'file').map(file => [file.path, file]))
  const paths = [...listed.keys()].filter(path => !aside.test(path))
  const unreadable: string[] = []
  const manifests: Manifest[] = []
  for (const path of paths.filter(path => manifestNames.has(base(path))).slice(0, 400)) {
    const manifest = readManifest(path, reader)
    if (manifest) manifests.push(manifest)
    else unreadable.push(path)
  }
  const keeps = tree.isGit && tree.head !== null
  const stateOf = (file: string, text: string | null): LockState => {
    const lock = text === null ? null : parseLock(base(file), text)
    return {
      file,
      kind: lockFiles[base(file)]!.kind,
      tracked: !keeps || listed.get(file)?.tracked === true,
      problem: lock === null ? 'it cannot be read' : lock.problem,
      packages: lock?.packages.length ?? 0,
    }
  }
  const members = new Map<string, Manifest[]>()
  const owned = new Set<string>()
  const roots = manifests.map(manifest => ({
    manifest,
    folder: folderOf(manifest.file),
    globs:
      manifest.json && base(manifest.file) === 'package.json'
        ? workspaceGlobs(folderOf(manifest.file), manifest.json, reader)
        : null,
  }))
  for (const { folder, globs } of roots.filter(({ globs }) => globs !== null)) {
    for (const manifest of manifests) {
      const own = folderOf(manifest.file)
      if (base(manifest.file) !== 'package.json' || own === folder || (folder && !own.startsWith(`${folder}/`)))
        continue
      const relative = folder ? own.slice(folder.length + 1) : own
      if (
        !globs!.some(glob => !glob.startsWith('!') && matchesGlob(relative, glob)) ||
        globs!.some(glob => glob.startsWith('!') && matchesGlob(relative, glob.slice(1)))
      )
        continue
      members.set(folder, [...(members.get(folder) ?? []), manifest])
      owned.add(manifest.file)
    }
  }
  const groups: LockGroup[] = []
  for (const manifest of manifests) {
    if (owned.has(manifest.file)) continue
    const folder = folderOf(manifest.file)
    const inside = base(manifest.file) === 'package.json' ? (members.get(folder) ?? []) : []
    const group: LockGroup = {
      folder,
      manifest: manifest.file,
      manager: manifest.manager,
      dependencies: manifest.dependencies + inside.reduce((sum, { dependencies }) => sum + dependencies, 0),
      locks: [],
      ignoredBy: null,
      unpinned: [],
      differences: [],
    }
    for (const name of manifest.locks) {
      const file = within(folder, name)
      const read = reader.text(file, { maxBytes: 24 << 20, whole: true, binary: true })
      if (!read.ok && (read.why === 'missing' || read.why === 'outside')) continue
      const state = stateOf(file, read.ok ? read.text : null)
      group.locks.push(state)
      if (!read.ok || state.problem) continue
      const lock = parseLock(name, read.text)
      group.manager = lock.kind
      for (const { file: path, text } of [manifest, ...inside]) {
        const relative = path === manifest.file ? '' : folderOf(path).slice(folder ? folder.length + 1 : 0)
        const differences = compareManifest(lock, text, relative)
        for (const difference of (differences ?? []).slice(0, 50))
          group.differences.push({ lock: file, manifest: path, ...difference })
      }
    }
    group.ignoredBy = group.locks.every(({ tracked }) => !tracked)
      ? (ignoreLine(folder, manifest.locks, reader) ??
        (base(manifest.file) === 'package.json' ? switchedOff(folder, reader) : null))
      : null
    groups.push(group)
  }
  // requirements.txt stands for a lock where no manifest beside it has one.
  for (const file of paths.filter(path => requirementFile.test(path)).slice(0, 50)) {
    const group = requirementGroup(file, reader)
    const locked = groups.some(
      ({ folder, locks, manager }) =>
        folder === folderOf(file).replace(/(?:^|\/)requirements$/, '') &&
        locks.length > 0 &&
        /poetry|uv|pdm|pipenv/.test(manager),
    )
    if (group && group.dependencies > 0 && !locked) groups.push(group)
  }
  // A pyproject.toml without a lock whose requirements.txt is pinned is locked by it.
  const pinned = new Set(
    groups
      .filter(({ manager, unpinned }) => manager === 'pip' && unpinned.length === 0)
      .map(({ folder }) => folder.replace(/(?:^|\/)requirements$/, '')),
  )
  return {
    groups: groups.filter(
      ({ manifest, folder, locks }) =>
        !(base(manifest) === 'pyproject.toml' && locks.length === 0 && pinned.has(folder)),
    ),
    unreadable,
  }
}

const fact: FactDefinition<Lockfiles> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    return observed(collectGroups(tree.value, createReader(tree.value.root)), context.now())
  },
}
export default fact
