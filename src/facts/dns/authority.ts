// Asking authoritative servers: which of them answer is learned once (the fact `nameServers`), and a silent one is not asked again.
import type { Fact, Reason } from '../../core/fact.ts'
import { normaliseName } from '../../formats/dns/name.ts'
import type { DnsRecord, DnsReply, QueryOptions } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'

/** One address of one name server. `name` is the NS record's target. */
export type ServerAddress = { name: string; address: string; family: 4 | 6 }

/** What one server answered, or why it did not. */
export type ServerReply = { server: ServerAddress; reply: Fact<DnsReply> }

/** Most server addresses that are asked in one run: four names with two addresses of each family, twice over. */
export const maxServers = 16

/** Stable order: by server name, then family, then address. */
export const byServer = (a: ServerAddress, b: ServerAddress): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.family - b.family || (a.address < b.address ? -1 : 1)

/** Asks one server, without recursion; the same question to the same server is put once in a run. */
export const ask = (
  context: CollectContext,
  server: ServerAddress,
  name: string,
  type: string,
  options: Omit<QueryOptions, 'server'> = {},
): Promise<Fact<DnsReply>> =>
  context.once(['dns/authority', server.address, name.toLowerCase(), type, JSON.stringify(options)].join(' '), () =>
    context.net.dns.query(name, type, { ...options, server: { address: server.address }, recursionDesired: false }),
  )

/** Asks all of these servers at once. The order of the answers is the order of the servers. */
export const askAll = async (
  context: CollectContext,
  servers: readonly ServerAddress[],
  name: string,
  type: string,
  options: Omit<QueryOptions, 'server'> = {},
): Promise<ServerReply[]> =>
  Promise.all(servers.map(async server => ({ server, reply: await ask(context, server, name, type, options) })))

/** The first answer that satisfies `suits`, without waiting for the silent; null when none does. All are asked at once. */
export const firstAnswer = async (
  context: CollectContext,
  servers: readonly ServerAddress[],
  name: string,
  type: string,
  suits: (reply: DnsReply) => boolean,
  options: Omit<QueryOptions, 'server'> = {},
): Promise<{ server: ServerAddress; reply: DnsReply } | null> => {
  if (servers.length === 0) return null
  return new Promise(resolve => {
    let waiting = servers.length
    for (const server of servers)
      ask(context, server, name, type, options)
        .then(reply => {
          if (reply.ok && suits(reply.value)) resolve({ server, reply: reply.value })
        })
        .catch(() => undefined)
        .finally(() => {
          if (--waiting === 0) resolve(null)
        })
  })
}

/** Addresses of a name server by the resolver. `status` is `unknown` when neither family could be looked up. */
export const resolveServer = async (
  context: CollectContext,
  name: string,
): Promise<{
  name: string
  status: 'NOERROR' | 'NODATA' | 'NXDOMAIN' | 'unknown'
  addresses: ServerAddress[]
  cnames: string[]
  reason: Reason | null
}> => {
  const answers = await Promise.all([context.net.dns.lookup(name, 'A'), context.net.dns.lookup(name, 'AAAA')])
  const seen = answers.flatMap(answer => (answer.ok ? [answer.value] : []))
  const addresses = seen
    .flatMap(answer => answer.records)
    .map(
      (record): ServerAddress => ({
        name: normaliseName(name),
        address: record.data,
        family: record.type === 'AAAA' ? 6 : 4,
      }),
    )
    .sort(byServer)
  const refused = answers.find(answer => !answer.ok)
  const reason = refused && !refused.ok ? refused.reason : null
  const status = addresses.length
    ? 'NOERROR'
    : seen.length < answers.length
      ? 'unknown'
      : seen.some(answer => answer.status === 'NXDOMAIN')
        ? 'NXDOMAIN'
        : 'NODATA'
  return { name: normaliseName(name), status, addresses, cnames: seen[0]?.cnames ?? [], reason }
}

/** Records of one name and type in a section. */
export const recordsOf = (records: readonly DnsRecord[], name: string, type: string): DnsRecord[] =>
  records.filter(record => record.type === type && normaliseName(record.name) === normaliseName(name))

/** Names of a record set's targets, sorted, each once. */
export const targetsOf = (records: readonly DnsRecord[]): string[] =>
  [...new Set(records.map(record => normaliseName(record.data)))].sort()

/** Addresses in the additional section for these server names: glue, when a parent says it. */
export const glueOf = (reply: DnsReply, names: readonly string[]): ServerAddress[] =>
  reply.additionals
    .filter(record => (record.type === 'A' || record.type === 'AAAA') && names.includes(normaliseName(record.name)))
    .map(
      (record): ServerAddress => ({
        name: normaliseName(record.name),
        address: record.data,
        family: record.type === 'AAAA' ? 6 : 4,
      }),
    )
    .sort(byServer)
