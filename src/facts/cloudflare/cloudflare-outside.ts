// Cloudflare as anyone sees it: which hosts stand behind it, loops that only encryption mode Flexible makes, and origins that answer
// beside it (asked with the right server name at addresses that other records of the zone give away).
import { observed } from '../../core/fact.ts'
import { isCloudflare } from '../../data/edge-ranges.ts'
import { headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'

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

const mostCandidates = 6

const fact: FactDefinition<CloudflareOutside> = {
  on: 'domain',
  deadlines: 14,
  async collect(subject, context) {
    const [known, zone, hosts, walk] = await Promise.all([
      context.need('nameServers', subject),
      context.need('zoneRecords', subject),
      context.subjects('host'),
      context.need('canonicalWalk', subject),
    ])
    const seen = await Promise.all(
      hosts.map(async host => ({
        host,
        edge: await context.need('hostEdges', host),
        web: await context.need('web', host),
      })),
    )
    const behind = seen
      .filter(({ edge }) => edge.ok && edge.value.edge === 'Cloudflare')
      .map(({ host }) => host.name)
      .sort()
    // Flexible sends a page back to itself; a circle over several hosts has another cause.
    const loops = seen
      .filter(
        ({ host, web }) =>
          behind.includes(host.name) &&
          web.ok &&
          web.value.https.ok &&
          web.value.https.value.ended === 'loop' &&
          [...web.value.https.value.hops.map(hop => hop.url), web.value.https.value.next?.url ?? ''].every(
            url => URL.canParse(url) && new URL(url).hostname === host.name,
          ),
      )
      .map(({ host }) => host.name)
    const looping = walk.ok
      ? walk.value.spellings
          .filter(spelling => spelling.ended === 'loop' && spelling.hops.length === 1)
          .map(spelling => new URL(spelling.start).hostname)
          .filter(host => behind.includes(host))
      : []
    const records = zone.ok ? zone.value.records : []
    const spf = records
      .filter(record => record.type === 'TXT' && /^v=spf1\b/i.test(record.data))
      .flatMap(record =>
        [...record.data.matchAll(/\bip4:(\d+\.\d+\.\d+\.\d+)(?=\s|$)/g)].map(match => ({
          address: match[1]!,
          shownBy: `${record.name} TXT (SPF)`,
        })),
      )
    const others = records
      .filter(record => record.type === 'A' && !isCloudflare(record.data) && !behind.includes(record.name))
      .map(record => ({ address: record.data, shownBy: `${record.name} A` }))
    const candidates = behind.length
      ? [...new Map([...others, ...spf].map(item => [item.address, item])).values()].slice(0, mostCandidates)
      : []
    const probes = await Promise.all(
      behind.slice(0, 3).flatMap(host =>
        candidates.map(async ({ address, shownBy }) => {
          const answer = await context.net.http({ url: `https://${host}/`, address, verify: 'any', fresh: true })
          const hop = answer.ok ? answer.value.hops[0] : undefined
          // A server that holds a certificate for the name is the origin; Cloudflare's own origin certificates are trusted by nobody else.
          const isOrigin =
            hop !== undefined &&
            (hop.tls?.authorized === true || hop.tls?.covers === true) &&
            hop.status < 500 &&
            headerOf(hop, 'cf-ray') === null
          return isOrigin ? { host, address, shownBy, status: hop.status } : null
        }),
      ),
    )
    const exchanges = records
      .filter(record => record.type === 'MX')
      .map(record => record.data.split(' ')[1]?.replace(/\.$/, '') ?? '')
    const mailBehind = records
      .filter(record => record.type === 'A' && exchanges.includes(record.name) && isCloudflare(record.data))
      .map(record => record.name)
    return observed(
      {
        nameServers: known.ok && known.value.child.some(name => name.endsWith('.ns.cloudflare.com')),
        behind,
        elsewhere: seen
          .filter(({ edge }) => edge.ok && edge.value.edge !== null && edge.value.edge !== 'Cloudflare')
          .map(({ host }) => host.name)
          .sort(),
        loops: [...new Set([...loops, ...looping])].sort(),
        exposed: probes
          .filter(probe => probe !== null)
          .sort((a, b) => (`${a.host} ${a.address}` < `${b.host} ${b.address}` ? -1 : 1)),
        mailBehind: [...new Set(mailBehind)].sort(),
      },
      context.now(),
    )
  },
}
export default fact
