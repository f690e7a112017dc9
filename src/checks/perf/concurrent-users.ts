// The first twenty customers come on the same evening: does it stand?
import { blocker, defineCheck, high, pass, skip, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { clients, example, full, signIn, tally } from '../../facts/http/crowd.example.ts'
import { broken, heard, isLimiterAlone, isOften, isUntold, slowed } from '../../formats/perf/crowd-verdict.ts'
import { crowdRows, crowdSmell } from '../../formats/perf/crowd-words.ts'
import { type Load, standTheLoad } from './load-fixes.ts'

export default defineCheck<Load>()({
  id: 'concurrent-users',
  stage: 'perf',
  on: 'domain',
  active: true,
  measured: true,
  actions: ['perf users'],
  title: 'It stands when many customers come at once',
  why: 'One customer walks the flows and routes of the config three times; then many do, each with a session of their own, over a ramp of ten seconds and with pauses of one to three seconds between clicks. What fails for many and not for one is the load’s doing; slow is what is over its target, or three times slower than for one and by 300 ms.',
  impact: { journey: 'signup', owner: 'When many people come at once, they meet errors.' },
  needs: ['crowd'],
  signals: { 'signup-unreliable': ['errors', 'cannot-log-in'] },
  outcomes: {
    'cannot-log-in': blocker('With {users} customers at once, people cannot log in', standTheLoad),
    errors: blocker('With {users} customers at once, requests fail', standTheLoad),
    slows: high('With {users} customers at once, the product becomes slow', standTheLoad, {
      why: 'When many people come at once, every one of them waits.',
    }),
    holds: pass('It holds with {users} customers at once'),
  },
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-connection.html',
    'https://grafana.com/docs/k6/latest/testing-guides/test-types/load-testing/',
  ],
  judge: ({ crowd }, { target: { domain } }) => {
    const { users, requests, steps, stopped } = crowd
    const alone = steps.filter(({ one }) => one.failed > 0)
    const first = alone[0]
    if (first && alone.length === steps.length)
      return unknown(`even one customer gets nowhere: ${first.step}: ${first.one.failures[0]?.[0]}`)
    const failing = heard(broken(steps))
    const slow = slowed(steps)
    const evidence = crowdRows(crowd, failing[0]?.step ?? null).map(([label, value]) => textEvidence(label, value))
    const data = (named: typeof steps): Load => ({
      domain: domain ?? 'the product',
      users,
      step: named[0]?.step ?? '',
      smell: crowdSmell(named),
    })
    const outcomes = (['cannot-log-in', 'errors'] as const).flatMap(outcome => {
      const named = failing.filter(({ of }) => (of === 'sign-in') === (outcome === 'cannot-log-in'))
      if (named.length === 0) return []
      // All customers of the test come from one address; a few failures may be chance.
      const confidence = isLimiterAlone(named) ? ('possible' as const) : ('certain' as const)
      const severity = isOften(named) ? ('blocker' as const) : ('medium' as const)
      return [{ outcome, data: data(named), evidence, confidence, severity }]
    })
    if (isUntold(steps, crowd.starved))
      return [
        ...outcomes,
        unknown('this machine was too busy to time many customers: part of the waiting was its own', 'high'),
      ]
    if (slow.length) return [...outcomes, { outcome: 'slows', data: data(slow), evidence }]
    if (outcomes.length) return outcomes
    if (requests === 0) return skip('nobody walked')
    if (stopped !== null) return unknown(`the walk was ended: ${stopped}`)
    if (first) return unknown(`even for one customer a step fails: ${first.step}: ${first.one.failures[0]?.[0]}`)
    return { outcome: 'holds', data: data([]), evidence }
  },
  examples: [
    { name: 'all stand it', facts: {}, expect: 'holds' },
    {
      name: 'the pool is used up',
      facts: { crowd: { steps: [signIn, { ...clients, crowd: full }] } },
      expect: 'errors',
    },
    {
      name: 'at the sign-in',
      facts: { crowd: { steps: [{ ...signIn, crowd: full }, clients] } },
      expect: 'cannot-log-in',
    },
    {
      name: 'over its target',
      facts: { crowd: { steps: [{ ...clients, crowd: tally({ p95: 1400 }) }] } },
      expect: 'slows',
    },
    { name: 'far slower', facts: { crowd: { steps: [{ ...signIn, crowd: tally({ p95: 700 }) }] } }, expect: 'slows' },
    {
      name: 'slower beside a machine that is at its end',
      facts: { crowd: { steps: [{ ...signIn, crowd: tally({ p95: 700 }) }], starved: true } },
      expect: 'unknown',
    },
    {
      name: 'no answer that a machine at its end could hear',
      facts: { crowd: { steps: [{ ...signIn, crowd: { ...full, unheard: full.failed } }] } },
      expect: 'unknown',
    },
    {
      name: 'not even one',
      facts: { crowd: { steps: [{ ...clients, one: { ...full, count: 3, failed: 3 }, crowd: full }] } },
      expect: 'unknown',
    },
    {
      name: 'a little slower',
      facts: { crowd: { ...example, steps: [{ ...clients, crowd: tally({ p95: 380 }) }] } },
      expect: 'holds',
    },
  ],
})
