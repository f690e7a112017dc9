// Database migrations: which tool wrote them, which of them are not released yet, what they do, and whether their history holds together.
import { missing, observed } from '../../core/fact.ts'
import { djangoDependencies } from '../../formats/migrations/django.ts'
import {
  applyOperations,
  type Hazard,
  hazardsOf,
  type JudgedMigration,
  type Schema,
} from '../../formats/migrations/hazards.ts'
import { javascriptOrm } from '../../formats/migrations/javascript.ts'
import type { Dialect, Orm } from '../../formats/migrations/model.ts'
import { readPrismaSchema } from '../../formats/migrations/prisma-schema.ts'
import { migrationOf, readMigration, sqlOrm } from '../../formats/migrations/read.ts'
import { loadPostgresParser } from '../../formats/migrations/sql-postgres.ts'
import { isUnshipped } from '../../formats/shipped.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { gitRecords, gitText } from './git.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf } from './script-world.ts'
import type { Stack } from './stack.ts'
import type { Tree } from './tree.ts'

export type Place = { file: string; line: number; text: string }

export type MigrationSet = {
  folder: string
  orm: Orm
  /** Null: nothing says which database it is; only what hurts every database is judged. */
  dialect: Dialect | null
  count: number
  unreleased: string[]
  hazards: Hazard[]
  unread: Place[]
  /** Migrations that were released and changed afterwards. */
  edited: Place[]
  outOfOrder: Place[]
  diverged: Place[]
}

export type Migrations = {
  sets: MigrationSet[]
  /** What "unreleased" was taken to mean. */
  since: { by: 'config' | 'tag' | 'branch' | 'newest' | 'none'; ref: string }
  /** The clone is shallow, and what was released lies before what it holds. */
  cut?: boolean
  /** Migrations of tools that are not read: `Ecto (priv/repo/migrations)`. */
  others?: string[]
  notes: string[]
}

/** Migrations that count as unreleased where neither a tag nor a branch says what is. */
const newestCount = 5
/** Migrations of one folder that are read, newest first. */
const maxRead = 600

type Entry = { file: string; key: string; text: string; order: number }

const leading = (key: string): bigint => BigInt(/^\D*(\d+)/.exec(key)?.[1]?.slice(0, 20) ?? '0')
const byKey = (a: { key: string }, b: { key: string }): number => {
  const [one, other] = [leading(a.key), leading(b.key)]
  return one < other ? -1 : one > other ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

/** Alembic has no numbers: each revision names the one before it. */
const orderAlembic = (entries: Entry[]): { entries: Entry[]; heads: Entry[] } => {
  const revision = (text: string): string => /^revision(?:\s*:\s*str)?\s*=\s*["'](\w+)["']/m.exec(text)?.[1] ?? ''
  const parents = (text: string): string[] =>
    [...(/^down_revision[^=]*=\s*(.*(?:\n[^\n=]*\))?)/m.exec(text)?.[1] ?? '').matchAll(/["'](\w+)["']/g)].map(
      match => match[1]!,
    )
  const byRevision = new Map(entries.map(entry => [revision(entry.text), entry]))
  const depth = (entry: Entry, seen: number): number =>
    seen > 2000
      ? seen
      : Math.max(
          0,
          ...parents(entry.text)
            .map(name => byRevision.get(name))
            .filter(parent => parent !== undefined)
            .map(parent => (parent.order || depth(parent, seen + 1)) + 1),
        )
  for (const entry of entries) entry.order = depth(entry, 0)
  const named = new Set(entries.flatMap(entry => parents(entry.text)))
  return {
    entries: [...entries].sort((a, b) => a.order - b.order || byKey(a, b)),
    heads: entries.filter(entry => !named.has(revision(entry.text))),
  }
}

const dialectOf = (
  entries: readonly Entry[],
  folder: string,
  orm: Orm,
  stack: Stack | null,
  reader: RepoReader,
): Dialect | null => {
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
  if (orm === 'supabase') return 'postgresql'
  const lock = provider(/provider\s*=\s*"(\w+)"/.exec(reader.maybe(`${folder}/migration_lock.toml`) ?? '')?.[1])
  if (lock) return lock
  const journal = provider(
    /"dialect"\s*:\s*"(\w+)"/.exec(reader.maybe(`${folder}/meta/_journal.json`, { maxBytes: 1 << 20 }) ?? '')?.[1],
  )
  if (journal) return journal
  if (orm === 'laravel') {
    const root = folder.replace(/(?:^|\/)database\/migrations.*$/, '')
    const at = (name: string): string => reader.maybe(root ? `${root}/${name}` : name) ?? ''
    const named =
      /^DB_CONNECTION=["']?(\w+)/m.exec(at('.env.production.example') || at('.env.example'))?.[1] ??
      /env\(\s*["']DB_CONNECTION["']\s*,\s*["'](\w+)/.exec(at('config/database.php'))?.[1]
    if (provider(named)) return provider(named)
  }
  // SQLite beside a server is the one of development and tests.
  const among = (names: readonly string[]): Dialect | null =>
    (['postgresql', 'mysql', 'sqlite'] as const).find(wanted => names.some(name => provider(name) === wanted)) ?? null
  const near = (stack?.packages ?? [])
    .filter(({ path }) => path === '' || folder.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length)
    .map(({ databases }) => among(databases))
    .find(found => found !== null)
  if (near) return near
  const text = entries
    .slice(-20)
    .map(entry => entry.text)
    .join('\n')
  if (/\bAUTO_INCREMENT\b|ENGINE\s*=\s*InnoDB/i.test(text)) return 'mysql'
  if (/\bAUTOINCREMENT\b|\bPRAGMA\b/i.test(text)) return 'sqlite'
  if (/\b(?:BIG)?SERIAL\b|\bJSONB\b|\bTIMESTAMPTZ\b|\bCONCURRENTLY\b|'::\w+|gen_random_uuid|postgresql/i.test(text))
    return 'postgresql'
  return among(stack?.databases ?? [])
}

/** The tag or commit that the user named: by `deploy migrations --since`, else in the config. */
const sinceGiven = (context: CollectContext): string | undefined =>
  context.env['LAUNCH_READY_MIGRATIONS_SINCE'] ?? context.config.deploy?.since

/** What stands for "released": the config's word, the last tag before the commit checked out, a branch that is deployed, the branch this one left. */
const releaseOf = async (tree: Tree, context: CollectContext): Promise<Migrations['since'] | null> => {
  if (!tree.isGit || tree.head === null) return { by: 'none', ref: '' }
  const options = { env: context.env, signal: context.signal }
  const git = (...command: string[]) => gitText(tree.root, command, options)
  const given = sinceGiven(context)
  if (given) {
    // A ref begins with no dash: it could be read as an option.
    const commit = given.startsWith('-')
      ? null
      : await git('rev-parse', '-q', '--verify', '--end-of-options', `${given}^{commit}`)
    return commit ? { by: 'config', ref: given } : null
  }
  const here = (await git('tag', '--points-at', 'HEAD'))?.split('\n').filter(Boolean) ?? []
  const tag = await git(
    'describe',
    '--tags',
    '--abbrev=0',
    ...(here.length ? here.flatMap(name => ['--exclude', name]) : []),
    'HEAD',
  )
  if (tag) return { by: 'tag', ref: tag }
  // The first tag of all is the release that is being made where a pipeline builds it; elsewhere it is out.
  const builtByTag = ['CI_COMMIT_TAG', 'CIRCLE_TAG', 'BITBUCKET_TAG', 'BUILDKITE_TAG'].some(name => context.env[name])
  if (here[0] && !builtByTag && context.env['GITHUB_REF_TYPE'] !== 'tag') return { by: 'tag', ref: here[0] }
  for (const branch of ['origin/production', 'origin/release', 'origin/live', 'production', 'release', 'live']) {
    if (tree.branch === branch.replace(/^origin\//, '')) continue
    const base = await git('merge-base', branch, 'HEAD')
    if (base) return { by: 'branch', ref: branch }
  }
  if (tree.branch && tree.defaultBranch && tree.branch !== tree.defaultBranch) {
    const base = await git('merge-base', tree.defaultBranch, 'HEAD')
    if (base) return { by: 'branch', ref: tree.defaultBranch }
  }
  return { by: 'newest', ref: `newest ${newestCount}` }
}

/** Text without comments and spaces: what a change of them alone leaves the same. */
const substance = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|--[^\n]*|^\s*(?:#|\/\/)[^\n]*/gm, '').replace(/\s+/g, '')

const divergences = (
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

/** Tools that know a migration by its number: the same one twice is an error. The others go by the whole name. */
const numbered = new Set<Orm>(['rails', 'supabase', 'goose', 'golang-migrate', 'dbmate', 'flyway'])

const disorder = (
  orm: Orm,
  entries: readonly Entry[],
  unreleased: ReadonlySet<string>,
  released: boolean,
  heads: readonly Entry[],
): Place[] => {
  if (orm === 'alembic')
    return heads.length > 1
      ? heads.map(({ file }) => ({ file, line: 1, text: 'one of several heads: `alembic upgrade head` fails' }))
      : []
  if (orm === 'django') {
    if (entries.some(({ text }) => /^\s*replaces\s*=/m.test(text))) return []
    const app = entries[0]?.file.split('/').at(-3) ?? ''
    const named = new Set(
      entries.flatMap(({ text }) =>
        djangoDependencies(text)
          .filter(([of]) => of === app)
          .map(([, name]) => name),
      ),
    )
    const leaves = entries.filter(({ key }) => !named.has(key.replace(/\.py$/, '')))
    return leaves.length > 1
      ? leaves.map(({ file }) => ({
          file,
          line: 1,
          text: 'one of several leaf nodes: `migrate` stops with a conflict',
        }))
      : []
  }
  const places: Place[] = []
  const seen = new Map<bigint, Entry>()
  for (const entry of entries) {
    const twin = seen.get(leading(entry.key))
    if (twin && leading(entry.key) > 0n && numbered.has(orm))
      places.push({ file: entry.file, line: 1, text: `bears the same number as ${twin.key}` })
    seen.set(leading(entry.key), entry)
  }
  const newest = entries.findLast(({ file }) => !unreleased.has(file))
  if (released && newest)
    for (const entry of entries)
      if (unreleased.has(entry.file) && byKey(entry, newest) < 0)
        places.push({ file: entry.file, line: 1, text: `comes before ${newest.key}, which is released` })
  return places
}

/** Tools whose migrations are programs that nothing here reads, by where they keep them and how a file of theirs begins. */
const unreadTools: readonly [string, RegExp, RegExp][] = [
  ['Ecto', /(?:^|\/)priv\/(?:\w+\/)?migrations\/[^/]+\.exs$/, /\buse Ecto\.Migration\b/],
  ['Doctrine', /(?:^|\/)(?:migrations|src\/Migrations|DoctrineMigrations)\/Version\w+\.php$/, /AbstractMigration/],
  ['Entity Framework', /(?:^|\/)Migrations\/\d+_\w+\.cs$/, /:\s*Migration\b/],
  ['AdonisJS', /(?:^|\/)database\/migrations\/[^/]+\.ts$/, /\bBaseSchema\b/],
  ['MikroORM', /(?:^|\/)migrations\/[^/]*Migration\w+\.[jt]s$/, /@mikro-orm\/migrations/],
  ['Kysely', /(?:^|\/)migrations\/[^/]+\.[jt]s$/, /\bKysely</],
  ['Sequel', /(?:^|\/)(?:db\/)?(?:migrate|migrations)\/[^/]+\.rb$/, /\bSequel\.migration\b/],
]

const unreadMigrations = (files: readonly string[], reader: RepoReader): string[] => {
  const found = new Map<string, string>()
  for (const file of files) {
    if (isUnshipped(file)) continue
    const tool = unreadTools.find(([name, path]) => path.test(file) && !found.has(name))
    if (tool?.[2].test(reader.maybe(file, { maxBytes: 64 << 10 }) ?? ''))
      found.set(tool[0], `${tool[0]} (${file.slice(0, file.lastIndexOf('/'))})`)
  }
  return [...found.values()]
}

const fact: FactDefinition<Migrations> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const reader = readerOf(tree.value)
    const files = filesOf(tree.value)
    const groups = new Map<string, { folder: string; orm: Orm; entries: Entry[] }>()
    const notes: string[] = []
    for (const file of files) {
      const found = migrationOf(file)
      if (!found) continue
      const read = reader.text(file, { maxBytes: 2 << 20, whole: true })
      if (!read.ok) {
        notes.push(`${file} was not read (${read.why})`)
        continue
      }
      let orm: Orm | null
      if (found.orm === 'javascript') orm = javascriptOrm(read.text)
      else if (found.orm === 'python') orm = /\bdown_revision\b/.test(read.text) ? 'alembic' : null
      else if (found.orm === 'sql-or-drizzle')
        orm = files.includes(`${found.folder}/meta/_journal.json`) ? 'drizzle' : sqlOrm(read.text)
      else if (found.orm === 'prisma')
        orm = files.includes(file.replace(/migration\.sql$/, 'snapshot.json')) ? 'drizzle' : 'prisma'
      else if (found.orm === 'django') orm = /migrations\.Migration\b/.test(read.text) ? 'django' : null
      else orm = found.orm
      if (orm === null) continue
      const group = groups.get(`${found.folder}:${orm}`) ?? { folder: found.folder, orm, entries: [] }
      group.entries.push({ file, key: found.key, text: read.text, order: 0 })
      groups.set(`${found.folder}:${orm}`, group)
    }
    if (groups.size === 0) {
      const others = unreadMigrations(files, reader)
      const empty: Migrations = {
        sets: [],
        since: { by: 'none', ref: '' },
        notes,
        ...(others.length ? { others } : {}),
      }
      return observed(empty, context.now())
    }
    const since = await releaseOf(tree.value, context)
    if (since === null)
      return missing(
        'malformed',
        `"${sinceGiven(context)}" names no tag or commit of this repository (--since, deploy.since)`,
      )
    const options = { env: context.env, signal: context.signal }
    const changed = new Map<string, string>()
    let released = since.ref
    if (since.by === 'tag' || since.by === 'config' || since.by === 'branch') {
      const base =
        since.by === 'branch' ? await gitText(tree.value.root, ['merge-base', since.ref, 'HEAD'], options) : since.ref
      released = base ?? since.ref
      const records = base
        ? await gitRecords(
            tree.value.root,
            [
              'diff',
              '--name-status',
              '-z',
              '--no-renames',
              '--no-ext-diff',
              '--no-textconv',
              '--relative',
              '--end-of-options',
              base,
              '--',
              '.',
            ],
            options,
          )
        : null
      for (let at = 0; records && at + 1 < records.length; at += 2) changed.set(records[at + 1]!, records[at]!)
    }
    const untracked = new Set(tree.value.files.filter(({ tracked }) => !tracked).map(({ path }) => path))
    const signs = await context.need('codeSigns')
    const sets: MigrationSet[] = []
    for (const group of [...groups.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1))) {
      const { folder, orm } = group
      const ordered =
        orm === 'alembic' ? orderAlembic(group.entries) : { entries: [...group.entries].sort(byKey), heads: [] }
      const entries = ordered.entries.slice(-maxRead)
      if (entries.length < ordered.entries.length)
        notes.push(`${folder}: the ${ordered.entries.length - entries.length} oldest migrations were not read`)
      const dialect = dialectOf(entries, folder, orm, stack.ok ? stack.value : null, reader)
      const parse = dialect === 'postgresql' ? await loadPostgresParser().catch(() => null) : null
      const blind = dialect === 'postgresql' && parse === null
      const isNew = (entry: Entry, index: number): boolean =>
        since.by === 'newest'
          ? index >= entries.length - newestCount
          : since.by === 'none'
            ? true
            : changed.get(entry.file) === 'A' || untracked.has(entry.file)
      const fresh = entries.filter(isNew)
      const unreleased = new Set(fresh.map(({ file }) => file))
      const app = folder.split('/').at(-2) ?? ''
      const unread: Place[] = []
      let unreadBefore = 0
      const schema: Schema = new Map()
      const judged: JudgedMigration[] = []
      for (const entry of entries) {
        // Without PostgreSQL's own grammar nothing is guessed: what is not released is named as not read.
        if (blind) {
          if (unreleased.has(entry.file))
            unread.push({
              file: entry.file,
              line: 1,
              text: 'PostgreSQL’s parser is not installed (npm install libpg-query)',
            })
          unreadBefore += 1
          continue
        }
        const read = readMigration(entry.text, orm, dialect ?? 'sqlite', parse, app)
        if (unreleased.has(entry.file)) {
          judged.push({ file: entry.file, operations: read.operations, transaction: read.transaction })
          unread.push(...read.unread.map(({ line, text }) => ({ file: entry.file, line, text })))
        } else {
          unreadBefore += read.unread.length
          applyOperations(schema, read.operations)
        }
      }
      const hazards = hazardsOf(
        judged,
        schema,
        dialect ?? 'sqlite',
        orm,
        signs.ok && signs.value.lockTimeout.length > 0,
      )
      const edited: Place[] = []
      for (const entry of entries.filter(({ file }) => changed.get(file) === 'M').slice(0, 20)) {
        const old = await gitText(tree.value.root, ['cat-file', 'blob', `${released}:./${entry.file}`], options)
        if (old !== null && substance(old) !== substance(entry.text))
          edited.push({ file: entry.file, line: 1, text: `changed since ${since.ref}` })
      }
      sets.push({
        folder,
        orm,
        dialect,
        count: group.entries.length,
        unreleased: fresh.map(({ file }) => file),
        hazards,
        unread: unread.slice(0, 20),
        edited,
        outOfOrder: disorder(orm, entries, unreleased, changed.size > 0, ordered.heads).slice(0, 20),
        diverged:
          entries.length === group.entries.length
            ? divergences(folder, orm, entries, schema, unread.length + unreadBefore, files, reader).slice(0, 20)
            : [],
      })
    }
    const cut = since.by === 'newest' && tree.value.shallow
    return observed({ sets, since, ...(cut ? { cut } : {}), notes }, context.now())
  },
}
export default fact
