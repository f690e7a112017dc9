// What is watched and who is told, by the config; and the recorded performance baseline. No secret of an alert is taken over.
import type { Production, SeenMonitoring } from '../../formats/handover/production.ts'
import { isRecord } from '../../formats/is-record.ts'
import { createReader } from '../repo/read.ts'

const monitorKinds = ['http', 'tls', 'tcp', 'domain', 'dns', 'smtp', 'flow', 'mailFlow', 'heartbeat', 'log']
const alertKinds = ['slack', 'email', 'webhook', 'discord', 'teams', 'telegram', 'ntfy', 'pagerduty', 'opsgenie']

const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter(item => typeof item === 'string')

/** A link without what may be secret in it. */
const bare = (what: string): string => {
  if (!URL.canParse(what)) return what
  const url = new URL(what)
  return `${url.origin}${url.pathname}`
}

export const seenMonitoring = (section: unknown): SeenMonitoring | null => {
  if (!isRecord(section)) return null
  const monitors = records(section['monitors']).map(item => {
    const kind = monitorKinds.find(name => item[name] !== undefined) ?? 'http'
    return { name: text(item['name']) || kind, kind, what: bare(text(item[kind])) }
  })
  const alerts = records(section['alerts']).map(item => {
    const kind = alertKinds.find(name => item[name] !== undefined) ?? 'other'
    const people = [...texts(item['people']), ...(kind === 'email' ? texts(item['email']) : [])]
    return { name: text(item['name']) || kind, kind, people: [...new Set(people)].filter(Boolean) }
  })
  return { monitors, alerts }
}

/** What `launch-ready perf baseline` wrote, in short. */
export const seenPerformance = (repo: string | null): Production['performance'] => {
  const file = 'launch-ready.perf.json'
  const source = repo === null ? null : createReader(repo).maybe(file, { maxBytes: 1 << 20, whole: true })
  if (source === null) return null
  try {
    const value: unknown = JSON.parse(source)
    const read = isRecord(value) ? value : {}
    const recorded =
      [read['recorded'], read['recordedAt'], read['at'], read['startedAt']].map(text).find(Boolean) ?? null
    const routes = records(read['routes'])
      .map(item => text(item['name']) || text(item['url']))
      .filter(Boolean)
    return { file, recorded: recorded?.slice(0, 10) ?? null, routes: routes.slice(0, 50) }
  } catch {
    return { file, recorded: null, routes: [] }
  }
}
