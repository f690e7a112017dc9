// Records which outcomes of which checks the tests reach: `defineCheck` is wrapped, so that a judgement leaves a trace however it came
// about (an example, a literal fact, a whole world). `scripts/reached.ts` compares with the registry.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, vi } from 'vitest'

const reached = vi.hoisted(() => new Set<string>())

vi.mock('../../src/core/check.ts', async importOriginal => {
  const original = await importOriginal<typeof import('../../src/core/check.ts')>()
  type Defined = { id: string; judge: (facts: never, context: never) => unknown }
  const record = (id: string, judgement: unknown): void => {
    for (const item of Array.isArray(judgement) ? judgement : [judgement])
      if (typeof item?.outcome === 'string') reached.add(`${id} ${item.outcome}`)
  }
  return {
    ...original,
    defineCheck: () => (check: Defined) => {
      const defined = (original.defineCheck() as unknown as (check: Defined) => Defined)(check)
      return {
        ...defined,
        judge: (facts: never, context: never) => {
          const judgement = defined.judge(facts, context)
          record(check.id, judgement)
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
  writeFileSync(join(folder, `${name}.json`), JSON.stringify([...reached].sort()))
})
