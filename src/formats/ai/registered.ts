// Whether anything registers what takes a request: a handler that a file only hands out, a router that it only makes, is reached where another
// file takes it.
import { fileName, folderOf, isJavaScript } from '../repo/paths.ts'
import { type CodeGraph, deepest, takersOf, usedBy } from './graph.ts'
import { isAddress } from './usage.ts'

/** `seen`: a program takes it, or it takes requests by itself; `assumed`: files that are found by their folder or by a text may; `nowhere`: nothing does. */
export type Registered = 'seen' | 'assumed' | 'nowhere'

type Names = ReadonlySet<string> | null

/** Folders whose files are handed to a router elsewhere. */
const handingFolder = /(?:^|\/)(?:routes?|routers?|endpoints?|controllers?|handlers?)\/|\.controller\.[jt]s$/
/** What frameworks look for in a file by themselves, and functions that are uploaded as they are. */
const foundByItself =
  /export\s+(?:default\s+)?(?:async\s+)?(?:function|const)\s+(?:GET|POST|PUT|PATCH|DELETE|all|action|loader|actions|load|handler|on(?:Request|Post|Get|Put|Patch|Delete)\w*)\b|\bexports\.(?:handler|default\.handler)\b|\bexport\s+default\s+(?:\{|\w{0,40}[hH]andler\()|\bcreate(?:API|Server)?FileRoute\(|ServerFileRoute\(|EventHandler\(|\bon(?:Request|Call)\(|\bhttps?\.on\w+\(|\bfunctions\.http\(|\blambda_handler\b|\bdef handler\(/
/** Where a server begins. */
const makesServer =
  /\b(?:express|fastify|Fastify|restify\.createServer|polka|createApp|createServer|serverless|serve|toNodeHandler)\(|\bnew\s+(?:\w+\.)?(?:Hono|OpenAPIHono|Elysia|Koa|Express|Application|Server|H3|Worker)\b|\.listen\(|addEventListener\(\s*['"]fetch|\bBun\.serve\b|\bDeno\.serve\b/
const makesPythonServer =
  /\b(?:FastAPI|Flask|Starlette|Sanic|Quart|Litestar|Bottle|Robyn|Chalice|APIGatewayRestResolver|Application|ApplicationBuilder|Dispatcher|WSGI\w*|HTTPServer)\(|__main__/
const makesRouter = /\bRouter\(|@(?:Json)?Controller\(/
/** Whether a file makes a router for a server that another file starts. */
export const isRouter = (text: string): boolean => /\bRouter\(\s{0,20}[{)]/.test(text) && !makesServer.test(text)
/** A function that is given the server, and puts its routes there. */
const takesServer =
  /(?:module\.exports|exports\.\w{1,60})\s*=\s*(?:async\s*)?(?:function\b[^(\n]{0,60})?\(?\s*\{?\s*(?:app|server|router|fastify|api)\b|\bexport\s+(?:default\s+|const\s+\w{1,60}\s*=\s*)?(?:async\s+)?(?:function\b[^(\n]{0,60})?\(\s*\{?\s*(?:app|server|router|fastify|api)\b/
const makesPythonRouter =
  /^(\w{1,60})\s*(?::\s*[\w.]{1,60}\s*)?=\s*(?:\w{1,40}\.)?(?:APIRouter|Blueprint|Router|Namespace)\(/m
const registersPython = /^[ \t]*@\w{1,60}\.(?:get|post|put|patch|route|websocket)\s*\(/m

/** Whether a file of JavaScript hands to others what takes requests, and takes none by itself. */
const handsOutJavaScript = (path: string, text: string): boolean =>
  !(isAddress(path, text) && !isRouter(text)) &&
  !/(?:^|\/)functions\//.test(path) &&
  !foundByItself.test(text) &&
  !makesServer.test(text) &&
  (handingFolder.test(path) || makesRouter.test(text) || takesServer.test(text))

const handsOutPython = (path: string, text: string): boolean =>
  !makesPythonServer.test(text) &&
  !foundByItself.test(text) &&
  (makesPythonRouter.test(text) ||
    (!registersPython.test(text) && (handingFolder.test(path) || /(?:^|\/)views\.py$/.test(path))))

const handsOut = (path: string, text: string): boolean =>
  isJavaScript(path) ? handsOutJavaScript(path, text) : path.endsWith('.py') && handsOutPython(path, text)

/** A name that many files have is told by its folder too. */
const stemOf = (path: string): string => {
  const stem = fileName(path).replace(/\.\w+$/, '')
  return /^(?:index|main|mod|handler|route|__init__)$/.test(stem) ? fileName(folderOf(path)) : stem
}

/** Whether a text names something as a word, in a path or by itself. */
const hasWord = (text: string, word: string): boolean => {
  for (let at = text.indexOf(word); at >= 0 && word !== ''; at = text.indexOf(word, at + word.length))
    if (!/[\w$]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[at + word.length] ?? ' ')) return true
  return false
}

const importLine = /^[ \t]*(?:import|export|from)\b[^\n]{0,400}$|\b(?:require|import)\(\s*['"][^'"\n]{1,200}['"]/gm
const quoted = /(['"`])([^'"`\n]{1,200})\1/g

/** Calls that read a folder, or take in a file whose name is put together. */
const loads =
  /\breaddir(?:Sync)?\(|\bglob(?:Sync|by)?\w{0,10}\(|\bfast-?[gG]lob\b|\bfg(?:\.sync)?\(|require\.context\(|[aA]uto-?[lL]oad|\bconsign\(|\brequire-?(?:all|dir)\b|(?:require|import)\(\s*(?:`[^`\n]{0,120}\$\{|path\.|[a-z]\w{0,40}\s*[)+])|\bimportlib\b|\bimport_module\b|\bpkgutil\b|__import__\(|\/\*\*?(?:\/|['"`.{])/

/** Characters around such a call in which the folder is named; and calls that are looked at. */
const near = 400
const mostLoads = 50

/** Whether a file of code takes in files of a folder without naming them. */
const loadsFolder = (loader: string, source: string, path: string): boolean => {
  // Settings of tools that test, build and check name folders of code too.
  if (!loads.test(source) || /\.(?:config|setup|workspace|conf)\.[cm]?[jt]s$|(?:^|\/)\.\w+rc\.[cm]?js$/.test(loader))
    return false
  const folder = folderOf(path)
  // What is imported by its path says nothing of what else is taken in.
  const text = source.replace(importLine, line => (loads.test(line) ? line : ''))
  return [...text.matchAll(new RegExp(loads.source, 'g'))].slice(0, mostLoads).some(({ index }) => {
    const around = text.slice(Math.max(0, index - near), index + near)
    return (
      hasWord(around, fileName(folder)) ||
      (folderOf(loader) === folder && /__dirname|import\.meta|__file__|__path__/.test(around)) ||
      // A pattern for the ends of the names, wherever they lie.
      (/\*\*/.test(around) && /\.controller\.[jt]s$/.test(path) && hasWord(around, 'controller'))
    )
  })
}

/** Whether an import that leads nowhere, or a setting of a platform, names the file. */
const isNamed = (graph: CodeGraph, path: string, stem: string): boolean =>
  graph.settings.some(file => hasWord(graph.read(file), stem)) ||
  graph.code.some(
    file =>
      file !== path &&
      !graph.imports.get(file)?.some(one => one.file === path) &&
      hasWord(graph.read(file), stem) &&
      [...graph.read(file).matchAll(importLine)].some(
        ([line]) => hasWord(line, stem) && !(graph.imports.get(file) ?? []).some(one => stemOf(one.file) === stem),
      ),
  )

/** Whether a text of the code names the file, or its folder is taken in as a whole. */
const mayBeLoaded = (graph: CodeGraph, path: string, stem: string): boolean =>
  graph.code.some(file => {
    if (file === path) return false
    const text = graph.read(file)
    if (loadsFolder(file, text, path)) return true
    return (
      hasWord(text, stem) &&
      !graph.imports.get(file)?.some(one => one.file === path) &&
      [...text.matchAll(quoted)].some(([, , inner]) => hasWord(inner!, stem) && !/^[./@~]/.test(inner!))
    )
  })

/** Whether another file of code names one of those words. */
const isSpokenOf = (graph: CodeGraph, path: string, words: readonly string[], ending: RegExp): boolean =>
  [...graph.code, ...graph.settings].some(
    file =>
      file !== path &&
      (ending.test(file) || graph.settings.includes(file)) &&
      words.some(word => hasWord(graph.read(file), word)),
  )

/** Functions of Go, and classes of PHP, are known by their names: no import is followed there. */
const byName = (graph: CodeGraph, path: string, names: Names): Registered => {
  const text = graph.read(path)
  if (path.endsWith('.go')) {
    // A method may be asked for by an interface that is generated.
    const methods = new Set([...text.matchAll(/^func\s+\([^)\n]{1,100}\)\s*(\w+)/gm)].map(match => match[1]!))
    if (names === null || [...names].some(name => methods.has(name) || /^(?:main|init|Handler)$/.test(name)))
      return 'seen'
    return isSpokenOf(graph, path, [...names], /\.go$/) ? 'seen' : 'nowhere'
  }
  if (/(?:^|\/)app\/Http\/Controllers\/[^.]+\.php$/.test(path) && !text.includes('#['))
    return isSpokenOf(graph, path, [fileName(path).slice(0, -4)], /\.php$/) ? 'seen' : 'nowhere'
  return 'seen'
}

/** Files that take a module of Python for one of those names, or as a whole. */
const pythonTakers = (graph: CodeGraph, path: string, names: Names): string[] => {
  const router = makesPythonRouter.exec(graph.read(path))?.[1]
  return takersOf(graph, path)
    .filter(({ names: taken }) =>
      taken.length === 0 || names === null
        ? true
        : taken.some(({ name }) => name === '*' || name === router || name === stemOf(path) || names.has(name)),
    )
    .map(one => one.path)
}

/** The files that take it, with the names for which they do. */
const takers = (graph: CodeGraph, path: string, names: Names): [string, Names][] => {
  if (!path.endsWith('.py')) return [...usedBy(graph, path, names)]
  const text = graph.read(path)
  const isView = !makesPythonRouter.test(text)
  return pythonTakers(graph, path, null)
    .filter(taker =>
      isView
        ? names === null || [...names].some(name => hasWord(graph.read(taker), name))
        : pythonTakers(graph, path, names).includes(taker),
    )
    .map(taker => [taker, null])
}

/** Whether anything registers what a file hands out under those names. */
export const registered = (
  graph: CodeGraph,
  path: string,
  names: Names,
  seen: ReadonlySet<string> = new Set(),
): Registered => {
  if (!isJavaScript(path) && !path.endsWith('.py')) return byName(graph, path, names)
  const key = `${path} ${names === null ? '*' : [...names].sort().join(',')}`
  const known = graph.registered.get(key)
  if (known) return known
  if (!handsOut(path, graph.read(path)) || fileName(path) === '__init__.py' || seen.size >= deepest) return 'seen'
  // A circle registers nothing.
  if (seen.has(path)) return 'nowhere'
  const around = new Set([...seen, path])
  const ways = takers(graph, path, names)
    .slice(0, 60)
    .map(([taker, through]) => registered(graph, taker, through, around))
  const stem = stemOf(path)
  const found: Registered = ways.includes('seen')
    ? 'seen'
    : isNamed(graph, path, stem)
      ? 'seen'
      : ways.includes('assumed') || mayBeLoaded(graph, path, stem)
        ? 'assumed'
        : 'nowhere'
  if (seen.size === 0) graph.registered.set(key, found)
  return found
}
