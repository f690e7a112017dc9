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

type Refusal = { responseCode?: number; response?: string; command?: string; recipient?: string; message: string }
type Sent = { response?: string; rejectedErrors?: readonly Refusal[] }

/** What a mail is refused for that is refused whenever it is sent: its size, or what stands in it. */
const isOfContent = ({ responseCode = 0, command }: Refusal): boolean =>
  responseCode === 552 || (responseCode >= 500 && command === 'DATA')

/** What no mail to these people, or from this sender, gets beyond. */
const isOfPeople = ({ responseCode = 0, command }: Refusal): boolean =>
  responseCode >= 500 && (command === 'RCPT TO' || command === 'MAIL FROM')

/** Taken by some: those who may take it later are named, and so are those who never will. */
const afterAll = (to: readonly string[], { response = 'accepted', rejectedErrors = [] }: Sent): Delivery => {
  const later = rejectedErrors.filter(({ responseCode = 0 }) => responseCode < 500)
  const left = later.flatMap(({ recipient }) => to.filter(address => address === recipient))
  const refusals = rejectedErrors.map(({ recipient, response: said, message }) => `; ${recipient}: ${said ?? message}`)
  const answer = clean(response + refusals.join(''), 160)
  return left.length > 0 ? { ok: false, answer, left } : { ok: true, answer }
}

/** One mail over one connection, to those of the route who have it not. STARTTLS is demanded wherever a password goes along. */
const sendMail = async (route: MailRoute, message: Outgoing, ways: SendWays): Promise<Delivery> => {
  const to = ways.left ?? route.to
  // Who was asked before is asked again.
  const left = ways.left === undefined ? {} : { left: to }
  const { default: nodemailer } = await import('nodemailer')
  const url = new URL(route.smtp)
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || (secure ? 465 : url.username ? 587 : 25)
  const dialled = await ways.net.dial({ host, port })
  if (!dialled.ok) return { ok: false, answer: dialled.message, ...left }
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
    const envelope = { from: route.from, to: [...to] }
    return afterAll(to, (await transport.sendMail({ ...mailOf(route, message), envelope })) as Sent)
  } catch (error) {
    const refusal = error as Refusal
    return {
      ok: false,
      answer: clean(refusal.response ?? refusal.message, 160),
      ...left,
      ...(isOfContent(refusal) ? { isRefused: true as const } : {}),
      ...(isOfPeople(refusal) ? { isFinal: true as const } : {}),
    }
  } finally {
    transport.close()
    socket.destroy()
  }
}

/** Sends to all of a route; what some have taken goes again to the others alone. */
export const toMail =
  (route: MailRoute): ((message: Outgoing, ways: SendWays) => Promise<Delivery>) =>
  (message, ways) =>
    sendMail(route, message, ways)
