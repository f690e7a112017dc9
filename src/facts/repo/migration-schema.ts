// What a folder of migrations says of its database, and where it differs from the schema that the code expects.
import type { Dialect, Orm } from '../../formats/migrations/model.ts'
import { type Entry, leading } from '../../formats/migrations/order.ts'
import { readPrismaSchema } from '../../formats/migrations/prisma-schema.ts'
import type { Schema } from '../../formats/migrations/schema.ts'
import type { Place } from './migrations.ts'
import type { RepoReader } from './read.ts'
import type { Stack } from './stack.ts'

/** The database by the name that a tool or a package gives it. */
const provider = (name: string | undefined): Dialect | null =>
  name === undefined
    ? null
    : /^postgres|cockroach|^pg$/.test(name)
      ? 'postgresql'
      : /mysql|maria|singlestore/.test(name)
        ? 'mysql'
        : /sqlite|turso|d1/.test(name)
          ? 'sqlite'
          : null
// SQLite beside a server is the one of development and tests.
const among = (names: readonly string[]): Dialect | null =>
  (['postgresql', 'mysql', 'sqlite'] as const).find(wanted => names.some(name => provider(name) === wanted)) ?? null
/** Laravel names its connection in the example of the environment, or in its configuration. */
const laravelDialect = (folder: string, reader: RepoReader): Dialect | null => {
  const root = folder.replace(/(?:^|\/)database\/migrations.*$/, '')
  const at = (name: string): string => reader.maybe(root ? `${root}/${name}` : name) ?? ''
  const named =
    /^DB_CONNECTION=["']?(\w+)/m.exec(at('.env.production.example') || at('.env.example'))?.[1] ??
    /env\(\s*["']DB_CONNECTION["']\s*,\s*["'](\w+)/.exec(at('config/database.php'))?.[1]
  return provider(named)
}

/** The databases of the package that the migrations belong to. */
const packageDialect = (folder: string, stack: Stack | null): Dialect | null =>
  (stack?.packages ?? [])
    .filter(({ path }) => path === '' || folder.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length)
    .map(({ databases }) => among(databases))
    .find(found => found !== null) ?? null

/** The database by what only it understands. */
const dialectByText = (entries: readonly Entry[]): Dialect | null => {
  const text = entries
    .slice(-20)
    .map(entry => entry.text)
    .join('\n')
  if (/\bAUTO_INCREMENT\b|ENGINE\s*=\s*InnoDB/i.test(text)) return 'mysql'
  if (/\bAUTOINCREMENT\b|\bPRAGMA\b/i.test(text)) return 'sqlite'
  if (/\b(?:BIG)?SERIAL\b|\bJSONB\b|\bTIMESTAMPTZ\b|\bCONCURRENTLY\b|'::\w+|gen_random_uuid|postgresql/i.test(text))
    return 'postgresql'
  return null
}

/** The database of a folder, by the tool's own word, the packages around it, and its statements; null where nothing says. */
export const dialectOf = (
  entries: readonly Entry[],
  folder: string,
  orm: Orm,
  stack: Stack | null,
  reader: RepoReader,
): Dialect | null => {
  if (orm === 'supabase') return 'postgresql'
  const lock = reader.maybe(`${folder}/migration_lock.toml`) ?? ''
  const journal = reader.maybe(`${folder}/meta/_journal.json`, { maxBytes: 1 << 20 }) ?? ''
  return (
    provider(/provider\s*=\s*"(\w+)"/.exec(lock)?.[1]) ??
    provider(/"dialect"\s*:\s*"(\w+)"/.exec(journal)?.[1]) ??
    (orm === 'laravel' ? laravelDialect(folder, reader) : null) ??
    packageDialect(folder, stack) ??
    dialectByText(entries) ??
    among(stack?.databases ?? [])
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
  const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
  if (orm === 'prisma' && unread === 0) {
    const schemas = files.filter(
      path =>
        path.endsWith('.prisma') &&
        (parent === '' ? !path.includes('/') || path.startsWith('schema/') : path.startsWith(`${parent}/`)),
    )
    return schemas.flatMap(file =>
      readPrismaSchema(reader.maybe(file, { maxBytes: 1 << 20 }) ?? '').flatMap(({ table, line, columns }): Place[] => {
        const known = [...schema].find(([name]) => name === table || name.endsWith(`.${table}`))?.[1]
        if (!known) return [{ file, line, text: `model of table ${table}: no migration makes it` }]
        return columns
          .filter(({ name }) => !known.has(name))
          .map(column => ({ file, line: column.line, text: `column ${table}.${column.name}: no migration makes it` }))
      }),
    )
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
    if (text === null) return []
    const tags = [...text.matchAll(/"tag"\s*:\s*"([^"]+)"/g)].map(match => match[1]!)
    const names = entries.map(({ key }) => key.replace(/\.sql$/, ''))
    return [
      ...names
        .filter(name => !tags.includes(name))
        .map(name => ({
          file: `${folder}/${name}.sql`,
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
