// Which tool a migration belongs to, by its path and text, and its operations in the common form.

import { isUnshipped } from '../shipped.ts'
import { readAlembic } from './alembic.ts'
import { nestsTooDeep } from './calls.ts'
import { readDjango } from './django.ts'
import { readJavascriptSql } from './embedded.ts'
import type { DslMigration } from './javascript.ts'
import { readKnex } from './javascript.ts'
import { readLaravel } from './laravel.ts'
import type { Dialect, Operation, Orm, ReadMigration } from './model.ts'
import { readRails } from './rails.ts'
import { readSequelize } from './sequelize.ts'
import { readDdl } from './sql-ddl.ts'
import { readPostgres } from './sql-postgres.ts'
import { readTypeorm } from './typeorm.ts'

type Parse = Parameters<typeof readPostgres>[1]

/** Where migrations lie, and what `key` puts them into order. Null: no migration. */
export const migrationOf = (
  path: string,
): { folder: string; orm: Orm | 'javascript' | 'python' | 'sql-or-drizzle'; key: string } | null => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  if (isUnshipped(path)) return null
  const bundle = /^(.*?(?:^|\/)(?:migrations|drizzle))\/([^/]+)\/migration\.sql$/.exec(path)
  if (bundle) return { folder: bundle[1]!, orm: 'prisma', key: bundle[2]! }
  if (/(?:^|\/)supabase\/migrations$/.test(folder) && name.endsWith('.sql'))
    return { folder, orm: 'supabase', key: name }
  if (/(?:^|\/)db\/(?:\w+_)?migrate$/.test(folder) && /^\d+_[\w.]+\.rb$/.test(name))
    return { folder, orm: 'rails', key: name }
  if (/(?:^|\/)database\/migrations(?:\/\w+)*$/.test(folder) && /^\d{4}_\d{2}_\d{2}_\d+_\w+\.php$/.test(name))
    return { folder, orm: 'laravel', key: name }
  if (/(?:^|\/)migrations$/.test(folder) && /^\d{4}_\w+\.py$/.test(name)) return { folder, orm: 'django', key: name }
  if (/(?:^|\/)versions$/.test(folder) && /\.py$/.test(name)) return { folder, orm: 'python', key: name }
  if (!/(?:^|\/)(?:migrations?|migrate|drizzle|sql|schema|changes|versions)(?:\/|$)/.test(folder)) return null
  if (/^[VU]\d[\d._]*__\w+\.sql$/.test(name))
    return { folder, orm: 'flyway', key: name.replace(/^[VU]/, '').replace(/__.*$/, '') }
  if (/\.down\.sql$|^down\.sql$/.test(name)) return null
  if (/\.up\.sql$/.test(name)) return { folder, orm: 'golang-migrate', key: name }
  if (/^\d[\w.-]*\.sql$/.test(name)) return { folder, orm: 'sql-or-drizzle', key: name }
  if (/^\d[\w.-]*\.(?:[cm]?js|[cm]?ts)$/.test(name) && !/\.d\.ts$/.test(name))
    return { folder, orm: 'javascript', key: name }
  return null
}

const sqlOf = (
  sql: string,
  dialect: Dialect,
  parse: Parse | null,
  firstLine = 1,
): Pick<ReadMigration, 'operations' | 'unread'> =>
  dialect === 'postgresql' && parse
    ? readPostgres(sql, parse, firstLine)
    : readDdl(sql, dialect === 'postgresql' ? 'sqlite' : dialect, firstLine)

/** Sections of goose and dbmate: what brings the schema forward; lines stay where they are. */
const upSection = (text: string): string => {
  const down = text.search(/^--\s*(?:\+goose\s+Down|migrate:down)/im)
  return down < 0 ? text : text.slice(0, down)
}

export const sqlOrm = (text: string): Orm =>
  /^--\s*\+goose/im.test(text) ? 'goose' : /^--\s*migrate:up/im.test(text) ? 'dbmate' : 'sql'

const isCode = new Set<Orm>(['rails', 'django', 'alembic', 'laravel', 'knex', 'sequelize', 'typeorm'])

/** Reads one migration. `orm` is what `migrationOf` and the text say; `app` is Django's. */
export const readMigration = (
  text: string,
  orm: Orm,
  dialect: Dialect,
  parse: Parse | null,
  app = '',
): ReadMigration => {
  if (isCode.has(orm) && nestsTooDeep(text))
    return {
      operations: [],
      unread: [{ line: 1, text: 'brackets that nest deeper than anybody writes' }],
      transaction: false,
    }
  const embedded = (read: DslMigration): ReadMigration => {
    const operations: Operation[] = [...read.operations]
    const unread: ReadMigration['unread'] = []
    for (const { text: sql, line } of read.sql) {
      // A piece of a statement (`knex.raw('now()')`) is none.
      if (
        !/^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:ALTER|CREATE|DROP|RENAME|TRUNCATE|UPDATE|DELETE|INSERT|WITH|SET|BEGIN|START|COMMIT|DO|REINDEX|VACUUM|CLUSTER|LOCK|SELECT|COMMENT|GRANT|REVOKE|ANALYZE|PRAGMA|REPLACE\s+INTO|MERGE|COPY|CALL)\b/i.test(
          sql,
        )
      )
        continue
      const inner = sqlOf(readJavascriptSql(sql), dialect, parse, line)
      operations.push(...inner.operations)
      unread.push(...inner.unread)
    }
    // The order of lines is the order in which they run.
    operations.sort((a, b) => a.line - b.line)
    return { operations, unread, transaction: read.transaction && dialect !== 'mysql' }
  }
  switch (orm) {
    case 'rails':
      return embedded(readRails(text))
    case 'django':
      return embedded(readDjango(text, app))
    case 'alembic':
      return embedded(readAlembic(text))
    case 'laravel':
      return embedded(readLaravel(text))
    case 'knex':
      return embedded(readKnex(text))
    case 'sequelize':
      return embedded(readSequelize(text))
    case 'typeorm':
      return embedded(readTypeorm(text))
    default: {
      const sql = upSection(text)
      const read = sqlOf(sql, dialect, parse)
      const several = read.operations.length + read.unread.length > 1
      const alone = orm === 'prisma' || orm === 'supabase' || orm === 'golang-migrate' || orm === 'flyway'
      const within =
        orm === 'goose'
          ? !/^--\s*\+goose\s+NO TRANSACTION/im.test(text)
          : orm === 'dbmate'
            ? !/^--\s*migrate:up\s.*transaction:false/im.test(text)
            : orm === 'drizzle'
              ? true
              : alone
                ? several
                : false
      return { ...read, transaction: within && dialect !== 'mysql' }
    }
  }
}
