// Which tool a migration belongs to, by its path and text, and its operations in the common form.

import { isUnshipped } from '../shipped.ts'
import { readDoctrine, readMikroOrm } from './add-sql.ts'
import { readAlembic } from './alembic.ts'
import { nestsTooDeep } from './calls.ts'
import { readDjango } from './django.ts'
import { readJavascriptSql } from './embedded.ts'
import { type DslMigration, readKnex, upPart } from './javascript.ts'
import { readLaravel } from './laravel.ts'
import type { Dialect, Operation, Orm, ReadMigration } from './model.ts'
import { readRails } from './rails.ts'
import { readPostgres } from './read-postgres.ts'
import { readSequelize } from './sequelize.ts'
import { readDdl } from './sql-ddl.ts'
import type { Parse } from './sql-postgres.ts'
import { readTypeorm } from './typeorm.ts'

type Found = { folder: string; orm: Orm | 'javascript' | 'python' | 'sql-or-drizzle' | 'sql-or-liquibase'; key: string }

/** Files by which a tool marks its folder of migrations, whatever that is called: Prisma, Drizzle, Atlas. */
const markFile = /^(.*?)\/?(?:migration_lock\.toml|meta\/_journal\.json|atlas\.sum)$/

/** Folders that hold migrations by the lock file in them. */
export const markedFolders = (paths: readonly string[]): Set<string> =>
  new Set(paths.flatMap(path => (isUnshipped(path) ? [] : (markFile.exec(path)?.[1] ?? []))))

/** A migration within a folder that a lock file marks. */
const markedOf = (folder: string, name: string, marked: ReadonlySet<string>): Found | null => {
  const [, parent = '', key = ''] = /^(?:(.*)\/)?([^/]+)$/.exec(folder) ?? []
  if (name === 'migration.sql' && marked.has(parent)) return { folder: parent, orm: 'prisma', key }
  return marked.has(folder) && name.endsWith('.sql') && !/\.down\.sql$/.test(name)
    ? { folder, orm: 'sql-or-drizzle', key: name }
    : null
}

/** Where migrations lie, and what `key` puts them into order. `marked` are folders with a lock file. Null: no migration. */
export const migrationOf = (path: string, marked: ReadonlySet<string> = new Set()): Found | null => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  if (isUnshipped(path)) return null
  const bundle = /^(.*?(?:^|\/)(?:migrations?|drizzle))\/([^/]+)\/migration\.sql$/.exec(path)
  if (bundle) return { folder: bundle[1]!, orm: 'prisma', key: bundle[2]! }
  const diesel = /^(.*?(?:^|\/)migrations)\/(\d[^/]*)\/up\.sql$/.exec(path)
  if (diesel) return { folder: diesel[1]!, orm: 'diesel', key: diesel[2]! }
  const byLock = markedOf(folder, name, marked)
  if (byLock) return byLock
  if (/(?:^|\/)supabase\/migrations$/.test(folder) && name.endsWith('.sql'))
    return { folder, orm: 'supabase', key: name }
  if (/(?:^|\/)db\/(?:\w+_)?migrate$/.test(folder) && /^\d+_[\w.]+\.rb$/.test(name))
    return { folder, orm: 'rails', key: name }
  if (/(?:^|\/)database\/migrations(?:\/\w+)*$/.test(folder) && /^\d{4}_\d{2}_\d{2}_\d+_\w+\.php$/.test(name))
    return { folder, orm: 'laravel', key: name }
  if (/(?:^|\/)migrations$/.test(folder) && /^\d{4}_[\w-]+\.py$/.test(name)) return { folder, orm: 'django', key: name }
  if (/(?:^|\/)versions$/.test(folder) && /\.py$/.test(name)) return { folder, orm: 'python', key: name }
  if (/(?:^|\/)(?:[mM]igrations|DoctrineMigrations)(?:\/\w+)?$/.test(folder) && /^Version\d+\w*\.php$/.test(name))
    return { folder, orm: 'doctrine', key: name }
  if (/(?:^|\/)[\w-]*changelogs?(?:\/|$)/.test(folder) && name.endsWith('.sql'))
    return { folder, orm: 'sql-or-liquibase', key: name }
  if (!/(?:^|\/)(?:migrations?|migrate|drizzle|sql|schema|changes|versions)(?:\/|$)/.test(folder)) return null
  if (/^[VU]\d[\d._]*__\w+\.sql$/.test(name))
    return { folder, orm: 'flyway', key: name.replace(/^[VU]/, '').replace(/__.*$/, '') }
  if (/\.down\.sql$|^down\.sql$/.test(name)) return null
  if (/\.up\.sql$/.test(name)) return { folder, orm: 'golang-migrate', key: name }
  // A folder for each version of the product: together they are one history.
  const version = /^(.+)\/(v?\d+(?:\.\d+)+)$/.exec(folder)
  if (version && /^\d[\w.-]*\.sql$/.test(name))
    return { folder: version[1]!, orm: 'sql-or-drizzle', key: `${version[2]!}/${name}` }
  if (/^\d[\w.-]*\.sql$/.test(name)) return { folder, orm: 'sql-or-drizzle', key: name }
  if (/^(?:Migration)?\d[\w.-]*\.(?:[cm]?js|[cm]?ts)$/.test(name) && !/\.d\.ts$/.test(name))
    return { folder, orm: 'javascript', key: name }
  return null
}

const sqlOf = (
  sql: string,
  dialect: Dialect | null,
  parse: Parse | null,
  firstLine = 1,
): Pick<ReadMigration, 'operations' | 'unread'> =>
  dialect === 'postgresql' && parse
    ? readPostgres(sql, parse, firstLine)
    : readDdl(sql, dialect === 'mysql' ? 'mysql' : 'sqlite', firstLine)

/** Sections of goose and dbmate: what brings the schema forward; lines stay where they are. */
const upSection = (text: string): string => {
  const down = text.search(/^--\s*(?:\+goose\s+Down|migrate:down)/im)
  return down < 0 ? text : text.slice(0, down)
}

export const sqlOrm = (text: string): Orm =>
  /^--\s*\+goose/im.test(text) ? 'goose' : /^--\s*migrate:up/im.test(text) ? 'dbmate' : 'sql'

const isCode = new Set<Orm>(['rails', 'django', 'alembic', 'laravel', 'knex', 'sequelize', 'typeorm'])
const inJavascript = new Set<Orm>(['knex', 'sequelize', 'typeorm', 'mikro-orm'])

/** Whether `up` calls anything but what takes indexes and constraints away. */
const isProgram = (text: string): boolean =>
  /\w\s*\(/.test(upPart(text).replace(/\b(?:up|function|constructor|async)\s*\(/g, '')) &&
  !/\b(?:drop(?:Index|Unique|Foreign|Primary|Constraint|Indices|ForeignKeys?)|remove(?:Index|Constraint))\b/.test(text)

/** Reads one migration. `orm` is what `migrationOf` and the text say; `app` and `unmanaged` are Django's (`readDjango`). */
export const readMigration = (
  text: string,
  orm: Orm,
  dialect: Dialect | null,
  parse: Parse | null,
  app = '',
  unmanaged = new Set<string>(),
): ReadMigration => {
  if (isCode.has(orm) && nestsTooDeep(text))
    return {
      operations: [],
      unread: [{ line: 1, text: 'brackets that nest deeper than anybody writes' }],
      transaction: false,
    }
  const embedded = (read: DslMigration): ReadMigration => {
    const operations: Operation[] = [...read.operations]
    const unread: ReadMigration['unread'] = [...(read.unread ?? [])]
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
    if (inJavascript.has(orm) && read.operations.length + read.sql.length === 0 && isProgram(text))
      unread.push({ line: 1, text: 'a program in which no call of the tool was recognised' })
    // The order of lines is the order in which they run.
    operations.sort((a, b) => a.line - b.line)
    return { operations, unread, transaction: read.transaction && dialect !== 'mysql' }
  }
  switch (orm) {
    case 'rails':
      return embedded(readRails(text))
    case 'django':
      return embedded(readDjango(text, app, unmanaged))
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
    case 'mikro-orm':
      return embedded(readMikroOrm(text))
    case 'doctrine':
      return embedded(readDoctrine(text))
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
            : orm === 'drizzle' || orm === 'diesel'
              ? true
              : alone
                ? several
                : false
      return { ...read, transaction: within && dialect !== 'mysql' }
    }
  }
}
