// Greets a mail server, asks what it can, tries STARTTLS and quits (RFC 5321, RFC 3207). Sends no mail.

import type { Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import { type Fact, missing, observed } from '../core/fact.ts'
import { hostPort } from './connect-to.ts'
import type { Dialler } from './dial.ts'
import { interrupted, type Life } from './life.ts'
import { createKeyedLimiter } from './limits.ts'
import type { NetworkOptions, SmtpProbe } from './network.ts'
import type { SecondLook } from './second-look.ts'
import type { Silence } from './silence.ts'
import { type Conversation, createConversation } from './smtp-conversation.ts'
import { authorizationErrorOf, startTls } from './tls-client.ts'

export type SmtpContext = {
  options: Pick<NetworkOptions, 'timeoutMs' | 'clock'>
  life: Life
  dial: Dialler
  silence: Silence
  secondLook: SecondLook
  secureContext(): SecureContext | undefined
}

export type SmtpRequest = { host: string; port?: number; address?: string; ehlo?: string }

type Greeting = Pick<SmtpProbe, 'banner' | 'extensions'>
type Secured = Pick<SmtpProbe, 'starttls' | 'tls'>

/** One conversation: who is asked, until when (monotonic milliseconds). */
type Talk = {
  request: SmtpRequest
  where: string
  socket: Socket
  plain: Conversation
  since: number
  deadlineAt: number
  isLast: boolean
}

/** Certificates of a chain that we keep: honest chains have two to four. */
const maxChain = 10
/** Milliseconds in which QUIT may still go out. */
const quitMs = 100

/** The chain as the server sent it, leaf first, DER in base64. Node links issuers; a self-issued one links to itself. */
const chainOf = (socket: TLSSocket): string[] => {
  const chain: string[] = []
  const seen = new Set<string>()
  let at: ReturnType<TLSSocket['getPeerCertificate']> | undefined = socket.getPeerCertificate(true)
  while (at?.raw && chain.length < maxChain) {
    const der = at.raw.toString('base64')
    if (seen.has(der)) break
    seen.add(der)
    chain.push(der)
    at = (at as { issuerCertificate?: typeof at }).issuerCertificate
  }
  return chain
}

const greet = async ({ plain, where, request }: Talk): Promise<Fact<Greeting>> => {
  const banner = await plain.reply()
  if (!banner.ok) return banner
  const { code, lines } = banner.value
  if (code !== 220) return missing('refused', `${where} turns us away: ${code} ${lines.join(' ').slice(0, 200)}`)
  const greeting = await plain.command(`EHLO ${request.ehlo ?? '[127.0.0.1]'}`)
  if (!greeting.ok) return greeting
  // RFC 5321 §4.1.1.1: the first line is the server's name, the others its extensions.
  const extensions = (greeting.value.code === 250 ? greeting.value.lines.slice(1) : []).map(text => {
    const [keyword = '', ...parameters] = text.trim().split(/\s+/)
    return [keyword.toUpperCase(), ...parameters].join(' ')
  })
  return observed({ banner: lines.join('\n'), extensions }, '')
}

/** Asks for STARTTLS; whether the handshake may begin. */
const askForTls = async ({ plain, socket }: Talk): Promise<Fact<'ready' | 'refused' | 'failed'>> => {
  const ready = await plain.command('STARTTLS')
  if (!ready.ok) return ready.reason === 'unreachable' ? observed('failed', '') : ready
  if (ready.value.code !== 220) {
    socket.write('QUIT\r\n')
    return observed('refused', '')
  }
  return observed(plain.pending() > 0 ? 'failed' : 'ready', '')
}

const secure = async (context: SmtpContext, talk: Talk): Promise<Fact<Secured>> => {
  const asked = await askForTls(talk)
  if (!asked.ok) return asked
  if (asked.value !== 'ready') return observed({ starttls: asked.value, tls: null }, '')
  talk.plain.release()
  const { clock } = context.options
  const secured = await startTls({
    socket: talk.socket,
    host: talk.request.host,
    secureContext: context.secureContext(),
    alpn: [],
    timeoutMs: Math.max(1, talk.deadlineAt - clock.attended()),
    life: context.life,
    clock,
    where: talk.where,
  })
  if (!secured.ok) {
    if (secured.reason === 'internal') return secured
    // A handshake that takes too long is tried again; that it never ends is a fault only where the waiting was whole.
    if (secured.reason === 'timeout') {
      if (!talk.isLast) return secured
      const told = context.silence.weigh('', talk.since, secured)
      if (told.reason !== 'timeout') return told
    }
    return observed({ starttls: 'failed', tls: null }, '')
  }
  const { socket } = secured.value
  const tls = {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    chain: chainOf(socket),
    authorized: socket.authorized,
    error: authorizationErrorOf(socket),
  }
  socket.end('QUIT\r\n')
  return observed({ starttls: 'ok', tls }, '')
}

/** How much time a probe has, and whether it is the last. */
type Patience = { timeoutMs: number; isLast: boolean }

const probe = async (
  context: SmtpContext,
  request: SmtpRequest,
  port: number,
  { timeoutMs, isLast }: Patience,
): Promise<Fact<SmtpProbe>> => {
  const { clock } = context.options
  const where = hostPort(request.host, port)
  const dialled = await context.dial({ host: request.host, port, address: request.address })
  if (!dialled.ok) return dialled
  const { socket, address } = dialled.value
  const since = clock.attended()
  const deadlineAt = since + timeoutMs
  const plain = createConversation(socket, where, deadlineAt, { life: context.life, clock })
  const talk: Talk = { request, where, socket, plain, since, deadlineAt, isLast }
  try {
    const greeting = await greet(talk)
    if (!greeting.ok) return greeting
    const seen = { ...greeting.value, address }
    const at = new Date(clock.now()).toISOString()
    if (!seen.extensions.some(each => each.split(' ')[0] === 'STARTTLS')) {
      socket.write('QUIT\r\n')
      return observed({ ...seen, starttls: 'not-offered', tls: null }, at)
    }
    const secured = await secure(context, talk)
    return secured.ok ? observed({ ...seen, ...secured.value }, at) : secured
  } finally {
    plain.release()
    // QUIT may still be on its way out; the server's answer to it does not matter.
    socket.end()
    socket.once(
      'close',
      clock.after(quitMs, () => socket.destroy()),
    )
  }
}

/** Makes the probe: one connection at a time for each server, one deadline for the connection and one for the conversation. */
export const createSmtp = (context: SmtpContext): ((request: SmtpRequest) => Promise<Fact<SmtpProbe>>) => {
  const perServer = createKeyedLimiter(1)
  return request => {
    const port = request.port ?? 25
    const where = hostPort(request.address ?? request.host, port)
    const attempt = (timeoutMs: number, isLast: boolean) =>
      perServer(where, async () =>
        context.life.over ? interrupted() : probe(context, request, port, { timeoutMs, isLast }),
      )
    return context.secondLook({ key: `smtp ${where}`, timeoutMs: context.options.timeoutMs }, attempt)
  }
}
