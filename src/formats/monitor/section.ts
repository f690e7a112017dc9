// What checks, exports and documents may know of the config's monitors and channels: names and targets, never a secret.
import { monitorKinds } from './kinds.ts'

/** A channel that alerts go to. */
/** `inbox`: the config has the mailbox that its alerts come to. */
export type ChannelView = { name: string; kind: string; after: number; people: string[]; inbox?: true }

/** A monitor as its config has it. `target` is what it looks at. */
export type MonitorView = {
  name: string
  kind: string
  target: string
  intervalMs: number
  expects: string[]
  expect: Readonly<Record<string, unknown>>
  every?: number
  grace?: number
}

export type MonitorSectionView = {
  target: number
  intervalMs: number
  listen: string
  deadMan: boolean
  store: string
  monitors: MonitorView[] | null
  channels: ChannelView[]
}

const channelKinds = ['slack', 'discord', 'teams', 'telegram', 'ntfy', 'pagerduty', 'opsgenie', 'webhook', 'email']

type Given = Readonly<Record<string, unknown>>

/** The channel without its address. */
export const channelOf = (alert: Given): ChannelView => {
  const kind = channelKinds.find(key => alert[key] !== undefined) ?? 'webhook'
  return {
    name: typeof alert['name'] === 'string' ? alert['name'] : kind,
    kind,
    after: typeof alert['after'] === 'number' ? alert['after'] : 0,
    people: Array.isArray(alert['people']) ? alert['people'].map(String) : [],
    ...(typeof alert['inbox'] === 'string' ? { inbox: true } : {}),
  }
}

/** A target without user, password and query. */
export const withoutSecrets = (target: string): string => {
  if (!/^https?:/i.test(target) || !URL.canParse(target)) return target
  const url = new URL(target)
  return `${url.origin}${url.pathname}`
}

export const monitorOf = (given: Given, intervalMs: number): MonitorView => {
  const kind = monitorKinds.find(key => given[key] !== undefined) ?? 'http'
  const expect = (given['expect'] ?? {}) as Given
  return {
    name: String(given['name']),
    kind,
    target: withoutSecrets(String(given[kind])),
    intervalMs: typeof given['interval'] === 'number' ? given['interval'] : intervalMs,
    expects: Object.keys(expect),
    expect,
    ...(typeof given['every'] === 'number' ? { every: given['every'] } : {}),
    ...(typeof given['grace'] === 'number' ? { grace: given['grace'] } : {}),
  }
}

/** The section as checks may see it. */
export const viewOfSection = (section: Given): MonitorSectionView => {
  const intervalMs = typeof section['interval'] === 'number' ? section['interval'] : 60_000
  const monitors = section['monitors'] as Given[] | undefined
  return {
    target: typeof section['target'] === 'number' ? section['target'] : 99.9,
    intervalMs,
    listen: String(section['listen'] ?? '127.0.0.1:8788'),
    deadMan: section['deadMan'] !== undefined,
    store: String(section['store'] ?? '.launch-ready/monitor.sqlite').replace(/\/\/[^@/]*@/, '//'),
    monitors: monitors ? monitors.map(one => monitorOf(one, intervalMs)) : null,
    channels: ((section['alerts'] ?? []) as Given[]).map(channelOf),
  }
}
