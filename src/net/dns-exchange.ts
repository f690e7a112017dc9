// One DNS message to one server over one transport, one deadline, no fallback.
import { randomInt } from 'node:crypto'
import { isIP } from 'node:net'
import { type Fact, missing, observed } from '../core/fact.ts'
import { encodeQuery } from '../formats/dns/wire.ts'
import { matchRule } from './connect-to.ts'
import { openStream, type Stream } from './dns-stream.ts'
import { type Arrived, type Asked, askUdp, isAnswer } from './dns-transport.ts'
import type { Question, ResolverContext, Server, Transport } from './dns-types.ts'

export type ExchangeRequest = {
  server: Server
  question: Question
  transport: Transport
  timeoutMs: number
  edns: boolean
  onCancellable: Asked['onCancellable']
}

export type Exchanges = {
  /** The answer as it came, and the milliseconds it took. */
  ask(request: ExchangeRequest): Promise<Arrived & { elapsedMs: number }>
  /** A persistent stream for DNS over TLS, a stream of its own for TCP. */
  streamTo(server: Server, transport: 'tcp' | 'tls', timeoutMs: number): Promise<Fact<Stream>>
  close(): void
}

/** Where a DNS-over-TLS resolver is: its address, a rule's, or what its name is looked up as. */
const tlsAddress = async (
  { options, bootstrap }: ResolverContext,
  given: { host: string; port: number },
  timeoutMs: number,
): Promise<Fact<{ host: string; port: number }>> => {
  const { host } = given
  if (isIP(host)) return observed({ host, port: given.port }, '')
  const named = options.connectTo.filter(each => each.host !== '')
  const rule = matchRule(named, [host], given.port)
  const port = rule?.toPort ?? given.port
  if (rule && isIP(rule.toHost)) return observed({ host: rule.toHost, port }, '')
  const found = await bootstrap(host, timeoutMs)
  return found.ok ? observed({ host: found.value[0] ?? host, port }, '') : found
}

const createStreams = (context: ResolverContext): Pick<Exchanges, 'streamTo' | 'close'> => {
  const { clock } = context.options
  /** Open TLS streams by the server's label. */
  const streams = new Map<string, Stream>()
  const openOf = (label: string): Stream | undefined => {
    const stream = streams.get(label)
    return stream?.open ? stream : undefined
  }
  return {
    async streamTo({ endpoint, label }, transport, timeoutMs) {
      if (endpoint.protocol === 'https') return missing('unsupported', `${label} is asked over HTTPS alone`)
      if (transport === 'tcp') {
        const { host, port } = endpoint
        return observed(openStream({ host, port, label, clock, tls: false }), '')
      }
      const existing = openOf(label)
      if (existing) return observed(existing, '')
      const address = await tlsAddress(context, endpoint, timeoutMs)
      if (!address.ok) return address
      const reopened = openOf(label)
      if (reopened) return observed(reopened, '')
      const servername = endpoint.protocol === 'tls' ? endpoint.servername : endpoint.host
      const secureContext = context.secureContext()
      const stream = openStream({ ...address.value, label, clock, tls: true, servername, secureContext })
      streams.set(label, stream)
      return observed(stream, '')
    },
    close() {
      for (const stream of streams.values()) stream.end()
      streams.clear()
    },
  }
}

const overHttps = async (context: ResolverContext, url: string, asked: Asked): Promise<Arrived> => {
  const posted = await context.postDns(url, asked.query, asked.timeoutMs)
  if (!posted.ok) return { ok: false, why: posted, wrongAnswers: 0 }
  const message = Buffer.from(posted.value)
  if (isAnswer(message, asked)) return { ok: true, message }
  const why = missing('malformed', `${asked.label} answers a question that was not asked`)
  return { ok: false, why, wrongAnswers: 1 }
}

export const createExchanges = (context: ResolverContext): Exchanges => {
  const { clock } = context.options
  const streams = createStreams(context)

  const overStream = async (server: Server, transport: 'tcp' | 'tls', asked: Asked): Promise<Arrived> => {
    const started = clock.attended()
    const stream = await streams.streamTo(server, transport, asked.timeoutMs)
    if (!stream.ok) return { ok: false, why: stream, wrongAnswers: 0 }
    const remaining = Math.max(1, asked.timeoutMs - (clock.attended() - started))
    const arrived = await stream.value.ask({ ...asked, timeoutMs: remaining })
    if (transport === 'tcp') stream.value.end()
    return arrived
  }
  return {
    ...streams,
    async ask({ server, question, transport, timeoutMs, edns, onCancellable }) {
      const started = clock.attended()
      const { name, type, recursionDesired, dnssec } = question
      // RFC 8484 §4.1: id 0 over HTTPS, for caches.
      const id = transport === 'https' ? 0 : randomInt(0, 65_536)
      const query = encodeQuery({ id, name, type, recursionDesired, dnssec, edns })
      const { life } = context
      const asked: Asked = { query, id, name, type, timeoutMs, life, clock, label: server.label, onCancellable }
      const { endpoint } = server
      const arrived = await (endpoint.protocol === 'https'
        ? overHttps(context, endpoint.url, asked)
        : transport === 'udp'
          ? askUdp(endpoint, asked)
          : overStream(server, transport === 'tls' ? 'tls' : 'tcp', asked))
      return { ...arrived, elapsedMs: clock.attended() - started }
    },
  }
}
