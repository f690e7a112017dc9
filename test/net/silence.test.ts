// When an endpoint counts as silent, who learns of it, and what takes it back; and how a life ends.
import { describe, expect, it } from 'vitest'
import { missing } from '../../src/core/fact.ts'
import { limits } from '../../src/data/limits.ts'
import { createLife, interrupted } from '../../src/net/life.ts'
import { createSilence } from '../../src/net/silence.ts'
import { fakeClock } from '../support/fake-clock.ts'

const why = missing('timeout', 'it does not answer')

describe('silence', () => {
  it('one whole deadline makes dead what never answered; the verdict is the first reason', () => {
    const silence = createSilence(fakeClock())
    expect(silence.verdict('a')).toBeUndefined()
    expect(silence.silent('a', 0, why)).toBe(true)
    expect(silence.verdict('a')).toBe(why)
    expect(silence.silent('a', 0, missing('timeout', 'later'))).toBe(true)
    expect(silence.verdict('a')).toBe(why)
    expect(silence.verdict('b')).toBeUndefined()
  })

  it('what has answered once needs several deadlines in a row, and an answer in between begins anew', async () => {
    const clock = fakeClock()
    const silence = createSilence(clock)
    expect(silence.hasSpoken('a')).toBe(false)
    silence.heard('a')
    expect(silence.hasSpoken('a')).toBe(true)
    const strike = async () => {
      await clock.turn(1)
      return silence.silent('a', clock.elapsed(), why)
    }
    for (let nth = 1; nth < limits.strikes; nth++) expect(await strike()).toBe(false)
    silence.heard('a')
    for (let nth = 1; nth < limits.strikes; nth++) expect(await strike()).toBe(false)
    expect(await strike()).toBe(true)
    expect(silence.verdict('a')).toBe(why)
  })

  it('an answer to somebody else while we waited proves that it lives', async () => {
    const clock = fakeClock()
    const silence = createSilence(clock)
    await clock.turn(10)
    silence.heard('a')
    for (let nth = 0; nth < 3 * limits.strikes; nth++) expect(silence.silent('a', 5, why)).toBe(false)
    expect(silence.verdict('a')).toBeUndefined()
  })

  it('tells those who watch, once, and not those who have left', () => {
    const silence = createSilence(fakeClock())
    const seen: string[] = []
    const leave = silence.watch('a', () => void seen.push('left'))
    silence.watch('a', given => void seen.push(given.message))
    silence.watch('b', () => void seen.push('of another'))
    leave()
    silence.silent('a', 0, why)
    silence.silent('a', 0, why)
    expect(seen).toEqual(['it does not answer'])
  })
})

describe('a life', () => {
  it('ends once, with its signal or by hand, and calls at once what comes too late', () => {
    const controller = new AbortController()
    const life = createLife(controller.signal)
    const seen: string[] = []
    const off = life.onEnd(() => void seen.push('taken back'))
    life.onEnd(() => void seen.push('first'))
    off()
    expect(life.over).toBe(false)
    controller.abort()
    life.end()
    expect(life.over).toBe(true)
    life.onEnd(() => void seen.push('late'))
    expect(seen).toEqual(['first', 'late'])
    expect(createLife(AbortSignal.abort()).over).toBe(true)
    expect(interrupted()).toMatchObject({ ok: false, reason: 'internal', message: 'interrupted' })
  })
  it('ended by hand, it does not hear its signal any more', () => {
    const controller = new AbortController()
    const life = createLife(controller.signal)
    let ends = 0
    life.onEnd(() => void ends++)
    life.end()
    controller.abort()
    expect(ends).toBe(1)
  })
})
