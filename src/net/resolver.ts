// Our own resolver: asks the configured resolvers or one given server, over UDP, TCP, TLS and HTTPS, and says exactly what came
// back. A server that stays silent for a whole deadline is not asked again in this run.

import { randomInt } from 'node:crypto'
import { isIP } from 'node:net'
import type { SecureContext } from 'node:tls'
import { parse } from 'tldts'
import type { Cause } from '../core/cause.ts'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import {
  canonicalName,
  decodeMessage,
  encodeQuery,
  type Message,
  peekHeader,
  typeCode,
  WireError,
} from '../formats/dns/wire.ts'
import { isPrivateAddress } from './addresses.ts'
import { hostPort, leadsElsewhere, matchRule, resolverLabel, systemResolvers } from './connect-to.ts'
import { type Arrived, type Asked, askUdp, isAnswer, openStream, type Stream } from './dns-transport.ts'
import { interrupted, type Life } from './life.ts'
import { createKeyedLimiter, type Limiter } from './limits.ts'
import type {
  DnsLookup,
  DnsRecord,
  DnsReply,
  NetworkOptions,
  QueryOptions,
  Resolver,
  ResolverEndpoint,
} from './network.ts'
import type { Silence } from './silence.ts'

export type ResolverContext = {
  options: Pick<NetworkOptions, 'resolvers' | 'connectTo' | 'timeoutMs'>
  life: Life
  slots: Limiter
  silence: Silence
  /** Trusted roots for DNS over TLS. */
  secureContext(): SecureContext | undefined
  /** Posts a DNS message (RFC 8484) and returns the answer's body. */
  postDns(url: string, query: Buffer, timeoutMs: number): Promise<Fact<Uint8Array>>
  /** Addresses of a DNS-over-TLS resolver that is given by its name. */
  bootstrap(name: string, timeoutMs: number): Promise<Fact<string[]>>
  /** True when the user's own config names this address. */
  isOwn(address: string): boolean
}

type Server = {
  endpoint: ResolverEndpoint
  label: string
  /** A resolver answers for any name; an authoritative server for its zones. */
  recursive: boolean
}

type Question = { name: string; type: number; typeText: string; dnssec: boolean; recursionDesired: boolean }

const now = (): string => new Date().toISOString()

/** Names whose address or delegation a resolver could not find out in a whole deadline: what is below them will not fare better. */
const tellsOfTheWholeName = new Set(['A', 'AAAA', 'NS', 'SOA'])

export const createResolver = (context: ResolverContext): Resolver & { close(): void } => {
  const { options, life, silence } = context
  const perServer = createKeyedLimiter(limits.queriesPerServer)
  const perResolver = createKeyedLimiter(limits.queriesPerResolver)
  const withoutEdns = new Set<string>()
  const streams = new Map<string, Stream>()
  const silentNames = new Map<string, Missing>()
  const cache = new Map<string, Promise<Fact<DnsLookup>>>()
  let configured: Server[] | undefined

  const resolvers = (): Server[] => {
    configured ??= (options.resolvers.length ? options.resolvers : systemResolvers()).map(endpoint => ({
      endpoint,
      label: `resolver ${resolverLabel(endpoint)}`,
      recursive: true,
    }))
    return configured
  }

  /** A server given by its address, through --connect-to. */
  const givenServer = (server: { address: string; port?: number }): Server | Missing => {
    const port = server.port ?? 53
    if (!isIP(server.address)) return missing('malformed', `"${server.address}" is not the address of a name server`)
    const rule = matchRule(options.connectTo, [server.address], port)
    const mapped = rule !== undefined && leadsElsewhere(rule, server.address)
    if (!mapped && isPrivateAddress(server.address) && !context.isOwn(server.address))
      return missing('unsupported', `name server ${server.address} has a private address; it is not asked`)
    const host = rule?.toHost || server.address
    if (!isIP(host))
      return missing(
        'unsupported',
        `--connect-to leads name server ${server.address} to "${host}", which is not an address`,
      )
    return {
      endpoint: { protocol: 'udp', host, port: rule?.toPort ?? port },
      label: `name server ${hostPort(server.address, port)}`,
      recursive: false,
    }
  }

  const silenceKey = (server: Server, transport: DnsReply['transport']): string =>
    `dns ${transport} ${resolverLabel(server.endpoint)} ${server.recursive ? '' : server.label}`

  /** A persistent stream for DNS over TLS, a stream of its own for TCP. */
  const streamTo = async (server: Server, transport: 'tcp' | 'tls', timeoutMs: number): Promise<Fact<Stream>> => {
    const { endpoint, label } = server
    if (endpoint.protocol === 'https') return missing('unsupported', `${label} is asked over HTTPS alone`)
    if (transport === 'tcp')
      return observed(openStream({ host: endpoint.host, port: endpoint.port, label, tls: false }), '')
    const existing = streams.get(label)
    if (existing?.open) return observed(existing, '')
    let { host, port } = endpoint
    if (!isIP(host)) {
      const rule = matchRule(
        options.connectTo.filter(each => each.host !== ''),
        [host],
        port,
      )
      port = rule?.toPort ?? port
      if (rule && isIP(rule.toHost)) host = rule.toHost
      else {
        const found = await context.bootstrap(host, timeoutMs)
        if (!found.ok) return found
        host = found.value[0] ?? host
      }
      const reopened = streams.get(label)
      if (reopened?.open) return observed(reopened, '')
    }
    const servername = endpoint.protocol === 'tls' ? endpoint.servername : endpoint.host
    const stream = openStream({
      host,
      port,
      label,
      tls: true,
      servername,
      secureContext: context.secureContext(),
    })
    streams.set(label, stream)
    return observed(stream, '')
  }

  /** One message over one transport, one deadline, no fallback. */
  const exchange = async (
    server: Server,
    question: Question,
    transport: DnsReply['transport'],
    timeoutMs: number,
    edns: boolean,
    onCancellable: Asked['onCancellable'],
  ): Promise<Arrived & { elapsedMs: number }> => {
    const started = performance.now()
    // RFC 8484 §4.1: id 0 over HTTPS, for caches.
    const id = transport === 'https' ? 0 : randomInt(0, 65_536)
    const query = encodeQuery({
      id,
      name: question.name,
      type: question.type,
      recursionDesired: question.recursionDesired,
      dnssec: question.dnssec,
      edns,
    })
    const asked: Asked = {
      query,
      id,
      name: question.name,
      type: question.type,
      timeoutMs,
      life,
      label: server.label,
      onCancellable,
    }
    const arrive = async (): Promise<Arrived> => {
      if (server.endpoint.protocol === 'https') {
        const posted = await context.postDns(server.endpoint.url, query, timeoutMs)
        if (!posted.ok) return { ok: false, why: posted, wrongAnswers: 0 }
        const message = Buffer.from(posted.value)
        if (isAnswer(message, asked)) return { ok: true, message }
        return {
          ok: false,
          why: missing('malformed', `${server.label} answers a question that was not asked`),
          wrongAnswers: 1,
        }
      }
      if (transport === 'udp') return askUdp(server.endpoint, asked)
      const stream = await streamTo(server, transport === 'tls' ? 'tls' : 'tcp', timeoutMs)
      if (!stream.ok) return { ok: false, why: stream, wrongAnswers: 0 }
      const remaining = Math.max(1, timeoutMs - (performance.now() - started))
      const arrived = await stream.value.ask({ ...asked, timeoutMs: remaining })
      if (transport === 'tcp') stream.value.end()
      return arrived
    }
    const arrived = await arrive()
    return { ...arrived, elapsedMs: performance.now() - started }
  }

  const read = (message: Buffer, server: Server): Fact<Message> => {
    try {
      return observed(decodeMessage(message), '')
    } catch (error) {
      if (error instanceof WireError)
        return missing(
          error.tooLarge ? 'too-large' : 'malformed',
          `the answer of ${server.label} cannot be read: ${error.message}`,
        )
      throw error
    }
  }

  /** Asks one server, with everything that may go wrong on the way: truncation, no EDNS, silence. One deadline for all of it. */
  const ask = async (
    server: Server,
    question: Question,
    given: QueryOptions,
    limiter = perServer,
  ): Promise<Fact<DnsReply>> => {
    const timeoutMs = given.timeoutMs ?? options.timeoutMs
    const first: DnsReply['transport'] =
      server.endpoint.protocol === 'udp' ? (given.transport ?? 'udp') : server.endpoint.protocol
    const firstKey = silenceKey(server, first)
    return limiter(firstKey, () =>
      context.slots(async () => {
        if (life.over) return interrupted()
        const dead = silence.verdict(firstKey)
        if (dead) return dead
        const started = performance.now()
        const remaining = () => Math.max(1, timeoutMs - (performance.now() - started))
        let cancel: (why: Missing) => void = () => {}
        const unwatch = silence.watch(firstKey, why => cancel(why))
        // A resolver that has not said anything yet may be dead or only stuck on this name: the root tells which.
        const control =
          first === 'udp' && server.recursive && !silence.hasSpoken(firstKey)
            ? setTimeout(() => {
                const root: Question = { name: '', type: 2, typeText: 'NS', dnssec: false, recursionDesired: true }
                exchange(server, root, 'udp', remaining(), true, () => {}).then(
                  arrived => arrived.ok && silence.heard(firstKey),
                )
              }, timeoutMs / 3)
            : undefined
        try {
          let transport = first
          let edns = !withoutEdns.has(server.label)
          let elapsedMs = 0
          for (let round = 0; round < 4; round++) {
            const key = silenceKey(server, transport)
            const deadHere = silence.verdict(key)
            if (deadHere) return deadHere
            const arrived = await exchange(server, question, transport, remaining(), edns, end => {
              cancel = end
            })
            elapsedMs += arrived.elapsedMs
            if (!arrived.ok) {
              // Flooded with forgeries: TCP cannot be forged so.
              if (transport === 'udp' && arrived.wrongAnswers >= limits.dnsWrongAnswers) {
                transport = 'tcp'
                continue
              }
              if (life.over) return interrupted()
              return noAnswer(server, question, transport, key, started, arrived.why, timeoutMs)
            }
            silence.heard(key)
            const header = peekHeader(arrived.message)
            if (transport === 'udp' && header?.truncated && given.transport !== 'udp') {
              transport = 'tcp'
              continue
            }
            const message = read(arrived.message, server)
            if (!message.ok) return message
            if (edns && (message.value.rcode === 'FORMERR' || message.value.rcode === 'NOTIMP')) {
              // RFC 6891 §7: a server that does not know EDNS.
              edns = false
              continue
            }
            if (!edns && message.value.rcode !== 'FORMERR' && message.value.rcode !== 'NOTIMP')
              withoutEdns.add(server.label)
            const { rcode, authoritative, recursionAvailable, authenticData, truncated } = message.value
            const { answers, authorities, additionals } = message.value
            return observed<DnsReply>(
              {
                rcode,
                authoritative,
                recursionAvailable,
                authenticData,
                truncated,
                answers,
                authorities,
                additionals,
                server: server.recursive ? resolverLabel(server.endpoint) : server.label.replace('name server ', ''),
                transport,
                elapsedMs: Math.round(elapsedMs * 100) / 100,
              },
              now(),
            )
          }
          return missing('malformed', `${server.label} does not settle on an answer for ${shownQuestion(question)}`)
        } finally {
          unwatch()
          clearTimeout(control)
        }
      }),
    )
  }

  const shownQuestion = (question: Question): string => `${question.name || '.'} ${question.typeText}`

  /** Turns a failed exchange into the fact's reason, and remembers silence. */
  const noAnswer = (
    server: Server,
    question: Question,
    transport: DnsReply['transport'],
    key: string,
    started: number,
    why: Missing,
    timeoutMs: number,
  ): Missing => {
    const over = transport === 'udp' ? '' : ` over ${transport.toUpperCase()}`
    const text = `${server.label} does not answer${over}`
    const cause: Cause = { kind: 'resolver', endpoint: `${server.label}${over}`, text }
    if (why.reason === 'timeout' || why.reason === 'malformed') {
      const dead = missing(why.reason, why.reason === 'timeout' ? text : why.message, { cause })
      const waited = performance.now() - started >= Math.min(timeoutMs, options.timeoutMs) * 0.9
      if (waited && silence.silent(key, started, dead)) return dead
      if (why.cause) return why
      const forName: Cause = {
        kind: 'resolver',
        endpoint: server.label,
        name: question.name || '.',
        text: `${server.label} does not answer for ${question.name || '.'}`,
      }
      const stuck = missing(why.reason, `${server.label} does not answer${over} for ${shownQuestion(question)}`, {
        cause: forName,
      })
      if (server.recursive && waited && question.name && tellsOfTheWholeName.has(question.typeText))
        silentNames.set(`${server.label} ${question.name}`, stuck)
      return stuck
    }
    return why.cause ? why : { ...why, cause }
  }

  /** The verdict on a name or on what contains it, from an earlier question to the same resolver. */
  const silentName = (server: Server, name: string): Missing | undefined => {
    if (silentNames.size === 0) return undefined
    const labels = name.split('.')
    for (let at = 0; at < labels.length; at++) {
      const known = silentNames.get(`${server.label} ${labels.slice(at).join('.')}`)
      if (known) return known
    }
    return undefined
  }

  const questionOf = (name: string, type: string, given: QueryOptions): Question | Missing => {
    const code = typeCode(type)
    if (code === null) return missing('malformed', `"${type}" is not a DNS record type`)
    try {
      return {
        name: canonicalName(name),
        type: code,
        typeText: type.toUpperCase(),
        dnssec: given.dnssec ?? false,
        recursionDesired: given.recursionDesired ?? given.server === undefined,
      }
    } catch (error) {
      return missing('malformed', `not a domain name: ${(error as Error).message}`)
    }
  }

  const query = async (name: string, type: string, given: QueryOptions = {}): Promise<Fact<DnsReply>> => {
    const question = questionOf(name, type, given)
    if ('ok' in question) return question
    if (given.server) {
      const server = givenServer(given.server)
      return 'ok' in server ? server : ask(server, question, given)
    }
    // The first resolver that answers; when some answer only SERVFAIL or REFUSED, the first of these answers.
    let firstReply: Fact<DnsReply> | undefined
    let firstMissing: Missing | undefined
    for (const server of resolvers()) {
      const reply = silentName(server, question.name) ?? (await ask(server, question, given, perResolver))
      if (life.over) return interrupted()
      if (!reply.ok) firstMissing ??= reply
      else if (reply.value.rcode === 'SERVFAIL' || reply.value.rcode === 'REFUSED') firstReply ??= reply
      else return reply
    }
    return firstReply ?? firstMissing ?? missing('internal', 'no resolver is configured')
  }

  /** Follows the chain from `name` through the records of an answer. */
  const follow = (name: string, answers: readonly DnsRecord[]): { end: string; chain: DnsRecord[] } | null => {
    const chain: DnsRecord[] = []
    const seen = new Set([name])
    let end = name
    for (;;) {
      const next = answers.find(record => record.type === 'CNAME' && record.name === end)
      if (!next) return { end, chain }
      const target = next.data === '.' ? '' : next.data
      if (seen.has(target) || chain.length >= limits.cnameChain) return null
      seen.add(target)
      chain.push(next)
      end = target
    }
  }

  const resolve = async (name: string, type: string): Promise<Fact<DnsLookup>> => {
    const chain: DnsRecord[] = []
    const seen = new Set<string>([name])
    let at = name
    let authenticData = true
    for (;;) {
      const reply = await query(at, type)
      if (!reply.ok) return reply
      const { rcode, answers, server } = reply.value
      const shownName = at || '.'
      if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') {
        const reason = rcode === 'REFUSED' ? 'refused' : rcode === 'SERVFAIL' ? 'servfail' : 'malformed'
        const text = `resolver ${server} answers ${rcode} for ${shownName}`
        const cause: Cause = { kind: 'resolver', endpoint: `${server} ${rcode}`, name: shownName, text }
        return missing(reason, `${text} ${type}`, { cause })
      }
      authenticData &&= reply.value.authenticData
      const walked = type === 'CNAME' ? { end: at, chain: [] } : follow(at, answers)
      const end = walked?.end ?? at
      const looped =
        walked === null || walked.chain.some(record => record !== walked.chain.at(-1) && seen.has(record.data))
      if (looped || (end !== at && seen.has(end)) || chain.length + (walked?.chain.length ?? 0) > limits.cnameChain) {
        const why = `the CNAMEs of ${name || '.'} lead in a circle or through more than ${limits.cnameChain} names`
        return missing('malformed', why)
      }
      for (const record of walked.chain) {
        chain.push(record)
        seen.add(record.data)
      }
      const records = answers.filter(record => record.name === end && (record.type === type || type === 'ANY'))
      const cnames = chain.map(record => record.data)
      if (records.length)
        return observed<DnsLookup>({ status: 'NOERROR', records, cnames, chain, authenticData }, now())
      if (rcode === 'NXDOMAIN')
        return observed<DnsLookup>({ status: 'NXDOMAIN', records, cnames, chain, authenticData }, now())
      if (end === at) return observed<DnsLookup>({ status: 'NODATA', records, cnames, chain, authenticData }, now())
      // The answer ends in a CNAME: ask for its target. A target that the answer denies with an SOA is not asked for again.
      if (reply.value.authorities.some(record => record.type === 'SOA'))
        return observed<DnsLookup>({ status: 'NODATA', records, cnames, chain, authenticData }, now())
      at = end
    }
  }

  let hasTold = false

  /**
   * A network without a way out, or a captive one, often has a resolver that denies every name. Where a registrable domain is
   * said not to exist, its public top-level domain is asked for too: if even that is denied, nothing was seen of the domain.
   * One that has told a record already is no such resolver: it may serve a few zones only, and what it denies it denies.
   */
  const believable = async (name: string, found: Fact<DnsLookup>): Promise<Fact<DnsLookup>> => {
    if (found.ok && found.value.records.length) hasTold = true
    if (!found.ok || found.value.status !== 'NXDOMAIN' || hasTold || name.endsWith('.arpa')) return found
    const { domain, isIcann } = parse(name, { extractHostname: false, validateHostname: false })
    if (!domain || !isIcann) return found
    if (domain !== name) {
      const apex = await lookup(domain, 'A')
      if (apex.ok && apex.value.status !== 'NXDOMAIN') return found
    }
    const top = domain.slice(domain.lastIndexOf('.') + 1)
    const topFound = await lookup(top, 'SOA')
    if (!topFound.ok || topFound.value.status !== 'NXDOMAIN' || hasTold) return found
    const text = `the resolver says that even .${top} does not exist, so it knows nothing of the internet`
    const cause: Cause = { kind: 'resolver', endpoint: 'system', name: top, text }
    return missing('servfail', `${domain} was denied, but ${text}`, { cause })
  }

  const lookup = (name: string, type: string): Promise<Fact<DnsLookup>> => {
    if (life.over) return Promise.resolve(interrupted())
    const question = questionOf(name, type, {})
    if ('ok' in question) return Promise.resolve(question)
    const key = `${question.typeText} ${question.name}`
    let answer = cache.get(key)
    if (!answer) {
      answer = resolve(question.name, question.typeText).then(found => believable(question.name, found))
      if (cache.size < limits.cachedLookups) cache.set(key, answer)
    }
    return answer
  }

  const transfer = async (zone: string, given: { address: string; port?: number }): Promise<Fact<DnsRecord[]>> => {
    const question = questionOf(zone, 'AXFR', { server: given })
    if ('ok' in question) return question
    const server = givenServer(given)
    if ('ok' in server) return server
    const key = silenceKey(server, 'tcp')
    return perServer(key, () =>
      context.slots(async () => {
        if (life.over) return interrupted()
        const dead = silence.verdict(key)
        if (dead) return dead
        const started = performance.now()
        const stream = await streamTo(server, 'tcp', options.timeoutMs)
        if (!stream.ok) return stream
        const id = randomInt(0, 65_536)
        const records: DnsRecord[] = []
        let bytes = 0
        let ended: Missing | undefined
        let cancel: (why: Missing) => void = () => {}
        const unwatch = silence.watch(key, why => cancel(why))
        const asked: Asked = {
          query: encodeQuery({
            id,
            name: question.name,
            type: question.type,
            recursionDesired: false,
            dnssec: false,
            edns: false,
          }),
          id,
          name: question.name,
          type: question.type,
          timeoutMs: options.timeoutMs,
          life,
          label: server.label,
          onCancellable: end => {
            cancel = end
          },
        }
        // RFC 5936 §2.2: the records between two SOAs, in any number of messages.
        const arrived = await stream.value.ask(asked, message => {
          bytes += message.length
          silence.heard(key)
          try {
            const { rcode, answers } = decodeMessage(message, limits.transferRecords)
            if (rcode !== 'NOERROR') {
              const denied = rcode === 'REFUSED' || rcode === 'NOTAUTH' || rcode === 'NOTIMP'
              ended = missing(
                denied ? 'forbidden' : 'servfail',
                `${server.label} answers ${rcode} to a transfer of ${zone}`,
              )
            } else if (answers.length === 0 || (records.length === 0 && answers[0]!.type !== 'SOA'))
              ended = missing('forbidden', `${server.label} does not transfer ${zone}`)
            else records.push(...answers)
          } catch (error) {
            const { tooLarge, message: text } = error as WireError
            ended = missing(
              tooLarge ? 'too-large' : 'malformed',
              `the transfer from ${server.label} cannot be read: ${text}`,
            )
          }
          if (!ended && (records.length > limits.transferRecords || bytes > limits.transferBytes))
            ended = missing(
              'too-large',
              `the transfer of ${zone} is larger than ${limits.transferRecords} records or ${limits.transferBytes} bytes`,
            )
          return ended !== undefined || (records.length > 1 && records.at(-1)!.type === 'SOA')
        })
        unwatch()
        stream.value.end()
        if (ended) return ended
        if (!arrived.ok)
          return life.over
            ? interrupted()
            : noAnswer(server, question, 'tcp', key, started, arrived.why, options.timeoutMs)
        return observed(records.slice(0, -1), now())
      }),
    )
  }

  return {
    query,
    lookup,
    transfer,
    close: () => {
      for (const stream of streams.values()) stream.end()
      streams.clear()
    },
  }
}
