// What one operation does to a running product, by kind and database.
import type { HazardKind } from './hazards.ts'
import type { Dialect, Operation } from './model.ts'

const normal = (type: string): string =>
  type
    .toLowerCase()
    .replace(/ not null$/, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1')
    .replace(/^(?:character varying|nvarchar|unicode|string|varchar2)/, 'varchar')
    .replace(/^(?:int4|int|integer)$/, 'integer')
    .replace(/^(?:int8|bigint)$/, 'bigint')
    .replace(/^bool$/, 'boolean')
    .replace(/^decimal/, 'numeric')
    .replace(/^bit varying/, 'varbit')
    .replace(/^timestamp(\(\d\))? with time zone$/, 'timestamptz$1')
    .replace(/^timestamp(\(\d\))? without time zone$/, 'timestamp$1')
    .replace(/^(\w+)\(length=(\d+)\)$/, '$1($2)')
    .replace(/^numeric\(precision=(\d+),scale=(\d+)\)$/, 'numeric($1,$2)')
    .replace(/^numeric\((\d+)\)$/, 'numeric($1,0)')
    .replace(/\(\)$/, '')
    .trim()

/** Types of PostgreSQL that differ by their bound alone, and what each may become without that rows are touched. */
const families: Readonly<Record<string, readonly string[]>> = {
  varchar: ['varchar', 'text'],
  text: ['text', 'varchar'],
  citext: ['text', 'varchar', 'citext'],
  cidr: ['inet', 'cidr'],
  varbit: ['varbit'],
  timestamp: ['timestamp'],
  timestamptz: ['timestamptz'],
  datetime: ['datetime'],
  time: ['time'],
  interval: ['interval'],
}

/** Types of PostgreSQL that have six digits of a second where they say nothing. */
const times = /^(?:timestamptz?|datetime|time|interval)$/
const fullPrecision = 6

const parts = (type: string): { name: string; bounds: number[] | null } => {
  const match = /^([^(]+?)(?:\(([\d,]+)\))?$/.exec(type)
  const name = match?.[1] ?? type
  const bounds = match?.[2]?.split(',').map(Number) ?? null
  return { name, bounds: bounds ?? (times.test(name) ? [fullPrecision] : null) }
}

/** Whether the change only loosens the type, so that no row is touched. */
const loosens = (from: string, to: string, dialect: Dialect | null): boolean => {
  const [a, b] = [normal(from), normal(to)]
  if (a === b) return true
  const [was, is] = [parts(a), parts(b)]
  if (dialect === 'mysql') {
    const [before, after] = [was.bounds?.[0], is.bounds?.[0]]
    if (was.name !== 'varchar' || is.name !== 'varchar' || before === undefined || after === undefined) return false
    // The length takes one byte up to 255 bytes, four of them for a character of utf8mb4.
    return after >= before && before > 63 === after > 63
  }
  if (was.name === 'numeric' && is.name === 'numeric') {
    if (is.bounds === null) return true
    return was.bounds !== null && was.bounds[1] === is.bounds[1] && is.bounds[0]! >= was.bounds[0]!
  }
  if (!families[was.name]?.includes(is.name)) return false
  return is.bounds === null || (was.bounds !== null && is.bounds[0]! >= was.bounds[0]!)
}

/** Whether a type is one that others widen to: where nobody knows what the column was, nothing may happen to its rows. */
const mayLoosen = (to: string): boolean => /^(?:text|varchar|numeric|timestamptz?|inet)\b/.test(normal(to))

/** One operation and what is known around it. `before` is the type that its column had; `own` that the same set made the column. */
export type Judging = {
  operation: Operation
  before: string | undefined
  dialect: Dialect | null
  own: boolean
  /** A validated check says already that the column is not null. */
  proven: boolean
  /** The migrations before have made the table. */
  standing: boolean
  /** Types that the same set made. */
  types: ReadonlySet<string>
  /** `unsure`: what is known leaves another reading open. */
  add: (hazard: HazardKind, why: string, of?: string, unsure?: boolean) => void
}

type Judge = (judging: Judging) => void

const dropsAll: Judge = ({ operation, standing, add }) => {
  if (operation.forced && !standing) return
  add(
    'drops-data',
    operation.kind === 'truncate'
      ? 'every row is deleted'
      : 'the table and its rows are gone, and the running code still asks for it',
  )
}

const dropsColumn: Judge = ({ own, add }) => {
  if (!own) add('drops-data', 'the values are gone, and the running code still asks for the column')
}

const renames: Judge = ({ own, add }) => {
  if (!own) add('renames', 'until every instance is replaced, the running code asks for the old name')
}

const addsColumn: Judge = ({ operation, dialect, add }) => {
  if (dialect === 'postgresql' && operation.volatileDefault)
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
}

const requires: Judge = ({ operation, before, dialect, own, proven, add }) => {
  if (before !== undefined && / not null$/.test(before)) return
  if (!own && !operation.deferred && !(dialect === 'postgresql' && proven))
    add(
      'not-null-on-existing',
      'it fails on rows without a value, and reads the whole table while nobody can use it',
      'set-not-null',
    )
}

const changesType: Judge = ({ operation, before, dialect, own, types, add }) => {
  if (own) return
  if (types.has(operation.type ?? '') || /_new$/.test(operation.type ?? '')) {
    add('enum-change', 'the column is rewritten to another type, and values that it lacks make it fail')
    return
  }
  if (operation.value === 'altered-field' && before === undefined) return
  if (before !== undefined && operation.type && loosens(before, operation.type, dialect)) {
    if (!operation.notNull || / not null$/.test(before)) return
    if (operation.value === 'altered-field' && operation.hasDefault)
      add('backfill-with-ddl', 'Django fills the empty rows and requires the column in one transaction, under its lock')
    // Whether rows are empty, the code does not say: Django asked who wrote it, and was told that there are none.
    else
      add(
        'not-null-on-existing',
        'it fails on rows without a value',
        'set-not-null',
        operation.value === 'altered-field',
      )
    return
  }
  if (dialect === null) return
  add(
    'type-change',
    dialect === 'mysql'
      ? 'the table is copied, and writes wait'
      : 'every row is written anew while nobody can use the table, and the running code may not understand the new type',
    '',
    before === undefined && mayLoosen(operation.type ?? ''),
  )
}

const addsIndex: Judge = ({ operation, dialect, add }) => {
  if (dialect === 'postgresql' && !operation.concurrent)
    add('blocks-writes', 'writes wait until the index is built', 'index')
  if (dialect === 'mysql' && (operation.name === 'fulltext' || operation.online === false))
    add('blocks-writes', 'writes wait until the index is built', 'fulltext')
}

const addsConstraint: Judge = ({ operation, dialect, add }) => {
  if (operation.deferred) return
  const of = operation.constraint ?? 'check'
  if (dialect === 'postgresql')
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
}

const rewrites: Judge = ({ dialect, add }) => {
  if (dialect !== null && dialect !== 'sqlite')
    add('rewrites-table', 'the whole table is written anew while it is locked')
}

const changesEnum: Judge = ({ dialect, add }) => {
  add(
    'enum-change',
    dialect === 'mysql'
      ? 'values left out are lost, and an order changed copies the table'
      : 'the running code still writes the old value',
  )
}

const judges: { readonly [K in Operation['kind']]?: Judge } = {
  'drop-table': dropsAll,
  truncate: dropsAll,
  'drop-column': dropsColumn,
  'rename-table': renames,
  'rename-column': renames,
  'add-column': addsColumn,
  'set-not-null': requires,
  'change-type': changesType,
  'add-index': addsIndex,
  'add-constraint': addsConstraint,
  rewrite: rewrites,
  'enum-change': changesEnum,
}

/** Notes the hazards of one operation. */
export const judgeOperation = (judging: Judging): void => judges[judging.operation.kind]?.(judging)
