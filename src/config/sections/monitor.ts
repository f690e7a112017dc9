// Config: what is watched, who is told, and where results are kept.
import * as z from 'zod'
import { writtenPath } from '../../core/paths.ts'
import { compilePattern } from '../../formats/logs/pattern.ts'
import { type MonitorKind, monitorKinds } from '../../formats/monitor/kinds.ts'
import { duration, filePath, hostName, secret, webUrl } from '../values.ts'

/** `host:port` with a port, the host a name, an address or `[::1]`. */
const endpoint = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]+):\d{1,5}$/, 'expected host:port such as db.example.com:5432')
  .refine(text => {
    const port = Number(text.slice(text.lastIndexOf(':') + 1))
    return port >= 1 && port <= 65_535
  }, 'expected a port between 1 and 65535')

/** `app.example.com A` */
const question = z.string().regex(/^\S+\s+(?:A|AAAA|CNAME|MX|NS|TXT|CAA|SOA|SRV|PTR|DS|DNSKEY|HTTPS|SVCB|TLSA)$/i, {
  message: 'expected a name and a record type such as app.example.com A',
})

const expectSchema = z.strictObject({
  status: z
    .union([z.number().int().min(100).max(599), z.array(z.number().int().min(100).max(599)).min(1)])
    .optional()
    .meta({ description: 'HTTP status, or several (default: 200 to 299)' }),
  text: z.string().min(1).optional().meta({ description: 'Text that the body holds' }),
  notText: z.string().min(1).optional().meta({ description: 'Text that the body must not hold' }),
  json: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .meta({ description: 'Path in a JSON answer → what stands there: { status: ok, checks.db: true }' }),
  header: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Header → text that it contains; "" where it only has to be there' }),
  redirect: z.string().min(1).optional().meta({ description: 'Where it leads: the Location, which is not followed' }),
  latency: duration.optional().meta({ description: 'Slower than this is degraded' }),
  daysLeft: z
    .number()
    .int()
    .min(1)
    .max(365)
    .optional()
    .meta({ description: 'Fewer days than this before its end, and it counts as down' }),
  data: z.array(z.string()).min(1).optional().meta({ description: 'Data of the DNS records, in any order' }),
})

const expectationsOf: Record<MonitorKind, readonly string[]> = {
  http: ['status', 'text', 'notText', 'json', 'header', 'redirect', 'latency'],
  tcp: ['latency'],
  tls: ['daysLeft', 'latency'],
  dns: ['data', 'latency'],
  smtp: ['latency'],
  domain: ['daysLeft'],
  heartbeat: [],
  log: [],
  flow: ['latency'],
  mailFlow: ['latency'],
}

const leastInterval = duration.refine(ms => ms >= 10_000, 'expected at least 10s: what is asked more often is a load')

export const monitorSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    http: webUrl.optional(),
    tcp: endpoint.optional(),
    tls: endpoint.optional().meta({ description: 'Certificate at host:port' }),
    dns: question.optional(),
    smtp: endpoint.optional().meta({ description: 'Mail server: greets, STARTTLS with a certificate that verifies' }),
    domain: hostName.optional().meta({ description: 'Registration of the domain, by RDAP' }),
    heartbeat: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'expected a short name of letters, digits, dots and hyphens')
      .optional()
      .meta({ description: 'Name of a job that reports in' }),
    log: filePath.optional().meta({ description: 'File whose new lines are counted' }),
    flow: z.string().min(1).optional().meta({ description: 'Name of one of flows' }),
    mailFlow: z.string().min(1).optional().meta({ description: 'Name of one of email.flows' }),
    interval: leastInterval.optional(),
    timeout: duration
      .refine(ms => ms >= 100 && ms <= 120_000, 'expected 100ms to 2m')
      .optional()
      .meta({ description: 'How long one try may take (default: --timeout, 5s)' }),
    headers: z.record(z.string(), secret).optional(),
    expect: expectSchema.optional(),
    every: duration.optional().meta({ description: 'With heartbeat: how often the job runs' }),
    grace: duration.optional().meta({ description: 'With heartbeat: how late it may be (default: a tenth of every)' }),
    match: z.string().min(1).max(500).optional().meta({
      description:
        'With log: regular expression of the lines counted, without look-around; (?i) in front: capitals or not',
    }),
    atMost: z
      .number()
      .int()
      .min(0)
      .optional()
      .meta({ description: 'With log: lines that are still well (default: 0)' }),
    within: duration.optional().meta({ description: 'With log: in how long (default: 5m)' }),
    runbook: webUrl.optional().meta({ description: 'What to do when it is down; stands in the alert' }),
    customers: z.string().min(1).max(300).optional().meta({ description: 'What customers see while it is down' }),
  })
  .superRefine((monitor, context) => {
    const given = monitorKinds.filter(kind => monitor[kind] !== undefined)
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message })
    if (given.length !== 1) {
      say([], `expected one of ${monitorKinds.join(', ')}${given.length ? `; ${given.join(' and ')} are two` : ''}`)
      return
    }
    const kind = given[0]!
    for (const key of Object.keys(monitor.expect ?? {}))
      if (!expectationsOf[kind].includes(key))
        say(['expect', key], `${kind} has no such expectation; ${expectationsOf[kind].join(', ') || 'it has none'}`)
    if (kind === 'heartbeat' && monitor.every === undefined) say(['every'], 'expected how often the job reports: 24h')
    if (kind === 'log' && monitor.match === undefined) say(['match'], 'expected the pattern of the lines to count')
    const compiled = monitor.match === undefined ? null : compilePattern(monitor.match)
    if (compiled && 'problem' in compiled)
      say(['match'], `no pattern that lines can be held against: ${compiled.problem}`)
    if (kind !== 'heartbeat' && monitor.every !== undefined)
      say(['every'], 'every goes with heartbeat; how often we look is the interval: 1m')
    if (kind !== 'heartbeat' && monitor.grace !== undefined) say(['grace'], 'grace goes with heartbeat')
    for (const key of ['match', 'atMost', 'within'] as const)
      if (kind !== 'log' && monitor[key] !== undefined) say([key], `${key} goes with log`)
    if (kind !== 'http' && monitor.headers !== undefined) say(['headers'], 'headers go with http')
  })

/** How somebody is told: one of these in each channel. */
export const channelKinds = [
  'slack',
  'discord',
  'teams',
  'telegram',
  'ntfy',
  'pagerduty',
  'opsgenie',
  'webhook',
  'email',
] as const

const mailbox = z.string().regex(/^[^\s@<>"]+@[^\s@<>"]+$/, 'expected an address such as founder@example.com')

export const alertSchema = z
  .strictObject({
    name: z.string().min(1).max(60).optional().meta({ description: 'What the channel is called (default: its kind)' }),
    slack: secret.optional().meta({ description: 'Incoming webhook URL: ${SLACK_WEBHOOK}' }),
    discord: secret.optional().meta({ description: 'Webhook URL' }),
    teams: secret.optional().meta({ description: 'URL of a workflow that takes Adaptive Cards' }),
    telegram: secret.optional().meta({ description: 'Token of the bot; with chat' }),
    chat: z
      .union([z.string().min(1), z.number().int()])
      .optional()
      .meta({ description: 'Telegram: chat id' }),
    ntfy: webUrl.optional().meta({ description: 'URL of the topic; with token where it is protected' }),
    pagerduty: secret.optional().meta({ description: 'Routing key of an Events API v2 integration' }),
    opsgenie: secret.optional().meta({ description: 'API key' }),
    region: z.enum(['us', 'eu']).optional().meta({ description: 'PagerDuty and Opsgenie: where the account lies' }),
    webhook: secret.optional().meta({ description: 'URL that takes the message as JSON; signed with secret' }),
    secret: secret.optional().meta({ description: 'With webhook: key of the signature' }),
    email: z.union([mailbox, z.array(mailbox).min(1)]).optional(),
    from: z.string().min(3).optional().meta({ description: 'E-mail: sender' }),
    smtp: secret
      .optional()
      .meta({ description: 'E-mail: smtp:// or smtps:// URL with user and password: ${SMTP_URL}' }),
    token: secret.optional().meta({ description: 'ntfy: access token' }),
    inbox: z
      .string()
      .optional()
      .meta({ description: 'E-mail: key of email.inboxes in which test alerts are looked for' }),
    after: duration.optional().meta({ description: 'Told only when nobody has acknowledged after this long' }),
    people: z.array(z.string().min(1)).optional().meta({ description: 'Who reads it' }),
    deploys: z.boolean().optional().meta({ description: 'false: deploys, jobs and notes are not sent here' }),
  })
  .superRefine((alert, context) => {
    const given = channelKinds.filter(kind => alert[kind] !== undefined)
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message })
    if (given.length !== 1) {
      say([], `expected one of ${channelKinds.join(', ')}${given.length ? `; ${given.join(' and ')} are two` : ''}`)
      return
    }
    const kind = given[0]!
    if (kind === 'telegram' && alert.chat === undefined) say(['chat'], 'expected the chat that the bot writes to')
    const url = ['slack', 'discord', 'teams', 'webhook'].includes(kind) ? String(alert[kind]) : null
    if (url !== null && !/^\$\{/.test(url) && !webUrl.safeParse(url).success) say([kind], 'expected an https URL')
    const goesWith: Record<string, readonly string[]> = {
      chat: ['telegram'],
      token: ['ntfy'],
      secret: ['webhook'],
      from: ['email'],
      smtp: ['email'],
      inbox: ['email'],
      region: ['pagerduty', 'opsgenie'],
    }
    for (const [key, kinds] of Object.entries(goesWith))
      if (alert[key as keyof typeof alert] !== undefined && !kinds.includes(kind))
        say([key], `${key} goes with ${kinds.join(' or ')}`)
  })

export const maintenanceSchema = z.strictObject({
  from: z.string().min(1).meta({
    description: 'When it begins: "Sun 02:00", "02:00" (each day), a cron expression, or 2026-12-24T22:00',
  }),
  for: duration,
  zone: z
    .string()
    .refine(zone => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: zone })
        return true
      } catch {
        return false
      }
    }, 'expected a time zone such as Europe/Berlin')
    .default('UTC'),
  monitors: z.array(z.string()).optional().meta({ description: 'Names; all of them without it' }),
})

const store = z
  .string()
  .min(1)
  .refine(text => !/^[a-z][a-z0-9+.-]+:\/\//i.test(text) || /^postgres(?:ql)?:\/\//i.test(text), {
    message: 'expected a path, or postgres://…',
  })
  .transform(writtenPath)

const unique = (
  names: readonly (string | undefined)[],
  say: (at: number, message: string) => void,
  what: string,
): void => {
  for (const [at, name] of names.entries())
    if (name !== undefined && names.indexOf(name) !== at) say(at, `another ${what} has this name`)
}

export const monitorSection = z
  .strictObject({
    interval: leastInterval.default(60_000),
    confirm: z
      .strictObject({
        down: z.number().int().min(1).max(10).default(2),
        up: z.number().int().min(1).max(10).default(1),
        after: duration.default(10_000),
      })
      .default({ down: 2, up: 1, after: 10_000 })
      .meta({ description: 'Tries before a state is believed, and the pause before the next try' }),
    remind: duration
      .refine(ms => ms >= 60_000, 'expected at least 1m')
      .default(3_600_000)
      .meta({ description: 'While something stays down and nobody has acknowledged' }),
    alertOn: z
      .array(z.enum(['down', 'degraded']))
      .min(1)
      .default(['down']),
    anchors: z
      .array(endpoint)
      .default(['1.1.1.1:53', '9.9.9.9:53'])
      .meta({ description: 'When none answers we are the ones who cannot see; [] turns it off' }),
    target: z.number().gt(0).lt(100).default(99.9).meta({ description: 'Uptime of a month in percent' }),
    store: store.default('.launch-ready/monitor.sqlite').meta({ description: 'File, or postgres://…' }),
    listen: endpoint.default('127.0.0.1:8788').meta({ description: 'Where the dashboard is served' }),
    hosts: z.array(hostName).optional().meta({ description: 'Names under which the dashboard is reached' }),
    url: webUrl.optional().meta({ description: 'Address of the dashboard in alerts (default: that of listen)' }),
    token: secret
      .min(8)
      .optional()
      .meta({ description: 'Opens the dashboard; needed on another address than loopback' }),
    beatSecret: secret.min(8).optional().meta({
      description: 'Key of heartbeat and acknowledgement links (default: a file beside the store)',
    }),
    deadMan: secret
      .optional()
      .meta({ description: 'URL asked for each minute: an outside service notices our silence' }),
    runbook: webUrl.optional().meta({ description: 'What to do when something is down; stands in alerts' }),
    statusPage: z.boolean().optional().meta({ description: 'false: the dashboard has no public status page' }),
    monitors: z
      .array(monitorSchema)
      .optional()
      .meta({ description: 'Without it: made from hosts, routes, mail, flows' }),
    alerts: z.array(alertSchema).default([]),
    maintenance: z.array(maintenanceSchema).default([]),
  })
  .superRefine((section, context) => {
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message })
    const { monitors = [], alerts, maintenance } = section
    unique(
      monitors.map(({ name }) => name),
      (at, message) => say(['monitors', at, 'name'], message),
      'monitor',
    )
    unique(
      monitors.map(({ heartbeat }) => heartbeat),
      (at, message) => say(['monitors', at, 'heartbeat'], message),
      'heartbeat',
    )
    unique(
      alerts.map(({ name }) => name),
      (at, message) => say(['alerts', at, 'name'], message),
      'channel',
    )
    const names = monitors.map(({ name }) => name)
    for (const [at, window] of maintenance.entries())
      for (const [index, name] of (window.monitors ?? []).entries())
        if (names.length && !names.includes(name))
          say(['maintenance', at, 'monitors', index], `there is no such monitor; ${names.join(', ')}`)
    const host = section.listen.slice(0, section.listen.lastIndexOf(':'))
    if (!/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/i.test(host) && section.token === undefined)
      say(['listen'], 'another address than loopback needs monitor.token: "${DASHBOARD_TOKEN}"')
  })
