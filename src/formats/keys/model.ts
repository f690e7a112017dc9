// Foreign keys and indexes of a database, laid one over another as migrations make, rename and drop them.

/** What a migration or a schema file does to keys. `line` is where it stands. */
export type KeyEvent = { line: number } & (
  | { kind: 'table'; table: string; columns: readonly { name: string; type: string }[]; keeps?: boolean }
  | { kind: 'drop-table'; table: string }
  | { kind: 'rename-table'; table: string; to: string }
  | { kind: 'column'; table: string; column: string; type: string }
  | { kind: 'drop-column'; table: string; column: string }
  | { kind: 'rename-column'; table: string; column: string; to: string }
  | { kind: 'foreign-key'; table: string; columns: readonly string[]; references: string; indexed?: boolean }
  /** `where`: the condition of a partial index; `kindOf`: what cannot look up a value (gin, brin, fulltext). */
  | {
      kind: 'index'
      table: string
      columns: readonly string[]
      name?: string
      unique?: boolean
      where?: string
      method?: string
    }
  | { kind: 'drop-index'; table?: string; name?: string; columns?: readonly string[] }
  | { kind: 'drop-foreign-key'; table: string; name?: string; columns?: readonly string[] }
)

export type KeyIndex = { columns: string[]; name: string; unique: boolean; where: string; method: string }
export type ForeignKey = { columns: string[]; references: string; indexed: boolean; file: string; line: number }
export type KeyTable = {
  /** Its making was read: of a table that is only altered, nobody knows what it has. */
  made: boolean
  columns: Map<string, { type: string; file: string; line: number }>
  keys: ForeignKey[]
  indexes: KeyIndex[]
}
export type KeySchema = Map<string, KeyTable>

const mostTables = 5000

const tableOf = (schema: KeySchema, name: string): KeyTable => {
  const known = schema.get(name)
  if (known) return known
  const made: KeyTable = { made: false, columns: new Map(), keys: [], indexes: [] }
  if (schema.size < mostTables) schema.set(name, made)
  return made
}

const renamed = (columns: readonly string[], from: string, to: string): string[] =>
  columns.map(column => (column === from ? to : column))

type Of<K extends KeyEvent['kind']> = Extract<KeyEvent, { kind: K }>

const dropIndexes = (schema: KeySchema, { table, name, columns }: Of<'drop-index'>): void => {
  for (const [at, known] of schema)
    if (table === undefined || table === at)
      known.indexes = known.indexes.filter(
        index =>
          !(name !== undefined && index.name === name) &&
          !(name === undefined && columns !== undefined && index.columns.join() === columns.join()),
      )
}

const lay = (schema: KeySchema, event: KeyEvent, file: string): void => {
  const { line } = event
  switch (event.kind) {
    case 'table': {
      if (!event.keeps) schema.delete(event.table)
      const table = tableOf(schema, event.table)
      table.made = true
      for (const { name, type } of event.columns) table.columns.set(name, { type, file, line })
      return
    }
    case 'drop-table':
      schema.delete(event.table)
      return
    case 'rename-table': {
      const table = schema.get(event.table)
      schema.delete(event.table)
      if (table) schema.set(event.to, table)
      for (const other of schema.values())
        for (const key of other.keys) if (key.references === event.table) key.references = event.to
      return
    }
    case 'column':
      tableOf(schema, event.table).columns.set(event.column, { type: event.type, file, line })
      return
    case 'drop-column': {
      const table = tableOf(schema, event.table)
      table.columns.delete(event.column)
      table.keys = table.keys.filter(({ columns }) => !columns.includes(event.column))
      table.indexes = table.indexes.filter(({ columns }) => !columns.includes(event.column))
      return
    }
    case 'rename-column': {
      const table = tableOf(schema, event.table)
      const column = table.columns.get(event.column)
      table.columns.delete(event.column)
      if (column) table.columns.set(event.to, column)
      for (const part of [...table.keys, ...table.indexes]) part.columns = renamed(part.columns, event.column, event.to)
      return
    }
    case 'foreign-key': {
      const { columns, references, indexed = false } = event
      if (columns.length)
        tableOf(schema, event.table).keys.push({ columns: [...columns], references, indexed, file, line })
      return
    }
    case 'index': {
      const { columns, name = '', unique = false, where = '', method = '' } = event
      tableOf(schema, event.table).indexes.push({ columns: [...columns], name, unique, where, method })
      return
    }
    case 'drop-index':
      dropIndexes(schema, event)
      return
    case 'drop-foreign-key': {
      const table = tableOf(schema, event.table)
      if (event.columns) table.keys = table.keys.filter(({ columns }) => columns.join() !== event.columns!.join())
      return
    }
  }
}

/** Lays what one file does over the schema. */
export const layKeys = (schema: KeySchema, events: readonly KeyEvent[], file: string): void => {
  for (const event of events) lay(schema, event, file)
}
