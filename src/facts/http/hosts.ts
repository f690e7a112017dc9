// Which hosts the domain has: named in the config, by the usual names, and what the pages link to on the same domain.
import { createHash } from 'node:crypto'
import { observed } from '../../core/fact.ts'
import type { HostRole, Source, Target } from '../../core/target.ts'
import { isWithin } from '../../formats/dns/name.ts'
import { type HtmlPage, isHtml, readHtml } from '../../formats/html/html.ts'
import { keyLinks, keyPageOf } from '../../formats/html/key-pages.ts'
import { headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import type { Addresses } from '../dns/addresses.ts'
import { hostSubject, routeSubject } from '../subjects.ts'
import type { Web } from './web.ts'

export type FoundHost = {
  name: string
  role: HostRole
  source: Source
  /** How it was found, in words for the reader. */
  how: string
}

export type Hosts = {
  /** Hosts that have an address, and the domain itself and configured hosts whether they have or not. Ordered by role, then name. */
  hosts: FoundHost[]
  /** Usual names that do not exist. */
  absent: string[]
  /** Usual names that could not be asked for. */
  unknown: { name: string; message: string }[]
  /** True when a name that cannot exist has an address: usual names then prove nothing. */
  wildcard: boolean
}

const usualNames = ['www', 'app', 'api'] as const
const mostHosts = 30

const roleOf = (name: string, domain: string): HostRole => {
  if (name === domain) return 'apex'
  const label = name.slice(0, -domain.length - 1)
  if (label === 'www') return 'www'
  if (/^(app|dashboard|portal|my|client|clients|login|account)$/.test(label)) return 'app'
  if (/^(api|graphql)$/.test(label)) return 'api'
  if (/^status$/.test(label)) return 'status'
  return 'other'
}

/** A label that nobody has, the same for every run over this domain. */
export const impossibleLabel = (domain: string): string =>
  `launch-ready-${createHash('sha256').update(domain).digest('hex').slice(0, 10)}`

/** Hosts that the config names, by their roles or in routes. Roles of its own making count as what the name says. */
const configuredHosts = ({ hosts, routes }: Target, domain: string): FoundHost[] => {
  const roleByName = (name: string): HostRole => (isWithin(name, domain) ? roleOf(name, domain) : 'other')
  const known: readonly string[] = ['app', 'marketing', 'api', 'status', 'www']
  const found = new Map<string, FoundHost>()
  for (const [role, name] of Object.entries(hosts))
    found.set(name, {
      name,
      role: known.includes(role) ? (role as HostRole) : roleByName(name),
      source: 'config',
      how: 'named in the config',
    })
  for (const name of routes.map(route => new URL(route.url).hostname))
    if (!found.has(name) && name !== domain)
      found.set(name, { name, role: roleByName(name), source: 'config', how: 'has a route in the config' })
  return [...found.values()]
}

/** What is known while hosts are being found: hosts lead to others, all at once. */
type Search = {
  domain: string
  context: CollectContext
  found: Map<string, FoundHost>
  absent: string[]
  unknown: Hosts['unknown']
  /** Names that were asked for, whatever came of it. */
  queued: Set<string>
  /** Who links to a name: collected first, named at the end, so that the order of arrival changes nothing. */
  linkers: Map<string, Set<string>>
  /** Addresses of a name that cannot exist; empty where it has none. */
  wildcard: Promise<string>
}

const addressesOf = ({ addresses }: Addresses): string => addresses.map(item => item.address).join(' ')

const beginSearch = (domain: string, context: CollectContext): Search => ({
  domain,
  context,
  found: new Map(),
  absent: [],
  unknown: [],
  queued: new Set(),
  linkers: new Map(),
  wildcard: context
    .need('addresses', hostSubject(`${impossibleLabel(domain)}.${domain}`, domain))
    .then(answer => (answer.ok ? addressesOf(answer.value) : '')),
})

/**
 * Front pages and what they call login, signup or pricing become routes: their facts are collected while other hosts are
 * still being found. `routes` decides which of them count.
 */
const announceRoutes = ({ domain, context }: Search, page: HtmlPage): void => {
  const isApp = roleOf(new URL(page.url).hostname, domain) === 'app'
  const front = isApp ? { kind: 'page', name: 'app' } : { kind: 'home', name: 'home' }
  context.announce(routeSubject(page.url, domain, keyPageOf(page.url, '') ?? front))
  const configured = new Set(context.target.routes.map(route => route.kind))
  for (const { url, key } of keyLinks(page, host => isWithin(host, domain), configured))
    context.announce(routeSubject(url, domain, key))
}

/** Hosts that the answers of a front door lead or link to; the pages among them are announced. */
const linkedHosts = (search: Search, { https, http }: Web): Set<string> => {
  const linked = new Set<string>()
  for (const hop of [https, http].flatMap(side => (side.ok ? side.value.hops : []))) {
    linked.add(new URL(hop.url).hostname)
    if (hop.status !== 200 || !isHtml(headerOf(hop, 'content-type'))) continue
    const page = readHtml(hop.body, hop.url)
    announceRoutes(search, page)
    const urls = [...page.links.map(link => link.url), ...page.forms.map(form => form.action), page.canonical]
    for (const url of urls)
      if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) linked.add(new URL(url).hostname)
  }
  return linked
}

/** Whether the host has an address of its own, and not that of every name. Notes what is absent or could not be asked. */
const exists = async (search: Search, { name, source }: FoundHost, isCertain: boolean): Promise<boolean> => {
  const addresses = await search.context.need('addresses', hostSubject(name, search.domain))
  if (!addresses.ok) {
    if (!isCertain) search.unknown.push({ name, message: addresses.message })
    return false
  }
  if (addresses.value.status !== 'NOERROR') {
    if (!isCertain) search.absent.push(name)
    return false
  }
  if (source !== 'usual-name' || name === `www.${search.domain}`) return true
  const wildcard = await search.wildcard
  return wildcard === '' || wildcard !== addressesOf(addresses.value)
}

/** Looks at a host, and at those that it leads to. */
const visit = async (search: Search, host: FoundHost): Promise<void> => {
  const { domain, context, found, queued, linkers } = search
  const { name, role, source, how } = host
  if (queued.has(name) || queued.size >= mostHosts) return
  queued.add(name)
  const subject = hostSubject(name, domain, { role, source, how })
  const keep = (): void => {
    found.set(name, host)
    context.announce(subject)
  }
  const isCertain = source === 'domain' || source === 'config'
  if (isCertain) keep()
  if (!(await exists(search, host, isCertain))) return
  if (!isCertain) keep()
  const web = await context.need('web', subject)
  if (!web.ok) return
  const others = [...linkedHosts(search, web.value)].filter(other => isWithin(other, domain) && other !== name)
  for (const other of others) linkers.set(other, (linkers.get(other) ?? new Set()).add(name))
  await Promise.all(
    others.map(other => visit(search, { name: other, role: roleOf(other, domain), source: 'link', how: 'linked' })),
  )
}

const roleOrder: HostRole[] = ['apex', 'www', 'marketing', 'app', 'api', 'status', 'other']

const ordered = ({ found, linkers }: Search): FoundHost[] =>
  [...found.values()]
    .map(host =>
      host.source === 'link' ? { ...host, how: `linked from ${[...(linkers.get(host.name) ?? [])].sort()[0]}` } : host,
    )
    .sort((a, b) => roleOrder.indexOf(a.role) - roleOrder.indexOf(b.role) || (a.name < b.name ? -1 : 1))

const fact: FactDefinition<Hosts> = {
  on: 'domain',
  deadlines: 8,
  async collect({ name: domain }, context) {
    const search = beginSearch(domain, context)
    const configured = configuredHosts(context.target, domain)
    const usual = usualNames
      .map(label => `${label}.${domain}`)
      .filter(name => !configured.some(host => host.name === name))
      .map((name): FoundHost => {
        return { name, role: roleOf(name, domain), source: 'usual-name', how: 'found by its usual name' }
      })
    const apex: FoundHost = { name: domain, role: 'apex', source: 'domain', how: 'the domain itself' }
    await Promise.all([apex, ...configured, ...usual].map(host => visit(search, host)))
    return observed(
      {
        hosts: ordered(search),
        absent: search.absent.sort(),
        unknown: search.unknown.sort((a, b) => (a.name < b.name ? -1 : 1)),
        wildcard: (await search.wildcard) !== '',
      },
      context.now(),
    )
  },
}
export default fact
