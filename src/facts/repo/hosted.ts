// Whether others run the product themselves, by the licence and the first pages of its repository.
import { type Invitation, invitationIn, isLicence, isOpenLicence, tellsHowToRun } from '../../formats/repo/audience.ts'
import type { CollectContext } from '../definition.ts'
import { createReader } from './read.ts'
import type { Tree } from './tree.ts'

/** The line that tells others how to run it. */
export type Hosted = Invitation & { file: string }

/** Pages that are read, and bytes of each. */
const mostPages = 30
const pageBytes = 200 << 10

const look = ({ files, root }: Tree): Hosted | null => {
  const reader = createReader(root)
  const paths = files.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  const isOpen = paths.some(path => isLicence(path) && isOpenLicence(reader.maybe(path, { maxBytes: pageBytes }) ?? ''))
  if (!isOpen) return null
  for (const file of paths.filter(tellsHowToRun).slice(0, mostPages)) {
    const found = invitationIn(reader.maybe(file, { maxBytes: pageBytes }) ?? '')
    if (found) return { file, ...found }
  }
  return null
}

/** Where the repository tells others how to run the product; null where it tells nobody, or no licence lets them; looked at once in a run. */
export const hostedByOthers = (tree: Tree, context: Pick<CollectContext, 'once'>): Hosted | null =>
  context.once(`hosted by others: ${tree.root}`, () => look(tree))
