// Foreign keys and tenant columns that no index begins with, of each schema in the repository: as its migrations make it, as schema.rb or
// structure.sql says, or as a schema file of Prisma or Drizzle says where there are no migrations.
import { observed } from '../../core/fact.ts'
import { indexMigration, type Written } from '../../formats/keys/add-index.ts'
import { composedWords, mayBeIndexed } from '../../formats/keys/composed.ts'
import { type KeySchema, layKeys } from '../../formats/keys/model.ts'
import { railsKeys, schemaVersion } from '../../formats/keys/rails.ts'
import { readKeys } from '../../formats/keys/read.ts'
import { drizzleKeys, drizzleNames, prismaKeys, prismaSource, prismaTables } from '../../formats/keys/schema-files.ts'
import { sqlKeys } from '../../formats/keys/sql.ts'
import { type Unindexed, unindexedOf } from '../../formats/keys/unindexed.ts'
import { databaseNamed } from '../../formats/migrations/databases.ts'
import type { Dialect, Orm } from '../../formats/migrations/model.ts'
import { type Entry, leading, orderAlembic, orderOfTool } from '../../formats/migrations/order.ts'
import { programOf } from '../../formats/migrations/read.ts'
import { folderOf } from '../../formats/repo/paths.ts'
import { isUnshipped } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { databaseOf } from './migration-schema.ts'
import { byJournal, type Group, groupsOf } from './migrations.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf } from './script-world.ts'
import type { Stack } from './stack.ts'

export type KeySet = {
  /** Folder of the migrations, or the schema file. */
  place: string
  orm: Orm
  dialect: Dialect | null
  tables: number
  keys: number
  unindexed: Unindexed[]
  /** The migration that adds the indexes, file by file; nothing where a schema file has to say it. */
  migration: Written[]
}

export type SchemaKeys = { sets: KeySet[] }

const mostBytes = 4 << 20

type Repository = { files: readonly string[]; stack: Stack | null; reader: RepoReader }

/** What Rails has written down of the schema, and up to which migration it holds. */
const railsBase = (folder: string, schema: KeySchema, { reader }: Repository): bigint | null => {
  const parent = folder.replace(/(?:^|\/)(?:\w+_)?migrate$/, '')
  const own = /(?<!\w)(\w+)_migrate$/.exec(folder)?.[1]
  const path = (name: string): string => [parent, own ? `${own}_${name}` : name].filter(Boolean).join('/')
  const ruby = reader.maybe(path('schema.rb'), { maxBytes: mostBytes })
  const version = ruby === null ? null : schemaVersion(ruby)
  if (ruby !== null && version !== null) {
    layKeys(schema, railsKeys(ruby), path('schema.rb'))
    return version
  }
  const sql = reader.maybe(path('structure.sql'), { maxBytes: mostBytes })
  const versions = [...(sql ?? '').matchAll(/^\s*\('(\d{8,20})'\)[,;]/gm)].map(match => BigInt(match[1]!))
  if (sql === null || versions.length === 0) return null
  layKeys(schema, sqlKeys(sql, 'postgresql'), path('structure.sql'))
  return versions.toSorted((a, b) => (a < b ? -1 : 1)).at(-1) ?? null
}

/** MySQL makes an index for each foreign key by itself. */
const withOwnIndexes = (schema: KeySchema, dialect: Dialect | null): void => {
  if (dialect !== 'mysql') return
  for (const table of schema.values()) for (const key of table.keys) key.indexed = true
}

const counted = (schema: KeySchema): Pick<KeySet, 'tables' | 'keys' | 'unindexed'> => ({
  tables: schema.size,
  keys: [...schema.values()].reduce((sum, { keys }) => sum + keys.length, 0),
  unindexed: unindexedOf(schema),
})

/** Tools of whose migrations the keys and indexes are not read. */
const keysUnread = new Set<Orm>(['ecto', 'bun', 'gormigrate', 'entity-framework', 'fluent-migrator'])

/** Changelogs that are no SQL. */
const isUnread = (orm: Orm, entries: readonly Entry[]): boolean =>
  keysUnread.has(orm) || (orm === 'liquibase' && entries.some(({ text }) => programOf(text, orm)))

const setOf = (given: Group, repository: Repository): KeySet | null => {
  const { orm, ran } = byJournal(given, repository.reader)
  const group = { ...given, orm }
  const ordered: Entry[] =
    orm === 'alembic' ? orderAlembic(group.entries).entries : [...group.entries].sort(orderOfTool(orm))
  const { dialect: named, other } = databaseOf(ordered, group.folder, orm, repository)
  if (other !== null || isUnread(orm, ordered)) return null
  // Laravel's example names SQLite for the first start; what runs in production nobody says.
  const dialect = orm === 'laravel' && named === 'sqlite' ? null : named
  const schema: KeySchema = new Map()
  const version = orm === 'rails' ? railsBase(group.folder, schema, repository) : null
  const reading = { dialect, app: group.folder.split('/').at(-2) ?? '', djangoKeys: new Set<string>() }
  for (const entry of ordered)
    if (ran(entry) && (version === null || leading(entry.key) > version))
      layKeys(schema, readKeys(entry.text, orm, reading), entry.file)
  withOwnIndexes(schema, dialect)
  const seen = counted(schema)
  const inCode = ordered.filter(entry => ran(entry) && !entry.file.endsWith('.sql'))
  const listed = inCode.flatMap(({ text }) => composedWords(text) ?? [])
  const found = { ...seen, unindexed: seen.unindexed.filter(one => !mayBeIndexed(one, listed)) }
  const newest = ordered.at(-1)!
  const journal =
    orm === 'drizzle' ? repository.reader.maybe(`${group.folder}/meta/_journal.json`, { maxBytes: 2 << 20 }) : null
  const adding = { orm, dialect, folder: group.folder, newest, columns: found.unindexed }
  return { place: group.folder, orm, dialect, ...found, migration: indexMigration(adding, journal) }
}

/** A schema of Prisma without migrations: several files in one folder are one. */
const prismaSets = ({ files, reader }: Repository, groups: readonly Group[]): KeySet[] => {
  const byFolder = Map.groupBy(
    files.filter(path => path.endsWith('.prisma') && !isUnshipped(path)),
    path => folderOf(path).replace(/(?:^|\/)(?:schema|models)$/, ''),
  )
  return [...byFolder].flatMap(([folder, paths]): KeySet[] => {
    if (groups.some(group => group.orm === 'prisma' && (folder === '' || group.folder.startsWith(`${folder}/`))))
      return []
    const texts = paths.map(file => ({ file, text: reader.maybe(file, { maxBytes: 1 << 20 }) ?? '' }))
    const { provider, keepsKeys } = prismaSource(texts.map(({ text }) => text))
    const named = databaseNamed(provider ?? undefined)
    if (named?.other) return []
    const schema: KeySchema = new Map()
    const tables = new Map(texts.flatMap(({ text }) => prismaTables(text)))
    for (const { file, text } of texts) layKeys(schema, prismaKeys(text, tables), file)
    if (keepsKeys) withOwnIndexes(schema, named?.dialect ?? null)
    return schema.size
      ? [{ place: paths[0]!, orm: 'prisma', dialect: named?.dialect ?? null, ...counted(schema), migration: [] }]
      : []
  })
}

const drizzleCall = /\b(?:pgTable|mysqlTable|sqliteTable|createTable|pgTableCreator)\s*\(/

const drizzleDialect = (texts: readonly string[]): Dialect | null => {
  const all = texts.join('\n')
  if (/drizzle-orm\/pg-core/.test(all)) return 'postgresql'
  if (/drizzle-orm\/mysql-core/.test(all)) return 'mysql'
  return /drizzle-orm\/sqlite-core/.test(all) ? 'sqlite' : null
}

/** Tables of Drizzle without migrations, package by package. */
const drizzleSets = ({ files, reader, stack }: Repository, groups: readonly Group[]): KeySet[] => {
  if (!stack?.orms.includes('drizzle')) return []
  const packages = stack.packages.map(({ path }) => path).sort((a, b) => b.length - a.length)
  const ownerOf = (file: string): string => packages.find(path => path === '' || file.startsWith(`${path}/`)) ?? ''
  const found = files
    .filter(path => /\.[cm]?ts$/.test(path) && !isUnshipped(path) && /schema|table|model|db\//i.test(path))
    .slice(0, 2000)
    .map(file => ({ file, text: reader.maybe(file, { maxBytes: 512 << 10 }) ?? '' }))
    .filter(({ text }) => text.includes('drizzle-orm') && drizzleCall.test(text))
  return [...Map.groupBy(found, ({ file }) => ownerOf(file))].flatMap(([owner, texts]): KeySet[] => {
    if (groups.some(({ orm, folder }) => (orm === 'drizzle' || orm === 'sql') && ownerOf(`${folder}/x`) === owner))
      return []
    const dialect = drizzleDialect(texts.map(({ text }) => text))
    const schema: KeySchema = new Map()
    const tables = new Map(texts.flatMap(({ text }) => drizzleNames(text)))
    for (const { file, text } of texts) layKeys(schema, drizzleKeys(text, tables), file)
    withOwnIndexes(schema, dialect)
    return schema.size ? [{ place: texts[0]!.file, orm: 'drizzle', dialect, ...counted(schema), migration: [] }] : []
  })
}

const fact: FactDefinition<SchemaKeys> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const files = filesOf(tree.value)
    const repository = { files, reader: readerOf(context, tree.value), stack: stack.ok ? stack.value : null }
    const { groups } = groupsOf(files, repository.reader)
    const sets = groups.flatMap(group => setOf(group, repository) ?? [])
    return observed(
      { sets: [...sets, ...prismaSets(repository, groups), ...drizzleSets(repository, groups)] },
      context.now(),
    )
  },
}
export default fact
