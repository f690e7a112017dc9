// Files that hold several migrations, each of which is run and recorded by itself: changelogs of Liquibase, lists of gormigrate.
import { gormigrateParts } from './gormigrate.ts'
import { changesetsOf } from './liquibase.ts'
import type { Orm, Part } from './model.ts'

const readers: { readonly [K in Orm]?: (text: string) => Part[] } = {
  liquibase: changesetsOf,
  gormigrate: gormigrateParts,
}

/** The migrations of such a file; null where the tool has one for each file. */
export const partsOf = (text: string, orm: Orm): Part[] | null => readers[orm]?.(text) ?? null
