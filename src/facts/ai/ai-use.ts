// Whether the product uses a language model, where it calls one, what guards the call, and whether anything proves its answers.
import { observed } from '../../core/fact.ts'
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
import { ciOf } from '../../formats/repo/stack-detect.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { isAside } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader } from '../repo/read.ts'

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

const fact: FactDefinition<AiUse> = {
  on: 'repo',
  deadlines: 10,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    if (!stack.ok) return stack
    const reader = createReader(tree.value.root)
    const packages = stack.value.packages.flatMap(entry =>
      aiPackages(Object.keys(entry.dependencies)).map(name => ({ name, manifest: entry.manifest ?? entry.path })),
    )
    const evalNames = [
      ...new Set(
        stack.value.packages.flatMap(entry =>
          evalPackages([...Object.keys(entry.dependencies), ...Object.keys(entry.devDependencies)]),
        ),
      ),
    ].sort()
    const calls: AiCall[] = []
    const handlers: { path: string; guards: ReturnType<typeof guardsOf>; imports: string[] }[] = []
    const global = { authentication: false, rateLimit: false }
    const code: string[] = []
    const evalFiles: string[] = []
    let ci: string | null = null
    for (const file of tree.value.files) {
      if (file.kind !== 'file' || file.size === 0 || file.size > maxBytes) continue
      const kind = pathKind(file.path)
      if (isEvalFile(file.path) && !isAside(file.path) && kind !== 'generated' && kind !== 'documentation')
        evalFiles.push(file.path)
      if (ciOf(file.path) && ci === null && runsEvals(reader.maybe(file.path, { maxBytes }) ?? '')) ci = file.path
      if (
        !readsEnvironment.test(file.path) ||
        kind === 'test' ||
        kind === 'generated' ||
        kind === 'documentation' ||
        isEvalFile(file.path) ||
        /(?:^|\/)scripts?\//.test(file.path)
      )
        continue
      const text = reader.maybe(file.path, { maxBytes })
      if (text === null) continue
      const call = aiCallOf(file.path, text, packages.length > 0)
      if (call) calls.push(call)
      code.push(file.path)
    }
    // What stands around the calls is looked at only where there are any.
    for (const path of calls.length ? code : []) {
      const text = reader.maybe(path, { maxBytes }) ?? ''
      const guards = guardsOf(path, text)
      if (middlewareFile.test(path)) {
        global.authentication ||=
          guards.authentication ||
          /clerkMiddleware|authMiddleware|withAuth|updateSession|NextAuth|authenticate/.test(text)
        global.rateLimit ||= guards.rateLimit
      } else if (guards.handler) handlers.push({ path, guards, imports: importedNames(text) })
    }
    const guarded = calls.map((call): GuardedCall => {
      const name = call.path
        .replace(/\.\w+$/, '')
        .split('/')
        .filter(part => part !== 'index')
        .at(-1)!
      const reaching = call.handler
        ? []
        : handlers.filter(handler => handler.path !== call.path && handler.imports.includes(name))
      const every = (read: (guards: ReturnType<typeof guardsOf>) => boolean): boolean =>
        reaching.length > 0 && reaching.every(handler => read(handler.guards))
      return {
        ...call,
        handlers: call.handler ? [call.path] : reaching.map(handler => handler.path).slice(0, 10),
        authentication: call.authentication || global.authentication || every(guards => guards.authentication),
        rateLimit: call.rateLimit || global.rateLimit || every(guards => guards.rateLimit),
        spendLimit: call.spendLimit || every(guards => guards.spendLimit),
      }
    })
    // A package that is installed for its types or its tests alone is no use of a model; a call is.
    return observed(
      { packages, calls: guarded.slice(0, 200), evals: { files: evalFiles.slice(0, 50), packages: evalNames, ci } },
      context.now(),
    )
  },
}
export default fact
