// Whether any authoritative server gives the whole zone to a stranger, and the zone where it does.
import { observed } from '../../core/fact.ts'
import { normaliseName } from '../../formats/dns/name.ts'
import type { DnsRecord } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { answeringServers } from './name-servers.ts'

export type ZoneTransfer = {
  zone: string
  servers: { name: string; address: string; state: 'open' | 'refused' | 'unknown'; records: number; message: string }[]
  /** Records of the first server that was open, sorted; null when none was. */
  records: { name: string; type: string; ttl: number; data: string }[] | null
}

/** Sorted, each once: a transfer ends with the SOA record again. */
export const plainRecords = (records: readonly DnsRecord[]): NonNullable<ZoneTransfer['records']> => [
  ...new Map(
    records
      .map(({ name, type, ttl, data }) => ({ name: normaliseName(name), type, ttl, data }))
      .map(record => [`${record.name} ${record.type} ${record.data}`, record] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  ).values(),
]

const fact: FactDefinition<ZoneTransfer> = {
  on: 'domain',
  deadlines: 8,
  async collect(subject, context) {
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const { zone } = known.value
    const servers = answeringServers(known.value).slice(0, 8)
    const tried = await Promise.all(
      servers.map(async server => ({
        server,
        reply: await context.net.dns.transfer(zone, { address: server.address }),
      })),
    )
    const open = tried.find(({ reply }) => reply.ok)
    return observed(
      {
        zone,
        servers: tried.map(({ server, reply }) => ({
          name: server.name,
          address: server.address,
          state: reply.ok
            ? ('open' as const)
            : ['timeout', 'unproven', 'unreachable', 'internal'].includes(reply.reason)
              ? ('unknown' as const)
              : ('refused' as const),
          records: reply.ok ? reply.value.length : 0,
          message: reply.ok ? '' : reply.message,
        })),
        records: open?.reply.ok ? plainRecords(open.reply.value) : null,
      },
      context.now(),
    )
  },
}
export default fact
