// The whole include tree of an SPF record, counted past the limits: what each term costs, what it authorises, who put it there.

import type { SpfAnswer, SpfLookup } from './evaluate.ts'
import { expandMacros, fitName, isQueryable, type MacroValues, parseMacroString } from './macro.ts'
import { isSpf, lookupTerms, nearlySpf, parseSpf, reachable, type SpfFault, type SpfTerm } from './spf.ts'

export type SpfTreeTerm = SpfTerm & {
  /** The name that it asks for, when that does not depend on the message. */
  target: string | null
  /** Never evaluated: behind `all`, or a `redirect` beside `all`. */
  ignored: boolean
  /** Terms that look up, this one and everything below it. */
  lookups: number
  /** Lookups of this term and below that find nothing, whoever asks. */
  voids: number
  /** Networks that it authorises itself (`192.0.2.0/24`), without those below an include. */
  networks: string[]
  /** Mail servers behind an `mx`. */
  mxHosts: number | null
  /** It leads back to a record that it stands in. */
  loop: boolean
  /** The same name was included before. */
  duplicate: boolean
  /** Why the lookup failed; null when it did not. */
  problem: string | null
  node: SpfNode | null
}

export type SpfNode = {
  domain: string
  /** `unknown`: the lookup failed, which is never "no record". `cut`: not looked at, the tree is too large. */
  status: 'record' | 'none' | 'nxdomain' | 'multiple' | 'unknown' | 'cut'
  message: string | null
  text: string | null
  /** All SPF records found: more than one is an error to receivers. */
  texts: string[]
  faults: SpfFault[]
  terms: SpfTreeTerm[]
  lookups: number
  voids: number
  depth: number
}

export type SpfTree = {
  root: SpfNode
  lookups: number
  voids: number
  /** Deepest include; the domain's own record is 0. */
  depth: number
  /** Lookups that failed: counts may be higher than they stand here. */
  unknown: { name: string; message: string }[]
  /** The tree was cut at the limit of records or depth. */
  truncated: boolean
}

/** Records looked at in one tree, terms kept of each included one, and how deep: far above what receivers follow (10), so that the whole fault is seen. */
export const treeLimits = { records: 60, depth: 12, termsBelow: 500 }

const unexpanded = /[slipvhcrt]/

/** The name a domain-spec asks for when it holds no macro of the message; null otherwise. */
const staticTarget = async (spec: string, domain: string, root: string): Promise<string | null> => {
  const { parts } = parseMacroString(spec, 'domain')
  if (parts.some(part => 'letter' in part && unexpanded.test(part.letter))) return null
  const values = { d: domain, o: root } as unknown as MacroValues
  return fitName(await expandMacros(parts, values)).toLowerCase()
}

const startNode = (domain: string, depth: number): SpfNode => ({
  domain,
  status: 'none',
  message: null,
  text: null,
  texts: [],
  faults: [],
  terms: [],
  lookups: 0,
  voids: 0,
  depth,
})

const prefixed = (address: string, term: SpfTerm): string => {
  const prefix = address.includes(':') ? term.prefix6 : term.prefix4
  return prefix === null ? address : `${address}/${prefix}`
}

/** Builds the tree below a domain. Levels are looked up in parallel; nothing that the world answers makes it throw. */
export const buildSpfTree = async (domain: string, lookup: SpfLookup): Promise<SpfTree> => {
  const unknown: SpfTree['unknown'] = []
  let truncated = false
  let records = 0
  const pending: Promise<void>[] = []
  const missed = (name: string, message: string): string => {
    if (!unknown.some(item => item.name === name)) unknown.push({ name, message })
    return message
  }

  const addresses = async (name: string, term: SpfTreeTerm): Promise<string[]> => {
    const answers = await Promise.all([lookup(name, 'A'), lookup(name, 'AAAA')])
    for (const answer of answers) if (!answer.ok) term.problem = missed(name, answer.message)
    const found = answers.flatMap(answer => (answer.ok ? answer.records : []))
    if (found.length === 0 && answers.every(answer => answer.ok)) term.voids++
    return found
  }
  const measure = async (term: SpfTreeTerm): Promise<void> => {
    const name = term.target
    if (name === null || !isQueryable(name)) return
    if (term.name === 'a') term.networks = (await addresses(name, term)).map(address => prefixed(address, term)).sort()
    if (term.name === 'exists') {
      const answer = await lookup(name, 'A')
      if (!answer.ok) term.problem = missed(name, answer.message)
      else if (answer.records.length === 0) term.voids++
    }
    if (term.name === 'mx') {
      const answer = await lookup(name, 'MX')
      if (!answer.ok) {
        term.problem = missed(name, answer.message)
        return
      }
      const hosts = answer.records.filter(host => host !== '' && host !== '.')
      term.mxHosts = hosts.length
      if (answer.records.length === 0) term.voids++
      const found = await Promise.all(
        hosts
          .slice(0, 20)
          .filter(isQueryable)
          .map(host => addresses(host, term)),
      )
      term.networks = [...new Set(found.flat().map(address => prefixed(address, term)))].sort()
    }
  }

  const fill = async (
    node: SpfNode,
    answer: SpfAnswer,
    trail: readonly string[],
  ): Promise<[SpfNode, readonly string[]][]> => {
    if (!answer.ok) {
      node.status = 'unknown'
      node.message = missed(node.domain, answer.message)
      return []
    }
    node.texts = answer.records.filter(isSpf)
    node.status =
      node.texts.length > 1
        ? 'multiple'
        : node.texts.length === 1
          ? 'record'
          : answer.status === 'NXDOMAIN'
            ? 'nxdomain'
            : 'none'
    if (node.texts.length === 0) {
      node.message = answer.records.map(nearlySpf).find(near => near !== null)?.message ?? null
      if (answer.records.length === 0 && node.depth > 0) node.voids++
      return []
    }
    node.text = node.texts[0] as string
    const record = parseSpf(node.text)
    node.faults = record.faults
    const used = new Set(reachable(record))
    const below: [SpfNode, readonly string[]][] = []
    const kept = node.depth === 0 ? record.terms : record.terms.slice(0, treeLimits.termsBelow)
    if (kept.length < record.terms.length) truncated = true
    for (const read of kept) {
      const term: SpfTreeTerm = {
        ...read,
        target: null,
        ignored: !used.has(read),
        lookups: 0,
        voids: 0,
        networks: [],
        mxHosts: null,
        loop: false,
        duplicate: false,
        problem: null,
        node: null,
      }
      node.terms.push(term)
      // A modifier may bear the name of a mechanism (`ip4=…`): it does nothing.
      if (read.kind === 'modifier' && read.name !== 'redirect') continue
      if (read.name === 'ip4' || read.name === 'ip6') term.networks = [prefixed(read.address as string, read)]
      if (!lookupTerms.includes(read.name)) continue
      term.target = read.domain === null ? node.domain : await staticTarget(read.domain, node.domain, domain)
      if (term.ignored) continue
      if (read.name !== 'include' && read.name !== 'redirect') {
        pending.push(measure(term))
        continue
      }
      if (term.target === null) continue
      term.loop = trail.includes(term.target)
      if (term.loop) continue
      term.node = startNode(term.target, node.depth + 1)
      below.push([term.node, [...trail, term.target]])
    }
    return below
  }

  const root = startNode(domain.toLowerCase().replace(/\.$/, ''), 0)
  let level: [SpfNode, readonly string[]][] = [[root, [root.domain]]]
  while (level.length) {
    const next = await Promise.all(
      level.map(async ([node, trail]) => {
        if (records >= treeLimits.records || node.depth > treeLimits.depth) {
          truncated = true
          node.status = 'cut'
          return []
        }
        records++
        if (!isQueryable(node.domain)) {
          node.status = 'nxdomain'
          node.message = `"${node.domain}" is no domain name that can be asked for`
          return []
        }
        return fill(node, await lookup(node.domain, 'TXT'), trail)
      }),
    )
    level = next.flat()
  }
  await Promise.all(pending)
  const depth = sum(root, new Set())
  unknown.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { root, lookups: root.lookups, voids: root.voids, depth, unknown, truncated }
}

/** Adds up lookups and voids from the leaves, and marks what was included before. Returns the depth. */
const sum = (node: SpfNode, seen: Set<string>): number => {
  let depth = node.depth
  for (const term of node.terms) {
    if (term.ignored) continue
    if (lookupTerms.includes(term.name)) term.lookups++
    if (term.name === 'include' && term.target !== null) {
      term.duplicate = seen.has(term.target)
      seen.add(term.target)
    }
    if (term.node) {
      depth = Math.max(depth, sum(term.node, seen))
      term.lookups += term.node.lookups
      term.voids += term.node.voids
    }
    node.lookups += term.lookups
    node.voids += term.voids
  }
  return depth
}

/** Every term that receivers may reach, with the node it stands in, in the order of evaluation. */
export const treeTerms = (node: SpfNode): { term: SpfTreeTerm; node: SpfNode }[] =>
  node.terms.filter(term => !term.ignored).flatMap(term => [{ term, node }, ...(term.node ? treeTerms(term.node) : [])])

/** All nodes, the root first. */
export const treeNodes = (node: SpfNode): SpfNode[] => [
  node,
  ...node.terms.flatMap(term => (term.node ? treeNodes(term.node) : [])),
]

/** Networks authorised anywhere in the tree with a passing qualifier, each once. */
export const treeNetworks = (node: SpfNode): string[] => [
  ...new Set(treeTerms(node).flatMap(({ term }) => (term.qualifier === '+' ? term.networks : []))),
]

/** Domains included or redirected to anywhere in the tree. */
export const treeIncludes = (node: SpfNode): string[] => [
  ...new Set(
    treeTerms(node).flatMap(({ term }) =>
      term.name === 'include' || term.name === 'redirect' ? (term.target ?? []) : [],
    ),
  ),
]

/** True for a term that everybody matches with a pass: "all", or "exists" of one fixed name that is there. */
export const opensAll = (term: SpfTreeTerm): boolean =>
  term.kind === 'mechanism' &&
  term.qualifier === '+' &&
  (term.name === 'all' || (term.name === 'exists' && term.target !== null && term.voids === 0 && term.problem === null))

/** The first term that depends on the message (a macro), so that the record alone does not tell whom it lets send; null when there is none. */
export const dynamicTerm = (tree: SpfTree): SpfTreeTerm | null =>
  treeTerms(tree.root).find(
    ({ term }) => ['include', 'redirect', 'exists', 'a', 'mx'].includes(term.name) && term.target === null,
  )?.term ?? null

/** True where a receiver that reads on ends with a permanent error. */
export const isPermanentError = (tree: SpfTree): boolean =>
  tree.lookups > 10 ||
  tree.voids > 2 ||
  treeNodes(tree.root).some(node => node.faults.length > 0 || ['none', 'nxdomain', 'multiple'].includes(node.status)) ||
  treeTerms(tree.root).some(({ term }) => term.loop || (term.mxHosts ?? 0) > 10)

/** The tree as indented lines with their costs, for people: at most `limit` lines. */
export const printTree = (tree: SpfTree, limit = 40): string => {
  const lines: string[] = [`${tree.root.domain}: ${tree.lookups} lookups, ${tree.voids} of them empty`]
  const walk = (node: SpfNode): void => {
    for (const term of node.terms) {
      if (term.ignored || !lookupTerms.includes(term.name)) continue
      const notes = [
        `${term.lookups}`,
        term.loop && 'loop',
        term.duplicate && 'again',
        term.voids > 0 && !term.node && 'finds nothing',
        term.problem && `not answered: ${term.problem}`,
        term.node && ['none', 'nxdomain'].includes(term.node.status) && 'no SPF record there',
        term.node?.status === 'multiple' && 'several SPF records there',
        term.node?.status === 'unknown' && 'not answered',
      ].filter(Boolean)
      lines.push(`${'  '.repeat(node.depth + 1)}${term.text} (${notes.join(', ')})`)
      if (term.node) walk(term.node)
    }
  }
  walk(tree.root)
  return lines.length > limit
    ? [...lines.slice(0, limit), `… ${lines.length - limit} more`].join('\n')
    : lines.join('\n')
}
