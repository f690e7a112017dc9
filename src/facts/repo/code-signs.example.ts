// Code with a health route that changes no schema when it starts, for the examples of checks.
import type { CodeSigns } from './code-signs.ts'

export const example: CodeSigns = {
  health: [{ file: 'app/api/health/route.ts', line: 1, text: 'route by its file name' }],
  synchronises: [],
  migratesAtStart: [],
  lockTimeout: [],
  files: 1,
}
