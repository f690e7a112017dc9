// Greets a mail server, asks what it can, tries STARTTLS and quits (RFC 5321, RFC 3207). Sends no mail.

import type { Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { hostPort } from './connect-to.ts'
import type { Dialler } from './dial.ts'
import { endpointCause } from './endpoint-cause.ts'
import { interrupted, type Life } from './life.ts'
import { createKeyedLimiter } from './limits.ts'
import type { NetworkOptions, SmtpProbe } from './network.ts'
import { authorizationErrorOf, startTls } from './tls-client.ts'

export type SmtpContext = {
  options: Pick<NetworkOptions, 'timeoutMs'>
  life: Life
  dial: Dialler
  secureContext(): SecureContext | undefined
}

export type SmtpRequest = { host: string; port?: number; address?: string; ehlo?: string }

type Reply = { code: number; lines: string[] }

/** Certificates of a chain that we keep: honest chains have two to four. */
const maxChain = 10

/** Reads replies line by line from a socket, within bounds and a deadline. */
const createConversation = (socket: Socket, where: string, deadlineAt: number, life: Life) => {
  let buffered = ''
  let ended: Missing | undefined
  let wake: () => void = () => {}
  const stop = (why: Missing) => {
    ended ??= why
    wake()
  }
  const onData = (chunk: Buffer) => {
    buffered += chunk.toString('latin1')
    if (buffered.length > limits.smtpLine * limits.smtpLines) {
      stop(missing('too-large', `${where} sends more than ${limits.smtpLines} lines`))
      socket.pause()
    }
    wake()
  }
  const onClose = () => stop(missing('unreachable', `${where} closed the connection in the middle of the conversation`))
  const timer = setTimeout(
    () =>
      stop(
        missing('timeout', `${where} accepts connections and does not answer`, {
          cause: endpointCause(where, `${where} accepts connections and does not answer`),
        }),
      ),
    Math.max(1, deadlineAt - performance.now()),
  )
  const offLife = life.onEnd(() => queueMicrotask(() => stop(interrupted())))
  socket.on('data', onData)
  socket.on('close', onClose)
  socket.on('error', onClose)

  const line = async (): Promise<Fact<string>> => {
    for (;;) {
      const at = buffered.indexOf('\n')
      if (at > limits.smtpLine || (at < 0 && buffered.length > limits.smtpLine))
        return missing('too-large', `${where} sends a line of more than ${limits.smtpLine} characters`)
      if (at >= 0) {
        const text = buffered.slice(0, at).replace(/\r$/, '')
        buffered = buffered.slice(at + 1)
        return observed(text, '')
      }
      if (ended) return ended
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
  const reply = async (): Promise<Fact<Reply>> => {
    const lines: string[] = []
    for (;;) {
      const next = await line()
      if (!next.ok) return next
      const parsed = /^(\d{3})(?:([ -])(.*))?$/.exec(next.value)
      if (!parsed) return missing('malformed', `${where} does not speak SMTP`)
      lines.push(parsed[3] ?? '')
      if (parsed[2] !== '-') return observed({ code: Number(parsed[1]), lines }, '')
      if (lines.length >= limits.smtpLines)
        return missing('too-large', `${where} sends more than ${limits.smtpLines} lines`)
    }
  }
  return {
    reply,
    async command(text: string): Promise<Fact<Reply>> {
      // RFC 3207 §4.2: what arrived before its command is not part of the conversation.
      socket.write(`${text}\r\n`)
      return reply()
    },
    /** Bytes that arrived unasked: before a TLS handshake they would be an injection (CVE-2011-0411). */
    pending: () => buffered.length,
    /** Leaves the socket to somebody else. */
    release() {
      clearTimeout(timer)
      offLife()
      socket.off('data', onData)
      socket.off('close', onClose)
      socket.off('error', onClose)
    },
  }
}

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

/** Makes the probe: one connection at a time for each server, one deadline for the connection and one for the conversation. */
export const createSmtp = (context: SmtpContext): ((request: SmtpRequest) => Promise<Fact<SmtpProbe>>) => {
  const perServer = createKeyedLimiter(1)
  const probe = async (request: SmtpRequest, port: number): Promise<Fact<SmtpProbe>> => {
    const where = hostPort(request.host, port)
    const dialled = await context.dial({ host: request.host, port, address: request.address })
    if (!dialled.ok) return dialled
    const { socket, address } = dialled.value
    const deadlineAt = performance.now() + context.options.timeoutMs
    const plain = createConversation(socket, where, deadlineAt, context.life)
    try {
      const banner = await plain.reply()
      if (!banner.ok) return banner
      if (banner.value.code !== 220)
        return missing(
          'refused',
          `${where} turns us away: ${banner.value.code} ${banner.value.lines.join(' ').slice(0, 200)}`,
        )
      const greeting = await plain.command(`EHLO ${request.ehlo ?? '[127.0.0.1]'}`)
      if (!greeting.ok) return greeting
      // RFC 5321 §4.1.1.1: the first line is the server's name, the others its extensions.
      const extensions =
        greeting.value.code === 250
          ? greeting.value.lines.slice(1).map(text => {
              const [keyword = '', ...parameters] = text.trim().split(/\s+/)
              return [keyword.toUpperCase(), ...parameters].join(' ')
            })
          : []
      const seen = { banner: banner.value.lines.join('\n'), extensions, address }
      const at = new Date().toISOString()
      if (!extensions.some(each => each.split(' ')[0] === 'STARTTLS')) {
        socket.write('QUIT\r\n')
        return observed<SmtpProbe>({ ...seen, starttls: 'not-offered', tls: null }, at)
      }
      const ready = await plain.command('STARTTLS')
      if (!ready.ok)
        return ready.reason === 'unreachable'
          ? observed<SmtpProbe>({ ...seen, starttls: 'failed', tls: null }, at)
          : ready
      if (ready.value.code !== 220) {
        socket.write('QUIT\r\n')
        return observed<SmtpProbe>({ ...seen, starttls: 'refused', tls: null }, at)
      }
      if (plain.pending() > 0) return observed<SmtpProbe>({ ...seen, starttls: 'failed', tls: null }, at)
      plain.release()
      const secured = await startTls({
        socket,
        host: request.host,
        secureContext: context.secureContext(),
        alpn: [],
        timeoutMs: Math.max(1, deadlineAt - performance.now()),
        life: context.life,
        where,
      })
      if (!secured.ok) {
        if (secured.reason === 'internal') return secured
        return observed<SmtpProbe>({ ...seen, starttls: 'failed', tls: null }, at)
      }
      const tlsSocket = secured.value.socket
      const tls = {
        version: tlsSocket.getProtocol() ?? 'unknown',
        cipher: tlsSocket.getCipher().name,
        chain: chainOf(tlsSocket),
        authorized: tlsSocket.authorized,
        error: authorizationErrorOf(tlsSocket),
      }
      tlsSocket.end('QUIT\r\n')
      return observed<SmtpProbe>({ ...seen, starttls: 'ok', tls }, at)
    } finally {
      plain.release()
      // QUIT may still be on its way out; the server's answer to it does not matter.
      socket.end()
      setTimeout(() => socket.destroy(), 100).unref()
    }
  }
  return request => {
    const port = request.port ?? 25
    return perServer(hostPort(request.address ?? request.host, port), () =>
      context.life.over ? Promise.resolve(interrupted()) : probe(request, port),
    )
  }
}
