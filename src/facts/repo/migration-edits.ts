// Released migrations that were changed afterwards: what each does is compared with what it did when it was released.
import type { Dialect, Orm } from '../../formats/migrations/model.ts'
import { type Entry, revision } from '../../formats/migrations/order.ts'
import { partsOf } from '../../formats/migrations/parts.ts'
import { changeBetween, signatureOf } from '../../formats/migrations/signature.ts'
import { loadPostgresParser } from '../../formats/migrations/sql-postgres.ts'
import { folderOf } from '../../formats/repo/paths.ts'
import { gitText } from './git.ts'
import type { Group, MigrationSet, Repository } from './migrations.ts'

/** Migrations that are compared with what was released. */
const maxEdited = 40

export const parserFor = async (dialect: Dialect | null) =>
  dialect === 'postgresql' ? await loadPostgresParser().catch(() => null) : null

/** What files that hold several migrations held when they were released, by file and name of the migration. */
export type ReleasedParts = ReadonlyMap<string, ReadonlyMap<string, string>>

export const releasedParts = async (
  { tree, changes: { changed, released }, options }: Repository,
  orm: Orm,
  entries: readonly Entry[],
): Promise<ReleasedParts> => {
  const files = new Set(
    entries.flatMap(({ file, part }) => (part !== undefined && changed.get(file) === 'M' ? file : [])),
  )
  const before = new Map<string, ReadonlyMap<string, string>>()
  for (const file of [...files].slice(0, maxEdited)) {
    const text = await gitText(tree.root, ['cat-file', 'blob', `${released}:./${file}`], options)
    if (text !== null) before.set(file, new Map((partsOf(text, orm) ?? []).map(({ id, text: own }) => [id, own])))
  }
  return before
}

/** What a migration was at a commit; null where it was not there. */
const textAt = async (
  { tree, options }: Repository,
  orm: Orm,
  { file, part }: Entry,
  commit: string,
): Promise<string | null> => {
  const blob = await gitText(tree.root, ['cat-file', 'blob', `${commit}:./${file}`], options)
  return part === undefined || blob === null ? blob : (partsOf(blob, orm)?.find(({ id }) => id === part)?.text ?? null)
}

/** Migrations whose text differs from what was released. */
const changedTexts = (entries: readonly Entry[], { changed }: Repository['changes'], before: ReleasedParts): Entry[] =>
  entries.filter(({ file, part, text }) => {
    const was = part === undefined ? undefined : before.get(file)?.get(part)
    return part === undefined ? changed.get(file) === 'M' : was !== undefined && was !== text
  })

/** Released migrations that do something else than when they were released. */
export const editedOf = async (
  repository: Repository,
  { orm, folder, entries }: Group,
  dialect: Dialect | null,
  releasedBefore: ReleasedParts,
): Promise<MigrationSet['edited']> => {
  const { tree, since, options, changes } = repository
  const { released } = changes
  const edited: MigrationSet['edited'] = []
  const parse = await parserFor(dialect)
  const app = folder.split('/').at(-2) ?? ''
  for (const entry of changedTexts(entries, changes, releasedBefore).slice(0, maxEdited)) {
    const { file, text, line = 1 } = entry
    const does = (one: string | null) => one !== null && signatureOf(one, orm, dialect, parse, app)
    const before = await textAt(repository, orm, entry, released)
    const [was, is] = [does(before), does(text)]
    if (before === null || was === is) continue
    const change = changeBetween(before, text, orm, dialect, parse, app)
    // Who ran it has what it did, and a database that is new has no rows that it could change.
    if (change === 'nothing-left') continue
    // Put back to what it was when it first came in: that is what databases ran.
    const added = ['log', '--diff-filter=A', '--format=%H', '--end-of-options', released, '--', file]
    const first = (await gitText(tree.root, added, options))?.split('\n').at(-1)
    if (!first || does(await textAt(repository, orm, entry, first)) !== is)
      edited.push({
        file,
        line,
        text: `changed since ${since.by === 'newest' ? released.slice(0, 12) : since.ref}`,
        ...(since.by === 'newest' ? { before: released.slice(0, 12) } : {}),
        ...(change === 'rows' ? { rows: true as const } : {}),
      })
  }
  return edited
}

/** Files that are gone since the release and that are looked at, to tell what only bears another name now. */
const mostGone = 200

/** Whether Alembic knows migrations by names that released files had, which are called otherwise now. */
export const renamedSince = async (
  { tree, changes: { changed, released }, options }: Repository,
  { orm, folder }: Group,
  fresh: readonly Entry[],
): Promise<ReadonlySet<Entry>> => {
  if (orm !== 'alembic' || fresh.length === 0) return new Set()
  const gone = [...changed].flatMap(([file, how]) => (how === 'D' && folderOf(file) === folder ? file : []))
  const known = new Set<string>()
  for (const file of gone.slice(-mostGone)) {
    const text = await gitText(tree.root, ['cat-file', 'blob', `${released}:./${file}`], options)
    if (text !== null) known.add(revision(text))
  }
  return new Set(fresh.filter(({ text }) => revision(text) !== '' && known.has(revision(text))))
}
