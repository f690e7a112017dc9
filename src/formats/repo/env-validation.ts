// Schemas over the environment: whether production holds to them, and one to begin with.
import { isJavaScript } from './paths.ts'

/** A schema over the environment; `skipped` says by what it is switched off, null when it always holds. */
export type NamedSchema = {
  tool: string
  path: string
  line: number
  count: number
  skipped: { when: string; by: string; line: number } | null
}

type Setting = {
  name: string
  file: string
  line: number
  environment: string
  kind: string
  entry: { on: boolean } | null
}

export type SwitchedOff = {
  schema: NamedSchema
  skipped: NonNullable<NamedSchema['skipped']>
  /** The setting of production that switches it off; null when it is off by itself. */
  by: Setting | null
}

/** The first schema that production does not hold to: always off, off by its own condition, or by a variable that is set. */
export const switchedOff = (schemas: readonly NamedSchema[], settings: readonly Setting[]): SwitchedOff | null => {
  for (const schema of schemas) {
    const { skipped } = schema
    if (skipped === null) continue
    const by =
      settings.find(
        ({ name, environment, kind, entry }) =>
          name === skipped.by && environment === 'production' && kind !== 'ci' && entry?.on !== false,
      ) ?? null
    if (skipped.when !== 'variable' || by) return { schema, skipped, by }
  }
  return null
}

const isTypeScript = /\.[cm]?tsx?$/

type Read = { path: string; strict: boolean; test: boolean; hasDefault: boolean }

/**
 * Reads of the variables that the server needs, without a default. `strict` counts those that raise where the variable is
 * missing: in TypeScript `!` only silences the compiler, so that one counts in other languages or in a helper alone.
 */
export const bareReads = (
  variables: readonly { reads: readonly Read[] }[],
): { count: number; strict: number; typescript: boolean } => {
  const reads = variables.flatMap(one => one.reads.filter(read => !read.test && !read.hasDefault))
  return {
    count: reads.length,
    strict: reads.filter(read => read.strict && !isJavaScript(read.path)).length,
    typescript: reads.some(read => isTypeScript.test(read.path)),
  }
}

/** A module that reads all variables and throws where one is missing, in the words of zod. */
export const zodModule = (names: readonly string[]): string =>
  `import { z } from 'zod'\n\nexport const env = z\n  .object({\n${names.map(name => `    ${name}: z.string().min(1),`).join('\n')}\n  })\n  .parse(process.env)\n`

type OwnRead = Read & { line: number; open?: true }

/**
 * Places where a secret of the product's own falls back to a text of the code. Left out where another read or a schema demands it, and where
 * a file of production sets it.
 */
export const openSecrets = (
  variables: readonly { name: string; required: boolean; reads: readonly OwnRead[] }[],
  settings: readonly Pick<Setting, 'name' | 'environment' | 'kind'>[],
): { name: string; path: string; line: number }[] =>
  variables
    .filter(
      ({ name, required }) =>
        !required && !settings.some(one => one.name === name && one.environment === 'production' && one.kind !== 'ci'),
    )
    .flatMap(({ name, reads }) =>
      reads.filter(({ open, test }) => open && !test).map(({ path, line }) => ({ name, path, line })),
    )
