// Can somebody else replace a key, and is none overdue?
import { ask, defineCheck, medium, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Change } from '../../core/fix.ts'
import { command, fix, manual } from '../../core/fixes.ts'
import { example, saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { overdueSecrets } from '../../formats/handover/calendar.ts'
import { soundProduction } from '../../formats/handover/production.ts'
import { isDocumented } from '../../formats/handover/rehearsal.ts'
import { notAskedYet } from './account.ts'
import { procedureChanges } from './seen-answers.ts'

/** `written`: the document that what was seen makes. */
type Data = { name: string; due: string; count: number; written?: Change[] | null }

const writeDown = ({ written }: Data) =>
  fix(
    'Write down how each key is replaced',
    written ?? [
      manual(
        'Name the document in handover.keyRotation, and each key with where it is set and made anew in handover.secrets',
      ),
    ],
    [
      ...(written ? ['Commit the document; it lists the keys that the code reads, and how they are set.'] : []),
      'For each key: where it is made, where it is set, what restarts, how one sees that the old one no longer works.',
      'Prove it: `launch-ready handover drill rotate-key`',
    ],
    45,
  )

const replace = ({ name }: Data) =>
  fix(
    `Replace ${name}`,
    [command('launch-ready handover drill rotate-key')],
    [
      `Make ${name} anew at its provider, set it, deploy, then take the old one back there.`,
      'Write the day into handover.secrets.',
    ],
    30,
  )

export default defineCheck<Data>()({
  id: 'key-rotation-knowledge',
  stage: 'handover',
  on: 'domain',
  title: 'Somebody else can replace the keys, and none is overdue',
  why: 'When a key leaks it has to be replaced within the hour, by whoever is there. What is to be replaced, where and when comes from the answers (`handover.secrets`) and from the ledger of rotations.',
  impact: { journey: 'data', owner: 'A leaked key stays usable until the one person who can replace it is back.' },
  needs: ['handoverAnswers', 'production'],
  outcomes: {
    'no-procedure': medium('Nobody wrote down how keys are replaced', writeDown),
    overdue: medium('{name} was to be replaced by {due}', replace, {
      why: 'Whoever had it once, and has left since, can still use it.',
    }),
    known: pass('How keys are replaced is listed ({count}), and none is overdue'),
  },
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html'],
  judge: ({ handoverAnswers, production }, { now }) => {
    if (!handoverAnswers.given && !handoverAnswers.asked) return skip(notAskedYet)
    const { handover } = handoverAnswers
    const overdue = overdueSecrets(handover, production, now)
    if (overdue.length)
      return overdue.map(({ name, due, why }) => ({
        outcome: 'overdue' as const,
        data: { name, due, count: overdue.length },
        evidence: [textEvidence(name, why)],
        key: name,
      }))
    const count = handover.secrets?.length ?? 0
    if (isDocumented('keyRotation', production, handover))
      return {
        outcome: 'known',
        data: { name: '', due: '', count },
        evidence: [textEvidence('how', handover.keyRotation ?? 'each key by itself')],
      }
    if (!handoverAnswers.given || production.repository === null) {
      const question = {
        id: 'key-rotation',
        text: 'How are the keys of the product replaced?',
        answer: 'handover.keyRotation',
      }
      return ask(question, 'nobody has said', 'medium')
    }
    return {
      outcome: 'no-procedure',
      data: { name: '', due: '', count, written: procedureChanges('keyRotation', production, handover) },
      evidence: [textEvidence('handover.keyRotation', 'not given')],
    }
  },
  examples: [
    { name: 'listed, none overdue', facts: {}, expect: 'known' },
    {
      name: 'no word of it',
      facts: { handoverAnswers: saying({ keyRotation: undefined, secrets: [] }) },
      expect: 'no-procedure',
    },
    {
      name: 'overdue by months',
      facts: {
        handoverAnswers: saying({ secrets: [{ name: 'STRIPE_SECRET_KEY', rotated: '2025-01-01', every: 90 }] }),
      },
      expect: 'overdue',
    },
    {
      name: 'overdue by the ledger',
      facts: {
        handoverAnswers: example,
        production: {
          repository: {
            ...soundProduction().repository!,
            rotations: [{ name: 'SESSION_KEY', rotated: '2026-01-01', by: 'Ada', expires: '2026-07-01' }],
          },
        },
      },
      expect: 'overdue',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
