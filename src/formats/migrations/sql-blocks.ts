// PL/pgSQL of `DO $$ … $$` and of functions that a migration calls, as far as its statements go: what stands in a branch or a loop counts as
// run. `EXECUTE` is read where its text is a literal; else it is named as not read.
import { type SqlStatement, type SqlToken, splitSql } from './sql-statements.ts'

/** A statement within a block: SQL to read, or why it cannot be. */
export type BlockStatement = { line: number; sql: string; dynamic: boolean } | { line: number; unread: string }

/** Stands for a name or a value that only the database knows. */
export const placeholder = 'placeholder'

/** Text of a string token without its quotes. */
export const unquoted = ({ text }: SqlToken): string => {
  const mark = /^\$\w*\$/.exec(text)?.[0]
  if (mark) return text.slice(mark.length, text.endsWith(mark) && text.length > mark.length ? -mark.length : undefined)
  return text.replace(/^'|'$/g, '').replaceAll("''", "'")
}

const bodyToken = (tokens: readonly SqlToken[], behind: string): SqlToken | undefined =>
  tokens.find(({ string }, index) => string && (tokens[index - 1]?.word === behind || (behind === 'DO' && index > 0)))

/** The body of `DO $$ … $$`. */
export const blockOf = ({ tokens }: SqlStatement): SqlToken | null =>
  tokens[0]?.word === 'DO' ? (bodyToken(tokens, 'DO') ?? null) : null

/** Name and body of `CREATE FUNCTION` or `CREATE PROCEDURE`; null for anything else, and for triggers, which no migration calls. */
export const routineOf = ({ tokens }: SqlStatement): { name: string; body: SqlToken } | null => {
  const at = tokens.findIndex(({ word }) => word === 'FUNCTION' || word === 'PROCEDURE')
  if (tokens[0]?.word !== 'CREATE' || at < 0 || at > 3) return null
  const open = tokens.findIndex(({ text }, index) => index > at && text === '(')
  const body = bodyToken(tokens, 'AS')
  return body && open > 0 ? { name: tokens[open - 1]!.text.toLowerCase(), body } : null
}

/** Names of functions that a statement calls, lower case. */
export const callsIn = ({ tokens }: SqlStatement): string[] =>
  tokens.flatMap(({ text }, at) =>
    at > 0 && text === '(' ? [tokens[at - 1]!.text.toLowerCase().replaceAll('"', '')] : [],
  )

/** Words before which nothing but control flow stands, and the word at which a statement may begin behind them. */
const opens: Readonly<Record<string, string>> = {
  IF: 'THEN',
  ELSIF: 'THEN',
  ELSEIF: 'THEN',
  WHEN: 'THEN',
  FOR: 'LOOP',
  FOREACH: 'LOOP',
  WHILE: 'LOOP',
  CASE: 'WHEN',
}
const single = new Set(['BEGIN', 'ELSE', 'LOOP', 'EXCEPTION', 'ATOMIC'])
const nothing = new Set([
  'END',
  'NULL',
  'RAISE',
  'RETURN',
  'EXIT',
  'CONTINUE',
  'GET',
  'ASSERT',
  'OPEN',
  'FETCH',
  'MOVE',
  'CLOSE',
])

/** The tokens behind labels, branches and loops. */
const behindControl = (tokens: readonly SqlToken[]): readonly SqlToken[] => {
  let rest = tokens
  for (let turn = 0; turn < 40 && rest.length > 0; turn += 1) {
    const word = rest[0]!.word
    if (rest[0]!.text === '<' && rest[1]?.text === '<') rest = rest.slice(5)
    else if (single.has(word)) rest = rest.slice(1)
    else if (opens[word]) {
      const at = rest.findIndex((token, index) => index > 0 && token.word === opens[word])
      if (at < 0) return []
      rest = rest.slice(word === 'CASE' ? at : at + 1)
    } else break
  }
  return rest
}

/** The text that `EXECUTE` runs: a literal, `format('…', …)`, or literals joined by `||`; null where it is computed otherwise. */
const executed = (tokens: readonly SqlToken[]): { sql: string; dynamic: boolean } | null => {
  const end = tokens.findIndex(({ word }) => word === 'USING' || word === 'INTO')
  const given = end < 0 ? tokens : tokens.slice(0, end)
  const strings = given.filter(({ string }) => string)
  const first = given[0]
  if (!first || strings.length === 0) return null
  if (first.word === 'FORMAT' && given[2]?.string) {
    const text = unquoted(given[2]!)
    const filled = text
      .replace(/%(?:\d+\$)?(?:-?\d+)?([ILs])/g, (_all, kind: string) => (kind === 'L' ? "'x'" : placeholder))
      .replaceAll('%%', '%')
    return { sql: filled, dynamic: filled !== text }
  }
  if (given.length === 1) return { sql: unquoted(first), dynamic: false }
  if (!first.string || !given.some(({ text }) => text === '||')) return null
  // Between two literals stands something computed.
  return { sql: strings.map(unquoted).join(` ${placeholder} `), dynamic: true }
}

const textFrom = (tokens: readonly SqlToken[], statement: SqlStatement): string => {
  // Tokens are in the order of the text: the statement from the first of them on, comments and all.
  const first = tokens[0]!
  const skipped = statement.tokens.indexOf(first)
  let at = 0
  for (const token of statement.tokens.slice(0, skipped))
    at = statement.text.indexOf(token.text, at) + token.text.length
  return statement.text.slice(statement.text.indexOf(first.text, at))
}

const readOne = (statement: SqlStatement, line: number, tokens: readonly SqlToken[]): BlockStatement[] => {
  const [first, second] = tokens
  if (!first || nothing.has(first.word)) return []
  // An assignment: `x := …`, `x = …`, `a.b := …`.
  if (tokens.slice(1, 5).some(({ text }) => text === ':=') || second?.text === '=') return []
  const text = textFrom(tokens, statement)
  if (first.word === 'EXECUTE') {
    const run = executed(tokens.slice(1))
    return [run ? { line, ...run } : { line, unread: text }]
  }
  return [{ line, sql: first.word === 'PERFORM' ? text.replace(/^perform/i, 'SELECT') : text, dynamic: false }]
}

/** The statements of a body in the order in which they stand. `firstLine` is the line on which the body begins. */
export const statementsOf = (body: string, firstLine: number): BlockStatement[] => {
  let declares = false
  return splitSql(body, 'postgresql').flatMap(statement => {
    let tokens: readonly SqlToken[] = statement.tokens
    if (tokens[0]?.word === 'DECLARE') declares = true
    if (declares) {
      const begin = tokens.findIndex(({ word }) => word === 'BEGIN')
      if (begin < 0) return []
      declares = false
      tokens = tokens.slice(begin)
    }
    const rest = behindControl(tokens)
    return readOne(statement, firstLine - 1 + (rest[0]?.line ?? statement.line), rest)
  })
}
