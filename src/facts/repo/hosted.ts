// Whether others run the product themselves, or begin one of their own with it, by the licence and the first pages of its repository.
import { basename } from 'node:path'
import { ciProviderOf } from '../../data/ci-systems.ts'
import {
  type Audience,
  beginningIn,
  type Invitation,
  invitationIn,
  isFirstPage,
  isLicence,
  isNamedForOthers,
  isOpenLicence,
  tellsHowToRun,
} from '../../formats/repo/audience.ts'
import { publishedIn } from '../../formats/repo/registries.ts'
import type { CollectContext } from '../definition.ts'
import type { RepoReader } from './read.ts'
import { readerOf } from './script-world.ts'
import type { Tree } from './tree.ts'

/** The line that tells others how to run it. */
export type Hosted = Invitation & { file: string }

/** Pages that are read, and bytes of each. */
const mostPages = 30
const pageBytes = 200 << 10

/** The first of some pages in which a line is found, where a licence lets others run the product. */
const look = (
  { files }: Tree,
  reader: RepoReader,
  isPage: (path: string) => boolean,
  find: (text: string) => Invitation | null,
): Hosted | null => {
  const paths = files.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  const isOpen = paths.some(path => isLicence(path) && isOpenLicence(reader.maybe(path, { maxBytes: pageBytes }) ?? ''))
  if (!isOpen) return null
  for (const file of paths.filter(isPage).slice(0, mostPages)) {
    const found = find(reader.maybe(file, { maxBytes: pageBytes }) ?? '')
    if (found) return { file, ...found }
  }
  return null
}

/** Where the repository tells others how to run the product; null where it tells nobody, or no licence lets them; looked at once in a run. */
export const hostedByOthers = (tree: Tree, context: Pick<CollectContext, 'once'>): Hosted | null =>
  context.once(`hosted by others: ${tree.root}`, () => look(tree, readerOf(context, tree), tellsHowToRun, invitationIn))

const manifests = ['package.json', 'composer.json']

/** The name of a manifest; null where it has none. */
const nameIn = (text: string): string | null => /^\s{0,8}"name"\s*:\s*"([^"]{1,200})"/m.exec(text)?.[1] ?? null

/** Where the repository's name, a manifest's or the first page says that others begin with it. */
const startedFrom = ({ files, root }: Tree, reader: RepoReader): Audience | null => {
  if (isNamedForOthers(basename(root))) return { who: 'starters', file: '.', line: 1, text: basename(root) }
  for (const file of manifests) {
    const name = nameIn(reader.maybe(file, { maxBytes: pageBytes }) ?? '')
    if (name !== null && isNamedForOthers(name)) return { who: 'starters', file, line: 1, text: name }
  }
  for (const { path } of files.filter(({ kind, path: file }) => kind === 'file' && isFirstPage(file))) {
    const found = beginningIn(reader.maybe(path, { maxBytes: pageBytes }) ?? '')
    if (found) return { who: 'starters', file: path, ...found }
  }
  return null
}

/** Who beside its makers the repository is for; null where nothing says so; looked at once in a run. */
export const audienceOf = (tree: Tree, context: Pick<CollectContext, 'once'>): Audience | null =>
  context.once(`audience: ${tree.root}`, () => {
    const start = startedFrom(tree, readerOf(context, tree))
    if (start) return start
    // An image for everybody, under a licence for everybody, is there to be run by others.
    const hosted =
      hostedByOthers(tree, context) ??
      look(tree, readerOf(context, tree), path => ciProviderOf(path) !== null, publishedIn)
    return hosted && { who: 'hosts' as const, ...hosted }
  })
