// What a row of timed requests says of a route, in words.
import type { Interval } from './p95.ts'
import type { Phases, RouteVerdict } from './route-verdict.ts'

/** Milliseconds in words: `340 ms`, `1.2 s`. */
export const waitInWords = (ms: number): string => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`)

const phaseNames = ['dns', 'tcp', 'tls', 'firstByte', 'download'] as const

/** An interval in words: `210 to 340 ms`, `at least 1.2 s`. */
export const intervalInWords = ({ low, high }: Interval): string => {
  if (high === null) return low > 0 ? `at least ${waitInWords(low)}` : 'not known'
  return `${waitInWords(low)} to ${waitInWords(high)}`
}

const phaseWords: Record<keyof Phases, string> = {
  dns: 'name lookup',
  tcp: 'connecting',
  tls: 'TLS',
  firstByte: 'waiting for the first byte',
  download: 'download',
}

/** Where the time goes: `waiting for the first byte 310 ms, download 20 ms`. */
export const phasesInWords = (phases: RouteVerdict['phases']): string =>
  phaseNames
    .filter(name => phases[name] !== null)
    .map(name => `${phaseWords[name]} ${phases[name]} ms`)
    .join(', ')

/** The phase in which most of the time goes. */
export const slowestPhase = (phases: RouteVerdict['phases']): keyof Phases =>
  phaseNames.reduce(
    (most, name) => ((phases[name] ?? 0) > (phases[most] ?? 0) ? name : most),
    'firstByte' as keyof Phases,
  )

type Words = {
  sampling: { most: number; rate: number }
  missed: number
  spoiled: number
  limited: number
  after: string | null
  targetMs: number
  targetBy: 'config' | 'cached' | 'hit' | 'kind'
  firstMs: number | null
  afterPause: { pauseMs: number; ms: number } | null
}

const targetWords: Record<Words['targetBy'], string> = {
  config: 'of the config',
  cached: 'for a cached read',
  hit: 'for a page that the content delivery network answers',
  kind: 'for what the route is for',
}

/** What was measured, a line each. */
export const rowsOfTiming = (timings: Words, seen: RouteVerdict): { label: string; value: string }[] => {
  const { missed, spoiled, limited, after, targetMs, targetBy, firstMs, afterPause, sampling } = timings
  const row = (label: string, value: string | null): { label: string; value: string }[] =>
    value === null ? [] : [{ label, value }]
  return [
    ...row(
      '95th percentile',
      `${waitInWords(seen.p95)} (95 %: ${intervalInWords(seen.interval)}); from the sending: ${waitInWords(seen.sentP95)}`,
    ),
    ...row(
      'median',
      `${waitInWords(seen.p50)} over ${seen.count} requests${after === null ? '' : `, signed in by flow "${after}"`}`,
    ),
    ...row('target', `${waitInWords(targetMs)} ${targetWords[targetBy]}`),
    ...row('where the time goes', phasesInWords(seen.phases) || null),
    ...row('failed', seen.failed > 0 ? `${seen.failed} of ${seen.count}, counted as waits to the end` : null),
    ...row(
      'could not hold the rate',
      missed > 0
        ? `${missed} turns of ${sampling.rate} a second passed with as many requests under way as may be`
        : null,
    ),
    ...row('limited', limited > 0 ? `${limited} times it asked for a pause (429)` : null),
    ...row('left out', spoiled > 0 ? `${spoiled} requests during which this machine was busy` : null),
    ...row(
      'first answer',
      afterPause === null || firstMs === null
        ? null
        : `${waitInWords(firstMs)}; after a pause of ${Math.round(afterPause.pauseMs / 1000)} s ${waitInWords(afterPause.ms)}; median ${waitInWords(seen.p50)}`,
    ),
  ]
}

/** Why nothing can be said of the target. */
export const untoldOf = ({ targetMs }: Pick<Words, 'targetMs'>, { count, interval }: RouteVerdict): string =>
  interval.low > targetMs
    ? `too few samples: of ${count} requests more than one in twenty waited over ${waitInWords(targetMs)}, but in so few bursts that it may be chance`
    : `too few samples: after ${count} requests the 95th percentile lies at ${intervalInWords(interval)}, and ${waitInWords(targetMs)} is neither kept nor missed (95 %)`
