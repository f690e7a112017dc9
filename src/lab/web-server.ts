// The lab's web servers: hosts with their routes, headers and faults, over HTTP/1.1 and HTTP/2, plain and with TLS.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import { extname, resolve } from 'node:path'
import type { SecureContextOptions, Server as TlsServer } from 'node:tls'
import { brotliCompressSync, constants, createGzip, gzipSync } from 'node:zlib'
import { makeCertificate } from './certificates.ts'
import { type Relays, relayedBy, resetClient } from './front.ts'
import type { LabLog } from './log.ts'
import type { AnswerSpec, CertificateSpec, HostSpec, TlsSpec } from './world.ts'

type HeaderChange = { path: string; name: string; value: string | null }
type AddedRedirect = { scheme: 'http' | 'https'; path: string; to: string; status: number; tree: boolean }

/** A host as it is now; `spec` may be changed while it is served. */
export type HostState = {
  name: string
  spec: HostSpec
  addresses: string[]
  headerChanges: HeaderChange[]
  redirects: AddedRedirect[]
  requests: Map<string, number>
  /** Loopback port of the TLS server behind the front; `renew` takes up a changed certificate or TLS settings. */
  tls?: { port: number; renew(): void; close(): Promise<void> }
}

export type WebContext = {
  hosts: HostState[]
  directory: string
  relays: Relays
  rtt: number
  log: LabLog
  now: Date
  authority: string
}

type Request = IncomingMessage | Http2ServerRequest
type Response = ServerResponse | Http2ServerResponse

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

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

const matches = (answer: AnswerSpec, request: Request, url: URL): boolean => {
  const { headers = {}, without = [], cookie, query = {} } = answer.when ?? {}
  const value = (name: string): string => String(request.headers[name.toLowerCase()] ?? '')
  return (
    Object.entries(headers).every(([name, text]) => value(name).toLowerCase().includes(text.toLowerCase())) &&
    without.every(name => request.headers[name.toLowerCase()] === undefined) &&
    (cookie === undefined ||
      value('cookie')
        .split(/;\s*/)
        .some(pair => pair.startsWith(`${cookie}=`))) &&
    Object.entries(query).every(([name, text]) => url.searchParams.get(name) === text)
  )
}

/** Key of the route that serves a path, and its answer. */
const findAnswer = (host: HostState, request: Request, url: URL): { key: string; answer: AnswerSpec } => {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
  const { routes } = host.spec
  const prefixes = Object.keys(routes)
    .filter(key => key.endsWith('*'))
    .sort((a, b) => b.length - a.length)
  const prefix = (start: string): string =>
    prefixes.find(key => key.startsWith(`${start}/`) && `${start}${url.pathname}`.startsWith(key.slice(0, -1))) ?? ''
  const isRead = method === 'GET'
  // A route without a method is read with GET and HEAD alone.
  const keys = [`${method} ${url.pathname}`, isRead ? url.pathname : '', prefix(`${method} `), isRead ? prefix('') : '']
  for (const key of keys) {
    const found = routes[key]
    const answer = found === undefined ? undefined : [found].flat().find(candidate => matches(candidate, request, url))
    if (answer) return { key, answer }
  }
  const isKnown = Object.keys(routes).some(key => key === url.pathname || key.endsWith(` ${url.pathname}`))
  if (!isRead && isKnown) return { key: 'method', answer: { status: 405, body: 'method not allowed\n' } }
  return {
    key: 'fallback',
    answer: host.spec.fallback ?? {
      status: 404,
      body: '<!doctype html><html lang="en"><title>Not found</title><h1>Not found</h1></html>\n',
    },
  }
}

const redirectAnswer = (to: string, status: number): AnswerSpec => ({ status, redirect: to })

const answerFor = (
  host: HostState,
  scheme: 'http' | 'https',
  request: Request,
  url: URL,
): { key: string; answer: AnswerSpec; isRedirectOnly: boolean } => {
  const tail = `${url.pathname}${url.search}`
  for (const rule of host.redirects) {
    if (rule.scheme !== scheme) continue
    const base = rule.path.replace(/\/$/, '')
    if (rule.tree ? url.pathname === rule.path || url.pathname.startsWith(`${base}/`) : url.pathname === rule.path) {
      const to = rule.tree ? `${rule.to.replace(/\/$/, '')}${tail.slice(base.length) || '/'}` : rule.to
      return { key: 'redirect', answer: redirectAnswer(to, rule.status), isRedirectOnly: scheme === 'http' }
    }
  }
  if (scheme === 'http' && host.spec.http === 'redirect') {
    return { key: 'redirect', answer: redirectAnswer(`https://${host.name}${tail}`, 301), isRedirectOnly: true }
  }
  if (scheme === 'http' && typeof host.spec.http === 'object')
    return { key: 'http', answer: host.spec.http, isRedirectOnly: true }
  const moved = host.spec.redirect
  if (moved) {
    return {
      key: 'redirect',
      answer: redirectAnswer(moved.keep ? `${moved.to.replace(/\/$/, '')}${tail}` : moved.to, moved.status),
      isRedirectOnly: false,
    }
  }
  return { ...findAnswer(host, request, url), isRedirectOnly: false }
}

/** `{{now+180d}}` in a body stands for that instant, ISO 8601. */
const withDates = (text: string, now: Date): string =>
  text.replace(/\{\{now([+-]\d+)d\}\}/g, (_, days) =>
    new Date(now.getTime() + Number(days) * 86_400_000).toISOString().replace(/\.\d+/, ''),
  )

const bodyOf = (
  answer: AnswerSpec,
  { directory, now }: Pick<WebContext, 'directory' | 'now'>,
): { body: Buffer; type: string } => {
  if (answer.json !== undefined)
    return { body: Buffer.from(`${JSON.stringify(answer.json)}\n`), type: 'application/json' }
  if (answer.file !== undefined) {
    return {
      body: readFileSync(resolve(directory, answer.file)),
      type: types[extname(answer.file)] ?? 'application/octet-stream',
    }
  }
  const text = withDates(answer.body ?? '', now)
  return { body: Buffer.from(text), type: text.trimStart().startsWith('<') ? types['.html']! : types['.txt']! }
}

/** What a body is written to. */
type Sink = Pick<ServerResponse, 'destroyed' | 'once' | 'end'> & { write(chunk: Buffer): boolean }

const streamBytes = (response: Sink, count: number): void => {
  const chunk = Buffer.alloc(65_536, 'x')
  let left = count
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const part = chunk.subarray(0, Math.min(left, chunk.length))
      left -= part.length
      if (!response.write(part)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
}

const drip = (response: Sink, body: Buffer, every: number): void => {
  let at = 0
  const timer = setInterval(() => {
    if (response.destroyed || at >= body.length) {
      clearInterval(timer)
      response.end()
      return
    }
    response.write(body.subarray(at, ++at))
  }, every)
  timer.unref()
}

/** Sends header fields without end on the bare connection. */
const endlessHeaders = (request: Request): void => {
  const socket = request.socket
  socket.write('HTTP/1.1 200 OK\r\n')
  let count = 0
  const timer = setInterval(() => {
    if (socket.destroyed) return clearInterval(timer)
    socket.write(Array.from({ length: 50 }, () => `x-filler-${count++}: ${'y'.repeat(400)}\r\n`).join(''))
  }, 2)
  timer.unref()
}

/** A body of so many bytes; a bomb is small on the wire and large when unpacked. */
const sendBytes = (count: number, isBomb: boolean, isHead: boolean, response: Response): void => {
  response.setHeader(
    ...((isBomb ? ['content-encoding', 'gzip'] : ['content-length', String(count)]) as [string, string]),
  )
  if (isHead) response.end()
  else if (isBomb) {
    const gzip = createGzip()
    gzip.on('error', () => {}).pipe(response as ServerResponse)
    response.on('close', () => gzip.destroy())
    streamBytes(gzip as unknown as Sink, count)
  } else streamBytes(response as Sink, count)
}

const send = (
  context: WebContext,
  host: HostState,
  scheme: 'http' | 'https',
  request: Request,
  response: Response,
  url: URL,
  nth: number,
): void => {
  const { answer, isRedirectOnly } = answerFor(host, scheme, request, url)
  const { body, type } = bodyOf(answer, context)
  const status = answer.statuses?.[nth % answer.statuses.length] ?? answer.status ?? (answer.redirect ? 302 : 200)

  const fields = new Map<string, string | string[]>()
  const put = (given: Record<string, string | string[]>): void => {
    for (const [name, value] of Object.entries(given)) {
      if (Array.isArray(value) && value.length === 0) fields.delete(name.toLowerCase())
      else fields.set(name.toLowerCase(), value)
    }
  }
  if (body.length > 0) put({ 'content-type': type })
  const codings = answer.compress ?? host.spec.compress
  if (codings.length > 0 && body.length > 0) put({ vary: 'accept-encoding' })
  const useEtag = (answer.etag ?? host.spec.etag) && status === 200 && body.length > 0
  const etag = `"${createHash('sha1').update(body).digest('hex').slice(0, 16)}"`
  if (useEtag) put({ etag })
  // A bare redirect from port 80 is the platform's own answer: the application's headers are not on it.
  if (!isRedirectOnly) put(host.spec.headers)
  if (answer.type) put({ 'content-type': answer.type })
  if (answer.redirect) put({ location: answer.redirect.replace('$path', `${url.pathname}${url.search}`) })
  put(answer.headers ?? {})
  for (const change of host.headerChanges) {
    if (!url.pathname.startsWith(change.path)) continue
    if (change.value === null) fields.delete(change.name)
    else if (scheme === 'https' || host.spec.http === 'serve') fields.set(change.name, change.value)
  }

  const isHead = request.method === 'HEAD'
  const isFresh =
    useEtag &&
    String(request.headers['if-none-match'] ?? '')
      .split(/,\s*/)
      .includes(etag)
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const coding = body.length > 0 ? codings.find(name => accepted.includes(name)) : undefined
  const payload =
    coding === 'br'
      ? brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : coding === 'gzip'
        ? gzipSync(body)
        : body
  if (coding) fields.set('content-encoding', coding)
  response.statusCode = isFresh ? 304 : status
  for (const [name, value] of fields) response.setHeader(name, value)
  if (answer.bytes !== undefined) sendBytes(answer.bytes, answer.bomb ?? false, isHead, response)
  else if (answer.behaviour === 'endless-body' && !isHead) streamBytes(response as Sink, Number.POSITIVE_INFINITY)
  else if (isFresh || status === 204 || status === 304) response.end()
  else {
    response.setHeader('content-length', String(payload.length))
    if (isHead) response.end()
    else if (answer.drip !== undefined) drip(response as Sink, payload, answer.drip)
    else (response as Sink).end(payload)
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
      later(answer.delays?.[nth % answer.delays.length] ?? answer.delay ?? 0, () => {
        if (!response.destroyed) send(context, host, scheme, request, response, url, nth)
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
  const protocols = host.spec.tls.alpn ?? ['http/1.1']
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
