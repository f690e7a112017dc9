// Changelogs of Liquibase (https://docs.liquibase.com/concepts/changelogs/home.html) in XML, YAML, JSON and SQL: each changeset is a migration of
// its own, with its own transaction.
import { SaxesParser } from 'saxes'
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { yamlRefusal } from '../yaml-bounds.ts'
import { linesOf } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Dialect, type Operation, type Part, shorten } from './model.ts'

/** A change as its name and what it is given, whichever way it is written. */
type Change = {
  name: string
  line: number
  given: Record<string, string>
  columns: Record<string, string>[]
  text: string
}

/** A changeset: what it is run with, and what it does. */
type Changeset = { given: Record<string, string>; changes: Change[] }

const isFormattedSql = (text: string): boolean => /^\s*--\s*liquibase formatted sql/i.test(text.slice(0, 400))
const isXml = (text: string): boolean => /^\s*</.test(text)

/** Whether a text of a changelog, or of one changeset, is SQL. */
export const isLiquibaseSql = (text: string): boolean => isFormattedSql(text) || /^\s*--\s*changeset\s/i.test(text)

/** Comments of XML blanked. */
const withoutComments = (text: string): string => {
  let out = ''
  let from = 0
  for (let open = text.indexOf('<!--'); open >= 0; open = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', open + 4)
    const to = end < 0 ? text.length : end + 3
    out += text.slice(from, open) + text.slice(open, to).replace(/[^\n]/g, ' ')
    from = to
  }
  return out + text.slice(from)
}

const inXml = (original: string): Part[] => {
  const text = withoutComments(original)
  const lineOf = linesOf(text)
  const parts: Part[] = []
  for (let from = text.indexOf('<changeSet'); from >= 0; ) {
    const end = text.indexOf('</changeSet>', from)
    if (end < 0) break
    const own = text.slice(from, end + '</changeSet>'.length)
    const head = own.slice(0, own.indexOf('>'))
    const id = ['id', 'author'].map(
      name => new RegExp(`\\s${name}\\s{0,9}=\\s{0,9}["']([^"']{0,200})`).exec(head)?.[1] ?? '',
    )
    parts.push({ id: id.join(':'), text: own, line: lineOf(from) })
    from = text.indexOf('<changeSet', end)
  }
  return parts
}

const inSql = (text: string): Part[] => {
  const lineOf = linesOf(text)
  const heads = [...text.matchAll(/^--[ \t]{0,20}changeset[ \t]{1,20}(\S{1,300})/gim)]
  return heads.map((head, at) => ({
    id: head[1]!,
    text: text.slice(head.index, heads[at + 1]?.index),
    line: lineOf(head.index),
  }))
}

/** A text of YAML or JSON with its lines; null where it is refused or none. */
const documentOf = (text: string) => {
  if (yamlRefusal(text) !== null) return null
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  })
  return document.errors.length > 0 ? null : { document, lineOf: (at: number) => lines.linePos(at).line }
}

const inYaml = (text: string): Part[] => {
  const read = documentOf(text)
  const root = read?.document.contents
  const list = isMap(root) ? root.get('databaseChangeLog') : null
  if (!read || !isSeq(list)) return []
  return list.items.flatMap(item => {
    const own = isMap(item) ? item.get('changeSet', true) : null
    if (!isMap(own) || !own.range) return []
    const [from, to] = own.range
    const indent = ' '.repeat(from - text.lastIndexOf('\n', from - 1) - 1)
    const id = ['id', 'author'].map(name => String(own.get(name) ?? ''))
    return [{ id: id.join(':'), text: indent + text.slice(from, to), line: read.lineOf(from) }]
  })
}

/** The changesets of a changelog, each at its lines; none where it holds none. */
export const changesetsOf = (text: string): Part[] => {
  if (isFormattedSql(text)) return inSql(text)
  return isXml(text) ? inXml(text) : inYaml(text)
}

const wordsOf = (name: string): string => name.replace(/^\w+:/, '')

const isAside = (name: string): boolean => name === 'rollback' || name === 'preConditions'

/** What XML says of one changeset. */
const readXml = (text: string): Changeset => {
  const set: Changeset = { given: {}, changes: [] }
  const parser = new SaxesParser({ xmlns: false, position: true, fragment: true })
  const open: string[] = []
  /** How many elements are open that say when a changeset runs, or how it is taken back. */
  let aside = 0
  let change: Change | null = null
  parser.on('error', () => {})
  parser.on('opentag', ({ name, attributes }) => {
    const own = wordsOf(name)
    const given = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]))
    if (isAside(own)) aside += 1
    if (open.length === 0) set.given = given
    else if (open.length === 1 && aside === 0) {
      change = { name: own, line: parser.line, given, columns: [], text: '' }
      set.changes.push(change)
    } else if (change && own === 'column') change.columns.push({ ...given })
    else if (change && own === 'constraints') Object.assign(change.columns.at(-1) ?? {}, given)
    open.push(own)
  })
  const take = (piece: string): void => {
    if (change && open.length === 2) change.text += piece
  }
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', () => {
    if (isAside(open.pop() ?? '')) aside -= 1
    if (open.length <= 1) change = null
  })
  parser.write(text).close()
  return set
}

/** Flat values of a map as text; a map below them stays out. */
const flat = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, one]) =>
          typeof one === 'object' ? [] : [[key, String(one)] as [string, string]],
        ),
      )
    : {}

const columnsGiven = (value: unknown): Record<string, string>[] =>
  (Array.isArray(value) ? value : []).flatMap(one => {
    const column = (one as { column?: unknown } | null)?.column
    return column ? [{ ...flat(column), ...flat((column as { constraints?: unknown }).constraints) }] : []
  })

/** What YAML or JSON says of one changeset. */
const readMap = (text: string): Changeset => {
  const read = documentOf(text)
  const root = read?.document.contents
  if (!read || !isMap(root)) return { given: {}, changes: [] }
  const value = read.document.toJS({ maxAliasCount: 50 }) as Record<string, unknown>
  const list = root.get('changes')
  const nodes: readonly unknown[] = isSeq(list) ? list.items : []
  const values = Array.isArray(value['changes']) ? (value['changes'] as unknown[]) : []
  const changes = values.flatMap((one, at): Change[] => {
    const [name, own] = Object.entries((one ?? {}) as Record<string, unknown>)[0] ?? []
    if (name === undefined) return []
    const given = typeof own === 'string' ? { sql: own } : flat(own)
    const columns = columnsGiven((own as { columns?: unknown } | null)?.columns)
    const line = read.lineOf((nodes[at] as Node | undefined)?.range?.[0] ?? 0)
    return [{ name, line, given, columns, text: given['sql'] ?? '' }]
  })
  return { given: flat(value), changes }
}

type Reading = { operations: Operation[]; sql: DslMigration['sql']; unread: NonNullable<DslMigration['unread']> }
type Handler = (
  change: Change,
  add: (kind: Operation['kind'], more?: Partial<Operation>, table?: string) => void,
) => void

const listed = (given: string | undefined): string[] =>
  (given ?? '')
    .split(',')
    .map(one => one.trim())
    .filter(Boolean)
const isYes = (given: string | undefined): boolean => given?.toLowerCase() === 'true'
const isNo = (given: string | undefined): boolean => given?.toLowerCase() === 'false'

/** A column as it is added: what it must be, and what it is filled with. */
const addedColumn = (column: Record<string, string>): Partial<Operation> => {
  const defaults = Object.keys(column).filter(key => /^(?:defaultValue|value)/.test(key))
  return {
    column: column['name'] ?? null,
    type: column['type'] ?? '',
    notNull: isNo(column['nullable']),
    hasDefault: defaults.length > 0,
    volatileDefault: isYes(column['autoIncrement']) || /random|uuid/i.test(column['defaultValueComputed'] ?? ''),
  }
}

const addsColumns: Handler = ({ columns }, add) => {
  for (const column of columns) {
    add('add-column', addedColumn(column))
    if (isYes(column['unique'])) add('add-constraint', { constraint: 'unique', on: [column['name'] ?? ''] })
    if (column['references'] || column['referencedTableName'])
      add('add-constraint', { constraint: 'foreign-key', on: [column['name'] ?? ''] })
    // A value for the rows that are there is an update of all of them.
    if (Object.keys(column).some(key => /^value/.test(key))) add('data')
  }
}

const constraint =
  (kind: NonNullable<Operation['constraint']>): Handler =>
  ({ given }, add) =>
    add(
      'add-constraint',
      {
        constraint: kind,
        on: listed(given['columnNames'] ?? given['baseColumnNames']),
        ...(given['referencedTableName'] ? { references: given['referencedTableName'] } : {}),
        ...(isNo(given['validate']) ? { deferred: true } : {}),
      },
      given['baseTableName'],
    )

const handlers: Readonly<Record<string, Handler>> = {
  createTable: ({ columns }, add) =>
    add('create-table', { columns: columns.map(({ name = '', type = '' }) => ({ name, type })) }),
  dropTable: (_change, add) => add('drop-table'),
  renameTable: ({ given }, add) => add('rename-table', { to: given['newTableName'] ?? '' }, given['oldTableName']),
  addColumn: addsColumns,
  dropColumn: ({ given, columns }, add) => {
    for (const name of [given['columnName'], ...columns.map(one => one['name'])])
      if (name) add('drop-column', { column: name })
  },
  renameColumn: ({ given }, add) =>
    add('rename-column', { column: given['oldColumnName'] ?? null, to: given['newColumnName'] ?? '' }),
  modifyDataType: ({ given }, add) =>
    add('change-type', { column: given['columnName'] ?? null, type: given['newDataType'] ?? '' }),
  addNotNullConstraint: ({ given }, add) => {
    if (given['defaultNullValue'] !== undefined) add('data')
    add('set-not-null', { column: given['columnName'] ?? null, ...(isNo(given['validate']) ? { deferred: true } : {}) })
  },
  createIndex: ({ given, columns }, add) =>
    add('add-index', {
      unique: isYes(given['unique']),
      on: columns.flatMap(one => one['name'] ?? []),
      ...(given['indexName'] ? { name: given['indexName'] } : {}),
    }),
  dropIndex: ({ given }, add) => add('drop-index', { name: given['indexName'] ?? '' }),
  addUniqueConstraint: constraint('unique'),
  addPrimaryKey: constraint('primary-key'),
  addForeignKeyConstraint: constraint('foreign-key'),
  addLookupTable: ({ given }, add) => add('create-table', {}, given['newTableName']),
  update: (_change, add) => add('data'),
  delete: (_change, add) => add('data'),
  mergeColumns: ({ given }, add) => {
    for (const name of [given['column1Name'], given['column2Name']]) if (name) add('drop-column', { column: name })
  },
}

/** Changes that neither lock a table for long nor lose anything that stands. */
const besides =
  /^(?:drop(?:NotNullConstraint|ForeignKeyConstraint|AllForeignKeyConstraints|UniqueConstraint|PrimaryKey|DefaultValue|View|Sequence|Procedure)|addDefaultValue|insert|load(?:Update)?Data|create(?:View|Sequence|Procedure)|alterSequence|rename(?:View|Sequence)|set(?:Table|Column)Remarks|tagDatabase|output|empty|comment|stop|validCheckSum|modifySql|property)$/

/** Whether a list of databases (`dbms`) leaves this one out. */
const leavesOut = (dbms: string | undefined, dialect: Dialect | null): boolean => {
  if (!dbms || dialect === null) return false
  const names = listed(dbms.toLowerCase())
  const own = dialect === 'mysql' ? ['mysql', 'mariadb', 'all'] : [dialect, 'all']
  return names.some(name => name.startsWith('!'))
    ? own.some(name => names.includes(`!${name}`))
    : !own.some(name => names.includes(name))
}

const readChange = (reading: Reading, change: Change, dialect: Dialect | null): void => {
  const { name, line, given } = change
  if (leavesOut(given['dbms'], dialect) || besides.test(name)) return
  const text = shorten(
    `${name} ${Object.entries(given)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ')}`,
  )
  if (name === 'sql') {
    reading.sql.push({ text: change.text.trim(), line, at: line })
    return
  }
  const handler = Object.hasOwn(handlers, name) ? handlers[name]! : null
  if (handler === null) reading.unread.push({ line, text })
  handler?.(change, (kind, more = {}, table = given['tableName']) =>
    reading.operations.push({ kind, line, table: table ?? null, column: null, text, ...more }),
  )
}

/** Reads one changeset in XML, YAML or JSON. */
export const readLiquibase = (text: string, dialect: Dialect | null): DslMigration => {
  const { given, changes } = isXml(text) ? readXml(text) : readMap(text)
  const reading: Reading = { operations: [], sql: [], unread: [] }
  if (!leavesOut(given['dbms'], dialect)) for (const change of changes) readChange(reading, change, dialect)
  return { ...reading, transaction: !isNo(given['runInTransaction']) }
}

/** Whether a changeset in SQL runs within a transaction. */
export const isLiquibaseWithin = (text: string): boolean =>
  !/^\s*--\s{0,20}changeset\s[^\n]*runInTransaction\s*:\s*"?false/i.test(text)
