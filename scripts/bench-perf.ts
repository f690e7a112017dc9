// The part of `npm run bench` that measures our measuring: against servers whose answer times are known, and how long `perf` takes beside
// what its requests prescribe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createOpenSchedule } from '../src/facts/http/open-schedule.ts'
import { type Sample, sampleRoute } from '../src/facts/http/route-sampler.ts'
import type { RouteTimings } from '../src/facts/http/route-timings.ts'
import { quantileOf } from '../src/formats/perf/p95.ts'
import { startWorld } from '../src/lab/start.ts'
import { loadWorld } from '../src/lab/world.ts'
import { systemClock } from '../src/net/clock.ts'
import { createNetwork } from '../src/net/create-network.ts'

export type Row = [what: string, figure: string, target: string, isMet: boolean]

/** A server in a process of its own: it answers after `answerMs`, and in every `everyMs` does nothing for `stallMs`. */
const serverCode = (answerMs: number, stallMs: number, everyMs: number): string => `
const began = performance.now()
require('node:http').createServer((request, response) => {
  const into = (performance.now() - began) % ${everyMs}
  setTimeout(() => response.end('ok'), ${answerMs} + (into < ${stallMs} ? ${stallMs} - into : 0))
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
`

const timed = async (count: number, rate: number, code: string): Promise<Sample[]> => {
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer]
    const { signal } = new AbortController()
    const net = createNetwork({
      resolvers: [],
      connectTo: [],
      ca: [],
      timeoutMs: 5000,
      concurrency: 256,
      userAgent: 'launch-ready bench',
      signal,
      clock: systemClock,
      ownHosts: ['127.0.0.1'],
    })
    const schedule = createOpenSchedule({ clock: systemClock, rate, inFlight: 40, signal })
    const asking = { url: `http://127.0.0.1:${String(port).trim()}/`, headers: {}, cookies: null }
    const sampling = { least: count, most: count, targetMs: 5000, failedMs: 5000, kind: 'api' }
    const { samples } = await sampleRoute({ net, schedule, signal, timeoutMs: 5000 }, asking, sampling)
    await net.close()
    return samples
  } finally {
    child.kill()
  }
}

/** Servers whose answer times are known. */
export const benchTiming = async (): Promise<Row[]> => {
  const steady = await timed(60, 10, serverCode(100, 0, 1000))
  const p50 = quantileOf(
    steady.map(({ ms }) => ms),
    0.5,
  )
  // A fifth of the requests meets a stall and waits evenly between nothing and a second: one in twenty waits 750 ms or more.
  const truth = 850
  const stalling = await timed(600, 20, serverCode(100, 1000, 5000))
  const p95 = quantileOf(
    stalling.map(({ ms }) => ms),
    0.95,
  )
  return [
    ['p50 of 100 ms', `${p50.toFixed(1)} ms`, '100 ± 5', Math.abs(p50 - 100) <= 5],
    ['p95 of 1 s stalls in 5 s', `${p95.toFixed(0)} ms of ${truth} ms`, '± 10 %', Math.abs(p95 - truth) <= truth / 10],
  ]
}

type RunProgram = (args: string[], cwd: string) => Promise<{ milliseconds: number; exit: number | null }>

/** `perf` on healthy-coach without a browser, beside the time that its requests take at the rate that is allowed. */
export const benchWhole = async (root: string, runProgram: RunProgram): Promise<Row[]> => {
  const world = await startWorld(loadWorld(`${root}fixtures/worlds/healthy-coach.yaml`))
  try {
    const facts = join(world.cwd, 'perf-facts.json')
    const none = join(world.cwd, 'no-browser')
    const args = ['perf', world.world.domain!, ...world.args(), '--json', '--save-facts', facts, '--browser', none]
    const { milliseconds, exit } = await runProgram(args, world.cwd)
    const saved = JSON.parse(readFileSync(facts, 'utf8')) as {
      facts: { fact: string; is: { ok: boolean; value: RouteTimings } }[]
    }
    const byHost = new Map<string, number>()
    for (const { fact, is } of saved.facts)
      if (fact === 'routeTimings' && is.ok) {
        const { host } = new URL(is.value.url)
        // One warms up.
        const asked = is.value.samples.length + is.value.spoiled + 1
        byHost.set(host, (byHost.get(host) ?? 0) + asked / is.value.sampling.rate)
      }
    const prescribed = Math.max(...byHost.values()) * 1000
    const ratio = milliseconds / prescribed
    const figure = `${(milliseconds / 1000).toFixed(1)} s / ${(prescribed / 1000).toFixed(1)} s = ${ratio.toFixed(2)}, exit ${exit}`
    return [['perf / its request budget', figure, '≤ 1.3', ratio <= 1.3 && exit === 0]]
  } finally {
    await world.close()
  }
}
