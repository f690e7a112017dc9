// Asks one server, with everything that may go wrong on the way: truncation, no EDNS, forgeries, silence. One deadline for all of it.
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { type Message, peekHeader } from '../formats/dns/wire.ts'
import { resolverLabel } from './connect-to.ts'
import type { Exchanges } from './dns-exchange.ts'
import { readMessage, shownQuestion, silenceKey } from './dns-servers.ts'
import type { DnsSilence } from './dns-silence.ts'
import type { Question, ResolverContext, Server, Transport } from './dns-types.ts'
import { interrupted } from './life.ts'
import { createKeyedLimiter, type KeyedLimiter } from './limits.ts'
import type { DnsReply, QueryOptions } from './network.ts'

/** One question under way: it may change its transport and leave EDNS out. */
type Asking = {
  server: Server
  question: Question
  given: QueryOptions
  transport: Transport
  edns: boolean
  started: number
  timeoutMs: number
  isLast: boolean
  /** Milliseconds of the exchanges so far. */
  elapsedMs: number
  /** Ends the exchange under way. */
  cancel: (why: Missing) => void
}

type Round = { again: true } | { result: Fact<DnsReply> }

const again: Round = { again: true }

/** Changes of transport and EDNS that one question may take. */
const mostRounds = 4

const isWithoutEdns = (rcode: string): boolean => rcode === 'FORMERR' || rcode === 'NOTIMP'

const replyOf = ({ server, transport, elapsedMs }: Asking, message: Message): DnsReply => ({
  rcode: message.rcode,
  authoritative: message.authoritative,
  recursionAvailable: message.recursionAvailable,
  authenticData: message.authenticData,
  truncated: message.truncated,
  answers: message.answers,
  authorities: message.authorities,
  additionals: message.additionals,
  server: server.recursive ? resolverLabel(server.endpoint) : server.label.replace('name server ', ''),
  transport,
  elapsedMs: Math.round(elapsedMs * 100) / 100,
})

/** `once`: whoever asks has another server to turn to, so that nothing is asked twice. */
export type Ask = (server: Server, question: Question, given: QueryOptions, once?: boolean) => Promise<Fact<DnsReply>>

/** What all questions of a run share. */
type Asker = {
  context: ResolverContext
  exchanges: Exchanges
  dnsSilence: DnsSilence
  /** Labels of servers that do not know EDNS. */
  withoutEdns: Set<string>
}

/** Milliseconds left of the question's deadline. */
const left = ({ context }: Asker, { timeoutMs, started }: Asking): number =>
  Math.max(1, timeoutMs - (context.options.clock.attended() - started))

/** A resolver that has not said anything yet may be dead or only stuck on this name: the root tells which. */
const askForRoot = async (asker: Asker, asking: Asking, key: string): Promise<void> => {
  const question: Question = { name: '', type: 2, typeText: 'NS', dnssec: false, recursionDesired: true }
  const request = { server: asking.server, question, transport: 'udp', edns: true, onCancellable: () => {} } as const
  const arrived = await asker.exchanges.ask({ ...request, timeoutMs: left(asker, asking) })
  if (arrived.ok) asker.context.silence.heard(key)
}

/** One message and what its answer means for the next. */
const round = async (asker: Asker, asking: Asking): Promise<Round> => {
  const { life, silence, options } = asker.context
  const { server, question, transport, edns } = asking
  const key = silenceKey(server, transport)
  const dead = silence.verdict(key)
  if (dead) return { result: dead }
  const onCancellable = (end: (why: Missing) => void): void => {
    asking.cancel = end
  }
  const request = { server, question, transport, edns, timeoutMs: left(asker, asking), onCancellable }
  const arrived = await asker.exchanges.ask(request)
  asking.elapsedMs += arrived.elapsedMs
  const toTcp = (): Round => {
    asking.transport = 'tcp'
    return again
  }
  if (!arrived.ok) {
    // Flooded with forgeries: TCP cannot be forged so.
    if (transport === 'udp' && arrived.wrongAnswers >= limits.dnsWrongAnswers) return toTcp()
    return { result: life.over ? interrupted() : asker.dnsSilence.noAnswer({ ...asking, why: arrived.why }) }
  }
  silence.heard(key)
  const isCut = transport === 'udp' && peekHeader(arrived.message)?.truncated
  if (isCut && asking.given.transport !== 'udp') return toTcp()
  const message = readMessage(arrived.message, server)
  if (!message.ok) return { result: message }
  if (!isWithoutEdns(message.value.rcode)) {
    if (!edns) asker.withoutEdns.add(server.label)
  } else if (edns) {
    // RFC 6891 §7: a server that does not know EDNS.
    asking.edns = false
    return again
  }
  return { result: observed(replyOf(asking, message.value), new Date(options.clock.now()).toISOString()) }
}

const rounds = async (asker: Asker, asking: Asking): Promise<Fact<DnsReply>> => {
  for (let nth = 0; nth < mostRounds; nth++) {
    const done = await round(asker, asking)
    if ('result' in done) return done.result
  }
  const { server, question } = asking
  return missing('malformed', `${server.label} does not settle on an answer for ${shownQuestion(question)}`)
}

/** One question from its first message to its reply. */
const settle = async (asker: Asker, asking: Asking): Promise<Fact<DnsReply>> => {
  const { life, silence, options } = asker.context
  const { server, transport, timeoutMs } = asking
  const key = silenceKey(server, transport)
  if (life.over) return interrupted()
  const dead = silence.verdict(key)
  if (dead) return dead
  const unwatch = silence.watch(key, why => asking.cancel(why))
  const isNew = transport === 'udp' && server.recursive && !silence.hasSpoken(key)
  const noControl = isNew ? options.clock.after(timeoutMs / 3, () => void askForRoot(asker, asking, key)) : () => {}
  try {
    return await rounds(asker, asking)
  } finally {
    unwatch()
    noControl()
  }
}

/** Makes what asks servers; `limiter` bounds the questions under way at one of them. */
export const createAsk = (
  context: ResolverContext,
  exchanges: Exchanges,
  dnsSilence: DnsSilence,
): ((limiter: KeyedLimiter) => Ask) => {
  const asker: Asker = { context, exchanges, dnsSilence, withoutEdns: new Set() }
  const { clock, timeoutMs } = context.options
  return limiter =>
    (server, question, given, once = false) => {
      const { protocol } = server.endpoint
      const transport: Transport = protocol === 'udp' ? (given.transport ?? 'udp') : protocol
      const begin = (within: number, isLast: boolean): Asking => ({
        server,
        question,
        given,
        transport,
        edns: !asker.withoutEdns.has(server.label),
        started: clock.attended(),
        timeoutMs: within,
        isLast,
        elapsedMs: 0,
        cancel: () => {},
      })
      const key = silenceKey(server, transport)
      const attempt = (within: number, isSecond: boolean) => {
        const work = () => settle(asker, begin(within, once || isSecond))
        // A second look does not stand in the queue of those that wait for the same silence.
        return isSecond ? work() : limiter(key, () => context.slots(work))
      }
      const within = given.timeoutMs ?? timeoutMs
      return once ? attempt(within, false) : context.secondLook({ key, timeoutMs: within }, attempt)
    }
}

/** Questions under way at one authoritative server, and at one resolver. */
export const askLimiters = () => ({
  perServer: createKeyedLimiter(limits.queriesPerServer),
  perResolver: createKeyedLimiter(limits.queriesPerResolver),
})
