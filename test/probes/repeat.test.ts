// How often probes are looked at, and when that ends.
import { describe, expect, it } from 'vitest'
import type { Network } from '../../src/net/network.ts'
import { failed, ok } from '../../src/probes/probe.ts'
import { type Look, type RepeatOptions, repeatUntilOk } from '../../src/probes/repeat.ts'
import { fakeClock } from '../support/fake-clock.ts'

const run = async (looks: Look[], given: Partial<RepeatOptions> = {}) => {
  const clock = fakeClock()
  const pauses: number[] = []
  const lefts: number[] = []
  let closed = 0
  const results = await repeatUntilOk(looks, {
    connect: left => {
      lefts.push(left)
      return { close: async () => void closed++ } as unknown as Network
    },
    deadline: 60_000,
    interval: 1_000,
    clock: {
      elapsed: clock.elapsed,
      sleep: ms => {
        pauses.push(ms)
        return clock.turn(ms)
      },
    },
    signal: new AbortController().signal,
    ...given,
  })
  return { results, pauses, lefts, closed }
}
/** Fails so many times, then passes. */
const passesAfter = (misses: number): Look => {
  let looks = 0
  return async () => (looks++ < misses ? failed('not yet') : ok('there'))
}

describe('looking again', () => {
  it('doubles the pause to 15 seconds, on a network of its own each time, until the deadline', async () => {
    const { results, pauses, lefts, closed } = await run([passesAfter(99)])
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
    expect(lefts.at(0)).toBe(60_000)
    expect(lefts.at(-1)).toBe(0)
    expect(closed).toBe(lefts.length)
    expect(results).toMatchObject([{ tries: 8, result: { state: 'failed' } }])
  })
  it('does not look again at what passed, nor at what is final', async () => {
    const missed: number[] = []
    const final: Look = async () => ({ ...failed('accepts forgeries'), final: true })
    const { results } = await run([passesAfter(0), passesAfter(2), final], { onMiss: index => void missed.push(index) })
    expect(results.map(({ tries, result }) => [tries, result?.state])).toEqual([
      [1, 'ok'],
      [3, 'ok'],
      [1, 'failed'],
    ])
    expect(missed).toEqual([1, 2, 1])
  })
  it('ends with an interrupt, and says what was never looked at', async () => {
    expect((await run([passesAfter(0)], { signal: AbortSignal.abort() })).results).toEqual([
      { result: null, tries: 0, ms: 0 },
    ])
  })
  it('looks once without a deadline', async () => {
    expect((await run([passesAfter(1)], { deadline: 0 })).results).toMatchObject([{ tries: 1 }])
  })
})
