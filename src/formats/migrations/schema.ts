// What migrations have built so far: tables, their columns with types, and the constraints that matter to later migrations.
import type { Operation } from './model.ts'

/** Column → type (with ` not null` behind it where that is known), by table. Marks stand among the columns: no column bears such a name. */
export type Schema = Map<string, Map<string, string>>

/** Marks a column that a CHECK says is not null. */
const checkedMark = 'checked not null: '
/** Marks a constraint, as `unique(email)`. */
const constraintMark = 'constraint: '

const isMark = (name: string): boolean => name.startsWith(checkedMark) || name.startsWith(constraintMark)

/** Columns of a table; null where nothing is known of it. */
export const columnsOf = (schema: Schema, table: string): Map<string, string> | null => {
  const known = schema.get(table)
  return known ? new Map([...known].filter(([name]) => !isMark(name))) : null
}

const marked = (known: ReadonlyMap<string, string> | undefined, mark: string): string[] =>
  [...(known?.keys() ?? [])].filter(name => name.startsWith(mark)).map(name => name.slice(mark.length))

export const constraintsOf = (schema: Schema, table: string): string[] => marked(schema.get(table), constraintMark)

/** A CHECK that says a column is not null; it proves so once it is validated. */
export type Checked = { table: string; column: string; name: string; valid: boolean }

export const checksIn = (schema: Schema): Checked[] =>
  [...schema].flatMap(([table, known]) =>
    marked(known, checkedMark).map(column => {
      const value = known.get(`${checkedMark}${column}`) ?? ''
      return { table, column, name: value.replace(/^valid:/, ''), valid: value.startsWith('valid:') }
    }),
  )

const validate = (schema: Schema, table: string, constraint: string): void => {
  for (const check of checksIn(schema))
    if (check.table === table && check.name === constraint)
      schema.get(table)!.set(`${checkedMark}${check.column}`, `valid:${constraint}`)
}

type Apply = (schema: Schema, operation: Operation, table: string) => void

const tableOf = (schema: Schema, table: string): Map<string, string> => {
  if (!schema.has(table)) schema.set(table, new Map())
  return schema.get(table)!
}

const createTable: Apply = (schema, { columns, constraints }, table) => {
  schema.set(
    table,
    new Map([
      ...(columns ?? []).map((one): [string, string] => [one.name, one.type]),
      ...(constraints ?? []).map((one): [string, string] => [`${constraintMark}${one}`, '']),
    ]),
  )
}

const renameTable: Apply = (schema, { to }, table) => {
  const known = schema.get(table)
  if (!to) return
  if (known) schema.set(to, known)
  schema.delete(table)
}

const setColumn: Apply = (schema, { column, type, notNull }, table) => {
  const known = tableOf(schema, table)
  if (column !== null) known.set(column, `${type ?? ''}${notNull ? ' not null' : ''}`)
}

const renameColumn: Apply = (schema, { column, to }, table) => {
  const known = schema.get(table)
  if (column === null || !to || !known) return
  if (known.has(column)) known.set(to, known.get(column)!)
  known.delete(column)
}

const requireColumn: Apply = (schema, { column }, table) => {
  const known = schema.get(table)
  if (column !== null && known?.has(column))
    known.set(column, `${known.get(column)!.replace(/ not null$/, '')} not null`)
}

// The mark holds the index's name, so that dropping the index takes it away.
const addIndex: Apply = (schema, { unique, on, name }, table) => {
  if (unique && on?.length) schema.get(table)?.set(`${constraintMark}unique(${on.join(',')})`, name ?? '')
}

const dropIndex = (schema: Schema, name: string): void => {
  for (const known of schema.values())
    for (const [mark, of] of known) if (of === name && mark.startsWith(constraintMark)) known.delete(mark)
}

const applies: { readonly [K in Operation['kind']]?: Apply } = {
  'create-table': createTable,
  'drop-table': (schema, _operation, table) => schema.delete(table),
  'rename-table': renameTable,
  'add-column': setColumn,
  'change-type': setColumn,
  'drop-column': (schema, { column }, table) => schema.get(table)?.delete(column ?? ''),
  'rename-column': renameColumn,
  'set-not-null': requireColumn,
  'add-index': addIndex,
}

/** Lays operations over a schema. */
export const applyOperations = (schema: Schema, operations: readonly Operation[]): void => {
  for (const operation of operations) {
    const { kind, table, checksNotNull, name } = operation
    if (kind === 'drop-index' && name) dropIndex(schema, name)
    if (table === null) continue
    if (checksNotNull)
      tableOf(schema, table).set(`${checkedMark}${checksNotNull}`, `${operation.deferred ? '' : 'valid:'}${name ?? ''}`)
    if (kind === 'validate-constraint' && name) validate(schema, table, name)
    applies[kind]?.(schema, operation, table)
  }
}
