// One request on an open connection, and its answer within the bounds.
import type { Dispatcher } from 'undici'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { endpointCause } from './endpoint-cause.ts'
import type { Connection, HttpContext, Place, RawAnswer, RawRequest } from './http-types.ts'
import { interrupted } from './life.ts'
import type { Timing } from './network.ts'

/** `answered`: something came, so that the request may not simply be sent again. `reusable`: the connection is whole. */
export type Sent = { result: Fact<RawAnswer>; answered: boolean; reusable: boolean }

/** What is known of a request under way. Instants in monotonic milliseconds. */
type Underway = {
  request: RawRequest
  connection: Connection
  place: Place
  sentAt: number
  firstByteAt: number | null
  status: number
  headers: [string, string][]
  chunks: Buffer[]
  received: number
  /** Bytes of body that are kept. */
  bound: number
}

export const redirectStatuses = new Set([301, 302, 303, 307, 308])

const rounded = (ms: number): number => Math.round(ms * 100) / 100

/** A header's bytes as text: UTF-8 where they are, else latin1. */
const headerText = (raw: Buffer | string): string => {
  const bytes = typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw
  const text = bytes.toString('utf8')
  return text.includes('�') ? bytes.toString('latin1') : text
}

const readHeaders = (
  raw: Dispatcher.DispatchController['rawHeaders'],
  parsed: Record<string, string | string[] | undefined>,
): [string, string][] => {
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

const timingOf = ({ connection: { phases }, sentAt, firstByteAt }: Underway, endedAt: number): Timing => {
  const firstByte = (firstByteAt ?? endedAt) - sentAt
  const download = endedAt - (firstByteAt ?? endedAt)
  return {
    dns: phases?.dns == null ? null : rounded(phases.dns),
    tcp: phases ? rounded(phases.tcp) : null,
    tls: phases?.tls == null ? null : rounded(phases.tls),
    firstByte: rounded(firstByte),
    download: rounded(download),
    // The phases alone: waiting for a slot of ours is not the server's time.
    total: rounded((phases?.dns ?? 0) + (phases?.tcp ?? 0) + (phases?.tls ?? 0) + firstByte + download),
  }
}

const answerOf = (underway: Underway, truncated: boolean, endedAt: number): Fact<RawAnswer> =>
  observed<RawAnswer>(
    {
      url: underway.request.url.href,
      method: underway.request.method,
      status: underway.status,
      httpVersion: '1.1',
      headers: underway.headers,
      bytes: Buffer.concat(underway.chunks),
      encodedBytes: underway.received,
      truncated,
      address: underway.connection.address,
      tls: underway.connection.tls,
      timing: timingOf(underway, endedAt),
    },
    '',
  )

/** The deadline has passed; a server that said nothing at all in it may be silent for all. */
const lateOf = (context: HttpContext, { place, request, firstByteAt }: Underway, since: number): Missing => {
  const { where, silenceKey } = place
  if (firstByteAt !== null)
    return missing('timeout', `${where} does not finish its answer within ${request.timeoutMs / 1000} s`)
  const text = `${where} accepts connections and does not answer`
  const why = missing('timeout', text, { cause: endpointCause(where, text) })
  if (request.timed) return why
  const { clock, timeoutMs } = context.options
  const waited = clock.attended() - since >= timeoutMs * 0.9
  return (waited && context.silence.silent(silenceKey, since, why, request.isLast)) || why
}

type Settle = (result: Fact<RawAnswer>, reusable: boolean) => void

/** Fills `underway` with what arrives. `settle` may be called more than once: the first call counts. */
const handlerOf = (context: HttpContext, underway: Underway, settle: Settle): Dispatcher.DispatchHandler => {
  const { clock } = context.options
  const { request, place } = underway
  let over = false
  const end: Settle = (result, reusable) => {
    over = true
    settle(result, reusable)
  }
  return {
    onRequestStart() {},
    onResponseStart(given, statusCode, parsed) {
      if (over || statusCode < 200) return
      underway.firstByteAt ??= clock.attended()
      context.silence.heard(place.silenceKey)
      underway.status = statusCode
      underway.headers = readHeaders(given.rawHeaders, parsed)
      if (underway.headers.length > limits.headerCount)
        end(missing('too-large', `${place.where} sends ${underway.headers.length} header lines`), false)
      if (redirectStatuses.has(statusCode) && underway.headers.some(([name]) => name === 'location'))
        underway.bound = request.redirectBytes
    },
    onResponseData(_, chunk) {
      if (over) return
      const room = underway.bound - underway.received
      underway.chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
      underway.received += Math.min(chunk.length, room)
      if (chunk.length > room) end(answerOf(underway, true, clock.attended()), false)
    },
    onResponseEnd() {
      if (!over) end(answerOf(underway, false, clock.attended()), true)
    },
    onResponseError(_, error) {
      end(failureOf(error, place.where), false)
    },
  }
}

const dispatch = ({ connection, request }: Underway, handler: Dispatcher.DispatchHandler): void => {
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
}

/** Sends a request; its deadline runs from `since`. A connection that is not reusable afterwards is discarded. Never rejects. */
export const sendOn = (
  context: HttpContext,
  discard: (connection: Connection) => void,
  request: RawRequest,
  connection: Connection,
  place: Place,
  since: number,
): Promise<Sent> =>
  new Promise(resolve => {
    const { clock } = context.options
    const underway: Underway = {
      request,
      connection,
      place,
      sentAt: clock.attended(),
      firstByteAt: null,
      status: 0,
      headers: [],
      chunks: [],
      received: 0,
      bound: request.maxBytes,
    }
    let settled = false
    const settle: Settle = (result, reusable) => {
      if (settled) return
      settled = true
      for (const stop of watches) stop()
      if (!reusable) discard(connection)
      resolve({ result, answered: underway.firstByteAt !== null, reusable })
    }
    const watches = [
      clock.after(Math.max(1, request.timeoutMs - (clock.attended() - since)), () =>
        settle(lateOf(context, underway, since), false),
      ),
      context.life.onEnd(() => queueMicrotask(() => settle(interrupted(), false))),
      context.silence.watch(place.silenceKey, why => {
        if (underway.firstByteAt === null && !request.timed) settle(why, false)
      }),
    ]
    try {
      dispatch(underway, handlerOf(context, underway, settle))
    } catch (error) {
      settle(failureOf(error as Error, place.where), false)
    }
  })
