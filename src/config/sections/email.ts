// Config: who sends mail in the domain's name, the flows that must arrive, and the canary mailboxes that prove it.
import * as z from 'zod'
import { duration, filePath, hostName, secret, webUrl } from '../values.ts'

/** imaps:// or imap://; what is wrong is said without repeating it: people write passwords there. */
const imapUrl = z
  .string()
  .refine(value => URL.canParse(value) && /^imaps?:$/.test(new URL(value).protocol) && new URL(value).hostname !== '', {
    message: 'expected imaps://host, imaps://host:port or imaps://host/folder',
  })

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

const triggerSchema = z
  .strictObject({
    post: webUrl.optional().meta({ description: 'URL that the form or the JSON is sent to' }),
    get: webUrl.optional().meta({ description: 'URL asked for; with post: the page that is loaded before' }),
    form: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Fields of the form; {{nonce}} stands for a word of this run' }),
    json: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    expectStatus: z.array(z.number().int()).optional(),
  })
  .refine(trigger => trigger.post !== undefined || trigger.get !== undefined, {
    message: 'expected post or get: the URL that makes the product send the mail',
  })

export const flowSchema = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(['signup', 'reset', 'billing', 'other']).optional(),
  trigger: triggerSchema,
  inbox: z.string().optional().meta({ description: 'Key of email.inboxes' }),
  arrivesWithin: duration
    .optional()
    .meta({ description: 'Later than this is late (default: 60s)', examples: ['30s', '60s', '2m'] }),
  link: z.string().optional().meta({ description: 'Text that the expected link contains: /reset' }),
  from: z.string().optional().meta({ description: 'Address or domain that the mail comes from' }),
  subject: z.string().optional().meta({ description: 'Text that its subject contains' }),
})

export const inboxSchema = z.strictObject({
  imap: imapUrl.optional().meta({
    description: 'imaps://host[:port][/folder], or imap:// with STARTTLS',
  }),
  user: secret.optional(),
  password: secret.optional(),
  accessToken: secret.optional().meta({ description: 'OAuth 2 access token, instead of a password' }),
  plaintext: z.boolean().optional().meta({
    description: 'true: log in without encryption where imap:// offers none (to this machine it is always done)',
  }),
  plusAddressing: z.boolean().optional().meta({ description: 'false: canary+anything@ does not reach this mailbox' }),
  mailpit: webUrl.optional(),
  mailhog: webUrl.optional(),
  spamFolder: z.string().optional().meta({ description: 'Name of the spam folder (default: the one marked so)' }),
  deleteAfter: z.boolean().optional().meta({ description: 'Delete the canary’s mails after they were judged' }),
})

const emailKeys = z.strictObject({
  senders: z.array(senderSchema).optional(),
  flows: z.array(flowSchema).optional(),
  inboxes: z.record(z.string(), inboxSchema).optional(),
  reports: filePath
    .optional()
    .meta({ description: 'File, directory or imaps://host/folder with DMARC reports; the inbox of that host logs in' }),
  reportsInbox: z
    .string()
    .optional()
    .meta({ description: 'Key of email.inboxes that reads the reports, where its host does not tell' }),
  sends: z.boolean().optional().meta({ description: 'false: this domain sends no mail' }),
  receives: z.boolean().optional().meta({ description: 'false: this domain receives no mail' }),
  blocklists: z.array(hostName).optional().meta({ description: 'DNS blocklist zones to ask' }),
})

type Inboxes = Readonly<Record<string, z.infer<typeof inboxSchema>>>

/** What is wrong between flows and inboxes: a mailbox that nobody configured, two flows that nobody could tell apart. */
export const emailSection = emailKeys.superRefine((email, context) => {
  const inboxes: Inboxes = email.inboxes ?? {}
  const names = Object.keys(inboxes)
  const say = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message })
  for (const [at, flow] of (email.flows ?? []).entries()) {
    const listed = names.length ? `email.inboxes has ${names.join(', ')}` : 'email.inboxes names none'
    if (flow.inbox === undefined && names.length !== 1)
      say(['flows', at, 'inbox'], `expected the mailbox in which the mail arrives; ${listed}`)
    else if (flow.inbox !== undefined && !(flow.inbox in inboxes))
      say(['flows', at, 'inbox'], `there is no such mailbox; ${listed}`)
    if (email.flows?.findIndex(other => other.name === flow.name) !== at)
      say(['flows', at, 'name'], 'another mail flow has this name')
  }
  for (const [name, inbox] of Object.entries(inboxes)) {
    const given = [inbox.imap, inbox.mailpit, inbox.mailhog].filter(item => item !== undefined).length
    if (given !== 1) say(['inboxes', name], 'expected one of imap, mailpit, mailhog')
  }
  if (email.reportsInbox !== undefined && !(email.reportsInbox in inboxes))
    say(
      ['reportsInbox'],
      `there is no such mailbox; ${names.length ? `email.inboxes has ${names.join(', ')}` : 'email.inboxes names none'}`,
    )
})
