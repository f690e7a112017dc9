// Test alerts by e-mail, looked for in the mailbox that they are sent to: opened before they are sent, so that what comes is new.
import { UsageError } from '../config/errors.ts'
import { type Mailbox, openMailbox } from '../facts/email/mailbox.ts'
import type { Network } from '../net/network.ts'
import type { MonitorSetup } from './monitor-setup.ts'

export type Inboxes = {
  /** Channels whose mailbox is read. */
  channels: readonly string[]
  /** Where the mail with this word is: read once, kept in mind. */
  find(channel: string, nonce: string): Promise<'inbox' | 'spam' | null>
  close(): Promise<void>
}

type Open = { channel: string; box: Mailbox; subjects: { subject: string; spam: boolean }[] }

export const openInboxes = async (
  setup: MonitorSetup,
  wanted: readonly string[],
  say: (line: string) => void,
): Promise<Inboxes> => {
  const { config, section, channels } = setup
  const nets: Network[] = []
  const open: Open[] = []
  for (const [at, alert] of section.alerts.entries()) {
    const channel = channels[at]!.name
    if (alert.inbox === undefined || !wanted.includes(channel)) continue
    const inbox = config.email?.inboxes?.[alert.inbox]
    if (!inbox)
      throw new UsageError(`monitor.alerts "${channel}": there is no mailbox "${alert.inbox}" in email.inboxes.`)
    const address = inbox.imap ?? inbox.mailpit ?? inbox.mailhog ?? ''
    const net = setup.connect({ ownHosts: URL.canParse(address) ? [new URL(address).hostname] : [] })
    nets.push(net)
    const opened = await openMailbox(alert.inbox, inbox, net)
    if (opened.ok) open.push({ channel, box: opened.value, subjects: [] })
    else say(`${channel}: its mailbox cannot be read: ${opened.message}`)
  }
  return {
    channels: open.map(({ channel }) => channel),
    async find(channel, nonce) {
      const own = open.find(item => item.channel === channel)
      if (!own) return null
      const fresh = await own.box.fresh(true)
      if (fresh.ok) own.subjects.push(...fresh.value.map(({ subject, spam }) => ({ subject, spam })))
      const mail = own.subjects.find(({ subject }) => subject.includes(nonce))
      return mail ? (mail.spam ? 'spam' : 'inbox') : null
    },
    async close() {
      for (const { box } of open) await box.close().catch(() => {})
      for (const net of nets) await net.close()
    },
  }
}
