// A key page answers steadily: ten requests in a row, none of them far off.
import { defineCheck, high, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import { withSpike } from '../../facts/http/samples.example.ts'
import { latencyOf } from '../../formats/http/latency.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'

type Data = { url: string; median: number; worst: number; seconds: string }

const takeOut = ({ url, median, worst }: Data): Fix =>
  fix(
    'Find what makes this page wait, and take it out of the request',
    [
      manual(
        `Take the slow part of ${url} out of the request (keep the server awake, pool connections, cache, index).`,
      ),
    ],
    [
      `Look at the server’s log or traces for ${url}: what took ${worst} ms when the usual is ${median} ms?`,
      'Usual causes: a server that sleeps and must start, a database connection opened per request, a call to another service without a timeout, a query without an index.',
    ],
    120,
  )

/** Milliseconds beyond which the signal "more than 2.5 seconds" is true. */
const slowPage = 2500

/** Whether this machine lost so much of the time that what is steady in the rest proves little. */
const mostlyOurs = (own: readonly number[], atMost: readonly number[]): boolean => {
  const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0)
  return sum(own) < (sum(atMost) * 2) / 3
}

/** Requests that the fact makes. */
const wanted = 10

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
    spikes: high('Now and then this page takes {seconds} s', takeOut),
    slow: high('This page usually takes {seconds} s', takeOut),
    steady: pass('The page answers in {median} ms, steadily'),
  },
  references: ['https://web.dev/articles/ttfb', 'https://www.nngroup.com/articles/response-times-3-important-limits/'],
  judge: ({ samples: { url, milliseconds, atMost, failed }, page }, { subject }) => {
    const { status, truncated } = page.hops.at(-1)!
    if (status >= 500) return skip(`the page fails with status ${status}`)
    if (truncated) return skip('its answer is too large to be read to its end')
    const { median, worst, verdict } = latencyOf(milliseconds, wanted)
    const isOurs =
      atMost &&
      (latencyOf(atMost, wanted).verdict !== verdict || (verdict === 'steady' && mostlyOurs(milliseconds, atMost)))
    if (isOurs) return unknown('this machine was too busy to time the page: part of the waiting was its own', 'high')
    if (verdict === 'few') {
      const why = failed[0] ? `: ${failed[0].message}` : ''
      return unknown(`only ${milliseconds.length} of ${wanted} requests were answered${why}`, 'high')
    }
    const slowest = verdict === 'spikes' ? worst : median
    const seconds = (slowest / 1000).toFixed(1)
    return {
      outcome: verdict,
      data: { url: subject.name, median, worst, seconds },
      evidence: [httpEvidence(url, milliseconds.join(', '), { label: `${milliseconds.length} requests, ms` })],
      ...(verdict === 'steady'
        ? {}
        : {
            impact: journeyOf(subject.details?.['kind']),
            ...(slowest > slowPage ? {} : { signals: ['signup-unreliable', 'slow-actions'] as const }),
          }),
    }
  },
  examples: [
    { name: 'steady', facts: {}, expect: 'steady' },
    { name: 'one of ten is far off', facts: { samples: withSpike(1900) }, expect: 'spikes' },
    { name: 'always slow', facts: { samples: { milliseconds: Array(10).fill(1250) } }, expect: 'slow' },
    {
      name: 'steady in what this machine left of the time',
      facts: { samples: { milliseconds: Array(10).fill(300), atMost: Array(10).fill(600) } },
      expect: 'unknown',
    },
  ],
})
