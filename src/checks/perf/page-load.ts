// A key page shows what it is about within 2.5 seconds on a phone, and stays where it is.

import { blocker, defineCheck, high, medium, pass } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { speed } from '../../facts/browser/page-speed.example.ts'
import { field } from '../../facts/http/field-data.example.ts'
import { isBroken, type PageBudgets, pageRows } from '../../formats/perf/budget.ts'
import { pageBounds } from '../../formats/perf/page-runs.ts'
import { pageVerdict } from '../../formats/perf/page-verdict.ts'
import { waitInWords } from '../../formats/perf/route-words.ts'
import { routeName } from '../audit/served-page.ts'
import { appearSooner, giveWay, keepBudget, keepPlace, type LoadingPage } from './page-fixes.ts'

export default defineCheck<LoadingPage>()({
  id: 'page-load',
  stage: 'perf',
  on: 'route',
  measured: true,
  title: 'Key pages appear within 2.5 seconds on a phone',
  why: 'Opened in Chromium as a phone, with an empty cache, on a slow line and a processor slowed down four times (applied by the browser, not reckoned), three times; the visit with the middle LCP counts. LCP is when the largest text or picture stands, CLS how much moves meanwhile, blocking how long the page cannot react (web.dev/vitals). Budgets are those of the config (perf.budgets).',
  impact: { journey: 'visit', owner: 'Visitors on a phone wait, and some leave before they have seen the page.' },
  needs: ['pageSpeed'],
  wants: ['fieldData'],
  signals: { 'slow-pages': ['slow', 'very-slow'] },
  outcomes: {
    'very-slow': blocker('{page} takes {lcp} to appear on a phone', appearSooner),
    slow: high('{page} takes {lcp} to appear on a phone', appearSooner),
    'layout-shift': medium('{page} moves while it is read (layout shift {cls})', keepPlace, {
      why: 'What people read or want to tap moves away under their finger.',
    }),
    'main-thread': medium('{page} does not react for {tbt} in all while it loads', giveWay, {
      why: 'Taps and typing do nothing while scripts run.',
    }),
    'over-budget': medium('{page} is over {count} of its budgets: {what}', keepBudget, {
      why: 'The page is heavier or slower than you allowed it to be.',
    }),
    fast: pass('{page} appears within {lcp}'),
  },
  references: ['https://web.dev/articles/lcp', 'https://web.dev/articles/cls', 'https://web.dev/articles/tbt'],
  judge: ({ pageSpeed, fieldData }, { subject, target: { sections } }) => {
    const seen = pageVerdict(pageSpeed, fieldData.ok ? fieldData.value.page : null)
    const data = { page: `The ${routeName(subject)} page`, url: pageSpeed.url, count: '', ...seen.words }
    const { evidence, confidence } = {
      evidence: seen.rows.map(([label, value]) => httpEvidence(pageSpeed.url, value, { label })),
      confidence: seen.confidence,
    }
    // Nobody asked for field data where no key is given.
    const why = fieldData.ok && fieldData.value.page === null && fieldData.value.asked ? fieldData.value.why : ''
    const all = [...evidence, ...(why ? [textEvidence('field data', why)] : [])]
    const found = seen.outcomes.map(outcome => {
      if (outcome === 'layout-shift') return { outcome, data: { ...data, element: seen.moved }, evidence: all }
      if (outcome === 'main-thread') return { outcome, data: { ...data, what: seen.busiest }, evidence: all }
      return { outcome, data, evidence: all, confidence }
    })
    const { budgets = {} } = (sections['perf'] ?? {}) as { budgets?: PageBudgets }
    const broken = pageRows(pageSpeed.url, pageSpeed.median, budgets).filter(isBroken)
    const over = {
      outcome: 'over-budget' as const,
      data: { ...data, count: String(broken.length), what: broken.map(({ name }) => name).join(', ') },
      evidence: broken.map(({ why }) => textEvidence('budget', why)),
    }
    if (broken.length) return [...found, over]
    return found.length ? found : { outcome: 'fast', data, evidence: all }
  },
  examples: [
    { name: 'quick', facts: {}, expect: 'fast' },
    { name: 'three seconds', facts: { pageSpeed: speed({ lcp: 3000 }) }, expect: 'slow' },
    { name: 'five seconds each time', facts: { pageSpeed: speed({ lcp: 5000 }) }, expect: 'very-slow' },
    {
      name: 'over four seconds, but once three',
      facts: { pageSpeed: speed({ lcp: pageBounds.verySlowLcp + 100 }, [{ lcp: 3000 }, { lcp: 5000 }]) },
      expect: 'slow',
    },
    {
      name: 'late at two visits of three, on a machine that has much else to do',
      facts: { pageSpeed: { ...speed({ lcp: 3000 }, [{ lcp: 2000 }, { lcp: 3400 }]), crowding: 4 } },
      expect: 'fast',
    },
    {
      name: 'five seconds each time, on a machine that has much else to do',
      facts: { pageSpeed: { ...speed({ lcp: 5000 }), crowding: 4 } },
      expect: 'slow',
    },
    {
      name: 'a server that answers after five seconds, seen from a machine that has much else to do',
      facts: { pageSpeed: { ...speed({ ttfb: 5000, lcp: 5300 }), crowding: 4 } },
      expect: 'very-slow',
    },
    {
      name: 'slow here, quick for those who come',
      facts: { pageSpeed: speed({ lcp: 5000 }), fieldData: field(1800) },
      expect: 'slow',
    },
    {
      name: 'a banner pushes the page down',
      facts: { pageSpeed: speed({ cls: 0.3, shifts: [{ value: 0.3, at: 900, element: 'main' }] }) },
      expect: 'layout-shift',
    },
    {
      name: 'quick, and over the budget of the config',
      facts: {},
      target: { sections: { perf: { budgets: { lcp: 100, requests: 60 } } } },
      expect: 'over-budget',
    },
    {
      name: `scripts work for ${waitInWords(1500)}`,
      facts: {
        pageSpeed: speed({ tbt: 1500, tasks: [{ at: 800, duration: 1550, script: 'https://example.com/app.js' }] }),
      },
      expect: 'main-thread',
    },
  ],
})
