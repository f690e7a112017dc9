// What to change in the repository so that it stays quick, in words and data.
import type { Fix } from '../../core/fix.ts'
import { configKey, fix, manual, manualFix, patchFile, patchOr, writeFile } from '../../core/fixes.ts'
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

/** How the product connects to its database. */
export type Connecting = {
  platform: string
  file: string
  wanted: string
  limit: string
  /** Where the largest pool is made, and the diff that makes it fit. */
  pool: string
  poolFile: string
  patch: string | null
  /** The one place where a request makes a client, and the diff that makes it once. */
  client: { file: string; patch?: string } | null
}

export const poolBefore = ({ platform }: Connecting): Fix =>
  manualFix(
    'Put a pooler between the functions and the database: it shares few connections among many',
    [
      'Take the pooled address of your database: Neon’s host with -pooler, Supabase’s port 6543, PlanetScale’s own, RDS Proxy, Prisma Accelerate, or PgBouncer on the database’s machine.',
      `Set it as DATABASE_URL at ${platform}, and the direct one as DIRECT_URL for migrations (Prisma: directUrl).`,
      'Let each function hold one connection at most: connection_limit=1, or max: 1 in the pool.',
    ],
    45,
  )

export const shareClient = ({ file, client }: Connecting): Fix => {
  const summary = 'Make one client, and share it'
  const reload = 'In development keep it on globalThis, so that a reload does not make another.'
  return client?.patch
    ? fix(
        summary,
        [patchFile(client.file, client.patch)],
        ['Where another file needs it too, move it into a module of its own (db.ts) and import it in both.', reload],
        10,
      )
    : manualFix(
        summary,
        [`Move what ${file} makes into a module of its own (db.ts), at its top level, and import it.`, reload],
        20,
      )
}

export const smallerPools = ({ pool, poolFile, patch, limit, wanted }: Connecting): Fix => {
  const step = `Lower the pool at ${pool}: pool × instances is ${wanted}, the database takes ${limit} and needs a few for itself and for you.`
  return fix(
    'Let all instances together stay under what the database takes',
    [patchOr(poolFile, patch, step)],
    [step, 'Or raise max_connections, or put PgBouncer before it.'],
    20,
  )
}

/** The step that holds a build to its budgets. */
export const budgetStep = ['- run: npx launch-ready perf budget']

/** A tenth above what it weighs today, in whole kilobytes. */
const budgetOf = (weight: number) => configKey('perf.budgets.firstLoadJs', `${Math.ceil((weight * 1.1) / 1000)}kB`)

/** `weight` is what loads first, where no budget says how much it may be. */
export const budgetInCi = ({
  file,
  patch,
  weight,
}: {
  file: string
  patch: string | null
  weight: number | null
}): Fix => {
  const step = `Add a step after the build to ${file}: \`npx launch-ready perf budget\` (with perf.budgets in the config), or size-limit for the bundle alone.`
  return fix(
    'Hold every change to a budget in CI',
    [...(weight === null || patch === null ? [] : [budgetOf(weight)]), patchOr(file, patch, step)],
    [
      step,
      ...(weight === null ? [] : ['The budget is a tenth above what loads first today.']),
      'Write the first baseline: `npx launch-ready perf baseline`, and commit the file.',
    ],
    30,
  )
}

/** What the first load weighs. */
export type Weight = { what: string; weight: number; bytes: string; budget: string; before: string; first: string }

export const lighten = ({ first, what }: Weight): Fix =>
  manualFix(
    'Send less JavaScript first',
    [
      `See what is in ${first || what}, with source-map-explorer, @next/bundle-analyzer or rollup-plugin-visualizer.`,
      'Load what the first screen does not need later, when it is used: import(), next/dynamic, lazy routes.',
      'Replace what is large for what it does (moment, lodash as a whole, icon sets as a whole).',
    ],
    120,
  )

export const setBudget = ({ bytes, weight }: Weight): Fix =>
  fix(
    'Give the first load a budget',
    [budgetOf(weight)],
    [
      `The budget is a tenth above what loads first today (${bytes}).`,
      'Hold it in CI: `launch-ready perf budget` after the build.',
    ],
    5,
  )
