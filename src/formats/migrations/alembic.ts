// Migrations of Alembic, read from their calls.
import { blankComments, type Call, callsOf, linesOf, literal, literals, named } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

const columnOf = (
  text: string | undefined,
): { name: string | null; type: string; notNull: boolean; hasDefault: boolean; volatile: boolean } => {
  const call: Call | undefined = text ? callsOf(text, /(?:sa\.|sqlmodel\.)?Column/)[0] : undefined
  const options = named(call?.args ?? [])
  const standard = options['server_default'] ?? ''
  return {
    name: literal(call?.args[0]),
    type:
      call?.args[1]
        ?.replace(/^(?:sa|postgresql|sqlmodel\.sql\.sqltypes|sqlmodel)\./, '')
        .replace(/\(\)$/, '')
        .toLowerCase() ?? '',
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
      type: (one.args[1] ?? '').replace(/^sa\./, '').replace(/\(\)$/, '').toLowerCase(),
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
      type: options['type_']
        .replace(/^(?:sa|postgresql)\./, '')
        .replace(/\(\)$/, '')
        .toLowerCase(),
    })
  if (options['nullable'] === 'False') add('set-not-null', table, { column })
}

const createIndex: AlembicHandler = ({ args, options, batch, add }) => {
  add('add-index', batch?.table ?? literal(args[1]), {
    concurrent: options['postgresql_concurrently'] === 'True',
    unique: options['unique'] === 'True',
    on: literals(batch ? args[1] : args[2]),
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
      method === 'create_check_constraint' ? 'check' : method === 'create_primary_key' ? 'primary-key' : 'unique',
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
  execute: execute,
}

/** https://alembic.sqlalchemy.org/en/latest/ops.html */
export const readAlembic = (original: string): DslMigration => {
  const blanked = blankComments(original, 'python')
  const down = blanked.search(/^def\s+downgrade\b/m)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const operations: (Operation & { at: number })[] = []
  const sql: DslMigration['sql'] = []
  const batches = [...source.matchAll(/batch_alter_table\(\s*(["'])(\w+)\1[^()]{0,500}\)\s*as\s+(\w+)/g)].map(
    match => ({
      at: match.index,
      table: match[2]!,
      name: match[3]!,
    }),
  )
  const [rows, lineAt] = [source.split('\n'), linesOf(source)]
  for (const call of callsOf(
    source,
    /\b(?:op|batch_op|\w{0,40}batch\w{0,40})\.(?:create_table|drop_table|rename_table|add_column|drop_column|alter_column|create_index|drop_index|create_foreign_key|create_check_constraint|create_unique_constraint|create_primary_key|execute)\b/,
  )) {
    const [receiver = '', method = ''] = call.name.split('.')
    const batch =
      receiver === 'op' ? null : (batches.findLast(({ at, name }) => at < call.at && name === receiver) ?? null)
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
