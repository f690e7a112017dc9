// Migrations of Entity Framework Core (https://learn.microsoft.com/ef/core/managing-schemas/migrations/operations), read from their calls.
import { type Call, chainAt, linesOf, splitArguments } from './calls.ts'
import { csharpNamed, csharpText, csharpTexts, upMethod } from './csharp.ts'
import { type Collector, collector, type DslMigration } from './javascript.ts'
import type { Operation } from './model.ts'

/** One call of the builder with its arguments by name, and the calls that follow it (annotations). */
type EfCall = {
  out: Collector
  at: number
  given: Record<string, string>
  table: string | null
  column: string | null
  annotations: readonly Call[]
}

type EfHandler = (call: EfCall) => void

const isFalse = (given: string | undefined): boolean => given?.trim() === 'false'

/** A value that the database makes for every row: a sequence, an identity, a function. */
const isComputed = (given: Record<string, string>, annotations: readonly Call[]): boolean =>
  given['computedColumnSql'] !== undefined ||
  /uuid|random|newid|nextval/i.test(given['defaultValueSql'] ?? '') ||
  annotations.some(({ args }) => /ValueGenerationStrategy|Identity|AutoIncrement/i.test(args[0] ?? ''))

const addColumn: EfHandler = ({ out, at, given, table, column, annotations }) =>
  out.add(at, 'add-column', table, {
    column,
    type: csharpText(given['type']) ?? '',
    notNull: isFalse(given['nullable']),
    hasDefault: given['defaultValue'] !== undefined || given['defaultValueSql'] !== undefined,
    volatileDefault: isComputed(given, annotations),
  })

/** The change names what the column was: only what differs is done. */
const alterColumn: EfHandler = ({ out, at, given, table, column }) => {
  const [type, was] = [csharpText(given['type']), csharpText(given['oldType'])]
  const isRequired = isFalse(given['nullable']) && given['oldNullable']?.trim() === 'true'
  if (type !== null && type !== was)
    out.add(at, 'change-type', table, { column, type, ...(was ? { was } : {}), notNull: isRequired })
  else if (isRequired) out.add(at, 'set-not-null', table, { column })
  else out.add(at, 'other', table, { column })
}

const columnsOf = (given: string | undefined): NonNullable<Operation['columns']> =>
  [...(given ?? '').matchAll(/\b(\w+)\s*=\s*\w+\.Column<[^<>()]{1,80}>\(([^()]{0,400})/g)].map(([, name, args]) => ({
    name: name!,
    type: csharpText(csharpNamed(splitArguments(args!))['type']) ?? '',
  }))

const createIndex: EfHandler = ({ out, at, given, table, annotations }) =>
  out.add(at, 'add-index', table, {
    on: csharpTexts(given['columns'] ?? given['column']),
    unique: given['unique']?.trim() === 'true',
    concurrent: annotations.some(({ args }) => /CreatedConcurrently/.test(args[0] ?? '') && args[1] === 'true'),
    ...(csharpText(given['name']) ? { name: csharpText(given['name'])! } : {}),
  })

const constraint =
  (kind: NonNullable<Operation['constraint']>): EfHandler =>
  ({ out, at, given, table }) =>
    out.add(at, 'add-constraint', table, {
      constraint: kind,
      on: csharpTexts(given['columns'] ?? given['column']),
      ...(csharpText(given['principalTable']) ? { references: csharpText(given['principalTable'])! } : {}),
    })

const rows: EfHandler = ({ out, at, table }) => out.add(at, 'data', table)
const harmless: EfHandler = ({ out, at, table }) => out.add(at, 'other', table)

const efCalls: Readonly<Record<string, EfHandler>> = {
  AddColumn: addColumn,
  AlterColumn: alterColumn,
  DropColumn: ({ out, at, table, column }) => out.add(at, 'drop-column', table, { column }),
  RenameColumn: ({ out, at, given, table, column }) =>
    out.add(at, 'rename-column', table, { column, to: csharpText(given['newName']) ?? '' }),
  CreateTable: ({ out, at, given }) =>
    out.add(at, 'create-table', csharpText(given['name']), { columns: columnsOf(given['columns']) }),
  DropTable: ({ out, at, given }) => out.add(at, 'drop-table', csharpText(given['name'])),
  RenameTable: ({ out, at, given }) =>
    out.add(at, 'rename-table', csharpText(given['name']), { to: csharpText(given['newName']) ?? '' }),
  CreateIndex: createIndex,
  DropIndex: ({ out, at, given, table }) => out.add(at, 'drop-index', table, { name: csharpText(given['name']) ?? '' }),
  AddForeignKey: constraint('foreign-key'),
  AddPrimaryKey: constraint('primary-key'),
  AddUniqueConstraint: constraint('unique'),
  AddCheckConstraint: constraint('check'),
  InsertData: harmless,
  UpdateData: rows,
  DeleteData: rows,
  Sql: ({ out, at, given }) => out.raw(at, csharpText(given['sql'])),
}

/** Names of what a call leaves out, by its place: `Sql("…")`. */
const firstOf: Readonly<Record<string, string>> = { Sql: 'sql', DropTable: 'name' }

/** What neither locks a table for long nor loses anything. */
const besides =
  /^(?:Drop(?:ForeignKey|PrimaryKey|UniqueConstraint|CheckConstraint|Schema|Sequence)|RenameIndex|RenameSequence|Ensure\w+|Create(?:Sequence)|Alter(?:Database|Sequence|Table)|RestartSequence)$/

/** Reads a migration of Entity Framework Core. */
export const readEntityFramework = (original: string): DslMigration => {
  const source = upMethod(original)
  const out = collector(source)
  const lineOf = linesOf(source)
  const unread: NonNullable<DslMigration['unread']> = []
  const builder =
    /\bvoid\s{1,20}Up\s{0,20}\(\s{0,20}MigrationBuilder\s{1,20}(\w+)/.exec(original)?.[1] ?? 'migrationBuilder'
  for (const match of source.matchAll(new RegExp(`\\b${builder}(?=\\s*\\.)`, 'g'))) {
    const at = match.index
    const { calls } = chainAt(source, at + builder.length)
    const [call, ...annotations] = calls
    if (!call) continue
    const [first = ''] = call.args
    const given = csharpNamed(call.args)
    if (firstOf[call.name] && !/^\w+\s*:(?!:)/.test(first)) given[firstOf[call.name]!] = first
    const [table, column] = [csharpText(given['table']), csharpText(given['name'])]
    const handler = Object.hasOwn(efCalls, call.name) ? efCalls[call.name]! : besides.test(call.name) ? harmless : null
    const before = out.sql.length
    handler?.({ out, at, given, table, column, annotations })
    if (handler === null || (call.name === 'Sql' && out.sql.length === before))
      unread.push({
        line: lineOf(at),
        text: `${builder}.${call.name}(${first.slice(0, 60)})`,
      })
  }
  return {
    operations: out.operations.map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    unread,
    // The provider leaves the transaction for an index that is made concurrently, as for what says so.
    transaction: !/suppressTransaction\s*:\s*true|CreatedConcurrently/.test(source),
  }
}
