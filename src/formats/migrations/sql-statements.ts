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

/** Cuts SQL into statements. `dialect` matters for `#` comments and backslash escapes of MySQL. */
export const splitSql = (source: string, dialect: 'postgresql' | 'mysql' | 'sqlite' | null = null): SqlStatement[] => {
  const sql = source.slice(0, maxSqlLength)
  const statements: SqlStatement[] = []
  let tokens: SqlToken[] = []
  let comments: string[] = []
  let start = -1
  let line = 1
  let delimiter = ';'
  let depth = 0
  const end = (at: number): void => {
    if (tokens.length) statements.push({ text: sql.slice(start, at), line: tokens[0]!.line, tokens, comments })
    if (tokens.length) comments = []
    tokens = []
    start = -1
    depth = 0
  }
  const push = (from: number, to: number, quoted: boolean, string = false): void => {
    if (start < 0) start = from
    const text = sql.slice(from, to)
    tokens.push({ text, word: quoted || string ? '' : text.toUpperCase(), line, quoted, string })
    for (let index = from; index < to; index += 1) if (sql[index] === '\n') line += 1
  }
  for (let at = 0; at < sql.length; ) {
    const char = sql[at]!
    const next = sql[at + 1]
    if (char === '\n') {
      line += 1
      at += 1
    } else if (/\s/.test(char)) at += 1
    else if ((char === '-' && next === '-') || (char === '#' && dialect === 'mysql')) {
      const stop = sql.indexOf('\n', at)
      comments.push(sql.slice(at, stop < 0 ? sql.length : stop))
      at = stop < 0 ? sql.length : stop
    } else if (char === '/' && next === '*') {
      const stop = sql.indexOf('*/', at + 2)
      const to = stop < 0 ? sql.length : stop + 2
      comments.push(sql.slice(at, to))
      for (let index = at; index < to; index += 1) if (sql[index] === '\n') line += 1
      at = to
    } else if (char === "'" || char === '"' || char === '`' || (char === '[' && dialect === 'sqlite')) {
      const close = char === '[' ? ']' : char
      let to = at + 1
      for (; to < sql.length; to += 1) {
        if (sql[to] === '\\' && dialect === 'mysql' && char !== '`') to += 1
        else if (sql[to] === close) {
          if (sql[to + 1] === close && close !== ']') to += 1
          else break
        }
      }
      push(at, Math.min(to + 1, sql.length), char !== "'", char === "'")
      at = to + 1
    } else if (char === '$' && /^\$(?:[A-Za-z_]\w*)?\$/.test(sql.slice(at, at + 66))) {
      const mark = /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 66))![0]
      const stop = sql.indexOf(mark, at + mark.length)
      const to = stop < 0 ? sql.length : stop + mark.length
      push(at, to, false, true)
      at = to
    } else if (sql.startsWith(delimiter, at) && (delimiter !== ';' || depth === 0)) {
      end(at)
      at += delimiter.length
    } else if (/[A-Za-z_\u0080-\uffff]/.test(char)) {
      let to = at + 1
      while (to < sql.length && /[\w$\u0080-\uffff]/.test(sql[to]!)) to += 1
      const word = sql.slice(at, to).toUpperCase()
      if (word === 'DELIMITER' && tokens.length === 0 && dialect === 'mysql') {
        const stop = sql.indexOf('\n', at)
        delimiter = sql.slice(to, stop < 0 ? sql.length : stop).trim() || ';'
        at = stop < 0 ? sql.length : stop
        continue
      }
      push(at, to, false)
      at = to
      // The body of a trigger or procedure holds semicolons of its own.
      const first = tokens[0]!.word
      if (
        first === 'CREATE' &&
        tokens.some(token => token.word === 'TRIGGER' || token.word === 'PROCEDURE' || token.word === 'FUNCTION')
      ) {
        if (word === 'BEGIN' || word === 'CASE') depth += 1
        else if (word === 'END') depth = Math.max(0, depth - 1)
      }
    } else if (/\d/.test(char)) {
      let to = at + 1
      while (to < sql.length && /[\w.]/.test(sql[to]!)) to += 1
      push(at, to, false)
      at = to
    } else {
      const to = at + (/^(?:::|\|\||<=|>=|<>|!=|:=)/.test(sql.slice(at, at + 2)) ? 2 : 1)
      push(at, to, false)
      at = to
    }
  }
  end(sql.length)
  return statements
}
