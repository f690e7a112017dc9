// `monitor watch`: looks, tells, and keeps on until it is told to stop.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { UsageError } from '../../config/errors.ts'
import { clean } from '../../core/clean.ts'
import { anchorsFor } from '../../monitor/anchors.ts'
import { createDeadMan } from '../../monitor/dead-man.ts'
import { createHandler } from '../../monitor/http-handlers.ts'
import { createLogReader } from '../../monitor/log-rate.ts'
import { createLoop, type Loop } from '../../monitor/loop.ts'
import { isPostgres } from '../../monitor/open-store.ts'
import { createOutbox } from '../../monitor/outbox.ts'
import type { Monitor } from '../../monitor/plan.ts'
import { createSight } from '../../monitor/sight.ts'
import type { Store, Watcher } from '../../monitor/store.ts'
import { cronOf } from '../../monitor/windows.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { serveBoard } from '../monitor-board.ts'
import { flowWalker } from '../monitor-flows.ts'
import { type MonitorSetup, orUsage, setUpMonitor } from '../monitor-setup.ts'

/** Milliseconds between two tries to take over where another watches on PostgreSQL. */
const standbyMs = 5_000

const compiled = (monitors: MonitorSetup['monitors']): Map<string, RegExp> => {
  const expressions = new Map<string, RegExp>()
  for (const { name, config } of monitors)
    if (config.match !== undefined)
      try {
        expressions.set(config.match, new RegExp(config.match))
      } catch {
        throw new UsageError(`monitor.monitors "${name}": match is no regular expression: ${config.match}`)
      }
  return expressions
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

export const run = async (call: Call): Promise<number> => {
  const { io } = call
  const { clock, signal } = io
  const setup = await setUpMonitor(call)
  checkSetup(setup)
  const expressions = compiled(setup.monitors)
  const { section, channels, where } = setup
  const say = (line: string): void => io.err(`${clean(setup.mask(line), 500)}\n`)
  const watcher: Watcher = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    startedAt: clock.now(),
    beatAt: clock.now(),
  }
  const held = await holdStore(setup, say)
  const keys = setup.keys()
  const prolong = (): Promise<boolean> => held.now().beat({ ...watcher, beatAt: clock.now() })
  const begin = async (store: Store): Promise<void> => {
    await store.takeWatch({ ...watcher, beatAt: clock.now() })
    await store.setMonitors(setup.monitors, clock.now())
  }
  const first = await orUsage(() => held.now().takeWatch(watcher))
  if (!first.taken && !isPostgres(where)) {
    await held.now().close()
    throw new UsageError(
      `${where} is watched already by ${nameOf(first.by)}; two watchers would tell everything twice.`,
    )
  }
  const handler = createHandler({
    store: held.now,
    clock,
    keys,
    jobs: setup.monitors.flatMap(({ config }) => config.heartbeat ?? []),
    channels,
    token: section.token ?? null,
  })
  const server = await serveBoard({ setup, store: held.now, handler, clock })
  const stop = new AbortController()
  const outbox = (loop: () => Loop | null) =>
    createOutbox({
      store: held.now,
      channels,
      clock,
      connect: () => setup.connect({ signal: AbortSignal.any([signal, stop.signal]) }),
      signal,
      keys,
      dashboard: setup.dashboard,
      mask: setup.mask,
      unsaved: () => loop()?.unsaved() ?? [],
      onAttempt: ({ channel, body }, { ok, answer }) => {
        if (!ok) say(`${channel}: not delivered yet (${body.title}): ${answer}`)
        else if (call.look.verbose) say(`${channel}: delivered (${body.title})`)
      },
    })
  say(`watching ${setup.monitors.length} monitors; ${channels.length} channels; ${server.address}`)
  if (channels.length === 0) say('monitor.alerts names no channel: nobody will be told.')
  try {
    let taken = first.taken
    while (!signal.aborted) {
      if (!taken) {
        taken =
          (
            await held
              .now()
              .takeWatch({ ...watcher, beatAt: clock.now() })
              .catch(() => null)
          )?.taken ?? false
        if (!taken) {
          await clock.sleep(standbyMs, signal)
          continue
        }
      }
      await begin(held.now())
      const rows = new Map((await held.now().monitors()).map(row => [row.name, row]))
      const monitors = setup.monitors.map(
        (monitor): Monitor => ({ ...monitor, ...rows.get(monitor.name)!, config: monitor.config }),
      )
      let loop: Loop | null = null
      loop = await createLoop({
        section,
        monitors,
        channels,
        store: held.now,
        renew: () => held.renew(begin),
        look: {
          connect: ({ timeoutMs }) => setup.connect({ timeoutMs }),
          clock,
          log: createLogReader(pattern => expressions.get(pattern)!),
          walkFlow: flowWalker(setup, call),
          canSee: createSight(anchorsFor(section.anchors, monitors), () => setup.connect(), clock),
        },
        outbox: outbox(() => loop),
        clock,
        signal,
        mask: setup.mask,
        say,
        prolong,
      })
      const deadMan = createDeadMan(section.deadMan ?? null, () => setup.connect(), clock, loop.isWell, say)
      const asking = deadMan.run(signal)
      taken = (await loop.run()) !== 'lost'
      await asking
      if (!taken) say('another watcher has taken over; this one stands by')
    }
  } finally {
    stop.abort()
    await server.close()
    await held
      .now()
      .leaveWatch(watcher)
      .catch(() => {})
    await held
      .now()
      .close()
      .catch(() => {})
  }
  return exitCodes.ok
}
