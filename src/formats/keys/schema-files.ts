// Keys and indexes in schema files: schema.prisma, and tables of Drizzle.
import { blankComments, chainAt, endOfBracket, lineAt, literal, splitArguments } from '../migrations/calls.ts'
import type { KeyEvent } from './model.ts'

/** Names in a list as Prisma writes it: `[userId, createdAt(sort: Desc)]`. */
const prismaNames = (text: string): string[] =>
  text
    .split(',')
    .map(part => /^\s*(\w+)/.exec(part)?.[1] ?? '')
    .filter(name => name !== '')

type Model = {
  name: string
  table: string
  line: number
  lines: { text: string; line: number }[]
  columns: Map<string, string>
}

const modelsIn = (text: string): Model[] => {
  const models: Model[] = []
  let open: Model | null = null
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/(?<!["\w:/])\/\/.*$/, '').trim()
    const model = /^model\s+(\w+)\s*\{/.exec(line)
    if (model) open = { name: model[1]!, table: model[1]!, line: index + 1, lines: [], columns: new Map() }
    else if (open && line === '}') {
      models.push(open)
      open = null
    } else if (open && line !== '') {
      const map = /^@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(line)
      if (map) open.table = map[1]!
      const field = line.startsWith('@@') ? null : /^(\w+)\s+(\w+)/.exec(line)
      if (field) open.columns.set(field[1]!, /(?<!@)@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(line)?.[1] ?? field[1]!)
      open.lines.push({ text: line, line: index + 1 })
    }
  }
  return models
}

/** What stands in the brackets behind `@relation(…, fields: […])`. */
const fieldsOf = (line: string): string[] => prismaNames(/\bfields:\s*\[([^\]]*)\]/.exec(line)?.[1] ?? '')

/** The datasource's database and how it keeps relations. */
export const prismaSource = (texts: readonly string[]): { provider: string | null; keepsKeys: boolean } => {
  const all = texts.join('\n')
  const source = /datasource\s+\w+\s*\{([^}]*)\}/.exec(all)?.[1] ?? ''
  return {
    provider: /provider\s*=\s*"(\w+)"/.exec(source)?.[1] ?? null,
    keepsKeys: !/relationMode\s*=\s*"prisma"/.test(source),
  }
}

/** Reads a schema.prisma; `tables` are the names of the tables of all models, which may stand in other files. */
export const prismaKeys = (text: string, tables: ReadonlyMap<string, string>): KeyEvent[] =>
  modelsIn(text).flatMap(({ table, line: at, lines, columns }) => {
    const named = (names: readonly string[]): string[] => names.map(name => columns.get(name) ?? name)
    const events: KeyEvent[] = [{ kind: 'table', table, columns: [], line: at }]
    for (const { text: line, line: number } of lines) {
      const block = /^@@(id|unique|index|fulltext)\(\s*(?:fields:\s*)?(?:\[([^\]]*)\]|(\w+))/.exec(line)
      if (block) {
        const columnsOfIt = named(prismaNames((block[2] ?? block[3]!).replace(/\([^)]*\)/g, '')))
        const method = block[1] === 'fulltext' ? 'fulltext' : (/type:\s*(\w+)/.exec(line)?.[1] ?? '').toLowerCase()
        events.push({ kind: 'index', table, columns: columnsOfIt, unique: block[1] !== 'index', method, line: number })
        continue
      }
      if (line.startsWith('@@')) continue
      const field = /^(\w+)\s+(\w+)(\[\])?/.exec(line)
      if (!field || field[3]) continue
      const to = tables.get(field[2]!)
      if (to !== undefined) {
        const own = named(fieldsOf(line))
        if (own.length) events.push({ kind: 'foreign-key', table, columns: own, references: to, line: number })
        continue
      }
      const column = columns.get(field[1]!)!
      events.push({ kind: 'column', table, column, type: field[2]!, line: number })
      if (/(?<!@)@(?:id|unique)\b/.test(line))
        events.push({ kind: 'index', table, columns: [column], unique: true, line: number })
    }
    return events
  })

/** Model → table, of one file. */
export const prismaTables = (text: string): [string, string][] => modelsIn(text).map(({ name, table }) => [name, table])

const drizzleTable =
  /\b(?:export\s+)?const\s+(\w+)\s*(?::[^=]{1,200})?=\s*(?:\w+\.)?((?:pg|mysql|sqlite|singlestore)?[tT]able|\w*[cC]reateTable|\w+Table(?:Creator)?)\s*\(/g

type DrizzleTable = { variable: string; table: string; at: number; args: string[]; columns: Map<string, string> }

const propertiesOf = (text: string): [string, string][] => {
  const open = text.indexOf('{')
  if (open < 0) return []
  return splitArguments(text.slice(open + 1, endOfBracket(text, open) - 1)).flatMap(part => {
    const match = /^(\w+)\s*:\s*([\s\S]*)$/.exec(part)
    return match ? [[match[1]!, match[2]!] satisfies [string, string]] : []
  })
}

const drizzleTables = (source: string): DrizzleTable[] =>
  [...source.matchAll(drizzleTable)].flatMap(match => {
    const open = match.index + match[0].length - 1
    const args = splitArguments(source.slice(open + 1, endOfBracket(source, open) - 1))
    const table = literal(args[0])
    if (table === null || !args[1] || !/^\(?\s*(?:\w+\s*\)?\s*=>\s*\(?\s*)?\{/.test(args[1])) return []
    const columns = new Map(
      propertiesOf(args[1]).map(([key, definition]) => [
        key,
        literal(/^[\w.]+\(\s*(["'`][^"'`]+["'`])/.exec(definition)?.[1]) ?? key,
      ]),
    )
    return [{ variable: match[1]!, table, at: match.index, args, columns }]
  })

/** Tables that a file of Drizzle makes: variable → its name. */
export const drizzleNames = (text: string): [string, string][] =>
  drizzleTables(blankComments(text, 'javascript')).map(({ variable, table }) => [variable, table])

/** Columns that calls such as `.on(table.userId, table.createdAt)` name. */
const memberColumns = (args: readonly string[], columns: ReadonlyMap<string, string>): string[] =>
  args.map(arg => {
    const member = /^\w+\.(\w+)(?:\.(?:asc|desc|nullsFirst|nullsLast|op)\([^)]*\))*$/.exec(arg.trim())?.[1]
    return member === undefined ? '' : (columns.get(member) ?? member)
  })

const drizzleExtra = ({ table, args, columns }: DrizzleTable, line: number): KeyEvent[] => {
  const extra = args[2] ?? ''
  return [...extra.matchAll(/\b(index|uniqueIndex|unique|primaryKey|foreignKey)\s*(?=\()/g)].flatMap(
    (match): KeyEvent[] => {
      const open = extra.indexOf('(', match.index)
      const end = endOfBracket(extra, open)
      const given = splitArguments(extra.slice(open + 1, end - 1))
      const { calls } = chainAt(extra, end)
      const on = calls.find(({ name }) => name === 'on' || name === 'using' || name === 'onOnly')
      const listed = (key: string): string[] => {
        const text = new RegExp(`\\b${key}\\s*:\\s*\\[([^\\]]*)\\]`).exec(given.join(','))?.[1]
        return text === undefined ? [] : memberColumns(splitArguments(text), columns)
      }
      if (match[1] === 'foreignKey')
        return [{ kind: 'foreign-key', table, columns: listed('columns'), references: '', line }]
      if (match[1] === 'primaryKey') {
        const own = listed('columns')
        return [{ kind: 'index', table, columns: own.length ? own : memberColumns(given, columns), unique: true, line }]
      }
      if (!on) return []
      const method = on.name === 'using' ? (literal(on.args[0]) ?? '') : ''
      const where = calls.find(({ name }) => name === 'where')
      const said = where ? drizzleWhere(where.args[0] ?? '', columns) : ''
      return [
        {
          kind: 'index',
          table,
          columns: memberColumns(on.name === 'using' ? on.args.slice(1) : on.args, columns),
          name: literal(given[0]) ?? '',
          unique: match[1] !== 'index',
          method,
          where: said,
          line,
        },
      ]
    },
  )
}

/** `isNull(table.deletedAt)` or sql`…` in the words of SQL. */
const drizzleWhere = (text: string, columns: ReadonlyMap<string, string>): string => {
  const call = /^(isNull|isNotNull)\(\s*\w+\.(\w+)\s*\)$/.exec(text.trim())
  const own = call ? (columns.get(call[2]!) ?? call[2]!) : ''
  if (call) return `${own} is ${call[1] === 'isNull' ? '' : 'not '}null`
  return text
    .replace(/^sql\s*`|`$/g, '')
    .replace(/\$\{\s*\w+\.(\w+)\s*\}/g, (_, name: string) => columns.get(name) ?? name)
}

/** Reads a file of Drizzle tables; `tables` are the variables of all files. */
export const drizzleKeys = (original: string, tables: ReadonlyMap<string, string>): KeyEvent[] => {
  const source = blankComments(original, 'javascript')
  return drizzleTables(source).flatMap(one => {
    const { table, args } = one
    const line = lineAt(source, one.at)
    const events: KeyEvent[] = [{ kind: 'table', table, columns: [], line }]
    for (const [key, definition] of propertiesOf(args[1]!)) {
      const column = one.columns.get(key)!
      events.push({ kind: 'column', table, column, type: /^([\w.]+)/.exec(definition)?.[1] ?? '', line })
      if (/\.\s*(?:primaryKey|unique)\s*\(/.test(definition))
        events.push({ kind: 'index', table, columns: [column], unique: true, line })
      const to = /\.\s*references\s*\(\s*\(\s*\)\s*(?::\s*\w+\s*)?=>\s*(\w+)\.\w+/.exec(definition)?.[1]
      if (to !== undefined)
        events.push({ kind: 'foreign-key', table, columns: [column], references: tables.get(to) ?? to, line })
    }
    return [...events, ...drizzleExtra(one, line)]
  })
}
