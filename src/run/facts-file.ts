// The file of --save-facts and --facts: everything that was collected, secrets masked; a bug report is one file.
import * as z from 'zod'
import { UsageError } from '../config/errors.ts'
import { reasons, type SavedFact, subjectKinds } from '../core/fact.ts'
import { bareTarget, type Target } from '../core/target.ts'

const missingSchema = z.looseObject({
  ok: z.literal(false),
  reason: z.enum(reasons),
  message: z.string(),
  retryable: z.boolean(),
})
const observedSchema = z.looseObject({ ok: z.literal(true), value: z.unknown(), at: z.string() })

const fileSchema = z.looseObject({
  schemaVersion: z.literal(1),
  kind: z.literal('launch-ready facts'),
  startedAt: z.iso.datetime(),
  target: z.looseObject({ domain: z.string().nullable(), repo: z.string().nullable() }),
  facts: z.array(
    z.looseObject({
      fact: z.string(),
      on: z.looseObject({ kind: z.enum(subjectKinds), name: z.string() }),
      is: z.union([missingSchema, observedSchema]),
    }),
  ),
})

export type FactsFile = { startedAt: string; target: Target; facts: SavedFact[] }

/** The text of a facts file. */
export const printFactsFile = (file: FactsFile, version: string): string =>
  `${JSON.stringify({ schemaVersion: 1, kind: 'launch-ready facts', tool: { name: 'launch-ready', version }, startedAt: file.startedAt, target: { ...file.target, repo: file.target.repo ? (file.target.repo.split(/[\\/]/).at(-1) ?? null) : null }, facts: file.facts }, null, 1)}\n`

/** Reads a facts file. Throws UsageError with the first fault and where it stands. */
export const readFactsFile = (value: unknown, path: string): FactsFile => {
  const parsed = fileSchema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UsageError(
      `${path}: not a facts file of launch-ready: ${issue.path.join('.') || 'top level'}: ${issue.message}. Write one with --save-facts.`,
    )
  }
  return {
    startedAt: parsed.data.startedAt,
    target: bareTarget(parsed.data.target as unknown as Partial<Target>),
    facts: parsed.data.facts as unknown as SavedFact[],
  }
}
