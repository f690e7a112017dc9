// dns-map.md, its zone file and its diagram: every name, what stands there, where it leads, for how long, and why.
import type { SavedFact } from '../core/fact.ts'
import { serviceOf } from '../data/dangling-services.ts'
import { dnsProviderOf } from '../data/dns-providers.ts'
import { edgeOf } from '../data/edge-ranges.ts'
import { mailProviders } from '../data/mail-providers.ts'
import { isWithin, nameSortKey, normaliseName, relativeName } from '../formats/dns/name.ts'
import { printZone } from '../formats/dns/zone-file.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type Document, factOf } from './deliverable.ts'

type Input = { facts: readonly SavedFact[]; domain: string; now: number }
type ZoneRecord = { name: string; type: string; ttl: number; data: string }

const code = (text: string): string => markdownCode(text, { inTable: true, limit: 300 })
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map(row => `| ${row.join(' | ')} |`),
  '',
]

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

/** dns-map.md and the zone file beside it. Empty when the zone could not be read. */
export const dnsMap = ({ facts, domain, now }: Input): Document[] => {
  const zoneFact = factOf(facts, 'zoneRecords')
  const servers = factOf(facts, 'nameServers')
  const date = new Date(now).toISOString().slice(0, 10)
  if (!zoneFact?.ok)
    return [
      {
        path: 'dns-map.md',
        content: `# DNS map of ${escapeMarkdown(domain)}\n\n${date}. The zone could not be read: ${escapeMarkdown(zoneFact?.message ?? 'it was not collected')}.\n`,
      },
    ]
  const { zone, records, source, unread } = zoneFact.value
  const sorted = records
    .map(record => ({ record, key: `${nameSortKey(record.name)}\u0000\u0000${record.type} ${record.data}` }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ record }) => record)
  const leading = Map.groupBy(
    sorted.filter(record => ['A', 'AAAA', 'CNAME'].includes(record.type)),
    record => record.name,
  )
  const certificates = new Map(
    facts
      .filter(item => item.fact === 'certificateNames')
      .map(item => [item.on.name, item.is as { ok: boolean; value?: { issuer: string; notAfter: string } }]),
  )
  const edges = new Map(
    facts
      .filter(item => item.fact === 'hostEdges')
      .map(item => [item.on.name, item.is as { ok: boolean; value?: { edge: string | null } }]),
  )
  const hosts = [...leading.keys()]
  const provider = servers?.ok ? dnsProviderOf(servers.value.child) : null
  const certificateOf = (name: string): string => {
    const fact = certificates.get(name)
    return fact?.ok && fact.value
      ? `${escapeMarkdown(fact.value.issuer)}, until ${fact.value.notAfter.slice(0, 10)}`
      : ''
  }
  const lines = [
    `# DNS map of ${escapeMarkdown(domain)}`,
    '',
    `${date}. Zone ${code(zone)}, ${records.length} records, read from its own name servers ${source === 'transfer' ? 'by a zone transfer: this is everything' : 'name by name: names that nobody told us are not here'}.`,
    provider
      ? `Records are edited at ${provider.name}: ${provider.edit}`
      : 'Records are edited wherever the name servers below belong to.',
    '',
    '## Hosts',
    '',
    ...table(
      ['name', 'leads to', 'who', 'kept for', 'certificate', 'what for'],
      hosts.map(name => {
        const own = leading.get(name) ?? []
        const who = edges.get(name)?.value?.edge ?? own.map(providerOf).find(text => text !== '') ?? ''
        return [
          code(name),
          own.map(record => code(record.data)).join('<br>'),
          escapeMarkdown(who),
          lifetime(own[0]!.ttl),
          certificateOf(name),
          purposeOf(relativeName(name, zone), own[0]!),
        ]
      }),
    ),
    '## Name servers',
    '',
    ...(servers?.ok
      ? table(
          ['server', 'address', 'over UDP', 'over TCP', 'serial'],
          servers.value.servers.map(server => [
            code(server.name),
            code(server.address),
            server.udp.state,
            server.tcp.state,
            server.soa ? String(server.soa.serial) : '',
          ]),
        )
      : ['They could not be asked.', '']),
    '## How it hangs together',
    '',
    '```mermaid',
    dnsDiagram(zone, sorted),
    '```',
    '',
    '## Every record',
    '',
    ...table(
      ['name', 'type', 'data', 'who', 'kept for', 'what for'],
      sorted.map(record => [
        code(relativeName(record.name, zone)),
        record.type,
        code(record.data),
        escapeMarkdown(providerOf(record)),
        lifetime(record.ttl),
        purposeOf(relativeName(record.name, zone), record),
      ]),
    ),
    ...(unread.length ? ['## Could not be read', '', ...unread.map(text => `- ${code(text)}`), ''] : []),
    `The same as a zone file: \`${zone}.zone\`. Keep what is expected with \`launch-ready dns snapshot ${domain}\`, compare it every night with \`launch-ready dns drift ${domain}\`.`,
    '',
  ]
  return [
    { path: 'dns-map.md', content: lines.join('\n') },
    {
      path: `${zone.replace(/[^a-z0-9._-]/g, '_')}.zone`,
      content: printZone(zone, records, [
        `DNS of ${zone}, ${date}, by launch-ready`,
        ...(source === 'names' ? ['read name by name: names that nobody told us are not here'] : []),
      ]),
    },
  ]
}
