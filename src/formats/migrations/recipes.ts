// The safe way for each hazard, in the words of the tool that runs the migrations.
import type { Hazard, HazardKind } from './hazards.ts'
import type { Dialect, Orm } from './model.ts'
import { identifier, outside, raw } from './recipe-words.ts'

export type Recipe = { summary: string; steps: string[] }

const concurrently = (
  orm: Orm,
  table: string,
  columns: readonly string[],
  unique: boolean,
  dialect: Dialect | null,
  called: string | undefined,
): string => {
  const name = called || `${table}_${columns.join('_')}_idx`
  const symbols = columns.length > 1 ? `[${columns.map(one => `:${one}`).join(', ')}]` : `:${columns[0]}`
  const quoted = columns.map(one => `"${one}"`).join(', ')
  switch (orm) {
    case 'rails':
      return `add_index :${table}, ${symbols}, ${unique ? 'unique: true, ' : ''}algorithm: :concurrently`
    case 'django':
      return `AddIndexConcurrently("${table.replace(/^[^_]*_/, '')}", models.Index(fields=[${quoted}], name="${name}"))`
    case 'sequelize':
      return `queryInterface.addIndex("${table}", [${quoted}], { ${unique ? 'unique: true, ' : ''}concurrently: true })`
    case 'ecto':
      return `create ${unique ? 'unique_' : ''}index(:${table}, [${columns.map(one => `:${one}`).join(', ')}], concurrently: true)`
    case 'alembic':
      return `op.create_index("${name}", "${table}", [${quoted}], ${unique ? 'unique=True, ' : ''}postgresql_concurrently=True)`
    default:
      return raw(
        orm,
        `CREATE ${unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${identifier(name, dialect)} ON ${identifier(table, dialect)} (${columns.map(one => identifier(one, dialect)).join(', ')})`,
      )
  }
}

const deploys = (first: string, second: string, third: string): string[] => [
  `Release 1: ${first}.`,
  `Release 2: ${second}.`,
  `Release 3: ${third}.`,
]

/** What a recipe is written from. Names within SQL are quoted as the database wants them; those of constraints are made of the plain ones. */
type Names = {
  hazard: Pick<Hazard, 'hazard' | 'table' | 'column' | 'of'> & Partial<Hazard>
  orm: Orm
  dialect: Dialect | null
  table: string
  columns: readonly string[]
  /** The column, or all of them joined. */
  column: string
  type: string
  /** The table that a foreign key leads to. */
  other: string
  /** Table, column and all columns, quoted. */
  T: string
  C: string
  list: string
  constraint: (suffix: string) => string
  sql: (text: string) => string
}

type RecipeOf = (names: Names) => Recipe

const dropLater: RecipeOf = ({ hazard, orm, dialect, table, column, T, C, constraint, sql }) => {
  const ignore =
    orm === 'rails'
      ? ` (\`self.ignored_columns += ["${column}"]\`)`
      : orm === 'django'
        ? ' (take it out of the model with SeparateDatabaseAndState)'
        : orm === 'prisma'
          ? ' (take it out of schema.prisma, write the DROP into a later migration)'
          : ''
  return {
    summary: 'Drop it one release after the code has stopped using it, with a copy at hand.',
    steps: [
      `Release 1: no line of code reads or writes ${hazard.column ? `${table}.${column}` : table}${ignore}; no migration.`,
      `Copy it first: ${sql(hazard.column ? `CREATE TABLE ${constraint('copy')} AS SELECT id, ${C} FROM ${T}` : `ALTER TABLE ${T} RENAME TO ${identifier(`${T}_dropped`, dialect)}`)}.`,
      'Release 2: this migration.',
    ],
  }
}

const renameInThree: RecipeOf = ({ hazard, orm, column }) => {
  return {
    summary: 'Add the new name beside the old one, and take the old one away when nothing uses it.',
    steps: deploys(
      `add the new ${hazard.column ? 'column' : 'table or a view under the new name'}, let the code write both`,
      'copy old rows in batches, let the code read the new one',
      'drop the old one',
    ).concat(
      orm === 'rails'
        ? [`Or keep the column and write \`alias_attribute :${hazard.to ?? 'new_name'}, :${column}\` in the model.`]
        : orm === 'prisma'
          ? [
              `Or keep the column and write \`${hazard.to ?? 'newName'} Type @map("${column}")\` in schema.prisma: the code sees the new name.`,
            ]
          : orm === 'django'
            ? [`Or keep the column: \`db_column="${column}"\` on the renamed field.`]
            : [],
    ),
  }
}

const fillBeside: RecipeOf = ({ hazard, table, column, type }) => {
  return {
    summary: 'Fill a column of the new type beside the old one, then switch.',
    steps: deploys(
      `add ${table}.${column}_new${hazard.type ? ` (${type})` : ' with the new type'}, let the code write both`,
      'copy old rows in batches, let the code read the new one',
      `drop ${table}.${column}`,
    ),
  }
}

const addEmpty: RecipeOf = ({ dialect, table, type, T, C, sql }) => {
  return dialect === 'mysql'
    ? {
        summary: 'Copy the table beside the running one.',
        steps: [
          `Run it with pt-online-schema-change or gh-ost on ${table}, or in a quiet hour.`,
          `Ask MySQL first: append \`, ALGORITHM=INPLACE, LOCK=NONE\`; it refuses where it would copy.`,
        ],
      }
    : {
        summary: 'Add the column empty, set the default, fill the old rows in batches.',
        steps: [
          sql(`ALTER TABLE ${T} ADD COLUMN ${C} ${type}`),
          sql(`ALTER TABLE ${T} ALTER COLUMN ${C} SET DEFAULT <default>`),
          `In a job of its own, 1,000 rows at a time: \`UPDATE ${T} SET ${C} = <default> WHERE id BETWEEN … AND … AND ${C} IS NULL\`.`,
          'When all rows have a value, make it NOT NULL by a validated check.',
        ],
      }
}

/** `create index(…)` of Ecto begins like SQL. */
const isCall = (step: string): boolean => /^create \w+\(/.test(step)

/** Own words of the tool stay; SQL is put into the tool's call. */
const said = (step: string, sql: (text: string) => string): string =>
  /^(?:CREATE|ALTER|REINDEX) /i.test(step) && !isCall(step) ? sql(step) : `\`${step}\``

/** The same statement in steps that let writes go on; null where the migration does not say it whole. */
const asWritten: (names: Names) => Recipe | null = ({ hazard, orm, sql }) => {
  const [first, second] = hazard.safe ?? []
  if (!first) return null
  if (hazard.of === 'index')
    return {
      summary: 'Build the index without blocking writes.',
      steps: [
        `Write ${said(first, sql)} with ${outside(orm)}.`,
        'If it is interrupted, drop the invalid index and run it again.',
      ],
    }
  const built = /^CREATE/i.test(first) && !isCall(first)
  return {
    summary: built
      ? 'Build the unique index first, then make it the constraint.'
      : 'Add it unvalidated, validate it in a second migration.',
    steps: [
      `${said(first, sql)}${built ? ` with ${outside(orm)}` : ''}.`,
      ...(second ? [`In the next migration: ${said(second, sql)}${built ? '' : ' (it lets writes through)'}.`] : []),
    ],
  }
}

const withoutBlocking: RecipeOf = names => {
  const { hazard, orm, dialect, table, columns, other, T, list, constraint, sql } = names
  if (hazard.of === 'validate')
    return {
      summary: 'Validate it in a migration of its own.',
      steps: [
        'Leave the constraint NOT VALID here, and put the statement that validates it alone into the next migration.',
      ],
    }
  const written = dialect === 'postgresql' ? asWritten(names) : null
  if (written) return written
  if (dialect === 'mysql')
    return {
      summary: 'Run it where writes can wait, or copy beside the running table.',
      steps: [
        hazard.of === 'foreign-key'
          ? `Check the rows first, then ${sql(`SET SESSION foreign_key_checks = 0`)} and \`ALTER TABLE ${T} ADD FOREIGN KEY …, ALGORITHM=INPLACE, LOCK=NONE\`.`
          : `Run it with gh-ost or pt-online-schema-change on ${table}, or in a quiet hour.`,
      ],
    }
  if (hazard.of === 'index')
    return {
      summary: 'Build the index without blocking writes.',
      steps: [
        `Write ${`\`${concurrently(orm, table, columns, hazard.unique === true, dialect, hazard.name)}\``} with ${outside(orm)}.`,
        'If it is interrupted, drop the invalid index and run it again.',
      ],
    }
  if (hazard.of === 'foreign-key' || hazard.of === 'check') {
    const rails =
      hazard.of === 'foreign-key'
        ? [
            `\`add_foreign_key :${table}, :${other}, validate: false\``,
            `In the next migration: \`validate_foreign_key :${table}, :${other}\`.`,
          ]
        : [
            `\`add_check_constraint :${table}, "…", name: "…", validate: false\``,
            `In the next migration: \`validate_check_constraint :${table}, name: "…"\`.`,
          ]
    return {
      summary: 'Add it unvalidated, validate it in a second migration.',
      steps:
        orm === 'rails'
          ? rails
          : [
              sql(
                `ALTER TABLE ${T} ADD CONSTRAINT ${constraint(hazard.of === 'check' ? 'check' : 'fkey')} ${hazard.of === 'check' ? 'CHECK (…)' : `FOREIGN KEY (${list}) REFERENCES ${identifier(other, dialect)} (id)`} NOT VALID`,
              ),
              `In the next migration: ${sql(`ALTER TABLE ${T} VALIDATE CONSTRAINT ${constraint(hazard.of === 'check' ? 'check' : 'fkey')}`)} (it lets writes through).`,
            ],
    }
  }
  return {
    summary: 'Build the unique index first, then make it the constraint.',
    steps: [
      `${sql(`CREATE UNIQUE INDEX CONCURRENTLY ${constraint('key')} ON ${T} (${list})`)} with ${outside(orm)}.`,
      `In the next migration: ${sql(`ALTER TABLE ${T} ADD CONSTRAINT ${constraint('key')} ${hazard.of === 'primary-key' ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${constraint('key')}`)}.`,
    ],
  }
}

const requireLater: RecipeOf = ({ hazard, dialect, table, column, type, T, C, constraint, sql }) => {
  if (hazard.of === 'default-of-django')
    return {
      summary: 'Let the database keep the default while both versions run.',
      steps: [
        `Write \`db_default=…\` beside or instead of \`default=…\` on ${table}.${column} (Django 5.0 and later).`,
        'Or: release 1 with `null=True`; fill the rows; release 2 without it.',
      ],
    }
  if (hazard.of === 'add-column')
    return {
      summary: 'Add it with a default, or empty first and required later.',
      steps: [
        `Give it a default: ${sql(`ALTER TABLE ${T} ADD COLUMN ${C} ${type} NOT NULL DEFAULT <value>`)} (instant, PostgreSQL 11 and MySQL 8 on).`,
        `Or add it without NOT NULL, let the code write it, fill the old rows, and require it in a later release.`,
      ],
    }
  return dialect === 'postgresql'
    ? {
        summary: 'Prove it by a check that is validated without a lock, then set it.',
        steps: [
          sql(`ALTER TABLE ${T} ADD CONSTRAINT ${constraint('not_null')} CHECK (${C} IS NOT NULL) NOT VALID`),
          `In the next migration: ${sql(`ALTER TABLE ${T} VALIDATE CONSTRAINT ${constraint('not_null')}`)}, then ${sql(`ALTER TABLE ${T} ALTER COLUMN ${C} SET NOT NULL`)} (it takes the check for proof), then drop the check.`,
        ],
      }
    : {
        summary: 'Fill the empty values first.',
        steps: [
          `Release 1: the code always writes ${column}; fill the old rows in batches.`,
          `Release 2: this migration, after \`SELECT count(*) FROM ${T} WHERE ${C} IS NULL\` says 0.`,
        ],
      }
}

const fillApart: RecipeOf = ({ orm }) => {
  return {
    summary: 'Change the table in one migration, fill it in another, in batches.',
    steps: [
      'Leave the DDL in this migration.',
      `Move the update into a migration or a job of its own with ${outside(orm)}, 1,000 rows a time${orm === 'rails' ? ' (`in_batches(of: 1000) { |rows| rows.update_all(…) }`)' : orm === 'django' ? ' (`.iterator()` and `bulk_update` by id range)' : orm === 'laravel' ? ' (`chunkById(1000, …)`)' : ''}.`,
    ],
  }
}

const outsideTransaction: RecipeOf = ({ orm }) => {
  return {
    summary: 'Take it out of the transaction.',
    steps: [`Put the statement alone into a migration, with ${outside(orm)}.`],
  }
}

const addValuesOnly: RecipeOf = ({ dialect, sql }) => {
  return dialect === 'mysql'
    ? {
        summary: 'Only add values, at the end.',
        steps: [
          'Append the new value behind the last one: that is instant.',
          'To take one away: first let no row and no code use it.',
        ],
      }
    : {
        summary: 'Add the new value first, let the code use it in the next release.',
        steps: [
          `${sql(`ALTER TYPE <enum> ADD VALUE IF NOT EXISTS '<value>'`)} in a migration of its own.`,
          'Old values stay in the type; let the code stop using them. Text with a CHECK is easier to change than an enum.',
        ],
      }
}

const giveUp: RecipeOf = ({ orm, dialect, sql }) => {
  return dialect === 'mysql'
    ? {
        summary: 'Let a migration give up instead of queueing everything behind it.',
        steps: [`First line of the migration: ${sql('SET SESSION lock_wait_timeout = 5')}.`],
      }
    : {
        summary: 'Let a migration give up instead of queueing everything behind it.',
        steps: [
          orm === 'rails'
            ? 'In config/database.yml: `variables: { lock_timeout: 5000 }` for the user that migrates, or the gem strong_migrations with `StrongMigrations.lock_timeout = 5.seconds`.'
            : orm === 'django'
              ? 'In settings: `DATABASES["default"]["OPTIONS"] = {"options": "-c lock_timeout=5000"}` for the migrate command.'
              : `First line of the migration: ${sql("SET lock_timeout = '5s'")}.`,
          'When it gives up, run it again: nothing was changed.',
        ],
      }
}

const recipes: Readonly<Record<HazardKind, RecipeOf>> = {
  'drops-data': dropLater,
  renames: renameInThree,
  'type-change': fillBeside,
  'rewrites-table': addEmpty,
  'blocks-writes': withoutBlocking,
  'not-null-on-existing': requireLater,
  'backfill-with-ddl': fillApart,
  'concurrent-in-transaction': outsideTransaction,
  'enum-change': addValuesOnly,
  'no-lock-timeout': giveUp,
}

/** The recipe for one hazard at one table. `new_name` and the like stand where only the author knows the name. */
export const recipeFor = (
  hazard: Pick<Hazard, 'hazard' | 'table' | 'column' | 'of'> & Partial<Hazard>,
  orm: Orm,
  dialect: Dialect | null,
): Recipe => {
  const table = hazard.table ?? 'the_table'
  const columns = hazard.on?.length ? hazard.on : [hazard.column ?? 'the_column']
  const column = columns.join('_')
  const type = hazard.type?.replace(/ not null$/, '') || '<type>'
  const other = hazard.references ?? 'other'
  return recipes[hazard.hazard]({
    hazard,
    orm,
    dialect,
    table,
    columns,
    column,
    type,
    other,
    T: identifier(table, dialect),
    C: identifier(column, dialect),
    list: columns.map(one => identifier(one, dialect)).join(', '),
    constraint: suffix => identifier(`${table}_${column}_${suffix}`.replaceAll('.', '_'), dialect),
    sql: text => `\`${raw(orm, text)}\``,
  })
}
