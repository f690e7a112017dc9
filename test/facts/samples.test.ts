// Timed requests: what this program itself held up is not the server's.
import { expect, test } from 'vitest'
import { observed } from '../../src/core/fact.ts'
import type { CollectContext } from '../../src/facts/definition.ts'
import samples from '../../src/facts/http/samples.ts'

const url = 'https://example.com/'
const at = '2026-11-25T00:00:00Z'

/** Ten requests; the third one is answered by `answer`, the others after 30 ms. */
const collect = async (answer: () => Promise<void>): Promise<number[]> => {
  let nth = 0
  const context = {
    need: async () => observed({ hops: [{ url }], ended: 'answer' }, at),
    now: () => at,
    signal: new AbortController().signal,
    net: {
      async http() {
        const from = performance.now()
        await (++nth === 3 ? answer() : new Promise<void>(done => setTimeout(done, 30)))
        const total = performance.now() - from
        return observed({ hops: [{ url, timing: { dns: null, tcp: null, tls: null, total } }], ended: 'answer' }, at)
      },
    },
  } as unknown as CollectContext
  const fact = await samples.collect({ kind: 'route', name: url }, context)
  return fact.ok ? fact.value.milliseconds : []
}

test('a stall of this program is left out, a slow server is not', async () => {
  const stalled = await collect(async () => {
    await new Promise(done => setTimeout(done, 10))
    const until = performance.now() + 700
    while (performance.now() < until);
  })
  expect(stalled).toHaveLength(10)
  expect(Math.max(...stalled)).toBeLessThan(400)
  const slow = await collect(() => new Promise(done => setTimeout(done, 700)))
  expect(Math.max(...slow)).toBeGreaterThan(400)
})
