// Answers of monitoring services, read into one shape. What is not understood is left out, never guessed.
import { isRecord } from '../is-record.ts'
import type { SeenMonitor, WatchKind } from './seen.ts'

export type Provider = {
  name: string
  /** Environment variables that hold the credential. */
  token: string
  host: string
  /** The request; `page` counts from 0. */
  path: (page: number, token: string, account: string) => string
  headers: (token: string, account: string) => Record<string, string>
  account?: string
  /** Monitors of one answer, and whether more follow. */
  read: (body: unknown) => { monitors: SeenMonitor[]; more: boolean } | null
}

type Row = Readonly<Record<string, unknown>>

const rows = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRecord).slice(0, 5_000) : [])
const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value)
const number = (value: unknown): number => (Number.isFinite(Number(value)) ? Number(value) : 0)

const bearer = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  accept: 'application/json',
})

const seen = (source: string, row: Partial<SeenMonitor>): SeenMonitor => ({
  source,
  name: row.name ?? '',
  kind: row.kind ?? 'other',
  target: row.target ?? '',
  intervalMs: row.intervalMs ?? 0,
  paused: row.paused ?? false,
  asserts: row.asserts ?? false,
  ...(row.certificate ? { certificate: true } : {}),
  ...(row.domain ? { domain: true } : {}),
})

const robotKinds: Readonly<Record<string, WatchKind>> = {
  http: 'http',
  keyword: 'http',
  port: 'tcp',
  ping: 'other',
  heartbeat: 'heartbeat',
  dns: 'dns',
  api: 'http',
}

const uptimeRobot: Provider = {
  name: 'UptimeRobot',
  token: 'UPTIMEROBOT_API_KEY',
  host: 'api.uptimerobot.com',
  path: page => `/v3/monitors?limit=200${page ? `&cursor=${page}` : ''}`,
  headers: bearer,
  read: body => {
    if (!isRecord(body) || !Array.isArray(body['data'])) return null
    const monitors = rows(body['data']).map(row =>
      seen('UptimeRobot', {
        name: text(row['friendlyName']),
        kind: robotKinds[text(row['type']).toLowerCase()] ?? 'other',
        target: text(row['url']),
        intervalMs: number(row['interval']) * 1000,
        paused: /paused/i.test(text(row['status'])),
        asserts: /keyword|api/i.test(text(row['type'])) || text(row['keywordValue']) !== '',
        certificate: row['sslExpirationReminder'] === true || row['checkSSLErrors'] === true,
        domain: row['domainExpirationReminder'] === true,
      }),
    )
    return { monitors, more: text(body['nextLink']) !== '' }
  },
}

const betterKinds: Readonly<Record<string, WatchKind>> = {
  status: 'http',
  expected_status_code: 'http',
  keyword: 'http',
  keyword_absence: 'http',
  playwright: 'http',
  tcp: 'tcp',
  smtp: 'smtp',
  dns: 'dns',
  ping: 'other',
}

const betterStack: Provider = {
  name: 'Better Stack',
  token: 'BETTERSTACK_API_TOKEN',
  host: 'uptime.betterstack.com',
  path: page => `/api/v2/monitors?per_page=250&page=${page + 1}`,
  headers: bearer,
  read: body => {
    if (!isRecord(body) || !Array.isArray(body['data'])) return null
    const monitors = rows(body['data']).map(({ attributes }) => {
      const row = isRecord(attributes) ? attributes : {}
      const type = text(row['monitor_type'])
      return seen('Better Stack', {
        name: text(row['pronounceable_name']) || text(row['url']),
        kind: betterKinds[type] ?? 'other',
        target: text(row['url']),
        intervalMs: number(row['check_frequency']) * 1000,
        paused: text(row['paused_at']) !== '' || row['paused'] === true || text(row['status']) === 'paused',
        asserts: /keyword|playwright/.test(type) || text(row['required_keyword']) !== '',
        certificate: number(row['ssl_expiration']) > 0,
        domain: number(row['domain_expiration']) > 0,
      })
    })
    const links = isRecord(body['pagination']) ? body['pagination'] : {}
    return { monitors, more: text(links['next']) !== '' }
  },
}

const checkly: Provider = {
  name: 'Checkly',
  token: 'CHECKLY_API_KEY',
  account: 'CHECKLY_ACCOUNT_ID',
  host: 'api.checklyhq.com',
  path: page => `/v1/checks?limit=100&page=${page + 1}`,
  headers: (token, account) => ({ ...bearer(token), 'x-checkly-account': account }),
  read: body => {
    if (!Array.isArray(body)) return null
    const monitors = rows(body).map(row => {
      const request = isRecord(row['request']) ? row['request'] : {}
      const type = text(row['checkType'])
      const assertions = rows(request['assertions'])
      return seen('Checkly', {
        name: text(row['name']),
        kind: /API|BROWSER|URL|MULTI/.test(type)
          ? 'http'
          : /TCP/.test(type)
            ? 'tcp'
            : /HEARTBEAT/.test(type)
              ? 'heartbeat'
              : /DNS/.test(type)
                ? 'dns'
                : 'other',
        target: text(request['url']),
        intervalMs: number(row['frequency']) * 60_000 || number(row['frequencyOffset']) * 1000,
        paused: row['activated'] === false || row['muted'] === true,
        asserts: /BROWSER|MULTI/.test(type) || assertions.some(({ source }) => /BODY|HEADER/.test(text(source))),
        certificate:
          isRecord(row['alertSettings']) &&
          isRecord(row['alertSettings']['sslCertificates']) &&
          row['alertSettings']['sslCertificates']['enabled'] === true,
      })
    })
    return { monitors, more: monitors.length === 100 }
  },
}

const pingdom: Provider = {
  name: 'Pingdom',
  token: 'PINGDOM_API_TOKEN',
  host: 'api.pingdom.com',
  path: page => `/api/3.1/checks?include_tags=false&limit=1000&offset=${page * 1000}`,
  headers: bearer,
  read: body => {
    if (!isRecord(body) || !Array.isArray(body['checks'])) return null
    const monitors = rows(body['checks']).map(row => {
      const kind = text(row['type'])
      return seen('Pingdom', {
        name: text(row['name']),
        kind: /http/.test(kind)
          ? 'http'
          : kind === 'smtp'
            ? 'smtp'
            : kind === 'dns'
              ? 'dns'
              : kind === 'tcp'
                ? 'tcp'
                : 'other',
        target: text(row['hostname']),
        intervalMs: number(row['resolution']) * 60_000,
        paused: text(row['status']) === 'paused',
        asserts: text(row['shouldcontain']) !== '' || text(row['shouldnotcontain']) !== '',
        certificate: row['verify_certificate'] === true,
      })
    })
    return { monitors, more: monitors.length === 1000 }
  },
}

const statusCake: Provider = {
  name: 'StatusCake',
  token: 'STATUSCAKE_API_TOKEN',
  host: 'api.statuscake.com',
  path: page => `/v1/uptime?limit=100&page=${page + 1}`,
  headers: bearer,
  read: body => {
    if (!isRecord(body) || !Array.isArray(body['data'])) return null
    const monitors = rows(body['data']).map(row =>
      seen('StatusCake', {
        name: text(row['name']),
        kind: /HTTP|HEAD/.test(text(row['test_type']))
          ? 'http'
          : /SMTP/.test(text(row['test_type']))
            ? 'smtp'
            : /DNS/.test(text(row['test_type']))
              ? 'dns'
              : 'other',
        target: text(row['website_url']),
        intervalMs: number(row['check_rate']) * 1000,
        paused: row['paused'] === true,
        asserts: text(row['find_string']) !== '',
        certificate: row['enable_ssl_alert'] === true,
      }),
    )
    const meta = isRecord(body['metadata']) ? body['metadata'] : {}
    return { monitors, more: number(meta['page']) < number(meta['page_count']) }
  },
}

export const providers: readonly Provider[] = [uptimeRobot, betterStack, checkly, pingdom, statusCake]
