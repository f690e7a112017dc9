// `monitor dashboard`: one screen over the store; `--out` writes it, and the public status page, as files.
import { join } from 'node:path'
import { dashboardAssets } from '../../dashboard/files.ts'
import { dashboardPage, statusPage } from '../../dashboard/pages.ts'
import { createBoardReader, readCurve } from '../../monitor/board.ts'
import type { Store } from '../../monitor/store.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { serveBoard } from '../monitor-board.ts'
import { type MonitorSetup, orUsage, setUpMonitor } from '../monitor-setup.ts'
import { writeText } from '../reports.ts'

const exportFiles = async ({ io, out }: Call, { section, config }: MonitorSetup, store: Store): Promise<number> => {
  const now = io.clock.now()
  const board = await createBoardReader(() => store, { target: section.target })(now)
  const title = config.domain ?? 'launch-ready monitor'
  const ways = { base: '', live: false, signedIn: false, title, statusPage: section.statusPage !== false }
  const write = (path: string, content: string): void => writeText(io, join(out!, path), content)
  for (const { path, content } of dashboardAssets()) write(path, content)
  write('index.html', dashboardPage(board, ways))
  if (ways.statusPage) write('status.html', statusPage(board, { ...ways, title: `${title}: status` }))
  for (const [at, { name, p95 }] of board.monitors.entries())
    if (p95 !== null) write(`latency/${at}.json`, JSON.stringify(await readCurve(store, name, now)))
  io.out(`Written to ${out}: index.html${ways.statusPage ? ', status.html (the public one)' : ''}.\n`)
  return exitCodes.ok
}

export const run = async (call: Call): Promise<number> => {
  const { io } = call
  const setup = await setUpMonitor(call)
  const store = await orUsage(() => setup.open())
  try {
    if (call.out !== undefined) return await exportFiles(call, setup, store)
    const server = await serveBoard({ setup, store: () => store, handler: null, clock: io.clock })
    io.err(`${server.address}\n`)
    await new Promise<void>(done => {
      if (io.signal.aborted) done()
      io.signal.addEventListener('abort', () => done(), { once: true })
    })
    await server.close()
    return exitCodes.ok
  } finally {
    await store.close()
  }
}
