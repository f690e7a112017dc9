// Which servers are asked, and how a question to one is written.
import { isIP } from 'node:net'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { canonicalName, decodeMessage, type Message, typeCode, WireError } from '../formats/dns/wire.ts'
import { isPrivateAddress } from './addresses.ts'
import { hostPort, leadsElsewhere, matchRule, resolverLabel, systemResolvers } from './connect-to.ts'
import type { Question, ResolverContext, Server, Transport } from './dns-types.ts'
import type { NetworkOptions, QueryOptions } from './network.ts'

/** The resolvers of the options, or the system's. */
export const configuredServers = ({ resolvers }: Pick<NetworkOptions, 'resolvers'>): Server[] =>
  (resolvers.length ? resolvers : systemResolvers()).map(endpoint => ({
    endpoint,
    label: `resolver ${resolverLabel(endpoint)}`,
    recursive: true,
  }))

/** A server given by its address, through --connect-to. Missing: malformed, unsupported (a private address). */
export const givenServer = (
  { options, isOwn }: Pick<ResolverContext, 'options' | 'isOwn'>,
  server: { address: string; port?: number },
): Server | Missing => {
  const port = server.port ?? 53
  if (!isIP(server.address)) return missing('malformed', `"${server.address}" is not the address of a name server`)
  const rule = matchRule(options.connectTo, [server.address], port)
  const mapped = rule !== undefined && leadsElsewhere(rule, server.address)
  if (!mapped && isPrivateAddress(server.address) && !isOwn(server.address))
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

/** Under which name the silence of a server is remembered. */
export const silenceKey = (server: Server, transport: Transport): string =>
  `dns ${transport} ${resolverLabel(server.endpoint)} ${server.recursive ? '' : server.label}`

/** The question for a name and a type's mnemonic. Missing: malformed. */
export const questionOf = (name: string, type: string, given: QueryOptions): Question | Missing => {
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

export const shownQuestion = (question: Question): string => `${question.name || '.'} ${question.typeText}`

/** A message as a server sent it, decoded. Missing: malformed, too-large. */
export const readMessage = (message: Buffer, server: Server): Fact<Message> => {
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
