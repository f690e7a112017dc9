// The scripts of a repository that a pipeline, a container or a Procfile may call: read once per run, kept in memory, in no fact.

import { folderOf } from '../../formats/repo/paths.ts'
import { isAside } from '../../formats/shipped.ts'
import type { ScriptWorld } from '../../formats/workflow/commands.ts'
import type { CollectContext } from '../definition.ts'
import { createReader, type RepoReader } from './read.ts'
import type { Tree } from './tree.ts'

type Run = Pick<CollectContext, 'once'>

/** One reader per run: it remembers which folders lie inside. */
export const readerOf = (run: Run, tree: Tree): RepoReader =>
  run.once(`script-world reader ${tree.root}`, () => createReader(tree.root))

/** Paths of ordinary files. */
export const filesOf = (tree: Tree): string[] =>
  tree.files.filter(({ kind }) => kind === 'file' || kind === 'symlink').map(({ path }) => path)

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

/** Passes in which a value of a Makefile takes in others, and characters of one. */
const deepestValue = 3
const longestValue = 400

/** The recipes of a Makefile with the values of its names in them: `${COMPOSE} run web pytest`. */
const withValues = (text: string): string => {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([A-Za-z_]\w{0,60})[ \t]*[:?]?=[ \t]*([^\n]*)$/.exec(line.slice(0, 1000)) ?? []
    if (name && value !== '' && value.length <= longestValue && !/\$\((?:shell|eval|call)\b/.test(value))
      values.set(name, value.replace(/(?:^|\s)#.*$/, '').trim())
  }
  if (values.size === 0) return text
  const open = (line: string): string =>
    line.replace(/\$[({](\w{1,60})[)}]/g, (whole, name: string) => values.get(name) ?? whole).slice(0, 4000)
  return text
    .split('\n')
    .map(line => {
      if (!/^\s+\S/.test(line)) return line
      let read = line
      for (let pass = 0; pass < deepestValue && read.includes('$'); pass += 1) read = open(read)
      return read
    })
    .join('\n')
}

/** Recipes of a Makefile or justfile: target → its lines, those of the targets it depends on before it. */
export const recipesOf = (source: string): Record<string, string> => {
  const text = withValues(source)
  const recipes: Record<string, string> = {}
  const depends: Record<string, string[]> = {}
  let target = ''
  for (const line of text.split('\n')) {
    // What a target is for stands behind it: `ship: build ## To production`.
    const head = /^([\w./-]+)(?:\s+[\w-]+(?:='[^']*')?)*\s*:(?!=)\s*([^#=]*)(?:#.*)?$/.exec(line)
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

/** Commands that a small Ruby script (bin/setup, bin/ci) hands to the shell. */
const rubyCommands = (text: string): string =>
  [...text.matchAll(/(?:system!?|sh|exec|step\s+"[^"]*",)\s*(?:\(\s*)?(["'])([^\n]{0,500}?)\1/g)]
    .map(match => match[2]!.replace(/["']\s*,\s*["']/g, ' '))
    .join('\n')

/** The shell commands of a script; null for one of another language, whose commands would be read wrongly. */
const shellOf = (path: string, text: string): string | null => {
  if (/^#!.*\b(?:ba|da|z|a|k)?sh\b/.test(text) || (!text.startsWith('#!') && /\.(?:sh|bash)$/.test(path))) return text
  return /^#!.*\bruby\b/.test(text) ? rubyCommands(text) : null
}

/** Commands that a small program of JavaScript hands to the shell. */
const programCommands = (text: string): string =>
  [
    ...text.matchAll(
      /\b(?:exec|execSync|spawn|spawnSync|execa|execaCommand|execFileSync|\$)\s*(?:\(\s*)?(["'`])([^\n]{0,500}?)\1(?:\s{0,20},\s{0,20}\[([^\]]{0,1000})\])?/g,
    ),
  ]
    .map(match => `${match[2]!} ${(match[3] ?? '').replace(/["'`,]/g, ' ')}`)
    .join('\n')

/** What uWSGI runs around its start: `hook-pre-app = exec:./manage.py migrate`, `exec-as-user = …`. */
const serverHooks = (text: string): string =>
  [...text.matchAll(/^\s*(?:hook-[\w-]+\s*=\s*exec:|exec-[\w-]+\s*=\s*)(.+)$/gm)]
    .map(match => match[1]!.trim())
    .join('\n')

const programFile =
  /^(?:[\w-]+\/)*(?:scripts?|bin|tools|ops|db|prisma|docker)\/[\w.-]+\.(?:[cm]?[jt]s)$|^[\w.-]+\.[cm]?js$/
const uwsgiFile = /(?:^|\/)[\w.-]*uwsgi[\w.-]*\.ini$/

const otherLanguage = /\.(?:[jt]sx?|mjs|cjs|py|rb|php|go|json|ya?ml|md|sql|css|html|toml|png|svg|lock)$/

/** Scripts of package.json and composer.json, by folder and name. */
const scriptsIn = (paths: readonly string[], reader: RepoReader): ScriptWorld['scripts'] => {
  const scripts: Record<string, Record<string, string>> = {}
  for (const path of paths.filter(path => /(?:^|\/)(?:package|composer)\.json$/.test(path)).slice(0, 300))
    scripts[folderOf(path)] = { ...scripts[folderOf(path)], ...scriptsOf(reader.maybe(path) ?? '') }
  return scripts
}

const shellFilesIn = (paths: readonly string[], reader: RepoReader): ScriptWorld['files'] =>
  Object.fromEntries(
    paths
      .filter(path => shellFile.test(path) && !otherLanguage.test(path))
      .slice(0, 300)
      .flatMap(path => {
        const text = reader.maybe(path, { maxBytes: 64 << 10 })
        const shell = text === null ? null : shellOf(path, text)
        return shell === null ? [] : [[path, shell]]
      }),
  )

/** Programs and server settings of the repository that hand commands to the shell. */
const programsIn = (paths: readonly string[], reader: RepoReader): ScriptWorld['files'] =>
  Object.fromEntries(
    paths
      .filter(path => programFile.test(path) || uwsgiFile.test(path))
      .slice(0, 300)
      .flatMap(path => {
        const text = reader.maybe(path, { maxBytes: 64 << 10 }) ?? ''
        const shell = uwsgiFile.test(path) ? serverHooks(text) : programCommands(text)
        return shell === '' ? [] : [[path, shell]]
      }),
  )

const isPinned = (requirements: string): boolean =>
  requirements.split('\n').every(line => /^\s*(?:#|-|$)|^\s+--hash/.test(line) || /={2,3}\s*[\w.]+|@\s*\w+/.test(line))

const readWorld = (tree: Tree, reader: RepoReader): ScriptWorld => {
  const paths = filesOf(tree).filter(path => !isAside(path))
  const recipes = paths
    .filter(path => /^(?:GNU)?[Mm]akefile$|^\.?[Jj]ustfile$/.test(path))
    .map(path => recipesOf(reader.maybe(path, { maxBytes: 256 << 10 }) ?? ''))
  const requirements = paths
    .filter(path => /(?:^|\/)requirements(?:[-_.](?:prod|production|base|lock))?\.txt$/.test(path))
    .map(path => reader.maybe(path) ?? '')
  const yarnLock = reader.maybe('yarn.lock', { maxBytes: 4096 }) ?? ''
  return {
    scripts: scriptsIn(paths, reader),
    targets: Object.assign({}, ...recipes) as Record<string, string>,
    files: { ...shellFilesIn(paths, reader), ...programsIn(paths, reader) },
    yarnBerry: paths.includes('.yarnrc.yml') || /^__metadata:/m.test(yarnLock),
    pythonLock: paths.some(path => /(?:^|\/)(?:uv|poetry|pdm)\.lock$/.test(path)),
    pinnedRequirements: requirements.length > 0 && requirements.every(isPinned),
  }
}

/** What scripts of this repository may call, read once per run. Bounded: 300 shell files of 64 kB. */
export const worldOf = (run: Run, tree: Tree): ScriptWorld =>
  run.once(`script-world world ${tree.root}`, () => readWorld(tree, readerOf(run, tree)))
