// Migrations of Knex, Sequelize and TypeORM, read from their calls. Raw SQL in them is handed on with its line.
import { blankComments, chainAt, lineAt, literal, literals } from './calls.ts'
import { type Operation, shorten } from './model.ts'

export type DslMigration = {
  operations: Operation[]
  sql: { text: string; line: number; at: number }[]
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

const collector = (source: string) => {
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
    else if (first.name === 'index') out.add(at, 'add-index', table, { on: literals(first.args[0]) })
    else if (first.name === 'unique' || first.name === 'primary')
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

const tableOf = (text: string | undefined): string | null =>
  literal(text) ?? (text ? (/tableName\s*:\s*['"`](\w+)/.exec(text)?.[1] ?? null) : null)

/** https://sequelize.org/docs/v6/other-topics/query-interface/ */
export const readSequelize = (original: string): DslMigration => {
  const source = upPart(blankComments(original, 'javascript'))
  const out = collector(source)
  for (const match of source.matchAll(/\b(?:queryInterface|context)(?=\s*\.)/g)) {
    const { calls } = chainAt(source, match.index + match[0].length)
    const call = calls[0]
    if (!call) continue
    const at = match.index
    const table = tableOf(call.args[0])
    const options = call.args.slice(1).join(' ')
    const notNull = /allowNull\s*:\s*false/.test(options)
    switch (call.name) {
      case 'createTable':
        out.add(at, 'create-table', table)
        break
      case 'dropTable':
        out.add(at, 'drop-table', table)
        break
      case 'renameTable':
        out.add(at, 'rename-table', table, { to: literal(call.args[1]) ?? '' })
        break
      case 'addColumn':
        out.add(at, 'add-column', table, {
          column: literal(call.args[1]),
          notNull,
          hasDefault: /defaultValue\s*:(?!\s*null)/.test(options),
          volatileDefault: /autoIncrement\s*:\s*true|gen_random_uuid|uuid_generate/.test(options),
        })
        if (/unique\s*:\s*true/.test(options)) out.add(at, 'add-constraint', table, { constraint: 'unique' })
        break
      case 'removeColumn':
        out.add(at, 'drop-column', table, { column: literal(call.args[1]) })
        break
      case 'renameColumn':
        out.add(at, 'rename-column', table, { column: literal(call.args[1]), to: literal(call.args[2]) ?? '' })
        break
      case 'changeColumn':
        if (/Sequelize\.ENUM|DataTypes\.ENUM/.test(options))
          out.add(at, 'enum-change', table, { column: literal(call.args[1]) })
        else
          out.add(at, 'change-type', table, {
            column: literal(call.args[1]),
            type: /type\s*:\s*(?:Sequelize|DataTypes)\.([\w.()\d]+)/.exec(options)?.[1]?.toLowerCase() ?? '',
            notNull,
          })
        break
      case 'addIndex':
        out.add(at, 'add-index', table, {
          concurrent: /concurrently\s*:\s*true/.test(options),
          on: literals(call.args[1]),
          unique: /unique\s*:\s*true/.test(options),
        })
        break
      case 'addConstraint': {
        const kind = /type\s*:\s*['"`]([\w ]+)['"`]/.exec(options)?.[1]?.toLowerCase() ?? ''
        out.add(at, 'add-constraint', table, {
          constraint:
            kind === 'foreign key'
              ? 'foreign-key'
              : kind === 'primary key'
                ? 'primary-key'
                : kind === 'check'
                  ? 'check'
                  : 'unique',
        })
        break
      }
      case 'bulkUpdate':
      case 'bulkDelete':
        out.add(at, 'data', table)
        break
      case 'sequelize':
        if (calls[1]?.name === 'query') out.raw(calls[1].at, literal(calls[1].args[0]))
        break
      default:
    }
  }
  return {
    operations: out.operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    transaction: /sequelize\.transaction\s*\(/.test(source),
  }
}

/** https://typeorm.io/docs/migrations/api */
export const readTypeorm = (original: string): DslMigration => {
  const source = upPart(blankComments(original, 'javascript'))
  const out = collector(source)
  for (const match of source.matchAll(/\bqueryRunner(?=\s*\.)/g)) {
    const call = chainAt(source, match.index + match[0].length).calls[0]
    if (!call) continue
    const at = match.index
    const options = call.args.slice(1).join(' ')
    const table = literal(call.args[0]) ?? /name\s*:\s*['"`](\w+)/.exec(call.args[0] ?? '')?.[1] ?? null
    const column = literal(call.args[1]) ?? /name\s*:\s*['"`](\w+)/.exec(options)?.[1] ?? null
    switch (call.name) {
      case 'query':
        out.raw(call.at, literal(call.args[0]))
        break
      case 'createTable':
        out.add(at, 'create-table', table)
        break
      case 'dropTable':
        out.add(at, 'drop-table', table)
        break
      case 'renameTable':
        out.add(at, 'rename-table', table, { to: literal(call.args[1]) ?? '' })
        break
      case 'addColumn':
      case 'addColumns':
        // TableColumn is not nullable unless it says so.
        out.add(at, 'add-column', table, {
          column,
          notNull: !/isNullable\s*:\s*true/.test(options),
          hasDefault: /\bdefault\s*:|isGenerated\s*:\s*true/.test(options),
          volatileDefault: /isGenerated\s*:\s*true|default\s*:[^,}]*(?:uuid|random)/.test(options),
        })
        break
      case 'dropColumn':
      case 'dropColumns':
        out.add(at, 'drop-column', table, { column })
        break
      case 'renameColumn':
        out.add(at, 'rename-column', table, { column, to: literal(call.args[2]) ?? '' })
        break
      case 'changeColumn':
        out.add(at, 'change-type', table, { column, type: /type\s*:\s*['"`]([\w() ,]+)/.exec(options)?.[1] ?? '' })
        break
      case 'createIndex':
      case 'createIndices':
        out.add(at, 'add-index', table, { concurrent: /isConcurrent\s*:\s*true/.test(options) })
        break
      case 'createForeignKey':
      case 'createForeignKeys':
        out.add(at, 'add-constraint', table, { constraint: 'foreign-key' })
        break
      case 'createUniqueConstraint':
        out.add(at, 'add-constraint', table, { constraint: 'unique' })
        break
      case 'createCheckConstraint':
        out.add(at, 'add-constraint', table, { constraint: 'check' })
        break
      default:
    }
  }
  return {
    operations: out.operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    transaction: !/\btransaction\s*=\s*false/.test(original),
  }
}

/** Which of the three wrote a migration in JavaScript; null when none. */
export const javascriptOrm = (source: string): 'knex' | 'sequelize' | 'typeorm' | null =>
  /MigrationInterface|\bqueryRunner\b/.test(source)
    ? 'typeorm'
    : /\bqueryInterface\b/.test(source)
      ? 'sequelize'
      : /\b(?:knex|Knex)\b/.test(source) && /\bup\b/.test(source)
        ? 'knex'
        : null
