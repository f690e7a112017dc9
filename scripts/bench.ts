// `npm run bench`: how long an audit takes against the round trips that it cannot do without, how much memory it needs, and what
// starting costs. Ratios, not times alone: the machine cancels out. Exit 1 when a figure is missed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import type { LabExchange } from '../src/lab/log.ts'
import { startWorld } from '../src/lab/start.ts'
import { loadWorld } from '../src/lab/world.ts'
import { benchTiming, benchWhole } from './bench-perf.ts'

const rtt = 50
const root = new URL('..', import.meta.url).pathname
const program = `${root}bin/launch-ready.js`
if (!existsSync(`${root}dist/main.js`)) {
  console.error('Nothing is built: run `npm run build` first.')
  process.exit(2)
}

/** Peak resident memory of a process in megabytes, from /proc; null where there is none. */
const peakOf = (pid: number): number | null => {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return line ? Number(line[1]) / 1024 : null
  } catch {
    return null
  }
}

const runProgram = (
  args: string[],
  cwd: string,
): Promise<{ milliseconds: number; peak: number | null; exit: number | null }> =>
  new Promise((done, fail) => {
    const start = performance.now()
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NO_COLOR: '1' },
    })
    let peak: number | null = null
    const watch = setInterval(() => {
      peak = peakOf(child.pid ?? 0) ?? peak
    }, 15)
    child.on('error', fail)
    child.on('exit', exit => {
      clearInterval(watch)
      done({ milliseconds: performance.now() - start, peak, exit })
    })
  })

/** Round trips of an exchange: DNS 1, TCP 1, TLS 1.3 1, HTTP 1, an SMTP command 1. */
const tripsOf = (exchange: LabExchange): number => (exchange.to.endsWith(' tcp') ? 2 : 1)

/**
 * Whether `later` may have waited for what `earlier` said. A DNS answer leads to connections, and to one more name; a connection
 * to its TLS, that to its first request; a redirect or a front page leads to names, connections and requests. Other pages, probes
 * of paths and well-known files lead nowhere, so asking one after the other does not pass for a chain; the samples of one URL are
 * taken one by one on purpose and count.
 */
const dependsOn = (later: LabExchange, earlier: LabExchange, isFirst: boolean): boolean => {
  const sameConnection = later.connection !== undefined && later.connection === earlier.connection
  const led = earlier.kind === 'http' && / (30\d|\/ 200)$/.test(earlier.what)
  const isSample = earlier.what === later.what && earlier.to === later.to
  switch (later.kind) {
    case 'dns':
      return (earlier.kind === 'dns' && isFirst && earlier.what.split(' ')[0] !== later.what.split(' ')[0]) || led
    case 'tcp':
      return earlier.kind === 'dns' || led
    case 'tls':
      return earlier.kind === 'tcp' && sameConnection
    case 'http':
      if (earlier.kind === 'tcp' || earlier.kind === 'tls') return sameConnection
      return isSample || (led && earlier.what !== later.what && !/ 404$/.test(later.what))
    case 'smtp':
      return earlier.kind === 'dns' || (earlier.kind === 'smtp' && earlier.to === later.to)
  }
}

/** The longest chain of exchanges in which each began after the one it depends on had ended. */
const longestChain = (exchanges: readonly LabExchange[]): LabExchange[] => {
  const sorted = [...exchanges].sort((a, b) => a.start - b.start)
  const length: number[] = []
  const before: number[] = []
  sorted.forEach((later, at) => {
    length[at] = tripsOf(later)
    before[at] = -1
    for (let other = 0; other < at; other++) {
      const earlier = sorted[other]!
      if (earlier.end > later.start + 3 || !dependsOn(later, earlier, before[other]! < 0)) continue
      const total = length[other]! + tripsOf(later)
      if (total > length[at]!) {
        length[at] = total
        before[at] = other
      }
    }
  })
  const chain: LabExchange[] = []
  for (let at = length.indexOf(Math.max(...length)); at >= 0; at = before[at]!) chain.unshift(sorted[at]!)
  return chain
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Times of `node <args>` and of an empty program, taken in turns so that the machine's moods hit both. */
const startRatio = (args: string[]): number => {
  const once = (words: string[]): number => {
    const start = performance.now()
    spawnSync(process.execPath, words, { stdio: 'ignore' })
    return performance.now() - start
  }
  const ours: number[] = []
  const empty: number[] = []
  once([program, ...args])
  for (let n = 0; n < 20; n++) {
    empty.push(once(['-e', '0']))
    ours.push(once([program, ...args]))
  }
  return median(ours) / median(empty)
}

const rows: [what: string, figure: string, target: string, isMet: boolean][] = []
const world = await startWorld(loadWorld(`${root}fixtures/worlds/healthy-coach.yaml`), { rtt })
// The first run fills the compile cache.
await runProgram(['audit', world.world.domain!, ...world.args(), '--json'], world.cwd)
world.log.exchanges.length = 0
const run = await runProgram(['audit', world.world.domain!, ...world.args(), '--json'], world.cwd)
const chain = longestChain(world.log.exchanges)
await world.close()
const trips = chain.reduce((sum, exchange) => sum + tripsOf(exchange), 0)
const ratio = run.milliseconds / (trips * rtt)

console.log(`audit of healthy-coach, ${rtt} ms round trips, ${world.log.exchanges.length} exchanges, exit ${run.exit}`)
console.log(`longest dependent chain: ${trips} round trips = ${trips * rtt} ms`)
const origin = chain[0]?.start ?? 0
for (const exchange of chain) {
  console.log(
    `  ${String(Math.round(exchange.start - origin)).padStart(6)} ms  ${exchange.kind.padEnd(4)} ${exchange.to}  ${exchange.what}`,
  )
}
rows.push([
  'wall time / longest chain',
  `${Math.round(run.milliseconds)} ms / ${trips * rtt} ms = ${ratio.toFixed(2)}`,
  '≤ 1.5',
  ratio <= 1.5,
])
if (run.peak !== null) rows.push(['peak resident memory', `${run.peak.toFixed(0)} MB`, '< 150 MB', run.peak < 150])
for (const option of ['--version', '--help']) {
  const start = startRatio([option])
  rows.push([`${option} / node -e 0`, start.toFixed(2), '≤ 1.35', start <= 1.35])
}
rows.push(...(await benchTiming()), ...(await benchWhole(root, runProgram)))
console.log()
for (const [what, figure, target, isMet] of rows)
  console.log(`${what.padEnd(28)} ${figure.padEnd(28)} ${target.padEnd(9)} ${isMet ? 'met' : 'MISSED'}`)
process.exitCode = rows.every(row => row[3]) ? 0 : 1
