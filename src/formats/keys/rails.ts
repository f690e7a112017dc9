// Keys and indexes of Rails: db/schema.rb and migrations, which speak the same words.
import { literal, literals, named, splitArguments } from '../migrations/calls.ts'
import { forwardOf, logicalLines } from '../migrations/rails-lines.ts'
import type { KeyEvent } from './model.ts'
import { plural } from './plural.ts'

const isOption = (argument: string): boolean => /^(?:\w+:(?!:)|:\w+\s*=>)/.test(argument)
const isReference = (method: string): boolean => /^(?:references|belongs_to|reference)$/.test(method)
const isOff = (value: string | undefined): boolean => value === 'false' || value === 'nil'

const references = (table: string, name: string, options: Record<string, string>, line: number): KeyEvent[] => {
  const column = `${name}_id`
  const index = options['index'] ?? 'true'
  const key = options['foreign_key']
  const isPolymorphic = options['polymorphic'] !== undefined && !isOff(options['polymorphic'])
  const to = /to_table:\s*[:"'](\w+)/.exec(key ?? '')?.[1] ?? plural(name)
  return [
    { kind: 'column', table, column, type: 'bigint', line },
    ...(isPolymorphic ? [{ kind: 'column' as const, table, column: `${name}_type`, type: 'string', line }] : []),
    ...(isOff(index)
      ? []
      : [
          {
            kind: 'index' as const,
            table,
            columns: isPolymorphic ? [`${name}_type`, column] : [column],
            name: /name:\s*["':](\w+)/.exec(index)?.[1] ?? `index_${table}_on_${column}`,
            where: literal(/where:\s*("[^"]*"|'[^']*')/.exec(index)?.[1]) ?? '',
            line,
          },
        ]),
    ...(key === undefined || isOff(key)
      ? []
      : [{ kind: 'foreign-key' as const, table, columns: [column], references: to, line }]),
  ]
}

const indexEvent = (table: string, args: readonly string[], line: number): KeyEvent => {
  const options = named(args)
  const columns = literals(args[0])
  const where = literal(options['where']) ?? ''
  return {
    kind: 'index',
    table,
    // A text that is more than a name is an expression.
    columns: columns.map(column => (/^\w+$/.test(column) ? column : '')),
    name: literal(options['name']) ?? `index_${table}_on_${columns.join('_and_')}`,
    unique: options['unique'] === 'true',
    where,
    method: literal(options['using']) ?? '',
    line,
  }
}

/** The singular, near enough to name a column. */
const singular = (name: string): string =>
  /(?:ss|x|ch|sh)es$/.test(name)
    ? name.slice(0, -2)
    : /ies$/.test(name)
      ? `${name.slice(0, -3)}y`
      : name.replace(/s$/, '')

/** A line of a table's block: `t.references :user`, `t.index ["user_id"]`, `t.bigint "team_id"`. */
const inTable = (table: string, method: string, given: string, line: number): KeyEvent[] => {
  const args = splitArguments(given)
  const options = named(args)
  const names = args.filter(arg => !isOption(arg)).flatMap(literals)
  if (isReference(method)) return names.flatMap(name => references(table, name, options, line))
  if (method === 'index') return [indexEvent(table, args, line)]
  if (method === 'foreign_key')
    return names.slice(0, 1).map(to => ({
      kind: 'foreign-key',
      table,
      columns: [literal(options['column']) ?? `${singular(to)}_id`],
      references: to,
      line,
    }))
  if (/^remove(?:_columns?)?$/.test(method)) return names.map(column => ({ kind: 'drop-column', table, column, line }))
  if (/^remove_(?:references|belongs_to)$/.test(method))
    return names.map(name => ({ kind: 'drop-column', table, column: `${name}_id`, line }))
  if (method === 'remove_index')
    return [
      {
        kind: 'drop-index',
        table,
        ...(options['name']
          ? { name: literal(options['name']) ?? '' }
          : { columns: literals(options['column'] ?? args[0]) }),
        line,
      },
    ]
  if (method === 'rename')
    return names[1] ? [{ kind: 'rename-column', table, column: names[0]!, to: names[1], line }] : []
  if (
    /^(?:timestamps|remove_timestamps|check_constraint|unique_constraint|exclusion_constraint|change\w*)$/.test(method)
  )
    return []
  // `t.column :user_id, :bigint` names its type behind.
  const columns = method === 'column' ? names.slice(0, 1) : names
  return columns.flatMap(column => [
    { kind: 'column' as const, table, column, type: method, line },
    ...(options['index'] !== undefined && !isOff(options['index'])
      ? [{ kind: 'index' as const, table, columns: [column], line }]
      : []),
  ])
}

type Call = { args: readonly string[]; options: Record<string, string>; table: string; second: string; line: number }

const calls: Readonly<Record<string, (call: Call) => KeyEvent[]>> = {
  add_reference: ({ table, second, options, line }) => references(table, second, options, line),
  add_belongs_to: ({ table, second, options, line }) => references(table, second, options, line),
  add_column: ({ table, second, args, line }) => [
    { kind: 'column', table, column: second, type: literal(args[2]) ?? '', line },
  ],
  add_index: ({ table, args, line }) => [indexEvent(table, args.slice(1), line)],
  remove_index: ({ table, args, options, line }) => [
    {
      kind: 'drop-index',
      table,
      ...(options['name']
        ? { name: literal(options['name']) ?? '' }
        : { columns: literals(options['column'] ?? args[1]) }),
      line,
    },
  ],
  add_foreign_key: ({ table, second, options, line }) => [
    {
      kind: 'foreign-key',
      table,
      columns: [literal(options['column']) ?? `${singular(second)}_id`],
      references: second,
      line,
    },
  ],
  remove_column: ({ table, second, line }) => [{ kind: 'drop-column', table, column: second, line }],
  remove_columns: ({ table, args, line }) =>
    args
      .slice(1)
      .filter(arg => !isOption(arg))
      .flatMap(literals)
      .map(column => ({ kind: 'drop-column', table, column, line })),
  remove_reference: ({ table, second, line }) => [{ kind: 'drop-column', table, column: `${second}_id`, line }],
  remove_belongs_to: ({ table, second, line }) => [{ kind: 'drop-column', table, column: `${second}_id`, line }],
  remove_foreign_key: ({ table, options, second, line }) => [
    {
      kind: 'drop-foreign-key',
      table,
      columns: [literal(options['column']) ?? `${singular(second)}_id`],
      line,
    },
  ],
  rename_column: ({ table, second, args, line }) => [
    { kind: 'rename-column', table, column: second, to: literal(args[2]) ?? '', line },
  ],
  rename_table: ({ table, second, line }) => [{ kind: 'rename-table', table, to: second, line }],
  drop_table: ({ args, line }) =>
    args
      .filter(arg => !isOption(arg))
      .flatMap(literals)
      .map(table => ({ kind: 'drop-table', table, line })),
}

/** Reads db/schema.rb or a migration. */
export const railsKeys = (original: string): KeyEvent[] => {
  const events: KeyEvent[] = []
  let block: { table: string; variable: string } | null = null
  for (const { text, line } of logicalLines(forwardOf(original))) {
    if (/^end\b/.test(text)) {
      block = null
      continue
    }
    const opened =
      /^(create_table|create_join_table|change_table)\b\s*\(?\s*(.*?)\)?\s*(?:do|\{)\s*\|\s*(\w+)\s*\|/.exec(text)
    if (opened) {
      const args = splitArguments(opened[2]!)
      const table = literal(args[0]) ?? ''
      block = { table, variable: opened[3]! }
      const primary = literals(named(args)['primary_key'])
      if (opened[1] !== 'change_table') {
        events.push({ kind: 'table', table, columns: [], line })
        events.push({ kind: 'index', table, columns: primary.length ? primary : ['id'], unique: true, line })
      }
      continue
    }
    const inner: RegExpExecArray | null = block
      ? new RegExp(`^${block.variable}\\.(\\w+)\\s*\\(?\\s*(.*?)\\)?\\s*$`).exec(text)
      : null
    if (block && inner) {
      events.push(...inTable(block.table, inner[1]!, inner[2]!, line))
      continue
    }
    const call =
      /^(?:(?:\w+\.up|up_only|safety_assured)\s*(?:\{|do)\s*)?(\w+!?)\s*(?:\(\s*(.*?)\)|(.*?))\s*(?:\}|\bend)?$/.exec(
        text,
      )
    if (!call || !Object.hasOwn(calls, call[1]!)) continue
    const args = splitArguments(call[2] ?? call[3] ?? '')
    const given = { args, options: named(args), table: literal(args[0]) ?? '', second: literal(args[1]) ?? '', line }
    if (given.table !== '') events.push(...calls[call[1]!]!(given))
  }
  return events
}

/** The version at which a schema.rb stands; null where it names none. */
export const schemaVersion = (text: string): bigint | null => {
  const version = /ActiveRecord::Schema(?:\[[\d.]+\])?\.define\(version:\s*([\d_]+)\)/.exec(text)?.[1]
  return version ? BigInt(version.replaceAll('_', '')) : null
}
