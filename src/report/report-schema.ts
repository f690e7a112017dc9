// The JSON report as a zod schema: the source of schema/report.json, and the guard for reports that come from a file.
import * as z from 'zod'
import type { Report } from '../core/report.ts'
import { confidences, impacts, severities } from '../core/severity.ts'
import { stages } from '../core/stage.ts'

const count = z.int().min(0)
const severity = z.enum(severities).describe('How bad: blocker loses a paying customer or their data.')
const instant = z.string().describe('ISO 8601 instant in UTC.')

const changes = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('dns'),
    action: z.enum(['add', 'replace', 'remove']),
    name: z.string().describe('Fully qualified, with the trailing dot.'),
    type: z.string(),
    ttl: count.optional().describe('Seconds.'),
    data: z.string().describe('Presentation format; TXT without quotes.'),
    was: z.string().optional().describe('Limits a replacement to the record that holds this.'),
  }),
  z.object({
    kind: z.literal('http-header'),
    action: z.enum(['set', 'remove']),
    host: z.string(),
    path: z.string().optional(),
    exact: z.boolean().optional().describe('Of this path alone, not of what lies below it.'),
    name: z.string(),
    value: z.string().optional(),
    was: z.string().optional().describe('The value that is sent now.'),
  }),
  z.object({
    kind: z.literal('redirect'),
    from: z.string(),
    to: z.string(),
    status: z.union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)]),
    tree: z.boolean().optional().describe('Everything below `from` keeps its path and query behind `to`.'),
  }),
  z.object({
    kind: z.literal('file'),
    path: z.string().describe("Relative to the repository's root."),
    action: z.enum(['write', 'patch', 'delete']).optional(),
    content: z.string().optional(),
    patch: z.string().optional().describe('Unified diff.'),
  }),
  z.object({
    kind: z.literal('setting'),
    provider: z.string(),
    path: z.string(),
    value: z.unknown(),
    was: z.unknown().optional(),
  }),
  z.object({ kind: z.literal('command'), run: z.string() }),
  z.object({ kind: z.literal('manual'), step: z.string() }),
])

const evidence = z.object({
  label: z.string(),
  value: z.string(),
  kind: z.enum(['text', 'dns', 'http', 'certificate', 'file']).default('text').describe('Where it was seen.'),
  name: z.string().optional().describe('dns: the name, without the trailing dot.'),
  type: z.string().optional().describe('dns: the mnemonic of the record type.'),
  url: z.string().optional(),
  status: z.number().optional(),
  header: z.string().optional(),
  host: z.string().optional(),
  port: z.number().optional(),
  path: z.string().optional().describe("file: relative to the repository's root."),
  line: z.number().optional().describe('file: counts from 1.'),
})

const cause = z.looseObject({ kind: z.string(), text: z.string() }).describe('Why it could not be judged.')

const question = z.object({
  id: z.string(),
  text: z.string(),
  answer: z.string().describe('Path in the config or handover file where the answer is kept.'),
})

const finding = z.object({
  id: z.string().describe('Fingerprint: stable across runs and machines.'),
  check: z.string(),
  outcome: z.string(),
  stage: z.enum(stages),
  severity,
  impact: z.enum(impacts).describe('The journey of a customer that it breaks.'),
  confidence: z.enum(confidences).default('certain').describe('What is only possible never decides the exit code.'),
  subject: z.string(),
  key: z.string().nullable().default(null).describe('Distinguishes findings of one outcome on one subject.'),
  title: z.string(),
  why: z.string(),
  evidence: z.array(evidence),
  fix: z.object({
    summary: z.string(),
    steps: z.array(z.string()),
    changes: z.array(changes).describe('Applying them makes the check pass.'),
    effortMinutes: z.number().min(0),
    later: z
      .array(z.object({ afterDays: count, changes: z.array(changes), why: z.string() }))
      .optional()
      .describe('What can only be done after waiting so many days.'),
  }),
  references: z.array(z.string()),
  firstSeen: instant.nullable(),
  suppressed: z
    .object({ reason: z.string(), until: z.string().nullable(), by: z.enum(['config', 'baseline']) })
    .nullable(),
})

const status = z.enum(['pass', 'fail', 'skip', 'unknown']).describe('An unknown is never a pass.')

/** A finding of the former report that is not in this one. */
const gone = z.object({
  id: z.string(),
  check: z.string(),
  outcome: z.string(),
  subject: z.string(),
  severity,
  title: z.string(),
})

/** The report as zod sees it. Unknown keys are allowed: later versions add, and never rename. */
export const reportShape = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }),
  target: z.object({ domain: z.string().nullable(), hosts: z.array(z.string()), repo: z.string().nullable() }),
  startedAt: instant,
  durationMs: z.number().min(0),
  verdict: z.enum(['ready', 'not-ready', 'incomplete']),
  summary: z.object({
    blocker: count,
    high: count,
    medium: count,
    low: count,
    pass: count,
    skip: count,
    unknown: count,
  }),
  failureSignals: z.array(z.object({ stage: z.enum(stages), signal: z.string(), findings: z.array(z.string()) })),
  findings: z.array(finding).describe('Ranked: severity, journey, effort, check, subject.'),
  plan: z
    .object({
      steps: z.array(
        z.object({
          number: z.int().min(1),
          findings: z.array(z.string()).describe('Ids of the findings that the step puts right.'),
          changes: z.array(changes).describe('In the order to make them.'),
          notBefore: z.string().nullable().describe('Day before which it must not be done, such as 2026-12-13.'),
          why: z.string().nullable().describe('What the step rests on or waits for.'),
        }),
      ),
    })
    .default({ steps: [] })
    .describe('All changes as one plan: each once, composed where findings touch one place, safe at every prefix.'),
  checks: z.array(
    z.object({
      check: z.string(),
      subject: z.string(),
      status,
      outcome: z.string().nullable(),
      reason: z.string().nullable(),
      durationMs: z.number().min(0),
      evidence: z.array(evidence).default([]),
      cause: cause.nullable().default(null),
      question: question.nullable().default(null),
    }),
  ),
  assumptions: z.array(z.string()).default([]),
  looked: z.object({ hosts: count, pages: count, records: count }).default({ hosts: 0, pages: 0, records: 0 }),
  servers: z
    .record(z.string(), z.string())
    .optional()
    .describe('Host → the server or provider that answers for it, where it is known.'),
  causes: z
    .array(
      z.object({
        cause: z.string(),
        kind: z.string().default('fact'),
        finding: z.string().nullable(),
        hidden: count,
        checks: z.array(z.string()),
      }),
    )
    .default([]),
  questions: z
    .array(question.extend({ checks: z.array(z.string()) }))
    .default([])
    .describe('What only people know, once each.'),
  interrupted: z.boolean().default(false),
  firstCustomer: z
    .object({
      at: z.string().nullable().describe('The step that breaks first; null where none does.'),
      sentence: z.string(),
    })
    .optional()
    .describe('How far a first customer gets.'),
  contradictions: z
    .array(z.object({ id: z.string(), said: z.string(), seen: z.string(), place: z.string() }))
    .optional()
    .describe('Where what people say of the handover and what was seen part.'),
  notes: z.array(z.string()).default([]),
  since: z
    .object({
      startedAt: instant,
      new: z.array(z.string()).describe('Ids of findings.'),
      fixed: z.array(gone),
      unchanged: z.array(z.string()).describe('Ids of findings.'),
      suppressed: z
        .array(z.string())
        .optional()
        .describe('Ids of findings that were open and are accepted now; absent in reports of older versions.'),
      couldNotTell: z.array(gone.extend({ reason: z.string() })),
    })
    .optional()
    .describe('What changed since the report of --since; absent without one.'),
})

/** The JSON Schema (draft 2020-12) that ships as `launch-ready/schema/report.json`. */
export const reportSchema = (): Record<string, unknown> => ({
  $id: 'https://github.com/launch-ready/launch-ready/schema/report.json',
  title: 'Report of launch-ready, schema version 1',
  ...z.toJSONSchema(reportShape, { io: 'input' }),
})

/** A report that came from outside, with the defaults of what older versions did not write; or where it is wrong, in one line. */
export const checkReport = (value: unknown): { ok: true; report: Report } | { ok: false; message: string } => {
  const parsed = reportShape.safeParse(value)
  if (parsed.success) return { ok: true, report: parsed.data as Report }
  const [issue] = parsed.error.issues
  const path = issue?.path.map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('') ?? ''
  return { ok: false, message: `${path.replace(/^\./, '') || 'the report'}: ${issue?.message ?? 'not as expected'}` }
}
