// Who holds the network before the product.
import { defineCheck } from '../../core/check.ts'
import { saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { type AccountData, accountOutcomes, judgeAccounts } from './account.ts'

const people = (...names: string[]) => ({ provider: 'Cloudflare', people: names, secondFactor: true })

export default defineCheck<AccountData>()({
  id: 'edge-access',
  stage: 'handover',
  on: 'domain',
  title: 'Two people can change the settings of the CDN',
  why: 'A delivery network or firewall before the product decides what customers get. Its settings can take the product down, and only who can sign in can put them back.',
  impact: {
    journey: 'operate',
    owner: 'A wrong setting at the CDN stays until the one who knows it is back.',
  },
  needs: ['handoverAnswers', 'production'],
  outcomes: accountOutcomes('the CDN'),
  references: ['https://www.ncsc.gov.uk/collection/small-business-guide'],
  signals: { 'production-unknown': ['unknown'] },
  judge: ({ handoverAnswers, production }) => judgeAccounts(['edge'], handoverAnswers, production),
  examples: [
    { name: 'two people', facts: {}, expect: 'known' },
    {
      name: 'nobody is named',
      facts: { handoverAnswers: saying({ access: { edge: { provider: 'Cloudflare' } } }) },
      expect: 'unknown',
    },
    {
      name: 'one person',
      facts: { handoverAnswers: saying({ access: { edge: people('ada@example.com') } }) },
      expect: 'single-person',
    },
    {
      name: 'a private mailbox',
      facts: { handoverAnswers: saying({ access: { edge: people('ada@gmail.com', 'grace@example.com') } }) },
      expect: 'personal-account',
    },
    {
      name: 'a password alone',
      facts: {
        handoverAnswers: saying({
          access: { edge: { ...people('ada@example.com', 'grace@example.com'), secondFactor: false } },
        }),
      },
      expect: 'no-second-factor',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
