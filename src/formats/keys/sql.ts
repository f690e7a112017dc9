// Keys and indexes in SQL of PostgreSQL, MySQL and SQLite, read from its words.
import { type Dialect, plainName } from '../migrations/model.ts'
import { clauses, nameAt } from '../migrations/sql-copy.ts'
import { type SqlToken, splitSql } from '../migrations/sql-statements.ts'
import type { KeyEvent } from './model.ts'

type Tokens = readonly SqlToken[]

const find = (tokens: Tokens, word: string, from = 0): number =>
  tokens.findIndex((token, index) => index >= from && token.word === word)

/** The bracket that opens at or behind `at`: what stands in it, and the index behind it. */
const bracket = (tokens: Tokens, at: number): { inside: Tokens; next: number } => {
  const open = tokens.findIndex(({ text }, index) => index >= at && text === '(')
  if (open < 0) return { inside: [], next: tokens.length }
  let depth = 0
  for (let index = open; index < tokens.length; index += 1) {
    if (tokens[index]!.text === '(') depth += 1
    if (tokens[index]!.text === ')' && --depth === 0) return { inside: tokens.slice(open + 1, index), next: index + 1 }
  }
  return { inside: tokens.slice(open + 1), next: tokens.length }
}

/** Columns of a bracket; an expression is ''. */
const columnsIn = (inside: Tokens): string[] =>
  clauses(inside).map(part =>
    part[1]?.text === '(' && !/^\d/.test(part[2]?.text ?? '') ? '' : plainName(part[0]!.text),
  )

const referenceOf = (tokens: Tokens): string | null => {
  const at = find(tokens, 'REFERENCES')
  return at < 0 ? null : nameAt(tokens, at + 1).name
}

const typeOf = (part: Tokens): string =>
  part
    .slice(1, 4)
    .map(({ text }) => text)
    .join('')
    .toLowerCase()

/** A column as it is made, with the keys and indexes that it brings. */
const columnEvents = (table: string, part: Tokens, line: number): KeyEvent[] => {
  const column = plainName(part[0]?.text ?? '')
  const references = referenceOf(part)
  const isPrimary = find(part, 'PRIMARY') > 0
  const isUnique = find(part, 'UNIQUE') > 0
  return [
    { kind: 'column', table, column, type: typeOf(part), line },
    ...(isPrimary || isUnique ? [{ kind: 'index' as const, table, columns: [column], unique: true, line }] : []),
    ...(references === null ? [] : [{ kind: 'foreign-key' as const, table, columns: [column], references, line }]),
  ]
}

/** A constraint or an index among the columns of a table, or behind ADD; null where it is a column. */
const constraintEvents = (table: string, given: Tokens, line: number): KeyEvent[] | null => {
  let part = given
  let name = ''
  if (part[0]?.word === 'CONSTRAINT') {
    const bare = /^(?:FOREIGN|UNIQUE|PRIMARY|CHECK|EXCLUDE)$/.test(part[1]?.word ?? '')
    name = bare ? '' : plainName(part[1]?.text ?? '')
    part = part.slice(bare ? 1 : 2)
  }
  const first = part[0]?.quoted ? '' : (part[0]?.word ?? '')
  const second = part[1]?.word ?? ''
  if (first === 'FOREIGN' && second === 'KEY') {
    const columns = columnsIn(bracket(part, 2).inside)
    return [{ kind: 'foreign-key', table, columns, references: referenceOf(part) ?? '', line }]
  }
  if ((first === 'PRIMARY' && second === 'KEY') || first === 'UNIQUE') {
    if (find(part, 'USING') > 0 && find(part, 'INDEX') > 0 && part.every(({ text }) => text !== '(')) return []
    const before = part[1]?.text === '(' || /^(?:KEY|INDEX)$/.test(second) ? part[2] : part[1]
    const own = before && before.text !== '(' && before.word !== 'NULLS' ? plainName(before.text) : name
    return [
      { kind: 'index', table, columns: columnsIn(bracket(part, 1).inside), unique: true, name: name || own, line },
    ]
  }
  const isPlain =
    (first === 'KEY' || first === 'INDEX') &&
    (second === '' || part[1]?.text === '(' || part[2]?.text === '(' || part[2]?.word === 'USING')
  if (isPlain) {
    const own = part[1]?.text === '(' ? '' : plainName(part[1]?.text ?? '')
    return [{ kind: 'index', table, columns: columnsIn(bracket(part, 1).inside), name: name || own, line }]
  }
  if (first === 'FULLTEXT' || first === 'SPATIAL') return []
  return /^(?:CHECK|EXCLUDE|LIKE|PERIOD)$/.test(first) ? [] : null
}

const createTable = (tokens: Tokens, line: number): KeyEvent[] => {
  let at = find(tokens, 'TABLE') + 1
  const isIfNot = tokens[at]?.word === 'IF'
  if (isIfNot) at += 3
  const { name: table, next } = nameAt(tokens, at)
  if (tokens[next]?.text !== '(') return [{ kind: 'table', table, columns: [], keeps: true, line }]
  const parts = clauses(bracket(tokens, next).inside)
  return [
    { kind: 'table', table, columns: [], line, ...(isIfNot ? { keeps: true } : {}) },
    ...parts.flatMap(part => constraintEvents(table, part, part[0]!.line) ?? columnEvents(table, part, part[0]!.line)),
  ]
}

const createIndex = (tokens: Tokens, line: number): KeyEvent[] => {
  const unique = tokens[1]?.word === 'UNIQUE'
  if (tokens.slice(1, 3).some(({ word }) => word === 'FULLTEXT' || word === 'SPATIAL')) return []
  let at = find(tokens, 'INDEX') + 1
  if (tokens[at]?.word === 'CONCURRENTLY') at += 1
  if (tokens[at]?.word === 'IF') at += 3
  const on = find(tokens, 'ON', at)
  if (on < 0) return []
  const name = on > at ? nameAt(tokens, at).name : ''
  const { name: table, next } = nameAt(tokens, tokens[on + 1]?.word === 'ONLY' ? on + 2 : on + 1)
  const method = tokens[next]?.word === 'USING' ? (tokens[next + 1]?.text ?? '') : ''
  const { inside, next: behind } = bracket(tokens, next)
  const where = find(tokens, 'WHERE', behind)
  const said =
    where < 0
      ? ''
      : tokens
          .slice(where + 1)
          .map(({ text }) => text)
          .join(' ')
  return [
    {
      kind: 'index',
      table,
      columns: columnsIn(inside),
      name: name.replace(/^.*\./, ''),
      unique,
      method,
      where: said.replace(/ ([.)])/g, '$1').replace(/([.(]) /g, '$1'),
      line,
    },
  ]
}

const dropOf = (tokens: Tokens, at: number): { names: string[]; cascade: boolean } => {
  const from = tokens[at]?.word === 'CONCURRENTLY' ? at + 1 : at
  const begin = tokens[from]?.word === 'IF' ? from + 2 : from
  return {
    names: clauses(tokens.slice(begin)).map(part => nameAt(part, 0).name),
    cascade: tokens.at(-1)?.word === 'CASCADE',
  }
}

const alterClause = (table: string, tokens: Tokens, line: number): KeyEvent[] => {
  const word = (at: number): string => (tokens[at]?.quoted ? '' : (tokens[at]?.word ?? ''))
  if (word(0) === 'ADD') {
    const rest = tokens.slice(1)
    const constraint = constraintEvents(table, rest, line)
    if (constraint) return constraint
    const from = rest[0]?.word === 'COLUMN' ? 1 : 0
    const part = rest.slice(rest[from]?.word === 'IF' ? from + 3 : from)
    if (part[0]?.text === '(') return clauses(bracket(part, 0).inside).flatMap(one => columnEvents(table, one, line))
    return columnEvents(table, part, line)
  }
  if (word(0) === 'DROP') {
    if (word(1) === 'CONSTRAINT' || word(1) === 'INDEX' || word(1) === 'KEY') {
      const { names } = dropOf(tokens, 2)
      return names.flatMap((name): KeyEvent[] => [{ kind: 'drop-index', table, name, line }])
    }
    if (word(1) === 'PRIMARY' || word(1) === 'FOREIGN' || word(1) === 'CHECK') return []
    const { names } = dropOf(tokens, word(1) === 'COLUMN' ? 2 : 1)
    return names.map(column => ({ kind: 'drop-column', table, column, line }))
  }
  if (word(0) === 'RENAME') {
    const to = find(tokens, 'TO')
    if (to === 1) return [{ kind: 'rename-table', table, to: nameAt(tokens, 2).name, line }]
    if (/^(?:CONSTRAINT|INDEX|KEY)$/.test(word(1)) || to < 0) return []
    const column = plainName(tokens[word(1) === 'COLUMN' ? 2 : 1]?.text ?? '')
    return [{ kind: 'rename-column', table, column, to: plainName(tokens[to + 1]?.text ?? ''), line }]
  }
  if (word(0) === 'CHANGE') {
    const from = word(1) === 'COLUMN' ? 2 : 1
    const [column, to] = [plainName(tokens[from]?.text ?? ''), plainName(tokens[from + 1]?.text ?? '')]
    return column === to ? [] : [{ kind: 'rename-column', table, column, to, line }]
  }
  return []
}

const alterTable = (tokens: Tokens, line: number): KeyEvent[] => {
  let at = 2
  if (tokens[at]?.word === 'IF') at += 2
  if (tokens[at]?.word === 'ONLY') at += 1
  const { name: table, next } = nameAt(tokens, at)
  return clauses(tokens.slice(next)).flatMap(part => alterClause(table, part, part[0]!.line || line))
}

/** The body of DO $$ … $$ and of checks around a statement: tools wrap keys so that they are made once. */
const doBlock = (tokens: Tokens, dialect: Dialect | null, line: number): KeyEvent[] => {
  const body = tokens.find(({ string }) => string)?.text ?? ''
  const inner = body.replace(/^\$\w*\$|\$\w*\$$/g, '')
  const pieces = inner.split(/\b(?=ALTER\s+TABLE|CREATE\s+(?:UNIQUE\s+)?INDEX|CREATE\s+TABLE)/i).slice(1, 200)
  return pieces.flatMap(piece =>
    sqlKeys(piece.split(';')[0]!, dialect).map(event => ({ ...event, line: event.line + line - 1 })),
  )
}

const statementEvents = (tokens: Tokens, line: number, dialect: Dialect | null): KeyEvent[] => {
  const words = tokens.slice(0, 5).map(({ word }) => word)
  const [first, second] = words
  if (first === 'CREATE') {
    if (words.includes('TABLE') && !words.includes('TYPE')) return createTable(tokens, line)
    return words.includes('INDEX') ? createIndex(tokens, line) : []
  }
  if (first === 'ALTER' && second === 'TABLE') return alterTable(tokens, line)
  if (first === 'DROP' && second === 'TABLE')
    return dropOf(tokens, 2).names.map(table => ({ kind: 'drop-table', table, line }))
  if (first === 'DROP' && second === 'INDEX')
    return dropOf(tokens, 2).names.map(name => ({ kind: 'drop-index', name: name.replace(/^.*\./, ''), line }))
  if (first === 'RENAME' && second === 'TABLE') {
    const to = find(tokens, 'TO')
    return to < 0
      ? []
      : [{ kind: 'rename-table', table: nameAt(tokens, 2).name, to: nameAt(tokens, to + 1).name, line }]
  }
  return first === 'DO' ? doBlock(tokens, dialect, line) : []
}

/** What SQL does to keys and indexes. Never throws. */
export const sqlKeys = (sql: string, dialect: Dialect | null): KeyEvent[] =>
  splitSql(sql, dialect).flatMap(({ tokens, line }) => statementEvents(tokens, line, dialect))
