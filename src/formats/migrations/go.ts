// Migrations that are programs in Go: goose (https://pressly.github.io/goose/blog/2021/go-migrations) and bun (https://bun.uptrace.dev/guide/migrations.html).
// The SQL that they hand to the database is read; anything else that they call is named.
import { blankComments, callsOf, endOfBracket, endOfString, linesOf, literal } from './calls.ts'
import type { DslMigration } from './javascript.ts'

/** Which tool a program in Go belongs to; null for none that is read. */
export const goOrm = (text: string): 'goose' | 'bun' | 'gormigrate' | null =>
  /\bgoose\.Add(?:Named)?Migration/.test(text)
    ? 'goose'
    : /uptrace\/bun/.test(text) && /\.(?:Must)?Register\(/.test(text)
      ? 'bun'
      : /\bgormigrate\.(?:New\(|Migration\{)/.test(text)
        ? 'gormigrate'
        : null

const registrations = /\bgoose\.Add(?:Named)?Migration(?:NoTx)?(?:Context|NoTxContext)?|\.(?:Must)?Register/

/** The body of a function by its name, with the offset at which it begins. */
export const bodyOf = (source: string, name: string): { body: string; at: number } | null => {
  const found = new RegExp(`\\bfunc\\s+${name}\\s*\\(`).exec(source)
  const open = found ? source.indexOf('{', endOfBracket(source, found.index + found[0].length - 1)) : -1
  return open < 0 ? null : { body: source.slice(open, endOfBracket(source, open)), at: open }
}

/** The body of a function, and of those in this file that it calls, each with its offset. */
export const reachedFrom = (source: string, first: { body: string; at: number }): { body: string; at: number }[] => {
  const own = new Set([...source.matchAll(/^func (\w+)\(/gm)].map(match => match[1]!))
  const reached = [first]
  for (const { body } of reached)
    for (const [, name] of body.matchAll(/\b(\w+)\(/g)) {
      if (!own.delete(name!)) continue
      const found = bodyOf(source, name!)
      if (found && found.at !== first.at) reached.push(found)
    }
  return reached
}

/** Constants and variables that hold a text. */
export const textsNamed = (source: string): Map<string, string> =>
  new Map(
    [...source.matchAll(/\b(\w+)\s*(?::=|=)\s*(`[^`]*`|"(?:[^"\\\n]|\\.)*")/g)].map((match): [string, string] => [
      match[1]!,
      match[2]!,
    ]),
  )

/** What is joined by `+`, outside of texts. */
const summands = (argument: string): string[] => {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < argument.length; at += 1) {
    if (argument[at] === '"' || argument[at] === '`') at = endOfString(argument, at)
    else if (argument[at] === '+') {
      parts.push(argument.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, argument.slice(from).trim()]
}

/** SQL that is written out: a literal, several joined, a format; null where it is computed. */
export const goSqlOf = (argument: string, texts: ReadonlyMap<string, string>): string | null => {
  const format = /^fmt\.Sprintf\(\s*([\s\S]*)$/.exec(argument)?.[1]
  if (format !== undefined) {
    const text = literal(/^`[^`]*`|^"(?:[^"\\]|\\.)*"/.exec(format)?.[0])
    return text === null ? null : text.replace(/%[sdvq]/g, 'placeholder')
  }
  const parts = summands(argument).map(part => literal(texts.get(part) ?? part))
  return parts.some(part => part === null || part === undefined) ? null : parts.join('')
}

const executes = /\.(?:Exec|ExecContext|MustExec|MustExecContext|NewRaw|Query|QueryContext|QueryRow|QueryRowContext)\b/
/** What changes tables without SQL. */
const builders =
  /\.(?:New(?:CreateTable|DropTable|AddColumn|DropColumn|CreateIndex|DropIndex|TruncateTable)|Migrator)\(\)?/

/** Reads what runs forward. */
export const readGo = (original: string): DslMigration => {
  const source = blankComments(original, 'javascript')
  const [call] = callsOf(source, registrations)
  const given = call?.args.filter(arg => literal(arg) === null)[0] ?? ''
  const found = /^func\b/.test(given) ? { body: given, at: source.indexOf(given) } : bodyOf(source, given)
  const lineOf = linesOf(source)
  const [sql, unread]: [DslMigration['sql'], NonNullable<DslMigration['unread']>] = [[], []]
  if (!found && given !== 'nil')
    unread.push({ line: call ? lineOf(call.at) : 1, text: 'a program whose way up was not found' })
  const texts = textsNamed(source)
  for (const { body, at } of found ? reachedFrom(source, found) : []) {
    for (const one of callsOf(body, executes)) {
      const line = lineOf(at + one.at)
      const argument = one.args.find(arg => !/^(?:ctx|context\.\w+\(\))$/.test(arg)) ?? ''
      const text = goSqlOf(argument, texts)
      if (text === null) unread.push({ line, text: `${argument.slice(0, 80)} (the SQL is computed)` })
      else sql.push({ text, line, at: at + one.at })
    }
    const built = body.search(builders)
    if (built >= 0) unread.push({ line: lineOf(at + built), text: 'changes made through a query builder' })
  }
  const runs = found && sql.length + unread.length === 0 && /\w\s*\(/.test(found.body.slice(found.body.indexOf('{')))
  if (runs) unread.push({ line: lineOf(found.at), text: 'a program in which no SQL was recognised' })
  return { operations: [], sql, unread, transaction: /^goose/.test(call?.name ?? '') && !/NoTx/.test(call?.name ?? '') }
}
