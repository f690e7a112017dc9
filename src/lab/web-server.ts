// The lab's web servers: hosts with their routes, headers and faults, over HTTP/1.1 and HTTP/2, plain and with TLS.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { SecureContextOptions, Server as TlsServer } from 'node:tls'
import { makeCertificate } from './certificates.ts'
import { relayedBy, resetClient } from './front.ts'
import { answerFor } from './web-answer.ts'
import { endlessHeaders } from './web-bodies.ts'
import { underLoad } from './web-load.ts'
import { send } from './web-send.ts'
import type { HostState, Request, Response, WebContext } from './web-types.ts'
import type { CertificateSpec, TlsSpec } from './world.ts'

/** OpenSSL settings for a server: weak things are allowed where the world asks for them (security level 0). */
export const secureOptions = (
  host: string,
  certificate: CertificateSpec,
  tls: TlsSpec,
  now: Date,
  authority: string,
): SecureContextOptions => {
  const { key, cert } = makeCertificate(host, certificate, now, authority)
  const isOld = tls.min === 'TLSv1' || tls.min === 'TLSv1.1'
  return {
    key,
    cert,
    minVersion: tls.min ?? (tls.max === 'TLSv1' || tls.max === 'TLSv1.1' ? tls.max : 'TLSv1.2'),
    maxVersion: tls.max ?? 'TLSv1.3',
    ciphers: `${tls.ciphers ?? (isOld || tls.max === 'TLSv1' || tls.max === 'TLSv1.1' ? 'ECDHE+AES:RSA+AES' : 'ECDHE+AESGCM:ECDHE+CHACHA20')}:@SECLEVEL=0`,
  }
}

const later = (milliseconds: number, run: () => void): void => {
  if (milliseconds <= 0) run()
  else setTimeout(run, milliseconds).unref()
}

const handler =
  (context: WebContext, scheme: 'http' | 'https', named: HostState | null) =>
  (request: Request, response: Response): void => {
    const start = performance.now() - context.rtt / 2
    const relayed = relayedBy(context.relays, request.socket)
    const authority = String(request.headers[':authority'] ?? request.headers.host ?? '')
      .replace(/:\d+$/, '')
      .toLowerCase()
    const here = context.hosts.filter(host => relayed === undefined || host.addresses.includes(relayed.address))
    const host = here.find(candidate => candidate.name === authority) ?? named ?? here[0]
    const url = URL.parse(request.url ?? '/', `${scheme}://${authority || 'unnamed.invalid'}`)
    response.on('error', () => {})
    if (!host || !url) {
      response.statusCode = host ? 400 : 421
      response.end()
      return
    }
    response.on('finish', () => {
      context.log.add({
        kind: 'http',
        to: `${scheme} ${host.name}`,
        what: `${request.method} ${url.pathname} ${response.statusCode}`,
        start,
        end: performance.now() + context.rtt / 2,
        connection: relayed?.id,
      })
    })
    const state = scheme === 'http' ? host.spec.http : host.spec.https
    const { answer, key } = answerFor(host, scheme, request, url)
    if (state === 'silent' || answer.behaviour === 'hang') return
    if (state === 'reset' || state === 'closed' || answer.behaviour === 'reset') {
      resetClient(context.relays, request.socket)
    } else if (answer.behaviour === 'endless-headers') endlessHeaders(request)
    else {
      request.resume()
      const nth = host.requests.get(key) ?? 0
      host.requests.set(key, nth + 1)
      const work = answer.delays?.[nth % answer.delays.length] ?? answer.delay ?? 0
      underLoad(host.load, { key, answer, work, later }, instead => {
        if (!response.destroyed) send({ context, host, scheme, request, url, nth, ...instead }, response)
      })
    }
  }

const portOf = async (server: { listen(port: number, host: string): unknown; address(): unknown }): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server as never, 'listening')
  return (server.address() as { port: number }).port
}

/** The plain HTTP server behind every port 80. */
export const servePlain = async (context: WebContext): Promise<{ port: number; close(): Promise<void> }> => {
  const server = createServer(
    { keepAlive: true, noDelay: true, insecureHTTPParser: false },
    handler(context, 'http', null),
  )
  const port = await portOf(server)
  return {
    port,
    close: async () => {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

/** The TLS server of one host, behind port 443 of its addresses. */
export const serveTls = async (context: WebContext, host: HostState): Promise<NonNullable<HostState['tls']>> => {
  const options = (): SecureContextOptions =>
    secureOptions(host.name, host.spec.certificate, host.spec.tls, context.now, context.authority)
  const protocols = host.spec.tls.alpn ?? ['h2', 'http/1.1']
  const answer = handler(context, 'https', host)
  const server: TlsServer = protocols.includes('h2')
    ? createSecureServer({ ...options(), allowHTTP1: protocols.includes('http/1.1') }, answer)
    : createTlsServer({ ...options(), ALPNProtocols: protocols }, answer)
  const connections = new Set<{ destroy(): void }>()
  server.on('connection', socket => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  server.on('secureConnection', socket => {
    socket.on('error', () => {})
    const relayed = relayedBy(context.relays, socket)
    if (relayed) {
      context.log.add({
        kind: 'tls',
        to: `https ${host.name}`,
        what: 'handshake',
        start: relayed.start + context.rtt,
        end: performance.now() + context.rtt / 2,
        connection: relayed.id,
      })
    }
  })
  const port = await portOf(server)
  return {
    port,
    renew: () => server.setSecureContext(options()),
    close: async () => {
      for (const socket of connections) socket.destroy()
      await new Promise(done => server.close(done))
    },
  }
}
