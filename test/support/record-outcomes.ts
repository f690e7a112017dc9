// Records which outcomes of which checks the tests reach: `defineCheck` is wrapped, so that a judgement leaves a trace however it came
// about (an example, a literal fact, a whole world). For outcomes that no example shows it keeps one sample, the shortest, for the pages
// of checks. `scripts/reached.ts` compares with the registry.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, vi } from 'vitest'

/**
 * Of the test file that runs. Kept for the whole process: files of one worker share the checks, and with them what was set up by the first.
 * `samples`: `check outcome` → the sample as JSON.
 */
const { reached, samples } = vi.hoisted(() => {
  const kept = globalThis as { outcomesOfTests?: { reached: Set<string>; samples: Map<string, string> } }
  kept.outcomesOfTests ??= { reached: new Set(), samples: new Map() }
  return kept.outcomesOfTests
})

vi.mock('../../src/core/check.ts', async importOriginal => {
  const original = await importOriginal<typeof import('../../src/core/check.ts')>()
  type Defined = {
    id: string
    examples: readonly { expect: string }[]
    judge: (facts: never, context: never) => unknown
  }
  // A page names no port of this run, no folder of this machine, and nothing that looks like a key.
  const bound = /(?:127\.0\.0\.1|localhost|::1\]?):\d{5}|\/tmp\/|\/home\/|sk_live_\w{8}|AKIA\w{8}|ghp_\w{8}|-----BEGIN/
  const keep = (check: Defined, item: { outcome: string; data?: unknown; evidence?: unknown }, subject: unknown) => {
    if (check.examples.some(({ expect }) => expect === item.outcome)) return
    const evidence = Array.isArray(item.evidence) ? item.evidence.slice(0, 2) : []
    const { kind } = subject as { kind: string }
    // A repository's name is its folder's on this machine.
    const shown = kind === 'repo' ? { kind, name: 'repository' } : subject
    const text = JSON.stringify({ subject: shown, data: item.data ?? null, evidence })
    if (text.length > 30_000 || bound.test(text)) return
    const key = `${check.id} ${item.outcome}`
    const before = samples.get(key)
    if (before === undefined || text.length < before.length || (text.length === before.length && text < before))
      samples.set(key, text)
  }
  const record = (check: Defined, judgement: unknown, context: unknown): void => {
    for (const item of Array.isArray(judgement) ? judgement : [judgement]) {
      if (typeof item?.outcome !== 'string') continue
      reached.add(`${check.id} ${item.outcome}`)
      keep(check, item, (context as { subject: unknown }).subject)
    }
  }
  return {
    ...original,
    defineCheck: () => (check: Defined) => {
      const defined = (original.defineCheck() as unknown as (check: Defined) => Defined)(check)
      return {
        ...defined,
        judge: (facts: never, context: never) => {
          const judgement = defined.judge(facts, context)
          record(check, judgement, context)
          return judgement
        },
      }
    },
  }
})

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
