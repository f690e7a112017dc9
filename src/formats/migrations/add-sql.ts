// Migrations of MikroORM, which hand SQL to `addSql`.
import { blankComments, callsOf, literal } from './calls.ts'
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
