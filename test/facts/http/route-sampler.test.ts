// The open schedule and the sampler against small servers on loopback: what is polite, what ends it, what stays in.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../../src/core/clock.ts'
import { createOpenSchedule } from '../../../src/facts/http/open-schedule.ts'
import { retryAfterMs, sampleRoute } from '../../../src/facts/http/route-sampler.ts'
import { systemClock } from '../../../src/net/clock.ts'
import { createNetwork } from '../../../src/net/create-network.ts'
import type { Network } from '../../../src/net/network.ts'

const open: { server: Server; net: Network }[] = []
afterEach(async () => {
  for (const { server, net } of open.splice(0)) {
    await net.close()
    server.closeAllConnections()
    server.close()
  }
})

type Answer = (nth: number, response: ServerResponse, request: IncomingMessage) => void

type Wanted = {
  rate?: number
  most?: number
  least?: number
  targetMs?: number
  timeoutMs?: number
  signal?: AbortSignal
  inFlight?: number
  clock?: Clock
}

const sampled = async (answer: Answer, wanted: Wanted = {}) => {
  const arrivals: number[] = []
  const server = createServer((request, response) => {
    arrivals.push(performance.now())
    answer(arrivals.length, response, request)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const { rate = 50, most = 200, least = 5, targetMs = 300, timeoutMs = 600, inFlight = 8 } = wanted
  const { signal = new AbortController().signal, clock = systemClock } = wanted
  const net = createNetwork({
    resolvers: [],
    connectTo: [],
    ca: [],
    timeoutMs,
    concurrency: 64,
    userAgent: 'test',
    signal,
    clock,
    ownHosts: ['127.0.0.1'],
  })
  open.push({ server, net })
  const schedule = createOpenSchedule({ clock, rate, inFlight, signal })
  const asking = { url: `http://127.0.0.1:${port}/`, headers: {}, cookies: null }
  const sampling = { least, most, targetMs, failedMs: timeoutMs, kind: 'api' }
  const result = await sampleRoute({ net, schedule, signal, timeoutMs }, asking, sampling)
  return { ...result, arrivals, schedule }
}

/** What this machine keeps from us is left out of a wait otherwise: here the wait is counted whole. */
const undisturbed: Clock = { ...systemClock, attended: () => systemClock.elapsed(), stalledSince: () => 0 }

const ok: Answer = (_, response) => void response.end('ok')

describe('sampling', () => {
  test('ends with the verdict: a quick route within 70 requests, one far over its target within 12', async () => {
    const quick = await sampled(ok)
    expect(quick.arrivals.length).toBeGreaterThanOrEqual(60)
    // What this machine kept from us is asked once more.
    expect(quick.arrivals.length).toBeLessThanOrEqual(70 + quick.spoiled)
    expect(quick.stopped).toBeNull()
    const slow = await sampled((_, response) => void setTimeout(() => response.end('ok'), 250), {
      rate: 5,
      targetMs: 100,
      clock: undisturbed,
    })
    expect(slow.arrivals.length).toBeLessThanOrEqual(12)
    expect(slow.samples.every(({ ms }) => ms >= 240)).toBe(true)
  })

  test('never sends sooner than the rate allows, and times the phases apart', async () => {
    const { arrivals, samples } = await sampled(ok, { rate: 20, most: 12, least: 12 })
    const span = arrivals.at(-1)! - arrivals[0]!
    expect(span / (arrivals.length - 1)).toBeGreaterThanOrEqual(48)
    expect(samples[0]!.phases.firstByte).toBeGreaterThan(0)
    expect(samples.every(({ at }, nth) => nth === 0 || at > samples[nth - 1]!.at)).toBe(true)
  })

  test('a 429 with Retry-After is honoured, and the requests go on', async () => {
    const { arrivals, limited, stopped, samples } = await sampled(
      (nth, response) => {
        if (nth === 4) response.writeHead(429, { 'retry-after': '1' })
        response.end('ok')
      },
      { most: 20 },
    )
    expect(limited).toBeGreaterThanOrEqual(1)
    expect(stopped).toBeNull()
    expect(Math.max(...arrivals.slice(4).map((at, nth) => at - arrivals[nth + 3]!))).toBeGreaterThan(850)
    expect(samples.every(({ failed }) => failed === null)).toBe(true)
  })

  test.each<[string, Answer, RegExp]>([
    [
      '429 again and again',
      (_, response) => void response.writeHead(429, { 'retry-after': '0' }).end(),
      /limits requests from here/,
    ],
    [
      'a pause of an hour',
      (nth, response) => void response.writeHead(nth > 3 ? 429 : 200, { 'retry-after': '3600' }).end(),
      /pause of 3600 s/,
    ],
    [
      'five 5xx in a row',
      (nth, response) => void response.writeHead(nth > 4 ? 503 : 200).end(),
      /5 requests in a row failed: status 503/,
    ],
    [
      'a redirect mid-way',
      (nth, response) =>
        void response.writeHead(nth > 8 ? 302 : 200, { location: 'https://elsewhere.example/x?token=1' }).end(),
      /^after \d answers it redirects to https:\/\/elsewhere\.example\/x$/,
    ],
    ['no answer any more', (nth, response) => void (nth < 6 && response.end('ok')), /5 requests in a row failed/],
    [
      'connections that are cut',
      (nth, response, request) => void (nth < 6 ? response.end('ok') : request.socket.destroy()),
      /5 requests in a row failed/,
    ],
    [
      'an answer without end',
      (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(256 * 1024)));
          response.once('drain', more)
        }
        more()
      },
      /does not end/,
    ],
  ])('%s ends it with a sentence', async (_, answer, why) => {
    // On a machine that keeps its time from us the sentence would be about this machine.
    const { stopped, arrivals } = await sampled(answer, { rate: 20, clock: undisturbed })
    expect(stopped?.why).toMatch(why)
    expect(arrivals.length).toBeLessThan(40)
  })

  test('failures stay in the row, with their reason', async () => {
    const { samples } = await sampled((nth, response) => void response.writeHead(nth % 3 === 0 ? 404 : 200).end(), {
      most: 9,
      least: 9,
    })
    expect(samples.filter(({ failed }) => failed === 'status 404').length).toBeGreaterThanOrEqual(2)
    expect(samples.some(({ failed }) => failed === null)).toBe(true)
  })

  test('a target that cannot hold the rate is said to, and requests under way are bounded', async () => {
    let underWay = 0
    let mostUnderWay = 0
    const { schedule } = await sampled(
      (_, response) => {
        underWay += 1
        mostUnderWay = Math.max(mostUnderWay, underWay)
        setTimeout(() => {
          underWay -= 1
          response.end('ok')
        }, 400)
      },
      { rate: 40, inFlight: 3, most: 9, least: 9, targetMs: 5000 },
    )
    expect(mostUnderWay).toBeLessThanOrEqual(3)
    expect(schedule.missed()).toBeGreaterThan(5)
  })

  test('an interruption ends it at once', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 200)
    const { stopped } = await sampled(ok, { rate: 5, signal: stop.signal })
    expect(stopped?.kind).toBe('interrupted')
  })
})

test.each([
  ['120', 120_000],
  [' 5 ', 5_000],
  ['Sun, 29 Nov 2026 00:00:10 GMT', 10_000],
  ['soon', null],
  [null, null],
])('Retry-After: %s', (value, ms) => {
  expect(retryAfterMs(value, Date.parse('2026-11-29T00:00:00Z'))).toBe(ms)
})
