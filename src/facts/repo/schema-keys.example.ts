// Schemas whose foreign keys are indexed, and one that is not, for the examples of checks.
import type { KeySet, SchemaKeys } from './schema-keys.ts'

export const keySet = (given: Partial<KeySet> = {}): SchemaKeys => ({
  sets: [
    {
      place: 'prisma/migrations',
      orm: 'prisma',
      dialect: 'postgresql',
      tables: 8,
      keys: 6,
      unindexed: [],
      migration: [],
      ...given,
    },
  ],
})

const file = 'prisma/migrations/20261101_x/migration.sql'

/** One key of `orders` without an index. */
export const oneMissing: Partial<KeySet> = {
  unindexed: [{ table: 'orders', column: 'user_id', references: 'users', file, line: 12 }],
  migration: [
    {
      path: 'prisma/migrations/20261102_orders_user_id_idx/migration.sql',
      content: 'CREATE INDEX CONCURRENTLY "orders_user_id_idx" ON "orders" ("user_id");\n',
    },
  ],
}

export const example: SchemaKeys = keySet()
