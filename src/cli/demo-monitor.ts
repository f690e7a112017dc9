// The monitor part of `demo`: twelve minutes of a product in a few seconds, the real loop, outbox and channel; one real alert to a sink on
// this machine, and the dashboard over what was seen.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { configSchema } from '../config/schema.ts'
import { monitorSection } from '../config/sections/monitor.ts'
import type { Clock } from '../core/clock.ts'
import { createChannels } from '../monitor/alerts/channels.ts'
import { createLogReader } from '../monitor/log-rate.ts'
import { createLoop } from '../monitor/loop.ts'
import { fillStore } from '../monitor/made-store.ts'
import { openStore } from '../monitor/open-store.ts'
import { createOutbox } from '../monitor/outbox.ts'
import { type Monitor, planMonitors } from '../monitor/plan.ts'
import type { Store } from '../monitor/store.ts'
import type { Network } from '../net/network.ts'
import { unknown } from '../probes/probe.ts'
import { wrap } from '../report/shared/width.ts'
import type { Io } from './io.ts'
import { serveBoard } from './monitor-board.ts'

/** How much faster than the world the clock of the demo runs, and how many of its minutes are shown. */
const speed = 120
const minutes = 12
const breaksAt = 4
const healsAt = 8

const minuteMs = 60_000

type Got = { event: string; text: string; at: string }

const listen = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const close = (server: Server): void => {
  server.close()
  server.closeAllConnections()
}

/** A clock of minutes that last half a second. */
const fastClock = (clock: Clock): Clock => {
  const [wall, begun] = [clock.now() - minutes * minuteMs, clock.elapsed()]
  const passed = (): number => (clock.elapsed() - begun) * speed
  return {
    ...clock,
    now: () => Math.round(wall + passed()),
    elapsed: passed,
    sleep: (ms, signal) => clock.sleep(ms / speed, signal),
  }
}

const page = { app: 'Know how every client is doing', login: 'Log in to your coaching desk' }

/** The product: its login answers with an error for some of the minutes. */
const serveProduct = (minute: () => number) =>
  listen(({ url }, response) => {
    const broken = url === '/login' && minute() >= breaksAt && minute() < healsAt
    response.writeHead(broken ? 500 : 200, { 'content-type': 'text/html' })
    response.end(broken ? 'Application error' : url === '/login' ? page.login : page.app)
  })

/** Where alerts arrive. */
const serveSink = (got: Got[]) =>
  listen(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    got.push(JSON.parse(body) as Got)
    response.end('ok')
  })

type Made = { product: string; sink: string; clock: Clock; store: Store; io: Io; connect: () => Network }

const settle = ({ product, sink }: Pick<Made, 'product' | 'sink'>) => {
  const section = monitorSection.parse({
    anchors: [],
    monitors: [
      { name: 'app', http: `${product}/`, expect: { text: 'every client' } },
      { name: 'login', http: `${product}/login`, expect: { text: 'Log in' } },
    ],
    alerts: [{ name: 'team', webhook: sink, secret: 'of-the-demo' }],
  })
  // Whichever port is free.
  return { section: { ...section, listen: '127.0.0.1:0' }, config: configSchema.parse({ domain: 'coachdash.example' }) }
}

/** Watches until the minutes are over. */
const watch = async (made: Made): Promise<void> => {
  const { clock, store, io, connect } = made
  const { section, config } = settle(made)
  const planned = planMonitors(config, section, 5_000)
  const rows = new Map((await store.monitors()).map(row => [row.name, row]))
  const monitors = planned.map((monitor): Monitor => ({ ...rows.get(monitor.name)!, ...monitor }))
  const channels = createChannels(section.alerts)
  const over = new AbortController()
  const signal = AbortSignal.any([io.signal, over.signal])
  const mask = (text: string): string => text
  const common = { store: () => store, channels, clock, signal, mask }
  const loop = await createLoop({
    ...common,
    section,
    monitors,
    renew: async () => {},
    look: {
      connect,
      clock,
      log: createLogReader(() => ({ test: () => false })),
      walkFlow: async () => unknown('no flow here'),
      canSee: async () => true,
    },
    outbox: createOutbox({ ...common, connect, keys: null, dashboard: null }),
    say: () => {},
    prolong: () => store.beat({ id: 'made', pid: 1, host: 'watch-1', startedAt: 0, beatAt: clock.now() }),
  })
  const running = loop.run()
  await clock.sleep(minutes * minuteMs, signal)
  over.abort()
  await running
}

const clockTime = (at: string): string => at.slice(11, 16)

/** Lines of an alert that are shown: what, since when, how it was seen, what customers see. */
const shownLines = { down: 4, up: 2 }

const tell = (io: Io, got: readonly Got[]): void => {
  const width = Math.min(120, Math.max(40, io.columns ?? 80)) - 4
  for (const { event, text, at } of got) {
    if (event !== 'down' && event !== 'up') continue
    const [what = '', ...rest] = text.split('\n').slice(0, shownLines[event])
    io.out(`  ${clockTime(at)} UTC, received: ${event === 'down' ? 'the alert' : 'that it is over'}. ${what}\n`)
    for (const line of rest.flatMap(one => wrap(one, width))) io.out(`    ${line}\n`)
  }
}

/**
 * Shows what `monitor watch` does, then `end`. Where a person looks on, the dashboard stays until they press Ctrl-C.
 */
export const showMonitor = async (io: Io, connect: () => Network, end = ''): Promise<void> => {
  const clock = fastClock(io.clock)
  const begun = clock.now()
  const got: Got[] = []
  const product = await serveProduct(() => (clock.now() - begun) / minuteMs)
  const sink = await serveSink(got)
  const store = await openStore(':memory:', { cwd: io.cwd, clock, watches: true })
  try {
    const made = { product: product.url, sink: `${sink.url}/alerts`, clock, store, io, connect }
    const { section, config } = settle(made)
    io.out(`  Live: launch-ready monitor watch. ${minutes} minutes, the login breaks for ${healsAt - breaksAt}:\n`)
    await fillStore(store, { days: 90, lookedAgo: 0, down: { login: 25 } }, { config, section, now: begun })
    await watch(made)
    tell(io, got)
    // As it was when the last minute ended.
    const ended = clock.now()
    const board = await serveBoard({
      setup: { section, config },
      store: () => store,
      handler: null,
      clock: { now: () => ended },
    })
    io.out(`  The dashboard with all of it: ${board.address}${io.interactive ? ' (until Ctrl-C)' : ''}\n`)
    io.out(end)
    if (io.interactive)
      await new Promise<void>(done => {
        if (io.signal.aborted) done()
        io.signal.addEventListener('abort', () => done(), { once: true })
      })
    await board.close()
  } finally {
    await store.close()
    close(product.server)
    close(sink.server)
  }
}
