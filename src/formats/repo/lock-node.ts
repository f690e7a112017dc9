// Lock files of npm, Yarn, pnpm and Bun. Large ones are read line by line: a YAML parser needs seconds for a pnpm lock of some megabytes.
import { isRecord } from '../workflow/model.ts'
import { parseJsonc } from './jsonc.ts'
import { emptyLock, type Lock, lineFinder, manifestDependencies, maxPackages, record, splitSpec } from './lock-model.ts'
import { overriddenName } from './lock-workspace.ts'

/** A key without the quotes around it. */
const unquote = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2')

export const readNpm = (text: string): Lock => {
  const lock = emptyLock('npm')
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

export const readYarn = (text: string): Lock => {
  const lock = emptyLock('yarn')
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

export const readPnpm = (text: string): Lock => {
  const lock = emptyLock('pnpm')
  lock.format = /^lockfileVersion:\s*'?"?([\d.]+)/m.exec(text)?.[1] ?? ''
  lock.requested = {}
  lock.isRewritten = /^(?:pnpmfileChecksum|packageExtensionsChecksum):/m.test(text)
  let section = ''
  let importer = ''
  let group = ''
  let dependency = ''
  const put = (name: string, spec: string): void => {
    // The runtime itself, which a manifest names in a place of its own.
    if (/^["']?runtime:/.test(spec)) return
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
    if (section === 'overrides') {
      if (depth === 2) lock.overridden.push(overriddenName(key))
    } else if (section === 'importers') {
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

export const readBun = (text: string): Lock => {
  const lock = emptyLock('bun')
  const json = record(parseJsonc(text))
  lock.format = String(json['lockfileVersion'] ?? '')
  lock.requested = {}
  lock.overridden = Object.keys(record(json['overrides'])).map(overriddenName)
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
