// Names below the domain and where each was seen: an open transfer, common labels, certificate transparency, certificates, records.

import { type Fact, observed, type Subject } from '../../core/fact.ts'
import { commonLabels } from '../../data/common-names.ts'
import { isHostName, listedNames } from '../../formats/dns/listed-names.ts'
import { isWithin, normaliseName } from '../../formats/dns/name.ts'
import { type DnsRecord, headersOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { furtherHost, hostSubject } from '../subjects.ts'
import { ask, firstAnswer, type ServerAddress } from './authority.ts'
import { answeringServers, type NameServers } from './name-servers.ts'
import type { TransparencyNames } from './transparency-names.ts'

export type FoundName = {
  name: string
  /**
   * `zone` transfer, `common` label, `transparency`, `certificate`, `record` (SPF, an alias), `service` (NS, MX), `cloudflare` (its API),
   * `policy` (CSP), `reports` (DMARC), `host` (discovered or configured), `config` (dns.subdomains). Sorted. */
  sources: string[]
  /** Its alias, when it is one. */
  cname: string | null
  addresses: string[]
  /** False for names that only a log knows and DNS does not any more. */
  exists: boolean
}

export type FoundNames = {
  names: FoundName[]
  /** Sources that could not be asked, and why. */
  unasked: { source: string; message: string }[]
}

const mostNames = 200

/** Names that the mail records of the domain lead to: mail servers, and what SPF names. */
const recordNames = async (context: CollectContext, servers: readonly ServerAddress[], domain: string) => {
  const any = () => true
  const [mx, txt] = await Promise.all([
    firstAnswer(context, servers, domain, 'MX', any),
    firstAnswer(context, servers, domain, 'TXT', any),
  ])
  const spf = (txt?.reply.answers ?? []).map(record => record.data).filter(text => /^v=spf1\b/i.test(text))
  return {
    service: (mx?.reply.answers ?? []).map(record => String(record.fields?.['exchange'] ?? '')),
    record: spf.flatMap(text =>
      [...text.matchAll(/[\s+?~-](?:include:|a:|mx:|redirect=)([a-z0-9_.-]+)/gi)].map(match => match[1]!),
    ),
  }
}

/** Hosts that the content security policies of a host's pages name. */
const policyNames = async (context: CollectContext, host: Subject): Promise<string[]> => {
  const web = await context.need('web', host)
  const hops = web.ok ? [web.value.https, web.value.http].flatMap(side => (side.ok ? side.value.hops : [])) : []
  return hops
    .flatMap(hop => [
      ...headersOf(hop, 'content-security-policy'),
      ...headersOf(hop, 'content-security-policy-report-only'),
    ])
    .flatMap(policy => policy.split(/[\s;,]+/))
    .map(source => source.replace(/^(?:https?|wss?):\/\//i, '').replace(/[:/].*$/, ''))
    .filter(name => name.includes('.'))
}

/** What DNS says of a name: its alias and addresses, and whether it exists. */
type Looked = { own: DnsRecord[]; addresses: string[]; exists: boolean; delegated: boolean }

const lookAt = async (
  context: CollectContext,
  server: ServerAddress | undefined,
  name: string,
  zone: string,
): Promise<Looked> => {
  const nothing: Looked = { own: [], addresses: [], exists: false, delegated: false }
  if (!server) return nothing
  const reply = await ask(context, server, name, 'A')
  if (!reply.ok) return nothing
  const { rcode, authoritative, answers, authorities } = reply.value
  const ownOf = (records: readonly DnsRecord[]) => records.filter(record => normaliseName(record.name) === name)
  const addressesOf = (records: readonly DnsRecord[]) =>
    records.filter(record => record.type === 'A' || record.type === 'AAAA').map(record => record.data)
  const cut = authoritative
    ? undefined
    : authorities.find(
        record => record.type === 'NS' && isWithin(name, record.name) && normaliseName(record.name) !== zone,
      )
  if (cut && ownOf(answers).length === 0) {
    // Handed to other servers: what they say comes through the resolver.
    const below = await context.net.dns.lookup(name, 'A')
    const delegated = normaliseName(cut.name) === name
    const addresses = below.ok ? addressesOf(below.value.records) : []
    return { own: [], addresses, exists: delegated || addresses.length > 0, delegated }
  }
  if (ownOf(answers).length === 0 && rcode === 'NOERROR') {
    const six = await ask(context, server, name, 'AAAA')
    const more = six.ok ? six.value.answers : []
    return { own: ownOf(more), addresses: addressesOf(more), exists: true, delegated: false }
  }
  return { own: ownOf(answers), addresses: addressesOf(answers), exists: ownOf(answers).length > 0, delegated: false }
}

/** Hosts of the product: those that the pages lead to, the usual ones and those of the config. */
const productHosts = async (context: CollectContext, domain: string): Promise<Subject[]> => {
  const found = await context.need('hosts')
  return found.ok ? found.value.hosts.map(({ name }) => hostSubject(name, domain)) : []
}

/** Names with the sources that know them. */
type Gathered = { add(name: string, source: string): void; names: ReadonlyMap<string, ReadonlySet<string>> }

/** Gathers names below the domain; wildcards, other names and what is beyond the bound are left out. */
const gatherBelow = (domain: string): Gathered => {
  const names = new Map<string, Set<string>>()
  const add = (name: string, source: string): void => {
    const text = normaliseName(name)
    const isBelow = isWithin(text, domain) && text !== domain
    if (!isBelow || text.startsWith('*.') || !/^[a-z0-9_.-]+$/.test(text)) return
    if (names.size >= mostNames && !names.has(text)) return
    names.set(text, (names.get(text) ?? new Set()).add(source))
  }
  return { add, names }
}

/** Record types whose names are places, not texts about them. */
const placeTypes = ['A', 'AAAA', 'CNAME', 'NS']

/** Names that certificates and policies of the hosts show, in the order of the hosts. */
const hostSources = async (context: CollectContext, hosts: readonly Subject[]) => {
  const [certificates, policies] = await Promise.all([
    Promise.all(hosts.map(host => context.need('certificateNames', host))),
    Promise.all(hosts.map(host => policyNames(context, host))),
  ])
  const certified = certificates.flatMap(certificate => (certificate.ok ? certificate.value.names : []))
  return { certified, policies: policies.flat() }
}

/**
 * Every source of names, asked at once. The names are added in a fixed order, because the first `mostNames` are kept: what is known to
 * be there comes before what logs and guesses say.
 */
const gatherAll = async (
  context: CollectContext,
  subject: Subject,
  known: NameServers,
): Promise<{ found: Gathered; logs: Fact<TransparencyNames> }> => {
  const domain = subject.name
  const servers = answeringServers(known)
  const [transfer, logs, hosts, mailNames, cloudflare, reports] = await Promise.all([
    context.need('zoneTransfer', subject),
    context.need('transparencyNames', subject),
    // Not the list of all hosts, which is made from these names.
    productHosts(context, domain),
    recordNames(context, servers, domain),
    context.need('cloudflareZone', subject),
    // Reports in a mailbox take their time to be read: the names wait for files alone.
    /^imaps?:/i.test(context.config.email?.reports ?? '') ? null : context.need('dmarcReports', subject),
  ])
  const { certified, policies } = await hostSources(context, hosts)
  const places = (records: readonly { name: string; type: string }[]): string[] =>
    records.filter(record => placeTypes.includes(record.type)).map(record => record.name)
  const sources: [source: string, names: readonly string[]][] = [
    ['host', hosts.map(host => host.name)],
    ['config', listedNames(context.target.subdomains, domain)],
    ['zone', transfer.ok ? places(transfer.value.records ?? []) : []],
    ['cloudflare', cloudflare.ok && cloudflare.value.records.seen ? places(cloudflare.value.records.value) : []],
    ['certificate', certified],
    ['record', mailNames.record],
    ['service', [...mailNames.service, ...known.servers.map(server => server.name)]],
    ['reports', reports?.ok ? reports.value.summary.names : []],
    ['policy', policies],
    ['transparency', logs.ok ? logs.value.names : []],
    ['common', commonLabels.map(label => `${label}.${domain}`)],
  ]
  const found = gatherBelow(domain)
  for (const [source, names] of sources) for (const name of names) found.add(name, source)
  return { found, logs }
}

/** What is reported of a name; null for a guess that nothing answers but the wildcard. `wild` are the wildcard's records. */
const foundName = (
  name: string,
  sources: ReadonlySet<string>,
  { own, addresses, exists, delegated }: Looked,
  wild: ReadonlySet<string>,
): FoundName | null => {
  const onlyWild = own.length > 0 && own.every(record => wild.has(`${record.type} ${record.data}`))
  const guessed = [...sources].every(source => source === 'common')
  if (guessed && (onlyWild || (own.length === 0 && addresses.length === 0 && !delegated))) return null
  const cname = own.find(record => record.type === 'CNAME')?.data ?? null
  return {
    name,
    sources: [...sources].sort(),
    cname: cname ? normaliseName(cname) : null,
    addresses: [...new Set(addresses)].sort(),
    exists,
  }
}

/** Names in the certificates of the names that were found; what is no host of the product has shown none yet. */
const certifiedNames = async (
  context: CollectContext,
  found: readonly FoundName[],
  domain: string,
): Promise<string[]> => {
  const further = found.filter(
    ({ exists, addresses, sources }) => exists && addresses.length && !sources.includes('host'),
  )
  const seen = await Promise.all(
    further
      .filter(({ name }) => isHostName(name))
      .map(async name => {
        const subject = furtherHost(name, domain)
        context.announce(subject)
        return context.need('certificateNames', subject)
      }),
  )
  return seen.flatMap(certificate => (certificate.ok ? certificate.value.names : []))
}

const fact: FactDefinition<FoundNames> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const { zone } = known.value
    const servers = answeringServers(known.value)
    // Each name is asked once; the common ones at once, while the other sources are still looked at.
    const asked = new Map<string, Promise<Looked>>()
    const look = (name: string): Promise<Looked> => {
      let looked = asked.get(name)
      if (looked === undefined) {
        looked = lookAt(context, servers[asked.size % Math.max(1, servers.length)], name, zone)
        asked.set(name, looked)
      }
      return looked
    }
    for (const label of commonLabels) void look(`${label}.${subject.name}`)
    const [wildcard, { found, logs }] = await Promise.all([
      context.need('wildcard', subject),
      gatherAll(context, subject, known.value),
    ])
    const wild = new Set(wildcard.ok ? wildcard.value.records.map(record => `${record.type} ${record.data}`) : [])
    const judged = async (names: readonly [string, ReadonlySet<string>][]): Promise<FoundName[]> => {
      const all = await Promise.all(
        names.map(async ([name, sources]) => foundName(name, sources, await look(name), wild)),
      )
      return all.filter(name => name !== null)
    }
    const first = await judged([...found.names])
    // An alias inside the domain shows the name that it leads to.
    const before = new Set(found.names.keys())
    for (const { cname } of first) if (cname) found.add(cname, 'record')
    for (const name of await certifiedNames(context, first, subject.name)) found.add(name, 'certificate')
    const second = await judged([...found.names].filter(([name]) => !before.has(name)))
    return observed(
      {
        names: [...first, ...second].sort((a, b) => (a.name < b.name ? -1 : 1)),
        unasked: !logs.ok ? [{ source: 'certificate transparency', message: logs.message }] : [],
      },
      context.now(),
    )
  },
}
export default fact
