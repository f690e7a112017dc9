// What is known of a program's environment from its text: reads of variables, and schemas over them.

/** `browser`: the value ends up in what the visitor loads. */
export type EnvironmentRead = {
  name: string
  line: number
  side: 'server' | 'browser'
  hasDefault: boolean
  strict: boolean
  /** The code says that it is set (`!`), and goes on where it is not. */
  asserted?: true
}

/** A variable that a schema names. */
export type SchemaVariable = { name: string; line: number; optional: boolean }

/** `skipped`: how validation is switched off: always, in production, or by a variable. */
export type EnvironmentSchema = {
  tool: string
  line: number
  variables: SchemaVariable[]
  skipped: { when: 'always' | 'production' | 'variable'; by: string; line: number } | null
}

export type EnvironmentUsage = {
  reads: EnvironmentRead[]
  schemas: EnvironmentSchema[]
  dynamic: number
  problem: string | null
}

/** No read; `problem` says why none was looked for. */
export const nothingRead = (problem: string | null = null): EnvironmentUsage => ({
  reads: [],
  schemas: [],
  dynamic: 0,
  problem,
})
