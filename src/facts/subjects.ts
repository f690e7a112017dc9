// Which subjects there are of each kind: from the target where they are given, from facts where they are discovered.

import { basename } from 'node:path'
import type { Config } from '../config/schema.ts'
import { type Fact, type Missing, observed, type Subject, type SubjectKind } from '../core/fact.ts'
import type { Target } from '../core/target.ts'
import { isHostName, isServiceName, listedNames } from '../formats/dns/listed-names.ts'
import { channelOf } from '../formats/monitor/section.ts'
import type { FoundName, FoundNames } from './dns/found-names.ts'
import type { Hosts } from './http/hosts.ts'
import type { Routes } from './http/routes.ts'

type Need = (name: string, subject: Subject) => Promise<Fact<unknown>>

export const domainSubject = (domain: string): Subject => ({ kind: 'domain', name: domain })

/** A host of the domain under audit. */
export const hostSubject = (name: string, domain: string, details?: Subject['details']): Subject => ({
  kind: 'host',
  name,
  parent: domainSubject(domain),
  details,
})

/** A route, by its URL; contained by its host. */
export const routeSubject = (url: string, domain: string, details: Subject['details']): Subject => ({
  kind: 'route',
  name: url,
  parent: hostSubject(new URL(url).hostname, domain),
  details,
})

/** The repository, by its directory's name; `details.root` is its absolute path. */
export const repoSubject = (root: string): Subject => ({
  kind: 'repo',
  name: basename(root) || root,
  details: { root },
})

/** The mail that a flow brought; `details.flow` is the name of the flow's subject. */
export const messageSubject = (flow: Subject, domain: string): Subject => ({
  kind: 'message',
  name: `mail of "${String(flow.details?.['flow'])}"`,
  parent: domainSubject(domain),
  details: { flow: flow.name },
})

type NamedFlow = { name: string; kind?: string | undefined }

/** Flows of the config, or of the run whose facts are judged again. */
const flowsOf = (target: Target, config: Config): { pages: readonly NamedFlow[]; mails: readonly NamedFlow[] } => {
  const email = target.sections['email'] as { flows?: NamedFlow[] } | undefined
  const pages = target.sections['flows'] as NamedFlow[] | undefined
  return { pages: config.flows ?? pages ?? [], mails: config.email?.flows ?? email?.flows ?? [] }
}

/** A message that was handed over. */
const messageOf = (name: string, domain: string | null): Subject => ({
  kind: 'message',
  name,
  parent: domain ? domainSubject(domain) : undefined,
  details: { file: name },
})

/** Logs that the config has watched. Facts of another run name theirs themselves. */
const watchedLogs = (target: Target, config: Config): string[] =>
  target.logs ? [] : (config.monitor?.monitors ?? []).flatMap(({ log }) => (log === undefined ? [] : [log]))

type Channel = { name: string; kind: string; after: number; people: readonly string[] }

/** Channels that alerts go to, by their names; their addresses are secrets and stay in the config. */
const channelsOf = (config: Config, target: Target): readonly Channel[] => {
  const section = target.sections['monitor'] as { channels?: readonly Channel[] } | undefined
  return section?.channels ?? (config.monitor?.alerts ?? []).map(channelOf)
}

const channelSubjects = (domain: string, config: Config, target: Target): Subject[] =>
  channelsOf(config, target).map(details => ({
    kind: 'channel',
    name: details.name,
    parent: domainSubject(domain),
    details: { ...details },
  }))

/** Subjects that are certain before anything is collected. */
export const earlySubjects = (kind: SubjectKind, target: Target, config: Config): Subject[] => {
  const { domain } = target
  switch (kind) {
    case 'domain':
      return domain ? [domainSubject(domain)] : []
    case 'repo':
      return target.repo ? [repoSubject(target.repo)] : []
    case 'host':
      return domain
        ? [domain, ...Object.values(target.hosts)]
            .filter((name, at, all) => all.indexOf(name) === at)
            .map(name => hostSubject(name, domain))
        : []
    case 'sender':
      return domain
        ? target.senders.map(sender => ({
            kind,
            name: sender.from ?? sender.name,
            parent: domainSubject(domain),
            details: { ...sender },
          }))
        : []
    case 'record':
      return domain
        ? Object.keys(target.expectedRecords).map(name => ({
            kind,
            name,
            parent: domainSubject(domain),
            details: { expected: target.expectedRecords[name] },
          }))
        : []
    case 'flow': {
      if (!domain) return []
      const { pages, mails } = flowsOf(target, config)
      const parent = domainSubject(domain)
      return [
        ...pages.map(flow => ({ kind, name: flow.name, parent, details: { of: 'pages', kind: flow.kind } })),
        ...mails.map(flow => ({
          kind,
          // A flow of pages may bear the same name.
          name: pages.some(other => other.name === flow.name) ? `mail of ${flow.name}` : flow.name,
          parent,
          details: { of: 'mail', flow: flow.name, kind: flow.kind ?? 'other' },
        })),
      ]
    }
    case 'message':
      return (target.messages ?? []).map(name => messageOf(name, domain))
    case 'file':
      return [...new Set([...(target.logs ?? []), ...watchedLogs(target, config)])].map(name => ({ kind, name }))
    case 'channel':
      return domain ? channelSubjects(domain, config, target) : []
    case 'config':
      return target.suppress.length ? [{ kind, name: 'suppress' }] : []
    default:
      return []
  }
}

const mapFact = <T>(fact: Fact<T>, list: (value: T) => Subject[]): Fact<Subject[]> =>
  fact.ok ? observed(list(fact.value), fact.at) : (fact as Missing)

const merged = (...lists: Subject[][]): Subject[] => {
  const byName = new Map<string, Subject>()
  for (const subject of lists.flat()) if (!byName.has(subject.name)) byName.set(subject.name, subject)
  return [...byName.values()]
}

/** What a list is made from: the facts of the domain, and the subjects that are certain already. */
type Listing = {
  domain: string
  of: Subject
  early: Subject[]
  target: Target
  config: Config
  need: Need
}

/** A fact of the domain. */
const asked = async <T>({ need, of }: Listing, name: string): Promise<Fact<T>> => (await need(name, of)) as Fact<T>

type Lister = (listing: Listing) => Promise<Fact<Subject[]>>

const listHosts: Lister = async listing =>
  mapFact(await asked<Hosts>(listing, 'hosts'), value =>
    merged(
      // The found ones know their role; the early ones, which do not, are among them.
      value.hosts.map(({ name, role, source, how }) => hostSubject(name, listing.domain, { role, source, how })),
      listing.early,
    ),
  )

/** A host that is no part of the product as far as one can see: it exists, so what every name must stand is judged of it. */
export const furtherHost = ({ name, sources }: Pick<FoundName, 'name' | 'sources'>, domain: string): Subject =>
  hostSubject(name, domain, {
    role: 'other',
    source: 'found',
    how: `found by ${sources.join(', ')}`,
    further: true,
    ...(sources.includes('config') ? {} : { most: isServiceName(name, sources) ? 'medium' : 'high' }),
  })

/** Hosts of the product, and every other name that leads somewhere. Where names could not be gathered, those that the config lists. */
const listEveryHost = async (listing: Listing): Promise<Fact<Subject[]>> => {
  const hosts = await listHosts(listing)
  if (!hosts.ok) return hosts
  const { domain, target } = listing
  const found = await asked<FoundNames>(listing, 'foundNames')
  const names = found.ok
    ? found.value.names.filter(({ exists, cname, addresses }) => exists && (cname !== null || addresses.length > 0))
    : listedNames(target.subdomains, domain).map(name => ({ name, sources: ['config'] }))
  return observed(
    merged(
      hosts.value,
      names.filter(({ name }) => isHostName(name)).map(name => furtherHost(name, domain)),
    ),
    hosts.at,
  )
}

const listRoutes: Lister = async listing =>
  mapFact(await asked<Routes>(listing, 'routes'), value =>
    value.routes.map(({ url, kind, name, source, how }) =>
      routeSubject(url, listing.domain, { kind, name, source, how }),
    ),
  )

type MailServer = { exchange: string; preference?: number }

const listMailServers: Lister = async listing =>
  mapFact(await asked<{ hosts?: MailServer[]; records?: MailServer[] }>(listing, 'mx'), value =>
    merged(
      (value.hosts ?? value.records ?? [])
        .filter(({ exchange }) => exchange !== '' && exchange !== '.')
        .map(({ exchange, preference }) => ({
          kind: 'mx-host',
          name: exchange,
          parent: listing.of,
          details: { preference: preference ?? 0 },
        })),
    ),
  )

const listSelectors: Lister = async listing =>
  mapFact(await asked<{ selectors: { selector: string; domain: string }[] }>(listing, 'selectors'), ({ selectors }) =>
    merged(
      selectors.map(item => ({
        kind: 'selector',
        name: `${item.selector}._domainkey.${item.domain}`,
        parent: listing.of,
        details: { ...item },
      })),
    ),
  )

const listNames: Lister = async listing =>
  mapFact(await asked<{ names: { name: string; exists: boolean }[] }>(listing, 'foundNames'), ({ names }) => {
    const found = [listing.domain, ...names.filter(({ exists }) => exists).map(({ name }) => name)]
    return merged(found.map(name => ({ kind: 'name', name, parent: listing.of })))
  })

type NamedRecord = { name: string; type: string }

/** Every record of the zone, `name TYPE`, beside the expected ones. Without the zone, the expected ones remain. */
const listRecords: Lister = async listing => {
  const [zone, cloudflare] = await Promise.all([
    asked<{ records: NamedRecord[] }>(listing, 'zoneRecords'),
    asked<{ records: { seen: boolean; value?: NamedRecord[] } }>(listing, 'cloudflareZone'),
  ])
  if (!zone.ok) return listing.early.length ? observed(listing.early, '') : (zone as Missing)
  // What stands behind Cloudflare does not show in its answers: its own list names it.
  const listed = cloudflare.ok && cloudflare.value.records.seen ? (cloudflare.value.records.value ?? []) : []
  const records = [...zone.value.records, ...listed].filter(({ type }) => type !== 'SOA')
  return observed(
    merged(
      listing.early,
      records.map(({ name, type }) => ({ kind: 'record', name: `${name} ${type}`, parent: listing.of })),
    ),
    zone.at,
  )
}

/** Messages that were handed over are judged alone: no flow is set off for them. Else the mails that flows brought. */
const listMessages: Lister = async ({ early, target, config, need, domain }) => {
  if (early.length) return observed(early, '')
  // A flow that could not be proven is reported by its own check.
  const flows = earlySubjects('flow', target, config).filter(flow => flow.details?.['of'] === 'mail')
  const mails = await Promise.all(
    flows.map(async flow => {
      const fact = (await need('mailFlow', flow)) as Fact<{ mail: object | null }>
      return fact.ok && fact.value.mail ? [messageSubject(flow, domain)] : []
    }),
  )
  return observed(mails.flat(), '')
}

const listAddresses: Lister = async listing =>
  mapFact(await asked<{ addresses: { address: string }[] }>(listing, 'sendingAddresses'), ({ addresses }) =>
    merged(addresses.map(item => ({ kind: 'address', name: item.address, parent: listing.of, details: { ...item } }))),
  )

/** Kinds whose subjects are discovered; those of the other kinds are certain from the start. */
const listers: Partial<Record<SubjectKind, Lister>> = {
  host: listEveryHost,
  route: listRoutes,
  'mx-host': listMailServers,
  selector: listSelectors,
  name: listNames,
  record: listRecords,
  message: listMessages,
  address: listAddresses,
}

/** All subjects of a kind. Missing when the fact that lists them is. */
export const listSubjects = async (
  kind: SubjectKind,
  target: Target,
  config: Config,
  need: Need,
): Promise<Fact<Subject[]>> => {
  const early = earlySubjects(kind, target, config)
  const { domain } = target
  const lister = listers[kind]
  if (!domain || !lister) return observed(early, '')
  return lister({ domain, of: domainSubject(domain), early, target, config, need })
}
