// Who holds the service that sends the mail.
import { defineCheck } from '../../core/check.ts'
import { saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { type AccountData, accountOutcomes, judgeAccounts } from './account.ts'

const people = (...names: string[]) => ({ provider: 'Postmark', people: names, secondFactor: true })

export default defineCheck<AccountData>()({
  id: 'email-access',
  stage: 'handover',
  on: 'domain',
  title: 'Two people can sign in at the mail service',
  why: 'Suspended senders, bounces and keys are dealt with in the account of the mail service. Who can sign in is known to people alone.',
  impact: {
    journey: 'operate',
    owner: 'If the mail service suspends you, only who can sign in gets mail going again.',
  },
  needs: ['handoverAnswers', 'production'],
  outcomes: accountOutcomes('the mail service'),
  references: ['https://www.ncsc.gov.uk/collection/small-business-guide'],
  signals: { 'production-unknown': ['unknown'] },
  judge: ({ handoverAnswers, production }) => judgeAccounts(['email'], handoverAnswers, production),
  examples: [
    { name: 'two people', facts: {}, expect: 'known' },
    {
      name: 'nobody is named',
      facts: { handoverAnswers: saying({ access: { email: { provider: 'Postmark' } } }) },
      expect: 'unknown',
    },
    {
      name: 'one person',
      facts: { handoverAnswers: saying({ access: { email: people('ada@example.com') } }) },
      expect: 'single-person',
    },
    {
      name: 'a private mailbox',
      facts: { handoverAnswers: saying({ access: { email: people('ada@gmail.com', 'grace@example.com') } }) },
      expect: 'personal-account',
    },
    {
      name: 'a password alone',
      facts: {
        handoverAnswers: saying({
          access: { email: { ...people('ada@example.com', 'grace@example.com'), secondFactor: false } },
        }),
      },
      expect: 'no-second-factor',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
