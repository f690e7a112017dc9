// Which operations of unreleased migrations hurt a running product: data lost, writes blocked, old code broken. Rules per database, from the
// manuals: PostgreSQL "ALTER TABLE, Notes", MySQL "Online DDL Operations", SQLite "ALTER TABLE".
import { type Dialect, type Operation, type Orm, plainName } from './model.ts'

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
}

/** One migration as read: `transaction` as its tool runs it. */
export type JudgedMigration = { file: string; operations: readonly Operation[]; transaction: boolean }

/** Column → type (with ` not null` behind it where that is known), by table: what the migrations before have built. */
export type Schema = Map<string, Map<string, string>>

const normal = (type: string): string =>
  type
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^character varying/, 'varchar')
    .replace(/^string$/, 'varchar(255)')
    .replace(/^(?:int4|int|integer)$/, 'integer')
    .replace(/^(?:int8|bigint)$/, 'bigint')
    .replace(/^bool$/, 'boolean')
    .replace(/^decimal/, 'numeric')
    .replace(/ not null$/, '')
    .trim()

/** Marks a column that a CHECK says is not null; no column of a database is named so. */
const checkedMark = 'checked not null: '

/** Lays operations over a schema. */
export const applyOperations = (schema: Schema, operations: readonly Operation[]): void => {
  for (const { kind, table, column, to, type, notNull, columns, checksNotNull } of operations) {
    if (table === null) continue
    if (checksNotNull) {
      if (!schema.has(table)) schema.set(table, new Map())
      schema.get(table)!.set(`${checkedMark}${checksNotNull}`, '')
    }
    const known = schema.get(table)
    if (kind === 'create-table') schema.set(table, new Map((columns ?? []).map(one => [one.name, one.type])))
    else if (kind === 'drop-table') schema.delete(table)
    else if (kind === 'rename-table' && to) {
      if (known) schema.set(to, known)
      schema.delete(table)
    } else if (kind === 'add-column' || kind === 'change-type') {
      if (!known) schema.set(table, new Map())
      if (column !== null) schema.get(table)!.set(column, `${type ?? ''}${notNull ? ' not null' : ''}`)
    } else if (kind === 'drop-column' && column !== null) known?.delete(column)
    else if (kind === 'rename-column' && column !== null && to) {
      if (known?.has(column)) known.set(to, known.get(column)!)
      known?.delete(column)
    } else if (kind === 'set-not-null' && column !== null && known?.has(column))
      known.set(column, `${known.get(column)!.replace(/ not null$/, '')} not null`)
  }
}

/** Whether the change only loosens the type, so that no row is touched. */
const loosens = (from: string, to: string, dialect: Dialect): boolean => {
  const [a, b] = [normal(from), normal(to)]
  if (a === b) return true
  const length = (type: string): number | null => Number(/^varchar\((\d+)\)$/.exec(type)?.[1] ?? Number.NaN) || null
  const [was, is] = [length(a), length(b)]
  if (dialect === 'mysql') return was !== null && is !== null && is >= was && was > 63 === is > 63
  if (was !== null && is !== null) return is >= was
  if (/^varchar/.test(a) && (b === 'text' || b === 'varchar' || b === 'citext')) return b !== 'citext'
  if (a === 'text' && (b === 'varchar' || b === 'varchar()')) return true
  const digits = (type: string): [number, number] | null => {
    const match = /^numeric\((\d+),\s*(\d+)\)$/.exec(type)
    return match ? [Number(match[1]), Number(match[2])] : null
  }
  const [before, after] = [digits(a), digits(b)]
  return before !== null && after !== null && before[1] === after[1] && after[0] >= before[0]
}

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

/** SQLite rebuilds a table by copy: `new_x` is made, filled, put in the place of `x`. Prisma and Django write it so. */
const rebuilt = (operations: readonly Operation[]): Set<string> =>
  new Set(
    operations.flatMap(({ kind, table, to }) =>
      kind === 'rename-table' &&
      to &&
      table !== to &&
      operations.some(other => other.kind === 'create-table' && other.table === table) &&
      operations.some(other => other.kind === 'drop-table' && other.table === to)
        ? [to, table!]
        : [],
    ),
  )

/** All hazards, in the order of the migrations. `schema` is what stood before them; it is brought forward. */
export const hazardsOf = (
  migrations: readonly JudgedMigration[],
  schema: Schema,
  dialect: Dialect,
  orm: Orm,
  lockTimeoutElsewhere = false,
): Hazard[] => {
  const hazards: Hazard[] = []
  const born = new Set<string>()
  const bornColumns = new Set<string>()
  const validated = new Set(
    [...schema].flatMap(([table, columns]) =>
      [...columns.keys()]
        .filter(name => name.startsWith(checkedMark))
        .map(name => `${table}.${name.slice(checkedMark.length)}`),
    ),
  )
  const types = new Set<string>()
  const unlimited: Hazard[] = []
  for (const { file, operations, transaction } of migrations) {
    const rebuild = dialect === 'sqlite' ? rebuilt(operations) : new Set<string>()
    const timeout = lockTimeoutElsewhere || operations.some(({ kind }) => kind === 'set-timeout')
    const locking: Operation[] = []
    let begun = false
    /** Whether a block between BEGIN and COMMIT both takes a lock and fills rows. */
    let [heldLock, heldData, heldTogether] = [false, false, false]
    for (const operation of operations) {
      const { kind, table, column } = operation
      const add = (hazard: HazardKind, why: string, of = ''): void => {
        const { on, references, type, to, unique } = operation
        hazards.push({
          hazard,
          file,
          line: operation.line,
          table,
          column,
          text: operation.text,
          why,
          of,
          ...(on?.length ? { on } : {}),
          ...(references ? { references } : {}),
          ...(type ? { type } : {}),
          ...(to ? { to } : {}),
          ...(unique ? { unique } : {}),
        })
      }
      const before = table === null ? undefined : schema.get(table)?.get(column ?? '')
      if (kind === 'begin') {
        begun = true
        ;[heldLock, heldData] = [false, false]
      }
      if (kind === 'commit') begun = false
      if (kind === 'create-table' && table !== null) born.add(table)
      if (kind === 'create-type') types.add(operation.name ?? '')
      const fresh = table !== null && (born.has(table) || rebuild.has(table))
      if (operation.concurrent && dialect === 'postgresql' && (begun || transaction))
        add(
          'concurrent-in-transaction',
          'PostgreSQL refuses CONCURRENTLY within a transaction: the migration fails, and with it the deploy',
        )
      if (fresh) {
        if (kind === 'rename-table' && operation.to) born.add(operation.to)
      } else if (kind === 'enum-change' && table === null && types.has(plainName(operation.name ?? ''))) {
        // A type born in the same set is written by nobody yet.
      } else {
        if (takesLock.has(kind) || (kind === 'add-index' && !operation.concurrent)) {
          locking.push(operation)
          heldLock = true
        }
        if (kind === 'data') heldData = true
        if (begun && heldLock && heldData) heldTogether = true
        judgeOperation(operation, before, { dialect, orm, bornColumns, validated, types, add })
      }
      if (kind === 'add-column' && table !== null) bornColumns.add(`${table}.${column}`)
      if (kind === 'add-constraint' && operation.checksNotNull) validated.add(`${table}.${operation.checksNotNull}`)
      if (
        kind === 'enum-add' &&
        dialect === 'postgresql' &&
        transaction &&
        operations.some(
          other =>
            other !== operation &&
            other.line >= operation.line &&
            operation.value &&
            other.text.includes(`'${operation.value}'`),
        )
      )
        add('enum-change', 'a value added to an enum cannot be used in the same transaction')
    }
    const data = operations.filter(
      operation =>
        operation.kind === 'data' &&
        !(operation.table !== null && (born.has(operation.table) || rebuild.has(operation.table))),
    )
    const together = dialect === 'sqlite' ? [] : data
    if (together.length && locking.length && (transaction || heldTogether || begun || dialect === 'mysql')) {
      const first = together[0]!
      hazards.push({
        hazard: 'backfill-with-ddl',
        file,
        line: first.line,
        table: first.table,
        column: null,
        text: first.text,
        of: '',
        why:
          dialect === 'mysql'
            ? 'MySQL commits each DDL by itself: when the update fails, half of the migration stays'
            : 'the lock of the DDL is held until the last row is written',
      })
    }
    const first = locking[0]
    if (first && !timeout && dialect !== 'sqlite')
      unlimited.push({
        hazard: 'no-lock-timeout',
        file,
        line: first.line,
        table: first.table,
        column: first.column,
        text: first.text,
        of: '',
        why: 'while it waits for its lock, every query of the table waits behind it',
      })
    applyOperations(schema, operations)
  }
  return [...hazards, ...unlimited]
}

type Judging = {
  dialect: Dialect
  orm: Orm
  bornColumns: Set<string>
  validated: Set<string>
  types: Set<string>
  add: (hazard: HazardKind, why: string, of?: string) => void
}

const judgeOperation = (
  operation: Operation,
  before: string | undefined,
  { dialect, bornColumns, validated, types, add }: Judging,
): void => {
  const { kind, table, column } = operation
  const postgres = dialect === 'postgresql'
  const own = bornColumns.has(`${table}.${column}`)
  switch (kind) {
    case 'drop-table':
    case 'truncate':
      add(
        'drops-data',
        kind === 'truncate'
          ? 'every row is deleted'
          : 'the table and its rows are gone, and the running code still asks for it',
      )
      break
    case 'drop-column':
      if (!own) add('drops-data', 'the values are gone, and the running code still asks for the column')
      break
    case 'rename-table':
    case 'rename-column':
      if (!own) add('renames', 'until every instance is replaced, the running code asks for the old name')
      break
    case 'add-column':
      if (postgres && operation.volatileDefault)
        add('rewrites-table', 'the default is computed for every row: the table is rewritten while nobody can read it')
      else if (dialect === 'mysql' && operation.volatileDefault && operation.online !== true)
        add('rewrites-table', 'the column is computed for every row: the table is copied')
      if (operation.value === 'default-of-django')
        add(
          'not-null-on-existing',
          'Django takes the default away again: inserts of the code before fail until it is replaced',
          'default-of-django',
        )
      else if (operation.notNull && !operation.hasDefault && !operation.volatileDefault)
        add(
          'not-null-on-existing',
          dialect === 'mysql'
            ? 'rows get an empty value that nobody chose, and inserts of the running code fail'
            : 'it fails as soon as the table has a row, and inserts of the running code fail',
          'add-column',
        )
      break
    case 'set-not-null':
      if (!own && !operation.deferred && !(postgres && validated.has(`${table}.${column}`)))
        add(
          'not-null-on-existing',
          'it fails on rows without a value, and reads the whole table while nobody can use it',
          'set-not-null',
        )
      break
    case 'change-type': {
      if (own) break
      if (types.has(operation.type ?? '') || /_new$/.test(operation.type ?? '')) {
        add('enum-change', 'the column is rewritten to another type, and values that it lacks make it fail')
        break
      }
      if (operation.value === 'altered-field' && before === undefined) break
      if (before !== undefined && operation.type && loosens(before, operation.type, dialect)) {
        if (operation.notNull && !/ not null$/.test(before))
          add('not-null-on-existing', 'it fails on rows without a value', 'set-not-null')
        break
      }
      add(
        'type-change',
        dialect === 'mysql'
          ? 'the table is copied, and writes wait'
          : 'every row is written anew while nobody can use the table, and the running code may not understand the new type',
      )
      break
    }
    case 'add-index':
      if (postgres && !operation.concurrent) add('blocks-writes', 'writes wait until the index is built', 'index')
      if (dialect === 'mysql' && (operation.name === 'fulltext' || operation.online === false))
        add('blocks-writes', 'writes wait until the index is built', 'fulltext')
      break
    case 'add-constraint': {
      if (operation.deferred) break
      const of = operation.constraint ?? 'check'
      if (postgres)
        add(
          'blocks-writes',
          of === 'foreign-key'
            ? 'both tables are locked against writes while every row is checked'
            : of === 'check'
              ? 'nobody can use the table while every row is checked'
              : 'nobody can use the table while its index is built',
          of,
        )
      if (dialect === 'mysql' && (of === 'foreign-key' || of === 'check') && operation.online !== true)
        add('blocks-writes', 'the table is copied while writes wait', of)
      break
    }
    case 'rewrite':
      if (dialect !== 'sqlite') add('rewrites-table', 'the whole table is written anew while it is locked')
      break
    case 'enum-change':
      add(
        'enum-change',
        dialect === 'mysql'
          ? 'values left out are lost, and an order changed copies the table'
          : 'the running code still writes the old value',
      )
      break
    default:
  }
}
