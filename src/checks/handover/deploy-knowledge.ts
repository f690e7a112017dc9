// Can somebody else make a release? Written down, and proven by a drill or by a commit that was deployed twice.
import { defineCheck } from '../../core/check.ts'
import { drill, example, saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { soundProduction } from '../../formats/handover/production.ts'
import { judgeKnown, type KnownData, knownOutcomes } from './known.ts'

const { repository } = soundProduction()
const untried = { ...repository!, tags: [] }
const unwritten = { ...untried, documents: [], deploys: [], platforms: [], scripts: [], named: [] }
const nothing = { ...saying({ deploy: undefined, rehearsed: {} }), drills: [] }

export default defineCheck<KnownData>()({
  id: 'deploy-knowledge',
  stage: 'handover',
  on: 'domain',
  title: 'Somebody else has made a release',
  why: 'A release that only one person can make stops when that person is away. That it is written down is seen in the repository; that it works is proven by a drill, or by two tags of one commit. A date that somebody wrote down is a claim and stays a question.',
  impact: { journey: 'operate', owner: 'If the one who deploys is away, a broken product stays broken.' },
  needs: ['handoverAnswers', 'production'],
  outcomes: knownOutcomes('a deploy'),
  references: ['https://sre.google/workbook/on-call/'],
  signals: { 'production-unknown': ['undocumented'] },
  judge: ({ handoverAnswers, production }, { now }) => judgeKnown('redeploy', handoverAnswers, production, now),
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
      facts: { handoverAnswers: { drills: [drill('redeploy', '2026-04-02')] }, production: { repository: untried } },
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
