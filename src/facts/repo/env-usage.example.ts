// What the code of a well-kept repository reads from its environment, for the examples of checks.
import type { EnvironmentUsageFact, ReadVariable, VariableRead, VariableSetting } from './env-usage.ts'

/** A variable that the server reads at one place and cannot do without. */
export const variable = (
  name: string,
  read: Partial<VariableRead> = {},
  given: Partial<ReadVariable> = {},
): ReadVariable => ({
  name,
  reads: [{ path: 'src/config.ts', line: 3, side: 'server', hasDefault: false, strict: false, test: false, ...read }],
  count: 1,
  browser: false,
  required: true,
  schema: null,
  platform: false,
  ...given,
})

/** A variable that the bundle of the browser reads. */
export const browserVariable = (name: string, path = 'src/app.tsx'): ReadVariable =>
  variable(name, { path, line: 9, side: 'browser' }, { browser: true })

/** A variable that a platform's file sets. */
export const setting = (name: string, given: Partial<VariableSetting> = {}): VariableSetting => ({
  name,
  file: 'fly.toml',
  line: 12,
  kind: 'platform',
  environment: 'production',
  entry: null,
  ...given,
})

/** Two variables, one of them for the browser, and a schema that knows them when the program starts. */
export const example: EnvironmentUsageFact = {
  variables: [variable('DATABASE_URL'), browserVariable('NEXT_PUBLIC_APP_URL')],
  settings: [],
  complete: [],
  schemas: [{ tool: 'zod', path: 'src/env.ts', line: 3, count: 2, skipped: null }],
  handed: [],
  inliners: [{ prefix: 'NEXT_PUBLIC_', folder: '' }],
  mentioned: [],
  explained: [],
  dynamic: 0,
  problems: [],
}
