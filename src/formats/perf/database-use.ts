// How code opens connections to PostgreSQL and MySQL: what pools before them, what opens one itself, with how many, and whether for each request.
import { replacementPatch } from '../patch.ts'
import { isNode, type JavascriptParser, lineOf, type Node, textOf } from '../repo/javascript-nodes.ts'
import { parseModule } from './parse-module.ts'

export type DatabasePlace = { line: number; text: string }

/** Drivers that speak over HTTP, or pools that a platform keeps: a function opens no connection of its own. */
export const pooledPackages =
  /^(?:@neondatabase\/serverless|@vercel\/postgres|@planetscale\/database|@prisma\/extension-accelerate|@prisma\/adapter-(?:neon|planetscale|ppg|d1|libsql)|@prisma\/ppg|drizzle-orm\/neon-http|@supabase\/supabase-js|@supabase\/ssr|@aws-sdk\/client-rds-data|data-api-client|@xata\.io\/client|@tidbcloud\/serverless|@tidbcloud\/prisma-adapter|@libsql\/client)$/

/** Drivers and tools that open connections themselves. */
export const directPackages =
  /^(?:pg|pg-promise|postgres|@prisma\/client|mysql2?|mysql|typeorm|sequelize|knex|drizzle-orm|kysely|@mikro-orm\/(?:postgresql|mysql|mariadb)|objection|slonik)$/

/** Words in a dotenv file, a schema or code that lead the connection through a pooler. */
export const poolerSigns =
  /pgbouncer=true|pooler\.supabase\.com|-pooler\.[\w.-]+\.neon\.tech|\.pooler\.|:6543\b|connect\.psdb\.cloud|aws\.connect\.psdb|prisma\+postgres:|prisma:\/\/|accelerate\.prisma-data\.net|\bHYPERDRIVE\b|hyperdrive|attachDatabasePool|db-proxy|\.proxy-[\w-]+\.[\w-]+\.rds\.amazonaws|pgcat|PGBOUNCER|\bsupavisor\b|cloudflare:sockets/i

/** Names of variables that only stand beside another one which is pooled. */
export const unpooledTwins =
  /^(?:DATABASE_URL_UNPOOLED|DIRECT_(?:DATABASE_)?URL|DIRECT_DATABASE_URL|POSTGRES_URL_NON_POOLING|POSTGRES_PRISMA_URL|DATABASE_URL_NON_POOLING|NEON_DATABASE_URL_UNPOOLED|UNPOOLED_DATABASE_URL|PRISMA_DIRECT_URL|PRISMA_ACCELERATE_URL|DATABASE_POOL(?:ED|ER)?_URL|POOLED_DATABASE_URL)$/

/** Files whose exported functions run for each request. */
export const requestFile =
  /(?:^|\/)(?:app|src\/app)\/(?:.*\/)?route\.[cm]?[jt]s$|(?:^|\/)pages\/api\/.+\.[cm]?[jt]s$|\+(?:server|page\.server|layout\.server)\.[jt]s$|(?:^|\/)(?:app\/)?routes\/.+\.[jt]sx?$|(?:^|\/)server\/(?:api|routes)\/.+\.[jt]s$|^(?:api|netlify\/functions|functions|lambda|src\/(?:functions|lambdas|handlers))\/.+\.[cm]?[jt]s$/

const handlerNames =
  /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|handler|loader|action|load|fetch|onRequest\w*|default)$/
const clients = /^(?:PrismaClient|Pool|Client|Sequelize|DataSource|Kysely)$/
const factories = /^(?:createPool|createConnection|createClient|postgres|knex|drizzle)$/

const isFunction = (node: Node): boolean =>
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod)$/.test(node.type)

const childrenOf = (node: Node): Node[] =>
  Object.entries(node).flatMap(([key, value]) =>
    key === 'loc' ? [] : Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  )

const exportedFunctions = (program: Node): Node[] =>
  childrenOf(program).flatMap(statement => {
    if (statement.type === 'ExportDefaultDeclaration') {
      const declared = statement['declaration']
      if (!isNode(declared)) return []
      if (isFunction(declared)) return [declared]
      // `export default defineEventHandler(async event => …)`
      return declared.type === 'CallExpression' ? childrenOf(declared).filter(isFunction) : []
    }
    const declared = statement.type === 'ExportNamedDeclaration' ? statement['declaration'] : null
    if (!isNode(declared)) return []
    if (isFunction(declared)) return handlerNames.test(textOf(declared['id']) ?? '') ? [declared] : []
    return childrenOf(declared).flatMap(one => {
      const value = one['init']
      return handlerNames.test(textOf(one['id']) ?? '') && isNode(value) && isFunction(value) ? [value] : []
    })
  })

const calleeOf = (node: Node): string => {
  const callee = node['callee']
  if (!isNode(callee)) return ''
  return textOf(callee) ?? (isNode(callee['property']) ? (textOf(callee['property']) ?? '') : '')
}

/** A connection or a pool that is made within a function that runs for each request. */
const madeIn = (node: Node, imported: ReadonlySet<string>, depth: number): Node[] => {
  if (depth > 200) return []
  const name = node.type === 'NewExpression' || node.type === 'CallExpression' ? calleeOf(node) : ''
  const isMade =
    (node.type === 'NewExpression' && clients.test(name)) || (node.type === 'CallExpression' && factories.test(name))
  const rooted = isMade && (imported.has(name) || imported.has(rootOf(node['callee'])))
  return [...(rooted ? [node] : []), ...childrenOf(node).flatMap(child => madeIn(child, imported, depth + 1))]
}

const rootOf = (node: unknown): string => {
  let at = node
  for (let depth = 0; isNode(at) && depth < 20; depth += 1) {
    const name = at.type === 'Identifier' ? textOf(at) : null
    if (name !== null) return name
    at = at['object']
  }
  return ''
}

/** Names that a module takes from drivers of databases. */
const importedNames = (program: Node): Set<string> =>
  new Set(
    childrenOf(program).flatMap(statement => {
      const source = statement.type === 'ImportDeclaration' ? (textOf(statement['source']) ?? '') : ''
      if (
        !directPackages.test(source) &&
        !/^(?:mysql2\/promise|pg-pool|@prisma\/client\/edge)$/.test(source) &&
        !/generated\/(?:prisma|client)/.test(source)
      )
        return []
      return childrenOf(statement).flatMap(one => (isNode(one['local']) ? (textOf(one['local']) ?? []) : []))
    }),
  )

/** Connections that a file opens anew for each request. */
export const perRequest = (parse: JavascriptParser, path: string, source: string): DatabasePlace[] => {
  const program =
    requestFile.test(path) && /\b(?:new|create|postgres|knex)/.test(source) ? parseModule(parse, path, source) : null
  if (!program) return []
  const imported = importedNames(program)
  if (imported.size === 0) return []
  const lines = source.split('\n')
  return (
    exportedFunctions(program)
      .flatMap(one => madeIn(one, imported, 0))
      // A client that is closed at the end and opened through a binding of the platform is how Hyperdrive is meant.
      .filter(node => !/hyperdrive/i.test(source.slice(node.start ?? 0, node.end ?? 0)))
      .map(node => ({ line: lineOf(node), text: (lines[lineOf(node) - 1] ?? '').trim().slice(0, 140) }))
  )
}

/** How many connections one instance may open, as the code or the configuration says; the line that says it. */
export const poolSizes = (path: string, source: string): { size: number; line: number; text: string }[] => {
  const patterns: readonly RegExp[] = /database\.ya?ml$/.test(path)
    ? [/^\s*pool:\s*(?:<%=\s*ENV(?:\.fetch\(\s*|\[)["']\w+["']\]?(?:\s*\)?\s*\{\s*|\s*\|\|\s*|,\s*)["']?)?(\d{1,5})/m]
    : /\.py$/.test(path)
      ? [/\bpool_size\s*=\s*(\d{1,5})/]
      : [
          /\bnew\s+Pool\s*\(\s*\{[^}]{0,500}?\bmax\s*:\s*(\d{1,5})/,
          /\bpool\s*:\s*\{[^}]{0,200}?\bmax\s*:\s*(\d{1,5})/,
          /\bconnectionLimit\s*:\s*(\d{1,5})/,
          /\bpostgres\s*\([^)]{0,300}?\bmax\s*:\s*(\d{1,5})/,
          /[?&]connection_limit=(\d{1,5})/,
        ]
  return patterns.flatMap(pattern => {
    const match = pattern.exec(source)
    if (!match) return []
    const at = match.index + match[0].length
    const line = source.slice(0, at).split('\n').length
    return [{ size: Number(match[1]), line, text: (source.split('\n')[line - 1] ?? '').trim().slice(0, 140) }]
  })
}

/** Connections that PostgreSQL keeps for its administrators (superuser_reserved_connections). */
const reserved = 3

/** A diff that makes a pool so small that all instances together stay under the limit; null where not even one each would. */
export const smallerPool = (
  file: string,
  source: string,
  { size, line }: { size: number; line: number },
  { instances, limit }: { instances: number; limit: number },
): string | null => {
  const fits = Math.floor((limit - reserved) / instances)
  const text = source.split('\n')[line - 1] ?? ''
  const at = text.lastIndexOf(String(size))
  if (fits < 1 || fits >= size || at < 0) return null
  return replacementPatch(file, source, line, `${text.slice(0, at)}${fits}${text.slice(at + String(size).length)}`)
}

/** The most connections that the database takes, where a compose file or its configuration says so. */
export const statedLimit = (source: string): { limit: number; line: number } | null => {
  const match = /\bmax_connections\s*[=:]\s*["']?(\d{1,5})/.exec(source)
  return match ? { limit: Number(match[1]), line: source.slice(0, match.index).split('\n').length } : null
}
