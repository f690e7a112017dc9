// Mails that the product sends by itself arrive: in time, in the inbox, from you.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Impact } from '../../core/severity.ts'
import type { Target } from '../../core/target.ts'
import type { MailFlow } from '../../facts/email/mail-flow.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { domainOfAddress } from '../../formats/mail/address.ts'
import { isFrom } from '../../formats/mail/nonce.ts'
import { evidence, inWords, manual } from './mail-records.ts'

type Data = {
  flow: string
  seconds: number
  allowed: number
  waited: number
  folder: string
  from: string
  wanted: string
  what: string
  problem: string
  tagged: boolean
}

const journeys: Record<MailFlow['kind'], Impact> = {
  signup: 'signup',
  reset: 'login',
  billing: 'payment',
  other: 'email',
}

const byHand = (summary: string, steps: string[], todo: string, effortMinutes: number): Fix => ({
  summary,
  steps,
  changes: [manual(todo)],
  effortMinutes,
})

const subject = { kind: 'flow' as const, name: 'password reset', details: { of: 'mail', flow: 'password reset' } }
const trigger: MailFlow['trigger'] = {
  what: 'POST https://app.example.com/forgot (email)',
  status: 200,
  problem: null,
  words: 'Look into your inbox',
  guarded: false,
}
const arrived: NonNullable<MailFlow['mail']> = {
  seconds: 3.2,
  folder: 'INBOX',
  spam: false,
  from: 'hello@example.com',
  subject: 'Reset your password',
  size: 4200,
  foundBy: 'recipient, subject or link',
  deleted: false,
}
const mailFlow = (given: Partial<MailFlow> = {}): MailFlow => ({
  kind: 'reset',
  inbox: 'canary',
  where: 'imap.example.net',
  trigger,
  nonce: null,
  allowedSeconds: 60,
  waitedSeconds: 3.2,
  mail: arrived,
  others: [],
  message: null,
  ...given,
})

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
    'trigger-failed': {
      status: 'fail',
      severity: 'blocker',
      title: 'The mail is never sent: the request for it fails ({problem})',
      fix: data =>
        byHand(
          `Repair the request that sends the mail: ${data.what}`,
          [
            `Do it by hand in a private window; here it ended with ${data.problem}.`,
            'Find the request in the server’s log at the time of this run.',
            'Where the page or its fields changed on purpose, correct email.flows[].trigger in the config.',
          ],
          `Repair ${data.what} (${data.problem}), or correct the trigger of "${data.flow}" in the config.`,
          60,
        ),
    },
    'not-arrived': {
      status: 'fail',
      severity: 'blocker',
      title: 'The mail does not arrive, not even within {waited} s',
      fix: data =>
        byHand(
          'Find out where the mail stays',
          [
            'Look into the log of your mail provider (Activity, Events, Suppressions) for the time of this run: was it handed over, bounced, suppressed?',
            'Nothing there: look into the job queue and its worker; mails that are queued leave only while the worker runs.',
            'Check the API key and the sender address in the environment of production, not only on your machine.',
            ...(data.tagged
              ? [
                  'The canary’s address was tagged (name+word@); where its mailbox takes no such addresses, set plusAddressing: false.',
                ]
              : []),
          ],
          `Find in the log of your mail provider or queue why the mail of "${data.flow}" does not arrive.`,
          60,
        ),
    },
    'in-spam': {
      status: 'fail',
      severity: 'blocker',
      title: 'The mail lands in the folder {folder}, where nobody looks',
      fix: data =>
        byHand(
          'Get the mail out of the spam folder',
          [
            'Repair what the checks message-authentication, spf-* and dkim-* and dmarc-* found first: most spam folders ask for these.',
            'Send from a name of your own that is used for nothing else, and from few addresses.',
            'Take out what looks like advertising: link shorteners, large images, links to hosts that are not yours.',
            'Gmail: Postmaster Tools shows what it thinks of your domain.',
          ],
          `Repair authentication and content of the mail of "${data.flow}", then prove it again.`,
          120,
        ),
    },
    late: {
      status: 'fail',
      severity: 'high',
      title: 'The mail takes {seconds} s; customers wait {allowed} s',
      fix: data =>
        byHand(
          'Send the mail at once',
          [
            'Compare the Received lines of the mail: the largest gap is where it waits.',
            'Waits before the first line are yours: a queue that is polled rarely, a worker that sleeps, newsletters before it in the same queue.',
            'Waits after it are the receiver’s: greylisting of an address that is new to it, or too many mails at once.',
          ],
          `Make the mail of "${data.flow}" leave within seconds: a queue of its own, a worker that does not sleep.`,
          60,
        ),
    },
    'wrong-sender': {
      status: 'fail',
      severity: 'high',
      title: 'The mail comes from {from}, not from you',
      fix: data =>
        byHand(
          `Send it as ${data.wanted}`,
          [
            'Look for the sender in the environment (MAIL_FROM, EMAIL_FROM, DEFAULT_FROM_EMAIL) and in the settings of the mail provider; onboarding and sandbox addresses stay there from the first day.',
            'Verify your domain at the provider before you change it, or it refuses to send.',
          ],
          `Set the From address of "${data.flow}" to ${data.wanted}.`,
          20,
        ),
    },
    arrives: { status: 'pass', title: 'The mail arrives in {seconds} s' },
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
    const seen = evidenceOf(flow)
    const held = { data, evidence: seen, impact: journeys[flow.kind] }
    if (trigger.problem !== null) return { outcome: 'trigger-failed', ...held }
    if (mail === null && trigger.guarded)
      return { unknown: `no mail came, and the form of "${own}" asks for a captcha, which only a person passes` }
    if (mail === null) return { outcome: 'not-arrived', ...held }
    const bad = [
      ...(mail.spam ? [{ outcome: 'in-spam' as const, ...held }] : []),
      ...(mail.seconds > flow.allowedSeconds ? [{ outcome: 'late' as const, ...held }] : []),
      ...(expected.some(item => isFrom(mail.from, item)) ? [] : [{ outcome: 'wrong-sender' as const, ...held }]),
    ]
    return bad.length ? bad : { outcome: 'arrives', data, evidence: seen }
  },
  examples: [
    { name: 'within seconds, in the inbox', subject, facts: { mailFlow: mailFlow() }, expect: 'arrives' },
    {
      name: 'the request fails',
      subject,
      facts: {
        mailFlow: mailFlow({ trigger: { ...trigger, status: 500, problem: 'status 500', words: 'Oops' }, mail: null }),
      },
      expect: 'trigger-failed',
    },
    {
      name: 'nothing comes',
      subject,
      facts: { mailFlow: mailFlow({ mail: null, waitedSeconds: 180 }) },
      expect: 'not-arrived',
    },
    {
      name: 'nothing comes, and there was a captcha',
      subject,
      facts: { mailFlow: mailFlow({ trigger: { ...trigger, guarded: true }, mail: null, waitedSeconds: 180 }) },
      expect: 'unknown',
    },
    {
      name: 'in the spam folder',
      subject,
      facts: { mailFlow: mailFlow({ mail: { ...arrived, folder: '[Gmail]/Spam', spam: true } }) },
      expect: 'in-spam',
    },
    {
      name: 'after more than a minute',
      subject,
      facts: { mailFlow: mailFlow({ mail: { ...arrived, seconds: 94.2 } }) },
      expect: 'late',
    },
    {
      name: 'from the provider’s sandbox',
      subject,
      facts: { mailFlow: mailFlow({ mail: { ...arrived, from: 'onboarding@resend.dev' } }) },
      expect: 'wrong-sender',
    },
  ],
})

/** Who may send it: whom the flow names, else every configured sender and everything below the product's own domains. */
const expectedSenders = (flow: string, target: Target): string[] => {
  const { flows = [] } = (target.sections['email'] ?? {}) as { flows?: { name: string; from?: string }[] }
  const named = flows.find(item => item.name === flow)?.from
  if (named) return [named]
  const canonical = target.canonical ? new URL(target.canonical).hostname : null
  const own = [target.domain, canonical, ...Object.values(target.hosts)].flatMap(name =>
    name ? [registrableDomain(name) ?? name] : [],
  )
  const senders = target.senders.flatMap(sender => domainOfAddress(sender.from) ?? [])
  return [...new Set([...(target.domain ? [target.domain] : []), ...own, ...senders])]
}

const evidenceOf = (flow: MailFlow) => {
  const { trigger, mail } = flow
  return [
    evidence(
      'sent',
      `${trigger.what} → ${trigger.status || 'no answer'}${trigger.problem === null || trigger.problem.startsWith('status') ? '' : `: ${trigger.problem}`}`,
    ),
    ...(trigger.words && (trigger.problem !== null || mail === null) ? [evidence('the page said', trigger.words)] : []),
    ...(trigger.problem === null
      ? [
          mail
            ? evidence(
                'arrived',
                `after ${mail.seconds} s in ${mail.folder} of ${flow.where}, from ${mail.from || 'nobody'}: ${mail.subject}`,
              )
            : evidence('arrived', `nothing in ${flow.where} within ${flow.waitedSeconds} s, spam folder included`),
          evidence('allowed', `${flow.allowedSeconds} s`),
        ]
      : []),
    ...flow.others.map(other =>
      evidence('another mail came', `from ${other.from}: ${other.subject} (${other.folder})`),
    ),
  ]
}
