// What timed out is looked at again, with more time and in its turn, before anything is said of it.
import { describe, expect, it } from 'vitest'
import { type Fact, missing, observed } from '../../src/core/fact.ts'
import { limits } from '../../src/data/limits.ts'
import { createLife } from '../../src/net/life.ts'
import { createLimiter } from '../../src/net/limits.ts'
import { createSecondLook } from '../../src/net/second-look.ts'
import { createSilence } from '../../src/net/silence.ts'
import { fakeClock } from '../support/fake-clock.ts'

const late = () => missing('timeout', 'it does not answer')

const make = (busy = false) => {
  const clock = fakeClock()
  if (busy) clock.stall(10_000)
  const silence = createSilence(clock)
  const life = createLife(new AbortController().signal)
  let controls = 0
  const control = async () => {
    controls += 1
  }
  return { clock, silence, life, look: createSecondLook({ clock, silence, life, control }), controls: () => controls }
}

/** An attempt that takes its whole time and fails, each time unless told otherwise. */
const waiting = (clock: ReturnType<typeof fakeClock>, seen: number[], second: Fact<string> = late()) => {
  return async (timeoutMs: number, isSecond: boolean): Promise<Fact<string>> => {
    seen.push(timeoutMs)
    await clock.sleep(timeoutMs)
    return isSecond ? second : late()
  }
}

describe('a second look', () => {
  it('is taken at what timed out, with more time, and what it sees counts', async () => {
    const { clock, look, controls } = make()
    const seen: number[] = []
    const looked = look({ key: 'a', timeoutMs: 100 }, waiting(clock, seen, observed('up', '')))
    await clock.turn(100 + 100 * limits.secondLookFactor)
    expect(await looked).toMatchObject({ ok: true, value: 'up' })
    expect(seen).toEqual([100, 100 * limits.secondLookFactor])
    // Once while the first look waits, and once beside the second.
    expect(controls()).toBe(2)
  })

  it('is not taken at an answer, a refusal, or what was looked at twice', async () => {
    const { look, silence } = make()
    let attempts = 0
    for (const fact of [observed('up', ''), missing('refused', 'no'), silence.weigh('a', 0, late())]) {
      await look({ key: 'a', timeoutMs: 100 }, async () => {
        attempts += 1
        return fact
      })
    }
    expect(attempts).toBe(3)
  })

  it('says timeout where others answered meanwhile, and that it proves nothing where none did', async () => {
    const { clock, look, silence } = make()
    silence.heard('other')
    const down = look({ key: 'a', timeoutMs: 100 }, waiting(clock, []))
    await clock.turn(200)
    silence.heard('other')
    await clock.turn(100)
    expect(await down).toMatchObject({ ok: false, reason: 'timeout' })
    const alone = look({ key: 'b', timeoutMs: 100 }, waiting(clock, []))
    await clock.turn(300)
    expect(await alone).toMatchObject({ ok: false, reason: 'unproven' })
  })

  it('says that it proves nothing where this program had no turns', async () => {
    const { clock, look } = make(true)
    const looked = look({ key: 'a', timeoutMs: 100 }, waiting(clock, []))
    await clock.turn(300)
    expect(await looked).toMatchObject({ ok: false, reason: 'unproven', cause: { kind: 'busy' } })
  })

  it.each([
    [false, limits.secondLooks],
    [true, 1],
  ])('busy %s: %i at once', async (busy, atOnce) => {
    const { clock, look } = make(busy)
    const seen: number[] = []
    const all = Array.from({ length: 20 }, (_, at) => look({ key: `${at}`, timeoutMs: 100 }, waiting(clock, seen)))
    await clock.turn(100)
    expect(seen.filter(timeoutMs => timeoutMs > 100)).toHaveLength(atOnce)
    await clock.turn(200 * 20)
    await Promise.all(all)
    expect(seen).toHaveLength(40)
  })

  it('is not taken again and again where it sees no more', async () => {
    const { clock, look, silence } = make()
    silence.heard('a')
    const seen: number[] = []
    for (let nth = 0; nth < limits.vainLooks + 2; nth++) {
      const looked = look({ key: 'a', timeoutMs: 100 }, waiting(clock, seen))
      await clock.turn(300)
      expect(await looked).toMatchObject({ ok: false, reason: 'timeout' })
    }
    expect(seen.filter(timeoutMs => timeoutMs > 100)).toHaveLength(limits.vainLooks)
  })

  it('at one endpoint that never answered is taken by one for all who wait', async () => {
    const { clock, look, silence } = make()
    const seen: number[] = []
    const attempt = async (timeoutMs: number, isSecond: boolean): Promise<Fact<string>> => {
      seen.push(timeoutMs)
      await clock.sleep(timeoutMs)
      return silence.silent('a', 0, late(), isSecond) ?? late()
    }
    const all = Array.from({ length: 5 }, () => look({ key: 'a', timeoutMs: 100 }, attempt))
    await clock.turn(300)
    expect(new Set((await Promise.all(all)).map(fact => !fact.ok && fact.reason))).toEqual(new Set(['timeout']))
    expect(seen).toHaveLength(6)
  })
})

describe('a busy machine', () => {
  it('is asked less of at once, and as much as before when it has time again', async () => {
    let busy = true
    let underWay = 0
    let most = 0
    const limiter = createLimiter(40, () => busy)
    const task = async (): Promise<void> => {
      most = Math.max(most, ++underWay)
      await new Promise(done => setImmediate(done))
      underWay -= 1
    }
    const all = () => Promise.all(Array.from({ length: 60 }, () => limiter(task)))
    await all()
    expect(most).toBe(10)
    busy = false
    await all()
    expect(most).toBe(40)
  })
})
