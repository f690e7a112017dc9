// A mail flow that works: the password reset arrives within seconds.
import type { MailFlow } from './mail-flow.ts'

/** The mail that came, with what is given changed. */
export const arrivedWith = (given: Partial<NonNullable<MailFlow['mail']>> = {}): NonNullable<MailFlow['mail']> => ({
  seconds: 3.2,
  folder: 'INBOX',
  spam: false,
  from: 'hello@example.com',
  subject: 'Reset your password',
  size: 4200,
  foundBy: 'recipient, subject or link',
  deleted: false,
  ...given,
})

/** What sent it, with what is given changed. */
export const triggerWith = (given: Partial<MailFlow['trigger']> = {}): MailFlow['trigger'] => ({
  what: 'POST https://app.example.com/forgot (email)',
  status: 200,
  problem: null,
  words: 'Look into your inbox',
  guarded: false,
  ...given,
})

/** In time, in the inbox, from the product's own domain. */
export const example: MailFlow = {
  kind: 'reset',
  inbox: 'canary',
  where: 'imap.example.net',
  trigger: triggerWith(),
  nonce: null,
  allowedSeconds: 60,
  waitedSeconds: 3.2,
  mail: arrivedWith(),
  others: [],
  message: null,
}
