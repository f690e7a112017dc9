// The records at the zone's apex as each authoritative server has them, side by side.
import { observed } from '../../core/fact.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { askAll, recordsOf } from './authority.ts'
import { answeringServers, type NameServer, type SoaFields } from './name-servers.ts'

export type ApexViews = {
  zone: string
  /** `records` is null where this server did not answer for the type. Sorted. */
  views: {
    server: string
    address: string
    serial: number | null
    /** Primary server that the SOA record names: servers of two operators that each keep the zone count their serials apart. */
    primary: string | null
    sets: { type: string; records: string[] | null }[]
  }[]
}

const types = ['NS', 'MX', 'TXT', 'CAA']

/** A new version reaches the secondaries within a moment of its notice (RFC 1996): who is behind then is asked once more. */
const propagationMs = 1000

const settledSerials = async (
  context: CollectContext,
  servers: readonly NameServer[],
  zone: string,
): Promise<{ serials: (number | null)[]; moved: boolean }> => {
  const first = servers.map(server => server.soa?.serial ?? null)
  const versions = new Set(servers.map((server, at) => `${server.soa?.mname} ${first[at]}`))
  if (versions.size === new Set(servers.map(server => server.soa?.mname)).size) return { serials: first, moved: false }
  await context.net.options.clock.sleep(propagationMs, context.net.options.signal)
  const again = await Promise.all(
    servers.map(server =>
      context.net.dns.query(zone, 'SOA', { server: { address: server.address }, recursionDesired: false }),
    ),
  )
  const serials = again.map((reply, at) => {
    const soa = reply.ok ? recordsOf(reply.value.answers, zone, 'SOA')[0] : undefined
    return (soa?.fields as SoaFields | undefined)?.serial ?? first[at]!
  })
  return { serials, moved: serials.join() !== first.join() }
}

const fact: FactDefinition<ApexViews> = {
  on: 'domain',
  deadlines: 6,
  async collect(subject, context) {
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const { zone } = known.value
    const servers = answeringServers(known.value)
    const askSets = (options = {}) => Promise.all(types.map(type => askAll(context, servers, zone, type, options)))
    const [early, { serials, moved }] = await Promise.all([askSets(), settledSerials(context, servers, zone)])
    // Records that were asked for while a version was on its way are asked for anew.
    const answers = moved ? await askSets({ timeoutMs: context.timeoutMs }) : early
    return observed(
      {
        zone,
        views: servers.map((server, at) => ({
          server: server.name,
          address: server.address,
          serial: serials[at] ?? null,
          primary: server.soa?.mname ?? null,
          sets: types.map((type, of) => {
            const { reply } = answers[of]![at]!
            if (!reply.ok || reply.value.rcode !== 'NOERROR') return { type, records: null }
            return {
              type,
              records: reply.value.answers
                .filter(record => record.type === type)
                .map(record => record.data)
                .sort(),
            }
          }),
        })),
      },
      context.now(),
    )
  },
}
export default fact
