// What a folder of migrations says of its database, and where it differs from the schema that the code expects.
import {
  type Database,
  databaseNamed,
  databaseOfFolder,
  databaseOfText,
  databasesNamedIn,
  dialectAmong,
  unknownDatabase,
} from '../../formats/migrations/databases.ts'
import type { Dialect, Orm } from '../../formats/migrations/model.ts'
import { type Entry, leading } from '../../formats/migrations/order.ts'
import { readPrismaSchemas } from '../../formats/migrations/prisma-schema.ts'
import type { Schema } from '../../formats/migrations/schema.ts'
import { fileName, folderOf } from '../../formats/repo/paths.ts'
import type { Place } from './migrations.ts'
import type { RepoReader } from './read.ts'
import type { Stack } from './stack.ts'

/** Laravel names its connection in the example of the environment, or in its configuration. */
const laravelDatabase = (folder: string, reader: RepoReader): Database | null => {
  const root = folder.replace(/(?:^|\/)database\/migrations.*$/, '')
  const at = (name: string): string => reader.maybe(root ? `${root}/${name}` : name) ?? ''
  const named =
    /^DB_CONNECTION=["']?(\w+)/m.exec(at('.env.production.example') || at('.env.example'))?.[1] ??
    /env\(\s*["']DB_CONNECTION["']\s*,\s*["'](\w+)/.exec(
      at('config/database.php') || at('app/Config/database.php'),
    )?.[1]
  return databaseNamed(named)
}

/** The databases of the package that the migrations belong to. */
const packageDialect = (folder: string, stack: Stack | null): Dialect | null =>
  (stack?.packages ?? [])
    .filter(({ path }) => path === '' || folder.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length)
    .map(({ databases }) => dialectAmong(databases))
    .find(found => found !== null) ?? null

/** Files that name a database beside the product: compose files, pipelines, dotenv files. */
const naming =
  /(?:^|\/)(?:(?:docker-)?compose(?:[.-][\w-]+)*\.ya?ml|\.env(?:\.(?:example|sample|template|dist|production|local\.example))?|env\.example)$|^\.github\/workflows\/[\w.-]+\.ya?ml$|^\.gitlab-ci\.yml$|(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?|application(?:-\w+)?\.(?:ya?ml|properties)|package\.json|[\w.-]+\.csproj)$/

/** The one database that such files name; those nearest to the migrations speak first. */
const namedBeside = (folder: string, files: readonly string[], reader: RepoReader): Dialect | null => {
  const root = folder.split('/')[0] ?? ''
  const near = files.filter(file => naming.test(file)).slice(0, 40)
  const namesIn = (own: readonly string[]): Dialect | null =>
    dialectAmong(own.flatMap(file => databasesNamedIn(reader.maybe(file, { maxBytes: 128 << 10 }) ?? '')))
  const parent = folder.split('/').slice(0, 2).join('/')
  return (
    namesIn(near.filter(file => parent !== '' && file.startsWith(`${parent}/`))) ??
    namesIn(near.filter(file => root !== '' && file.startsWith(`${root}/`))) ??
    namesIn(near.filter(file => !file.includes('/'))) ??
    namesIn(near)
  )
}

const only = (dialect: Dialect | null): Database | null => (dialect === null ? null : { dialect, other: null })

/** Tools whose migrations are SQL: their statements say most of the database. */
const inSql = new Set<Orm>([
  'prisma',
  'drizzle',
  'supabase',
  'goose',
  'golang-migrate',
  'dbmate',
  'flyway',
  'atlas',
  'liquibase',
  'sql',
])

const saysHow =
  /(?:^|\/)(?:pom\.xml|[\w.-]+\.(?:gradle|gradle\.kts|sbt|toml|conf|properties|ya?ml|sh)|package\.json|Makefile|[\w.-]*Dockerfile[\w.-]*)$/

/** Whether anything here runs Flyway: names of its form are given to SQL that a database reads when it is made, too. */
export const runsFlyway = (paths: readonly string[], reader: RepoReader): boolean =>
  paths
    .filter(path => saysHow.test(path))
    .slice(0, 300)
    .some(path => /flyway/i.test(reader.maybe(path, { maxBytes: 128 << 10 }) ?? ''))

/** The database of a folder: the tool's own word, the folder's name, its statements, the packages around it, what runs beside it. */
export const databaseOf = (
  entries: readonly Entry[],
  folder: string,
  orm: Orm,
  { stack, reader, files }: { stack: Stack | null; reader: RepoReader; files: readonly string[] },
): Database => {
  if (orm === 'supabase') return { dialect: 'postgresql', other: null }
  const lock = reader.maybe(`${folder}/migration_lock.toml`) ?? ''
  const journal = reader.maybe(`${folder}/meta/_journal.json`, { maxBytes: 1 << 20 }) ?? ''
  const text = entries
    .slice(-20)
    .map(entry => entry.text)
    .join('\n')
  return (
    databaseNamed(/provider\s*=\s*"(\w+)"/.exec(lock)?.[1]) ??
    databaseNamed(/"dialect"\s*:\s*"(\w+)"/.exec(journal)?.[1]) ??
    (orm === 'laravel' ? laravelDatabase(folder, reader) : null) ??
    databaseOfFolder(folder) ??
    (inSql.has(orm) ? databaseOfText(text) : null) ??
    only(packageDialect(folder, stack)) ??
    databaseOfText(text) ??
    only(namedBeside(folder, files, reader)) ??
    only(dialectAmong(stack?.databases ?? [])) ??
    unknownDatabase
  )
}

/** Statements of a file of Drizzle, as they compare. */
const statementsOf = (text: string): string[] =>
  text
    .replaceAll('--> statement-breakpoint', '')
    .split(';')
    .map(statement => statement.replace(/\s+/g, ' ').trim())
    .filter(Boolean)

/**
 * Whether Wrangler applies the migrations: it takes every file of the folder that its own table does not hold, and reads no journal.
 * https://developers.cloudflare.com/d1/reference/migrations/
 */
const isAppliedByWrangler = (files: readonly string[], reader: RepoReader): boolean =>
  files
    .filter(path => /(?:^|\/)wrangler(?:[.-][\w-]+)?\.(?:toml|jsonc?)$/.test(path))
    .slice(0, 20)
    .some(path => /\bd1_databases\b/.test(reader.maybe(path, { maxBytes: 256 << 10 }) ?? ''))

const makes =
  /\b(?:ADD COLUMN|RENAME COLUMN\s+\S{1,80}\s+TO|CREATE TABLE|RENAME TO)\s+(?:IF NOT EXISTS\s+)?["`]?(\w{1,80})|^\s*["`](\w{1,80})["`]\s/gim

/** Columns and tables that a migration makes, by their names. */
const madeIn = (text: string): string[] => [...text.matchAll(makes)].map(([, named, column]) => named ?? column!)

/** Whether others make all that a migration does: it was written anew, and left beside. */
const isMadeBy = (text: string, made: ReadonlySet<string>): boolean => {
  const own = madeIn(text)
  return own.length > 0 && own.every(name => made.has(name))
}

/** How code names the client that Prisma generates, in JavaScript, Python, Go and Rust. */
const prismaClient = /@prisma\/|PrismaClient|prisma[/_-]client|generated\/prisma|(?:from|import) prisma\b|prisma-client/
const isCode = /\.(?:[cm]?[jt]sx?|py|go|rs|vue|svelte|astro)$/
/** Files of code that are looked through for the client: among more it is taken to be; among fewer than the least nothing says what the code asks by. */
const mostCode = 4_000
const leastCode = 10

/** Whether any code asks by the models of Prisma: a schema whose client nobody imports is expected by nobody. */
const asksByPrisma = (files: readonly string[], reader: RepoReader): boolean => {
  const code = files.filter(path => isCode.test(path) && !/(?:^|\/)(?:seed|prisma\.config)\.[cm]?[jt]s$/.test(path))
  return (
    code.length > mostCode ||
    code.length < leastCode ||
    code.some(path => prismaClient.test(reader.maybe(path, { maxBytes: 512 << 10 }) ?? ''))
  )
}

/** Tables, columns and files that the code expects and no migration makes. */
export const divergences = (
  folder: string,
  orm: Orm,
  entries: readonly Entry[],
  schema: Schema,
  unread: number,
  files: readonly string[],
  reader: RepoReader,
): Place[] => {
  const parent = folderOf(folder)
  if (orm === 'prisma' && unread === 0) {
    const schemas = files.filter(
      path =>
        path.endsWith('.prisma') &&
        // What lies among the migrations is a copy of its day.
        !path.startsWith(`${folder}/`) &&
        (parent === '' ? !path.includes('/') || path.startsWith('schema/') : path.startsWith(`${parent}/`)),
    )
    // Beside the one of the tool's own name others are of other releases.
    const main = schemas.filter(file => fileName(file) === 'schema.prisma' && folderOf(file) === parent)
    const own = schemas.filter(file => main.length === 0 || main.includes(file) || folderOf(file) !== parent)
    const texts = own.map(file => ({ file, text: reader.maybe(file, { maxBytes: 1 << 20 }) ?? '' }))
    const apart = readPrismaSchemas(texts).flatMap(({ file, table, line, columns }): Place[] => {
      // The same table is written with the name of its schema, and without.
      const found = [...schema].filter(([name]) => name === table || name.endsWith(`.${table}`))
      const known = new Set(found.flatMap(([, names]) => [...names.keys()]))
      if (found.length === 0) return [{ file, line, text: `model of table ${table}: no migration makes it` }]
      return columns
        .filter(({ name }) => !known.has(name))
        .map(column => ({ file, line: column.line, text: `column ${table}.${column.name}: no migration makes it` }))
    })
    return apart.length && asksByPrisma(files, reader) ? apart : []
  }
  if (orm === 'rails') {
    const newest = entries.at(-1)
    const file = folder.replace(/migrate$/, 'schema.rb').replace(/\/(\w+)_schema\.rb$/, '/$1_schema.rb')
    const version = /ActiveRecord::Schema(?:\[[\d.]+\])?\.define\(version:\s*([\d_]+)\)/
      .exec(reader.maybe(file) ?? '')?.[1]
      ?.replaceAll('_', '')
    if (newest && version && BigInt(version) < leading(newest.key))
      return [{ file, line: 1, text: `stands at ${version}, the newest migration is ${newest.key}` }]
  }
  if (orm === 'drizzle') {
    const file = `${folder}/meta/_journal.json`
    const text = reader.maybe(file, { maxBytes: 2 << 20 })
    if (text === null || isAppliedByWrangler(files, reader)) return []
    const tags = [...text.matchAll(/"tag"\s*:\s*"([^"]+)"/g)].map(match => match[1]!)
    const nameOf = ({ key }: Entry): string => key.replace(/\.sql$/, '')
    const names = entries.map(nameOf)
    const listed = entries.filter(one => tags.includes(nameOf(one)))
    const ran = new Set(listed.flatMap(({ text: own }) => statementsOf(own)))
    const made = new Set(listed.flatMap(({ text: own }) => madeIn(own)))
    return [
      ...entries
        .filter(
          one =>
            !tags.includes(nameOf(one)) &&
            !statementsOf(one.text).every(statement => ran.has(statement)) &&
            !isMadeBy(one.text, made),
        )
        .map(one => ({
          file: `${folder}/${nameOf(one)}.sql`,
          line: 1,
          text: 'not in meta/_journal.json: it will never run',
        })),
      ...tags
        .filter(tag => !names.includes(tag))
        .map(tag => ({ file, line: 1, text: `${tag}.sql is in the journal, but not in the folder` })),
    ]
  }
  return []
}
