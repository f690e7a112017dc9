// Who holds registrar and DNS: known to two people, with a second factor, at addresses of the company.
import { defineCheck } from '../../core/check.ts'
import { saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { type AccountData, accountOutcomes, judgeAccounts } from './account.ts'

const people = (...names: string[]) => ({ provider: 'Gandi', people: names, secondFactor: true })

export default defineCheck<AccountData>()({
  id: 'domain-access',
  stage: 'handover',
  on: 'domain',
  title: 'Two people can change the domain and its DNS',
  why: 'Whoever holds the registrar and the DNS records holds the product: without them nobody can move a host, renew the domain or mend mail. Who can sign in is known to people alone, so it is asked, and held against the registry and the name servers.',
  impact: { journey: 'operate', owner: 'If the one who holds the domain is away, nobody can move or renew it.' },
  needs: ['handoverAnswers', 'production'],
  outcomes: accountOutcomes('the registrar and the DNS provider'),
  references: ['https://www.ncsc.gov.uk/collection/small-business-guide'],
  signals: { 'production-unknown': ['unknown'] },
  judge: ({ handoverAnswers, production }) => judgeAccounts(['registrar', 'dns'], handoverAnswers, production),
  examples: [
    { name: 'two people', facts: {}, expect: 'known' },
    {
      name: 'nobody is named',
      facts: { handoverAnswers: saying({ access: { registrar: { provider: 'Gandi' } } }) },
      expect: 'unknown',
    },
    {
      name: 'one person',
      facts: { handoverAnswers: saying({ access: { registrar: people('ada@example.com') } }) },
      expect: 'single-person',
    },
    {
      name: 'a private mailbox',
      facts: { handoverAnswers: saying({ access: { registrar: people('ada@gmail.com', 'grace@example.com') } }) },
      expect: 'personal-account',
    },
    {
      name: 'a password alone',
      facts: {
        handoverAnswers: saying({
          access: { registrar: { ...people('ada@example.com', 'grace@example.com'), secondFactor: false } },
        }),
      },
      expect: 'no-second-factor',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
