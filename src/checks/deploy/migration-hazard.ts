// Migrations that are not released yet leave data, writes and the running code alone. One finding per kind of hazard, with its places.
import { defineCheck, skip, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { MigrationSet, Migrations } from '../../facts/repo/migrations.ts'
import { type Hazard, type HazardKind, hazardKinds } from '../../formats/migrations/hazards.ts'
import type { Dialect, Orm } from '../../formats/migrations/model.ts'
import { recipeFor } from '../../formats/migrations/recipes.ts'
import { evidenceOf, filesIn, withoutMigrations } from './places.ts'

type Found = Hazard & { orm: Orm; dialect: Dialect | null }
type Data = { hazards: Found[]; files: string; what: string; count: number }

const nameOf = ({ table, column }: Hazard): string =>
  table === null ? 'the database' : column === null ? table : `${table}.${column}`

/** The recipe of the first place of each kind of object, and the other places by name. */
const fix = ({ hazards }: Data): Fix => {
  const kinds = [...new Map(hazards.map(one => [`${one.of}:${one.orm}`, one])).values()].slice(0, 3)
  const recipes = kinds.map(one => ({ one, recipe: recipeFor(one, one.orm, one.dialect ?? 'sqlite') }))
  const rest = hazards.filter(one => !kinds.includes(one))
  return {
    summary: recipes[0]!.recipe.summary,
    steps: [
      ...recipes.flatMap(({ one, recipe: { steps } }) => [
        `${one.file}:${one.line} (${nameOf(one)}): ${steps[0]}`,
        ...steps.slice(1),
      ]),
      ...(rest.length
        ? [
            `The same way: ${rest
              .slice(0, 8)
              .map(one => `${one.file}:${one.line} (${nameOf(one)})`)
              .join(', ')}.`,
          ]
        : []),
    ],
    changes: hazards.slice(0, 12).map(one => ({
      kind: 'manual' as const,
      step: `${one.file}:${one.line}: ${recipeFor(one, one.orm, one.dialect ?? 'sqlite').steps[0]}`,
    })),
    effortMinutes: 30 + 15 * Math.min(4, hazards.length),
  }
}

const set = (hazard?: Partial<Hazard> & { hazard: HazardKind }, more: Partial<MigrationSet> = {}): Migrations => ({
  since: { by: 'tag', ref: 'v1.2.0' },
  notes: [],
  sets: [
    {
      folder: 'prisma/migrations',
      orm: 'prisma',
      dialect: 'postgresql',
      count: 14,
      unreleased: ['prisma/migrations/20261101_x/migration.sql'],
      hazards: hazard
        ? [
            {
              file: 'prisma/migrations/20261101_x/migration.sql',
              line: 3,
              table: 'orders',
              column: 'total',
              text: 'ALTER TABLE …',
              why: 'why',
              of: '',
              ...hazard,
            },
          ]
        : [],
      unread: [],
      edited: [],
      outOfOrder: [],
      diverged: [],
      ...more,
    },
  ],
})

const bad = (severity: 'blocker' | 'high' | 'medium' | 'low', title: string, why: string, impact?: 'data') => ({
  status: 'fail' as const,
  severity,
  title,
  why,
  fix,
  ...(impact ? { impact } : {}),
})

/** One finding's data: the places of one kind of hazard. */
const holding = (outcome: HazardKind, hazards: Found[]) => {
  const places = hazards.map(one => ({
    file: one.file,
    line: one.line,
    text: outcome === 'no-lock-timeout' ? one.text : `${one.text}: ${one.why}`,
  }))
  const names = [...new Set(hazards.map(nameOf))]
  const what = names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names[0]!
  return {
    outcome,
    data: { hazards, files: filesIn(places), what, count: hazards.length },
    evidence: evidenceOf(places),
  }
}

/** Statements that could not be read: what they do is not known, the rest was judged. */
const unreadOf = ({ sets }: Migrations) => {
  const unread = sets.flatMap(one => one.unread)
  if (unread.length === 0) return []
  const named = unread
    .slice(0, 2)
    .map(({ file, line, text }) => `${file}:${line} ${text}`)
    .join('; ')
  return [
    unknown(
      `${unread.length} ${unread.length === 1 ? 'statement' : 'statements'} could not be read, the rest was judged: ${named}`,
      'high',
    ),
  ]
}

export default defineCheck<Data>()({
  id: 'migration-hazard',
  stage: 'deploy',
  on: 'repo',
  title: 'Migrations that are not released yet do no harm to the running product',
  why: 'While a migration runs, and until every instance runs the new code, customers use the product. Judged are migrations since the last tag, the deployed branch or `deploy.since`, else the newest five; tables made in the same set are left alone. PostgreSQL is read by its own grammar, MySQL and SQLite by their DDL, migrations of ORMs by their calls; the transaction that the tool wraps around them is known.',
  impact: { journey: 'operate', owner: 'The next deploy can stop the product, or lose what customers entered.' },
  needs: ['migrations'],
  actions: ['deploy migrations'],
  signals: ['bad-deploy'],
  checklist: { section: 'database', order: 1, line: 'Migrations to come do no harm to the running product' },
  outcomes: {
    'concurrent-in-transaction': bad(
      'blocker',
      'The next deploy fails: CONCURRENTLY within a transaction',
      'The database refuses it, so the migration fails and the deploy with it.',
    ),
    'rewrites-table': bad(
      'blocker',
      'The product stands still while {what} is rewritten',
      'Nobody can read or write the table until every row was written anew.',
    ),
    renames: bad(
      'blocker',
      'The running code breaks when {what} is renamed',
      'Between the migration and the last replaced instance, the code asks for a name that is gone.',
    ),
    'drops-data': bad(
      'high',
      'The next migration deletes {what} for good',
      'What customers entered there cannot be brought back, and the code that still runs asks for it.',
      'data',
    ),
    'blocks-writes': bad(
      'high',
      'Customers cannot save while {what} is locked',
      'Every signup, order or change waits until the database has gone through all rows.',
    ),
    'not-null-on-existing': bad(
      'high',
      'The next migration fails or breaks saving: {what}',
      'Rows that exist have no value there, and the code that still runs does not give one.',
    ),
    'type-change': bad(
      'high',
      'The product stands still while {what} changes its type',
      'Every row is written anew under a lock, and the code that still runs may not understand the new type.',
    ),
    'backfill-with-ddl': bad(
      'medium',
      'Rows are filled while the table is locked: {files}',
      'Customers wait until the last row is written.',
    ),
    'enum-change': bad(
      'medium',
      'Values of {what} change under the running code',
      'The code that still runs writes a value that the database no longer knows.',
    ),
    'no-lock-timeout': bad(
      'low',
      'A migration that waits makes every query wait: {files}',
      'One long query is enough, and the product hangs behind the migration.',
    ),
    safe: { status: 'pass', title: 'Migrations that are not released yet are safe' },
  },
  references: [
    'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
    'https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html',
    'https://www.sqlite.org/lang_altertable.html',
    'https://github.com/ankane/strong_migrations#checks',
  ],
  judge({ migrations }) {
    const { sets, since } = migrations
    if (sets.length === 0) return skip(withoutMigrations(migrations))
    const found = sets.flatMap(({ hazards, orm, dialect }) => hazards.map((one): Found => ({ ...one, orm, dialect })))
    const kinds = hazardKinds.filter(kind => found.some(({ hazard }) => hazard === kind))
    const holds = [
      ...kinds.map(kind =>
        holding(
          kind,
          found.filter(({ hazard }) => hazard === kind),
        ),
      ),
      ...unreadOf(migrations),
    ]
    if (holds.length) return holds
    if (migrations.cut)
      return unknown(
        'this clone is shallow, so nobody can tell which migrations are released: git fetch --unshallow --tags (fetch-depth: 0 in CI)',
        'blocker',
      )
    const count = sets.reduce((sum, one) => sum + one.unreleased.length, 0)
    const all = sets.reduce((sum, one) => sum + one.count, 0)
    const tools = [...new Set(sets.map(({ orm, dialect }) => `${orm}, ${dialect ?? 'database not known'}`))].join('; ')
    const label = since.by === 'newest' ? 'judged' : `since ${since.ref || 'the beginning'}`
    return {
      outcome: 'safe',
      data: { hazards: [], files: '', what: '', count },
      evidence: [{ label, value: `${count} of ${all} migrations (${tools})` }],
    }
  },
  examples: [
    { name: 'nothing that hurts', facts: { migrations: set() }, expect: 'safe' },
    ...hazardKinds.map(hazard => ({ name: hazard, facts: { migrations: set({ hazard }) }, expect: hazard })),
    {
      name: 'a statement that does not parse',
      facts: { migrations: set(undefined, { unread: [{ file: 'db/1.sql', line: 4, text: 'ALTR TABLE x' }] }) },
      expect: 'unknown',
    },
  ],
})
