// Whether the product uses a language model, where it calls one, what guards the call, and whether anything proves its answers.
import { observed } from '../../core/fact.ts'
import { ciOf } from '../../data/ci-systems.ts'
import {
  type AiCall,
  aiCallOf,
  aiPackages,
  evalPackages,
  guardsOf,
  importedNames,
  isEvalFile,
  runsEvals,
} from '../../formats/ai/usage.ts'
import { readsEnvironment } from '../../formats/repo/env-usage.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { isAside } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader, type RepoReader } from '../repo/read.ts'
import type { Tree } from '../repo/tree.ts'

/** A call with its guards: its own, those of the handlers that import it, and those that stand before every request. `handlers` are the routes through which a stranger may reach it. */
export type GuardedCall = AiCall & { handlers: string[] }

export type AiUse = {
  packages: { name: string; manifest: string }[]
  calls: GuardedCall[]
  evals: { files: string[]; packages: string[]; ci: string | null }
}

const middlewareFile =
  /(?:^|\/)(?:middleware|proxy|hooks\.server|_middleware)\.[jt]s$|(?:^|\/)application_controller\.rb$|(?:^|\/)config\/initializers\/rack[_-]attack\.rb$/
const maxBytes = 512 << 10

type Guards = ReturnType<typeof guardsOf>
type Handler = { path: string; guards: Guards; imports: string[] }
type Kind = ReturnType<typeof pathKind>

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

/** Handlers of requests, and what stands before every one of them. */
const surroundings = (code: readonly string[], reader: RepoReader) => {
  const handlers: Handler[] = []
  const global = { authentication: false, rateLimit: false }
  for (const path of code) {
    const text = reader.maybe(path, { maxBytes }) ?? ''
    const guards = guardsOf(path, text)
    if (middlewareFile.test(path)) {
      global.authentication ||=
        guards.authentication ||
        /clerkMiddleware|authMiddleware|withAuth|updateSession|NextAuth|authenticate/.test(text)
      global.rateLimit ||= guards.rateLimit
    } else if (guards.handler) handlers.push({ path, guards, imports: importedNames(text) })
  }
  return { handlers, global }
}

/** A call with the guards of everything through which a stranger may reach it. */
const guarded = (call: AiCall, { handlers, global }: ReturnType<typeof surroundings>): GuardedCall => {
  const parts = call.path.replace(/\.\w+$/, '').split('/')
  const name = parts.filter(part => part !== 'index').at(-1)!
  const reaching = call.handler
    ? []
    : handlers.filter(({ path, imports }) => path !== call.path && imports.includes(name))
  const every = (read: (guards: Guards) => boolean): boolean =>
    reaching.length > 0 && reaching.every(({ guards }) => read(guards))
  return {
    ...call,
    handlers: call.handler ? [call.path] : reaching.map(({ path }) => path).slice(0, 10),
    authentication: call.authentication || global.authentication || every(guards => guards.authentication),
    rateLimit: call.rateLimit || global.rateLimit || every(guards => guards.rateLimit),
    spendLimit: call.spendLimit || every(guards => guards.spendLimit),
  }
}

const fact: FactDefinition<AiUse> = {
  on: 'repo',
  deadlines: 10,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
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
    const around = surroundings(calls.length ? code : [], reader)
    // A package that is installed for its types or its tests alone is no use of a model; a call is.
    return observed(
      {
        packages,
        calls: calls.map(call => guarded(call, around)).slice(0, 200),
        evals: { files: evals.slice(0, 50), packages: [...new Set(evalNames)].sort(), ci },
      },
      context.now(),
    )
  },
}
export default fact
