// Answers of monitoring services, read into one shape. What is not understood is left out, never guessed.
import { isRecord } from '../is-record.ts'
import type { SeenMonitor, WatchKind } from './seen.ts'

/** A monitor, and where the provider tells more of it than its list does. */
export type Listed = SeenMonitor & { detail?: string }

export type Provider = {
  name: string
  /** Environment variable that holds the credential. */
  token: string
  /** Environment variable that names the account, where one is needed. */
  account?: string
  host: string
  /** Path of the first page. */
  first: string
  headers: (token: string, account: string) => Record<string, string>
  /** Monitors of one answer, and the path of the next page; null where it is no list of monitors. */
  read: (body: unknown, path: string) => { monitors: Listed[]; next: string | null } | null
  /** The monitor with what only its own page says: path, texts, certificate. */
  readDetail?: (body: unknown, monitor: SeenMonitor) => SeenMonitor
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

/** The same path, a page on. */
const nextPage = (path: string, key: string, by: number): string => {
  const url = new URL(path, 'https://provider.invalid')
  url.searchParams.set(key, String(number(url.searchParams.get(key)) + by))
  return `${url.pathname}${url.search}`
}

/** Path of a link to the next page, absolute or relative; null where it leads to another host: the token stays with its own. */
const linked = (link: unknown, path: string, host: string): string | null => {
  if (typeof link !== 'string' || !link) return null
  if (!URL.canParse(link, `https://${host}${path}`)) return null
  const url = new URL(link, `https://${host}${path}`)
  return url.host === host ? `${url.pathname}${url.search}` : null
}

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
  first: '/v3/monitors?limit=200',
  headers: bearer,
  read: (body, path) => {
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
    return { monitors, next: linked(body['nextLink'], path, 'api.uptimerobot.com') }
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
  first: '/api/v2/monitors?per_page=250',
  headers: bearer,
  read: (body, path) => {
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
    return { monitors, next: linked(links['next'], path, 'uptime.betterstack.com') }
  },
}

const checkly: Provider = {
  name: 'Checkly',
  token: 'CHECKLY_API_KEY',
  account: 'CHECKLY_ACCOUNT_ID',
  host: 'api.checklyhq.com',
  first: '/v1/checks?limit=100&page=1',
  headers: (token, account) => ({ ...bearer(token), 'x-checkly-account': account }),
  read: (body, path) => {
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
    return { monitors, next: monitors.length === 100 ? nextPage(path, 'page', 1) : null }
  },
}

const pingdomKind = (type: string): WatchKind => {
  if (/^http/.test(type)) return 'http'
  return type === 'smtp' || type === 'dns' || type === 'tcp' ? type : 'other'
}

const pingdom: Provider = {
  name: 'Pingdom',
  token: 'PINGDOM_API_TOKEN',
  host: 'api.pingdom.com',
  first: '/api/3.1/checks?limit=1000&offset=0',
  headers: bearer,
  read: (body, path) => {
    if (!isRecord(body) || !Array.isArray(body['checks'])) return null
    const monitors = rows(body['checks']).map((row): Listed => {
      const type = text(row['type'])
      return {
        ...seen('Pingdom', {
          name: text(row['name']),
          kind: pingdomKind(type),
          target: text(row['hostname']),
          intervalMs: number(row['resolution']) * 60_000,
          paused: text(row['status']) === 'paused',
          certificate: row['verify_certificate'] === true,
        }),
        ...(/^http/.test(type) ? { detail: `/api/3.1/checks/${number(row['id'])}` } : {}),
      }
    })
    return { monitors, next: monitors.length === 1000 ? nextPage(path, 'offset', 1000) : null }
  },
  // The list has the host alone; path, port and texts stand in each check under its type.
  readDetail: (body, monitor) => {
    const check = isRecord(body) && isRecord(body['check']) ? body['check'] : {}
    const type = isRecord(check['type']) ? check['type'] : {}
    const http = isRecord(type['http']) ? type['http'] : null
    const certificate = check['verify_certificate'] === true || monitor.certificate === true
    // A script of requests: what it compares is not told, and what it asks neither.
    if (!http) return { ...monitor, asserts: monitor.asserts || isRecord(type['httpcustom']), certificate }
    const secure = http['encryption'] !== false
    const port = number(http['port'])
    const at = port && port !== (secure ? 443 : 80) ? `:${port}` : ''
    const path = text(http['url']).startsWith('/') ? text(http['url']) : '/'
    return {
      ...monitor,
      target: `${secure ? 'https' : 'http'}://${monitor.target}${at}${path}`,
      asserts: text(http['shouldcontain']) !== '' || text(http['shouldnotcontain']) !== '',
      certificate: secure && certificate,
    }
  },
}

const cakeKind = (type: string): WatchKind => {
  if (/HTTP|HEAD/.test(type)) return 'http'
  return type === 'SMTP'
    ? 'smtp'
    : type === 'DNS'
      ? 'dns'
      : type === 'TCP'
        ? 'tcp'
        : type === 'PUSH'
          ? 'heartbeat'
          : 'other'
}

const statusCake: Provider = {
  name: 'StatusCake',
  token: 'STATUSCAKE_API_TOKEN',
  host: 'api.statuscake.com',
  first: '/v1/uptime?limit=100&page=1',
  headers: bearer,
  read: (body, path) => {
    if (!isRecord(body) || !Array.isArray(body['data'])) return null
    const monitors = rows(body['data']).map((row): Listed => {
      const kind = cakeKind(text(row['test_type']).toUpperCase())
      const id = text(row['id'])
      return {
        ...seen('StatusCake', {
          name: text(row['name']),
          kind,
          target: text(row['website_url']),
          intervalMs: number(row['check_rate']) * 1000,
          paused: row['paused'] === true,
        }),
        ...(kind === 'http' && /^\d+$/.test(id) ? { detail: `/v1/uptime/${id}` } : {}),
      }
    })
    const meta = isRecord(body['metadata']) ? body['metadata'] : {}
    return { monitors, next: number(meta['page']) < number(meta['page_count']) ? nextPage(path, 'page', 1) : null }
  },
  // The list says neither what is looked for in the page nor whether the certificate is watched.
  readDetail: (body, monitor) => {
    const row = isRecord(body) && isRecord(body['data']) ? body['data'] : {}
    return { ...monitor, asserts: text(row['find_string']) !== '', certificate: row['enable_ssl_alert'] === true }
  },
}

export const providers: readonly Provider[] = [uptimeRobot, betterStack, checkly, pingdom, statusCake]
