// One run: plan → collect → judge → assemble. Knows nothing of the command line.
import type { Config } from '../config/schema.ts'
import { assembleReport } from '../core/assemble.ts'
import { type AnyCheck, kindsOf } from '../core/check.ts'
import { type Missing, missing, type SavedFact, type Subject, type SubjectKind } from '../core/fact.ts'
import { type Judged, judge } from '../core/judge.ts'
import type { Report } from '../core/report.ts'
import type { Target } from '../core/target.ts'
import { createCollection } from '../facts/collect.ts'
import type { HandedMessage } from '../facts/definition.ts'
import type { Hosts } from '../facts/http/hosts.ts'
import type { Routes } from '../facts/http/routes.ts'
import type { FactName } from '../facts/index.generated.ts'
import type { Network } from '../net/network.ts'

export type RunInput = {
  checks: readonly AnyCheck[]
  target: Target
  config: Config
  net: Network
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  timeoutMs: number
  /** Instant of the run: milliseconds since the epoch; saved facts bring their own. */
  startedAt: number
  elapsed: () => number
  nowIso: () => string
  version: string
  saved?: readonly SavedFact[]
  /** Messages handed over to be judged, by the name of their subject. */
  messages?: ReadonlyMap<string, HandedMessage>
  /** Facts to collect although no check needs them: for documents. */
  extraFacts?: readonly FactName[]
  baseline?: ReadonlySet<string>
  firstSeen?: ReadonlyMap<string, string>
  onPlanned?: (count: number) => void
  onJudged?: (judged: Judged, check: AnyCheck) => void
}

export type RunResult = { report: Report; judged: Judged[]; facts: SavedFact[]; defects: string[] }

const noneOf: Partial<Record<SubjectKind, string>> = {
  sender: 'no sender is configured (email.senders)',
  selector: 'no DKIM selector is known',
  record: 'no expected record is configured (dns.expected)',
  flow: 'no flow is configured (flows, email.flows)',
  message: 'no message was given',
  file: 'no file was given',
  channel: 'no alert channel is configured (monitor.alerts)',
  'mx-host': 'the domain names no mail server',
  address: 'no sending address is known',
  repo: 'no repository was given',
  route: 'no page was found',
  config: 'nothing is suppressed',
}

/** Collects what the checks need, judges each for each of its subjects, and assembles the report. */
export const runChecks = async (input: RunInput): Promise<RunResult> => {
  const begun = input.elapsed()
  const { checks, target } = input
  const judged: Judged[] = []
  const done = new Set<string>()

  const prefetch = (subject: Subject): void => {
    for (const check of checks)
      if (kindsOf(check).includes(subject.kind))
        for (const name of [...check.needs, ...(check.wants ?? [])]) void collection.need(name as FactName, subject)
  }
  const collection = createCollection({
    target,
    config: input.config,
    net: input.net,
    env: input.env,
    signal: input.signal,
    timeoutMs: input.timeoutMs,
    now: input.nowIso,
    messages: input.messages,
    saved: input.saved,
    onAnnounce: input.saved ? undefined : prefetch,
  })

  const keep = (result: Judged, check: AnyCheck): void => {
    judged.push(result)
    input.onJudged?.(result, check)
  }

  const judgeOne = async (check: AnyCheck, subject: Subject): Promise<void> => {
    const key = `${check.id}\u0000${subject.kind}\u0000${subject.name}`
    if (done.has(key)) return
    done.add(key)
    const names = [...check.needs, ...(check.wants ?? [])] as FactName[]
    const facts = Object.fromEntries(
      await Promise.all(names.map(async name => [name, await collection.need(name, subject)] as const)),
    )
    const settings = input.config.checks[check.id]
    const result = judge(
      {
        check,
        subject,
        facts,
        now: input.startedAt,
        target,
        options: settings?.options ?? {},
        severities: settings?.severity ?? {},
      },
      input.saved ? undefined : input.elapsed,
    )
    keep(result, check)
  }

  const judgeNone = (check: AnyCheck, absent: Missing | null, kind: SubjectKind): void => {
    const subject: Subject = { kind, name: target.domain ?? target.repo ?? 'run' }
    const reason = noneOf[kind] ?? `there is no ${kind}`
    const fact = absent ?? missing('unsupported', reason, { because: reason })
    keep(
      judge({
        check: { ...check, needs: ['subjects'], wants: [] } as unknown as AnyCheck,
        subject: subject.kind === 'repo' ? { ...subject, name: 'repository' } : subject,
        facts: { subjects: fact },
        now: input.startedAt,
        target,
        options: {},
        severities: {},
      }),
      check,
    )
  }

  input.onPlanned?.(checks.length)
  const kinds = new Set(checks.flatMap(kindsOf))
  const extra = (input.extraFacts ?? []).map(name => {
    const root = collection.early('domain')[0] ?? collection.early('repo')[0]
    return root ? collection.need(name, root) : Promise.resolve(null)
  })
  await Promise.all([
    ...extra,
    ...[...kinds].map(async kind => {
      const ofKind = checks.filter(check => kindsOf(check).includes(kind))
      const early = collection.early(kind)
      const begin = early.flatMap(subject => ofKind.map(check => judgeOne(check, subject)))
      const list = await collection.subjects(kind)
      const subjects = list.ok ? list.value : []
      await Promise.all([...begin, ...subjects.flatMap(subject => ofKind.map(check => judgeOne(check, subject)))])
      if (!list.ok || (subjects.length === 0 && early.length === 0))
        // A check on several kinds is told of one that is empty only when all are.
        for (const check of ofKind)
          if (!list.ok || kindsOf(check).length === 1) judgeNone(check, list.ok ? null : list, kind)
    }),
  ])

  const facts = collection.saved()
  const hosts = facts.find(item => item.fact === 'hosts')?.is as { ok: true; value: Hosts } | undefined
  const routes = facts.find(item => item.fact === 'routes')?.is as { ok: true; value: Routes } | undefined
  const report = assembleReport({
    version: input.version,
    target: {
      domain: target.domain,
      hosts: hosts?.ok ? hosts.value.hosts.map(host => host.name) : target.domain ? [target.domain] : [],
      repo: target.repo ? (target.repo.split(/[\\/]/).at(-1) ?? null) : null,
    },
    startedAt: new Date(input.startedAt).toISOString(),
    durationMs: Math.round(input.elapsed() - begun),
    judged,
    checks: new Map(checks.map(check => [check.id, check])),
    suppress: target.suppress,
    baseline: input.baseline ?? new Set(),
    firstSeen: input.firstSeen ?? new Map(),
    now: input.startedAt,
    assumptions: assumptionsOf(hosts?.ok ? hosts.value : null, routes?.ok ? routes.value : null),
    looked: {
      hosts: hosts?.ok ? hosts.value.hosts.length : 0,
      pages: routes?.ok ? routes.value.routes.length : 0,
      records: countRecords(facts),
    },
    interrupted: input.signal.aborted,
    notes: [],
  })
  return { report, judged, facts, defects: judged.flatMap(item => (item.defect ? [item.defect] : [])) }
}

const assumptionsOf = (hosts: Hosts | null, routes: Routes | null): string[] => {
  const lines: string[] = []
  for (const host of hosts?.hosts ?? [])
    if (host.role === 'app' || host.role === 'api')
      if (host.source !== 'config') lines.push(`${host.role} is ${host.name} (${host.how})`)
  for (const route of routes?.routes ?? [])
    if (['auth', 'signup', 'payment', 'dashboard'].includes(route.kind) && route.source !== 'config')
      lines.push(`${route.name} is ${route.url} (${route.how})`)
  return lines
}

/** DNS records among the facts: every object that has a name, a type and data. */
const countRecords = (facts: readonly SavedFact[]): number => {
  const seen = new Set<string>()
  const visit = (value: unknown, depth: number): void => {
    if (depth > 8 || value === null || typeof value !== 'object') return
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1)
      return
    }
    const record = value as Record<string, unknown>
    if (
      typeof record['name'] === 'string' &&
      typeof record['type'] === 'string' &&
      typeof record['data'] === 'string' &&
      typeof record['ttl'] === 'number'
    )
      seen.add(`${record['name']} ${record['type']} ${record['data']}`)
    else for (const item of Object.values(record)) visit(item, depth + 1)
  }
  for (const item of facts) if (item.is.ok && item.fact !== 'web' && item.fact !== 'page') visit(item.is.value, 0)
  return seen.size
}
