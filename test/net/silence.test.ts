// When an endpoint counts as silent, who learns of it, and what takes it back; and how a life ends.
import { describe, expect, it } from 'vitest'
import { missing } from '../../src/core/fact.ts'
import { limits } from '../../src/data/limits.ts'
import { createLife, interrupted } from '../../src/net/life.ts'
import { createSilence } from '../../src/net/silence.ts'
import { fakeClock } from '../support/fake-clock.ts'

const why = missing('timeout', 'it does not answer')

describe('silence', () => {
  it('of what never answered is certain at the second look; the verdict is the first reason', () => {
    const silence = createSilence(fakeClock())
    expect(silence.verdict('a')).toBeUndefined()
    expect(silence.silent('a', 0, why, false)).toBeUndefined()
    expect(silence.silent('a', 0, why, true)).toBe(why)
    expect(silence.verdict('a')).toBe(why)
    expect(silence.silent('a', 0, missing('timeout', 'later'), true)).toBe(why)
    expect(silence.isFinal(why)).toBe(true)
    expect(silence.verdict('b')).toBeUndefined()
  })

  it('of what has answered once needs several deadlines, one after the other, and an answer in between begins anew', async () => {
    const clock = fakeClock()
    const silence = createSilence(clock)
    expect(silence.hasSpoken('a')).toBe(false)
    silence.heard('a')
    expect(silence.hasSpoken('a')).toBe(true)
    const strike = async () => {
      await clock.turn(1)
      return silence.silent('a', clock.attended(), why, true)
    }
    for (let nth = 1; nth < limits.strikes; nth++) expect(await strike()).toBeUndefined()
    silence.heard('a')
    for (let nth = 1; nth < limits.strikes; nth++) expect(await strike()).toBeUndefined()
    expect(silence.silent('a', clock.attended() - 0.5, why, true)).toBeUndefined()
    expect(await strike()).toBe(why)
    expect(silence.verdict('a')).toBe(why)
  })

  it('is none where somebody else was answered while we waited', async () => {
    const clock = fakeClock()
    const silence = createSilence(clock)
    await clock.turn(10)
    silence.heard('a')
    for (let nth = 0; nth < 3 * limits.strikes; nth++) expect(silence.silent('a', 5, why, true)).toBeUndefined()
    expect(silence.verdict('a')).toBeUndefined()
  })

  it('proves nothing where we had no turn, or where nobody else was heard any more', async () => {
    const clock = fakeClock()
    const silence = createSilence(clock)
    silence.heard('other')
    await clock.turn(1_000)
    expect(silence.silent('a', 500, why, true)).toMatchObject({
      reason: 'unproven',
      message: 'it does not answer, and nothing else answered at that time',
    })
    silence.heard('other')
    expect(silence.silent('b', 500, why, true)).toBe(why)
    clock.stall(4_000)
    expect(silence.silent('c', 500, why, true)).toBe(why)
    await clock.turn(1)
    expect(silence.silent('d', clock.attended(), missing('timeout', 'd does not answer'), true)).toMatchObject({
      reason: 'unproven',
      message: 'd does not answer, but this program had no turn for 4.0 s of that time',
      cause: { kind: 'busy' },
    })
  })

  it('of what never answered is certain at once where somebody else answered meanwhile and we were idle', async () => {
    const clock = fakeClock()
    const silence = createSilence(clock)
    await clock.turn(1_000)
    silence.heard('other')
    expect(silence.silent('a', 500, why, false)).toBe(why)
    expect(silence.isFinal(why)).toBe(true)
    const later = missing('timeout', 'b does not answer')
    await clock.turn(1)
    // Nobody was heard in this wait; then somebody was, and we had no turn in a good part of it.
    expect(silence.silent('b', 1_000.5, later, false)).toBeUndefined()
    silence.heard('other')
    clock.stall(200)
    expect(silence.silent('b', 500, later, false)).toBeUndefined()
    silence.heard('c')
    expect(silence.silent('c', 500, later, false)).toBeUndefined()
  })

  it('tells those who watch, once, and not those who have left', () => {
    const silence = createSilence(fakeClock())
    const seen: string[] = []
    const leave = silence.watch('a', () => void seen.push('left'))
    silence.watch('a', given => void seen.push(given.message))
    silence.watch('b', () => void seen.push('of another'))
    leave()
    silence.silent('a', 0, why, true)
    silence.silent('a', 0, why, true)
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
