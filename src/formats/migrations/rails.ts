// Rails migrations (https://guides.rubyonrails.org/active_record_migrations.html), read from their calls. `safety_assured` is somebody's word
// that it was thought about: what stands in it is left alone.
import { literal, literals, named, splitArguments } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'
import { forwardOf, type Line, logicalLines, takeDocuments } from './rails-lines.ts'

const columnTypes =
  /^(?:column|string|text|integer|bigint|float|decimal|numeric|datetime|timestamp|timestamptz|time|date|binary|blob|boolean|json|jsonb|uuid|citext|inet|enum|hstore|virtual|tsvector|primary_key|references|belongs_to|attachment|timestamps|st_point|daterange|vector)$/

type Options = Record<string, string>

/** A migration while it is read. `assured` is how many blocks deep `safety_assured` goes; `block` is the table that is being changed. */
type Reading = {
  operations: Operation[]
  sql: DslMigration['sql']
  unread: NonNullable<DslMigration['unread']>
  block: { table: string; creates: boolean; variable: string } | null
  assured: number
}

type Add = (kind: Operation['kind'], table: string | null, more?: Partial<Operation>) => void

const adding =
  ({ operations }: Reading, line: Line): Add =>
  (kind, table, more = {}) => {
    operations.push({ kind, line: line.line, table, column: null, text: shorten(line.text), ...more })
  }

/** A column that refers to another table: its column, the index that it brings, and its foreign key where one is asked for. */
const addReferenceTo = (add: Add, table: string, name: string, options: Options): void => {
  const on = [`${name}_id`]
  const key = options['foreign_key']
  if (options['index'] !== 'false')
    add('add-index', table, { concurrent: /concurrently/.test(options['index'] ?? ''), on })
  if (key !== undefined && key !== 'false' && !/validate:\s*false/.test(key))
    add('add-constraint', table, {
      constraint: 'foreign-key',
      on,
      references: /to_table:\s*:(\w+)/.exec(key)?.[1] ?? `${name}s`,
    })
}

/** The type with its bounds: `string, limit: 50`, `decimal, precision: 8, scale: 2`, `datetime, precision: 3`. */
const typeOf = (type: string, options: Options): string => {
  const { limit, precision, scale } = options
  if (type === 'string') return limit ? `varchar(${limit})` : 'varchar'
  if (type === 'decimal' || type === 'numeric') return precision ? `numeric(${precision},${scale ?? '0'})` : 'numeric'
  if (type === 'integer' && limit === '8') return 'bigint'
  // The limit of a time is its precision: it stands where SQL has one.
  const digits = precision ?? limit
  if (/^(?:datetime|timestamp|timestamptz|time|interval)$/.test(type) && digits && digits !== 'nil')
    return `${type}(${digits})`
  return type
}

const serial = /^(?:small|big)?serial$|^primary_key$/

const addColumnTo = (add: Add, table: string, name: string, type: string, options: Options): void => {
  const reference = /^(?:references|belongs_to|reference)$/.test(type)
  const standard = options['default']
  add('add-column', table, {
    column: reference ? `${name}_id` : name,
    type: typeOf(type, options),
    notNull: options['null'] === 'false',
    hasDefault: (standard !== undefined && standard !== 'nil') || serial.test(type),
    volatileDefault:
      /->|gen_random_uuid|uuid_generate|random|clock_timestamp/.test(standard ?? '') ||
      serial.test(type) ||
      (type === 'virtual' && options['stored'] === 'true') ||
      /^(?:identity)$/.test(type),
  })
  if (reference) addReferenceTo(add, table, name, options)
  else if (options['index'] !== undefined && options['index'] !== 'false') add('add-index', table)
}

/** One call outside of a block. `table`, `second` and `third` are its first arguments, where they are literals. */
type RailsCall = {
  name: string
  args: readonly string[]
  options: Options
  table: string | null
  second: string | null
  third: string | null
  concurrent: boolean
  add: Add
  addColumn: (table: string, name: string, type: string, options: Options) => void
  addSql: (text: string) => void
}

type CallHandler = (call: RailsCall) => void

/** `force: true` and `force: :cascade` drop a table of that name first. */
const isForced = (options: Options): boolean =>
  options['force'] !== undefined && !/^(?:false|nil)$/.test(options['force'])

const createTable: CallHandler = ({ options, table, add }) => {
  if (isForced(options)) add('drop-table', table, { forced: true })
  add('create-table', table)
}

const dropJoinTable: CallHandler = ({ options, table, second, add }) => {
  add('drop-table', options['table_name']?.replace(/^[:"']|["']$/g, '') ?? [table, second].sort().join('_'))
}

const dropTable: CallHandler = ({ args, add }) => {
  for (const dropped of args.filter(arg => !/^\w+:/.test(arg)).flatMap(literals)) add('drop-table', dropped)
}

const renameTable: CallHandler = ({ table, second, add }) => {
  add('rename-table', table, { to: second ?? '' })
}

const addColumn: CallHandler = ({ options, table, second, third, addColumn }) => {
  if (table && second) addColumn(table, second, third ?? '', options)
}

const addReference: CallHandler = ({ options, table, second, addColumn }) => {
  if (table && second) addColumn(table, second, 'references', options)
}

const addTimestamps: CallHandler = ({ options, table, addColumn }) => {
  if (table)
    addColumn(table, 'created_at', 'datetime', {
      null: options['null'] ?? 'false',
      ...(options['default'] ? { default: options['default'] } : {}),
    })
}

const removeColumn: CallHandler = ({ name, args, table, second, add }) => {
  for (const column of name === 'remove_columns'
    ? args
        .slice(1)
        .filter(arg => !/^\w+:/.test(arg))
        .flatMap(literals)
    : [name.endsWith('timestamps') ? 'created_at' : name === 'remove_column' ? second : `${second}_id`])
    add('drop-column', table, { column })
}

const renameColumn: CallHandler = ({ table, second, third, add }) => {
  add('rename-column', table, { column: second, to: third ?? '' })
}

const changeColumn: CallHandler = ({ options, table, second, third, add }) => {
  add('change-type', table, {
    column: second,
    type: typeOf(third ?? '', options),
    notNull: options['null'] === 'false',
  })
}

const changeColumnNull: CallHandler = ({ args, table, second, add }) => {
  // A value for the rows without one is written into them first.
  if (args[2] === 'false' && args[3] !== undefined) add('data', table)
  if (args[2] === 'false') add('set-not-null', table, { column: second })
}

const addIndex: CallHandler = ({ args, options, table, concurrent, add }) => {
  add('add-index', table, {
    concurrent,
    unique: options['unique'] === 'true',
    on: literals(args[1]),
    ...(concurrent ? {} : { safe: [`add_index ${[...args, 'algorithm: :concurrently'].join(', ')}`] }),
  })
}

const removeIndex: CallHandler = ({ table, concurrent, add }) => {
  add('drop-index', table, { concurrent })
}

/** The same call without a look at the rows, and the call that looks later. */
const unvalidated = (
  what: 'foreign_key' | 'check_constraint',
  { args, options, table, second }: RailsCall,
): string[] => {
  const { name, column } = options
  const by = name
    ? `name: ${name}`
    : column
      ? `column: ${column}`
      : what === 'foreign_key' && second
        ? `:${second}`
        : ''
  return by === ''
    ? []
    : [`add_${what} ${[...args, 'validate: false'].join(', ')}`, `validate_${what} :${table}, ${by}`]
}

const addForeignKey: CallHandler = call => {
  const { options, table, second, add } = call
  add('add-constraint', table, {
    constraint: 'foreign-key',
    deferred: options['validate'] === 'false',
    ...(literal(options['name']) ? { name: literal(options['name'])! } : {}),
    ...(second ? { references: second } : {}),
    ...(literal(options['column']) ? { on: [literal(options['column'])!] } : {}),
    safe: unvalidated('foreign_key', call),
  })
}

const addCheckConstraint: CallHandler = call => {
  const { options, table, second, add } = call
  const checked = /^\s*"?(\w+)"?\s+IS NOT NULL\s*$/i.exec(second ?? '')?.[1]
  add('add-constraint', table, {
    constraint: 'check',
    deferred: options['validate'] === 'false',
    ...(literal(options['name']) ? { name: literal(options['name'])! } : {}),
    ...(checked ? { checksNotNull: checked } : {}),
    safe: unvalidated('check_constraint', call),
  })
}

const addUniqueConstraint: CallHandler = ({ options, table, add }) => {
  add('add-constraint', table, { constraint: 'unique', deferred: options['using_index'] !== undefined })
}

const addExclusionConstraint: CallHandler = ({ table, add }) => {
  add('add-constraint', table, { constraint: 'exclude' })
}

const validateConstraint: CallHandler = ({ options, table, second, add }) => {
  // What it is called by: its name, or the table that a foreign key leads to.
  const name = literal(options['name'])
  add('validate-constraint', table, name ? { name } : second ? { references: second } : {})
}

const addEnumValue: CallHandler = ({ table, second, add }) => {
  add('enum-add', null, { name: table ?? '', value: second ?? '' })
}

const changeEnum: CallHandler = ({ table, add }) => {
  add('enum-change', null, { name: table ?? '' })
}

const execute: CallHandler = ({ table, addSql }) => {
  if (table !== null) addSql(table)
}

const calls: Readonly<Record<string, CallHandler>> = {
  create_table: createTable,
  create_join_table: createTable,
  drop_join_table: dropJoinTable,
  drop_table: dropTable,
  rename_table: renameTable,
  rename_schema: ({ table, second, add }) => add('rename-table', `${table}.*`, { to: `${second}.*` }),
  drop_schema: ({ table, add }) => add('drop-table', `${table}.*`),
  add_column: addColumn,
  add_reference: addReference,
  add_belongs_to: addReference,
  add_timestamps: addTimestamps,
  remove_column: removeColumn,
  remove_columns: removeColumn,
  remove_reference: removeColumn,
  remove_belongs_to: removeColumn,
  remove_timestamps: removeColumn,
  rename_column: renameColumn,
  change_column: changeColumn,
  change_column_null: changeColumnNull,
  add_index: addIndex,
  remove_index: removeIndex,
  add_foreign_key: addForeignKey,
  add_check_constraint: addCheckConstraint,
  add_unique_constraint: addUniqueConstraint,
  add_exclusion_constraint: addExclusionConstraint,
  validate_foreign_key: validateConstraint,
  validate_check_constraint: validateConstraint,
  validate_constraint: validateConstraint,
  add_enum_value: addEnumValue,
  rename_enum_value: changeEnum,
  drop_enum: changeEnum,
  execute: execute,
}

const isOption = (argument: string): boolean => /^\w+:/.test(argument)

/** A line within `create_table … do |t|`: its columns alone. */
const readCreated = ({ operations }: Reading, method: string, given: string): void => {
  const name = literal(splitArguments(given)[0])
  const columns = operations.findLast(({ kind }) => kind === 'create-table')?.columns
  if (name && columnTypes.test(method)) {
    const options = named(splitArguments(given))
    const reference = /^(?:references|belongs_to)$/.test(method)
    columns?.push({
      name: reference ? `${name}_id` : name,
      type: `${reference ? 'bigint' : typeOf(method, options)}${options['null'] === 'false' ? ' not null' : ''}`,
    })
  }
}

/** A line within `change_table … do |t|`. */
const readChanged = (add: Add, table: string, method: string, given: string): void => {
  const args = splitArguments(given)
  const options = named(args)
  const concurrent = /concurrently/.test(options['algorithm'] ?? '')
  if (columnTypes.test(method))
    for (const name of args.filter(arg => !isOption(arg)).flatMap(literals))
      addColumnTo(add, table, name, method, options)
  else if (method === 'remove' || method === 'remove_column' || method === 'remove_columns')
    for (const column of args.filter(arg => !isOption(arg)).flatMap(literals)) add('drop-column', table, { column })
  else if (method === 'rename') add('rename-column', table, { column: literal(args[0]), to: literal(args[1]) ?? '' })
  else if (method === 'change')
    add('change-type', table, { column: literal(args[0]), type: typeOf(literal(args[1]) ?? '', options) })
  else if (method === 'change_null' && args[1] === 'false') add('set-not-null', table, { column: literal(args[0]) })
  else if (method === 'check_constraint') add('add-constraint', table, { constraint: 'check' })
  else if (method === 'unique_constraint') add('add-constraint', table, { constraint: 'unique' })
  else if (method === 'exclusion_constraint') add('add-constraint', table, { constraint: 'exclude' })
  else if (/^remove_(?:references|belongs_to)$/.test(method))
    for (const column of args.filter(arg => !isOption(arg)).flatMap(literals))
      add('drop-column', table, { column: `${column}_id` })
  else if (method === 'remove_timestamps') add('drop-column', table, { column: 'created_at' })
  else if (method === 'index') add('add-index', table, { concurrent })
  else if (method === 'foreign_key') add('add-constraint', table, { constraint: 'foreign-key' })
}

/** Whether a line belongs to a block that somebody vouched for; keeps count of the blocks in it. */
const isAssured = (reading: Reading, { text }: Line): boolean => {
  if (/\bsafety_assured\b/.test(text)) {
    if (/\bdo\s*$|\{\s*$/.test(text)) reading.assured = 1
    return true
  }
  if (reading.assured === 0) return false
  if (/\bdo\b(?:\s*\|[^|]*\|)?\s*$|\{\s*$/.test(text)) reading.assured += 1
  if (/^(?:end|\})/.test(text)) reading.assured -= 1
  return true
}

/** Opens, fills and closes the block of a table. True where the line belongs to one. */
const readBlock = (reading: Reading, line: Line, add: Add): boolean => {
  if (/^end\b/.test(line.text)) {
    reading.block = null
    return true
  }
  const opened = /^(create_table|create_join_table|change_table)\b\s*\(?\s*(.*?)\)?\s*(?:do|\{)\s*\|\s*(\w+)\s*\|/.exec(
    line.text,
  )
  if (opened) {
    const table = literal(splitArguments(opened[2]!)[0]) ?? ''
    const creates = opened[1] !== 'change_table'
    reading.block = { table, creates, variable: opened[3]! }
    if (creates && isForced(named(splitArguments(opened[2]!)))) add('drop-table', table, { forced: true })
    if (creates) add('create-table', table, { columns: [] })
    return true
  }
  const { block } = reading
  const inner = block ? new RegExp(`^${block.variable}\\.(\\w+)\\s*\\(?\\s*(.*?)\\)?\\s*$`).exec(line.text) : null
  if (!block || !inner) return false
  if (block.creates) readCreated(reading, inner[1]!, inner[2]!)
  else readChanged(add, block.table, inner[1]!, inner[2]!)
  return true
}

const changesRows = /\.(?:update_all|delete_all|destroy_all|find_each|in_batches|find_in_batches|update_columns?)\b/

/** A line that somebody vouched for: what it does is known to what follows. */
const readAssured = (reading: Reading, line: Line): void => {
  const [operations, sql] = [reading.operations.length, reading.sql.length]
  readCall(reading, { ...line, text: line.text.replace(/^safety_assured\s*(?:\{|do\b)\s*/, '') })
  for (const one of reading.operations.slice(operations)) one.assured = true
  for (const one of reading.sql.slice(sql)) one.assured = true
}

const readLine = (reading: Reading, line: Line): void => {
  if (isAssured(reading, line)) readAssured(reading, line)
  else readCall(reading, line)
}

const readCall = (reading: Reading, line: Line): void => {
  const add = adding(reading, line)
  if (readBlock(reading, line, add)) return
  if (/^revert\b/.test(line.text)) {
    reading.unread.push({ line: line.line, text: `${shorten(line.text)} (what it takes back stands elsewhere)` })
    return
  }
  if (changesRows.test(line.text)) {
    add('data', /^([A-Z]\w+)/.exec(line.text)?.[1] ?? null)
    return
  }
  const call = /^(?:(?:\w+\.up|up_only)\s*(?:\{|do)\s*)?(\w+!?)\s*(?:\(\s*(.*?)\)|(.*?))\s*(?:\}|\bend)?$/.exec(
    line.text,
  )
  if (!call || !Object.hasOwn(calls, call[1]!)) return
  const args = splitArguments(call[2] ?? call[3] ?? '')
  const options = named(args)
  calls[call[1]!]!({
    name: call[1]!,
    args,
    options,
    table: literal(args[0]),
    second: literal(args[1]),
    third: literal(args[2]),
    concurrent: /concurrently/.test(options['algorithm'] ?? ''),
    add,
    addColumn: (table, name, type, given) => addColumnTo(add, table, name, type, given),
    addSql: text => reading.sql.push({ text, line: line.line, at: line.at }),
  })
}

/** Reads a migration of Rails. */
export const readRails = (original: string): DslMigration => {
  const source = forwardOf(original)
  const reading: Reading = { operations: [], sql: [], unread: [], block: null, assured: 0 }
  for (const line of logicalLines(takeDocuments(source, reading.sql))) readLine(reading, line)
  const { operations, sql, unread } = reading
  return { operations, sql, unread, transaction: !/^[ \t]*disable_ddl_transaction!/m.test(source) }
}
