// Migrations of Knex, read from their calls, and what readers of JavaScript share. Raw SQL in them is handed on with its line.
import { blankComments, chainAt, lineAt, literal, literals } from './calls.ts'
import { type Operation, shorten } from './model.ts'

export type DslMigration = {
  operations: Operation[]
  sql: { text: string; line: number; at: number; assured?: boolean }[]
  /** Calls whose effect stands elsewhere. */
  unread?: { line: number; text: string }[]
  transaction: boolean
}

/** The part that brings the schema forward: `down` is left out. Offsets stay. */
export const upPart = (source: string): string => {
  const down = source.search(
    /(?:exports\.down\b|\bdown\s*(?::|=)\s*(?:async\b|function\b|\(|\w+\s*=>)|(?:async\s+)?\bdown\s*\(|function\s+down\b|const\s+down\b)/,
  )
  if (down < 0) return source
  const up = source.search(
    /(?:exports\.up\b|\bup\s*(?::|=)\s*(?:async\b|function\b|\(|\w+\s*=>)|\bup\s*\(|function\s+up\b|const\s+up\b)/,
  )
  return up > down
    ? `${source.slice(0, down).replace(/[^\n]/g, ' ')}${source.slice(down, up).replace(/[^\n]/g, ' ')}${source.slice(up)}`
    : source.slice(0, down)
}

export const collector = (source: string) => {
  const operations: (Operation & { at: number })[] = []
  const sql: DslMigration['sql'] = []
  return {
    operations,
    sql,
    add: (at: number, kind: Operation['kind'], table: string | null, more: Partial<Operation> = {}): void => {
      const line = lineAt(source, at)
      const row = source.split('\n', line).at(-1) ?? ''
      operations.push({ kind, line, table, column: null, text: shorten(row), ...more, at })
    },
    raw: (at: number, text: string | null): void => {
      if (text !== null) sql.push({ text, line: lineAt(source, at), at })
    },
  }
}

/** Operations and SQL of one migration, each with its place. */
export type Collector = ReturnType<typeof collector>

const knexTypes =
  /^(?:increments|bigIncrements|integer|tinyint|smallint|mediumint|bigint|bigInteger|text|string|float|double|decimal|numeric|boolean|date|datetime|time|timestamp|timestamps|geometry|geography|point|binary|enum|enu|json|jsonb|uuid|specificType)$/

const knexColumns = (
  source: string,
  body: string,
  offset: number,
  parameter: string,
  table: string,
  out: ReturnType<typeof collector>,
): void => {
  for (const match of body.matchAll(new RegExp(`\\b${parameter}(?=\\s*\\.)`, 'g'))) {
    const at = offset + match.index
    const { calls } = chainAt(source, at + parameter.length)
    const [first, ...rest] = calls
    if (!first) continue
    const has = (name: string): (typeof calls)[number] | undefined => rest.find(call => call.name === name)
    const column = literal(first.args[0])
    if (knexTypes.test(first.name)) {
      if (has('alter')) {
        out.add(at, 'change-type', table, {
          column,
          type: knexType(first.name, first.args),
          notNull: Boolean(has('notNullable')),
        })
        continue
      }
      const fallback = has('defaultTo')
      out.add(at, 'add-column', table, {
        column,
        type: knexType(first.name, first.args),
        notNull: Boolean(has('notNullable') ?? has('primary')) || /ncrements/.test(first.name),
        hasDefault: fallback !== undefined || /ncrements|timestamps/.test(first.name),
        volatileDefault: /ncrements/.test(first.name) || /random|uuid/i.test(fallback?.args[0] ?? ''),
      })
      if (has('unique')) out.add(at, 'add-constraint', table, { column, constraint: 'unique' })
      if (has('index')) out.add(at, 'add-index', table, { column })
      if (has('references')) out.add(at, 'add-constraint', table, { column, constraint: 'foreign-key' })
    } else if (/^dropColumns?$/.test(first.name))
      for (const name of first.args.flatMap(literals)) out.add(at, 'drop-column', table, { column: name })
    else if (first.name === 'dropTimestamps') out.add(at, 'drop-column', table, { column: 'created_at' })
    else if (first.name === 'renameColumn')
      out.add(at, 'rename-column', table, { column, to: literal(first.args[1]) ?? '' })
    else if (first.name === 'index') {
      const on = literals(first.args[0])
      const name = literal(first.args[1]) ?? `${table}_${on.join('_')}_index`.toLowerCase()
      out.add(at, 'add-index', table, { on, name })
    } else if (first.name === 'unique' || first.name === 'primary')
      out.add(at, 'add-constraint', table, { constraint: first.name === 'unique' ? 'unique' : 'primary-key' })
    else if (first.name === 'foreign')
      out.add(at, 'add-constraint', table, {
        constraint: 'foreign-key',
        on: literals(first.args[0]),
        ...(literal(has('references')?.args[0])
          ? { references: literal(has('references')!.args[0])!.split('.')[0]! }
          : {}),
      })
    else if (first.name === 'check') out.add(at, 'add-constraint', table, { constraint: 'check' })
    else if (first.name === 'dropNullable') out.add(at, 'set-not-null', table, { column })
  }
}

const knexType = (name: string, args: readonly string[]): string =>
  name === 'string'
    ? `varchar(${args[1] ?? '255'})`
    : name === 'bigInteger'
      ? 'bigint'
      : name === 'specificType'
        ? (literal(args[1]) ?? name)
        : name

/** https://knexjs.org/guide/schema-builder.html */
export const readKnex = (original: string): DslMigration => {
  const source = upPart(blankComments(original, 'javascript'))
  const out = collector(source)
  for (const match of source.matchAll(
    /\b(?:knex|trx|db|database)(?:\.schema|\.withSchema\([^)]*\))*(?=\s*\.\s*(?:schema|createTable|createTableIfNotExists|alterTable|table|dropTable|dropTableIfExists|renameTable|raw|hasTable)\b)|\bschema(?=\s*\.\s*(?:createTable|alterTable|table|dropTable))/g,
  )) {
    let offset = match.index + match[0].length
    const { calls } = chainAt(source, offset)
    for (const call of calls) {
      offset = call.at
      const table = literal(call.args[0])
      const callback = call.args[1] ?? ''
      if (/^(?:createTable|createTableIfNotExists|alterTable|table)$/.test(call.name) && table !== null) {
        const parameter = /^(?:async\s+)?(?:function\s*\w*\s*)?\(?\s*(\w+)/.exec(callback)?.[1] ?? 'table'
        if (call.name.startsWith('create')) {
          out.add(call.at, 'create-table', table, {
            columns: [
              ...callback.matchAll(
                new RegExp(`\\b${parameter}\\s*\\.\\s*(\\w+)\\(\\s*['"](\\w+)['"]\\s*(?:,\\s*(\\d+))?`, 'g'),
              ),
            ].map(column => ({ name: column[2]!, type: knexType(column[1]!, ['', column[3] ?? '255']) })),
          })
        } else {
          const begin = source.indexOf(callback, call.at)
          knexColumns(source, callback, begin, parameter, table, out)
        }
      } else if (/^dropTable(?:IfExists)?$/.test(call.name) && table !== null) out.add(call.at, 'drop-table', table)
      else if (call.name === 'renameTable' && table !== null)
        out.add(call.at, 'rename-table', table, { to: literal(call.args[1]) ?? '' })
      else if (call.name === 'raw') out.raw(call.at, table)
    }
  }
  for (const match of source.matchAll(/\b(?:knex|trx|db)\(\s*(['"])(\w+)\1\s*\)/g)) {
    const { calls } = chainAt(source, match.index + match[0].length)
    if (calls.some(({ name }) => /^(?:update|del|delete|truncate)$/.test(name))) out.add(match.index, 'data', match[2]!)
  }
  return {
    operations: out.operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    transaction: !/config\s*(?:=|:)\s*\{[^}]*transaction\s*:\s*false/.test(original),
  }
}

/** Which of the tools wrote a migration in JavaScript; null when none that is read. */
export const javascriptOrm = (source: string): 'knex' | 'sequelize' | 'typeorm' | 'mikro-orm' | null =>
  /\bParse\.Schema\b|\bmongoose\b|\.collection\(|\bpgm\s*[.:)]/.test(source)
    ? null
    : /@mikro-orm\/migrations/.test(source)
      ? 'mikro-orm'
      : /MigrationInterface|\bqueryRunner\b/.test(source)
        ? 'typeorm'
        : /\bqueryInterface\b/.test(source)
          ? 'sequelize'
          : // Its tables have a `renameColumn` too.
            /\b(?:knex|Knex)\b/.test(source) && /\bup\b/.test(source)
            ? 'knex'
            : /\.\s*(?:addColumn|removeColumn|renameColumn|changeColumn|addIndex|addConstraint|bulkInsert)\(\s*['"`{]/.test(
                  source,
                )
              ? 'sequelize'
              : null
