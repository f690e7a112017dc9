// Zone transfers (AXFR over TCP, RFC 5936): whether a server gives its zone away, and what is in it. Bounded.
import { randomInt } from 'node:crypto'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { decodeMessage, encodeQuery, type WireError } from '../formats/dns/wire.ts'
import type { Exchanges } from './dns-exchange.ts'
import { givenServer, questionOf, silenceKey } from './dns-servers.ts'
import type { DnsSilence } from './dns-silence.ts'
import type { Asked } from './dns-transport.ts'
import type { Question, ResolverContext, Server } from './dns-types.ts'
import { interrupted } from './life.ts'
import type { KeyedLimiter } from './limits.ts'
import type { DnsRecord, Resolver } from './network.ts'

/** What came so far; `ended` says why nothing more is read. */
type Transfer = { zone: string; records: DnsRecord[]; bytes: number; ended: Missing | null }

/** Why one message of a transfer ends it; null when its records were taken in. */
const faultOf = (transfer: Transfer, server: Server, message: Buffer): Missing | null => {
  const { zone, records } = transfer
  try {
    const { rcode, answers } = decodeMessage(message, limits.transferRecords)
    if (rcode !== 'NOERROR') {
      const denied = rcode === 'REFUSED' || rcode === 'NOTAUTH' || rcode === 'NOTIMP'
      return missing(denied ? 'forbidden' : 'servfail', `${server.label} answers ${rcode} to a transfer of ${zone}`)
    }
    if (answers.length === 0 || (records.length === 0 && answers[0]!.type !== 'SOA'))
      return missing('forbidden', `${server.label} does not transfer ${zone}`)
    records.push(...answers)
  } catch (error) {
    const { tooLarge, message: text } = error as WireError
    return missing(tooLarge ? 'too-large' : 'malformed', `the transfer from ${server.label} cannot be read: ${text}`)
  }
  return records.length > limits.transferRecords || transfer.bytes > limits.transferBytes
    ? missing(
        'too-large',
        `the transfer of ${zone} is larger than ${limits.transferRecords} records or ${limits.transferBytes} bytes`,
      )
    : null
}

/** Takes one message in. True when nothing more comes: RFC 5936 §2.2, the records stand between two SOAs, in any number of messages. */
const takeIn = (transfer: Transfer, server: Server, message: Buffer): boolean => {
  transfer.bytes += message.length
  transfer.ended = faultOf(transfer, server, message)
  return transfer.ended !== null || (transfer.records.length > 1 && transfer.records.at(-1)!.type === 'SOA')
}

export const createTransfer = (
  context: ResolverContext,
  exchanges: Exchanges,
  dnsSilence: DnsSilence,
  perServer: KeyedLimiter,
): Resolver['transfer'] => {
  const { life, silence } = context
  const { clock, timeoutMs } = context.options

  const askedOf = (server: Server, { name, type }: Question, onCancellable: Asked['onCancellable']): Asked => {
    const id = randomInt(0, 65_536)
    const query = encodeQuery({ id, name, type, recursionDesired: false, dnssec: false, edns: false })
    return { query, id, name, type, timeoutMs, life, clock, label: server.label, onCancellable }
  }

  const run = async (zone: string, server: Server, question: Question): Promise<Fact<DnsRecord[]>> => {
    const key = silenceKey(server, 'tcp')
    if (life.over) return interrupted()
    const dead = silence.verdict(key)
    if (dead) return dead
    const started = clock.attended()
    const stream = await exchanges.streamTo(server, 'tcp', timeoutMs)
    if (!stream.ok) return stream
    const transfer: Transfer = { zone, records: [], bytes: 0, ended: null }
    let cancel: (why: Missing) => void = () => {}
    const unwatch = silence.watch(key, why => cancel(why))
    const asked = askedOf(server, question, end => {
      cancel = end
    })
    const arrived = await stream.value.ask(asked, message => {
      silence.heard(key)
      return takeIn(transfer, server, message)
    })
    unwatch()
    stream.value.end()
    if (transfer.ended) return transfer.ended
    if (arrived.ok) return observed(transfer.records.slice(0, -1), new Date(clock.now()).toISOString())
    if (life.over) return interrupted()
    return dnsSilence.noAnswer({
      server,
      question,
      transport: 'tcp',
      started,
      timeoutMs,
      isLast: true,
      why: arrived.why,
    })
  }

  return async (zone, given) => {
    const question = questionOf(zone, 'AXFR', { server: given })
    if ('ok' in question) return question
    const server = givenServer(context, given)
    if ('ok' in server) return server
    return perServer(silenceKey(server, 'tcp'), () => context.slots(() => run(zone, server, question)))
  }
}
