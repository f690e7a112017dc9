// Known vulnerabilities of locked packages, asked of OSV (https://google.github.io/osv.dev/api/) in one batch. Names and versions of public
// packages go out, nothing else. Without network, or where the config says so, there is no answer, which is not a clean one.

import type { Fact } from '../../core/fact.ts'
import { missing, observed } from '../../core/fact.ts'
import { cvssScore } from '../../formats/repo/cvss.ts'
import { type Ecosystem, type LockedPackage, lockFiles, parseLock } from '../../formats/repo/lockfile.ts'
import { compareVersions, parseVersion } from '../../formats/repo/version-range.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { readerOf } from './script-world.ts'

export type Advisory = {
  id: string
  aliases: string[]
  severity: 'critical' | 'high' | 'moderate' | 'low' | 'unknown'
  summary: string
  package: string
  version: string
  fixed: string | null
  lock: string
  line: number
  development: boolean | null
}

export type Advisories = {
  asked: number
  packages: number
  source: string
  found: Advisory[] /** Locks of a kind that cannot be asked for. */
  left: string[]
}

export const defaultAdvisories = 'https://api.osv.dev'
/** Packages of one question, questions of one run, advisories whose text is fetched. */
const bounds = { batch: 1000, packages: 5000, details: 150 }

type Asked = LockedPackage & { lock: string; ecosystem: Ecosystem }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : [])
const string = (value: unknown): string => (typeof value === 'string' ? value : '')

const bodyOf = (exchange: Fact<HttpExchange>): unknown => {
  if (!exchange.ok) return exchange
  const hop = exchange.value.hops.at(-1)
  if (hop?.status !== 200 || hop.truncated) return missing('http-status', `it answered ${hop?.status ?? 'nothing'}`)
  try {
    return JSON.parse(hop.body)
  } catch {
    return missing('malformed', 'its answer is no JSON')
  }
}

const severityOf = (advisory: Record<string, unknown>): Advisory['severity'] => {
  const named = string(
    isRecord(advisory['database_specific']) ? advisory['database_specific']['severity'] : '',
  ).toLowerCase()
  if (named === 'critical' || named === 'high' || named === 'moderate' || named === 'low') return named
  if (named === 'medium') return 'moderate'
  const score = Math.max(-1, ...list(advisory['severity']).map(({ score: vector }) => cvssScore(string(vector)) ?? -1))
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'moderate' : score > 0 ? 'low' : 'unknown'
}

/** The lowest version above ours in which it is repaired. */
const fixedIn = (advisory: Record<string, unknown>, name: string, version: string): string | null => {
  const ours = parseVersion(version)
  const fixes = list(advisory['affected'])
    .filter(one => isRecord(one['package']) && string(one['package']['name']).toLowerCase() === name.toLowerCase())
    .flatMap(one =>
      list(one['ranges']).flatMap(range =>
        list(range['events'])
          .map(event => string(event['fixed']))
          .filter(Boolean),
      ),
    )
  const above = fixes
    .map(text => ({ text, read: parseVersion(text) }))
    .filter(({ read }) => read !== null && (ours === null || compareVersions(read, ours) > 0))
  return above.sort((a, b) => compareVersions(a.read!, b.read!))[0]?.text ?? null
}

const ask = async (
  source: string,
  packages: readonly Asked[],
  context: CollectContext,
): Promise<Fact<Map<string, Asked[]>>> => {
  const ids = new Map<string, Asked[]>()
  for (let at = 0; at < packages.length; at += bounds.batch) {
    const part = packages.slice(at, at + bounds.batch)
    const exchange = await context.net.http({
      url: `${source}/v1/querybatch`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        queries: part.map(({ name, version, ecosystem }) => ({ package: { name, ecosystem }, version })),
      }),
      verify: 'strict',
      maxBytes: 8 << 20,
      timeoutMs: Math.min(context.timeoutMs, 8000),
    })
    const body = bodyOf(exchange)
    if (isRecord(body) && body['ok'] === false) return body as unknown as Fact<Map<string, Asked[]>>
    const results = list(isRecord(body) ? body['results'] : null)
    if (results.length !== part.length) return missing('malformed', 'its answer does not fit the question')
    for (const [index, result] of results.entries())
      for (const { id } of list(result['vulns']))
        if (string(id)) ids.set(string(id), [...(ids.get(string(id)) ?? []), part[index]!])
  }
  return observed(ids, context.now())
}

const fact: FactDefinition<Advisories> = {
  on: 'repo',
  deadlines: 4,
  async collect(_subject, context) {
    const configured = context.config.deploy?.advisories
    if (configured === false)
      return missing('unsupported', 'the config says that nobody is asked (deploy.advisories: false)', {
        retryable: false,
      })
    if (context.env['LAUNCH_READY_OFFLINE'] && configured === undefined)
      return missing('unreachable', 'LAUNCH_READY_OFFLINE is set', { retryable: false })
    const [tree, locks] = await Promise.all([context.need('tree'), context.need('lockfiles')])
    if (!tree.ok) return tree
    if (!locks.ok) return locks
    const reader = readerOf(tree.value)
    const source = (configured ?? defaultAdvisories).replace(/\/+$/, '')
    const packages = new Map<string, Asked>()
    const left: string[] = []
    for (const { file } of locks.value.groups.flatMap(group => group.locks)) {
      const name = file.slice(file.lastIndexOf('/') + 1)
      const text = reader.text(file, { maxBytes: 24 << 20, whole: true, binary: true })
      const lock = text.ok ? parseLock(name, text.text) : null
      if (!lock || lock.problem || lock.format === 'binary') {
        left.push(file)
        continue
      }
      // What only development installs is not what customers run.
      for (const one of lock.packages.filter(
        ({ development, version }) => development !== true && /^\d/.test(version),
      )) {
        const asked = { ...one, lock: file, ecosystem: lockFiles[name]!.ecosystem }
        packages.set(`${asked.ecosystem}:${one.name}@${one.version}`, asked)
      }
    }
    if (packages.size === 0) return observed({ asked: 0, packages: 0, source, found: [], left }, context.now())
    const asked = [...packages.values()].slice(0, bounds.packages)
    const ids = await ask(source, asked, context)
    if (!ids.ok) {
      const host = new URL(source).host
      // Nobody there to ask is not "does not apply": what is known of the packages stays unknown.
      return missing(
        ids.reason === 'unsupported' ? 'unreachable' : ids.reason,
        `${host} could not be asked: ${ids.message}`,
        { cause: { kind: 'service', host, text: `${host} does not answer` } },
      )
    }
    const found: Advisory[] = []
    const names = [...ids.value.keys()].sort()
    await Promise.all(
      names.slice(0, bounds.details).map(async id => {
        const body = bodyOf(
          await context.net.http({
            url: `${source}/v1/vulns/${encodeURIComponent(id)}`,
            verify: 'strict',
            maxBytes: 1 << 20,
            timeoutMs: Math.min(context.timeoutMs, 8000),
          }),
        )
        const advisory = isRecord(body) && body['ok'] !== false ? body : {}
        if (advisory['withdrawn']) return
        for (const { name, version, lock, line, development } of ids.value.get(id)!) {
          found.push({
            id,
            aliases: (Array.isArray(advisory['aliases']) ? advisory['aliases'] : [])
              .filter(one => typeof one === 'string')
              .slice(0, 5),
            severity: severityOf(advisory),
            summary: string(advisory['summary']).slice(0, 160),
            package: name,
            version,
            fixed: fixedIn(advisory, name, version),
            lock,
            line,
            development,
          })
        }
      }),
    )
    found.sort((a, b) =>
      a.package < b.package
        ? -1
        : a.package > b.package
          ? 1
          : a.id < b.id
            ? -1
            : a.id > b.id
              ? 1
              : a.version < b.version
                ? -1
                : 1,
    )
    return observed({ asked: asked.length, packages: packages.size, source, found, left }, context.now())
  },
}
export default fact
