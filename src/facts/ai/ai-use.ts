// Whether the product uses a language model, where it calls one, what guards the call, and whether anything proves its answers.
import { observed } from '../../core/fact.ts'
import { ciOf } from '../../data/ci-systems.ts'
import { type CodeGraph, codeGraph } from '../../formats/ai/graph.ts'
import { reachOf } from '../../formats/ai/reach.ts'
import {
  type AiCall,
  aiCallOf,
  aiPackages,
  evalPackages,
  guardsOf,
  isEvalFile,
  runsEvals,
} from '../../formats/ai/usage.ts'
import { readsEnvironment } from '../../formats/repo/env-usage.ts'
import { usesClient } from '../../formats/repo/javascript-nodes.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { isAside } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { moduleWorld } from '../repo/module-world.ts'
import { createReader, type RepoReader } from '../repo/read.ts'
import { filesOf } from '../repo/script-world.ts'
import type { Tree } from '../repo/tree.ts'
import { idleFiles } from './idle.ts'

/** A call with its guards: its own, those of the handlers that import it, and those that stand before every request. `handlers` are the routes through which a stranger may reach it; `direct`: one is the file itself, or imports it; `mayAsk`: what they use may ask who is there; `assumed`: a link between them and a request is not seen. */
export type GuardedCall = AiCall & { handlers: string[]; direct: boolean; mayAsk: boolean; assumed: boolean }

export type AiUse = {
  packages: { name: string; manifest: string }[]
  calls: GuardedCall[]
  evals: { files: string[]; packages: string[]; ci: string | null }
}

const middlewareFile =
  /(?:^|\/)(?:middleware|proxy|hooks\.server|_middleware)\.[jt]s$|(?:^|\/)application_controller\.rb$|(?:^|\/)config\/initializers\/rack[_-]attack\.rb$|(?:^|\/)settings(?:\/\w+)?\.py$/
/** What sends a request away that nobody may make. A middleware of JavaScript that only looks who is there leaves that to the routes. */
const refuses =
  /\bredirect\b|\b40[13]\b|unauthori[sz]ed|forbidden|\berror\(|\bthrow\b|rewrite|protect|authori[sz]ed\b|\w(?:Middleware|Auth)\b|NextAuth|updateSession|login|sign-?in/i
const maxBytes = 512 << 10

type Kind = ReturnType<typeof pathKind>

/** Files in which a platform, a builder or a package says which program it takes; and how many are looked at. */
const settingFile =
  /(?:^|\/)(?:[\w.-]+\.(?:ya?ml|jsonc|toml|tf)|(?:package|project|function|firebase|vercel|now|app|deno|tsoa|nest-cli|tsconfig|cdk|sst)\.json|(?:Docker|Proc|Container)file[\w.-]*)$/
const mostSettings = 300

const isSetting = ({ path, kind, size }: Tree['files'][number]): boolean =>
  kind === 'file' &&
  size <= 128 << 10 &&
  settingFile.test(path) &&
  !/(?:^|\/)node_modules\//.test(path) &&
  !['lock', 'documentation'].includes(pathKind(path))

/** What the files of a repository hold: calls of a model, code around them, evals, and the pipeline that runs them. */
type Found = { calls: AiCall[]; code: string[]; evals: string[]; ci: string | null }

const isEval = (path: string, kind: Kind): boolean =>
  isEvalFile(path) && !isAside(path) && kind !== 'generated' && kind !== 'documentation'

/** Code that runs where customers are. */
const isCode = (path: string, kind: Kind): boolean =>
  readsEnvironment.test(path) &&
  kind !== 'test' &&
  kind !== 'generated' &&
  kind !== 'documentation' &&
  !isEvalFile(path) &&
  !/(?:^|\/)scripts?\//.test(path)

const look = (files: Tree['files'], reader: RepoReader, hasPackage: boolean): Found => {
  const found: Found = { calls: [], code: [], evals: [], ci: null }
  for (const { path, kind: type, size } of files) {
    if (type !== 'file' || size === 0 || size > maxBytes) continue
    const kind = pathKind(path)
    if (isEval(path, kind)) found.evals.push(path)
    if (ciOf(path) && found.ci === null && runsEvals(reader.maybe(path, { maxBytes }) ?? '')) found.ci = path
    if (!isCode(path, kind)) continue
    const text = reader.maybe(path, { maxBytes })
    if (text === null) continue
    const call = aiCallOf(path, text, hasPackage)
    if (call) found.calls.push(call)
    found.code.push(path)
  }
  return found
}

/** What stands before the requests of a folder: a middleware of Next or SvelteKit, a base controller, the settings of Django. `looks`: it asks who is there, and refuses nobody. */
type Before = { folder: string; authentication: boolean; looks: boolean; rateLimit: boolean; skipsApi: boolean }

const middlewares = (code: readonly string[], graph: CodeGraph): Before[] =>
  code
    .filter(path => middlewareFile.test(path))
    .map(path => {
      const texts = [path, ...(graph.imports.get(path) ?? []).map(({ file }) => file)].map(graph.read)
      const text = texts.join('\n')
      const guards = guardsOf(path, text)
      const asks =
        guards.authentication ||
        /clerkMiddleware|authMiddleware|withAuth|updateSession|NextAuth|authenticate|login/i.test(text)
      const looks = asks && /\.[jt]s$/.test(path) && !refuses.test(text)
      return {
        folder: path.replace(/(?:^|\/)(?:src\/)?(?:app\/(?:controllers|Http)\/|config\/.*)?[^/]+$/, ''),
        authentication: asks && !looks,
        looks,
        rateLimit: guards.rateLimit,
        skipsApi: /\(\?!(?:\w+\|)*\/?api\b/.test(texts[0]!),
      }
    })

/** What a file of PHP includes runs before it, and the settings of Symfony guard its routes by their paths: neither is followed. */
const isGuardedElsewhere = (path: string, graph: CodeGraph): boolean =>
  path.endsWith('.php') && /^[ \t]*(?:require|include)(?:_once)?\b|#\[Route\(/m.test(graph.read(path))

/** A call with the guards of everything through which a stranger may reach it. */
const guarded = (
  call: AiCall,
  graph: CodeGraph,
  before: readonly Before[],
  isIdle: (path: string) => boolean,
): GuardedCall => {
  const { handlers, direct, mayAsk, assumed, guards } = reachOf(graph, call.path, call.line)
  const covers = ({ folder, skipsApi }: Before): boolean =>
    handlers.length > 0 &&
    handlers.every(
      path => (folder === '' || path.startsWith(`${folder}/`)) && !(skipsApi && /(?:^|\/)api\//.test(path)),
    )
  const standing = before.filter(covers)
  return {
    ...call,
    handler: handlers.includes(call.path),
    handlers: handlers.slice(0, 10),
    direct,
    assumed: assumed || (handlers.length > 0 && handlers.every(isIdle)),
    mayAsk:
      mayAsk ||
      standing.some(one => one.looks) ||
      [call.path, ...handlers].some(path => isGuardedElsewhere(path, graph)),
    authentication: call.authentication || guards.authentication || standing.some(one => one.authentication),
    rateLimit: call.rateLimit || guards.rateLimit || standing.some(one => one.rateLimit),
    spendLimit: call.spendLimit || guards.spendLimit,
    brought: call.brought || guards.brought,
  }
}

const fact: FactDefinition<AiUse> = {
  on: 'repo',
  deadlines: 10,
  async collect(_subject, context) {
    const [tree, stack, pipelines, deployment] = await Promise.all([
      context.need('tree'),
      context.need('stack'),
      context.need('pipelines'),
      context.need('deployment'),
    ])
    if (!tree.ok) return tree
    if (!stack.ok) return stack
    const reader = createReader(tree.value.root)
    const manifests = stack.value.packages
    const packages = manifests.flatMap(({ dependencies, manifest, path }) =>
      aiPackages(Object.keys(dependencies)).map(name => ({ name, manifest: manifest ?? path })),
    )
    const evalNames = manifests.flatMap(({ dependencies, devDependencies }) =>
      evalPackages([...Object.keys(dependencies), ...Object.keys(devDependencies)]),
    )
    const { calls, code, evals, ci } = look(tree.value.files, reader, packages.length > 0)
    // What stands around the calls is looked at only where there are any.
    const texts = new Map<string, string>()
    const read = (path: string): string => {
      const known = texts.get(path)
      if (known !== undefined) return known
      const text = reader.maybe(path, { maxBytes }) ?? ''
      texts.set(path, text)
      return text
    }
    const isClient = (path: string): boolean => /\.(?:vue|svelte)$/.test(path) || usesClient(read(path))
    const world = moduleWorld(calls.length ? tree.value.files : [], manifests, reader)
    const settings = calls.length ? tree.value.files.filter(isSetting).map(({ path }) => path) : []
    const graph = codeGraph(calls.length ? code : [], world, read, isClient, settings.slice(0, mostSettings))
    const isIdle = idleFiles({
      paths: filesOf(tree.value),
      reader,
      graph,
      shipping: pipelines.ok && deployment.ok ? { pipelines: pipelines.value, deployment: deployment.value } : null,
    })
    const before = middlewares(calls.length ? code : [], graph)
    // A package that is installed for its types or its tests alone is no use of a model; a call is.
    return observed(
      {
        packages,
        calls: calls.map(call => guarded(call, graph, before, isIdle)).slice(0, 200),
        evals: { files: evals.slice(0, 50), packages: [...new Set(evalNames)].sort(), ci },
      },
      context.now(),
    )
  },
}
export default fact
