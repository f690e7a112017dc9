// Addresses and alias of a host as each authoritative server has them: the zone's own TTLs, and who says what.
import { type Fact, missing, observed } from '../../core/fact.ts'
import { isWithin, normaliseName } from '../../formats/dns/name.ts'
import type { DnsReply } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { askAll, type ServerAddress, targetsOf } from './authority.ts'
import { answeringServers } from './name-servers.ts'

export type HostRecord = { name: string; type: 'A' | 'AAAA' | 'CNAME'; ttl: number; data: string }

/** `referral`: the name lies below a further delegation. `failed`: this server gave neither. */
export type ServerView = {
  server: ServerAddress
  status: 'NOERROR' | 'NODATA' | 'NXDOMAIN' | 'referral' | 'failed'
  /** Records of the name itself and of aliases inside the zone. Sorted by name, type, data. */
  records: HostRecord[]
}

export type HostRecords = {
  zone: string
  views: ServerView[]
  /** Name servers of a delegation below the zone that this name lies in. */
  delegatedTo: { zone: string; nameservers: string[] } | null
  /** The answers change from one question to the next (weighted or flattened answers): differences then prove nothing. */
  changing: boolean
}

const order = (a: HostRecord, b: HostRecord): number =>
  a.name !== b.name
    ? a.name < b.name
      ? -1
      : 1
    : a.type !== b.type
      ? a.type < b.type
        ? -1
        : 1
      : a.data < b.data
        ? -1
        : 1

const viewOf = (server: ServerAddress, name: string, zone: string, replies: Fact<DnsReply>[]): ServerView => {
  const answered = replies.flatMap(reply => (reply.ok ? [reply.value] : []))
  const failed =
    answered.length < replies.length || answered.some(reply => !['NOERROR', 'NXDOMAIN'].includes(reply.rcode))
  const records = answered
    .flatMap(reply => reply.answers)
    .filter(record => ['A', 'AAAA', 'CNAME'].includes(record.type) && isWithin(record.name, zone))
    .map(record => ({ name: record.name, type: record.type as HostRecord['type'], ttl: record.ttl, data: record.data }))
  const unique = [...new Map(records.map(record => [JSON.stringify(record), record])).values()].sort(order)
  if (unique.length) return { server, status: 'NOERROR', records: unique }
  if (failed) return { server, status: 'failed', records: [] }
  if (answered.some(reply => reply.rcode === 'NXDOMAIN' && reply.answers.length === 0))
    return { server, status: 'NXDOMAIN', records: [] }
  const referred = answered.some(
    reply =>
      !reply.authoritative && reply.authorities.some(record => record.type === 'NS' && isWithin(name, record.name)),
  )
  return { server, status: referred ? 'referral' : 'NODATA', records: [] }
}

/** The content of a view, without its TTLs. */
const contentOf = (view: ServerView): string =>
  view.status === 'NOERROR'
    ? view.records.map(record => `${record.name} ${record.type} ${record.data}`).join('\n')
    : view.status

const look = async (
  context: CollectContext,
  servers: readonly ServerAddress[],
  name: string,
  zone: string,
  options: { timeoutMs?: number } = {},
) => {
  const [v4, v6] = await Promise.all([
    askAll(context, servers, name, 'A', options),
    askAll(context, servers, name, 'AAAA', options),
  ])
  const views = servers.map((server, at) => viewOf(server, name, zone, [v4[at]!.reply, v6[at]!.reply]))
  const referral = v4
    .flatMap(({ reply }) => (reply.ok ? reply.value.authorities : []))
    .filter(record => record.type === 'NS' && isWithin(name, record.name) && normaliseName(record.name) !== zone)
  return { views, referral }
}

const fact: FactDefinition<HostRecords> = {
  on: 'host',
  deadlines: 8,
  async collect(subject, context) {
    const known = await context.need('nameServers', subject.parent ?? subject)
    if (!known.ok) return known
    const { zone } = known.value
    const name = normaliseName(subject.name)
    if (!isWithin(name, zone)) return missing('unsupported', `${name} is not in the zone ${zone}`)
    const servers = answeringServers(known.value).map(
      ({ name, address, family }): ServerAddress => ({ name, address, family }),
    )
    if (servers.length === 0) return missing('servfail', `no name server of ${zone} answers with authority`)
    const { views, referral } = await look(context, servers, name, zone)
    const seen = views.filter(view => view.status !== 'failed')
    if (seen.length === 0) return missing('servfail', `no name server of ${zone} answered for ${name}`)
    let changing = false
    if (new Set(seen.map(contentOf)).size > 1) {
      // With a deadline of its own, so that the question is put anew and not answered from memory.
      const again = await look(context, servers, name, zone, { timeoutMs: context.timeoutMs })
      changing = again.views.some(
        (view, at) =>
          view.status === 'NOERROR' &&
          views[at]!.status === 'NOERROR' &&
          JSON.stringify(view.records) !== JSON.stringify(views[at]!.records),
      )
    }
    const cut = referral[0] ? normaliseName(referral[0].name) : null
    return observed(
      {
        zone,
        views,
        delegatedTo: cut
          ? { zone: cut, nameservers: targetsOf(referral.filter(record => normaliseName(record.name) === cut)) }
          : null,
        changing,
      },
      context.now(),
    )
  },
}
export default fact
