// A server that answers as Cloudflare's API (v4) is documented to: envelopes, paging, scopes, 429 with Retry-After, outages. It only
// reads; `applyCloudflare` stands for what a person changes in the dashboard.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Phase of the rulesets → rules of its entry point; null when none was ever made. */
type Phases = Record<string, unknown[] | null>

export type ApiState = {
  /** Name of the one zone that the token sees. */
  zone: string
  token: string
  permissions: string[]
  plan: string
  settings: Record<string, string>
  records: { name: string; type: string; content: string; proxied: boolean }[]
  dnssec: string
  phases: Phases
  fightMode: boolean
  universal: boolean
  pageRules: unknown[]
  /** Path endings that the token may not read. */
  forbidden: RegExp[]
  /** Path endings that answer 503. */
  outage: RegExp[]
  /** The next so many requests are answered 429. */
  slowDown: number
}

/** A zone that is set as the baseline says. */
export const soundState = (zone = 'coachdash.example'): ApiState => ({
  zone,
  token: 'lab-cloudflare-token-0123456789abcdef0123',
  permissions: ['#zone:read', '#zone_settings:read', '#dns_records:read', '#ssl:read'],
  plan: 'Pro Website',
  settings: {
    ssl: 'strict',
    development_mode: 'off',
    security_level: 'medium',
    always_use_https: 'on',
    min_tls_version: '1.2',
  },
  records: [{ name: zone, type: 'A', content: '192.0.2.10', proxied: true }],
  dnssec: 'active',
  phases: {
    http_request_firewall_managed: [
      {
        action: 'execute',
        expression: 'true',
        enabled: true,
        action_parameters: { id: 'efb7b8c949ac4650a09736fc376e9aee' },
      },
    ],
    ddos_l7: null,
    http_ratelimit: [{ action: 'block', expression: '(http.request.uri.path eq "/login")', enabled: true }],
    http_request_cache_settings: null,
  },
  fightMode: false,
  universal: true,
  pageRules: [],
  forbidden: [],
  outage: [],
  slowDown: 0,
})

const id = '023e105f4ecef8ad9ca31a8372d0c353'

type Answer = { status: number; body: unknown; headers?: Record<string, string> }

const fail = (status: number, code: number, message: string, headers = {}): Answer => ({
  status,
  headers,
  body: { success: false, errors: [{ code, message }], messages: [], result: null },
})

const ok = (result: unknown, info = {}): Answer => ({
  status: 200,
  body: { success: true, errors: [], messages: [], result, result_info: info },
})

/** Why a request is not answered; null when it is. */
const refusal = (state: ApiState, { method, headers }: IncomingMessage, path: string): Answer | null => {
  if (method !== 'GET') return fail(405, 10000, 'Method not allowed')
  if (state.slowDown-- > 0) return fail(429, 10100, 'Rate limited', { 'retry-after': '0' })
  if (headers.authorization !== `Bearer ${state.token}`) return fail(403, 9109, 'Invalid access token')
  if (state.outage.some(pattern => pattern.test(path))) return { status: 503, body: 'upstream connect error' }
  return state.forbidden.some(pattern => pattern.test(path)) ? fail(403, 10000, 'Authentication error') : null
}

const zones = ({ zone, plan, permissions }: ApiState, name: string | null): Answer => {
  const found = { id, name: zone, status: 'active', plan: { name: plan }, permissions }
  return ok(name === zone ? [found] : [], { page: 1, total_pages: 1 })
}

const records = ({ records: all }: ApiState, query: URLSearchParams): Answer => {
  const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))]
  const slice = all.slice((page - 1) * size, page * size)
  return ok(
    slice.map(record => ({ ...record, proxiable: true, ttl: 1 })),
    { page, per_page: size, total_pages: Math.max(1, Math.ceil(all.length / size)), total_count: all.length },
  )
}

const phaseRules = ({ phases }: ApiState, phase: string): Answer => {
  const rules = phases[phase]
  return rules ? ok({ phase, rules }) : fail(404, 10003, 'could not find entrypoint ruleset')
}

const answerOf = (state: ApiState, request: IncomingMessage): Answer => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api')
  const path = pathname.replace('/client/v4', '')
  const refused = refusal(state, request, path)
  if (refused) return refused
  if (path === '/zones') return zones(state, searchParams.get('name'))
  const rest = path.replace(`/zones/${id}`, '')
  const setting = /^\/settings\/(\w+)$/.exec(rest)?.[1]
  if (setting) return ok({ id: setting, value: state.settings[setting], editable: true })
  if (rest === '/dns_records') return records(state, searchParams)
  if (rest === '/dnssec') return ok({ status: state.dnssec })
  if (rest === '/bot_management') return ok({ fight_mode: state.fightMode, enable_js: true })
  if (rest === '/ssl/universal/settings') return ok({ enabled: state.universal })
  if (rest === '/pagerules') return ok(state.pageRules)
  const phase = /^\/rulesets\/phases\/(\w+)\/entrypoint$/.exec(rest)?.[1]
  return phase ? phaseRules(state, phase) : fail(404, 7003, 'Could not route')
}

/** Starts it on loopback. `paths` holds what was asked for, `state` may be changed while it runs. */
export const startCloudflareApi = async (
  state: ApiState,
): Promise<{ port: number; paths: string[]; close(): Promise<void> }> => {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url ?? '')
    const { status, body, headers } = answerOf(state, request)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    paths,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Sets what a fix names: `dns/<name TYPE>/proxied`, a setting by its name, or what is sent to another endpoint of the zone. */
export const applyCloudflare = (state: ApiState, path: string, value: unknown): void => {
  const record = /^dns\/(\S+) (\w+)\/proxied$/.exec(path)
  const phase = /^rulesets\/phases\/(\w+)\/entrypoint$/.exec(path)?.[1]
  const sent = value as { fight_mode?: boolean; enabled?: boolean; rules?: unknown[] }
  if (record) {
    for (const each of state.records)
      if (each.name === record[1] && each.type === record[2]) each.proxied = value === true
  } else if (path in state.settings) state.settings[path] = String(value)
  else if (path === 'bot_management') state.fightMode = sent.fight_mode === true
  else if (path === 'ssl/universal/settings') state.universal = sent.enabled === true
  else if (phase) state.phases[phase] = sent.rules ?? []
  else throw new Error(`Cloudflare has no setting ${path}`)
}
