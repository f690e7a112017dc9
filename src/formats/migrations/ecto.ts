// Migrations of Ecto (https://hexdocs.pm/ecto_sql/Ecto.Migration.html), read from their calls. What a comment of excellent_migrations vouches
// for is left alone.
import { endOfBracket, literal, literals, named, splitArguments } from './calls.ts'
import { type ElixirText, elixirText, opensBlock, type Quoted } from './elixir-lines.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'
import type { Line } from './rails-lines.ts'

type Options = Record<string, string>

/** A migration while it is read. `block` is the table that is being made or changed, `depth` how many blocks stand open in it. */
type Reading = {
  operations: Operation[]
  sql: DslMigration['sql']
  unread: NonNullable<DslMigration['unread']>
  quoted: Quoted
  block: { table: string; creates: boolean; depth: number } | null
}

/** Columns are of these types in PostgreSQL; others bear their own name. */
const types: Readonly<Record<string, string>> = {
  string: 'varchar',
  id: 'integer',
  identity: 'bigint',
  binary_id: 'uuid',
  binary: 'bytea',
  map: 'jsonb',
  float: 'double precision',
  utc_datetime: 'timestamp(0)',
  naive_datetime: 'timestamp(0)',
  utc_datetime_usec: 'timestamp',
  naive_datetime_usec: 'timestamp',
  time: 'time(0)',
  time_usec: 'time',
  decimal: 'numeric',
}

/** Set aside texts put back. */
const restored = (text: string, quoted: Quoted): string =>
  text.replace(/"§(\d+)§"/g, (_all, index: string) => JSON.stringify(quoted[Number(index)]?.text ?? ''))

/** The text of an argument, with its line where it was set aside. */
const textOf = (argument: string | undefined, quoted: Quoted): { text: string; line: number | null } | null => {
  const parts = (argument ?? '').split(/\s*<>\s*/)
  if (parts.length > 1) {
    const texts = parts.map(part => textOf(part, quoted))
    return texts.some(one => one === null) ? null : { text: texts.map(one => one!.text).join(''), line: texts[0]!.line }
  }
  const found = literal(argument)
  if (found === null) return null
  const aside = /^§(\d+)§$/.exec(found)
  return aside ? (quoted[Number(aside[1])] ?? null) : { text: found, line: null }
}

const typeOf = (given: string, options: Options): string => {
  const list = /^\{:array,\s*([\s\S]+)\}$/.exec(given)
  if (list) return `${typeOf(list[1]!, {})}[]`
  if (/^\{:map\b/.test(given)) return 'jsonb'
  if (/^references\b/.test(given)) return typeOf(referenceOf(given).options['type'] ?? ':bigint', {})
  const name = literal(given) ?? given
  const base = types[name] ?? name
  const { size, precision, scale } = options
  if (name === 'string') return `varchar(${size ?? '255'})`
  if (base === 'numeric' && precision) return `numeric(${precision},${scale ?? '0'})`
  return size ? `${base}(${size})` : base
}

/** `references(:teams, column: :key, validate: false)`. */
const referenceOf = (given: string): { table: string | null; options: Options } => {
  const { args } = callIn(given)
  return { table: literal(args[0]), options: named(args.slice(1)) }
}

/** Name and arguments of a call, with brackets or without; `do` behind it opens a block. */
const callIn = (text: string): { name: string; args: string[]; opens: boolean } => {
  const opens = opensBlock(text)
  const bare = opens && text.endsWith(' do') ? text.slice(0, -3).trimEnd() : text
  const name = /^(?:\w+\.)*[a-z_]\w*[?!]?/.exec(bare)?.[0] ?? ''
  const rest = bare.slice(name.length)
  const inBrackets = rest.startsWith('(') && endOfBracket(rest, 0) === rest.length
  return { name, args: splitArguments(inBrackets ? rest.slice(1, -1) : rest), opens }
}

/** What a call is about: `table(:a, prefix: "b")`, `index(:a, [:b])`, `constraint(:a, :name)`. */
type Target = { kind: string; table: string | null; args: string[]; options: Options; name: string }

const targetOf = (given: string | undefined): Target => {
  const { name: kind, args } = callIn(given ?? '')
  const options = named(args.slice(1))
  const [plain, prefix] = [literal(args[0]), literal(options['prefix'])]
  const table = plain !== null && prefix && prefix !== 'public' ? `${prefix}.${plain}` : plain
  const columns = literals(args[1])
  const name = literal(options['name']) ?? (plain === null ? '' : `${[plain, ...columns].join('_')}_index`)
  return { kind, table, args, options, name }
}

type Add = (kind: Operation['kind'], table: string | null, more?: Partial<Operation>) => void

const serial = /^:(?:big|small)?serial$|^:identity$/
const computed = /gen_random_uuid|uuid_generate|uuidv[47]|random\s*\(|clock_timestamp|nextval/

/** What a column brings with it, beside its name: type, whether it is required, its default. */
const columnOf = (given: string, options: Options, quoted: Quoted) => {
  const standard = options['default']
  const isSerial = serial.test(given)
  return {
    type: typeOf(given, options),
    notNull: options['null'] === 'false' || options['primary_key'] === 'true',
    hasDefault: (standard !== undefined && standard !== 'nil') || isSerial || options['generated'] !== undefined,
    volatileDefault:
      isSerial ||
      computed.test(restored(standard ?? '', quoted)) ||
      /\bSTORED\b/i.test(restored(options['generated'] ?? '', quoted)),
  }
}

/** A foreign key upon a column; one that is not validated locks nothing for long. */
const addForeignKey = (add: Add, table: string, column: string, given: string): void => {
  const { table: other, options } = referenceOf(given)
  const name = literal(options['name']) ?? `${table.replace(/^.*\./, '')}_${column}_fkey`
  const inner = given.replace(/\)$/, '')
  add('add-constraint', table, {
    column,
    constraint: 'foreign-key',
    deferred: options['validate'] === 'false',
    name,
    on: [column],
    ...(other ? { references: other } : {}),
    safe: [`modify :${column}, ${inner}, validate: false)`, `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`],
  })
}

/** What a line of a block does to its table. */
type ColumnCall = { add: Add; quoted: Quoted; table: string; args: readonly string[]; options: Options }

const addColumn = ({ add, quoted, table, args, options }: ColumnCall): void => {
  const [column, type = ''] = [literal(args[0]), args[1]]
  const made = columnOf(type, options, quoted)
  add('add-column', table, { column, ...made })
  // A reference of a new column without a default validates nothing: every value is null.
  if (/^references\b/.test(type) && made.hasDefault && column !== null) addForeignKey(add, table, column, type)
}

/** `from: :string`, `from: {:string, null: false}`: what is put back when it is taken back. */
const typeBefore = (from: string): string => {
  const [type = '', ...rest] = /^\{(?!:(?:array|map)\b)/.test(from) ? splitArguments(from.slice(1, -1)) : [from]
  const options = named(rest)
  return `${typeOf(type, options)}${options['null'] === 'false' ? ' not null' : ''}`
}

const modifyColumn = ({ add, quoted, table, args, options }: ColumnCall): void => {
  const [column, type = ''] = [literal(args[0]), args[1]]
  const made = columnOf(type, options, quoted)
  const isReference = /^references\b/.test(type)
  const was = options['from'] === undefined ? {} : { was: typeBefore(options['from']) }
  if (isReference && column !== null) {
    addForeignKey(add, table, column, type)
    if (made.notNull) add('set-not-null', table, { column })
  } else if (!isReference) add('change-type', table, { column, type: made.type, notNull: made.notNull, ...was })
}

const removeColumn = ({ add, table, args }: ColumnCall): void => {
  add('drop-column', table, { column: literal(args[0]) })
}

/** `inserted_at` and `updated_at`, required unless told otherwise. */
const addTimestamps = ({ add, quoted, table, args }: ColumnCall): void => {
  const options: Options = { null: 'false', ...named(args) }
  const type = options['type'] ?? ':naive_datetime'
  for (const [key, column] of [
    ['inserted_at', 'inserted_at'],
    ['updated_at', 'updated_at'],
  ] as const)
    if (options[key] !== 'false')
      add('add-column', table, { column: literal(options[key]) ?? column, ...columnOf(type, options, quoted) })
}

const columnCalls: Readonly<Record<string, (call: ColumnCall) => void>> = {
  add: addColumn,
  add_if_not_exists: addColumn,
  modify: modifyColumn,
  remove: removeColumn,
  remove_if_exists: removeColumn,
  timestamps: addTimestamps,
}

/** The columns of a table that is made are its own: they go into the operation that makes it. */
const collectColumn = ({ operations }: Reading, { table, column, type, notNull }: Operation): void => {
  const made = operations.findLast(one => one.kind === 'create-table' && one.table === table)
  if (column !== null) made?.columns?.push({ name: column, type: `${type ?? ''}${notNull ? ' not null' : ''}` })
}

const readInBlock = (
  reading: Reading,
  { table, creates }: NonNullable<Reading['block']>,
  line: Line,
  add: Add,
): void => {
  const { name, args } = callIn(line.text)
  const call = Object.hasOwn(columnCalls, name) ? columnCalls[name] : undefined
  if (!call) return
  if (literal(args[0]) === null && name !== 'timestamps') {
    reading.unread.push({ line: line.line, text: `${shorten(line.text)} (the column is computed)` })
    return
  }
  const within: Add = creates
    ? (kind, at, more = {}) => {
        if (kind === 'add-column')
          collectColumn(reading, { kind, line: line.line, table: at, column: null, text: '', ...more })
      }
    : add
  call({ add: within, quoted: reading.quoted, table, args, options: named(args.slice(2)) })
}

/** A call outside of a block, about a table, an index or a constraint. */
type Call = {
  reading: Reading
  add: Add
  line: Line
  args: readonly string[]
  opens: boolean
  target: Target
  table: string
}

const openBlock = ({ reading, table, opens }: Call, creates: boolean): void => {
  if (opens) reading.block = { table, creates, depth: 0 }
}

const createTable = (call: Call): void => {
  const { add, table, target } = call
  const key = target.options['primary_key'] === 'false' ? [] : [{ name: 'id', type: 'bigint not null' }]
  add('create-table', table, { columns: key })
  openBlock(call, true)
}

const createIndex = ({ add, table, target }: Call): void => {
  const { options, args, name, kind } = target
  const concurrent = options['concurrently'] === 'true'
  add('add-index', table, {
    concurrent,
    unique: kind === 'unique_index' || options['unique'] === 'true',
    on: literals(args[1]),
    name,
    ...(concurrent ? {} : { safe: [`create ${kind}(${[...args, 'concurrently: true'].join(', ')})`] }),
  })
}

const createConstraint = ({ reading, add, table, target }: Call): void => {
  const { options, args } = target
  const name = literal(args[1]) ?? ''
  const check = textOf(options['check'], reading.quoted)?.text
  const required = /^\s*"?(\w+)"?\s+IS\s+NOT\s+NULL\s*$/i.exec(check ?? '')?.[1]
  add('add-constraint', table, {
    name,
    constraint: options['exclude'] === undefined ? 'check' : 'exclude',
    deferred: options['validate'] === 'false',
    ...(required ? { checksNotNull: required } : {}),
    safe: [
      `create constraint(${[...args, 'validate: false'].join(', ')})`,
      `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`,
    ],
  })
}

const create = (call: Call): void => {
  if (/index$/.test(call.target.kind)) createIndex(call)
  else if (call.target.kind === 'constraint') createConstraint(call)
  else createTable(call)
}

const drop = ({ add, table, target }: Call): void => {
  if (/index$/.test(target.kind))
    add('drop-index', table, { name: target.name, concurrent: target.options['concurrently'] === 'true' })
  else add(target.kind === 'constraint' ? 'alter-table' : 'drop-table', table)
}

const rename = ({ add, table, target, args }: Call): void => {
  if (target.kind !== 'table') return
  const { to } = named(args)
  const other = /^table\b/.test(to ?? '') ? targetOf(to).table : null
  if (other !== null) add('rename-table', table, { to: other })
  else add('rename-column', table, { column: literal(args[1]), to: literal(to) ?? '' })
}

const calls: Readonly<Record<string, (call: Call) => void>> = {
  create,
  create_if_not_exists: create,
  drop,
  drop_if_exists: drop,
  rename,
  alter: call => openBlock(call, false),
}

const queries = /(?:\brepo\(\)|Repo|\brepo)\.query(?:_many)?!?\(\s*("[^"]*")/g
const changesRows =
  /(?:\brepo\(\)|Repo|\brepo)\.(?:update_all|delete_all|insert_all|insert_or_update!?|insert!?|update!?|delete!?)\(/

/** Migrations that a library brings: `Oban.Migration.up(version: 12)`. */
const brings = /^(?:[A-Z]\w{0,80}\.){1,8}(?:up|change|migrate)\(/

/** SQL that is handed over, and rows that are changed by code. */
const readCode = (reading: Reading, line: Line, add: Add): void => {
  const { name, args } = callIn(line.text)
  const { quoted, sql, unread } = reading
  for (const match of line.text.matchAll(queries)) {
    const found = textOf(match[1], quoted)
    if (found) sql.push({ text: found.text, line: found.line ?? line.line, at: line.at })
  }
  if (changesRows.test(line.text)) add('data', null)
  if (brings.test(line.text))
    unread.push({ line: line.line, text: `${shorten(line.text)} (what it does stands elsewhere)` })
  if (name === 'execute_file')
    unread.push({ line: line.line, text: `${shorten(line.text)} (the SQL stands elsewhere)` })
  if (name !== 'execute') return
  const found = textOf(args[0], quoted)
  if (found) sql.push({ text: found.text, line: found.line ?? line.line, at: line.at })
  else if (!/^(?:&|fn\b)/.test(args[0] ?? ''))
    unread.push({ line: line.line, text: `${shorten(line.text)} (the SQL is computed)` })
}

/** Follows the blocks within the block of a table; true where the line ends that block. */
const endsBlock = (reading: Reading, { text }: Line): boolean => {
  const { block } = reading
  if (!block) return false
  if (opensBlock(text)) block.depth += 1
  if (!/^end\b/.test(text)) return false
  block.depth -= 1
  if (block.depth >= 0) return false
  reading.block = null
  return true
}

const readLine = (reading: Reading, line: Line): void => {
  if (endsBlock(reading, line)) return
  const add: Add = (kind, table, more = {}) => {
    const text = shorten(restored(line.text, reading.quoted))
    const safe = more.safe?.map(step => restored(step, reading.quoted))
    reading.operations.push({ kind, line: line.line, table, column: null, text, ...more, ...(safe ? { safe } : {}) })
  }
  if (reading.block) {
    readInBlock(reading, reading.block, line, add)
    return
  }
  const { name, args, opens } = callIn(line.text)
  if (!Object.hasOwn(calls, name)) {
    readCode(reading, line, add)
    return
  }
  const target = targetOf(args[0])
  if (target.table === null)
    reading.unread.push({ line: line.line, text: `${shorten(line.text)} (the table is computed)` })
  else calls[name]!({ reading, add, line, args, opens, target, table: target.table })
}

/** What each check of excellent_migrations is about. */
const vouched: Readonly<Record<string, RegExp>> = {
  column_removed: /^drop-column$/,
  column_renamed: /^rename-column$/,
  column_type_changed: /^change-type$/,
  column_reference_added: /^add-constraint$/,
  column_added_with_default: /^add-column$/,
  not_null_added: /^(?:add-column|change-type|set-not-null)$/,
  check_constraint_added: /^add-constraint$/,
  index_not_concurrently: /^add-index$/,
  many_columns_index: /^add-index$/,
  table_dropped: /^drop-table$/,
  table_renamed: /^rename-table$/,
  operation_insert: /^data$/,
  operation_update: /^data$/,
  operation_delete: /^data$/,
}

const isVouched = ({ file, lines }: ElixirText['assured'], { kind, line }: Operation): boolean =>
  lines.has(line) || [...file].some(check => vouched[check]?.test(kind))

/** Reads a migration of Ecto. */
export const readEcto = (original: string): DslMigration => {
  const { lines, quoted, assured, source } = elixirText(original)
  const reading: Reading = { operations: [], sql: [], unread: [], quoted, block: null }
  for (const line of lines) readLine(reading, line)
  const { operations, sql, unread } = reading
  if (
    lines.some(({ text }) => !/^(?::ok|nil|flush)\b/.test(text)) &&
    operations.length + sql.length + unread.length === 0
  )
    unread.push({ line: lines[0]!.line, text: 'a program in which no call of Ecto was recognised' })
  return {
    operations: operations.filter(one => !isVouched(assured, one)),
    sql: assured.file.has('raw_sql_executed') ? [] : sql.filter(({ line }) => !assured.lines.has(line)),
    unread,
    transaction: !/@disable_ddl_transaction\s+true\b/.test(source),
  }
}
