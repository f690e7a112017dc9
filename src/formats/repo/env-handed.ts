// What a schema is handed: `{ API_URL: process.env.NEXT_PUBLIC_API_URL }`. Its fields are then names of the object, and what it demands of them
// it demands of the variables behind, unless these are changed on the way.
import type { EnvironmentSchema } from './env-reads.ts'
import { type Node, textOf } from './javascript-nodes.ts'

/** The variable behind a field; `asIs` where nothing is made of it on the way. */
type Handed = { variable: string; asIs: boolean }

const upper = /^[A-Z][A-Z0-9_]*$/
const bare =
  /^(?:process|Bun|import\.meta)\.env(?:\.(\w{1,120})|\[["'](\w{1,120})["']\])!?(?:\s+as\s+[\w<>[\]| ]{1,80})?$/
const inside = /\b(?:process|Bun|import\.meta)\.env(?:\.(\w{1,120})|\[["'](\w{1,120})["']\])/
/** A field of the schema itself. */
const ofSchema = /\b(?:z|Joi|joi|yup|Yup|v|t|s|Type)\.\w/
const longestValue = 600

/** Remembers what an entry of an object takes from the environment. */
export const rememberHanded = (known: Map<string, Handed>, property: Node, source: string): void => {
  const field = textOf(property.key)
  const value = property.value as Node
  if (!field || !upper.test(field)) return
  const text = source.slice(value.start ?? 0, Math.min(value.end ?? 0, (value.start ?? 0) + longestValue))
  const whole = bare.exec(text)
  const found = whole ?? inside.exec(text)
  if (!found || (!whole && ofSchema.test(text))) return
  known.set(field, { variable: (found[1] ?? found[2])!, asIs: whole !== null })
}

/** A schema by the variables behind its fields. */
export const overVariables = (schema: EnvironmentSchema, handed: ReadonlyMap<string, Handed>): EnvironmentSchema => ({
  ...schema,
  variables: schema.variables.map(one => {
    const behind = handed.get(one.name)
    if (!behind) return one
    return { ...one, name: behind.variable, optional: one.optional || !behind.asIs }
  }),
})
