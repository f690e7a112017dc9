// Do the addresses and pages where customers and colleagues ask for help reach somebody?
import { ask, defineCheck, high, medium, pass, skip, type Unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Change } from '../../core/fix.ts'
import { fix, manualFix } from '../../core/fixes.ts'
import { saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { seenContact } from '../../facts/handover/handover-contacts.example.ts'
import { notAskedYet } from './account.ts'
import { contactAnswer } from './seen-answers.ts'

/** `seen`: the entry that the site's own contact makes. */
type Data = { what: string; where: string; count: number; seen?: Change[] | null }

const isPage = (where: string): boolean => /^https?:/i.test(where)

const mend = ({ what, where }: Data) =>
  isPage(where)
    ? manualFix(`Put a page for ${what} that answers`, [
        `Open ${where}; where it has moved, write its new address into handover.support of launch-ready.handover.yaml.`,
        'Open it once more without being signed in, as a customer would.',
      ])
    : manualFix(`Put an address for ${what} that reaches somebody`, [
        `Create the mailbox ${where}, or write another address into handover.support of launch-ready.handover.yaml.`,
        'Send it a mail from outside and see that somebody reads it.',
      ])

const writeDown = ({ seen }: Data) => {
  const summary = 'Write down who is asked for help'
  return seen
    ? fix(summary, seen, ['The site itself sends people there. Add who answers at night, and handover.called.'], 5)
    : manualFix(
        summary,
        ['Add handover.support (what, email or url) and handover.called to launch-ready.handover.yaml.'],
        10,
      )
}

const bad: Readonly<Record<string, 'dead' | 'unreachable'>> = {
  'no-mail': 'dead',
  refused: 'unreachable',
  dead: 'dead',
  failing: 'unreachable',
}

export default defineCheck<Data>()({
  id: 'support-contacts',
  stage: 'handover',
  on: 'domain',
  actions: ['handover verify'],
  title: 'Support and the people who are called can be reached',
  why: 'Whether the domain of an address takes mail is seen in its DNS; whether the mailbox exists is asked of its server only with --active, since asking for mailboxes looks like a spammer. Pages are asked once.',
  impact: {
    journey: 'trust',
    owner: 'Customers who ask for help hear nothing, and whoever should be called is not reached.',
  },
  needs: ['handoverAnswers', 'handoverContacts', 'handoverLinks'],
  wants: ['legalLinks'],
  outcomes: {
    dead: high('{where} reaches nobody', mend),
    unreachable: high('{where} refuses, or answers with an error', mend),
    missing: medium('Nobody wrote down where customers ask for help', writeDown, {
      why: 'Whoever takes over does not know where customers write.',
    }),
    live: pass('{count} contacts take mail'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc2142'],
  judge: ({ handoverAnswers, handoverContacts: { contacts }, handoverLinks: { links }, legalLinks }) => {
    if (!handoverAnswers.given && !handoverAnswers.asked) return skip(notAskedYet)
    const { support = [] } = handoverAnswers.handover
    const pages = links.filter(({ url }) => support.some(contact => contact.url === url))
    if (support.length === 0) {
      const question = { id: 'support-contacts', text: 'Where do customers ask for help?', answer: 'handover.support' }
      if (!handoverAnswers.given) return ask(question, 'nobody has said', 'medium')
    }
    const all = [
      ...contacts.map(({ what, email, state, detail }) => ({ what, where: email, state: state as string, detail })),
      ...pages.map(({ what, url, state, detail }) => ({ what, where: url, state: state as string, detail })),
    ]
    const data = { what: '', where: '', count: all.length }
    const found = all.flatMap(({ what, where, state, detail }) =>
      bad[state]
        ? [{ outcome: bad[state], data: { ...data, what, where }, evidence: [textEvidence(where, detail)], key: where }]
        : [],
    )
    const untold = all
      .filter(({ state }) => state === 'unknown')
      .map(({ where, detail }): Unknown => ({ unknown: `${where}: ${detail}`, couldBe: 'high' }))
    const seen = contactAnswer(legalLinks.ok ? legalLinks.value.found.contact : null)
    const none =
      support.length === 0
        ? [
            {
              outcome: 'missing' as const,
              data: { ...data, seen },
              evidence: [textEvidence('handover.support', 'none')],
            },
          ]
        : []
    if (found.length || untold.length || none.length) return [...found, ...none, ...untold]
    return { outcome: 'live', data, evidence: all.map(({ where, detail }) => textEvidence(where, detail)) }
  },
  examples: [
    { name: 'all take mail', facts: {}, expect: 'live' },
    {
      name: 'a domain without mail',
      facts: {
        handoverContacts: { contacts: [seenContact({ state: 'no-mail', detail: 'example.com has no mail server' })] },
      },
      expect: 'dead',
    },
    {
      name: 'a mailbox that is not there',
      facts: { handoverContacts: { contacts: [seenContact({ state: 'refused', detail: '550 5.1.1 no such user' })] } },
      expect: 'unreachable',
    },
    {
      name: 'none',
      facts: { handoverAnswers: saying({ support: [] }), handoverContacts: { contacts: [] } },
      expect: 'missing',
    },
    {
      name: 'no answer this time',
      facts: { handoverContacts: { contacts: [seenContact({ state: 'unknown', detail: 'no answer' })] } },
      expect: 'unknown',
    },
    { name: 'nobody was asked', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
