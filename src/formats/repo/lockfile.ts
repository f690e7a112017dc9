// Lock files of every package manager: what they are called, what they belong to, and what stands in them. Large ones are read
// line by line: a YAML parser needs seconds for a pnpm lock of some megabytes.
import { parse as parseToml } from 'smol-toml'

export type LockKind =
  | 'npm'
  | 'yarn'
  | 'pnpm'
  | 'bun'
  | 'bundler'
  | 'poetry'
  | 'uv'
  | 'pipenv'
  | 'pdm'
  | 'composer'
  | 'go'
  | 'mix'
  | 'cargo'

/** The package ecosystem by the name that OSV uses for it (https://ossf.github.io/osv-schema/#defined-ecosystems). */
export type Ecosystem = 'npm' | 'RubyGems' | 'PyPI' | 'Packagist' | 'Go' | 'Hex' | 'crates.io'

type LockFile = { kind: LockKind; ecosystem: Ecosystem; manifest: string; install: string; frozen: string }

/** Lock file name → whose it is, the manifest beside it, the command that writes it and the one that installs exactly it. */
export const lockFiles: Readonly<Record<string, LockFile>> = {
  'package-lock.json': {
    kind: 'npm',
    ecosystem: 'npm',
    manifest: 'package.json',
    install: 'npm install',
    frozen: 'npm ci',
  },
  'npm-shrinkwrap.json': {
    kind: 'npm',
    ecosystem: 'npm',
    manifest: 'package.json',
    install: 'npm install',
    frozen: 'npm ci',
  },
  'yarn.lock': {
    kind: 'yarn',
    ecosystem: 'npm',
    manifest: 'package.json',
    install: 'yarn install',
    frozen: 'yarn install --immutable',
  },
  'pnpm-lock.yaml': {
    kind: 'pnpm',
    ecosystem: 'npm',
    manifest: 'package.json',
    install: 'pnpm install',
    frozen: 'pnpm install --frozen-lockfile',
  },
  'bun.lock': {
    kind: 'bun',
    ecosystem: 'npm',
    manifest: 'package.json',
    install: 'bun install',
    frozen: 'bun install --frozen-lockfile',
  },
  'bun.lockb': {
    kind: 'bun',
    ecosystem: 'npm',
    manifest: 'package.json',
    install: 'bun install',
    frozen: 'bun install --frozen-lockfile',
  },
  'Gemfile.lock': {
    kind: 'bundler',
    ecosystem: 'RubyGems',
    manifest: 'Gemfile',
    install: 'bundle install',
    frozen: 'bundle install (with BUNDLE_FROZEN=true)',
  },
  'gems.locked': {
    kind: 'bundler',
    ecosystem: 'RubyGems',
    manifest: 'gems.rb',
    install: 'bundle install',
    frozen: 'bundle install (with BUNDLE_FROZEN=true)',
  },
  'poetry.lock': {
    kind: 'poetry',
    ecosystem: 'PyPI',
    manifest: 'pyproject.toml',
    install: 'poetry lock',
    frozen: 'poetry sync',
  },
  'uv.lock': {
    kind: 'uv',
    ecosystem: 'PyPI',
    manifest: 'pyproject.toml',
    install: 'uv lock',
    frozen: 'uv sync --locked',
  },
  'pdm.lock': { kind: 'pdm', ecosystem: 'PyPI', manifest: 'pyproject.toml', install: 'pdm lock', frozen: 'pdm sync' },
  'Pipfile.lock': {
    kind: 'pipenv',
    ecosystem: 'PyPI',
    manifest: 'Pipfile',
    install: 'pipenv lock',
    frozen: 'pipenv sync',
  },
  'composer.lock': {
    kind: 'composer',
    ecosystem: 'Packagist',
    manifest: 'composer.json',
    install: 'composer update --lock',
    frozen: 'composer install',
  },
  'go.sum': { kind: 'go', ecosystem: 'Go', manifest: 'go.mod', install: 'go mod tidy', frozen: 'go mod download' },
  'mix.lock': {
    kind: 'mix',
    ecosystem: 'Hex',
    manifest: 'mix.exs',
    install: 'mix deps.get',
    frozen: 'mix deps.get --check-locked',
  },
  'Cargo.lock': {
    kind: 'cargo',
    ecosystem: 'crates.io',
    manifest: 'Cargo.toml',
    install: 'cargo update -w',
    frozen: 'cargo build --locked',
  },
}

/** One package as locked. `development` is null where the lock does not say. `line` counts from 1. */
export type LockedPackage = { name: string; version: string; development: boolean | null; line: number }

/**
 * A lock file as read. `requested` is what the manifests asked for when it was written, by the folder of the manifest relative
 * to the lock ('' is beside it); null where this kind does not record it. `problem` says why it could not be read.
 */
export type Lock = {
  kind: LockKind
  format: string
  packages: LockedPackage[]
  requested: Record<string, Record<string, string>> | null
  contentHash: string | null
  problem: string | null
}

const empty = (kind: LockKind): Lock => ({
  kind,
  format: '',
  packages: [],
  requested: null,
  contentHash: null,
  problem: null,
})

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})
const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )

/** Packages at most kept of one lock: beyond this a lock is not a small product's. */
const maxPackages = 20_000

/** Direct dependencies of a parsed package.json: name → range as written, over all groups that a lock records. */
export const manifestDependencies = (manifest: unknown): Record<string, string> => ({
  ...strings(record(manifest)['devDependencies']),
  ...strings(record(manifest)['optionalDependencies']),
  ...strings(record(manifest)['dependencies']),
})

const readNpm = (text: string): Lock => {
  const lock = empty('npm')
  const json = record(JSON.parse(text))
  lock.format = String(json['lockfileVersion'] ?? '1')
  const lineOf = lineFinder(text)
  if (isRecord(json['packages'])) {
    lock.requested = {}
    for (const [path, value] of Object.entries(json['packages'])) {
      const entry = record(value)
      if (!path.includes('node_modules/')) {
        if (entry['link'] !== true) lock.requested[path] = manifestDependencies(entry)
        continue
      }
      if (entry['link'] === true || typeof entry['version'] !== 'string') continue
      const name =
        typeof entry['name'] === 'string' ? entry['name'] : path.slice(path.lastIndexOf('node_modules/') + 13)
      if (lock.packages.length < maxPackages) {
        lock.packages.push({
          name,
          version: entry['version'],
          development: entry['dev'] === true || entry['devOptional'] === true,
          line: lineOf(`"${path}": {`),
        })
      }
    }
    return lock
  }
  const walk = (dependencies: unknown, depth: number): void => {
    if (depth > 50) return
    for (const [name, value] of Object.entries(record(dependencies))) {
      const entry = record(value)
      if (typeof entry['version'] === 'string' && lock.packages.length < maxPackages) {
        lock.packages.push({
          name,
          version: entry['version'],
          development: entry['dev'] === true,
          line: lineOf(`"${name}": {`),
        })
      }
      walk(entry['dependencies'], depth + 1)
    }
  }
  walk(json['dependencies'], 0)
  return lock
}

/** Finds the line of a needle, searching on from the last one found: entries come in the order of the file. */
const lineFinder = (text: string) => {
  let at = 0
  let line = 1
  return (needle: string): number => {
    const found = text.indexOf(needle, at)
    if (found < 0) return line
    for (let index = text.indexOf('\n', at); index >= 0 && index < found; index = text.indexOf('\n', index + 1))
      line += 1
    at = found
    return line
  }
}

/** `name@spec` → its two parts; a scope's leading @ does not part them. */
const splitSpec = (text: string): [string, string] => {
  const at = text.indexOf('@', 1)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

const unquote = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2')

const readYarn = (text: string): Lock => {
  const lock = empty('yarn')
  const lines = text.split('\n')
  const berry = /^__metadata:/m.test(text)
  lock.format = berry ? (/^__metadata:\n\s+version: (\S+)/m.exec(text)?.[1] ?? 'berry') : '1'
  const requested: Record<string, string> = {}
  let name = ''
  let at = 0
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue
    if (!line.startsWith(' ')) {
      name = ''
      if (line.startsWith('__metadata')) continue
      const keys = line.replace(/:\s*$/, '').replaceAll('"', '').split(/,\s*/)
      for (const key of keys) {
        const [owner, spec] = splitSpec(unquote(key))
        name = owner
        requested[`${owner}@${spec.replace(/^npm:(?=[^@]*$)/, '')}`] = spec
        if (spec.startsWith('workspace:')) name = ''
      }
      at = index + 1
      continue
    }
    const version = /^ {2}version:? "?([^"\s]+)"?\s*$/.exec(line)
    if (version && name !== '' && lock.packages.length < maxPackages) {
      lock.packages.push({ name, version: version[1]!, development: null, line: at })
    }
  }
  lock.requested = { '*': requested }
  return lock
}

const readPnpm = (text: string): Lock => {
  const lock = empty('pnpm')
  lock.format = /^lockfileVersion:\s*'?"?([\d.]+)/m.exec(text)?.[1] ?? ''
  lock.requested = {}
  let section = ''
  let importer = ''
  let group = ''
  let dependency = ''
  const put = (name: string, spec: string): void => {
    const folder = importer === '.' ? '' : importer
    lock.requested![folder] = { ...lock.requested![folder], [unquote(name)]: unquote(spec) }
  }
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'specifiers']
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const depth = line.length - line.trimStart().length
    const colon = /^\s*((?:'[^']*'|"[^"]*"|[^:'"]|:(?!\s|$))+):(?:\s+(.*))?$/.exec(line)
    if (!colon) continue
    const key = unquote(colon[1]!.trim())
    const value = colon[2]?.trim() ?? ''
    if (depth === 0) {
      section = key
      importer = ''
      group = ''
      // A lock of one package in the older formats has no importers: its groups stand at the top.
      if (groups.includes(key)) {
        section = 'single'
        importer = '.'
        group = key
        lock.requested[''] ??= {}
      }
      continue
    }
    if (section === 'importers') {
      if (depth === 2) {
        importer = key
        group = ''
        lock.requested[key === '.' ? '' : key] ??= {}
      } else if (depth === 4) group = key
      else if (depth === 6 && groups.includes(group)) {
        dependency = key
        if (group === 'specifiers') put(key, value)
      } else if (depth === 8 && key === 'specifier' && groups.includes(group)) put(dependency, value)
    } else if (section === 'single') {
      if (depth === 2) {
        dependency = key
        if (group === 'specifiers') put(key, value)
      } else if (depth === 4 && key === 'specifier') put(dependency, value)
    } else if (section === 'packages' && depth === 2 && lock.packages.length < maxPackages) {
      const locked = /^\/?((?:@[^/@]+\/)?[^/@(]+)[@/]([^(_]+)/.exec(key)
      if (locked) lock.packages.push({ name: locked[1]!, version: locked[2]!, development: null, line: index + 1 })
    }
  }
  return lock
}

/** JSON with comments and trailing commas (bun.lock, tsconfig.json, wrangler.jsonc) as JSON text. */
export const stripJsonComments = (text: string): string => {
  let result = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '"') {
      let end = at + 1
      while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
      result += text.slice(at, end + 1)
      at = end
    } else if (char === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at)
      at = (end < 0 ? text.length : end) - 1
    } else if (char === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2)
      at = end < 0 ? text.length : end + 1
    } else if (
      char === ',' &&
      /^\s*(?:\/\/[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*[}\]]/.test(text.slice(at + 1, at + 2000))
    ) {
      // trailing comma: left out
    } else result += char
  }
  return result
}

const readBun = (text: string): Lock => {
  const lock = empty('bun')
  const json = record(JSON.parse(stripJsonComments(text)))
  lock.format = String(json['lockfileVersion'] ?? '')
  lock.requested = {}
  for (const [folder, manifest] of Object.entries(record(json['workspaces'])))
    lock.requested[folder] = manifestDependencies(manifest)
  const lineOf = lineFinder(text)
  for (const [key, value] of Object.entries(record(json['packages']))) {
    const first = Array.isArray(value) ? value[0] : null
    if (typeof first !== 'string' || lock.packages.length >= maxPackages) continue
    const [name, version] = splitSpec(first)
    if (!/^\d/.test(version)) continue
    lock.packages.push({ name, version, development: null, line: lineOf(`"${key}": [`) })
  }
  return lock
}

const readBundler = (text: string): Lock => {
  const lock = empty('bundler')
  const requested: Record<string, string> = {}
  let section = ''
  let locksGems = false
  for (const [index, line] of text.split('\n').entries()) {
    if (/^[A-Z]/.test(line)) {
      section = line.trim()
      continue
    }
    if (section === 'GEM' || section === 'GIT' || section === 'PATH') {
      const gem = /^ {4}([^\s(]+) \(([^)]+)\)\s*$/.exec(line)
      if (!gem) continue
      locksGems = true
      if (section === 'GEM' && lock.packages.length < maxPackages) {
        // `1.16.5-x86_64-linux` is the same release built for one platform.
        lock.packages.push({
          name: gem[1]!,
          version: gem[2]!.replace(/-(?:x86|x64|arm|aarch64|java|universal|mingw|mswin).*$/, ''),
          development: null,
          line: index + 1,
        })
      }
    } else if (section === 'DEPENDENCIES') {
      const dependency = /^ {2}([^\s(!]+)(?: \(([^)]*)\))?(!)?\s*$/.exec(line)
      if (dependency) requested[dependency[1]!] = dependency[3] ? '!' : (dependency[2] ?? '')
    } else if (section === 'BUNDLED WITH' && line.trim() !== '') lock.format = line.trim()
  }
  lock.requested = { '': requested }
  if (!locksGems && Object.keys(requested).length > 0) lock.problem = 'it lists dependencies but no gem'
  return lock
}

const normalPython = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-')

const readPythonToml = (kind: 'poetry' | 'uv' | 'pdm', text: string): Lock => {
  const lock = empty(kind)
  const toml = record(parseToml(text))
  lock.format = String(record(toml['metadata'])['lock-version'] ?? toml['version'] ?? '')
  const packages = Array.isArray(toml['package']) ? toml['package'] : []
  const lineOf = lineFinder(text)
  for (const value of packages.slice(0, maxPackages)) {
    const entry = record(value)
    if (typeof entry['name'] !== 'string') continue
    const source = record(entry['source'])
    const own = source['virtual'] ?? source['editable']
    if (kind === 'uv' && typeof own === 'string') {
      const metadata = record(entry['metadata'])
      const wanted: Record<string, string> = {}
      const development = Object.values(record(metadata['requires-dev'])).flatMap(group =>
        Array.isArray(group) ? group : [],
      )
      for (const dependency of [
        ...(Array.isArray(metadata['requires-dist']) ? metadata['requires-dist'] : []),
        ...development,
      ]) {
        const { name, specifier } = record(dependency)
        if (typeof name === 'string') wanted[normalPython(name)] = typeof specifier === 'string' ? specifier : ''
      }
      lock.requested = { ...lock.requested, [own === '.' ? '' : own]: wanted }
      continue
    }
    if (typeof entry['version'] !== 'string') continue
    const groups = Array.isArray(entry['groups']) ? entry['groups'] : null
    lock.packages.push({
      name: normalPython(entry['name']),
      version: entry['version'],
      development:
        entry['category'] === 'dev' ? true : groups ? !groups.includes('main') && !groups.includes('default') : null,
      line: lineOf(`name = "${entry['name']}"`),
    })
  }
  return lock
}

const readPipenv = (text: string): Lock => {
  const lock = empty('pipenv')
  const json = record(JSON.parse(text))
  const lineOf = lineFinder(text)
  for (const group of ['default', 'develop']) {
    for (const [name, value] of Object.entries(record(json[group]))) {
      const version = record(value)['version']
      if (typeof version !== 'string') continue
      lock.packages.push({
        name: normalPython(name),
        version: version.replace(/^==/, ''),
        development: group === 'develop',
        line: lineOf(`"${name}": {`),
      })
    }
  }
  return lock
}

const readComposer = (text: string): Lock => {
  const lock = empty('composer')
  const json = record(JSON.parse(text))
  lock.contentHash = typeof json['content-hash'] === 'string' ? json['content-hash'] : null
  const lineOf = lineFinder(text)
  for (const group of ['packages', 'packages-dev']) {
    for (const value of Array.isArray(json[group]) ? json[group] : []) {
      const { name, version } = record(value)
      if (typeof name !== 'string' || typeof version !== 'string') continue
      lock.packages.push({
        name,
        version: version.replace(/^v(?=\d)/, ''),
        development: group === 'packages-dev',
        line: lineOf(`"name": "${name}"`),
      })
    }
  }
  return lock
}

const readGoSum = (text: string): Lock => {
  const lock = empty('go')
  const requested: Record<string, string> = {}
  for (const [index, line] of text.split('\n').entries()) {
    const sum = /^(\S+) (v[^\s/]+)(\/go\.mod)? h1:/.exec(line)
    if (!sum) continue
    requested[`${sum[1]}@${sum[2]}`] = sum[2]!
    // A line without /go.mod is the sum of the module's code: the module is built.
    if (!sum[3] && lock.packages.length < maxPackages)
      lock.packages.push({ name: sum[1]!, version: sum[2]!.slice(1), development: null, line: index + 1 })
  }
  lock.requested = { '*': requested }
  return lock
}

const readMix = (text: string): Lock => {
  const lock = empty('mix')
  for (const [index, line] of text.split('\n').entries()) {
    const dependency = /^\s*"([^"]+)":\s*\{:(?:hex|git),\s*(?::[\w"]+,\s*"([^"]+)")?/.exec(line)
    if (dependency)
      lock.packages.push({ name: dependency[1]!, version: dependency[2] ?? '', development: null, line: index + 1 })
  }
  return lock
}

const readCargo = (text: string): Lock => {
  const lock = empty('cargo')
  let name = ''
  for (const [index, line] of text.split('\n').entries()) {
    name = /^name = "([^"]+)"/.exec(line)?.[1] ?? name
    const version = /^version = "([^"]+)"/.exec(line)
    if (version && name) lock.packages.push({ name, version: version[1]!, development: null, line: index + 1 })
  }
  return lock
}

const readers: Record<LockKind, (text: string) => Lock> = {
  npm: readNpm,
  yarn: readYarn,
  pnpm: readPnpm,
  bun: readBun,
  bundler: readBundler,
  poetry: text => readPythonToml('poetry', text),
  uv: text => readPythonToml('uv', text),
  pdm: text => readPythonToml('pdm', text),
  pipenv: readPipenv,
  composer: readComposer,
  go: readGoSum,
  mix: readMix,
  cargo: readCargo,
}

/** Reads a lock file by its name. A file that cannot be read, or has conflict markers in it, comes back with `problem` set. */
export const parseLock = (fileName: string, text: string): Lock => {
  const kind = lockFiles[fileName]?.kind ?? 'npm'
  if (fileName === 'bun.lockb') return { ...empty('bun'), format: 'binary' }
  if (/^<{7} |^>{7} /m.test(text)) return { ...empty(kind), problem: 'a merge conflict was committed in it' }
  try {
    return readers[kind](text)
  } catch (error) {
    return {
      ...empty(kind),
      problem: `it cannot be read: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 120)}`,
    }
  }
}
