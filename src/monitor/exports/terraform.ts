// Better Stack and UptimeRobot through their Terraform providers.
import type { MonitorView } from '../../formats/monitor/section.ts'
import { daysOf, type Exported, type ExportInput, header, leftOut, seconds, slug, statusesOf, textOf } from './words.ts'

/** A string of HCL: `${` and `%{` would be templates. */
const hcl = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
        .replaceAll('${', () => '$${')
        .replaceAll('%{', '%%{')
    : Array.isArray(value)
      ? `[${value.map(hcl).join(', ')}]`
      : String(value)

const resource = (type: string, name: string, fields: Readonly<Record<string, unknown>>): string => {
  const width = Math.max(...Object.keys(fields).map(key => key.length))
  return `resource "${type}" "${slug(name)
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, 'm_')}" {\n${Object.entries(fields)
    .map(([key, value]) => `  ${key.padEnd(width)} = ${hcl(value)}`)
    .join('\n')}\n}\n`
}

const betterKinds = ['http', 'tls', 'domain', 'tcp', 'smtp', 'heartbeat']
const better = (monitor: MonitorView): string => {
  const { name, kind, target, intervalMs } = monitor
  const text = textOf(monitor)
  const [host = '', port = ''] = target.split(':')
  const frequency = [30, 45, 60, 120, 180, 300, 600, 900, 1800].reduce((best, one) =>
    Math.abs(one - seconds(intervalMs)) < Math.abs(best - seconds(intervalMs)) ? one : best,
  )
  if (kind === 'heartbeat')
    return resource('betteruptime_heartbeat', name, {
      name,
      period: seconds(monitor.every ?? 86_400_000),
      grace: seconds(monitor.grace ?? 1_800_000),
      email: true,
    })
  const base = { pronounceable_name: name, check_frequency: frequency, confirmation_period: 10, email: true }
  if (kind === 'tls')
    return resource('betteruptime_monitor', name, {
      ...base,
      monitor_type: 'status',
      url: `https://${host}`,
      ssl_expiration: nearest([1, 2, 3, 7, 14, 30, 60], daysOf(monitor, 14)),
      verify_ssl: true,
    })
  if (kind === 'domain')
    return resource('betteruptime_monitor', name, {
      ...base,
      monitor_type: 'status',
      url: `https://${target}`,
      domain_expiration: nearest([1, 2, 3, 7, 14, 30, 60], daysOf(monitor, 30)),
    })
  if (kind === 'tcp' || kind === 'smtp')
    return resource('betteruptime_monitor', name, { ...base, monitor_type: kind, url: host, port })
  const statuses = statusesOf(monitor)
  return resource('betteruptime_monitor', name, {
    ...base,
    monitor_type: text !== null ? 'keyword' : statuses.length ? 'expected_status_code' : 'status',
    url: target,
    ...(text === null ? {} : { required_keyword: text }),
    ...(text === null && statuses.length ? { expected_status_codes: statuses } : {}),
    follow_redirects: false,
  })
}

const nearest = (allowed: readonly number[], wanted: number): number =>
  allowed.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best))

const robotKinds = ['http', 'tcp', 'smtp', 'heartbeat', 'dns']
const robot = (monitor: MonitorView): string => {
  const { name, kind, target, intervalMs } = monitor
  const text = textOf(monitor)
  const [host = '', port = ''] = target.split(':')
  const base = { name, interval: Math.max(60, seconds(intervalMs)) }
  if (kind === 'heartbeat')
    return resource('uptimerobot_monitor', name, {
      ...base,
      type: 'HEARTBEAT',
      interval: seconds(monitor.every ?? 86_400_000),
      grace_period: seconds(monitor.grace ?? 1_800_000),
      url: '',
    })
  if (kind === 'dns')
    return resource('uptimerobot_monitor', name, { ...base, type: 'DNS', url: target.split(/\s+/)[0] })
  if (kind === 'tcp' || kind === 'smtp')
    return resource('uptimerobot_monitor', name, { ...base, type: 'PORT', url: host, port: Number(port) })
  return resource('uptimerobot_monitor', name, {
    ...base,
    type: text === null ? 'HTTP' : 'KEYWORD',
    url: target,
    ...(text === null ? {} : { keyword_type: 'ALERT_NOT_EXISTS', keyword_value: text }),
    ssl_expiration_reminder: true,
    domain_expiration_reminder: true,
  })
}

const providers = {
  'better-stack': {
    source: 'BetterStackHQ/better-uptime',
    version: '~> 0.20',
    name: 'betteruptime',
    token: 'api_token',
    kinds: betterKinds,
    label: 'Better Stack',
    write: better,
  },
  uptimerobot: {
    source: 'uptimerobot/uptimerobot',
    version: '~> 1.0',
    name: 'uptimerobot',
    token: 'api_key',
    kinds: robotKinds,
    label: 'UptimeRobot',
    write: robot,
  },
} as const

export const terraformFiles = (tool: keyof typeof providers, { monitors }: ExportInput): Exported => {
  const { source, version, name, token, kinds, label, write } = providers[tool]
  const blocks = monitors.filter(({ kind }) => (kinds as readonly string[]).includes(kind)).map(write)
  const content = `${header}terraform {\n  required_providers {\n    ${name} = {\n      source  = "${source}"\n      version = "${version}"\n    }\n  }\n}\n\nvariable "${token}" {\n  type      = string\n  sensitive = true\n}\n\nprovider "${name}" {\n  ${token} = var.${token}\n}\n\n${blocks.join('\n')}`
  return { files: [{ path: `${tool}.tf`, content }], left: leftOut(label, monitors, kinds) }
}
