// Which hosts the domain has: named in the config, by the usual names, and what the pages link to on the same domain.
import { createHash } from 'node:crypto'
import { observed } from '../../core/fact.ts'
import type { HostRole, Source } from '../../core/target.ts'
import { type HtmlPage, isHtml, readHtml } from '../../formats/html/html.ts'
import { keyPageOf } from '../../formats/html/key-pages.ts'
import { headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { hostSubject, routeSubject } from '../subjects.ts'

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

const fact: FactDefinition<Hosts> = {
  on: 'domain',
  deadlines: 8,
  async collect(subject, context) {
    const domain = subject.name
    const { target } = context
    const inDomain = (name: string): boolean => name === domain || name.endsWith(`.${domain}`)
    const configured = new Map<string, { role: HostRole; how: string }>()
    for (const [role, name] of Object.entries(target.hosts))
      configured.set(name, {
        role: (['app', 'marketing', 'api', 'status', 'www'] as string[]).includes(role)
          ? (role as HostRole)
          : inDomain(name)
            ? roleOf(name, domain)
            : 'other',
        how: 'named in the config',
      })
    for (const route of target.routes) {
      const name = new URL(route.url).hostname
      if (!configured.has(name) && name !== domain)
        configured.set(name, {
          role: inDomain(name) ? roleOf(name, domain) : 'other',
          how: 'has a route in the config',
        })
    }

    const found = new Map<string, FoundHost>()
    const absent: string[] = []
    const unknown: Hosts['unknown'] = []
    const queued = new Set<string>()
    // Who links to a name: collected first, told at the end, so that the order of arrival changes nothing.
    const linkers = new Map<string, Set<string>>()

    const wildcardAddresses = context
      .need('addresses', hostSubject(`${impossibleLabel(domain)}.${domain}`, domain))
      .then(answer => (answer.ok ? answer.value.addresses.map(item => item.address).join(' ') : ''))

    // Front pages and what they call login, signup or pricing become routes: their facts are collected while other hosts are
    // still being found. `routes` decides which of them count.
    const announceRoutes = (page: HtmlPage): void => {
      const front =
        roleOf(new URL(page.url).hostname, domain) === 'app'
          ? { kind: 'page', name: 'app' }
          : { kind: 'home', name: 'home' }
      context.announce(routeSubject(page.url, domain, keyPageOf(page.url, '') ?? front))
      const perKind = new Map<string, number>()
      for (const link of page.links) {
        const url = new URL(link.url)
        if (!/^https?:$/.test(url.protocol) || !inDomain(url.hostname) || url.pathname === '/') continue
        url.hash = ''
        const key = keyPageOf(url.href, link.text)
        const count = key ? (perKind.get(key.kind) ?? 0) : 2
        if (!key || count >= 2 || target.routes.some(route => route.kind === key.kind)) continue
        perKind.set(key.kind, count + 1)
        context.announce(routeSubject(url.href, domain, key))
      }
    }

    const visit = async (name: string, role: HostRole, source: Source, how: string): Promise<void> => {
      const always = source === 'domain' || source === 'config'
      if (queued.has(name) || queued.size >= mostHosts) return
      queued.add(name)
      const host = hostSubject(name, domain, { role, source, how })
      if (always) {
        found.set(name, { name, role, source, how })
        context.announce(host)
      }
      const addresses = await context.need('addresses', host)
      if (!addresses.ok) {
        if (!always) unknown.push({ name, message: addresses.message })
        return
      }
      if (addresses.value.status !== 'NOERROR') {
        if (!always) absent.push(name)
        return
      }
      if (source === 'usual-name' && name !== `www.${domain}`) {
        const wild = await wildcardAddresses
        if (wild && wild === addresses.value.addresses.map(item => item.address).join(' ')) return
      }
      if (!always) {
        found.set(name, { name, role, source, how })
        context.announce(host)
      }
      const web = await context.need('web', host)
      if (!web.ok) return
      const linked = new Set<string>()
      for (const side of [web.value.https, web.value.http]) {
        if (!side.ok) continue
        for (const hop of side.value.hops) {
          linked.add(new URL(hop.url).hostname)
          if (hop.status !== 200 || !isHtml(headerOf(hop, 'content-type'))) continue
          const page = readHtml(hop.body, hop.url)
          announceRoutes(page)
          for (const url of [
            ...page.links.map(link => link.url),
            ...page.forms.map(form => form.action),
            page.canonical,
          ])
            if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) linked.add(new URL(url).hostname)
        }
      }
      const others = [...linked].filter(other => inDomain(other) && other !== name)
      for (const other of others) linkers.set(other, (linkers.get(other) ?? new Set()).add(name))
      await Promise.all(others.map(other => visit(other, roleOf(other, domain), 'link', 'linked')))
    }

    await Promise.all([
      visit(domain, 'apex', 'domain', 'the domain itself'),
      ...[...configured].map(([name, { role, how }]) => visit(name, role, 'config', how)),
      ...usualNames
        .map(label => `${label}.${domain}`)
        .filter(name => !configured.has(name))
        .map(name => visit(name, roleOf(name, domain), 'usual-name', 'found by its usual name')),
    ])

    const order: HostRole[] = ['apex', 'www', 'marketing', 'app', 'api', 'status', 'other']
    return observed(
      {
        hosts: [...found.values()]
          .map(host =>
            host.source === 'link'
              ? { ...host, how: `linked from ${[...(linkers.get(host.name) ?? [])].sort()[0]}` }
              : host,
          )
          .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || (a.name < b.name ? -1 : 1)),
        absent: absent.sort(),
        unknown: unknown.sort((a, b) => (a.name < b.name ? -1 : 1)),
        wildcard: (await wildcardAddresses) !== '',
      },
      context.now(),
    )
  },
}
export default fact
