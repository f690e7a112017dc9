// How the product connects to its SQL database: functions or servers, a pooler before it or none, how many connections, for each request or once.
import { setImmediate } from 'node:timers/promises'
import { observed } from '../../core/fact.ts'
import {
  type DatabasePlace,
  directPackages,
  perRequest,
  pooledPackages,
  poolerSigns,
  poolSizes,
  smallerPool,
  statedLimit,
  unpooledTwins,
} from '../../formats/perf/database-use.ts'
import { handlerConnections } from '../../formats/perf/handler-connections.ts'
import { sharedClient } from '../../formats/perf/shared-client.ts'
import { loadParser } from '../../formats/repo/javascript-nodes.ts'
import { folderOf } from '../../formats/repo/paths.ts'
import type { StackPackage } from '../../formats/repo/stack-detect.ts'
import { plainPatch } from '../../formats/secrets/around.ts'
import { isNoCode, isUnshipped } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf } from './script-world.ts'

type Place = DatabasePlace & { file: string }

export type DatabaseUse = {
  /** PostgreSQL or MySQL, as far as the stack says. */
  databases: string[]
  /** Where functions run: each may open connections of its own. */
  functions: { name: string; file: string }[]
  /** Packages that connect by themselves, and the manifest that names them. */
  direct: { name: string; file: string }[]
  /** What keeps connections for the functions. */
  poolers: Place[]
  /** `patch`: the diff that makes the client once, at the top of its file. */
  perRequest: (Place & { patch?: string })[]
  /** `patch`: the diff that makes it so small that all instances together fit. */
  pools: (Place & { size: number; patch?: string })[]
  instances: number | null
  /** Connections that the database takes. */
  limit: { value: number; file: string; line: number } | null
}

/** Platforms that run a web product's code as functions. */
const runsFunctions = new Set(['vercel', 'netlify', 'serverless', 'sst', 'cloudflare', 'cloudflare-pages', 'amplify'])

/** Frameworks whose pages and routes run on a server: on such a platform, as functions. */
const serving =
  /^(?:next|nuxt|sveltekit|remix|react-router|astro|tanstack-start|solid-start|qwik|hono|nitro|express|fastify|redwood)$/

const within = (folder: string, path: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)

/** Platform files that belong to a package whose code runs as functions, and the packages that connect from there: itself, and libraries. */
const functionsOf = (
  platforms: readonly { name: string; file: string }[],
  packages: readonly StackPackage[],
): { functions: DatabaseUse['functions']; direct: DatabaseUse['direct'] } => {
  const servers = packages.filter(({ framework }) => framework !== null && serving.test(framework))
  const functions = platforms
    .filter(({ name }) => runsFunctions.has(name))
    .filter(({ file }) => servers.some(({ path }) => within(folderOf(file), path)))
  // A server of its own elsewhere in the repository is no function.
  const near = packages.filter(
    ({ path, framework }) =>
      framework === null || functions.some(({ file }) => within(folderOf(file), path) && serving.test(framework)),
  )
  const direct = near.flatMap(({ dependencies, manifest }) =>
    Object.keys(dependencies)
      .filter(name => directPackages.test(name))
      .map(name => ({ name, file: manifest ?? '' })),
  )
  return { functions: direct.length ? functions : [], direct }
}

const interesting = /\.(?:[cm]?[jt]sx?|py|prisma|rb)$|(?:^|\/)config\/database\.ya?ml$/
const named =
  /(?:^|\/)(?:\.env[\w.-]*|env\.example|(?:docker-)?compose[\w.-]*\.ya?ml|wrangler\.(?:toml|jsonc?)|postgresql\.conf|fly[\w.-]*\.toml|vercel\.json|netlify\.toml|sst\.config\.ts|serverless\.ya?ml)$/
const testing =
  /(?:^|\/)(?:tests?|__tests__|e2e|specs?|fixtures?|examples?|scripts?|seeds?|migrations?|benchmarks?)\/|\.(?:test|spec|stories|bench)\.\w+$|(?:^|\/)(?:seed|benchmark)[\w.-]*\.\w+$/

const mostBytes = 256 << 10

const begin = (): Omit<DatabaseUse, 'databases' | 'functions' | 'direct' | 'instances'> => ({
  poolers: [],
  perRequest: [],
  pools: [],
  limit: null,
})

const withShared = (file: string, source: string, place: DatabasePlace): DatabaseUse['perRequest'][number] => {
  const patch = plainPatch(file, sharedClient(file, source, place.line))
  return { file, ...place, ...(patch === null ? {} : { patch }) }
}

/** Pools, each with the diff that lets all instances together fit, where that is known. */
const fittingPools = (
  { limit, pools }: Pick<DatabaseUse, 'limit' | 'pools'>,
  instances: number | null,
  reader: RepoReader,
): DatabaseUse['pools'] =>
  pools.slice(0, 20).map(pool => {
    if (!limit || instances === null) return pool
    const source = reader.maybe(pool.file, { maxBytes: mostBytes }) ?? ''
    const patch = plainPatch(pool.file, smallerPool(pool.file, source, pool, { instances, limit: limit.value }))
    return patch === null ? pool : { ...pool, patch }
  })

const fact: FactDefinition<DatabaseUse> = {
  on: 'repo',
  deadlines: 8,
  async collect(_subject, context) {
    const [tree, stack, deployment, usage] = await Promise.all([
      context.need('tree'),
      context.need('stack'),
      context.need('deployment'),
      context.need('envUsage'),
    ])
    if (!tree.ok) return tree
    if (!stack.ok) return stack
    const packages = stack.value.packages
    const databases = stack.value.databases.filter(name => /postgres|mysql|maria|cockroach/.test(name))
    const dependencies = packages.flatMap(({ dependencies: own, manifest }) =>
      Object.keys(own).map(name => ({ name, file: manifest ?? '' })),
    )
    const use = begin()
    const reader = readerOf(context, tree.value)
    const parse = await loadParser()
    use.poolers.push(
      ...dependencies
        .filter(({ name }) => pooledPackages.test(name))
        .map(({ name, file }) => ({ file, line: 1, text: name })),
    )
    if (usage.ok)
      for (const { name, reads } of usage.value.variables)
        if (unpooledTwins.test(name))
          use.poolers.push({ file: reads[0]?.path ?? '', line: reads[0]?.line ?? 1, text: name })
    let read = 0
    for (const file of databases.length ? filesOf(tree.value) : []) {
      const isNamed = named.test(file)
      if (!isNamed && (!interesting.test(file) || isNoCode(file) || isUnshipped(file) || testing.test(file))) continue
      const source = reader.maybe(file, { maxBytes: mostBytes })
      if (source === null) continue
      if (++read % 200 === 0) await setImmediate()
      const sign = poolerSigns.exec(source)
      const lineAt = (index: number): number => source.slice(0, index).split('\n').length
      if (sign) use.poolers.push({ file, line: lineAt(sign.index), text: sign[0] })
      const direct = /^\s*directUrl\s*=/m.exec(file.endsWith('.prisma') ? source : '')
      if (direct) use.poolers.push({ file, line: lineAt(direct.index), text: 'directUrl beside a pooled url' })
      for (const pool of poolSizes(file, source)) use.pools.push({ file, ...pool })
      const limit = isNamed ? statedLimit(source) : null
      if (limit) use.limit ??= { value: limit.limit, file, line: limit.line }
      for (const place of [...perRequest(parse, file, source), ...handlerConnections(file, source)])
        use.perRequest.push(withShared(file, source, place))
    }
    const instances = deployment.ok ? deployment.value.instances : null
    return observed(
      {
        databases,
        ...functionsOf(
          deployment.ok ? deployment.value.platforms.map(({ name, file }) => ({ name, file })) : [],
          packages,
        ),
        ...use,
        poolers: use.poolers.slice(0, 20),
        perRequest: use.perRequest.slice(0, 20),
        pools: fittingPools(use, instances, reader),
        instances,
      },
      context.now(),
    )
  },
}
export default fact
