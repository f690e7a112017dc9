// Suppressions of the config: each must say why, and end.
import { defineCheck, medium, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'

type Data = { check: string; until: string; place: string }

const renew = ({ check }: Data): Fix =>
  fix(
    `Fix the finding of ${check}, or say again why it may wait and until when`,
    [manual(`Renew or take away the entry of ${check} under "suppress" in the config.`)],
    [
      `Run launch-ready without the entry of ${check} under "suppress" and fix what it finds.`,
      'Where it must wait, give the entry a reason and a date (until: YYYY-MM-DD) that is not past.',
    ],
    5,
  )

const day = 86_400_000

export default defineCheck<Data>()({
  id: 'suppression',
  stage: 'audit',
  on: 'config',
  title: 'Every suppressed finding has a reason and a date ahead',
  why: 'A suppression hides a finding from the exit code. Without a reason nobody can tell later whether it was decided or forgotten; past its date it no longer holds.',
  impact: { journey: 'operate', owner: 'A known problem that nobody looks at again becomes an unknown one.' },
  needs: [],
  outcomes: {
    'no-reason': medium('A suppression of {check} gives no reason', renew, {
      why: 'Nobody can tell later whether this was decided or forgotten.',
    }),
    expired: medium('A suppression of {check} ended on {until}', renew, {
      why: 'It hides nothing any more: the finding counts again.',
    }),
    sound: pass('Every suppression has a reason and a date ahead'),
  },
  references: ['https://github.com/launch-ready/launch-ready#suppressions'],
  judge: (_facts, { now, target: { suppress } }) => {
    const faults = suppress.flatMap(({ check, outcome: of, subject, reason, until = '' }) => {
      // The day named still counts.
      const isPast = until !== '' && now >= Date.parse(`${until}T00:00:00Z`) + day
      const outcome = reason.trim() === '' ? ('no-reason' as const) : isPast ? ('expired' as const) : null
      if (outcome === null) return []
      const place = [check, of, subject].filter(part => part !== undefined).join(' ')
      const evidence = [textEvidence('suppress', `${place}${until ? `, until ${until}` : ''}`)]
      return [{ outcome, data: { check, until, place }, evidence, key: place }]
    })
    if (faults.length) return faults
    return {
      outcome: 'sound',
      data: { check: '', until: '', place: '' },
      evidence: [textEvidence('suppressions in the config', String(suppress.length))],
    }
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
