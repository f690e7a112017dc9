// Kills the watcher at random moments while targets fail and a channel flaps, and counts what was lost: `node scripts/monitor-soak.ts 500`.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openStore } from '../src/monitor/open-store.ts'

const kills = Number(process.argv[2] ?? 500)
const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'monitor-soak-'))
const begun = Date.now()
let calm = false

const listen = async (handler: Parameters<typeof createServer>[1]): Promise<{ server: Server; url: string }> => {
  const server = createServer(handler)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const flapping = 16
const single = 80

/** The first ones fail in a rhythm of their own, until they count as flapping; each of the others is down once, one after the other. */
const isDown = (number: number): boolean => {
  const since = Date.now() - begun
  if (calm) return false
  if (number >= flapping) return Math.abs(since - (number - flapping + 2) * 9_000) < 15_000
  const period = 12_000 + number * 3_000
  return since % period > period / 2
}

const target = await listen((request, response) => {
  const down = isDown(Number(request.url?.slice(2) ?? 0))
  response.writeHead(down ? 404 : 200).end(down ? 'gone' : 'well')
})

type Got = { id: string; event: string; incident: string }
const got: Got[] = []
const channel = await listen(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  // It flaps: three seconds of every seven it takes nothing.
  if (!calm && (Date.now() - begun) % 7_000 < 3_000) {
    response.writeHead(503).end()
    return
  }
  got.push(JSON.parse(body) as Got)
  response.end('ok')
})

const free = await listen(() => {})
const { port } = free.server.address() as AddressInfo
free.server.close()

const monitors = Array.from({ length: flapping + single }, (_, at) => ({
  name: `m${at}`,
  http: `${target.url}/m${at}`,
}))
const config = join(folder, 'config.json')
writeFileSync(
  config,
  JSON.stringify({
    monitor: {
      interval: '10s',
      confirm: { down: 2, up: 1, after: '500ms' },
      listen: `127.0.0.1:${port}`,
      monitors,
      alerts: [{ name: 'hook', webhook: `${channel.url}/hook` }],
    },
  }),
)

/** The built program where there is one, else its sources. */
const program = existsSync(join(root, 'dist'))
  ? [join(root, 'bin/launch-ready.js')]
  : [
      '--input-type=module',
      '-e',
      `await (await import(${JSON.stringify(join(root, 'src/main.ts'))})).start()`,
      '--',
      'program',
    ]

const start = (): ChildProcess =>
  spawn(process.execPath, [...program, 'monitor', 'watch', '-c', config], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })

const path = join(folder, '.launch-ready/monitor.sqlite')
const reader = await openStore(path, { cwd: folder, clock: Date })
/** What stood in the store at some time: all of it has to be there at the end. */
const confirmed = new Map<string, Set<number>>(monitors.map(({ name }) => [name, new Set()]))
const incidents = new Set<string>()
const messages = new Set<string>()
const remember = async (): Promise<void> => {
  for (const { monitor, lookedAt } of await reader.states())
    if (lookedAt !== null) confirmed.get(monitor)!.add(lookedAt)
  for (const { id } of await reader.incidents({ limit: 1_000 })) incidents.add(id)
  for (const { id } of await reader.messages({ limit: 1_000 })) messages.add(id)
}

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))
const watchFor = async (ms: number): Promise<void> => {
  const until = Date.now() + ms
  while (Date.now() < until) {
    await remember().catch(() => {})
    await pause(Math.min(120, Math.max(1, until - Date.now())))
  }
}

let endedThemselves = 0
let seed = Number(process.argv[3] ?? 42)
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null) {
    // It ended by itself: that it could not start is a loss of its own.
    endedThemselves += 1
    return
  }
  const gone = new Promise(done => child.once('exit', done))
  child.kill(signal)
  await gone
}

/** Until it watches; every tenth is killed before. */
const ready = (child: ChildProcess): Promise<unknown> =>
  random() < 0.1
    ? pause(random() * 1_000)
    : new Promise(done => {
        child.stderr!.on('data', chunk => String(chunk).includes('watching') && done(null))
        child.once('exit', done)
      })

for (let count = 0; count < kills; count++) {
  const child = start()
  await ready(child)
  await watchFor(random() * 3_000)
  await end(child, 'SIGKILL')
  if ((count + 1) % 20 === 0)
    console.log(`${count + 1} kills, ${messages.size} messages, ${incidents.size} incidents, ${got.length} received`)
}
calm = true
const last = start()
await watchFor(45_000)
// What waits behind a pause of the outbox is not lost: it is waited for.
for (let count = 0; count < 100 && (await reader.waiting()).length > 0; count++) await watchFor(10_000)
await end(last, 'SIGTERM')

const stored = await reader.incidents({ limit: 100_000 })
const history = await reader.messages({ limit: 100_000 })
let lostResults = 0
let results = 0
for (const { name } of monitors) {
  const kept = new Set((await reader.results(name, {})).map(({ at }) => Math.round(at / 100)))
  for (const at of confirmed.get(name)!) {
    results += 1
    if (!kept.has(Math.round(at / 100))) lostResults += 1
  }
}
const arrived = new Set(got.map(({ id }) => id))
const told = (incident: string, event: string): boolean =>
  got.some(message => message.incident === incident && message.event === event)
const over = stored.filter(({ resolvedAt }) => resolvedAt !== null)
const order = stored.filter(({ id }) => {
  const own = got.filter(({ incident }) => incident === id).map(({ event }) => event)
  return own.includes('up') && own.indexOf('up') < own.indexOf('down')
})
const report = {
  kills,
  endedThemselves,
  confirmedResults: results,
  lostResults,
  incidents: stored.length,
  stillOpen: stored.length - over.length,
  lostIncidents: [...incidents].filter(id => !stored.some(incident => incident.id === id)).length,
  lostMessages: [...messages].filter(id => !history.some(message => message.id === id)).length,
  undelivered: history.filter(({ status }) => status === 'waiting').length,
  lostAlerts: stored.filter(({ id }) => !told(id, 'down')).length,
  lostRecoveries: over.filter(({ id }) => !told(id, 'up')).length,
  outOfOrder: order.length,
  received: got.length,
  duplicates: got.length - arrived.size,
}
console.log(report)
await reader.close()
target.server.close()
channel.server.close()
const { lostResults: a, lostIncidents: b, lostMessages: c, lostAlerts: d, lostRecoveries: e, undelivered: f } = report
process.exit(a + b + c + d + e + f + order.length === 0 && report.duplicates <= kills ? 0 : 1)
