// What stands at one name as SPF: the records, what nearly is one, and the include tree.
import { inWords } from '../mail/in-words.ts'
import { dynamicTerm, type SpfTree } from './tree.ts'

export type SpfOfName = {
  name: string
  /** Configured senders whose envelope domain it is. */
  senders: string[]
  /** SPF records in TXT, in the order received sorted by text. */
  texts: string[]
  /** Records that were meant as SPF and are none. */
  near: { text: string; kind: 'leading' | 'version'; at: number; message: string }[]
  /** SPF in records of the abandoned type 99; asked for only where TXT holds none. */
  type99: string[]
  /** The tree of the record (of the first, where there are several); null without one. */
  tree: SpfTree | null
  /** Where the name leads by CNAME: then the record is somebody else's. Null when it is the domain's own. */
  alias: string | null
  /** Included relays that the domain restricts to an account of its own. */
  restricted: string[]
  /** Includes that a known sender needs and that are not there, although every network behind them is. */
  covered: string[]
  /** The tree of the record as it was meant: mended, merged, its end closed, missing senders put in. Null when that is the record as it stands. */
  repaired: SpfTree | null
  /** The TXT records could not be asked for; then nothing above says anything. */
  problem: string | null
}

/** A name with exactly one SPF record, and its tree. */
export type SpfJudged = { name: string; text: string; tree: SpfTree; item: SpfOfName }

/** The names whose one record can be judged by its tree: of several records none counts. */
export const judgedNames = ({ names }: { names: readonly SpfOfName[] }): SpfJudged[] =>
  names.flatMap(item =>
    item.tree && item.texts.length === 1
      ? [{ name: item.name, text: item.texts[0] as string, tree: item.tree, item }]
      : [],
  )

/** What could not be read of a tree, by name; empty when it was read whole. */
export const unreadOf = (tree: SpfTree): string =>
  tree.unknown.map(item => item.name).join(', ') || (tree.truncated ? 'part of the include tree' : '')

/** Why the tree does not tell everything: names that did not answer, and, where a sender is sought, terms that only a message can settle. */
export const openPart = (tree: SpfTree, seeks: boolean): string | null => {
  if (tree.unknown.length) return `${inWords(tree.unknown.map(item => item.name))} could not be asked for`
  const dynamic = dynamicTerm(tree)
  return seeks && dynamic
    ? `${dynamic.text.slice(0, 80)} depends on the message: ask with launch-ready email spf ${tree.root.domain} --ip ADDRESS`
    : null
}
