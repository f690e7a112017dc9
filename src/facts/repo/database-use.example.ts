// A product on a server of its own with one pool, and what deviates, for the examples of checks.
import type { DatabaseUse } from './database-use.ts'

export const onServer = (given: Partial<DatabaseUse> = {}): DatabaseUse => ({
  databases: ['postgresql'],
  functions: [],
  direct: [{ name: 'pg', file: 'package.json' }],
  poolers: [],
  perRequest: [],
  pools: [{ file: 'src/db.ts', line: 4, text: 'max: 10', size: 10 }],
  instances: 2,
  limit: { value: 100, file: 'compose.yaml', line: 9 },
  ...given,
})

/** As functions on Vercel. */
export const onVercel = (given: Partial<DatabaseUse> = {}): DatabaseUse =>
  onServer({ functions: [{ name: 'vercel', file: 'vercel.json' }], instances: null, limit: null, ...given })

export const example: DatabaseUse = onServer()
