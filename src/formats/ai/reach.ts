// Through which routes a call of a model can be reached, and what stands before it on every way: followed by real imports, and by the names
// that are imported.
import { isJavaScript } from '../repo/paths.ts'
import {
  type CodeGraph,
  deepest,
  type GuardKind,
  type Guards,
  namesAt,
  promises,
  takersOf,
  usedBy,
  type Way,
} from './graph.ts'
import { isIn, isMountedBehind, isRegisteredBehind } from './mounted.ts'
import { isRouter, registered } from './registered.ts'
import { guardsOf, isAddress, registrations } from './usage.ts'

/** A module with those that it hands on (`export * from`). */
const withHandedOn = (graph: CodeGraph, file: string): string =>
  [file, ...(graph.imports.get(file) ?? []).slice(0, 30).map(one => one.file)].map(graph.read).join('\n')

/** What a file asks by itself, or through a function of the repository that is named for it. */
const ownGuards = (graph: CodeGraph, path: string): Guards => {
  const known = graph.guards.get(path)
  if (known) return known
  const text = graph.read(path)
  const guards = { ...guardsOf(path, text) }
  for (const { file, names, inline } of graph.imports.get(path) ?? []) {
    // What is taken in amid an expression guards that alone.
    if (inline) continue
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

/** How a call stands: `handlers` through which a request may reach it (`direct`: one is the file itself, or imports it), and which guards stand on every way. */
export type Reach = {
  handlers: string[]
  direct: boolean
  guards: Record<GuardKind, boolean>
  /** What takes the requests may be loaded by its folder or its name, which is not followed. */
  assumed: boolean
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
  const places = isAddress(file, text) || names === null || !isJavaScript(file) ? [] : registrations(text)
  const takes =
    places.length === 0 ||
    names!.has(here) ||
    places.some(({ text: place }) => (place.match(/[\w$]+/g) ?? []).some(word => names!.has(word)))
  return takes && registered(graph, file, names) !== 'nowhere'
}

/** Whether a file where a framework looks for addresses makes a router instead, and each file that mounts it does so behind a guard. */
const isRouterBehind = (graph: CodeGraph, file: string, kind: GuardKind): boolean => {
  const mounts = isRouter(graph.read(file)) ? takersOf(graph, file) : []
  return mounts.length > 0 && mounts.every(({ path }) => isMountedBehind(graph, path, file, kind))
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
  if (isAddress(file, graph.read(file))) return isRouterBehind(graph, file, kind) ? 'guarded' : 'open'
  const key = `${kind} ${file} ${names === null ? '*' : [...names].sort().join(',')}`
  const known = graph.ways.get(key)
  if (known) return known
  // A circle adds no way of its own.
  graph.ways.set(key, 'dead')
  const users = depth < deepest ? [...usedBy(graph, file, names)].slice(0, 60) : []
  const ways = users
    .map(([path, through]) =>
      isMountedBehind(graph, path, file, kind) ? 'guarded' : wayTo(graph, path, through, kind, depth + 1),
    )
    .filter(way => way !== 'dead')
  const alone: Way = takesFor(graph, file, names) ? 'open' : 'dead'
  const way = ways.length === 0 ? alone : ways.every(one => one === 'guarded') ? 'guarded' : 'open'
  graph.ways.set(key, way)
  return way
}

/** Among the names through which a call is reached: it stands itself where requests are registered. */
const here = '()'

type Handler = { path: string; names: ReadonlySet<string> | null }

/** Handlers from which a file is reached, the nearest first. */
const handlersOf = (graph: CodeGraph, start: string, names: ReadonlySet<string> | null): Handler[] => {
  const found: Handler[] = []
  const seen = new Set<string>()
  let level: [string, ReadonlySet<string> | null][] = [[start, names]]
  for (let depth = 0; depth < deepest && level.length; depth += 1) {
    const next: typeof level = []
    for (const [path, through] of level) {
      if (seen.has(path)) continue
      seen.add(path)
      if (takesFor(graph, path, through)) found.push({ path, names: through })
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
  const text = graph.read(path)
  const declared = namesAt(text, line)
  const isHere = registrations(text).some(isIn(text, line))
  const names = declared && isHere ? new Set([...declared, here]) : declared
  const guarded = (kind: GuardKind): boolean =>
    isRegisteredBehind(graph, path, line, kind) || wayTo(graph, path, names, kind, 0) === 'guarded'
  const found = handlersOf(graph, path, names)
  const handlers = found.map(one => one.path)
  const near = new Set([path, ...(graph.importers.get(path) ?? []).map(one => one.path)])
  const open = handlers.filter(handler => !ownGuards(graph, handler).authentication)
  return {
    handlers,
    assumed: found.length > 0 && found.every(one => registered(graph, one.path, one.names) === 'assumed'),
    mayAsk: open.every(handler => sendsAway(graph.read(handler)) || mayAskIn(graph, handler)),
    // Those before which nobody is asked: that others are near says nothing of them.
    direct: found.some(
      one => near.has(one.path) && wayTo(graph, one.path, one.names, 'authentication', 1) !== 'guarded',
    ),
    guards: {
      authentication: guarded('authentication'),
      rateLimit: guarded('rateLimit'),
      spendLimit: guarded('spendLimit'),
      brought: guarded('brought'),
    },
  }
}
