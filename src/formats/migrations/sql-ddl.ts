// The DDL shapes of MySQL and SQLite that matter to a running product, read from their words. What is not one of them is left alone; a
// statement that does not begin like SQL is named.
import { type Operation, plainName, type ReadMigration, shorten, type Unread } from './model.ts'
import { clauses, copyOf } from './sql-copy.ts'
import { type SqlStatement, type SqlToken, splitSql } from './sql-statements.ts'

type Base = Pick<Operation, 'line' | 'text'>

/** Reads names and words one after another. */
const reader = (tokens: readonly SqlToken[]) => {
  let at = 0
  const peek = (ahead = 0): string => tokens[at + ahead]?.word ?? ''
  const take = (...words: string[]): boolean => {
    if (!words.every((word, index) => peek(index) === word)) return false
    at += words.length
    return true
  }
  const name = (): string => {
    let text = tokens[at]?.text ?? ''
    at += 1
    while (tokens[at]?.text === '.') {
      text += `.${tokens[at + 1]?.text ?? ''}`
      at += 2
    }
    return plainName(text)
  }
  return {
    peek,
    take,
    name,
    rest: () => tokens.slice(at),
    done: () => at >= tokens.length,
    skip: (count = 1) => {
      at += count
    },
  }
}

const words = (tokens: readonly SqlToken[]): string => tokens.map(({ word, text }) => word || text).join(' ')

/** Words that end the type of a column. */
const afterType =
  /^(?:NOT|NULL|DEFAULT|PRIMARY|UNIQUE|CHECK|REFERENCES|COLLATE|GENERATED|AS|AUTO_INCREMENT|AUTOINCREMENT|COMMENT|AFTER|FIRST|CONSTRAINT|ON|CHARACTER|CHARSET|VIRTUAL|STORED|KEY|INVISIBLE|VISIBLE)$/

const columnOf = (base: Base, table: string, tokens: readonly SqlToken[]): Operation => {
  const at = tokens.findIndex(({ word }, index) => index > 0 && afterType.test(word))
  const rest = words(tokens.slice(1))
  const standard = /\bDEFAULT ?(\(.*|\S+)/.exec(rest)?.[1] ?? ''
  return {
    ...base,
    kind: 'add-column',
    table,
    column: plainName(tokens[0]?.text ?? ''),
    type: tokens
      .slice(1, at < 0 ? undefined : at)
      .map(({ text }) => text)
      .join('')
      .toLowerCase(),
    notNull: /\bNOT NULL\b/.test(rest) || /\bPRIMARY KEY\b/.test(rest),
    hasDefault:
      (/\bDEFAULT\b/.test(rest) && !/^NULL\b/.test(standard)) || /AUTO_?INCREMENT|GENERATED|\bAS ?\(/.test(rest),
    volatileDefault: /AUTO_INCREMENT|\bSTORED\b/.test(rest) || /^\( ?(?:UUID|RAND|UUID_TO_BIN)\b/.test(standard),
  }
}

type Reader = ReturnType<typeof reader>

/** One clause of ALTER TABLE, its first word taken. `online` says that it was asked for without, or with, a copy of the table. */
type Clause = {
  base: Base
  table: string
  read: Reader
  online: boolean | undefined
  make: (kind: Operation['kind'], more?: Partial<Operation>) => Operation[]
}

type ReadClause = (clause: Clause) => Operation[]

const renameClause: ReadClause = ({ read, make }) => {
  if (read.take('COLUMN')) {
    const column = read.name()
    read.take('TO')
    return make('rename-column', { column, to: read.name() })
  }
  if (read.take('INDEX') || read.take('KEY')) return make('other')
  read.take('TO')
  read.take('AS')
  const first = read.name()
  if (read.take('TO')) return make('rename-column', { column: first, to: read.name() })
  return make('rename-table', { to: first })
}

/** A column defined anew; an enum or set changes its values. */
const redefined = ({ make }: Clause, column: string | null, { type, notNull }: Operation): Operation[] =>
  make(/^enum|^set\(/.test(type ?? '') ? 'enum-change' : 'change-type', {
    column,
    type: type ?? '',
    notNull: notNull ?? false,
  })

const changeClause: ReadClause = clause => {
  const { base, table, read, make } = clause
  read.take('COLUMN')
  const column = read.name()
  const definition = columnOf(base, table, read.rest())
  const renamed = definition.column !== column ? make('rename-column', { column, to: definition.column ?? '' }) : []
  return [...renamed, ...redefined(clause, column, definition)]
}

const modifyClause: ReadClause = clause => {
  const { base, table, read } = clause
  read.take('COLUMN')
  const definition = columnOf(base, table, read.rest())
  return redefined(clause, definition.column, definition)
}

const dropClause: ReadClause = ({ read, make }) => {
  if (
    read.take('FOREIGN', 'KEY') ||
    read.take('CONSTRAINT') ||
    read.take('CHECK') ||
    read.take('INDEX') ||
    read.take('KEY') ||
    read.take('PARTITION')
  )
    return make(read.peek(-1) === 'PARTITION' ? 'drop-column' : 'alter-table')
  if (read.take('PRIMARY', 'KEY')) return make('rewrite')
  read.take('COLUMN')
  read.take('IF', 'EXISTS')
  return make('drop-column', { column: read.name() })
}

const addClause: ReadClause = ({ base, table, read, online, make }) => {
  let constraint = ''
  if (read.take('CONSTRAINT')) constraint = /^(?:FOREIGN|UNIQUE|PRIMARY|CHECK)$/.test(read.peek()) ? '' : read.name()
  if (read.take('FOREIGN', 'KEY')) return make('add-constraint', { constraint: 'foreign-key', name: constraint })
  if (read.take('PRIMARY', 'KEY')) return make('add-constraint', { constraint: 'primary-key' })
  if (read.take('CHECK')) return make('add-constraint', { constraint: 'check', name: constraint })
  if (read.take('UNIQUE')) return make('add-index', { unique: true })
  if (read.take('FULLTEXT') || read.take('SPATIAL')) return make('add-index', { name: 'fulltext' })
  if (read.take('INDEX') || read.take('KEY')) return make('add-index')
  if (read.take('PARTITION')) return make('alter-table')
  read.take('COLUMN')
  read.take('IF', 'NOT', 'EXISTS')
  const rest = read.rest()
  const parts = rest[0]?.text === '(' ? clauses(rest.slice(1, -1)) : [rest]
  return parts.map(part => ({ ...columnOf(base, table, part), ...(online === undefined ? {} : { online }) }))
}

const alterColumn: ReadClause = ({ read, make }) =>
  read.take('COLUMN') && /SET NOT NULL/.test(words(read.rest()))
    ? make('set-not-null', { column: read.name() })
    : make('alter-table')

const alterClauses: readonly [string, ReadClause][] = [
  ['RENAME', renameClause],
  ['CHANGE', changeClause],
  ['MODIFY', modifyClause],
  ['DROP', dropClause],
  ['ADD', addClause],
  ['ALTER', alterColumn],
]

/** Options of a table that are only noted, and those that write it anew. */
const notedOptions = /^(?:CHARACTER|CHARSET|COLLATE)$/
const rewritingOptions = /^(?:CONVERT|ENGINE|ROW_FORMAT|FORCE|ORDER)$/

const alterClause = (base: Base, table: string, tokens: SqlToken[], online: boolean | undefined): Operation[] => {
  const read = reader(tokens)
  const make: Clause['make'] = (kind, more = {}) => [
    { ...base, kind, table, column: null, ...(online === undefined ? {} : { online }), ...more },
  ]
  const known = alterClauses.find(([word]) => read.take(word))
  if (known) return known[1]({ base, table, read, online, make })
  if (notedOptions.test(read.peek())) return make('alter-table')
  if (rewritingOptions.test(read.peek())) return make('rewrite')
  return /^(?:ALGORITHM|LOCK)$/.test(read.peek()) ? [] : make('alter-table')
}

const known =
  /^(?:SELECT|WITH|CREATE|ALTER|DROP|INSERT|REPLACE|UPDATE|DELETE|TRUNCATE|RENAME|BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SET|PRAGMA|USE|LOCK|UNLOCK|GRANT|REVOKE|ANALYZE|OPTIMIZE|VACUUM|REINDEX|CALL|EXPLAIN|SHOW|PREPARE|EXECUTE|DEALLOCATE|DELIMITER|COMMENT|FLUSH|ATTACH|DETACH|VALUES|LOAD|DO|CHECK|REPAIR|HANDLER)$/

/** One statement, its first word taken. */
type Statement = {
  base: Base
  read: Reader
  tokens: readonly SqlToken[]
  make: (kind: Operation['kind'], table?: string | null, more?: Partial<Operation>) => Operation[]
}

type ReadStatement = (statement: Statement) => Operation[]

const tableConstraint = /^(?:PRIMARY|UNIQUE|FOREIGN|CONSTRAINT|KEY|INDEX|CHECK|FULLTEXT)$/

const createdColumns = (base: Base, table: string, parts: SqlToken[][]): NonNullable<Operation['columns']> =>
  parts
    .filter(part => !tableConstraint.test(part[0]!.word))
    .map(part => ({ ...columnOf(base, table, part), primary: part.some(({ word }) => word === 'PRIMARY') }))
    .map(({ column, type, notNull, hasDefault, primary }) => ({
      name: column ?? '',
      ...(primary ? { primary } : {}),
      type: `${type ?? ''}${notNull ? ' not null' : ''}`,
      hasDefault: hasDefault ?? false,
    }))

/** Text of the bracket that opens first from `at` on, without spaces and quotes; '' where none does. */
const bracketAt = (tokens: readonly SqlToken[], at: number): string => {
  const open = tokens.findIndex(({ text }, index) => index >= at && text === '(')
  if (open < 0) return ''
  let depth = 0
  let text = ''
  for (const token of tokens.slice(open)) {
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    text += plainName(token.text)
    if (depth === 0) break
  }
  return text
}

/** What a part of CREATE TABLE promises of the rows: unique and foreign keys, and checks. */
const constraintsIn = (part: readonly SqlToken[]): string[] => {
  const own = tableConstraint.test(part[0]!.word) ? null : plainName(part[0]!.text)
  return part.flatMap(({ word }, at) => {
    if (word === 'UNIQUE') return [`unique${own === null ? bracketAt(part, at) : `(${own})`}`]
    if (word === 'CHECK') return [`check${bracketAt(part, at)}`]
    if (word === 'REFERENCES') {
      const foreign = part.findIndex(token => token.word === 'FOREIGN')
      return [`foreign key${own === null ? bracketAt(part, Math.max(0, foreign)) : `(${own})`}`]
    }
    return []
  })
}

const createTable: ReadStatement = ({ base, read, tokens, make }) => {
  read.take('IF', 'NOT', 'EXISTS')
  const table = read.name()
  const body = read.rest()
  const last = body.findLastIndex(({ text }) => text === ')')
  const parts = body[0]?.text === '(' ? clauses(body.slice(1, last)) : []
  const copy = body[0]?.text === '(' ? null : copyOf(tokens)
  return make('create-table', table, {
    ...(copy
      ? { copy, columns: copy.columns.map(({ name }) => ({ name, type: '' })) }
      : { columns: createdColumns(base, table, parts) }),
    ...(copy ? {} : { constraints: parts.flatMap(constraintsIn) }),
  })
}

const create: ReadStatement = statement => {
  const { read, make } = statement
  read.take('TEMPORARY')
  read.take('TEMP')
  if (read.take('TABLE')) return createTable(statement)
  const unique = read.take('UNIQUE')
  const fulltext = read.take('FULLTEXT') || read.take('SPATIAL')
  if (!read.take('INDEX')) return make('other')
  read.take('IF', 'NOT', 'EXISTS')
  const name = read.name()
  while (!read.done() && !read.take('ON')) read.skip()
  const table = read.name()
  const rest = read.rest()
  const on =
    rest[0]?.text === '('
      ? clauses(
          rest.slice(
            1,
            rest.findIndex(({ text }) => text === ')'),
          ),
        )
      : []
  // An index of a part of the rows promises nothing of the others.
  const partial = rest.some(({ word }) => word === 'WHERE')
  return make('add-index', table, {
    unique: unique && !partial,
    name: fulltext ? 'fulltext' : name,
    on: on.map(part => plainName(part[0]!.text)),
  })
}

const drop: ReadStatement = ({ read, make }) => {
  if (read.take('TABLE')) {
    read.take('IF', 'EXISTS')
    return clauses(read.rest()).flatMap(part => make('drop-table', reader(part).name()))
  }
  if (read.take('DATABASE') || read.take('SCHEMA')) return make('drop-table', `${reader(read.rest()).name()}.*`)
  if (!read.take('INDEX')) return make('other')
  read.take('IF', 'EXISTS')
  return make('drop-index', null, { name: read.name() })
}

const alterTable: ReadStatement = ({ base, read }) => {
  const table = read.name()
  const parts = clauses(read.rest())
  const all = parts.map(words).join(' , ')
  const copies = /ALGORITHM ?=? ?COPY|LOCK ?=? ?(?:SHARED|EXCLUSIVE)/.test(all)
  const inPlace = /ALGORITHM ?=? ?(?:INPLACE|INSTANT)|LOCK ?=? ?NONE/.test(all)
  const online = copies ? false : inPlace ? true : undefined
  return parts.flatMap(part => alterClause(base, table, part, online))
}

const renameTable: ReadStatement = ({ read, make }) =>
  clauses(read.rest()).flatMap(part => {
    const inner = reader(part)
    const table = inner.name()
    inner.take('TO')
    return make('rename-table', table, { to: inner.name() })
  })

const truncate: ReadStatement = ({ read, make }) => {
  read.take('TABLE')
  return make('truncate', read.name())
}

const remove: ReadStatement = ({ read, make }) => {
  read.take('FROM')
  const table = read.name()
  return make(/\b(?:WHERE|USING|JOIN|LIMIT)\b/.test(words(read.rest())) ? 'data' : 'truncate', table)
}

const insert: ReadStatement = ({ read, tokens, make }) => {
  while (/^(?:INTO|OR|IGNORE|REPLACE|ABORT)$/.test(read.peek())) read.skip()
  const table = read.name()
  const copy = copyOf(tokens)
  return copy ? make('data', table, { copy }) : make('other', table)
}

const set: ReadStatement = ({ read, make }) =>
  /LOCK_WAIT_TIMEOUT|BUSY_TIMEOUT/.test(words(read.rest())) ? make('set-timeout') : make('other')

const statements: readonly [readonly string[], ReadStatement][] = [
  [['CREATE'], create],
  [['DROP'], drop],
  [['ALTER', 'TABLE'], alterTable],
  [['RENAME', 'TABLE'], renameTable],
  [['TRUNCATE'], truncate],
  [['UPDATE'], ({ read, make }) => make('data', read.name())],
  [['DELETE'], remove],
  [['INSERT'], insert],
  [['REPLACE'], insert],
  [['SET'], set],
  [['BEGIN'], ({ make }) => make('begin')],
  [['START'], ({ make }) => make('begin')],
  [['COMMIT'], ({ make }) => make('commit')],
  [['END'], ({ make }) => make('commit')],
]

const statementOf = ({ tokens }: SqlStatement, base: Base): Operation[] => {
  const read = reader(tokens)
  const make: Statement['make'] = (kind, table = null, more = {}) => [{ ...base, kind, table, column: null, ...more }]
  const known = statements.find(([beginning]) => read.take(...beginning))
  return known ? known[1]({ base, read, tokens, make }) : make('other')
}

/** Reads MySQL or SQLite statement by statement. */
export const readDdl = (
  sql: string,
  dialect: 'mysql' | 'sqlite',
  firstLine = 1,
): Pick<ReadMigration, 'operations' | 'unread'> => {
  const operations: Operation[] = []
  const unread: Unread[] = []
  for (const statement of splitSql(sql, dialect)) {
    const base: Base = { line: statement.line + firstLine - 1, text: shorten(statement.text) }
    if (!known.test(statement.tokens[0]!.word))
      unread.push({ line: base.line, text: `${base.text} (begins like no statement)` })
    else operations.push(...statementOf(statement, base))
  }
  return { operations, unread }
}
