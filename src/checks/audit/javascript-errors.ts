// The page runs in a browser without an error.
import { defineCheck } from '../../core/check.ts'
import { notApplicable, observed } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import type { Rendered } from '../../facts/browser/rendered.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'

type Data = { url: string; count: number; first: string; where: string; list: string[] }

const fix =
  (summary: (data: Data) => string, step: (data: Data, item: string) => string) =>
  (data: Data): Fix => ({
    summary: summary(data),
    steps: [
      `Open ${data.url} in a private window with the developer tools open, and reload.`,
      ...data.list.slice(0, 10).map(item => step(data, item)),
    ],
    changes: data.list.slice(0, 10).map(item => ({ kind: 'manual' as const, step: step(data, item) })),
    effortMinutes: 45,
  })

const rendered = (given: Partial<Rendered> = {}): Rendered => ({
  url: 'https://example.com/',
  uncaught: [],
  failed: [],
  blocked: [],
  insecure: [],
  withheld: 0,
  untold: [],
  ...given,
})

const at = '2026-11-25T00:00:00Z'

export default defineCheck<Data>()({
  id: 'javascript-errors',
  stage: 'audit',
  on: 'route',
  title: 'The page runs in a browser without an error',
  why: 'The page is opened in Chromium as a stranger would. Uncaught exceptions and rejections, requests of its own site that fail, and what its enforced Content-Security-Policy blocks are noted. Nothing but GET is sent, and errors that come from what was not sent do not count.',
  impact: { journey: 'signup', owner: 'Buttons and forms on this page may do nothing when a customer uses them.' },
  needs: [],
  wants: ['rendered'],
  signals: ['signup-unreliable'],
  outcomes: {
    uncaught: {
      status: 'fail',
      severity: 'high',
      title: 'The page’s own code breaks in a browser (errors: {count})',
      fix: fix(
        data => `Fix what fails with "${data.first}"`,
        (data, item) => `Find and fix "${item}"${data.where ? ` (first seen at ${data.where})` : ''}.`,
      ),
    },
    'failed-request': {
      status: 'fail',
      severity: 'medium',
      title: 'The page asks for files that are not there ({count})',
      fix: fix(
        data => `Serve ${data.first}, or stop asking for it`,
        (_, item) => `Serve ${item}, or take out what asks for it.`,
      ),
    },
    'csp-blocked': {
      status: 'fail',
      severity: 'high',
      title: 'The page’s own security policy blocks parts of it ({count})',
      fix: fix(
        data => `Allow ${data.first} in the Content-Security-Policy, or take it out of the page`,
        (data, item) => `Allow ${item} in the Content-Security-Policy of ${data.url}, or take it out of the page.`,
      ),
    },
    clean: { status: 'pass', title: 'The page runs without an error' },
  },
  references: [
    'https://developer.mozilla.org/docs/Web/API/Window/error_event',
    'https://www.w3.org/TR/CSP3/#violation-events',
  ],
  judge: ({ rendered: fact }, { subject }) => {
    if (!fact.ok) return fact.because ? { skip: fact.because } : { unknown: fact.message, couldBe: 'high' }
    const seen = fact.value
    const impact = journeyOf(subject.details?.['kind'])
    const groups = [
      { outcome: 'uncaught' as const, items: seen.uncaught.map(item => [item.at || seen.url, item.message] as const) },
      { outcome: 'csp-blocked' as const, items: seen.blocked.map(item => [item.directive, item.url] as const) },
      { outcome: 'failed-request' as const, items: seen.failed.map(item => [item.problem, item.url] as const) },
    ]
    const faults = groups.flatMap(({ outcome, items }) =>
      items[0]
        ? [
            {
              outcome,
              data: {
                url: subject.name,
                count: items.length,
                first: items[0][1],
                where: items[0][0],
                list: items.map(([, what]) => what),
              },
              evidence: items.slice(0, 5).map(([label, value]) => ({ label, value })),
              impact,
            },
          ]
        : [],
    )
    if (faults.length) return faults
    if (seen.untold[0])
      return { unknown: `${seen.untold[0].url} gave no answer: ${seen.untold[0].message}`, couldBe: 'high' }
    return { outcome: 'clean', data: { url: subject.name, count: 0, first: '', where: '', list: [] }, evidence: [] }
  },
  examples: [
    { name: 'clean', facts: { rendered: observed(rendered(), at) }, expect: 'clean' },
    {
      name: 'code that breaks',
      facts: {
        rendered: observed(
          rendered({
            uncaught: [{ message: 'TypeError: form is null', at: 'https://example.com/assets/app.js:1:204' }],
          }),
          at,
        ),
      },
      expect: 'uncaught',
    },
    {
      name: 'a script that is gone',
      facts: {
        rendered: observed(
          rendered({ failed: [{ url: 'https://example.com/assets/old.js', kind: 'script', problem: 'status 404' }] }),
          at,
        ),
      },
      expect: 'failed-request',
    },
    {
      name: 'a policy that forgets the payment script',
      facts: {
        rendered: observed(
          rendered({ blocked: [{ directive: 'script-src-elem', url: 'https://js.stripe.com/v3/' }] }),
          at,
        ),
      },
      expect: 'csp-blocked',
    },
    {
      name: 'another site is silent',
      facts: {
        rendered: observed(rendered({ untold: [{ url: 'https://cdn.example.net/a.js', message: 'no answer' }] }), at),
      },
      expect: 'unknown',
    },
    {
      name: 'no browser',
      facts: { rendered: notApplicable('no browser was asked for (audit.browser in the config)') },
      expect: 'skip',
    },
  ],
})
