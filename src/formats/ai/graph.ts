// The code of a repository as a graph: which file imports which, for which names, and through which of a file's own names a place in it is
// used.

import { literally } from '../literally.ts'
import { type ModuleImport, type ModuleWorld, moduleImports, resolveImport } from '../repo/module-imports.ts'
import { isJavaScript } from '../repo/paths.ts'
import type { guardsOf } from './usage.ts'

/** What a file asks of a request. */
export type Guards = ReturnType<typeof guardsOf>
export type GuardKind = 'authentication' | 'rateLimit' | 'spendLimit' | 'brought'

type Import = { file: string; names: ModuleImport['names']; inline?: true }
type Importer = { path: string; names: ModuleImport['names'] }

export type Way = 'guarded' | 'open' | 'dead'

/** The code of a repository, as far as it is asked for. */
export type CodeGraph = {
  world: ModuleWorld
  read: (path: string) => string
  /** Files that run in a browser: they reach a server through its addresses alone. */
  isClient: (path: string) => boolean
  imports: Map<string, Import[]>
  importers: Map<string, Importer[]>
  guards: Map<string, Guards>
  /** How files stand that were followed before, by kind of guard, file and names. */
  ways: Map<string, Way>
  /** Files of code, and settings that may name some of them. */
  code: readonly string[]
  settings: readonly string[]
  /** Whether what a file hands out is registered, by file and names. */
  registered: Map<string, 'seen' | 'assumed' | 'nowhere'>
}

/** Files between a call and the request that are followed. */
export const deepest = 8

/** The graph of the code files; what each asks is read when it is needed. */
export const codeGraph = (
  code: readonly string[],
  world: ModuleWorld,
  read: (path: string) => string,
  isClient: (path: string) => boolean,
  settings: readonly string[] = [],
): CodeGraph => {
  const graph: CodeGraph = {
    code,
    settings,
    registered: new Map(),
    world,
    read,
    isClient,
    imports: new Map(),
    importers: new Map(),
    guards: new Map(),
    ways: new Map(),
  }
  for (const path of code) {
    const found = moduleImports(path, read(path)).flatMap(one =>
      resolveImport(path, one, world).map(file => ({ ...one, file })),
    )
    graph.imports.set(path, found)
    for (const { file, names } of found) {
      const known = graph.importers.get(file)
      if (known) known.push({ path, names })
      else graph.importers.set(file, [{ path, names }])
    }
  }
  return graph
}

const declaration =
  /^(?:export\s+(?:default\s+)?)?(?:async\s+)?(?:function\*?|const|let|var|class|def)\s+([\w$]+)|^func\s+(?:\([^)\n]{1,100}\)\s*)?([\w]+)|^(?:module\.)?exports(?:\.([\w$]+))?\s*=/gm

type Declaration = { name: string; words: ReadonlySet<string>; at: number; end: number }

/** Declarations of one file that are looked at. */
const mostDeclarations = 1000

/** The declarations of a file at its outer level, each with the words in it. */
export const declarationsOf = (text: string): Declaration[] => {
  const heads = [...text.matchAll(declaration)].slice(0, mostDeclarations)
  return heads.map((head, index) => {
    const end = heads[index + 1]?.index ?? text.length
    const words = new Set(text.slice(head.index, end).match(/[\w$]+/g))
    return { name: head[1] ?? head[2] ?? head[3] ?? '*', words, at: head.index, end }
  })
}

/** The names of declarations through which some names are used, however far within the file. */
export const usersOf = (all: readonly Declaration[], start: readonly string[]): Set<string> => {
  const names = new Set(start)
  const open = [...start]
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const one of all)
      if (!names.has(one.name) && one.words.has(name)) {
        names.add(one.name)
        open.push(one.name)
      }
  return names
}

/** Where a line of a text begins. */
export const offsetOf = (text: string, line: number): number => {
  let at = 0
  for (let left = line - 1; left > 0 && at >= 0; left -= 1) at = text.indexOf('\n', at) + 1
  return at
}

/** The names of a file through which the call at a line is reached; null where that cannot be told: then all are. */
export const namesAt = (text: string, line: number): ReadonlySet<string> | null => {
  const at = offsetOf(text, line)
  const all = declarationsOf(text)
  const around = all.find(one => one.at <= at && at < one.end)
  return around && around.name !== '*' ? usersOf(all, [around.name]) : null
}

/** Who imports a file, and for what. */
export const takersOf = (graph: CodeGraph, file: string): readonly Importer[] =>
  (graph.importers.get(file) ?? []).filter(({ path }) => path !== file && !graph.isClient(path))

const members = /(?<![\w$.])([\w$]{1,60})(?:\??\.([\w$]{1,60}))?/g

/** Names under which a file hands out some of its own: `exports.a`, `export const a`, `module.exports = { b: a }`. */
const handedAs = (text: string, names: ReadonlySet<string>): Set<string> => {
  const found = new Set<string>()
  for (const name of names) {
    if (name === '*') continue
    const own = literally(name)
    if (
      new RegExp(
        `\\bexport\\s+(?:async\\s+)?(?:function|const|let|var)\\s+${own}\\b|\\bexports\\.${own}\\b|[{,\\s]${own}\\s*[,}]`,
      ).test(text)
    )
      found.add(name)
    for (const [, as] of text.matchAll(new RegExp(`\\b(\\w{1,60})\\s{0,4}:\\s{0,4}${own}\\b`, 'g'))) found.add(as!)
    for (const [, as] of text.matchAll(new RegExp(`\\bexports\\.(\\w{1,60})\\s{0,4}=\\s{0,4}${own}\\b`, 'g')))
      found.add(as!)
  }
  return found
}

/** Whether a file that takes a module as a whole only uses other members of it. */
const usesOthersOnly = (
  graph: CodeGraph,
  path: string,
  file: string,
  as: string,
  names: ReadonlySet<string>,
): boolean => {
  const text = graph.read(file)
  if (!isJavaScript(path) || /\bclass\s/.test(text)) return false
  const handed = handedAs(text, names)
  if (handed.size === 0) return false
  const uses = graph
    .read(path)
    .split('\n')
    .filter(line => !/^\s*(?:import\b|(?:const|let|var)\s[^=\n]{1,200}=\s*(?:await\s+import|require)\()/.test(line))
    .flatMap(line => [...line.slice(0, 4000).matchAll(members)].filter(match => match[1] === as))
  return uses.length > 0 && uses.every(([, , member]) => member !== undefined && !handed.has(member))
}

/** Who imports a file for those names, with the names through which it uses them. */
export const usedBy = (
  graph: CodeGraph,
  file: string,
  names: ReadonlySet<string> | null,
): Map<string, ReadonlySet<string> | null> => {
  const users = new Map<string, ReadonlySet<string> | null>()
  for (const { path, names: taken } of takersOf(graph, file)) {
    const wanted = taken.filter(
      ({ name, as }) =>
        names === null ||
        (name === '*' ? as === '*' || !usesOthersOnly(graph, path, file, as, names) : names.has(name)),
    )
    if (taken.length > 0 && wanted.length === 0) continue
    const isWhole = taken.length === 0 || wanted.some(({ name }) => name === '*')
    const used = wanted.map(({ as }) => as)
    users.set(path, isWhole ? null : usersOf(declarationsOf(graph.read(path)), used))
  }
  return users
}

/** Names that promise a guard: what they do is looked up where they are made. */
const promising =
  /auth|session|user|guard|protect|require|ensure|^with[A-Z]|middleware|admin|member|workspace|permission|access|verify|limit|usage|quota|credit|action[cC]lient|procedure|router/i

/** Builders of routes that ask nobody (`publicProcedure` of tRPC), and routes, which guard nothing but themselves (`authRoutes`). */
const promisesNothing =
  /^(?:public|open|unprotected)\w*(?:Procedure|Action|Client)$|\w(?:Routes?|Routers?|Controllers?|Handlers?)$/
/** Whether a name promises a guard. */
export const promises = (name: string): boolean =>
  promising.test(name) &&
  (!promisesNothing.test(name) || /^(?:protected|private|authenticated|authed|secure)/i.test(name))
