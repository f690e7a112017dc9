import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/net/clock.ts'
import { fakeClock } from '../support/fake-clock.ts'

describe('the clock of the machine', () => {
  it('calls once after the time, unless taken back', async () => {
    const called: string[] = []
    systemClock.after(1, () => called.push('kept'))
    systemClock.after(1, () => called.push('taken back'))()
    await systemClock.sleep(20)
    expect(called).toEqual(['kept'])
  })
  it('wakes at once when the signal is aborted, before or during', async () => {
    const abort = new AbortController()
    const asleep = systemClock.sleep(2 ** 40, abort.signal)
    abort.abort()
    await asleep
    await systemClock.sleep(2 ** 40, abort.signal)
  })
})

describe('the clock of tests', () => {
  it('stands still until it is turned, then runs what is due in its order', async () => {
    const clock = fakeClock()
    const seen: [string, number][] = []
    const note = (name: string) => seen.push([name, clock.elapsed()])
    clock.after(20, () => note('second'))
    clock.after(10, () => {
      note('first')
      clock.after(5, () => note('nested'))
    })
    void clock.sleep(30).then(() => note('slept'))
    await clock.turn(9)
    expect(seen).toEqual([])
    await clock.turn(21)
    expect(seen).toEqual([
      ['first', 10],
      ['nested', 15],
      ['second', 20],
      ['slept', 30],
    ])
    expect(clock.now()).toBe(Date.UTC(2026, 10, 25) + 30)
  })
})
