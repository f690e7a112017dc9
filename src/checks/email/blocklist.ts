import { defineCheck } from '../../core/check.ts'
import { evidence, type Held, inWords, manual, recordFix } from './mail-records.ts'

type Data = { about: string; list: string; lookup: string }

export default defineCheck<Data>()({
  id: 'blocklist',
  stage: 'email',
  on: 'domain',
  title: 'The domain and its addresses are on no blocklist',
  why: 'Receivers ask DNS blocklists about the connecting address and about domains in the mail. Judged for the domain and for sending addresses of its own. Each list is first asked for its test entry: one that does not know it, or that refuses (as Spamhaus does through public resolvers), says nothing.',
  impact: { journey: 'email', owner: 'Mail is refused before anybody reads it.' },
  needs: ['blocklists'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    listed: {
      status: 'fail',
      severity: 'high',
      title: '{about} is on the blocklist {list}',
      fix: held =>
        recordFix(
          'Find out why, stop it, ask to be removed',
          [manual(`Look up ${held.about} at ${held.lookup}: it says why it is listed and how it is removed`)],
          120,
        ),
    },
    clean: { status: 'pass', title: '{about} is on none of {list}' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc5782', 'https://www.spamhaus.org/faqs/dnsbl-usage/'],
  judge: ({ blocklists: { answers } }, { subject }) => {
    const listed = answers
      .filter(item => item.state === 'listed')
      .map(
        (item): Held<'listed', Data> => ({
          outcome: 'listed',
          key: `${item.zone} ${item.about}`,
          data: { about: item.about, list: item.list, lookup: item.lookup },
          evidence: [
            evidence(`${item.about} at ${item.zone}`, item.codes.join(', ')),
            ...(item.text ? [evidence('the list says', item.text)] : []),
          ],
        }),
      )
    const clean = answers.filter(item => item.state === 'clean')
    const silent = [
      ...new Set(
        answers.filter(item => item.state === 'refused' || item.state === 'unanswered').map(item => item.list),
      ),
    ]
    if (answers.length === 0) return { skip: 'there is nothing to ask a blocklist about' }
    // A list that does not answer may hold what the others do not.
    if (silent.length) return [...listed, { unknown: refusal(silent), couldBe: 'high' as const }]
    if (listed.length) return listed
    const lists = [...new Set(clean.map(item => item.list))]
    return {
      outcome: 'clean',
      data: { about: subject.name, list: `${lists.length} blocklists`, lookup: '' },
      evidence: clean.map(item => evidence(item.list, `${item.about}: not listed`)),
    }
  },
  examples: [
    {
      name: 'not listed',
      facts: {
        blocklists: {
          answers: [
            {
              zone: 'dbl.spamhaus.org',
              list: 'Spamhaus DBL',
              lookup: 'https://check.spamhaus.org/',
              about: 'coachdash.example',
              state: 'clean',
              codes: [],
              text: '',
            },
          ],
        },
      },
      expect: 'clean',
    },
    {
      name: 'listed',
      facts: {
        blocklists: {
          answers: [
            {
              zone: 'dbl.spamhaus.org',
              list: 'Spamhaus DBL',
              lookup: 'https://check.spamhaus.org/',
              about: 'coachdash.example',
              state: 'listed',
              codes: ['127.0.1.2'],
              text: '',
            },
          ],
        },
      },
      expect: 'listed',
    },
    {
      name: 'a resolver that the list refuses',
      facts: {
        blocklists: {
          answers: [
            {
              zone: 'dbl.spamhaus.org',
              list: 'Spamhaus DBL',
              lookup: 'https://check.spamhaus.org/',
              about: 'coachdash.example',
              state: 'refused',
              codes: ['127.255.255.254'],
              text: '',
            },
          ],
        },
      },
      expect: 'unknown',
    },
  ],
})

const refusal = (lists: readonly string[]): string =>
  `${inWords(lists)} ${lists.length === 1 ? 'does' : 'do'} not answer through this resolver (lists refuse public ones): ask with --resolver and one of your own`
