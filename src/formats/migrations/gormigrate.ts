// Migrations of gormigrate (https://github.com/go-gormigrate/gormigrate): a list in one file, each a program upon gorm's Migrator.
import { blankComments, type Call, callsOf, chainAt, endOfBracket, linesOf, literal } from './calls.ts'
import { bodyOf, goSqlOf, reachedFrom, textsNamed } from './go.ts'
import { type Collector, collector, type DslMigration } from './javascript.ts'
import type { Part } from './model.ts'

/** `OrderLine` → `order_lines`, as gorm names the table of a type (https://gorm.io/docs/conventions.html). */
const tableOfType = (type: string): string => {
  const snake = type
    .replace(/([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])/g, (_all, a, b, c, d) => `${a ?? c}_${b ?? d}`)
    .toLowerCase()
  if (/(?:s|x|z|ch|sh)$/.test(snake)) return `${snake}es`
  return /[^aeiou]y$/.test(snake) ? `${snake.slice(0, -1)}ies` : `${snake}s`
}

/** The table that an argument stands for: a text, `&model.User{}`, `new(User)`. */
const tableOf = (given: string | undefined): string | null => {
  const type = /^(?:&(?:\w+\.)?(\w+)\{|new\((?:\w+\.)?(\w+)\))/.exec(given ?? '')
  return literal(given) ?? (type ? tableOfType(type[1] ?? type[2]!) : null)
}

/** What the tag of a field says, where the type stands in the migration. */
const tagOf = (source: string, field: string): string =>
  new RegExp(`\\b${field.replace(/\W/g, '')}\\s+[\\w.*\\[\\]]+\\s+\`[^\`]*gorm:"([^"]*)"`).exec(source)?.[1] ?? ''

type Step = { out: Collector; at: number; call: Call; source: string; table: string | null; name: string | null }
type Handler = (step: Step) => void

const addColumn: Handler = ({ out, at, source, table, name }) => {
  const tag = tagOf(source, name ?? '')
  out.add(at, 'add-column', table, {
    column: name,
    notNull: /not null/i.test(tag),
    hasDefault: /\bdefault:/i.test(tag),
    volatileDefault: /\bdefault:\s*(?:gen_random_uuid|uuid_generate)/i.test(tag),
  })
}

const migratorCalls: Readonly<Record<string, Handler>> = {
  AddColumn: addColumn,
  DropColumn: ({ out, at, table, name }) => out.add(at, 'drop-column', table, { column: name }),
  RenameColumn: ({ out, at, call, table, name }) =>
    out.add(at, 'rename-column', table, { column: name, to: literal(call.args[2]) ?? '' }),
  AlterColumn: ({ out, at, table, name }) => out.add(at, 'change-type', table, { column: name, type: '' }),
  CreateTable: ({ out, at, call }) => {
    for (const one of call.args) out.add(at, 'create-table', tableOf(one))
  },
  DropTable: ({ out, at, call }) => {
    for (const one of call.args) out.add(at, 'drop-table', tableOf(one))
  },
  RenameTable: ({ out, at, call, table }) => out.add(at, 'rename-table', table, { to: tableOf(call.args[1]) ?? '' }),
  CreateIndex: ({ out, at, table, name }) => out.add(at, 'add-index', table, name ? { name } : {}),
  CreateConstraint: ({ out, at, table, name }) =>
    out.add(at, 'add-constraint', table, { constraint: 'foreign-key', ...(name ? { name } : {}) }),
}

/** Calls of gorm that change rows. */
const rows = /\.(?:Update|Updates|UpdateColumn|UpdateColumns|Delete|Save)\b/

/** Characters of one migration of a list, and migrations of one file: the newest are kept. */
const longestOne = 20_000
const mostParts = 300

/** Where migrations of a list begin and end, each with its ID; the braces around them included. */
const literalsIn = (source: string): { id: string; from: number; to: number }[] => {
  const found: { id: string; from: number; to: number }[] = []
  let open = -1
  for (const match of source.matchAll(/\{|\bID:\s{0,20}"([^"\n]{1,200})"/g)) {
    if (match[1] === undefined) open = match.index
    else if (open >= (found.at(-1)?.to ?? 0)) {
      const to = endOfBracket(source, open, longestOne)
      if (/\bMigrate:/.test(source.slice(open, to))) found.push({ id: match[1], from: open, to })
    }
  }
  return found.slice(-mostParts)
}

/** The function that a migration names or is. */
const upOf = (source: string, from: number, to: number): { body: string; at: number } | null => {
  const head = /\bMigrate:\s*/.exec(source.slice(from, to))
  if (!head) return null
  const at = from + head.index + head[0].length
  const name = /^\w+(?=\s*[,}])/.exec(source.slice(at, at + 200))?.[0]
  if (name) return bodyOf(source, name)
  const open = source.startsWith('func', at) ? source.indexOf('{', endOfBracket(source, source.indexOf('(', at))) : -1
  return open < 0 ? null : { body: source.slice(open, endOfBracket(source, open)), at: open }
}

/** Each migration of a list as a text of its own, with the functions of the file that it reaches; what lies between keeps its lines. */
export const gormigrateParts = (original: string): Part[] => {
  const source = blankComments(original, 'javascript')
  const lineOf = linesOf(source)
  return literalsIn(source).map(({ id, from, to }) => {
    const up = upOf(source, from, to)
    const reached = (up ? reachedFrom(source, up) : []).filter(({ at }) => at < from || at >= to)
    const pieces = [
      { from, to },
      ...reached.map(({ body, at }) => ({ from: source.lastIndexOf('func', at), to: at + body.length })),
    ].sort((a, b) => a.from - b.from)
    const first = lineOf(pieces[0]!.from)
    let [text, line] = ['', first]
    for (const piece of pieces) {
      text += '\n'.repeat(Math.max(0, lineOf(piece.from) - line)) + source.slice(piece.from, piece.to)
      line = lineOf(piece.to)
    }
    return { id, text, line: first }
  })
}

/** Reads one migration of such a list. */
export const readGormigrate = (original: string): DslMigration => {
  const source = blankComments(original, 'javascript')
  const [first] = literalsIn(source)
  const up = first ? upOf(source, first.from, first.to) : null
  const out = collector(source)
  const lineOf = linesOf(source)
  const unread: NonNullable<DslMigration['unread']> = []
  if (!up) unread.push({ line: first ? lineOf(first.from) : 1, text: 'a program whose way up was not found' })
  const texts = textsNamed(source)
  for (const { body, at } of up ? reachedFrom(source, up) : []) {
    for (const match of body.matchAll(/\.Migrator\(\)/g)) {
      const [call] = chainAt(body, match.index + match[0].length).calls
      const handler = call && Object.hasOwn(migratorCalls, call.name) ? migratorCalls[call.name] : undefined
      if (call)
        handler?.({
          out,
          at: at + match.index,
          call,
          source,
          table: tableOf(call.args[0]),
          name: literal(call.args[1]),
        })
    }
    for (const one of callsOf(body, /\.AutoMigrate\b/))
      unread.push({ line: lineOf(at + one.at), text: `AutoMigrate(${one.args.join(', ').slice(0, 80)})` })
    for (const one of callsOf(body, /\.(?:Exec|Raw)\b/)) {
      const text = goSqlOf(one.args[0] ?? '', texts)
      if (text === null)
        unread.push({ line: lineOf(at + one.at), text: `${(one.args[0] ?? '').slice(0, 80)} (the SQL is computed)` })
      else out.raw(at + one.at, text)
    }
    for (const one of callsOf(body, rows)) out.add(at + one.at, 'data', null)
  }
  return {
    operations: out.operations.map(({ at: _at, ...operation }) => operation),
    sql: out.sql,
    unread,
    // `UseTransaction` is off unless told, and stands where the list is run.
    transaction: false,
  }
}
