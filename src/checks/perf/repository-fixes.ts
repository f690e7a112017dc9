// What to change in the repository so that it stays quick, in words and data.
import type { Fix } from '../../core/fix.ts'
import { fix, manual, writeFile } from '../../core/fixes.ts'
import type { KeySet } from '../../facts/repo/schema-keys.ts'
import { createIndex } from '../../formats/keys/add-index.ts'

/** How to say it in the schema file, so that the tool does not take it away again. */
const alsoInSchema: Readonly<Record<string, string>> = {
  prisma:
    'Say it in schema.prisma too, so that the next migration does not drop it: `@@index([field])` in each of these models.',
  drizzle: 'Say it in the schema too: `index().on(table.column)` in each of these tables.',
  typeorm: 'Say it on the entity too: `@Index()` on each of these columns.',
  django: 'Say it on the model too: `indexes = [models.Index(fields=[…])]` in Meta.',
  rails: 'Run bin/rails db:migrate and commit what it writes into the schema.',
}

export const addIndexes = ({ set }: { set: KeySet }): Fix => {
  const columns = set.unindexed.map(({ table, column }) => `${table}.${column}`)
  const more = alsoInSchema[set.orm]
  const how =
    set.dialect === 'postgresql' && set.orm !== 'drizzle'
      ? 'They are built concurrently: nobody waits meanwhile, and it must not run within a transaction. If one fails half-way, drop it and try again.'
      : 'On a large table build them at a quiet hour: writing waits meanwhile.'
  if (set.migration.length > 0)
    return fix(
      `Add ${columns.length === 1 ? 'an index' : 'indexes'} by a migration`,
      set.migration.map(({ path, content }) => writeFile(path, content)),
      [`Add the migration (${columns.slice(0, 8).join(', ')}).`, how, ...(more ? [more] : [])],
      20,
    )
  return fix(
    'Add the indexes to the schema',
    set.unindexed.slice(0, 40).map(one => manual(createIndex(one, set.dialect))),
    [...(more ? [more] : []), `Columns: ${columns.slice(0, 20).join(', ')}.`, 'Then push or migrate as always.', how],
    30,
  )
}
