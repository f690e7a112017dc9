// A watcher over a clock that a test turns: what its monitors see and what its channels answer is said by the test.
import { onTestFinished } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { monitorSection } from '../../src/config/sections/monitor.ts'
import type { Channel, Delivery, Outgoing } from '../../src/monitor/alerts/channel.ts'
import { createKeys } from '../../src/monitor/keys.ts'
import { createLogReader } from '../../src/monitor/log-rate.ts'
import { createLoop, type Loop } from '../../src/monitor/loop.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import { createOutbox } from '../../src/monitor/outbox.ts'
import { type Monitor, planMonitors } from '../../src/monitor/plan.ts'
import type { Store } from '../../src/monitor/store.ts'
import { ok, type ProbeResult } from '../../src/probes/probe.ts'
import { makeNetwork } from '../net/support.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { linePattern } from '../support/line-pattern.ts'

export type World = {
  clock: FakeClock
  store: Store
  /** What each monitor sees from now on. */
  sees: Map<string, ProbeResult>
  /** All that reached a channel, with the time since the start. */
  sent: { channel: string; at: number; message: Outgoing }[]
  tries: { channel: string; at: number; id: string }[]
  said: string[]
  answer: (channel: string) => Delivery
  canSee: boolean
  turn(ms: number): Promise<void>
  restart(): Promise<void>
  events(): string[]
}

export const start = Date.UTC(2026, 10, 25)

type Given = {
  names?: readonly string[]
  section?: Record<string, unknown>
  channels?: readonly { name: string; afterMs?: number }[]
  hostOf?: (name: string) => string | null
  wrap?: (store: Store) => Store
  /** When the watch begins; the day of the other tests unless given. */
  startAt?: number
  /** The store that stands in for one that is damaged. */
  renew?: () => Promise<Store>
}

/** Monitors are flows, whose look is what the test says; interval one minute, confirmation after ten seconds. */
export const watching = async (given: Given = {}): Promise<World> => {
  const { names = ['app'], channels = [{ name: 'team' }], hostOf = () => null, wrap = store => store } = given
  const { startAt = start } = given
  const clock = fakeClock(startAt)
  const section = monitorSection.parse({
    monitors: names.map(name => ({ name, flow: name, interval: '1m' })),
    ...given.section,
  })
  let store = wrap(await openStore(':memory:', { cwd: '/', clock, watches: true }))
  const planned = planMonitors(configSchema.parse({}), section, 5_000)
  await store.setMonitors(planned, startAt)
  const rows = await store.monitors()
  const monitors = planned.map((monitor, at): Monitor => ({ ...rows[at]!, ...monitor, host: hostOf(monitor.name) }))
  const world: World = {
    clock,
    store,
    sees: new Map(),
    sent: [],
    tries: [],
    said: [],
    answer: () => ({ ok: true, answer: '200 ok' }),
    canSee: true,
    turn: ms => clock.turn(ms),
    restart: async () => {},
    events: () => world.sent.map(({ message }) => message.event),
  }
  const made = channels.map(
    ({ name, afterMs = 0 }): Channel => ({
      name,
      kind: 'webhook',
      afterMs,
      deploys: true,
      people: [],
      send: async message => {
        world.tries.push({ channel: name, at: clock.elapsed(), id: message.id })
        const delivery = world.answer(name)
        if (delivery.ok) world.sent.push({ channel: name, at: clock.elapsed(), message })
        return delivery
      },
    }),
  )
  let stop = new AbortController()
  let running: Promise<unknown> = Promise.resolve()
  const begin = async (): Promise<void> => {
    stop = new AbortController()
    const { signal } = stop
    const net = makeNetwork({ clock })
    let loop: Loop | null = null
    loop = await createLoop({
      section,
      monitors,
      channels: made,
      store: () => store,
      renew: async () => {
        if (!given.renew) return
        store = await given.renew()
        world.store = store
        await store.setMonitors(planned, clock.now())
      },
      look: {
        connect: () => net,
        clock,
        log: createLogReader(linePattern),
        walkFlow: async (_, name) => world.sees.get(name) ?? ok('well'),
        canSee: async () => world.canSee,
      },
      outbox: createOutbox({
        store: () => store,
        channels: made,
        clock,
        connect: () => net,
        signal,
        keys: createKeys('a key of the test'),
        dashboard: 'https://status.example.com',
        mask: text => text.replaceAll('hunter2hunter2', '…'),
        unsaved: () => loop?.unsaved() ?? [],
      }),
      clock,
      signal,
      mask: text => text.replaceAll('hunter2hunter2', '…'),
      say: line => world.said.push(line),
      prolong: async () => true,
    })
    running = loop.run()
  }
  await begin()
  const end = async (): Promise<void> => {
    stop.abort()
    await clock.turn(10_000)
    await running
  }
  world.restart = async () => {
    await end()
    await begin()
  }
  onTestFinished(async () => {
    await end()
    await store.close()
  })
  return world
}
