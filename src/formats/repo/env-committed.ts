// Which values of environment files in git are a leak of their own.
import { publicPrefixOf } from '../../data/public-prefixes.ts'

type Entry = { name: string; class: string; commented: boolean; proof: 'shape' | 'name' | null; hash: string | null }

/** Entries of a file that set a value of one of the classes. */
export const entriesOf = <E extends Entry>(
  { entries }: { readonly entries: readonly E[] },
  classes: readonly string[],
): E[] => entries.filter(entry => classes.includes(entry.class) && !entry.commented)

/** A file without what browsers are handed: it is no more public for being in git, and whether it should go there is asked elsewhere. */
export const withoutPublic = <F extends { entries: Entry[] }>(file: F): F => ({
  ...file,
  entries: file.entries.filter(({ name, proof }) => proof === 'shape' || publicPrefixOf(name) === null),
})

/** Files whose every secret stands in one before them: each is one leak with that, and told there. */
export const repeatedLeaks = <F extends { readonly entries: readonly Entry[] }>(files: readonly F[]): Set<F> => {
  const before = new Set<string | null>()
  return new Set(
    files.filter(file => {
      const hashes = entriesOf(file, ['secret']).map(({ hash }) => hash)
      const isRepeated = hashes.every(hash => hash !== null && before.has(hash))
      for (const hash of hashes) before.add(hash)
      return isRepeated
    }),
  )
}

/** Names of a file that leaves git, for an example file beside it. */
export const exampleOf = ({ path, entries }: { path: string; entries: readonly Entry[] }) => ({
  path: path.replace(/[^/]*$/, '.env.example'),
  content: `${[...new Set(entries.filter(({ commented }) => !commented).map(({ name }) => `${name}=`))].join('\n')}\n`,
})
