// Which subjects there are of each kind: from the target where they are given, from facts where they are discovered.

import { basename } from 'node:path'
import type { Config } from '../config/schema.ts'
import { type Fact, type Missing, observed, type Subject, type SubjectKind } from '../core/fact.ts'
import type { Target } from '../core/target.ts'
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
      return (target.messages ?? []).map(name => ({
        kind,
        name,
        parent: domain ? domainSubject(domain) : undefined,
        details: { file: name },
      }))
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

/** All subjects of a kind. Missing when the fact that lists them is. */
export const listSubjects = async (
  kind: SubjectKind,
  target: Target,
  config: Config,
  need: Need,
): Promise<Fact<Subject[]>> => {
  const early = earlySubjects(kind, target, config)
  const { domain } = target
  if (!domain) return observed(early, '')
  const of = domainSubject(domain)
  const ask = async <T>(name: string): Promise<Fact<T>> => (await need(name, of)) as Fact<T>
  switch (kind) {
    case 'host':
      return mapFact(await ask<Hosts>('hosts'), value =>
        merged(
          // The found ones know their role; the early ones, which do not, are among them.
          value.hosts.map(host =>
            hostSubject(host.name, domain, { role: host.role, source: host.source, how: host.how }),
          ),
          early,
        ),
      )
    case 'route':
      return mapFact(await ask<Routes>('routes'), value =>
        value.routes.map(route =>
          routeSubject(route.url, domain, { kind: route.kind, name: route.name, source: route.source, how: route.how }),
        ),
      )
    case 'mx-host':
      return mapFact(
        await ask<{
          hosts?: { exchange: string; preference?: number }[]
          records?: { exchange: string; preference: number }[]
        }>('mx'),
        value =>
          merged(
            (value.hosts ?? value.records ?? [])
              .filter(record => record.exchange !== '' && record.exchange !== '.')
              .map(record => ({
                kind,
                name: record.exchange,
                parent: of,
                details: { preference: record.preference ?? 0 },
              })),
          ),
      )
    case 'selector':
      return mapFact(await ask<{ selectors: { selector: string; domain: string }[] }>('selectors'), value =>
        merged(
          value.selectors.map(item => ({
            kind,
            name: `${item.selector}._domainkey.${item.domain}`,
            parent: of,
            details: { ...item },
          })),
        ),
      )
    case 'name':
      return mapFact(await ask<{ names: { name: string; exists: boolean }[] }>('foundNames'), value =>
        merged(
          [{ kind, name: domain, parent: of }],
          value.names.filter(item => item.exists).map(item => ({ kind, name: item.name, parent: of })),
        ),
      )
    case 'record': {
      // Every record of the zone, `name TYPE`, beside the expected ones. Without the zone, the expected ones remain.
      const [zone, cloudflare] = await Promise.all([
        ask<{ records: { name: string; type: string }[] }>('zoneRecords'),
        ask<{ records: { seen: boolean; value?: { name: string; type: string }[] } }>('cloudflareZone'),
      ])
      // What stands behind Cloudflare does not show in its answers: its own list names it.
      const listed = cloudflare.ok && cloudflare.value.records.seen ? (cloudflare.value.records.value ?? []) : []
      if (!zone.ok) return early.length ? observed(early, '') : (zone as Missing)
      return observed(
        merged(
          early,
          [...zone.value.records, ...listed]
            .filter(record => record.type !== 'SOA')
            .map(record => ({ kind, name: `${record.name} ${record.type}`, parent: of })),
        ),
        zone.at,
      )
    }
    case 'message': {
      // Messages that were handed over are judged alone: no flow is set off for them.
      if (early.length) return observed(early, '')
      // The mails of flows that arrived. A flow that could not be proven is told by its own check.
      const flows = earlySubjects('flow', target, config).filter(flow => flow.details?.['of'] === 'mail')
      const mails = await Promise.all(
        flows.map(async flow => {
          const fact = (await need('mailFlow', flow)) as Fact<{ mail: object | null }>
          return fact.ok && fact.value.mail ? [messageSubject(flow, domain)] : []
        }),
      )
      return observed([...early, ...mails.flat()], '')
    }
    case 'address':
      return mapFact(await ask<{ addresses: { address: string }[] }>('sendingAddresses'), value =>
        merged(value.addresses.map(item => ({ kind, name: item.address, parent: of, details: { ...item } }))),
      )
    default:
      return observed(early, '')
  }
}
