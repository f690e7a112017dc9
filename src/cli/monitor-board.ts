// Serves the dashboard over a store, with what jobs and people ask the watcher.
import { UsageError } from '../config/errors.ts'
import { serveDashboard } from '../dashboard/server.ts'
import { createBoardReader, readCurve } from '../monitor/board.ts'
import type { Handler } from '../monitor/http-handlers.ts'
import { splitEndpoint } from '../monitor/plan.ts'
import type { Store } from '../monitor/store.ts'
import type { MonitorSetup } from './monitor-setup.ts'

type Serving = {
  setup: Pick<MonitorSetup, 'section' | 'config'>
  store: () => Store
  /** Heartbeats, acknowledgements and events; null where nobody watches. */
  handler: Handler | null
  clock: { now(): number }
}

/** Throws UsageError where the address is taken. */
export const serveBoard = async ({
  setup,
  store,
  handler,
  clock,
}: Serving): Promise<{ address: string; close(): Promise<void> }> => {
  const { section, config } = setup
  const { host, port } = splitEndpoint(section.listen)
  const read = createBoardReader(store, { target: section.target })
  const named = section.url ? [new URL(section.url).hostname] : []
  // What changes seldom is read before the first visitor comes.
  await read(clock.now()).catch(() => {})
  try {
    return await serveDashboard({
      host,
      port,
      hosts: [...(section.hosts ?? []), ...named],
      token: section.token ?? null,
      title: config.domain ?? 'launch-ready monitor',
      statusPage: section.statusPage !== false,
      board: () => read(clock.now()),
      curve: monitor => readCurve(store(), monitor, clock.now()),
      inner: handler,
      now: clock.now,
    })
  } catch (error) {
    throw new UsageError(`monitor.listen ${section.listen}: ${(error as Error).message}.`)
  }
}
