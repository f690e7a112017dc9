// Who holds the payment provider.
import { defineCheck } from '../../core/check.ts'
import { saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { type AccountData, accountOutcomes, judgeAccounts } from './account.ts'

const people = (...names: string[]) => ({ provider: 'Stripe', people: names, secondFactor: true })

export default defineCheck<AccountData>()({
  id: 'payment-access',
  stage: 'handover',
  on: 'domain',
  title: 'Two people can sign in at the payment provider',
  why: 'Payouts, refunds and webhooks stop when the payment account is locked, and its owner must answer questions on identity. Who can sign in is known to people alone.',
  impact: { journey: 'operate', owner: 'If the one who holds the payments is away, money stops and refunds wait.' },
  needs: ['handoverAnswers', 'production'],
  outcomes: accountOutcomes('the payment provider'),
  references: ['https://www.ncsc.gov.uk/collection/small-business-guide'],
  signals: { 'production-unknown': ['unknown'] },
  judge: ({ handoverAnswers, production }) => judgeAccounts(['payment'], handoverAnswers, production),
  examples: [
    { name: 'two people', facts: {}, expect: 'known' },
    {
      name: 'nobody is named',
      facts: { handoverAnswers: saying({ access: { payment: { provider: 'Stripe' } } }) },
      expect: 'unknown',
    },
    {
      name: 'one person',
      facts: { handoverAnswers: saying({ access: { payment: people('ada@example.com') } }) },
      expect: 'single-person',
    },
    {
      name: 'a private mailbox',
      facts: { handoverAnswers: saying({ access: { payment: people('ada@gmail.com', 'grace@example.com') } }) },
      expect: 'personal-account',
    },
    {
      name: 'a password alone',
      facts: {
        handoverAnswers: saying({
          access: { payment: { ...people('ada@example.com', 'grace@example.com'), secondFactor: false } },
        }),
      },
      expect: 'no-second-factor',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
