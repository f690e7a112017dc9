// `INSERT INTO … SELECT … FROM …` as a copy of one table into another: which column comes from which, and whether every row comes along.
import { type Copy, plainName } from './model.ts'
import type { SqlToken } from './sql-statements.ts'

/** Parts at depth 0, cut at commas. */
export const clauses = (tokens: readonly SqlToken[]): SqlToken[][] => {
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

/** A name that may have a schema before it, from `at` on, and the index behind it. */
export const nameAt = (tokens: readonly SqlToken[], at: number): { name: string; next: number } => {
  let text = tokens[at]?.text ?? ''
  let next = at + 1
  while (tokens[next]?.text === '.') {
    text += `.${tokens[next + 1]?.text ?? ''}`
    next += 2
  }
  return { name: plainName(text), next }
}

const isName = ({ quoted, word }: SqlToken): boolean => quoted || /^[A-Z_]\w*$/.test(word)

const selected = (part: readonly SqlToken[]): Copy['columns'][number] => {
  const as = part.findLastIndex(({ word }) => word === 'AS')
  const expression = as > 0 ? part.slice(0, as) : part
  const names = expression.filter(isName)
  const bare = expression.every(token => isName(token) || token.text === '.')
  const last = plainName(names.at(-1)?.text ?? '')
  return {
    name: as > 0 ? plainName(part[as + 1]?.text ?? '') : last,
    from: names.map(one => plainName(one.text)),
    bare,
  }
}

/** Words behind which fewer rows come than the source has. */
const narrowing = /^(?:WHERE|LIMIT|JOIN|GROUP|HAVING|DISTINCT|UNION|EXCEPT|INTERSECT)$/

/** The copy that a statement makes (`INSERT INTO t (…) SELECT … FROM s`, `CREATE TABLE t AS SELECT …`); null where it makes none. */
export const copyOf = (tokens: readonly SqlToken[]): Copy | null => {
  const select = tokens.findIndex(({ word }) => word === 'SELECT')
  const from = tokens.findIndex(({ word }, index) => index > select && word === 'FROM')
  if (select < 0 || from < 0) return null
  const open = tokens.findIndex(({ text }, index) => index < select && text === '(')
  const given =
    open > 0 && tokens[0]!.word !== 'CREATE'
      ? clauses(tokens.slice(open + 1, select - 1)).map(part => plainName(part[0]!.text))
      : null
  const whole =
    !tokens.some(({ word }, index) => index >= select && narrowing.test(word)) &&
    !tokens.slice(0, select).some(({ word }) => word === 'IGNORE')
  const parts = clauses(tokens.slice(tokens[select + 1]?.word === 'DISTINCT' ? select + 2 : select + 1, from))
  const all = parts.length === 1 && parts[0]!.at(-1)?.text === '*'
  return {
    from: nameAt(tokens, from + 1).name,
    columns: all
      ? []
      : parts.map((part, index) => ({ ...selected(part), ...(given?.[index] ? { name: given[index]! } : {}) })),
    all,
    whole,
  }
}
