// Keys and indexes of Django's migrations, which make an index for each foreign key unless told not to, and of Alembic's.
import { blankComments, callsOf, linesOf, literal, literals, named, splitArguments } from '../migrations/calls.ts'
import type { KeyEvent } from './model.ts'

const positionalOf = (args: readonly string[]): string[] => args.filter(arg => !/^\w+\s*=(?!=)/.test(arg))

/** The index that a field brings by itself, apart from those that are made for it. */
const ownIndex = (column: string): string => `field ${column}`

/** `models.ForeignKey(to='app.Team', db_index=False, on_delete=…)` as a column of its table. */
const djangoField = (table: string, name: string, text: string, line: number): KeyEvent[] => {
  const call = callsOf(text, /(?<![\w.])(?:\w+\.)*\w+/)[0]
  if (!call) return []
  const kind = call.name.replace(/^.*\./, '')
  const options = named(call.args)
  if (/^(?:ManyToManyField|GenericRelation|GenericForeignKey|ManyToManyRel)$/.test(kind)) return []
  const isKey = kind === 'ForeignKey' || kind === 'OneToOneField' || kind === 'ParentalKey'
  const column = literal(options['db_column']) ?? (isKey ? `${name}_id` : name)
  const indexed =
    options['db_index'] === 'True' ||
    options['unique'] === 'True' ||
    options['primary_key'] === 'True' ||
    kind === 'OneToOneField' ||
    kind === 'SlugField' ||
    (isKey && options['db_index'] !== 'False')
  const to = literal(options['to'] ?? positionalOf(call.args)[0]) ?? options['to'] ?? ''
  return [
    { kind: 'column', table, column, type: kind, line },
    ...(indexed ? [{ kind: 'index' as const, table, columns: [column], name: ownIndex(column), line }] : []),
    ...(isKey && options['db_constraint'] !== 'False'
      ? [
          {
            kind: 'foreign-key' as const,
            table,
            columns: [column],
            references: to.replace('.', '_').toLowerCase(),
            line,
          },
        ]
      : []),
  ]
}

/** Columns of an index by the names of their fields; `-created` sorts the other way. A field that is a key is `<name>_id`. */
const djangoIndex = (table: string, text: string, keys: ReadonlySet<string>, line: number): KeyEvent[] => {
  const options = named(callsOf(text, /(?<![\w.])(?:\w+\.)*\w+/)[0]?.args ?? [])
  const fields = literals(options['fields']).map(field => field.replace(/^-/, ''))
  const columns = fields.map(field => (keys.has(`${table}.${field}`) ? `${field}_id` : field))
  const columnOf = (name: string): string => (keys.has(`${table}.${name}`) ? `${name}_id` : name)
  const condition = options['condition'] ?? ''
  const [, isNull, nullness] = /^(?:models\.)?Q\(\s*(\w+)__isnull\s*=\s*(True|False)\s*,?\s*\)$/.exec(condition) ?? []
  const off = /^(?:models\.)?Q\(\s*(\w+)\s*=\s*False\s*,?\s*\)$/.exec(condition)?.[1]
  const where = isNull
    ? `${columnOf(isNull)} is ${nullness === 'True' ? '' : 'not '}null`
    : off
      ? `${off} = false`
      : condition
  const method = (/^(?:[\w.]*\.)?(\w+?)Index\b/.exec(text)?.[1] ?? '').toLowerCase()
  return columns.length
    ? [{ kind: 'index', table, columns, name: literal(options['name']) ?? '', method, where, line }]
    : []
}

const together = (table: string, text: string, keys: ReadonlySet<string>, line: number): KeyEvent[] =>
  [...text.matchAll(/[([]\s*((?:["']\w+["']\s*,?\s*)+)[)\]]/g)].map(match => ({
    kind: 'index',
    table,
    columns: [...match[1]!.matchAll(/["'](\w+)["']/g)].map(part =>
      keys.has(`${table}.${part[1]}`) ? `${part[1]}_id` : part[1]!,
    ),
    unique: true,
    line,
  }))

/** Reads a migration of Django; `keys` are the fields that are foreign keys, which it adds to. */
export const djangoKeys = (original: string, app: string, keys: Set<string>): KeyEvent[] => {
  const source = blankComments(original, 'python')
  const lineOf = linesOf(source)
  const events: KeyEvent[] = []
  const field = (table: string, name: string, text: string, line: number): void => {
    if (/\b(?:ForeignKey|OneToOneField|ParentalKey)\s*\(/.test(text)) keys.add(`${table}.${name}`)
    events.push(...djangoField(table, name, text, line))
  }
  for (const call of callsOf(
    source,
    /\b(?:CreateModel|DeleteModel|AddField|AlterField|RemoveField|RenameField|RenameModel|AlterModelTable|AddIndex|AddIndexConcurrently|RemoveIndex|AddConstraint|AlterUniqueTogether|AlterIndexTogether)\b/,
  )) {
    const options = named(call.args)
    const positional = positionalOf(call.args)
    const model = (literal(options['model_name'] ?? options['name'] ?? positional[0]) ?? '').toLowerCase()
    const table = `${app}_${model}`
    const line = lineOf(call.at)
    const name = literal(options['name'] ?? positional[1]) ?? ''
    if (call.name === 'CreateModel') {
      events.push({ kind: 'table', table, columns: [], line })
      for (const entry of splitArguments((options['fields'] ?? positional[1] ?? '').replace(/^\[|\]$/g, ''))) {
        const parts = splitArguments(entry.replace(/^\(|\)$/g, ''))
        const own = literal(parts[0])
        if (own !== null && parts[1]) field(table, own, parts[1], line)
      }
      const meta = options['options'] ?? ''
      for (const part of callsOf(meta, /(?<![\w.])(?:\w+\.)*(?:\w*Index|UniqueConstraint)\b/))
        events.push(...djangoIndex(table, `${part.name}(${part.args.join(', ')})`, keys, line))
      const at = meta.search(/["'](?:unique|index)_together["']/)
      if (at >= 0) events.push(...together(table, meta.slice(at, at + 2000), keys, line))
    } else if (call.name === 'DeleteModel') events.push({ kind: 'drop-table', table, line })
    else if (call.name === 'AddField' || call.name === 'AlterField') {
      const text = options['field'] ?? positional[2] ?? ''
      const own = keys.has(`${table}.${name}`) ? `${name}_id` : name
      // Altered, it is another field: what it brought goes.
      if (call.name === 'AlterField') {
        events.push({ kind: 'drop-index', table, name: ownIndex(own), line })
        events.push({ kind: 'drop-foreign-key', table, columns: [own], line })
      }
      field(table, name, text, line)
    } else if (call.name === 'RemoveField')
      events.push({ kind: 'drop-column', table, column: keys.has(`${table}.${name}`) ? `${name}_id` : name, line })
    else if (call.name === 'RenameField') {
      const old = literal(options['old_name'] ?? positional[1]) ?? ''
      const to = literal(options['new_name'] ?? positional[2]) ?? ''
      const isKey = keys.delete(`${table}.${old}`)
      if (isKey) keys.add(`${table}.${to}`)
      events.push({
        kind: 'rename-column',
        table,
        column: isKey ? `${old}_id` : old,
        to: isKey ? `${to}_id` : to,
        line,
      })
    } else if (call.name === 'RenameModel') {
      const old = `${app}_${(literal(options['old_name'] ?? positional[0]) ?? '').toLowerCase()}`
      const to = `${app}_${(literal(options['new_name'] ?? positional[1]) ?? '').toLowerCase()}`
      for (const key of [...keys]) if (key.startsWith(`${old}.`)) keys.add(key.replace(old, to))
      events.push({ kind: 'rename-table', table: old, to, line })
    } else if (/^AddIndex/.test(call.name))
      events.push(...djangoIndex(table, options['index'] ?? positional[1] ?? '', keys, line))
    else if (call.name === 'AddConstraint' && /UniqueConstraint/.test(call.args.join(' ')))
      events.push(...djangoIndex(table, options['constraint'] ?? positional[1] ?? '', keys, line))
    else if (call.name === 'RemoveIndex')
      events.push({ kind: 'drop-index', table, name: literal(options['name'] ?? positional[1]) ?? '', line })
    else if (/Together$/.test(call.name))
      events.push(
        ...together(table, options['unique_together'] ?? options['index_together'] ?? positional[1] ?? '', keys, line),
      )
  }
  return events
}

const alembicColumn = (table: string, text: string, line: number): KeyEvent[] => {
  const call = callsOf(text, /(?<![\w.])(?:\w+\.)*\w+/)[0]
  const column = literal(call?.args[0])
  if (!call || column === null) return []
  const options = named(call.args)
  const key = callsOf(text, /\bForeignKey\b/)[0]
  const isKept = options['primary_key'] === 'True' || options['unique'] === 'True' || options['index'] === 'True'
  return [
    { kind: 'column', table, column, type: call.args[1] ?? '', line },
    ...(isKept ? [{ kind: 'index' as const, table, columns: [column], line }] : []),
    ...(key
      ? [
          {
            kind: 'foreign-key' as const,
            table,
            columns: [column],
            references: (literal(key.args[0]) ?? '').split('.')[0]!,
            line,
          },
        ]
      : []),
  ]
}

/** `op.f('ix_name')` is the name itself. */
const nameOf = (text: string | undefined): string =>
  literal(/^op\.f\(([\s\S]*)\)$/.exec(text?.trim() ?? '')?.[1] ?? text) ?? ''

/** What `upgrade` of an Alembic migration does. */
export const alembicKeys = (original: string): KeyEvent[] => {
  const blanked = blankComments(original, 'python')
  const down = blanked.search(/^def\s+downgrade\b/m)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const lineOf = linesOf(source)
  const events: KeyEvent[] = []
  /** `with op.batch_alter_table('users') as batch_op:` names the table of the calls under it. */
  const batches = [...source.matchAll(/with\s+op\.batch_alter_table\(\s*(["'])(\w+)\1[^\n]*\bas\s+(\w+)\s*:/g)]
  const batchAt = (at: number): string => batches.filter(({ index }) => index < at).at(-1)?.[2] ?? ''
  for (const call of callsOf(
    source,
    /\b\w+\.(?:create_table|drop_table|rename_table|add_column|drop_column|create_index|drop_index|create_foreign_key|create_unique_constraint|create_primary_key|drop_constraint)\b/,
  )) {
    const [receiver = '', method = ''] = call.name.split('.')
    const isBatch = batches.some(match => match[3] === receiver)
    const line = lineOf(call.at)
    const positional = positionalOf(call.args)
    const options = named(call.args)
    const own = isBatch ? batchAt(call.at) : ''
    // In a batch the table is not among the arguments.
    const args =
      isBatch && /index|constraint|foreign_key/.test(method)
        ? [positional[0] ?? '', `'${own}'`, ...positional.slice(1)]
        : isBatch
          ? [`'${own}'`, ...positional]
          : positional
    const first = literal(args[0]) ?? ''
    if (method === 'create_table') {
      events.push({ kind: 'table', table: first, columns: [], line })
      for (const part of args.slice(1)) {
        const inner = callsOf(
          part,
          /\b(?:\w+\.)?(?:ForeignKeyConstraint|PrimaryKeyConstraint|UniqueConstraint|Column|Index)\b/,
        )[0]
        const kind = inner?.name.replace(/^.*\./, '')
        if (!inner) continue
        if (kind === 'Column') events.push(...alembicColumn(first, part, line))
        else if (kind === 'ForeignKeyConstraint')
          events.push({
            kind: 'foreign-key',
            table: first,
            columns: literals(inner.args[0]),
            references: (literals(inner.args[1])[0] ?? '').split('.')[0]!,
            line,
          })
        else
          events.push({
            kind: 'index',
            table: first,
            columns: positionalOf(inner.args).flatMap(literals),
            unique: true,
            name: nameOf(named(inner.args)['name']),
            line,
          })
      }
    } else if (method === 'drop_table') events.push({ kind: 'drop-table', table: first, line })
    else if (method === 'rename_table')
      events.push({ kind: 'rename-table', table: first, to: literal(args[1]) ?? '', line })
    else if (method === 'add_column') events.push(...alembicColumn(first, args[1] ?? '', line))
    else if (method === 'drop_column')
      events.push({ kind: 'drop-column', table: first, column: literal(args[1]) ?? '', line })
    else if (method === 'create_index' || method === 'create_unique_constraint' || method === 'create_primary_key') {
      const where = /text\(\s*(["'])([\s\S]*?)\1\s*\)/.exec(
        options['postgresql_where'] ?? options['sqlite_where'] ?? '',
      )?.[2]
      events.push({
        kind: 'index',
        table: literal(args[1]) ?? '',
        columns: args[2]?.startsWith('[')
          ? splitArguments(args[2].slice(1, -1)).map(part => literal(part) ?? '')
          : literals(args[2]),
        name: nameOf(args[0]),
        unique: method !== 'create_index' || options['unique'] === 'True',
        where: options['postgresql_where'] === undefined ? '' : (where ?? options['postgresql_where']),
        method: literal(options['postgresql_using']) ?? '',
        line,
      })
    } else if (method === 'drop_index' || method === 'drop_constraint')
      events.push({ kind: 'drop-index', name: nameOf(args[0]), line })
    else if (method === 'create_foreign_key')
      events.push({
        kind: 'foreign-key',
        table: literal(args[1]) ?? '',
        columns: literals(args[3]),
        references: literal(args[2]) ?? '',
        line,
      })
  }
  return events
}

/** Raw SQL that an Alembic migration executes. */
export const alembicSql = (source: string): { text: string; line: number }[] => {
  const down = source.search(/^def\s+downgrade\b/m)
  const up = down < 0 ? source : source.slice(0, down)
  const lineOf = linesOf(up)
  return callsOf(up, /\bop\.execute\b/).flatMap(({ args, at }) => {
    const inner = /^(?:sa\.)?text\(([\s\S]*)\)$/.exec(args[0] ?? '')?.[1] ?? args[0]
    const text = literal(inner)
    return text === null ? [] : [{ text, line: lineOf(at) }]
  })
}
