// A name that nobody has does not lead anywhere.
import { defineCheck, medium, pass } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, removeRecord } from '../../core/fixes.ts'

type Data = { domain: string; records: { type: string; data: string }[] }

const remove = ({ domain, records }: Data): Fix =>
  fix(
    `Remove the wildcard record of ${domain}`,
    records.map(({ type, data }) =>
      removeRecord(`*.${domain}`, type, ['CNAME', 'MX'].includes(type) ? `${data}.` : data),
    ),
    [
      'Add a record for each subdomain that is really used, then remove the record named *.',
      'A product that gives each customer a subdomain needs it: then suppress this finding with that reason.',
    ],
  )

export default defineCheck<Data>()({
  id: 'wildcard-dns',
  stage: 'dns',
  on: 'domain',
  title: 'Invented names do not exist',
  why: 'A wildcard record makes every invented name resolve: mistyped hosts show your site under a wrong address, a forgotten service keeps answering for any name, and mail to invented subdomains is accepted.',
  impact: {
    journey: 'trust',
    owner: 'Any invented address under your name works, which scammers use to look like you.',
  },
  needs: ['wildcard'],
  outcomes: {
    'answers-everything': medium('Every invented name under {domain} leads somewhere', remove),
    none: pass('Invented names do not exist'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc4592'],
  judge: ({ wildcard: { asked, records } }, { subject: { name: domain } }) => {
    if (records.length === 0)
      return { outcome: 'none', data: { domain, records: [] }, evidence: [textEvidence(asked, 'does not exist')] }
    const evidence = records.map(record => dnsEvidence(asked, record.type, record.data))
    return { outcome: 'answers-everything', data: { domain, records }, evidence }
  },
  examples: [
    { name: 'nothing answers', facts: {}, expect: 'none' },
    {
      name: 'everything answers',
      facts: { wildcard: { records: [{ type: 'A', data: '192.0.2.1', ttl: 300 }] } },
      expect: 'answers-everything',
    },
  ],
})
