// Which file of the repository an import means: relative paths, path aliases of tsconfig.json, packages of the workspace, modules of
// Python, classes of PHP. Read from text, nothing is run.
import { isRecord } from '../is-record.ts'
import { parseJsonc } from './jsonc.ts'
import { folderOf, within } from './paths.ts'

/** One import: what is asked for, and what it brings; `name` is `*` for the module as a whole or its default. */
export type ModuleImport = {
  from: string
  names: { name: string; as: string }[]
  /** It stands amid an expression, and is bound to no name: `use(require('./a').b)`. */
  inline?: true
}

/** A path alias: what it begins with (`@/`), and the folders that it stands for. `scope`: the folder in which it holds. */
export type PathAlias = { scope: string; prefix: string; exact: boolean; targets: string[] }

/** Names of a clause: `a, { b as c }, * as d` → the module as a, b as c, the module as d. */
const namesIn = (clause: string, bare: 'name' | '*' = '*'): ModuleImport['names'] => {
  const [outer, inner = ''] = [clause.replace(/\{[^}]*\}/g, ''), /\{([^}]*)\}/.exec(clause)?.[1]]
  const read = (text: string, isInner: boolean): ModuleImport['names'] =>
    text.split(',').flatMap(part => {
      const match = /^(?:type\s+)?([\w$*]+)(?:(?:\s+as\s+|\s*:\s*)([\w$]+))?$/.exec(part.trim())
      if (!match) return []
      const whole = match[1] === '*' || match[1] === 'default' || (!isInner && bare === '*')
      return [{ name: whole ? '*' : match[1]!, as: match[2] ?? match[1]! }]
    })
  return [...read(outer, false), ...read(inner, true)]
}

/** What is taken out of a module by its member: `const a = require('./b').c`. */
const memberNames = (clause: string | undefined, member: string): ModuleImport['names'] => [
  { name: member, as: clause !== undefined && /^[\w$]+$/.test(clause.trim()) ? clause.trim() : member },
]

const javascriptImports = (source: string): ModuleImport[] => [
  ...[
    ...source.matchAll(/^[ \t]*(?:import|export)\s+(?!type\s)([\w$\s{},*]{0,2000}?)\s*from\s*['"]([^'"\n]+)['"]/gm),
  ].map(match => ({
    from: match[2]!,
    names: namesIn(match[1]!),
  })),
  ...[
    ...source.matchAll(
      /(?:(?:const|let|var)\s+([\w$\s{},:]{1,500}?)\s*=\s*(?:await\s+)?)?(?:require|import)\(\s*['"]([^'"\n]+)['"](?:\s*\)\s*\.\s*(?!then\b|catch\b|default\b)([\w$]{1,100}))?/g,
    ),
  ].map(([, clause, from, member]) => ({
    from: from!,
    names: member === undefined ? namesIn(clause ?? '') : memberNames(clause, member),
    ...(clause === undefined ? { inline: true as const } : {}),
  })),
  ...[...source.matchAll(/^[ \t]*import\s+['"]([^'"\n]+)['"]/gm)].map(match => ({ from: match[1]!, names: [] })),
]

const pythonImports = (source: string): ModuleImport[] => [
  ...[...source.matchAll(/^[ \t]*from\s+(\.*[\w.]*)\s+import\s+(\([^)]{0,4000}\)|[^\n#]+)/gm)].map(match => ({
    from: match[1]!,
    names: namesIn(match[2]!.replace(/[()]|#.*$/gm, ' '), 'name'),
  })),
  ...[...source.matchAll(/^[ \t]*import\s+([\w.]+)/gm)].map(match => ({ from: match[1]!, names: [] })),
]

const phpImports = (source: string): ModuleImport[] =>
  [...source.matchAll(/^use\s+(App\\[\w\\]+)/gm)].map(match => ({
    from: match[1]!,
    names: [{ name: '*', as: match[1]!.split('\\').at(-1)! }],
  }))

/** The imports of a file, in the language of its ending; none for a language whose files name none. */
export const moduleImports = (path: string, source: string): ModuleImport[] =>
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path)
    ? javascriptImports(source)
    : path.endsWith('.py')
      ? pythonImports(source)
      : path.endsWith('.php')
        ? phpImports(source)
        : []

/** Joins and takes away `.` and `..`; null where it leaves the root. */
const joined = (folder: string, path: string): string | null => {
  const parts: string[] = folder ? folder.split('/') : []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** Path aliases of a tsconfig.json or jsconfig.json; none where it cannot be read. */
export const aliasesOf = (path: string, text: string): PathAlias[] => {
  const scope = folderOf(path)
  const config: unknown = parseJsonc(text)
  const options = isRecord(config) && isRecord(config['compilerOptions']) ? config['compilerOptions'] : {}
  const base = joined(scope, typeof options['baseUrl'] === 'string' ? options['baseUrl'] : '.')
  const paths = isRecord(options['paths']) ? options['paths'] : {}
  if (base === null) return []
  const aliases = Object.entries(paths).map(([key, value]) => ({
    scope,
    prefix: key.replace(/\*$/, ''),
    exact: !key.endsWith('*'),
    targets: (Array.isArray(value) ? value : []).flatMap(target => {
      const to = typeof target === 'string' ? joined(base, target.replace(/\*.*$/, '')) : null
      return to === null ? [] : [to]
    }),
  }))
  return options['baseUrl'] === undefined ? aliases : [...aliases, { scope, prefix: '', exact: false, targets: [base] }]
}

const endings = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mts',
  '.mjs',
  '.cjs',
  '.vue',
  '.svelte',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/index.mjs',
]

/** What a resolver knows of the repository. `workspaces`: folder by package name. */
export type ModuleWorld = {
  files: ReadonlySet<string>
  aliases: readonly PathAlias[]
  workspaces: ReadonlyMap<string, string>
}

/** What `@/`, `~/` and `$lib/` stand for where no tsconfig.json says it: frameworks set them by themselves. */
const customary: readonly [RegExp, readonly string[]][] = [
  [/^[@~]\//, ['', 'src', 'app']],
  [/^\$lib\//, ['src/lib']],
  [/^#(?:app|shared)?\//, ['', 'app', 'shared', 'src']],
]

const fileOf = (files: ReadonlySet<string>, path: string | null): string | null => {
  if (path === null) return null
  const bare = path.replace(/\.(?:[cm]?js|jsx)$/, '')
  for (const base of bare === path ? [path] : [path, bare])
    for (const ending of endings) if (files.has(base + ending)) return base + ending
  return null
}

const foldersUp = (path: string): string[] => {
  const folders: string[] = []
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    folders.push(folder)
    if (folder === '') return folders
  }
}

const resolveJavascript = (from: string, asked: string, { files, aliases, workspaces }: ModuleWorld): string | null => {
  if (asked.startsWith('.')) return fileOf(files, joined(folderOf(from), asked))
  const own = aliases
    .filter(
      ({ scope, prefix, exact }) =>
        (scope === '' || from.startsWith(`${scope}/`)) && (exact ? asked === prefix : asked.startsWith(prefix)),
    )
    .sort((a, b) => b.scope.length - a.scope.length || b.prefix.length - a.prefix.length)
  for (const { prefix, exact, targets } of own)
    for (const target of targets) {
      const found = fileOf(files, exact ? target : within(target, asked.slice(prefix.length)))
      if (found) return found
    }
  const custom = customary.find(([prefix]) => prefix.test(asked))
  if (custom)
    for (const folder of foldersUp(from))
      for (const root of custom[1]) {
        const found = fileOf(files, within(within(folder, root), asked.replace(custom[0], '')))
        if (found) return found
      }
  const name = asked
    .split('/')
    .slice(0, asked.startsWith('@') ? 2 : 1)
    .join('/')
  const folder = workspaces.get(name)
  if (folder === undefined) return null
  const rest = asked.slice(name.length + 1) || 'index'
  for (const inner of ['', 'src', 'lib', 'src/lib']) {
    const found = fileOf(files, within(folder, within(inner, rest)))
    if (found) return found
  }
  return null
}

/** Files of a Python import: the module, and those of its names that are modules themselves. */
const resolvePython = (from: string, { from: asked, names }: ModuleImport, files: ReadonlySet<string>): string[] => {
  const dots = /^\.*/.exec(asked)![0].length
  const path = asked.slice(dots).replaceAll('.', '/')
  const roots = dots
    ? [foldersUp(from)[dots - 1] ?? '']
    : foldersUp(from).flatMap(folder => [folder, within(folder, 'src')])
  for (const root of roots) {
    const base = path ? within(root, path) : root
    const found = [`${base}.py`, `${base}/__init__.py`, ...names.map(({ name }) => `${base}/${name}.py`)].filter(file =>
      files.has(file),
    )
    if (found.length) return found
  }
  return []
}

/** The files of the repository that an import of a file means; none where it is a package from outside. */
export const resolveImport = (from: string, one: ModuleImport, world: ModuleWorld): string[] => {
  if (from.endsWith('.py')) return resolvePython(from, one, world.files)
  if (from.endsWith('.php')) {
    const path = `${one.from.replaceAll('\\', '/').replace(/^App/, 'app')}.php`
    return [...foldersUp(from)]
      .map(folder => within(folder, path))
      .filter(file => world.files.has(file))
      .slice(0, 1)
  }
  const found = resolveJavascript(from, one.from, world)
  return found ? [found] : []
}
