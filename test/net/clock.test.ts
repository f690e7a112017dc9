import { describe, expect, it } from 'vitest'
import { wasStarved } from '../../src/core/clock.ts'
import { createClock, type Machine, systemClock } from '../../src/net/clock.ts'
import { fakeClock } from '../support/fake-clock.ts'

describe('the clock of the machine', () => {
  it('calls once after the time, unless taken back', async () => {
    const called: string[] = []
    systemClock.after(1, () => called.push('taken back'))()
    systemClock.after(1, () => called.push('kept'))
    // However busy the machine is: what is due later is called later.
    await new Promise<void>(resolve => systemClock.after(20, resolve))
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

/** A machine that a test turns: `turn` runs what is due in its order, `block` is time in which nothing runs, spent on work of ours or of others. */
const machine = () => {
  let at = 0
  let work = 0
  let order = 0
  const due = new Map<number, { at: number; run: () => void }>()
  const arrivals = new Set<() => void>()
  const timer: Machine['timer'] = (milliseconds, run) => {
    const id = order++
    due.set(id, { at: at + milliseconds, run })
    return () => due.delete(id)
  }
  const every: Machine['every'] = (milliseconds, run) => {
    let cancel = (): void => {}
    const again = (): void => {
      cancel = timer(milliseconds, () => {
        again()
        run()
      })
    }
    again()
    return () => cancel()
  }
  /** One turn of the event loop: timers, what has arrived, then what waited for that. */
  const loop = (): void => {
    for (const [id, item] of [...due].sort(([a, x], [b, y]) => x.at - y.at || a - b))
      if (item.at <= at && due.delete(id)) item.run()
    for (const run of [...arrivals]) if (arrivals.delete(run)) run()
  }
  return {
    clock: createClock({
      now: () => at,
      elapsed: () => at,
      work: () => work,
      timer,
      every,
      afterArrivals(run) {
        arrivals.add(run)
        return () => arrivals.delete(run)
      },
    }),
    beats: () => due.size,
    turn(milliseconds: number): void {
      for (const end = at + milliseconds; at < end; ) {
        at += 1
        loop()
      }
    },
    block(milliseconds: number, ofOurs = 0): void {
      at += milliseconds
      work += ofOurs
      loop()
    },
  }
}

describe('time without a turn', () => {
  it('does not count against a deadline, however long it was and whatever it was', () => {
    const { clock, turn, block } = machine()
    let late = false
    clock.after(1_000, () => {
      late = true
    })
    turn(400)
    block(60_000)
    turn(300)
    block(5_000, 5_000)
    turn(200)
    expect(late).toBe(false)
    turn(60)
    expect(late).toBe(true)
    expect(clock.elapsed()).toBe(65_960)
    expect(clock.attended()).toBeGreaterThan(990)
    expect(clock.attended()).toBeLessThan(1_050)
  })

  it('is no part of a wait: what began after it has its whole time', () => {
    const { clock, turn, block } = machine()
    clock.after(100_000, () => {})
    block(3_000)
    const since = clock.attended()
    turn(200)
    expect(clock.stalledSince(since)).toBe(0)
    expect(clock.stalledSince(0)).toBeGreaterThan(2_900)
  })

  it('says nothing of whom we waited for where it was a good part, a smaller one where times are fine', () => {
    const said = (most?: number) => wasStarved({ attended: () => 3_000, stalledSince: () => 1_000 }, 0, most)
    expect(said()).toBe(false)
    expect(said(1 / 5)).toBe(true)
    expect(wasStarved({ attended: () => 1_000, stalledSince: () => 1_000 }, 0)).toBe(true)
  })

  it('is starvation only where others had the processor', () => {
    const { clock, turn, block } = machine()
    clock.after(100_000, () => {})
    turn(100)
    block(2_000, 2_000)
    expect(clock.starved()).toBe(0)
    block(2_000, 500)
    expect(clock.starved()).toBeGreaterThan(1_400)
    expect(clock.starved()).toBeLessThan(1_500)
  })

  it('what arrived while the deadline passed is delivered first', () => {
    const { clock, block } = machine()
    const seen: string[] = []
    const cancel = clock.after(30, () => seen.push('late'))
    // The answer that this turn of the loop reads takes the deadline back.
    clock.after(20, () => {
      seen.push('answer')
      cancel()
    })
    block(35)
    expect(seen).toEqual(['answer'])
  })

  it('is watched as long as somebody waits, and no longer', () => {
    const { clock, turn, beats } = machine()
    const cancel = clock.after(500, () => {})
    clock.after(100, () => {})
    expect(beats()).toBe(3)
    turn(150)
    cancel()
    cancel()
    expect(beats()).toBe(0)
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
