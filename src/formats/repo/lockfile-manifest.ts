// Whether a lock still says what its manifest asks for: per package manager, by the rule that its own frozen install applies.
import { createHash } from 'node:crypto'
import { parse as parseToml } from 'smol-toml'
import { isRecord } from '../is-record.ts'
import { literally } from '../literally.ts'
import { type Lock, manifestDependencies } from './lockfile.ts'
import { pythonName } from './manifests.ts'
import { parseRange, parseVersion, type RangeDialect, satisfies } from './version-range.ts'

/**
 * One dependency on which manifest and lock differ. `wanted` null: the lock still has what the manifest no longer asks for. `inWords`: all
 * that is wanted is locked, and the install says no more than that they differ.
 */
export type LockMismatch = { name: string; wanted: string | null; locked: string | null; line: number; inWords?: true }

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

/** Line of `"name":` or `name =` in a manifest, 1 when it is not found. */
const lineOfName = (text: string, name: string): number => {
  const at = text.search(new RegExp(`(^|["'\\s])${literally(name)}(?=["'\\s=:(<>~!;\\[]|$)`, 'm'))
  return at < 0 ? 1 : text.slice(0, at + 1).split('\n').length
}

/** References that a lock does not record as a range. */
const unlocked = /^(workspace:|link:|portal:|catalog:|patch:)/

/** A range without the blanks that change nothing: `>= 1` is `>=1`. */
const sameRange = (a: string, b: string): boolean => {
  const plain = (range: string): string =>
    range
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/(?<=[<>=~^]) /g, '')
  return plain(a) === plain(b)
}

/** Version ranges that a lock of the npm family recorded, against those of package.json. `folder` is relative to the lock. */
const compareNodeManifest = (
  lock: Lock,
  manifestText: string,
  folder: string,
  overridden: ReadonlySet<string>,
): LockMismatch[] => {
  const manifest = record(JSON.parse(manifestText))
  const wanted = manifestDependencies(manifest)
  // pnpm and npm install peers by themselves, and record them among the rest.
  const peers = record(manifest['peerDependencies'])
  const set = new Set([...overridden, ...lock.overridden])
  const result: LockMismatch[] = []
  const add = (name: string, range: string | null, locked: string | null): void => {
    if (set.has(name) || (range === null && peers[name] !== undefined)) return
    result.push({ name, wanted: range, locked, line: lineOfName(manifestText, name) })
  }
  if (lock.kind === 'yarn') {
    const keys = lock.requested?.['*'] ?? {}
    for (const [name, range] of Object.entries(wanted)) {
      if (unlocked.test(range) || range.startsWith('file:')) continue
      const plain = range.replace(/^npm:(?=[^@]*$)/, '')
      if (keys[`${name}@${plain}`] !== undefined || keys[`${name}@${range}`] !== undefined) continue
      const other = Object.keys(keys).find(key => key.startsWith(`${name}@`))
      add(name, range, other ? other.slice(name.length + 1) : null)
    }
    return result
  }
  if (!lock.requested) {
    // package-lock of version 1 records no ranges: the locked version must lie in the range.
    const locked = new Map(lock.packages.map(({ name, version }) => [name, version]))
    for (const [name, range] of Object.entries(wanted)) {
      const version = locked.get(name)
      if (version === undefined) add(name, range, null)
      else {
        const [read, intervals] = [parseVersion(version), parseRange(range)]
        if (read && intervals && !satisfies(read, intervals)) add(name, range, version)
      }
    }
    return result
  }
  const recorded = lock.requested[folder]
  // A package that the lock does not know at all: it was added to the workspace after the lock was written.
  if (!recorded) {
    for (const [name, range] of Object.entries(wanted)) if (!unlocked.test(range)) add(name, range, null)
    return result
  }
  for (const [name, range] of Object.entries(wanted))
    if (recorded[name] === undefined || !sameRange(recorded[name], range)) add(name, range, recorded[name] ?? null)
  for (const [name, range] of Object.entries(recorded)) if (wanted[name] === undefined) add(name, null, range)
  // `npm ci` installs what is no longer asked for as well, and goes on.
  const isMore = lock.kind === 'npm' && result.every(one => one.wanted === null)
  return isMore ? result.map(one => ({ ...one, inWords: true as const })) : result
}

/** Gems that a Gemfile names outside of conditions, with their requirements as Bundler would print them. */
const longestLine = 2000

export const readGemfile = (
  text: string,
): { name: string; requirement: string | null; line: number; group: string }[] => {
  const gems: { name: string; requirement: string | null; line: number; group: string }[] = []
  const open: string[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.slice(0, longestLine).replace(/(^|\s)#.*$/, '')
    if (/^\s*end\b/.test(line)) open.pop()
    const gem = /^\s*gem\s*\(?\s*["']([^"']+)["']\s*(.*)$/.exec(line)
    const rest = gem?.[2] ?? ''
    if (gem && !open.includes('condition') && !/["'\])]\s+(?:if|unless)\s/.test(`"${rest}`)) {
      const literal = /^((?:,\s*["'][^"']+["']\s*)*)(,\s*(?:[a-z_]+:|:[a-z_]+\s*=>).*)?\)?\s*$/.exec(rest)
      const requirements = [...(literal?.[1] ?? '').matchAll(/["']([^"']+)["']/g)].map(match => match[1]!)
      gems.push({
        name: gem[1]!,
        requirement: literal ? requirements.map(one => (/^[\d]/.test(one) ? `= ${one}` : one)).join(', ') : null,
        line: index + 1,
        group: /group:\s*(\[?[^\]]*\]?)/.exec(rest)?.[1] ?? open.findLast(entry => entry.startsWith('group')) ?? '',
      })
    }
    if (/\bdo\b\s*(\|[^|]*\|)?\s*$/.test(line))
      open.push(/^\s*group\b/.test(line) ? `group ${line.trim()}` : /install_if/.test(line) ? 'condition' : 'block')
    else if (/^\s*(if|unless|case|begin|def|while|until)\b/.test(line)) open.push('condition')
  }
  return gems
}

const requirementSet = (text: string): string =>
  text
    .split(',')
    .map(one => one.replace(/\s+/g, '').trim())
    .filter(one => one !== '' && one !== '>=0')
    .sort()
    .join(', ')

const compareGemfile = (lock: Lock, text: string): LockMismatch[] => {
  const recorded = lock.requested?.[''] ?? {}
  return readGemfile(text).flatMap(({ name, requirement, line }): LockMismatch[] => {
    const locked = recorded[name]
    if (locked === undefined) return [{ name, wanted: requirement || 'any version', locked: null, line }]
    if (locked === '!' || requirement === null || requirementSet(locked) === requirementSet(requirement)) return []
    return [{ name, wanted: requirement || 'any version', locked: locked || 'any version', line }]
  })
}

/** `Django[argon2]>=5.0,<6; python_version>"3"` → name and specifier. PEP 508; null for a URL or a path. */
export const parsePythonRequirement = (text: string): { name: string; specifier: string } | null => {
  const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(\(?[^;@#]*\)?)\s*(?:;.*)?$/.exec(
    text.replace(/\s#.*$/, ''),
  )
  if (!match) return null
  return { name: pythonName(match[1]!), specifier: match[2]!.replace(/[()\s]/g, '') }
}

/** Dependencies of a pyproject.toml (PEP 621, PEP 735 groups, Poetry, uv), name → specifier; with the dialect of its ranges. */
export const readPyproject = (
  text: string,
): { dependencies: Record<string, string>; dialect: RangeDialect; requiresPython: string | null } => {
  const toml = record(parseToml(text))
  const project = record(toml['project'])
  const poetry = record(record(toml['tool'])['poetry'])
  const dependencies: Record<string, string> = {}
  const own = typeof project['name'] === 'string' ? pythonName(project['name']) : null
  const list = (value: unknown): void => {
    for (const entry of Array.isArray(value) ? value : []) {
      const read = typeof entry === 'string' ? parsePythonRequirement(entry) : null
      // A group that takes in others of its own package: `shop[mail,pay]`.
      if (read && read.name !== own) dependencies[read.name] = read.specifier
    }
  }
  list(project['dependencies'])
  for (const group of Object.values(record(project['optional-dependencies']))) list(group)
  for (const group of Object.values(record(toml['dependency-groups']))) list(group)
  list(record(record(toml['tool'])['uv'])['dev-dependencies'])
  let requiresPython = typeof project['requires-python'] === 'string' ? project['requires-python'] : null
  const groups = Object.values(record(poetry['group'])).map(group => record(group)['dependencies'])
  const poetryGroups = [poetry['dependencies'], poetry['dev-dependencies'], ...groups]
  for (const group of poetryGroups) {
    for (const [name, value] of Object.entries(record(group))) {
      const spec = typeof value === 'string' ? value : record(value)['version']
      if (name === 'python') requiresPython ??= typeof spec === 'string' ? spec : null
      else dependencies[pythonName(name)] = typeof spec === 'string' ? spec : ''
    }
  }
  return { dependencies, dialect: poetryGroups.some(isRecord) ? 'npm' : 'python', requiresPython }
}

/** A release counts as a number: `>=04.0` and `>=4.0` ask for the same (https://packaging.python.org/en/latest/specifications/version-specifiers/). */
const specifierSet = (text: string): string =>
  text
    .replace(/\s/g, '')
    .replace(/(?<![\w])0+(?=\d)/g, '')
    .split(',')
    .filter(Boolean)
    .sort()
    .join(',')

const comparePython = (lock: Lock, text: string, folder: string): LockMismatch[] => {
  const { dependencies, dialect } = lock.kind === 'pipenv' ? readPipfile(text) : readPyproject(text)
  const recorded = lock.requested?.[folder]
  // A workspace's root that is no package itself: its groups are recorded elsewhere.
  if (lock.requested && !recorded) return []
  const locked = new Map(lock.packages.map(({ name, version }) => [name, version]))
  return Object.entries(dependencies).flatMap(([name, specifier]): LockMismatch[] => {
    const differ = (found: string | null) => [
      { name, wanted: specifier || 'any version', locked: found, line: lineOfName(text, name) },
    ]
    if (recorded) {
      if (recorded[name] === undefined) return locked.has(name) ? [] : differ(null)
      // What comes from a repository or a path has no range.
      if (recorded[name] === '') return []
      return specifierSet(recorded[name]) === specifierSet(specifier) ? [] : differ(recorded[name])
    }
    const version = locked.get(name)
    if (version === undefined) return differ(null)
    // Poetry writes `^4.2` and PEP 440 both; a range that cannot be read is left alone.
    const [read, range] = [
      parseVersion(version),
      specifier && specifier !== '*' ? parseRange(specifier, /[\^~](?!=)/.test(specifier) ? dialect : 'python') : null,
    ]
    return read && range && !satisfies(read, range) ? differ(version) : []
  })
}

const readPipfile = (text: string): { dependencies: Record<string, string>; dialect: RangeDialect } => {
  const toml = record(parseToml(text))
  const dependencies: Record<string, string> = {}
  for (const group of ['packages', 'dev-packages']) {
    for (const [name, value] of Object.entries(record(toml[group])))
      dependencies[pythonName(name)] = typeof value === 'string' ? value : ''
  }
  return { dependencies, dialect: 'python' }
}

/** PHP's json_encode of an associative array: `/` and non-ASCII escaped, an empty object printed as a list. */
const phpJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(phpJson).join(',')}]`
  if (isRecord(value)) {
    const entries = Object.entries(value)
    return entries.length ? `{${entries.map(([key, inner]) => `${phpJson(key)}:${phpJson(inner)}`).join(',')}}` : '[]'
  }
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Composer's content-hash of a composer.json: MD5 of its relevant keys (Locker::getContentHash). */
export const composerContentHash = (text: string): string => {
  const json = record(JSON.parse(text))
  const keys = [
    'name',
    'version',
    'require',
    'require-dev',
    'conflict',
    'replace',
    'provide',
    'minimum-stability',
    'prefer-stable',
    'repositories',
    'extra',
  ]
  const relevant: Record<string, unknown> = {}
  for (const key of keys) if (json[key] !== undefined) relevant[key] = json[key]
  const platform = record(json['config'])['platform']
  if (platform !== undefined) relevant['config'] = { platform }
  const sorted = Object.fromEntries(Object.entries(relevant).sort(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('md5').update(phpJson(sorted)).digest('hex')
}

const compareComposer = (lock: Lock, text: string): LockMismatch[] => {
  const json = record(JSON.parse(text))
  const locked = new Map(lock.packages.map(({ name, version }) => [name.toLowerCase(), version]))
  const wanted = { ...record(json['require-dev']), ...record(json['require']) }
  const given = new Set([
    ...lock.overridden,
    ...Object.keys({ ...record(json['replace']), ...record(json['provide']) }),
  ])
  const result = Object.entries(wanted).flatMap(([name, range]): LockMismatch[] => {
    if (!name.includes('/') || typeof range !== 'string') return []
    const version = locked.get(name.toLowerCase())
    const differ = (found: string | null) => [{ name, wanted: range, locked: found, line: lineOfName(text, name) }]
    if (version === undefined) return given.has(name) ? [] : differ(null)
    // A branch is no version: `6.4.x-dev`, `dev-main as 1.2`.
    if (/dev/.test(version) || /dev|#| as /.test(range)) return []
    const [read, intervals] = [parseVersion(version), parseRange(range, 'composer')]
    return read && intervals && !satisfies(read, intervals) ? differ(version) : []
  })
  if (result.length === 0 && lock.contentHash !== null && lock.contentHash !== composerContentHash(text)) {
    const wanted = `content-hash ${composerContentHash(text)}`
    return [{ name: 'composer.json', wanted, locked: lock.contentHash, line: 1, inWords: true }]
  }
  return result
}

/** Modules that a go.mod requires, without those replaced by a local folder. */
export const readGoMod = (
  text: string,
): {
  go: string | null
  toolchain: string | null
  requires: { name: string; version: string; indirect: boolean; line: number }[]
} => {
  const requires: { name: string; version: string; indirect: boolean; line: number }[] = []
  const replaced = new Map<string, string>()
  let block = ''
  let [go, toolchain]: [string | null, string | null] = [null, null]
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\/\/.*$/, '').trim()
    const opened = /^(require|replace|exclude|retract|tool)\s*\($/.exec(line)
    if (opened) block = opened[1]!
    else if (line === ')') block = ''
    else {
      go = /^go\s+(\S+)$/.exec(line)?.[1] ?? go
      toolchain = /^toolchain\s+(\S+)$/.exec(line)?.[1] ?? toolchain
      const require = /^(?:require\s+)?(\S+)\s+(v\S+)$/.exec(line)
      if (require && (block === 'require' || line.startsWith('require '))) {
        requires.push({
          name: require[1]!,
          version: require[2]!,
          indirect: raw.includes('// indirect'),
          line: index + 1,
        })
      }
      const replace = /^(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\S+)(?:\s+(v\S+))?$/.exec(line)
      if (replace && (block === 'replace' || line.startsWith('replace ')))
        replaced.set(replace[1]!, replace[3] ? `${replace[2]}@${replace[3]}` : '')
    }
  }
  return { go, toolchain, requires: requires.flatMap(entry => (replaced.has(entry.name) ? [] : [entry])) }
}

const compareGoMod = (lock: Lock, text: string): LockMismatch[] => {
  const sums = lock.requested?.['*'] ?? {}
  return readGoMod(text).requires.flatMap(({ name, version, line }) => {
    if (sums[`${name}@${version}`] !== undefined) return []
    const other = Object.keys(sums).find(key => key.startsWith(`${name}@`))
    return [{ name, wanted: version, locked: other ? other.slice(name.length + 1) : null, line }]
  })
}

const compareMix = (lock: Lock, text: string): LockMismatch[] => {
  const locked = new Set(lock.packages.map(({ name }) => name))
  const deps = /defp?\s+deps(?:\(\))?\s+do([\s\S]*?)\n\s*end\b/.exec(text)
  if (!deps) return []
  return [...deps[1]!.matchAll(/^\s*\{:(\w+),\s*"([^"]+)"/gm)]
    .filter(match => !locked.has(match[1]!))
    .map(match => ({ name: match[1]!, wanted: match[2]!, locked: null, line: lineOfName(text, match[1]!) }))
}

/**
 * What manifest and lock differ on; empty when they agree or this kind of lock cannot tell. A manifest that cannot be read
 * comes back as null: its build fails anyway.
 */
export const compareManifest = (
  lock: Lock,
  manifestText: string,
  folder = '',
  overridden: ReadonlySet<string> = new Set(),
): LockMismatch[] | null => {
  if (lock.problem !== null || lock.format === 'binary' || lock.isRewritten) return []
  try {
    switch (lock.kind) {
      case 'bundler':
        return compareGemfile(lock, manifestText)
      case 'poetry':
      case 'uv':
      case 'pdm':
      case 'pipenv':
        return comparePython(lock, manifestText, folder)
      case 'composer':
        return compareComposer(lock, manifestText)
      case 'go':
        return compareGoMod(lock, manifestText)
      case 'mix':
        return compareMix(lock, manifestText)
      case 'cargo':
        return []
      default:
        return compareNodeManifest(lock, manifestText, folder, overridden)
    }
  } catch {
    return null
  }
}
