// The same statement of PostgreSQL so that customers can go on writing: all that stands in it is kept (name, method, operator class, expression,
// order, INCLUDE, WHERE, TABLESPACE; ON DELETE, MATCH), only how it is run changes. Each part of the result is a migration of its own.
import type { Operation } from './model.ts'
import { clauses } from './sql-copy.ts'
import type { SqlStatement, SqlToken } from './sql-statements.ts'

const flat = (text: string): string =>
  text
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** `CREATE INDEX …` built concurrently. */
export const safeIndex = (text: string): string[] => {
  const made = flat(text).replace(/^(CREATE (?:UNIQUE )?INDEX)(?! CONCURRENTLY) /i, '$1 CONCURRENTLY ')
  return [
    made.replace(/^(REINDEX(?: \([^)]*\))? (?:INDEX|TABLE|SCHEMA|DATABASE)) (?!CONCURRENTLY)/i, '$1 CONCURRENTLY '),
  ]
}

/** Tokens as SQL again. */
const written = (tokens: readonly SqlToken[]): string =>
  tokens
    .map(({ text }) => text)
    .join(' ')
    .replace(/ ?\. ?/g, '.')
    .replace(/\( /g, '(')
    .replace(/ (?=[),])/g, '')

/** Commands of `ALTER TABLE`, in order, each as its tokens; and the table as it is written. */
export const alterParts = ({ tokens }: SqlStatement): { table: string; commands: SqlToken[][] } => {
  let at = 2
  if (tokens[at]?.word === 'IF') at += 2
  if (tokens[at]?.word === 'ONLY') at += 1
  const from = at
  at += 1
  while (tokens[at]?.text === '.') at += 2
  const table = written(tokens.slice(from, at))
  if (tokens[at]?.text === '*') at += 1
  return { table, commands: clauses(tokens.slice(at)) }
}

const withoutState = (command: readonly SqlToken[]): string => written(command).replace(/ NOT VALID$/i, '')

/** `ADD CONSTRAINT …` in two steps: unvalidated and then validated, or the index first and then the constraint upon it. */
export const safeConstraint = (
  statement: SqlStatement,
  index: number,
  { constraint, name, on, table }: Pick<Operation, 'constraint' | 'name' | 'on' | 'table'>,
): string[] => {
  const { table: named, commands } = alterParts(statement)
  const command = commands[index]
  if (!command) return []
  const bare = table?.replace(/^.*\./, '') ?? 'table'
  const suffix = { 'foreign-key': 'fkey', check: 'check', unique: 'key', 'primary-key': 'pkey', exclude: 'excl' }[
    constraint ?? 'check'
  ]
  const given = constraint === 'primary-key' ? `${bare}_${suffix}` : [bare, ...(on ?? []), suffix].join('_')
  const called = name || given.slice(0, 63)
  const quoted = /^[a-z_][a-z0-9_]*$/.test(called) ? called : `"${called}"`
  const text = withoutState(command)
  const full = name ? text : text.replace(/^ADD /i, `ADD CONSTRAINT ${quoted} `)
  if (constraint === 'foreign-key' || constraint === 'check')
    return [`ALTER TABLE ${named} ${full} NOT VALID`, `ALTER TABLE ${named} VALIDATE CONSTRAINT ${quoted}`]
  const columns = /(?:UNIQUE|PRIMARY KEY)( NULLS (?:NOT )?DISTINCT)? (\(.*)$/i.exec(text)
  if (!columns || constraint === 'exclude') return []
  // What stands behind the columns: INCLUDE, WITH and TABLESPACE belong to the index, DEFERRABLE to the constraint.
  const [, nulls = '', rest = ''] = columns
  const late = / (?:NOT )?DEFERRABLE.*$| INITIALLY .*$/i.exec(rest)?.[0] ?? ''
  const build = rest.slice(0, rest.length - late.length).replace(/ USING INDEX TABLESPACE/i, ' TABLESPACE')
  const behind = build.replace(/^\([^)]*\)/, '')
  const ofIndex = `${/^\([^)]*\)/.exec(build)?.[0] ?? build}${/ INCLUDE \([^)]*\)/i.exec(behind)?.[0] ?? ''}${nulls}${behind.replace(/ INCLUDE \([^)]*\)/i, '')}`
  return [
    `CREATE UNIQUE INDEX CONCURRENTLY ${quoted} ON ${named} ${ofIndex}`,
    `ALTER TABLE ${named} ADD CONSTRAINT ${quoted} ${constraint === 'primary-key' ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${quoted}${late}`,
  ]
}
