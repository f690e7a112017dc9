// Which operations of unreleased migrations hurt a running product: data lost, writes blocked, old code broken. Rules per database, from the
// manuals: PostgreSQL "ALTER TABLE, Notes", MySQL "Online DDL Operations", SQLite "ALTER TABLE".
import { judgeOperation } from './judge-operation.ts'
import { type Dialect, type Operation, type Orm, plainName } from './model.ts'
import { type Rebuild, rebuildOf } from './rebuild.ts'
import { applyOperations, type Checked, checksIn, type Schema } from './schema.ts'

export const hazardKinds = [
  'drops-data',
  'rewrites-table',
  'blocks-writes',
  'not-null-on-existing',
  'renames',
  'type-change',
  'backfill-with-ddl',
  'concurrent-in-transaction',
  'no-lock-timeout',
  'enum-change',
] as const
export type HazardKind = (typeof hazardKinds)[number]

export type Hazard = {
  hazard: HazardKind
  file: string
  line: number
  table: string | null
  column: string | null
  text: string
  why: string
  /** What it is done with: an index, a foreign key, a check, a unique constraint. */
  of: string
  /** As written: columns of an index or constraint, table that a foreign key leads to, type of a column, new name. */
  on?: string[]
  references?: string
  type?: string
  to?: string
  unique?: boolean
  /** Name of the index or constraint. */
  name?: string
  /** The same in steps that let writes go on, each a migration of its own. */
  safe?: string[]
  /** What is known leaves another reading open. */
  unsure?: true
  /** The diff that takes it away, where one line does. */
  patch?: string
}

/** One migration as read: `transaction` as its tool runs it. */
export type JudgedMigration = { file: string; operations: readonly Operation[]; transaction: boolean }

const takesLock = new Set<Operation['kind']>([
  'add-column',
  'drop-column',
  'rename-column',
  'rename-table',
  'change-type',
  'set-not-null',
  'add-constraint',
  'alter-table',
  'drop-table',
  'rewrite',
])

/** What the set of migrations has made or proven so far: nothing hurts a table, column or type that is born in the same set. */
type Known = {
  schema: Schema
  /** Null: not known; only what hurts on every database is a hazard. */
  dialect: Dialect | null
  born: Set<string>
  bornColumns: Set<string>
  /** `table.column` that a check says is not null. */
  validated: Set<string>
  /** Checks by name, for the statement that validates them. */
  checks: Checked[]
  types: Set<string>
}

/** Locks and filled rows of one migration, in the order of its operations. */
type Locks = {
  locking: Operation[]
  /** Between BEGIN and COMMIT, or where the tool's own transaction is still open. */
  begun: boolean
  /** Constraints that the same transaction added unvalidated, by name; '' for one without. */
  unvalidated: Set<string>
  /** The open block takes a lock; it fills rows; one block did both. */
  lock: boolean
  data: boolean
  together: boolean
}

type Migration = JudgedMigration & { rebuild: Rebuild }

const hazardAt = (file: string, operation: Operation, hazard: HazardKind, why: string, of = ''): Hazard => {
  const { line, table, column, text, on, references, type, to, unique, name, safe } = operation
  return {
    hazard,
    file,
    line,
    table,
    column,
    text,
    why,
    of,
    ...(on?.length ? { on } : {}),
    ...(references ? { references } : {}),
    ...(type ? { type } : {}),
    ...(to ? { to } : {}),
    ...(unique ? { unique } : {}),
    ...(name ? { name } : {}),
    ...(safe?.length ? { safe } : {}),
  }
}

/** A hazard of a migration as a whole, shown at one of its operations. */
const wholeHazard = (file: string, at: Operation, hazard: HazardKind, column: string | null, why: string): Hazard => ({
  hazard,
  file,
  line: at.line,
  table: at.table,
  column,
  text: at.text,
  of: '',
  why,
})

/** What a table that is made anew loses. */
const lossAt = (file: string, { at, hazard, table, column, why, to, unsure }: Rebuild['losses'][number]): Hazard => ({
  ...wholeHazard(file, at, hazard, column, why),
  table,
  ...(hazard === 'not-null-on-existing' ? { of: 'set-not-null' } : {}),
  ...(to ? { to } : {}),
  ...(unsure ? { unsure } : {}),
})

/** Schemas whose tables end with the connection (SQLite, PostgreSQL). */
const ofSession = /^(?:temp|temporary|pg_temp(?:_\d+)?)\./i

const isFresh = ({ born }: Known, { rebuild }: Migration, table: string | null): boolean =>
  table !== null && (born.has(table) || rebuild.names.has(table) || ofSession.test(table))

const trackLocks = (locks: Locks, operation: Operation): void => {
  const { kind, concurrent } = operation
  if (takesLock.has(kind) || (kind === 'add-index' && !concurrent)) {
    locks.locking.push(operation)
    locks.lock = true
  }
  if (kind === 'data') locks.data = true
  if (locks.begun && locks.lock && locks.data) locks.together = true
}

const noteBefore = ({ born, types }: Known, locks: Locks, { kind, table, name }: Operation): void => {
  if (kind === 'begin') Object.assign(locks, { begun: true, lock: false, data: false })
  if (kind === 'commit') {
    locks.begun = false
    locks.unvalidated.clear()
  }
  if (kind === 'create-table' && table !== null) born.add(table)
  if (kind === 'create-type') types.add(name ?? '')
}

/** Columns that a constraint proves once it is validated: those of its check, or what its name says where nobody knows it. */
const provenBy = (checks: readonly Checked[], table: string, name: string, columns: readonly string[]): string[] => {
  const known = checks.filter(check => check.table === table && check.name === name)
  if (known.length > 0) return known.map(({ column }) => column)
  return columns.filter(column => name.includes(column))
}

const noteAfter = (known: Known, operations: readonly Operation[], operation: Operation): void => {
  const { kind, table, column, checksNotNull, deferred, name, to } = operation
  if (table === null) return
  if (kind === 'add-column') known.bornColumns.add(`${table}.${column}`)
  if (kind === 'rename-column' && known.bornColumns.has(`${table}.${column}`)) known.bornColumns.add(`${table}.${to}`)
  if (kind === 'add-constraint' && checksNotNull) {
    known.checks.push({ table, column: checksNotNull, name: name ?? '', valid: !deferred })
    if (!deferred) known.validated.add(`${table}.${checksNotNull}`)
  }
  if (kind !== 'validate-constraint' || !name) return
  const required = operations.flatMap(one =>
    one.kind === 'set-not-null' && one.table === table ? (one.column ?? []) : [],
  )
  for (const proven of provenBy(known.checks, table, name, required)) known.validated.add(`${table}.${proven}`)
}

/** A value added to an enum that a later statement of the same transaction uses. */
const usesNewValue = (added: Operation, { operations, transaction }: Migration): boolean =>
  transaction &&
  operations.some(
    other => other !== added && other.line >= added.line && added.value && other.text.includes(`'${added.value}'`),
  )

/** A constraint added NOT VALID and validated by one transaction, whose lock lasts to its end. */
const validatesAtOnce = ({ begun, unvalidated }: Locks, operation: Operation): boolean => {
  const { kind, table, deferred, name, references } = operation
  if (!begun) return false
  // Rails names none: its foreign keys go by the tables.
  const key = `${table}:${name || (references ?? '')}`
  if (kind === 'add-constraint' && deferred) unvalidated.add(key)
  return kind === 'validate-constraint' && unvalidated.has(key)
}

const judgeOne = (known: Known, migration: Migration, locks: Locks, operation: Operation): Hazard[] => {
  const { schema, dialect, born, bornColumns, validated, types } = known
  const { kind, table, column, concurrent, to, name } = operation
  const hazards: Hazard[] = []
  const add = (hazard: HazardKind, why: string, of?: string, unsure = false): void => {
    hazards.push({ ...hazardAt(migration.file, operation, hazard, why, of), ...(unsure ? { unsure } : {}) })
  }
  const before = (table === null ? undefined : schema.get(table)?.get(column ?? '')) ?? operation.was
  noteBefore(known, locks, operation)
  if (concurrent && dialect === 'postgresql' && locks.begun && !operation.assured)
    add(
      'concurrent-in-transaction',
      'PostgreSQL refuses CONCURRENTLY within a transaction: the migration fails, and with it the deploy',
    )
  // A type born in the same set is written by nobody yet.
  const ownType = kind === 'enum-change' && table === null && types.has(plainName(name ?? ''))
  if (isFresh(known, migration, table)) {
    if (kind === 'rename-table' && to) born.add(to)
  } else if (!ownType && !operation.assured) {
    trackLocks(locks, operation)
    const [own, proven] = [bornColumns, validated].map(set => set.has(`${table}.${column}`)) as [boolean, boolean]
    const standing = table !== null && schema.has(table)
    judgeOperation({ operation, before, dialect, own, proven, standing, types, add })
    if (validatesAtOnce(locks, operation) && dialect === 'postgresql')
      add(
        'blocks-writes',
        'it is validated in the transaction that adds it: the lock is held until every row is checked',
        'validate',
      )
  }
  noteAfter(known, migration.operations, operation)
  // A second change of the same column begins with the type that the first one gave it.
  if (kind === 'change-type') applyOperations(schema, [operation])
  if (kind === 'enum-add' && dialect === 'postgresql' && usesNewValue(operation, migration))
    add('enum-change', 'a value added to an enum cannot be used in the same transaction')
  return hazards
}

/** Rows that are filled while a lock of the same migration is held. */
const fillsUnderLock = (known: Known, migration: Migration, locks: Locks): Hazard[] => {
  const { dialect } = known
  const [first] = migration.operations.filter(
    ({ kind, table, assured }) => kind === 'data' && !assured && !isFresh(known, migration, table),
  )
  const one = locks.together || locks.begun || dialect === 'mysql'
  if (!first || dialect === null || dialect === 'sqlite' || locks.locking.length === 0 || !one) return []
  const why =
    dialect === 'mysql'
      ? 'MySQL commits each DDL by itself: when the update fails, half of the migration stays'
      : 'the lock of the DDL is held until the last row is written'
  return [wholeHazard(migration.file, first, 'backfill-with-ddl', null, why)]
}

const waitsForever = (
  { file, operations }: Migration,
  { locking: [first] }: Locks,
  dialect: Dialect | null,
): Hazard[] =>
  first &&
  dialect !== null &&
  dialect !== 'sqlite' &&
  !operations.slice(0, operations.indexOf(first)).some(({ kind }) => kind === 'set-timeout')
    ? [
        wholeHazard(
          file,
          first,
          'no-lock-timeout',
          first.column,
          'while it waits for its lock, every query of the table waits behind it',
        ),
      ]
    : []

/** All hazards, in the order of the migrations. `schema` is what stood before them; it is brought forward. */
export const hazardsOf = (
  migrations: readonly JudgedMigration[],
  schema: Schema,
  dialect: Dialect | null,
  _orm: Orm,
  lockTimeoutElsewhere = false,
): Hazard[] => {
  const known: Known = {
    schema,
    dialect,
    born: new Set(),
    bornColumns: new Set(),
    validated: new Set(
      checksIn(schema)
        .filter(({ valid }) => valid)
        .map(({ table, column }) => `${table}.${column}`),
    ),
    checks: checksIn(schema),
    types: new Set(),
  }
  const hazards: Hazard[] = []
  const unlimited: Hazard[] = []
  for (const given of migrations) {
    const migration = { ...given, rebuild: rebuildOf(given.operations, schema) }
    hazards.push(
      ...migration.rebuild.losses
        .filter(({ table }) => !known.born.has(table ?? ''))
        .map(loss => lossAt(given.file, loss)),
    )
    const locks: Locks = {
      locking: [],
      begun: given.transaction,
      unvalidated: new Set(),
      lock: false,
      data: false,
      together: false,
    }
    for (const operation of given.operations) hazards.push(...judgeOne(known, migration, locks, operation))
    hazards.push(...fillsUnderLock(known, migration, locks))
    if (!lockTimeoutElsewhere) unlimited.push(...waitsForever(migration, locks, dialect))
    applyOperations(schema, given.operations)
  }
  return [...hazards, ...unlimited]
}
