// The client side of TLS: Node's roots and the user's own, and what a verifying client thinks of a chain, without stopping at it.

import { isIP, type Socket } from 'node:net'
import tls, { type SecureContext, type TLSSocket } from 'node:tls'
import type { Clock } from '../core/clock.ts'
import { type Fact, missing, observed } from '../core/fact.ts'
import { endpointCause } from './endpoint-cause.ts'
import { interrupted, type Life } from './life.ts'

/** A secure context with the extra roots, made once (the default roots take long to parse); undefined when there are none: Node's own. */
export const createRoots = (ca: readonly string[]): (() => SecureContext | undefined) => {
  let made: SecureContext | undefined
  return () => {
    if (ca.length === 0) return undefined
    made ??= tls.createSecureContext({ ca: [...(tls.getCACertificates?.('default') ?? tls.rootCertificates), ...ca] })
    return made
  }
}

export type TlsRequest = {
  socket: Socket
  /** Name (or address) that the certificate must be for. */
  host: string
  secureContext: SecureContext | undefined
  alpn: string[]
  session?: Buffer
  timeoutMs: number
  life: Life
  clock: Clock
  /** How messages name the server. */
  where: string
}

/** Node's error code for a chain that does not verify (`CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`), null when it does. */
export const authorizationErrorOf = (socket: TLSSocket): string | null => {
  if (socket.authorized) return null
  const error = socket.authorizationError as unknown
  if (error instanceof Error) return (error as NodeJS.ErrnoException).code ?? error.message
  return typeof error === 'string' && error ? error : 'UNABLE_TO_VERIFY'
}

/** A TLS handshake over an open socket. Any certificate is accepted: read `authorized`. Missing: tls-handshake, timeout. */
export const startTls = (request: TlsRequest): Promise<Fact<{ socket: TLSSocket; tlsMs: number }>> =>
  new Promise(resolve => {
    const started = request.clock.attended()
    const socket = tls.connect({
      socket: request.socket,
      host: request.host,
      // RFC 6066 §3: an address is no server name.
      servername: isIP(request.host) ? '' : request.host,
      secureContext: request.secureContext,
      ALPNProtocols: request.alpn,
      session: request.session,
      rejectUnauthorized: false,
    })
    let settled = false
    const settle = (result: Fact<{ socket: TLSSocket; tlsMs: number }>) => {
      if (settled) return
      settled = true
      noDeadline()
      offLife()
      if (!result.ok) socket.destroy()
      resolve(result)
    }
    const noDeadline = request.clock.after(request.timeoutMs, () =>
      settle(missing('timeout', `${request.where} does not complete the TLS handshake`)),
    )
    const offLife = request.life.onEnd(() => queueMicrotask(() => settle(interrupted())))
    const failed = (text: string) =>
      settle(missing('tls-handshake', text, { cause: endpointCause(request.where, text) }))
    // Stays on for the socket's life: an error after the handshake is for whoever uses the socket, and must not end the process.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      failed(`the TLS handshake with ${request.where} failed (${error.code ?? error.message})`),
    )
    socket.on('close', () => failed(`${request.where} closed the connection during the TLS handshake`))
    socket.on('secureConnect', () => settle(observed({ socket, tlsMs: request.clock.attended() - started }, '')))
  })
