// What every action of `monitor` needs: the section of the config, the store, channels, keys, a mask, and networks.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../config/errors.ts'
import type { Config } from '../config/schema.ts'
import { monitorSection } from '../config/sections/monitor.ts'
import type { Channel } from '../monitor/alerts/channel.ts'
import { channelHosts, createChannels } from '../monitor/alerts/channels.ts'
import { createKeys, type Keys } from '../monitor/keys.ts'
import { isPostgres, openStore } from '../monitor/open-store.ts'
import { type MonitorSection, type PlannedMonitor, planMonitors, splitEndpoint } from '../monitor/plan.ts'
import { StoreError } from '../monitor/sql.ts'
import type { Store } from '../monitor/store.ts'
import { isLinkLocal } from '../net/addresses.ts'
import { createNetwork } from '../net/create-network.ts'
import type { Network, NetworkOptions } from '../net/network.ts'
import { createMask } from '../run/mask.ts'
import type { Call } from './call.ts'
import { settleConfig } from './settings.ts'

export type MonitorSetup = {
  config: Config
  section: MonitorSection
  monitors: PlannedMonitor[]
  channels: Channel[]
  /** Path or URL of the store. */
  where: string
  mask: (text: string) => string
  dashboard: string
  keys: () => Keys
  open: (more?: { watches?: boolean; say?: (line: string) => void }) => Promise<Store>
  connect: (more?: Partial<NetworkOptions>) => Network
}

/** Values that are secret by their place, written out in the config or taken from the environment. */
const secretsIn = (section: MonitorSection): string[] => {
  const { token, beatSecret, deadMan, monitors = [], alerts, store } = section
  const passwords = [store, deadMan, ...monitors.map(({ http }) => http), ...alerts.map(({ smtp }) => smtp)].flatMap(
    url => {
      if (url === undefined || !URL.canParse(url)) return []
      const { password, searchParams } = new URL(url)
      return [password, decodeURIComponent(password), ...searchParams.values()]
    },
  )
  const addresses = alerts.flatMap(({ slack, discord, teams, ntfy, webhook }) => [slack, discord, teams, ntfy, webhook])
  // The part of such an address that is secret is its path.
  const paths = [...addresses, deadMan].flatMap(url =>
    url !== undefined && URL.canParse(url) ? [url, `${new URL(url).pathname}${new URL(url).search}`] : [],
  )
  const keys = alerts.flatMap(alert => [
    // Whoever knows the topic reads it, and ntfy names it in its answers.
    alert.ntfy?.split(/[?#]/)[0]?.split('/').findLast(Boolean),
    alert.telegram,
    alert.pagerduty,
    alert.opsgenie,
    alert.secret,
    alert.token,
    alert.smtp,
  ])
  const headers = monitors.flatMap(monitor => Object.values(monitor.headers ?? {}))
  return [token, beatSecret, ...passwords, ...paths, ...keys, ...headers].filter(
    (value): value is string => value !== undefined && value.length >= 6,
  )
}

const keyFile = (where: string): string => `${where}.key`

/** The config's, or one that was made beside the store and that only its owner can read. */
const secretOf = (section: MonitorSection, where: string): string => {
  if (section.beatSecret !== undefined) return section.beatSecret
  if (isPostgres(where))
    throw new UsageError(
      'monitor.beatSecret is needed with a store in PostgreSQL: set it to a long random text, as ${NAME}.',
    )
  const path = keyFile(where)
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    try {
      writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return readFileSync(path, 'utf8').trim()
}

const hostsOf = (section: MonitorSection, config: Config): string[] => [
  ...(section.monitors ?? []).flatMap(({ http, tcp, tls, smtp }) => {
    const endpoint = tcp ?? tls ?? smtp
    return http !== undefined ? [new URL(http).hostname] : endpoint !== undefined ? [splitEndpoint(endpoint).host] : []
  }),
  ...config.routes.map(({ url }) => new URL(url).hostname),
  ...channelHosts(section.alerts),
  ...section.anchors.map(anchor => splitEndpoint(anchor).host),
  ...(section.deadMan !== undefined && URL.canParse(section.deadMan) ? [new URL(section.deadMan).hostname] : []),
]

/** Reads the config. Throws UsageError where an action cannot begin. */
export const setUpMonitor = async (call: Call): Promise<MonitorSetup> => {
  const { io, network, faults } = call
  const { config, path, secrets, isOutside } = await settleConfig(call.config, io)
  faults.throwIfAny()
  const section = config.monitor ?? monitorSection.parse({})
  const base = path === null ? io.cwd : dirname(resolve(io.cwd, path))
  const where = isPostgres(section.store) ? section.store : resolve(base, section.store)
  const ownHosts = hostsOf(section, config).filter(host => !isOutside || !isLinkLocal(host))
  const { clock, signal } = io
  return {
    config,
    section,
    monitors: planMonitors(config, section, network.timeoutMs),
    channels: createChannels(section.alerts),
    where,
    mask: createMask([...secrets, ...secretsIn(section)]).text,
    dashboard: section.url ?? `http://${section.listen}`,
    keys: () => createKeys(secretOf(section, where)),
    open: (more = {}) => openStore(where, { cwd: base, clock, ...more }),
    connect: (more = {}) => createNetwork({ ...network, clock, signal, ownHosts, oneLook: true, ...more }),
  }
}

/** A store that cannot be opened ends an action as a wrong config does. */
export const orUsage = async <T>(use: () => Promise<T>): Promise<T> => {
  try {
    return await use()
  } catch (error) {
    if (error instanceof StoreError) throw new UsageError(error.message)
    throw error
  }
}
