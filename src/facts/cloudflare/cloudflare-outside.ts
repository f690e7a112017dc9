// Cloudflare as anyone sees it: which hosts stand behind it, loops that only encryption mode Flexible makes, and origins that answer
// beside it (asked with the right server name at addresses that other records of the zone give away).
import { type Fact, observed } from '../../core/fact.ts'
import { isCloudflare } from '../../data/edge-ranges.ts'
import { headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import type { CanonicalWalk } from '../dns/canonical-walk.ts'
import type { HostEdges } from '../dns/host-edges.ts'
import type { ZoneRecord } from '../dns/zone-records.ts'
import type { Web } from '../http/web.ts'
import { hostSubject } from '../subjects.ts'

export type CloudflareOutside = {
  /** The zone's name servers are Cloudflare's. */
  nameServers: boolean
  /** Hosts that answer through Cloudflare. Sorted. */
  behind: string[]
  /** Hosts behind Cloudflare whose https redirects to itself for ever. */
  loops: string[]
  /** Origins found: the host, the address, and the record that shows it. */
  exposed: { host: string; address: string; shownBy: string; status: number }[]
  /** Hosts that stand behind another content network, as their hosting wants it. Sorted. */
  elsewhere: string[]
  /** Names of mail servers whose address is Cloudflare's. */
  mailBehind: string[]
}

/** Most hosts, and addresses for each, that are asked for an origin. */
const mostHosts = 3
const mostCandidates = 6

type SeenHost = { name: string; edge: Fact<HostEdges>; web: Fact<Web> }
type Candidate = { address: string; shownBy: string }

const byName = (hosts: readonly SeenHost[]): string[] => hosts.map(host => host.name).sort()

/** Hosts that redirect to themselves for ever, as encryption mode Flexible makes them; a circle over several hosts has another cause. */
const isLooping = ({ name, web }: SeenHost): boolean => {
  if (!web.ok || !web.value.https.ok || web.value.https.value.ended !== 'loop') return false
  const { hops, next } = web.value.https.value
  return [...hops.map(hop => hop.url), next?.url ?? ''].every(
    url => URL.canParse(url) && new URL(url).hostname === name,
  )
}

/** The same of the spellings of the site that were walked. */
const loopingSpellings = (walk: Fact<CanonicalWalk>): string[] =>
  walk.ok
    ? walk.value.spellings
        .filter(spelling => spelling.ended === 'loop' && spelling.hops.length === 1)
        .map(spelling => new URL(spelling.start).hostname)
    : []

/** Addresses outside Cloudflare that records give away: those of other hosts, and those that SPF lets send. */
const candidatesIn = (records: readonly ZoneRecord[], behind: readonly string[]): Candidate[] => {
  const others = records
    .filter(record => record.type === 'A' && !isCloudflare(record.data) && !behind.includes(record.name))
    .map(record => ({ address: record.data, shownBy: `${record.name} A` }))
  const spf = records
    .filter(record => record.type === 'TXT' && /^v=spf1\b/i.test(record.data))
    .flatMap(record =>
      [...record.data.matchAll(/\bip4:(\d+\.\d+\.\d+\.\d+)(?=\s|$)/g)].map(match => ({
        address: match[1]!,
        shownBy: `${record.name} TXT (SPF)`,
      })),
    )
  return [...new Map([...others, ...spf].map(item => [item.address, item])).values()].slice(0, mostCandidates)
}

/** Whether the address answers for the host beside Cloudflare; null when it does not. */
const exposureAt = async (
  context: CollectContext,
  host: string,
  { address, shownBy }: Candidate,
): Promise<CloudflareOutside['exposed'][number] | null> => {
  const answer = await context.net.http({ url: `https://${host}/`, address, verify: 'any', fresh: true })
  const hop = answer.ok ? answer.value.hops[0] : undefined
  // A server that has a certificate for the name is the origin; Cloudflare's own origin certificates are trusted by nobody else.
  const isCertified = hop?.tls?.authorized === true || hop?.tls?.covers === true
  const isOrigin = hop !== undefined && isCertified && hop.status < 500 && headerOf(hop, 'cf-ray') === null
  return isOrigin ? { host, address, shownBy, status: hop.status } : null
}

/** Mail servers that run into Cloudflare, which does not carry mail. */
const mailServersBehind = (records: readonly ZoneRecord[]): string[] => {
  const exchanges = records
    .filter(record => record.type === 'MX')
    .map(record => record.data.split(' ')[1]?.replace(/\.$/, '') ?? '')
  const behind = records.filter(
    record => record.type === 'A' && exchanges.includes(record.name) && isCloudflare(record.data),
  )
  return [...new Set(behind.map(record => record.name))].sort()
}

const fact: FactDefinition<CloudflareOutside> = {
  on: 'domain',
  deadlines: 14,
  async collect(subject, context) {
    const [known, zone, found, walk] = await Promise.all([
      context.need('nameServers', subject),
      context.need('zoneRecords', subject),
      context.need('hosts', subject),
      context.need('canonicalWalk', subject),
    ])
    const hosts = found.ok ? found.value.hosts.map(({ name }) => hostSubject(name, subject.name)) : []
    const seen = await Promise.all(
      hosts.map(async (host): Promise<SeenHost> => {
        const edge = await context.need('hostEdges', host)
        return { name: host.name, edge, web: await context.need('web', host) }
      }),
    )
    const behind = byName(seen.filter(({ edge }) => edge.ok && edge.value.edge === 'Cloudflare'))
    const elsewhere = seen.filter(({ edge }) => edge.ok && ![null, 'Cloudflare'].includes(edge.value.edge))
    const loops = [...byName(seen.filter(isLooping)), ...loopingSpellings(walk)].filter(host => behind.includes(host))
    const records = zone.ok ? zone.value.records : []
    const candidates = behind.length ? candidatesIn(records, behind) : []
    const exposed = await Promise.all(
      behind.slice(0, mostHosts).flatMap(host => candidates.map(candidate => exposureAt(context, host, candidate))),
    )
    return observed(
      {
        nameServers: known.ok && known.value.child.some(name => name.endsWith('.ns.cloudflare.com')),
        behind,
        elsewhere: byName(elsewhere),
        loops: [...new Set(loops)].sort(),
        exposed: exposed
          .filter(each => each !== null)
          .sort((a, b) => (`${a.host} ${a.address}` < `${b.host} ${b.address}` ? -1 : 1)),
        mailBehind: mailServersBehind(records),
      },
      context.now(),
    )
  },
}
export default fact
