// A name that nobody has does not lead anywhere.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { domain: string; asked: string; records: { type: string; data: string }[] }

const fix = (data: Data): Fix => ({
  summary: `Remove the wildcard record of ${data.domain}`,
  steps: [
    'Add a record for each subdomain that is really used, then remove the record named *.',
    'A product that gives each customer a subdomain needs it: then suppress this finding with that reason.',
  ],
  changes: data.records.map(record => ({
    kind: 'dns',
    action: 'remove',
    name: `*.${data.domain}.`,
    type: record.type,
    data: ['CNAME', 'MX'].includes(record.type) ? `${record.data}.` : record.data,
  })),
  effortMinutes: 15,
})

export default defineCheck<Data>()({
  id: 'wildcard-dns',
  stage: 'dns',
  on: 'domain',
  title: 'Invented names lead nowhere',
  why: 'A wildcard record makes every invented name resolve: mistyped hosts show your site under a wrong address, a forgotten service keeps answering for any name, and mail to invented subdomains is accepted.',
  impact: {
    journey: 'trust',
    owner: 'Any invented address under your name works, which scammers use to look like you.',
  },
  needs: ['wildcard'],
  outcomes: {
    'answers-everything': {
      status: 'fail',
      severity: 'medium',
      title: 'Every invented name under {domain} leads somewhere',
      fix,
    },
    none: { status: 'pass', title: 'Invented names lead nowhere' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc4592'],
  judge: ({ wildcard: { asked, records } }, { subject }) => {
    const data = { domain: subject.name, asked, records: records.map(({ type, data: text }) => ({ type, data: text })) }
    if (records.length === 0) return { outcome: 'none', data, evidence: [{ label: asked, value: 'does not exist' }] }
    return {
      outcome: 'answers-everything',
      data,
      evidence: records.map(record => ({ label: `${asked} ${record.type}`, value: record.data })),
    }
  },
  examples: [
    { name: 'nothing answers', facts: { wildcard: { asked: 'x.example.com', records: [] } }, expect: 'none' },
    {
      name: 'everything answers',
      facts: { wildcard: { asked: 'x.example.com', records: [{ type: 'A', data: '192.0.2.1', ttl: 300 }] } },
      expect: 'answers-everything',
    },
  ],
})
