// SQL files cut into statements and words, for every dialect: comments, quotes of three kinds, dollar quotes, DELIMITER of MySQL, triggers.

export type SqlToken = {
  text: string /** Upper case for bare words, '' for quoted ones. */
  word: string
  line: number
  quoted: boolean
  string: boolean
}
export type SqlStatement = { text: string; line: number; tokens: SqlToken[]; comments: string[] }

/** Characters of one file that are read. */
export const maxSqlLength = 2 << 20

type SqlDialect = 'postgresql' | 'mysql' | 'sqlite' | null

/** The text while it is cut: what belongs to the open statement, and where it began (-1: nowhere yet). */
type Cutting = {
  sql: string
  dialect: SqlDialect
  statements: SqlStatement[]
  tokens: SqlToken[]
  comments: string[]
  start: number
  line: number
  delimiter: string
  /** How many BEGIN or CASE of a trigger or procedure are open: its body holds semicolons of its own. */
  depth: number
  /** Whether the open statement makes a trigger, a procedure or a function. */
  isBodied: boolean
}

const countLines = (cutting: Cutting, from: number, to: number): void => {
  for (let index = from; index < to; index += 1) if (cutting.sql[index] === '\n') cutting.line += 1
}

const endStatement = (cutting: Cutting, at: number): void => {
  const { sql, statements, tokens, comments, start } = cutting
  if (tokens.length) {
    statements.push({ text: sql.slice(start, at), line: tokens[0]!.line, tokens, comments })
    cutting.comments = []
  }
  Object.assign(cutting, { tokens: [], start: -1, depth: 0, isBodied: false })
}

const bodied = new Set(['TRIGGER', 'PROCEDURE', 'FUNCTION'])

const push = (cutting: Cutting, from: number, to: number, quoted: boolean, string = false): number => {
  if (cutting.start < 0) cutting.start = from
  const text = cutting.sql.slice(from, to)
  const word = quoted || string ? '' : text.toUpperCase()
  if (bodied.has(word)) cutting.isBodied = true
  cutting.tokens.push({ text, word, line: cutting.line, quoted, string })
  countLines(cutting, from, to)
  return to
}

const orEnd = (sql: string, index: number, behind = 0): number => (index < 0 ? sql.length : index + behind)

/** Each reads what begins at `at`, and returns the offset behind it; null where something else begins. */
type Cut = (cutting: Cutting, at: number, char: string) => number | null

const space: Cut = (cutting, at, char) => {
  if (char === '\n') cutting.line += 1
  return /\s/.test(char) ? at + 1 : null
}

const lineComment: Cut = ({ sql, dialect, comments }, at, char) => {
  if (!(char === '-' && sql[at + 1] === '-') && !(char === '#' && dialect === 'mysql')) return null
  const stop = orEnd(sql, sql.indexOf('\n', at))
  comments.push(sql.slice(at, stop))
  return stop
}

const blockComment: Cut = (cutting, at, char) => {
  const { sql, comments } = cutting
  if (char !== '/' || sql[at + 1] !== '*') return null
  const to = orEnd(sql, sql.indexOf('*/', at + 2), 2)
  comments.push(sql.slice(at, to))
  countLines(cutting, at, to)
  return to
}

const quotedText: Cut = (cutting, at, char) => {
  const { sql, dialect } = cutting
  if (char !== "'" && char !== '"' && char !== '`' && !(char === '[' && dialect === 'sqlite')) return null
  const close = char === '[' ? ']' : char
  let to = at + 1
  for (; to < sql.length; to += 1) {
    if (sql[to] === '\\' && dialect === 'mysql' && char !== '`') to += 1
    else if (sql[to] === close) {
      if (sql[to + 1] === close && close !== ']') to += 1
      else break
    }
  }
  push(cutting, at, Math.min(to + 1, sql.length), char !== "'", char === "'")
  return to + 1
}

const dollarQuoted: Cut = (cutting, at, char) => {
  const { sql } = cutting
  const mark = char === '$' ? /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 66))?.[0] : undefined
  if (mark === undefined) return null
  return push(cutting, at, orEnd(sql, sql.indexOf(mark, at + mark.length), mark.length), false, true)
}

const statementEnd: Cut = (cutting, at) => {
  const { sql, delimiter, depth } = cutting
  if (!sql.startsWith(delimiter, at) || (delimiter === ';' && depth > 0)) return null
  endStatement(cutting, at)
  return at + delimiter.length
}

const word: Cut = (cutting, at, char) => {
  if (!/[A-Za-z_\u0080-\uffff]/.test(char)) return null
  const { sql, dialect } = cutting
  let to = at + 1
  while (to < sql.length && /[\w$\u0080-\uffff]/.test(sql[to]!)) to += 1
  const text = sql.slice(at, to).toUpperCase()
  if (text === 'DELIMITER' && cutting.tokens.length === 0 && dialect === 'mysql') {
    const stop = orEnd(sql, sql.indexOf('\n', at))
    cutting.delimiter = sql.slice(to, stop).trim() || ';'
    return stop
  }
  push(cutting, at, to, false)
  if (cutting.tokens[0]!.word === 'CREATE' && cutting.isBodied) {
    if (text === 'BEGIN' || text === 'CASE') cutting.depth += 1
    else if (text === 'END') cutting.depth = Math.max(0, cutting.depth - 1)
  }
  return to
}

const number: Cut = (cutting, at, char) => {
  if (!/\d/.test(char)) return null
  let to = at + 1
  while (to < cutting.sql.length && /[\w.]/.test(cutting.sql[to]!)) to += 1
  return push(cutting, at, to, false)
}

const operator: Cut = (cutting, at) =>
  push(cutting, at, at + (/^(?:::|\|\||<=|>=|<>|!=|:=)/.test(cutting.sql.slice(at, at + 2)) ? 2 : 1), false)

const cuts: readonly Cut[] = [
  space,
  lineComment,
  blockComment,
  quotedText,
  dollarQuoted,
  statementEnd,
  word,
  number,
  operator,
]

/** Cuts SQL into statements. `dialect` matters for `#` comments and backslash escapes of MySQL. */
export const splitSql = (source: string, dialect: SqlDialect = null): SqlStatement[] => {
  const sql = source.slice(0, maxSqlLength)
  const cutting: Cutting = {
    sql,
    dialect,
    statements: [],
    tokens: [],
    comments: [],
    start: -1,
    line: 1,
    delimiter: ';',
    depth: 0,
    isBodied: false,
  }
  for (let at = 0; at < sql.length; ) {
    const char = sql[at]!
    let next: number | null = null
    for (const cut of cuts) {
      next = cut(cutting, at, char)
      if (next !== null) break
    }
    at = next ?? at + 1
  }
  endStatement(cutting, sql.length)
  return cutting.statements
}
