// Migrations of TypeORM, read from their calls.
import { blankComments, type Call, chainAt, literal } from './calls.ts'
import { type Collector, collector, type DslMigration, upPart } from './javascript.ts'

/** One call of the query runner; `options` are its arguments behind the table, as text. */
type TypeormCall = {
  out: Collector
  at: number
  call: Call
  table: string | null
  column: string | null
  options: string
}

type TypeormHandler = (call: TypeormCall) => void

const typeormQuery: TypeormHandler = ({ out, call }) => {
  out.raw(call.at, literal(call.args[0]))
}

const typeormCreateTable: TypeormHandler = ({ out, at, table }) => {
  out.add(at, 'create-table', table)
}

const typeormDropTable: TypeormHandler = ({ out, at, table }) => {
  out.add(at, 'drop-table', table)
}

const typeormClearTable: TypeormHandler = ({ out, at, table }) => {
  out.add(at, 'truncate', table)
}

const typeormRenameTable: TypeormHandler = ({ out, at, call, table }) => {
  out.add(at, 'rename-table', table, { to: literal(call.args[1]) ?? '' })
}

const typeormAddColumn: TypeormHandler = ({ out, at, table, column, options }) => {
  // TableColumn is not nullable unless it says so.
  out.add(at, 'add-column', table, {
    column,
    notNull: !/isNullable\s*:\s*true/.test(options),
    hasDefault: /\bdefault\s*:|isGenerated\s*:\s*true/.test(options),
    volatileDefault: /isGenerated\s*:\s*true|default\s*:[^,}]*(?:uuid|random)/.test(options),
  })
}

const typeormDropColumn: TypeormHandler = ({ out, at, table, column }) => {
  out.add(at, 'drop-column', table, { column })
}

const typeormRenameColumn: TypeormHandler = ({ out, at, call, table, column }) => {
  out.add(at, 'rename-column', table, { column, to: literal(call.args[2]) ?? '' })
}

const typeormChangeColumn: TypeormHandler = ({ out, at, table, column, options }) => {
  out.add(at, 'change-type', table, { column, type: /type\s*:\s*['"`]([\w() ,]+)/.exec(options)?.[1] ?? '' })
}

const typeormCreateIndex: TypeormHandler = ({ out, at, call, table, options }) => {
  const concurrent = /isConcurrent\s*:\s*true/.test(options)
  const text = call.args.join(', ').replace(/\s+/g, ' ')
  const safe =
    text.includes('{') && !concurrent ? [`queryRunner.createIndex(${text.replace('{', '{ isConcurrent: true,')})`] : []
  out.add(at, 'add-index', table, { concurrent, safe })
}

const typeormCreateForeignKey: TypeormHandler = ({ out, at, table }) => {
  out.add(at, 'add-constraint', table, { constraint: 'foreign-key' })
}

const typeormCreateUniqueConstraint: TypeormHandler = ({ out, at, table }) => {
  out.add(at, 'add-constraint', table, { constraint: 'unique' })
}

const typeormCreateCheckConstraint: TypeormHandler = ({ out, at, table }) => {
  out.add(at, 'add-constraint', table, { constraint: 'check' })
}

const typeormCalls: Readonly<Record<string, TypeormHandler>> = {
  query: typeormQuery,
  createTable: typeormCreateTable,
  dropTable: typeormDropTable,
  clearTable: typeormClearTable,
  renameTable: typeormRenameTable,
  addColumn: typeormAddColumn,
  addColumns: typeormAddColumn,
  dropColumn: typeormDropColumn,
  dropColumns: typeormDropColumn,
  renameColumn: typeormRenameColumn,
  changeColumn: typeormChangeColumn,
  createIndex: typeormCreateIndex,
  createIndices: typeormCreateIndex,
  createForeignKey: typeormCreateForeignKey,
  createForeignKeys: typeormCreateForeignKey,
  createUniqueConstraint: typeormCreateUniqueConstraint,
  createCheckConstraint: typeormCreateCheckConstraint,
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
    if (Object.hasOwn(typeormCalls, call.name)) typeormCalls[call.name]!({ out, at, call, table, column, options })
  }
  return {
    operations: out.operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    transaction: !/\btransaction\s*=\s*false/.test(original),
  }
}
