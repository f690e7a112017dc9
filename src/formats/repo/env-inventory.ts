// Which variables of a program are written down, set in production, or no longer read. Rules over what was found in code and files.

import { readByLibraries } from '../../data/platform-variables.ts'
import { type Around, insertionPatch } from '../patch.ts'

type Entry = { name: string; line: number; class: string; commented: boolean; empty: boolean }

/** A dotenv file: `environment` is `example`, `production`, `development`, `default`, … */
export type NamedFile = {
  path: string
  environment: string
  tracked: boolean
  encrypted: boolean
  entries: readonly Entry[]
}

/** A variable that code reads or a schema names. */
export type NamedVariable = {
  name: string
  reads: readonly {
    path: string
    line: number
    test: boolean
    hasDefault: boolean
    strict: boolean
  }[]
  browser: boolean
  required: boolean
  schema: { path: string; line: number } | null
  platform: boolean
}

/** What the repository says of its variables beside the dotenv files. */
export type NamedUsage = {
  variables: readonly NamedVariable[]
  settings: readonly { name: string; file: string; environment: string; kind: string }[]
  complete: readonly string[]
  mentioned: readonly string[]
  explained: readonly string[]
  dynamic: number
}

/** Where a variable is read, or where a schema names it: the read that raises before others, code that runs before tests. */
export const placeOf = ({ reads, schema }: NamedVariable): { path: string; line: number } | null => {
  const run = reads.filter(read => !read.test)
  return (
    run.find(read => read.strict && !read.hasDefault) ??
    (schema && run.every(read => read.hasDefault) ? schema : (run[0] ?? reads[0] ?? schema))
  )
}

/** The product does not start, or fails where it is read: a schema demands it, or the read raises. */
export const isDemanded = ({ reads, schema, required }: NamedVariable): boolean =>
  required && (schema !== null || reads.some(read => !read.test && read.strict && !read.hasDefault))

/** The product certainly fails without it: a schema demands it, or a read raises and no other read asks first whether it is set. */
const isRaised = (one: NamedVariable): boolean =>
  isDemanded(one) &&
  (one.schema !== null ||
    (one.reads.some(read => !read.test && read.strict && !read.hasDefault) &&
      !one.reads.some(read => !read.test && read.hasDefault)))

/** Those that the product cannot do without come first. */
const demandedFirst = <V extends NamedVariable>(variables: readonly V[]): V[] => [
  ...variables.filter(isRaised),
  ...variables.filter(one => isDemanded(one) && !isRaised(one)),
  ...variables.filter(one => !isDemanded(one) && one.required),
  ...variables.filter(one => !isDemanded(one) && !one.required),
]

/** Variables that the product itself reads, in code that runs, that no platform sets. */
const ownVariables = <V extends NamedVariable>(variables: readonly V[]): V[] =>
  variables.filter(one => !one.platform && (one.schema !== null || one.reads.some(read => !read.test)))

/** Names that somebody wrote down: example files, committed files, the README, platform files. */
const documentedNames = (files: readonly NamedFile[], usage: NamedUsage): Set<string> =>
  new Set([
    ...files
      .filter(file => file.environment === 'example' || file.tracked)
      .flatMap(file => file.entries.map(({ name }) => name)),
    ...usage.explained,
    ...usage.settings.filter(({ kind }) => kind !== 'ci').map(({ name }) => name),
  ])

const setNames = (files: readonly NamedFile[]): string[] =>
  files.flatMap(file => file.entries.filter(one => !one.commented && !one.empty).map(({ name }) => name))

const guarded = ['secret', 'unclear', 'encrypted', 'test-secret']

/** A file with secrets in it is what the server gets; one with public values alone is completed by the platform. */
const isWhole = ({ encrypted, entries }: NamedFile): boolean =>
  !encrypted && entries.some(one => !one.commented && guarded.includes(one.class))

type NamesSet = {
  /** The list for production is known to be whole. */
  whole: boolean
  production: Set<string>
  development: Set<string>
  /** Files that the list for production comes from. */
  from: string[]
}

/** Names set for development and for production, and whether the list for production is whole. */
const namesSet = (files: readonly NamedFile[], usage: NamedUsage): NamesSet => {
  const production = files.filter(({ environment }) => environment === 'production')
  const shared = files.filter(({ environment, tracked }) => environment === 'default' && tracked)
  const own = files.filter(
    ({ environment, tracked }) => environment === 'development' || (environment === 'default' && !tracked),
  )
  const settings = (wanted: (one: NamedUsage['settings'][number]) => boolean) => usage.settings.filter(wanted)
  const nameOf = ({ name }: { name: string }): string => name
  return {
    whole: usage.complete.includes('production') || production.some(isWhole),
    production: new Set([
      ...setNames([...production, ...shared]),
      ...settings(({ environment, kind }) => kind !== 'code' && (environment === 'production' || kind === 'ci')).map(
        nameOf,
      ),
    ]),
    development: new Set([
      ...setNames(own),
      ...settings(({ environment }) => environment === 'development').map(nameOf),
    ]),
    from: [
      ...production.map(({ path }) => path),
      ...new Set(
        settings(({ environment, kind }) => environment === 'production' && kind !== 'code').map(({ file }) => file),
      ),
    ],
  }
}

/** Variables that the code needs and production is known not to set. */
const missingInProduction = <V extends NamedVariable>(
  own: readonly V[],
  { whole, production, development }: NamesSet,
  complete: readonly string[],
): V[] => {
  // What a schema demands and nobody sets for development either may be kept where only a whole list would show it.
  const listed = complete.includes('production') || development.size > 0
  const needed = own.filter(one => one.required && (development.has(one.name) || (listed && one.schema !== null)))
  const absent = needed.filter(one => !production.has(one.name))
  // A file that knows fewer than half of what is needed adds to settings that are kept elsewhere.
  return whole && absent.length * 2 <= needed.length ? absent : []
}

/** Names of example files that nothing in the repository reads. Where reads have names of their own making, nobody can tell. */
const idleNames = (files: readonly NamedFile[], usage: NamedUsage): { file: string; names: string[] }[] => {
  if (usage.dynamic > 5) return []
  const read = new Set([
    ...usage.variables.map(({ name }) => name),
    ...usage.mentioned,
    ...usage.settings.map(({ name }) => name),
  ])
  const idle = (name: string): boolean => !read.has(name) && !readByLibraries.test(name)
  return files
    .filter(({ environment }) => environment === 'example')
    .map(({ path, entries }) => ({
      file: path,
      names: entries.filter(one => !one.commented && idle(one.name)).map(({ name }) => name),
    }))
    .filter(({ names }) => names.length > 0)
}

/** What the inventory of a repository says. Each list of variables is in the order in which they were given. */
export type Inventory<V extends NamedVariable, F extends NamedFile> = {
  /** Variables that the product itself reads. */
  own: V[]
  /** Those that it needs and that production is known not to set. */
  missing: V[]
  /** Those that are written down nowhere, the missing ones apart. */
  undocumented: V[]
  examples: F[]
  /** Names of example files that are read nowhere. */
  idle: { file: string; names: string[] }[]
  /** Files that the list for production comes from. */
  productionFrom: string[]
}

/** Example files; where none stands, committed files that name at least half of what the code needs: whoever sets the product up begins with them. */
const examplesAmong = <F extends NamedFile>(files: readonly F[], own: readonly NamedVariable[]): F[] => {
  const examples = files.filter(({ environment }) => environment === 'example')
  if (examples.length > 0) return examples
  const needed = own.filter(({ required }) => required).map(({ name }) => name)
  return files.filter(
    ({ environment, tracked, encrypted, entries }) =>
      tracked &&
      !encrypted &&
      (environment === 'default' || environment === 'development') &&
      needed.length > 1 &&
      needed.filter(name => entries.some(entry => entry.name === name)).length * 2 >= needed.length,
  )
}

/** Compares what the code reads with what is written down and what production sets. */
export const inventoryOf = <V extends NamedVariable, F extends NamedFile>(
  files: readonly F[],
  usage: NamedUsage & { variables: readonly V[] },
): Inventory<V, F> => {
  const own = ownVariables(usage.variables)
  const set = namesSet(files, usage)
  const missing = missingInProduction(own, set, usage.complete)
  const documented = documentedNames(files, usage)
  const undocumented = demandedFirst(own.filter(one => !documented.has(one.name) && !missing.includes(one)))
  return {
    own,
    missing,
    undocumented,
    examples: examplesAmong(files, own),
    idle: idleNames(files, usage),
    productionFrom: set.from,
  }
}

/** Lines of an example file; a variable with a default is commented out. */
export const exampleLines = (variables: readonly { name: string; required: boolean }[]): string =>
  variables.map(({ name, required }) => `${required ? '' : '# '}${name}=`).join('\n')

/** A unified diff that adds lines at the end of an example file. */
export const examplePatch = (
  file: string,
  end: Around,
  variables: readonly { name: string; required: boolean }[],
): string => insertionPatch(file, end, exampleLines(variables).split('\n'))

/** Names for a title: all of two, or the first two and how many more. */
export const listed = (names: readonly string[]): string =>
  names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ')
