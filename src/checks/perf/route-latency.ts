// A key route answers within its target, at the 95th percentile, with what the samples can carry.
import { blocker, defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { samplesOf } from '../../facts/http/route-timings.example.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'
import { routeVerdict } from '../../formats/perf/route-verdict.ts'
import { rowsOfTiming, slowestPhase, untoldOf, waitInWords } from '../../formats/perf/route-words.ts'
import { keepWarm, type Slow, takeTimeOut } from './latency-fixes.ts'

type Data = Slow & { first: string }

/** "Core actions take more than a second": so much, and no cached read, has to be seen for it. */
const signalMs = 1000

export default defineCheck<Data>()({
  id: 'route-latency',
  stage: 'perf',
  on: 'route',
  measured: true,
  title: 'Key routes answer within their target',
  why: 'Requests go out on an open schedule and are timed from when they were due, so that a server that stops for a moment is seen as its customers see it. The 95th percentile is called over or within its target only where the requests carry that at 95 % confidence (exact order statistics, with the error of repeated looks accounted for); sampling goes on until they do.',
  impact: { journey: 'visit', owner: 'People leave what keeps them waiting, most of all at sign-up and login.' },
  needs: ['routeTimings'],
  signals: { 'slow-actions': ['over-target', 'over-twice-target', 'cold-start'] },
  outcomes: {
    'over-twice-target': blocker('One request in twenty takes {p95} or more; wanted {target}', takeTimeOut),
    'over-target': high('One request in twenty takes {p95} or more; wanted {target}', takeTimeOut),
    'cold-start': medium('The first visitor after a pause waits {first}', keepWarm, {
      why: 'Whoever comes first after a pause waits, and may think that it is down.',
    }),
    within: pass('95 of 100 requests are answered within {p95}'),
  },
  references: [
    'https://web.dev/articles/ttfb',
    'https://www.nngroup.com/articles/response-times-3-important-limits/',
    'https://www.itl.nist.gov/div898/handbook/prc/section2/prc262.htm',
  ],
  judge: ({ routeTimings: timings }, { subject }) => {
    const { samples, targetMs, stopped, firstMs, afterPause } = timings
    const seen = routeVerdict(timings)
    if (seen.failed === samples.length && samples.length > 0) return skip('its requests fail, which error-rate judges')
    const data = {
      url: timings.url,
      p95: waitInWords(seen.p95),
      target: waitInWords(targetMs),
      phase: slowestPhase(seen.phases),
      first: waitInWords(afterPause?.ms ?? firstMs ?? 0),
    }
    const evidence = rowsOfTiming(timings, seen).map(({ label, value }) => httpEvidence(timings.url, value, { label }))
    const impact = journeyOf(subject.details?.['kind'])
    const isCold = afterPause !== null && afterPause.ms > Math.max(signalMs, 3 * seen.p50)
    const cold = isCold ? [{ outcome: 'cold-start' as const, data, evidence, impact }] : []
    if (seen.verdict === 'over') {
      const answered = samples.filter(({ failed }) => failed === null)
      if (seen.failed > 0 && routeVerdict({ ...timings, samples: answered }).verdict !== 'over')
        return skip('it is over its target by the requests that fail, which error-rate judges')
      const outcome = seen.twice ? 'over-twice-target' : 'over-target'
      const quiet = seen.interval.low > signalMs ? {} : { signals: false as const }
      return [{ outcome, data, evidence, impact, ...quiet }, ...cold]
    }
    const untold = seen.verdict === 'open' ? [untoldOf(timings, seen)] : []
    const why = stopped && untold.length ? stopped.why : untold[0]
    if (why !== undefined) return [{ unknown: why, couldBe: 'blocker', key: 'too-few-samples' }, ...cold]
    return cold.length ? cold : { outcome: 'within', data, evidence }
  },
  examples: [
    { name: 'a fifth of a second', facts: {}, expect: 'within' },
    { name: 'one second', facts: { routeTimings: { samples: samplesOf(8, 1000) } }, expect: 'over-target' },
    { name: 'two seconds', facts: { routeTimings: { samples: samplesOf(8, 2000) } }, expect: 'over-twice-target' },
    {
      name: 'it sleeps',
      facts: { routeTimings: { firstMs: 2400, afterPause: { pauseMs: 60_000, ms: 2300 } } },
      expect: 'cold-start',
    },
    {
      name: 'awake again',
      facts: { routeTimings: { firstMs: 2400, afterPause: { pauseMs: 60_000, ms: 230 } } },
      expect: 'within',
    },
    { name: 'twenty requests', facts: { routeTimings: { samples: samplesOf(20, 200) } }, expect: 'unknown' },
    {
      name: 'it began to redirect',
      facts: {
        routeTimings: {
          samples: samplesOf(12, 200),
          stopped: { kind: 'redirect', why: 'after 12 answers it redirects' },
        },
      },
      expect: 'unknown',
    },
  ],
})
