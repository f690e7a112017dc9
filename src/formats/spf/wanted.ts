// The one record that all findings about the SPF of a name ask for: whoever pastes it once has mended everything that can be mended.
import type { Target } from '../../core/target.ts'
import type { SpfOfName } from './names.ts'
import { fitSpf, type SpfFit, type SpfPart, spfLengthLimit, splitSpf } from './repair.ts'
import { fitRules, type MailServers } from './senders.ts'
import { allOf, parseSpf } from './spf.ts'
import { treeIncludes } from './tree.ts'

/** Lookups that a record may need without being found near the limit (9 and 10 are), and those that receivers follow. */
const comfortable = 8
const most = 10

export type WantedSpf = {
  name: string
  /** What stands there; the first is replaced, the others go. */
  was: string[]
  record: string
  parts: SpfPart[]
  fit: SpfFit
  /** What else there is to know of the record, as steps of a fix. */
  notes: string[]
  /** Whose record it is, when the name only leads there by CNAME. */
  alias: string | null
}

/** Of several records with different ends the softer one stays. */
const notesOf = ({ texts }: SpfOfName): string[] => {
  const ends = new Set(texts.map(text => allOf(parseSpf(text))?.text.toLowerCase() ?? 'no end'))
  return ends.size > 1
    ? [
        `The records end differently (${[...ends].join(', ')}): the softer end stays, ~all; make it -all once every sender of yours is in the record`,
      ]
    : []
}

/** Null where there is nothing to start from. `squeeze`: includes may be written out to stay below nine lookups. */
export const wantedSpf = (
  item: SpfOfName,
  domain: string,
  target: Target,
  mx: MailServers,
  squeeze = false,
): WantedSpf | null => {
  const tree = item.repaired ?? item.tree
  if (!tree) return null
  const known = fitRules(tree, domain, target, mx, item.restricted)
  const there = new Set(item.tree?.root.terms.map(term => term.target))
  // What a sender needs and only now comes in stays, found or not: its owner says that it is there.
  const rules = { ...known, trusted: (name: string) => known.keep(name) && !there.has(name) }
  const easy = fitSpf(tree, { ...rules, limit: comfortable, flatten: squeeze })
  const fit = easy.fits ? easy : fitSpf(tree, { ...rules, limit: most })
  const split =
    fit.record.length > spfLengthLimit
      ? splitSpf(fit.record, item.name, treeIncludes(tree.root), most - fit.lookups)
      : null
  const was = item.texts.length ? [...new Set(item.texts)] : item.near.slice(0, 1).map(near => near.text)
  return {
    name: item.name,
    was,
    record: split?.root ?? fit.record,
    parts: split?.parts ?? [],
    fit,
    notes: notesOf(item),
    alias: item.alias,
  }
}
