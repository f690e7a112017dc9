// Migrations of Sequelize, read from their calls.
import { blankComments, type Call, chainAt, literal, literals } from './calls.ts'
import { type Collector, collector, type DslMigration, upPart } from './javascript.ts'

const tableOf = (text: string | undefined): string | null =>
  literal(text) ?? (text ? (/tableName\s*:\s*['"`](\w+)/.exec(text)?.[1] ?? null) : null)

/** One call of the query interface; `options` are its arguments behind the table, as text. */
type SequelizeCall = {
  out: Collector
  at: number
  calls: readonly Call[]
  call: Call
  table: string | null
  options: string
  notNull: boolean
}

type SequelizeHandler = (call: SequelizeCall) => void

const seqCreateTable: SequelizeHandler = ({ out, at, table }) => {
  out.add(at, 'create-table', table)
}

const seqDropTable: SequelizeHandler = ({ out, at, table }) => {
  out.add(at, 'drop-table', table)
}

const seqRenameTable: SequelizeHandler = ({ out, at, call, table }) => {
  out.add(at, 'rename-table', table, { to: literal(call.args[1]) ?? '' })
}

const seqAddColumn: SequelizeHandler = ({ out, at, call, table, options, notNull }) => {
  out.add(at, 'add-column', table, {
    column: literal(call.args[1]),
    notNull,
    hasDefault: /defaultValue\s*:(?!\s*null)/.test(options),
    volatileDefault: /autoIncrement\s*:\s*true|gen_random_uuid|uuid_generate/.test(options),
  })
  if (/unique\s*:\s*true/.test(options)) out.add(at, 'add-constraint', table, { constraint: 'unique' })
}

const seqRemoveColumn: SequelizeHandler = ({ out, at, call, table }) => {
  out.add(at, 'drop-column', table, { column: literal(call.args[1]) })
}

const seqRenameColumn: SequelizeHandler = ({ out, at, call, table }) => {
  out.add(at, 'rename-column', table, { column: literal(call.args[1]), to: literal(call.args[2]) ?? '' })
}

const seqChangeColumn: SequelizeHandler = ({ out, at, call, table, options, notNull }) => {
  if (/Sequelize\.ENUM|DataTypes\.ENUM/.test(options))
    out.add(at, 'enum-change', table, { column: literal(call.args[1]) })
  else
    out.add(at, 'change-type', table, {
      column: literal(call.args[1]),
      type: /type\s*:\s*(?:Sequelize|DataTypes)\.([\w.()\d]+)/.exec(options)?.[1]?.toLowerCase() ?? '',
      notNull,
    })
}

/** The same call with `concurrently: true` among its options. */
const concurrentIndex = ({ args }: Call): string => {
  const flat = args.map(arg => arg.replace(/\s+/g, ' '))
  const at = flat.findIndex(arg => arg.startsWith('{'))
  const options =
    at < 0 ? [...flat, '{ concurrently: true }'] : flat.with(at, flat[at]!.replace('{', '{ concurrently: true,'))
  return `queryInterface.addIndex(${options.join(', ')})`
}

const seqAddIndex: SequelizeHandler = ({ out, at, call, table, options }) => {
  out.add(at, 'add-index', table, {
    concurrent: /concurrently\s*:\s*true/.test(options),
    on: literals(call.args[1]),
    unique: /unique\s*:\s*true/.test(options),
    safe: [concurrentIndex(call)],
  })
}

const seqAddConstraint: SequelizeHandler = ({ out, at, table, options }) => {
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
}

const seqBulkUpdate: SequelizeHandler = ({ out, at, table }) => {
  out.add(at, 'data', table)
}

const seqSequelize: SequelizeHandler = ({ out, calls }) => {
  if (calls[1]?.name === 'query') out.raw(calls[1].at, literal(calls[1].args[0]))
}

const sequelizeCalls: Readonly<Record<string, SequelizeHandler>> = {
  createTable: seqCreateTable,
  dropTable: seqDropTable,
  renameTable: seqRenameTable,
  addColumn: seqAddColumn,
  removeColumn: seqRemoveColumn,
  renameColumn: seqRenameColumn,
  changeColumn: seqChangeColumn,
  addIndex: seqAddIndex,
  addConstraint: seqAddConstraint,
  bulkUpdate: seqBulkUpdate,
  bulkDelete: seqBulkUpdate,
  sequelize: seqSequelize,
}

/** Names of the query interface: as always, or as the parameters of `up` call it (`{ context: q }` of umzug). */
const receiversIn = (source: string): string[] => [
  'queryInterface',
  'context',
  ...[
    ...source.matchAll(
      /\bcontext\s*:\s*(\w+)\s*[,}]|\bup\s*(?:[:=]\s*)?(?:async\s+)?(?:function\s*)?\(\s*(\w+)\s*[,):]/g,
    ),
  ].flatMap(([, alias, parameter]) => alias ?? parameter ?? []),
]

/** https://sequelize.org/docs/v6/other-topics/query-interface/ */
export const readSequelize = (original: string): DslMigration => {
  const source = upPart(blankComments(original, 'javascript'))
  const out = collector(source)
  for (const match of source.matchAll(new RegExp(`\\b(?:${receiversIn(source).join('|')})(?=\\s*\\.)`, 'g'))) {
    const { calls } = chainAt(source, match.index + match[0].length)
    const call = calls[0]
    if (!call) continue
    const at = match.index
    const table = tableOf(call.args[0])
    const options = call.args.slice(1).join(' ')
    const notNull = /allowNull\s*:\s*false/.test(options)
    if (Object.hasOwn(sequelizeCalls, call.name))
      sequelizeCalls[call.name]!({ out, at, calls, call, table, options, notNull })
  }
  return {
    operations: out.operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    transaction: /sequelize\.transaction\s*\(/.test(source),
  }
}
