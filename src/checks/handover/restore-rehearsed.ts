// Can somebody else bring the data back? Written down, and proven by a drill.
import { defineCheck, skip } from '../../core/check.ts'
import { drill, example, saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { soundProduction } from '../../formats/handover/production.ts'
import { judgeKnown, type KnownData, knownOutcomes } from './known.ts'

const { repository } = soundProduction()
const unwritten = { ...repository!, documents: [], scripts: [], named: [] }
const nothing = { ...saying({ restore: undefined, rehearsed: {} }), drills: [] }

export default defineCheck<KnownData>()({
  id: 'restore-rehearsed',
  stage: 'handover',
  on: 'domain',
  title: 'A backup was restored in the last 90 days',
  why: 'A backup is worth what its last restore showed. Whether the provider of a database keeps one cannot be seen from here; that somebody brought one back can be recorded by a drill. A date that somebody wrote down is a claim and stays a question.',
  impact: { journey: 'data', owner: 'After a mistake in the database, your customers’ data may be gone for good.' },
  needs: ['handoverAnswers', 'production'],
  outcomes: knownOutcomes('a restore'),
  references: ['https://www.postgresql.org/docs/current/backup.html'],
  signals: { 'production-unknown': ['undocumented'] },
  judge: ({ handoverAnswers, production }, { now }) => {
    const { repository: seen } = production
    const { restore, rehearsed } = handoverAnswers.handover
    const hasData = seen === null || seen.migrationTools.length > 0 || seen.backups.length > 0
    if (!hasData && restore === undefined && rehearsed?.restore === undefined)
      return skip('the repository keeps no database')
    return judgeKnown('restore', handoverAnswers, production, now)
  },
  examples: [
    { name: 'a drill in October', facts: {}, expect: 'done' },
    {
      name: 'nothing says how',
      facts: { handoverAnswers: nothing, production: { repository: unwritten } },
      expect: 'undocumented',
    },
    { name: 'never tried', facts: { handoverAnswers: nothing }, expect: 'never' },
    {
      name: 'tried in spring',
      facts: { handoverAnswers: { drills: [drill('restore', '2026-04-02')] } },
      expect: 'stale',
    },
    { name: 'a date alone', facts: { handoverAnswers: { ...example, drills: [] } }, expect: 'unknown' },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
