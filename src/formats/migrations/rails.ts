// Rails migrations (https://guides.rubyonrails.org/active_record_migrations.html), read from their calls. `safety_assured` is somebody's word
// that it was thought about: what stands in it is left alone.
import { blankComments, lineAt, literal, literals, named, splitArguments } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

type Line = { text: string; line: number; at: number }

/** Lines joined where a comma, an operator or an open bracket carries on. */
const logicalLines = (source: string): Line[] => {
  const result: Line[] = []
  let open: Line | null = null
  let at = 0
  for (const [index, raw] of source.split('\n').entries()) {
    const line: Line = open ?? { text: '', line: index + 1, at }
    line.text += ` ${raw.trim()}`
    at += raw.length + 1
    const bare = line.text.replace(/(["'])(?:\\.|(?!\1).)*\1/g, "''")
    const depth = (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0)
    if (
      (/(?:,|\\|\|\||&&|\.)\s*$/.test(bare) || (depth > 0 && !/\bdo\b|\{\s*(?:\|[^|]*\|)?\s*$/.test(bare))) &&
      line.text.length < 4000
    ) {
      line.text = line.text.replace(/\\\s*$/, '')
      open = line
    } else {
      result.push({ ...line, text: line.text.trim() })
      open = null
    }
  }
  if (open) result.push(open)
  return result
}

const columnTypes =
  /^(?:column|string|text|integer|bigint|float|decimal|numeric|datetime|timestamp|timestamptz|time|date|binary|blob|boolean|json|jsonb|uuid|citext|inet|enum|hstore|virtual|tsvector|primary_key|references|belongs_to|attachment|timestamps|st_point|daterange|vector)$/

export const readRails = (original: string): DslMigration => {
  const blanked = blankComments(original, 'ruby').replace(/^=begin[\s\S]*?^=end/gm, text => text.replace(/[^\n]/g, ' '))
  const down = blanked.search(/^\s*def\s+(?:self\.)?down\b/m)
  const source = (down < 0 ? blanked : blanked.slice(0, down)).replace(
    /\bdir\.down\s*(?:do[\s\S]*?\bend\b|\{[^}]*\})/g,
    text => text.replace(/[^\n]/g, ' '),
  )
  const operations: Operation[] = []
  const sql: DslMigration['sql'] = []
  // Here-documents hold SQL: they are taken out before lines are read.
  const body = source.replace(
    /<<[~-]?(["']?)(\w+)\1([^\n]*)\n([\s\S]*?)\n\s*\2\b/g,
    (whole: string, _quote: string, _mark: string, _rest: string, text: string, offset: number) => {
      const before = source.slice(Math.max(0, source.lastIndexOf('\n', offset)), offset)
      if (/\bexecute\b|exec_query|safety_assured/.test(before))
        sql.push({ text, line: lineAt(source, offset) + 1, at: offset })
      return whole.replace(/[^\n]/g, ' ')
    },
  )
  let block: { table: string; creates: boolean; variable: string } | null = null
  let assured = 0
  const add = (line: Line, kind: Operation['kind'], table: string | null, more: Partial<Operation> = {}): void => {
    operations.push({ kind, line: line.line, table, column: null, text: shorten(line.text), ...more })
  }
  const column = (line: Line, table: string, name: string, type: string, options: Record<string, string>): void => {
    const reference = /^(?:references|belongs_to|reference)$/.test(type)
    add(line, 'add-column', table, {
      column: reference ? `${name}_id` : name,
      type: type === 'string' ? `varchar(${options['limit'] ?? ''})` : type,
      notNull: options['null'] === 'false',
      hasDefault: options['default'] !== undefined && options['default'] !== 'nil',
      volatileDefault: /->|gen_random_uuid|random/.test(options['default'] ?? '') || type === 'virtual',
    })
    if (reference && options['index'] !== 'false')
      add(line, 'add-index', table, { concurrent: /concurrently/.test(options['index'] ?? ''), on: [`${name}_id`] })
    if (
      reference &&
      options['foreign_key'] !== undefined &&
      options['foreign_key'] !== 'false' &&
      !/validate:\s*false/.test(options['foreign_key'])
    )
      add(line, 'add-constraint', table, {
        constraint: 'foreign-key',
        on: [`${name}_id`],
        references: /to_table:\s*:(\w+)/.exec(options['foreign_key'] ?? '')?.[1] ?? `${name}s`,
      })
    if (!reference && options['index'] !== undefined && options['index'] !== 'false') add(line, 'add-index', table)
  }
  for (const line of logicalLines(body)) {
    if (/\bsafety_assured\b/.test(line.text)) {
      if (/\bdo\s*$|\{\s*$/.test(line.text)) assured = 1
      continue
    }
    if (assured > 0) {
      if (/\bdo\b(?:\s*\|[^|]*\|)?\s*$|\{\s*$/.test(line.text)) assured += 1
      if (/^(?:end|\})/.test(line.text)) assured -= 1
      continue
    }
    if (/^end\b/.test(line.text)) {
      block = null
      continue
    }
    const opened =
      /^(create_table|create_join_table|change_table)\b\s*\(?\s*(.*?)\)?\s*(?:do|\{)\s*\|\s*(\w+)\s*\|/.exec(line.text)
    if (opened) {
      const table = literal(splitArguments(opened[2]!)[0]) ?? ''
      block = { table, creates: opened[1] !== 'change_table', variable: opened[3]! }
      if (block.creates) add(line, 'create-table', table, { columns: [] })
      continue
    }
    const inner = block ? new RegExp(`^${block.variable}\\.(\\w+)\\s*\\(?\\s*(.*?)\\)?\\s*$`).exec(line.text) : null
    if (block && inner) {
      if (block.creates) {
        const name = literal(splitArguments(inner[2]!)[0])
        const columns = operations.findLast(({ kind }) => kind === 'create-table')?.columns
        if (name && columnTypes.test(inner[1]!)) columns?.push({ name, type: inner[1]! })
        continue
      }
      const args = splitArguments(inner[2]!)
      const options = named(args)
      if (columnTypes.test(inner[1]!))
        for (const name of args.filter(arg => !/^\w+:/.test(arg)).flatMap(literals))
          column(line, block.table, name, inner[1]!, options)
      else if (inner[1] === 'remove' || inner[1] === 'remove_columns')
        for (const name of args.flatMap(literals)) add(line, 'drop-column', block.table, { column: name })
      else if (inner[1] === 'rename')
        add(line, 'rename-column', block.table, { column: literal(args[0]), to: literal(args[1]) ?? '' })
      else if (inner[1] === 'change')
        add(line, 'change-type', block.table, { column: literal(args[0]), type: literal(args[1]) ?? '' })
      else if (inner[1] === 'index')
        add(line, 'add-index', block.table, { concurrent: /concurrently/.test(options['algorithm'] ?? '') })
      else if (inner[1] === 'foreign_key') add(line, 'add-constraint', block.table, { constraint: 'foreign-key' })
      continue
    }
    if (
      /\.(?:update_all|delete_all|destroy_all|find_each|in_batches|find_in_batches|update_columns?)\b/.test(line.text)
    ) {
      add(line, 'data', /^([A-Z]\w+)/.exec(line.text)?.[1] ?? null)
      continue
    }
    const call = /^(?:dir\.up\s*\{\s*)?(\w+!?)\s*\(?\s*(.*?)\)?\s*\}?$/.exec(line.text)
    if (!call) continue
    const args = splitArguments(call[2]!)
    const options = named(args)
    const [table, second, third] = [literal(args[0]), literal(args[1]), literal(args[2])]
    const concurrent = /concurrently/.test(options['algorithm'] ?? '')
    switch (call[1]) {
      case 'create_table':
      case 'create_join_table':
        add(line, 'create-table', table)
        break
      case 'drop_join_table':
        add(line, 'drop-table', options['table_name']?.replace(/^[:"']|["']$/g, '') ?? [table, second].sort().join('_'))
        break
      case 'drop_table':
        for (const name of args.filter(arg => !/^\w+:/.test(arg)).flatMap(literals)) add(line, 'drop-table', name)
        break
      case 'rename_table':
        add(line, 'rename-table', table, { to: second ?? '' })
        break
      case 'add_column':
        if (table && second) column(line, table, second, third ?? '', options)
        break
      case 'add_reference':
      case 'add_belongs_to':
        if (table && second) column(line, table, second, 'references', options)
        break
      case 'add_timestamps':
        if (table)
          column(line, table, 'created_at', 'datetime', {
            null: options['null'] ?? 'false',
            ...(options['default'] ? { default: options['default'] } : {}),
          })
        break
      case 'remove_column':
      case 'remove_columns':
      case 'remove_reference':
      case 'remove_belongs_to':
      case 'remove_timestamps':
        for (const name of call[1] === 'remove_columns'
          ? args
              .slice(1)
              .filter(arg => !/^\w+:/.test(arg))
              .flatMap(literals)
          : [call[1].endsWith('timestamps') ? 'created_at' : call[1] === 'remove_column' ? second : `${second}_id`])
          add(line, 'drop-column', table, { column: name })
        break
      case 'rename_column':
        add(line, 'rename-column', table, { column: second, to: third ?? '' })
        break
      case 'change_column':
        add(line, 'change-type', table, {
          column: second,
          type: third === 'string' ? `varchar(${options['limit'] ?? ''})` : (third ?? ''),
          notNull: options['null'] === 'false',
        })
        break
      case 'change_column_null':
        if (args[2] === 'false') add(line, 'set-not-null', table, { column: second })
        break
      case 'add_index':
        add(line, 'add-index', table, { concurrent, unique: options['unique'] === 'true', on: literals(args[1]) })
        break
      case 'remove_index':
        add(line, 'drop-index', table, { concurrent })
        break
      case 'add_foreign_key':
        add(line, 'add-constraint', table, {
          constraint: 'foreign-key',
          deferred: options['validate'] === 'false',
          ...(second ? { references: second } : {}),
        })
        break
      case 'add_check_constraint': {
        const checked = /^\s*"?(\w+)"?\s+IS NOT NULL\s*$/i.exec(second ?? '')?.[1]
        add(line, 'add-constraint', table, {
          constraint: 'check',
          deferred: options['validate'] === 'false',
          ...(checked ? { checksNotNull: checked } : {}),
        })
        break
      }
      case 'add_unique_constraint':
        add(line, 'add-constraint', table, { constraint: 'unique', deferred: options['using_index'] !== undefined })
        break
      case 'add_exclusion_constraint':
        add(line, 'add-constraint', table, { constraint: 'exclude' })
        break
      case 'validate_foreign_key':
      case 'validate_check_constraint':
      case 'validate_constraint':
        add(line, 'validate-constraint', table)
        break
      case 'add_enum_value':
        add(line, 'enum-add', null, { name: table ?? '', value: second ?? '' })
        break
      case 'rename_enum_value':
      case 'drop_enum':
        add(line, 'enum-change', null, { name: table ?? '' })
        break
      case 'execute':
        if (table !== null) sql.push({ text: table, line: line.line, at: line.at })
        break
      default:
    }
  }
  return { operations, sql, transaction: !/^\s*disable_ddl_transaction!/m.test(source) }
}
