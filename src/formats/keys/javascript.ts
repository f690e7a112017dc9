// Keys and indexes in the calls of Knex, Sequelize and TypeORM.
import { blankComments, chainAt, lineAt, literal, literals, splitArguments } from '../migrations/calls.ts'
import { upPart } from '../migrations/javascript.ts'
import type { KeyEvent } from './model.ts'

type Chain = ReturnType<typeof chainAt>['calls']

/** The value of a property in the text of an object, to the next comma of its level. */
const property = (text: string, name: string): string | undefined => {
  const inner = text.trim().replace(/^\{|\}$/g, '')
  for (const part of splitArguments(inner)) {
    const match = /^['"`]?(\w+)['"`]?\s*:\s*([\s\S]*)$/.exec(part)
    if (match?.[1] === name) return match[2]
  }
  return undefined
}

/** Properties of an object, in order. */
const propertiesOf = (text: string): [string, string][] =>
  splitArguments(text.trim().replace(/^\{|\}$/g, '')).flatMap(part => {
    const match = /^['"`]?(\w+)['"`]?\s*:\s*([\s\S]*)$/.exec(part)
    return match ? [[match[1]!, match[2]!] satisfies [string, string]] : []
  })

const knexColumn = (table: string, [first, ...rest]: Chain, line: number): KeyEvent[] => {
  const { name, args } = first!
  const has = (wanted: RegExp) => rest.find(call => wanted.test(call.name))
  const columns = literals(args[0])
  if (name === 'index' || name === 'unique' || name === 'primary')
    return [
      {
        kind: 'index',
        table,
        columns,
        name: literal(args[1]) ?? `${table}_${columns.join('_')}_${name}`.toLowerCase(),
        unique: name !== 'index',
        line,
      },
    ]
  if (name === 'foreign') {
    const to = literal(has(/^references$/)?.args[0]) ?? ''
    const on = literal(has(/^(?:inTable|on)$/)?.args[0]) ?? to.split('.')[0]!
    return [{ kind: 'foreign-key', table, columns, references: on, line }]
  }
  if (/^dropColumns?$/.test(name))
    return args.flatMap(literals).map(column => ({ kind: 'drop-column', table, column, line }))
  if (name === 'dropIndex' || name === 'dropUnique')
    return [{ kind: 'drop-index', table, ...(args[1] ? { name: literal(args[1]) ?? '' } : { columns }), line }]
  if (name === 'dropForeign') return [{ kind: 'drop-foreign-key', table, columns, line }]
  if (name === 'renameColumn')
    return [{ kind: 'rename-column', table, column: columns[0] ?? '', to: literal(args[1]) ?? '', line }]
  if (
    /^(?:timestamps|comment|engine|charset|collate|inherits|dropTimestamps|check|setNullable|dropNullable|dropPrimary)$/.test(
      name,
    )
  )
    return []
  const column = columns[0] ?? (/ncrements$/.test(name) ? 'id' : '')
  if (column === '' || has(/^alter$/)) return []
  const reference = has(/^references$/)
  const named = literal(reference?.args[0]) ?? ''
  const on = literal(has(/^(?:inTable|on)$/)?.args[0]) ?? (named.includes('.') ? named.split('.')[0]! : '')
  return [
    { kind: 'column', table, column, type: name, line },
    ...(has(/^(?:primary|unique|index)$/) || /ncrements$/.test(name)
      ? [{ kind: 'index' as const, table, columns: [column], line }]
      : []),
    ...(reference ? [{ kind: 'foreign-key' as const, table, columns: [column], references: on, line }] : []),
  ]
}

/** https://knexjs.org/guide/schema-builder.html */
export const knexKeys = (original: string): KeyEvent[] => {
  const source = upPart(blankComments(original, 'javascript'))
  const events: KeyEvent[] = []
  for (const match of source.matchAll(
    /\.\s*(createTable|createTableIfNotExists|alterTable|table|dropTable|dropTableIfExists|renameTable)\s*(?=[(<])/g,
  )) {
    const call = chainAt(source, match.index).calls[0]
    const table = literal(call?.args[0])
    if (!call || table === null) continue
    const line = lineAt(source, match.index)
    const method = match[1]!
    if (method.startsWith('drop')) events.push({ kind: 'drop-table', table, line })
    else if (method === 'renameTable')
      events.push({ kind: 'rename-table', table, to: literal(call.args[1]) ?? '', line })
    else {
      const body = call.args[1] ?? ''
      const parameter = /^(?:async\s+)?(?:function\s*\w*\s*)?\(?\s*(\w+)/.exec(body)?.[1]
      if (parameter === undefined) continue
      if (method.startsWith('create')) events.push({ kind: 'table', table, columns: [], line })
      const offset = source.indexOf(body, call.at)
      for (const inner of body.matchAll(new RegExp(`(?<![\\w.])${parameter}(?=\\s*\\.)`, 'g'))) {
        const at = offset + inner.index
        const chain = chainAt(source, at + parameter.length).calls
        if (chain[0]) events.push(...knexColumn(table, chain, lineAt(source, at)))
      }
    }
  }
  return events
}

const tableName = (text: string | undefined): string | null =>
  literal(text) ?? (text ? literal(property(text, 'tableName')) : null)

/** A column of Sequelize: `{ type, references: { model: 'users', key: 'id' }, primaryKey, unique }`. */
const sequelizeColumn = (table: string, column: string, definition: string, line: number): KeyEvent[] => {
  const reference = property(definition, 'references')
  const model = reference === undefined ? undefined : property(reference, 'model')
  const to = literal(model) ?? tableName(model) ?? literal(reference)
  const field = literal(property(definition, 'field')) ?? column
  const isKey =
    property(definition, 'primaryKey') === 'true' || /^(?:true|['"`])/.test(property(definition, 'unique') ?? '')
  return [
    { kind: 'column', table, column: field, type: property(definition, 'type') ?? definition, line },
    ...(isKey ? [{ kind: 'index' as const, table, columns: [field], unique: true, line }] : []),
    ...(reference === undefined
      ? []
      : [{ kind: 'foreign-key' as const, table, columns: [field], references: to ?? '', line }]),
  ]
}

/** Columns of an index: names, or objects with a name. */
const fieldsOf = (text: string | undefined): string[] =>
  text === undefined || !text.startsWith('[')
    ? literals(text)
    : splitArguments(text.slice(1, -1)).map(
        part => literal(part) ?? literal(property(part, 'name') ?? property(part, 'attribute')) ?? '',
      )

const sequelizeIndex = (table: string, args: readonly string[], line: number): KeyEvent[] => {
  const options = args[1]?.startsWith('[') ? (args[2] ?? '') : (args[1] ?? '')
  const columns = args[1]?.startsWith('[') ? fieldsOf(args[1]) : fieldsOf(property(options, 'fields'))
  const where = property(options, 'where')
  const name = literal(property(options, 'name')) ?? `${table}_${columns.join('_')}`
  return [
    {
      kind: 'index',
      table,
      columns,
      name,
      unique: property(options, 'unique') === 'true',
      where: where === undefined ? '' : sequelizeWhere(where),
      line,
    },
  ]
}

const sequelizeConstraint = (table: string, args: readonly string[], line: number): KeyEvent[] => {
  const options = args.at(-1) ?? ''
  const columns = fieldsOf(property(options, 'fields') ?? args[1])
  const type = literal(property(options, 'type'))?.toLowerCase()
  if (type === 'foreign key')
    return [
      {
        kind: 'foreign-key',
        table,
        columns,
        references: tableName(property(property(options, 'references') ?? '', 'table')) ?? '',
        line,
      },
    ]
  return type === 'unique' || type === 'primary key'
    ? [{ kind: 'index', table, columns, name: literal(property(options, 'name')) ?? '', unique: true, line }]
    : []
}

const sequelizeCall = (call: Chain[number], line: number): KeyEvent[] => {
  const table = tableName(call.args[0])
  const { args } = call
  if (table === null) return []
  switch (call.name) {
    case 'createTable':
      return [
        { kind: 'table', table, columns: [], line },
        ...propertiesOf(args[1] ?? '').flatMap(([column, definition]) =>
          sequelizeColumn(table, column, definition, line),
        ),
        ...(args[2]?.includes('uniqueKeys')
          ? propertiesOf(property(args[2], 'uniqueKeys') ?? '').map(
              ([, key]): KeyEvent => ({
                kind: 'index',
                table,
                columns: fieldsOf(property(key, 'fields')),
                unique: true,
                line,
              }),
            )
          : []),
      ]
    case 'dropTable':
      return [{ kind: 'drop-table', table, line }]
    case 'renameTable':
      return [{ kind: 'rename-table', table, to: tableName(args[1]) ?? '', line }]
    case 'addColumn':
      return sequelizeColumn(table, literal(args[1]) ?? '', args[2] ?? '', line)
    case 'removeColumn':
      return [{ kind: 'drop-column', table, column: literal(args[1]) ?? '', line }]
    case 'renameColumn':
      return [{ kind: 'rename-column', table, column: literal(args[1]) ?? '', to: literal(args[2]) ?? '', line }]
    case 'addIndex':
      return sequelizeIndex(table, args, line)
    case 'removeIndex':
      return [
        {
          kind: 'drop-index',
          table,
          ...(args[1]?.startsWith('[') ? { columns: fieldsOf(args[1]) } : { name: literal(args[1]) ?? '' }),
          line,
        },
      ]
    case 'addConstraint':
      return sequelizeConstraint(table, args, line)
    case 'removeConstraint':
      return [{ kind: 'drop-index', table, name: literal(args[1]) ?? '', line }]
    default:
      return []
  }
}

/** `{ deletedAt: null }` in the words of SQL. */
const sequelizeWhere = (text: string): string => {
  const match = /^\{\s*['"]?(\w+)['"]?\s*:\s*(null|false|\{\s*\[Op\.ne\]\s*:\s*null\s*\})\s*,?\s*\}$/.exec(text.trim())
  if (!match) return text
  return match[2] === 'null'
    ? `${match[1]} is null`
    : match[2] === 'false'
      ? `${match[1]} = false`
      : `${match[1]} is not null`
}

/** https://sequelize.org/docs/v6/other-topics/query-interface/ */
export const sequelizeKeys = (original: string): KeyEvent[] => {
  const source = upPart(blankComments(original, 'javascript'))
  const names =
    /\.\s*(?=(?:createTable|dropTable|renameTable|addColumn|removeColumn|renameColumn|addIndex|removeIndex|addConstraint|removeConstraint)\s*[(<])/g
  return [...source.matchAll(names)].flatMap(match => {
    const call = chainAt(source, match.index).calls[0]
    return call ? sequelizeCall(call, lineAt(source, match.index)) : []
  })
}

/** Objects of a list, or the one that is given: `[new TableIndex({ … })]`. */
const objectsIn = (text: string | undefined): string[] =>
  text === undefined
    ? []
    : (text.startsWith('[') ? splitArguments(text.slice(1, -1)) : [text]).flatMap(part => {
        const open = part.indexOf('{')
        return open < 0 ? [] : [part.slice(open, part.lastIndexOf('}') + 1)]
      })

const typeormColumn = (table: string, definition: string, line: number): KeyEvent[] => {
  const column = literal(property(definition, 'name')) ?? ''
  const isKey = property(definition, 'isPrimary') === 'true' || property(definition, 'isUnique') === 'true'
  return [
    { kind: 'column', table, column, type: literal(property(definition, 'type')) ?? '', line },
    ...(isKey ? [{ kind: 'index' as const, table, columns: [column], unique: true, line }] : []),
  ]
}

const typeormKey = (table: string, definition: string, line: number): KeyEvent => ({
  kind: 'foreign-key',
  table,
  columns: literals(property(definition, 'columnNames')),
  references: literal(property(definition, 'referencedTableName')) ?? '',
  line,
})

const typeormIndex = (table: string, definition: string, line: number): KeyEvent => ({
  kind: 'index',
  table,
  columns: literals(property(definition, 'columnNames')),
  name: literal(property(definition, 'name')) ?? '',
  unique: property(definition, 'isUnique') === 'true',
  where: literal(property(definition, 'where')) ?? '',
  line,
})

const typeormCall = (call: Chain[number], line: number): KeyEvent[] => {
  const { name, args } = call
  const own = objectsIn(args[0])[0]
  const table = literal(args[0]) ?? (own === undefined ? null : literal(property(own, 'name')))
  if (table === null) return []
  const list = (key: string): string[] => objectsIn(own === undefined ? undefined : property(own, key))
  if (name === 'createTable')
    return [
      { kind: 'table', table, columns: [], line },
      ...list('columns').flatMap(definition => typeormColumn(table, definition, line)),
      ...list('foreignKeys').map(definition => typeormKey(table, definition, line)),
      ...[...list('indices'), ...list('uniques')].map(definition => typeormIndex(table, definition, line)),
    ]
  if (name === 'dropTable') return [{ kind: 'drop-table', table, line }]
  if (name === 'renameTable') return [{ kind: 'rename-table', table, to: literal(args[1]) ?? '', line }]
  if (/^addColumns?$/.test(name))
    return objectsIn(args[1]).flatMap(definition => typeormColumn(table, definition, line))
  if (/^dropColumns?$/.test(name))
    return literals(args[1]).map(column => ({ kind: 'drop-column', table, column, line }))
  if (name === 'renameColumn')
    return [{ kind: 'rename-column', table, column: literal(args[1]) ?? '', to: literal(args[2]) ?? '', line }]
  if (/^createForeignKeys?$/.test(name))
    return objectsIn(args[1]).map(definition => typeormKey(table, definition, line))
  if (/^create(?:Index|Indices|UniqueConstraint|UniqueConstraints)$/.test(name))
    return objectsIn(args[1]).map(definition => typeormIndex(table, definition, line))
  return name === 'dropIndex' ? [{ kind: 'drop-index', table, name: literal(args[1]) ?? '', line }] : []
}

/** https://typeorm.io/docs/migrations/api ; its queries in SQL are another reader's. */
export const typeormKeys = (original: string): KeyEvent[] => {
  const source = upPart(blankComments(original, 'javascript'))
  return [...source.matchAll(/\bqueryRunner(?=\s*\.)/g)].flatMap(match => {
    const call = chainAt(source, match.index + match[0].length).calls[0]
    return call ? typeormCall(call, lineAt(source, match.index)) : []
  })
}
