// The form of a real mail: what filters and people stumble over, and where its links lead.
import { blocker, defineCheck, high, low, medium, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { linkWith, messageWith } from '../../facts/email/message.example.ts'
import {
  contentFaults,
  expectedLinkFaults,
  type FormFault,
  headerFaults,
  linkFaults,
  openQuestions,
  soundLines,
} from '../../formats/message/form-faults.ts'
import { formFix } from './form-fixes.ts'

type Data = Pick<FormFault, 'what' | 'first' | 'count' | 'kilobytes'>

export default defineCheck<Data>()({
  id: 'message-form',
  stage: 'email',
  on: 'message',
  title: 'A real mail is well-formed and its links work',
  why: 'The mail is read as it arrived. Links are read without doing anything: plain pages are asked for, a link that may hold a one-time token only with --active or as the link of a configured flow, one that unsubscribes or deletes never; images are not loaded. Dead is 404, 410, a host that does not exist, or no address at all.',
  impact: { journey: 'email', owner: 'The reader cannot use the mail as it is, or takes it for spam.' },
  needs: ['message'],
  actions: ['email message'],
  signals: ['mail-lost'],
  outcomes: {
    'no-message-id': medium('The mail has no proper Message-ID', formFix('no-message-id'), {
      why: 'Filters count it as a sign of spam, and answers are not put under the mail that they belong to.',
    }),
    'bad-date': medium('The date of the mail is wrong', formFix('bad-date'), {
      why: 'Filters count it as a sign of spam, and the mail is sorted where nobody looks.',
    }),
    'no-text-part': low('The mail has no text part', formFix('no-text-part'), {
      why: 'Readers without HTML see nothing of it, and filters count it against the mail.',
    }),
    'no-unsubscribe': high('A bulk mail that nobody can unsubscribe from', formFix('no-unsubscribe'), {
      why: 'Whoever cannot unsubscribe reports spam instead, and Gmail and Yahoo refuse bulk mail without it.',
    }),
    'one-click-missing': high('A bulk mail without one-click unsubscribe', formFix('one-click-missing'), {
      why: 'Gmail and Yahoo demand one-click unsubscribe of bulk senders, and file or refuse what lacks it.',
    }),
    'link-host-mismatch': high('A link shows {what} and leads elsewhere', formFix('link-host-mismatch'), {
      why: 'That is what phishing looks like: mail programs warn of it, and filters count it.',
    }),
    'link-insecure': high('Links of the mail are not encrypted ({count})', formFix('link-insecure'), {
      why: 'Whoever shares the network of the reader can read and change what such a link opens.',
      impact: 'trust',
    }),
    'link-localhost': blocker('A link leads to {what}, which no customer reaches', formFix('link-localhost'), {
      why: 'It was made on a developer’s machine or a preview: for customers it opens nothing.',
    }),
    'link-dead': blocker('Links of the mail do not work ({count})', formFix('link-dead'), {
      why: 'Whoever follows it lands on an error page and cannot go on.',
    }),
    'tracking-domain-foreign': low('Links go through {what} under its own name', formFix('tracking-domain-foreign'), {
      why: 'The reputation of strangers who use the same name is counted as yours, and people do not know it.',
    }),
    'too-large': low('The mail is too large ({kilobytes} kB)', formFix('too-large'), {
      why: 'Mail programs cut long mails: what stands at the end is not seen.',
    }),
    'placeholder-text': high('The mail shows "{what}"', formFix('placeholder-text'), {
      why: 'The template was not filled: customers see it, and take the product for broken.',
    }),
    'well-formed': pass('The mail is well-formed and its links work'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc5322#section-3.6',
    'https://www.rfc-editor.org/rfc/rfc8058',
    'https://support.google.com/a/answer/81126',
  ],
  judge: ({ message }) => {
    const found = [headerFaults, contentFaults, linkFaults, expectedLinkFaults].flatMap(faults =>
      faults(message).map(({ kind, seen, severe, key, ...data }) => ({
        outcome: kind,
        data,
        evidence: seen.map(([label, value]) => textEvidence(label, value)),
        ...(severe ? { severity: 'high' as const } : {}),
        ...(key ? { key } : {}),
      })),
    )
    const open = openQuestions(message).map(unknown => ({ unknown, couldBe: 'blocker' as const }))
    if (found.length || open.length) return [...found, ...open]
    return {
      outcome: 'well-formed',
      data: { what: '', first: '', count: 0, kilobytes: 0 },
      evidence: soundLines(message).map(([label, value]) => textEvidence(label, value)),
    }
  },
  examples: [
    { name: 'a sound mail', facts: {}, expect: 'well-formed' },
    {
      name: 'text alone',
      facts: { message: messageWith({ content: { html: false, htmlBytes: 0 } }) },
      expect: 'well-formed',
    },
    { name: 'HTML alone', facts: { message: messageWith({ content: { text: false } }) }, expect: 'no-text-part' },
    { name: 'a newsletter', facts: { message: { bulk: { is: true, why: 'List-Id' } } }, expect: 'no-unsubscribe' },
    {
      name: 'a page that is gone',
      facts: { message: { links: [linkWith({ state: 'dead', status: 404, message: 'status 404' })] } },
      expect: 'link-dead',
    },
    {
      name: 'a page that does not answer',
      facts: { message: { links: [linkWith({ state: 'unknown', status: 503, message: 'status 503' })] } },
      expect: 'unknown',
    },
  ],
})
