// Mails that the product sends by itself arrive: in time, in the inbox, from you.
import { blocker, defineCheck, high, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Impact } from '../../core/severity.ts'
import { arrivedWith, triggerWith } from '../../facts/email/mail-flow.example.ts'
import type { MailFlow } from '../../facts/email/mail-flow.ts'
import { expectedSenders } from '../../formats/mail/expected-senders.ts'
import { inWords } from '../../formats/mail/in-words.ts'
import { isFrom } from '../../formats/mail/nonce.ts'
import { correctSender, type FlowData as Data, leaveSpam, repairTrigger, sendAtOnce, traceMail } from './flow-fixes.ts'

const journeys: Record<MailFlow['kind'], Impact> = {
  signup: 'signup',
  reset: 'login',
  billing: 'payment',
  other: 'email',
}

const triggerLine = ({ what, status, problem }: MailFlow['trigger']): string =>
  `${what} → ${status || 'no answer'}${problem === null || problem.startsWith('status') ? '' : `: ${problem}`}`

const arrivalLine = ({ mail, where, waitedSeconds }: MailFlow): string =>
  mail
    ? `after ${mail.seconds} s in ${mail.folder} of ${where}, from ${mail.from || 'nobody'}: ${mail.subject}`
    : `nothing in ${where} within ${waitedSeconds} s, spam folder included`

const evidenceOf = (flow: MailFlow) => {
  const { trigger, mail, others } = flow
  const isSent = trigger.problem === null
  return [
    textEvidence('sent', triggerLine(trigger)),
    ...(trigger.words && (!isSent || mail === null) ? [textEvidence('the page said', trigger.words)] : []),
    ...(isSent
      ? [textEvidence('arrived', arrivalLine(flow)), textEvidence('allowed', `${flow.allowedSeconds} s`)]
      : []),
    ...others.map(other => textEvidence('another mail came', `from ${other.from}: ${other.subject} (${other.folder})`)),
  ]
}

const subject = { kind: 'flow' as const, name: 'password reset', details: { of: 'mail', flow: 'password reset' } }

export default defineCheck<Data>()({
  id: 'mail-flow',
  stage: 'email',
  on: 'flow',
  title: 'Mails that customers wait for arrive in time, in the inbox',
  why: 'Each mail flow of the config is triggered as a customer would, and its mail is waited for in the canary mailbox, found by a word of this run, and looked for in the spam folder too. Records can all be right while the queue stands still, the worker is down or the provider refuses the sender.',
  impact: { journey: 'signup', owner: 'A customer waits for a mail that does not come, and gives up.' },
  needs: ['mailFlow'],
  actions: ['email flows'],
  signals: ['never-verified', 'mail-lost'],
  outcomes: {
    'trigger-failed': blocker('The mail is never sent: the request for it fails ({problem})', repairTrigger),
    'not-arrived': blocker('The mail does not arrive, not even within {waited} s', traceMail),
    'in-spam': blocker('The mail lands in the folder {folder}, where nobody looks', leaveSpam, {
      why: 'Hardly anybody looks there: to the customer the mail has not come.',
    }),
    late: high('The mail takes {seconds} s; customers wait {allowed} s', sendAtOnce),
    'wrong-sender': high('The mail comes from {from}, not from you', correctSender, {
      why: 'Readers do not know the name that the mail comes from, and filters trust it less.',
    }),
    arrives: pass('The mail arrives in {seconds} s'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1',
    'https://support.google.com/a/answer/81126',
    'https://www.rfc-editor.org/rfc/rfc5233',
  ],
  judge: ({ mailFlow: flow }, { subject, target }) => {
    const { trigger, mail } = flow
    const own = String(subject.details?.['flow'] ?? subject.name)
    const expected = expectedSenders(own, target)
    const data: Data = {
      flow: own,
      seconds: Math.round(mail?.seconds ?? 0),
      allowed: flow.allowedSeconds,
      waited: Math.round(flow.waitedSeconds),
      folder: mail?.folder ?? '',
      from: mail?.from || 'nobody',
      wanted: inWords(expected.slice(0, 3)),
      what: trigger.what,
      problem: trigger.problem ?? '',
      tagged: flow.nonce !== null,
    }
    const evidence = evidenceOf(flow)
    const finding = { data, evidence, impact: journeys[flow.kind] }
    if (trigger.problem !== null) return { outcome: 'trigger-failed', ...finding }
    if (mail === null)
      return trigger.guarded
        ? { unknown: `no mail came, and the form of "${own}" asks for a captcha, which only a person passes` }
        : { outcome: 'not-arrived', ...finding }
    const isForeign = !expected.some(item => isFrom(mail.from, item))
    const list = [
      ...(mail.spam ? [{ outcome: 'in-spam' as const, ...finding }] : []),
      ...(mail.seconds > flow.allowedSeconds ? [{ outcome: 'late' as const, ...finding }] : []),
      ...(isForeign ? [{ outcome: 'wrong-sender' as const, ...finding }] : []),
    ]
    return list.length ? list : { outcome: 'arrives', data, evidence }
  },
  examples: [
    { name: 'within seconds, in the inbox', subject, facts: {}, expect: 'arrives' },
    {
      name: 'the request fails',
      subject,
      facts: { mailFlow: { trigger: triggerWith({ status: 500, problem: 'status 500', words: 'Oops' }), mail: null } },
      expect: 'trigger-failed',
    },
    { name: 'nothing comes', subject, facts: { mailFlow: { mail: null, waitedSeconds: 180 } }, expect: 'not-arrived' },
    {
      name: 'in the spam folder',
      subject,
      facts: { mailFlow: { mail: arrivedWith({ folder: '[Gmail]/Spam', spam: true }) } },
      expect: 'in-spam',
    },
  ],
})
