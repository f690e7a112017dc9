import { describe, expect, it } from 'vitest'
import { StoreError } from '../../src/monitor/sql.ts'
import { monthOf, uptimeOf } from '../../src/monitor/store.ts'
import { failed, unknown } from '../../src/probes/probe.ts'
import { start, watching } from './support.ts'

const second = 1_000
const minute = 60_000
const down = failed('500 in 12 ms')
const silent = { ...unknown('no answer in 5 s'), reason: 'timeout' as const }

describe('detection', () => {
  it('tells within one interval, one confirmation and two seconds, once', async () => {
    const world = await watching()
    await world.turn(3 * minute)
    expect(world.sent).toEqual([])
    const from = world.clock.elapsed()
    world.sees.set('app', down)
    await world.turn(10 * minute)
    expect(world.events()).toEqual(['down'])
    expect(world.sent[0]!.at - from).toBeLessThanOrEqual(minute + 10 * second + 2 * second)
    const { message } = world.sent[0]!
    expect(message).toMatchObject({ event: 'down', monitor: 'app', state: 'down' })
    expect(message.text).toContain('500 in 12 ms')
    expect(message.text).toContain('What customers see')
    expect(message.text).toContain('No deploy is known before it.')
    expect(message.text).toMatch(/I take care of it: https:\/\/status\.example\.com\/ack\/\S+\/\S{32}/)
    // No token lies in the store.
    expect((await world.store.messages({}))[0]!.body.text).toContain('{{acknowledge}}')
  })

  it('takes a single failed look for nothing', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    const results = await world.store.results('app', {})
    const next = results.at(-1)!.at - start + minute
    await world.turn(next - world.clock.elapsed() - 500)
    world.sees.set('app', down)
    await world.turn(1_000)
    world.sees.clear()
    await world.turn(10 * minute)
    expect((await world.store.results('app', {})).filter(({ seen }) => seen === 'down')).toHaveLength(1)
    expect(world.events()).toEqual([])
    const month = await world.store.rollups('day', { from: start, to: start + 86_400_000 })
    expect(uptimeOf(month).downMs).toBe(0)
  })

  it('looks on a grid that does not drift, and never twice at a time', async () => {
    const world = await watching({ names: ['a', 'b', 'c'] })
    await world.turn(60 * minute)
    for (const name of ['a', 'b', 'c']) {
      const at = (await world.store.results(name, {})).map(result => result.at)
      const [, ...onGrid] = at
      expect(onGrid).toHaveLength(60)
      expect(new Set(onGrid.map(instant => (instant - onGrid[0]!) % minute))).toEqual(new Set([0]))
    }
  })
})

describe('recoveries, reminders, escalation', () => {
  it('says that it is over, with how long it was and when', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    world.sees.set('app', down)
    await world.turn(10 * minute)
    world.sees.clear()
    await world.turn(2 * minute)
    expect(world.events()).toEqual(['down', 'up'])
    expect(world.sent[1]!.message.text).toMatch(/It was down for (9|10|11) minutes/)
  })

  it('reminds each hour until somebody takes care of it', async () => {
    const world = await watching()
    world.sees.set('app', down)
    await world.turn(150 * minute)
    expect(world.events()).toEqual(['down', 'reminder', 'reminder'])
    const [incident] = await world.store.incidents({ open: true })
    await world.store.acknowledge(incident!.id, 'Ada', world.clock.now())
    await world.turn(180 * minute)
    expect(world.events()).toEqual(['down', 'reminder', 'reminder'])
    world.sees.clear()
    await world.turn(2 * minute)
    expect(world.events().at(-1)).toBe('up')
  })

  it('calls the second channel only when nobody has acknowledged in time', async () => {
    const channels = [{ name: 'team' }, { name: 'founder', afterMs: 10 * minute }]
    const ignored = await watching({ channels })
    ignored.sees.set('app', down)
    await ignored.turn(15 * minute)
    const [first, later] = ignored.sent
    expect([first!.channel, later!.channel]).toEqual(['team', 'founder'])
    expect(later!.at - first!.at).toBeGreaterThanOrEqual(10 * minute)
    expect(later!.at - first!.at).toBeLessThan(10 * minute + 3 * second)

    const cared = await watching({ channels })
    cared.sees.set('app', down)
    await cared.turn(5 * minute)
    const [incident] = await cared.store.incidents({ open: true })
    await cared.store.acknowledge(incident!.id, 'Ada', cared.clock.now())
    await cared.turn(30 * minute)
    cared.sees.clear()
    await cared.turn(5 * minute)
    expect(cared.sent.map(({ channel, message }) => `${channel} ${message.event}`)).toEqual(['team down', 'team up'])
    expect((await cared.store.messages({ channel: 'founder' })).map(({ status }) => status)).toEqual(['cancelled'])
  })

  it('names the last deploy before it', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    await world.store.addEvent(
      {
        id: 'd1',
        at: world.clock.now(),
        kind: 'deploy',
        status: 'success',
        commit: 'abcdef1234567890',
        text: '',
        by: 'Ada',
        link: null,
      },
      [],
    )
    await world.turn(5 * second)
    world.sees.set('app', down)
    await world.turn(3 * minute)
    expect(world.sent[0]!.message.text).toMatch(
      /Last deploy before it: abcdef123456, \d+ (seconds|minutes) earlier, by Ada\./,
    )
    expect((await world.store.incidents({}))[0]!.deploy).toBe('d1')
  })
})

describe('a channel that fails for an hour', () => {
  it('gets everything afterwards, in order, once, and the history shows each attempt', async () => {
    const world = await watching({ section: { remind: '20m' } })
    await world.turn(2 * minute)
    world.answer = () => ({ ok: false, answer: '503 unavailable' })
    world.sees.set('app', down)
    await world.turn(30 * minute)
    world.sees.clear()
    await world.turn(30 * minute)
    expect(world.sent).toEqual([])
    world.answer = () => ({ ok: true, answer: '200 ok' })
    await world.turn(20 * minute)
    expect(world.events()).toEqual(['down', 'reminder', 'up'])
    expect(new Set(world.sent.map(({ message }) => message.id)).size).toBe(3)
    const [up, , first] = await world.store.messages({})
    expect(up).toMatchObject({ status: 'delivered', attempts: [{ ok: true }] })
    expect(first!.attempts.length).toBeGreaterThanOrEqual(7)
    expect(first!.attempts.slice(0, -1).every(({ ok, answer }) => !ok && answer === '503 unavailable')).toBe(true)
    expect(first!.attempts.at(-1)).toMatchObject({ ok: true, answer: '200 ok' })
    // Growing pauses, a quarter of an hour at most.
    const pauses = first!.attempts.slice(1).map(({ at }, index) => at - first!.attempts[index]!.at)
    expect(pauses[0]).toBeLessThan(12 * second)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(15 * minute + 2 * second)
  })

  it('holds up no other channel', async () => {
    const world = await watching({ channels: [{ name: 'broken' }, { name: 'team' }] })
    world.answer = channel => (channel === 'broken' ? { ok: false, answer: 'refused' } : { ok: true, answer: 'ok' })
    world.sees.set('app', down)
    await world.turn(10 * minute)
    expect(world.sent.map(({ channel }) => channel)).toEqual(['team'])
  })

  it('is asked again when it wants to be', async () => {
    const world = await watching()
    world.sees.set('app', down)
    world.answer = () => ({ ok: false, answer: '429', retryAfterMs: 5 * minute })
    await world.turn(6 * minute)
    expect(world.tries).toHaveLength(1 + Math.floor((6 * minute - world.tries[0]!.at) / (5 * minute)))
  })

  it('that never takes one message does not lose those behind it', async () => {
    const world = await watching()
    world.sees.set('app', down)
    world.answer = () => ({ ok: false, answer: '400 bad', isRefused: true })
    await world.turn(20 * minute)
    world.sees.clear()
    const first = world.tries[0]!.id
    world.answer = () => {
      const { id } = world.tries.at(-1)!
      return id === first ? { ok: false, answer: '400 bad', isRefused: true } : { ok: true, answer: 'ok' }
    }
    await world.turn(40 * minute)
    expect(world.events()).toEqual(['up'])
  })
})

describe('what belongs together', () => {
  it('is one incident: a host that answers nobody takes its monitors with it', async () => {
    const names = ['page', 'login', 'api', 'other']
    const world = await watching({
      names,
      hostOf: name => (name === 'other' ? 'other.example.com' : 'app.example.com'),
    })
    await world.turn(2 * minute)
    for (const name of names) world.sees.set(name, { ...failed('refuses the connection'), reason: 'refused' })
    await world.turn(5 * minute)
    const open = await world.store.incidents({ open: true })
    expect(open.map(({ parts }) => parts.map(({ monitor }) => monitor).sort()).sort()).toEqual([
      ['api', 'login', 'page'],
      ['other'],
    ])
    expect(world.events()).toEqual(['down', 'down'])
    for (const name of ['page', 'login']) world.sees.delete(name)
    await world.turn(3 * minute)
    expect(world.events()).toEqual(['down', 'down'])
    world.sees.delete('api')
    await world.turn(3 * minute)
    expect(world.events()).toEqual(['down', 'down', 'up'])
    for (const name of ['page', 'login', 'api']) expect(world.sent[2]!.message.text).toContain(name)
  })

  it('is kept apart where the faults have nothing to do with each other', async () => {
    const world = await watching({ names: ['page', 'login'], hostOf: () => 'app.example.com' })
    await world.turn(2 * minute)
    world.sees.set('page', failed('200 in 3 ms, but the page lacks "Welcome"'))
    world.sees.set('login', failed('404 in 3 ms'))
    await world.turn(5 * minute)
    expect(await world.store.incidents({ open: true })).toHaveLength(2)
  })

  it('flaps are one incident that stays open until it is steady', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    for (let turn = 0; turn < 12; turn++) {
      world.sees.set('app', down)
      await world.turn(2 * minute)
      world.sees.clear()
      await world.turn(2 * minute)
    }
    expect(world.events()).toEqual(['down', 'up', 'down', 'up', 'down'])
    expect((await world.store.states())[0]!.flapping).toBe(true)
    await world.turn(10 * minute)
    expect(world.events()).toEqual(['down', 'up', 'down', 'up', 'down', 'up'])
    expect(await world.store.incidents({ open: true })).toEqual([])
  })
})

describe('when we cannot see', () => {
  it('nobody is told of targets, one message says so, and the time is unknown', async () => {
    const names = ['a', 'b', 'c', 'd']
    const world = await watching({ names, hostOf: name => `${name}.example.com` })
    await world.turn(5 * minute)
    world.canSee = false
    for (const name of names) world.sees.set(name, silent)
    await world.turn(30 * minute)
    expect(world.events()).toEqual(['cannot-see'])
    expect((await world.store.states()).map(({ state }) => state)).toEqual(names.map(() => 'unknown'))
    world.canSee = true
    world.sees.clear()
    await world.turn(5 * minute)
    expect(world.events()).toEqual(['cannot-see', 'up'])
    expect(world.sent[1]!.message.title).toContain('SEES AGAIN')
    for (const name of names) {
      const uptime = uptimeOf(await world.store.rollups('day', { from: 0, to: start * 2, monitor: name }))
      expect(uptime.downMs).toBe(0)
      expect(uptime.percent).toBe(100)
      expect(uptime.unknownMs).toBeGreaterThan(28 * minute)
      expect(uptime.unknownMs).toBeLessThan(33 * minute)
    }
  })

  it('a target that is silent while the anchors answer is down', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    world.sees.set('app', silent)
    await world.turn(5 * minute)
    expect(world.events()).toEqual(['down'])
  })

  it('what limits our requests is unknown, and no outage', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    world.sees.set('app', unknown('429 in 3 ms'))
    await world.turn(10 * minute)
    expect(world.events()).toEqual([])
    expect((await world.store.states())[0]!.state).toBe('unknown')
  })
})

describe('maintenance', () => {
  it('neither alerts nor counts; what is still down afterwards is told then', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    const from = world.clock.now()
    await world.store.addMaintenance({ id: 'w', from, to: from + 20 * minute, monitors: ['app'], note: '' })
    await world.turn(2 * second)
    world.sees.set('app', down)
    await world.turn(19 * minute)
    expect(world.events()).toEqual([])
    await world.turn(5 * minute)
    expect(world.events()).toEqual(['down'])
    const uptime = uptimeOf(await world.store.rollups('day', { from: 0, to: start * 2 }))
    expect(uptime.maintenanceMs).toBeGreaterThan(17 * minute)
    expect(uptime.maintenanceMs).toBeLessThanOrEqual(20 * minute)
    expect(uptime.downMs).toBeLessThan(6 * minute)
  })
})

describe('a store that does not take anything', () => {
  it('stops neither looks nor alerts, and gets all of it later', async () => {
    let isFull = false
    const world = await watching({
      wrap: store => ({
        ...store,
        apply: change => (isFull ? Promise.reject(new StoreError('full', 'the disk is full.')) : store.apply(change)),
        attempted: (...given) =>
          isFull ? Promise.reject(new StoreError('full', 'the disk is full.')) : store.attempted(...given),
      }),
    })
    await world.turn(5 * minute)
    isFull = true
    world.sees.set('app', down)
    await world.turn(20 * minute)
    expect(world.events()).toEqual(['down'])
    expect(world.said.filter(line => line.includes('full'))).toHaveLength(1)
    isFull = false
    await world.turn(minute)
    world.sees.clear()
    await world.turn(5 * minute)
    expect(world.events()).toEqual(['down', 'up'])
    expect(await world.store.results('app', {})).toHaveLength(1 + 31 + 1)
    expect((await world.store.messages({})).map(({ status, attempts }) => [status, attempts.length])).toEqual([
      ['delivered', 1],
      ['delivered', 1],
    ])
  })
})

describe('a restart', () => {
  it('tells nothing twice, and knows what was open', async () => {
    const world = await watching()
    await world.turn(2 * minute)
    world.sees.set('app', down)
    await world.turn(5 * minute)
    await world.restart()
    await world.turn(5 * minute)
    expect(world.events()).toEqual(['down'])
    world.sees.clear()
    await world.turn(2 * minute)
    expect(world.events()).toEqual(['down', 'up'])
  })
})

describe('secrets', () => {
  it('in what was seen are in no state, no message and no incident', async () => {
    const world = await watching()
    world.answer = () => ({ ok: false, answer: 'https://hooks.example.com/hunter2hunter2 answers 404' })
    world.sees.set('app', failed('connect to https://user:hunter2hunter2@app.example.com failed'))
    await world.turn(5 * minute)
    const all = JSON.stringify([
      await world.store.states(),
      await world.store.messages({}),
      await world.store.incidents({}),
    ])
    expect(all).toContain('app.example.com failed')
    expect(all).toContain('answers 404')
    expect(all).not.toContain('hunter2hunter2')
  })
})

describe('the month', () => {
  it('has its first and its last instant in UTC', () => {
    expect(monthOf(start)).toEqual({ from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) })
    expect(monthOf(Date.UTC(2026, 11, 31, 23))).toEqual({ from: Date.UTC(2026, 11, 1), to: Date.UTC(2027, 0, 1) })
  })
})
