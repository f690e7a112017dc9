// Laravel migrations (https://laravel.com/docs/12.x/migrations), read from their calls. Columns are NOT NULL unless they say nullable.
import { blankComments, type Call, callsOf, chainAt, lineAt, literal, literals } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

const columnTypes =
  /^(?:bigIncrements|bigInteger|binary|boolean|char|dateTime|dateTimeTz|date|decimal|double|enum|float|foreignId|foreignIdFor|foreignUlid|foreignUuid|geography|geometry|id|increments|integer|ipAddress|json|jsonb|longText|macAddress|mediumInteger|mediumText|morphs|nullableMorphs|rememberToken|set|smallInteger|softDeletes|softDeletesTz|string|text|time|timestamp|timestampTz|timestamps|timestampsTz|tinyInteger|tinyText|unsignedBigInteger|unsignedInteger|unsignedSmallInteger|unsignedTinyInteger|ulid|uuid|vector|year)$/

/** A migration while it is read. `source` is what runs forward; `add` notes an operation at its offset. */
type Reading = {
  source: string
  operations: (Operation & { at: number })[]
  sql: DslMigration['sql']
  add: (at: number, kind: Operation['kind'], table: string | null, more?: Partial<Operation>) => void
}

const beginReading = (source: string): Reading => {
  const operations: Reading['operations'] = []
  return {
    source,
    operations,
    sql: [],
    add: (at, kind, table, more = {}) => {
      const line = lineAt(source, at)
      const text = shorten(source.split('\n', line).at(-1) ?? '')
      operations.push({ kind, line, table, column: null, text, at, ...more })
    },
  }
}

/** Columns of `Schema::create`, with their types. */
const createdColumns = (body: string): { name: string; type: string }[] =>
  [...body.matchAll(/\$\w+->(\w+)\(\s*(["'])(\w+)\2\s*(?:,\s*(\d+))?([^;]*)/g)].map(
    ([, method, , name, length, rest]) => {
      const type = method === 'string' ? `varchar(${length ?? '255'})` : method!
      const nullable = /->nullable\(\s*(?:true)?\s*\)/.test(rest!)
      return { name: name!, type: `${type}${nullable ? '' : ' not null'}` }
    },
  )

/** One statement of a blueprint: `$table->string('name')->nullable()`. `has` asks for a modifier that is not switched off. */
type Line = {
  at: number
  table: string | null
  first: Call
  column: string | null
  has: (wanted: RegExp) => boolean
}

const nullableTypes = /^(?:timestamps|timestampsTz|softDeletes|softDeletesTz|rememberToken|nullableMorphs)$/
const incrementing = /ncrements$|^id$/

const addOrChange = ({ add }: Reading, { at, table, first, column, has }: Line): void => {
  const { name, args } = first
  const type = name === 'string' ? `varchar(${args[1] ?? '255'})` : name
  if (has(/^change$/)) {
    const notNull = !has(/^nullable$/)
    add(at, name === 'enum' ? 'enum-change' : 'change-type', table, { column, type, notNull })
    return
  }
  add(at, 'add-column', table, {
    column: column ?? name,
    type,
    notNull: !has(/^nullable$/) && !nullableTypes.test(name),
    hasDefault: has(/^(?:default|useCurrent|virtualAs|autoIncrement)$/) || incrementing.test(name),
    volatileDefault: has(/^storedAs$|^autoIncrement$/) || incrementing.test(name),
  })
  if (has(/^unique$/)) add(at, 'add-constraint', table, { column, constraint: 'unique' })
  if (has(/^(?:index|fullText)$/) || /orphs$/.test(name))
    add(at, 'add-index', table, { name: has(/^fullText$/) ? 'fulltext' : '' })
  if (has(/^(?:constrained|references)$/)) add(at, 'add-constraint', table, { column, constraint: 'foreign-key' })
}

const dropsColumn = /^(?:dropTimestamps|dropSoftDeletes|dropRememberToken|dropMorphs|dropConstrainedForeignId)/

const readBlueprint = (reading: Reading, line: Line): void => {
  const { add } = reading
  const { at, table, first, column } = line
  const { name, args } = first
  if (columnTypes.test(name)) addOrChange(reading, line)
  else if (name === 'dropColumn')
    for (const dropped of args.flatMap(literals)) add(at, 'drop-column', table, { column: dropped })
  else if (dropsColumn.test(name)) add(at, 'drop-column', table, { column: column ?? name })
  else if (name === 'renameColumn') add(at, 'rename-column', table, { column, to: literal(args[1]) ?? '' })
  else if (name === 'rename') add(at, 'rename-table', table, { to: column ?? '' })
  else if (name === 'index' || name === 'fullText' || name === 'spatialIndex')
    add(at, 'add-index', table, {
      on: literals(args[0]),
      name:
        name === 'index'
          ? (literal(args[1]) ?? `${table}_${literals(args[0]).join('_')}_index`.toLowerCase())
          : 'fulltext',
    })
  else if (name === 'unique' || name === 'primary')
    add(at, 'add-constraint', table, { constraint: name === 'unique' ? 'unique' : 'primary-key' })
  else if (name === 'foreign') add(at, 'add-constraint', table, { constraint: 'foreign-key' })
}

/** The body of `Schema::table`, statement by statement. */
const readTable = (reading: Reading, call: Call, table: string | null): void => {
  const { source } = reading
  const body = call.args[1] ?? ''
  const offset = source.indexOf(body, call.at)
  const variable = /function\s*\(\s*(?:Blueprint\s+)?(\$\w+)|fn\s*\(\s*(?:Blueprint\s+)?(\$\w+)/.exec(body)
  const name = variable?.[1] ?? variable?.[2] ?? '$table'
  for (const match of body.matchAll(new RegExp(`\\${name}(?=\\s*->)`, 'g'))) {
    const at = offset + match.index
    const [first, ...rest] = chainAt(source, at + name.length).calls
    if (!first) continue
    const has = (wanted: RegExp): boolean => rest.some(one => wanted.test(one.name) && one.args[0] !== 'false')
    readBlueprint(reading, { at, table, first, column: literal(first.args[0]), has })
  }
}

const schemaCalls = /\bSchema::(?:connection\([^)]*\)->)?(?:create|table|drop|dropIfExists|rename|dropColumns)\b/

const readSchema = (reading: Reading, call: Call): void => {
  const { add } = reading
  const method = call.name.replace(/^.*(?:::|->)/, '')
  const table = literal(call.args[0])
  if (method === 'create') add(call.at, 'create-table', table, { columns: createdColumns(call.args[1] ?? '') })
  else if (method === 'drop' || method === 'dropIfExists') add(call.at, 'drop-table', table)
  else if (method === 'rename') add(call.at, 'rename-table', table, { to: literal(call.args[1]) ?? '' })
  else if (method === 'dropColumns')
    for (const column of literals(call.args[1])) add(call.at, 'drop-column', table, { column })
  else readTable(reading, call, table)
}

const facades = /^(?:Schema|DB|Artisan|Log|Cache|Str|Config)$/
const changesRows = /^(?:update|delete|increment|decrement|truncate|each|eachById|chunk|chunkById|lazyById)$/

/** Rows changed through the query builder or a model. */
const readData = ({ source, add }: Reading): void => {
  for (const match of source.matchAll(
    /\bDB::table\(\s*(["'])(\w+)\1\s*\)|\b([A-Z]\w+)::(?=query\b|where\w*\b|all\b|each\b|chunk\w*\b)/g,
  )) {
    const [whole, , table, model] = match
    if (model && facades.test(model)) continue
    const { calls } = chainAt(source, match.index + whole.length - (table ? 0 : 2))
    if (calls.some(({ name }) => changesRows.test(name))) add(match.index, 'data', table ?? model ?? null)
  }
}

/** Reads a migration of Laravel. */
export const readLaravel = (original: string): DslMigration => {
  const blanked = blankComments(original, 'php')
  const down = blanked.search(/function\s+down\s*\(/)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const reading = beginReading(source)
  for (const call of callsOf(source, schemaCalls)) readSchema(reading, call)
  for (const call of callsOf(source, /\bDB::(?:statement|unprepared|update|delete|affectingStatement)\b/)) {
    const text = literal(call.args[0])
    if (text !== null) reading.sql.push({ text, line: lineAt(source, call.at), at: call.at })
  }
  readData(reading)
  return {
    operations: reading.operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql: reading.sql,
    transaction: !/\$withinTransaction\s*=\s*false/.test(original),
  }
}
