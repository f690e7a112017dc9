// Who holds the hosting.
import { defineCheck } from '../../core/check.ts'
import { saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { type AccountData, accountOutcomes, judgeAccounts } from './account.ts'

const people = (...names: string[]) => ({ provider: 'Vercel', people: names, secondFactor: true })

export default defineCheck<AccountData>()({
  id: 'hosting-access',
  stage: 'handover',
  on: 'domain',
  title: 'Two people can sign in where the product is hosted',
  why: 'Without the hosting account nobody can deploy, take a release back, read logs or raise a limit. Who can sign in is known to people alone.',
  impact: { journey: 'operate', owner: 'If the one who holds the hosting is away, a broken product stays broken.' },
  needs: ['handoverAnswers', 'production'],
  outcomes: accountOutcomes('the hosting'),
  references: ['https://www.ncsc.gov.uk/collection/small-business-guide'],
  signals: { 'production-unknown': ['unknown'] },
  judge: ({ handoverAnswers, production }) => judgeAccounts(['hosting'], handoverAnswers, production),
  examples: [
    { name: 'two people', facts: {}, expect: 'known' },
    {
      name: 'nobody is named',
      facts: { handoverAnswers: saying({ access: { hosting: { provider: 'Vercel' } } }) },
      expect: 'unknown',
    },
    {
      name: 'one person',
      facts: { handoverAnswers: saying({ access: { hosting: people('ada@example.com') } }) },
      expect: 'single-person',
    },
    {
      name: 'a private mailbox',
      facts: { handoverAnswers: saying({ access: { hosting: people('ada@gmail.com', 'grace@example.com') } }) },
      expect: 'personal-account',
    },
    {
      name: 'a password alone',
      facts: {
        handoverAnswers: saying({
          access: { hosting: { ...people('ada@example.com', 'grace@example.com'), secondFactor: false } },
        }),
      },
      expect: 'no-second-factor',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
