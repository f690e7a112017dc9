// The month so far against the promised uptime, minutes in which nobody could look apart.
import { defineCheck, high, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { route } from '../../facts/http/page.example.ts'
import { monthOf, nobody } from '../../facts/monitor/watching.example.ts'
import { watches, watchesHost } from '../../formats/monitor/seen.ts'
import { steps } from './fixes.ts'
import { day, minute } from './seeing.ts'

type Data = { what: string; percent: string; goal: number }

const leastShare = 0.1
const subject = route('home', 'home', 'https://example.com/')

/** Rounded down: 99.899 is below 99.9. */
const percentOf = (share: number): string => (Math.floor(share * 100_000) / 1000).toFixed(3).replace(/\.?0+$/, '')

export default defineCheck<Data>()({
  id: 'uptime-target',
  stage: 'monitor',
  on: 'route',
  title: 'The month’s uptime meets the target',
  why: '99.9 % allows 43 minutes a month. Counted from believed states of our own store: degraded counts as up, maintenance and minutes in which the monitor could not look count for neither side. With less than a tenth of the month seen nothing is said.',
  impact: { journey: 'operate', owner: 'Customers met an outage for longer than your own target allows.' },
  needs: ['watching'],
  signals: ['outages-from-customers'],
  outcomes: {
    'below-target': high('{what} was up {percent} % of this month, not {goal} %', ({ what }) =>
      steps(
        'Find what cost the most minutes, and take it away.',
        [
          'Open the dashboard: `launch-ready monitor dashboard`; its incidents are listed with their causes and the deploy before each.',
          `Mend the longest one of ${what} first; take back releases faster (\`launch-ready deploy\`).`,
        ],
        120,
      ),
    ),
    met: pass('{what} was up {percent} % of this month'),
  },
  references: ['https://sre.google/sre-book/service-level-objectives/'],
  judge({ watching }, { subject: { name, details } }) {
    const monitors = watching.reading?.monitors.filter(({ kind }) => kind === 'http' || kind === 'flow') ?? []
    const as = ({ target, kind }: { target: string; kind: string }) => ({
      source: '',
      name: '',
      kind: 'http' as const,
      target,
      intervalMs: 0,
      paused: false,
      asserts: false,
      of: kind,
    })
    const found =
      monitors.find(one => watches(as(one), name)) ??
      (details?.['kind'] === 'dashboard' ? monitors.find(one => watchesHost(as(one), name)) : undefined)
    if (!found)
      return {
        skip: watching.section
          ? 'no monitor of ours looks at it'
          : 'nothing of ours watches it: launch-ready monitor watch',
      }
    const { upMs, downMs, unknownMs, maintenanceMs, passedMs } = found.month
    const seen = upMs + downMs
    const said = `up ${Math.round(upMs / minute)} min, down ${Math.round(downMs / minute)} min, not seen ${Math.round(unknownMs / minute)} min, maintenance ${Math.round(maintenanceMs / minute)} min`
    if (seen < passedMs * leastShare || seen < minute * 60)
      return {
        unknown: `only ${(seen / day).toFixed(1)} days of this month were seen: too little to say`,
        key: 'too-little-history',
        couldBe: 'high',
      }
    const goal = watching.section?.target ?? 99.9
    const data: Data = { what: found.name, percent: percentOf(upMs / seen), goal }
    const evidence = [textEvidence(found.name, said)]
    return { outcome: (upMs / seen) * 100 < goal ? 'below-target' : 'met', data, evidence }
  },
  examples: [
    { name: 'all of it', facts: {}, subject, expect: 'met' },
    { name: 'two hours down', facts: { watching: monthOf({ downMs: 120 * minute }) }, subject, expect: 'below-target' },
    { name: 'a day of it', facts: { watching: monthOf({ upMs: day }) }, subject, expect: 'unknown' },
    { name: 'nothing is seen', facts: { watching: nobody }, subject, expect: 'skip' },
  ],
})
