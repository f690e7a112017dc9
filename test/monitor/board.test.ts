// What the dashboard and the checks read from a store, against one that is filled by hand.
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createBoardReader, readCurve } from '../../src/monitor/board.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import { readingOf, readStore } from '../../src/monitor/reading.ts'
import type { Incident, NewMessage, Result, Span, StateRow, Store } from '../../src/monitor/store.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const now = Date.UTC(2026, 10, 25, 12)

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:', { cwd: '/', clock: { now: () => now }, watches: true })
  onTestFinished(() => store.close())
})

const row = (name: string) => ({
  ...{ name, kind: 'http' as const, target: `https://${name}.example.com/` },
  ...{ intervalMs: minute, expects: [] },
})

const state = (monitor: string, given: Partial<StateRow> = {}): StateRow => ({
  ...{ monitor, state: 'up', since: now - hour, lookedAt: now - minute, latencyMs: 40, detail: '200 in 40 ms' },
  ...{ address: null, pending: null, accountedUntil: now, downs: [], flapping: false },
  ...given,
})

const span = (monitor: string, from: number, to: number, is: Span['state'], maintenance = false): Span => ({
  ...{ monitor, from, to, state: is, maintenance },
})

const result = (monitor: string, at: number, latencyMs: number): Result => ({
  ...{ monitor, at, seen: 'up', state: 'up', latencyMs, maintenance: false },
})

const incident = (given: Partial<Incident> = {}): Incident => ({
  ...{ id: 'i-1', cause: 'monitor:app', state: 'down', title: 'app is down', since: now - 10 * minute },
  ...{ openedAt: now - 9 * minute, resolvedAt: null, acknowledgedAt: null, acknowledgedBy: null, remindedAt: null },
  deploy: null,
  parts: [{ monitor: 'app', state: 'down', since: now - 10 * minute, until: null, detail: '502 in 9 ms' }],
  ...given,
})

const message = (id: string, channel: string): NewMessage => ({
  ...{ id, channel, createdAt: now - 9 * minute, dueAt: now - 9 * minute },
  body: {
    ...{ event: 'down', monitor: 'app', state: 'down', since: now - 10 * minute, incident: 'i-1' },
    ...{ title: 'DOWN: app', text: 'Down.' },
  },
})

const boardAt = (at: number, target = 99.9) => createBoardReader(() => store, { target })(at)

describe('the board', () => {
  it('of an empty store says that nothing is watched', async () => {
    expect(await boardAt(now)).toMatchObject({ monitors: [], incidents: [], alerts: [], events: [], watcherAt: null })
  })

  it('marks each of 90 days by the worst that was seen, and counts the month to the millisecond', async () => {
    await store.setMonitors([row('app')], now - 90 * day)
    const today = Math.floor(now / day) * day
    await store.apply({
      states: [state('app')],
      spans: [
        span('app', today - 4 * day, today - 3 * day, 'up'),
        span('app', today - 3 * day, today - 3 * day + 90 * minute, 'down'),
        span('app', today - 3 * day + 90 * minute, today - 2 * day, 'up'),
        span('app', today - 2 * day, today - 2 * day + 5 * minute, 'degraded'),
        span('app', today - 2 * day + 5 * minute, today - day, 'up'),
        span('app', today - day, today, 'unknown'),
        span('app', today, now, 'up', true),
      ],
    })
    const [app] = (await boardAt(now)).monitors
    expect(app!.days).toHaveLength(90)
    expect(app!.days.slice(-5)).toBe('udgnu')
    expect(app!.days.slice(0, 85)).toBe('-'.repeat(85))
    expect(app!.downMs90).toBe(90 * minute)
    // Up and degraded of what was seen: three days less an hour and a half; unknown and maintenance stand apart.
    expect(app!.percent90).toBeCloseTo((100 * (3 * 24 * 60 - 90)) / (3 * 24 * 60), 6)
    // 99.9 % of 30 days leave 43 minutes and 12 seconds.
    expect(app!.month.leftMs).toBeLessThan(0)
    expect(app!.month.unknownMs).toBe(day)
  })

  it('tells waiting, stale and looked at apart', async () => {
    await store.setMonitors([row('new'), row('old'), row('app')], now - day)
    await store.apply({ states: [state('app'), state('old', { lookedAt: now - hour })] })
    const { monitors } = await boardAt(now)
    expect(Object.fromEntries(monitors.map(({ name, state: is }) => [name, is]))).toEqual({
      ...{ new: 'waiting', old: 'stale', app: 'up' },
    })
  })

  it('leaves out what the config has no more', async () => {
    await store.setMonitors([row('app'), row('gone')], now - day)
    await store.setMonitors([row('app')], now - hour)
    expect((await boardAt(now)).monitors.map(({ name }) => name)).toEqual(['app'])
  })

  it('names the worst monitor of the month', async () => {
    await store.setMonitors([row('app'), row('api')], now - day)
    await store.apply({
      states: [state('app'), state('api')],
      spans: [
        span('app', now - 2 * hour, now, 'up'),
        span('api', now - 2 * hour, now - hour, 'down'),
        span('api', now - hour, now, 'up'),
      ],
    })
    const { month } = await boardAt(now)
    expect(month).toMatchObject({ worst: 'api', percent: 75 })
    expect(month.leftMs).toBeLessThan(-16 * minute)
  })

  it('says in words what was seen, and what became of each alert', async () => {
    await store.setMonitors([row('app')], now - day)
    await store.apply({
      states: [state('app', { state: 'down', detail: '502 in 9 ms' })],
      incidents: [incident()],
      messages: [message('m-1', 'team')],
    })
    await store.attempted('m-1', { at: now - 8 * minute, ok: false, answer: '503', ms: 12 }, now - 7 * minute)
    await store.attempted('m-1', { at: now - 7 * minute, ok: true, answer: '200 ok', ms: 9 }, now - 7 * minute)
    const board = await boardAt(now)
    expect(board.incidents[0]!.parts[0]!.detail).toBe(
      'the front server is there, but the application behind it gives no answer (502 in 9 ms)',
    )
    expect(board.alerts).toMatchObject([
      { channel: 'team', status: 'delivered', attempts: [{ ok: false, answer: '503' }, { ok: true }] },
    ])
  })

  it('has the median and the p95 of the last day alone', async () => {
    await store.setMonitors([row('app')], now - 3 * day)
    const looks = (from: number, ms: number) =>
      Array.from({ length: 60 }, (_, at) => result('app', from + at * minute, ms))
    await store.apply({
      states: [state('app')],
      results: [...looks(now - 2 * day, 5_000), ...looks(now - 2 * hour, 100)],
      spans: [span('app', now - 2 * day, now - 2 * day + hour, 'up'), span('app', now - 2 * hour, now - hour, 'up')],
    })
    const [app] = (await boardAt(now)).monitors
    expect(app!.p50).toBeGreaterThan(95)
    expect(app!.p95).toBeLessThan(106)
    const curve = await readCurve(store, 'app', now)
    expect(curve.at.length).toBe(curve.p95.length)
    expect(Math.max(...curve.p95.map(value => value ?? 0))).toBeGreaterThan(4_700)
  })

  it('keeps what changes seldom for a minute, and reads the rest anew', async () => {
    await store.setMonitors([row('app')], now - day)
    const read = createBoardReader(() => store, { target: 99.9 })
    await store.apply({ states: [state('app')] })
    expect((await read(now)).monitors[0]!.state).toBe('up')
    await store.apply({ states: [state('app', { state: 'down' })] })
    expect((await read(now + 1_000)).monitors[0]!.state).toBe('down')
  })
})

describe('the reading for checks', () => {
  it('is null where there is no store yet', async () => {
    const clock = { now: () => now } as never
    expect(await readStore('nowhere/monitor.sqlite', { cwd: '/nonexistent', clock })).toBe(null)
  })

  it('counts failures of a channel since its last delivery, and keeps no word that proves', async () => {
    await store.setMonitors([row('app')], now - day)
    await store.apply({
      states: [state('app')],
      spans: [span('app', now - hour, now - minute, 'up'), span('app', now - minute, now, 'down')],
      messages: [message('m-1', 'team'), message('m-2', 'team')],
    })
    const failedAt = (at: number) => ({ at, ok: false, answer: '503 busy', ms: 5 })
    await store.attempted('m-1', { at: now - 9 * minute, ok: true, answer: '200 ok', ms: 5 }, now)
    await store.attempted('m-2', failedAt(now - 8 * minute), now)
    await store.attempted('m-2', failedAt(now - 7 * minute), now)
    await store.saveProof({
      ...{ channel: 'team', nonce: 'secret-word', sentAt: now - hour, acceptedAt: now - hour, answer: '200' },
      ...{ seenAt: null, seenBy: null },
    })
    const reading = await readingOf(store, now)
    expect(reading.channels).toEqual([{ name: 'team', failures: 2, lastAnswer: '503 busy', delivered: 1 }])
    expect(reading.monitors[0]!.month).toMatchObject({ upMs: hour - minute, downMs: minute, unknownMs: 0 })
    expect(JSON.stringify(reading)).not.toContain('secret-word')
  })
})
