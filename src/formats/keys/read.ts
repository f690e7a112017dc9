// What one migration of any tool does to keys and indexes.
import { readMikroOrm } from '../migrations/add-sql.ts'
import { nestsTooDeep } from '../migrations/calls.ts'
import { readDjango } from '../migrations/django.ts'
import { readDoctrine } from '../migrations/doctrine.ts'
import { goOrm, readGo } from '../migrations/go.ts'
import { type DslMigration, readKnex } from '../migrations/javascript.ts'
import { readLaravel } from '../migrations/laravel.ts'
import type { Dialect, Orm } from '../migrations/model.ts'
import { readRails } from '../migrations/rails.ts'
import { readSequelize } from '../migrations/sequelize.ts'
import { readTypeorm } from '../migrations/typeorm.ts'
import { knexKeys, sequelizeKeys, typeormKeys } from './javascript.ts'
import { laravelKeys } from './laravel.ts'
import type { KeyEvent } from './model.ts'
import { alembicKeys, alembicSql, djangoKeys } from './python.ts'
import { railsKeys } from './rails.ts'
import { sqlKeys } from './sql.ts'

/** What is remembered from one migration to the next. */
export type KeyReading = { dialect: Dialect | null; app: string; djangoKeys: Set<string> }

const down = /^--\s*(?:\+goose\s+Down|migrate:down|rollback\b)/im

const upSection = (text: string): string => {
  const at = text.search(down)
  return at < 0 ? text : text.slice(0, at)
}

/** Raw SQL within a migration, at its lines. */
const embedded = (sql: readonly { text: string; line: number }[], dialect: Dialect | null): KeyEvent[] =>
  sql.flatMap(({ text, line }) => sqlKeys(text, dialect).map(event => ({ ...event, line: event.line + line - 1 })))

const inCode = (own: KeyEvent[], read: Pick<DslMigration, 'sql'>, dialect: Dialect | null): KeyEvent[] =>
  [...own, ...embedded(read.sql, dialect)].sort((a, b) => a.line - b.line)

/** Reads one migration. Never throws; nothing of what nests deeper than anybody writes. */
export const readKeys = (text: string, orm: Orm, { dialect, app, djangoKeys: fields }: KeyReading): KeyEvent[] => {
  switch (orm) {
    case 'rails':
      return inCode(railsKeys(text), readRails(text), dialect)
    case 'laravel':
      return inCode(laravelKeys(text), readLaravel(text), dialect)
    case 'knex':
      return inCode(knexKeys(text), readKnex(text), dialect)
    case 'sequelize':
      return inCode(sequelizeKeys(text), readSequelize(text), dialect)
    case 'typeorm':
      return inCode(typeormKeys(text), readTypeorm(text), dialect)
    case 'django':
      return nestsTooDeep(text) ? [] : inCode(djangoKeys(text, app, fields), readDjango(text, app), dialect)
    case 'alembic':
      return nestsTooDeep(text)
        ? []
        : inCode(alembicKeys(text), { sql: alembicSql(text).map(one => ({ ...one, at: 0 })) }, dialect)
    case 'mikro-orm':
      return embedded(readMikroOrm(text).sql, dialect)
    case 'doctrine':
      return embedded(readDoctrine(text).sql, dialect)
    default:
      if (goOrm(text)) return embedded(readGo(text).sql, dialect)
      return sqlKeys(upSection(text), dialect)
  }
}
