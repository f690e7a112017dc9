// How an SPF record ends: whether everybody passes, nobody is judged, or terms stand where nobody reads them.
import { providersOfInclude } from '../../data/mail-providers.ts'
import type { SpfOfName } from './names.ts'
import { allOf, parseSpf } from './spf.ts'
import { opensAll, type SpfNode, type SpfTree, treeIncludes, treeNodes, treeTerms } from './tree.ts'

/** The node whose `all` ends evaluation: the root, or where its redirect leads. Null when that cannot be followed. */
const end = (root: SpfNode): SpfNode | null => {
  const redirect = root.terms.find(term => term.name === 'redirect' && !term.ignored)
  return redirect ? redirect.node && end(redirect.node) : root
}

export type SpfEnd = {
  outcome: 'pass-all' | 'neutral' | 'missing' | 'text-after' | 'redirect-ignored'
  domain: string
  text: string
  /** The term of the record itself that leads there. */
  via: string
}

/** Records that may be reached, did not answer or were not looked at, and so may hold a "+all". */
export const unreadNodes = (tree: SpfTree): string[] =>
  treeNodes(tree.root).flatMap(node =>
    (node.status === 'unknown' || node.status === 'cut') && passes(tree.root, node) ? [node.domain] : [],
  )

/** What holds of the ends of one name's record; of several records, which count for nobody, only that one opens everything. */
export const endsOf = (item: SpfOfName): SpfEnd[] => {
  if (item.texts.length > 1)
    return item.texts.some(text => allOf(parseSpf(text))?.qualifier === '+')
      ? [{ outcome: 'pass-all', domain: item.name, text: '', via: '' }]
      : []
  return item.tree ? endsOfRoot(item.tree.root) : []
}

const isAll = (term: { kind: string; name: string }): boolean => term.kind === 'mechanism' && term.name === 'all'

const endsOfRoot = (root: SpfNode): SpfEnd[] => {
  const list: SpfEnd[] = []
  const add = (outcome: SpfEnd['outcome'], node: SpfNode): void =>
    void list.push({ outcome, domain: node.domain, text: node.text ?? '', via: wayTo(root, node) })
  const open = treeTerms(root).find(({ term, node }) => opensAll(term) && passes(root, node))
  if (open) add('pass-all', open.node)
  const last = end(root)
  const all = last?.terms.find(isAll)
  if (last && all?.qualifier === '?') add('neutral', last)
  // A spoilt "all" is reported as the fault that it is.
  const spoilt = last?.faults.some(fault => /all\W*$/i.test(fault.text)) === true
  if (last?.status === 'record' && !all && !spoilt) add('missing', last)
  const own = root.terms.find(isAll)
  if (own && root.terms.some(term => term.kind === 'mechanism' && term.at > own.at)) add('text-after', root)
  if (own && root.terms.some(term => term.name === 'redirect')) add('redirect-ignored', root)
  return list
}

/** True where a service proposes this very end on its set-up page. */
export const isProposed = (item: SpfOfName): boolean =>
  item.tree !== null &&
  treeIncludes(item.tree.root).some(name => providersOfInclude(name).some(provider => provider.end === '?all'))

/** The term of the root that leads to a node, by passing includes. */
const wayTo = (root: SpfNode, node: SpfNode): string =>
  root.terms.find(term => !term.ignored && term.qualifier === '+' && term.node && passes(term.node, node))?.text ?? ''

/** True when a pass in `node` is a pass of the root: every include on the way there is a passing one. */
const passes = (root: SpfNode, node: SpfNode): boolean =>
  root === node ||
  root.terms.some(term => !term.ignored && term.node !== null && term.qualifier === '+' && passes(term.node, node))
