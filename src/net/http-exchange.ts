// An exchange: a request and the redirects behind it, each kept as a hop, within two deadlines.
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { normalHost } from './connect-to.ts'
import { isPrivateRefusal } from './dial.ts'
import { acceptEncoding, bodyText, decodeBody } from './http-body.ts'
import { keptBack, redirectTarget, type Step, stepAfter } from './http-redirects.ts'
import { redirectStatuses } from './http-send.ts'
import type { HttpContext, RawAnswer, RawRequest, RoundTrip } from './http-types.ts'
import { interrupted } from './life.ts'
import { type HttpExchange, type HttpHop, type HttpRequest, headerOf, headersOf } from './network.ts'

/** Text from outside as part of a message: printable, and short. */
const quote = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)

/** A request with its defaults. */
type Settled = {
  given: HttpRequest
  first: Step
  follow: number
  maxBytes: number
  decode: boolean
  timeoutMs: number
  /** Monotonic milliseconds. */
  startedAt: number
}

const firstStep = (given: HttpRequest): Step | Missing => {
  if (!URL.canParse(given.url)) return missing('malformed', `${quote(given.url)} is not a URL`)
  const url = new URL(given.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return missing('unsupported', `${quote(given.url)} is not http or https`, { because: 'not a web address' })
  url.username = ''
  url.password = ''
  const headers = Object.fromEntries(
    Object.entries(given.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return { url, method: given.method ?? 'GET', headers, body: given.body ?? null }
}

/** One step as it goes out; `timeoutMs` is what is left for it. */
const rawRequest = (
  userAgent: string,
  { given, follow, maxBytes, decode }: Settled,
  step: Step,
  cookie: string | null,
  timeoutMs: number,
): RawRequest => {
  const { url, method, headers, body } = step
  const sameHost = normalHost(url.hostname) === normalHost(new URL(given.url).hostname)
  return {
    url,
    method,
    headers: {
      'user-agent': userAgent,
      accept: '*/*',
      ...(decode ? { 'accept-encoding': acceptEncoding } : {}),
      ...headers,
      ...(cookie ? { cookie: headers['cookie'] ? `${headers['cookie']}; ${cookie}` : cookie } : {}),
    },
    body,
    address: sameHost ? given.address : undefined,
    maxBytes,
    redirectBytes: follow > 0 ? Math.min(maxBytes, limits.redirectBodyBytes) : maxBytes,
    strict: given.verify === 'strict',
    fresh: given.fresh ?? false,
    background: (given.background ?? false) && (method === 'GET' || method === 'HEAD'),
    timed: given.timed ?? false,
    timeoutMs,
    isLast: false,
  }
}

/** Turns an answer into a hop: decodes and reads the body. */
const toHop = async (answer: RawAnswer, { given, decode, maxBytes }: Settled): Promise<Fact<HttpHop>> => {
  const { bytes, ...rest } = answer
  const encoding = decode ? headersOf(answer, 'content-encoding').join(',') : ''
  try {
    const decoded = await decodeBody(bytes, encoding, maxBytes, answer.truncated)
    const body = given.bytes
      ? decoded.bytes.toString('latin1')
      : bodyText(decoded.bytes, headerOf(answer, 'content-type'))
    const truncated = answer.truncated || !decoded.whole
    return observed({ ...rest, body, decodedBytes: decoded.bytes.length, truncated }, '')
  } catch {
    return missing('malformed', `the body of ${answer.url} is not encoded as its header says (${quote(encoding)})`)
  }
}

/** What `next` says of a hop that gave no answer. */
const failedHop = (url: URL, { reason, message }: Pick<Missing, 'reason' | 'message'>): HttpExchange['next'] => ({
  url: url.href,
  why: message,
  missing: { reason, message },
})

/** What was seen so far, and how it goes on: `ended`, or the next step. */
type Progress = { hops: HttpHop[]; visited: Set<string> }

type Onward = { step: Step } | { result: Fact<HttpExchange> }

const tooSlow = { reason: 'timeout', message: 'the redirects take too long' } as const

/** Asks for one step and says how it goes on. */
const walk = async (
  context: HttpContext,
  roundTrip: RoundTrip,
  settled: Settled,
  { hops, visited }: Progress,
  step: Step,
): Promise<Onward> => {
  const { clock, userAgent } = context.options
  const { given, follow, timeoutMs, startedAt } = settled
  const { url, method } = step
  const end = (ended: HttpExchange['ended'], next?: HttpExchange['next']): Onward => ({
    result: observed({ hops, ended, ...(next ? { next } : {}) }, new Date(clock.now()).toISOString()),
  })
  const cookie = given.cookies?.headerFor(url, clock.now()) ?? null
  const visit = `${method} ${url.href.replace(/#.*/, '')} ${cookie ?? ''}`
  if (visited.has(visit)) return end('loop', { url: url.href, why: 'the redirects go in a circle' })
  visited.add(visit)
  // An endless chain of slow hops ends; one hop that needs a second look does not end it.
  const left = 2 * (1 + limits.secondLookFactor) * timeoutMs - (clock.attended() - startedAt)
  if (hops.length && left <= 0) return end('next-hop-failed', failedHop(url, tooSlow))
  const answer = await roundTrip(rawRequest(userAgent, settled, step, cookie, timeoutMs))
  if (!answer.ok) {
    if (hops.length === 0 || context.life.over) return { result: answer }
    return end(isPrivateRefusal(answer) ? 'private-address' : 'next-hop-failed', failedHop(url, answer))
  }
  const { status } = answer.value
  for (const line of headersOf(answer.value, 'set-cookie')) given.cookies?.keep(url, line, clock.now())
  if (follow === 0 || !redirectStatuses.has(status) || headerOf(answer.value, 'location') === null) {
    const hop = await toHop(answer.value, settled)
    if (!hop.ok) return hops.length === 0 ? { result: hop } : end('next-hop-failed', failedHop(url, hop))
    hops.push(hop.value)
    return end('answer')
  }
  const { bytes: _, ...rest } = answer.value
  hops.push({ ...rest, body: '', decodedBytes: 0 })
  const next = redirectTarget(answer.value)
  if ('why' in next) return end('bad-location', { url: next.shown, why: next.why })
  if (hops.length > follow)
    return end('too-many-redirects', { url: next.url.href, why: `more than ${follow} redirects` })
  const onward = stepAfter(step, status, next.url)
  const why = keptBack(settled.first, step, status, onward)
  return why === null ? { step: onward } : end('kept-back', { url: next.url.href, why })
}

/**
 * Does a request with its redirects. Missing: what the first hop gives when it has no answer (a later one ends the exchange),
 * malformed, unsupported, internal when interrupted.
 */
export const exchangeOver = async (
  context: HttpContext,
  roundTrip: RoundTrip,
  given: HttpRequest,
): Promise<Fact<HttpExchange>> => {
  if (context.life.over) return interrupted()
  const first = firstStep(given)
  if ('ok' in first) return first
  const settled: Settled = {
    given,
    first,
    follow: Math.min(given.follow ?? 0, limits.redirects),
    maxBytes: given.maxBytes ?? limits.bodyBytes,
    decode: given.decode ?? true,
    timeoutMs: given.timeoutMs ?? context.options.timeoutMs,
    startedAt: context.options.clock.attended(),
  }
  const progress: Progress = { hops: [], visited: new Set() }
  for (let step = first; ; ) {
    const onward = await walk(context, roundTrip, settled, progress, step)
    if ('result' in onward) return onward.result
    step = onward.step
  }
}
