// Through which routes a call of a model can be reached, and what stands before it on every way: followed by real imports, and by the names
// that are imported.
import { type ModuleImport, type ModuleWorld, moduleImports, resolveImport } from '../repo/module-imports.ts'
import { guardsOf, isAddress, registrations } from './usage.ts'

/** What a file asks of a request. */
export type Guards = ReturnType<typeof guardsOf>
export type GuardKind = 'authentication' | 'rateLimit' | 'spendLimit' | 'brought'

type Import = { file: string; names: ModuleImport['names'] }
type Importer = { path: string; names: ModuleImport['names'] }

type Way = 'guarded' | 'open' | 'dead'

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
}

/** Files between a call and the request that are followed. */
const deepest = 8

/** The graph of the code files; what each asks is read when it is needed. */
export const codeGraph = (
  code: readonly string[],
  world: ModuleWorld,
  read: (path: string) => string,
  isClient: (path: string) => boolean,
): CodeGraph => {
  const graph: CodeGraph = {
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
      resolveImport(path, one, world).map(file => ({ file, names: one.names })),
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

/** Names that promise a guard: what they do is looked up where they are made. */
const promising =
  /auth|session|user|guard|protect|require|ensure|^with[A-Z]|middleware|admin|member|workspace|permission|access|verify|limit|usage|quota|credit|action[cC]lient|procedure|router/i

/** Builders of routes that ask nobody (`publicProcedure` of tRPC), and routes, which guard nothing but themselves (`authRoutes`). */
const promisesNothing =
  /^(?:public|open|unprotected)\w*(?:Procedure|Action|Client)$|\w(?:Routes?|Routers?|Controllers?|Handlers?)$/
const promises = (name: string): boolean =>
  promising.test(name) &&
  (!promisesNothing.test(name) || /^(?:protected|private|authenticated|authed|secure)/i.test(name))

/** A module with those that it hands on (`export * from`). */
const withHandedOn = (graph: CodeGraph, file: string): string =>
  [file, ...(graph.imports.get(file) ?? []).slice(0, 30).map(one => one.file)].map(graph.read).join('\n')

/** What a file asks by itself, or through a function of the repository that is named for it. */
const ownGuards = (graph: CodeGraph, path: string): Guards => {
  const known = graph.guards.get(path)
  if (known) return known
  const text = graph.read(path)
  const guards = { ...guardsOf(path, text) }
  for (const { file, names } of graph.imports.get(path) ?? []) {
    if (guards.authentication && guards.rateLimit) break
    const used = names.some(({ name, as }) => promises(name) || promises(as))
    if (!used) continue
    const made = guardsOf(file, withHandedOn(graph, file))
    guards.authentication ||= made.authentication
    guards.rateLimit ||= made.rateLimit
    guards.spendLimit ||= made.spendLimit
  }
  graph.guards.set(path, guards)
  return guards
}

const declaration =
  /^(?:export\s+(?:default\s+)?)?(?:async\s+)?(?:function\*?|const|let|var|class|def)\s+([\w$]+)|^(?:module\.)?exports(?:\.([\w$]+))?\s*=/gm

type Declaration = { name: string; words: ReadonlySet<string>; at: number; end: number }

/** Declarations of one file that are looked at. */
const mostDeclarations = 1000

/** The declarations of a file at its outer level, each with the words in it. */
const declarationsOf = (text: string): Declaration[] => {
  const heads = [...text.matchAll(declaration)].slice(0, mostDeclarations)
  return heads.map((head, index) => {
    const end = heads[index + 1]?.index ?? text.length
    const words = new Set(text.slice(head.index, end).match(/[\w$]+/g))
    return { name: head[1] ?? head[2] ?? '*', words, at: head.index, end }
  })
}

/** The names of declarations through which some names are used, however far within the file. */
const usersOf = (all: readonly Declaration[], start: readonly string[]): Set<string> => {
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

/** The names of a file through which the call at a line is reached; null where that cannot be told: then all are. */
export const namesAt = (text: string, line: number): ReadonlySet<string> | null => {
  let at = 0
  for (let left = line - 1; left > 0 && at >= 0; left -= 1) at = text.indexOf('\n', at) + 1
  const all = declarationsOf(text)
  const around = all.find(one => one.at <= at && at < one.end)
  return around && around.name !== '*' ? usersOf(all, [around.name]) : null
}

/** Who imports a file for those names, with the names through which it uses them. */
const usedBy = (
  graph: CodeGraph,
  file: string,
  names: ReadonlySet<string> | null,
): Map<string, ReadonlySet<string> | null> => {
  const users = new Map<string, ReadonlySet<string> | null>()
  for (const { path, names: taken } of graph.importers.get(file) ?? []) {
    if (path === file || graph.isClient(path)) continue
    const wanted = taken.filter(({ name }) => names === null || name === '*' || names.has(name))
    if (taken.length > 0 && wanted.length === 0) continue
    const isWhole = taken.length === 0 || wanted.some(({ name }) => name === '*')
    const used = wanted.map(({ as }) => as)
    users.set(path, isWhole ? null : usersOf(declarationsOf(graph.read(path)), used))
  }
  return users
}

/** How a call stands: `handlers` through which a request may reach it (`direct`: one is the file itself, or imports it), and which guards stand on every way. */
export type Reach = {
  handlers: string[]
  direct: boolean
  guards: Record<GuardKind, boolean>
  /** Each open handler uses code of the repository that asks who is there: whether for this request is not told. */
  mayAsk: boolean
}

/** Classes that a framework hands to its controllers take no requests themselves. */
const isHandedIn = (text: string): boolean =>
  /@(?:Injectable|Module)\(/.test(text) && !/@(?:Controller|Resolver|WebSocketGateway|Processor)\(/.test(text)

/** A controller of Nest that takes messages of a queue alone: who put them there, and what he was asked, stands elsewhere. */
const takesMessages = (text: string): boolean =>
  /@(?:EventPattern|MessagePattern)\(/.test(text) && !/@(?:Get|Post|Put|Patch|Delete|All|Sse)\(/.test(text)

/** Whether requests come in at a file for those names: it is an address, or registers something that uses one of them. */
const takesFor = (graph: CodeGraph, file: string, names: ReadonlySet<string> | null): boolean => {
  if (!ownGuards(graph, file).handler) return false
  const text = graph.read(file)
  if (isHandedIn(text) || takesMessages(text)) return false
  const places = isAddress(file, text) || names === null || !/\.[cm]?[jt]sx?$/.test(file) ? [] : registrations(text)
  return places.length === 0 || places.some(place => (place.match(/[\w$]+/g) ?? []).some(word => names!.has(word)))
}

/** Whether every way from a request to a file passes such a guard; `dead`: no request reaches it. */
const wayTo = (
  graph: CodeGraph,
  file: string,
  names: ReadonlySet<string> | null,
  kind: GuardKind,
  depth: number,
): Way => {
  const own = ownGuards(graph, file)
  if (own[kind]) return 'guarded'
  if (isAddress(file, graph.read(file))) return 'open'
  const key = `${kind} ${file} ${names === null ? '*' : [...names].sort().join(',')}`
  const known = graph.ways.get(key)
  if (known) return known
  // A circle adds no way of its own.
  graph.ways.set(key, 'dead')
  const users = depth < deepest ? [...usedBy(graph, file, names)].slice(0, 60) : []
  const ways = users
    .map(([path, through]) => wayTo(graph, path, through, kind, depth + 1))
    .filter(way => way !== 'dead')
  const alone: Way = takesFor(graph, file, names) ? 'open' : 'dead'
  const way = ways.length === 0 ? alone : ways.every(one => one === 'guarded') ? 'guarded' : 'open'
  graph.ways.set(key, way)
  return way
}

/** Handlers from which a file is reached, the nearest first. */
const handlersOf = (graph: CodeGraph, start: string, names: ReadonlySet<string> | null): string[] => {
  const found: string[] = []
  const seen = new Set<string>()
  let level: [string, ReadonlySet<string> | null][] = [[start, names]]
  for (let depth = 0; depth < deepest && level.length; depth += 1) {
    const next: typeof level = []
    for (const [path, through] of level) {
      if (seen.has(path)) continue
      seen.add(path)
      if (takesFor(graph, path, through)) found.push(path)
      else next.push(...[...usedBy(graph, path, through)].slice(0, 60))
    }
    level = next
  }
  return found
}

/** What a handler does with a request, or a message to a bot, of nobody it knows: it ends there. */
const sendsAway = (text: string): boolean =>
  /\bif (?:not |\(!\s?)(?:\w{1,40}\.)?(?:user|member|account|session|viewer)\b/.test(text)

/** Files that a handler uses and that are looked at for a question of who is there. */
const mostUsed = 60

/** Whether code that a file uses, or that this uses, asks who is there, whatever it is named. */
const mayAskIn = (graph: CodeGraph, path: string): boolean => {
  const near = (graph.imports.get(path) ?? []).map(({ file }) => file)
  const far = near.flatMap(file => (graph.imports.get(file) ?? []).map(one => one.file))
  return [...new Set([...near, ...far])]
    .filter(file => file !== path)
    .slice(0, mostUsed)
    .some(file => guardsOf(file, graph.read(file)).authentication)
}

/** Through what a call in a file, at a line, is reached. */
export const reachOf = (graph: CodeGraph, path: string, line: number): Reach => {
  const names = namesAt(graph.read(path), line)
  const guarded = (kind: GuardKind): boolean => wayTo(graph, path, names, kind, 0) === 'guarded'
  const handlers = handlersOf(graph, path, names)
  const near = new Set([path, ...(graph.importers.get(path) ?? []).map(one => one.path)])
  const open = handlers.filter(handler => !ownGuards(graph, handler).authentication)
  return {
    handlers,
    mayAsk: open.every(handler => sendsAway(graph.read(handler)) || mayAskIn(graph, handler)),
    direct: handlers.some(handler => near.has(handler)),
    guards: {
      authentication: guarded('authentication'),
      rateLimit: guarded('rateLimit'),
      spendLimit: guarded('spendLimit'),
      brought: guarded('brought'),
    },
  }
}
