// E-mail through nodemailer, over a connection that we dial ourselves: where it may go, and by which roots it is trusted, is decided in one place.
import type { Socket } from 'node:net'
import { rootCertificates } from 'node:tls'
import { clean } from '../../core/clean.ts'
import type { Delivery, Outgoing, SendWays } from './channel.ts'

export type MailRoute = { to: readonly string[]; from: string; smtp: string }

const isLocal = (host: string): boolean => host === 'localhost' || /^127\.|^::1$/.test(host)

/** Same incident, same conversation. */
const threadOf = ({ incident }: Outgoing): string | null =>
  incident === null ? null : `<${incident}@launch-ready.invalid>`

const mailOf = ({ to, from }: MailRoute, message: Outgoing) => {
  const thread = threadOf(message)
  return {
    from,
    to: [...to],
    subject: message.title,
    text: `${message.text}\n${message.dashboard === null ? '' : `\nDashboard: ${message.dashboard}\n`}`,
    messageId: `<${message.id}@launch-ready.invalid>`,
    ...(thread === null ? {} : { references: thread, inReplyTo: thread }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(message.event === 'down' ? { Importance: 'high' } : {}),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

type Refusal = { responseCode?: number; response?: string; message: string }

/** One mail over one connection. STARTTLS is demanded wherever a password goes along. */
export const sendMail = async (route: MailRoute, message: Outgoing, ways: SendWays): Promise<Delivery> => {
  const { default: nodemailer } = await import('nodemailer')
  const url = new URL(route.smtp)
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || (secure ? 465 : url.username ? 587 : 25)
  const dialled = await ways.net.dial({ host, port })
  if (!dialled.ok) return { ok: false, answer: dialled.message }
  const socket = dialled.value.socket as Socket
  const { timeoutMs, ca } = ways.net.options
  const transport = nodemailer.createTransport({
    host,
    port,
    secure,
    connection: socket,
    requireTLS: !secure && url.username !== '' && !isLocal(host),
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    tls: { servername: host, ...(ca.length ? { ca: [...rootCertificates, ...ca] } : {}) },
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs * 4,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as never)
  try {
    const sent = (await transport.sendMail(mailOf(route, message))) as { response?: string; rejected?: unknown[] }
    return { ok: true, answer: clean(sent.response ?? 'accepted', 160) }
  } catch (error) {
    const { responseCode, response, message: said } = error as Refusal
    return {
      ok: false,
      answer: clean(response ?? said, 160),
      ...(responseCode === 552 || responseCode === 554 ? { isRefused: true as const } : {}),
    }
  } finally {
    transport.close()
    socket.destroy()
  }
}
