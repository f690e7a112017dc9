// Config: who sends mail in the domain's name, the flows that must arrive, and the canary mailboxes that prove it.
import * as z from 'zod'
import { duration, hostName, secret, webUrl } from '../values.ts'

/** imaps:// or imap://; what is wrong is said without repeating it: people write passwords there. */
const imapUrl = z.string().refine(
  value => URL.canParse(value) && /^imaps?:$/.test(new URL(value).protocol) && new URL(value).hostname !== '',
  { message: 'expected imaps://host, imaps://host:port or imaps://host/folder' },
)

export const senderSchema = z.strictObject({
  name: z.string().min(1),
  spf: hostName.optional().meta({ description: 'Name that the sender wants included: spf.mtasv.net' }),
  ips: z.array(z.string()).optional().meta({ description: 'Own sending addresses or networks' }),
  dkim: z.array(z.string()).default([]).meta({ description: 'Selectors' }),
  from: z.string().optional().meta({ description: 'Address in From' }),
  returnPath: z.string().optional().meta({ description: 'Envelope sender, or its domain' }),
  bulk: z.boolean().optional().meta({ description: 'Sends 5,000 or more a day to one provider' }),
  stream: z.enum(['transactional', 'marketing']).optional(),
})

export const flowSchema = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(['signup', 'reset', 'billing', 'other']).optional(),
  trigger: z.strictObject({
    post: webUrl.optional(),
    get: webUrl.optional(),
    form: z.record(z.string(), z.string()).optional(),
    json: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    expectStatus: z.array(z.number().int()).optional(),
  }),
  inbox: z.string().optional().meta({ description: 'Key of email.inboxes' }),
  arrivesWithin: duration.optional(),
  link: z.string().optional().meta({ description: 'Text that the expected link contains: /reset' }),
  from: z.string().optional(),
  subject: z.string().optional(),
})

export const inboxSchema = z.strictObject({
  imap: imapUrl.optional().meta({
    description: 'imaps://host[:port][/folder], or imap:// with STARTTLS',
  }),
  user: secret.optional(),
  password: secret.optional(),
  accessToken: secret.optional().meta({ description: 'OAuth 2 access token, instead of a password' }),
  plaintext: z
    .boolean()
    .optional()
    .meta({ description: 'true: log in without encryption where imap:// offers none (to this machine it is always done)' }),
  plusAddressing: z
    .boolean()
    .optional()
    .meta({ description: 'false: canary+anything@ does not reach this mailbox' }),
  mailpit: webUrl.optional(),
  mailhog: webUrl.optional(),
  spamFolder: z.string().optional().meta({ description: 'Name of the spam folder (default: the one marked so)' }),
  deleteAfter: z.boolean().optional().meta({ description: 'Delete the canary’s mails after they were judged' }),
})

export const emailSection = z.strictObject({
  senders: z.array(senderSchema).optional(),
  flows: z.array(flowSchema).optional(),
  inboxes: z.record(z.string(), inboxSchema).optional(),
  reports: z.string().optional().meta({ description: 'File, directory or imaps:// URL with DMARC reports' }),
  sends: z.boolean().optional().meta({ description: 'false: this domain sends no mail' }),
  receives: z.boolean().optional().meta({ description: 'false: this domain receives no mail' }),
  blocklists: z.array(hostName).optional().meta({ description: 'DNS blocklist zones to ask' }),
})
