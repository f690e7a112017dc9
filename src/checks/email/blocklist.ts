// What DNS blocklists say of the domain and its own sending addresses.
import { defineCheck, high, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { changesFix, manual } from '../../core/fixes.ts'
import { answerWith } from '../../facts/email/blocklists.example.ts'
import { inWords } from '../../formats/mail/in-words.ts'

type Data = { about: string; list: string; lookup: string }

const refusal = (lists: readonly string[]): string =>
  `${inWords(lists)} ${lists.length === 1 ? 'does' : 'do'} not answer through this resolver (lists refuse public ones): ask with --resolver and one of your own`

export default defineCheck<Data>()({
  id: 'blocklist',
  stage: 'email',
  on: 'domain',
  title: 'The domain and its addresses are on no blocklist',
  why: 'Receivers ask DNS blocklists about the connecting address and about domains in the mail. Judged for the domain and for sending addresses of its own. Each list is first asked for its test entry: one that does not know it, or that refuses (as Spamhaus does through public resolvers), says nothing.',
  impact: { journey: 'email', owner: 'Receivers that use the list refuse your mail or file it as spam.' },
  needs: ['blocklists'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    listed: high('{about} is on the blocklist {list}', ({ about, lookup }) => {
      const step = `Look up ${about} at ${lookup}: it says why it is listed and how it is removed`
      return changesFix('Find out why, stop it, ask to be removed', [manual(step)], 120)
    }),
    clean: pass('{about} is on no blocklist ({list})'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc5782', 'https://www.spamhaus.org/faqs/dnsbl-usage/'],
  judge: ({ blocklists: { answers } }, { subject }) => {
    if (answers.length === 0) return { skip: 'there is nothing to ask a blocklist about' }
    const listed = answers
      .filter(item => item.state === 'listed')
      .map(({ about, list, lookup, zone, codes, text }) => ({
        outcome: 'listed' as const,
        key: `${zone} ${about}`,
        data: { about, list, lookup },
        evidence: [
          textEvidence(`${about} at ${zone}`, codes.join(', ')),
          ...(text ? [textEvidence('the list says', text)] : []),
        ],
      }))
    const silent = answers.filter(item => item.state === 'refused' || item.state === 'unanswered')
    // A list that does not answer may hold what the others do not.
    if (silent.length)
      return [...listed, { unknown: refusal([...new Set(silent.map(item => item.list))]), couldBe: 'high' }]
    if (listed.length) return listed
    const lists = new Set(answers.map(item => item.list)).size
    return {
      outcome: 'clean',
      data: { about: subject.name, list: `${lists} asked`, lookup: '' },
      evidence: answers.map(item => textEvidence(item.list, `${item.about}: not listed`)),
    }
  },
  examples: [
    { name: 'not listed', facts: {}, expect: 'clean' },
    {
      name: 'listed',
      facts: { blocklists: { answers: [answerWith({ state: 'listed', codes: ['127.0.1.2'] })] } },
      expect: 'listed',
    },
    {
      name: 'a resolver that the list refuses',
      facts: { blocklists: { answers: [answerWith({ state: 'refused', codes: ['127.255.255.254'] })] } },
      expect: 'unknown',
    },
  ],
})
