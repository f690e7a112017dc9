// The DDL shapes of MySQL and SQLite that matter to a running product, read from their words. What is not one of them is left alone; a
// statement that does not begin like SQL is named.
import { type Operation, plainName, type ReadMigration, shorten, type Unread } from './model.ts'
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

/** Parts at depth 0, cut at commas. */
const clauses = (tokens: readonly SqlToken[]): SqlToken[][] => {
  const parts: SqlToken[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.text === '(') depth += 1
    else if (token.text === ')') depth -= 1
    if (token.text === ',' && depth === 0) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts.filter(part => part.length > 0)
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

const alterClause = (base: Base, table: string, tokens: SqlToken[], online: boolean | undefined): Operation[] => {
  const read = reader(tokens)
  const make = (kind: Operation['kind'], more: Partial<Operation> = {}): Operation[] => [
    { ...base, kind, table, column: null, ...(online === undefined ? {} : { online }), ...more },
  ]
  if (read.take('RENAME')) {
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
  if (read.take('CHANGE')) {
    read.take('COLUMN')
    const column = read.name()
    const definition = columnOf(base, table, read.rest())
    const renamed = definition.column !== column ? make('rename-column', { column, to: definition.column ?? '' }) : []
    return [
      ...renamed,
      ...make(/^enum|^set\(/.test(definition.type ?? '') ? 'enum-change' : 'change-type', {
        column,
        type: definition.type ?? '',
        notNull: definition.notNull ?? false,
      }),
    ]
  }
  if (read.take('MODIFY')) {
    read.take('COLUMN')
    const definition = columnOf(base, table, read.rest())
    return make(/^enum|^set\(/.test(definition.type ?? '') ? 'enum-change' : 'change-type', {
      column: definition.column,
      type: definition.type ?? '',
      notNull: definition.notNull ?? false,
    })
  }
  if (read.take('DROP')) {
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
  if (read.take('ADD')) {
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
    if (rest[0]?.text === '(')
      return clauses(rest.slice(1, -1)).map(part => ({
        ...columnOf(base, table, part),
        ...(online === undefined ? {} : { online }),
      }))
    return [{ ...columnOf(base, table, rest), ...(online === undefined ? {} : { online }) }]
  }
  if (/^(?:CONVERT|ENGINE|ROW_FORMAT|FORCE|CHARACTER|CHARSET|COLLATE|ORDER)$/.test(read.peek()))
    return make(
      read.peek() === 'COLLATE' || read.peek() === 'CHARSET' || read.peek() === 'CHARACTER' ? 'alter-table' : 'rewrite',
    )
  if (read.take('ALTER')) {
    if (read.take('COLUMN') && /SET NOT NULL/.test(words(read.rest())))
      return make('set-not-null', { column: read.name() })
    return make('alter-table')
  }
  return /^(?:ALGORITHM|LOCK)$/.test(read.peek()) ? [] : make('alter-table')
}

const known =
  /^(?:SELECT|WITH|CREATE|ALTER|DROP|INSERT|REPLACE|UPDATE|DELETE|TRUNCATE|RENAME|BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SET|PRAGMA|USE|LOCK|UNLOCK|GRANT|REVOKE|ANALYZE|OPTIMIZE|VACUUM|REINDEX|CALL|EXPLAIN|SHOW|PREPARE|EXECUTE|DEALLOCATE|DELIMITER|COMMENT|FLUSH|ATTACH|DETACH|VALUES|LOAD|DO|CHECK|REPAIR|HANDLER)$/

const statementOf = (statement: SqlStatement, base: Base): Operation[] => {
  const read = reader(statement.tokens)
  const make = (kind: Operation['kind'], table: string | null = null, more: Partial<Operation> = {}): Operation[] => [
    { ...base, kind, table, column: null, ...more },
  ]
  if (read.take('CREATE')) {
    read.take('TEMPORARY')
    read.take('TEMP')
    if (read.take('TABLE')) {
      read.take('IF', 'NOT', 'EXISTS')
      const table = read.name()
      const body = read.rest()
      const columns =
        body[0]?.text === '('
          ? clauses(
              body.slice(
                1,
                body.findLastIndex(({ text }) => text === ')'),
              ),
            )
              .filter(part => !/^(?:PRIMARY|UNIQUE|FOREIGN|CONSTRAINT|KEY|INDEX|CHECK|FULLTEXT)$/.test(part[0]!.word))
              .map(part => columnOf(base, table, part))
          : []
      return make('create-table', table, {
        columns: columns.map(({ column, type, notNull }) => ({
          name: column ?? '',
          type: `${type ?? ''}${notNull ? ' not null' : ''}`,
        })),
      })
    }
    const unique = read.take('UNIQUE')
    const fulltext = read.take('FULLTEXT') || read.take('SPATIAL')
    if (!read.take('INDEX')) return make('other')
    read.take('IF', 'NOT', 'EXISTS')
    const name = read.name()
    while (!read.done() && !read.take('ON')) read.skip()
    return make('add-index', read.name(), { unique, name: fulltext ? 'fulltext' : name })
  }
  if (read.take('DROP')) {
    if (read.take('TABLE')) {
      read.take('IF', 'EXISTS')
      return clauses(read.rest()).flatMap(part => make('drop-table', reader(part).name()))
    }
    if (read.take('DATABASE') || read.take('SCHEMA')) return make('drop-table', `${reader(read.rest()).name()}.*`)
    return read.take('INDEX') ? make('drop-index') : make('other')
  }
  if (read.take('ALTER', 'TABLE')) {
    const table = read.name()
    const parts = clauses(read.rest())
    const all = parts.map(words).join(' , ')
    const online = /ALGORITHM ?=? ?COPY|LOCK ?=? ?(?:SHARED|EXCLUSIVE)/.test(all)
      ? false
      : /ALGORITHM ?=? ?(?:INPLACE|INSTANT)|LOCK ?=? ?NONE/.test(all)
        ? true
        : undefined
    return parts.flatMap(part => alterClause(base, table, part, online))
  }
  if (read.take('RENAME', 'TABLE')) {
    return clauses(read.rest()).flatMap(part => {
      const inner = reader(part)
      const table = inner.name()
      inner.take('TO')
      return make('rename-table', table, { to: inner.name() })
    })
  }
  if (read.take('TRUNCATE')) {
    read.take('TABLE')
    return make('truncate', read.name())
  }
  if (read.take('UPDATE')) return make('data', read.name())
  if (read.take('DELETE')) {
    read.take('FROM')
    const table = read.name()
    return make(/\b(?:WHERE|USING|JOIN|LIMIT)\b/.test(words(read.rest())) ? 'data' : 'truncate', table)
  }
  if (read.take('INSERT') || read.take('REPLACE')) {
    while (/^(?:INTO|OR|IGNORE|REPLACE|ABORT)$/.test(read.peek())) read.skip()
    const table = read.name()
    return statement.tokens.some(({ word }) => word === 'SELECT') &&
      statement.tokens.some(({ word }) => word === 'FROM')
      ? make('data', table, { name: 'copy' })
      : make('other', table)
  }
  if (read.take('SET'))
    return /LOCK_WAIT_TIMEOUT|BUSY_TIMEOUT/.test(words(read.rest())) ? make('set-timeout') : make('other')
  if (read.peek() === 'BEGIN' || read.peek() === 'START') return make('begin')
  if (read.peek() === 'COMMIT' || read.peek() === 'END') return make('commit')
  return make('other')
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
