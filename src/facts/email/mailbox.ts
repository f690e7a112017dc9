// A canary's mailbox, whatever holds it: IMAP, Mailpit or MailHog. Looked into without changing anything (mails stay unread); a mail
// is deleted only when its flow asks for that. A line that drops is taken up again.
import { type Fact, missing } from '../../core/fact.ts'
import type { Network } from '../../net/network.ts'
import { imapBox, imapPlace } from './mailbox-imap.ts'

/** One mail as its headers tell it. */
export type BoxMail = {
  id: string
  folder: string
  spam: boolean
  /** In a folder that is looked into each time. */
  watched: boolean
  from: string
  subject: string
  /** Every address it was sent to, as To, Cc, Delivered-To and X-Original-To say. */
  to: string[]
  size: number
  /** When the mailbox says that it came, in milliseconds since the epoch; null where it does not say. */
  receivedAt: number | null
}

export type Mailbox = {
  /** How messages name it: never with the user or the password. */
  where: string
  /** What came since the mailbox was opened and was not told before. `everywhere`: in every folder, not only where mail arrives. */
  fresh(everywhere: boolean): Promise<Fact<BoxMail[]>>
  raw(mail: BoxMail): Promise<Fact<Buffer>>
  remove(mail: BoxMail): Promise<Fact<null>>
  close(): Promise<void>
}

/** A mailbox of the config (`email.inboxes`). */
export type InboxConfig = {
  imap?: string | undefined
  user?: string | undefined
  password?: string | undefined
  accessToken?: string | undefined
  plaintext?: boolean | undefined
  mailpit?: string | undefined
  mailhog?: string | undefined
  spamFolder?: string | undefined
  deleteAfter?: boolean | undefined
}

/** How an inbox is named to people: its host. */
export const inboxPlace = (inbox: InboxConfig): string => {
  if (inbox.imap) return imapPlace(inbox.imap)
  const url = inbox.mailpit ?? inbox.mailhog
  return url ? new URL(url).host : 'nowhere'
}

/** Opens a mailbox; from here on mails are new. */
export const openMailbox = async (name: string, inbox: InboxConfig, net: Network): Promise<Fact<Mailbox>> => {
  if (inbox.imap) return imapBox(name, inbox, net)
  // Loaded only where there is such a mailbox: it reads headers with a library.
  const { mailHogBox, mailPitBox } = await import('./mailbox-http.ts')
  if (inbox.mailpit) return mailPitBox(inbox.mailpit, inbox, net)
  if (inbox.mailhog) return mailHogBox(inbox.mailhog, inbox, net)
  return missing('needs-credential', `email.inboxes.${name} names no mailbox; give it imap, mailpit or mailhog`)
}
