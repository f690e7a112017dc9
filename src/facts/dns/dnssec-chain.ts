// Everything that validating the zone needs: keys and DS records from the trust anchor down, and signed answers of every server.
// Nothing is judged here; formats/dns/dnssec-chain.ts does that.

import { type Fact, missing, observed } from '../../core/fact.ts'
import { rootTrustAnchors } from '../../data/trust-anchors.ts'
import type { SignedRecord } from '../../formats/dns/canonical-data.ts'
import { type DnskeyFields, dsDigest, keyTagOf } from '../../formats/dns/dnskey.ts'
import type { Anchor, ChainInput, ChainLink, SignedAnswer, ZoneProbe } from '../../formats/dns/dnssec-chain.ts'
import { climb, isWithin, normaliseName } from '../../formats/dns/name.ts'
import type { DnsReply } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { impossibleLabel } from '../http/hosts.ts'
import { ask, type ServerAddress } from './authority.ts'
import type { Delegation } from './delegation.ts'
import { answeringServers } from './name-servers.ts'

export type DnssecChain = ChainInput

/** `example.com. IN DS 1 8 2 ABCD…` or the same with DNSKEY → an anchor; null when it is neither. */
export const parseAnchor = (text: string): Anchor | null => {
  const parts = text.trim().split(/\s+/)
  const at = parts.findIndex(part => /^(DS|DNSKEY)$/i.test(part))
  if (at < 1) return null
  const name = normaliseName(parts[0]!)
  const [a = '', b = '', c = '', ...rest] = parts.slice(at + 1)
  const tail = rest.join('')
  if (/^DS$/i.test(parts[at]!))
    return { name, keyTag: Number(a), algorithm: Number(b), digestType: Number(c), digest: tail.toLowerCase() }
  const bare = { flags: Number(a), protocol: Number(b), algorithm: Number(c), publicKey: tail }
  const key: DnskeyFields = { ...bare, keyTag: keyTagOf(bare) }
  return { name, keyTag: key.keyTag, algorithm: key.algorithm, digestType: 2, digest: dsDigest(name, key, 2)! }
}

/** The parts of an answer that validation reads. A resolver's TTLs are remainders: they are dropped. */
const answerOf = (from: string, reply: DnsReply): SignedAnswer => {
  const strip = (records: DnsReply['answers']) =>
    records
      .slice(0, 60)
      .map(({ name, type, data, fields }) => ({ name, type, ttl: 0, data, fields }))
      .sort((a, b) => (`${a.name} ${a.type} ${a.data}` < `${b.name} ${b.type} ${b.data}` ? -1 : 1))
  const proofs = reply.authorities.filter(record => ['SOA', 'NSEC', 'NSEC3', 'RRSIG', 'DS'].includes(record.type))
  return {
    from,
    rcode: reply.rcode,
    authoritative: reply.authoritative,
    answers: strip(reply.answers),
    authorities: strip(proofs),
  }
}

const askServers = async (
  context: CollectContext,
  servers: readonly ServerAddress[],
  name: string,
  type: string,
): Promise<SignedAnswer[]> => {
  const replies = await Promise.all(
    servers.map(async server => ({ server, reply: await ask(context, server, name, type, { dnssec: true }) })),
  )
  return replies.flatMap(({ server, reply }) =>
    reply.ok ? [answerOf(`${server.name || 'root'} (${server.address})`, reply.value)] : [],
  )
}

/** Servers that answered out of a zone below, which they serve as well: `zone` has no part in those answers. */
const serversOfZoneBelow = async (
  context: CollectContext,
  servers: readonly ServerAddress[],
  zone: string,
  name: string,
  answers: readonly SignedAnswer[],
): Promise<string[]> => {
  const signer = (record: SignedRecord): string => normaliseName(String(record.fields?.['signer'] ?? ''))
  const signed = (answer: SignedAnswer): boolean =>
    [...answer.answers, ...answer.authorities].some(record => record.type === 'RRSIG' && signer(record) === zone)
  if (name === zone || answers.every(signed)) return []
  const apexes = await askServers(context, servers, name, 'SOA')
  return apexes
    .filter(answer =>
      [...answer.answers, ...answer.authorities].some(
        record => record.type === 'SOA' && isWithin(name, record.name) && normaliseName(record.name) !== zone,
      ),
    )
    .map(answer => answer.from)
}

const askResolver = async (context: CollectContext, name: string, type: string): Promise<SignedAnswer[]> => {
  const reply = await context.net.dns.query(name, type, { dnssec: true })
  return reply.ok ? [answerOf('the resolver', reply.value)] : []
}

/** Hosts whose answers must verify: www, and those that the config names. */
const hostsToProve = (context: CollectContext, domain: string, zone: string): string[] =>
  [...new Set([`www.${domain}`, ...Object.values(context.target.hosts)])]
    .filter(name => isWithin(name, zone) && name !== zone)
    .slice(0, 10)

/** Servers of a zone that are asked; above the zone itself a few are enough. */
const most = { own: 8, above: 3 }

/** DS records at the parent and the keys of `name`, from authoritative servers where they are known, else from the resolver. */
const linkOf = async (
  context: CollectContext,
  { zone, walked, parent, above }: Delegation,
  servers: readonly ServerAddress[],
  name: string,
  isFirst: boolean,
): Promise<ChainLink> => {
  const level = above.findIndex(each => each.zone === name)
  const parents =
    name === zone
      ? (parent?.servers.filter(answer => answer.rcode !== null).map(answer => answer.server) ?? [])
      : level > 0
        ? above[level - 1]!.servers
        : []
  const own = level < 0 ? [] : above[level]!.servers
  const askDs = (): Promise<SignedAnswer[]> =>
    parents.length ? askServers(context, parents.slice(0, most.above), name, 'DS') : askResolver(context, name, 'DS')
  const askKeys = (): Promise<SignedAnswer[]> => {
    if (name === zone) return askServers(context, servers, name, 'DNSKEY')
    return walked === 'roots' && own.length
      ? askServers(context, own.slice(0, most.above), name, 'DNSKEY')
      : askResolver(context, name, 'DNSKEY')
  }
  const [ds, keys] = await Promise.all([isFirst ? [] : askDs(), askKeys()])
  return { name, ds, keys }
}

/** Answers of the zone itself that must verify: the apex, the hosts, and a name that cannot exist. */
const probesOf = async (
  context: CollectContext,
  servers: readonly ServerAddress[],
  domain: string,
  zone: string,
): Promise<ZoneProbe[]> => {
  const questions: [string, string][] = [
    ...['SOA', 'NS', 'A', 'AAAA', 'MX', 'TXT'].map((type): [string, string] => [zone, type]),
    ...hostsToProve(context, domain, zone).map((name): [string, string] => [name, 'A']),
    [`_dmarc.${domain}`, 'TXT'],
    [`${impossibleLabel(zone)}.${zone}`, 'A'],
  ]
  return Promise.all(
    questions.map(async ([name, type]) => {
      const answers = await askServers(context, servers, name, type)
      const below = await serversOfZoneBelow(context, servers, zone, name, answers)
      return { name, type, answers: answers.filter(answer => !below.includes(answer.from)) }
    }),
  )
}

const fact: FactDefinition<DnssecChain> = {
  on: 'domain',
  deadlines: 8,
  async collect(subject, context): Promise<Fact<DnssecChain>> {
    const [known, delegation] = await Promise.all([
      context.need('nameServers', subject),
      context.need('delegation', subject),
    ])
    if (!known.ok) return known
    if (!delegation.ok) return delegation
    const { zone } = known.value
    const parsed = (context.config.dns?.trustAnchors ?? rootTrustAnchors).map(parseAnchor)
    const anchors = parsed.filter(anchor => anchor !== null)
    if (anchors.length < parsed.length)
      return missing('malformed', 'dns.trustAnchors holds something that is neither a DS nor a DNSKEY record')
    const servers = answeringServers(known.value).slice(0, most.own)
    if (servers.length === 0) return missing('servfail', `no name server of ${zone} answers with authority`)
    const path = ['', ...climb(zone).reverse()]
    const anchored = new Set(anchors.map(anchor => anchor.name))
    const nearest = path.findLastIndex(name => anchored.has(name))
    const names = path.slice(Math.max(0, nearest))
    const [links, probes] = await Promise.all([
      Promise.all(names.map((name, at) => linkOf(context, { ...delegation.value, zone }, servers, name, at === 0))),
      probesOf(context, servers, subject.name, zone),
    ])
    return observed({ zone, anchors, links, probes }, context.now())
  },
}
export default fact
