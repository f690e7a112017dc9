// Database migrations: which tool wrote them, which of them are not released yet, what they do, and whether their history holds together.
import { missing, observed } from '../../core/fact.ts'
import { databaseOfFile } from '../../formats/migrations/databases.ts'
import { newModels, runsAfterDeploy } from '../../formats/migrations/django.ts'
import { goOrm } from '../../formats/migrations/go.ts'
import { type Hazard, hazardsOf, type JudgedMigration } from '../../formats/migrations/hazards.ts'
import { javascriptOrm } from '../../formats/migrations/javascript.ts'
import type { Dialect, Orm, ReadMigration } from '../../formats/migrations/model.ts'
import { oneLinePatch } from '../../formats/migrations/one-line.ts'
import { disorder, type Entry, orderAlembic, orderOfTool } from '../../formats/migrations/order.ts'
import { partsOf } from '../../formats/migrations/parts.ts'
import { markedFolders, migrationOf, readMigration, sqlOrm } from '../../formats/migrations/read.ts'
import { applyOperations, type Schema } from '../../formats/migrations/schema.ts'
import { mayBeUnread, unreadToolOf } from '../../formats/migrations/unread-tools.ts'
import { within } from '../../formats/repo/paths.ts'
import { plainPatch } from '../../formats/secrets/around.ts'
import { isUnshipped } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import type { GitOptions } from './git.ts'
import { editedOf, parserFor, type ReleasedParts, releasedParts, renamedSince } from './migration-edits.ts'
import { type ChangedSince, changedSince, isShown, newestCount, releaseOf, sinceGiven } from './migration-release.ts'
import { type MigrationRuns, runsOf } from './migration-runs.ts'
import { databaseOf, divergences, runsFlyway } from './migration-schema.ts'
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
  /** Migrations that were released and changed afterwards; `rows`: only in what they do with rows, the schema is the same; `before`: the commit that they are compared with, where nothing says what is released. */
  edited: (Place & { rows?: true; before?: string })[]
  outOfOrder: Place[]
  diverged: Place[]
}

export type Migrations = {
  sets: MigrationSet[]
  /** What "unreleased" was taken to mean. */
  since: { by: 'config' | 'tag' | 'branch' | 'push' | 'newest' | 'none'; ref: string }
  /** The clone is shallow, and what was released lies before what it holds. */
  cut?: boolean
  runs: MigrationRuns
  /** Migrations of tools that are not read: `Ecto (priv/repo/migrations)`. */
  others?: string[]
  notes: string[]
}

/** Migrations of one folder that are read, newest first. */
const maxRead = 2000

/** Migrations of tools that are not read, as `Ecto (priv/repo/migrations)`. */
const unreadMigrations = (files: readonly string[], reader: RepoReader): string[] => {
  const found = new Map<string, string>()
  for (const file of files) {
    if (isUnshipped(file) || !mayBeUnread(file)) continue
    const tool = unreadToolOf(file, () => reader.maybe(file, { maxBytes: 64 << 10 }) ?? '', new Set(found.keys()))
    if (tool) found.set(tool.name, `${tool.name} (${file.slice(0, Math.max(0, file.lastIndexOf('/'))) || '.'})`)
  }
  return [...found.values()]
}

export type Group = { folder: string; orm: Orm; entries: Entry[] }

/** The tool of one file, where its path leaves several; null where its text is of none. */
const ormOf = (
  found: NonNullable<ReturnType<typeof migrationOf>>,
  file: string,
  text: string,
  files: ReadonlySet<string>,
): Orm | null => {
  switch (found.orm) {
    case 'javascript':
      return javascriptOrm(text)
    case 'go':
      return goOrm(text)
    case 'python':
      return /\bdown_revision\b/.test(text) ? 'alembic' : null
    case 'sql-or-drizzle':
      return files.has(`${found.folder}/meta/_journal.json`)
        ? 'drizzle'
        : files.has(`${found.folder}/atlas.sum`)
          ? 'atlas'
          : sqlOrm(text)
    case 'liquibase':
      return /\bdatabaseChangeLog\b|^\s*--\s*liquibase formatted sql/i.test(text) ? 'liquibase' : null
    case 'gormigrate':
      return goOrm(text) === 'gormigrate' ? 'gormigrate' : null
    case 'entity-framework':
      return /:\s*Migration\b/.test(text) ? 'entity-framework' : null
    case 'fluent-migrator':
      return /\[(?:\w+\.)?Migration\(/.test(text) && /:\s*\w*Migration\b/.test(text) ? 'fluent-migrator' : null
    case 'doctrine':
      return /\bAbstractMigration\b/.test(text) && !/\bPhinx\b/.test(text) ? 'doctrine' : null
    case 'prisma':
      return files.has(file.replace(/migration\.sql$/, 'snapshot.json')) ? 'drizzle' : 'prisma'
    case 'django':
      return /migrations\.Migration\b/.test(text) ? 'django' : null
    default:
      return found.orm
  }
}

/** The migrations of one file: mostly one. */
const entriesIn = (file: string, key: string, text: string, orm: Orm): Entry[] =>
  partsOf(text, orm)?.map((part, at) => ({
    file,
    key: `${key}#${at}`,
    text: part.text,
    order: 0,
    part: part.id,
    line: part.line,
  })) ?? [{ file, key, text, order: 0 }]

/** Migrations by folder and tool, and notes on those that were not read. */
export const groupsOf = (paths: readonly string[], reader: RepoReader): { groups: Group[]; notes: string[] } => {
  const files = new Set(paths)
  const marked = markedFolders(paths)
  const groups = new Map<string, Group>()
  const notes: string[] = []
  let flyway: boolean | undefined
  for (const file of paths) {
    const found = migrationOf(file, marked)
    if (!found) continue
    const read = reader.text(file, { maxBytes: 2 << 20, whole: true })
    if (!read.ok) {
      notes.push(`${file} was not read (${read.why})`)
      continue
    }
    const named = ormOf(found, file, read.text, files)
    if (named === 'flyway') flyway ??= runsFlyway(paths, reader)
    const orm = named === 'flyway' && !flyway ? 'sql' : named
    if (orm === null) continue
    const group = groups.get(`${found.folder}:${orm}`) ?? { folder: found.folder, orm, entries: [] }
    group.entries.push(...entriesIn(file, found.key, read.text, orm))
    if (group.entries.length > 0) groups.set(`${found.folder}:${orm}`, group)
  }
  return { groups: [...groups.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1)), notes }
}

/** What is the same for every set of a repository. */
export type Repository = {
  tree: Tree
  files: readonly string[]
  stack: Stack | null
  reader: RepoReader
  since: Migrations['since']
  /** It is shown that what came after the release is not out yet. */
  isReleaseShown: boolean
  changes: ChangedSince
  untracked: ReadonlySet<string>
  lockTimeoutElsewhere: boolean
  options: Pick<GitOptions, 'env' | 'signal'>
}

const freshOf = (
  { since, changes: { changed }, untracked }: Repository,
  entries: readonly Entry[],
  before: ReleasedParts,
): Entry[] => {
  if (since.by === 'none') return [...entries]
  const candidates = since.by === 'newest' ? entries.slice(-newestCount) : entries
  return candidates.filter(
    ({ file, part }) =>
      changed.get(file) === 'A' || untracked.has(file) || (part !== undefined && before.get(file)?.has(part) === false),
  )
}

type Readings = {
  judged: JudgedMigration[]
  /** What the released migrations have built. */
  schema: Schema
  unread: Place[]
  /** Statements of released migrations that were not read. */
  unreadBefore: number
}

const noParser = 'PostgreSQL’s parser is not installed (npm install libpg-query)'

/** What was read of a part of a file, at the lines of the file. */
const atLine = (read: ReadMigration, first: number): ReadMigration =>
  first === 1
    ? read
    : {
        ...read,
        operations: read.operations.map(one => ({ ...one, line: one.line + first - 1 })),
        unread: read.unread.map(one => ({ ...one, line: one.line + first - 1 })),
      }

/** Reads all migrations of a set. Without PostgreSQL's own grammar nothing is guessed: what is not released is named as not read. */
const readAll = async (
  { folder, orm }: Group,
  entries: readonly Entry[],
  dialect: Dialect | null,
  unreleased: ReadonlySet<Entry>,
): Promise<Readings> => {
  const readings: Readings = { judged: [], schema: new Map(), unread: [], unreadBefore: 0 }
  const parse = await parserFor(dialect)
  const app = folder.split('/').at(-2) ?? ''
  const models = newModels()
  for (const entry of entries) {
    const { file, text } = entry
    const isNew = unreleased.has(entry)
    if (dialect === 'postgresql' && parse === null) {
      if (isNew) readings.unread.push({ file, line: 1, text: noParser })
      readings.unreadBefore += 1
      continue
    }
    const read = atLine(readMigration(text, orm, dialect, parse, app, models), entry.line ?? 1)
    if (isNew) {
      readings.judged.push({ file, operations: read.operations, transaction: read.transaction })
      readings.unread.push(...read.unread.map(one => ({ file, line: one.line, text: one.text })))
    } else {
      readings.unreadBefore += read.unread.length
      applyOperations(readings.schema, read.operations)
    }
  }
  return readings
}

/** What nobody can judge without knowing the database: locks, and changes of type. */
const undecided = (fresh: readonly JudgedMigration[]): Place[] => {
  const judged = fresh.find(({ operations }) =>
    operations.some(({ kind }) => !/^(?:create-table|create-type|data|other|begin|commit|set-timeout)$/.test(kind)),
  )
  return judged
    ? [{ file: judged.file, line: 1, text: 'locks and types, because nothing says which database it is for' }]
    : []
}

/** Drizzle runs what its journal names. Where most files are not in it, they are run by hand, and the journal says nothing. */
export const byJournal = (group: Group, reader: RepoReader): { orm: Orm; ran: (entry: Entry) => boolean } => {
  const journal =
    group.orm === 'drizzle' ? reader.maybe(`${group.folder}/meta/_journal.json`, { maxBytes: 2 << 20 }) : null
  if (journal === null) return { orm: group.orm, ran: () => true }
  const tags = new Set([...journal.matchAll(/"tag"\s*:\s*"([^"]+)"/g)].map(match => match[1]!))
  const ran = ({ key }: Entry): boolean => tags.has(key.replace(/\.sql$/, ''))
  const count = group.entries.filter(ran).length
  return count * 2 < group.entries.length ? { orm: 'sql', ran: () => true } : { orm: 'drizzle', ran }
}

/** A folder beside `db/migrate` or `priv/repo/migrations` is run where the settings of a database name it; else only when somebody asks for it. */
const runsByChoice = ({ folder, orm }: Group, reader: RepoReader): boolean => {
  if (orm === 'ecto') return !folder.endsWith('/migrations')
  if (orm !== 'rails' || /(?:^|\/)migrate$/.test(folder)) return false
  const root = folder.replace(/\/?db\/\w+$/, '')
  const settings = reader.maybe(within(root, 'config/database.yml'), { maxBytes: 256 << 10 })
  return settings !== null && !settings.includes(folder.slice(folder.lastIndexOf('/') + 1))
}

const namedDialect = (file: string): Dialect | null => databaseOfFile(file)?.dialect ?? null

/** The databases that a folder serves by files of their own, beside those for all. */
const databasesIn = (entries: readonly Entry[]): Dialect[] => [
  ...new Set(entries.flatMap(({ file }) => namedDialect(file) ?? [])),
]

/** What one of several databases of a folder runs: the files for all, and its own. */
const seenBy = (view: Dialect | null, entries: readonly Entry[]): Entry[] =>
  entries.filter(({ file }) => [null, view].includes(namedDialect(file)))

/**
 * Whether it is shown that a migration waits for its release and runs beside the code of today: a tag, a branch or the config tells what is out
 * and it came after that, or git does not have it yet; it does not run when the new code has taken over. What fails whenever it runs has not
 * run.
 */
const isProven = (
  { file, hazard }: Hazard,
  entries: readonly Entry[],
  { isReleaseShown, changes, untracked }: Repository,
): boolean => {
  const isGuessed = !isReleaseShown && !untracked.has(file) && hazard !== 'concurrent-in-transaction'
  const text = entries.find(one => one.file === file)?.text ?? ''
  return !isGuessed && !changes.longAgo?.has(file) && !runsAfterDeploy(text)
}

const setOf = async (given: Group, repository: Repository, notes: string[]): Promise<MigrationSet | string> => {
  const { files, reader, changes, lockTimeoutElsewhere } = repository
  const { orm, ran } = byJournal(given, reader)
  const group = { ...given, orm }
  const { folder } = group
  const ordered =
    orm === 'alembic' ? orderAlembic(group.entries) : { entries: [...group.entries].sort(orderOfTool(orm)), heads: [] }
  const entries = ordered.entries.slice(-maxRead)
  const { dialect, other } = databaseOf(entries, folder, orm, repository)
  if (other !== null) return `${other} (${folder})`
  if (entries.length < ordered.entries.length)
    notes.push(`${folder}: the ${ordered.entries.length - entries.length} oldest migrations were not read`)
  const before = await releasedParts(repository, orm, entries)
  const added = freshOf(repository, entries, before)
  const renamed = await renamedSince(repository, group, added)
  const fresh = added.filter(one => !renamed.has(one))
  const unreleased = new Set(fresh)
  const freshFiles = [...new Set(fresh.map(({ file }) => file))]
  const read = entries.filter(ran)
  const common = await readAll(group, seenBy(null, read), dialect, unreleased)
  const { judged, schema, unread, unreadBefore } = common
  const found = hazardsOf(judged, schema, dialect, orm, lockTimeoutElsewhere)
  for (const view of databasesIn(read)) {
    const own = await readAll(group, seenBy(view, read), view, unreleased)
    const isOwn = ({ file }: { file: string }): boolean => namedDialect(file) === view
    found.push(...hazardsOf(own.judged, own.schema, view, orm, lockTimeoutElsewhere).filter(isOwn))
    unread.push(...own.unread.filter(isOwn))
  }
  const mendable = found.map(one => {
    // What may have run already is not written anew; what fails whenever it runs has not.
    const mayHaveRun = /^(?:newest|push)$/.test(repository.since.by) && one.hazard !== 'concurrent-in-transaction'
    const source = mayHaveRun ? null : reader.maybe(one.file, { maxBytes: 512 << 10 })
    const patch =
      source === null ? null : plainPatch(one.file, oneLinePatch(one, source, orm, namedDialect(one.file) ?? dialect))
    return patch === null ? one : { ...one, patch }
  })
  const isByChoice = mendable.length > 0 && runsByChoice(given, reader)
  const hazards = mendable.map(one =>
    !isByChoice && isProven(one, read, repository) ? one : { ...one, unsure: true as const },
  )
  if (dialect === null) unread.push(...undecided(judged))
  const whole = entries.length === group.entries.length
  return {
    folder,
    orm,
    dialect,
    count: group.entries.length,
    unreleased: freshFiles,
    hazards,
    unread: unread.slice(0, 20),
    edited: await editedOf(repository, { ...group, entries }, dialect, before),
    outOfOrder: disorder(orm, entries, new Set(freshFiles), changes.changed.size > 0, ordered.heads).slice(0, 20),
    diverged: whole
      ? divergences(folder, orm, entries, schema, unread.length + unreadBefore, files, reader).slice(0, 20)
      : [],
  }
}

const fact: FactDefinition<Migrations> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const files = filesOf(tree.value)
    const { groups, notes } = groupsOf(files, reader)
    const others = unreadMigrations(files, reader)
    if (groups.length === 0) {
      const since = { by: 'none' as const, ref: '' }
      return observed(
        {
          sets: [],
          since,
          notes,
          runs: runsOf(files, reader, others.length === 0),
          ...(others.length ? { others } : {}),
        },
        context.now(),
      )
    }
    const since = await releaseOf(tree.value, context)
    if (since === null)
      return missing(
        'malformed',
        `"${sinceGiven(context)}" names no tag or commit of this repository (--since, deploy.since)`,
      )
    const signs = await context.need('codeSigns')
    const repository: Repository = {
      isReleaseShown: await isShown(since, context),
      tree: tree.value,
      files,
      stack: stack.ok ? stack.value : null,
      reader,
      since,
      changes: await changedSince(tree.value, since, context),
      untracked: new Set(tree.value.files.filter(({ tracked }) => !tracked).map(({ path }) => path)),
      lockTimeoutElsewhere: signs.ok && signs.value.lockTimeout.length > 0,
      options: { env: context.env, signal: context.signal },
    }
    const sets: MigrationSet[] = []
    for (const group of groups) {
      const set = await setOf(group, repository, notes)
      if (typeof set === 'string') others.push(set)
      else sets.push(set)
    }
    const cut = since.by === 'newest' && tree.value.shallow
    return observed(
      {
        sets,
        since,
        runs: runsOf(files, reader, false),
        ...(cut ? { cut } : {}),
        ...(others.length ? { others } : {}),
        notes,
      },
      context.now(),
    )
  },
}
export default fact
