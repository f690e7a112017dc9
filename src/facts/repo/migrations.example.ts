// Migrations that do no harm, for the examples of checks, and sets that deviate.
import type { Hazard, HazardKind } from '../../formats/migrations/hazards.ts'
import type { MigrationSet, Migrations } from './migrations.ts'

const file = 'prisma/migrations/20261101_x/migration.sql'

/** One folder of migrations for Prisma on PostgreSQL, unless given otherwise. */
export const migrationSet = (given: Partial<MigrationSet> = {}): Migrations => ({
  since: { by: 'tag', ref: 'v1.2.0' },
  notes: [],
  runs: { built: [], started: [], elsewhere: [], pushes: [] },
  sets: [
    {
      folder: 'prisma/migrations',
      orm: 'prisma',
      dialect: 'postgresql',
      count: 14,
      unreleased: [file],
      hazards: [],
      unread: [],
      edited: [],
      outOfOrder: [],
      diverged: [],
      ...given,
    },
  ],
})

/** Migrations of which one does such harm to `orders.total`. */
export const hazardous = (hazard: HazardKind, given: Partial<Hazard> = {}): Migrations =>
  migrationSet({
    hazards: [
      { hazard, file, line: 3, table: 'orders', column: 'total', text: 'ALTER TABLE …', why: 'why', of: '', ...given },
    ],
  })

export const example: Migrations = migrationSet()
