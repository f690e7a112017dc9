// Opens connections for HTTP: dialled and secured by us, so that each phase is timed, then handed to an undici client.
import type { Socket } from 'node:net'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
// The client alone: undici's index would load fetch, caches and web sockets at every start.
import Client from 'undici/lib/dispatcher/client.js'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { hostPort, matchRule, normalHost } from './connect-to.ts'
import { type HttpContext, type Opened, type Place, portOf, type RawRequest } from './http-types.ts'
import type { HttpHop } from './network.ts'
import { connectThrough, proxyFor } from './proxy.ts'
import { authorizationErrorOf, startTls } from './tls-client.ts'

/** TLS sessions that may be resumed, by endpoint. */
type Sessions = Map<string, Buffer>

type Secured = { socket: TLSSocket; tlsMs: number; tls: NonNullable<HttpHop['tls']> }

/** The TLS handshake over a dialled socket; whoever else finds this origin silent ends it too. */
const secure = async (
  context: HttpContext,
  sessions: Sessions,
  request: RawRequest,
  place: Place,
  dialled: { socket: Socket; address: string },
): Promise<Fact<Secured>> => {
  const host = normalHost(request.url.hostname)
  const sessionKey = `${host}:${portOf(request.url)} ${dialled.address}`
  let foundDead: Missing | undefined
  const unwatch = context.silence.watch(place.silenceKey, why => {
    foundDead = why
    dialled.socket.destroy()
  })
  const secured = await context.slots(() =>
    startTls({
      socket: dialled.socket,
      host,
      secureContext: context.secureContext(),
      alpn: ['http/1.1'],
      session: request.fresh ? undefined : sessions.get(sessionKey),
      timeoutMs: request.timeoutMs,
      life: context.life,
      clock: context.options.clock,
      where: place.where,
    }),
  )
  unwatch()
  if (!secured.ok) return foundDead ?? secured
  const { socket, tlsMs } = secured.value
  const tls = {
    version: socket.getProtocol() ?? 'unknown',
    authorized: socket.authorized,
    error: authorizationErrorOf(socket),
    alpn: socket.alpnProtocol || null,
    covers: checkServerIdentity(host, socket.getPeerCertificate()) === undefined,
  }
  // Node checks no name on a resumed session: only what was verified once may be resumed.
  if (socket.authorized) socket.on('session', session => sessions.set(sessionKey, session))
  return observed({ socket, tlsMs, tls }, '')
}

type Reached = { socket: Socket; address: string; dnsMs: number | null; tcpMs: number }

/** A connection through the proxy of this network, or a direct one where there is none for the URL, or --connect-to leads elsewhere. */
const dialFor = async (context: HttpContext, { url, address, timeoutMs }: RawRequest): Promise<Fact<Reached>> => {
  const { proxies, connectTo = [], clock } = context.options
  const host = normalHost(url.hostname)
  const port = portOf(url)
  const proxy = matchRule(connectTo, [host], port) ? null : proxyFor(proxies, url, port)
  if (!proxy) return context.dial({ host, port, address, timeoutMs })
  const begun = clock.attended()
  const opened = await context.slots(() =>
    connectThrough(proxy, hostPort(address ?? host, port), { after: call => clock.after(timeoutMs, call) }),
  )
  if (!opened.ok) return opened
  const socket = opened.value
  const offLife = context.life.onEnd(() => socket.destroy())
  socket.once('close', offLife)
  return observed({ socket, address: address ?? host, dnsMs: null, tcpMs: clock.attended() - begun }, '')
}

/** An undici client of one connection, which is `socket`. */
const clientOn = (socket: Socket, request: RawRequest) => {
  let used = false
  return new Client(request.url.origin, {
    connect: (_, callback) => {
      // undici expects the answer after the call, never during it.
      if (used || socket.destroyed) {
        queueMicrotask(() => callback(new Error('the connection is closed'), null))
        return
      }
      used = true
      queueMicrotask(() => callback(null, socket))
    },
    maxHeaderSize: limits.headerBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: request.background ? limits.pipelinedRequests : 1,
    allowH2: false,
  })
}

/** Dials, secures, and hands the socket to an undici client of its own. Missing: what dial and TLS give. */
export const createOpen = (context: HttpContext) => {
  const sessions: Sessions = new Map()
  return async (request: RawRequest, place: Place): Promise<Fact<Opened>> => {
    const { url } = request
    const dialled = await dialFor(context, request)
    if (!dialled.ok) return dialled
    const { address, dnsMs, tcpMs, socket } = dialled.value
    const startedAt = context.options.clock.attended()
    if (url.protocol !== 'https:') {
      const phases = { dns: dnsMs, tcp: tcpMs, tls: null }
      return observed({ client: clientOn(socket, request), address, tls: null, phases, startedAt }, '')
    }
    const secured = await secure(context, sessions, request, place, { socket, address })
    if (!secured.ok) return secured
    const { tls, tlsMs } = secured.value
    if (request.strict && !tls.authorized) {
      secured.value.socket.destroy()
      return missing('tls-handshake', `the certificate of ${place.where} does not verify (${tls.error})`)
    }
    const client = clientOn(secured.value.socket, request)
    return observed({ client, address, tls, phases: { dns: dnsMs, tcp: tcpMs, tls: tlsMs }, startedAt }, '')
  }
}
