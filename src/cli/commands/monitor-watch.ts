// `monitor watch`: looks, tells, and keeps on until it is told to stop.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { UsageError } from '../../config/errors.ts'
import { clean } from '../../core/clean.ts'
import { compilePattern, type LinePattern } from '../../formats/logs/pattern.ts'
import { anchorsFor } from '../../monitor/anchors.ts'
import { createDeadMan } from '../../monitor/dead-man.ts'
import { createHandler, type Handler } from '../../monitor/http-handlers.ts'
import type { Keys } from '../../monitor/keys.ts'
import { createLogReader } from '../../monitor/log-rate.ts'
import { createLoop, type Loop } from '../../monitor/loop.ts'
import { isPostgres } from '../../monitor/open-store.ts'
import { createOutbox, type Outbox } from '../../monitor/outbox.ts'
import type { Monitor } from '../../monitor/plan.ts'
import { createSight } from '../../monitor/sight.ts'
import type { NewMessage, Store, Watcher } from '../../monitor/store.ts'
import { cronOf } from '../../monitor/windows.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { serveBoard } from '../monitor-board.ts'
import { flowWalker } from '../monitor-flows.ts'
import { type MonitorSetup, orUsage, setUpMonitor } from '../monitor-setup.ts'

/** Milliseconds between two tries to take over where another watches on PostgreSQL. */
const standbyMs = 5_000

const compiled = (monitors: MonitorSetup['monitors']): Map<string, LinePattern> => {
  const patterns = new Map<string, LinePattern>()
  for (const { name, config } of monitors) {
    if (config.match === undefined) continue
    const found = compilePattern(config.match)
    if ('problem' in found) throw new UsageError(`monitor.monitors "${name}": match: ${found.problem}.`)
    patterns.set(config.match, found.pattern)
  }
  return patterns
}

const checkSetup = ({ monitors, section, config }: MonitorSetup): void => {
  if (monitors.length === 0)
    throw new UsageError(
      'There is nothing to watch: name monitor.monitors in the config, or domain, hosts and routes that monitors are made from.',
    )
  const flows = new Set(config.flows?.map(({ name }) => name))
  const mailFlows = new Set(config.email?.flows?.map(({ name }) => name))
  for (const { name, config: monitor } of monitors) {
    if (monitor.flow !== undefined && !flows.has(monitor.flow))
      throw new UsageError(`monitor.monitors "${name}": there is no flow "${monitor.flow}" in flows.`)
    if (monitor.mailFlow !== undefined && !mailFlows.has(monitor.mailFlow))
      throw new UsageError(`monitor.monitors "${name}": there is no flow "${monitor.mailFlow}" in email.flows.`)
  }
  for (const window of section.maintenance)
    if (!cronOf(window))
      throw new UsageError(
        `monitor.maintenance: found "${window.from}": expected "Sun 02:00", "02:00", a cron expression, or 2026-12-24T22:00.`,
      )
}

/** Stores are made anew where they were damaged; who holds one asks for the one that is. */
const holdStore = async (setup: MonitorSetup, say: (line: string) => void) => {
  const open = (): Promise<Store> => setup.open({ watches: true, say })
  let store = await orUsage(open)
  return {
    now: () => store,
    async renew(again: (store: Store) => Promise<void>) {
      await store.close().catch(() => {})
      store = await open()
      await again(store)
    },
  }
}

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

const nameOf = (by: Watcher | null): string =>
  by === null ? 'another program' : `process ${by.pid} on ${by.host}, since ${isoDay(by.startedAt)} UTC`

type Watching = {
  call: Call
  setup: MonitorSetup
  held: Awaited<ReturnType<typeof holdStore>>
  watcher: Watcher
  keys: Keys
  patterns: ReadonlyMap<string, LinePattern>
  say: (line: string) => void
}

/** The monitors are those of this config from now on. */
const begin = async ({ setup, watcher, call }: Watching, store: Store): Promise<void> => {
  const now = call.io.clock.now()
  await store.takeWatch({ ...watcher, beatAt: now })
  await store.setMonitors(setup.monitors, now)
}

const outboxOf = ({ call, setup, held, keys, say }: Watching, unsaved: () => readonly NewMessage[]): Outbox =>
  createOutbox({
    store: held.now,
    channels: setup.channels,
    clock: call.io.clock,
    connect: () => setup.connect(),
    signal: call.io.signal,
    keys,
    dashboard: setup.dashboard,
    mask: setup.mask,
    unsaved,
    onAttempt: ({ channel, body }, { ok, answer }) => {
      if (!ok) say(`${channel}: not delivered yet (${body.title}): ${answer}`)
      else if (call.look.verbose) say(`${channel}: delivered (${body.title})`)
    },
  })

const loopOf = async (watching: Watching): Promise<Loop> => {
  const { call, setup, held, watcher, patterns, say } = watching
  const { clock, signal } = call.io
  const { section, channels, mask } = setup
  const rows = new Map((await held.now().monitors()).map(row => [row.name, row]))
  const monitors = setup.monitors.map((monitor): Monitor => ({ ...rows.get(monitor.name)!, ...monitor }))
  let loop: Loop | null = null
  loop = await createLoop({
    section,
    monitors,
    channels,
    store: held.now,
    renew: () => held.renew(store => begin(watching, store)),
    look: {
      connect: ({ timeoutMs }) => setup.connect({ timeoutMs }),
      clock,
      log: createLogReader(match => patterns.get(match)!),
      walkFlow: flowWalker(setup, call),
      canSee: createSight(anchorsFor(section.anchors, monitors), () => setup.connect(), clock),
    },
    outbox: outboxOf(watching, () => loop?.unsaved() ?? []),
    clock,
    signal,
    mask,
    say,
    prolong: () => held.now().beat({ ...watcher, beatAt: clock.now() }),
  })
  return loop
}

/** On PostgreSQL another may have the watch: this one stands by and takes over when it falls silent. */
const waitForTurn = async ({ call, held, watcher }: Watching): Promise<boolean> => {
  const { clock, signal } = call.io
  while (!signal.aborted) {
    const took = await held
      .now()
      .takeWatch({ ...watcher, beatAt: clock.now() })
      .catch(() => null)
    if (took?.taken) return true
    await clock.sleep(standbyMs, signal)
  }
  return false
}

const watchOn = async (watching: Watching, isFirst: boolean): Promise<void> => {
  const { call, setup, held, say } = watching
  const { clock, signal } = call.io
  if (!isFirst) say('another watcher is at work; this one stands by')
  while (!signal.aborted && (await waitForTurn(watching))) {
    await begin(watching, held.now())
    const loop = await loopOf(watching)
    const deadMan = createDeadMan(setup.section.deadMan ?? null, () => setup.connect(), clock, loop.isWell, say)
    const over = new AbortController()
    const asking = deadMan.run(AbortSignal.any([signal, over.signal]))
    if ((await loop.run()) === 'lost') say('another watcher has taken over; this one stands by')
    over.abort()
    await asking
  }
}

const handlerOf = ({ call, setup, held, keys }: Watching): Handler =>
  createHandler({
    store: held.now,
    clock: call.io.clock,
    keys,
    jobs: setup.monitors.flatMap(({ config }) => config.heartbeat ?? []),
    channels: setup.channels,
    token: setup.section.token ?? null,
  })

export const run = async (call: Call): Promise<number> => {
  const { clock } = call.io
  // It runs for months on the smallest server: room for young objects does not have to grow (70 MB less with 1,000 monitors).
  setFlagsFromString('--semi-space-growth-factor=1')
  const setup = await setUpMonitor(call)
  checkSetup(setup)
  const patterns = compiled(setup.monitors)
  const { channels, where, monitors } = setup
  const say = (line: string): void => call.io.err(`${clean(setup.mask(line), 500)}\n`)
  const now = clock.now()
  const watcher: Watcher = { id: randomUUID(), pid: process.pid, host: hostname(), startedAt: now, beatAt: now }
  const held = await holdStore(setup, say)
  try {
    const first = await orUsage(() => held.now().takeWatch(watcher))
    if (!first.taken && !isPostgres(where))
      throw new UsageError(
        `${where} is watched already by ${nameOf(first.by)}; two watchers would tell everything twice.`,
      )
    const watching: Watching = { call, setup, held, watcher, keys: setup.keys(), patterns, say }
    const server = await serveBoard({ setup, store: held.now, handler: handlerOf(watching), clock })
    say(`watching ${monitors.length} monitors; ${channels.length} channels; ${server.address}`)
    if (channels.length === 0) say('monitor.alerts names no channel: nobody will be told.')
    try {
      await watchOn(watching, first.taken)
    } finally {
      await server.close()
      await held
        .now()
        .leaveWatch(watcher)
        .catch(() => {})
    }
  } finally {
    await held
      .now()
      .close()
      .catch(() => {})
  }
  return exitCodes.ok
}
