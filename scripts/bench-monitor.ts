// What a watcher costs: 1,000 HTTP monitors at one minute against a server on loopback; processor, memory, lateness, size of the store.
// `node scripts/bench-monitor.ts [monitors] [seconds]` measures the loop from source, then the built program (`npm run build`, Linux): what
// runs from source holds its compiler and its sources too. `node scripts/bench-monitor.ts year` fills a store with a simulated year.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema } from '../src/config/schema.ts'
import { monitorSection } from '../src/config/sections/monitor.ts'
import { createLogReader } from '../src/monitor/log-rate.ts'
import { createLoop } from '../src/monitor/loop.ts'
import { openStore } from '../src/monitor/open-store.ts'
import { createOutbox } from '../src/monitor/outbox.ts'
import { type Monitor, planMonitors } from '../src/monitor/plan.ts'
import type { Result, Span } from '../src/monitor/store.ts'
import { systemClock } from '../src/net/clock.ts'
import { createNetwork } from '../src/net/create-network.ts'
import { unknown } from '../src/probes/probe.ts'

const minute = 60_000
const dayMs = 86_400_000
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

const sizeOf = (path: string): number =>
  ['', '-wal'].reduce((sum, end) => sum + (existsSync(path + end) ? statSync(path + end).size : 0), 0)

/** Looks of one monitor at each minute of a day, with an outage of ten minutes. */
const dayOf = (monitor: string, from: number, seed: number): { results: Result[]; spans: Span[] } => {
  const results: Result[] = []
  const spans: Span[] = []
  for (let at = 0; at < 1_440; at++) {
    const state = at >= 600 + (seed % 100) && at < 610 + (seed % 100) ? 'down' : 'up'
    const time = from + at * minute + ((seed * 7_919) % minute)
    const latencyMs = state === 'up' ? 20 + ((at * 31 + seed * 17) % 180) : null
    results.push({ monitor, at: time, seen: state, state, latencyMs, maintenance: false })
    spans.push({ monitor, from: time - minute, to: time, state, maintenance: false })
  }
  return { results, spans }
}

/** Days are written for some monitors and scaled: a year of a thousand is half a billion looks. */
const year = async (): Promise<void> => {
  const path = join(mkdtempSync(join(tmpdir(), 'monitor-year-')), 'monitor.sqlite')
  const start = Date.UTC(2026, 0, 1)
  const store = await openStore(path, { cwd: '/', clock: Date })
  const count = 20
  const names = Array.from({ length: count }, (_, at) => `m${at}`)
  const row = { kind: 'http' as const, target: 'https://example.com/', intervalMs: minute, expects: [] }
  await store.setMonitors(
    names.map(name => ({ ...row, name })),
    start,
  )
  for (let day = 0; day < 365; day++) {
    for (const [at, name] of names.entries()) await store.apply(dayOf(name, start + day * dayMs, day * 31 + at))
    await store.tidy(start + (day + 1) * dayMs)
    if (day === 33)
      console.log(`raw and roll-ups of 34 days: ${megabytes((sizeOf(path) / count) * 1_000)} for 1,000 monitors`)
  }
  await store.close()
  console.log(
    `after a year, ${count} monitors: ${megabytes(sizeOf(path))}; scaled to 1,000 monitors: ${megabytes((sizeOf(path) / count) * 1_000)}`,
  )
}

/** One day of a thousand monitors as the watcher writes it, minute by minute put together by hour. */
const day = async (): Promise<void> => {
  const path = join(mkdtempSync(join(tmpdir(), 'monitor-day-')), 'monitor.sqlite')
  const start = Date.UTC(2026, 0, 1)
  const store = await openStore(path, { cwd: '/', clock: Date })
  const names = Array.from({ length: 1_000 }, (_, at) => `m${at}`)
  const row = { kind: 'http' as const, target: 'https://example.com/', intervalMs: minute, expects: [] }
  await store.setMonitors(
    names.map(name => ({ ...row, name })),
    start,
  )
  const empty = sizeOf(path)
  for (const [at, name] of names.entries()) await store.apply({ results: dayOf(name, start, at).results })
  await store.close()
  const raw = sizeOf(path) - empty
  console.log(`1,000 monitors, one day of looks (with their hourly and daily buckets): ${megabytes(raw)}`)
}

/** A server that is well, in a process of its own, and monitors that look at it. */
const startTargets = async (count: number): Promise<{ server: ChildProcess; monitors: object[] }> => {
  const server = fork(import.meta.filename, ['server'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const port = await new Promise<number>(done => server.once('message', message => done(message as number)))
  const monitors = Array.from({ length: count }, (_, at) => ({
    name: `m${at}`,
    http: `http://127.0.0.1:${port}/m${at}`,
    expect: { text: 'well' },
  }))
  return { server, monitors }
}

/** Milliseconds of processor time that a process has had: fields 14 and 15 of its status, in hundredths of a second. */
const workOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** The program as people start it: its start is in what it held at most, and not in what it costs. */
const watchBuilt = async (count: number, seconds: number): Promise<void> => {
  const home = join(import.meta.dirname, '..')
  if (!existsSync(join(home, 'dist/main.js')) || !existsSync('/proc/self/status')) {
    console.log('built: not measured (needs `npm run build`, and Linux)')
    return
  }
  const { server, monitors } = await startTargets(count)
  const cwd = mkdtempSync(join(tmpdir(), 'monitor-bench-'))
  writeFileSync(join(cwd, 'launch-ready.config.yaml'), JSON.stringify({ monitor: { interval: '1m', monitors } }))
  const program = spawn(process.execPath, [join(home, 'bin/launch-ready.js'), 'monitor', 'watch'], {
    cwd,
    stdio: 'ignore',
  })
  await systemClock.sleep(70_000)
  const before = workOf(program.pid!)
  await systemClock.sleep(seconds * 1_000)
  const share = (workOf(program.pid!) - before) / 1_000 / seconds
  const most = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))![1]) * 1_024
  console.log(
    `built, ${count} monitors, ${seconds} s: ${(share * 100).toFixed(1)} % of one core, ${megabytes(most)} at most`,
  )
  program.kill()
  server.kill()
}

const watch = async (count: number, seconds: number): Promise<void> => {
  const { server, monitors } = await startTargets(count)
  const section = monitorSection.parse({
    interval: '1m',
    monitors,
    store: join(mkdtempSync(join(tmpdir(), 'monitor-bench-')), 'm.sqlite'),
  })
  const config = configSchema.parse({ monitor: {} })
  const store = await openStore(section.store, { cwd: '/', clock: systemClock, watches: true })
  const stop = new AbortController()
  const planned = planMonitors(config, section, 5_000)
  await store.setMonitors(planned, Date.now())
  const network = {
    resolvers: [],
    connectTo: [],
    ca: [],
    concurrency: 256,
    userAgent: 'launch-ready/bench',
    ownHosts: ['127.0.0.1'],
  }
  const connect = (timeoutMs = 5_000) =>
    createNetwork({ ...network, timeoutMs, clock: systemClock, signal: stop.signal, oneLook: true })
  const late: number[] = []
  const outbox = createOutbox({
    store: () => store,
    channels: [],
    clock: systemClock,
    connect,
    signal: stop.signal,
    keys: null,
    dashboard: null,
    mask: text => text,
  })
  const loop = await createLoop({
    section,
    monitors: planned.map((monitor): Monitor => ({ ...monitor, since: Date.now(), retired: null })),
    channels: [],
    store: () => store,
    renew: async () => {},
    look: {
      connect: ({ timeoutMs }) => connect(timeoutMs),
      clock: systemClock,
      log: createLogReader(() => ({ test: () => false })),
      walkFlow: async () => unknown(''),
      canSee: async () => true,
    },
    outbox,
    clock: systemClock,
    signal: stop.signal,
    mask: text => text,
    say: console.log,
    prolong: async () => true,
    onLook: ms => late.push(ms),
  })
  const running = loop.run()
  // The first minute is the start: what is measured is what goes on.
  await systemClock.sleep(70_000)
  late.length = 0
  const before = process.cpuUsage()
  const begun = performance.now()
  let most = 0
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 500)
  await systemClock.sleep(seconds * 1_000)
  clearInterval(sampling)
  const used = process.cpuUsage(before)
  const share = (used.user + used.system) / 1_000 / (performance.now() - begun)
  late.sort((a, b) => a - b)
  console.log(
    `from source, ${count} monitors, ${seconds} s: ${(share * 100).toFixed(1)} % of one core, ${megabytes(most)} at most, ${late.length} looks, late p50 ${late[Math.floor(late.length / 2)]?.toFixed(0)} ms, p99 ${late[Math.floor(late.length * 0.99)]?.toFixed(0)} ms, most ${late.at(-1)?.toFixed(0)} ms`,
  )
  const states = await store.states()
  console.log(`${states.filter(({ state }) => state === 'up').length} of ${states.length} up`)
  stop.abort()
  await running
  await store.close()
  server.kill()
}

const [first = '1000', second = '120'] = process.argv.slice(2)
if (first === 'server') {
  const server = createServer((_, response) => response.end('all is well')).listen(0, '127.0.0.1', () => {
    process.send!((server.address() as AddressInfo).port)
  })
} else if (first === 'year') await year()
else if (first === 'day') await day()
else {
  await watch(Number(first), Number(second))
  await watchBuilt(Number(first), Number(second))
}
