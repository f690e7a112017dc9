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

/** A tree that is being built. */
type Growth = {
  lookup: SpfLookup
  root: string
  unknown: SpfTree['unknown']
  truncated: boolean
  records: number
  /** Measurements under way. */
  pending: Promise<void>[]
}

/** A node to read, and the domains on the way to it. */
type Branch = [node: SpfNode, trail: readonly string[]]

const missed = ({ unknown }: Growth, name: string, message: string): string => {
  if (!unknown.some(item => item.name === name)) unknown.push({ name, message })
  return message
}

const addressesOf = async (growth: Growth, name: string, term: SpfTreeTerm): Promise<string[]> => {
  const answers = await Promise.all([growth.lookup(name, 'A'), growth.lookup(name, 'AAAA')])
  for (const answer of answers) if (!answer.ok) term.problem = missed(growth, name, answer.message)
  const found = answers.flatMap(answer => (answer.ok ? answer.records : []))
  if (found.length === 0 && answers.every(answer => answer.ok)) term.voids++
  return found
}

/** Mail servers whose addresses are looked up: above the limit (10) the record is broken anyway. */
const serversMeasured = 20

const measureMx = async (growth: Growth, name: string, term: SpfTreeTerm): Promise<void> => {
  const answer = await growth.lookup(name, 'MX')
  if (!answer.ok) {
    term.problem = missed(growth, name, answer.message)
    return
  }
  const hosts = answer.records.filter(host => host !== '' && host !== '.')
  term.mxHosts = hosts.length
  if (answer.records.length === 0) term.voids++
  const asked = hosts.slice(0, serversMeasured).filter(isQueryable)
  const found = await Promise.all(asked.map(host => addressesOf(growth, host, term)))
  term.networks = [...new Set(found.flat().map(address => prefixed(address, term)))].sort()
}

/** Looks up what a term authorises: its networks, and lookups that find nothing. */
const measure = async (growth: Growth, term: SpfTreeTerm): Promise<void> => {
  const name = term.target
  if (name === null || !isQueryable(name)) return
  if (term.name === 'a')
    term.networks = (await addressesOf(growth, name, term)).map(address => prefixed(address, term)).sort()
  if (term.name === 'exists') {
    const answer = await growth.lookup(name, 'A')
    if (!answer.ok) term.problem = missed(growth, name, answer.message)
    else if (answer.records.length === 0) term.voids++
  }
  if (term.name === 'mx') await measureMx(growth, name, term)
}

const treeTermOf = (read: SpfTerm, ignored: boolean): SpfTreeTerm => ({
  ...read,
  target: null,
  ignored,
  lookups: 0,
  voids: 0,
  networks: [],
  mxHosts: null,
  loop: false,
  duplicate: false,
  problem: null,
  node: null,
})

/** What a term leads to: the branch behind an include or redirect, null for other terms. */
const extend = async (growth: Growth, term: SpfTreeTerm, [node, trail]: Branch): Promise<Branch | null> => {
  // A modifier may bear the name of a mechanism (`ip4=…`): it does nothing.
  if (term.kind === 'modifier' && term.name !== 'redirect') return null
  if (term.name === 'ip4' || term.name === 'ip6') term.networks = [prefixed(term.address as string, term)]
  if (!lookupTerms.includes(term.name)) return null
  term.target = term.domain === null ? node.domain : await staticTarget(term.domain, node.domain, growth.root)
  if (term.ignored) return null
  if (term.name !== 'include' && term.name !== 'redirect') {
    growth.pending.push(measure(growth, term))
    return null
  }
  if (term.target === null) return null
  term.loop = trail.includes(term.target)
  if (term.loop) return null
  term.node = startNode(term.target, node.depth + 1)
  return [term.node, [...trail, term.target]]
}

const statusOf = (texts: readonly string[], answer: SpfAnswer & { ok: true }): SpfNode['status'] => {
  if (texts.length > 1) return 'multiple'
  if (texts.length === 1) return 'record'
  return answer.status === 'NXDOMAIN' ? 'nxdomain' : 'none'
}

/** Fills a node from the answer for its name; the branches below it. */
const fill = async (growth: Growth, branch: Branch, answer: SpfAnswer): Promise<Branch[]> => {
  const [node] = branch
  if (!answer.ok) {
    node.status = 'unknown'
    node.message = missed(growth, node.domain, answer.message)
    return []
  }
  node.texts = answer.records.filter(isSpf)
  node.status = statusOf(node.texts, answer)
  if (node.texts.length === 0) {
    node.message = answer.records.map(nearlySpf).find(near => near !== null)?.message ?? null
    if (answer.records.length === 0 && node.depth > 0) node.voids++
    return []
  }
  node.text = node.texts[0] as string
  const record = parseSpf(node.text)
  node.faults = record.faults
  const used = new Set(reachable(record))
  const kept = node.depth === 0 ? record.terms : record.terms.slice(0, treeLimits.termsBelow)
  if (kept.length < record.terms.length) growth.truncated = true
  const below: Branch[] = []
  for (const read of kept) {
    const term = treeTermOf(read, !used.has(read))
    node.terms.push(term)
    const next = await extend(growth, term, branch)
    if (next) below.push(next)
  }
  return below
}

/** Reads one node, as long as the tree is not too large. */
const grow = async (growth: Growth, branch: Branch): Promise<Branch[]> => {
  const [node] = branch
  if (growth.records >= treeLimits.records || node.depth > treeLimits.depth) {
    growth.truncated = true
    node.status = 'cut'
    return []
  }
  growth.records++
  if (!isQueryable(node.domain)) {
    node.status = 'nxdomain'
    node.message = `"${node.domain}" is no domain name that can be asked for`
    return []
  }
  return fill(growth, branch, await growth.lookup(node.domain, 'TXT'))
}

/** Builds the tree below a domain. Levels are looked up in parallel; nothing that the world answers makes it throw. */
export const buildSpfTree = async (domain: string, lookup: SpfLookup): Promise<SpfTree> => {
  const growth: Growth = { lookup, root: domain, unknown: [], truncated: false, records: 0, pending: [] }
  const root = startNode(domain.toLowerCase().replace(/\.$/, ''), 0)
  let level: Branch[] = [[root, [root.domain]]]
  while (level.length) level = (await Promise.all(level.map(branch => grow(growth, branch)))).flat()
  await Promise.all(growth.pending)
  const depth = sum(root, new Set())
  const unknown = growth.unknown.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { root, lookups: root.lookups, voids: root.voids, depth, unknown, truncated: growth.truncated }
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
