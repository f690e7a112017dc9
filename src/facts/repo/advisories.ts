// Known vulnerabilities of locked packages, asked of OSV (https://google.github.io/osv.dev/api/) in one batch. Names and versions of public
// packages go out, nothing else. Without network, or where the config says so, there is no answer, which is not a clean one.

import type { Fact, Missing } from '../../core/fact.ts'
import { missing, observed } from '../../core/fact.ts'
import { type Ecosystem, lockFiles } from '../../data/package-managers.ts'
import { recordsIn } from '../../formats/is-record.ts'
import { type LockedPackage, parseLock } from '../../formats/repo/lockfile.ts'
import type { AdvisorySeverity } from '../../formats/repo/osv.ts'
import { fileName } from '../../formats/repo/paths.ts'
import { isRecord } from '../../formats/workflow/model.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import type { RepoReader } from './read.ts'
import { readerOf } from './script-world.ts'

export type Advisory = {
  id: string
  aliases: string[]
  severity: AdvisorySeverity
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
    const results = recordsIn(isRecord(body) ? body['results'] : null)
    if (results.length !== part.length) return missing('malformed', 'its answer does not fit the question')
    for (const [index, result] of results.entries())
      for (const { id } of recordsIn(result['vulns']))
        if (string(id)) ids.set(string(id), [...(ids.get(string(id)) ?? []), part[index]!])
  }
  return observed(ids, context.now())
}

/** Locked packages that customers run, each once; `left` are the locks of a kind that cannot be asked for. */
const packagesOf = (locks: readonly string[], reader: RepoReader): { packages: Asked[]; left: string[] } => {
  const packages = new Map<string, Asked>()
  const left: string[] = []
  for (const file of locks) {
    const name = fileName(file)
    const text = reader.text(file, { maxBytes: 24 << 20, whole: true, binary: true })
    const lock = text.ok ? parseLock(name, text.text) : null
    if (!lock || lock.problem || lock.format === 'binary') {
      left.push(file)
      continue
    }
    // What only development installs is not what customers run.
    for (const one of lock.packages.filter(({ development, version }) => development !== true && /^\d/.test(version))) {
      const asked = { ...one, lock: file, ecosystem: lockFiles[name]!.ecosystem }
      packages.set(`${asked.ecosystem}:${one.name}@${one.version}`, asked)
    }
  }
  return { packages: [...packages.values()], left }
}

/** The advisories of these ids, one for each package that they are about. */
const details = async (
  source: string,
  ids: ReadonlyMap<string, readonly Asked[]>,
  context: CollectContext,
): Promise<Advisory[]> => {
  // Loaded where there is something to score: the calculator of CVSS scores is large.
  const { fixedIn, readAdvisory } = await import('../../formats/repo/osv.ts')
  const one = async (id: string): Promise<Advisory[]> => {
    const body = bodyOf(
      await context.net.http({
        url: `${source}/v1/vulns/${encodeURIComponent(id)}`,
        verify: 'strict',
        maxBytes: 1 << 20,
        timeoutMs: Math.min(context.timeoutMs, 8000),
      }),
    )
    const { isWithdrawn, ...advisory } = readAdvisory(id, isRecord(body) && body['ok'] !== false ? body : {})
    if (isWithdrawn) return []
    return ids.get(id)!.map(({ name, version, lock, line, development }) => ({
      ...advisory,
      package: name,
      version,
      fixed: fixedIn(body, name, version),
      lock,
      line,
      development,
    }))
  }
  const found = await Promise.all([...ids.keys()].sort().slice(0, bounds.details).map(one))
  const order = (a: Advisory, b: Advisory): number =>
    compare(a.package, b.package) || compare(a.id, b.id) || compare(a.version, b.version)
  return found.flat().sort(order)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Nobody there to ask is not "does not apply": what is known of the packages stays unknown. */
const unanswered = ({ reason, message }: Missing, source: string): Missing => {
  const { host } = new URL(source)
  return missing(reason === 'unsupported' ? 'unreachable' : reason, `${host} could not be asked: ${message}`, {
    cause: { kind: 'service', host, text: `${host} does not answer` },
  })
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
    const source = (configured ?? defaultAdvisories).replace(/\/+$/, '')
    const files = locks.value.groups.flatMap(group => group.locks.map(({ file }) => file))
    const { packages, left } = packagesOf(files, readerOf(context, tree.value))
    if (packages.length === 0) return observed({ asked: 0, packages: 0, source, found: [], left }, context.now())
    const asked = packages.slice(0, bounds.packages)
    const ids = await ask(source, asked, context)
    if (!ids.ok) return unanswered(ids, source)
    const found = ids.value.size ? await details(source, ids.value, context) : []
    return observed({ asked: asked.length, packages: packages.length, source, found, left }, context.now())
  },
}
export default fact
