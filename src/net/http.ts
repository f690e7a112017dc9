// HTTP/1.1 through undici over connections that we dial ourselves, so that DNS, TCP and TLS are timed apart. Redirects are
// followed by us, each kept as a hop. Everything that arrives is bounded in size, count and time.

import type { Socket } from 'node:net'
import { checkServerIdentity, type SecureContext, type TLSSocket } from 'node:tls'
import type { Dispatcher, Client as UndiciClient } from 'undici'
// The client alone: undici's index would load fetch, caches and web sockets at every start.
import ClientClass from 'undici/lib/dispatcher/client.js'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { hostPort, normalHost } from './connect-to.ts'
import { cookieHeader, keepCookie } from './cookies.ts'
import { type Dialler, isPrivateRefusal } from './dial.ts'
import { endpointCause } from './endpoint-cause.ts'
import { acceptEncoding, bodyText, decodeBody } from './http-body.ts'
import { interrupted, type Life } from './life.ts'
import { createKeyedLimiter, type Limiter } from './limits.ts'
import {
  type HttpExchange,
  type HttpHop,
  type HttpRequest,
  headerOf,
  headersOf,
  type NetworkOptions,
  type Timing,
} from './network.ts'
import type { Silence } from './silence.ts'
import { authorizationErrorOf, startTls } from './tls-client.ts'

export type HttpContext = {
  options: Pick<NetworkOptions, 'timeoutMs' | 'userAgent'>
  life: Life
  slots: Limiter
  silence: Silence
  dial: Dialler
  secureContext(): SecureContext | undefined
}

/** One request as it goes out: no redirects, bytes for a body. */
type RawRequest = {
  url: URL
  method: string
  headers: Record<string, string>
  body: string | Uint8Array | null
  address: string | undefined
  maxBytes: number
  /** The bound for an answer that is a redirect which we follow. */
  redirectBytes: number
  strict: boolean
  fresh: boolean
  background: boolean
  /** Milliseconds for connecting, and then for TLS, request and answer. */
  timeoutMs: number
}

type RawAnswer = Omit<HttpHop, 'body' | 'decodedBytes'> & { bytes: Buffer }

type Connection = {
  client: Client
  address: string
  tls: HttpHop['tls']
  /** Phases of the first request on this connection; null afterwards. */
  phases: { dns: number | null; tcp: number; tls: number | null } | null
  idleTimer?: NodeJS.Timeout
}

export type Http = {
  exchange(request: HttpRequest): Promise<Fact<HttpExchange>>
  /** One request without redirects, its body as decoded bytes, the certificate verified: for DNS over HTTPS. */
  post(
    url: string,
    body: Uint8Array,
    headers: Record<string, string>,
    timeoutMs: number,
  ): Promise<Fact<{ status: number; bytes: Buffer }>>
  close(): void
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100
const redirectStatuses = new Set([301, 302, 303, 307, 308])
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Headers that may go to another origin; the caller's others may hold a secret of the first. */
const portableHeaders = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent', 'cache-control', 'dnt'])

/** A header's bytes as text: UTF-8 where they are, else latin1. */
const headerText = (raw: Buffer | string): string => {
  const bytes = typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw
  const text = bytes.toString('utf8')
  return text.includes('�') ? bytes.toString('latin1') : text
}

/** Text from outside as part of a message: printable, and short. */
const quote = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)

const Client = ClientClass
type Client = UndiciClient

export const createHttp = (context: HttpContext): Http => {
  const { options, life, silence } = context
  const perHost = createKeyedLimiter(limits.connectionsPerHost)
  const perShared = createKeyedLimiter(limits.pipelinedRequests)
  const idle = new Map<string, Connection[]>()
  /** Requests that would take a connection that comes free while their own is being opened, by origin. */
  const waiting = new Map<string, ((connection: Connection) => void)[]>()
  /** Connections that background requests share, by origin; `null` where a server does not take several requests at once. */
  const shared = new Map<string, Promise<Fact<Connection & { startedAt: number }>> | null>()
  const clients = new Set<Client>()
  const sessions = new Map<string, Buffer>()

  const discard = (connection: Connection) => {
    clearTimeout(connection.idleTimer)
    clients.delete(connection.client)
    // Never from inside undici's callback: it would resume a client that is already destroyed, and throw where nobody catches.
    queueMicrotask(() => connection.client.destroy(null, () => {}))
  }

  const takeIdle = (key: string): Connection | undefined => {
    const connection = idle.get(key)?.pop()
    clearTimeout(connection?.idleTimer)
    return connection
  }

  const giveBack = (key: string, connection: Connection) => {
    connection.phases = null
    const next = waiting.get(key)?.shift()
    if (next) {
      next(connection)
      return
    }
    const others = idle.get(key) ?? []
    others.push(connection)
    idle.set(key, others)
    connection.idleTimer = setTimeout(() => {
      const at = others.indexOf(connection)
      if (at >= 0) others.splice(at, 1)
      discard(connection)
    }, limits.idleConnectionMs)
    connection.idleTimer.unref()
  }

  /** Dials, secures, and hands the socket to an undici client of its own. */
  const open = async (
    request: RawRequest,
    silenceKey: string,
    where: string,
  ): Promise<Fact<Connection & { startedAt: number }>> => {
    const { url } = request
    const secure = url.protocol === 'https:'
    const host = normalHost(url.hostname)
    const port = Number(url.port) || (secure ? 443 : 80)
    const dialled = await context.dial({ host, port, address: request.address, timeoutMs: request.timeoutMs })
    if (!dialled.ok) return dialled
    const { address, dnsMs, tcpMs } = dialled.value
    let socket: Socket | TLSSocket = dialled.value.socket
    const startedAt = performance.now()
    let tlsSeen: HttpHop['tls'] = null
    let tlsMs: number | null = null
    if (secure) {
      const sessionKey = `${host}:${port} ${address}`
      // Whoever else finds this origin silent ends our handshake too.
      let foundDead: Missing | undefined
      const unwatch = silence.watch(silenceKey, why => {
        foundDead = why
        socket.destroy()
      })
      const secured = await context.slots(() =>
        startTls({
          socket,
          host,
          secureContext: context.secureContext(),
          alpn: ['http/1.1'],
          session: request.fresh ? undefined : sessions.get(sessionKey),
          timeoutMs: request.timeoutMs,
          life,
          where,
        }),
      )
      unwatch()
      if (!secured.ok) return foundDead ?? secured
      const tlsSocket = secured.value.socket
      socket = tlsSocket
      tlsMs = secured.value.tlsMs
      tlsSeen = {
        version: tlsSocket.getProtocol() ?? 'unknown',
        authorized: tlsSocket.authorized,
        error: authorizationErrorOf(tlsSocket),
        alpn: tlsSocket.alpnProtocol || null,
        covers: checkServerIdentity(host, tlsSocket.getPeerCertificate()) === undefined,
      }
      // Node checks no name on a resumed session: only what was verified once may be resumed.
      if (tlsSocket.authorized) tlsSocket.on('session', session => sessions.set(sessionKey, session))
      if (request.strict && !tlsSocket.authorized) {
        tlsSocket.destroy()
        return missing('tls-handshake', `the certificate of ${where} does not verify (${tlsSeen.error})`)
      }
    }
    let used = false
    const client = new Client(url.origin, {
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
    clients.add(client)
    return observed({ client, address, tls: tlsSeen, phases: { dns: dnsMs, tcp: tcpMs, tls: tlsMs }, startedAt }, '')
  }

  /**
   * A connection of one's own, or one that comes free while it is being opened, as browsers do; the other one is kept for
   * the next request. `freed` says which it is.
   */
  const openOrFreed = async (
    request: RawRequest,
    key: string,
    silenceKey: string,
    where: string,
  ): Promise<Fact<{ connection: Connection; since: number; freed: boolean }>> => {
    const opening = open(request, silenceKey, where)
    const queue = waiting.get(key) ?? []
    waiting.set(key, queue)
    let take: (connection: Connection) => void = () => {}
    const freed = new Promise<Connection>(resolve => {
      take = resolve
    })
    // Whoever needs a connection of its own, or a verified one, takes nobody else's.
    if (!request.fresh && !request.strict) queue.push(take)
    const first = await Promise.race([opening, freed])
    if ('client' in first) {
      void opening.then(opened => opened.ok && giveBack(key, opened.value))
      return observed({ connection: first, since: performance.now(), freed: true }, '')
    }
    const at = queue.indexOf(take)
    if (at >= 0) queue.splice(at, 1)
    // Handed over in the same moment: it goes on to the next.
    else if (!request.fresh && !request.strict) giveBack(key, await freed)
    return first.ok ? observed({ connection: first.value, since: first.value.startedAt, freed: false }, '') : first
  }

  const failureOf = (error: Error & { code?: string }, where: string): Missing => {
    const code = error.code ?? error.name
    if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW')
      return missing('too-large', `${where} sends more than ${limits.headerBytes / 1024} kB of headers`)
    if (code.startsWith('HPE_') || code.startsWith('UND_ERR_RES') || error.name === 'HTTPParserError')
      return missing('malformed', `${where} does not answer in HTTP (${code})`)
    if (code === 'UND_ERR_INVALID_ARG')
      return missing('malformed', `the request to ${where} cannot be sent: ${error.message}`)
    return missing('unreachable', `${where} closed the connection before it had answered (${code})`)
  }

  /** One request on an open connection. `answered` says whether anything came, for retries. */
  const send = (
    request: RawRequest,
    connection: Connection,
    where: string,
    silenceKey: string,
    timeoutMs: number,
    since: number,
  ): Promise<{ result: Fact<RawAnswer>; answered: boolean; reusable: boolean }> =>
    new Promise(resolve => {
      const sentAt = performance.now()
      let status = 0
      let headers: [string, string][] = []
      let firstByteAt: number | null = null
      const chunks: Buffer[] = []
      let received = 0
      let bound = request.maxBytes
      let settled = false
      const settle = (result: Fact<RawAnswer>, reusable: boolean) => {
        if (settled) return
        settled = true
        clearTimeout(timer)
        offLife()
        unwatch()
        if (!reusable) discard(connection)
        resolve({ result, answered: firstByteAt !== null, reusable })
      }
      const finish = (truncated: boolean, reusable: boolean) => {
        const endedAt = performance.now()
        const phases = connection.phases
        const firstByte = (firstByteAt ?? endedAt) - sentAt
        const download = endedAt - (firstByteAt ?? endedAt)
        const timing: Timing = {
          dns: phases?.dns == null ? null : rounded(phases.dns),
          tcp: phases ? rounded(phases.tcp) : null,
          tls: phases?.tls == null ? null : rounded(phases.tls),
          firstByte: rounded(firstByte),
          download: rounded(download),
          // The phases alone: waiting for a slot of ours is not the server's time.
          total: rounded((phases?.dns ?? 0) + (phases?.tcp ?? 0) + (phases?.tls ?? 0) + firstByte + download),
        }
        settle(
          observed<RawAnswer>(
            {
              url: request.url.href,
              method: request.method,
              status,
              httpVersion: '1.1',
              headers,
              bytes: Buffer.concat(chunks),
              encodedBytes: received,
              truncated,
              address: connection.address,
              tls: connection.tls,
              timing,
            },
            '',
          ),
          reusable,
        )
      }
      const timer = setTimeout(
        () => {
          if (firstByteAt !== null) {
            settle(missing('timeout', `${where} does not finish its answer within ${timeoutMs / 1000} s`), false)
            return
          }
          const text = `${where} accepts connections and does not answer`
          const why = missing('timeout', text, { cause: endpointCause(where, text) })
          if (performance.now() - since >= options.timeoutMs * 0.9) silence.silent(silenceKey, since, why)
          settle(why, false)
        },
        Math.max(1, timeoutMs - (performance.now() - since)),
      )
      const offLife = life.onEnd(() => queueMicrotask(() => settle(interrupted(), false)))
      const unwatch = silence.watch(silenceKey, why => {
        if (firstByteAt === null) settle(why, false)
      })
      const readHeaders = (
        raw: Dispatcher.DispatchController['rawHeaders'],
        parsed: Record<string, string | string[] | undefined>,
      ) => {
        const list: [string, string][] = []
        if (Array.isArray(raw)) {
          for (let at = 0; at + 1 < raw.length; at += 2)
            list.push([headerText(raw[at]!).toLowerCase(), headerText(raw[at + 1]!)])
        } else {
          for (const [name, value] of Object.entries(parsed))
            for (const each of Array.isArray(value) ? value : [value ?? '']) list.push([name.toLowerCase(), each])
        }
        return list
      }
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(given, statusCode, parsed) {
          if (settled || statusCode < 200) return
          firstByteAt ??= performance.now()
          silence.heard(silenceKey)
          status = statusCode
          headers = readHeaders(given.rawHeaders, parsed)
          if (headers.length > limits.headerCount)
            settle(missing('too-large', `${where} sends ${headers.length} header lines`), false)
          if (redirectStatuses.has(status) && headers.some(([name]) => name === 'location'))
            bound = request.redirectBytes
        },
        onResponseData(_, chunk) {
          if (settled) return
          const room = bound - received
          chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
          received += Math.min(chunk.length, room)
          if (chunk.length > room) finish(true, false)
        },
        onResponseEnd() {
          finish(false, true)
        },
        onResponseError(_, error) {
          settle(failureOf(error, where), false)
        },
      }
      try {
        connection.client.dispatch(
          {
            path: `${request.url.pathname}${request.url.search}`,
            method: request.method as Dispatcher.HttpMethod,
            headers: request.headers,
            body: request.body,
            // undici sends nothing behind a request that may take long, unless it is told that this one does not.
            ...(request.background ? { blocking: false, idempotent: true } : {}),
          },
          handler,
        )
      } catch (error) {
        settle(failureOf(error as Error, where), false)
      }
    })

  /**
   * One request among others on the origin's shared connection. Null where that failed without an answer: the server may not
   * take several requests at once, so this and all later ones go one by one.
   */
  const onSharedConnection = async (
    request: RawRequest,
    key: string,
    silenceKey: string,
    where: string,
  ): Promise<Fact<RawAnswer> | null> => {
    if (life.over) return interrupted()
    const dead = silence.verdict(silenceKey)
    if (dead) return dead
    let opening = shared.get(key)
    if (opening === null) return null
    if (!opening) {
      opening = open(request, silenceKey, where)
      shared.set(key, opening)
    }
    const opened = await opening
    if (!opened.ok || shared.get(key) !== opening) return null
    const { result, answered, reusable } = await context.slots(() =>
      send(request, opened.value, where, silenceKey, request.timeoutMs, performance.now()),
    )
    if (reusable) {
      opened.value.phases = null
      return result
    }
    // `send` has closed the connection: what was under way on it beside this goes on its own.
    if (shared.get(key) === opening) shared.set(key, null)
    return answered || result.ok || result.reason !== 'unreachable' ? result : null
  }

  /** One request and its answer, over a kept connection where there is one. */
  const roundTrip = async (request: RawRequest): Promise<Fact<RawAnswer>> => {
    const { url } = request
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
    const where = hostPort(normalHost(url.hostname), port)
    const key = `${url.origin} ${request.address ?? ''}`
    const silenceKey = `http ${key}`
    if (request.background && !request.fresh && shared.get(key) !== null) {
      const answer = await perShared(where, () => onSharedConnection(request, key, silenceKey, where))
      if (answer) return answer
    }
    return perHost(where, async () => {
      if (life.over) return interrupted()
      for (;;) {
        const dead = silence.verdict(silenceKey)
        if (dead) return dead
        let connection = request.fresh ? undefined : takeIdle(key)
        if (connection && request.strict && connection.tls && !connection.tls.authorized) {
          discard(connection)
          connection = undefined
        }
        let reused = connection !== undefined
        let since = performance.now()
        if (!connection) {
          const opened = await openOrFreed(request, key, silenceKey, where)
          if (!opened.ok) {
            if (opened.reason === 'timeout' && !opened.cause) {
              // TCP stood, the handshake hung for the whole deadline.
              const text = `${where} accepts connections and does not answer`
              const why = missing('timeout', opened.message, { cause: endpointCause(where, text) })
              if (request.timeoutMs >= options.timeoutMs * 0.9) silence.silent(silenceKey, since, why)
              return why
            }
            return opened
          }
          connection = opened.value.connection
          since = opened.value.since
          reused = opened.value.freed
        }
        const using = connection
        const { result, answered, reusable } = await context.slots(() =>
          send(request, using, where, silenceKey, request.timeoutMs, since),
        )
        // A kept connection may have been closed by the server meanwhile: once more on a new one.
        const stale =
          !result.ok && reused && !answered && result.reason === 'unreachable' && safeMethods.has(request.method)
        if (stale && !life.over) continue
        if (reusable) giveBack(key, using)
        return result
      }
    })
  }

  /** Turns an answer into a hop: decodes and reads the body. */
  const toHop = async (
    answer: RawAnswer,
    decode: boolean,
    maxBytes: number,
    asBytes: boolean,
  ): Promise<Fact<HttpHop>> => {
    const { bytes, ...rest } = answer
    const encoding = decode ? headersOf(answer, 'content-encoding').join(',') : ''
    try {
      const decoded = await decodeBody(bytes, encoding, maxBytes, answer.truncated)
      const body = asBytes
        ? decoded.bytes.toString('latin1')
        : bodyText(decoded.bytes, headerOf(answer, 'content-type'))
      return observed(
        { ...rest, body, decodedBytes: decoded.bytes.length, truncated: answer.truncated || !decoded.whole },
        '',
      )
    } catch {
      return missing('malformed', `the body of ${answer.url} is not encoded as its header says (${quote(encoding)})`)
    }
  }

  /** Where a redirect leads, or why nowhere. */
  const nextUrl = (hop: Pick<HttpHop, 'headers' | 'url'>): { url: URL } | { shown: string; why: string } => {
    const locations = [...new Set(headersOf(hop, 'location'))]
    const location = locations[0]!
    const shown = location.slice(0, 200)
    if (locations.length > 1) return { shown, why: `${locations.length} different Location headers` }
    if (location.length > limits.locationLength) return { shown, why: `a Location of ${location.length} characters` }
    if (/[\u0000-\u001f\u007f]/.test(location)) return { shown, why: 'control characters in Location' }
    if (!URL.canParse(location, hop.url)) return { shown, why: 'Location is not a URL' }
    const url = new URL(location, hop.url)
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      return { shown, why: `Location leads to ${url.protocol}` }
    url.username = ''
    url.password = ''
    return { url }
  }

  const exchange = async (given: HttpRequest): Promise<Fact<HttpExchange>> => {
    if (life.over) return interrupted()
    if (!URL.canParse(given.url)) return missing('malformed', `${quote(given.url)} is not a URL`)
    let url = new URL(given.url)
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      return missing('unsupported', `${quote(given.url)} is not http or https`, { because: 'not a web address' })
    url.username = ''
    url.password = ''
    let method: string = given.method ?? 'GET'
    let body: RawRequest['body'] = given.body ?? null
    let headers = Object.fromEntries(
      Object.entries(given.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    )
    const follow = Math.min(given.follow ?? 0, limits.redirects)
    const maxBytes = given.maxBytes ?? limits.bodyBytes
    const decode = given.decode ?? true
    const timeoutMs = given.timeoutMs ?? options.timeoutMs
    const started = performance.now()
    const hops: HttpHop[] = []
    const visited = new Set<string>()
    const ended = (how: HttpExchange['ended'], next?: HttpExchange['next']): Fact<HttpExchange> =>
      observed(next ? { hops, ended: how, next } : { hops, ended: how }, new Date().toISOString())

    for (;;) {
      const host = normalHost(url.hostname)
      const cookie = given.cookies ? cookieHeader(given.cookies, host) : null
      const visit = `${method} ${url.href.replace(/#.*/, '')} ${cookie ?? ''}`
      if (visited.has(visit)) return ended('loop', { url: url.href, why: 'the redirects go in a circle' })
      visited.add(visit)
      // A whole chain may take two deadlines: an endless one of slow hops ends.
      const left = 2 * timeoutMs - (performance.now() - started)
      if (hops.length && left <= 0)
        return ended('next-hop-failed', {
          url: url.href,
          why: 'the redirects take too long',
          missing: { reason: 'timeout', message: 'the redirects take too long' },
        })
      const answer = await roundTrip({
        url,
        method,
        headers: {
          'user-agent': options.userAgent,
          accept: '*/*',
          ...(decode ? { 'accept-encoding': acceptEncoding } : {}),
          ...headers,
          ...(cookie ? { cookie: headers['cookie'] ? `${headers['cookie']}; ${cookie}` : cookie } : {}),
        },
        body,
        address: hops.length === 0 || host === normalHost(new URL(given.url).hostname) ? given.address : undefined,
        maxBytes,
        redirectBytes: follow > 0 ? Math.min(maxBytes, limits.redirectBodyBytes) : maxBytes,
        strict: given.verify === 'strict',
        fresh: given.fresh ?? false,
        background: (given.background ?? false) && (method === 'GET' || method === 'HEAD'),
        timeoutMs: hops.length ? Math.min(timeoutMs, left) : timeoutMs,
      })
      if (!answer.ok) {
        if (hops.length === 0 || life.over) return answer
        const { reason, message } = answer
        return ended(isPrivateRefusal(answer) ? 'private-address' : 'next-hop-failed', {
          url: url.href,
          why: message,
          missing: { reason, message },
        })
      }
      if (given.cookies) for (const line of headersOf(answer.value, 'set-cookie')) keepCookie(given.cookies, host, line)
      const redirect = redirectStatuses.has(answer.value.status) && headerOf(answer.value, 'location') !== null
      if (!redirect || follow === 0) {
        const hop = await toHop(answer.value, decode, maxBytes, given.bytes ?? false)
        if (!hop.ok) {
          if (hops.length === 0) return hop
          return ended('next-hop-failed', {
            url: url.href,
            why: hop.message,
            missing: { reason: hop.reason, message: hop.message },
          })
        }
        hops.push(hop.value)
        return ended('answer')
      }
      const { bytes: _, ...rest } = answer.value
      hops.push({ ...rest, body: '', decodedBytes: 0 })
      const next = nextUrl(answer.value)
      if ('why' in next) return ended('bad-location', { url: next.shown, why: next.why })
      if (hops.length > follow)
        return ended('too-many-redirects', { url: next.url.href, why: `more than ${follow} redirects` })
      const { status } = answer.value
      // RFC 9110 §15.4.2, §15.4.4: POST becomes GET, as every browser does.
      if ((status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST')) {
        method = 'GET'
        body = null
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')))
      }
      if (next.url.origin !== url.origin)
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => portableHeaders.has(name)))
      url = next.url
    }
  }

  const post: Http['post'] = async (url, body, headers, timeoutMs) => {
    const answer = await roundTrip({
      url: new URL(url),
      method: 'POST',
      headers: { 'user-agent': options.userAgent, ...headers },
      body,
      address: undefined,
      maxBytes: limits.dnsMessageBytes,
      redirectBytes: limits.dnsMessageBytes,
      strict: true,
      fresh: false,
      background: false,
      timeoutMs,
    })
    if (!answer.ok) return answer
    const { bytes, status, truncated } = answer.value
    if (truncated) return missing('too-large', `the answer of ${url} is longer than a DNS message`)
    return observed({ status, bytes }, '')
  }

  return {
    exchange,
    post,
    close: () => {
      for (const connections of idle.values()) for (const connection of connections) clearTimeout(connection.idleTimer)
      idle.clear()
      for (const client of clients) client.destroy(null, () => {})
      clients.clear()
    },
  }
}
