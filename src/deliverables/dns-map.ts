// dns-map.md, its zone file and its diagram: every name, what stands there, where it leads, for how long, and why.
import type { SavedFact } from '../core/fact.ts'
import { serviceOf } from '../data/dangling-services.ts'
import { dnsProviderOf } from '../data/dns-providers.ts'
import { edgeOf } from '../data/edge-ranges.ts'
import { mailProviders } from '../data/mail-providers.ts'
import type { Facts } from '../facts/index.generated.ts'
import { isWithin, nameSortKey, normaliseName, relativeName } from '../formats/dns/name.ts'
import { printZone } from '../formats/dns/zone-file.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type Document, factOf } from './deliverable.ts'
import { table } from './markdown-table.ts'

type Input = { facts: readonly SavedFact[]; domain: string; now: number }
type ZoneRecord = { name: string; type: string; ttl: number; data: string }

const code = (text: string): string => markdownCode(text, { inTable: true, limit: 300 })
const purposes: [RegExp, string][] = [
  [/^_dmarc(\.|$)/, 'says what receivers do with mail that only claims to be yours'],
  [/_domainkey(\.|$)/, 'key that signs outgoing mail'],
  [/^_mta-sts(\.|$)|^mta-sts(\.|$)/, 'demands encryption of mail to you'],
  [/^_smtp\._tls(\.|$)/, 'where reports about mail encryption go'],
  [/_bimi(\.|$)/, 'logo beside your mails'],
  [/^_acme-challenge(\.|$)/, 'proves the name to a certificate authority'],
  [/^(www)(\.|$)/, 'the site, as many people type it'],
  [/^(app|dashboard|portal)(\.|$)/, 'the product'],
  [/^(api|graphql|ws)(\.|$)/, 'what the product talks to'],
  [/^(status)(\.|$)/, 'status page'],
  [/^(docs|help|support)(\.|$)/, 'help for customers'],
  [/^(blog|news)(\.|$)/, 'blog'],
  [/^(mail|smtp|mx\d*|imap)(\.|$)/, 'mail'],
  [/^ns\d+(\.|$)/, 'name server'],
  [/^(staging|stage|dev|test|preview)(\.|$)/, 'test system'],
]

const purposeOf = (label: string, record: ZoneRecord): string => {
  if (record.type === 'MX') return 'where mail to the domain goes'
  if (record.type === 'NS') return label === '@' ? 'who serves this zone' : 'handed to other servers'
  if (record.type === 'CAA') return 'who may issue certificates'
  if (record.type === 'SOA') return 'settings of the zone'
  if (/^v=spf1\b/i.test(record.data)) return 'who may send mail in your name'
  if (record.type === 'TXT' && /verif|=[\w-]{20,}$/i.test(record.data)) return 'proves the domain to a service'
  const found = purposes.find(([pattern]) => pattern.test(label))
  return found ? found[1] : label === '@' ? 'the domain itself' : ''
}

/** Who is behind a record's data, as far as it shows. */
const providerOf = (record: ZoneRecord): string => {
  const target = normaliseName(record.data.split(' ').at(-1) ?? '')
  if (record.type === 'NS') return dnsProviderOf([target])?.name ?? ''
  if (record.type === 'A' || record.type === 'AAAA')
    return edgeOf({ addresses: [record.data], aliases: [], headers: [] })?.name ?? ''
  if (record.type === 'CNAME')
    return serviceOf(target)?.name ?? edgeOf({ addresses: [], aliases: [target], headers: [] })?.name ?? ''
  if (record.type === 'MX')
    return mailProviders.find(provider => provider.mx.some(end => isWithin(target, end)))?.name ?? ''
  return ''
}

const lifetime = (seconds: number): string =>
  seconds % 86_400 === 0 && seconds > 0
    ? `${seconds / 86_400} d`
    : seconds % 3600 === 0 && seconds > 0
      ? `${seconds / 3600} h`
      : seconds % 60 === 0 && seconds > 0
        ? `${seconds / 60} min`
        : `${seconds} s`

/** Mermaid labels: quoted, without what could end the quotes. */
const label = (text: string): string => `"${text.replace(/["\\`<>#;{}]/g, ' ').slice(0, 60)}"`

/** Names and what they lead to, as a Mermaid flow chart; at most 60 arrows. */
export const dnsDiagram = (zone: string, records: readonly ZoneRecord[]): string => {
  const nodes = new Map<string, string>()
  const node = (text: string): string => {
    if (!nodes.has(text)) nodes.set(text, `n${nodes.size}`)
    return nodes.get(text)!
  }
  const arrows = records
    .filter(record => ['A', 'AAAA', 'CNAME', 'MX'].includes(record.type))
    .slice(0, 60)
    .map(record => {
      const target = record.type === 'MX' ? normaliseName(record.data.split(' ')[1] ?? '') : normaliseName(record.data)
      return `  ${node(record.name)} -->|${record.type}| ${node(target || '.')}`
    })
  return [
    'flowchart LR',
    ...[...nodes].map(([text, id]) => `  ${id}[${label(text === zone ? `${text} (apex)` : text)}]`),
    ...arrows,
  ].join('\n')
}

type Zone = Facts['zoneRecords']

const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME']

/** Records by name, the zone's own first, then by type and data. */
const inOrder = (records: readonly ZoneRecord[]): ZoneRecord[] =>
  records
    .map(record => ({ record, key: `${nameSortKey(record.name)}\u0000\u0000${record.type} ${record.data}` }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ record }) => record)

const openingLines = ({ zone, records, source }: Zone, facts: readonly SavedFact[], date: string): string[] => {
  const servers = factOf(facts, 'nameServers')
  const provider = servers?.ok ? dnsProviderOf(servers.value.child) : null
  const how =
    source === 'transfer'
      ? 'by a zone transfer: this is everything'
      : 'name by name: names that nobody told us are not here'
  return [
    `${date}. Zone ${code(zone)}, ${records.length} records, read from its own name servers ${how}.`,
    provider
      ? `Records are edited at ${provider.name}: ${provider.edit}`
      : 'Records are edited wherever the name servers below belong to.',
    '',
  ]
}

const certificateOf = (facts: readonly SavedFact[], name: string): string => {
  const fact = factOf(facts, 'certificateNames', name)
  return fact?.ok ? `${escapeMarkdown(fact.value.issuer)}, until ${fact.value.notAfter.slice(0, 10)}` : ''
}

const hostLines = (zone: string, sorted: readonly ZoneRecord[], facts: readonly SavedFact[]): string[] => {
  const leading = Map.groupBy(
    sorted.filter(record => addressTypes.includes(record.type)),
    record => record.name,
  )
  const rows = [...leading].map(([name, own]) => {
    const edges = factOf(facts, 'hostEdges', name)
    const edge = edges?.ok ? edges.value.edge : null
    return [
      code(name),
      own.map(record => code(record.data)).join('<br>'),
      escapeMarkdown(edge ?? own.map(providerOf).find(text => text !== '') ?? ''),
      lifetime(own[0]!.ttl),
      certificateOf(facts, name),
      purposeOf(relativeName(name, zone), own[0]!),
    ]
  })
  return ['## Hosts', '', ...table(['name', 'leads to', 'who', 'kept for', 'certificate', 'what for'], rows)]
}

const serverLines = (facts: readonly SavedFact[]): string[] => {
  const servers = factOf(facts, 'nameServers')
  if (!servers?.ok) return ['## Name servers', '', 'They could not be asked.', '']
  const rows = servers.value.servers.map(({ name, address, udp, tcp, soa }) => [
    code(name),
    code(address),
    udp.state,
    tcp.state,
    soa ? String(soa.serial) : '',
  ])
  return ['## Name servers', '', ...table(['server', 'address', 'over UDP', 'over TCP', 'serial'], rows)]
}

const recordLines = (zone: string, sorted: readonly ZoneRecord[]): string[] => {
  const rows = sorted.map(record => [
    code(relativeName(record.name, zone)),
    record.type,
    code(record.data),
    escapeMarkdown(providerOf(record)),
    lifetime(record.ttl),
    purposeOf(relativeName(record.name, zone), record),
  ])
  return ['## Every record', '', ...table(['name', 'type', 'data', 'who', 'kept for', 'what for'], rows)]
}

const zoneDocument = ({ zone, records, source }: Zone, date: string): Document => ({
  path: `${zone.replace(/[^a-z0-9._-]/g, '_')}.zone`,
  content: printZone(zone, records, [
    `DNS of ${zone}, ${date}, by launch-ready`,
    ...(source === 'names' ? ['read name by name: names that nobody told us are not here'] : []),
  ]),
})

/** dns-map.md and the zone file beside it. Without a zone, the map says why. */
export const dnsMap = ({ facts, domain, now }: Input): Document[] => {
  const fact = factOf(facts, 'zoneRecords')
  const date = new Date(now).toISOString().slice(0, 10)
  const title = `# DNS map of ${escapeMarkdown(domain)}`
  if (!fact?.ok) {
    const why = escapeMarkdown(fact?.message ?? 'it was not collected')
    return [{ path: 'dns-map.md', content: `${title}\n\n${date}. The zone could not be read: ${why}.\n` }]
  }
  const { zone, records, unread } = fact.value
  const sorted = inOrder(records)
  const lines = [
    title,
    '',
    ...openingLines(fact.value, facts, date),
    ...hostLines(zone, sorted, facts),
    ...serverLines(facts),
    '## How it hangs together',
    '',
    '```mermaid',
    dnsDiagram(zone, sorted),
    '```',
    '',
    ...recordLines(zone, sorted),
    ...(unread.length ? ['## Could not be read', '', ...unread.map(text => `- ${code(text)}`), ''] : []),
    `The same as a zone file: \`${zone}.zone\`. Keep what is expected with \`launch-ready dns snapshot ${domain}\`, compare it every night with \`launch-ready dns drift ${domain}\`.`,
    '',
  ]
  return [{ path: 'dns-map.md', content: lines.join('\n') }, zoneDocument(fact.value, date)]
}
