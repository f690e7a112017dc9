// Migrations that are not released yet leave data, writes and the running code alone. One finding per kind of hazard, with its places.
import { blocker, defineCheck, high, low, medium, pass, skip, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { deployedBy } from '../../core/target.ts'
import { hazardous, migrationSet } from '../../facts/repo/migrations.example.ts'
import type { Migrations } from '../../facts/repo/migrations.ts'
import { type Hazard, hazardKinds } from '../../formats/migrations/hazards.ts'
import { productionOf } from '../../formats/repo/production.ts'
import { asOne, byGravity, type HazardData, holding } from './hazard-findings.ts'
import { followRecipe, shallowClone, statementsUnread } from './migration-fixes.ts'
import { noMigrations, othersUnread } from './places.ts'

/** Statements, and whole tools, that could not be read: what they do is not known, the rest was judged. */
const unreadOf = ({ sets, others = [] }: Migrations) => {
  if (others.length) return [unknown(othersUnread({ others }), 'high')]
  const unread = sets.flatMap(one => one.unread)
  return unread.length ? [unknown(statementsUnread(unread), 'high')] : []
}

export default defineCheck<HazardData>()({
  id: 'migration-hazard',
  stage: 'deploy',
  on: 'repo',
  title: 'Migrations that are not released yet do no harm to the running product',
  why: 'While a migration runs, and until every instance runs the new code, customers use the product. Judged are migrations since the last tag, the deployed branch or `deploy.since`, else the newest five; where every push goes live, all that was pushed is released; tables made in the same set are left alone. PostgreSQL is read by its own grammar, MySQL and SQLite by their DDL, migrations of ORMs by their calls; the transaction that the tool wraps around them is known.',
  impact: { journey: 'operate', owner: 'The next deploy can stop the product, or lose what customers entered.' },
  needs: ['migrations', 'pipelines', 'deployment', 'containers', 'codeSigns'],
  actions: ['deploy migrations'],
  signals: ['bad-deploy'],
  checklist: { section: 'database', order: 1, line: 'Migrations to come do no harm to the running product' },
  outcomes: {
    'concurrent-in-transaction': blocker('The next deploy fails: CONCURRENTLY within a transaction', followRecipe, {
      why: 'The database refuses it, so the migration fails and the deploy with it.',
    }),
    'rewrites-table': blocker('The product stands still while {what} is rewritten', followRecipe, {
      why: 'Nobody can read or write the table until every row was written anew.',
    }),
    renames: blocker('The running code breaks when {what} is renamed', followRecipe, {
      why: 'Between the migration and the last replaced instance, the code asks for a name that is gone.',
    }),
    'drops-data': high('The next migration deletes {what} for good', followRecipe, {
      why: 'What customers entered there cannot be brought back, and the code that still runs asks for it.',
      impact: 'data',
    }),
    'blocks-writes': high('Customers cannot save while {what} is locked', followRecipe, {
      why: 'Every signup, order or change waits until the database has gone through all rows.',
    }),
    'not-null-on-existing': high('The next migration fails or breaks saving: {what}', followRecipe, {
      why: 'Rows that exist have no value there, and the code that still runs does not give one.',
    }),
    'type-change': high('The product stands still while {what} changes its type', followRecipe, {
      why: 'Every row is written anew under a lock, and the code that still runs may not understand the new type.',
    }),
    'backfill-with-ddl': medium('Rows are filled while the table is locked: {files}', followRecipe, {
      why: 'Customers wait until the last row is written.',
    }),
    'enum-change': medium('Values of {what} change under the running code', followRecipe, {
      why: 'The code that still runs writes a value that the database no longer knows.',
    }),
    'no-lock-timeout': low('A migration that waits makes every query wait: {files}', followRecipe, {
      why: 'One long query is enough, and the product hangs behind the migration.',
    }),
    safe: pass('Migrations that are not released yet are safe'),
  },
  references: [
    'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
    'https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html',
    'https://www.sqlite.org/lang_altertable.html',
    'https://github.com/ankane/strong_migrations#checks',
  ],
  judge(facts, { target }) {
    const { migrations } = facts
    const isOthers = productionOf(facts, deployedBy(target)) === 'others'
    const { sets, since, cut } = migrations
    if (sets.length === 0 && !migrations.others) return skip(noMigrations)
    const hazards = sets.flatMap(({ hazards: own, orm, dialect }) => {
      // What fails whenever it runs does so on each host; when the rest is run, and beside what, whoever runs the product decides.
      const isUnsure = ({ hazard }: Hazard): boolean => isOthers && hazard !== 'concurrent-in-transaction'
      const asRun = own.map(one => (isUnsure(one) ? { ...one, unsure: true as const } : one))
      return asRun.map(one => ({ ...one, orm, dialect }))
    })
    const found = [
      ...hazardKinds.flatMap(kind => [
        ...holding(kind, hazards, false),
        ...(isOthers && byGravity.includes(kind) ? [] : holding(kind, hazards, true)),
      ]),
      ...(isOthers ? asOne(hazards) : []),
      ...unreadOf(migrations),
    ]
    if (found.length) return found
    if (cut) return unknown(shallowClone, 'blocker')
    const count = sets.reduce((sum, one) => sum + one.unreleased.length, 0)
    const all = sets.reduce((sum, one) => sum + one.count, 0)
    const tools = [...new Set(sets.map(({ orm, dialect }) => `${orm}, ${dialect ?? 'database not known'}`))].join('; ')
    const label =
      since.by === 'newest'
        ? 'judged'
        : since.by === 'push'
          ? 'in the last push'
          : `since ${since.ref || 'the beginning'}`
    const evidence = [textEvidence(label, `${count} of ${all} migrations (${tools})`)]
    return { outcome: 'safe', data: { hazards: [], files: '', what: '' }, evidence }
  },
  examples: [
    { name: 'nothing that hurts', facts: {}, expect: 'safe' },
    ...hazardKinds.map(hazard => ({ name: hazard, facts: { migrations: hazardous(hazard) }, expect: hazard })),
    {
      name: 'a statement that does not parse',
      facts: { migrations: migrationSet({ unread: [{ file: 'db/1.sql', line: 4, text: 'ALTR TABLE x' }] }) },
      expect: 'unknown',
    },
  ],
})
