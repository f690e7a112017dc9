// The monitors of a config: those that it names, or, where it names none, what it says of the product, made into monitors.
import type { Config } from '../config/schema.ts'
import { registrableDomain } from '../formats/dns/registrable-domain.ts'
import { type MonitorKind, monitorKinds } from '../formats/monitor/kinds.ts'
import type { MonitorRow } from './store.ts'

export type MonitorSection = NonNullable<Config['monitor']>
export type MonitorConfig = NonNullable<MonitorSection['monitors']>[number]

/** One thing that is watched. */
export type Monitor = MonitorRow & {
  /** Its entry of the config, as written or as made for it. */
  config: MonitorConfig
  /** Host that it looks at; null where there is none. */
  host: string | null
  timeoutMs: number
  /** Slower than this is degraded. */
  slowMs: number | null
}

export type PlannedMonitor = Omit<Monitor, 'since' | 'retired'>

export const kindOf = (monitor: MonitorConfig): MonitorKind => monitorKinds.find(kind => monitor[kind] !== undefined)!

/** `[::1]:53` → host and port. */
export const splitEndpoint = (text: string): { host: string; port: number } => {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
}

/** An address as it may be shown and kept: users, passwords and queries may be secrets. */
export const shownUrl = (url: string): string => {
  if (!URL.canParse(url)) return '?'
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

const hostIn = (monitor: MonitorConfig): string | null => {
  const { http, tcp, tls, smtp, dns, domain } = monitor
  if (http !== undefined) return new URL(http).hostname.replace(/^\[|\]$/g, '')
  const endpoint = tcp ?? tls ?? smtp
  if (endpoint !== undefined) return splitEndpoint(endpoint).host.toLowerCase()
  return dns?.split(/\s+/)[0]?.toLowerCase().replace(/\.$/, '') ?? domain ?? null
}

/** How often what changes slowly, or costs others something, is looked at unless the config says so. */
const slowly: Partial<Record<MonitorKind, number>> = {
  tls: 3_600_000,
  domain: 12 * 3_600_000,
  smtp: 300_000,
  flow: 600_000,
  mailFlow: 3_600_000,
}

const defaultSlow: Partial<Record<MonitorKind, number>> = {}

const planned = (config: MonitorConfig, section: MonitorSection, timeoutMs: number): PlannedMonitor => {
  const kind = kindOf(config)
  const latency = config.expect?.latency ?? defaultSlow[kind]
  return {
    name: config.name,
    kind,
    target: kind === 'http' ? shownUrl(config.http!) : String(config[kind]),
    intervalMs: config.interval ?? Math.max(section.interval, slowly[kind] ?? 0),
    expects: Object.keys(config.expect ?? {}),
    config,
    host: hostIn(config),
    timeoutMs: config.timeout ?? timeoutMs,
    slowMs: latency ?? null,
  }
}

const urlOf = (host: string): string => `https://${host}/`

/** Names that are not taken yet. */
const distinct = (monitors: readonly MonitorConfig[]): MonitorConfig[] => {
  const taken = new Set<string>()
  return monitors.flatMap(monitor => {
    if (monitors.findIndex(other => sameTarget(other, monitor)) !== monitors.indexOf(monitor)) return []
    let { name } = monitor
    for (let number = 2; taken.has(name); number++) name = `${monitor.name} ${number}`
    taken.add(name)
    return [{ ...monitor, name }]
  })
}

const sameTarget = (a: MonitorConfig, b: MonitorConfig): boolean => {
  const kind = kindOf(a)
  return kind === kindOf(b) && a[kind] === b[kind]
}

/** Made from routes, hosts, the domain, senders' services and flows. Webhooks answer no GET with 200: that they answer at all is looked at. */
const madeFrom = (config: Config): MonitorConfig[] => {
  const { domain, hosts, routes, flows = [], email } = config
  const anyAnswer = [...Array.from({ length: 100 }, (_, at) => 200 + at), 400, 401, 403, 404, 405, 415, 422]
  const statuses = (route: Config['routes'][number]): number[] | undefined =>
    route.expectStatus === undefined ? (route.kind === 'webhook' ? anyAnswer : undefined) : [route.expectStatus].flat()
  const ofRoutes = routes
    .filter(({ after }) => after === undefined)
    .map((route): MonitorConfig => {
      const status = statuses(route)
      return {
        name: route.name,
        http: route.url,
        ...(route.headers ? { headers: route.headers } : {}),
        ...(status ? { expect: { status } } : {}),
      }
    })
  const named = Object.entries(hosts).map(([role, host]): MonitorConfig => ({ name: role, http: urlOf(host) }))
  const front = config.canonical ?? (domain === undefined ? undefined : urlOf(domain))
  const home: MonitorConfig[] = front === undefined ? [] : [{ name: 'website', http: front }]
  const webHosts = [...home, ...named, ...ofRoutes].map(({ http }) => new URL(http!))
  const secure = [
    ...new Set(webHosts.filter(url => url.protocol === 'https:').map(url => `${url.hostname}:${url.port || 443}`)),
  ]
  const registered = domain === undefined ? null : (registrableDomain(domain) ?? domain)
  return distinct([
    ...home,
    ...named.filter(({ http }) => !ofRoutes.some(route => route.http === http)),
    ...ofRoutes,
    ...secure.map(
      (tls): MonitorConfig => ({ name: `certificate of ${splitEndpoint(tls).host}`, tls, expect: { daysLeft: 14 } }),
    ),
    ...(registered === null ? [] : [{ name: `domain ${registered}`, domain: registered, expect: { daysLeft: 30 } }]),
    ...flows.map((flow): MonitorConfig => ({ name: `${flow.name} works`, flow: flow.name })),
    ...(email?.flows ?? []).map((flow): MonitorConfig => ({ name: `${flow.name} mail arrives`, mailFlow: flow.name })),
  ])
}

/** What is watched, in the order of the config. */
export const planMonitors = (config: Config, section: MonitorSection, timeoutMs: number): PlannedMonitor[] =>
  (section.monitors ?? madeFrom(config)).map(monitor => planned(monitor, section, timeoutMs))
