// What every store of the monitor holds to, whatever it is made of.
import { describe, expect, it } from 'vitest'
import type { Incident, MonitorRow, NewMessage, StateRow, Store, Watcher } from '../../src/monitor/store.ts'
import { uptimeOf } from '../../src/monitor/store.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 10, 25, 10)
const monitor: Omit<MonitorRow, 'since' | 'retired'> = {
  name: 'app',
  kind: 'http',
  target: 'https://app.example.com/',
  intervalMs: 60_000,
  expects: ['text'],
}
const api = { ...monitor, name: 'a_i', target: 'https://api.example.com/', expects: [] }

const stateOf = (name: string): StateRow => ({
  monitor: name,
  state: 'up',
  since: start,
  lookedAt: start,
  latencyMs: 12,
  detail: '200 in 12 ms',
  accountedUntil: start,
  pending: null,
  downs: [],
  flapping: false,
  address: '192.0.2.10',
})

const incidentOf = (id: string, names: readonly string[], at = start): Incident => ({
  id,
  cause: 'host:192.0.2.10',
  state: 'down',
  title: 'app is down',
  since: at,
  openedAt: at,
  resolvedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  remindedAt: null,
  deploy: null,
  parts: names.map(name => ({ monitor: name, state: 'down', since: at, until: null, detail: '500' })),
})

const messageOf = (id: string, channel = 'team'): NewMessage => ({
  id,
  channel,
  body: {
    event: 'down',
    monitor: 'app',
    state: 'down',
    since: start,
    incident: 'i1',
    title: 'app is down',
    text: 'app',
  },
  createdAt: start,
  dueAt: start,
})

const watcherOf = (id: string, at = start): Watcher => ({ id, pid: 1, host: 'box', startedAt: at, beatAt: at })

/** `open` gives the same store each time, empty at the first; `fresh` begins another. */
export const describeStore = (name: string, fresh: () => Promise<() => Promise<Store>>): void => {
  const opened = async (): Promise<Store> => (await fresh())()
  describe(name, () => {
    it('keeps monitors, and retires those that the config has no more', async () => {
      const store = await opened()
      await store.setMonitors([monitor, api], start)
      await store.apply({ states: [stateOf('app'), stateOf('a_i')] })
      await store.setMonitors([{ ...monitor, intervalMs: 30_000 }], start + hour)
      expect(await store.monitors()).toEqual([
        { ...monitor, intervalMs: 30_000, since: start, retired: null },
        { ...api, since: start, retired: start + hour },
      ])
      expect((await store.states()).map(state => state.monitor)).toEqual(['app'])
      await store.close()
    })

    it('gives back what was applied after it was closed', async () => {
      const open = await fresh()
      const store = await open()
      await store.setMonitors([monitor], start)
      const results = [0, 60_000, 3_600_000].map((after, at) => ({
        monitor: 'app',
        at: start + after,
        seen: at === 1 ? ('down' as const) : ('up' as const),
        state: 'up' as const,
        latencyMs: at === 1 ? null : 120,
        maintenance: at === 2,
      }))
      await store.apply({ results: results.slice(0, 1) })
      await store.apply({ results: results.slice(1), states: [stateOf('app')] })
      await store.close()
      const again = await open()
      expect(await again.results('app', {})).toEqual(results)
      expect(await again.results('app', { from: start + 60_000, to: start + 60_001 })).toEqual(results.slice(1, 2))
      expect(await again.results('app', { limit: 1 })).toEqual(results.slice(2))
      expect(await again.states()).toEqual([stateOf('app')])
      await again.close()
    })

    it('splits spans over hours and days, and adds them up', async () => {
      const store = await opened()
      await store.setMonitors([monitor, api], start)
      const night = Date.UTC(2026, 10, 25, 23, 30)
      await store.apply({
        spans: [
          { monitor: 'app', from: night, to: night + hour, state: 'up', maintenance: false },
          { monitor: 'app', from: night + hour, to: night + hour + 60_000, state: 'down', maintenance: false },
          {
            monitor: 'app',
            from: night + hour + 60_000,
            to: night + hour + 90_000,
            state: 'unknown',
            maintenance: false,
          },
          { monitor: 'app', from: night + hour + 90_000, to: night + hour + 100_000, state: 'down', maintenance: true },
          { monitor: 'a_i', from: night, to: night + 1_000, state: 'degraded', maintenance: false },
        ],
        results: [{ monitor: 'app', at: night, seen: 'up', state: 'up', latencyMs: 100, maintenance: false }],
      })
      await store.apply({
        results: [{ monitor: 'app', at: night + 1, seen: 'up', state: 'up', latencyMs: 1_000, maintenance: false }],
      })
      const hours = await store.rollups('hour', { from: 0, to: night + 2 * hour, monitor: 'app' })
      expect(hours.map(({ at, upMs }) => [at, upMs])).toEqual([
        [night - hour / 2, hour / 2],
        [night + hour / 2, hour / 2],
      ])
      expect(hours[0]!.looks).toBe(2)
      expect(hours[0]!.latency!.map(([, count]) => count)).toEqual([1, 1])
      const days = await store.rollups('day', { from: 0, to: night + 2 * hour, latency: false })
      expect(days.map(day => day.monitor)).toEqual(['a_i', 'app', 'app'])
      expect(days[1]!.latency).toBe(null)
      expect(uptimeOf(days.slice(1))).toEqual({
        upMs: hour,
        downMs: 60_000,
        unknownMs: 30_000,
        maintenanceMs: 10_000,
        percent: (hour / (hour + 60_000)) * 100,
      })
      await store.close()
    })

    it('writes a change whole or not at all', async () => {
      const store = await opened()
      await store.setMonitors([monitor], start)
      const broken = { ...messageOf('m1'), channel: null as unknown as string }
      await expect(store.apply({ incidents: [incidentOf('i1', ['app'])], messages: [broken] })).rejects.toThrow()
      expect(await store.incidents({})).toEqual([])
      await store.apply({ incidents: [incidentOf('i1', ['app'])] })
      expect(await store.incidents({})).toHaveLength(1)
      await store.close()
    })

    it('finds incidents by time, by monitor, and those that are open', async () => {
      const store = await opened()
      const over = { ...incidentOf('i1', ['app', 'a_i']), resolvedAt: start + 1 }
      await store.apply({ incidents: [over, incidentOf('i2', ['app'], start + 5)] })
      const ids = async (page: Parameters<Store['incidents']>[0]) => (await store.incidents(page)).map(({ id }) => id)
      expect(await ids({})).toEqual(['i2', 'i1'])
      expect(await ids({ open: true })).toEqual(['i2'])
      expect(await ids({ open: false })).toEqual(['i1'])
      // An underscore is a letter, no wildcard.
      expect(await ids({ monitor: 'a_i' })).toEqual(['i1'])
      expect(await ids({ monitor: 'api' })).toEqual([])
      expect(await ids({ from: start + 5 })).toEqual(['i2'])
      await store.close()
    })

    it('acknowledges once, and the loop cannot take it back', async () => {
      const store = await opened()
      await store.apply({ incidents: [incidentOf('i1', ['app'])] })
      expect(await store.acknowledge('i0', 'Ada', start)).toBe(false)
      expect(await store.acknowledge('i1', 'Ada', start + 1)).toBe(true)
      expect(await store.acknowledge('i1', 'Eve', start + 2)).toBe(false)
      await store.apply({ incidents: [{ ...incidentOf('i1', ['app']), resolvedAt: start + 3 }] })
      expect(await store.incidents({})).toMatchObject([
        { acknowledgedBy: 'Ada', acknowledgedAt: start + 1, resolvedAt: start + 3 },
      ])
      await store.close()
    })

    it('keeps messages once and in order, with every attempt', async () => {
      const store = await opened()
      await store.apply({ messages: [messageOf('m1'), messageOf('m2', 'mail'), messageOf('m3')] })
      await store.apply({ messages: [messageOf('m1')] })
      expect((await store.waiting()).map(({ id }) => id)).toEqual(['m1', 'm2', 'm3'])
      await store.attempted('m1', { at: start + 1, ok: false, answer: '503', ms: 4 }, start + 10_000)
      await store.attempted('m2', { at: start + 1, ok: false, answer: '250', ms: 5 }, 0, {
        left: ['bob@example.com'],
        refusals: 2,
      })
      expect((await store.waiting()).map(({ left, refusals }) => [left, refusals])).toEqual([
        [null, 0],
        [['bob@example.com'], 2],
        [null, 0],
      ])
      await store.attempted('m2', { at: start + 1, ok: true, answer: '250', ms: 5 }, 0)
      await store.apply({ cancel: ['m1', 'm2', 'm3'] })
      const waiting = await store.waiting()
      expect(waiting).toMatchObject([{ id: 'm1', dueAt: start + 10_000, attempts: [{ answer: '503' }] }])
      const history = await store.messages({})
      expect(history.map(({ id, status }) => `${id} ${status}`)).toEqual(['m3 cancelled', 'm2 delivered', 'm1 waiting'])
      expect(history[1]).toMatchObject({ deliveredAt: start + 1, left: null })
      expect(history[1]!.attempts.at(-1)).toEqual({ at: start + 1, ok: true, answer: '250', ms: 5 })
      expect(await store.messages({ channel: 'mail' })).toHaveLength(1)
      await store.close()
    })

    it('keeps what people and pipelines say', async () => {
      const store = await opened()
      const deploy = {
        id: 'e1',
        at: start,
        kind: 'deploy',
        status: 'success',
        commit: 'abc',
        text: '',
        by: null,
        link: null,
      } as const
      await store.addEvent(deploy, [messageOf('m1')])
      await store.addEvent({ ...deploy, id: 'e2', at: start + 1, kind: 'note' }, [])
      await store.addEvent(deploy, [messageOf('m1')])
      expect((await store.events({})).map(({ id }) => id)).toEqual(['e2', 'e1'])
      expect(await store.events({ kind: 'deploy', limit: 1 })).toEqual([deploy])
      expect(await store.waiting()).toHaveLength(1)
      const window = { id: 'w1', from: start, to: start + hour, monitors: ['app'], note: 'move' }
      await store.addMaintenance(window)
      await store.endMaintenance('w1', start + 60_000)
      expect(await store.maintenance({ from: start })).toEqual([{ ...window, to: start + 60_000 }])
      expect(await store.maintenance({ from: start + 60_000 })).toEqual([])
      await store.addBeat({ name: 'invoices', at: start, ok: true })
      await store.addBeat({ name: 'invoices', at: start + 5, ok: false })
      expect(await store.beats()).toEqual([{ name: 'invoices', at: start + 5, ok: false, count: 2, lastOkAt: start }])
      const proof = {
        channel: 'team',
        nonce: 'n1',
        sentAt: start,
        acceptedAt: null,
        answer: null,
        seenAt: null,
        seenBy: null,
      }
      await store.saveProof(proof)
      expect(await store.seen('n2', 'link', start)).toBe(false)
      expect(await store.seen('n1', 'link', start + 1)).toBe(true)
      expect(await store.seen('n1', 'inbox', start + 2)).toBe(true)
      await store.saveProof({ ...proof, acceptedAt: start + 3, answer: '200' })
      expect(await store.proofs()).toEqual([
        { ...proof, acceptedAt: start + 3, answer: '200', seenAt: start + 1, seenBy: 'link' },
      ])
      await store.close()
    })

    it('gives the watch to one, and says who has it', async () => {
      const store = await opened()
      expect(await store.takeWatch(watcherOf('w1'))).toEqual({ taken: true })
      expect(await store.beat(watcherOf('w1', start + 5))).toBe(true)
      expect(await store.beat(watcherOf('w2', start + 5))).toBe(false)
      expect((await store.watcher())?.beatAt).toBe(start + 5)
      await store.leaveWatch(watcherOf('w2'))
      expect((await store.watcher())?.id).toBe('w1')
      await store.leaveWatch(watcherOf('w1'))
      expect(await store.watcher()).toBe(null)
      await store.close()
    })

    it('drops what is old: raw after 35 days, hours after 13 months, days never', async () => {
      const store = await opened()
      await store.setMonitors([monitor], 0)
      const spans = [36, 34, 400].map(days => {
        const from = start - days * 24 * hour
        return { monitor: 'app', from, to: from + 1_000, state: 'up' as const, maintenance: false }
      })
      const results = spans.map(({ from }) => ({
        monitor: 'app',
        at: from,
        seen: 'up' as const,
        state: 'up' as const,
        latencyMs: 1,
        maintenance: false,
      }))
      await store.apply({ spans, results })
      await store.tidy(start)
      expect((await store.results('app', {})).map(({ at }) => at)).toEqual([spans[1]!.from])
      const all = { from: 0, to: start }
      expect(await store.rollups('hour', all)).toHaveLength(2)
      expect(await store.rollups('day', all)).toHaveLength(3)
      await store.close()
    })
  })
}
