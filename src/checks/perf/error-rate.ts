// Requests to a key route succeed: how many fail, as far as so many tries can tell.
import { blocker, defineCheck, medium, pass, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { failing, samplesOf } from '../../facts/http/route-timings.example.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'
import { failsOften } from '../../formats/perf/error-share.ts'
import { stopFailing } from './latency-fixes.ts'

type Data = { url: string; failed: number; tried: number; failures: string }

/** Fewer tries without a failure say nothing. */
const least = 5

/** What went wrong, and how often: `status 503 (4), no answer within 5 s (1)`. */
const tallied = (failures: readonly string[]): string =>
  [...new Set(failures)].map(what => `${what} (${failures.filter(other => other === what).length})`).join(', ')

export default defineCheck<Data>()({
  id: 'error-rate',
  stage: 'perf',
  on: 'route',
  measured: true,
  title: 'Requests to key routes succeed',
  why: 'Of the timed requests, those that time out, are reset, answer with 5xx or with a status that the route does not expect have failed; redirects, an expected 401 and a 429 that we provoked have not. Over one percent is said where the exact lower bound of Clopper and Pearson is over it at 95 %. Five failures in a row end the measuring.',
  impact: { journey: 'visit', owner: 'Some of the people who click get an error instead of your product.' },
  needs: ['routeTimings'],
  signals: ['signup-unreliable'],
  outcomes: {
    'over-one-percent': blocker('{failed} of {tried} requests to this page fail', stopFailing),
    any: medium('{failed} of {tried} requests to this page failed', stopFailing),
    under: pass('None of {tried} requests failed'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.6',
    'https://sre.google/sre-book/monitoring-distributed-systems/',
    'https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Clopper%E2%80%93Pearson_interval',
  ],
  judge: ({ routeTimings: { url, samples, stopped } }, { subject }) => {
    if (stopped?.kind === 'ours') return unknown(`what failed may be our own network: ${stopped.why}`)
    const failures = samples.flatMap(({ failed }) => (failed === null ? [] : [failed]))
    const data = { url, failed: failures.length, tried: samples.length, failures: tallied(failures) }
    const said = data.failures || `${samples.length} answered as expected`
    const evidence = [httpEvidence(url, said, { label: `${samples.length} requests` })]
    const impact = journeyOf(subject.details?.['kind'])
    if (failures.length > 0)
      return {
        outcome: failsOften(failures.length, samples.length) ? 'over-one-percent' : 'any',
        data,
        evidence,
        impact,
      }
    if (samples.length >= least) return { outcome: 'under', data, evidence }
    return unknown(stopped?.why ?? `only ${samples.length} requests were answered`)
  },
  examples: [
    { name: 'all answered', facts: {}, expect: 'under' },
    { name: 'one in 66', facts: { routeTimings: failing(1, 'status 502', 502) }, expect: 'any' },
    { name: 'four in 66', facts: { routeTimings: failing(4, 'status 502', 502) }, expect: 'over-one-percent' },
    {
      name: 'limited at once',
      facts: { routeTimings: { samples: samplesOf(1, 200), stopped: { kind: 'limited', why: 'it limits requests' } } },
      expect: 'unknown',
    },
    {
      name: 'our network',
      facts: { routeTimings: { stopped: { kind: 'ours', why: 'nobody answers' } } },
      expect: 'unknown',
    },
  ],
})
