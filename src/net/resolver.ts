// Our own resolver: asks the configured resolvers or one given server, over UDP, TCP, TLS and HTTPS, and says exactly what came
// back. A server that stays silent for a whole deadline is not asked again in this run.
import { type Fact, type Missing, missing } from '../core/fact.ts'
import { askLimiters, createAsk } from './dns-ask.ts'
import { createExchanges } from './dns-exchange.ts'
import { createLookup } from './dns-lookup.ts'
import { configuredServers, givenServer, questionOf } from './dns-servers.ts'
import { createDnsSilence } from './dns-silence.ts'
import type { ResolverContext, Server } from './dns-types.ts'
import { createTransfer } from './dns-zone-transfer.ts'
import { interrupted } from './life.ts'
import type { DnsReply, Resolver } from './network.ts'

export const createResolver = (context: ResolverContext): Resolver & { control(): Promise<unknown>; close(): void } => {
  const exchanges = createExchanges(context)
  const silence = createDnsSilence(context)
  const { perServer, perResolver } = askLimiters()
  const limited = createAsk(context, exchanges, silence)
  const askServer = limited(perServer)
  const askResolver = limited(perResolver)
  let servers: Server[] | undefined

  const query: Resolver['query'] = async (name, type, given = {}) => {
    const question = questionOf(name, type, given)
    if ('ok' in question) return question
    if (given.server) {
      const server = givenServer(context, given.server)
      return 'ok' in server ? server : askServer(server, question, given)
    }
    servers ??= configuredServers(context.options)
    // The first resolver that answers; when some answer only SERVFAIL or REFUSED, the first of these answers.
    let firstReply: Fact<DnsReply> | undefined
    let firstMissing: Missing | undefined
    for (const server of servers) {
      const reply =
        silence.ofName(server, question.name) ?? (await askResolver(server, question, given, servers.length > 1))
      if (context.life.over) return interrupted()
      if (!reply.ok) firstMissing ??= reply
      else if (reply.value.rcode === 'SERVFAIL' || reply.value.rcode === 'REFUSED') firstReply ??= reply
      else return reply
    }
    return firstReply ?? firstMissing ?? missing('internal', 'no resolver is configured')
  }

  /** Whether the first resolver answers at all, asked for something that every resolver knows. */
  const control = async (): Promise<unknown> => {
    servers ??= configuredServers(context.options)
    const question = questionOf('', 'NS', {})
    return 'ok' in question || context.life.over ? undefined : askResolver(servers[0]!, question, {}, true)
  }

  return {
    query,
    control,
    lookup: createLookup(context, query),
    transfer: createTransfer(context, exchanges, silence, perServer),
    close: exchanges.close,
  }
}
