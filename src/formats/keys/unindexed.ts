// Which foreign keys and tenant columns no index begins with.
import type { KeyIndex, KeySchema, KeyTable } from './model.ts'

export type Unindexed = {
  table: string
  column: string
  /** The table that it leads to; null for a column that only bears a tenant's name. */
  references: string | null
  file: string
  line: number
}

/** Conditions under which rows that matter are all in the index: rows that are not deleted, or whose column is set. */
const softDelete =
  /^\(*["`]?(?:\w+["`]?\.["`]?)?(?:deleted_?at|archived_?at|removed_?at|discarded_?at|deleted_?on)["`]?\)* is null\)*$|^\(*(?:not )?\(*["`]?(?:\w+["`]?\.["`]?)?(?:is_?)?(?:deleted|archived|removed)["`]?\)*(?: ?(?:=|is) ?(?:false|0|f|'f'|'0'|not true))?\)*$/i

const isWhole = ({ where }: KeyIndex, column: string): boolean => {
  const said = where.replace(/\s+/g, ' ').replace(/::\w+/g, '').trim()
  if (said === '') return true
  // Rows without a value are never looked for by it.
  const set = new RegExp(
    `^\\(*["\`]?(?:\\w+["\`]?\\.["\`]?)?${column.replace(/\W/g, '\\$&')}["\`]?\\)* is not null\\)*$`,
    'i',
  )
  return said.split(/ and /i).every(part => softDelete.test(part) || set.test(part))
}

/** Methods that find a row by the value of its first column. */
const looksUp = ({ method }: KeyIndex): boolean => method === '' || /^(?:btree|hash)$/i.test(method)

/** The column that says which table a polymorphic one leads to: an index begins with it. */
const typeColumn = (column: string): string =>
  column.replace(/_?[iI]d$/, end => (end.startsWith('_') ? '_type' : 'Type'))

const begins = (table: KeyTable, columns: readonly string[]): boolean =>
  table.indexes.some(index => {
    const [first = '', second = ''] = index.columns
    if (!looksUp(index)) return false
    if (columns.includes(first)) return isWhole(index, first)
    return columns.includes(second) && first === typeColumn(second) && isWhole(index, second)
  })

/** Columns by which nearly every question of a product of several customers is narrowed. */
const tenant = /^(?:user|team|account|organi[sz]ation|org|tenant|workspace|company|project)_?id$/i

/** `user_id` → tables of that name, in the singular and the plural. */
const tableFor = (column: string, schema: KeySchema): string | null => {
  const stem = column.replace(/_?id$/i, '').toLowerCase()
  const names = [stem, `${stem}s`, `${stem.replace(/y$/, 'ie')}s`, `auth_${stem}`, `auth.${stem}s`]
  return [...schema.keys()].find(name => names.includes(name.toLowerCase().replace(/^.*\./, ''))) ?? null
}

/** Whether a column may hold the other table's ids: what a provider calls its accounts is a text beside our numbers. */
const isSameKind = (column: string, id: string | undefined): boolean => {
  const kindOf = (type: string): string =>
    /uuid|guid/i.test(type)
      ? 'uuid'
      : /int|serial|increments|^id$|foreignid|^references$|primary_key/i.test(type)
        ? 'number'
        : /char|text|string|ulid|cuid/i.test(type)
          ? 'text'
          : ''
  const [one, other] = [kindOf(column), kindOf(id ?? '')]
  return one === '' || other === '' || one === other
}

const mostListed = 200

/** All of them, in the order of table and column; each column once. */
export const unindexedOf = (schema: KeySchema): Unindexed[] => {
  const found = new Map<string, Unindexed>()
  for (const [table, known] of schema) {
    // What pg_partman keeps is a pattern, and holds no rows.
    if (!known.made || table.startsWith('partman.')) continue
    for (const { columns, references, indexed, file, line } of known.keys) {
      if (indexed || begins(known, columns)) continue
      found.set(`${table}.${columns[0]}`, { table, column: columns[0]!, references, file, line })
    }
    for (const [column, { type, file, line }] of known.columns) {
      const keyed = known.keys.some(({ columns }) => columns.includes(column))
      if (!tenant.test(column) || keyed || begins(known, [column])) continue
      const to = tableFor(column, schema)
      const id = to === null ? undefined : schema.get(to)?.columns.get('id')?.type
      if (to !== null && to !== table && isSameKind(type, id))
        found.set(`${table}.${column}`, { table, column, references: null, file, line })
    }
  }
  return [...found.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one)
    .slice(0, mostListed)
}
