// The records at the zone's apex as each authoritative server has them, side by side.
import { observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'
import { askAll } from './authority.ts'
import { answeringServers } from './name-servers.ts'

export type ApexViews = {
  zone: string
  /** `records` is null where this server did not answer for the type. Sorted. */
  views: {
    server: string
    address: string
    serial: number | null
    sets: { type: string; records: string[] | null }[]
  }[]
}

const types = ['NS', 'MX', 'TXT', 'CAA']

const fact: FactDefinition<ApexViews> = {
  on: 'domain',
  deadlines: 6,
  async collect(subject, context) {
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const { zone } = known.value
    const servers = answeringServers(known.value)
    const answers = await Promise.all(types.map(type => askAll(context, servers, zone, type)))
    return observed(
      {
        zone,
        views: servers.map((server, at) => ({
          server: server.name,
          address: server.address,
          serial: server.soa?.serial ?? null,
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
