// Records which outcomes of which checks the tests reach: the judges of the registry are wrapped, so that a judgement leaves a trace however
// it came about (an example, a literal fact, a whole world). For outcomes that no example shows it keeps one sample, the shortest, for the
// pages of checks. `scripts/reached.ts` compares with the registry.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { checks } from '../../src/checks/index.generated.ts'
import type { AnyCheck } from '../../src/core/check.ts'

type Kept = { reached: Set<string>; samples: Map<string, string>; wrapped: WeakSet<AnyCheck> }

/**
 * Of the test file that runs. Kept for the whole process: files of one worker share the checks, and with them what was set up by the first.
 * `samples`: `check outcome` → the sample as JSON.
 */
const kept = globalThis as { outcomesOfTests?: Kept }
kept.outcomesOfTests ??= { reached: new Set(), samples: new Map(), wrapped: new WeakSet() }
const { reached, samples, wrapped } = kept.outcomesOfTests

// A page names no port of this run, no folder of this machine, and nothing that looks like a key.
const bound = /(?:127\.0\.0\.1|localhost|::1\]?):\d{5}|\/tmp\/|\/home\/|sk_live_\w{8}|AKIA\w{8}|ghp_\w{8}|-----BEGIN/

type Item = { outcome: string; data?: unknown; evidence?: unknown }

const keep = (check: AnyCheck, item: Item, subject: { kind: string }): void => {
  if (check.examples.some(({ expect }) => expect === item.outcome)) return
  const evidence = Array.isArray(item.evidence) ? item.evidence.slice(0, 2) : []
  // A repository's name is its folder's on this machine.
  const shown = subject.kind === 'repo' ? { kind: subject.kind, name: 'repository' } : subject
  const text = JSON.stringify({ subject: shown, data: item.data ?? null, evidence })
  if (text.length > 30_000 || bound.test(text)) return
  const key = `${check.id} ${item.outcome}`
  const before = samples.get(key)
  if (before === undefined || text.length < before.length || (text.length === before.length && text < before))
    samples.set(key, text)
}

const record = (check: AnyCheck): void => {
  const { judge } = check
  check.judge = (facts, context) => {
    const judgement = judge(facts, context)
    for (const item of [judgement].flat()) {
      if (!('outcome' in item)) continue
      reached.add(`${check.id} ${item.outcome}`)
      keep(check, item, context.subject)
    }
    return judgement
  }
}

for (const check of checks)
  if (!wrapped.has(check)) {
    wrapped.add(check)
    record(check)
  }

afterAll(() => {
  const folder = process.env['REACHED_OUTCOMES']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  const name = (expect.getState().testPath ?? 'unknown').replace(/[^\w.-]+/g, '_')
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ reached: [...reached].sort(), samples: Object.fromEntries(samples) }),
  )
  reached.clear()
  samples.clear()
})
