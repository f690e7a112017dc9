// What a row of timed requests says of a route, in numbers and in words: shared by the check, the budget in CI and the notes.
import { type Boundaries, boundariesFor } from './boundaries.ts'
import { firstVerdict, type Interval, intervalOf, type P95Verdict, quantileOf, rowOf } from './p95.ts'

export type Phases = {
  dns: number | null
  tcp: number | null
  tls: number | null
  firstByte: number | null
  download: number | null
}
type Timed = { at: number; ms: number; sentMs: number; phases: Phases; failed: string | null; status: number }

/** What is read of the timings of a route. */
export type Timings = {
  targetMs: number
  failedMs: number
  samples: readonly Timed[]
  sampling: { least: number; most: number }
}

export type RouteVerdict = {
  verdict: P95Verdict
  /** Whether the 95th percentile is over twice the target as well. */
  twice: boolean
  /** Requests that were counted, and those of them that failed. */
  count: number
  failed: number
  /** Medians and 95th percentiles in milliseconds: from when a request was due, and from when it was sent. */
  p50: number
  p95: number
  sentP95: number
  interval: Interval
  /** Medians of the phases of requests that were answered; null where a phase did not happen. */
  phases: Record<keyof Phases, number | null>
}

const phaseNames = ['dns', 'tcp', 'tls', 'firstByte', 'download'] as const

const phasesOf = (samples: readonly Timed[]): RouteVerdict['phases'] =>
  Object.fromEntries(
    phaseNames.map(name => {
      const values = samples.map(({ phases }) => phases[name]).filter(value => value !== null)
      return [name, values.length ? Math.round(quantileOf(values, 0.5)) : null]
    }),
  ) as RouteVerdict['phases']

/** Judges the row up to where its verdict could first be given. */
export const routeVerdict = (
  { samples, sampling, targetMs, failedMs }: Timings,
  boundaries: Boundaries = boundariesFor(sampling),
): RouteVerdict => {
  const all = rowOf(samples, failedMs)
  const first = firstVerdict(all, targetMs, boundaries)
  // Requests that were under way at the verdict may tell about twice the target.
  const twice = first.verdict === 'over' && firstVerdict(all, 2 * targetMs, boundaries).verdict === 'over'
  const counted = samples.slice(
    0,
    twice ? Math.max(first.after, firstVerdict(all, 2 * targetMs, boundaries).after) : first.after,
  )
  const waits = rowOf(counted, failedMs).map(({ ms }) => ms)
  return {
    verdict: first.verdict,
    twice,
    count: counted.length,
    failed: counted.filter(({ failed }) => failed !== null).length,
    p50: Math.round(quantileOf(waits, 0.5)),
    p95: Math.round(quantileOf(waits, 0.95)),
    sentP95: Math.round(
      quantileOf(
        counted.map(({ sentMs }) => sentMs),
        0.95,
      ),
    ),
    interval: intervalOf(waits, boundaries),
    phases: phasesOf(counted.filter(({ status }) => status > 0)),
  }
}
