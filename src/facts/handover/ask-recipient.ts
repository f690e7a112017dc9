// Asks a mail server whether it takes mail for an address (RCPT), and leaves before anything is sent (RFC 5321 §4.1.1.3). With --active alone.
import type { Socket } from 'node:net'
import { createLife } from '../../net/life.ts'
import { createConversation } from '../../net/smtp-conversation.ts'
import type { CollectContext } from '../definition.ts'
import type { SeenContact } from './handover-contacts.ts'

type Told = Pick<SeenContact, 'state' | 'detail'> | Record<string, never>

const unknownMailbox =
  /\b5\.1\.\d|(?:user|mailbox|recipient|address|account)\b.{0,40}(?:unknown|not exist|unavailable|not found|invalid|rejected)|no such|unknown (?:user|mailbox|recipient)/i

/** What the server says; nothing where it could not be asked. A 4xx (grey listing) tells nothing. */
export const askRecipient = async (host: string, email: string, context: CollectContext): Promise<Told> => {
  const { clock } = context.net.options
  const dialled = await context.net.dial({ host, port: 25 })
  if (!dialled.ok) return {}
  const socket = dialled.value.socket as Socket
  const life = createLife(context.signal)
  const talk = createConversation(socket, `${host}:25`, clock.attended() + context.timeoutMs, { life, clock })
  try {
    const banner = await talk.reply()
    if (!banner.ok || banner.value.code !== 220) return {}
    for (const line of ['EHLO [127.0.0.1]', 'MAIL FROM:<>']) {
      const reply = await talk.command(line)
      if (!reply.ok || reply.value.code !== 250) return {}
    }
    const answer = await talk.command(`RCPT TO:<${email.replace(/[<>\r\n]/g, '')}>`)
    if (!answer.ok) return {}
    const { code, lines } = answer.value
    const words = `${code} ${lines.join(' ')}`.slice(0, 200)
    if (code === 250 || code === 251) return { state: 'takes', detail: `${host} takes mail for it` }
    // Who is refused for where he asks from has not learnt anything of the address.
    return code >= 550 && code <= 553 && unknownMailbox.test(words)
      ? { state: 'refused', detail: `${host} refuses it: ${words}` }
      : {}
  } finally {
    talk.release()
    socket.end('QUIT\r\n')
  }
}
