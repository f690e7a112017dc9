// Migrations of MikroORM and Doctrine, which hand SQL to `addSql`.
import { blankComments, callsOf, lineAt, literal } from './calls.ts'
import { collector, type DslMigration, upPart } from './javascript.ts'

/** https://mikro-orm.io/docs/migrations#migration-class */
export const readMikroOrm = (original: string): DslMigration => {
  const source = upPart(blankComments(original, 'javascript'))
  const out = collector(source)
  for (const call of callsOf(source, /\bthis\.(?:addSql|execute)\b/)) out.raw(call.at, literal(call.args[0]))
  return {
    operations: [],
    sql: out.sql,
    transaction: !/isTransactional\s*\(\s*\)[^{]*\{\s*return false/.test(original),
  }
}

/** The text of a here-document of PHP that is handed over: `addSql(<<<'SQL' … SQL)`. */
const documentOf = (args: readonly string[]): string | null =>
  /^<<<[ \t]*(['"]?)(\w{1,60})\1\r?\n([\s\S]*)\n[ \t]*\2$/.exec(args.join(',').trim())?.[3] ?? null

/** https://www.doctrine-project.org/projects/doctrine-migrations/en/stable/reference/generating-migrations.html ; what `Schema` objects do is not read. */
export const readDoctrine = (original: string): DslMigration => {
  const blanked = blankComments(original, 'php')
  const down = blanked.search(/function\s+down\s*\(/)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const sql: DslMigration['sql'] = []
  const unread: { line: number; text: string }[] = []
  for (const call of callsOf(source, /\$this->addSql\b/)) {
    const text = literal(call.args[0]) ?? documentOf(call.args)
    const line = lineAt(source, call.at)
    if (text === null) unread.push({ line, text: `addSql(${(call.args[0] ?? '').slice(0, 80)}) (the SQL is computed)` })
    else sql.push({ text, line, at: call.at })
  }
  const objects = source.search(/\$schema->\w+\(/)
  if (objects >= 0)
    unread.push({ line: lineAt(source, objects), text: 'changes made through Doctrine’s Schema objects' })
  return {
    operations: [],
    sql,
    unread,
    transaction: !/function\s+isTransactional\s*\(\s*\)[^{]*\{\s*return false/.test(original),
  }
}
