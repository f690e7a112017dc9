// Monitors in files of other tools: Gatus, Upptime, an export of Uptime Kuma, Checkly as code, blackbox targets of Prometheus.
import { isMap, isScalar, LineCounter, parse, parseDocument } from 'yaml'
import { isRecord } from '../is-record.ts'
import { replacementPatch } from '../patch.ts'
import { plainPatch } from '../secrets/around.ts'
import { yamlRefusal } from '../yaml-bounds.ts'
import type { SeenMonitor, WatchKind } from './seen.ts'

/** What a file of another tool says: its monitors, the kinds of channels, whether it draws a status page. */
export type ToolFile = {
  tool: string
  file: string
  monitors: SeenMonitor[]
  channels: string[]
  statusPage: string | null
}

type Row = Readonly<Record<string, unknown>>
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRecord).slice(0, 2_000) : [])
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
/** `1m30s` of Go. */
export const goDuration = (given: string): number =>
  Array.from(given.slice(0, 40).matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  )

const yamlOf = (source: string): unknown => {
  if (source.length > 1 << 20 || yamlRefusal(source) !== null) return null
  try {
    return parse(source, { maxAliasCount: 50 })
  } catch {
    return null
  }
}

const gatusKind = (url: string): WatchKind =>
  /^https?:/.test(url)
    ? 'http'
    : /^(?:tcp|tls|starttls):/.test(url)
      ? /:(?:25|465|587)\b/.test(url)
        ? 'smtp'
        : url.startsWith('tls')
          ? 'tls'
          : 'tcp'
      : 'other'

const everyMinute = 60_000
/** Endpoints for which a diff is made. */
const mostEdited = 50

/** Makes the diff that gives a key of an endpoint another value; undefined where it does not stand there, or a secret beside it. */
const endpointEditor = (file: string, source: string) => {
  const lines = new LineCounter()
  const document = parseDocument(source, { uniqueKeys: false, lineCounter: lines })
  const texts = source.split('\n')
  return (at: number, key: string, value: string): string | undefined => {
    const endpoint = document.getIn(['endpoints', at])
    const node = isMap(endpoint) ? endpoint.get(key, true) : null
    if (!isScalar(node) || !node.range) return undefined
    const { line, col } = lines.linePos(node.range[0])
    const was = texts[line - 1] ?? ''
    const now = `${was.slice(0, col - 1)}${value}${was.slice(col - 1 + node.range[1] - node.range[0])}`
    return plainPatch(file, replacementPatch(file, source, line, now)) ?? undefined
  }
}

/** Diffs that let endpoints look, and look every minute. */
const gatusEdits = (file: string, source: string, all: readonly unknown[]): Map<unknown, SeenMonitor['file']> => {
  const isPaused = (row: Row): boolean => row['enabled'] === false
  const isSlow = (row: Row): boolean => goDuration(text(row['interval'])) > everyMinute
  const wanted = all.filter(isRecord).filter(row => isPaused(row) || isSlow(row))
  if (wanted.length === 0) return new Map()
  const edit = endpointEditor(file, source)
  return new Map(
    wanted.slice(0, mostEdited).map(row => {
      const at = all.indexOf(row)
      const wakes = isPaused(row) ? edit(at, 'enabled', 'true') : undefined
      const quickens = isSlow(row) ? edit(at, 'interval', '1m') : undefined
      return [row, { path: file, ...(wakes ? { wakes } : {}), ...(quickens ? { quickens } : {}) }]
    }),
  )
}

const gatus = (file: string, source: string): ToolFile | null => {
  const value = yamlOf(source)
  if (!isRecord(value) || !Array.isArray(value['endpoints'])) return null
  const endpoints = rows(value['endpoints']).filter(row => text(row['url']))
  if (!endpoints.length || !endpoints.some(row => Array.isArray(row['conditions']))) return null
  const edits = gatusEdits(file, source, value['endpoints'])
  const monitors = endpoints.map((row): SeenMonitor => {
    const conditions = (Array.isArray(row['conditions']) ? row['conditions'] : []).map(text)
    return {
      source: `Gatus (${file})`,
      name: text(row['name']),
      kind: isRecord(row['dns']) ? 'dns' : gatusKind(text(row['url'])),
      target: text(row['url']),
      intervalMs: goDuration(text(row['interval'])) || everyMinute,
      paused: row['enabled'] === false,
      ...(edits.has(row) ? { file: edits.get(row) } : {}),
      asserts: conditions.some(condition => /\[BODY\]|\[HEADER/.test(condition)),
      certificate: conditions.some(condition => condition.includes('[CERTIFICATE_EXPIRATION]')),
      domain: conditions.some(condition => condition.includes('[DOMAIN_EXPIRATION]')),
    }
  })
  const alerting = isRecord(value['alerting']) ? Object.keys(value['alerting']) : []
  return { tool: 'Gatus', file, monitors, channels: alerting, statusPage: null }
}

const upptime = (file: string, source: string): ToolFile | null => {
  const value = yamlOf(source)
  if (!isRecord(value) || !Array.isArray(value['sites'])) return null
  const monitors = rows(value['sites']).map(
    (row): SeenMonitor => ({
      source: `Upptime (${file})`,
      name: text(row['name']),
      kind: text(row['check']).startsWith('tcp') ? 'tcp' : 'http',
      target: text(row['url']),
      intervalMs: 300_000,
      paused: false,
      asserts: ['__dangerous__body_down', '__dangerous__body_down_if_text_missing', '__dangerous__body_degraded'].some(
        name => row[name] !== undefined,
      ),
    }),
  )
  const site = isRecord(value['status-website']) ? value['status-website'] : {}
  const channels = Object.keys(value).filter(name => name === 'notifications')
  return {
    tool: 'Upptime',
    file,
    monitors,
    channels,
    statusPage: text(site['cname']) || text(site['baseUrl']) || 'pages',
  }
}

const kuma = (file: string, source: string): ToolFile | null => {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    return null
  }
  if (!isRecord(value) || !Array.isArray(value['monitorList'])) return null
  const kinds: Readonly<Record<string, WatchKind>> = {
    http: 'http',
    keyword: 'http',
    'json-query': 'http',
    port: 'tcp',
    dns: 'dns',
    push: 'heartbeat',
    smtp: 'smtp',
    'real-browser': 'http',
  }
  const monitors = rows(value['monitorList']).map((row): SeenMonitor => {
    const type = text(row['type'])
    return {
      source: `Uptime Kuma (${file})`,
      name: text(row['name']),
      kind: kinds[type] ?? 'other',
      target: text(row['url']) || `${text(row['hostname'])}${row['port'] ? `:${text(row['port'])}` : ''}`,
      intervalMs: Number(row['interval'] ?? 60) * 1000,
      paused: row['active'] === false || row['active'] === 0,
      asserts: type === 'keyword' || type === 'json-query',
      certificate: row['expiryNotification'] === true,
      domain: row['domainExpiryNotification'] === true,
    }
  })
  const channels = rows(value['notificationList']).map(row => text(row['name']))
  return {
    tool: 'Uptime Kuma',
    file,
    monitors,
    channels,
    statusPage: rows(value['statusPageList']).length ? 'kuma' : null,
  }
}

/** Files that may be one of another tool's, by their names. */
export const isToolFile = (path: string): boolean =>
  /(?:^|\/)(?:gatus|\.?upptimerc)[\w.-]*\.ya?ml$|(?:^|\/)gatus\/[\w./-]*\.ya?ml$|(?:^|\/)\.upptimerc\.yml$|kuma[\w.-]*\.json$/i.test(
    path,
  )

/** Reads one; null where it is none. */
export const readToolFile = (file: string, source: string): ToolFile | null =>
  file.endsWith('.json') ? kuma(file, source) : /upptimerc/i.test(file) ? upptime(file, source) : gatus(file, source)
