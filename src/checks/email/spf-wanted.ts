// The one record that all findings about the SPF of a name ask for: whoever pastes it once has mended everything that can be mended.
import type { Change, Fix } from '../../core/fix.ts'
import type { Target } from '../../core/target.ts'
import type { Mx } from '../../facts/email/mx.ts'
import type { SpfOfName } from '../../facts/email/spf.ts'
import { fitSpf, type SpfFit, type SpfPart, spfLengthLimit, splitSpf } from '../../formats/spf/repair.ts'
import { treeIncludes } from '../../formats/spf/tree.ts'
import { addRecord, manual, recordFix, removeRecord, replaceRecord } from './mail-records.ts'
import { fitRules } from './spf-terms.ts'

/** Lookups that a record may need without being told so (9 and 10 are told), and those that receivers follow. */
const comfortable = 8
const most = 10

export type WantedSpf = {
  name: string
  /** What stands there; the first is replaced, the others go. */
  was: string[]
  record: string
  parts: SpfPart[]
  fit: SpfFit
  /** Whose record it is, when the name only leads there by CNAME. */
  alias: string | null
}

/** Null where there is nothing to start from. `squeeze`: includes may be written out to stay below nine lookups. */
export const wantedSpf = (
  item: SpfOfName,
  domain: string,
  target: Target,
  mx: Mx | null,
  squeeze = false,
): WantedSpf | null => {
  const tree = item.repaired ?? item.tree
  if (!tree) return null
  const known = fitRules(tree, domain, target, mx)
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
  return { name: item.name, was, record: split?.root ?? fit.record, parts: split?.parts ?? [], fit, alias: item.alias }
}

const changesFor = ({ name, was: [first, ...others], record, parts }: WantedSpf): Change[] => [
  ...parts.map(part => addRecord(part.name, 'TXT', part.text)),
  first === undefined ? addRecord(name, 'TXT', record) : replaceRecord(name, 'TXT', record, first),
  ...others.map(text => removeRecord(name, 'TXT', text)),
]

/** A fix that publishes the wanted record; `otherwise` is what to do by hand where there is none, or it would change nothing. */
export const spfFix = (
  wanted: WantedSpf | null,
  summary: string,
  otherwise: string,
  minutes = 10,
  panel: readonly string[] = [],
): Fix => {
  if (wanted?.alias)
    return recordFix(
      summary,
      [manual(`The record of ${wanted.name} is that of ${wanted.alias}: ask its owner, or end the alias`)],
      30,
    )
  if (!wanted || (wanted.was.length === 1 && wanted.was[0] === wanted.record))
    return recordFix(summary, [manual(otherwise)], 30)
  return recordFix(summary, changesFor(wanted), minutes, [
    ...wanted.fit.cuts.map(cut => `${cut.term} goes: ${cut.why}`),
    ...panel,
  ])
}
