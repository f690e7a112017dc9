// A key page answers steadily: ten requests in a row, none of them far off.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop } from '../../facts/http/web.example.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'

type Data = { url: string; median: number; worst: number; seconds: string }

const fix = (data: Data): Fix => ({
  summary: 'Find what makes this page wait, and take it out of the request',
  steps: [
    `Look at the server’s log or traces for ${data.url}: what took ${data.worst} ms when the usual is ${data.median} ms?`,
    'Usual causes: a server that sleeps and must start, a database connection opened per request, a call to another service without a timeout, a query without an index.',
  ],
  changes: [
    {
      kind: 'manual',
      step: `Take the slow part of ${data.url} out of the request (keep the server awake, pool connections, cache, index).`,
    },
  ],
  effortMinutes: 120,
})

/** The middle of sorted numbers; of an even count, the mean of the two in the middle. */
const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export default defineCheck<Data>()({
  id: 'latency-spike',
  stage: 'audit',
  on: 'route',
  title: 'Key pages answer steadily',
  why: 'Ten requests over an open connection. One that takes more than a second and more than three times the median is a spike (a cold start, a lock, a slow call); a median above a second is slow for everybody.',
  impact: { journey: 'visit', owner: 'Some visitors wait so long that they leave.' },
  needs: ['samples', 'page'],
  signals: ['signup-unreliable', 'slow-pages', 'slow-actions'],
  outcomes: {
    spikes: { status: 'fail', severity: 'high', title: 'Now and then this page takes {seconds} s', fix },
    slow: { status: 'fail', severity: 'high', title: 'This page usually takes {seconds} s', fix },
    steady: { status: 'pass', title: 'The page answers in {median} ms, steadily' },
  },
  references: ['https://web.dev/articles/ttfb', 'https://www.nngroup.com/articles/response-times-3-important-limits/'],
  judge: ({ samples, page }, { subject }) => {
    const { milliseconds, failed } = samples
    const status = page.hops.at(-1)!.status
    if (status >= 500) return { skip: `the page fails with status ${status}` }
    const impact = journeyOf(subject.details?.['kind'])
    const median = Math.round(medianOf(milliseconds.length ? milliseconds : [0]))
    const worst = Math.max(0, ...milliseconds)
    const evidence = [{ label: 'ten requests, ms', value: milliseconds.join(', ') }]
    const spike = worst > 1000 && worst > 3 * median
    const data = (value: number): Data => ({ url: subject.name, median, worst, seconds: (value / 1000).toFixed(1) })
    if (milliseconds.length >= 5 && median > 1000) return { outcome: 'slow', data: data(median), evidence, impact }
    if (milliseconds.length >= 3 && spike) return { outcome: 'spikes', data: data(worst), evidence, impact }
    if (milliseconds.length < 10)
      return {
        unknown: `only ${milliseconds.length} of 10 requests were answered${failed[0] ? `: ${failed[0].message}` : ''}`,
        couldBe: 'high',
      }
    return { outcome: 'steady', data: data(median), evidence }
  },
  examples: [
    {
      name: 'steady',
      facts: {
        samples: { url: 'https://example.com/', milliseconds: [80, 90, 85, 80, 82, 88, 95, 81, 80, 84], failed: [] },
        page: exchange(hop('https://example.com/')),
      },
      expect: 'steady',
    },
    {
      name: 'one of ten is far off',
      facts: {
        samples: { url: 'https://example.com/', milliseconds: [80, 90, 85, 1900, 82, 88, 95, 81, 80, 84], failed: [] },
        page: exchange(hop('https://example.com/')),
      },
      expect: 'spikes',
    },
    {
      name: 'always slow',
      facts: {
        samples: {
          url: 'https://example.com/',
          milliseconds: [1200, 1300, 1250, 1240, 1230, 1220, 1210, 1200, 1290, 1280],
          failed: [],
        },
        page: exchange(hop('https://example.com/')),
      },
      expect: 'slow',
    },
    {
      name: 'too few',
      facts: {
        samples: { url: 'https://example.com/', milliseconds: [80, 90], failed: [{ message: 'no answer' }] },
        page: exchange(hop('https://example.com/')),
      },
      expect: 'unknown',
    },
    {
      name: 'an error page',
      facts: {
        samples: { url: 'https://example.com/', milliseconds: [80], failed: [] },
        page: exchange(hop('https://example.com/', { status: 500 })),
      },
      expect: 'skip',
    },
  ],
})
