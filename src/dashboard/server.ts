// Serves the dashboard: only for names that are ours, only to who knows the token where one is set, bounded in size and time. Nothing of
// it asks anywhere else.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Board, LatencyCurve } from '../monitor/board.ts'
import type { Handler } from '../monitor/http-handlers.ts'
import { dashboardAssets } from './files.ts'
import { dashboardPage, historyPart, type PageWays, rowStates, signInPage, statusPage, topPart } from './pages.ts'

export type DashboardWays = {
  host: string
  port: number
  /** Names under which it is reached, beside the host it listens at. */
  hosts: readonly string[]
  token: string | null
  title: string
  statusPage: boolean
  board: () => Promise<Board>
  curve: (monitor: string) => Promise<LatencyCurve>
  /** Heartbeats, acknowledgements, events: they prove themselves by their own tokens. */
  inner: Handler | null
  now: () => number
}

const mostBody = 65_536
const mostStreams = 100
const livePeriodMs = 2_000
/** Wrong tokens within a minute after which nobody may try for the rest of it. */
const mostWrong = 20

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Pages of one button bring their own style. */
const innerPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

const isLoopback = (name: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(name)

const hostOf = (request: IncomingMessage): string => (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()

const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > mostBody) return null
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString()
}

type Session = { name: string; value: string; secure: boolean }

/** Cookie of who signed in: derived from the token, so that a new token ends every session. */
const sessionFor = (token: string, host: string): Session => {
  const secure = !isLoopback(host)
  return {
    name: secure ? '__Host-board' : 'board',
    value: createHmac('sha256', token).update('dashboard session 1').digest('base64url'),
    secure,
  }
}

const cookieOf = (request: IncomingMessage, name: string): string =>
  (request.headers.cookie ?? '')
    .split(/;\s*/)
    .find(pair => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? ''

const isLetIn = (request: IncomingMessage, token: string | null): boolean => {
  if (token === null) return true
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return isSame(bearer, token)
  const session = sessionFor(token, hostOf(request))
  return isSame(cookieOf(request, session.name), session.value)
}

type Answer = { status: number; type: string; body: string; headers?: Record<string, string>; cache?: boolean }

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers, cache }: Answer,
): void => {
  const zips = body.length > 2048 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const bytes = zips ? gzipSync(body, { level: 4 }) : Buffer.from(body)
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': bytes.length,
    ...(zips ? { 'content-encoding': 'gzip', vary: 'accept-encoding' } : {}),
    'cache-control': cache ? 'max-age=300' : 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': policy,
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** Sends changes to every page that is open: one reading for all of them. */
const createLive = (ways: DashboardWays) => {
  const streams = new Set<ServerResponse>()
  const last = { top: '', history: '', rows: new Map<string, string>() }
  let timer: NodeJS.Timeout | null = null
  let isReading = false
  const tell = (event: string, data: unknown): void => {
    const line = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    for (const stream of streams) if (!stream.writableNeedDrain) stream.write(line)
  }
  const turn = async (isFirst: boolean): Promise<void> => {
    if (isReading) return
    isReading = true
    try {
      const board = await ways.board()
      const rows = rowStates(board)
      const changed = rows.filter(([name, state]) => last.rows.get(name) !== state)
      const isOther = rows.length !== last.rows.size || rows.some(([name]) => !last.rows.has(name))
      if (isOther && !isFirst) tell('reload', '')
      else if (changed.length && !isFirst) tell('rows', changed)
      last.rows = new Map(rows.map(([name, state]) => [name, state]))
      // The clock alone is no news.
      const bare = (text: string): string => text.replace(/<time[^>]*>[^<]*<\/time>|[\d.]+ (?:s|min|h|d)\b/g, '')
      for (const [part, text] of [
        ['top', topPart(board)],
        ['history', historyPart(board)],
      ] as const) {
        if (bare(text) !== bare(last[part]) && !isFirst) tell(part, text)
        last[part] = text
      }
      for (const stream of streams) stream.write(': ok\n\n')
    } catch {
      // The store is busy: the next turn tells.
    } finally {
      isReading = false
    }
  }
  return {
    async open(request: IncomingMessage, response: ServerResponse) {
      if (streams.size >= mostStreams)
        return send(request, response, { status: 503, type: 'text/plain', body: 'too many pages are open\n' })
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'content-security-policy': policy,
      })
      response.write('retry: 3000\n\n')
      if (streams.size === 0) await turn(true)
      streams.add(response)
      request.socket.setTimeout(0)
      response.on('close', () => {
        streams.delete(response)
        if (streams.size === 0 && timer) {
          clearInterval(timer)
          timer = null
        }
      })
      timer ??= setInterval(() => void turn(false), livePeriodMs).unref()
    },
    close() {
      if (timer) clearInterval(timer)
      for (const stream of streams) stream.end()
    },
  }
}

const tokenIn = (body: string): string => new URLSearchParams(body).get('token') ?? ''

/** How often a wrong token was tried in this minute. */
const createGuard = (now: () => number) => {
  let minute = 0
  let wrong = 0
  return {
    isShut: (): boolean => Math.floor(now() / 60_000) === minute && wrong >= mostWrong,
    note: (): void => {
      const current = Math.floor(now() / 60_000)
      wrong = current === minute ? wrong + 1 : 1
      minute = current
    },
  }
}

type Pages = {
  ways: DashboardWays
  live: ReturnType<typeof createLive>
  guard: ReturnType<typeof createGuard>
  assets: ReadonlyMap<string, { type: string; content: string }>
}

const redirectTo = (location: string, cookie?: string): Answer => ({
  status: 303,
  type: 'text/plain',
  body: '',
  headers: { location, ...(cookie ? { 'set-cookie': cookie } : {}) },
})

const signIn = ({ ways, guard }: Pages, request: IncomingMessage, body: string): Answer => {
  const look = { base: '/', title: ways.title }
  if (ways.token === null) return redirectTo('/')
  if (guard.isShut())
    return {
      status: 429,
      type: 'text/html',
      body: signInPage(look, 'Too many wrong tokens: wait a minute.'),
      headers: { 'retry-after': '60' },
    }
  if (!isSame(tokenIn(body), ways.token)) {
    guard.note()
    return { status: 401, type: 'text/html', body: signInPage(look, 'This is not the token.') }
  }
  const { name, value, secure } = sessionFor(ways.token, hostOf(request))
  return redirectTo(
    '/',
    `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000${secure ? '; Secure' : ''}`,
  )
}

const signOut = ({ ways }: Pages, request: IncomingMessage): Answer => {
  const { name, secure } = sessionFor(ways.token ?? '', hostOf(request))
  return redirectTo('/', `${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure ? '; Secure' : ''}`)
}

/** A form of another site is not ours: browsers say where it stood. */
const isCrossSite = (request: IncomingMessage): boolean => {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'cross-site'
  const origin = request.headers.origin
  return (
    origin !== undefined && origin !== 'null' && URL.canParse(origin) && new URL(origin).host !== request.headers.host
  )
}

const pageWays = ({ ways }: Pages): PageWays => ({
  base: '/',
  live: true,
  signedIn: ways.token !== null,
  title: ways.title,
  statusPage: ways.statusPage,
})

const answerTo = async (pages: Pages, request: IncomingMessage, body: string): Promise<Answer> => {
  const { ways, assets } = pages
  const url = new URL(request.url ?? '/', 'http://dashboard')
  const path = url.pathname
  const asset = assets.get(path)
  if (asset) return { status: 200, type: asset.type, body: asset.content, cache: true }
  const isPost = request.method === 'POST'
  if (path === '/status' && ways.statusPage && !isPost)
    return {
      status: 200,
      type: 'text/html',
      body: statusPage(await ways.board(), { ...pageWays(pages), title: `${ways.title}: status` }),
    }
  if (isPost && (path === '/sign-in' || path === '/sign-out'))
    return isCrossSite(request)
      ? { status: 403, type: 'text/plain', body: 'not from here\n' }
      : path === '/sign-in'
        ? signIn(pages, request, body)
        : signOut(pages, request)
  const inner = await ways.inner?.({
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    authorization: request.headers.authorization ?? null,
    body,
  })
  if (inner) return { ...inner, headers: { 'content-security-policy': innerPolicy } }
  if (!isLetIn(request, ways.token)) {
    const isPage = /\btext\/html\b/.test(request.headers.accept ?? '')
    return isPage
      ? { status: 401, type: 'text/html', body: signInPage({ base: '/', title: ways.title }, null) }
      : { status: 401, type: 'text/plain', body: 'a token is needed\n', headers: { 'www-authenticate': 'Bearer' } }
  }
  if (isPost) return { status: 405, type: 'text/plain', body: 'not here\n' }
  if (path === '/') return { status: 200, type: 'text/html', body: dashboardPage(await ways.board(), pageWays(pages)) }
  if (path === '/latency')
    return {
      status: 200,
      type: 'application/json',
      body: JSON.stringify(await ways.curve(url.searchParams.get('monitor') ?? '')),
    }
  if (path === '/board.json') return { status: 200, type: 'application/json', body: JSON.stringify(await ways.board()) }
  return { status: 404, type: 'text/plain', body: 'not here\n' }
}

/** Serves until it is closed; rejects where the address is taken. */
export const serveDashboard = async (ways: DashboardWays): Promise<{ address: string; close(): Promise<void> }> => {
  const names = new Set(
    [ways.host.includes(':') ? `[${ways.host.replace(/^\[|\]$/g, '')}]` : ways.host, ...ways.hosts].map(name =>
      name.toLowerCase(),
    ),
  )
  if (isLoopback([...names][0]!)) for (const name of ['localhost', '127.0.0.1', '[::1]']) names.add(name)
  const assets = new Map(dashboardAssets().map(({ path, type, content }) => [`/${path}`, { type, content }]))
  const pages: Pages = { ways, live: createLive(ways), guard: createGuard(ways.now), assets }
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!names.has(hostOf(request)))
      return send(request, response, { status: 421, type: 'text/plain', body: 'not here\n' })
    const body = request.method === 'POST' ? await readBody(request) : ''
    if (body === null) return send(request, response, { status: 413, type: 'text/plain', body: 'too much\n' })
    if (request.method === 'GET' && request.url === '/live' && isLetIn(request, ways.token))
      return pages.live.open(request, response)
    send(request, response, await answerTo(pages, request, body))
  }
  const server = createServer((request, response) => {
    respond(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(503)
      response.end()
    })
  })
  server.requestTimeout = 10_000
  server.headersTimeout = 10_000
  server.maxConnections = 500
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(ways.port, ways.host.replace(/^\[|\]$/g, ''), resolve)
  })
  return {
    address: `http://${[...names][0]}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        pages.live.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
