// Suppressions of the config: each must say why, and end.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { check: string; until: string; place: string }

const fix = (data: Data): Fix => ({
  summary: `Fix the finding of ${data.check}, or say again why it may wait and until when`,
  steps: [
    `Run launch-ready without the entry of ${data.check} under "suppress" and fix what it finds.`,
    'Where it must wait, give the entry a reason and a date (until: YYYY-MM-DD) that is not past.',
  ],
  changes: [{ kind: 'manual', step: `Renew or take away the entry of ${data.check} under "suppress" in the config.` }],
  effortMinutes: 5,
})

export default defineCheck<Data>()({
  id: 'suppression',
  stage: 'audit',
  on: 'config',
  title: 'Every suppressed finding has a reason and a date ahead',
  why: 'A suppression hides a finding from the exit code. Without a reason nobody can tell later whether it was decided or forgotten; past its date it no longer holds.',
  impact: { journey: 'operate', owner: 'A known problem that nobody looks at again becomes an unknown one.' },
  needs: [],
  outcomes: {
    'no-reason': { status: 'fail', severity: 'medium', title: 'A suppression of {check} gives no reason', fix },
    expired: { status: 'fail', severity: 'medium', title: 'A suppression of {check} ended on {until}', fix },
    sound: { status: 'pass', title: 'Every suppression has a reason and a date ahead' },
  },
  references: ['https://github.com/launch-ready/launch-ready#suppressions'],
  judge: (_facts, { now, target }) => {
    const faults = target.suppress.flatMap(item => {
      const expired = item.until !== undefined && now >= Date.parse(`${item.until}T00:00:00Z`) + 86_400_000
      const outcome = item.reason.trim() === '' ? ('no-reason' as const) : expired ? ('expired' as const) : null
      if (outcome === null) return []
      const place = [item.check, item.outcome, item.subject].filter(part => part !== undefined).join(' ')
      const evidence = [{ label: 'suppress', value: `${place}${item.until ? `, until ${item.until}` : ''}` }]
      return [{ outcome, data: { check: item.check, until: item.until ?? '', place }, evidence, key: place }]
    })
    return faults.length ? faults : { outcome: 'sound', data: { check: '', until: '', place: '' }, evidence: [] }
  },
  examples: [
    {
      name: 'a reason and a date ahead',
      facts: {},
      target: { suppress: [{ check: 'dnssec', reason: 'registrar cannot', until: '2027-03-01' }] },
      expect: 'sound',
    },
    { name: 'no reason', facts: {}, target: { suppress: [{ check: 'dnssec', reason: '' }] }, expect: 'no-reason' },
    {
      name: 'past its date',
      facts: {},
      target: { suppress: [{ check: 'dnssec', reason: 'later', until: '2026-11-24' }] },
      expect: 'expired',
    },
  ],
})
