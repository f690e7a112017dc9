// A route that was timed, for the examples of checks.
import type { Sample } from './route-sampler.ts'
import type { RouteTimings } from './route-timings.ts'

/** One request that took so long; 0.5 s after the one before. */
export const sample = (nth: number, ms: number, given: Partial<Sample> = {}): Sample => ({
  at: nth * 515.45,
  ms,
  sentMs: ms,
  phases: { dns: null, tcp: null, tls: null, firstByte: ms - 10, download: 10 },
  status: 200,
  failed: null,
  ...given,
})

/** So many requests that took so long each. */
export const samplesOf = (count: number, ms: number): Sample[] =>
  Array.from({ length: count }, (_, nth) => sample(nth, ms + (nth % 7)))

/** A dashboard that answers in a fifth of a second. */
export const example: RouteTimings = {
  url: 'https://example.com/',
  targetMs: 800,
  targetBy: 'kind',
  sampling: { least: 5, most: 200, rate: 2 },
  failedMs: 5000,
  samples: samplesOf(66, 200),
  spoiled: 0,
  limited: 0,
  missed: 0,
  stopped: null,
  firstMs: 220,
  afterPause: null,
  after: null,
}

/** The same where these requests failed. */
export const failing = (count: number, failed: string, status = 500): Partial<RouteTimings> => ({
  samples: example.samples.map((one, nth) => (nth < count ? { ...one, status, failed } : one)),
})
