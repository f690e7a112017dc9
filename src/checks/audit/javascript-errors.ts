// The page runs in a browser without an error.
import { couldNotSee, defineCheck, high, medium, pass, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { notApplicable } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'

/** `list`: what failed, each in words; `first` and `where` of the first. */
type Data = { url: string; count: number; first: string; where: string; list: string[] }

const mend =
  (summary: (data: Data) => string, step: (data: Data, item: string) => string) =>
  (data: Data): Fix => {
    const steps = data.list.slice(0, 10).map(item => step(data, item))
    const look = `Open ${data.url} in a private window with the developer tools open, and reload.`
    return fix(summary(data), steps.map(manual), [look, ...steps], 45)
  }

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
    uncaught: high(
      'The page’s own code breaks in a browser (errors: {count})',
      mend(
        data => `Fix what fails with "${data.first}"`,
        (data, item) => `Find and fix "${item}"${data.where ? ` (first seen at ${data.where})` : ''}.`,
      ),
    ),
    'failed-request': medium(
      'The page asks for files that are not there ({count})',
      mend(
        data => `Serve ${data.first}, or stop asking for it`,
        (_, item) => `Serve ${item}, or take out what asks for it.`,
      ),
    ),
    'csp-blocked': high(
      'The page’s own security policy blocks parts of it ({count})',
      mend(
        data => `Allow ${data.first} in the Content-Security-Policy, or take it out of the page`,
        (data, item) => `Allow ${item} in the Content-Security-Policy of ${data.url}, or take it out of the page.`,
      ),
    ),
    clean: pass('The page runs without an error'),
  },
  references: [
    'https://developer.mozilla.org/docs/Web/API/Window/error_event',
    'https://www.w3.org/TR/CSP3/#violation-events',
  ],
  judge: ({ rendered: fact }, { subject: { name: url, details } }) => {
    if (!fact.ok) return couldNotSee(fact, 'high')
    const seen = fact.value
    const impact = journeyOf(details?.['kind'])
    const groups = [
      { outcome: 'uncaught' as const, items: seen.uncaught.map(item => [item.at || seen.url, item.message] as const) },
      { outcome: 'csp-blocked' as const, items: seen.blocked.map(item => [item.directive, item.url] as const) },
      { outcome: 'failed-request' as const, items: seen.failed.map(item => [item.problem, item.url] as const) },
    ]
    const faults = groups.flatMap(({ outcome, items }) => {
      const [first] = items
      if (!first) return []
      const data = { url, count: items.length, first: first[1], where: first[0], list: items.map(([, what]) => what) }
      const evidence = items.slice(0, 5).map(([label, value]) => httpEvidence(url, value, { label }))
      return [{ outcome, data, evidence, impact }]
    })
    if (faults.length) return faults
    const [silent] = seen.untold
    if (silent) return unknown(`${silent.url} gave no answer: ${silent.message}`, 'high')
    const evidence = [textEvidence(seen.url, 'no uncaught error, no failed request, nothing blocked')]
    return { outcome: 'clean', data: { url, count: 0, first: '', where: '', list: [] }, evidence }
  },
  examples: [
    { name: 'clean', facts: {}, expect: 'clean' },
    {
      name: 'code that breaks',
      facts: {
        rendered: { uncaught: [{ message: 'TypeError: form is null', at: 'https://example.com/app.js:1:204' }] },
      },
      expect: 'uncaught',
    },
    {
      name: 'a policy that forgets the payment script',
      facts: { rendered: { blocked: [{ directive: 'script-src-elem', url: 'https://js.stripe.com/v3/' }] } },
      expect: 'csp-blocked',
    },
    { name: 'no browser', facts: { rendered: notApplicable('no browser was asked for') }, expect: 'skip' },
  ],
})
