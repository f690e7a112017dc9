// The month as the dashboard and the checks show it, against what the raw looks alone make of it: through the loop's reckoning, the store and its roll-ups.
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { createBoardReader } from '../../src/monitor/board.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import { readingOf } from '../../src/monitor/reading.ts'
import { monthOf, type Span } from '../../src/monitor/store.ts'
import { afterLook, firstState } from '../../src/monitor/transition.ts'
import { believedTimes, type RawLook } from './reference.ts'

const minute = 60_000
const hour = 60 * minute
/** So near the end of a month that most of the histories below lead into the next. */
const start = Date.UTC(2026, 10, 30, 20)

/** Milliseconds of `from`…`to` that lie within one of `windows`. */
const within = (windows: readonly { from: number; to: number }[], from: number, to: number): number =>
  windows.reduce((sum, window) => sum + Math.max(0, Math.min(to, window.to) - Math.max(from, window.from)), 0)

/** The month up to its last look, by the raw looks. */
const reference = (looks: readonly RawLook[], windows: readonly { from: number; to: number }[]) => {
  const sum = { upMs: 0, downMs: 0, unknownMs: 0, maintenanceMs: 0 }
  const month = monthOf(looks.at(-1)!.at)
  for (const { state, ...time } of believedTimes(looks, start)) {
    const from = Math.max(time.from, month.from)
    if (from >= time.to) continue
    const planned = within(windows, from, time.to)
    sum.maintenanceMs += planned
    sum[state === 'down' ? 'downMs' : state === 'unknown' ? 'unknownMs' : 'upMs'] += time.to - from - planned
  }
  return sum
}

const look = fc.record({
  after: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 9_000, max: 90_000 }) },
    fc.integer({ min: 200_000, max: 3 * hour }),
  ),
  state: fc.oneof({ weight: 3, arbitrary: fc.constant('up' as const) }, fc.constantFrom('down', 'unknown')),
})
const history = fc.record({
  looks: fc.array(look, { minLength: 1, maxLength: 80 }),
  windows: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 3 }),
})

it('the month is exact to the millisecond, whatever was seen', async () => {
  const store = await openStore(':memory:', { cwd: '/', clock: { now: () => start }, watches: true })
  onTestFinished(() => store.close())
  let run = 0
  const property = fc.asyncProperty(history, async given => {
    let at = start
    // The last look is up, so that nothing is left open.
    const looks = [...given.looks, { after: minute, state: 'up' as const }].map(({ after, state }): RawLook => {
      at += after
      return { at, state }
    })
    const windows = given.windows
      .sort((a, b) => a - b)
      .map(nth => ({ from: start + nth * hour + 1_234, to: start + nth * hour + 30 * minute }))
    // A monitor for each history: those before it are retired, and not shown.
    const name = `app ${run++}`
    const row = { name, kind: 'http' as const, target: 'https://app.example.com/', intervalMs: minute, expects: [] }
    await store.setMonitors([row], start)
    let state = firstState(name, start)
    const spans: Span[] = []
    for (const { at: seenAt, state: seen } of looks) {
      const moved = afterLook(
        state,
        { at: seenAt, state: seen, latencyMs: null, detail: seen, address: null },
        { intervalMs: minute, confirm: { down: 2, up: 1 }, windows },
      )
      state = moved.row
      spans.push(...moved.spans)
    }
    await store.apply({ states: [state], spans })
    const expected = reference(looks, windows)
    const [read] = (await readingOf(store, at)).monitors
    expect(read!.month).toMatchObject(expected)
    const [shown] = (await createBoardReader(() => store, { target: 99.9 })(at)).monitors
    const seen = expected.upMs + expected.downMs
    expect(shown!.month.unknownMs).toBe(expected.unknownMs)
    expect(shown!.month.percent).toBe(seen === 0 ? null : (expected.upMs / seen) * 100)
  })
  await fc.assert(property, { numRuns: 60 })
})
