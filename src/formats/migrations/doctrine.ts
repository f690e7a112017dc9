// Migrations of Doctrine (https://www.doctrine-project.org/projects/doctrine-migrations/en/stable/reference/generating-migrations.html): the
// SQL that they hand to `addSql`, and what they do to Schema objects (Doctrine\DBAL\Schema).
import {
  blankComments,
  type Call,
  callsOf,
  chainAt,
  lineAt,
  linesOf,
  literal,
  literals,
  splitArguments,
} from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

/** The text of a here-document of PHP that is handed over: `addSql(<<<'SQL' … SQL)`. */
const documentOf = (args: readonly string[]): string | null =>
  /^<<<[ \t]*(['"]?)(\w{1,60})\1\r?\n([\s\S]*)\n[ \t]*\2$/.exec(args.join(',').trim())?.[3] ?? null

/** `['length' => 40, 'notnull' => false]` by its keys. */
const optionsOf = (given: string | undefined): Record<string, string> =>
  Object.fromEntries(
    splitArguments(/^\[([\s\S]*)\]$/.exec(given ?? '')?.[1] ?? '').flatMap(part => {
      const at = part.indexOf('=>')
      const key = at < 0 ? null : literal(part.slice(0, at).trim())
      return key === null ? [] : [[key, part.slice(at + 2).trim()]]
    }),
  )

/** `'string'`, `Types::STRING`, `Type::getType('string')`. */
const typeNamed = (given: string | undefined): string =>
  literal(given) ?? /'(\w+)'/.exec(given ?? '')?.[1] ?? /::(\w+)$/.exec(given ?? '')?.[1]?.toLowerCase() ?? ''

const typeOf = (name: string, { length, precision, scale }: Record<string, string>): string => {
  if (name === 'string') return `varchar(${length ?? '255'})`
  if (name === 'decimal') return `numeric(${precision ?? '10'},${scale ?? '0'})`
  return name
}

/** What a variable of the migration stands for: a table, or one of its columns. */
type Thing = { table: string; column: string | null }

type Reading = {
  variables: Map<string, Thing>
  add: (kind: Operation['kind'], thing: Thing, more?: Partial<Operation>) => void
  /** A call whose table or column is computed. */
  unclear: () => void
}

type Handler = (reading: Reading, thing: Thing, call: Call) => void

const columnGiven = (options: Record<string, string>) => ({
  notNull: options['notnull'] !== 'false',
  hasDefault: (options['default'] ?? 'null') !== 'null' || options['autoincrement'] === 'true',
  volatileDefault: options['autoincrement'] === 'true',
})

const addColumn: Handler = ({ add, unclear }, { table }, { args }) => {
  const [column, options] = [literal(args[0]), optionsOf(args[2])]
  if (column === null) unclear()
  else add('add-column', { table, column }, { type: typeOf(typeNamed(args[1]), options), ...columnGiven(options) })
}

const changeColumn: Handler = ({ add, unclear }, { table }, { args }) => {
  const [column, options] = [literal(args[0]), optionsOf(args[1])]
  if (column === null) unclear()
  else if (options['type'] !== undefined || options['length'] !== undefined)
    add(
      'change-type',
      { table, column },
      {
        type: typeOf(typeNamed(options['type'] ?? "'string'"), options),
        notNull: options['notnull'] === 'true',
      },
    )
  else if (options['notnull'] === 'true') add('set-not-null', { table, column })
}

const index =
  (unique: boolean): Handler =>
  ({ add }, { table }, { args }) => {
    const [on, name] = [literals(args[0]), literal(args[1])]
    add('add-index', { table, column: null }, { unique, on, ...(name ? { name } : {}) })
  }

const constraint =
  (kind: 'unique' | 'primary-key'): Handler =>
  ({ add }, { table }, { args }) =>
    add('add-constraint', { table, column: null }, { constraint: kind, on: literals(args[0]) })

const foreignKey: Handler = ({ add }, { table }, { args }) => {
  const other = literal(args[0])
  add(
    'add-constraint',
    { table, column: null },
    {
      constraint: 'foreign-key',
      on: literals(args[1]),
      ...(other ? { references: other } : {}),
    },
  )
}

const ofTable: Readonly<Record<string, Handler>> = {
  addColumn,
  changeColumn,
  modifyColumn: changeColumn,
  dropColumn: ({ add, unclear }, { table }, { args }) => {
    const column = literal(args[0])
    if (column === null) unclear()
    else add('drop-column', { table, column })
  },
  renameColumn: ({ add }, { table }, { args }) =>
    add('rename-column', { table, column: literal(args[0]) }, { to: literal(args[1]) ?? '' }),
  dropIndex: ({ add }, { table }, { args }) =>
    add('drop-index', { table, column: null }, { name: literal(args[0]) ?? '' }),
  addIndex: index(false),
  addUniqueIndex: index(true),
  addUniqueConstraint: constraint('unique'),
  setPrimaryKey: constraint('primary-key'),
  addForeignKeyConstraint: foreignKey,
}

/** `setOptions` and the like of one column are a change of it. */
const setOptions: Handler = (reading, { table, column }, { args }) =>
  changeColumn(reading, { table, column: null }, { name: '', at: 0, args: [`'${column ?? ''}'`, ...args] })

const ofColumn: Readonly<Record<string, Handler>> = {
  setNotnull: ({ add }, thing, { args }) => {
    if (args[0] === 'true') add('set-not-null', thing)
  },
  setOptions,
  setLength: ({ add }, thing, { args }) => add('change-type', thing, { type: `varchar(${args[0] ?? ''})` }),
  setType: ({ add }, thing, { args }) => add('change-type', thing, { type: typeOf(typeNamed(args[0]), {}) }),
}

const ofSchema = new Set(['getTable', 'createTable', 'dropTable', 'renameTable'])

/** One call upon the schema: the table that it gives. */
const readSchemaCall = ({ add, unclear }: Reading, { name, args }: Call): Thing | null => {
  if (!ofSchema.has(name)) return null
  const table = literal(args[0])
  if (table === null) {
    unclear()
    return null
  }
  const thing = { table, column: null }
  if (name === 'createTable') add('create-table', thing)
  if (name === 'dropTable') add('drop-table', thing)
  if (name === 'renameTable') add('rename-table', thing, { to: literal(args[1]) ?? '' })
  return thing
}

/** A chain of calls upon the schema, a table or a column; what it ends with. */
const readChain = (reading: Reading, start: Thing | 'schema', calls: readonly Call[]): Thing | null => {
  let thing: Thing | 'schema' | null = start
  for (const call of calls) {
    if (thing === 'schema') thing = readSchemaCall(reading, call)
    if (thing === null || ofSchema.has(call.name)) continue
    const current: Thing = thing
    if (call.name === 'getColumn') thing = { ...current, column: literal(call.args[0]) }
    else (current.column === null ? ofTable : ofColumn)[call.name]?.(reading, current, call)
  }
  return thing === 'schema' ? null : thing
}

/** Class constants put where they are used: `self::TABLE`. */
const withConstants = (source: string): string => {
  const values = new Map(
    [...source.matchAll(/\bconst\s+(?:string\s+)?(\w+)\s*=\s*('[^'\n]*'|"[^"\n]*")\s*;/g)].map(
      (match): [string, string] => [match[1]!, match[2]!],
    ),
  )
  return source.replace(/\b(?:self|static)::(\w+)/g, (all, name: string) => values.get(name) ?? all)
}

/** What is done to Schema objects, in the order of the text. */
const readObjects = (source: string): Required<Pick<DslMigration, 'operations' | 'unread'>> => {
  const operations: Operation[] = []
  const unread: { line: number; text: string }[] = []
  const variables = new Map<string, Thing>()
  const lineOf = linesOf(source)
  const rows = source.split('\n')
  let end = 0
  for (const match of source.matchAll(/(?:\$(\w+)\s*=\s*)?\$(\w+)(?=\s*->)/g)) {
    const [whole, target, name] = match
    const start = name === 'schema' ? 'schema' : variables.get(name!)
    if (start === undefined || match.index < end) continue
    const line = lineOf(match.index)
    const text = shorten(rows[line - 1] ?? '')
    const chain = chainAt(source, match.index + whole.length)
    end = chain.end
    const thing = readChain(
      {
        variables,
        add: (kind, { table, column }, more = {}) => operations.push({ kind, line, table, column, text, ...more }),
        unclear: () => unread.push({ line, text: `${text} (the name is computed)` }),
      },
      start,
      chain.calls,
    )
    if (target && thing) variables.set(target, thing)
  }
  return { operations, unread }
}

const handsOver = /\$this->(?:addSql|connection->(?:executeStatement|executeUpdate|exec))\b/

/** Rows changed through the query builder. */
const rowsIn = (source: string): Operation[] => {
  if (!source.includes('createQueryBuilder')) return []
  const lineOf = linesOf(source)
  return [...source.matchAll(/->(?:insert|update|delete)\(\s*'(\w+)'/g)].map(match => ({
    kind: 'data',
    line: lineOf(match.index),
    table: match[1]!,
    column: null,
    text: match[0].slice(2),
  }))
}

/** Reads a migration of Doctrine. */
export const readDoctrine = (original: string): DslMigration => {
  const blanked = blankComments(original, 'php')
  const down = blanked.search(/function\s+down\s*\(/)
  const source = withConstants(blanked)
  const up = down < 0 ? source : source.slice(0, source.search(/function\s+down\s*\(/))
  const sql: DslMigration['sql'] = []
  const { operations, unread } = readObjects(up)
  for (const call of callsOf(up, handsOver)) {
    const text = literal(call.args[0]) ?? documentOf(call.args)
    const line = lineAt(up, call.at)
    if (text === null) unread.push({ line, text: `${(call.args[0] ?? '').slice(0, 80)} (the SQL is computed)` })
    else sql.push({ text, line, at: call.at })
  }
  return {
    operations: [...operations, ...rowsIn(up)],
    sql,
    unread,
    transaction: !/function\s+isTransactional\s*\(\s*\)[^{]*\{\s*return false/.test(original),
  }
}
