// What a migration does, as text to compare: two files with the same signature leave the same database behind. Imports, comments, the order of
// lines that do nothing and the way of writing are not in it.
import type { Dialect, Operation, Orm } from './model.ts'
import { programs, readMigration } from './read.ts'
import type { Parse } from './sql-postgres.ts'
import { splitSql } from './sql-statements.ts'

const sqlOf = (text: string, dialect: Dialect | null): string =>
  splitSql(text, dialect)
    .map(({ tokens }) => tokens.map(({ text: own, word }) => word || own).join(' '))
    .join(';')

/** Methods that say how a migration is run, described or taken back: what it does is not in them. */
const besides =
  /\b(?:(?:public|protected|async)\s{1,20}){0,2}(?:function\s{1,20})?(?:down|isTransactional|getDescription)\s*\([^)\n]{0,200}\)[^{;\n]{0,60}\s{0,20}\{/g

/** The text without those methods, each to the brace that closes it; one that never closes stays. */
const withoutBesides = (text: string): string => {
  let out = ''
  let from = 0
  for (const match of text.matchAll(besides)) {
    if (match.index < from) continue
    let depth = 1
    let at = match.index + match[0].length
    while (depth > 0 && at < text.length) {
      const next = text[at++]
      if (next === '{') depth++
      else if (next === '}') depth--
    }
    if (depth > 0) break
    out += text.slice(from, match.index)
    from = at
  }
  return out + text.slice(from)
}

/** A program without imports, comments, annotations of types and spaces; quotes of one kind. What it depends on is not what it does. */
const programOf = (text: string): string =>
  withoutBesides(text)
    .replace(/^[ \t]*(?:async\s+)?def\s[^\n]*$/gm, row =>
      row
        .replace(/\s*->\s*[^:]+(?=:)/, '')
        .replace(/(\b\w+)\s*:\s*[\w.]+(?:\[[^\]]*\])?(?:\s*\|\s*\w+)*(?=\s*[,)=])/g, '$1'),
    )
    .replace(/^[ \t]*(?:dependencies|run_before)\s*=\s*\[[^\]]*\]/gm, '')
    .replace(/\/\*[\s\S]*?\*\/|^\s*(?:#|\/\/)[^\n]*/gm, '')
    .replace(
      /^\s*(?:from\s+\S+\s+import\s*(?:\([^)]*\)|[^\n]*)|import\b[^\n]*|use\s+[\w\\]+[^\n]*;|require(?:_relative)?\b[^\n]*|(?:const|let|var)\s[^\n]*=\s*require\([^\n]*)/gm,
      '',
    )
    .replace(/["'`]/g, "'")
    .replace(/,(\s*[)\]}])/g, '$1')
    .replace(/\s+/g, '')

const operationOf = ({ line: _line, text, safe: _safe, ...rest }: Operation): string =>
  JSON.stringify(rest.kind === 'other' ? { ...rest, text } : rest)

/** `app` is Django's, as in `readMigration`. */
export const signatureOf = (text: string, orm: Orm, dialect: Dialect | null, parse: Parse | null, app = ''): string => {
  if (!programs[orm]) return sqlOf(text, dialect)
  const { operations, unread, transaction } = readMigration(text, orm, dialect, parse, app)
  // Rows are changed by code of its own: that is part of what it does. So it is where nothing was understood.
  const whole = operations.length === 0 || unread.length > 0 || operations.some(({ kind }) => kind === 'data')
  return `${transaction} ${operations.map(operationOf).join('\n')}${whole ? programOf(text) : ''}`
}

/** Operations that leave the schema as it is. */
const ofRows = new Set<Operation['kind']>(['data', 'other', 'begin', 'commit', 'set-timeout'])

/** How a migration differs from what it was: in the schema that it makes, in its rows alone, or in that nothing is left of what it did with rows. */
export const changeBetween = (
  was: string,
  is: string,
  orm: Orm,
  dialect: Dialect | null,
  parse: Parse | null,
  app = '',
): 'schema' | 'rows' | 'nothing-left' => {
  const [before, after] = [was, is].map(text => readMigration(text, orm, dialect, parse, app)) as [
    ReturnType<typeof readMigration>,
    ReturnType<typeof readMigration>,
  ]
  const schema = ({ operations }: { operations: readonly Operation[] }): string =>
    operations
      .filter(({ kind }) => !ofRows.has(kind))
      .map(operationOf)
      .join('\n')
  if (schema(before) !== schema(after) || before.unread.length + after.unread.length > 0) return 'schema'
  const left = after.operations.filter(({ kind }) => kind === 'data' || kind === 'other').length
  return left === 0 && schema(after) === '' ? 'nothing-left' : 'rows'
}
