// The config's one source: validation, types, defaults, JSON Schema and the reference page all come from here.
import * as z from 'zod'
import { severities } from '../core/severity.ts'
import { routeKinds } from '../core/target.ts'
import { aiSection } from './sections/ai.ts'
import { auditSection, flowStepsSchema } from './sections/audit.ts'
import { deploySection } from './sections/deploy.ts'
import { dnsSection } from './sections/dns.ts'
import { emailSection } from './sections/email.ts'
import { handoverSection } from './sections/handover.ts'
import { monitorSection } from './sections/monitor.ts'
import { perfSection, routeSessionSchema } from './sections/perf.ts'
import { reportSection } from './sections/report.ts'
import { duration, hostName, secret, webUrl } from './values.ts'

export const routeSchema = z.strictObject({
  name: z.string().min(1),
  url: webUrl,
  kind: z.enum(routeKinds).default('page'),
  p95: duration.optional(),
  headers: z.record(z.string(), secret).optional(),
  expectStatus: z.union([z.number().int(), z.array(z.number().int())]).optional(),
  after: z.string().optional().meta({ description: 'Flow whose session this route needs' }),
  session: routeSessionSchema.optional(),
  click: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Text or selector that is clicked once the page stands: how long until it reacts (INP)' }),
  cached: z.boolean().optional().meta({ description: 'true: a cached read, judged against 300 ms' }),
})

const isDay = (text: string): boolean => {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

export const suppressionSchema = z.strictObject({
  check: z.string(),
  outcome: z.string().optional(),
  subject: z.string().optional(),
  reason: z.string().optional().meta({ description: 'Why; a suppression without it is itself a finding' }),
  until: z
    .string()
    .refine(text => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text), 'expected a date such as 2027-03-01')
    .optional(),
})

export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    domain: hostName.optional().meta({ description: 'Domain under audit' }),
    canonical: webUrl.optional().meta({ description: 'The one URL that every other spelling leads to' }),
    hosts: z.record(z.string(), hostName).default({}).meta({ description: 'Role → host: app, marketing, api, status' }),
    routes: z.array(routeSchema).default([]).meta({ description: 'Key routes of the product' }),
    dns: dnsSection.optional(),
    email: emailSection.optional(),
    cloudflare: z
      .strictObject({ token: secret.optional(), zone: z.string().optional(), api: webUrl.optional() })
      .optional(),
    audit: auditSection.optional(),
    flows: z.array(flowStepsSchema).optional().meta({ description: 'Signup, login, billing as steps' }),
    deploy: deploySection.optional(),
    ai: aiSection.optional(),
    checks: z
      .record(
        z.string(),
        z.strictObject({
          severity: z.record(z.string(), z.enum(severities)).optional().meta({ description: 'Outcome → severity' }),
          options: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .default({})
      .meta({ description: 'Check id → its severities and options' }),
    suppress: z
      .array(suppressionSchema)
      .default([])
      .meta({ description: 'Findings that are known and accepted, with reason and date' }),
    perf: perfSection.optional(),
    monitor: monitorSection.optional(),
    handover: handoverSection.optional(),
    report: reportSection.optional(),
  })
  .meta({ title: 'launch-ready config' })

/** The config as it stands after validation, defaults filled, secrets still in it. */
export type Config = z.infer<typeof configSchema>
