// The same monitors for other tools. No secret is written: what is one stands as a variable of the tool.
import { stringify } from 'yaml'
import type { MonitorView } from '../../formats/monitor/section.ts'
import { prometheusFiles } from './prometheus.ts'
import { serviceFiles } from './services.ts'
import { terraformFiles } from './terraform.ts'
import {
  daysOf,
  type Exported,
  type ExportInput,
  header,
  jsonOf,
  latencyOf,
  leftOut,
  seconds,
  slug,
  statusesOf,
  textOf,
} from './words.ts'

const gatusEndpoint = (monitor: MonitorView): Record<string, unknown> => {
  const { name, kind, target, intervalMs } = monitor
  const base = { name, group: 'product', interval: `${seconds(intervalMs)}s`, alerts: [{ type: 'slack' }] }
  if (kind === 'http') {
    const statuses = statusesOf(monitor)
    const text = textOf(monitor)
    const latency = latencyOf(monitor)
    return {
      ...base,
      url: target,
      conditions: [
        statuses.length > 1 ? `[STATUS] == any(${statuses.join(', ')})` : `[STATUS] == ${statuses[0] ?? 200}`,
        ...(text === null ? [] : [`[BODY] == pat(*${text}*)`]),
        ...jsonOf(monitor).map(([path, value]) => `[BODY].${path} == ${String(value)}`),
        ...(latency === null ? [] : [`[RESPONSE_TIME] < ${latency}`]),
      ],
    }
  }
  if (kind === 'tls')
    return {
      ...base,
      url: `tls://${target}`,
      conditions: ['[CONNECTED] == true', `[CERTIFICATE_EXPIRATION] > ${daysOf(monitor, 14) * 24}h`],
    }
  if (kind === 'domain')
    return {
      ...base,
      interval: '1h',
      url: `https://${target}`,
      conditions: [`[DOMAIN_EXPIRATION] > ${daysOf(monitor, 30) * 24}h`],
    }
  if (kind === 'smtp') return { ...base, url: `starttls://${target}`, conditions: ['[CONNECTED] == true'] }
  if (kind === 'dns') {
    const [host, type = 'A'] = target.split(/\s+/)
    return {
      ...base,
      url: '9.9.9.9',
      dns: { 'query-name': host, 'query-type': type.toUpperCase() },
      conditions: [
        '[DNS_RCODE] == NOERROR',
        ...((monitor.expect['data'] as string[] | undefined) ?? []).slice(0, 1).map(data => `[BODY] == ${data}`),
      ],
    }
  }
  return { ...base, url: `tcp://${target}`, conditions: ['[CONNECTED] == true'] }
}

const gatusKinds = ['http', 'tls', 'domain', 'smtp', 'dns', 'tcp']
const gatus = ({ monitors }: ExportInput): Exported => ({
  files: [
    {
      path: 'gatus.yaml',
      content: `${header}${stringify({ storage: { type: 'sqlite', path: '/data/gatus.db' }, alerting: { slack: { 'webhook-url': '${SLACK_WEBHOOK}', 'default-alert': { 'failure-threshold': 2, 'success-threshold': 1, 'send-on-resolved': true } } }, endpoints: monitors.filter(({ kind }) => gatusKinds.includes(kind)).map(gatusEndpoint) })}`,
    },
  ],
  left: leftOut('Gatus', monitors, gatusKinds),
})

const kumaKinds = ['http', 'tls', 'domain', 'smtp', 'dns', 'tcp', 'heartbeat']
const kumaMonitor = (monitor: MonitorView, at: number): Record<string, unknown> => {
  const { name, kind, target, intervalMs } = monitor
  const [host = '', port = ''] = target.split(':')
  const text = textOf(monitor)
  const [json] = jsonOf(monitor)
  const base = {
    id: at + 1,
    name,
    active: 1,
    interval: Math.max(20, seconds(intervalMs)),
    retryInterval: 20,
    maxretries: 1,
    timeout: 10,
    notificationIDList: {},
    tags: [],
  }
  if (kind === 'http' || kind === 'tls' || kind === 'domain')
    return {
      ...base,
      type: text !== null ? 'keyword' : json ? 'json-query' : 'http',
      url: kind === 'http' ? target : `https://${kind === 'tls' ? host : target}/`,
      method: 'GET',
      maxredirects: 0,
      accepted_statuscodes: statusesOf(monitor).length ? statusesOf(monitor).map(String) : ['200-299'],
      expiryNotification: kind === 'tls',
      domainExpiryNotification: kind === 'domain',
      ...(text === null ? {} : { keyword: text }),
      ...(text === null && json ? { jsonPath: json[0], jsonPathOperator: '==', expectedValue: String(json[1]) } : {}),
    }
  if (kind === 'dns')
    return {
      ...base,
      type: 'dns',
      hostname: target.split(/\s+/)[0],
      dns_resolve_type: target.split(/\s+/)[1] ?? 'A',
      dns_resolve_server: '9.9.9.9',
      port: 53,
    }
  if (kind === 'heartbeat')
    return { ...base, type: 'push', interval: seconds((monitor.every ?? 86_400_000) + (monitor.grace ?? 0)) }
  return { ...base, type: 'port', hostname: host, port: Number(port) }
}

const kuma = ({ monitors }: ExportInput): Exported => ({
  files: [
    {
      path: 'uptime-kuma.json',
      content: `${JSON.stringify({ version: '1.23.16', notificationList: [], proxyList: [], monitorList: monitors.filter(({ kind }) => kumaKinds.includes(kind)).map(kumaMonitor) }, null, 2)}\n`,
    },
  ],
  left: leftOut('Uptime Kuma', monitors, kumaKinds),
})

const upptimeKinds = ['http', 'tcp']
const upptime = ({ monitors, domain }: ExportInput): Exported => ({
  files: [
    {
      path: '.upptimerc.yml',
      content: `${header}${stringify({
        owner: 'YOUR_GITHUB_ORGANISATION',
        repo: 'status',
        sites: monitors
          .filter(({ kind }) => upptimeKinds.includes(kind))
          .map(monitor => ({
            name: monitor.name,
            ...(monitor.kind === 'tcp'
              ? { check: 'tcp-ping', url: monitor.target.split(':')[0], port: Number(monitor.target.split(':')[1]) }
              : { url: monitor.target }),
            ...(statusesOf(monitor).length ? { expectedStatusCodes: statusesOf(monitor) } : {}),
            ...(textOf(monitor) === null ? {} : { __dangerous__body_down_if_text_missing: textOf(monitor) }),
            ...(latencyOf(monitor) === null ? {} : { maxResponseTime: latencyOf(monitor) }),
          })),
        'status-website': {
          ...(domain ? { cname: `status.${domain}` } : { baseUrl: '/status' }),
          name: domain ?? 'Status',
        },
      })}`,
    },
  ],
  left: [
    'Upptime looks every five minutes at most: GitHub starts schedules no oftener.',
    ...leftOut('Upptime', monitors, upptimeKinds),
  ],
})

const checklyKinds = ['http', 'tcp', 'heartbeat']
const literal = (value: unknown): string => JSON.stringify(value)
const checklyCheck = (monitor: MonitorView): string => {
  const { name, kind, target, intervalMs } = monitor
  const id = slug(name)
  const frequency = Math.max(1, Math.round(intervalMs / 60_000))
  if (kind === 'heartbeat')
    return `new HeartbeatMonitor(${literal(id)}, {\n  name: ${literal(name)},\n  period: ${seconds(monitor.every ?? 86_400_000)},\n  periodUnit: 'seconds',\n  grace: ${seconds(monitor.grace ?? 1_800_000)},\n  graceUnit: 'seconds',\n})`
  if (kind === 'tcp') {
    const [host, port] = target.split(':')
    return `new TcpMonitor(${literal(id)}, {\n  name: ${literal(name)},\n  frequency: ${frequency},\n  request: { hostname: ${literal(host)}, port: ${Number(port)} },\n})`
  }
  const statuses = statusesOf(monitor)
  const assertions = [
    statuses.length > 1
      ? `AssertionBuilder.statusCode().lessThan(${Math.max(...statuses) + 1})`
      : `AssertionBuilder.statusCode().equals(${statuses[0] ?? 200})`,
    ...(textOf(monitor) === null ? [] : [`AssertionBuilder.textBody().contains(${literal(textOf(monitor))})`]),
    ...jsonOf(monitor).map(
      ([path, value]) => `AssertionBuilder.jsonBody(${literal(`$.${path}`)}).equals(${literal(value)})`,
    ),
  ]
  return `new ApiCheck(${literal(id)}, {\n  name: ${literal(name)},\n  frequency: ${frequency},\n  locations: ['eu-central-1', 'us-east-1'],\n  request: {\n    url: ${literal(target)},\n    method: 'GET',\n    followRedirects: false,\n    assertions: [\n      ${assertions.join(',\n      ')},\n    ],\n  },\n})`
}

const checkly = ({ monitors }: ExportInput): Exported => {
  const taken = monitors.filter(({ kind }) => checklyKinds.includes(kind))
  return {
    files: [
      {
        path: 'checkly.config.ts',
        content: `import { defineConfig } from 'checkly'\n\nexport default defineConfig({\n  projectName: 'Product',\n  logicalId: 'product',\n  checks: { checkMatch: '__checks__/*.check.ts' },\n})\n`,
      },
      {
        path: '__checks__/product.check.ts',
        content: `// Written by \`launch-ready monitor export checkly\`; \`npx checkly deploy\` brings it there.\nimport { ApiCheck, AssertionBuilder, HeartbeatMonitor, TcpMonitor } from 'checkly/constructs'\n\n${taken.map(checklyCheck).join('\n\n')}\n`,
      },
    ],
    left: leftOut('Checkly', monitors, checklyKinds),
  }
}

/** A schedule of GitHub Actions that asks each page: better than nothing, and never oftener than five minutes. */
const githubActions = ({ monitors }: ExportInput): Exported => {
  const pages = monitors.filter(({ kind }) => kind === 'http')
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  const look = (monitor: MonitorView): string => {
    const text = textOf(monitor)
    const codes = statusesOf(monitor).join(' ') || '200'
    return `look ${quoted(monitor.name)} ${quoted(monitor.target)} ${quoted(codes)} ${quoted(text ?? '')}`
  }
  const script = `status=0\nlook() {\n  body=$(mktemp)\n  code=$(curl -sS --max-time 15 --retry 1 --retry-delay 10 --retry-all-errors -o "$body" -w '%{http_code}' "$2") || code=000\n  case " $3 " in *" $code "*) ok=1 ;; *) ok=0 ;; esac\n  if [ -n "$4" ] && ! grep -qF -- "$4" "$body"; then ok=0; fi\n  if [ "$ok" = 0 ]; then echo "::error::$1 is down: status $code"; status=1; fi\n}\n${pages.map(look).join('\n')}\nexit "$status"\n`
  const workflow = {
    name: 'Uptime',
    on: { schedule: [{ cron: '*/5 * * * *' }], workflow_dispatch: {} },
    permissions: {},
    concurrency: { group: 'uptime' },
    jobs: { look: { 'runs-on': 'ubuntu-latest', 'timeout-minutes': 5, steps: [{ name: 'Look', run: script }] } },
  }
  return {
    files: [{ path: '.github/workflows/uptime.yml', content: `${header}${stringify(workflow, { lineWidth: 0 })}` }],
    left: [
      'GitHub starts schedules late and no oftener than every five minutes; it mails only who wrote the workflow.',
      ...leftOut('GitHub Actions', monitors, ['http']),
    ],
  }
}

const tools: Readonly<Record<string, (input: ExportInput) => Exported>> = {
  gatus,
  'uptime-kuma': kuma,
  upptime,
  checkly,
  'better-stack': input => terraformFiles('better-stack', input),
  uptimerobot: input => terraformFiles('uptimerobot', input),
  prometheus: prometheusFiles,
  'github-actions': githubActions,
  systemd: input => serviceFiles('systemd', input),
  docker: input => serviceFiles('docker', input),
  fly: input => serviceFiles('fly', input),
}

export const exportTools = Object.keys(tools)

/** The files for a tool; null where we know none of that name. */
export const exportFor = (tool: string, input: ExportInput): Exported | null =>
  Object.hasOwn(tools, tool) ? tools[tool]!(input) : null
