import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { monitorSection } from '../../src/config/sections/monitor.ts'
import { planMonitors } from '../../src/monitor/plan.ts'
import { createSlots, takeDue } from '../../src/monitor/schedule.ts'
import type { MonitorState, Span, StateRow } from '../../src/monitor/store.ts'
import { afterLook, firstState } from '../../src/monitor/transition.ts'
import { cronOf, windowsOf } from '../../src/monitor/windows.ts'
import { believedTimes, type RawLook } from './reference.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 10, 1)
const rules = { intervalMs: minute, confirm: { down: 2, up: 1 }, windows: [] }

const play = (looks: readonly { at: number; state: MonitorState }[], given = rules) => {
  let row: StateRow = firstState('app', start)
  const spans: Span[] = []
  for (const { at, state } of looks) {
    const moved = afterLook(row, { at, state, latencyMs: null, detail: state, address: null }, given)
    spans.push(...moved.spans)
    row = moved.row
  }
  return { row, spans }
}

/** The same question, answered from the raw looks alone. */
const reference = (looks: readonly RawLook[]) => {
  const sum = { up: 0, down: 0, degraded: 0, unknown: 0 }
  for (const { from, to, state } of believedTimes(looks, start)) sum[state] += to - from
  return sum
}

describe('time credited to states', () => {
  it('is what a reference makes of the raw looks, to the millisecond', () => {
    const look = fc.record({
      after: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 9_000, max: 90_000 }) },
        fc.integer({ min: 200_000, max: 9_000_000 }),
      ),
      state: fc.oneof({ weight: 6, arbitrary: fc.constant('up' as const) }, fc.constant('down' as const)),
    })
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 200 }), given => {
        let at = start
        // The last look is up, so that nothing is left open.
        const looks = [...given, { after: minute, state: 'up' as const }].map(({ after, state }) => {
          at += after
          return { at, state }
        })
        const { spans } = play(looks)
        const sum = { up: 0, down: 0, degraded: 0, unknown: 0 }
        for (const { from, to, state } of spans) sum[state] += to - from
        const expected = reference(looks)
        // Before the first look nobody knows; a long wait for it changes nothing of that.
        expect(sum).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('neither overlaps nor leaves a hole, whatever the clock does', () => {
    const look = fc.record({
      step: fc.integer({ min: -hour, max: 2 * hour }),
      state: fc.constantFrom<MonitorState>('up', 'down', 'degraded', 'unknown'),
    })
    fc.assert(
      fc.property(fc.array(look, { maxLength: 100 }), given => {
        let at = start
        const looks = given.map(({ step, state }) => {
          at += step
          return { at, state }
        })
        const { spans, row } = play(looks)
        let end = start
        for (const span of spans) {
          expect(span.from).toBe(end)
          expect(span.to).toBeGreaterThan(span.from)
          end = span.to
        }
        expect(row.accountedUntil).toBe(end)
      }),
    )
  })

  it('counts a gap as unknown, not as up', () => {
    const { spans } = play([
      { at: start, state: 'up' },
      { at: start + minute, state: 'up' },
      { at: start + 61 * minute, state: 'up' },
    ])
    expect(spans.map(({ state, from, to }) => [state, to - from])).toEqual([
      ['up', minute],
      ['up', minute],
      ['unknown', 59 * minute],
    ])
  })

  it('is cut where maintenance begins and ends', () => {
    const windows = [{ from: start + 30_000, to: start + 40_000 }]
    const looks = [0, 1, 2].map(after => ({ at: start + after * minute, state: 'up' as const }))
    const { spans } = play(looks, { ...rules, windows } as never)
    expect(spans.map(({ from, to, maintenance }) => [from - start, to - start, maintenance])).toEqual([
      [0, 30_000, false],
      [30_000, 40_000, true],
      [40_000, minute, false],
      [minute, 2 * minute, false],
    ])
  })
})

describe('maintenance windows', () => {
  const weekly = { from: 'Sun 02:30', for: 30 * minute, zone: 'Europe/Berlin', monitors: ['api'] }
  const inside = (from: string, to: string, given = weekly) =>
    windowsOf('api', { recurring: [given], manual: [] }, { from: Date.parse(from), to: Date.parse(to) })

  it('come round in the zone of the config, summer and winter', () => {
    expect(inside('2026-01-04T00:00Z', '2026-01-05T00:00Z').map(({ from }) => new Date(from).toISOString())).toEqual([
      '2026-01-04T01:30:00.000Z',
    ])
    expect(inside('2026-07-05T00:00Z', '2026-07-06T00:00Z').map(({ from }) => new Date(from).toISOString())).toEqual([
      '2026-07-05T00:30:00.000Z',
    ])
  })

  it('are there once on the days on which clocks are changed', () => {
    expect(inside('2026-03-29T00:00Z', '2026-03-30T00:00Z')).toHaveLength(1)
    expect(inside('2026-10-25T00:00Z', '2026-10-26T00:00Z')).toHaveLength(1)
  })

  it('hold for their monitors alone, and those begun by hand join them', () => {
    const at = { from: Date.parse('2026-01-04T00:00Z'), to: Date.parse('2026-01-05T00:00Z') }
    expect(windowsOf('app', { recurring: [weekly], manual: [] }, at)).toEqual([])
    const manual = [{ id: 'w', from: at.from + 110 * minute, to: at.from + 150 * minute, monitors: null, note: '' }]
    expect(windowsOf('api', { recurring: [weekly], manual }, at)).toEqual([
      { from: at.from + 90 * minute, to: at.from + 150 * minute },
    ])
  })

  it('are understood in four forms, and refused in others', () => {
    for (const from of ['Sun 02:00', 'sunday 2:00', '02:00', '0 2 * * 0', '2026-12-24T22:00'])
      expect(cronOf({ from, zone: 'UTC' }), from).not.toBe(null)
    for (const from of ['at night', 'Sun', '25:99 x', '* *']) expect(cronOf({ from, zone: 'UTC' }), from).toBe(null)
  })
})

describe('the schedule', () => {
  const items = Array.from({ length: 200 }, (_, at) => ({ name: `m${at}`, intervalMs: minute }))

  it('spreads a thousand looks over the interval', () => {
    const slots = createSlots(items, 0)
    const perSecond = new Map<number, number>()
    for (const { gridAt } of slots)
      perSecond.set(Math.floor(gridAt / 1000), (perSecond.get(Math.floor(gridAt / 1000)) ?? 0) + 1)
    expect(Math.max(...perSecond.values())).toBeLessThan(20)
  })

  it('looks soon at what was never looked at and at what is overdue, beside the grid', () => {
    const looked = (name: string): number | null => (name === 'm0' ? 2 * hour - 1_000 : name === 'm1' ? hour : null)
    const slots = createSlots(items, 0, { wallNow: 2 * hour, lookedAt: looked })
    expect(slots[0]).toMatchObject({ gridAt: minute - 1_000, retryAt: null })
    for (const { gridAt, retryAt } of slots.slice(1)) {
      expect(retryAt).toBeLessThanOrEqual(10_000)
      expect(gridAt).toBeLessThanOrEqual(minute)
    }
    const few = createSlots(items.slice(0, 10), 0)
    for (const { retryAt } of few) expect(retryAt).toBeLessThanOrEqual(500)
  })

  it('makes up for nothing after a sleep, and never starts what is under way', () => {
    const slots = createSlots(items.slice(0, 1), 0)
    expect(takeDue(slots, hour)).toHaveLength(1)
    expect(takeDue(slots, hour + 2 * minute)).toHaveLength(0)
    slots[0]!.busy = false
    expect(takeDue(slots, hour + 3 * minute)).toHaveLength(1)
  })
})

describe('monitors of a config', () => {
  it('are made of what it says where it names none', () => {
    const config = configSchema.parse({
      domain: 'coach.example',
      canonical: 'https://www.coach.example',
      hosts: { app: 'app.coach.example' },
      routes: [
        { name: 'login', url: 'https://app.coach.example/login', kind: 'auth' },
        { name: 'stripe', url: 'https://api.coach.example/hook', kind: 'webhook' },
      ],
      flows: [{ name: 'sign up', steps: [{ get: 'https://app.coach.example/' }] }],
    })
    const planned = planMonitors(config, monitorSection.parse({}), 5_000)
    expect(planned.map(({ name, kind, target }) => `${kind} ${name}: ${target}`)).toEqual([
      'http website: https://www.coach.example/',
      'http app: https://app.coach.example/',
      'http login: https://app.coach.example/login',
      'http stripe: https://api.coach.example/hook',
      'tls certificate of www.coach.example: www.coach.example:443',
      'tls certificate of app.coach.example: app.coach.example:443',
      'tls certificate of api.coach.example: api.coach.example:443',
      'domain domain coach.example: coach.example',
      'flow sign up works: sign up',
    ])
  })

  it('are kept without what may be secret in an address', () => {
    const section = monitorSection.parse({
      monitors: [{ name: 'a', http: 'https://user:pass@a.example/x?key=s3cret' }],
    })
    expect(planMonitors(configSchema.parse({}), section, 5_000)[0]!.target).toBe('https://a.example/x')
  })
})

describe('the section', () => {
  const fault = (given: unknown): string => {
    const parsed = monitorSection.safeParse(given)
    return parsed.success
      ? ''
      : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')
  }
  it('takes the contract’s example', () => {
    const alerts = [
      { name: 'team', slack: 'https://hooks.slack.com/x' },
      {
        name: 'founder',
        email: 'founder@coach.example',
        from: 'alerts@coach.example',
        smtp: 'smtp://localhost',
        after: '10m',
        people: ['founder'],
      },
    ]
    const monitors = [
      { name: 'api', http: 'https://api.coach.example/health', expect: { json: { status: 'ok' } } },
      { name: 'dns', dns: 'app.coach.example A', expect: { data: ['192.0.2.10'] } },
      { name: 'nightly invoices', heartbeat: 'invoices', every: '24h', grace: '30m' },
      { name: 'errors in the log', log: '/var/log/app.log', match: 'level":50|ERROR', atMost: 5, within: '5m' },
    ]
    const maintenance = [{ from: 'Sun 02:00', for: '30m', zone: 'Europe/Berlin', monitors: ['api'] }]
    expect(fault({ interval: '1m', target: 99.9, alerts, monitors, maintenance })).toBe('')
  })
  it('says what is wrong and where', () => {
    expect(fault({ interval: '5s' })).toContain('at least 10s')
    expect(fault({ monitors: [{ name: 'a' }] })).toContain('expected one of http, tcp')
    expect(fault({ monitors: [{ name: 'a', tcp: 'db:5432', expect: { text: 'x' } }] })).toContain(
      'monitors.0.expect.text',
    )
    expect(fault({ monitors: [{ name: 'a', heartbeat: 'x' }] })).toContain('monitors.0.every')
    expect(fault({ alerts: [{ slack: 'https://a.example', email: 'a@b.example' }] })).toContain('are two')
    expect(fault({ listen: '0.0.0.0:8788' })).toContain('monitor.token')
    expect(fault({ maintenance: [{ from: '02:00', for: '1h', zone: 'Mars/Base' }] })).toContain('time zone')
  })
})
