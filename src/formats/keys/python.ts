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

/** One call of a migration. `keys` are the fields that are foreign keys. */
type DjangoCall = {
  app: string
  keys: Set<string>
  options: Record<string, string>
  positional: readonly string[]
  table: string
  name: string
  line: number
  args: readonly string[]
}

const fieldEvents = ({ keys, table, line }: DjangoCall, name: string, text: string): KeyEvent[] => {
  if (/\b(?:ForeignKey|OneToOneField|ParentalKey)\s*\(/.test(text)) keys.add(`${table}.${name}`)
  return djangoField(table, name, text, line)
}

const columnFor = ({ keys, table }: DjangoCall, name: string): string =>
  keys.has(`${table}.${name}`) ? `${name}_id` : name

const createModel = (call: DjangoCall): KeyEvent[] => {
  const { table, options, positional, keys, line } = call
  const fields = splitArguments((options['fields'] ?? positional[1] ?? '').replace(/^\[|\]$/g, ''))
  const events: KeyEvent[] = [{ kind: 'table', table, columns: [], line }]
  for (const entry of fields) {
    const parts = splitArguments(entry.replace(/^\(|\)$/g, ''))
    const own = literal(parts[0])
    if (own !== null && parts[1]) events.push(...fieldEvents(call, own, parts[1]))
  }
  const meta = options['options'] ?? ''
  for (const part of callsOf(meta, /(?<![\w.])(?:\w+\.)*(?:\w*Index|UniqueConstraint)\b/))
    events.push(...djangoIndex(table, `${part.name}(${part.args.join(', ')})`, keys, line))
  const at = meta.search(/["'](?:unique|index)_together["']/)
  return at < 0 ? events : [...events, ...together(table, meta.slice(at, at + 2000), keys, line)]
}

const addField = (call: DjangoCall): KeyEvent[] =>
  fieldEvents(call, call.name, call.options['field'] ?? call.positional[2] ?? '')

/** Altered, it is another field: what it brought goes. */
const alterField = (call: DjangoCall): KeyEvent[] => {
  const { table, line, name } = call
  const own = columnFor(call, name)
  return [
    { kind: 'drop-index', table, name: ownIndex(own), line },
    { kind: 'drop-foreign-key', table, columns: [own], line },
    ...addField(call),
  ]
}

const renameField = (call: DjangoCall): KeyEvent[] => {
  const { table, options, positional, keys, line } = call
  const old = literal(options['old_name'] ?? positional[1]) ?? ''
  const to = literal(options['new_name'] ?? positional[2]) ?? ''
  const column = columnFor(call, old)
  if (keys.delete(`${table}.${old}`)) keys.add(`${table}.${to}`)
  return [{ kind: 'rename-column', table, column, to: columnFor(call, to), line }]
}

const renameModel = ({ app, options, positional, keys, line }: DjangoCall): KeyEvent[] => {
  const nameOf = (text: string | undefined): string => `${app}_${(literal(text) ?? '').toLowerCase()}`
  const old = nameOf(options['old_name'] ?? positional[0])
  const to = nameOf(options['new_name'] ?? positional[1])
  for (const key of [...keys]) if (key.startsWith(`${old}.`)) keys.add(key.replace(old, to))
  return [{ kind: 'rename-table', table: old, to, line }]
}

const addDjangoIndex = ({ table, options, positional, keys, line }: DjangoCall): KeyEvent[] =>
  djangoIndex(table, options['index'] ?? options['constraint'] ?? positional[1] ?? '', keys, line)

const alterTogether = ({ table, options, positional, keys, line }: DjangoCall): KeyEvent[] =>
  together(table, options['unique_together'] ?? options['index_together'] ?? positional[1] ?? '', keys, line)

const djangoCalls: Readonly<Record<string, (call: DjangoCall) => KeyEvent[]>> = {
  CreateModel: createModel,
  DeleteModel: ({ table, line }) => [{ kind: 'drop-table', table, line }],
  AddField: addField,
  AlterField: alterField,
  RemoveField: call => [
    { kind: 'drop-column', table: call.table, column: columnFor(call, call.name), line: call.line },
  ],
  RenameField: renameField,
  RenameModel: renameModel,
  AddIndex: addDjangoIndex,
  AddIndexConcurrently: addDjangoIndex,
  AddConstraint: call => (/UniqueConstraint/.test(call.args.join(' ')) ? addDjangoIndex(call) : []),
  RemoveIndex: ({ table, name, line }) => [{ kind: 'drop-index', table, name, line }],
  AlterUniqueTogether: alterTogether,
  AlterIndexTogether: alterTogether,
}

/** Reads a migration of Django; `keys` are the fields that are foreign keys, which it adds to. */
export const djangoKeys = (original: string, app: string, keys: Set<string>): KeyEvent[] => {
  const source = blankComments(original, 'python')
  const lineOf = linesOf(source)
  const pattern = new RegExp(`\\b(?:${Object.keys(djangoCalls).join('|')})\\b`)
  return callsOf(source, pattern).flatMap(({ name: called, args, at }) => {
    const options = named(args)
    const positional = positionalOf(args)
    const model = (literal(options['model_name'] ?? options['name'] ?? positional[0]) ?? '').toLowerCase()
    const name = literal(options['name'] ?? positional[1]) ?? ''
    const given = { app, keys, options, positional, table: `${app}_${model}`, name, line: lineOf(at), args }
    return djangoCalls[called]?.(given) ?? []
  })
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

/** One call of `op`, its table put back where a batch names it. */
type AlembicCall = { first: string; args: readonly string[]; options: Record<string, string>; line: number }

const partOf = (table: string, part: string, line: number): KeyEvent[] => {
  const kinds = /\b(?:\w+\.)?(?:ForeignKeyConstraint|PrimaryKeyConstraint|UniqueConstraint|Column|Index)\b/
  const inner = callsOf(part, kinds)[0]
  const kind = inner?.name.replace(/^.*\./, '')
  if (!inner) return []
  if (kind === 'Column') return alembicColumn(table, part, line)
  if (kind === 'ForeignKeyConstraint') {
    const references = (literals(inner.args[1])[0] ?? '').split('.')[0]!
    return [{ kind: 'foreign-key', table, columns: literals(inner.args[0]), references, line }]
  }
  const columns = positionalOf(inner.args).flatMap(literals)
  return [{ kind: 'index', table, columns, unique: true, name: nameOf(named(inner.args)['name']), line }]
}

const createAlembicIndex = ({ args, options, line }: AlembicCall, isUnique: boolean): KeyEvent[] => {
  const given = options['postgresql_where'] ?? options['sqlite_where']
  const said = /text\(\s*(["'])([\s\S]*?)\1\s*\)/.exec(given ?? '')?.[2]
  const columns = args[2]?.startsWith('[')
    ? splitArguments(args[2].slice(1, -1)).map(part => literal(part) ?? '')
    : literals(args[2])
  return [
    {
      kind: 'index',
      table: literal(args[1]) ?? '',
      columns,
      name: nameOf(args[0]),
      unique: isUnique || options['unique'] === 'True',
      where: given === undefined ? '' : (said ?? given),
      method: literal(options['postgresql_using']) ?? '',
      line,
    },
  ]
}

const dropByName = ({ args, line }: AlembicCall): KeyEvent[] => [{ kind: 'drop-index', name: nameOf(args[0]), line }]

const alembicCalls: Readonly<Record<string, (call: AlembicCall) => KeyEvent[]>> = {
  create_table: ({ first, args, line }) => [
    { kind: 'table', table: first, columns: [], line },
    ...args.slice(1).flatMap(part => partOf(first, part, line)),
  ],
  drop_table: ({ first, line }) => [{ kind: 'drop-table', table: first, line }],
  rename_table: ({ first, args, line }) => [{ kind: 'rename-table', table: first, to: literal(args[1]) ?? '', line }],
  add_column: ({ first, args, line }) => alembicColumn(first, args[1] ?? '', line),
  drop_column: ({ first, args, line }) => [{ kind: 'drop-column', table: first, column: literal(args[1]) ?? '', line }],
  create_index: call => createAlembicIndex(call, false),
  create_unique_constraint: call => createAlembicIndex(call, true),
  create_primary_key: call => createAlembicIndex(call, true),
  drop_index: dropByName,
  drop_constraint: dropByName,
  create_foreign_key: ({ args, line }) => [
    {
      kind: 'foreign-key',
      table: literal(args[1]) ?? '',
      columns: literals(args[3]),
      references: literal(args[2]) ?? '',
      line,
    },
  ],
}

/** What `upgrade` of an Alembic migration does. */
export const alembicKeys = (original: string): KeyEvent[] => {
  const blanked = blankComments(original, 'python')
  const down = blanked.search(/^def\s+downgrade\b/m)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const lineOf = linesOf(source)
  /** `with op.batch_alter_table('users') as batch_op:` names the table of the calls under it. */
  const batches = [...source.matchAll(/with\s+op\.batch_alter_table\(\s*(["'])(\w+)\1[^\n]*\bas\s+(\w+)\s*:/g)]
  const pattern = new RegExp(`\\b\\w+\\.(?:${Object.keys(alembicCalls).join('|')})\\b`)
  return callsOf(source, pattern).flatMap(({ name, args: given, at }) => {
    const [receiver = '', method = ''] = name.split('.')
    const positional = positionalOf(given)
    const batch = batches.filter(match => match[3] === receiver && match.index < at).at(-1)?.[2]
    // In a batch the table is not among the arguments: it stands first, or behind the name of what is made.
    const isNamed = /index|constraint|foreign_key|primary_key/.test(method)
    const args =
      batch === undefined
        ? positional
        : isNamed
          ? [positional[0] ?? '', `'${batch}'`, ...positional.slice(1)]
          : [`'${batch}'`, ...positional]
    return (
      alembicCalls[method]?.({ first: literal(args[0]) ?? '', args, options: named(given), line: lineOf(at) }) ?? []
    )
  })
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
