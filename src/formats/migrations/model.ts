// What a migration does to the database, whoever wrote it: SQL of three dialects or the calls of an ORM, as one list of operations.

export type Dialect = 'postgresql' | 'mysql' | 'sqlite'

/** Rows that one statement copies into its table. */
export type Copy = {
  from: string
  /** Column → the names in its expression; `bare` where it is a column alone. Empty with `all` (`SELECT *`). */
  columns: { name: string; from: string[]; bare: boolean }[]
  all: boolean
  /** Nothing narrows the rows: no WHERE, JOIN, LIMIT, DISTINCT. */
  whole: boolean
}

export type Orm =
  | 'prisma'
  | 'drizzle'
  | 'knex'
  | 'sequelize'
  | 'typeorm'
  | 'rails'
  | 'django'
  | 'laravel'
  | 'alembic'
  | 'supabase'
  | 'goose'
  | 'dbmate'
  | 'golang-migrate'
  | 'flyway'
  | 'atlas'
  | 'liquibase'
  | 'mikro-orm'
  | 'doctrine'
  | 'diesel'
  | 'ecto'
  | 'bun'
  | 'gormigrate'
  | 'entity-framework'
  | 'fluent-migrator'
  | 'sql'

export type OperationKind =
  | 'create-table'
  | 'drop-table'
  | 'rename-table'
  | 'add-column'
  | 'drop-column'
  | 'rename-column'
  | 'change-type'
  | 'set-not-null'
  | 'add-index'
  | 'drop-index'
  | 'add-constraint'
  | 'validate-constraint'
  | 'rewrite'
  | 'truncate'
  | 'data'
  | 'enum-add'
  | 'enum-change'
  | 'create-type'
  | 'set-timeout'
  | 'begin'
  | 'commit'
  | 'alter-table'
  | 'other'

export type Operation = {
  kind: OperationKind
  line: number
  /** Without quotes and without the schema `public`. */
  table: string | null
  column: string | null
  /** New name of what is renamed. */
  to?: string
  type?: string
  /** The type before, where the migration itself names it. */
  was?: string
  /** A table that is dropped only where it stands already (`force: true`). */
  forced?: boolean
  notNull?: boolean
  hasDefault?: boolean
  /** The default is computed anew for each row: the table is rewritten. */
  volatileDefault?: boolean
  unique?: boolean
  concurrent?: boolean
  constraint?: 'foreign-key' | 'check' | 'unique' | 'primary-key' | 'exclude'
  /** NOT VALID, or an index that exists already: nothing is scanned under the lock. */
  deferred?: boolean
  /** Column that a CHECK says is not null. */
  checksNotNull?: string
  name?: string
  value?: string
  /** Columns of an index or a constraint, and the table that a foreign key leads to. */
  on?: string[]
  references?: string
  columns?: { name: string; type: string; hasDefault?: boolean; primary?: boolean }[]
  /** Constraints of a table that is made, as `unique(email)`, `foreign key(team_id)`, `check(age>17)`. */
  constraints?: string[]
  copy?: Copy
  /** The same in the tool's own words, so that writes go on: an index built concurrently, a constraint validated later. Each a migration of its own. */
  safe?: string[]
  /** MySQL: the clause asks for no lock (`ALGORITHM=INPLACE, LOCK=NONE`, `INSTANT`) or for a copy. */
  online?: boolean
  /** Somebody vouched for it in the migration itself: it counts for what follows, and is not judged. */
  assured?: boolean
  /** The statement, shortened. */
  text: string
}

/** One migration of a file that holds several: its name within the file, its text, and the line at which that begins. */
export type Part = { id: string; text: string; line: number }

/** A statement that could not be read, and why. */
export type Unread = { line: number; text: string }

export type ReadMigration = {
  operations: Operation[]
  unread: Unread[] /** The tool runs it within a transaction. */
  transaction: boolean
}

export const shorten = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > 140 ? `${flat.slice(0, 139)}…` : flat
}

export const plainName = (name: string): string => name.replace(/["`[\]]/g, '').replace(/^public\./, '')
