// Timed requests: what this program itself held up is not the server's, and where that cannot be told apart it is said.
import { expect, test } from 'vitest'
import { observed } from '../../src/core/fact.ts'
import type { CollectContext } from '../../src/facts/definition.ts'
import samples, { type Samples } from '../../src/facts/http/samples.ts'
import { fakeClock } from '../support/fake-clock.ts'

const url = 'https://example.com/'
const at = '2026-11-25T00:00:00Z'

type Answer = { took: number; stalled?: number }

/** The `nth` request (from 1) is answered so; the others after 30 ms. */
const collect = async (answer: (nth: number) => Answer | undefined): Promise<Samples & { asked: number }> => {
  let asked = 0
  let stalls: { at: number; ms: number }[] = []
  const clock = {
    ...fakeClock(),
    attended: () => asked,
    stalledSince: (since: number) => stalls.reduce((sum, stall) => (stall.at > since ? sum + stall.ms : sum), 0),
    sleep: async () => {
      stalls = []
    },
  }
  const context = {
    target: { domain: 'example.com' },
    config: { routes: [] },
    need: async () => observed({ hops: [{ url }], ended: 'answer' }, at),
    now: () => at,
    signal: new AbortController().signal,
    net: {
      options: { clock },
      async http() {
        const { took, stalled = 0 } = answer(++asked) ?? { took: 30 }
        if (stalled) stalls.push({ at: asked, ms: stalled })
        return observed({ hops: [{ url, timing: { dns: 5, tcp: 5, tls: 5, total: took + 15 } }], ended: 'answer' }, at)
      },
    },
  } as unknown as CollectContext
  const fact = await samples.collect({ kind: 'route', name: url }, context)
  if (!fact.ok) throw new Error(fact.message)
  return { ...fact.value, asked }
}

test('a server that is slow once is timed so', async () => {
  const seen = await collect(nth => (nth === 3 ? { took: 1_900 } : undefined))
  expect(seen.milliseconds).toEqual([30, 30, 1_900, 30, 30, 30, 30, 30, 30, 30])
  expect(seen.atMost).toBeUndefined()
  expect(seen.asked).toBe(10)
})

test('a stall that changes nothing of the verdict is left out', async () => {
  const seen = await collect(nth => (nth === 3 ? { took: 30, stalled: 700 } : undefined))
  expect(Math.max(...seen.milliseconds)).toBe(30)
  expect(seen.atMost).toBeUndefined()
})

test('where a stall may hide a spike, or be one, another round is taken, and what stays open is said', async () => {
  const once = await collect(nth =>
    nth === 3 ? { took: 700, stalled: 1_200 } : nth === 13 ? { took: 1_900 } : undefined,
  )
  expect(once.asked).toBe(20)
  expect(Math.max(...once.milliseconds)).toBe(1_900)
  expect(once.atMost).toBeUndefined()
  const always = await collect(() => ({ took: 700, stalled: 1_200 }))
  expect(always.asked).toBe(50)
  expect(Math.max(...always.atMost!)).toBeGreaterThanOrEqual(1_900)
})
