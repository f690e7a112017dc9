// Can somebody else take a release back? Written down, and proven by a drill or by a commit that was deployed again after another.
import { defineCheck } from '../../core/check.ts'
import { drill, example, saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { soundProduction } from '../../formats/handover/production.ts'
import { judgeKnown, type KnownData, knownOutcomes } from './known.ts'

const { repository } = soundProduction()
const untried = { ...repository!, tags: [] }
const unwritten = { ...untried, documents: [], scripts: [], named: [] }
const nothing = { ...saying({ rollback: undefined, rehearsed: {} }), drills: [] }

export default defineCheck<KnownData>()({
  id: 'rollback-rehearsed',
  stage: 'handover',
  on: 'domain',
  title: 'A rollback was rehearsed in the last 90 days',
  why: 'A rollback that nobody has tried fails on the day it is needed: a migration in the way, a missing right, a command that changed. It is proven by a drill, or by tags that show a commit deployed again after another. A date that somebody wrote down is a claim and stays a question.',
  impact: { journey: 'operate', owner: 'A bad release keeps customers out for hours instead of minutes.' },
  needs: ['handoverAnswers', 'production'],
  outcomes: knownOutcomes('a rollback'),
  references: ['https://sre.google/sre-book/release-engineering/'],
  signals: { 'production-unknown': ['undocumented'] },
  judge: ({ handoverAnswers, production }, { now }) => judgeKnown('rollback', handoverAnswers, production, now),
  examples: [
    { name: 'a drill in November', facts: {}, expect: 'done' },
    {
      name: 'nothing says how',
      facts: { handoverAnswers: nothing, production: { repository: unwritten } },
      expect: 'undocumented',
    },
    { name: 'never tried', facts: { handoverAnswers: nothing, production: { repository: untried } }, expect: 'never' },
    {
      name: 'tried in spring',
      facts: { handoverAnswers: { drills: [drill('rollback', '2026-04-02')] }, production: { repository: untried } },
      expect: 'stale',
    },
    {
      name: 'a date alone',
      facts: { handoverAnswers: { ...example, drills: [] }, production: { repository: untried } },
      expect: 'unknown',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
