// Lock files of every package manager: what stands in them. Those of Node.js are read in lock-node.ts.
import { parse as parseToml } from 'smol-toml'
import { type LockKind, lockFiles } from '../../data/package-managers.ts'
import { emptyLock, type Lock, lineFinder, maxPackages, record } from './lock-model.ts'
import { readBun, readNpm, readPnpm, readYarn } from './lock-node.ts'
import { pythonName } from './manifests.ts'

export { type Lock, type LockedPackage, manifestDependencies } from './lock-model.ts'

const readBundler = (text: string): Lock => {
  const lock = emptyLock('bundler')
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

const readPythonToml = (kind: 'poetry' | 'uv' | 'pdm', text: string): Lock => {
  const lock = emptyLock(kind)
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
        if (typeof name === 'string') wanted[pythonName(name)] = typeof specifier === 'string' ? specifier : ''
      }
      lock.requested = { ...lock.requested, [own === '.' ? '' : own]: wanted }
      continue
    }
    if (typeof entry['version'] !== 'string') continue
    const groups = Array.isArray(entry['groups']) ? entry['groups'] : null
    lock.packages.push({
      name: pythonName(entry['name']),
      version: entry['version'],
      development:
        entry['category'] === 'dev' ? true : groups ? !groups.includes('main') && !groups.includes('default') : null,
      line: lineOf(`name = "${entry['name']}"`),
    })
  }
  return lock
}

const readPipenv = (text: string): Lock => {
  const lock = emptyLock('pipenv')
  const json = record(JSON.parse(text))
  const lineOf = lineFinder(text)
  for (const group of ['default', 'develop']) {
    for (const [name, value] of Object.entries(record(json[group]))) {
      // What comes from a repository or a path is locked to its commit, and has no version.
      const { version, git, path, file } = record(value)
      if (typeof version !== 'string' && [git, path, file].every(one => one === undefined)) continue
      lock.packages.push({
        name: pythonName(name),
        version: typeof version === 'string' ? version.replace(/^==/, '') : '',
        development: group === 'develop',
        line: lineOf(`"${name}": {`),
      })
    }
  }
  return lock
}

const readComposer = (text: string): Lock => {
  const lock = emptyLock('composer')
  const json = record(JSON.parse(text))
  lock.contentHash = typeof json['content-hash'] === 'string' ? json['content-hash'] : null
  const lineOf = lineFinder(text)
  for (const group of ['packages', 'packages-dev']) {
    for (const value of Array.isArray(json[group]) ? json[group] : []) {
      const { name, version, replace, provide } = record(value)
      // What one package stands for is installed with it.
      lock.overridden.push(...Object.keys({ ...record(replace), ...record(provide) }))
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
  const lock = emptyLock('go')
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
  const lock = emptyLock('mix')
  for (const [index, line] of text.split('\n').entries()) {
    const dependency = /^\s*"([^"]+)":\s*\{:(?:hex|git),\s*(?::[\w"]+,\s*"([^"]+)")?/.exec(line)
    if (dependency)
      lock.packages.push({ name: dependency[1]!, version: dependency[2] ?? '', development: null, line: index + 1 })
  }
  return lock
}

const readCargo = (text: string): Lock => {
  const lock = emptyLock('cargo')
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
  if (fileName === 'bun.lockb') return { ...emptyLock('bun'), format: 'binary' }
  if (/^<{7} |^>{7} /m.test(text)) return { ...emptyLock(kind), problem: 'a merge conflict was committed in it' }
  try {
    // A checkout on Windows ends lines in another way; their numbers stay.
    return readers[kind](text.replaceAll('\r\n', '\n'))
  } catch (error) {
    return {
      ...emptyLock(kind),
      problem: `it cannot be read: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 120)}`,
    }
  }
}
