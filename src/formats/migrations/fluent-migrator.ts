// Migrations of FluentMigrator (https://fluentmigrator.github.io/intro/quick-start.html), read from their chains of calls.
import { type Call, chainAt, linesOf } from './calls.ts'
import { csharpText, csharpTexts, upMethod } from './csharp.ts'
import { type Collector, collector, type DslMigration } from './javascript.ts'

/** A chain as its first word and its calls: `Alter.Table("a").AddColumn("b")`. */
type Chain = { out: Collector; at: number; calls: readonly Call[]; unread: (why: string) => void }

/** The text that a call of the chain was given; null where there is none. */
const given = (calls: readonly Call[], name: string): string | null =>
  csharpText(calls.find(call => call.name === name)?.args[0])

const has = (calls: readonly Call[], name: RegExp): boolean => calls.some(call => name.test(call.name))

/** What stands behind a column up to the next one: its type and what it must be. */
const columnOf = (calls: readonly Call[]) => {
  const type = calls.find(({ name }) => /^As[A-Z]/.test(name))
  return {
    type: type
      ? `${type.name.slice(2).toLowerCase()}${/^\d+$/.test(type.args[0] ?? '') ? `(${type.args[0]})` : ''}`
      : '',
    notNull: has(calls, /^NotNullable$/) || !has(calls, /^Nullable$/),
    hasDefault: has(calls, /^(?:WithDefault\w*|SetExistingRowsTo)$/),
    volatileDefault:
      has(calls, /^Identity$/) || /NewGuid|NewSequentialId/.test(calls.flatMap(({ args }) => args).join()),
  }
}

/** The calls cut before each one that begins a column. */
const byColumn = (calls: readonly Call[], begins: RegExp): Call[][] =>
  calls.reduce<Call[][]>((parts, call) => {
    if (begins.test(call.name)) parts.push([call])
    else parts.at(-1)?.push(call)
    return parts
  }, [])

const columnChange = (
  { out, at }: Chain,
  kind: 'add-column' | 'change-type',
  table: string | null,
  calls: Call[],
): void => {
  const column = csharpText(calls[0]?.args[0])
  out.add(at, kind, table, { column, ...columnOf(calls) })
  if (kind === 'add-column' && has(calls, /^Unique$/)) out.add(at, 'add-constraint', table, { constraint: 'unique' })
  if (kind === 'add-column' && has(calls, /^ForeignKey$/))
    out.add(at, 'add-constraint', table, { constraint: 'foreign-key' })
}

const creates = (chain: Chain): void => {
  const { out, at, calls } = chain
  const on = given(calls, 'OnTable')
  const [first] = calls
  if (first?.name === 'Table') out.add(at, 'create-table', csharpText(first.args[0]))
  else if (first?.name === 'Column') columnChange(chain, 'add-column', on, [...calls])
  else if (first?.name === 'Index')
    out.add(at, 'add-index', on, {
      unique: has(calls, /^Unique$/),
      on: calls.filter(({ name }) => name === 'OnColumn').flatMap(({ args }) => csharpTexts(args[0])),
    })
  else if (first?.name === 'ForeignKey')
    out.add(at, 'add-constraint', given(calls, 'FromTable'), {
      constraint: 'foreign-key',
      references: given(calls, 'ToTable') ?? '',
    })
  else if (first?.name === 'UniqueConstraint') out.add(at, 'add-constraint', on, { constraint: 'unique' })
  else if (first?.name === 'PrimaryKey') out.add(at, 'add-constraint', on, { constraint: 'primary-key' })
}

const deletes = ({ out, at, calls }: Chain): void => {
  const [first] = calls
  const from = given(calls, 'FromTable')
  if (first?.name === 'Table') out.add(at, 'drop-table', csharpText(first.args[0]))
  else if (first?.name === 'Column')
    for (const { args } of calls.filter(({ name }) => name === 'Column'))
      out.add(at, 'drop-column', from, { column: csharpText(args[0]) })
  else if (first?.name === 'FromTable') out.add(at, has(calls, /^AllRows$/) ? 'truncate' : 'data', from)
  else out.add(at, 'other', from)
}

const renames = ({ out, at, calls }: Chain): void => {
  const to = given(calls, 'To') ?? ''
  const [first] = calls
  if (first?.name === 'Table') out.add(at, 'rename-table', csharpText(first.args[0]), { to })
  else if (first?.name === 'Column')
    out.add(at, 'rename-column', given(calls, 'OnTable'), { column: csharpText(first.args[0]), to })
}

const alters = (chain: Chain): void => {
  const { calls } = chain
  const [first, ...rest] = calls
  if (first?.name === 'Column') columnChange(chain, 'change-type', given(calls, 'OnTable'), [...calls])
  if (first?.name !== 'Table') return
  for (const column of byColumn(rest, /^(?:AddColumn|AlterColumn)$/))
    columnChange(
      chain,
      column[0]?.name === 'AddColumn' ? 'add-column' : 'change-type',
      csharpText(first.args[0]),
      column,
    )
}

const executes = ({ out, at, calls, unread }: Chain): void => {
  const [first] = calls
  const sql = first?.name === 'Sql' ? csharpText(first.args[0]) : null
  if (sql === null) unread(`Execute.${first?.name ?? ''}(${(first?.args[0] ?? '').slice(0, 60)})`)
  else out.raw(at, sql)
}

const begins: Readonly<Record<string, (chain: Chain) => void>> = {
  Create: creates,
  Delete: deletes,
  Rename: renames,
  Alter: alters,
  Execute: executes,
  Update: ({ out, at, calls }) => out.add(at, 'data', csharpText(calls[0]?.args[0])),
}

/** Reads a migration of FluentMigrator. */
export const readFluentMigrator = (original: string): DslMigration => {
  const source = upMethod(original)
  const out = collector(source)
  const unread: NonNullable<DslMigration['unread']> = []
  const lineOf = linesOf(source)
  // Chains begin with a word of the tool, behind a condition on the database too: `IfDatabase("postgres").Create…`.
  for (const match of source.matchAll(/\b(Create|Delete|Rename|Alter|Execute|Update)(?=\s*\.)/g)) {
    const { calls } = chainAt(source, match.index + match[0].length)
    begins[match[1]!]!({
      out,
      at: match.index,
      calls,
      unread: text => unread.push({ line: lineOf(match.index), text }),
    })
  }
  return {
    operations: out.operations.map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    unread,
    transaction: !/\bTransactionBehavior\.None\b/.test(original),
  }
}
