// What happens to a watcher that nobody plans for: its clock is set, its file is destroyed while it runs, the night of the clock change.
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/monitor/open-store.ts'
import { StoreError } from '../../src/monitor/sql.ts'
import { uptimeOf } from '../../src/monitor/store.ts'
import { failed } from '../../src/probes/probe.ts'
import { start, watching } from './support.ts'

const minute = 60_000
const hour = 60 * minute
const down = failed('500 in 12 ms')

describe('a clock that is set', () => {
  it.each([
    ['two hours forwards', 2 * hour],
    ['two hours back', -2 * hour],
    ['a day back', -24 * hour],
    ['a second back', -1_000],
  ])('%s stops no look, tells nothing and makes no time up', async (_, jump) => {
    const world = await watching()
    await world.turn(30 * minute)
    world.clock.jump(jump)
    await world.turn(30 * minute)
    expect(world.sent).toEqual([])
    // The first look, and one at each point of the grid.
    expect(await world.store.results('app', {})).toHaveLength(1 + 60)
    const uptime = uptimeOf(await world.store.rollups('day', { from: 0, to: start * 2 }))
    expect(uptime.downMs).toBe(0)
    // What lies between is not seen; nothing is counted twice, and never more than has passed.
    expect(uptime.upMs).toBeLessThanOrEqual(hour)
    expect(uptime.upMs).toBeGreaterThanOrEqual(28 * minute)
    if (jump > minute) expect(uptime.unknownMs).toBeGreaterThan(jump - 3 * minute)
    for (const { upMs, downMs, unknownMs } of await world.store.rollups('hour', { from: 0, to: start * 2 }))
      expect(upMs + downMs + unknownMs).toBeLessThanOrEqual(hour)
  })

  it.each([
    ['forwards', 5 * hour],
    ['back', -5 * hour],
  ])('%s in an outage: it is told once, and its end too', async (_, jump) => {
    const world = await watching()
    await world.turn(10 * minute)
    world.sees.set('app', down)
    await world.turn(5 * minute)
    expect(world.events()).toEqual(['down'])
    world.clock.jump(jump)
    await world.turn(5 * minute)
    world.sees.clear()
    await world.turn(5 * minute)
    expect(world.events().filter(event => event !== 'reminder')).toEqual(['down', 'up'])
    expect((await world.store.incidents({})).map(({ resolvedAt }) => resolvedAt !== null)).toEqual([true])
    for (const { message } of world.sent) expect(message.text).not.toMatch(/-\d+ (?:seconds|minutes|h|days)|NaN/)
  })
})

it('a second outage after the clock was set back is told too, and so are escalations', async () => {
  const world = await watching({ channels: [{ name: 'team' }, { name: 'phone', afterMs: 10 * minute }] })
  await world.turn(10 * minute)
  world.sees.set('app', down)
  await world.turn(5 * minute)
  world.clock.jump(-5 * hour)
  await world.turn(2 * minute)
  world.sees.clear()
  await world.turn(15 * minute)
  world.sees.set('app', down)
  await world.turn(15 * minute)
  world.sees.clear()
  await world.turn(15 * minute)
  const told = (channel: string) =>
    world.sent.flatMap(({ channel: of, message: { event } }) => (of === channel && event !== 'reminder' ? [event] : []))
  expect(told('team')).toEqual(['down', 'up', 'down', 'up'])
  expect(told('phone')).toEqual(['down', 'up', 'down', 'up'])
  expect(new Set(world.sent.map(({ message }) => message.incident)).size).toBe(2)
})

describe('the night on which clocks are changed', () => {
  // Berlin: 25 October 2026, 03:00 becomes 02:00 again; 28 March 2027, 02:00 becomes 03:00.
  it.each([
    ['in autumn', Date.UTC(2026, 9, 24, 23), 30],
    ['in spring', Date.UTC(2027, 2, 27, 23), 30],
  ])('%s a window of maintenance is there once, and looks go on each minute', async (_, startAt, windowMinutes) => {
    const world = await watching({
      startAt,
      section: { maintenance: [{ from: '02:30', for: '30m', zone: 'Europe/Berlin' }] },
    })
    world.sees.set('app', down)
    await world.turn(5 * hour)
    const looks = await world.store.results('app', {})
    expect(looks.length).toBeGreaterThanOrEqual(5 * 60)
    const gaps = looks.slice(1).map((look, nth) => look.at - looks[nth]!.at)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(minute + 1_000)
    const uptime = uptimeOf(await world.store.rollups('day', { from: 0, to: startAt * 2 }))
    expect(uptime.maintenanceMs).toBeGreaterThanOrEqual((windowMinutes - 1) * minute)
    expect(uptime.maintenanceMs).toBeLessThanOrEqual((windowMinutes + 1) * minute)
  })
})

describe('a store that is destroyed while it is watched', () => {
  it('is begun anew in the loop: what is open and what was not written goes on', async () => {
    const fresh = await openStore(':memory:', { cwd: '/', clock: { now: () => start }, watches: true })
    let isBroken = false
    const world = await watching({
      wrap: store => ({
        ...store,
        apply: change =>
          isBroken ? Promise.reject(new StoreError('corrupt', 'the file is damaged.')) : store.apply(change),
      }),
      renew: async () => fresh,
    })
    await world.turn(5 * minute)
    world.sees.set('app', down)
    await world.turn(3 * minute)
    isBroken = true
    await world.turn(3 * minute)
    world.sees.clear()
    await world.turn(3 * minute)
    expect(world.events()).toEqual(['down', 'up'])
    expect(world.said.filter(line => line.includes('damaged'))).toHaveLength(1)
    expect(world.store).toBe(fresh)
    expect((await fresh.results('app', {})).length).toBeGreaterThanOrEqual(5)
    expect((await fresh.incidents({})).map(({ resolvedAt }) => resolvedAt !== null)).toEqual([true])
  })

  it('is noticed in a real file, kept aside and begun anew when it is opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'monitor-broken-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'monitor.sqlite')
    const said: string[] = []
    const open = () =>
      openStore(path, { cwd: folder, clock: { now: () => start }, watches: true, say: line => said.push(line) })
    let store = await open()
    for (let nth = 0; nth < 60; nth++)
      await store.addEvent(
        {
          ...{ id: `e${nth}`, at: start + nth, kind: 'note', status: null, commit: null },
          ...{ text: 'x'.repeat(4_000), by: null, link: null },
        },
        [],
      )
    await store.close()
    store = await open()
    const { size } = statSync(path)
    // Every page but the first: as a disk does that fails.
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(size - 4_096, 0xff), 0, size - 4_096, 4_096)
    closeSync(file)
    await expect(store.events({ limit: 1_000 })).rejects.toMatchObject({ fault: 'corrupt' })
    await store.close()
    store = await open()
    onTestFinished(() => store.close())
    expect(await store.events({ limit: 10 })).toEqual([])
    expect(said.join('\n')).toMatch(/is damaged .*It is kept as .*monitor\.sqlite\.damaged-/)
    expect(readdirSync(folder).some(name => name.startsWith('monitor.sqlite.damaged-'))).toBe(true)
  })
})
