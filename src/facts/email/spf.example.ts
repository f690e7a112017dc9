// A sound SPF record and its tree, built as the collector builds them but without a network, and makers of other ones.
import { parseSpf, reachable } from '../../formats/spf/spf.ts'
import type { SpfNode, SpfTree, SpfTreeTerm } from '../../formats/spf/tree.ts'
import type { Spf } from './spf.ts'

/** A node with its terms; `below` gives the nodes behind includes, `costs` the lookups of single terms. */
export const nodeOf = (
  domain: string,
  text: string,
  below: Record<string, SpfNode> = {},
  more: Record<string, Partial<SpfTreeTerm>> = {},
  depth = 0,
): SpfNode => {
  const record = parseSpf(text)
  const used = new Set(reachable(record))
  const terms = record.terms.map((term): SpfTreeTerm => {
    const costs = ['include', 'a', 'mx', 'ptr', 'exists', 'redirect'].includes(term.name) && used.has(term)
    const node = (term.domain && used.has(term) && below[term.domain]) || null
    return {
      ...term,
      target: costs ? (term.domain ?? domain) : null,
      ignored: !used.has(term),
      lookups: (costs ? 1 : 0) + (node?.lookups ?? 0),
      voids: node?.voids ?? 0,
      networks: term.address
        ? [`${term.address}${(term.prefix4 ?? term.prefix6) ? `/${term.prefix4 ?? term.prefix6}` : ''}`]
        : [],
      mxHosts: term.name === 'mx' ? 1 : null,
      loop: false,
      duplicate: false,
      problem: null,
      node,
      ...more[term.text],
    }
  })
  const sum = (of: 'lookups' | 'voids'): number =>
    terms.filter(term => !term.ignored).reduce((total, term) => total + term[of], 0)
  return {
    domain,
    status: 'record',
    message: null,
    text,
    texts: [text],
    faults: record.faults,
    terms,
    lookups: sum('lookups'),
    voids: sum('voids'),
    depth,
  }
}

/** A node behind which there is nothing to read. */
export const emptyNode = (domain: string, status: SpfNode['status'], message: string | null = null): SpfNode => ({
  domain,
  status,
  message,
  text: null,
  texts: [],
  faults: [],
  terms: [],
  lookups: 0,
  voids: status === 'nxdomain' ? 1 : 0,
  depth: 1,
})

export const treeOf = (root: SpfNode, more: Partial<SpfTree> = {}): SpfTree => ({
  root,
  lookups: root.lookups,
  voids: root.voids,
  depth: 1,
  unknown: [],
  truncated: false,
  ...more,
})

/** The fact for coachdash.example with one record (none when `text` is not given). */
export const spfWith = (
  text?: string,
  below: Record<string, SpfNode> = {},
  more: Record<string, Partial<SpfTreeTerm>> = {},
): Spf => ({
  names: [
    {
      name: 'coachdash.example',
      senders: [],
      texts: text === undefined ? [] : [text],
      near: [],
      type99: [],
      tree: text === undefined ? null : treeOf(nodeOf('coachdash.example', text, below, more)),
      alias: null,
      covered: [],
      restricted: [],
      repaired: null,
      problem: null,
    },
  ],
})

/** One address of its own, everybody else refused. */
export const example: Spf = spfWith('v=spf1 ip4:192.0.2.25 -all')

/** A record that names three servers which are gone. */
export const threeGone: Spf = spfWith(
  'v=spf1 a:old1.coachdash.example a:old2.coachdash.example a:old3.coachdash.example ip4:192.0.2.25 -all',
  {},
  {
    'a:old1.coachdash.example': { voids: 1 },
    'a:old2.coachdash.example': { voids: 1 },
    'a:old3.coachdash.example': { voids: 1 },
  },
)

/** A record that includes one name, with this record behind it. */
export const including = (name: string, text: string): Spf =>
  spfWith(`v=spf1 include:${name} -all`, { [name]: nodeOf(name, text, {}, {}, 1) })

/** A record that includes one name behind which there is nothing to read. */
export const includingNothing = (name: string, status: SpfNode['status']): Spf =>
  spfWith(`v=spf1 include:${name} -all`, { [name]: emptyNode(name, status) })
