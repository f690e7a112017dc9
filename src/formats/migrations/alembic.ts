// Migrations of Alembic, read from their calls.
import { blankComments, type Call, callsOf, endOfBracket, linesOf, literal, literals, named } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

/** A type without its module: `sa.String(length=80)` → `string(length=80)`. */
const typeOf = (text: string | undefined): string =>
  (text ?? '')
    .replace(/^(?:\w+\.)+(?=[A-Z])/, '')
    .replace(/\(\)$/, '')
    .toLowerCase()

const columnOf = (
  text: string | undefined,
): { name: string | null; type: string; notNull: boolean; hasDefault: boolean; volatile: boolean } => {
  const call: Call | undefined = text ? callsOf(text, /(?:sa\.|sqlmodel\.)?Column/)[0] : undefined
  const options = named(call?.args ?? [])
  const standard = options['server_default'] ?? ''
  return {
    name: literal(call?.args[0]),
    type: typeOf(call?.args[1]),
    notNull: options['nullable'] === 'False',
    hasDefault: standard !== '' || /Identity|Computed/.test(call?.args.join(' ') ?? ''),
    volatile: /uuid|random/i.test(standard) || /Computed/.test(call?.args.join(' ') ?? ''),
  }
}

/** One call of `op` or of a batch. `table` is that of the batch, or the first argument. */
type AlembicCall = {
  method: string
  call: Call
  args: readonly string[]
  options: Record<string, string>
  table: string | null
  batch: { table: string } | null
  add: (kind: Operation['kind'], table: string | null, more?: Partial<Operation>) => void
  addSql: (text: string) => void
}

type AlembicHandler = (call: AlembicCall) => void

const createTable: AlembicHandler = ({ call, table, add }) => {
  add('create-table', table, {
    columns: callsOf(call.args.join(','), /(?:sa\.|sqlmodel\.)?Column/).map(one => ({
      name: literal(one.args[0]) ?? '',
      type: `${typeOf(one.args[1])}${named(one.args)['nullable'] === 'False' ? ' not null' : ''}`,
    })),
  })
}

const dropTable: AlembicHandler = ({ table, add }) => {
  add('drop-table', table)
}

const renameTable: AlembicHandler = ({ args, table, add }) => {
  add('rename-table', table, { to: literal(args[1]) ?? '' })
}

const addColumn: AlembicHandler = ({ args, table, add }) => {
  const column = columnOf(args[1])
  add('add-column', table, {
    column: column.name,
    type: column.type,
    notNull: column.notNull,
    hasDefault: column.hasDefault,
    volatileDefault: column.volatile,
  })
}

const dropColumn: AlembicHandler = ({ args, table, add }) => {
  add('drop-column', table, { column: literal(args[1]) })
}

const alterColumn: AlembicHandler = ({ args, options, table, add }) => {
  const column = literal(args[1])
  if (options['new_column_name']) add('rename-column', table, { column, to: literal(options['new_column_name']) ?? '' })
  if (options['type_'])
    add('change-type', table, {
      column,
      type: typeOf(options['type_']),
      ...(options['existing_type'] ? { was: typeOf(options['existing_type']) } : {}),
    })
  if (options['nullable'] === 'False') add('set-not-null', table, { column })
}

const createIndex: AlembicHandler = ({ call, args, options, batch, add }) => {
  add('add-index', batch?.table ?? literal(args[1]), {
    concurrent: options['postgresql_concurrently'] === 'True',
    unique: options['unique'] === 'True',
    on: literals(batch ? args[1] : args[2]),
    name: literal(args[0]) ?? '',
    safe: [`${call.name}(${[...call.args, 'postgresql_concurrently=True'].join(', ')})`],
  })
}

const dropIndex: AlembicHandler = ({ options, add }) => {
  add('drop-index', null, { concurrent: options['postgresql_concurrently'] === 'True' })
}

const createForeignKey: AlembicHandler = ({ args, options, batch, add }) => {
  add('add-constraint', batch?.table ?? literal(args[1]), {
    constraint: 'foreign-key',
    deferred: options['postgresql_not_valid'] === 'True',
  })
}

const createConstraint: AlembicHandler = ({ method, args, options, batch, add }) => {
  add('add-constraint', batch?.table ?? literal(args[1]), {
    constraint:
      method === 'create_check_constraint'
        ? 'check'
        : method === 'create_primary_key'
          ? 'primary-key'
          : method === 'create_exclude_constraint'
            ? 'exclude'
            : 'unique',
    deferred: options['postgresql_not_valid'] === 'True' || options['postgresql_using_index'] !== undefined,
  })
}

const execute: AlembicHandler = ({ args, addSql }) => {
  const text = literal(args.at(-1)) ?? literal(/(?:sa\.)?text\(\s*([\s\S]*)\)\s*$/.exec(args.at(-1) ?? '')?.[1])
  if (text !== null) addSql(text)
}

const alembicOperations: Readonly<Record<string, AlembicHandler>> = {
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  add_column: addColumn,
  drop_column: dropColumn,
  alter_column: alterColumn,
  create_index: createIndex,
  drop_index: dropIndex,
  create_foreign_key: createForeignKey,
  create_check_constraint: createConstraint,
  create_unique_constraint: createConstraint,
  create_primary_key: createConstraint,
  create_exclude_constraint: createConstraint,
  execute: execute,
}

type Batch = { at: number; table: string; name: string }

/**
 * `with op.batch_alter_table(…) as name:` and `name = op.batch_alter_table(…)`, however its arguments are written; the table may be a
 * constant of the module.
 */
const batchesIn = (source: string): Batch[] =>
  callsOf(source, /\b(?:[\w.]{1,80}\.)?batch_alter_table\b/).flatMap(call => {
    const given = named(call.args)['table_name'] ?? call.args[0]
    const constant = new RegExp(
      `^${/^\w+$/.exec(given ?? '')?.[0] ?? '(?!)'}\\s*(?::\\s*\\w+\\s*)?=\\s*(["'][\\w.]+["'])`,
      'm',
    ).exec(source)?.[1]
    const table = literal(given) ?? literal(constant)
    const behind = source.slice(endOfBracket(source, source.lastIndexOf('(', call.at), 20_000), call.at + 20_000)
    const name = /^\s*(?:,[^:]*?)?\s*as\s+\(?(\w+)/.exec(behind)?.[1]
    return name ? [{ at: call.at, table: table ?? given ?? '', name }] : []
  })

/** Names under which the module calls Alembic's operations: `from alembic import op as operations`. */
const operatorsIn = (source: string): string[] =>
  [...source.matchAll(/\bfrom\s+alembic\s+import\s+op\s+as\s+(\w+)/g)].map(match => match[1]!)

/** https://alembic.sqlalchemy.org/en/latest/ops.html */
export const readAlembic = (original: string): DslMigration => {
  const blanked = blankComments(original, 'python')
  const down = blanked.search(/^def\s+downgrade\b/m)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const operations: (Operation & { at: number })[] = []
  const sql: DslMigration['sql'] = []
  const [rows, lineAt] = [source.split('\n'), linesOf(source)]
  const batches = batchesIn(source)
  const receivers = [...new Set(['op', ...operatorsIn(source), ...batches.map(({ name }) => name)])]
  for (const call of callsOf(
    source,
    new RegExp(
      `(?<![\\w.])(?:alembic\\.)?(?:${receivers.join('|')})\\.(?:create_table|drop_table|rename_table|add_column|drop_column|alter_column|create_index|drop_index|create_foreign_key|create_check_constraint|create_unique_constraint|create_primary_key|create_exclude_constraint|execute)\\b`,
    ),
  )) {
    const [method = '', receiver = ''] = call.name.split('.').toReversed()
    const batch = batches.findLast(({ at, name }) => at < call.at && name === receiver) ?? null
    const positional = call.args.filter(arg => !/^\w+\s*=(?!=)/.test(arg))
    const options = named(call.args)
    // In a batch the table is not among the arguments.
    const args =
      batch && !/index|constraint|foreign|primary/.test(method) ? [`'${batch.table}'`, ...positional] : positional
    const line = lineAt(call.at)
    const add = (kind: Operation['kind'], table: string | null, more: Partial<Operation> = {}): void => {
      operations.push({ kind, line, table, column: null, text: shorten(rows[line - 1] ?? ''), at: call.at, ...more })
    }
    alembicOperations[method]?.({
      method,
      call,
      args,
      options,
      table: literal(args[0]),
      batch,
      add,
      addSql: text => sql.push({ text, line, at: call.at }),
    })
  }
  return {
    operations: operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql,
    transaction: !/autocommit_block\(\)/.test(source),
  }
}
