// The order of migrations: by number, by the revisions that they name, and what stands outside of it.
import { djangoDependencies } from './django.ts'
import type { Orm } from './model.ts'

/** Where something stands, and what stands there. */
type Place = { file: string; line: number; text: string }

/** One migration: `key` is its name within the folder, `order` its depth where revisions name each other. */
export type Entry = {
  file: string
  key: string
  text: string
  order: number /** Where the file holds several: its name among them, and the line at which it begins. */
  part?: string
  line?: number
}

/** The number that a name begins with; 0 where it has none. */
export const leading = (key: string): bigint => BigInt(/^\D*(\d+)/.exec(key)?.[1]?.slice(0, 20) ?? '0')
/** Orders names by the numbers in them, one after another, then by themselves: `0.9/2_a` before `0.10/1_b`. */
export const byKey = (a: { key: string }, b: { key: string }): number => {
  const numbers = ({ key }: { key: string }): string[] => [...key.matchAll(/\d{1,20}/g)].map(match => match[0])
  const [ones, others] = [numbers(a), numbers(b)]
  for (const [index, one] of ones.entries()) {
    const other = others[index]
    if (other === undefined) break
    const [left, right] = [BigInt(one), BigInt(other)]
    if (left !== right) return left < right ? -1 : 1
  }
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

/** Tools that run migrations in the order of their names, letter by letter: `20241231_b` comes after `202310311254_a`. */
const byLetters = new Set<Orm>(['prisma', 'supabase', 'sequelize', 'knex', 'laravel', 'dbmate'])

/** The order in which a tool runs its migrations. */
export const orderOfTool =
  (orm: Orm) =>
  (a: { key: string }, b: { key: string }): number =>
    byLetters.has(orm) ? (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) : byKey(a, b)

/** The name by which Alembic knows a migration, whatever its file is called; empty where it has none. */
export const revision = (text: string): string => /^revision(?:\s*:\s*str)?\s*=\s*["'](\w+)["']/m.exec(text)?.[1] ?? ''

/** Alembic has no numbers: each revision names the one before it. */
export const orderAlembic = (entries: Entry[]): { entries: Entry[]; heads: Entry[] } => {
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

/** Tools that know a migration by its number: the same one twice is an error. The others go by the whole name. */
const numbered = new Set<Orm>(['rails', 'supabase', 'goose', 'golang-migrate', 'dbmate', 'flyway'])

const nameOf = (key: string): string => key.replace(/\.py$/, '')

const djangoLeaves = (entries: readonly Entry[]): Place[] => {
  if (entries.some(({ text }) => /^\s*replaces\s*=/m.test(text))) return []
  const folder = entries[0]?.file.split('/').at(-3) ?? ''
  const dependencies = entries.flatMap(({ text }) => djangoDependencies(text))
  // An app may have a label other than its folder's name: then what any app calls by a name that stands here counts.
  const own = dependencies.filter(([app]) => app === folder)
  const named = new Set((own.length ? own : dependencies).map(([, name]) => name))
  // Where a list of names is made by code, a name that another file bears in quotes is one it follows.
  const isQuoted = (key: string): boolean =>
    entries.some(
      other => other.key !== key && [`'${nameOf(key)}'`, `"${nameOf(key)}"`].some(one => other.text.includes(one)),
    )
  const leaves = entries.filter(({ key }) => !named.has(nameOf(key)) && !isQuoted(key))
  return leaves.length > 1
    ? leaves.map(({ file }) => ({
        file,
        line: 1,
        text: 'one of several leaf nodes: `migrate` stops with a conflict',
      }))
    : []
}

/** Migrations that are not in one line: several ends, one number twice, or one inserted before a released one. */
export const disorder = (
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
  if (orm === 'django') return djangoLeaves(entries)
  // A file that holds several says itself in which order they run.
  if (entries.some(({ part }) => part !== undefined)) return []
  const places: Place[] = []
  const inOrder = orderOfTool(orm)
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
      if (unreleased.has(entry.file) && inOrder(entry, newest) < 0)
        places.push({ file: entry.file, line: 1, text: `comes before ${newest.key}, which is released` })
  return places
}
