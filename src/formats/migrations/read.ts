// Which tool a migration belongs to, by its path and text, and its operations in the common form.

import { fileName, folderOf } from '../repo/paths.ts'
import { isUnshipped } from '../shipped.ts'
import { readMikroOrm } from './add-sql.ts'
import { readAlembic } from './alembic.ts'
import { nestsTooDeep } from './calls.ts'
import { type DjangoModels, newModels, readDjango } from './django.ts'
import { readDoctrine } from './doctrine.ts'
import { readEcto } from './ecto.ts'
import { readJavascriptSql } from './embedded.ts'
import { readEntityFramework } from './entity-framework.ts'
import { readFluentMigrator } from './fluent-migrator.ts'
import { goOrm, readGo } from './go.ts'
import { readGormigrate } from './gormigrate.ts'
import { type DslMigration, readKnex, upPart } from './javascript.ts'
import { readLaravel } from './laravel.ts'
import { isLiquibaseSql, isLiquibaseWithin, readLiquibase } from './liquibase.ts'
import type { Dialect, Operation, Orm, ReadMigration } from './model.ts'
import { readRails } from './rails.ts'
import { readPostgres } from './read-postgres.ts'
import { readSequelize } from './sequelize.ts'
import { readDdl } from './sql-ddl.ts'
import type { Parse } from './sql-postgres.ts'
import { readTypeorm } from './typeorm.ts'

type Found = {
  folder: string
  orm: Orm | 'javascript' | 'python' | 'go' | 'sql-or-drizzle'
  key: string
}

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

/** Characters at the end of a path that tell. */
const mostOfPath = 200

/** The folder of changelogs that a file lies in, the outermost one that is named so: together they are one history. */
const changelogOf = (path: string): string | null => {
  if (!/\.(?:xml|ya?ml|json|sql)$/.test(path)) return null
  const parts = path.split('/')
  const at = parts.findIndex((part, index) => index < parts.length - 1 && /(?:change-?logs?|liquibase)$/i.test(part))
  if (at >= 0) return parts.slice(0, at + 1).join('/')
  return /change-?log[\w.-]*\.(?:xml|ya?ml|json)$/i.test(parts.at(-1)!) ? parts.slice(0, -1).join('/') : null
}

/** Where migrations lie, and what `key` puts them into order. `marked` are folders with a lock file. Null: no migration. */
export const migrationOf = (path: string, marked: ReadonlySet<string> = new Set()): Found | null => {
  const name = fileName(path)
  const folder = folderOf(path)
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
  const ecto = /^(.*?(?:^|\/)priv\/(?:\w+\/)*\w*migrations)\/(?:.*\/)?(\d+_\w+\.exs)$/.exec(path)
  if (ecto) return { folder: ecto[1]!, orm: 'ecto', key: ecto[2]! }
  if (/(?:^|\/)migrations$/.test(folder) && /^\d{4}_[\w-]+\.py$/.test(name)) return { folder, orm: 'django', key: name }
  if (/(?:^|\/)versions$/.test(folder) && /\.py$/.test(name)) return { folder, orm: 'python', key: name }
  if (/(?:^|\/)(?:[mM]igrations|DoctrineMigrations)(?:\/\w+)?$/.test(folder) && /^Version\d+\w*\.php$/.test(name))
    return { folder, orm: 'doctrine', key: name }
  const changelog = changelogOf(path)
  if (changelog !== null) return { folder: changelog, orm: 'liquibase', key: path.slice(changelog.length + 1) }
  if (/(?:^|\/)migrations?(?:\/|$)/.test(folder) && /^\d+_\w+\.go$/.test(name)) return { folder, orm: 'go', key: name }
  if (/\.go$/.test(name) && !/_test\.go$/.test(name) && /migrat/i.test(path.slice(-mostOfPath)))
    return { folder, orm: 'gormigrate', key: name }
  if (/(?:^|\/)Migrations(?:\/|$)/.test(folder) && /^\d{14}_\w+\.cs$/.test(name))
    return { folder, orm: 'entity-framework', key: name }
  if (/(?:^|\/)migrations?(?:\/|$)/i.test(folder) && /\.cs$/.test(name) && !/\.Designer\.cs$|Snapshot\.cs$/.test(name))
    return { folder, orm: 'fluent-migrator', key: name }
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

type Program = (text: string, app: string, models: DjangoModels, dialect: Dialect | null) => DslMigration

/** Tools whose migrations are programs, and what reads them; those of the others are SQL. */
const programs: { readonly [K in Orm]?: Program } = {
  rails: readRails,
  django: readDjango,
  alembic: readAlembic,
  laravel: readLaravel,
  knex: readKnex,
  sequelize: readSequelize,
  typeorm: readTypeorm,
  'mikro-orm': readMikroOrm,
  doctrine: readDoctrine,
  ecto: readEcto,
  bun: readGo,
  gormigrate: readGormigrate,
  'entity-framework': readEntityFramework,
  'fluent-migrator': readFluentMigrator,
  liquibase: (text, _app, _models, dialect) => readLiquibase(text, dialect),
}

/** What reads a migration that is a program; undefined where it is SQL. goose and Liquibase have both. */
export const programOf = (text: string, orm: Orm): Program | undefined => {
  if (orm === 'goose') return goOrm(text) ? readGo : undefined
  return orm === 'liquibase' && isLiquibaseSql(text) ? undefined : programs[orm]
}

const inJavascript = new Set<Orm>(['knex', 'sequelize', 'typeorm', 'mikro-orm'])

/** Whether `up` calls anything but what takes indexes and constraints away. */
const isProgram = (text: string): boolean =>
  /\w\s*\(/.test(upPart(text).replace(/\b(?:up|function|constructor|async)\s*\(/g, '')) &&
  !/\b(?:drop(?:Index|Unique|Foreign|Primary|Constraint|Indices|ForeignKeys?)|remove(?:Index|Constraint))\b/.test(text)

/** A piece of a statement (`knex.raw('now()')`) is none. */
const beginsStatement =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:ALTER|CREATE|DROP|RENAME|TRUNCATE|UPDATE|DELETE|INSERT|WITH|SET|BEGIN|START|COMMIT|DO|REINDEX|VACUUM|CLUSTER|LOCK|SELECT|COMMENT|GRANT|REVOKE|ANALYZE|PRAGMA|REPLACE\s+INTO|MERGE|COPY|CALL)\b/i

/** What a program does: its calls, and the SQL that it hands over. */
const readProgram = (
  text: string,
  orm: Orm,
  read: DslMigration,
  dialect: Dialect | null,
  parse: Parse | null,
): ReadMigration => {
  const operations: Operation[] = [...read.operations]
  const unread: ReadMigration['unread'] = [...(read.unread ?? [])]
  for (const { text: sql, line, assured } of read.sql) {
    if (!beginsStatement.test(sql)) continue
    const inner = sqlOf(readJavascriptSql(sql), dialect, parse, line)
    operations.push(...(assured ? inner.operations.map(one => ({ ...one, assured })) : inner.operations))
    if (!assured) unread.push(...inner.unread)
  }
  if (inJavascript.has(orm) && read.operations.length + read.sql.length === 0 && isProgram(text))
    unread.push({ line: 1, text: 'a program in which no call of the tool was recognised' })
  // The order of lines is the order in which they run.
  operations.sort((a, b) => a.line - b.line)
  return { operations, unread, transaction: read.transaction && dialect !== 'mysql' }
}

/** Whether a tool runs a file of SQL within a transaction. */
const isWithin = (orm: Orm, text: string, several: boolean): boolean => {
  if (orm === 'goose') return !/^--\s*\+goose\s+NO TRANSACTION/im.test(text)
  if (orm === 'dbmate') return !/^--\s*migrate:up\s.*transaction:false/im.test(text)
  if (orm === 'liquibase') return isLiquibaseWithin(text)
  if (orm === 'drizzle' || orm === 'diesel') return true
  return several && /^(?:prisma|supabase|golang-migrate|flyway)$/.test(orm)
}

/** Reads one migration. `orm` is what `migrationOf` and the text say; `app` and `models` are Django's (`readDjango`). */
export const readMigration = (
  text: string,
  orm: Orm,
  dialect: Dialect | null,
  parse: Parse | null,
  app = '',
  models = newModels(),
): ReadMigration => {
  const program = programOf(text, orm)
  if (program && nestsTooDeep(text))
    return {
      operations: [],
      unread: [{ line: 1, text: 'brackets that nest deeper than anybody writes' }],
      transaction: false,
    }
  if (program) return readProgram(text, orm, program(text, app, models, dialect), dialect, parse)
  const read = sqlOf(upSection(text), dialect, parse)
  const within = isWithin(orm, text, read.operations.length + read.unread.length > 1)
  return { ...read, transaction: within && dialect !== 'mysql' }
}
