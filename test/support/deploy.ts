// Judges checks of the deploy stage on a repository made for a test: real files, real git, the real collectors.

import { configSchema } from '../../src/config/schema.ts'
import type { AnyCheck } from '../../src/core/check.ts'
import type { Fact } from '../../src/core/fact.ts'
import { type Judged, judge } from '../../src/core/judge.ts'
import { bareTarget } from '../../src/core/target.ts'
import type { CollectContext, FactDefinition } from '../../src/facts/definition.ts'
import { collectors } from '../../src/facts/index.generated.ts'
import { onceForTest } from './once.ts'
import { makeRepo, repoSubject, type TestRepo } from './repo.ts'

export type RepoRun = { config?: unknown; env?: Record<string, string>; net?: CollectContext['net']; now?: string }

/** Collects what the checks need from a folder, each fact once. */
export const factsOf = (root: string, run: RepoRun = {}) => {
  const subject = repoSubject(root)
  const memo = new Map<string, Promise<Fact<unknown>>>()
  const config = configSchema.parse(run.config ?? {})
  const target = bareTarget({ repo: root, sections: { deploy: config.deploy } })
  const context: CollectContext = {
    net: run.net ?? (undefined as unknown as CollectContext['net']),
    target,
    config,
    env: { PATH: process.env.PATH, LAUNCH_READY_OFFLINE: '1', ...run.env },
    now: () => run.now ?? '2026-11-25T00:00:00.000Z',
    need: ((name: string) => need(name)) as CollectContext['need'],
    subjects: async kind => (kind === 'repo' ? [subject] : []),
    announce: () => {},
    once: onceForTest(),
    signal: new AbortController().signal,
    timeoutMs: 10_000,
  }
  const need = (name: string): Promise<Fact<unknown>> => {
    const known = memo.get(name)
    if (known) return known
    const collector = (collectors as Readonly<Record<string, FactDefinition<unknown>>>)[name]
    if (!collector) throw new Error(`no collector of ${name}`)
    const promise = collector.collect(subject, context)
    memo.set(name, promise)
    return promise
  }
  return { need, target, subject }
}

/** Judges checks on a folder; the results by check id. */
export const judgeFolder = async (
  root: string,
  checks: readonly AnyCheck[],
  run: RepoRun = {},
): Promise<Record<string, Judged>> => {
  const { need, target, subject } = factsOf(root, run)
  const judged: Record<string, Judged> = {}
  for (const check of checks) {
    const names = [...check.needs, ...(check.wants ?? [])]
    const facts = Object.fromEntries(await Promise.all(names.map(async name => [name, await need(name)] as const)))
    judged[check.id] = judge({
      check,
      subject,
      facts,
      now: Date.parse(run.now ?? '2026-11-25T00:00:00Z'),
      target,
      options: {},
      severities: {},
    })
    if (judged[check.id]!.defect) throw new Error(`${check.id}: ${judged[check.id]!.defect}`)
  }
  return judged
}

/** Outcome keys of one check; `skip: reason` and `unknown: reason` where there is none. */
export const outcomesIn = (judged: Judged): string[] => {
  const rows = judged.results.map(({ status, outcome, reason }) =>
    status === 'skip' || status === 'unknown' ? `${status}: ${reason}` : (outcome ?? status),
  )
  return [...new Set([...judged.findings.map(({ outcome }) => outcome), ...rows])]
}

/** Makes a repository of these files, commits it, judges one check, and removes it. */
export const judgeFiles = async (
  check: AnyCheck,
  files: Readonly<Record<string, string | Uint8Array>>,
  more: RepoRun & { before?: (repo: TestRepo) => void; git?: boolean } = {},
): Promise<Judged> => {
  const repo = makeRepo(files, { git: more.git ?? true })
  try {
    if (more.git !== false) repo.commit('first')
    more.before?.(repo)
    return (await judgeFolder(repo.root, [check], more))[check.id]!
  } finally {
    repo.dispose()
  }
}
