// The scripts of a repository that a pipeline, a container or a Procfile may call: read once per run, kept in memory, in no fact.
import type { ScriptWorld } from '../../formats/workflow/commands.ts'
import { createReader, type RepoReader } from './read.ts'
import type { Tree } from './tree.ts'

const worlds = new WeakMap<Tree, ScriptWorld>()
const readers = new WeakMap<Tree, RepoReader>()

/** One reader per run: it remembers which folders lie inside. */
export const readerOf = (tree: Tree): RepoReader => {
  const known = readers.get(tree)
  if (known) return known
  const reader = createReader(tree.root)
  readers.set(tree, reader)
  return reader
}

/** Paths of ordinary files. */
export const filesOf = (tree: Tree): string[] =>
  tree.files.filter(({ kind }) => kind === 'file' || kind === 'symlink').map(({ path }) => path)

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
const aside = /(?:^|\/)(?:node_modules|vendor|fixtures?|__fixtures__|testdata|examples?|templates?)\//

const scriptsOf = (text: string): Record<string, string> => {
  try {
    const json: unknown = JSON.parse(text)
    const scripts = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)['scripts'] : null
    if (typeof scripts !== 'object' || scripts === null) return {}
    return Object.fromEntries(
      Object.entries(scripts).flatMap(([name, run]): [string, string][] =>
        typeof run === 'string'
          ? [[name, run]]
          : Array.isArray(run)
            ? [[name, run.filter(step => typeof step === 'string').join('\n')]]
            : [],
      ),
    )
  } catch {
    return {}
  }
}

/** Recipes of a Makefile or justfile: target → its lines, those of the targets it depends on before it. */
export const recipesOf = (text: string): Record<string, string> => {
  const recipes: Record<string, string> = {}
  const depends: Record<string, string[]> = {}
  let target = ''
  for (const line of text.split('\n')) {
    const head = /^([\w./-]+)(?:\s+[\w-]+(?:='[^']*')?)*\s*:(?!=)\s*([^#=]*)$/.exec(line)
    if (head && !/^\s/.test(line)) {
      target = head[1]!
      recipes[target] ??= ''
      depends[target] = head[2]!.trim().split(/\s+/).filter(Boolean)
    } else if (/^\s+\S/.test(line) && target) recipes[target] += `${line.trim().replace(/^[@-]+/, '')}\n`
    else if (line.trim() !== '') target = ''
  }
  const whole = (name: string, seen: readonly string[]): string =>
    seen.includes(name)
      ? ''
      : [
          ...(depends[name] ?? []).filter(on => recipes[on] !== undefined).map(on => whole(on, [...seen, name])),
          recipes[name] ?? '',
        ].join('')
  return Object.fromEntries(
    Object.keys(recipes)
      .slice(0, 300)
      .map(name => [name, whole(name, [])]),
  )
}

const shellFile =
  /(?:\.(?:sh|bash)$)|(?:^|\/)(?:bin|scripts?|docker|deploy|ops|\.kamal\/hooks|\.buildkite|ci|hooks)\/[\w.-]+$|(?:^|\/)[\w.-]*(?:entrypoint|start|release|build)(?:\.sh)?$/

/** What scripts of this repository may call. Bounded: 300 shell files of 64 kB. */
export const worldOf = (tree: Tree): ScriptWorld => {
  const known = worlds.get(tree)
  if (known) return known
  const reader = readerOf(tree)
  const paths = filesOf(tree).filter(path => !aside.test(path))
  const scripts: Record<string, Record<string, string>> = {}
  for (const path of paths.filter(path => /(?:^|\/)(?:package|composer)\.json$/.test(path)).slice(0, 300)) {
    scripts[folderOf(path)] = { ...scripts[folderOf(path)], ...scriptsOf(reader.maybe(path) ?? '') }
  }
  const targets = Object.assign(
    {},
    ...paths
      .filter(path => /^(?:GNU)?[Mm]akefile$|^\.?[Jj]ustfile$/.test(path))
      .map(path => recipesOf(reader.maybe(path, { maxBytes: 256 << 10 }) ?? '')),
  ) as Record<string, string>
  const files: Record<string, string> = {}
  for (const path of paths
    .filter(
      path =>
        shellFile.test(path) &&
        !/\.(?:[jt]sx?|mjs|cjs|py|rb|php|go|json|ya?ml|md|sql|css|html|toml|png|svg|lock)$/.test(path),
    )
    .slice(0, 300)) {
    const text = reader.maybe(path, { maxBytes: 64 << 10 })
    // A script of another language is not shell: its commands would be read wrongly.
    if (
      text !== null &&
      (/^#!.*\b(?:ba|da|z|a|k)?sh\b/.test(text) || (!text.startsWith('#!') && /\.(?:sh|bash)$/.test(path)))
    )
      files[path] = text
    else if (text !== null && /^#!.*\bruby\b/.test(text)) files[path] = rubyCommands(text)
  }
  const requirements = paths
    .filter(path => /(?:^|\/)requirements(?:[-_.](?:prod|production|base|lock))?\.txt$/.test(path))
    .map(path => reader.maybe(path) ?? '')
  const pinned = (text: string): boolean =>
    text.split('\n').every(line => /^\s*(?:#|-|$)|^\s+--hash/.test(line) || /={2,3}\s*[\w.]+|@\s*\w+/.test(line))
  const world: ScriptWorld = {
    scripts,
    targets,
    files,
    yarnBerry:
      paths.includes('.yarnrc.yml') || /^__metadata:/m.test(reader.maybe('yarn.lock', { maxBytes: 4096 }) ?? ''),
    pinnedRequirements: requirements.length > 0 && requirements.every(pinned),
  }
  worlds.set(tree, world)
  return world
}

/** Commands that a small Ruby script (bin/setup, bin/ci) hands to the shell. */
const rubyCommands = (text: string): string =>
  [...text.matchAll(/(?:system!?|sh|exec|step\s+"[^"]*",)\s*\(?\s*(["'])([^\n]*?)\1/g)]
    .map(match => match[2]!.replace(/["']\s*,\s*["']/g, ' '))
    .join('\n')
