// Files of PostgreSQL statement by statement, blocks and functions that they call among them.
import { type Operation, type ReadMigration, shorten, type Unread } from './model.ts'
import { blockOf, callsIn, placeholder, routineOf, statementsOf, unquoted } from './sql-blocks.ts'
import { operationsOf, type Parse } from './sql-postgres.ts'
import { type SqlStatement, splitSql } from './sql-statements.ts'

/** What one file is read with: functions that it makes, by name, and how deep a call stands. */
type Reading = {
  parse: Parse
  operations: Operation[]
  unread: Unread[]
  routines: Map<string, { body: string; line: number }>
  depth: number
}

const readBody = (reading: Reading, body: string, line: number): void => {
  for (const one of statementsOf(body, line)) {
    if ('unread' in one) {
      reading.unread.push({ line: one.line, text: `${shorten(one.unread)} (what it executes is computed)` })
      continue
    }
    const inner: Reading = { ...reading, operations: [], unread: [], depth: reading.depth + 1 }
    readParts(inner, one.sql, one.line)
    const unknown =
      one.dynamic && inner.operations.some(({ table, column }) => table === placeholder || column === placeholder)
    if (unknown) reading.unread.push({ line: one.line, text: `${shorten(one.sql)} (the name is computed)` })
    else reading.operations.push(...inner.operations)
    reading.unread.push(...inner.unread)
  }
}

/** Blocks, and functions that the file makes and calls, are read as if they stood there. */
const readRoutines = (reading: Reading, part: SqlStatement, line: number): void => {
  const { routines, unread, depth } = reading
  const block = blockOf(part)
  const made = routineOf(part)
  const offset = line - part.line
  if (made) routines.set(made.name, { body: unquoted(made.body), line: made.body.line + offset })
  if (depth > 8) return
  if (block) readBody(reading, unquoted(block), block.line + offset)
  if (!/^(?:SELECT|CALL|WITH)$/.test(part.tokens[0]!.word)) return
  for (const name of callsIn(part)) {
    const routine = routines.get(name)
    if (routine) readBody(reading, routine.body, routine.line)
    else if (part.tokens[0]!.word === 'CALL')
      unread.push({ line, text: `${shorten(part.text)} (what the procedure does is not known)` })
  }
}

const readParts = (reading: Reading, sql: string, firstLine: number): void => {
  // psql's own commands (`\connect`, `\i`) are no SQL.
  const source = sql.replace(/^\\.*$/gm, '')
  for (const part of splitSql(source, 'postgresql')) {
    const base = { line: part.line + firstLine - 1, text: shorten(part.text) }
    try {
      for (const tree of reading.parse(part.text)) reading.operations.push(...operationsOf(base, part, tree))
    } catch (error) {
      const why = String((error as Error).message).split('\n')[0]!
      reading.unread.push({ line: base.line, text: `${base.text} (${why.slice(0, 80)})` })
      continue
    }
    readRoutines(reading, part, base.line)
  }
}

/** Reads PostgreSQL statement by statement: one that does not parse is named, the rest is read. */
export const readPostgres = (
  sql: string,
  parse: Parse,
  firstLine = 1,
): Pick<ReadMigration, 'operations' | 'unread'> => {
  const reading: Reading = { parse, operations: [], unread: [], routines: new Map(), depth: 0 }
  readParts(reading, sql, firstLine)
  return { operations: reading.operations, unread: reading.unread }
}
