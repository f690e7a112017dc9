// What a run looked at and what it took for granted, from its facts: the opening lines of a report.
import type { SavedFact } from '../core/fact.ts'
import type { Report } from '../core/report.ts'
import { type Server, servers } from '../core/setting-words.ts'
import type { Target } from '../core/target.ts'
import type { HostEdges } from '../facts/dns/host-edges.ts'
import type { Hosts } from '../facts/http/hosts.ts'
import type { Routes } from '../facts/http/routes.ts'

const seenIn = <T>(facts: readonly SavedFact[], name: string): T | null => {
  const is = facts.find(item => item.fact === name)?.is
  return is?.ok ? (is.value as T) : null
}

const guessedRoutes: readonly string[] = ['auth', 'signup', 'payment', 'dashboard']

const assumptionsOf = (hosts: Hosts | null, routes: Routes | null): string[] => [
  ...(hosts?.hosts ?? [])
    .filter(({ role, source }) => (role === 'app' || role === 'api') && source !== 'config')
    .map(({ role, name, how }) => `${role} is ${name} (${how})`),
  ...(routes?.routes ?? [])
    .filter(({ kind, source }) => guessedRoutes.includes(kind) && source !== 'config')
    .map(({ name, url, how }) => `${name} is ${url} (${how})`),
]

/** Deeper than any fact is. */
const mostDepth = 8

/** DNS records among the facts: every object that has a name, a type, data and a time to live. */
const countRecords = (facts: readonly SavedFact[]): number => {
  const seen = new Set<string>()
  const visit = (value: unknown, depth: number): void => {
    if (depth > mostDepth || value === null || typeof value !== 'object') return
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1)
      return
    }
    const { name, type, data, ttl } = value as Record<string, unknown>
    if (typeof name === 'string' && typeof type === 'string' && typeof data === 'string' && typeof ttl === 'number')
      seen.add(`${name} ${type} ${data}`)
    else for (const item of Object.values(value)) visit(item, depth + 1)
  }
  for (const item of facts) if (item.is.ok && item.fact !== 'web' && item.fact !== 'page') visit(item.is.value, 0)
  return seen.size
}

/** The server or provider that answers for a host, among those whose words are known: its network, else what it calls itself. */
const serverOf = ({ edge, headers }: HostEdges): Server | null => {
  const known = servers.find(name => name === edge)
  if (known) return known
  const header = (name: string): string => headers.find(item => item.name === name)?.value ?? ''
  if (/\bvegur\b|heroku/i.test(`${header('via')} ${header('server')}`)) return 'Heroku'
  const own = header('server').toLowerCase()
  return (['nginx', 'Apache', 'Caddy'] as const).find(name => own.startsWith(name.toLowerCase())) ?? null
}

/** Host → its server, where it is known. */
const serversIn = (facts: readonly SavedFact[]): Record<string, string> =>
  Object.fromEntries(
    facts.flatMap(({ fact, on, is }) => {
      const server = fact === 'hostEdges' && is.ok ? serverOf(is.value as HostEdges) : null
      return server === null ? [] : [[on.name, server] as const]
    }),
  )

/** The last part of a path, whatever its separator. */
const folderName = (path: string): string | null => path.split(/[\\/]/).at(-1) ?? null

/** Target, counts and assumptions as the report states them. */
export const lookedAt = (
  facts: readonly SavedFact[],
  { domain, repo }: Target,
): Pick<Report, 'target' | 'looked' | 'assumptions' | 'servers'> => {
  const hosts = seenIn<Hosts>(facts, 'hosts')
  const routes = seenIn<Routes>(facts, 'routes')
  return {
    target: {
      domain,
      hosts: hosts ? hosts.hosts.map(host => host.name) : domain ? [domain] : [],
      repo: repo ? folderName(repo) : null,
    },
    looked: { hosts: hosts?.hosts.length ?? 0, pages: routes?.routes.length ?? 0, records: countRecords(facts) },
    assumptions: assumptionsOf(hosts, routes),
    servers: serversIn(facts),
  }
}
