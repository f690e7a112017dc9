// The page runs in a browser without an error.
import { couldNotSee, defineCheck, high, medium, pass, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { notApplicable } from '../../core/fact.ts'
import { journeyOf } from '../../formats/http/route-impact.ts'
import { type ErrorData, mendError } from './page-fixes.ts'

export default defineCheck<ErrorData>()({
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
    uncaught: high('The page’s own code breaks in a browser (errors: {count})', mendError.uncaught),
    'failed-request': medium('The page asks for files that are not there ({count})', mendError['failed-request']),
    'csp-blocked': high('The page’s own security policy blocks parts of it ({count})', mendError['csp-blocked']),
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
